"""Sheets out and back: each duty goes out once, and what people wrote comes back once, whatever they did to the files."""

import copy
import csv
import datetime
import itertools
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import docx
import lxml.etree
import openpyxl
import pytest
import yaml
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.formula import ArrayFormula

from plancli import files
from plancli.chase import reports, returned
from plancli.cli import main
from plancli.errors import BadPlan
from plancli.model import entries
from plancli.role import Role
from tests.conftest import SMALL

PLAN_S = ["序号", "责任", "工作任务", "责任分工（原文）"]
FILL = {
    "progress": "进展情况",
    "state": "完成状态",
    "due": "完成时限",
    "problem": "存在问题",
    "contact": "联系人",
}
ID = "编号（请勿改动）"
STATES = ["未启动", "推进中", "已完成", "长期推进", "受阻"]
STATUS = {
    "未启动": "waiting", "推进中": "underway", "进行中": "underway", "正在推进": "underway", "已完成": "done",
    "完成": "done", "办结": "done", "长期推进": "lasting", "受阻": "stuck",
}  # fmt: skip
COUNTED = ["done", "underway", "waiting", "lasting", "stuck", "other", "silent"]
LABELS = {"牵头": "lead", "参与": "participate", "负责": "participate", "可能涉及": "possible"}
INDEX = "任务分解总表.xlsx"
XSD = lxml.etree.XMLSchema(file=str(Path(__file__).parent / "stratml.xsd"))
SOFFICE = shutil.which("soffice")
TEXTS = [
    "安徽段已开工", "一期完工\n二期开工\n\n三期立项", "=1+1", "+1", "-", "@SUM(A1)", "'引'", '"引用"', "a: b", "# 不是注释",
    "~", "null", "yes", "012", "1e3", "  缩进两格", "- 一项", "{a: b}", "[甲]", "|", "> 折行", "%", "&amp;<b>x</b>", "时限：9月",
    "!tag x", "*a &b", "`x`", "？ 问", "? x", "反\u202e字", "e\u0301", "\u3000\u3000全角空格", "🚄🀄", "长" * 3000, "a:\n  b: c", "...", "---", "0x1F",
    "\ufeff标记", "甲\u00a0乙", "1:30", "2022-06-30", "，", "行一\n  行二缩进", "\N{ZERO WIDTH SPACE}甲",
]  # fmt: skip
TYPED = [  # what stands in the cell, its format, and how people read it
    (datetime.date(2022, 9, 30), "yyyy-mm-dd", "2022-09-30"), (datetime.datetime(2022, 1, 5), "yyyy/m/d", "2022-01-05"),
    (0.25, "0%", "25%"), (1, "0%", "100%"), (0.125, "0.0%", "12.5%"), (3, "General", "3"), (1234.5, "General", "1234.5"),
    (13800000000, "General", "13800000000"), (0.1, "General", "0.1"), (-2, "0", "-2"), (0, "General", "0"),
]  # fmt: skip


# What was sent out.


class Row(NamedTuple):
    """A row of a sheet that was sent out."""

    file: Path
    body: str
    line: int
    cells: dict[str, str]

    @property
    def role(self):
        return LABELS[re.match("牵头|参与|负责|可能涉及", self.cells["责任"])[0]]

    @property
    def key(self):
        return self.cells["序号"], self.body, self.role


def sheet_of(book):
    """Return the sheet of tasks, the line of its headings, and where each heading stands."""
    for sheet in book:
        for line in sheet.iter_rows():
            at = {cell.value: cell.column for cell in line if isinstance(cell.value, str)}
            if {"工作任务", "进展情况"} <= {*at}:
                return sheet, line[0].row, at
    raise AssertionError("no sheet of tasks")


def lines_of(file):
    """Return a sheet's rows as heading: text, with their line."""
    sheet, top, at = sheet_of(openpyxl.load_workbook(file))
    lines = {}
    for line in range(top + 1, sheet.max_row + 1):
        cells = {
            name: unescape(str(sheet.cell(line, column).value or "")) for name, column in at.items()
        }
        if any(cells.values()):
            lines[line] = cells
    return lines


def index_of(folder):
    """Return the index as (body, kind, lead, participate, possible, file, link)."""
    sheet = openpyxl.load_workbook(folder / INDEX)["单位索引"]
    return [
        (
            *(unescape(cell.value) if cell.data_type == "s" else cell.value for cell in line),
            line[5].hyperlink,
        )
        for line in below(sheet, "单位")
    ]


def below(sheet, heading):
    """Yield the lines of cells below the one that begins with *heading*."""
    lines = itertools.dropwhile(lambda line: line[0].value != heading, sheet.iter_rows())
    next(lines)
    return lines


def linked(folder, link):
    """Return the file that a link of the index opens."""
    return folder / unquote(link.target).replace("\\", "/")


def rows_of(folder):
    """Return every row of every sheet that the index names."""
    return [
        Row(folder / file, body, line, cells)
        for body, *_counts, file, _link in index_of(folder)
        for line, cells in lines_of(folder / file).items()
    ]


@pytest.fixture(scope="module", autouse=True)
def settled(tmp_path_factory):
    """The same world as in conftest, for what is made once for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("PLANCLI_LANG", "en")
        patch.delenv("PLANCLI_PLAN", raising=False)
        yield


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The shipped plan's sheets, with Word files; nobody writes here."""
    folder = tmp_path_factory.mktemp("out") / "反馈表"
    assert main(["pack", str(folder), "--docx"]) == 0
    return folder


@pytest.fixture(scope="module")
def sent(packed):
    """Every row that went out."""
    return rows_of(packed)


@pytest.fixture(scope="module")
def by_body(sent):
    """Body: its rows."""
    return {body: list(rows) for body, rows in itertools.groupby(sent, key=lambda row: row.body)}


def duties_of(plan):
    """Return (number, words, clause, body, role as printed) of every duty, by a plain loop."""
    for _list, _section, task in entries(plan):
        shared = "参与" if task.names(Role.LEAD) else "负责"
        for role in Role:
            for name in task.names(role):
                yield task.no, task.text, task.clause, name, "牵头" if role is Role.LEAD else shared


def printed(row):
    return (
        *(row.cells[each] for each in ("序号", "工作任务", "责任分工（原文）")),
        row.body,
        row.cells["责任"],
    )


def asked(run, *argv):
    code, out, err = run(*argv, "-f", "json")
    assert code == 0, err
    return json.loads(out)


