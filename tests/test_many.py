"""Several plans at once: the same answers as each alone, and bodies of two provinces kept apart."""

import json

import pytest

from plancli import files
from tests.conftest import SMALL

TEXT = """{place}2030年重点工作要点
一、重点任务
1、推进甲事。（省科技厅牵头，省财政厅、各市人民政府按职责分工负责）
2、推进乙事。（省教育厅负责）
"""
SHIPPED = str(files.SHIPPED)


@pytest.fixture
def plans(run, tmp_path):
    """Return the folder of two plans, of 浙江 and of 四川, that name the same bodies."""
    for place, name in (("浙江省", "zj"), ("四川省", "sc")):
        (tmp_path / f"{name}.txt").write_text(TEXT.format(place=place), "utf-8")
        argv = [str(tmp_path / f"{name}.txt"), "-o", str(tmp_path / f"{name}.yaml"), "--id", name]
        assert run("import", *argv)[0] == 0
    return tmp_path


@pytest.fixture
def rows(run):
    """``rows("agency", …)`` returns the answer's rows, and what was said beside it."""

    def rows(*argv):
        code, out, err = run(*argv, "-f", "json")
        assert code == 0, err
        return json.loads(out)

    return rows


def test_bodies_of_two_provinces_are_two(run, rows, plans):
    both = ["--plan", str(plans)]
    code, out, err = run("agency", "省科技厅", *both)
    assert (code, out) == (3, "")
    assert "省科技厅（四川）、省科技厅（浙江）" in err
    for typed in ("浙江省科技厅", "省科技厅（浙江）"):
        assert [(row["plan"], row["no"]) for row in rows("agency", typed, *both)] == [("zj", "1")]
    only = rows("agency", "省科技厅", *both, "--jurisdiction", "四川")
    assert [(row["plan"], row["lead"]) for row in only] == [("sc", ["省科技厅"])]
    named = {row["agency"]: row["tasks"] for row in rows("agency", *both)}
    assert named["省科技厅（浙江）"] == named["省科技厅（四川）"] == 1
    assert named["各市人民政府（浙江）"] == 1


def test_a_body_that_another_is_called_like_is_told_of(run, tmp_path):
    own = "联合委(甲)牵头，联合委（甲）按职责分工负责"  # they differ in the width of brackets
    text = TEXT.replace("省教育厅负责", own).format(place="浙江省")
    (tmp_path / "zj.txt").write_text(text, "utf-8")
    assert run("import", str(tmp_path / "zj.txt"), "-o", str(tmp_path / "zj.yaml"))[0] == 0
    for asked, other in (("联合委(甲)", "联合委（甲）"), ("联合委（甲）", "联合委(甲)")):
        code, out, err = run("agency", asked, "--plan", str(tmp_path / "zj.yaml"))
        assert (code, f"{asked}：" in out) == (0, True)
        said = f"{other} is called {asked}, too, and is asked about apart from it"
        assert err.splitlines()[0] == said


def test_a_phrase_whose_members_nobody_knows_is_told_of(run, plans):
    text = TEXT.replace("省教育厅负责", "杭州市人民政府、各有关单位负责").format(place="浙江省")
    (plans / "more.txt").write_text(text, "utf-8")
    own = ["--plan", str(plans / "more.yaml")]
    assert run("import", str(plans / "more.txt"), "-o", own[1], "--id", "more")[0] == 0
    for more in ([], ["--possible"], ["-f", "json"]):
        said = "whether these include {} is not said anywhere: {}\n"
        department = said.format("省科技厅", "各有关单位")
        assert department in run("agency", "省科技厅", *own, *more)[2]
        city = said.format("杭州市人民政府", "各市人民政府、各有关单位")
        assert city in run("agency", "杭州市人民政府", *own, *more)[2]
    assert "not said anywhere" not in run("agency", "省科技厅", "--plan", SHIPPED)[2]
    both = [*own, "--plan", str(plans / "sc.yaml")]  # 四川's phrases do not mean 杭州
    for more, phrases in (([], "各市人民政府（浙江）、各有关单位"), (["-k", "乙事"], "各有关单位")):
        err = run("agency", "杭州市人民政府", *both, *more)[2]
        assert said.format("杭州市人民政府", phrases) in err


def test_a_body_of_the_registry_that_no_task_names_is_told_from_those_named(run, tmp_path):
    text = TEXT.replace("省教育厅负责", "市发展改革委负责").format(place="芜湖市")
    (tmp_path / "wh.txt").write_text(text, "utf-8")
    own = ["--plan", str(tmp_path / "wh.yaml")]
    assert run("import", str(tmp_path / "wh.txt"), "-o", own[1])[0] == 0
    err = run("agency", "发改委", *own)[2]
    assert "no task names 省发展改革委\nthe plan names 市发展改革委" in err


def test_a_plan_of_another_province_does_not_mean_the_registry_s_bodies(rows, plans):
    both = ["--plan", SHIPPED, "--plan", str(plans / "zj.yaml")]
    ours = rows("agency", "安徽省科技厅", *both)
    assert {row["plan"] for row in ours} == {"anhui-yrd-2022"}
    assert ours == rows("agency", "省科技厅")
    assert [row["plan"] for row in rows("agency", "浙江省科技厅", *both)] == ["zj"]
    assert rows("agency", "合肥市人民政府", "--possible", *both) == rows(
        "agency", "合肥市人民政府", "--possible"
    )


