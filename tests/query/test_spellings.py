"""Two spellings of one agency in a plan: one in everything that counts; the printed words stay."""

import json

import pytest

from plancli import api
from plancli.registry.model import AgencyKind
from plancli.results.roles import Role
from tests.oracle import Oracle, oracle_of
from tests.query.test_measures import AXES, cells_of, long_rows
from tests.sheets import collected, fill, index_of, read, rows_of

TEXT = """合肥市2024年重点工作要点
一、重点任务
1、在蜀山区办甲事。（市人社局牵头，市教育局、各县（市、区）人民政府按职责分工负责）
2、办乙事。（市人力资源和社会保障局负责）
3、办丙事。（市教育局牵头，市人力资源社会保障局、省发展改革委配合）
4、办丁事。（市发改委牵头，市人社局配合）
二、其他任务
5、办戊事。（市人力资源社会保障局牵头，市人社局、省发展和改革委员会配合）
"""
SPELLINGS = {
    "市人力资源和社会保障局": "市人社局",
    "市人力资源社会保障局": "市人社局",
    "省发展和改革委员会": "省发展改革委",
}
PRINTED = [  # task, lead, participate
    ("1", ["市人社局"], ["市教育局", "各县（市、区）人民政府"]),
    ("2", [], ["市人力资源和社会保障局"]),
    ("3", ["市教育局"], ["市人力资源社会保障局", "省发展改革委"]),
    ("4", ["市发改委"], ["市人社局"]),
    ("5", ["市人力资源社会保障局"], ["市人社局", "省发展和改革委员会"]),
]


@pytest.fixture
def plan_file(run, tmp_path):
    (tmp_path / "plan.txt").write_text(TEXT, "utf-8")
    argv = [str(tmp_path / "plan.txt"), "-o", str(tmp_path / "plan.yaml"), "--id", "one"]
    assert run("import", *argv)[0] == 0
    return tmp_path / "plan.yaml"


@pytest.fixture
def rows(run, plan_file):
    """``rows("stats")`` returns the answer's rows."""

    def rows(*argv):
        code, out, err = run(*argv, "-p", str(plan_file), "-f", "json")
        assert code == 0, err
        return json.loads(out)

    return rows


@pytest.fixture
def oracle(known, plan_file) -> Oracle:
    phrases = {"各县（市、区）人民政府": (AgencyKind.COUNTY,)}
    return oracle_of(plan_file, known, SPELLINGS, phrases)


def test_the_printed_words_stay(rows):
    for argv in (["export"], ["list"], ["task", "1-5"]):
        assert [(row["no"], row["lead"], row["participate"]) for row in rows(*argv)] == PRINTED
    for typed in ("市人社局", *SPELLINGS):
        found = {row["no"]: row for row in rows("agency", typed)}
        printed = {no: (lead, rest) for no, lead, rest in PRINTED if no in found}
        assert {no: (row["lead"], row["participate"]) for no, row in found.items()} == printed


def test_agencies_are_counted_by_the_loop(rows, oracle):
    counted = {
        row["agency"]: (row["tasks"], row["lead"], row["participate"]) for row in rows("agency")
    }
    assert counted == {
        name: (len(oracle.named(name)), *(len(oracle.named(name, role)) for role in Role))
        for name in oracle.agency
        if oracle.named(name)
    }
    assert counted["市人社局"] == (5, 2, 4)
    assert not {*SPELLINGS} & {*counted}


def test_statistics_count_an_agency_once(rows):
    counts = {row["measure"]: row["count"] for row in rows("stats")}
    assert (counts["bodies"], counts["collectives"]) == (4, 1)
    assert (counts["leads"], counts["participations"]) == (4, 8)
    assert counts["led_by_several"] == 0


@pytest.mark.parametrize("by", AXES)
def test_a_matrix_counts_an_agency_once(run, plan_file, oracle, by):
    assert long_rows(run, by, "-p", str(plan_file)) == cells_of(oracle, by)


def test_an_agency_in_both_roles_is_told_of(rows):
    unclear = {(row["no"], row["reason"]): row["words"] for row in rows("lint")}
    assert ("5", "both_roles") in unclear
    assert [no for no, reason in unclear if reason == "both_roles"] == ["5"]


def test_an_agency_has_one_sheet_and_one_line_of_progress(run, rows, plan_file, tmp_path):
    out = tmp_path / "sheets"
    assert run("pack", str(out), "-p", str(plan_file))[0] == 0
    agencies = [row[0] for row in index_of(out)]
    assert len(agencies) == len({*agencies})
    assert "市人社局" in agencies
    assert not {*SPELLINGS} & {*agencies}
    mine = [row for row in rows_of(out) if row.body == "市人社局"]
    assert [row.key[0] for row in mine if row.role == "lead"] == ["1", "5"]
    assert [row.key[0] for row in mine if row.role == "participate"] == ["2", "3", "4", "5"]
    fill(mine, {row.key: {"state": "已完成", "progress": "办完了"} for row in mine})
    progress = plan_file.with_suffix(".progress.yaml")
    collected(run, out, progress, "-p", str(plan_file))
    reports = [(e["no"], e["body"]) for e in read(progress)["reports"] if e["now"]["state"]]
    assert sorted(reports) == [(no, "市人社局") for no in ("1", "2", "3", "4", "5", "5")]
    counted = rows("progress", str(progress), "--by", "agency")
    (line,) = [row for row in counted if row["agency"] == "市人社局"]
    assert (line["duties"], line["done"]) == (6, 6)


def test_two_in_one_list_are_two():
    text = "合肥市2024年工作要点\n一、办一件事。（市人社局、市人力资源社会保障局负责）"
    with api.load(api.parse(text, id="one")) as plans:
        for name in ("市人社局", "市人力资源社会保障局"):
            assert api.find_agency(plans, name) == (name,)
            assert api.count(plans, agency=name) == 1


AREA = """{place}{year}年重点工作要点
一、重点任务
1、建设合肥都市圈。（省发展改革委牵头）
2、在芜湖市办一件事。（省发展改革委牵头）
3、在寿县办一件事。（省发展改革委牵头）
"""


def test_an_area_has_the_members_of_the_plans_year(known):
    plans = [api.parse(AREA.format(place="安徽省", year=y), id=f"p{y}") for y in (2021, 2025)]
    with api.load(*plans) as both:
        found = {(r["plan"], r["no"]) for r in api.region(both, "合肥都市圈").records()}
        for plan in plans:
            oracle = Oracle(plan, known)
            wanted = {t.no for t in oracle.tasks if oracle.grade(t, "合肥都市圈")}
            assert wanted == ({"1", "2", "3"} if plan.year == 2021 else {"1", "3"})
            assert {no for key, no in found if key == plan.id} == wanted
        assert {r["plan"] for r in api.ask(both, region=["合肥都市圈", "芜湖"]).records()} == {
            "p2021"
        }
