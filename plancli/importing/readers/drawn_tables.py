"""Read tables that are drawn with characters: ┌─┬─┐, │ … │, └─┴─┘.

Each line of such a table must have as many cells as the others, or one across all columns.  A border
in one part of a line (├──┤ 教育局 │) ends the cell above it in that column only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from plancli.importing.readers.page import CellGrid
from plancli.text import layout

DRAWN_LINE = re.compile("[ \t\u3000]*+[┌├└│┏┣┗┃╔╠╚║].*[┐┤┘│┓┫┛┃╗╣╝║]")
BETWEEN_CELLS = re.compile("[│┃║┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬]")
BORDER = re.compile("[─━═]++")
MIN_LINES = 3


@dataclass(slots=True)
class _DrawnCell:
    lines: list[str] = field(default_factory=list)
    rows: int = 1
    columns: int = 1


def find_end(lines: Sequence[str], start: int) -> int:
    """Return the index after the drawn table that begins at *start*; *start* if there is none."""
    end = start
    while end < len(lines) and DRAWN_LINE.fullmatch(lines[end].rstrip()):
        end += 1
    has_border = any(BORDER.search(line) for line in lines[start:end])
    return end if end - start >= MIN_LINES and has_border else start


def read_table(lines: Sequence[str]) -> CellGrid | None:
    """Return the table that *lines* draw; None if its columns differ from line to line."""
    drawn = [[part.strip() for part in BETWEEN_CELLS.split(line.strip())[1:-1]] for line in lines]
    width = max(map(len, drawn))
    if width < 2 or any(len(parts) not in (1, width) for parts in drawn):
        return None
    widths = [0] * width  # of the columns, in half characters
    cells: dict[tuple[int, int], _DrawnCell] = {}
    starts = [0] * width  # row of the open cell of each column
    row = -1
    for parts in drawn:
        has_border = any(map(BORDER.fullmatch, parts))
        row += has_border or row < 0
        if len(parts) == 1 and has_border:
            parts = parts * width
        for column, part in enumerate(parts):
            if BORDER.fullmatch(part):
                starts[column] = row
                if len(set(parts)) > 1 or not widths[column]:
                    widths[column] = max(widths[column], 2 * len(part))
                continue
            cell = cells.setdefault((starts[column], column), _DrawnCell())
            cell.rows = row - starts[column] + 1
            cell.columns = width if len(parts) == 1 else 1
            if part:
                cell.lines.append(part)
    grid: list[list[tuple[str, int, int]]] = []
    for number in range(max(row, 1)):
        grid.append([])
        for column in range(width):
            cell = cells.get((number, column), _DrawnCell())
            if (number, column) in cells or not _is_covered(cells, number, column):
                text = _join_lines(cell.lines, widths[column])
                grid[-1].append((text, cell.rows, cell.columns))
            if cell.columns == width:
                break
    return CellGrid(grid)


def _is_covered(cells: dict[tuple[int, int], _DrawnCell], row: int, column: int) -> bool:
    above = (cells.get((start, column)) for start in range(row - 1, -1, -1))
    cell_above = next(((row - n, c) for n, c in enumerate(above, 1) if c), None)
    return cell_above is not None and cell_above[0] + cell_above[1].rows > row


def _join_lines(lines: Sequence[str], width: int) -> str:
    """Return the lines of a cell; one that fills its width goes on in the next."""
    joined = ""
    for n, line in enumerate(lines):
        is_full = n > 0 and layout.measure_width(lines[n - 1]) > width - 2
        joined += line if n == 0 or is_full else f"\n{line}"
    return joined
