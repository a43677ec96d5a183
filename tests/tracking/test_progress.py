"""How far it has come: every duty counts once, and is overdue from the day after its last."""

import csv
import datetime
import random
import re
import zipfile
from collections import Counter
from io import StringIO
from unicodedata import east_asian_width

import docx
import lxml.etree
import openpyxl
import pytest
import yaml

from plancli.plan.model import iter_tasks
from plancli.text import dates
from tests.conftest import HERE
from tests.sheets import (
    FILL,
    ID,
    LABELS,
    STATUS,
    asked,
    collected,
    dated_plan,
    duties_of,
    fill,
    rows_of,
)

COUNTED = ["done", "underway", "waiting", "lasting", "stuck", "other", "silent"]
XSD = lxml.etree.XMLSchema(file=str(HERE / "stratml.xsd"))


# How far it has come.


def progress_file(file, rows, chance, dues=("",)):
    """Write a progress file by hand: for some of *rows*, some state and due."""
    reports = []
    for row in rows:
        if chance.random() < 0.6:
            now = {
                "state": chance.choice([*STATUS, "差不多", ""]),
                "due": chance.choice(dues),
                "progress": f"说{row.cells[ID]}",
            }
            reports.append({
                "id": row.cells[ID], "plan": "anhui-yrd-2022", "no": row.cells["序号"], "body": row.body, "role": row.role,
                "task": row.cells["工作任务"], "now": {key: value for key, value in now.items() if value},
            })  # fmt: skip
    file.write_text(
        yaml.safe_dump({"reports": reports}, allow_unicode=True, sort_keys=False), "utf-8"
    )
    return {(each["no"], each["body"], each["role"]): each["now"] for each in reports}


def counted(duties, reports, today):
    """Return the counts of *duties*, by a plain loop."""
    counts = Counter(duties=len(duties))
    for key in duties:
        now = reports.get(key)
        status = STATUS.get(now.get("state", ""), "other") if now else "silent"
        counts[status] += 1
        counts["overdue"] += bool(
            now and now.get("due") and now["due"] < today and status not in ("done", "lasting")
        )
    return {name: counts[name] for name in ("duties", *COUNTED, "overdue")}


@pytest.fixture(scope="module")
def progress(sent, tmp_path_factory):
    """A progress file of the shipped plan, and what it holds."""
    file = tmp_path_factory.mktemp("progress") / "进展.yaml"
    return file, progress_file(
        file, sent, random.Random(5), ("2022-05-31", "2022-06-30", "2022-12-31", "")
    )


def by(run, file, *argv):
    return asked(run, "progress", str(file), "--today", "2022-07-01", *argv)


def counts_of(line):
    return {name: line[name] for name in ("duties", *COUNTED, "overdue")}


def keys(duties):
    return [(no, body, LABELS[role]) for no, _text, _clause, body, role in duties]


def test_every_duty_counts_once_by_body(progress, plan, run):
    file, reports = progress
    lines = by(run, file)
    duties = keys(duties_of(plan))
    assert sum(line["duties"] for line in lines) == len(duties)
    assert {line["agency"]: counts_of(line) for line in lines} == {
        body: counted([key for key in duties if key[1] == body], reports, "2022-07-01")
        for body in {key[1] for key in duties}
    }


def test_every_duty_counts_once_by_section(progress, plan, run):
    file, reports = progress
    tasks = {}
    for list_, section, task in iter_tasks(plan):
        tasks.setdefault(section.title if section else list_.title, set()).add(task.no)
    duties = keys(duties_of(plan))
    assert {line["section"]: counts_of(line) for line in by(run, file, "--by", "section")} == {
        title: counted([key for key in duties if key[0] in numbers], reports, "2022-07-01")
        for title, numbers in tasks.items()
    }


def test_a_region_counts_the_duties_of_its_tasks(progress, plan, run):
    file, reports = progress
    duties = keys(duties_of(plan))
    lines = by(run, file, "--by", "region")
    assert {line["region"] for line in lines} == {line["region"] for line in asked(run, "region")}
    for line in random.Random(1).sample(lines, 15):
        numbers = {row["no"] for row in asked(run, "region", line["region"])}
        assert counts_of(line) == counted(
            [key for key in duties if key[0] in numbers], reports, "2022-07-01"
        )


