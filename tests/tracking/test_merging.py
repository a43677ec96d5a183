"""What one collection leaves to the next, and the file that keeps it."""

import datetime
import itertools
import json
import os
import random
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from plancli.errors import BadPlan
from plancli.importing.readers.workbook import WorkbookCell, WorksheetContents
from plancli.system import files
from plancli.tracking import progress_file, sheet_reader
from tests.sheets import (
    TEXTS,
    Finding,
    asked,
    collected,
    copied,
    edited,
    every,
    held,
    keys_of,
    put,
    read,
    reported,
    rows_of,
    said,
    small_files_only,
    tampered,
    words,
)

# What one collection leaves to the next.


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


@pytest.mark.slow
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


@pytest.mark.slow
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


AHEAD = ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2099-01-01 00:00"]


def saved_by(clock, small, folder, words):
    """Let 甲局 report, by a file that says it was saved at *clock*; '' is by the right one."""
    key = keys_of(small)[0]
    file = reported(small, folder, clock or "2022-06-30T09:00:00Z", {key: {"progress": words}})
    if not clock:  # openpyxl writes the time
        book = openpyxl.load_workbook(file / f"{key[1]}.xlsx")
        book.save(file / f"{key[1]}.xlsx")
    return file


@pytest.mark.slow
@pytest.mark.parametrize("second", ["", *AHEAD])
@pytest.mark.parametrize("first", AHEAD)
def test_a_clock_that_is_ahead_is_told_and_outranks_no_later_correction(
    small, collect, tmp_path, first, second
):
    key = keys_of(small)[0]
    started = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=2)
    all = saved_by(first, small, tmp_path / "all", "先说")
    assert [each.kind for each in collect(all)] == ["clock"]
    (report,) = read(tmp_path / "p.yaml")["reports"]
    when = datetime.datetime.fromisoformat(report["now"]["when"])
    assert started <= when <= datetime.datetime.now(datetime.UTC)
    before = (tmp_path / "p.yaml").read_bytes()
    assert [each.kind for each in collect(all)] == ["clock"]
    assert (tmp_path / "p.yaml").read_bytes() == before
    back = saved_by(second, small, tmp_path / "later", "更正")
    (back / f"{key[1]}.xlsx").replace(all / "更正.xlsx")  # the folder now holds both
    for _time in range(2):
        assert {each.kind for each in collect(all)} <= {"clock", "conflict"}
        assert said(tmp_path / "p.yaml") == {key: {"progress": "更正"}}
    (report,) = read(tmp_path / "p.yaml")["reports"]
    assert [words(each) for each in report["earlier"]] == [{"progress": "先说"}]


def test_of_two_clocks_that_are_ahead_the_later_holds(small, collect, tmp_path):
    key = keys_of(small)[0]
    for name, clock in (("甲", "2099-01-01"), ("乙", "2099-01-02"), ("丙", "2098-12-31")):
        saved_by(f"{clock}T00:00:00Z", small, tmp_path / name, name)
    for name in "甲乙丙":
        (tmp_path / "back" / name).mkdir(parents=True)
        file = f"{key[1]}.xlsx"
        (tmp_path / name / file).replace(tmp_path / "back" / name / file)
    assert {each.kind for each in collect(tmp_path / "back")} == {"clock", "conflict"}
    assert said(tmp_path / "p.yaml") == {key: {"progress": "乙"}}


@pytest.mark.parametrize("clock", ["1601-01-01", "1970-01-01", "1980-01-01", "2000-01-01"])
def test_a_clock_at_its_beginning_says_nothing(small, collect, tmp_path, clock):
    """The file system's time counts: a later correction holds, an earlier does not."""
    key = keys_of(small)[0]
    collect(reported(small, tmp_path / "one", "2022-06-30T09:00:00Z", {key: {"progress": "先说"}}))
    for name, year, wanted in (("old", 2021, "先说"), ("new", 2023, "old更正")):
        back = saved_by(f"{clock}T00:00:00Z", small, tmp_path / name, f"{name}更正")
        moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp()
        os.utime(back / f"{key[1]}.xlsx", (moment, moment))
        kinds = [each.kind for each in collect(back)]
        wanted = "先说" if name == "old" else "new更正"
        assert kinds == (["older"] if name == "old" else [])
        assert said(tmp_path / "p.yaml") == {key: {"progress": wanted}}