def held(folder):
    """Return every file below *folder* with its bytes."""
    return {
        file.relative_to(folder): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_every_duty_goes_out_once(sent, plan):
    rows = Counter(printed(row) for row in sent if row.role != "possible")
    assert rows == Counter(duties_of(plan))
    assert {*rows.values()} == {1}


def test_possible_rows_are_what_agency_says(by_body, known, run):
    for agency in known.agencies:
        wanted = asked(run, "agency", agency.name, "--possible")
        rows = [row for row in by_body.get(agency.name, []) if row.role == "possible"]
        assert [(row.cells["序号"], row.cells["工作任务"]) for row in rows] == [
            (each["no"], each["text"]) for each in wanted
        ]
        for row, each in zip(rows, wanted, strict=True):
            assert all(phrase in row.cells["责任"] for phrase in each["through"])


def test_a_sheet_begins_with_what_its_body_leads(by_body, plan):
    order = [entry.task.no for entry in entries(plan)]
    for rows in by_body.values():
        places = [
            (
                [*"lpq"].index({"lead": "l", "participate": "p"}.get(row.role, "q")),
                order.index(row.cells["序号"]),
            )
            for row in rows
        ]
        assert places == sorted(places)


def test_a_sheet_is_made_to_be_filled_in(sent):
    for file, rows in itertools.groupby(sent, key=lambda row: row.file):
        sheet, top, at = sheet_of(openpyxl.load_workbook(file))
        assert [*at][:10] == [*PLAN_S, *FILL.values(), ID]
        lines = [row.line for row in rows]
        cells = [sheet.cell(line, at[name]) for line in lines for name in FILL.values()]
        assert not any(cell.value for cell in cells)
        assert all(yellow(cell) for cell in cells)
        assert not any(yellow(sheet.cell(line, at[name])) for line in lines for name in PLAN_S)
        assert sheet.column_dimensions[get_column_letter(at[ID])].hidden
        assert not any(
            sheet.column_dimensions[get_column_letter(at[name])].hidden for name in at if name != ID
        )
        (rule,) = sheet.data_validations.dataValidation
        assert (rule.type, rule.formula1.strip('"').split(",")) == ("list", STATES)
        assert all(f"{get_column_letter(at['完成状态'])}{line}" in rule.sqref for line in lines)
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_title_rows == f"${top}:${top}"


def yellow(cell):
    red, green, blue = (
        (int(cell.fill.fgColor.rgb[at : at + 2], 16) for at in (2, 4, 6))
        if cell.fill.fill_type
        else (0, 0, 0)
    )
    return min(red, green) > 200 and blue < min(red, green)


def test_no_number_is_given_twice(sent):
    assert all(row.cells[ID] for row in sent)
    assert len({row.cells[ID] for row in sent}) == len(sent)


def test_the_index_says_who_gets_what(packed, by_body, plan, known):
    kinds = {agency.name: agency.kind for agency in known.agencies}
    named = {name for *_task, name, _role in duties_of(plan)}
    index = index_of(packed)
    for sheet in openpyxl.load_workbook(packed / INDEX).worksheets[:3]:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_title_rows
    assert [line[0] for line in index] == [*dict.fromkeys(line[0] for line in index)]
    assert named <= {line[0] for line in index}
    for body, kind, *counts, name, link in index:
        roles = Counter(row.role for row in by_body[body])
        assert [count or 0 for count in counts] == [
            roles[role] for role in ("lead", "participate", "possible")
        ]
        assert kind == kinds[body]
        file = linked(packed, link)
        assert file.is_file()
        assert file == packed / name
        assert (file.parent.name == "可能涉及") == (body not in named)
    sheets = {each for each in held(packed) if each.suffix == ".xlsx"}
    assert sheets == {linked(packed, link).relative_to(packed) for *_said, link in index} | {
        Path(INDEX)
    }


def test_the_index_holds_every_task(packed, plan):
    sheet = openpyxl.load_workbook(packed / INDEX)["全部任务"]
    heads = [cell.value for cell in sheet[int(sheet.auto_filter.ref.split(":")[0].strip("A"))]]
    for line, entry in zip(below(sheet, "序号"), entries(plan), strict=True):
        row = {head: cell.value or "" for head, cell in zip(heads, line, strict=True)}
        assert [row[each] for each in ("序号", "工作任务", "责任分工（原文）")] == [
            entry.task.no,
            entry.task.text,
            entry.task.clause,
        ]
        assert row["牵头单位"].removesuffix("等") == "、".join(entry.task.names(Role.LEAD))
        assert row["参与、负责单位"].removesuffix("等") == "、".join(
            entry.task.names(Role.PARTICIPATE)
        )


def test_the_index_has_those_that_name_nobody(run, tmp_path):
    assert run("pack", str(tmp_path / "out"), "-p", str(SMALL))[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "out" / INDEX)["未写明责任单位的任务"]
    assert [line[0].value for line in below(sheet, "序号")] == ["1.3"]


def test_two_packs_are_the_same_bytes(packed, run, tmp_path):
    assert run("pack", str(tmp_path / "again"))[0] == 0
    again = held(tmp_path / "again")
    assert again == {name: data for name, data in held(packed).items() if name.suffix == ".xlsx"}
    for file in packed.glob("省*.*x"):
        with zipfile.ZipFile(file) as package:
            years = {info.date_time[0] for info in package.infolist()}
            dated = {
                each[:4]
                for each in re.findall(
                    r"\d{4}-\d\d-\d\dT", package.read("docProps/core.xml").decode()
                )
            }
        assert max(years) < 2020, file
        assert all(year < "2020" for year in dated), file


def test_word_files_have_the_same_rows_and_bytes(packed, sent, run, tmp_path):
    for file, rows in itertools.groupby(sent, key=lambda row: row.file):
        table = docx.Document(str(file.with_suffix(".docx"))).tables[0]
        head, *lines = ([cell.text for cell in row.cells] for row in table.rows)
        assert head == [*PLAN_S, *FILL.values()]
        assert lines == [[row.cells[name] for name in head] for row in rows]
    for name in ("one", "two"):
        assert run("pack", str(tmp_path / name), "--docx", "-s", "2.3")[0] == 0
    assert held(tmp_path / "one") == held(tmp_path / "two")


def test_a_folder_that_holds_files_is_left_alone(run, tmp_path):
    for inside in ("notes.txt", "sub/notes.txt", ".hidden"):
        folder = tmp_path / inside.replace("/", "-")
        (folder / inside).parent.mkdir(parents=True)
        (folder / inside).write_text("mine")
        code, out, err = run("pack", str(folder))
        assert (code, out, "hint:" in err) == (1, "", True)
        assert held(folder) == {Path(inside): b"mine"}


def test_an_empty_folder_is_filled(run, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    assert run("pack", str(tmp_path / "out"), "-p", str(SMALL))[0] == 0
    assert (tmp_path / "out" / INDEX).is_file()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("pack", ".", "-p", str(SMALL))[0] == 0
    assert held(tmp_path / "here") == held(tmp_path / "out")


def test_a_folder_that_cannot_be_leaves_nothing(run, tmp_path):
    (tmp_path / "file").write_text("mine")
    for target in (
        tmp_path / "file",
        tmp_path / "file" / "below",
        "/proc/nowhere/out",
        tmp_path / ("长" * 200),
    ):
        code, out, err = run("pack", str(target))
        assert (code, out, "hint:" in err) == (1, "", True)
        assert held(tmp_path) == {Path("file"): b"mine"}
        assert [each.name for each in tmp_path.iterdir()] == ["file"]


def small_files_only(*argv, most, cwd):
    """Run plancli in a process that may write no file larger than *most* bytes."""
    return subprocess.run(
        [sys.executable, "-m", "plancli", *map(str, argv)], capture_output=True, cwd=cwd,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "there"), [("out", []), ("out", ["out"]), ("new/folder/out", [])]
)
def test_a_full_disk_leaves_nothing_half_packed(run, tmp_path, target, there):
    asked(run, "stats")  # builds the database
    for each in there:
        (tmp_path / each).mkdir()
    done = small_files_only("pack", tmp_path / target, most=9_000, cwd=tmp_path)
    assert (done.returncode, b"hint:" in done.stderr) == (1, True)
    assert [each.name for each in tmp_path.rglob("*")] == there


@pytest.mark.parametrize(
    "argv",
    [["--section", "2.3"], ["--agency", "省能源局"], ["--agency", "省科技厅", "--lead"], ["-k", "科创"], ["-r", "皖北", "-s", "三"],
     ["-a", "合肥市", "-a", "省发展改革委"], ["-r", "皖北", "--role", "participate", "-a", "有关市人民政府"]],
    ids=" ".join,
)  # fmt: skip
def test_filters_choose_the_tasks(run, tmp_path, plan, known, argv):
    assert run("pack", str(tmp_path / "out"), *argv)[0] == 0
    chosen = {row["no"] for row in asked(run, "list", *argv)}
    rows = rows_of(tmp_path / "out")
    wanted = Counter(each for each in duties_of(plan) if each[0] in chosen)
    assert Counter(printed(row) for row in rows if row.role != "possible") == wanted
    possible = {(row.cells["序号"], row.body) for row in rows if row.role == "possible"}
    assert possible == {
        (each["no"], agency.name)
        for agency in known.agencies
        for each in asked(run, "agency", agency.name, "--possible")
        if each["no"] in chosen
    }


def test_what_is_said_of_the_files_is_so(run, tmp_path):
    file = plan_file(tmp_path, [("1", "某事。", ["可能涉及办"], ["甲局"])])
    _code, _out, err = run("pack", str(tmp_path / "out"), "-p", str(file))
    assert "wrote 2 sheets" in err


def test_two_plans_go_out_together(run, tmp_path, monkeypatch):
    one = plan_file(tmp_path, [("1", "甲事。", ["省科技厅", "丙局"], ["丁局"])], "one", id="one")
    two = plan_file(
        tmp_path, [("1", "乙事。", ["省科技厅", "丙局"], ["丁局"])], "two", id="two",
        jurisdiction="他省", regions=[{"name": "他省", "type": "省级"}],
    )  # fmt: skip
    plans = ["-p", str(one), "-p", str(two)]
    assert run("pack", str(tmp_path / "out"), *plans)[0] == 0
    rows = rows_of(tmp_path / "out")
    assert sorted(row.cells["工作任务"] for row in rows) == ["乙事。"] * 3 + ["甲事。"] * 3
    assert len({row.cells[ID] for row in rows}) == 6
    assert {row.cells["计划"] for row in rows} == {"one", "two"}
    for row in rows:
        edited(
            row.file,
            lambda sheet, top, at, row=row: put(
                sheet.cell(row.line, at["进展情况"]), row.cells[ID]
            ),
        )
    assert found(collected(run, tmp_path / "out", tmp_path / "p.yaml", *plans)) == []
    reports = read(tmp_path / "p.yaml")["reports"]
    assert {each["id"] for each in reports} == {row.cells[ID] for row in rows}
    assert all(each["now"]["progress"] == each["id"] for each in reports)
    monkeypatch.chdir(tmp_path)
    assert run("collect", "out", *plans)[0] == 0
    assert (tmp_path / "plancli.progress.yaml").is_file()


def test_a_filter_changes_no_number(sent, run, tmp_path):
    assert run("pack", str(tmp_path / "out"), "-s", "2.3")[0] == 0
    some = {row.cells[ID]: row.key for row in rows_of(tmp_path / "out")}
    assert some.items() <= {row.cells[ID]: row.key for row in sent}.items()


# Plans that mean harm.

NAMES = [
    "CON", "con.txt", "../x", "/etc/x", "=1+1", "-rf", "a/b", "a\\b", "A", "a", "甲" * 120, "甲" * 120 + "乙", "\u202egpj", "x.", "x ", "<b>",
    "A:B|C?*", '"x"', "~$x", "@x", "+1", ".hid", "LPT1", "COM¹", "nul", "任务分解总表", "可能涉及", "''", "%41", "a#b", "caf\u00e9", "cafe\u0301",
    "plancli", "\u200b", "_x000D_", "{0}", "$HOME", "CONIN$", "AUX.", "省&厅", "a（2）", "'=1", "Ω", "ω", "straße", "STRASSE", "\ufeffx",
]  # fmt: skip
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)")


def plan_file(folder, tasks, name="plan", **more):
    """Write a made-up plan; a task is (number, words, who leads, who takes part, more)."""
    bodies = dict.fromkeys(
        body for _no, _text, lead, rest, *_more in tasks for body in (*lead, *rest)
    )
    said = {
        "id": "made-up", "title": "某省2030年演练工作要点", "year": 2030, "jurisdiction": "某省",
        "lists": [{"no": "一", "title": "任务", "tasks": [task_of(*task) for task in tasks]}],
        "agencies": [{"name": body, "kind": "省直部门"} for body in bodies], "regions": [{"name": "某省", "type": "省级"}],
        **more,
    }  # fmt: skip
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
    return file


