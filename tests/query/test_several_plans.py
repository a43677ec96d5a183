"""Several plans at once: the same answers as each alone, and bodies of two provinces kept apart."""

import json
import os
import re

import pytest

from plancli import api
from plancli.plan.model import Plan
from plancli.system import files, foreign_files
from plancli.tracking import progress_file
from plancli.yamlfile import decoder
from tests.conftest import SMALL

TEXT = """{place}2030年重点工作要点
一、重点任务
1、推进甲事。（省科技厅牵头，省财政厅、各市人民政府按职责分工负责）
2、推进乙事。（省教育厅负责）
"""
SHIPPED = str(files.DEFAULT_PLAN)
COPIES = (  # as sync programs, file managers and office suites name them
    "zj.sync-conflict-20260101-101010-ABCDEFG.yaml",
    "zj (1).yaml",
    "zj（2）.yaml",
    "zj - 副本.yaml",
    "zj - 副本 (2).yaml",
    "zj - Copy.yaml",
    "zj copy.yaml",
    "zj (conflicted copy 2026-01-01).yaml",
    "zj_冲突文件_20260101.yaml",
    "zj的冲突副本.yaml",
)


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


def test_agencies_of_two_provinces_are_two(run, rows, plans):
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


def test_two_spellings_of_one_agency_in_a_plan_are_one(rows, run, tmp_path):
    own = "联合委(甲)牵头，联合委（甲）按职责分工负责"  # they differ in the width of brackets
    text = TEXT.replace("省教育厅负责", own).format(place="浙江省")
    (tmp_path / "zj.txt").write_text(text, "utf-8")
    assert run("import", str(tmp_path / "zj.txt"), "-o", str(tmp_path / "zj.yaml"))[0] == 0
    plan = ["--plan", str(tmp_path / "zj.yaml")]
    (counted,) = [row for row in rows("agency", *plan) if "联合委" in row["agency"]]
    assert (counted["tasks"], counted["lead"], counted["participate"]) == (1, 1, 1)
    for typed in ("联合委(甲)", "联合委（甲）"):
        for row in rows("agency", typed, *plan):
            assert (row["lead"], row["participate"]) == (["联合委(甲)"], ["联合委（甲）"])


def test_a_phrase_whose_members_nobody_knows_is_told_of(run, plans):
    text = TEXT.replace("省教育厅负责", "杭州市人民政府、各有关单位负责").format(place="浙江省")
    (plans / "more.txt").write_text(text, "utf-8")
    own = ["--plan", str(plans / "more.yaml")]
    assert run("import", str(plans / "more.txt"), "-o", own[1], "--id", "more")[0] == 0
    for more in ([], ["--possible"], ["-f", "json"]):
        said = "it is not defined whether these include {}: {}\n"
        department = said.format("省科技厅", "各有关单位")
        assert department in run("agency", "省科技厅", *own, *more)[2]
        city = said.format("杭州市人民政府", "各有关单位")  # 各市人民政府 includes it, by rule
        assert city in run("agency", "杭州市人民政府", *own, *more)[2]
    assert "it is not defined whether" not in run("agency", "省科技厅", "--plan", SHIPPED)[2]
    both = [*own, "--plan", str(plans / "sc.yaml")]
    for more in ([], ["-k", "乙事"]):
        err = run("agency", "杭州市人民政府", *both, *more)[2]
        assert said.format("杭州市人民政府", "各有关单位") in err


def test_governments_that_a_phrase_means_by_rule_are_those_of_its_own_region(run, rows, plans):
    both = ["--plan", str(plans)]
    for city, plan in (("杭州市人民政府", "zj"), ("成都市人民政府", "sc")):
        found = rows("agency", city, "--possible", *both)
        assert [(row["plan"], row["no"]) for row in found] == [(plan, "1")]
    for other in ("合肥市人民政府", "西湖区人民政府"):
        assert run("agency", other, "--possible", *both)[0] == 3


def test_what_the_plan_names_goes_before_what_the_registry_alone_knows(run, tmp_path):
    text = TEXT.replace("省教育厅负责", "市发展改革委负责").format(place="芜湖市")
    (tmp_path / "wh.txt").write_text(text, "utf-8")
    own = ["--plan", str(tmp_path / "wh.yaml")]
    assert run("import", str(tmp_path / "wh.txt"), "-o", own[1])[0] == 0
    code, out, err = run("agency", "发改委", *own)
    assert (code, "市发展改革委：" in out) == (0, True)
    assert err == "“发改委” is interpreted as 市发展改革委; not meant: 省发展改革委\n"
    code, out, err = run("agency", "省发改委", *own)  # its level is said
    assert "市发展改革委：" not in out
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


@pytest.mark.parametrize("again", ["again.yaml", *COPIES])
def test_two_plans_with_one_id_name_both_files(run, plans, again):
    (plans / again).write_text((plans / "zj.yaml").read_text("utf-8") + "\n", "utf-8")
    code, _out, err = run("list", "--plan", str(plans))
    assert (code, "the id zj is already used by" in err) == (4, True)
    assert {str(plans / again), str(plans / "zj.yaml")} <= {
        line.strip('",)') for line in err.replace(": ", "\n").splitlines()
    }
    assert ("looks like a copy" in err) == (again in COPIES)
    assert " " not in again or f'"{plans / again}"' in err