def test_the_sum_says_how_many_rows_do_not_count(progress, plan, run):
    file, reports = progress
    aside = [body for _no, body, role in reports if role == "possible"]
    duties = [body for _no, body, _role in keys(duties_of(plan))]
    one = aside[0]
    for argv, counted, more in (
        (["--by", "task"], len(duties), [len(aside)]),
        (["--by", "task", "-a", one], duties.count(one), [aside.count(one)]),
        ([], len(duties), []),
    ):
        foot = "".join(run("progress", str(file), *argv)[1].split())
        assert f"共{counted}项（单位·任务）" in foot
        assert re.findall(r"另有可能涉及(\d+)（未计入）", foot) == [*map(str, more)]


def test_every_duty_is_a_line_by_task(progress, plan, run):
    file, reports = progress
    lines = by(run, file, "--by", "task")
    duties = keys(duties_of(plan))
    possible = [key for key in reports if key[2] == "possible"]
    assert Counter((line["no"], line["agency"], line["role"]) for line in lines) == Counter(
        [*duties, *possible]
    )
    for line in lines:
        now = reports.get((line["no"], line["agency"], line["role"]), {})
        assert [line[field] for field in FILL] == [now.get(field, "") for field in FILL]


@pytest.mark.parametrize("what", ["agency", "section", "region", "task"])
def test_overdue_comes_first(progress, run, what):
    late = [bool(line["overdue"]) for line in by(run, progress[0], "--by", what)]
    assert late == sorted(late, reverse=True)
    assert any(late)


@pytest.mark.parametrize(
    "argv",
    [["--section", "2.3"], ["-k", "科创"], ["-r", "皖北", "-s", "二"], ["-k", "什么也没有"], ["--year", "1999"], ["--jurisdiction", "安徽", "-k", "科创"]],
    ids=" ".join,
)  # fmt: skip
def test_filters_choose_tasks_as_everywhere(progress, plan, run, argv):
    chosen = {row["no"] for row in asked(run, "list", *argv)}
    lines = by(run, progress[0], "--by", "task", *argv)
    assert Counter(
        (line["no"], line["agency"], line["role"]) for line in lines if line["role"] != "possible"
    ) == Counter(key for key in keys(duties_of(plan)) if key[0] in chosen)
    assert {line["no"] for line in lines} <= chosen
    assert sum(line["duties"] for line in by(run, progress[0], *argv)) == len(
        [line for line in lines if line["role"] != "possible"]
    )


DUE = {  # in a plan of 2030
    "6月底前": "2030-06-30", "6月底": "2030-06-30", "第三季度": "2030-09-30", "第一季度": "2030-03-31", "年底": "2030-12-31", "年底前": "2030-12-31",
    "2030-06-30": "2030-06-30", "2030年6月30日": "2030-06-30", "6月30日": "2030-06-30", "2月底": "2030-02-28", "2028年2月底": "2028-02-29",
    "2031年底": "2031-12-31", "2030年9月底": "2030-09-30", "12月底前": "2030-12-31", "2031年第二季度": "2031-06-30", "9月30日前": "2030-09-30",
    "2030年6月30日前": "2030-06-30", "第四季度": "2030-12-31", "2029-01-05": "2029-01-05", "11月底前完成": "2030-11-30",
    "2030-06-30 17:30:00": "2030-06-30",  # a date of Excel with a time
    "六月底前": "2030-06-30", "六月三十日前": "2030-06-30", "十二月底": "2030-12-31", "11月中旬": "2030-11-20",
    "前三季度": "2030-09-30", "三季度末": "2030-09-30", "上半年": "2030-06-30", "年内": "2030-12-31", "今年底": "2030-12-31",
    "明年6月底": "2031-06-30", "2022年": "2022-12-31", "2022年6月30日24时前": "2022-06-30", "2022-06-30": "2022-06-30",
    "2022/6/30": "2022-06-30", "2022.6.30": "2022-06-30",
}  # fmt: skip
NEVER = [
    "持续推进", "长期", "待定", "", "按上级要求", "持续", "长期坚持", "每月5日", "2月30日", "13月", "月底",
]  # fmt: skip


@pytest.mark.parametrize(("text", "last"), [*DUE.items(), *((text, "None") for text in NEVER)])
def test_the_last_day_of_a_deadline(text, last):
    assert str(dates.parse_deadline(text, 2030)) == last