def task_of(no, text, lead, rest, more=()):
    groups = [{role: [*names]} for role, names in (("lead", lead), ("participate", rest)) if names]
    return {"no": no, "text": text, **({"duties": groups} if groups else {}), **dict(more)}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    tasks = [
        (str(no), f"{name}第{no}项任务。", [name], [NAMES[no - 2]])
        for no, name in enumerate(NAMES, 1)
    ]
    file = plan_file(folder, tasks, title="=HYPERLINK(1)")
    assert main(["pack", str(folder / "out"), "--docx", "-p", str(file)]) == 0
    return file


def test_every_name_is_a_name_everywhere(hostile):
    assert {each.name for each in hostile.parent.iterdir()} == {"out", "plan.yaml"}
    names = list(held(hostile.parent / "out"))
    assert len({str(name).casefold() for name in names}) == len(names)
    for name in names:
        assert len(name.name.encode()) <= 255
        for part in name.parts:
            assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]', part), part
            assert not part.endswith((".", " ")), part
            assert not part.startswith((*"-=+@~.",)), part
            assert not RESERVED.match(part), part


def test_every_body_has_a_file_and_a_link_to_it(hostile):
    folder = hostile.parent / "out"
    index = index_of(folder)
    assert sorted(line[0] for line in index) == sorted(NAMES)
    files = [linked(folder, link) for *_said, link in index]
    assert len({*files}) == len(NAMES)
    assert not any(link.location for *_said, link in index)
    assert all(file.is_file() and file.parent == folder for file in files)
    rows = rows_of(folder)
    assert len(rows) == 2 * len(NAMES)
    assert all(
        any(body == row.body and str(no) == row.cells["序号"] for no, body in enumerate(NAMES, 1))
        or row.role == "participate"
        for row in rows
    )


def test_no_cell_is_a_formula(hostile):
    for file in (hostile.parent / "out").rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(file):
            assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}, (
                file
            )
        with zipfile.ZipFile(file) as package:
            assert not any(
                b"<f>" in package.read(name) for name in package.namelist() if "worksheets/" in name
            )


def test_what_hostile_bodies_say_comes_back(hostile, run, tmp_path):
    folder = tmp_path / "back"
    shutil.copytree(hostile.parent / "out", folder)
    rows = rows_of(folder)
    wanted = {
        row.key: {"progress": f"{NAMES.index(row.body)}说{row.cells['序号']}"} for row in rows
    }
    fill(rows, wanted)
    assert found(collected(run, folder, tmp_path / "p.yaml", "-p", str(hostile))) == []
    assert said(tmp_path / "p.yaml") == wanted


def test_tasks_with_the_same_words_are_several(run, tmp_path):
    same = [
        ("1", "总结经验。", ["甲局"], ["乙局"]),
        ("2", "总结经验。", ["甲局"], ["乙局", "甲局"]),
        ("3", "总结经验。", [], ["甲局"]),
    ]
    file = plan_file(tmp_path, same)
    assert run("pack", str(tmp_path / "out"), "-p", str(file))[0] == 0
    rows = rows_of(tmp_path / "out")
    assert len({row.cells[ID] for row in rows}) == len(rows) == 6
    wanted = {row.key: {"progress": f"{row.key}", "state": "推进中"} for row in rows}
    fill(rows, wanted)
    assert found(collected(run, tmp_path / "out", tmp_path / "p.yaml", "-p", str(file))) == []
    assert said(tmp_path / "p.yaml") == wanted
    for name in {row.file for row in rows}:
        edited(name, lambda sheet, top, at: sheet.delete_cols(at[ID]))
    assert found(collected(run, tmp_path / "out", tmp_path / "q.yaml", "-p", str(file))) == []
    assert said(tmp_path / "q.yaml") == wanted


# What comes back.


class Finding(NamedTuple):
    kind: str
    body: str
    no: str
    file: str


def collected(run, folder, to, *argv):
    """Collect *folder*, and return what was found."""
    code, out, err = run("collect", str(folder), "-o", str(to), *argv, "-f", "json")
    assert code == 0, err
    return json.loads(out)


def found(lines, *without):
    """Return the findings, sorted, but those of kinds that are not asked for."""
    return sorted(
        Finding(each["kind"], each["agency"], each["no"], Path(each["file"]).name)
        for each in lines
        if each["kind"] not in without
    )


def read(file):
    return yaml.safe_load(file.read_text("utf-8")) or {}


def words(now):
    """Return what somebody reported, without where it is from."""
    return {key: value for key, value in now.items() if key not in ("file", "when", "more")}


def said(file):
    """Return (number, body, role): what the progress file holds as the latest."""
    reports = read(file).get("reports") or []
    latest = {(each["no"], each["body"], each["role"]): words(each["now"]) for each in reports}
    assert len(latest) == len(reports)
    return latest


def every(file):
    """Return all that was ever reported: (number, body, role), the words, as text."""
    return {
        (
            each["no"],
            each["body"],
            each["role"],
            json.dumps(words(one), ensure_ascii=False, sort_keys=True),
        )
        for each in read(file).get("reports") or []
        for one in (each["now"], *each.get("earlier", []))
    }


def put(cell, value, format=None):
    """Type *value* into *cell*; text stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    if format:
        cell.number_format = format


def fill(rows, wanted):
    """Type into the sheets of *rows* what is *wanted*: (number, body, role): field: text."""
    for file, some in itertools.groupby(rows, key=lambda row: row.file):
        book = openpyxl.load_workbook(file)
        sheet, _top, at = sheet_of(book)
        for row in some:
            for field, text in wanted.get(row.key, {}).items():
                put(sheet.cell(row.line, at[FILL[field]]), text)
        book.save(file)


def saved_at(file, when):
    """Make *file* say that it was last saved at *when*."""
    with zipfile.ZipFile(file) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            if info.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when.encode(), data)
                assert when.encode() in data
            package.writestr(info, data)


class Back(NamedTuple):
    """A folder that came back, and what must be found in it."""

    folder: Path
    wanted: dict
    more: dict
    strays: list
    findings: list


def tampered(by_body, folder, seed):
    """Let some bodies report, each in its own way of mistreating a sheet."""
    chance = random.Random(seed)
    back = Back(folder, {}, {}, [], [])
    for body in chance.sample(sorted(by_body), 14):
        rows = by_body[body]
        lines = [dict(row.cells) for row in rows]
        typed = {row.key: some_words(chance) for row in rows if chance.random() < 0.7}
        pairs = list(zip(lines, rows, strict=True))
        chance.shuffle(pairs)
        merged = two_in_one(pairs, typed, chance)
        extra = {row.key: f"附注{row.key[0]}" for row in rows if chance.random() < 0.3}
        stray = (
            {"工作任务": f"{body}自行开展的工作", "进展情况": "=另有", "备注": "见附件"}
            if chance.random() < 0.5
            else None
        )
        back.wanted.update(
            {
                key: {field: text for field, (_value, _format, text) in cells.items()}
                for key, cells in typed.items()
            }
        )
        back.more.update(extra)
        for key in extra:
            back.wanted.setdefault(key, {})
        name = f"{folder.name}-{len(list(folder.rglob('*.xlsx')))} 反馈{chance.choice(['', '（终稿）', ' (2)'])}.xlsx"
        file = folder / chance.choice([".", "二批", "二批/市县", "最终 版"]) / name
        mistreat(rows[0].file, file, pairs, typed, extra, stray, merged, chance)
        back.findings.extend(expected(rows, typed, extra, stray, file.name))
        if stray:
            back.strays.append(stray)
    return back


def some_words(chance):
    """Return field: (value, format, text) for some of the columns to fill in."""
    cells = {
        field: chance.choice([(text, None, text) for text in TEXTS] + TYPED)
        for field in FILL
        if chance.random() < 0.5
    }
    if chance.random() < 0.7:
        state = chance.choice([*STATES, "进行中", "差不多了", "基本 完成"])
        cells["state"] = (state, None, state)
    return cells or {"problem": ("无", None, "无")}


def two_in_one(pairs, typed, chance):
    """Let a body say one thing for two rows that stand together; return where, or nothing."""
    for place in chance.sample(range(len(pairs) - 1), len(pairs) - 1):
        one, two = (typed.get(row.key) for _cells, row in pairs[place : place + 2])
        if one and two:
            field = chance.choice(sorted(one))
            two[field] = one[field]
            return place, field
    return ()


def mistreat(source, target, lines, typed, extra, stray, merged, chance):
    """Write the sheet anew: rows shuffled and numbered, columns moved and added, cells merged, rows hidden."""
    book = openpyxl.load_workbook(source)
    sheet, top, at = sheet_of(book)
    heads = [*PLAN_S, *FILL.values(), ID, "备注", "", "经办人"]
    chance.shuffle(heads)
    for line in sheet.iter_rows(min_row=top, max_col=len(heads) + 1):
        for cell in line:
            cell.value = None
    sheet.column_dimensions[get_column_letter(at[ID])].hidden = False
    start = top + chance.choice([0, 2])
    for column, head in enumerate(heads, 1):
        put(sheet.cell(start, column), head or None)
    sheet.column_dimensions[get_column_letter(heads.index(ID) + 1)].hidden = True
    for line, (cells, row) in enumerate(lines, start + 1):
        cells["序号"] = line - start
        for column, head in enumerate(heads, 1):
            put(sheet.cell(line, column), cells.get(head) or None)
        for field, (value, format, _text) in typed.get(row.key, {}).items():
            put(sheet.cell(line, heads.index(FILL[field]) + 1), value, format or "General")
        put(sheet.cell(line, heads.index("备注") + 1), extra.get(row.key))
        sheet.row_dimensions[line].hidden = chance.random() < 0.2
    if merged:
        line, column = start + 1 + merged[0], heads.index(FILL[merged[1]]) + 1
        sheet.merge_cells(start_row=line, end_row=line + 1, start_column=column, end_column=column)
    for head, text in (stray or {}).items():
        put(sheet.cell(start + len(lines) + 1, heads.index(head) + 1), text)
    sheet.auto_filter.ref = f"A{start}:{get_column_letter(len(heads))}{start + len(lines)}"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def expected(rows, typed, extra, stray, file):
    """Yield what is to be found in a body's sheet."""
    own = [row for row in rows if row.role != "possible"]
    for row in rows:
        if typed.get(row.key, {}).get("state", (None, None, "未启动"))[2] not in STATUS:
            yield Finding("unknown", row.body, row.cells["序号"], file)
        if row in own and row.key not in {*typed, *extra} and {*typed, *extra}:
            yield Finding("blank", row.body, row.cells["序号"], file)
    if own and not {*typed, *extra}:
        yield Finding("missing", rows[0].body, "", file)
    if stray:
        yield Finding("stray", rows[0].body, "", file)


