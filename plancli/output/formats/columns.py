"""The columns of a table that people read: what stands above each, its width, what is in it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from plancli.results.document import Table
from plancli.results.labels import HEADINGS, role_shown, shown
from plancli.results.table import Cell, Result, names
from plancli.text.layout import width

Record = Mapping[str, Cell]
Said = str | int | float
LEAST = 9  # cells, in which a heading of four characters stands on one line
WIDEST = 60  # cells of a column that is as wide as its words
LOOKED = 500  # rows, for the width of a column
NARROW = 14  # cells; such a column is centred


class Column(NamedTuple):
    """What stands above a column, how wide it is (in cells), and what it says of a record."""

    heading: str
    width: int
    said: Callable[[Record], Said]


def _state(row: Record) -> str:
    return shown("state", row["state"]) or shown("status", row["status"])


def number(no: str) -> Said:
    """Return a task's number as a number, if it is one: so that spreadsheets sort 2 before 10."""
    plain = no.isascii() and no.isdecimal() and len(no) < 10 and str(int(no)) == no
    return int(no) if plain else no


def _role(row: Record) -> str:
    return role_shown(row["role"], row["lead"])


def _reason(row: Record) -> str:
    return "\n".join((shown("grade", row["grade"]), *names(row["why"])))


def _unclear(row: Record) -> str:
    return "\n".join((shown("reason", row["reason"]), *names(row["words"])))


def _text(row: Record) -> str:
    return str(row["_printed"] or row["text"])


def part(row: Record) -> str:
    """Return the headings that a task stands below, with their numbers as printed."""
    return "\n".join(filter(None, headings(row)))


def headings(row: Record) -> tuple[str, str]:
    """Return the list and the section that a task stands in, with their numbers as printed."""
    list_ = "、".join(filter(None, (str(row["_list_no"]), str(row["list"]))))
    number = f"（{row['_section_no']}）" if row["_section_no"] else ""
    return list_, f"{number}{row['section'] or ''}"


# Of tasks: field -> its column, in the order in which they stand.
TASKS = {
    "plan": Column("计划", 16, lambda row: shown("plan", row["plan"])),
    "agency": Column("单位", 22, lambda row: shown("agency", row["agency"])),
    "region": Column("地区", 14, lambda row: shown("region", row["region"])),
    "type": Column("类别", 12, lambda row: shown("type", row["type"])),
    "role": Column("责任", 8, _role),
    "no": Column("序号", 7, lambda row: number(str(row["no"]))),
    "grade": Column("列入理由", 18, _reason),
    "through": Column("统称", 20, lambda row: shown("through", row["through"])),
    "value": Column("数值", 10, lambda row: row["value"]),  # type: ignore[arg-type,return-value]
    "unit": Column("计量单位", 10, lambda row: shown("unit", row["unit"])),
    "kind": Column("类别", 12, lambda row: shown("kind", row["kind"])),
    "target": Column("原文", 36, lambda row: shown("target", row["target"])),
    "reason": Column("不明之处", 24, _unclear),
    "section": Column("部分", 16, part),
    "text": Column("工作任务", 52, _text),
    "clause": Column("责任分工（原文）", 30, lambda row: shown("clause", row["clause"])),
    "_lead": Column("牵头单位", 18, lambda row: shown("lead", row["_lead"])),
    "_participate": Column(
        "参与、负责单位", 28, lambda row: shown("participate", row["_participate"])
    ),
    "regions": Column("地区", 14, lambda row: shown("regions", row["regions"])),
    "_deadline": Column("完成时限", 14, lambda row: shown("deadline", row["_deadline"])),
    # of what was reported
    "state": Column("完成状态", 11, _state),
    "overdue": Column("逾期", 8, lambda row: shown("overdue", row["overdue"])),
    "progress": Column("进展情况", 30, lambda row: shown("progress", row["progress"])),
    "due": Column("完成时限", 13, lambda row: shown("due", row["due"])),
    "problem": Column("存在问题", 18, lambda row: shown("problem", row["problem"])),
    "contact": Column("联系人", 12, lambda row: shown("contact", row["contact"])),
    "when": Column("报送时间", 13, lambda row: shown("when", row["when"])[:10]),
    "file": Column("文件", 16, lambda row: shown("file", row["file"])),
}
AGAIN = frozenset({"_lead", "_participate", "_deadline"})  # said otherwise where it is reported
BRIEF = frozenset({"section", "clause", "regions"})  # left out where there is less room


def columns(table: Table, but: frozenset[str] = frozenset()) -> list[Column]:
    """Return the columns of *table*; of tasks, those that people read, *but* some."""
    result = table.result
    if "text" not in result.columns:
        told = result.told()
        fields = [name for name in told.columns if name != "plan" or result.several]
        plain = [_plain(told, name) for name in fields]
        wide = table.widths or [column.width for column in plain]
        above = table.above or [column.heading for column in plain]
        return [
            each._replace(heading=heading, width=n)
            for each, heading, n in zip(plain, above, wide, strict=True)
        ]
    but |= AGAIN if "state" in result.columns else frozenset()
    fields = [name for name in TASKS if name in result.columns and name not in but]
    if not result.several:
        fields.remove("plan")
    return [TASKS[name] for name in fields]


def below(result: Result) -> Iterator[tuple[tuple[str, ...], Record]]:
    """Yield each row with the headings that begin before it: list and section, a section, none."""
    grouped = "_list_no" in result.columns and "state" not in result.columns
    before: tuple[Cell, ...] = ()
    for row in result.records():
        now = headings(row) if grouped else ()
        here = (row.get("plan"), *now)  # two plans may have the same headings
        changed = now if here[:2] != before[:2] else now[1:] if here != before else ()
        yield tuple(filter(None, changed)), row
        before = here


def _plain(result: Result, name: str) -> Column:
    def said(row: Record) -> Said:
        cell = row[name]
        number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return cell if number else shown(name, cell)  # type: ignore[return-value]

    heading = HEADINGS.get(name, name)
    seen = [str(said(row)) for row in islice(result.records(), LOOKED)]
    lines = [line for each in (heading, *seen) for line in each.split("\n")]
    return Column(heading, min(WIDEST, max(LEAST, 2 + max(map(width, lines)))), said)
