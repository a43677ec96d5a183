"""Print progress: a bar for each agency, section or region, or single reports."""

from datetime import date

from rich.console import Console
from rich.text import Text

from plancli.output.terminal import NARROW_CONSOLE, print_lines
from plancli.output.terminal.console import (
    COLUMN_GAP,
    ROLE_STYLE,
    TextLines,
    create_table,
    print_labelled,
    wrap_text,
)
from plancli.results.labels import HEADINGS, STATUS_LABELS, format_role, format_value
from plancli.results.table import Result, ResultCell, to_int
from plancli.text.layout import measure_width

BAR_WIDTH = 20  # cells
# Done; in progress; all others.  GBK consoles have these characters.
FULL_CHAR, HALF_CHAR, EMPTY_CHAR = "█", "▓", "─"
OVERDUE_STYLE = "bold red"
ResultRecord = dict[str, ResultCell]


def print_progress(out: Console, result: Result) -> None:
    """Print bars, or reports with their tasks."""
    rows = list(result.records())
    (_print_reports if "text" in result.columns else _print_bars)(out, rows, result.several)


def print_merge_findings(out: Console, result: Result) -> None:
    """Print the findings of a merge, with file and row below each."""
    rows = list(result.records())
    heads = [HEADINGS[name] for name in ("kind", "agency", "no", "what")]
    numbers = max([4, *(measure_width(str(row["no"])) for row in rows)])
    widths = [10, 22, numbers, out.width - 32 - numbers - 3 * COLUMN_GAP]
    drawn = create_table(zip(heads, widths, (False,) * 4, strict=True), lines=False)
    for row in rows:
        location = f"{row['file']}:{row['line']}" if row["line"] else str(row["file"] or "")
        what = Text("\n").join(filter(None, (Text(str(row["what"])), Text(location, "dim"))))
        cells = (
            Text(format_value("kind", row["kind"])),
            *(Text(str(row[name])) for name in ("agency", "no")),
        )
        if out.width < NARROW_CONSOLE:
            for head, cell in zip(heads, (*cells, what), strict=True):
                print_labelled(out, head, cell)
            out.print()
        else:
            drawn.add_row(*map(wrap_text, (*cells, what), widths))
    if out.width >= NARROW_CONSOLE:
        out.print(drawn)


def print_total(out: Console, agencies: Result, today: date, aside: int) -> None:
    """Print the sum of all agencies, and the legend; *aside*: rows that do not count."""
    counts = {name: sum(map(to_int, agencies.column(name)))
              for name in ("duties", "overdue", *STATUS_LABELS)}  # fmt: skip
    counted = " · ".join(
        f"{HEADINGS[name]}\N{NO-BREAK SPACE}{counts[name]}"
        for name in STATUS_LABELS
        if counts[name]
    )
    late = f" · 逾期\N{NO-BREAK SPACE}{counts['overdue']}（至\N{NO-BREAK SPACE}{today}）"
    may = f" · 另有可能涉及\N{NO-BREAK SPACE}{aside}（未计入）" if aside else ""
    line = Text(f"共 {counts['duties']} 项（单位·任务）：{counted}{late}{may}", "bold")
    out.print(wrap_text(line, out.width, names=True), end="")  # broken between items only
    print_lines(out, f"{FULL_CHAR} 已完成  {HALF_CHAR} 推进中、长期推进  {EMPTY_CHAR} 其余")


def format_bar(row: ResultRecord) -> str:
    """Return a row's bar; started work is always visible."""
    total, done, started = (
        to_int(row["duties"]),
        to_int(row["done"]),
        to_int(row["underway"]) + to_int(row["lasting"]),
    )
    full = done * BAR_WIDTH // total
    half = (done + started) * BAR_WIDTH // total - full
    if started and not half:
        half = 1
    full = min(max(full, int(done > 0)), BAR_WIDTH - half)
    return FULL_CHAR * full + HALF_CHAR * half + EMPTY_CHAR * (BAR_WIDTH - full - half)