def check_back(run, back, by_body, to):
    """Collect what came back, and hold it against what was typed."""
    lines = collected(run, back.folder, to)
    here = {
        row.body
        for rows in by_body.values()
        for row in rows[:1]
        if any(each.key in back.wanted for each in rows)
    }
    assert said(to) == back.wanted
    noted = {
        (each["no"], each["body"], each["role"]): each["now"]["more"]
        for each in read(to)["reports"] if each["now"].get("more")
    }  # fmt: skip
    assert noted == {key: [{"column": "备注", "text": text}] for key, text in back.more.items()}
    assert not any(each.get("earlier") for each in read(to)["reports"])
    kept = [
        {cell["column"]: cell["text"] for cell in each["cells"]}
        for each in read(to).get("strays", [])
    ]
    assert sorted(kept, key=str) == sorted(back.strays, key=str)
    silent = [
        Finding("missing", body, "", "")
        for body, rows in by_body.items()
        if body not in here and any(row.role != "possible" for row in rows)
    ]
    named = {each.body for each in back.findings if each.kind == "missing"}
    assert found(lines) == sorted(
        [*back.findings, *(each for each in silent if each.body not in named)]
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_was_typed_is_what_is_held(by_body, run, tmp_path, seed):
    (tmp_path / "back").mkdir()
    back = tampered(by_body, tmp_path / "back", seed)
    check_back(run, back, by_body, tmp_path / "p.yaml")


@pytest.fixture(scope="module")
def through_office(packed, by_body, tmp_path_factory):
    """All sheets as LibreOffice saves them, and some that were mistreated before it did."""
    if not SOFFICE:
        pytest.skip("LibreOffice is not installed")
    base = tmp_path_factory.mktemp("office")
    (base / "back").mkdir()
    back = tampered(by_body, base / "back", 99)
    sheets = [*packed.rglob("*.xlsx"), *(base / "back").rglob("*.xlsx")]
    assert len({file.name for file in sheets}) == len(sheets)
    home = f"-env:UserInstallation=file://{base}/home"
    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", "xlsx", "--outdir", base / "all", *sheets],
        capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    for file in (base / "back").rglob("*.xlsx"):
        (base / "all" / file.name).replace(file)
    for file in packed.rglob("*.xlsx"):
        target = base / "plain" / file.relative_to(packed)
        target.parent.mkdir(parents=True, exist_ok=True)
        (base / "all" / file.name).replace(target)
    return base / "plain", back


def test_what_was_typed_is_what_is_held_when_libreoffice_saved_it(
    through_office, by_body, run, tmp_path
):
    check_back(run, through_office[1], by_body, tmp_path / "p.yaml")


def test_untouched_sheets_report_nothing(packed, by_body, run, tmp_path):
    lines = collected(run, packed, tmp_path / "p.yaml")
    named = [body for body, rows in by_body.items() if any(row.role != "possible" for row in rows)]
    assert found(lines) == sorted(Finding("missing", body, "", f"{body}.xlsx") for body in named)
    assert said(tmp_path / "p.yaml") == {}


# The scenario: everything at once, after LibreOffice saved it all.


@pytest.fixture(scope="module")
def plan_before(tmp_path_factory):
    """The shipped plan as it was before one task was reworded."""
    file = tmp_path_factory.mktemp("before") / "plan.yaml"
    text = files.SHIPPED.read_text("utf-8")
    new = "协同制定长三角产权交易共同市场建设方案。"
    assert text.count(new) == 1
    file.write_text(text.replace(new, "制定长三角产权交易市场方案。"), "utf-8")
    return file


def words_for(rows, mark=""):
    return {
        row.key: {
            "progress": f"{mark}{row.body}第{row.cells['序号']}项（{row.role}）",
            "state": "推进中",
        }
        for row in rows
    }


def move(rows, folder):
    """Return *rows* as they stand in *folder*."""
    return [
        row._replace(
            file=folder
            / (row.file.name if row.file.parent.name != "可能涉及" else f"可能涉及/{row.file.name}")
        )
        for row in rows
    ]


def test_everything_at_once(through_office, packed, by_body, plan_before, run, tmp_path):
    folder, progress = tmp_path / "back", tmp_path / "p.yaml"
    shutil.copytree(through_office[0], folder)
    wanted, findings = {}, []
    mine = {body: move(rows, folder) for body, rows in by_body.items()}
    duties = {body: [row for row in rows if row.role != "possible"] for body, rows in mine.items()}
    for body in ("省能源局", "省科技厅", "合肥市人民政府"):
        wanted |= words_for(mine[body])
        fill(mine[body], wanted)
    # packed from an earlier version of the plan, one task reworded
    argv = ["-p", str(plan_before), "-a", "省国资委"]
    assert run("pack", str(tmp_path / "before"), *argv)[0] == 0
    old = [row for row in rows_of(tmp_path / "before") if row.body == "省国资委"]
    gone = [row for row in old if row.cells["工作任务"] == "制定长三角产权交易市场方案。"]
    assert len(gone) == 1
    fill(old, words_for(old))
    wanted |= {key: text for key, text in words_for(old).items() if key != gone[0].key}
    old[0].file.replace(folder / "省国资委.xlsx")
    findings += [
        Finding("stale", "省国资委", "", "省国资委.xlsx"),
        Finding("stray", "省国资委", gone[0].cells["序号"], "省国资委.xlsx"),
    ]
    # numbered anew
    wanted |= words_for(mine["省商务厅"])
    fill(mine["省商务厅"], wanted)
    book = openpyxl.load_workbook(folder / "省商务厅.xlsx")
    sheet, _top, at = sheet_of(book)
    for count, row in enumerate(mine["省商务厅"], 1):
        sheet.cell(row.line, at["序号"]).value = count
    book.save(folder / "省商务厅.xlsx")
    # a row deleted
    cut = duties["省文化和旅游厅"][1]
    kept = [row for row in mine["省文化和旅游厅"] if row != cut]
    wanted |= words_for(kept)
    fill(kept, wanted)
    book = openpyxl.load_workbook(cut.file)
    sheet_of(book)[0].delete_rows(cut.line)
    book.save(cut.file)
    # not ours, broken, Word
    book = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    book.save(folder / "通讯录.xlsx")
    (folder / "坏了.xlsx").write_bytes(cut.file.read_bytes()[:2000])
    shutil.copy(packed / "省能源局.docx", folder / "省能源局.docx")
    word = docx.Document(str(packed / "省科技厅.docx"))
    word.tables[0].rows[1].cells[4].text = "已开工"
    word.core_properties.modified = datetime.datetime(2022, 6, 30)
    word.save(str(folder / "省科技厅.docx"))
    findings += [
        Finding("strange", "", "", "通讯录.xlsx"),
        Finding("strange", "", "", "坏了.xlsx"),
        Finding("unread", "", "", "省科技厅.docx"),
    ]
    # a copy with other words in one row
    twice = duties["合肥市人民政府"][2]
    copied = folder / "合肥市人民政府 (1).xlsx"
    shutil.copy(twice.file, copied)
    fill([twice._replace(file=copied)], {twice.key: {"progress": "后来的说法"}})
    saved_at(twice.file, "2022-06-01T00:00:00Z")
    saved_at(copied, "2022-06-02T00:00:00Z")
    before = copy.deepcopy(wanted[twice.key])
    wanted[twice.key]["progress"] = "后来的说法"

    lines = collected(run, folder, progress)
    assert said(progress) == wanted
    (both,) = [
        each
        for each in read(progress)["reports"]
        if (each["no"], each["body"], each["role"]) == twice.key
    ]
    assert [words(each) for each in both["earlier"]] == [before]
    (conflict,) = [each for each in lines if each["kind"] == "conflict"]
    assert (conflict["agency"], conflict["no"]) == ("合肥市人民政府", twice.cells["序号"])
    assert "合肥市人民政府" in conflict["file"] + conflict["what"]
    assert found(lines, "missing", "blank", "conflict", "deleted") == sorted(findings)
    lost = {(each.body, each.no) for each in found(lines) if each.kind == "deleted"}
    assert lost - {("省国资委", gone[0].cells["序号"])} == {("省文化和旅游厅", cut.cells["序号"])}
    (stray,) = read(progress)["strays"]
    assert {"column": "进展情况", "text": words_for(gone)[gone[0].key]["progress"]} in stray[
        "cells"
    ]
    silent = {each.body for each in found(lines) if each.kind == "missing"}
    assert silent == {body for body in duties if duties[body]} - {
        body for _no, body, _role in wanted
    }
    assert {each.body for each in found(lines) if each.kind == "blank"} <= {"省国资委"}
    before = progress.read_bytes()
    assert found(collected(run, folder, progress)) == found(lines)
    assert progress.read_bytes() == before


# Ways of mistreating a sheet, one by one.


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A made-up plan with three bodies and its sheets; nobody writes here."""
    folder = tmp_path_factory.mktemp("small")
    tasks = [
        (
            str(no),
            f"第{no}项任务{'甲乙丙丁戊己'[no - 1] * 3}。",
            ["甲局"],
            ["乙局"] + ["丙局"] * (no % 2),
        )
        for no in range(1, 7)
    ]
    file = plan_file(folder, tasks)
    assert main(["pack", str(folder / "out"), "-p", str(file)]) == 0
    return file


def copied(small, folder):
    """Copy the small plan's sheets, and return body: its rows there."""
    shutil.copytree(small.parent / "out", folder)
    return {
        body: list(rows)
        for body, rows in itertools.groupby(rows_of(folder), key=lambda row: row.body)
    }


def edited(file, change):
    """Let ``change(sheet, top, at)`` edit a sheet."""
    book = openpyxl.load_workbook(file)
    change(*sheet_of(book))
    book.save(file)


@pytest.fixture
def collect(run, small, tmp_path):
    """``collect(folder)`` adds to p.yaml, and returns what was found but the bodies that are silent."""

    def collect(folder, *argv, without=("missing", "blank")):
        return found(collected(run, folder, tmp_path / "p.yaml", "-p", str(small), *argv), *without)

    return collect


def test_rows_sorted_without_their_numbers_are_known_by_their_words(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    wanted = words_for(rows)
    fill(rows, wanted)

    def rotate(sheet, top, at):
        for name in {*at} - {ID}:
            values = [sheet.cell(row.line, at[name]).value for row in rows]
            for row, value in zip(rows, values[1:] + values[:1], strict=True):
                sheet.cell(row.line, at[name]).value = value

    edited(rows[0].file, rotate)
    assert collect(tmp_path / "back") == sorted(
        Finding("mismatch", "甲局", row.cells["序号"], "甲局.xlsx") for row in rows
    )
    assert said(tmp_path / "p.yaml") == wanted


@pytest.mark.parametrize("gone", [[ID], [ID, "序号"], [ID, "序号", "责任分工（原文）"]])
def test_rows_without_numbers_are_known_by_their_words(small, collect, tmp_path, gone):
    bodies = copied(small, tmp_path / "back")
    wanted = words_for([row for rows in bodies.values() for row in rows])
    for rows in bodies.values():
        fill(rows, wanted)
        for name in gone:
            edited(rows[0].file, lambda sheet, top, at, name=name: sheet.delete_cols(at[name]))
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == wanted


@pytest.mark.parametrize(
    ("kept", "ours"),
    [(["工作任务", "进展情况", "完成状态"], True), (["工作任务", "进展情况"], False)],
)
def test_a_sheet_of_ours_has_three_of_the_headings(small, collect, tmp_path, kept, ours):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))

    def cut(sheet, top, at):
        for name in sorted({*at} - {*kept}, key=at.get, reverse=True):
            sheet.delete_cols(at[name])

    edited(rows[0].file, cut)
    lines = collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == (words_for(rows) if ours else {})
    assert {each.kind for each in lines} == ({"lacking"} if ours else {"deleted"})


