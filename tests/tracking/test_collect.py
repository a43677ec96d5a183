"""Sheets back: what people wrote comes back once, whatever they did to the files."""

import copy
import datetime
import json
import random
import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from plancli.system import files
from plancli.tracking import sheet_reader, unread_files
from tests import odd
from tests.sheets import (
    ID,
    Finding,
    asked,
    collected,
    copied,
    dated_plan,
    edited,
    every,
    fill,
    found,
    keys_of,
    lines_of,
    put,
    read,
    reported,
    rows_of,
    said,
    saved_at,
    sheet_of,
    tampered,
    task_of,
    words,
)

pytestmark = pytest.mark.slow

SOFFICE = shutil.which("soffice")


# What comes back.


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
    assert found(lines, "undated") == sorted(
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
    text = files.DEFAULT_PLAN.read_text("utf-8")
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


def test_rows_of_tasks_that_are_gone_are_kept_only_where_something_is_written(small, run, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, {rows[0].key: {"progress": "已开工"}})
    new = tmp_path / "new.yaml"
    new.write_text(small.read_text("utf-8").replace("项任务", "项新任务"), "utf-8")
    argv = ("-p", str(new), "-o", str(tmp_path / "p.yaml"))
    assert run("collect", str(tmp_path / "back"), *argv)[0] == 0
    (stray,) = read(tmp_path / "p.yaml")["strays"]
    assert {"column": "进展情况", "text": "已开工"} in stray["cells"]
    book = openpyxl.load_workbook(rows[0].file)
    book.save(rows[0].file)  # at another time
    assert run("collect", str(tmp_path / "back"), *argv)[0] == 0
    assert read(tmp_path / "p.yaml")["strays"] == [stray]


def test_a_filter_tells_only_of_those_asked_for(small, collect, tmp_path):
    copied(small, tmp_path / "back")
    lines = collect(tmp_path / "back", "-a", "甲局", without=())
    assert {line.body for line in lines} == {"甲局"}


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("6月底", False),
        ("持续推进", False),
        ("每月5日前", True),
        ("6月底前完成初稿", True),
        ("9.30", True),
    ],
)
def test_a_deadline_that_no_day_is_read_from_is_told(small, collect, tmp_path, due, told):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, {rows[0].key: {"due": due}})
    kinds = [line.kind for line in collect(tmp_path / "back")]
    assert kinds == ["undated"] * told


def test_of_two_rows_in_one_sheet_the_one_that_holds_is_named(small, run, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]

    def again(sheet, _top, at):
        for name, column in at.items():
            put(sheet.cell(rows[-1].line + 1, column), rows[0].cells.get(name, ""))
        put(sheet.cell(rows[0].line, at["进展情况"]), "一是")
        put(sheet.cell(rows[-1].line + 1, at["进展情况"]), "二是")

    edited(rows[0].file, again)
    (line,) = collected(
        run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(small), "-a", "甲局"
    )[:1]
    now = next(
        each for each in read(tmp_path / "p.yaml")["reports"] if each["no"] == rows[0].cells["序号"]
    )
    assert (line["kind"], line["line"]) == ("conflict", rows[0].line)
    assert f":{rows[0].line} is used" in line["what"]
    assert (now["now"]["progress"], now["earlier"][0]["progress"]) == ("一是", "二是")


def test_blanks_are_nothing(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(
        rows,
        {row.key: {"progress": "  ", "problem": "\n", "contact": "\u3000\u00a0"} for row in rows},
    )
    fill(rows[:1], {rows[0].key: {"progress": "\u200b", "state": "\ufeff\u2060"}})
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


def test_a_clock_that_is_ahead_is_told_in_plain_words(small, run, tmp_path):
    wanted = {keys_of(small)[0]: {"progress": "说"}}
    back = reported(small, tmp_path / "back", "2999-06-15T12:00:00Z", wanted)
    lines = collected(run, back, tmp_path / "p.yaml", "-p", str(small))
    (told,) = (line["what"] for line in lines if line["kind"] == "clock")
    assert re.fullmatch(
        r"saved on 2999-06-1\d \d\d:\d\d, in the future: the time of collecting is used",
        told,
    )


def test_what_programs_leave_beside_a_sheet_is_not_told(small, collect, tmp_path):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    for name in ("~$甲局.xlsx", ".~lock.甲局.xlsx#", ".DS_Store", "._甲局.xlsx"):
        (tmp_path / "back" / name).write_bytes(b"x")
    assert collect(tmp_path / "back") == []


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", "ehthumbs.db", "desktop.ini", "~WRL0001.tmp", "~$甲局.doc", ".DS_Store", "甲局.lnk",
     "__MACOSX/甲局.xlsx", "$RECYCLE.BIN/甲局.xlsx", "@eaDir/甲局.xlsx", ".旧/甲局.xlsx"],
)  # fmt: skip
def test_what_systems_leave_in_a_folder_is_not_told(small, collect, tmp_path, name):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    left = tmp_path / "back" / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"x")
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == words_for(rows)