@pytest.mark.parametrize("year", [1980, 2090])
def test_a_file_of_which_no_time_can_be_counts_as_collected_now(small, collect, tmp_path, year):
    key = keys_of(small)[0]
    back = saved_by("1980-01-01T00:00:00Z", small, tmp_path / "back", "说")
    moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp()
    os.utime(back / f"{key[1]}.xlsx", (moment, moment))
    assert [each.kind for each in collect(back)] == ["clock"]
    before = (tmp_path / "p.yaml").read_bytes()
    assert f"'{datetime.date.today().year}" in before.decode()
    assert [each.kind for each in collect(back)] == ["clock"]
    assert (tmp_path / "p.yaml").read_bytes() == before


def test_a_time_yet_to_come_on_record_outranks_nothing_new(small, collect, tmp_path):
    """As plancli 0.6.0 wrote it down."""
    key = keys_of(small)[0]
    old = reported(small, tmp_path / "old", "2022-06-30T09:00:00Z", {key: {"progress": "最先"}})
    new = reported(small, tmp_path / "new", "2022-07-30T09:00:00Z", {key: {"progress": "先说"}})
    collect(old)
    collect(new)
    file = tmp_path / "p.yaml"
    file.write_text(file.read_text("utf-8").replace("'2022-07-30", "'2099-07-30"), "utf-8")
    assert collect(old) == []
    assert said(file) == {key: {"progress": "先说"}}
    last = reported(small, tmp_path / "last", "2022-08-30T09:00:00Z", {key: {"progress": "更正"}})
    assert collect(last) == []
    assert said(file) == {key: {"progress": "更正"}}
    assert "2099-07-30" in file.read_text("utf-8")


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
    before = files.DEFAULT_PLAN.read_bytes(), sorted(files.DEFAULT_PLAN.parent.iterdir())
    assert run("collect", "back")[0] == 0
    assert said(tmp_path / "plancli.progress.yaml") == back.wanted
    assert (files.DEFAULT_PLAN.read_bytes(), sorted(files.DEFAULT_PLAN.parent.iterdir())) == before
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
        ("folder.yaml", {2}),
        ("none/p.yaml", {1}),
        ("back/甲局.xlsx", {2}),
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


@pytest.mark.slow
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
    shown = []
    for text in texts:
        one = WorksheetContents("", {(1, 1): WorkbookCell(unescape(text))} if text else {}, [])
        shown.append(sheet_reader.read_text_grid(one).get(1, {}).get(1, ""))
    more = (progress_file.ExtraCell("备注", shown[5]),) if shown[5] else ()
    now = progress_file.Statement(*shown[:5], more=more, file="甲.xlsx")
    strays = (
        (progress_file.UnmatchedRow("乙.xlsx", (progress_file.ExtraCell("工作任务", shown[6]),)),)
        if shown[6]
        else ()
    )
    whole = progress_file.ProgressFile(
        (progress_file.AssignmentReport("a", "p", "1", "甲局", "lead", "某事", now, (now, now)),),
        strays,
    )
    assert progress_file.load_progress(progress_file.dump_progress(whole), "p.yaml") == whole
    for text, kept in zip(texts, shown, strict=True):
        assert kept == "" or kept.strip()
        if text.isprintable():
            assert kept == unescape(text).rstrip() or "_x" in text


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
        told = progress_file.load_progress(raw, "p.yaml")
    except BadPlan:
        return
    written = progress_file.dump_progress(told)
    assert progress_file.load_progress(written, "p.yaml") == told
    assert progress_file.dump_progress(progress_file.load_progress(written, "p.yaml")) == written
