"""Find the tables of a PDF page by their rules, with the rows and columns that each cell covers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from plancli.importing.readers.pdf_glyphs import Glyph, PageContent, Rule, TurnedGlyph

SNAP = 3.0  # points within which rules are one line
MIN_BORDER_SHARE = 0.5  # of the side of a cell that a rule must cover
MIN_OPEN_WIDTH = 12.0  # points by which a rule must go past the outer column to open another
MIN_OPEN_RULES = 4  # lines of a table without vertical ones
MIN_COLUMN_SPACE = 3.5  # points between its columns
MAX_LEADING = 1.6  # of the size, between the lines of a row
MAX_GRID = 200_000  # elementary cells; more is a drawing


class TableCell(NamedTuple):
    """A cell: its row and column, how many it covers, its box and its glyphs."""

    row: int
    column: int
    rows: int
    columns: int
    box: tuple[float, float, float, float]  # left, right, top, bottom
    glyphs: list[Glyph]
    turned: list[TurnedGlyph]


class PageTable(NamedTuple):
    """A table: the positions of its columns and rows, and its cells in reading order."""

    lefts: list[float]
    tops: list[float]
    cells: list[TableCell]


def count_crossings(content: PageContent) -> int:
    """Return the number of points where the rules of a page may cross."""
    across = {round(each.at) for each in content.across}
    down = {round(each.at) for each in content.down}
    return len(across) * len(down)


def find_tables(content: PageContent) -> list[PageTable]:
    """Return the tables of a page; their cells hold the glyphs in them."""
    tables = [
        table
        for across, down in _iter_connected(_join_rules(content.across), _join_rules(content.down))
        if (table := _build_table(across, down))
    ]
    tables += _find_open_tables(content, tables)
    tables.sort(key=lambda each: (each.tops[-1] - each.tops[0]) * (each.lefts[-1] - each.lefts[0]))
    _fill_cells(tables, content)
    kept = [each for each in tables if any(cell.glyphs or cell.turned for cell in each.cells)]
    return sorted(kept, key=lambda each: (each.tops[0], each.lefts[0]))


def _join_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Return *rules* with those on one line that touch made one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at <= SNAP:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    joined = []
    for line in lines:
        at = sum(each.at for each in line) / len(line)
        start, end = None, 0.0
        for rule in sorted(line, key=lambda each: each.start):
            if start is None or rule.start > end + SNAP:
                if start is not None:
                    joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        if start is not None:
            joined.append(Rule(at, start, end))
    return [each for each in joined if each.end - each.start > SNAP]


def _iter_connected(
    across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules that touch one another, table by table."""
    parents = list(range(len(across) + len(down)))

    def find_root(n: int) -> int:
        while parents[n] != n:
            parents[n] = parents[parents[n]]
            n = parents[n]
        return n

    places = [each.at for each in down]
    for n, rule in enumerate(across):
        first = bisect_left(places, rule.start - SNAP)
        last = bisect_right(places, rule.end + SNAP)
        for m in range(first, last):
            if down[m].start - SNAP <= rule.at <= down[m].end + SNAP:
                parents[find_root(n)] = find_root(len(across) + m)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for n in range(len(parents)):
        rules = groups.setdefault(find_root(n), ([], []))
        if n < len(across):
            rules[0].append(across[n])
        else:
            rules[1].append(down[n - len(across)])
    yield from (each for each in groups.values() if all(each))


def _build_table(across: list[Rule], down: list[Rule]) -> PageTable | None:
    """Return the grid of connected rules as a table without glyphs, if it has several cells."""
    xs = _find_lines(down, across)
    ys = _find_lines(across, down)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > MAX_GRID:
        return None
    has_top = _map_borders(across, ys, xs)
    has_left = _map_borders(down, xs, ys)
    cells: list[TableCell] = []
    taken: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < columns and (right, row) not in has_left and (row, right) not in taken:
                right += 1
            bottom = row + 1
            while bottom < rows and not any(
                (bottom, n) in has_top or (bottom, n) in taken for n in range(column, right)
            ):
                # The next row continues the cell only if it is as undivided.
                if any((n, bottom) in has_left for n in range(column + 1, right)):
                    break
                bottom += 1
            taken.update((y, x) for y in range(row, bottom) for x in range(column, right))
            box = (xs[column], xs[right], ys[row], ys[bottom])
            cells.append(TableCell(row, column, bottom - row, right - column, box, [], []))
    if len(cells) < 4:
        return None
    return PageTable(xs, ys, cells)