FOREIGN = {
    "docker-compose.yml": "version: '3'\nservices:\n  web:\n    image: x\n    title: y\n",
    "ci.yaml": "name: CI\non: [push]\njobs:\n  a:\n    steps:\n    - id: x\n      year: 3\n",
    "k8s.yaml": "---\napiVersion: v1\nkind: Pod\n---\napiVersion: v1\nmetadata: {id: 3}\n",
    "playbook.yml": "# x\n- hosts: all\n  tasks:\n  - name: y\n",
    "anchors.yaml": "x-common: &c\n  a: 1\nservices:\n  b: !secret c\n  d: *c\n",
    "helm.yaml": "kind: x\n{{- if .Values.a }}\nmetadata: {{ .Values.b }}\n{{- end }}\n",
    "json.yaml": '{"swagger": "2.0",\n "paths": {}}\n',
    "进展.yaml": "# 由 plancli collect 汇总\nreports:\n- id: a\n  plan: zj\n",
    "zj.progress - 副本.yaml": "strays:\n- file: a\n  cells: []\n",
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("asked", ["", "*.y*ml"])
def test_what_is_no_plan_is_passed_over_by_name(run, rows, plans, name, asked):
    every = rows("list", "-p", str(plans))
    (plans / name).write_text(FOREIGN[name], "utf-8")
    where = str(plans / asked)
    assert rows("list", "-p", where) == every
    for argv in (["list"], ["check"], ["plans"], ["build", "-o", str(plans / "x.db")]):
        code, _out, err = run(*argv, "-p", where)
        assert (code in (0, 4 * (argv == ["check"])), err.count("skipped in")) == (True, 1)
        assert name in err
        assert ("progress file" in err) == (name in ("进展.yaml", "zj.progress - 副本.yaml"))
    loaded = api.load(where)
    assert len(loaded.notes) == 1
    code, out, err = run("list", "-p", str(plans / name))
    assert (code, out, "hint:" in err) == (4, "", True)
    assert "this is a progress file" in err or "not a plan" in err


def test_a_folder_of_other_files_holds_no_plan_and_names_them(run, tmp_path):
    for name, text in FOREIGN.items():
        (tmp_path / name).write_text(text, "utf-8")
    code, _out, err = run("list", "-p", str(tmp_path))
    assert (code, "contains no plan" in err, "and 4 more" in err) == (4, True, True)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"# \xe7\xa9\xba\n", "contains only comments"),
        (b"\0" * 5000, "U+0000"),
        ("说明\n".encode(), "expected keys"),
        ("说明\n".encode("gb18030"), "GBK"),
        (b"title: my site\nbaseurl: /\n", "unknown key baseurl"),
    ],
)
def test_what_may_be_left_of_a_plan_is_never_passed_over(run, plans, raw, says):
    (plans / "left.yaml").write_bytes(raw)
    code, out, err = run("list", "-p", str(plans))
    assert (code, out) == (4, "")
    assert f"{plans / 'left.yaml'}:1: " in err or f"{plans / 'left.yaml'}:2: " in err
    assert says in err
    assert "hint:" in err


