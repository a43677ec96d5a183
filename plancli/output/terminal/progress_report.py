"""How far the tasks have come: a bar for each body, section or region; or report by report."""

from datetime import date

from rich.console import Console
from rich.text import Text

from plancli.output.terminal import NARROW, lines
from plancli.output.terminal.console import GAP, ROLE, Lines, folded, labelled, table
from plancli.results.labels import HEADINGS, STATUS, role_shown, shown
from plancli.results.table import Cell, Result, number
from plancli.text.layout import width

BAR = 20  # cells
FULL, HALF, EMPTY = "█", "▓", "─"  # done; begun; all the rest.  Consoles in GBK have them, too
LATE = "bold red"
Row = dict[str, Cell]


def standing(out: Console, result: Result) -> None:
    """Print bars, or reports with their tasks."""
    rows = list(result.records())
    (_reports if "text" in result.columns else _bars)(out, rows, result.several)


def collected(out: Console, result: Result) -> None:
    """Print what a coordinator should look at, file and row below each finding."""
    rows = list(result.records())
    heads = [HEADINGS[name] for name in ("kind", "agency", "no", "what")]
    numbers = max([4, *(width(str(row["no"])) for row in rows)])
    widths = [10, 22, numbers, out.width - 32 - numbers - 3 * GAP]
    drawn = table(zip(heads, widths, (False,) * 4, strict=True), lines=False)
    for row in rows:
        place = f"{row['file']}:{row['line']}" if row["line"] else str(row["file"] or "")
        what = Text("\n").join(filter(None, (Text(str(row["what"])), Text(place, "dim"))))
        cells = (
            Text(shown("kind", row["kind"])),
            *(Text(str(row[name])) for name in ("agency", "no")),
        )
        if out.width < NARROW:
            for head, cell in zip(heads, (*cells, what), strict=True):
                labelled(out, head, cell)
            out.print()
        else:
            drawn.add_row(*map(folded, (*cells, what), widths))
    if out.width >= NARROW:
        out.print(drawn)


def total(out: Console, bodies: Result, today: date, aside: int) -> None:
    """Print the sum of all bodies, and what the bars mean; *aside*: rows that do not count."""
    counts = {name: sum(map(number, bodies.column(name)))
              for name in ("duties", "overdue", *STATUS)}  # fmt: skip
    said = " · ".join(
        f"{HEADINGS[name]}\N{NO-BREAK SPACE}{counts[name]}" for name in STATUS if counts[name]
    )
    late = f" · 逾期\N{NO-BREAK SPACE}{counts['overdue']}（至\N{NO-BREAK SPACE}{today}）"
    may = f" · 另有可能涉及\N{NO-BREAK SPACE}{aside}（未计入）" if aside else ""
    whole = Text(f"共 {counts['duties']} 项（单位·任务）：{said}{late}{may}", "bold")
    out.print(folded(whole, out.width, names=True), end="")  # broken between words only
    lines(out, f"{FULL} 已完成  {HALF} 推进中、长期推进  {EMPTY} 其余")


def bar(row: Row) -> str:
    """Return a row's bar; what is begun shows, however little it is."""
    whole, done, begun = (
        number(row["duties"]),
        number(row["done"]),
        number(row["underway"]) + number(row["lasting"]),
    )
    full = done * BAR // whole
    half = (done + begun) * BAR // whole - full
    if begun and not half:
        half = 1
    full = min(max(full, int(done > 0)), BAR - half)
    return FULL * full + HALF * half + EMPTY * (BAR - full - half)


def _bars(out: Console, rows: list[Row], several: bool) -> None:
    name = next(name for name in ("agency", "section", "region") if name in rows[0])
    said = [_name(row, name, several) for row in rows]
    widths = [0, 4, 4, 6, 9, BAR]
    left = out.width - sum(widths) - GAP * (len(widths) - 1)
    widths[0] = max(10, min(left, max(map(width, said))))
    heads = (HEADINGS[name], "逾期", "受阻", "未报送", "完成/项数", "进度")
    if out.width < NARROW:
        for row, who in zip(rows, said, strict=True):
            labelled(out, HEADINGS[name], Text(who))
            for head, cell in zip(heads[1:], _cells(row), strict=True):
                labelled(out, head, cell)
            out.print()
        return
    right = (False, True, True, True, True, False)
    drawn = table(zip(heads, widths, right, strict=True), lines=False)
    for row, who in zip(rows, said, strict=True):
        cells = [Text(who), *_cells(row)]
        pushed = (wide * at_end for wide, at_end in zip(widths, right, strict=True))
        drawn.add_row(*map(_cell, cells, widths, pushed))
    out.print(drawn)


def _cell(cell: Text, wide: int, pushed: int) -> Lines:
    """Return *cell*, folded; *pushed* so far to the right that it ends there."""
    return folded(Text.assemble(" " * (pushed - width(cell.plain)), cell), wide)


def _cells(row: Row) -> list[Text]:
    return [
        Text(str(row["overdue"]), LATE if row["overdue"] else ""),
        Text(str(row["stuck"])),
        Text(str(row["silent"])),
        Text(f"{row['done']}/{row['duties']}"),
        Text(bar(row)),
    ]


def _name(row: Row, name: str, several: bool) -> str:
    number = f"{row['number']} " if name == "section" else ""
    plan = f"{row['plan']} " if several and "plan" in row else ""
    return f"{plan}{number}{row[name]}"


def _reports(out: Console, rows: list[Row], several: bool) -> None:
    heads = ("单位", "状态", "序号", "工作任务", "进展情况")
    numbers = max([4, *(width(str(row["no"])) for row in rows)])
    left = out.width - 18 - 8 - numbers - 4 * GAP
    widths = (18, 8, numbers, left // 2, left - left // 2)
    drawn = table(zip(heads, widths, (False,) * 5, strict=True))
    for row in rows:
        plan = f"{row['plan']}\n" if several else ""
        who = Text.assemble(
            plan, str(row["agency"]), "\n", (role_shown(row["role"], row["lead"]), ROLE)
        )
        cells = (who, _state(row), Text(str(row["no"])), Text(str(row["text"])), _report(row))
        if out.width < NARROW:
            for head, cell in zip(heads, cells, strict=True):
                labelled(out, head, cell)
            out.print()
        else:
            drawn.add_row(*(folded(cell, wide) for cell, wide in zip(cells, widths, strict=True)))
    if out.width >= NARROW:
        out.print(drawn)


def _state(row: Row) -> Text:
    said = str(row["state"]) or shown("status", row["status"])
    return Text.assemble(said, ("\n逾期", LATE) if row["overdue"] else "")


def _report(row: Row) -> Text:
    """Return what a body said of a task, each thing on lines of its own."""
    parts = [Text(str(row["progress"]))] if row["progress"] else []
    for name, label in (("due", "时限"), ("problem", "问题"), ("contact", "联系人")):
        if row[name]:
            parts.append(Text.assemble((f"{label} ", ROLE), str(row[name])))
    if row["file"]:
        parts.append(Text(f"{row['file']} {str(row['when'])[:10]}", "dim"))
    return Text("\n").join(parts)
