"""The API answers what the command line answers, prints nothing, and goes through a pickle."""

import json
import os
import pickle
import sqlite3
import subprocess
import sys
from itertools import product

import pytest

from plancli import api
from plancli.plan.model import iter_tasks
from plancli.system import files
from tests.conftest import SMALL
from tests.papers import documents

ARTICLE = files.DATA_DIR / "sources" / "anhui-yrd-2022.txt"
OPTIONS = {  # in the words of the command line, and in Python
    "--agency": ["省能源局", "fgw", "合肥市", ["省科技厅", "发改委"]],
    "--role": ["lead", "参与"],
    "--region": ["皖北", "hf", ["合肥", "上海"], "合淮", "宿州、马鞍山"],
    "--section": ["2.3", "二", "（三）"],
    "--keyword": ["科", "G60", ["长三角", "一体化"]],
    "--year": [2022, "2021-2023", ["2021", "2022"], 1999],
    "--jurisdiction": ["安徽", "ah", "浙江"],
}
ONE = [{name: value} for name, values in OPTIONS.items() for value in values]
TWO = [
    {"--agency": body, "--role": "lead", "--region": place}
    for body, place in product(OPTIONS["--agency"], OPTIONS["--region"])
]
WRONG = [
    {"--agency": "无此单位"},
    {"--region": "无此地"},
    {"--region": "鼓楼区"},
    {"--section": "9.9"},
    {"--keyword": " "},
    {"--year": "今年"},
    {"--role": "旁观"},
    {"--agency": "省"},
]


def argv(options):
    return [
        each
        for name, value in options.items()
        for one in (value if isinstance(value, list) else [value])
        for each in (name, str(one))
    ]


def narrowed(options):
    return {name.removeprefix("--"): value for name, value in options.items()}


@pytest.fixture
def plans():
    with api.load() as plans:
        yield plans


@pytest.mark.parametrize("options", [{}, *ONE, *TWO], ids=str)
def test_ask_is_list(run, plans, options):
    code, out, err = run("list", *argv(options), "-f", "json")
    answer = api.ask(plans, **narrowed(options))
    assert code == 0
    assert list(answer.records()) == json.loads(out)
    assert [*answer.notes] == err.splitlines()


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_errors_are_those_of_the_command_line(run, plans, options):
    code, out, err = run("list", *argv(options))
    with pytest.raises(api.PlanError) as caught:
        api.ask(plans, **narrowed(options))
    assert (int(caught.value.code), out) == (code, "")
    assert str(caught.value) in err
    assert caught.value.hint in err


@pytest.mark.parametrize("options", [{}, {"keyword": ["建设", "合作"]}, {"region": "皖北"}])
def test_pages_make_the_whole_and_count_counts_it(plans, options):
    whole = list(api.ask(plans, **options).records())
    assert api.count(plans, **options) == len(whole) > 3
    pages = [
        api.ask(plans, **options, limit=3, offset=n).records() for n in range(0, len(whole), 3)
    ]
    assert [row for page in pages for row in page] == whole
    assert list(api.ask(plans, **options, offset=len(whole) - 1).records()) == whole[-1:]


@pytest.mark.parametrize("page", [{"limit": -1}, {"offset": -1}])
def test_a_page_below_nothing_is_refused(plans, page):
    with pytest.raises(api.BadUsage):
        api.ask(plans, **page)


def test_names_that_differ_only_in_width_are_one_agency_and_stay_as_printed():
    text = """云溪县2024年重点工作任务分工方案
一、办好一件事。（县总工会（筹）牵头）
二、办好两件事。（县总工会(筹)牵头）"""
    with api.load(api.parse(text)) as plans:
        for name in ("县总工会（筹）", "县总工会(筹)"):
            assert api.find_agency(plans, name) == ("县总工会（筹）",)
            rows = [(row["no"], *row["lead"]) for row in api.ask(plans, agency=name).records()]
            assert rows == [("一", "县总工会（筹）"), ("二", "县总工会(筹)")]


