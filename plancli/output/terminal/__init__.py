"""Print results on the terminal; the only package that uses Rich.

Chinese text is wrapped by cell width, never cut: Rich only gets lines that fit. Headings and labels
are Chinese, as the data are.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.text import Text

from plancli.output.terminal.console import (
    AGENCY_STYLE,
    COLUMN_GAP,
    LABEL_WIDTH,
    ROLE_STYLE,
    TerminalConsole,
    create_table,
    fit_widths,
    mark_words,
    open_console,
    print_labelled,
    wrap_plan_id,
    wrap_text,
)
from plancli.results.labels import HEADINGS, format_role, format_value
from plancli.results.roles import Role
from plancli.results.table import Result, ResultCell, to_names
from plancli.text.layout import measure_width, parse_underline

__all__ = [
    "open_console",
    "print_changes",
    "print_details",
    "print_findings",
    "print_lines",
    "print_plans",
    "print_table",
    "print_task_cards",
    "print_tasks",
]
ERROR_STYLE = "bold red underline"
DELETED_STYLE = "red strike"
INSERTED_STYLE = "green"
# cells; in a narrower console a task is printed as labelled lines, not as a row
NARROW_CONSOLE = 60
ROWS_PER_BATCH = 500  # rows laid out at once: longer tables need no more memory
MAX_PLAN_WIDTH = 20  # cells
# Share of the agencies' column in the width that the fixed columns leave.
AGENCY_COLUMN_SHARE = 0.4
ResultRecord = dict[str, ResultCell]


def print_tasks(
    out: TerminalConsole, result: Result, words: Sequence[str] = (), who: str = ""
) -> None:
    """Print tasks as a table; *words* are marked in the text, *who* among the agencies."""
    widths = _compute_widths(out, result)
    rows, first = result.records(), True
    while some := list(islice(rows, ROWS_PER_BATCH)):
        cells = (
            {name: _format_task_cell(row, name, words, who) for name in widths} for row in some
        )
        if out.width < NARROW_CONSOLE:
            for row in cells:
                _print_stacked_row(out, row)
        else:
            drawn = create_table((_get_heading(name), wide, False) for name, wide in widths.items())
            drawn.show_header = first
            for row in cells:
                drawn.add_row(
                    *(wrap_text(row[name], widths[name], names=name == "bodies") for name in widths)
                )
            if not first:
                out.print("─" * (sum(widths.values()) + COLUMN_GAP * (len(widths) - 1)))
            out.print(drawn)
        first = False
        out.flush_capture()


def _compute_widths(out: Console, result: Result) -> dict[str, int]:
    """Return the columns of a table of tasks in order, each with its width in cells."""
    need = {"plan": 4, "no": 4}
    for row in result.records():
        need = {name: max(wide, measure_width(str(row[name]))) for name, wide in need.items()}
    fixed = {
        "plan": min(MAX_PLAN_WIDTH, need["plan"]),
        "role": 4,
        "no": need["no"],
        "value": 12,
        "reason": max(16, out.width // 5),
        "grade": max(16, out.width // 6),
        "through": out.width // 5,
    }
    widths = {name: wide for name, wide in fixed.items() if name in result.columns}
    if not result.several:
        del widths["plan"]
    left = out.width - sum(widths.values()) - COLUMN_GAP * (len(widths) + 1)
    agencies = min(int(left * AGENCY_COLUMN_SHARE), 64)
    return {**widths, "text": left - agencies, "bodies": agencies}


def print_table(out: Console, result: Result) -> None:
    """Print any other result as a table, as wide as its content needs."""
    result = result.drop_private_columns()
    columns = [name for name in result.columns if name != "plan" or result.several]
    cells = [{name: format_value(name, row[name]) for name in columns} for row in result.records()]
    numeric = [
        all(isinstance(cell, int | float) for cell in result.column(name)) for name in columns
    ]
    need = [
        max([measure_width(_get_heading(name)), *(measure_width(row[name]) for row in cells)])
        for name in columns
    ]
    widths = fit_widths(need, out.width - COLUMN_GAP * (len(columns) - 1))
    if out.width < NARROW_CONSOLE and widths != need:
        for row in cells:
            _print_stacked_row(out, {name: Text(cell) for name, cell in row.items()})
        return
    drawn = create_table(zip(map(_get_heading, columns), widths, numeric, strict=True), lines=False)
    for row in cells:
        drawn.add_row(
            *(
                wrap_text(_align_cell(name, cell, wide, number), wide)
                for (name, cell), wide, number in zip(row.items(), widths, numeric, strict=True)
            )
        )
    out.print(drawn)


def _align_cell(name: str, cell: str, wide: int, number: bool) -> str:
    if name == "plan":
        return wrap_plan_id(cell, wide)
    return cell.rjust(wide) if number else cell


def print_task_cards(out: Console, result: Result) -> None:
    """Print each task in full: text, agencies, regions, previous and next task."""
    for row in result.records():
        section = "、".join(str(each) for each in (row["list_no"], row["list"]) if each)
        if row["section_no"]:
            section += f"（{row['section_no']}）{row['section']}"
        plan = [str(row["plan"])] if result.several else []
        print_lines(
            out, "  ".join(filter(None, [f"第{row['no']}项", *plan, section])), style="bold"
        )
        named = [
            (name, dict.fromkeys(words.split("、")))
            for name, words in _split_mentions(row["mentions"])
        ]
        words = [word for _name, each in named for word in each]
        print_labelled(out, "任务", mark_words(str(row["_printed"] or row["text"]), words))
        print_labelled(
            out, "责任分工", Text(f"({row['clause']})" if row["clause"] else "（原文没有）")
        )
        print_labelled(out, "牵头", Text(format_value("lead", row["_lead"]) or "（原文没有写明）"))
        if row["participate"]:
            role = format_role("participate", row["lead"])
            print_labelled(out, role, Text(format_value("participate", row["_participate"])))
        regions = (
            f"{name}（{'、'.join(words)}）" if [*words] != [name] else name for name, words in named
        )
        print_labelled(out, "地区", Text("；".join(regions) or "（原文没有提到）"))
        if row["deadline"]:
            print_labelled(out, "完成时限", Text(str(row["deadline"])))
        for label, name in (("上一项", "previous"), ("下一项", "next")):
            if row[name]:
                print_labelled(out, label, Text(str(row[name]), "dim"))
        out.print()


def print_findings(out: Console, result: Result) -> None:
    """Print each finding: location, rule, problem, excerpt, remedy."""
    for row in result.records():
        print_lines(
            out, f"{row['file']}:{row['line']}  {row['where']}  {row['rule']}", style="bold"
        )
        print_labelled(out, "问题", Text(str(row["finding"])))
        if row["excerpt"]:
            print_labelled(
                out, "原文", _format_excerpt(str(row["excerpt"]), out.width - LABEL_WIDTH)
            )
        print_labelled(out, "处理", Text(str(row["remedy"])))
        out.print()


def print_changes(out: Console, result: Result) -> None:
    """Print changes as a table, with deleted and inserted text marked."""
    names = ("change", "no_before", "no_after", "what")
    cells = [
        {name: Text(format_value(name, row[name])) for name in names} for row in result.records()
    ]
    for row in cells:
        row["what"].highlight_regex(r"\[-.*?-\]", DELETED_STYLE)
        row["what"].highlight_regex(r"\{\+.*?\+\}", INSERTED_STYLE)
    if out.width < NARROW_CONSOLE:
        for row in cells:
            _print_stacked_row(out, row)
        return
    numbers = max([6, *(measure_width(row[name].plain) for row in cells for name in names[1:3])])
    widths = [8, numbers, numbers, out.width - 8 - 2 * numbers - 3 * COLUMN_GAP]
    drawn = create_table(zip(map(_get_heading, names), widths, (False,) * 4, strict=True))
    for row in cells:
        drawn.add_row(
            *(wrap_text(row[name], wide) for name, wide in zip(names, widths, strict=True))
        )
    out.print(drawn)


def _print_stacked_row(out: Console, row: dict[str, Text]) -> None:
    """Print a row in a narrow console: each cell on lines of its own."""
    for name, cell in row.items():
        print_labelled(out, _get_heading(name), cell)
    out.print()


def _format_excerpt(excerpt: str, cells: int) -> Text:
    """Return an excerpt with the part above the carets marked; the carets only if they fit."""
    line, start, end = parse_underline(excerpt)
    drawn = Text(line)
    drawn.stylize(ERROR_STYLE, start, end)
    return Text.assemble(drawn, excerpt[len(line) :]) if measure_width(line) <= cells else drawn


def print_details(out: Console, result: Result) -> None:
    """Print the paragraphs, fields and totals of a list."""
    out.print(Text(result.title, "bold"))
    fields = [str(row["name"]) for row in result.records() if row["kind"] == "field"]
    for row in result.records():
        if row["kind"] == "field":
            print_labelled(out, f"领域{fields.index(str(row['name'])) + 1}", Text(str(row["name"])))
        elif row["kind"] == "figure":
            print_labelled(out, "合计", Text(f"{row['name']} {row['value']} {row['unit']}"))
        else:
            print_labelled(out, format_value("kind", row["kind"]), Text(str(row["name"])))


def print_plans(out: Console, plans: Result, sections: Result) -> None:
    """Print each plan's title, preamble, and its lists and sections with their counts."""
    for row in plans.records():
        out.print(wrap_text(Text(str(row["title"]), "bold"), out.width), end="")
        from_ = str(row["publisher"]) + (
            f"《{row['published_as']}》" if row["published_as"] else ""
        )
        for label, value in (
            ("年度", row["year"]),
            ("适用地区", row["jurisdiction"]),
            ("来源", "，".join(filter(None, (from_, str(row["published"]))))),
            ("说明", row["note"]),
            *(("前言", paragraph) for paragraph in str(row["preamble"]).splitlines()),
        ):
            if value:
                print_labelled(out, label, Text(str(value)))
        mine = tuple(each for each in sections.rows if each[0] == row["plan"])
        out.print()
        print_table(out, Result("", sections.columns, mine))


