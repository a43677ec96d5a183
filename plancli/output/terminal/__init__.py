"""``Result`` -> terminal; the only user of Rich.

Chinese is folded by cell width, never cut: Rich is given lines that fit.  Headings and labels
follow the data, which is Chinese.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.text import Text

from plancli.output.terminal.console import (
    GAP,
    LABEL,
    ROLE,
    WHO,
    Paper,
    cited,
    folded,
    labelled,
    marked,
    paper,
    shared,
    table,
)
from plancli.results.labels import HEADINGS, role_shown, shown
from plancli.results.table import Cell, Result, names
from plancli.text.layout import pointed, width

__all__ = ["cards", "changes", "details", "findings", "lines", "listing", "paper", "plans", "tasks"]
WRONG = "bold red underline"
OLD = "red strike"
NEW = "green"
NARROW = 60  # cells; below this a task is a few labelled lines, not a row
AT_ONCE = 500  # rows that are drawn together: of a longer table, no more are held
PLAN = 20  # cells of a plan's id
BODIES = 0.4  # their column's part of what is left beside the fixed columns
Row = dict[str, Cell]


def tasks(out: Paper, result: Result, words: Sequence[str] = (), who: str = "") -> None:
    """Print tasks as a table; *words* are marked in the text, *who* among the bodies."""
    widths = _widths(out, result)
    rows, first = result.records(), True
    while some := list(islice(rows, AT_ONCE)):
        cells = ({name: _cell(row, name, words, who) for name in widths} for row in some)
        if out.width < NARROW:
            for row in cells:
                _stacked(out, row)
        else:
            drawn = table((_heading(name), wide, False) for name, wide in widths.items())
            drawn.show_header = first
            for row in cells:
                drawn.add_row(
                    *(folded(row[name], widths[name], names=name == "bodies") for name in widths)
                )
            if not first:
                out.print("─" * (sum(widths.values()) + GAP * (len(widths) - 1)))
            out.print(drawn)
        first = False
        out.leave()


def _widths(out: Console, result: Result) -> dict[str, int]:
    """Return the columns of a table of tasks in their order, each with its width in cells."""
    need = {"plan": 4, "no": 4}
    for row in result.records():
        need = {name: max(wide, width(str(row[name]))) for name, wide in need.items()}
    fixed = {
        "plan": min(PLAN, need["plan"]),
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
    left = out.width - sum(widths.values()) - GAP * (len(widths) + 1)
    bodies = min(int(left * BODIES), 64)
    return {**widths, "text": left - bodies, "bodies": bodies}


def listing(out: Console, result: Result) -> None:
    """Print any other result as a table as wide as its words need."""
    result = result.told()
    columns = [name for name in result.columns if name != "plan" or result.several]
    cells = [{name: shown(name, row[name]) for name in columns} for row in result.records()]
    numeric = [
        all(isinstance(cell, int | float) for cell in result.column(name)) for name in columns
    ]
    need = [max([width(_heading(name)), *(width(row[name]) for row in cells)]) for name in columns]
    widths = shared(need, out.width - GAP * (len(columns) - 1))
    if out.width < NARROW and widths != need:
        for row in cells:
            _stacked(out, {name: Text(cell) for name, cell in row.items()})
        return
    drawn = table(zip(map(_heading, columns), widths, numeric, strict=True), lines=False)
    for row in cells:
        drawn.add_row(
            *(
                folded(_aligned(name, cell, wide, number), wide)
                for (name, cell), wide, number in zip(row.items(), widths, numeric, strict=True)
            )
        )
    out.print(drawn)


def _aligned(name: str, cell: str, wide: int, number: bool) -> str:
    if name == "plan":
        return cited(cell, wide)
    return cell.rjust(wide) if number else cell


def cards(out: Console, result: Result) -> None:
    """Print each task whole: its words, who, where, and what stands beside it."""
    for row in result.records():
        place = "、".join(str(each) for each in (row["list_no"], row["list"]) if each)
        if row["section_no"]:
            place += f"（{row['section_no']}）{row['section']}"
        plan = [str(row["plan"])] if result.several else []
        lines(out, "  ".join(filter(None, [f"第{row['no']}项", *plan, place])), style="bold")
        named = [(name, dict.fromkeys(said.split("、"))) for name, said in _pairs(row["mentions"])]
        words = [word for _name, said in named for word in said]
        labelled(out, "任务", marked(str(row["_printed"] or row["text"]), words))
        labelled(out, "责任分工", Text(f"({row['clause']})" if row["clause"] else "（原文没有）"))
        labelled(out, "牵头", Text(shown("lead", row["_lead"]) or "（原文没有写明）"))
        if row["participate"]:
            role = role_shown("participate", row["lead"])
            labelled(out, role, Text(shown("participate", row["_participate"])))
        places = (
            f"{name}（{'、'.join(said)}）" if [*said] != [name] else name for name, said in named
        )
        labelled(out, "地区", Text("；".join(places) or "（原文没有提到）"))
        if row["deadline"]:
            labelled(out, "完成时限", Text(str(row["deadline"])))
        for label, name in (("上一项", "previous"), ("下一项", "next")):
            if row[name]:
                labelled(out, label, Text(str(row[name]), "dim"))
        out.print()


def findings(out: Console, result: Result) -> None:
    """Print each finding: where, the rule, what is wrong, the words, what to do."""
    for row in result.records():
        lines(out, f"{row['file']}:{row['line']}  {row['where']}  {row['rule']}", style="bold")
        labelled(out, "问题", Text(str(row["finding"])))
        if row["excerpt"]:
            labelled(out, "原文", _underlined(str(row["excerpt"]), out.width - LABEL))
        labelled(out, "处理", Text(str(row["remedy"])))
        out.print()


def changes(out: Console, result: Result) -> None:
    """Print what changed as a table, old words and new ones marked."""
    names = ("change", "no_before", "no_after", "what")
    cells = [{name: Text(shown(name, row[name])) for name in names} for row in result.records()]
    for row in cells:
        row["what"].highlight_regex(r"\[-.*?-\]", OLD)
        row["what"].highlight_regex(r"\{\+.*?\+\}", NEW)
    if out.width < NARROW:
        for row in cells:
            _stacked(out, row)
        return
    numbers = max([6, *(width(row[name].plain) for row in cells for name in names[1:3])])
    widths = [8, numbers, numbers, out.width - 8 - 2 * numbers - 3 * GAP]
    drawn = table(zip(map(_heading, names), widths, (False,) * 4, strict=True))
    for row in cells:
        drawn.add_row(*(folded(row[name], wide) for name, wide in zip(names, widths, strict=True)))
    out.print(drawn)


def _stacked(out: Console, row: dict[str, Text]) -> None:
    """Print a row where a table has no room: each cell on lines of its own."""
    for name, cell in row.items():
        labelled(out, _heading(name), cell)
    out.print()


def _underlined(excerpt: str, cells: int) -> Text:
    """Return an excerpt with what the carets below it point at marked; carets only if it fits."""
    line, start, end = pointed(excerpt)
    drawn = Text(line)
    drawn.stylize(WRONG, start, end)
    return Text.assemble(drawn, excerpt[len(line) :]) if width(line) <= cells else drawn


def details(out: Console, result: Result) -> None:
    """Print what a list says instead of tasks: its paragraph, fields and totals."""
    out.print(Text(result.title, "bold"))
    fields = [str(row["name"]) for row in result.records() if row["kind"] == "field"]
    for row in result.records():
        if row["kind"] == "field":
            labelled(out, f"领域{fields.index(str(row['name'])) + 1}", Text(str(row["name"])))
        elif row["kind"] == "figure":
            labelled(out, "合计", Text(f"{row['name']} {row['value']} {row['unit']}"))
        else:
            labelled(out, shown("kind", row["kind"]), Text(str(row["name"])))


def plans(out: Console, plans: Result, sections: Result) -> None:
    """Print each plan's head, its preamble, and its lists and sections with their counts."""
    for row in plans.records():
        out.print(folded(Text(str(row["title"]), "bold"), out.width), end="")
        from_ = str(row["publisher"]) + (
            f"《{row['published_as']}》" if row["published_as"] else ""
        )
        for label, said in (
            ("年度", row["year"]),
            ("适用地区", row["jurisdiction"]),
            ("来源", "，".join(filter(None, (from_, str(row["published"]))))),
            ("说明", row["note"]),
            *(("前言", paragraph) for paragraph in str(row["preamble"]).splitlines()),
        ):
            if said:
                labelled(out, label, Text(str(said)))
        mine = tuple(each for each in sections.rows if each[0] == row["plan"])
        out.print()
        listing(out, Result("", sections.columns, mine))


