"""Define the columns of tables for people: heading, width and content."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from plancli.results.document import AnswerTable
from plancli.results.labels import HEADINGS, format_role, format_value
from plancli.results.roles import ROLE_WORDS, Role
from plancli.results.table import Result, ResultCell, to_names
from plancli.text.layout import measure_width

ResultRecord = Mapping[str, ResultCell]
ColumnValue = str | int | float
MIN_WIDTH = 9  # cells; a heading of four characters fits on one line
MAX_WIDTH = 60  # cells, for a column as wide as its content
WIDTH_SAMPLE_ROWS = 500  # rows from which the width of a column is computed
NARROW_COLUMN = 14  # cells; such a column is centred


class OutputColumn(NamedTuple):
    """The heading of a column, its width in cells, and a function that returns its value."""

    heading: str
    width: int
    get_value: Callable[[ResultRecord], ColumnValue]


def _format_state(row: ResultRecord) -> str:
    return format_value("state", row["state"]) or format_value("status", row["status"])


def to_number(no: str) -> ColumnValue:
    """Return a task's number as an integer if it is one, so that spreadsheets sort 2 before 10."""
    plain = no.isascii() and no.isdecimal() and len(no) < 10 and str(int(no)) == no
    return int(no) if plain else no


def _format_role(row: ResultRecord) -> str:
    return format_role(row["role"], row["_lead"])


def _format_reason(row: ResultRecord) -> str:
    return "\n".join((format_value("grade", row["grade"]), *to_names(row["why"])))


def _format_ambiguity(row: ResultRecord) -> str:
    return "\n".join((format_value("reason", row["reason"]), *to_names(row["words"])))


def _get_text(row: ResultRecord) -> str:
    return str(row["_printed"] or row["text"])


def format_headings(row: ResultRecord) -> str:
    """Return the list and section of a task, with their numbers as printed, on two lines."""
    return "\n".join(filter(None, get_headings(row)))


def get_headings(row: ResultRecord) -> tuple[str, str]:
    """Return the list and the section of a task, with their numbers as printed."""
    list_ = "、".join(filter(None, (str(row["_list_no"]), str(row["list"]))))
    number = f"（{row['_section_no']}）" if row["_section_no"] else ""
    return list_, f"{number}{row['section'] or ''}"


def _make_role_column(role: Role) -> OutputColumn:
    """Return the column with the agencies of a role, as printed."""
    words = ROLE_WORDS[role]
    return OutputColumn(
        words.agencies_label,
        words.agencies_width,
        lambda row: format_value(role, row[f"_{role}"]),
    )


# Columns of tasks: field -> column, in order.
TASK_COLUMNS = {
    "plan": OutputColumn("计划", 16, lambda row: format_value("plan", row["plan"])),
    "agency": OutputColumn("单位", 22, lambda row: format_value("agency", row["agency"])),
    "region": OutputColumn("地区", 14, lambda row: format_value("region", row["region"])),
    "type": OutputColumn("类别", 12, lambda row: format_value("type", row["type"])),
    "role": OutputColumn("责任", 8, _format_role),
    "no": OutputColumn("序号", 7, lambda row: to_number(str(row["no"]))),
    "grade": OutputColumn("列入理由", 18, _format_reason),
    "through": OutputColumn("统称", 20, lambda row: format_value("through", row["through"])),
    "value": OutputColumn("数值", 10, lambda row: row["value"]),  # type: ignore[arg-type,return-value]
    "unit": OutputColumn("计量单位", 10, lambda row: format_value("unit", row["unit"])),
    "kind": OutputColumn("类别", 12, lambda row: format_value("kind", row["kind"])),
    "target": OutputColumn("原文", 36, lambda row: format_value("target", row["target"])),
    "reason": OutputColumn("不明之处", 24, _format_ambiguity),
    "section": OutputColumn("部分", 16, format_headings),
    "text": OutputColumn("工作任务", 52, _get_text),
    "clause": OutputColumn(
        "责任分工（原文）", 30, lambda row: format_value("clause", row["clause"])
    ),
    **{f"_{role}": _make_role_column(role) for role in Role},
    "regions": OutputColumn("地区", 14, lambda row: format_value("regions", row["regions"])),
    "_deadline": OutputColumn(
        "完成时限", 14, lambda row: format_value("deadline", row["_deadline"])
    ),
    # columns of progress reports
    "state": OutputColumn("完成状态", 11, _format_state),
    "overdue": OutputColumn("逾期", 8, lambda row: format_value("overdue", row["overdue"])),
    "progress": OutputColumn("进展情况", 30, lambda row: format_value("progress", row["progress"])),
    "due": OutputColumn("完成时限", 13, lambda row: format_value("due", row["due"])),
    "problem": OutputColumn("存在问题", 18, lambda row: format_value("problem", row["problem"])),
    "contact": OutputColumn("联系人", 12, lambda row: format_value("contact", row["contact"])),
    "when": OutputColumn("报送时间", 13, lambda row: format_value("when", row["when"])[:10]),
    "file": OutputColumn("文件", 16, lambda row: format_value("file", row["file"])),
}
# Replaced by other columns in tables of reports.
SUPERSEDED_COLUMNS = frozenset({"_lead", "_participate", "_deadline"})
OPTIONAL_COLUMNS = frozenset({"section", "clause", "regions"})  # omitted where space is short


def select_columns(table: AnswerTable, but: frozenset[str] = frozenset()) -> list[OutputColumn]:
    """Return the columns of *table*, without those in *but*; of tasks, those that people read."""
    result = table.result
    if "text" not in result.columns:
        result = result.drop_private_columns()
        fields = [name for name in result.columns if name != "plan" or result.several]
        plain = [_make_plain_column(result, name) for name in fields]
        wide = table.widths or [column.width for column in plain]
        above = table.headers or [column.heading for column in plain]
        return [
            each._replace(heading=heading, width=n)
            for each, heading, n in zip(plain, above, wide, strict=True)
        ]
    but |= SUPERSEDED_COLUMNS if "state" in result.columns else frozenset()
    fields = [name for name in TASK_COLUMNS if name in result.columns and name not in but]
    if not result.several:
        fields.remove("plan")
    return [TASK_COLUMNS[name] for name in fields]


def iter_with_headings(result: Result) -> Iterator[tuple[tuple[str, ...], ResultRecord]]:
    """Yield each row with the headings that start before it: list and section, section, or none."""
    grouped = "_list_no" in result.columns and "state" not in result.columns
    before: tuple[ResultCell, ...] = ()
    for row in result.records():
        now = get_headings(row) if grouped else ()
        here = (row.get("plan"), *now)  # two plans may have the same headings
        changed = now if here[:2] != before[:2] else now[1:] if here != before else ()
        yield tuple(filter(None, changed)), row
        before = here


def _make_plain_column(result: Result, name: str) -> OutputColumn:
    def format_cell(row: ResultRecord) -> ColumnValue:
        cell = row[name]
        number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return cell if number else format_value(name, cell)  # type: ignore[return-value]

    heading = HEADINGS.get(name, name)
    seen = [str(format_cell(row)) for row in islice(result.records(), WIDTH_SAMPLE_ROWS)]
    lines = [line for each in (heading, *seen) for line in each.split("\n")]
    return OutputColumn(
        heading, min(MAX_WIDTH, max(MIN_WIDTH, 2 + max(map(measure_width, lines)))), format_cell
    )