def test_every_question_over_several_is_the_answers_of_each(rows, plans):
    each = [SHIPPED, str(plans / "sc.yaml"), str(plans / "zj.yaml")]
    together = [option for file in each for option in ("--plan", file)]
    for argv in (["list"], ["keyword", "推进"], ["region", "浙江"], ["task", "1"]):
        alone = [row for file in each for row in rows(*argv, "--plan", file)]
        assert rows(*argv, *together) == alone


def test_files_folders_patterns_and_databases_are_one(run, rows, plans):
    kept = plans / "zj.db"
    assert run("build", "-o", str(kept), "--plan", str(plans / "zj.yaml"))[0] == 0
    every = rows("list", "--plan", str(plans))
    assert {row["plan"] for row in every} == {"zj", "sc"}
    assert rows("list", "--plan", str(plans / "*.yaml")) == every
    assert rows("list", "--plan", str(plans / "sc.yaml"), "--plan", str(kept)) == every
    assert rows("list", "--plan", str(kept), "--plan", str(plans / "zj.yaml")) == rows(
        "list", "--plan", str(kept)
    )
    both = str(plans / "both.db")  # keeps the order in which its plans were named
    named = [option for key in ("zj", "sc") for option in ("-p", str(plans / f"{key}.yaml"))]
    assert run("build", "-o", both, *named)[0] == 0
    found = rows("plans", "-p", both, "-p", SHIPPED)
    assert [row["plan"] for row in found] == ["zj", "sc", "anhui-yrd-2022"]
    code, _out, err = run("list", "--plan", str(plans / "no*.yaml"))
    assert (code, "matches no plan" in err) == (4, True)


def test_two_plans_with_one_id_name_both_files(run, plans):
    (plans / "again.yaml").write_text((plans / "zj.yaml").read_text("utf-8") + "\n", "utf-8")
    code, _out, err = run("list", "--plan", str(plans))
    assert (code, "another plan has the id zj, too" in err) == (4, True)


def test_year_and_jurisdiction_choose_plans(run, rows, plans):
    every = ["--plan", SHIPPED, "--plan", str(plans)]
    assert {row["plan"] for row in rows("list", *every, "--year", "2030")} == {"zj", "sc"}
    assert len(rows("list", *every, "--year", "2021-2023")) == 71
    both = rows("list", *every, "--jurisdiction", "浙江", "--jurisdiction", "安徽")
    assert {row["plan"] for row in both} == {"zj", "anhui-yrd-2022"}
    loaded = {row["plan"]: row["tasks"] for row in rows("plans", *every)}
    assert loaded == {"anhui-yrd-2022": 71, "sc": 2, "zj": 2}
    assert run("list", *every, "--year", "soon")[0] == 2


def test_a_heading_is_one_of_the_plans_asked_for(run, rows, plans):
    text = TEXT.replace("2、", "二、重点任务\n2、").format(place="云南省")
    (plans / "yn.txt").write_text(text, "utf-8")
    assert run("import", str(plans / "yn.txt"), "-o", str(plans / "yn.yaml"), "--id", "yn")[0] == 0
    every = ["--plan", str(plans)]
    assert run("section", "重点任务", *every)[0] == 3  # 云南 has two
    for argv in (["section", "重点任务"], ["list", "-s", "重点任务"]):
        assert len(rows(*argv, *every, "--jurisdiction", "浙江")) == 2
        code, _out, err = run(*argv, *every, "--jurisdiction", "云南")
        assert (code, "一、重点任务 / 二、重点任务" in err) == (3, True)


def test_every_answer_over_several_plans_shows_the_plan(run, plans, shown):
    both = ["--plan", SHIPPED, "--plan", str(plans)]
    for argv in (["agency", "浙江省财政厅"], ["task", "1"], ["plans"], ["section", "重点任务"]):
        code, out, err = run(*argv, *both)
        assert (code, err) == (0, "")
        shown(" ".join(argv), out)


def test_what_two_plans_say_of_one_body_must_agree(run, plans):
    text = (plans / "zj.yaml").read_text("utf-8")
    other = text.replace("id: zj", "id: zj2")
    (plans / "more.yaml").write_text(other, "utf-8")
    assert run("list", "--plan", str(plans))[0] == 0
    wrong = other.replace("- name: 省科技厅\n  kind: 省直部门", "- name: 省科技厅\n  kind: 企业")
    (plans / "more.yaml").write_text(wrong, "utf-8")
    code, _out, err = run("list", "--plan", str(plans))
    assert (code, "省科技厅 is known already, as another" in err) == (4, True)


@pytest.mark.parametrize("argv", [["list"], ["matrix"], ["stats"], ["lint"]])
def test_documents_cite_only_the_plans_that_their_tasks_are_from(run, tmp_path, argv):
    both = ["-p", str(SMALL), "-p", str(files.SHIPPED)]
    for year, own, other in (("2022", "安徽省推动", "某省"), ("2030", "某省", "安徽省推动")):
        assert run(*argv, *both, "--year", year, "-o", str(tmp_path / "x.html"))[0] == 0
        page = (tmp_path / "x.html").read_text("utf-8")
        title = page[page.index("<h1>") : page.index("</h1>")]
        assert own in title
        assert other not in title
        assert "份计划" not in title