def test_a_changed_task_is_told_and_kept(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    wanted = words_for(rows)
    fill(rows, wanted)
    edited(
        rows[2].file,
        lambda sheet, top, at: put(sheet.cell(rows[2].line, at["工作任务"]), "本单位改写的任务。"),
    )
    assert collect(tmp_path / "back") == [
        Finding("reworded", "甲局", rows[2].cells["序号"], "甲局.xlsx")
    ]
    assert said(tmp_path / "p.yaml") == wanted
    assert "本单位改写的任务。" in (tmp_path / "p.yaml").read_text("utf-8")


def test_a_row_of_another_body_counts_for_it_and_is_told(small, collect, tmp_path):
    bodies = copied(small, tmp_path / "back")
    mine, other = bodies["甲局"], bodies["乙局"]
    wanted = words_for([*mine, other[1]])
    fill(mine, wanted)

    def paste(sheet, top, at):
        for name, text in (
            other[1].cells | {"进展情况": wanted[other[1].key]["progress"], "完成状态": "推进中"}
        ).items():
            put(sheet.cell(mine[-1].line + 1, at[name]), text)

    edited(mine[0].file, paste)
    assert {(each.kind, each.file) for each in collect(tmp_path / "back")} == {
        ("foreign", "甲局.xlsx")
    }
    assert said(tmp_path / "p.yaml") == wanted


def test_a_column_that_is_gone_is_told(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    edited(rows[0].file, lambda sheet, top, at: sheet.delete_cols(at["存在问题"]))
    (lacking,) = collect(tmp_path / "back")
    assert (lacking.kind, lacking.body, lacking.file) == ("lacking", "甲局", "甲局.xlsx")
    assert said(tmp_path / "p.yaml") == words_for(rows)


def test_a_row_that_is_gone_is_told(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    edited(rows[0].file, lambda sheet, top, at: sheet.delete_rows(rows[3].line))
    assert [each[:3] for each in collect(tmp_path / "back")] == [("deleted", "甲局", "4")]
    assert rows[3].key not in said(tmp_path / "p.yaml")


def test_a_row_twice_is_a_conflict_only_if_it_differs(small, collect, run, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))

    def twice(sheet, top, at):
        for count in range(2):
            for column in at.values():
                put(
                    sheet.cell(rows[-1].line + 1 + count, column),
                    sheet.cell(rows[count].line, column).value,
                )
        put(sheet.cell(rows[-1].line + 2, at["进展情况"]), "另一种说法")

    edited(rows[0].file, twice)
    assert collect(tmp_path / "back") == [
        Finding("conflict", "甲局", rows[1].cells["序号"], "甲局.xlsx")
    ]
    (told,) = [
        each
        for each in collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(small))
        if each["kind"] == "conflict"
    ]
    assert (
        lines_of(rows[0].file)[told["line"]]["进展情况"]
        == said(tmp_path / "p.yaml")[rows[1].key]["progress"]
    )
    first = words_for(rows)[rows[1].key]
    both = {
        json.dumps(each, ensure_ascii=False, sort_keys=True)
        for each in (first, {**first, "progress": "另一种说法"})
    }
    assert {text for *key, text in every(tmp_path / "p.yaml") if tuple(key) == rows[1].key} == both


def test_a_merged_cell_counts_for_every_row(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]

    def merge(sheet, top, at):
        for name, first, last in (("进展情况", 0, 3), ("完成状态", 2, 5), ("联系人", 4, 5)):
            put(sheet.cell(rows[first].line, at[name]), "推进中")
            sheet.merge_cells(
                start_row=rows[first].line,
                end_row=rows[last].line,
                start_column=at[name],
                end_column=at[name],
            )

    edited(rows[0].file, merge)
    assert collect(tmp_path / "back") == []
    spans = {"progress": range(4), "state": range(2, 6), "contact": range(4, 6)}
    assert said(tmp_path / "p.yaml") == {
        row.key: {field: "推进中" for field, span in spans.items() if place in span}
        for place, row in enumerate(rows)
    }


def test_a_formula_counts_for_its_value(small, collect, tmp_path):
    import xlsxwriter

    rows = copied(small, tmp_path / "back")["甲局"]
    rows[0].file.unlink()
    with xlsxwriter.Workbook(str(tmp_path / "back" / "新做的.xlsx")) as book:
        sheet = book.add_worksheet("任意")
        for column, name in enumerate(["工作任务", "完成时限", "进展情况", "存在问题", ID]):
            sheet.write_string(7, 3 + column, name)
            for line, row in enumerate(rows, 8):
                if row.cells.get(name):
                    sheet.write_string(line, 3 + column, row.cells[name])
        for line in range(len(rows)):
            sheet.write_formula(8 + line, 5, '="完成"&6*7&"%"', None, "完成42%")
            sheet.write_formula(8 + line, 6, "=6*7", None, 42)
    assert {each.kind for each in collect(tmp_path / "back")} <= {"lacking"}
    assert said(tmp_path / "p.yaml") == {
        row.key: {"progress": "完成42%", "problem": "42"} for row in rows
    }


def test_sheets_of_several_bodies_in_one_workbook_all_count(small, collect, tmp_path):
    bodies = copied(small, tmp_path / "back")
    wanted = words_for([row for rows in bodies.values() for row in rows])
    whole = openpyxl.Workbook()
    for body, rows in bodies.items():
        fill(rows, wanted)
        sheet, _top, _at = sheet_of(openpyxl.load_workbook(rows[0].file))
        page = whole.create_sheet(body)
        for line in sheet.iter_rows():
            for cell in line:
                put(page.cell(cell.row, cell.column), cell.value)
        rows[0].file.unlink()
    whole.save(tmp_path / "back" / "汇总.xlsx")
    collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == wanted


@pytest.mark.parametrize(
    "name", ["甲局.XLSX", "甲局.xlsm", "二层/三层/甲 局（改）.xlsx", "甲局.xlsx.xlsx"]
)
def test_a_file_may_have_any_name(small, collect, tmp_path, name):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    (tmp_path / "back" / name).parent.mkdir(parents=True, exist_ok=True)
    rows[0].file.replace(tmp_path / "back" / name)
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == words_for(rows)
    assert {Path(each["now"]["file"]).name for each in read(tmp_path / "p.yaml")["reports"]} == {
        Path(name).name
    }


def test_blanks_are_nothing(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(
        rows,
        {row.key: {"progress": "  ", "problem": "\n", "contact": "\u3000\u00a0"} for row in rows},
    )
    lines = collect(tmp_path / "back", without=())
    assert [each[:2] for each in lines] == [
        ("missing", body) for body in sorted(["甲局", "乙局", "丙局"])
    ]
    assert said(tmp_path / "p.yaml") == {}


def test_an_added_column_is_not_taken_for_one_of_ours(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, {row.key: {"contact": "张三", "progress": "已开工"} for row in rows})

    def add(sheet, top, at):
        sheet.insert_cols(1, 2)
        for column, head, text in ((1, "联系人电话", "0551-1234"), (2, "进展情况附件", "见附件")):
            put(sheet.cell(top, column), head)
            for row in rows:
                put(sheet.cell(row.line, column), text)

    edited(rows[0].file, add)
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == {
        row.key: {"contact": "张三", "progress": "已开工"} for row in rows
    }
    for each in read(tmp_path / "p.yaml")["reports"]:
        assert {(one["column"], one["text"]) for one in each["now"]["more"]} == {
            ("联系人电话", "0551-1234"),
            ("进展情况附件", "见附件"),
        }


@pytest.mark.parametrize("format", ['yyyy"年"m"月"', "mmm-yy", "yyyy-mm", '[$-804]yyyy"年"m"月";@'])
def test_a_month_that_excel_took_for_a_day_is_a_month(small, collect, run, tmp_path, format):
    rows = copied(small, tmp_path / "back")["甲局"]
    edited(
        rows[0].file,
        lambda sheet, top, at: put(
            sheet.cell(rows[0].line, at["完成时限"]), datetime.date(2030, 9, 1), format
        ),
    )
    collect(tmp_path / "back")
    for today, late in (("2030-09-30", 0), ("2030-10-01", 1)):
        lines = asked(
            run,
            "progress",
            str(tmp_path / "p.yaml"),
            "-p",
            str(small),
            "--by",
            "task",
            "--today",
            today,
        )
        assert sum(line["overdue"] for line in lines) == late


def test_a_sheet_whose_last_cell_is_far_away_is_read(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    edited(rows[0].file, lambda sheet, top, at: put(sheet.cell(1_048_576, 16_384), " "))
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == words_for(rows)


def test_a_formula_without_a_value_is_kept_as_it_is_written(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]

    def write(sheet, top, at):
        sheet.cell(rows[0].line, at["进展情况"]).value = "=1+1"
        where = f"{get_column_letter(at['进展情况'])}{rows[1].line}"
        sheet[where] = ArrayFormula(where, "=SUM(A1:A2*2)")

    edited(rows[0].file, write)
    collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == {
        rows[0].key: {"progress": "=1+1"},
        rows[1].key: {"progress": "=SUM(A1:A2*2)"},
    }


@pytest.mark.parametrize("cells", [[], [None, None, None], ["made-up", "x", None]])
def test_a_sheet_whose_hidden_sheet_was_emptied_is_not_passed_over(small, collect, tmp_path, cells):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    book = openpyxl.load_workbook(rows[0].file)
    book["plancli"].delete_rows(1, 9)
    for column, text in enumerate(cells, 1):
        book["plancli"].cell(1, column).value = text
    book.save(rows[0].file)
    collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == words_for(rows)


@pytest.mark.parametrize("body", ["甲\n局", " ", "甲\t局", "甲_x0007_局", "~"])
def test_what_stands_in_the_hidden_sheet_spoils_nothing(small, collect, run, tmp_path, body):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    edited(
        rows[0].file,
        lambda sheet, top, at: put(sheet.cell(rows[-1].line + 1, at["进展情况"]), "另有一事"),
    )
    book = openpyxl.load_workbook(rows[0].file)
    book["plancli"]["C1"].value = body
    book.save(rows[0].file)
    collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == words_for(rows)
    assert run("progress", str(tmp_path / "p.yaml"), "-p", str(small))[0] == 0


@pytest.mark.parametrize(
    "when", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z"]
)
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_clock_that_is_wrong_stops_nothing(small, collect, tmp_path, monkeypatch, when, zone):
    key = keys_of(small)[0]
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        collect(reported(small, tmp_path / "back", when, {key: {"progress": "说"}}))
        collect(reported(small, tmp_path / "again", when, {key: {"progress": "再说"}}))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert {json.loads(text)["progress"] for *_key, text in every(tmp_path / "p.yaml")} == {
        "说",
        "再说",
    }


def test_what_programs_leave_beside_a_sheet_is_not_told(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    for name in ("~$甲局.xlsx", ".~lock.甲局.xlsx#", ".DS_Store", "._甲局.xlsx"):
        (tmp_path / "back" / name).write_bytes(b"x")
    assert collect(tmp_path / "back") == []


def test_the_progress_file_may_lie_in_the_folder(small, run, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    progress = tmp_path / "back" / "进展.yaml"
    for _time in range(2):
        assert found(collected(run, tmp_path / "back", progress, "-p", str(small)), "missing") == []
    assert said(progress) == words_for(rows)


def test_what_was_said_of_a_task_that_is_gone_stays_and_is_told(small, run, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(small))
    new = tmp_path / "new.yaml"
    new.write_text(
        small.read_text("utf-8").replace("第3项任务丙丙丙。", "第3项任务改了。"), "utf-8"
    )
    assert run("pack", str(tmp_path / "next"), "-p", str(new))[0] == 0
    collected(run, tmp_path / "next", tmp_path / "p.yaml", "-p", str(new))
    assert said(tmp_path / "p.yaml") == words_for(rows)
    code, _out, err = run("progress", str(tmp_path / "p.yaml"), "-p", str(new))
    assert (code, "甲局" in err) == (0, True)


def test_excel_s_way_of_writing_a_return_is_undone(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, {rows[0].key: {"progress": "一_x000D_\n二", "problem": "_x005F_x0041_"}})
    collect(tmp_path / "back")
    (now,) = said(tmp_path / "p.yaml").values()
    assert now["progress"].replace("\r\n", "\n") == "一\n二"
    assert now["problem"] == "_x0041_"


def test_a_column_without_a_heading_is_kept(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    edited(rows[0].file, lambda sheet, top, at: put(sheet.cell(rows[1].line, 14), "写在表外"))
    collect(tmp_path / "back")
    assert "写在表外" in (tmp_path / "p.yaml").read_text("utf-8")
    assert said(tmp_path / "p.yaml") == words_for(rows)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("责任分工（原文）", "责任分工"),
        ("工作任务", "重点工作任务"),
        ("责任", "责任类型"),
        ("序号", "编 号"),
    ],
)
def test_a_heading_written_anew_is_no_report(small, collect, tmp_path, old, new):
    rows = copied(small, tmp_path / "back")["甲局"]
    edited(rows[0].file, lambda sheet, top, at: put(sheet.cell(top, at[old]), new))
    lines = collect(tmp_path / "back", without=())
    assert said(tmp_path / "p.yaml") == {}
    assert ("missing", "甲局") in {(each.kind, each.body) for each in lines}


def test_two_columns_of_one_heading_are_both_kept(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))

    def add(sheet, top, at):
        for column, text in ((12, "甲说"), (13, "乙说")):
            put(sheet.cell(top, column), "备注")
            put(sheet.cell(rows[0].line, column), text)

    edited(rows[0].file, add)
    collect(tmp_path / "back")
    (more,) = [
        each["now"]["more"]
        for each in read(tmp_path / "p.yaml")["reports"]
        if each["now"].get("more")
    ]
    assert [each["text"] for each in more] == ["甲说", "乙说"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04" + bytes(90),
        random.Random(1).randbytes(999),
        "表".encode(),
    ],
    ids=len,
)
def test_what_is_no_workbook_is_told_and_stops_nothing(small, collect, tmp_path, data):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    (tmp_path / "back" / "坏.xlsx").write_bytes(data)
    (tmp_path / "back" / "坏.et").write_bytes(data)
    assert collect(tmp_path / "back") == [
        Finding("strange", "", "", "坏.xlsx"),
        Finding("unread", "", "", "坏.et"),
    ]
    assert said(tmp_path / "p.yaml") == words_for(rows)


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
        "docProps/core.xml",
    ],
)
def test_a_workbook_with_a_broken_part_stops_nothing(small, collect, tmp_path, part):
    bodies = copied(small, tmp_path / "back")
    fill(bodies["甲局"], words_for(bodies["甲局"]))
    file = bodies["乙局"][0].file
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert part in parts
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data[: len(data) // 2] if name == part else data)
    assert {(each.kind, each.file) for each in collect(tmp_path / "back")} <= {
        ("strange", "乙局.xlsx")
    }
    assert said(tmp_path / "p.yaml") == words_for(bodies["甲局"])


def test_a_folder_without_sheets_is_said(run, tmp_path):
    for folder in (tmp_path / "none", tmp_path / "file"):
        (tmp_path / "file").write_text("mine")
        code, _out, err = run("collect", str(folder), "-o", str(tmp_path / "p.yaml"))
        assert (code, "hint:" in err) == (1, True)
        assert not (tmp_path / "p.yaml").exists()


def test_states_are_known_in_other_words(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    states = ["进行中", "正在推进", "完成", "办结", "差不多", "已 完成"]
    fill(rows, {row.key: {"state": state} for row, state in zip(rows, states, strict=True)})
    assert collect(tmp_path / "back") == [
        Finding("unknown", "甲局", rows[4].cells["序号"], "甲局.xlsx")
    ]
    assert [now["state"] for now in said(tmp_path / "p.yaml").values()] == states


def test_sheets_sent_out_with_a_filter_come_back_with_it(run, tmp_path):
    assert run("pack", str(tmp_path / "back"), "-s", "2.3")[0] == 0
    rows = rows_of(tmp_path / "back")
    fill(rows, words_for(rows))
    assert found(collected(run, tmp_path / "back", tmp_path / "p.yaml", "-s", "2.3")) == []
    assert said(tmp_path / "p.yaml") == words_for(rows)


def dated_plan(folder, deadlines):
    """Write a made-up plan of tasks with these deadlines, all of one body."""
    return plan_file(
        folder,
        [
            (str(no), f"第{no}项任务。", ["甲局"], [], {"deadline": text} if text else {})
            for no, text in enumerate(deadlines, 1)
        ],
    )


def test_the_plan_s_deadline_is_filled_in_and_is_no_report(run, tmp_path):
    file = dated_plan(tmp_path, ["6月底前", "", "年底", "持续推进"])
    assert run("pack", str(tmp_path / "back"), "-p", str(file))[0] == 0
    rows = rows_of(tmp_path / "back")
    assert [row.cells["完成时限"] for row in rows] == ["6月底前", "", "年底", "持续推进"]
    lines = collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(file))
    assert found(lines) == [Finding("missing", "甲局", "", "甲局.xlsx")]
    assert said(tmp_path / "p.yaml") == {}
    fill(rows, {rows[0].key: {"due": "9月底前"}, rows[2].key: {"progress": "已开工"}})
    assert found(collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(file))) == [
        Finding("blank", "甲局", no, "甲局.xlsx") for no in "24"
    ]
    latest = said(tmp_path / "p.yaml")
    assert latest.keys() == {rows[0].key, rows[2].key}
    assert latest[rows[0].key] == {"due": "9月底前"}
    assert latest[rows[2].key]["progress"] == "已开工"
    assert latest[rows[2].key].get("due", "年底") == "年底"