def _find_open_tables(content: PageContent, tables: Sequence[PageTable]) -> Iterator[PageTable]:
    """Yield tables with lines between their rows only; space divides their columns."""
    alike: dict[tuple[int, int], list[Rule]] = {}
    for rule in _join_rules(content.across):
        alike.setdefault((round(rule.start / SNAP), round(rule.end / SNAP)), []).append(rule)
    for rules in alike.values():
        left, right, bottom = rules[0].start - SNAP, rules[0].end + SNAP, rules[-1].at
        if len(rules) < MIN_OPEN_RULES or any(
            each.tops[0] <= rules[n].at <= each.tops[-1] for each in tables for n in (0, -1)
        ):
            continue
        glyphs = [
            each
            for each in content.glyphs
            if left < each.middle[0] < right and not each.text.isspace()
        ]
        ys = [each.at for each in rules]
        gaps = _find_gaps([each for each in glyphs if ys[0] < each.middle[1] < bottom])
        # The headings may have a line only below them, and the last row none on this page.
        gaps, top = _extend(sorted(glyphs, key=lambda each: -each.baseline), gaps, ys[0], -1)
        gaps, bottom = _extend(sorted(glyphs, key=lambda each: each.baseline), gaps, ys[-1], 1)
        xs = [rules[0].start, *((start + end) / 2 for start, end in gaps), rules[0].end]
        ys = [*([top] if top < ys[0] else []), *ys, *([bottom] if bottom > ys[-1] else [])]
        first = {bisect_right(xs, g.middle[0]) for g in glyphs if ys[0] < g.middle[1] < ys[1]}
        if len(xs) > 2 and len(first) == len(xs) - 1:
            yield PageTable(xs, ys, list(_iter_plain_cells(xs, ys)))


def _iter_plain_cells(xs: Sequence[float], ys: Sequence[float]) -> Iterator[TableCell]:
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            yield TableCell(row, column, 1, 1, (left, right, top, bottom), [], [])


def _find_gaps(glyphs: Iterable[Glyph]) -> list[tuple[float, float]]:
    """Return the gaps between the columns, in which no glyph stands in any row."""
    gaps: list[tuple[float, float]] = []
    end = None
    for glyph in sorted(glyphs, key=lambda each: each.x0):
        if end is not None and glyph.x0 - end > MIN_COLUMN_SPACE:
            gaps.append((end, glyph.x0))
        end = glyph.x1 if end is None else max(end, glyph.x1)
    return gaps


def _extend(
    glyphs: Iterable[Glyph], gaps: list[tuple[float, float]], start: float, way: int
) -> tuple[list[tuple[float, float]], float]:
    """Return how far the lines that keep to the columns go on from *start*, up (-1) or down (1).

    The *glyphs* are in that order.  What is left of the *gaps* is returned, too.
    """
    edge = start
    for line in _iter_rows(each for each in glyphs if (each.middle[1] - start) * way > 0):
        distance = 1.5 if edge == start else MAX_LEADING
        size = max(each.size for each in line)
        left = [_narrow_gap(gap, line) for gap in gaps]
        if abs(line[0].middle[1] - edge) > distance * size or any(a >= b for a, b in left):
            break
        gaps, edge = left, line[0].middle[1] + way * 0.7 * size
    return gaps, edge


def _iter_rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    for glyph in glyphs:
        if row and abs(glyph.baseline - row[-1].baseline) > 0.3 * glyph.size:
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _narrow_gap(gap: tuple[float, float], line: Iterable[Glyph]) -> tuple[float, float]:
    start, end = gap
    middle = (start + end) / 2
    for glyph in line:
        if glyph.middle[0] < middle:
            start = max(start, glyph.x1)
        else:
            end = min(end, glyph.x0)
    return start, end


def _find_lines(rules: Sequence[Rule], others: Sequence[Rule]) -> list[float]:
    """Return the positions of *rules*, and of the ends of the others past the outermost."""
    places = sorted({each.at for each in rules})
    start, end = min(each.start for each in others), max(each.end for each in others)
    if places[0] - start > MIN_OPEN_WIDTH:
        places.insert(0, start)
    if end - places[-1] > MIN_OPEN_WIDTH:
        places.append(end)
    return places


def _map_borders(
    rules: Sequence[Rule], places: Sequence[float], stops: Sequence[float]
) -> set[tuple[int, int]]:
    """Return (index in *places*, index of the stretch between two stops) of all borders."""
    borders = set()
    for rule in rules:
        line = bisect_left(places, rule.at)
        first = max(bisect_right(stops, rule.start) - 1, 0)
        for n in range(first, len(stops) - 1):
            start, end = stops[n], stops[n + 1]
            if start >= rule.end:
                break
            if min(end, rule.end) - max(start, rule.start) >= MIN_BORDER_SHARE * (end - start):
                borders.add((line, n))
    return borders


def _fill_cells(tables: Sequence[PageTable], content: PageContent) -> None:
    """Give each cell the glyphs whose middle is in it; smaller tables, inside others, first."""
    grids = []
    for table in tables:
        covering = {
            (row, column): cell
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }
        grids.append((table, covering))

    def find_cell(x: float, y: float) -> TableCell | None:
        for table, covering in grids:
            if table.lefts[0] <= x <= table.lefts[-1] and table.tops[0] <= y <= table.tops[-1]:
                row = bisect_right(table.tops, y) - 1
                column = bisect_right(table.lefts, x) - 1
                if cell := covering.get((row, column)):
                    return cell
        return None

    outside, turned = [], []
    for glyph in content.glyphs:
        if cell := find_cell(*glyph.middle):
            cell.glyphs.append(glyph)
        else:
            outside.append(glyph)
    for each in content.turned:
        cell = find_cell(each.x, each.y) if abs(abs(each.angle) - 90) < 3 else None
        if cell:
            cell.turned.append(each)
        else:
            turned.append(each)
    content.glyphs[:], content.turned[:] = outside, turned