@pytest.mark.parametrize("where", ["plan", "report"])
def test_a_duty_is_overdue_from_the_day_after(run, tmp_path, where):
    texts = [*DUE, *NEVER]
    file = dated_plan(tmp_path, texts if where == "plan" else [""] * len(texts))
    assert run("pack", str(tmp_path / "back"), "-p", str(file))[0] == 0
    rows = rows_of(tmp_path / "back")
    if where == "report":
        fill(rows, {row.key: {"due": text} for row, text in zip(rows, texts, strict=True) if text})
    collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(file))
    for last in sorted({*DUE.values()}):
        for days in (0, 1):
            today = str(datetime.date.fromisoformat(last) + datetime.timedelta(days))
            lines = asked(
                run,
                "progress",
                str(tmp_path / "p.yaml"),
                "-p",
                str(file),
                "--by",
                "task",
                "--today",
                today,
            )
            late = {texts[int(line["no"]) - 1] for line in lines if line["overdue"]}
            assert late == {text for text, day in DUE.items() if day < today}


def test_what_is_done_or_lasts_is_never_overdue(run, tmp_path):
    states = [*STATUS, "差不多", ""]
    file = dated_plan(tmp_path, ["6月底前"] * len(states))
    assert run("pack", str(tmp_path / "back"), "-p", str(file))[0] == 0
    rows = rows_of(tmp_path / "back")
    fill(
        rows,
        {
            row.key: {"state": state, "problem": "无"}
            for row, state in zip(rows, states, strict=True)
        },
    )
    collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(file))
    lines = asked(
        run,
        "progress",
        str(tmp_path / "p.yaml"),
        "-p",
        str(file),
        "--by",
        "task",
        "--today",
        "2031-01-01",
    )
    late = {states[int(line["no"]) - 1] for line in lines if line["overdue"]}
    assert late == {state for state in states if STATUS.get(state) not in ("done", "lasting")}


def test_the_reported_deadline_goes_before_the_plan_s(run, tmp_path):
    file = dated_plan(tmp_path, ["6月底前", "年底"])
    assert run("pack", str(tmp_path / "back"), "-p", str(file))[0] == 0
    rows = rows_of(tmp_path / "back")
    fill(rows, {rows[0].key: {"due": "年底"}, rows[1].key: {"due": "6月底前"}})
    collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(file))
    lines = asked(
        run,
        "progress",
        str(tmp_path / "p.yaml"),
        "-p",
        str(file),
        "--by",
        "task",
        "--today",
        "2030-07-01",
    )
    assert {line["no"]: line["overdue"] for line in lines} == {"1": False, "2": True}


@pytest.mark.parametrize("what", ["agency", "section", "region", "task"])
def test_every_format_says_the_same(progress, run, tmp_path, what):
    file, _reports = progress
    rows = by(run, file, "--by", what)
    argv = ["progress", str(file), "--today", "2022-07-01", "--by", what]
    table = list(csv.DictReader(StringIO(run(*argv, "-f", "csv", "--no-bom")[1], newline="")))
    first = "agency" if what == "task" else what
    assert [line[first] for line in table] == [row[first] for row in rows]
    assert len(run(*argv, "-f", "md")[1].splitlines()) == 2 + len(rows)
    for format in ("xlsx", "docx", "html", "stratml", "datapackage", "yaml", "ndjson", "tsv"):
        target = tmp_path / f"answer.{format}"
        assert run(*argv, "-f", format, "-o", str(target))[0] == 0
    book = openpyxl.load_workbook(tmp_path / "answer.xlsx")
    assert len(book.sheetnames) == 4
    assert {sheet.max_row for sheet in book} == {
        len(by(run, file, "--by", each)) + book.worksheets[0].max_row - len(rows)
        for each in ("agency", "section", "region", "task")
    }
    assert not any(
        cell.data_type == "f" for sheet in book for line in sheet.iter_rows() for cell in line
    )
    assert docx.Document(str(tmp_path / "answer.docx")).tables
    assert "<table" in (tmp_path / "answer.html").read_text("utf-8")
    XSD.assertValid(lxml.etree.parse(str(tmp_path / "answer.stratml")))
    with zipfile.ZipFile(tmp_path / "answer.datapackage") as package:
        package.extractall(tmp_path / "package")
    report = (
        pytest.importorskip("frictionless")
        .Package(str(tmp_path / "package" / "datapackage.json"))
        .validate()
    )
    assert report.valid, report.flatten()