def test_a_plan_numbered_anew_takes_its_old_sheets(small, run, tmp_path):
    bodies = copied(small, tmp_path / "back")
    rows = [row for rows in bodies.values() for row in rows]
    fill(rows, words_for(rows))
    said_before = yaml.safe_load(small.read_text("utf-8"))
    tasks = said_before["lists"][0]["tasks"]
    tasks[:] = [
        task_of("1", "新加的任务。", ["甲局"], []),
        *({**task, "no": str(int(task["no"]) + 1)} for task in tasks),
    ]
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(said_before, allow_unicode=True), "utf-8")
    assert run("pack", str(tmp_path / "again"), "-p", str(tmp_path / "new.yaml"))[0] == 0
    assert {row.cells[ID] for row in rows} < {row.cells[ID] for row in rows_of(tmp_path / "again")}
    lines = collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(tmp_path / "new.yaml"))
    wanted = {
        (str(int(no) + 1), body, role): now for (no, body, role), now in words_for(rows).items()
    }
    assert said(tmp_path / "p.yaml") == wanted
    assert {each.kind for each in found(lines)} <= {"stale", "deleted", "blank"}


# What one collection leaves to the next.


def reported(small, folder, when, wanted):
    """Let the small plan's sheets come back in *folder*, saved at *when*."""
    bodies = copied(small, folder)
    for rows in bodies.values():
        if any(row.key in wanted for row in rows):
            fill(rows, wanted)
            saved_at(rows[0].file, when)
    return folder