def print_lines(out: Console, *lines: str, style: str = "") -> None:
    """Print plain sentences, wrapped by cell width."""
    for line in lines:
        out.print(wrap_text(Text(line, style), out.width), end="")


def _get_heading(name: str) -> str:
    return "责任单位" if name == "bodies" else HEADINGS.get(name, name)


def _split_mentions(mentions: ResultCell) -> Iterable[tuple[str, str]]:
    """Return (region, its words) of cells like 宿州：新汴河."""
    each = (str(one).partition("：") for one in (mentions if isinstance(mentions, tuple) else ()))
    return [(name, words) for name, _colon, words in each]


def _format_task_cell(row: ResultRecord, name: str, words: Sequence[str], who: str) -> Text:
    """Return one cell of a table of tasks, with its words marked."""
    if name == "bodies":
        return Text("\n").join(_format_agencies(row, who)) or Text("（原文没有）")
    if name == "text":
        own = row.get("words") or ()
        text = str(row.get("target") or row["_printed"] or row["text"])
        return mark_words(text, (*words, *(own if isinstance(own, tuple) else ())))
    if name == "grade":
        grade = Text(format_value("grade", row["grade"]), ROLE_STYLE)
        why = row["why"] if isinstance(row["why"], tuple) else ()
        return Text("\n").join([grade, *map(Text, why)])
    if name == "reason":
        reason = Text(format_value("reason", row["reason"]), ROLE_STYLE)
        return Text("\n").join([reason, *map(Text, to_names(row["words"]))])
    if name == "value":
        kind = (
            [] if row["kind"] == "target" else [Text(format_value("kind", row["kind"]), ROLE_STYLE)]
        )
        return Text("\n").join([Text(format_value("words", row["words"]), "bold"), *kind])
    if name == "role":
        return Text(format_role(row["role"], row["_lead"]), ROLE_STYLE)
    if name == "plan":
        return Text(wrap_plan_id(str(row["plan"]), MAX_PLAN_WIDTH))
    return Text(format_value(name, row[name]))


def _format_agencies(row: ResultRecord, who: str) -> Iterator[Text]:
    """Yield the lead agencies and the participants, a line each, with 等 as in the clause."""
    for name in Role:
        if row[f"_{name}"]:
            names = Text(format_value(name, row[f"_{name}"]))
            if who:
                names.highlight_words([who], AGENCY_STYLE)
            yield Text.assemble((format_role(name, row["_lead"]) + " ", ROLE_STYLE), names)