def _print_bars(out: Console, rows: list[ResultRecord], several: bool) -> None:
    name = next(name for name in ("agency", "section", "region") if name in rows[0])
    names = [_format_name(row, name, several) for row in rows]
    widths = [0, 4, 4, 6, 9, BAR_WIDTH]
    left = out.width - sum(widths) - COLUMN_GAP * (len(widths) - 1)
    widths[0] = max(10, min(left, max(map(measure_width, names))))
    heads = (HEADINGS[name], "逾期", "受阻", "未报送", "完成/项数", "进度")
    if out.width < NARROW_CONSOLE:
        for row, who in zip(rows, names, strict=True):
            print_labelled(out, HEADINGS[name], Text(who))
            for head, cell in zip(heads[1:], _format_cells(row), strict=True):
                print_labelled(out, head, cell)
            out.print()
        return
    right = (False, True, True, True, True, False)
    drawn = create_table(zip(heads, widths, right, strict=True), lines=False)
    for row, who in zip(rows, names, strict=True):
        cells = [Text(who), *_format_cells(row)]
        right_edges = (wide * at_end for wide, at_end in zip(widths, right, strict=True))
        drawn.add_row(*map(_align_cell, cells, widths, right_edges))
    out.print(drawn)


def _align_cell(cell: Text, wide: int, right_edge: int) -> TextLines:
    """Return *cell*, wrapped; right-aligned at *right_edge*, if that is not 0."""
    return wrap_text(Text.assemble(" " * (right_edge - measure_width(cell.plain)), cell), wide)


def _format_cells(row: ResultRecord) -> list[Text]:
    return [
        Text(str(row["overdue"]), OVERDUE_STYLE if row["overdue"] else ""),
        Text(str(row["stuck"])),
        Text(str(row["silent"])),
        Text(f"{row['done']}/{row['duties']}"),
        Text(format_bar(row)),
    ]


def _format_name(row: ResultRecord, name: str, several: bool) -> str:
    number = f"{row['number']} " if name == "section" else ""
    plan = f"{row['plan']} " if several and "plan" in row else ""
    return f"{plan}{number}{row[name]}"


def _print_reports(out: Console, rows: list[ResultRecord], several: bool) -> None:
    heads = ("单位", "状态", "序号", "工作任务", "进展情况")
    numbers = max([4, *(measure_width(str(row["no"])) for row in rows)])
    left = out.width - 18 - 8 - numbers - 4 * COLUMN_GAP
    widths = (18, 8, numbers, left // 2, left - left // 2)
    drawn = create_table(zip(heads, widths, (False,) * 5, strict=True))
    for row in rows:
        plan = f"{row['plan']}\n" if several else ""
        who = Text.assemble(
            plan, str(row["agency"]), "\n", (format_role(row["role"], row["lead"]), ROLE_STYLE)
        )
        cells = (
            who,
            _format_state(row),
            Text(str(row["no"])),
            Text(str(row["text"])),
            _format_report(row),
        )
        if out.width < NARROW_CONSOLE:
            for head, cell in zip(heads, cells, strict=True):
                print_labelled(out, head, cell)
            out.print()
        else:
            drawn.add_row(
                *(wrap_text(cell, wide) for cell, wide in zip(cells, widths, strict=True))
            )
    if out.width >= NARROW_CONSOLE:
        out.print(drawn)


def _format_state(row: ResultRecord) -> Text:
    state = str(row["state"]) or format_value("status", row["status"])
    return Text.assemble(state, ("\n逾期", OVERDUE_STYLE) if row["overdue"] else "")


def _format_report(row: ResultRecord) -> Text:
    """Return an agency's report of a task, each part on lines of its own."""
    parts = [Text(str(row["progress"]))] if row["progress"] else []
    for name, label in (("due", "时限"), ("problem", "问题"), ("contact", "联系人")):
        if row[name]:
            parts.append(Text.assemble((f"{label} ", ROLE_STYLE), str(row[name])))
    if row["file"]:
        parts.append(Text(f"{row['file']} {str(row['when'])[:10]}", "dim"))
    return Text("\n").join(parts)
