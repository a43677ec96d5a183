"""A matrix, page beside page, and a map of squares."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from plancli.output.terminal import lines
from plancli.output.terminal.console import GAP, Paper, folded, table
from plancli.results.charts import LEGEND, TASKS, TOTAL, Map, Matrix, Part
from plancli.text.layout import width

NAME = 24  # cells, at most, of a body's name
HEAD = 10  # cells, at most, of a heading that is not short
TILE = 10  # cells of a square, at least
SHADES = ("", "░", "▒", "▓", "█")  # no task, few, … most; consoles in GBK have most of them


def matrix(out: Paper, drawn: Matrix) -> None:
    """Print as many columns as fit beside the bodies, then the next ones below."""
    name = min(NAME, out.width // 3, max(map(width, (*drawn.bodies, TASKS))))
    columns = _columns(drawn)
    heads = [head.full for head in drawn.heads if head.full != head.short]
    lines(out, LEGEND, *heads, "")
    while columns:
        room, some = out.width - name, 0
        while some < len(columns) and (some == 0 or room >= GAP + columns[some][1]):
            room -= GAP + columns[some][1]
            some += 1
        _page(out, drawn.bodies, name, columns[:some])
        columns = columns[some:]
        if columns:
            lines(out, "")
        out.leave()


Column = tuple[str, int, list[str]]


def _columns(drawn: Matrix) -> list[Column]:
    """Return (heading, width, cells) of each column, the totals last."""
    found: list[Column] = []
    none = Part()
    for m, head in enumerate(drawn.heads):
        parts = [drawn.cells.get((n, m), none) for n in range(len(drawn.bodies))]
        found.append(_column(head.short, [part.said for part in parts], head.tasks))
    return [*found, _column(TOTAL, [part.said for part in drawn.totals], drawn.tasks)]


def _column(heading: str, cells: Sequence[str], tasks: int) -> Column:
    said = [*cells, str(tasks)]
    return heading, max(min(HEAD, width(heading)), *map(width, said)), said


def _page(out: Console, bodies: Sequence[str], name: int, columns: Sequence[Column]) -> None:
    heads = [("单位", name, False), *((" " * wide, wide, False) for _head, wide, _cells in columns)]
    drawn = table(heads, lines=False)
    drawn.show_header = False
    drawn.add_row(
        folded(Text("单位", "bold"), name),
        *(folded(Text(head, "bold"), wide) for head, wide, _cells in columns),
    )
    drawn.add_section()
    for n, body in enumerate((*bodies, TASKS)):
        if body is TASKS:
            drawn.add_section()
        drawn.add_row(folded(body, name), *(cells[n] for _head, _wide, cells in columns))
    out.print(drawn)


def tiles(out: Console, drawn: Map) -> None:
    """Print the map: a square for each place, its name, its tasks, shaded by them."""
    most = max(each.tasks for each in drawn.tiles)
    placed = {(each.x, each.y): each for each in drawn.tiles}
    across = max(each.x for each in drawn.tiles) + 1
    wide = max(TILE, *(width(f"{each.name} {each.tasks}") for each in drawn.tiles))
    per_line = max(1, out.width // (wide + GAP))
    if across > per_line:
        return lines(out, *(f"{each.name} {each.tasks}" for each in drawn.tiles))
    for y in range(max(each.y for each in drawn.tiles) + 1):
        row = [placed.get((x, y)) for x in range(across)]
        names = [f"{each.name} {each.tasks}" if each else "" for each in row]
        shades = [shade(each.tasks, most) * wide if each else "" for each in row]
        for said in (names, shades):
            line = (" " * GAP).join(_padded(cell, wide) for cell in said)
            out.print(Text(line.rstrip()), soft_wrap=True)
        out.print()
    return None


def shade(tasks: int, most: int) -> str:
    """Return the shade of a square with so many of at *most* so many tasks."""
    return SHADES[-(-tasks * (len(SHADES) - 1) // most)] if most else ""


def _padded(cell: str, wide: int) -> str:
    return cell + " " * (wide - width(cell))