def lines(out: Console, *said: str, style: str = "") -> None:
    """Print plain sentences, folded by cell width."""
    for line in said:
        out.print(folded(Text(line, style), out.width), end="")


def _heading(name: str) -> str:
    return "责任单位" if name == "bodies" else HEADINGS.get(name, name)


def _pairs(said: Cell) -> Iterable[tuple[str, str]]:
    """Return (region, its words) of cells like 宿州：新汴河."""
    each = (str(one).partition("：") for one in (said if isinstance(said, tuple) else ()))
    return [(name, words) for name, _colon, words in each]


def _cell(row: Row, name: str, words: Sequence[str], who: str) -> Text:
    """Return one cell of a table of tasks, its words marked."""
    if name == "bodies":
        return Text("\n").join(_bodies(row, who)) or Text("（原文没有）")
    if name == "text":
        own = row.get("words") or ()
        said = str(row.get("target") or row["_printed"] or row["text"])
        return marked(said, (*words, *(own if isinstance(own, tuple) else ())))
    if name == "grade":
        grade = Text(shown("grade", row["grade"]), ROLE)
        why = row["why"] if isinstance(row["why"], tuple) else ()
        return Text("\n").join([grade, *map(Text, why)])
    if name == "reason":
        reason = Text(shown("reason", row["reason"]), ROLE)
        return Text("\n").join([reason, *map(Text, names(row["words"]))])
    if name == "value":
        kind = [] if row["kind"] == "target" else [Text(shown("kind", row["kind"]), ROLE)]
        return Text("\n").join([Text(shown("words", row["words"]), "bold"), *kind])
    if name == "role":
        return Text(role_shown(row["role"], row["lead"]), ROLE)
    if name == "plan":
        return Text(cited(str(row["plan"]), PLAN))
    return Text(shown(name, row[name]))


def _bodies(row: Row, who: str) -> Iterator[Text]:
    """Yield who leads and who takes part, a line each, with 等 where the clause has it."""
    for name in ("lead", "participate"):
        if row[name]:
            names = Text(shown(name, row[f"_{name}"]))
            if who:
                names.highlight_words([who], WHO)
            yield Text.assemble((role_shown(name, row["lead"]) + " ", ROLE), names)