@pytest.mark.parametrize("name", ["合肥市", "省发改委", "fgw", "各市人民政府"])
@pytest.mark.parametrize(
    "options",
    [{}, {"--role": "lead"}, {"--keyword": "科"}, {"--role": "lead", "--agency": "省科技厅"}],
    ids=str,
)
def test_agency_is_agency(run, plans, name, options):
    for flag in (False, True):
        command = ["agency", name, *argv(options), "-f", "json", *["--possible"] * flag]
        found = api.agency(plans, name, possible=flag, **narrowed(options))
        _code, out, err = run(*command)
        assert list(found.records()) == json.loads(out)
        assert [*found.notes] == err.splitlines()


@pytest.mark.parametrize("name", ["皖北", "宿州", "合肥", "hf"])
@pytest.mark.parametrize("options", [{}, {"--role": "lead"}, {"--keyword": "科"}], ids=str)
def test_region_is_region(run, plans, name, options):
    for flag in (False, True):
        command = ["region", name, *argv(options), "-f", "json", *["--exact"] * flag]
        found = api.region(plans, name, exact=flag, **narrowed(options))
        _code, out, err = run(*command)
        assert list(found.records()) == json.loads(out)
        assert [*found.notes] == err.splitlines()


def test_every_agency_and_region_is_found_by_its_own_name(plans, oracle):
    for name in oracle.agency:
        assert api.find_agency(plans, name) == (name,)
    for name in oracle.region:
        assert api.find_region(plans, name) == (name,)


def test_every_name_that_is_meant_is_returned_in_order(plans):
    assert api.find_agency(plans, "两办") == ("省委办公厅", "省政府办公厅")
    assert {"省委办公厅", "省政府办公厅"} < {*api.find_agency(plans, "办公厅")}  # it may mean each
    assert api.find_region(plans, "合淮") == ("合肥", "淮南")
    assert api.find_region(plans, "宿州、马鞍山") == ("宿州", "马鞍山")
    assert {"南京市鼓楼区", "徐州市鼓楼区"} <= {*api.find_region(plans, "鼓楼区")}
    for find in (api.find_agency, api.find_region):
        with pytest.raises(api.NotFound):
            find(plans, "无此名")
        assert find(plans, "合肥市")


def test_a_text_is_read_as_import_reads_it(run, tmp_path):
    file = tmp_path / "plan.yaml"
    assert run("import", str(ARTICLE), "-o", str(file), "--id", "one", "--year", "2023")[0] == 0
    parsed = api.parse(ARTICLE.read_bytes(), ARTICLE.name, id="one", year=2023)
    written = api.from_yaml(file.read_bytes(), file.name)
    assert list(iter_tasks(parsed)) == list(iter_tasks(written))
    assert (parsed.id, parsed.year, parsed.title) == ("one", 2023, written.title)
    with api.load(parsed) as memory, api.load(file) as disk:
        assert list(api.ask(memory).records()) == list(api.ask(disk).records())


def test_text_and_its_bytes_are_the_same_plan():
    text = ARTICLE.read_text("utf-8")
    assert api.parse(text) == api.parse(text.encode("gb18030")) == api.parse(ARTICLE.read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("kind", documents.ALL_KINDS)
def test_a_plan_goes_through_yaml_a_pickle_and_another_process(kind):
    document = documents.document(7, (kind,))
    plan = api.parse(document.data, document.name)
    assert sum(1 for _entry in iter_tasks(plan)) == len(document.tasks) > 0
    assert api.from_yaml(api.to_yaml(plan)) == plan
    assert pickle.loads(pickle.dumps(plan)) == plan
    code = (
        "import sys, pickle; from plancli import api;"
        "name, data = pickle.load(sys.stdin.buffer);"
        "sys.stdout.buffer.write(pickle.dumps(api.parse(data, name)))"
    )
    sent = pickle.dumps((document.name, document.data))
    other = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True)
    assert pickle.loads(other.stdout) == plan
    assert other.stderr == b""


def test_what_is_no_plan_has_no_tasks_and_says_so():
    plan = api.parse("把水烧开，下面条，煮五分钟。")
    assert list(iter_tasks(plan)) == []
    assert "no-tasks" in plan.review