def test_no_stretch_of_a_plan_is_taken_for_something_else():
    """Whatever half of a plan is lost, it is read, and refused."""
    lines = SMALL.read_bytes().splitlines(keepends=True)
    whole = len(lines)
    for size in (whole // 2, whole // 4, 1):
        for at in range(whole - size + 1):
            assert foreign_files.detect_foreign(b"".join(lines[:at] + lines[at + size :])) is None
    for at in range(1, whole):  # the first line is a comment
        assert foreign_files.detect_foreign(b"".join(lines[: at + 1])) is None


def test_the_words_by_which_files_are_told_apart_are_their_keys():
    assert {*decoder.get_yaml_fields(Plan)} <= {*foreign_files.PLAN_KEYS}
    assert {*decoder.get_yaml_fields(progress_file.ProgressFile)} == {*foreign_files.PROGRESS_KEYS}
    assert not {*foreign_files.PROGRESS_KEYS} & {*foreign_files.PLAN_KEYS}


@pytest.mark.parametrize("below", ["2022", "a/b/c"])
def test_plans_in_folders_below_are_told_of(run, rows, plans, below):
    every = rows("list", "-p", str(plans))
    inner = plans / below
    inner.mkdir(parents=True)
    (inner / "zj.progress.yaml").write_text("reports: []\n")
    (plans / ".git").mkdir()
    (plans / ".git" / "x.yaml").write_text("id: x\n")
    assert "below" not in run("list", "-p", str(plans))[2]
    for each in ("zj.yaml", "sc.yaml"):
        (inner / each).write_bytes((plans / each).read_bytes())
    code, _out, err = run("list", "-p", str(plans))
    assert (code, "folders below are not read" in err, str(inner) in err) == (0, True, True)
    for each in ("zj.yaml", "sc.yaml"):
        (plans / each).unlink()
    code, _out, err = run("list", "-p", str(plans))
    assert (code, "contains no plan" in err, str(inner) in err) == (4, True, True)
    (pattern,) = re.findall(r'--plan "(.*)"', err)
    assert len(rows("list", "-p", pattern)) == len(every)


def test_a_pipe_in_a_folder_is_passed_over(run, rows, plans):
    every = rows("list", "-p", str(plans))
    os.mkfifo(plans / "pipe.yaml")
    (plans / "folder.yaml").mkdir()
    assert rows("list", "-p", str(plans)) == every
    assert "pipe.yaml (a pipe)" in run("list", "-p", str(plans))[2]


@pytest.mark.parametrize(
    ("folder", "name", "pattern"),
    [
        ("皖政[2022]", "1号.yaml", "皖政[2022]/*.yaml"),
        ("皖政[2022]", "[1]号.yaml", "皖政[2022]/[1]*.yaml"),
        ("皖政[2022]", "1号.yaml", "皖政[2022]/[123]*.yaml"),
        ("皖政[2022]/内", "1号.yaml", "皖政[2022]/**/*.yaml"),
        ("皖", "皖政[2022]1号.yaml", "皖/皖政[2022]*.yaml"),
        ("皖", "皖政[2022]1号.yaml", "皖/皖政[[]2022[]]?号.yaml"),
        ("a*b?", "1号.yaml", "a*b?/*.yaml"),
        ("皖2", "1号.yaml", "皖[2022]/*.yaml"),
    ],
)
def test_a_name_with_brackets_is_taken_as_it_stands_first(
    rows, run, plans, monkeypatch, folder, name, pattern
):
    (plans / folder).mkdir(parents=True)
    (plans / folder / name).write_bytes((plans / "zj.yaml").read_bytes())
    monkeypatch.chdir(plans)
    assert {row["plan"] for row in rows("list", "-p", pattern)} == {"zj"}
    monkeypatch.setenv("PLANCLI_PLAN", str(plans / pattern))
    assert {row["plan"] for row in rows("list")} == {"zj"}
    (plans / folder / name).with_suffix(".txt").write_bytes((plans / "zj.txt").read_bytes())
    assert run("import", pattern.replace(".yaml", ".txt"), "-o", "new")[0] == 0
    assert len([*(plans / "new").glob("*.yaml")]) == 1


@pytest.mark.parametrize("named", ["~/zj.yaml", "~/zj.yaml{sep}~/sc.yaml", "~/*.yaml", "~"])
def test_home_in_the_variable_is_home(run, rows, plans, monkeypatch, named):
    monkeypatch.setenv("HOME", str(plans))
    monkeypatch.setenv("USERPROFILE", str(plans))
    monkeypatch.setenv("PLANCLI_PLAN", named.format(sep=os.pathsep))
    assert {row["plan"] for row in rows("list")} <= {"zj", "sc"}
    monkeypatch.setenv("PLANCLI_PLAN", "~/none.yaml")
    code, _out, err = run("list")
    assert (code, f"cannot read {plans / 'none.yaml'}" in err, "PLANCLI_PLAN" in err) == (
        4, True, True,
    )  # fmt: skip


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


def test_what_two_plans_say_of_one_agency_must_agree_but_for_its_kind(run, rows, plans):
    text = (plans / "zj.yaml").read_text("utf-8")
    entry = "- name: 省科技厅\n  kind: 省直部门\n"
    assert entry in text
    (plans / "zj.yaml").write_text(text.replace(entry, entry + "  official: 甲厅\n"), "utf-8")
    for said, error in (
        ("", ""),
        ("  official: 甲厅\n", ""),
        ("  official: 乙厅\n", "differently"),
    ):
        other = text.replace("id: zj", "id: zk").replace(entry, entry + said)
        (plans / "zk.yaml").write_text(
            other.replace("技厅\n  kind: 省直部门", "技厅\n  kind: 企业")
        )
        code, _out, err = run("list", "--plan", str(plans))
        assert (code, error in err, "省科技厅 is already defined" in err) == (
            (4, True, True) if error else (0, True, False)
        )
        if not error:  # the kind is that of the first
            named = {row["agency"]: row["type"] for row in rows("agency", "--plan", str(plans))}
            assert named["省科技厅（浙江）"] == "省直部门"


@pytest.mark.parametrize("argv", [["list"], ["matrix"], ["stats"], ["lint"]])
def test_documents_cite_only_the_plans_that_their_tasks_are_from(run, tmp_path, argv):
    both = ["-p", str(SMALL), "-p", str(files.DEFAULT_PLAN)]
    for year, own, other in (("2022", "安徽省推动", "某省"), ("2030", "某省", "安徽省推动")):
        assert run(*argv, *both, "--year", year, "-o", str(tmp_path / "x.html"))[0] == 0
        page = (tmp_path / "x.html").read_text("utf-8")
        title = page[page.index("<h1>") : page.index("</h1>")]
        assert own in title
        assert other not in title
        assert "份计划" not in title