# Files that are no workbook, or an odd one.

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le")
CANNOT = {
    "甲局.xls": OLE, "甲局.et": OLE, "甲局.wps": OLE, "甲局.doc": OLE, "甲局.csv": b"a,b\n", "甲局.pdf": b"%PDF-1.7",
    "甲局.zip": b"PK\3\4", "甲局.rar": b"Rar!\x1a\x07", "甲局.jpg": b"\xff\xd8\xff", "甲局.png": b"\x89PNG\r\n",
    "甲局.html": b"<table>", "甲局.txt": b"x", "甲局": b"x", "甲 局（终稿）2.xls": OLE, "甲局/反馈.xls": OLE,
    "甲局致乙局.xls": OLE, "关于甲局.xls": OLE,
}  # fmt: skip
STRANGE = {
    "甲局.xlsx": OLE, "甲局（2）.xlsx": b"<html>", "甲局.xlsm": LOCKED, "2甲局.xlsx": b"PK\3\4",
    "甲局/a.xlsx": b"",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [(kind, *each) for kind, all in (("unread", CANNOT), ("strange", STRANGE)) for each in all.items()],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
@pytest.mark.parametrize("blank", [False, True])
def test_an_agency_whose_file_cannot_be_read_has_answered(
    small, run, tmp_path, kind, name, data, blank
):
    back = tmp_path / "back"
    own = copied(small, back)["甲局"][0].file
    own.replace(back / "空白.xlsx") if blank else own.unlink()
    (back / name).parent.mkdir(exist_ok=True)
    (back / name).write_bytes(data)
    lines = collected(run, back, tmp_path / "p.yaml", "-p", str(small))
    told = [line for line in lines if line["agency"] == "甲局"]
    assert [(line["kind"], line["file"]) for line in told] == [(kind, name)]
    assert "returned" in told[0]["what"]
    assert {line["agency"] for line in lines if line["kind"] == "missing"} == {"乙局", "丙局"}


@pytest.mark.parametrize("name", ["甲局.docx", "甲局.xlsx.wps", "甲局.doc", "甲局.bin"])
def test_of_a_word_document_the_sheet_is_asked_for_again(tmp_path, name):
    file = tmp_path / name
    if name.endswith(("docx", "bin")):  # by its bytes, whatever its name
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("[Content_Types].xml", "<Types/>")
            packed.writestr("word/document.xml", "<document/>")
    else:
        file.write_bytes(OLE)
    assert "it is a Word document: ask for the sheet itself" in unread_files.choose_advice(file)


@pytest.mark.parametrize("name", ["甲局和乙局.xls".replace("甲", "与甲"), "通知.xls", "丁局.xls"])
def test_a_file_that_is_named_after_no_one_agency_is_nobody_s(small, run, tmp_path, name):
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / name).write_bytes(OLE)
    lines = collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(small))
    assert found(lines, "missing") == [Finding("unread", "", "", name)]
    assert {line["agency"] for line in lines if line["kind"] == "missing"} == {
        "甲局",
        "乙局",
        "丙局",
    }


def test_a_table_of_an_agency_s_own_is_no_sheet_but_an_answer(small, run, tmp_path):
    back = tmp_path / "back"
    file = copied(small, back)["甲局"][0].file
    book = openpyxl.Workbook()
    book.active.append(["事项", "说明"])
    book.save(file)
    lines = collected(run, back, tmp_path / "p.yaml", "-p", str(small))
    assert found(lines, "missing") == [Finding("strange", "甲局", "", "甲局.xlsx")]
    assert {line["agency"] for line in lines if line["kind"] == "missing"} == {"乙局", "丙局"}


@pytest.mark.parametrize("name", ["甲局.xls", "甲局.et", "甲局", "甲局.XLSX"])
@pytest.mark.parametrize("change", [None, *odd.SHEETS])
def test_an_odd_workbook_is_read_whatever_it_is_called(small, collect, tmp_path, change, name):
    rows = copied(small, tmp_path / "back")["甲局"]
    fill(rows, words_for(rows))
    if change:
        parts = odd.unpacked(rows[0].file.read_bytes())
        changed = odd.SHEETS[change](parts)
        assert changed != parts
        rows[0].file.write_bytes(odd.packed(changed))
    rows[0].file.replace(tmp_path / "back" / name)
    assert collect(tmp_path / "back") == []
    assert said(tmp_path / "p.yaml") == words_for(rows)