def test_what_cannot_be_read_is_an_error():
    with pytest.raises(api.BadPlan):
        api.parse(b"PK\x03\x04 and no more", "plan.docx")
    with pytest.raises(api.BadUsage):
        api.parse(ARTICLE.read_bytes(), id="不是")
    with pytest.raises(api.BadPlan, match=r"mine\.yaml:1"):
        api.from_yaml("id: x", "mine.yaml")


def test_plans_from_everywhere_are_asked_together(run, plan, tmp_path):
    database = tmp_path / "small.db"
    assert run("build", "-p", str(SMALL), "-o", str(database))[0] == 0
    for small in (SMALL, str(SMALL), database, api.from_yaml(SMALL.read_bytes())):
        with api.load(plan, small) as both:
            found = [(row["plan"], row["no"]) for row in api.ask(both).records()]
            assert {key for key, _no in found} == {"anhui-yrd-2022", "small"}
            assert len(found) == 71 + 3
            assert len(list(api.ask(both, year=2030, region="甲市").records())) == 2


def test_any_year_and_any_whose_but_every_word_body_and_place(plan):
    def asked(**options):
        return [row["no"] for row in api.ask(both, **options).records() if row["plan"] == "small"]

    with api.load(plan, SMALL) as both:
        every = asked()
        assert asked(year=[2022, 2030]) == asked(year="2022-2030") == asked(year=2030) == every
        assert asked(year=2022) == []
        assert asked(jurisdiction=["安徽", "某省"]) == asked(jurisdiction="某省") == every
        assert asked(jurisdiction="甲市") == []  # what lies in 某省 has plans of its own
        assert asked(keyword=["甲市", "基地"]) == ["1.1"]
        assert asked(keyword=["甲市", "子县"]) == []
        assert asked(agency=["甲市人民政府", "乙市人民政府"]) == ["1.1"]
        assert asked(region=["甲市", "乙市"]) == ["1.1"]


def test_a_plan_counts_once_and_an_id_is_one_plan_s(plan):
    with api.load(plan, plan) as once:
        assert len(list(api.ask(once).records())) == 71
    other = api.parse("甲市2024年工作要点\n一、办一件事。（市财政局负责）", id=plan.id)
    with pytest.raises(api.BadPlan, match=plan.id):
        api.load(plan, other)


def test_nothing_is_printed(capfd, plans, plan):
    api.parse(ARTICLE.read_bytes())
    found = [api.ask(plans, agency="省经信委"), api.region(plans, "合肥"),
             api.agency(plans, "合肥市", possible=True)]  # fmt: skip
    assert all(len(list(answer.records())) >= 0 for answer in found)
    with api.load(plan) as memory:
        api.ask(memory, keyword="科")
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["program", "ours"])
def test_only_the_command_line_tells_how_far_it_is(tmp_path, whose):
    asked = f"list --plan {SMALL}".split()
    code = {
        "program": f"from plancli import api; from plancli.database import create; create.MIN_PROGRESS_SIZE = 0; api.load({str(SMALL)!r})",
        "ours": f"from plancli import __main__; from plancli.cli import main; from plancli.database import create; create.MIN_PROGRESS_SIZE = 0; main.main({asked!r})",
    }[whose]
    env = {**os.environ, "FORCE_COLOR": "1", "PLANCLI_CACHE": str(tmp_path)}  # as on a terminal
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert (b"reading plans" in ran.stderr) == (whose == "ours")


def test_notes_are_returned(run, plans):
    former = "省扶贫办"
    _code, _out, err = run("list", "--agency", former, "-f", "json")
    answer = api.ask(plans, agency=former)
    assert answer.notes
    assert all(note in err for note in answer.notes)
    (name,) = api.find_agency(plans, former)
    assert name in answer.notes[0]
    assert list(answer.records()) == list(api.ask(plans, agency=name).records())


def test_a_closed_one_answers_no_more(plan):
    with api.load(plan) as memory:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        api.ask(memory)


@pytest.mark.parametrize("part", [{"limit": -1}, {"limit": "many"}, {"offset": -1}], ids=str)
def test_a_part_that_is_none_is_refused(part):
    with (
        api.load() as plans,
        pytest.raises(api.BadUsage, match="must be a whole number, 0 or more"),
    ):
        api.ask(plans, **part)