def keys_of(small):
    return [row.key for row in rows_of(small.parent / "out")]


def test_collecting_twice_changes_no_byte(by_body, run, tmp_path):
    (tmp_path / "back").mkdir()
    tampered(by_body, tmp_path / "back", 7)
    first = collected(run, tmp_path / "back", tmp_path / "p.yaml")
    before = (tmp_path / "p.yaml").read_bytes()
    assert collected(run, tmp_path / "back", tmp_path / "p.yaml") == first
    assert (tmp_path / "p.yaml").read_bytes() == before


def random_words(small, chance, mark):
    return {
        key: {"progress": f"{mark}报{chance.randrange(3)}"}
        for key in keys_of(small)
        if chance.random() < 0.8
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_collecting_does_not_matter(small, run, tmp_path, seed):
    chance = random.Random(seed)
    whens = ["2022-06-30T09:00:00Z", "2022-06-30T10:00:00Z", "2022-12-01T00:00:00Z"]
    typed = [random_words(small, chance, "") for _when in whens]  # some say the same again
    folders = [
        reported(small, tmp_path / f"back{place}", when, words)
        for place, (when, words) in enumerate(zip(whens, typed, strict=True))
    ]
    wanted = typed[0] | typed[1] | typed[2]
    for place, order in enumerate(itertools.permutations(range(3))):
        progress = tmp_path / f"p{place}.yaml"
        for each in order:
            collected(run, folders[each], progress, "-p", str(small))
        assert said(progress) == wanted
        assert every(progress) == {
            (*key, json.dumps(now, ensure_ascii=False, sort_keys=True))
            for words in typed
            for key, now in words.items()
        }


@pytest.mark.parametrize("seed", range(2))
def test_no_report_ever_leaves(small, run, tmp_path, seed):
    chance, before = random.Random(seed), set()
    for count in range(8):
        when = f"2022-{chance.randrange(1, 5):02}-01T00:00:00Z"  # some are saved at one time
        words = random_words(small, chance, str(count % 3))
        folder = reported(small, tmp_path / f"back{count}", when, words)
        collected(run, folder, tmp_path / "p.yaml", "-p", str(small))
        now = every(tmp_path / "p.yaml")
        before |= {
            (*key, json.dumps(each, ensure_ascii=False, sort_keys=True))
            for key, each in words.items()
        }
        assert before <= now
        before = now


def test_no_row_that_is_no_task_s_ever_leaves(small, run, tmp_path):
    last = max(row.line for row in rows_of(small.parent / "out") if row.body == "甲局")
    for count in range(3):
        folder = tmp_path / f"back{count}"
        copied(small, folder)
        edited(
            folder / "甲局.xlsx",
            lambda sheet, _top, at, count=count: put(
                sheet.cell(last + 1, at["进展情况"]), f"另有{count}"
            ),
        )
        for _time in range(2):
            collected(run, folder, tmp_path / "p.yaml", "-p", str(small))
    strays = read(tmp_path / "p.yaml")["strays"]
    assert [each["cells"][-1]["text"] for each in strays] == ["另有0", "另有1", "另有2"]


def test_an_older_return_is_kept_but_not_taken(small, collect, tmp_path):
    key = keys_of(small)[0]
    reported(small, tmp_path / "new", "2022-06-30T10:00:00Z", {key: {"progress": "后说"}})
    reported(small, tmp_path / "old", "2022-06-30T09:00:00Z", {key: {"progress": "先说"}})
    assert collect(tmp_path / "new") == []
    assert collect(tmp_path / "old") == [Finding("older", key[1], key[0], f"{key[1]}.xlsx")]
    (report,) = read(tmp_path / "p.yaml")["reports"]
    assert [words(each) for each in (report["now"], *report["earlier"])] == [
        {"progress": "后说"},
        {"progress": "先说"},
    ]


def test_earlier_reports_stand_with_the_latest_first(small, collect, tmp_path):
    key = keys_of(small)[0]
    for month in (3, 1, 5, 2, 4):
        folder = reported(
            small,
            tmp_path / f"back{month}",
            f"2022-0{month}-01T00:00:00Z",
            {key: {"progress": f"{month}月说"}},
        )
        collect(folder)
    (report,) = read(tmp_path / "p.yaml")["reports"]
    assert [each["progress"] for each in (report["now"], *report["earlier"])] == [
        "5月说",
        "4月说",
        "3月说",
        "2月说",
        "1月说",
    ]


def test_times_are_compared_across_time_zones(small, collect, tmp_path):
    key = keys_of(small)[0]
    collect(reported(small, tmp_path / "one", "2022-06-30T09:00:00Z", {key: {"progress": "先说"}}))
    file = tmp_path / "p.yaml"
    (report,) = read(file)["reports"]
    file.write_text(
        file.read_text("utf-8").replace(report["now"]["when"], "2022-06-30T17:00:00+08:00"), "utf-8"
    )
    assert (
        collect(
            reported(small, tmp_path / "two", "2022-06-30T10:00:00Z", {key: {"progress": "后说"}})
        )
        == []
    )
    assert said(file) == {key: {"progress": "后说"}}


def test_a_file_that_says_no_time_has_the_file_system_s(small, collect, tmp_path):
    key = keys_of(small)[0]
    reported(small, tmp_path / "back", "2022-06-30T09:00:00Z", {key: {"progress": "说"}})
    file = tmp_path / "back" / f"{key[1]}.xlsx"
    with zipfile.ZipFile(file) as package:
        parts = {
            name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"
        }
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(
                name, re.sub(rb"<(Override|Relationship)[^>]*core\.xml[^>]*>", b"", data)
            )
    os.utime(file, (1_656_579_600, 1_656_579_600))  # 2022-06-30 09:00 UTC
    collect(tmp_path / "back")
    (report,) = read(tmp_path / "p.yaml")["reports"]
    when = datetime.datetime.fromisoformat(report["now"]["when"])
    assert when == datetime.datetime(2022, 6, 30, 9, tzinfo=datetime.UTC)


def test_edits_by_hand_survive(small, collect, tmp_path):
    one, two, *_rest = keys_of(small)
    first = reported(
        small,
        tmp_path / "one",
        "2022-06-30T09:00:00Z",
        {one: {"progress": "原话"}, two: {"progress": "再说"}},
    )
    collect(first)
    file = tmp_path / "p.yaml"
    held = read(file)
    report = next(
        each for each in held["reports"] if (each["no"], each["body"], each["role"]) == one
    )
    report["now"]["progress"] = "手改的话"
    report.setdefault("earlier", []).append(
        {"progress": "电话里说的", "when": "2022-01-01T00:00:00+08:00"}
    )
    held["reports"].append(
        {
            "id": "byhand",
            "plan": "other",
            "no": "9",
            "body": "某局",
            "role": "lead",
            "task": "别的",
            "now": {"state": "已完成"},
        }
    )
    held.setdefault("strays", []).append(
        {"file": "x.xlsx", "cells": [{"column": "备注", "text": "手记"}]}
    )
    file.write_text(yaml.safe_dump(held, allow_unicode=True, sort_keys=False), "utf-8")
    collect(first)
    assert said(file)[one] == {"progress": "手改的话"}
    after = collect(
        reported(small, tmp_path / "two", "2022-07-30T09:00:00Z", {one: {"progress": "七月说的"}})
    )
    assert after == []
    texts = {
        json.loads(text).get("progress")
        for no, body, role, text in every(file)
        if (no, body, role) == one
    }
    assert {"七月说的", "手改的话", "电话里说的"} <= texts
    assert said(file)[("9", "某局", "lead")] == {"state": "已完成"}
    assert any({"column": "备注", "text": "手记"} in each["cells"] for each in read(file)["strays"])


def test_collect_changes_the_progress_file_alone(small, run, tmp_path, monkeypatch):
    shutil.copy(small, tmp_path / "plan.yaml")
    key = keys_of(small)[0]
    reported(small, tmp_path / "back", "2022-06-30T09:00:00Z", {key: {"progress": "说"}})
    before = held(tmp_path)
    monkeypatch.chdir(tmp_path / "back")
    assert run("collect", ".", "-p", str(tmp_path / "plan.yaml"))[0] == 0
    after = held(tmp_path)
    assert after.keys() - before.keys() == {Path("plan.progress.yaml")}
    assert {name: after[name] for name in before} == before
    assert said(tmp_path / "plan.progress.yaml") == {key: {"progress": "说"}}
    rows = asked(run, "progress", "-p", str(tmp_path / "plan.yaml"), "--by", "task")
    assert [row["progress"] for row in rows if row["agency"] == key[1] and row["no"] == key[0]] == [
        "说"
    ]


def test_the_shipped_plan_s_progress_is_kept_here(by_body, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "back").mkdir()
    back = tampered(by_body, tmp_path / "back", 3)
    before = files.SHIPPED.read_bytes(), sorted(files.SHIPPED.parent.iterdir())
    assert run("collect", "back")[0] == 0
    assert said(tmp_path / "plancli.progress.yaml") == back.wanted
    assert (files.SHIPPED.read_bytes(), sorted(files.SHIPPED.parent.iterdir())) == before
    assert run("progress")[0] == 0


GOOD = """reports:
- id: abc
  plan: made-up
  'no': '1'
  body: 甲局
  role: lead
  task: 某事
  now: {state: 推进中}
"""
DAMAGED = [
    ("reports: [\n", 1), ("reports: 3\n", 1), ("- 1\n", 1), (GOOD.replace("role: lead", "role: boss"), 6), (GOOD.replace("  body: 甲局\n", ""), 2),
    (GOOD + "  extra: 1\n", 9), (GOOD.replace("推进中}", "推进中, when: 昨天}"), 8), (GOOD.replace("推进中}", "[推进中]}"), 8), (GOOD + GOOD.split("\n", 1)[1], 9),
    (GOOD.replace("task: 某事", "task: *a"), 7), (GOOD + "strays:\n- cells: 3\n", 10), (GOOD.replace("reports:", "report:"), 1), ("reports:\n\t- x\n", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), DAMAGED)
def test_a_damaged_progress_file_is_told_with_its_line_and_left_alone(
    small, run, tmp_path, text, line
):
    file = tmp_path / "p.yaml"
    file.write_text(text, "utf-8")
    reported(
        small, tmp_path / "back", "2022-06-30T09:00:00Z", {keys_of(small)[0]: {"progress": "说"}}
    )
    for argv in (["collect", str(tmp_path / "back"), "-o", str(file)], ["progress", str(file)]):
        code, out, err = run(*argv, "-p", str(small))
        assert (code, out) == (4, "")
        (at,) = re.findall(r"p\.yaml:(\d+)", err)
        assert abs(int(at) - line) <= 1
    assert file.read_text("utf-8") == text


def test_what_is_no_progress_file_is_never_overwritten(small, run, tmp_path):
    reported(
        small, tmp_path / "back", "2022-06-30T09:00:00Z", {keys_of(small)[0]: {"progress": "说"}}
    )
    shutil.copy(small, tmp_path / "plan.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.yaml").mkdir()
    before = held(tmp_path)
    for name, codes in (
        ("plan.yaml", {1, 4}),
        ("bytes.yaml", {4}),
        ("folder.yaml", {1, 4}),
        ("none/p.yaml", {1}),
        ("back/甲局.xlsx", {1, 4}),
    ):
        code, _out, err = run(
            "collect",
            str(tmp_path / "back"),
            "-o",
            str(tmp_path / name),
            "-p",
            str(tmp_path / "plan.yaml"),
        )
        assert code in codes, name
        assert "error:" in err
        assert held(tmp_path) == before


def test_a_full_disk_leaves_the_old_progress_file(small, run, tmp_path):
    keys = keys_of(small)
    first = reported(small, tmp_path / "one", "2022-06-30T09:00:00Z", {keys[0]: {"progress": "说"}})
    second = reported(
        small,
        tmp_path / "two",
        "2022-07-30T09:00:00Z",
        {key: {"progress": "长" * 3000} for key in keys},
    )
    collected(run, first, tmp_path / "p.yaml", "-p", str(small))
    before = held(tmp_path)
    done = small_files_only(
        "collect", second, "-o", tmp_path / "p.yaml", "-p", small, most=20_000, cwd=tmp_path
    )
    assert (done.returncode, b"error:" in done.stderr) == (1, True)
    assert held(tmp_path) == before


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
    for list_, section, task in entries(plan):
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
}  # fmt: skip
NEVER = ["持续推进", "长期", "待定", "", "按上级要求", "持续", "长期坚持"]


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
    report = Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.flatten()


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


