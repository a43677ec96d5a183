"""What the tests of sheets share: reading a folder that went out, filling it in, and what came of it."""

import datetime
import itertools
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from plancli.cli.main import main
from plancli.plan.model import iter_tasks
from plancli.results.roles import Role

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
LABELS = {"牵头": "lead", "参与": "participate", "负责": "participate", "可能涉及": "possible"}
INDEX = "任务分解总表.xlsx"
TEXTS = [
    "安徽段已开工", "一期完工\n二期开工\n\n三期立项", "=1+1", "+1", "-", "@SUM(A1)", "'引'", '"引用"', "a: b", "# 不是注释",
    "~", "null", "yes", "012", "1e3", "  缩进两格", "- 一项", "{a: b}", "[甲]", "|", "> 折行", "%", "&amp;<b>x</b>", "时限：9月",
    "!tag x", "*a &b", "`x`", "？ 问", "? x", "反\u202e字", "e\u0301", "\u3000\u3000全角空格", "🚄🀄", "长" * 3000, "a:\n  b: c", "...", "---", "0x1F",
    "\ufeff标记", "甲\u00a0乙", "1:30", "2022-06-30", "，", "行一\n  行二缩进", "\N{ZERO WIDTH SPACE}甲",
]  # fmt: skip
TYPED = [  # what stands in the cell, its format, and how people read it
    (datetime.date(2022, 9, 30), "yyyy-mm-dd", "2022-09-30"), (datetime.datetime(2022, 1, 5), "yyyy/m/d", "2022/1/5"),
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


def rows_of(folder):
    """Return every row of every sheet that the index names."""
    return [
        Row(folder / file, body, line, cells)
        for body, *_counts, file, _link in index_of(folder)
        for line, cells in lines_of(folder / file).items()
    ]


def pack_once(tmp_path_factory, folder, *argv):
    """Pack in the same world as in conftest, for what is made once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("PLANCLI_LANG", "en")
        patch.delenv("PLANCLI_PLAN", raising=False)
        assert main(["pack", str(folder), *argv]) == 0


def duties_of(plan):
    """Return (number, words, clause, body, role as printed) of every duty, by a plain loop."""
    for _list, _section, task in iter_tasks(plan):
        shared = "参与" if task.get_agency_names(Role.LEAD) else "负责"
        for role in Role:
            for name in task.get_agency_names(role):
                yield task.no, task.text, task.clause, name, "牵头" if role is Role.LEAD else shared


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


def small_files_only(*argv, most, cwd):
    """Run plancli in a process that may write no file larger than *most* bytes."""
    import resource  # not on Windows, where the other tests run

    return subprocess.run(
        [sys.executable, "-m", "plancli", *map(str, argv)], capture_output=True, cwd=cwd,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip


# Plans that mean harm.


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


# Ways of mistreating a sheet, one by one.


def small_plan(folder):
    """Write a made-up plan with three bodies."""
    tasks = [
        (
            str(no),
            f"第{no}项任务{'甲乙丙丁戊己'[no - 1] * 3}。",
            ["甲局"],
            ["乙局"] + ["丙局"] * (no % 2),
        )
        for no in range(1, 7)
    ]
    return plan_file(folder, tasks)


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


def dated_plan(folder, deadlines):
    """Write a made-up plan of tasks with these deadlines, all of one body."""
    return plan_file(
        folder,
        [
            (str(no), f"第{no}项任务。", ["甲局"], [], {"deadline": text} if text else {})
            for no, text in enumerate(deadlines, 1)
        ],
    )


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
