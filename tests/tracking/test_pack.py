"""Sheets out: each duty goes out once, in files that open everywhere, whatever the plan says."""

import itertools
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from plancli.plan.model import iter_tasks
from plancli.plan.scope import get_scope
from plancli.results.roles import Role
from plancli.text.normalize import normalize_key
from tests.conftest import SMALL
from tests.sheets import (
    FILL,
    ID,
    INDEX,
    PLAN_S,
    STATES,
    asked,
    below,
    collected,
    duties_of,
    edited,
    fill,
    found,
    held,
    index_of,
    pack_once,
    plan_file,
    put,
    read,
    rows_of,
    said,
    sheet_of,
    small_files_only,
)

pytestmark = pytest.mark.slow

# What was sent out.


def linked(folder, link):
    """Return the file that a link of the index opens."""
    return folder / unquote(link.target).replace("\\", "/")


def printed(row):
    return (
        *(row.cells[each] for each in ("序号", "工作任务", "责任分工（原文）")),
        row.body,
        row.cells["责任"],
    )


def test_every_duty_goes_out_once(sent, plan):
    rows = Counter(printed(row) for row in sent if row.role != "possible")
    assert rows == Counter(duties_of(plan))
    assert {*rows.values()} == {1}


def list_agencies(known, plan):
    """Return every agency that the plan may name."""
    return get_scope(known).get_registry(plan).agencies


def test_possible_rows_are_what_agency_says(by_body, known, plan, run):
    for agency in list_agencies(known, plan):
        wanted = asked(run, "agency", agency.name, "--possible")
        rows = [row for row in by_body.get(agency.name, []) if row.role == "possible"]
        assert [(row.cells["序号"], row.cells["工作任务"]) for row in rows] == [
            (each["no"], each["text"]) for each in wanted
        ]
        for row, each in zip(rows, wanted, strict=True):
            assert all(phrase in row.cells["责任"] for phrase in each["through"])


def test_a_sheet_begins_with_what_its_body_leads(by_body, plan):
    order = [entry.task.no for entry in iter_tasks(plan)]
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
        assert sheet.print_title_rows.replace("$", "") == f"{top}:{top}"


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
    kinds = {agency.name: agency.kind for agency in list_agencies(known, plan)}
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
    for line, entry in zip(below(sheet, "序号"), iter_tasks(plan), strict=True):
        row = {head: str(cell.value or "") for head, cell in zip(heads, line, strict=True)}
        assert [row[each] for each in ("序号", "工作任务", "责任分工（原文）")] == [
            entry.task.no,
            entry.task.text,
            entry.task.clause,
        ]
        assert row["牵头单位"].removesuffix("等") == "、".join(
            entry.task.get_agency_names(Role.LEAD)
        )
        assert row["参与、负责单位"].removesuffix("等") == "、".join(
            entry.task.get_agency_names(Role.PARTICIPATE)
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


def test_word_files_have_the_same_rows_and_bytes(sent, run, tmp_path):
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
    [["--section", "2.3"], ["-k", "科创"], ["-r", "皖北", "-s", "二"], ["-r", "皖北", "--role", "participate"]],
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
        for agency in list_agencies(known, plan)
        for each in asked(run, "agency", agency.name, "--possible")
        if each["no"] in chosen
    }


@pytest.mark.parametrize(
    ("argv", "bodies", "roles"),
    [
        ([], ["省能源局"], "牵头 参与 负责"),
        (["--lead"], ["省科技厅"], "牵头"),
        ([], ["省发展改革委", "合肥市人民政府"], "牵头 参与 负责"),
        (["--role", "participate"], ["有关市人民政府"], "参与 负责"),
    ],
)
def test_a_body_asked_for_gets_its_own_sheet_and_no_other_does(
    run, tmp_path, plan, argv, bodies, roles
):
    asked_for = [word for body in bodies for word in ("-a", body)]
    assert run("pack", str(tmp_path / "out"), *asked_for, *argv)[0] == 0
    rows = rows_of(tmp_path / "out")
    own = (each for each in duties_of(plan) if each[3] in bodies and each[4] in roles.split())
    assert Counter(printed(row) for row in rows if row.role != "possible") == Counter(own)
    possible = Counter(row.body for row in rows if row.role == "possible")
    all_may = {body: len(asked(run, "agency", body, "--possible")) for body in bodies}
    assert possible == Counter({} if argv else {body: n for body, n in all_may.items() if n})


def test_what_is_said_of_the_files_is_so(run, tmp_path):
    file = plan_file(tmp_path, [("1", "某事。", ["可能涉及办"], ["甲局"])])
    _code, _out, err = run("pack", str(tmp_path / "out"), "-p", str(file))
    assert re.search(r"sheets written to .*: 2\n", err)


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
# Names that differ only in case, width or what nobody sees are one agency.
BODIES = {normalize_key(name) for name in NAMES}
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    tasks = [
        (str(no), f"{name}第{no}项任务。", [name], [NAMES[no - 2]])
        for no, name in enumerate(NAMES, 1)
    ]
    file = plan_file(folder, tasks, title="=HYPERLINK(1)")
    pack_once(tmp_path_factory, folder / "out", "--docx", "-p", str(file))
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
    assert sorted(normalize_key(line[0]) for line in index) == sorted(BODIES)
    files = [linked(folder, link) for *_said, link in index]
    assert len({*files}) == len(BODIES)
    assert not any(link.location for *_said, link in index)
    assert all(file.is_file() and file.parent == folder for file in files)
    rows = rows_of(folder)
    assert len(rows) == 2 * len(NAMES)
    assert all(
        any(
            normalize_key(name) == normalize_key(row.body) and str(no) == row.cells["序号"]
            for no, name in enumerate(NAMES, 1)
        )
        or row.role == "participate"
        for row in rows
    )


def test_no_cell_is_a_formula(hostile):
    files = list((hostile.parent / "out").rglob("*.xlsx"))
    assert len(files) == len(BODIES) + 1  # and the index
    for file in files:
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