def test_a_body_asked_for_is_a_filter_of_tasks(progress, plan, run):
    for argv in (["-a", "省能源局"], ["-a", "合肥市", "--lead"]):
        chosen = {row["no"] for row in asked(run, "list", *argv)}
        lines = by(run, progress[0], "--by", "task", *argv)
        assert Counter(
            (line["no"], line["agency"], line["role"])
            for line in lines
            if line["role"] != "possible"
        ) == Counter(key for key in keys(duties_of(plan)) if key[0] in chosen)


def test_a_progress_file_that_is_not_there_is_said(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for argv in ([], ["p.yaml"]):
        code, out, err = run("progress", *argv)
        assert (code, out, "hint:" in err) == (1, "", True)
    assert list(tmp_path.iterdir()) == []


# The file itself.

CELLS = st.text(
    st.characters(exclude_categories=("Cs",))
    | st.sampled_from(" \n\r\t'\"#:-~|>[]{},&*!%@`\\\x85\u2028\ufeff\x00"),
    max_size=12,
)


@given(
    st.lists(
        CELLS | st.sampled_from([*TEXTS, "_x000A_", "_x0000_", " \n a", "\n", "-\n", "a\n\n"]),
        min_size=7,
        max_size=7,
    )
)
def test_what_a_cell_holds_is_read_back_from_the_file(texts):
    cell = openpyxl.Workbook().active["A1"]
    shown = []
    for text in texts:
        cell._value, cell.data_type = text, "s"
        shown.append(returned._text(cell))
    more = (reports.Extra("备注", shown[5]),) if shown[5] else ()
    now = reports.Said(*shown[:5], more=more, file="甲.xlsx")
    strays = (reports.Stray("乙.xlsx", (reports.Extra("工作任务", shown[6]),)),) if shown[6] else ()
    whole = reports.Progress(
        (reports.Report("a", "p", "1", "甲局", "lead", "某事", now, (now, now)),), strays
    )
    assert reports.loads(reports.dumps(whole), "p.yaml") == whole
    for text, held in zip(texts, shown, strict=True):
        assert held == "" or held.strip()
        if text.isprintable():
            assert held == unescape(text).rstrip() or "_x" in text


@given(
    st.lists(CELLS, min_size=8, max_size=8),
    st.sampled_from(["", "2022-06-30", "2022-06-30T17:00:00+08:00", "x"]),
)
def test_what_is_read_is_written_and_read_again(texts, when):
    now = {
        key: text
        for key, text in zip(
            ("state", "progress", "due", "problem", "contact", "file"), texts[:6], strict=True
        )
        if text
    }
    now |= {"when": when} if when else {}
    whole = {
        "reports": [
            {
                "id": "a",
                "plan": "p",
                "no": "1",
                "body": texts[6],
                "role": "lead",
                "task": texts[7],
                "now": now,
                "earlier": [now],
            }
        ],
        "strays": [{"file": "x", "cells": [{"column": "c", "text": texts[0]}]}],
    }
    raw = yaml.safe_dump(whole, allow_unicode=True).encode("utf-8", "surrogatepass")
    try:
        told = reports.loads(raw, "p.yaml")
    except BadPlan:
        return
    written = reports.dumps(told)
    assert reports.loads(written, "p.yaml") == told
    assert reports.dumps(reports.loads(written, "p.yaml")) == written