@pytest.mark.parametrize("change", odd.SHEETS)
def test_an_odd_workbook_says_what_it_said(small, tmp_path, change):
    """With cells that share their texts."""
    now = datetime.datetime.now(datetime.UTC)
    plain, file = small.parent / "out" / "甲局.xlsx", tmp_path / "a.xlsx"
    parts = odd.with_shared_texts(odd.unpacked(plain.read_bytes()))
    assert parts["xl/sharedStrings.xml"].count(b"<si>") > 20
    file.write_bytes(odd.packed(odd.SHEETS[change](parts)))
    wanted, given = sheet_reader.read_sheet(plain, now), sheet_reader.read_sheet(file, now)
    assert (given.rows, given.agency, given.versions) == (
        wanted.rows,
        wanted.agency,
        wanted.versions,
    )


def test_a_part_of_a_workbook_that_is_missing_is_told_in_plain_words(small, run, tmp_path):
    file = copied(small, tmp_path / "back")["甲局"][0].file
    whole = odd.with_shared_texts(odd.unpacked(file.read_bytes()))
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        for parts in (odd.without(name)(whole), {**whole, name: odd.BROKEN}):
            file.write_bytes(odd.packed(parts))
            lines = collected(run, tmp_path / "back", tmp_path / "p.yaml", "-p", str(small))
            (line,) = [each for each in lines if each["kind"] == "strange"]
            assert line["agency"] == "甲局"
            assert re.search("is missing|it is damaged", line["what"])


def test_the_time_of_a_cell_is_that_of_its_form(small, collect, tmp_path):
    """Of styles of which nothing but the form of numbers can be read."""
    rows = copied(small, tmp_path / "back")["甲局"]
    edited(
        rows[0].file,
        lambda sheet, top, at: put(
            sheet.cell(rows[0].line, at["完成时限"]), datetime.date(2030, 9, 30), "yyyy-mm-dd"
        ),
    )
    parts = odd.unpacked(rows[0].file.read_bytes())
    rows[0].file.write_bytes(odd.packed(odd.with_bad_styles(parts)))
    collect(tmp_path / "back")
    assert said(tmp_path / "p.yaml") == {rows[0].key: {"due": "2030-09-30"}}


@pytest.mark.parametrize(
    "formula", ['=_xlfn.DISPIMG("ID_61A4",1)', '=DISPIMG("ID_61A4",1)', '=_xlfn.IMAGE("x")']
)
@pytest.mark.parametrize("typed", [False, True])  # WPS leaves the formula as the cell's value, too
def test_a_picture_in_a_cell_is_told_and_is_no_report(small, run, tmp_path, formula, typed):
    rows = copied(small, tmp_path / "back")["甲局"]

    def draw(sheet, top, at):
        sheet.cell(rows[0].line, at["进展情况"]).value = formula
        if typed:
            put(sheet.cell(rows[0].line, at["进展情况"]), formula)

    edited(rows[0].file, draw)
    argv = ("-p", str(small), "-a", "甲局")
    lines = collected(run, tmp_path / "back", tmp_path / "p.yaml", *argv)
    assert found(lines, "blank") == [Finding("picture", "甲局", rows[0].key[0], "甲局.xlsx")]
    assert said(tmp_path / "p.yaml") == {rows[0].key: {}}
    (report,) = read(tmp_path / "p.yaml")["reports"]
    assert report["now"]["more"] == [{"column": "进展情况", "text": "[图片]"}]
    told = asked(run, "progress", str(tmp_path / "p.yaml"), *argv)
    assert [(line["silent"], line["duties"]) for line in told] == [(6, 6)]


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


# Errors of the spreadsheet.


@pytest.mark.parametrize(
    "error", ["#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"]
)
def test_an_error_in_a_cell_is_told_and_kept_with_what_was_typed(small, collect, tmp_path, error):
    import xlsxwriter

    rows = copied(small, tmp_path / "back")["甲局"]
    rows[0].file.unlink()
    with xlsxwriter.Workbook(str(tmp_path / "back" / "新做的.xlsx")) as book:
        sheet = book.add_worksheet("任意")
        for column, name in enumerate(
            ["工作任务", "进展情况", "完成状态", "存在问题", "联系人", ID]
        ):
            sheet.write_string(0, column, name)
            for line, row in enumerate(rows, 1):
                sheet.write_string(line, column, row.cells.get(name, ""))
        sheet.write_formula(1, 1, "=-已开工", None, error)
        sheet.write_string(2, 1, error)
        sheet.write_formula(3, 3, "=1/0", None, error)
        sheet.write_formula(3, 4, "=甲", None, error)
        for line, text in ((4, f"进度见附件 {error}"), (5, "=-已开工"), (6, "#1 机组投产!")):
            sheet.write_string(line, 1, text)
    assert collect(tmp_path / "back", without=("missing", "blank", "lacking")) == sorted(
        Finding("faulty", "甲局", rows[n].cells["序号"], "新做的.xlsx") for n in (0, 1, 2, 2)
    )
    assert said(tmp_path / "p.yaml") == {
        rows[0].key: {"progress": f"{error} =-已开工"},
        rows[1].key: {"progress": error},
        rows[2].key: {"problem": f"{error} =1/0", "contact": f"{error} =甲"},
        rows[3].key: {"progress": f"进度见附件 {error}"},
        rows[4].key: {"progress": "=-已开工"},
        rows[5].key: {"progress": "#1 机组投产!"},
    }