@pytest.mark.parametrize("width", ["30", "80", "240"])
@pytest.mark.parametrize("what", ["agency", "section", "region", "task"])
def test_a_terminal_of_any_width_shows_every_row_in_order(progress, run, monkeypatch, what, width):
    file, _reports = progress
    rows = by(run, file, "--by", what)
    monkeypatch.setenv("COLUMNS", width)
    argv = ["progress", str(file), "--today", "2022-07-01", "--by", what]
    code, out, _err = run(*argv)
    assert code == 0
    assert all(cells(line) <= int(width) for line in out.splitlines())
    duties = sum(row["duties"] for row in by(run, file, "--by", "agency"))
    said, at = "".join(out.split()), 0
    assert f"共{duties}项" in said
    if width == "80" or (what, width) == ("task", "240"):
        return  # cells are folded there: nothing stands in one piece
    first = "agency" if what == "task" else what
    for row in rows:
        name = "".join(row[first].split())
        assert (at := said.find(name, at) + 1), name
        shown = [row["state"], row["due"]] if what == "task" else [f"{row['done']}/{row['duties']}"]
        assert all(said.find(cell, at) >= 0 for cell in shown)


def cells(line):
    return sum(1 + (east_asian_width(char) in "WF") for char in line)


@pytest.mark.parametrize("format", ["xlsx", "docx", "html", "stratml", "datapackage"])
def test_the_same_progress_is_the_same_file(progress, run, tmp_path, format):
    for name in ("one", "two"):
        assert (
            run(
                "progress",
                str(progress[0]),
                "--today",
                "2022-07-01",
                "-f",
                format,
                "-o",
                str(tmp_path / name),
            )[0]
            == 0
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("argv", "code"),
    [(["--by", "weather"], 2), (["--today", "2022-13-01"], 2), (["--today", "昨天"], 2), (["-f", "pdf"], 2), (["-a", "没有这个局"], 3)],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_said(progress, run, argv, code):
    got, out, err = run("progress", str(progress[0]), *argv)
    assert (got, out) == (code, "")
    assert "hint:" in err or code == 3


def test_a_body_asked_for_is_told_of_alone(progress, plan, run):
    for argv, body, roles in (
        (["-a", "省能源局"], "省能源局", {"lead", "participate"}),
        (["-a", "合肥市", "--lead"], "合肥市人民政府", {"lead"}),
    ):
        lines = by(run, progress[0], "--by", "task", *argv)
        assert Counter(
            (line["no"], line["agency"], line["role"])
            for line in lines
            if line["role"] != "possible"
        ) == Counter(key for key in keys(duties_of(plan)) if key[1] == body and key[2] in roles)
        (line,) = by(run, progress[0], *argv)
        assert line["agency"] == body


def test_a_progress_file_that_is_not_there_is_said(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for argv in ([], ["p.yaml"]):
        code, out, err = run("progress", *argv)
        assert (code, out, "hint:" in err) == (1, "", True)
    assert list(tmp_path.iterdir()) == []


# Of which plan.


def of_plans(file, *plans):
    """Write a progress file of one report of each of *plans*."""
    reports = [
        {"id": f"id{n}", "plan": plan, "no": str(n), "body": "某局", "role": "lead", "task": "某事",
         "now": {"state": "已完成"}}
        for n, plan in enumerate(plans, 1)
    ]  # fmt: skip
    file.write_text(yaml.safe_dump({"reports": reports}, allow_unicode=True), "utf-8")
    return file


def test_progress_of_plans_that_are_not_open_is_no_answer(run, tmp_path):
    file = of_plans(tmp_path / "p.yaml", "own-2027", "own-2027", "other-2027")
    for argv in ([], ["--by", "task"], ["-f", "json"]):
        code, out, err = run("progress", str(file), *argv)
        assert (code, out) == (2, "")
        assert [err.count(word) for word in ("own-2027", "other-2027")] == [1, 1]
        assert all(word in err for word in ("p.yaml", "hint:", "--plan", "PLANCLI_PLAN"))


def test_progress_of_some_plans_that_are_not_open_is_said_beside_the_answer(run, tmp_path):
    code, alone, silent = run("progress", str(of_plans(tmp_path / "none.yaml")))
    assert (code, silent) == (0, "")
    file = of_plans(tmp_path / "p.yaml", "own-2027", "own-2027", "anhui-yrd-2022")
    code, out, err = run("progress", str(file))
    assert (code, out) == (0, alone)
    (closed, gone) = err.splitlines()
    assert ("2 reports" in closed, "(own-2027)" in closed, "--plan" in closed) == (True,) * 3
    assert "1 reports" in gone
    assert "the first: 3 某局" in gone
