"""Print matrices, split into parts that fit the console, and tile maps."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from plancli.output.terminal import print_lines
from plancli.output.terminal.console import COLUMN_GAP, TerminalConsole, create_table, wrap_text
from plancli.results.charts import LEGEND, TASKS_LABEL, TOTAL_LABEL, Matrix, RoleCounts, TileMap
from plancli.text.layout import measure_width

MAX_NAME_WIDTH = 24  # cells of an agency's name, at most
MAX_HEADER_WIDTH = 10  # cells of a header without a short form, at most
MIN_TILE_WIDTH = 10  # cells of a tile, at least
SHADES = ("", "░", "▒", "▓", "█")  # no task, few, … most; GBK consoles have most of them


def print_matrix(out: TerminalConsole, drawn: Matrix) -> None:
    """Print as many columns as fit beside the agencies, then the next ones below."""
    name = min(
        MAX_NAME_WIDTH, out.width // 3, max(map(measure_width, (*drawn.agencies, TASKS_LABEL)))
    )
    columns = _build_columns(drawn)
    heads = [head.full_label for head in drawn.headers if head.full_label != head.short_label]
    print_lines(out, LEGEND, *heads, "")
    while columns:
        room, some = out.width - name, 0
        while some < len(columns) and (some == 0 or room >= COLUMN_GAP + columns[some][1]):
            room -= COLUMN_GAP + columns[some][1]
            some += 1
        _print_columns(out, drawn.agencies, name, columns[:some])
        columns = columns[some:]
        if columns:
            print_lines(out, "")
        out.flush_capture()


MatrixColumn = tuple[str, int, list[str]]


def _build_columns(drawn: Matrix) -> list[MatrixColumn]:
    """Return (header, width, cells) of each column, the totals last."""
    found: list[MatrixColumn] = []
    none = RoleCounts()
    for m, head in enumerate(drawn.headers):
        parts = [drawn.cells.get((n, m), none) for n in range(len(drawn.agencies))]
        found.append(_build_column(head.short_label, [part.label for part in parts], head.tasks))
    return [*found, _build_column(TOTAL_LABEL, [part.label for part in drawn.totals], drawn.tasks)]


def _build_column(heading: str, cells: Sequence[str], tasks: int) -> MatrixColumn:
    column = [*cells, str(tasks)]
    return (
        heading,
        max(min(MAX_HEADER_WIDTH, measure_width(heading)), *map(measure_width, column)),
        column,
    )


def _print_columns(
    out: Console, agencies: Sequence[str], name: int, columns: Sequence[MatrixColumn]
) -> None:
    heads = [("单位", name, False), *((" " * wide, wide, False) for _head, wide, _cells in columns)]
    drawn = create_table(heads, lines=False)
    drawn.show_header = False
    drawn.add_row(
        wrap_text(Text("单位", "bold"), name),
        *(wrap_text(Text(head, "bold"), wide) for head, wide, _cells in columns),
    )
    drawn.add_section()
    for n, agency in enumerate((*agencies, TASKS_LABEL)):
        if agency is TASKS_LABEL:
            drawn.add_section()
        drawn.add_row(wrap_text(agency, name), *(cells[n] for _head, _wide, cells in columns))
    out.print(drawn)


def print_tiles(out: Console, drawn: TileMap) -> None:
    """Print the map: a tile for each region, with its name and tasks, shaded by tasks."""
    most = max(each.tasks for each in drawn.tiles)
    placed = {(each.x, each.y): each for each in drawn.tiles}
    across = max(each.x for each in drawn.tiles) + 1
    wide = max(
        MIN_TILE_WIDTH, *(measure_width(f"{each.name} {each.tasks}") for each in drawn.tiles)
    )
    per_line = max(1, out.width // (wide + COLUMN_GAP))
    if across > per_line:
        return print_lines(out, *(f"{each.name} {each.tasks}" for each in drawn.tiles))
    for y in range(max(each.y for each in drawn.tiles) + 1):
        row = [placed.get((x, y)) for x in range(across)]
        names = [f"{each.name} {each.tasks}" if each else "" for each in row]
        shades = [select_shade(each.tasks, most) * wide if each else "" for each in row]
        for cells in (names, shades):
            line = (" " * COLUMN_GAP).join(_pad_cell(cell, wide) for cell in cells)
            out.print(Text(line.rstrip()), soft_wrap=True)
        out.print()
    return None


def select_shade(tasks: int, most: int) -> str:
    """Return the shade of a tile with *tasks*, where *most* is the maximum."""
    return SHADES[-(-tasks * (len(SHADES) - 1) // most)] if most else ""


def _pad_cell(cell: str, wide: int) -> str:
    return cell + " " * (wide - measure_width(cell))