# Sheets of a plan that is not open.


def last_year_s(small, folder):
    """Write the small plan as last year's, with the same tasks, into *folder*."""
    text = small.read_text("utf-8").replace("2030", "2029")
    assert text.count("id: made-up") == 1
    file = folder / "last.yaml"
    file.write_text(text.replace("id: made-up", "id: made-up-last"), "utf-8")
    return file


@pytest.mark.parametrize("numbered", [True, False])
def test_sheets_of_a_plan_that_is_not_open_are_told_once_each_and_not_taken(
    small, run, tmp_path, numbered
):
    last, back = last_year_s(small, tmp_path), tmp_path / "back"
    assert run("pack", str(back), "-p", str(last))[0] == 0
    rows = rows_of(back)
    fill(rows, words_for(rows))
    for file in {row.file for row in rows}:
        edited(
            file, lambda sheet, top, at: put(sheet.cell(sheet.max_row + 1, at["进展情况"]), "另有")
        )
        if not numbered:
            edited(file, lambda sheet, top, at: sheet.delete_cols(at[ID]))
    copied(small, tmp_path / "own")
    (tmp_path / "own" / "乙局.xlsx").replace(back / "今年的.xlsx")
    lines = collected(run, back, tmp_path / "p.yaml", "-p", str(small))
    assert found(lines) == sorted([
        *(Finding("unopened", body, "", f"{body}.xlsx") for body in ("甲局", "乙局", "丙局")),
        *(Finding("missing", body, "", "") for body in ("甲局", "丙局")),
        Finding("missing", "乙局", "", "今年的.xlsx"),
    ])  # fmt: skip
    for line in lines:
        told = [
            word in line["what"] for word in ("made-up-last", "某省2029年演练工作要点", "--plan")
        ]
        assert set(told) == {line["kind"] == "unopened"}
    assert not read(tmp_path / "p.yaml")
    # told once more, with all that can be done; with that plan, all is taken
    code, _out, err = run("collect", str(back), "-o", str(tmp_path / "p.yaml"), "-p", str(small))
    assert (code, err.count("made-up-last"), "PLANCLI_PLAN" in err) == (0, 1, True)
    assert "sheets read: 1;" in err
    collected(run, back, tmp_path / "q.yaml", "-p", str(last))
    assert said(tmp_path / "q.yaml") == words_for(rows)


@pytest.mark.parametrize("gone", [[], ["计划"], [ID], ["计划", ID]], ids=str)
def test_of_a_sheet_of_two_plans_the_rows_of_the_open_one_are_taken(small, run, tmp_path, gone):
    last, back = last_year_s(small, tmp_path), tmp_path / "back"
    if len(gone) == 2:  # else the words are the same, and decide nothing
        last.write_text(last.read_text("utf-8").replace("项任务", "项旧任务"), "utf-8")
    assert run("pack", str(back), "-p", str(small), "-p", str(last), "-a", "甲局")[0] == 0
    ours = {row.cells[ID] for row in rows_of(small.parent / "out")}
    rows = rows_of(back)
    assert len([row for row in rows if row.cells[ID] in ours]) * 2 == len(rows) == 12
    for row in rows:
        edited(
            row.file, lambda sheet, top, at, row=row: put(
                sheet.cell(row.line, at["进展情况"]), f"报{row.cells[ID]}"
            ),
        )  # fmt: skip
    for name in gone:
        edited(rows[0].file, lambda sheet, top, at, name=name: sheet.delete_cols(at[name]))
    lines = collected(run, back, tmp_path / "p.yaml", "-p", str(small), "-a", "甲局")
    assert {each["now"]["progress"] for each in read(tmp_path / "p.yaml")["reports"]} == {
        f"报{row.cells[ID]}" for row in rows if row.cells[ID] in ours
    }
    strays = 6 if len(gone) == 2 else 0  # nothing says whose they are: kept, and told
    assert found(lines) == sorted(
        [Finding("unopened", "甲局", "", "甲局.xlsx")]
        + [Finding("stray", "甲局", str(n + 1), "甲局.xlsx") for n in range(strays)]
    )
    assert len(read(tmp_path / "p.yaml").get("strays", [])) == strays
