"""Put the glyphs of a PDF page into lines by their baselines, and the lines into reading order."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import Any, NamedTuple

from plancli.importing.readers import page_numbers, pdf_tables
from plancli.importing.readers.pdf_glyphs import (
    Glyph,
    PageContent,
    find_usual_size,
    iter_turned_words,
)
from plancli.importing.readers.pdf_tables import PageTable, TableCell

SAME_BASELINE = 0.12  # of the size; glyphs within it stand on one baseline
RAISED = 0.45  # of the size of a line, by which its small glyphs may be raised or lowered
MIN_SPACE = 0.35  # of the size; a wider gap is a space
MIN_WORD_SPACE = 0.2  # the same between Latin letters
LETTER_SPACING = 1.6  # times the usual gap of a line, from which a gap is a space
MAX_GUTTERS = 40  # places on a page where a column may begin
MIN_GUTTER = 1.0  # of the size, between two columns
MIN_COLUMN_LINES = 4  # lines of a column without numbers
MIN_COLUMN_CHARS = 8  # of the usual line of a column
MIN_FULL_SHARE = 0.5  # of the lines of a column that are full
FULL_LINE = 0.85  # of the width of the longest
COLUMN_RATIO = 0.7  # of the widths of two columns
NOTE_SIZE = 0.85  # of the size of the text, below which notes in the margin are printed
MAX_NOTE_SHARE = 0.4  # of the width of the page that notes in the margin may take
ITEM_START = re.compile("[（(]?(?:\\d{1,3}|[一二三四五六七八九十]{1,3})[）).．、]")
UNBREAKABLE = re.compile(
    "[（(〔\\[《“‘]*(?:[0-9A-Za-z.%％]+|.)[。；，、：！？）)\\]】〕》”’;,%％]*"
)
NAME_END = re.compile("[局委办部厅会院府室处司所站队校]$")
NAME_START = re.compile("[省市县区州盟旗镇乡各]")
SEPARATORS = "、，,；;"
CELL_PADDING = 6.0  # points at each side of a cell that its text leaves free at most
FRAME_SHARE = 0.6  # of all characters of a grid, from which a cell is the page in a frame
FRAME_LINES = 4
FRAME_WIDTH = 0.8  # of the grid, the least width of a framed page without items
STRIKE = 0.15  # of the size, by which a line through a word may miss its middle
MAX_STRIKE = 6.0  # points of the same
MAX_STRUCK = 300  # glyphs at the height of a line through them


class TextLine(NamedTuple):
    """A line: its text, box and size in points, and the left edge of its column."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    left: float


class PageLayout(NamedTuple):
    """The blocks of a page in reading order, and what is not of its running text."""

    blocks: list[TextLine | PageTable]
    notes: list[str]  # in the margin: comments, and what was deleted
    turned: list[str]  # watermarks
    has_unclear_columns: bool


@dataclass(slots=True)
class _Segment:
    """Glyphs beside one another on one baseline, or a table or frame with its blocks."""

    x0: float
    x1: float
    baseline: float
    size: float
    glyphs: list[Glyph] = field(default_factory=list)
    inner: "list[TextLine | PageTable]" = field(default_factory=list)

    @property
    def length(self) -> int:
        return sum(not each.text.isspace() for each in self.glyphs)


def find_layout(content: PageContent, tables: Iterable[PageTable]) -> PageLayout:
    """Return the layout of a page whose *tables* have taken their glyphs."""
    usual = find_usual_size(content.glyphs)
    segments, notes = _split_notes(list(_iter_segments(content.glyphs)), content.width, usual)
    segments += _make_table_segments(sorted(tables, key=_measure_area, reverse=True))
    blocks: list[TextLine | PageTable] = []
    unclear = False
    for region, is_unclear in _iter_regions(sorted(segments, key=attrgetter("baseline")), usual):
        blocks += _build_blocks(region)
        unclear |= is_unclear
    note_lines = [each.text for each in _build_blocks(notes) if isinstance(each, TextLine)]
    return PageLayout(blocks, note_lines, list(iter_turned_words(content.turned)), unclear)


def _measure_area(table: PageTable) -> float:
    return (table.tops[-1] - table.tops[0]) * (table.lefts[-1] - table.lefts[0])


def _make_table_segments(tables: Sequence[PageTable]) -> list[_Segment]:
    """Return a segment for each table and frame; those inside a frame are among its blocks."""
    segments: list[_Segment] = []
    inside: set[int] = set()
    for n, table in enumerate(tables):
        if n in inside:
            continue
        inner: list[TextLine | PageTable] = [table]
        if _is_frame(table):
            inner = []
            for cell in table.cells:
                own = [m for m in range(n + 1, len(tables)) if _is_inside(tables[m], cell)]
                inside.update(own)
                parts = list(_iter_segments(cell.glyphs))
                inner += _build_blocks(parts + _make_table_segments([tables[m] for m in own]))
        left, right = table.lefts[0], table.lefts[-1]
        segments.append(_Segment(left, right, table.tops[0], 0.0, inner=inner))
    return segments


def _is_inside(table: PageTable, cell: TableCell) -> bool:
    left, right, top, bottom = cell.box
    x, y = (table.lefts[0] + table.lefts[-1]) / 2, (table.tops[0] + table.tops[-1]) / 2
    return left < x < right and top < y < bottom


def _iter_segments(glyphs: Iterable[Glyph]) -> Iterator[_Segment]:
    """Yield the glyphs on one baseline together, divided at wide gaps."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: each.baseline):
        if rows and glyph.baseline - rows[-1][0].baseline <= SAME_BASELINE * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    for row in rows:
        row.sort(key=lambda each: each.x0 + each.x1)
        gathered: list[Glyph] = []
        end = 0.0
        for glyph in row:
            if glyph.text.isspace() and not gathered:
                continue
            if gathered and glyph.x0 - end > MIN_GUTTER * max(glyph.size, gathered[-1].size):
                yield _make_segment(gathered)
                gathered = [] if glyph.text.isspace() else [glyph]
            else:
                gathered.append(glyph)
            if not glyph.text.isspace():
                end = max(end, glyph.x1) if len(gathered) > 1 else glyph.x1
        if gathered:
            yield _make_segment(gathered)


def _make_segment(glyphs: Sequence[Glyph]) -> _Segment:
    visible = [each for each in glyphs if not each.text.isspace()] or list(glyphs)
    return _Segment(
        visible[0].x0,
        max(each.x1 for each in visible),
        median(each.baseline for each in visible),
        max(each.size for each in visible),
        list(glyphs),
    )


def _split_notes(
    segments: list[_Segment], width: float, usual: float
) -> tuple[list[_Segment], list[_Segment]]:
    """Return *segments* without notes in the right margin, and the notes.

    The end of a header or footer is none, such as the page number of a browser.
    """
    small = [each for each in segments if each.size <= NOTE_SIZE * usual]
    rest = [each for each in segments if each.size > NOTE_SIZE * usual]
    edge = max((each.x1 for each in rest), default=width)
    top = min((each.baseline for each in rest), default=0.0)
    bottom = max((each.baseline for each in rest), default=0.0)
    started = [
        each.baseline
        for each in small
        if each.x0 < edge and not top - usual <= each.baseline <= bottom + usual
    ]
    notes = [
        each
        for each in small
        if each.x0 >= edge
        and not any(abs(each.baseline - y) <= SAME_BASELINE * each.size for y in started)
        and not (
            page_numbers.classify_line(_read_glyphs(each.glyphs))
            and not top <= each.baseline <= bottom
        )
    ]
    if not notes or edge < (1 - MAX_NOTE_SHARE) * width:
        return segments, []
    if any(each.x0 < edge < each.x1 for each in small):
        return segments, []
    in_margin = set(map(id, notes))
    return [each for each in segments if id(each) not in in_margin], notes


def _iter_regions(
    segments: Sequence[_Segment], usual: float
) -> Iterator[tuple[list[_Segment], bool]]:
    """Yield the parts of a page that are read one after another, and whether columns are unclear."""
    best: tuple[int, float, list[tuple[int, int]]] = (0, 0.0, [])
    unclear = False
    for gutter in _find_gutters(segments, usual):
        bands = []
        for first, last in _iter_bands(segments, gutter):
            band = segments[first:last]
            sides = [
                [each for each in band if (each.x0 >= gutter - 1) is is_right]
                for is_right in (False, True)
            ]
            clear = _are_columns(sides, gutter, usual)
            unclear |= clear is None
            if clear:
                bands.append((first, last))
        size = sum(last - first for first, last in bands)
        if size > best[0]:
            best = size, gutter, bands
    _size, gutter, bands = best
    if not bands:
        yield list(segments), unclear
        return
    at = 0
    for first, last in bands:
        if first > at:
            yield list(segments[at:first]), False
        for is_right in (False, True):
            side = [each for each in segments[first:last] if (each.x0 >= gutter - 1) is is_right]
            yield from _iter_regions(side, usual)
        at = last
    if at < len(segments):
        yield list(segments[at:]), False


def _find_gutters(segments: Sequence[_Segment], usual: float) -> list[float]:
    """Return the left edges of columns that are not the first."""
    counts: dict[int, list[float]] = {}
    for each in segments:
        if each.glyphs and each.length > 1:
            counts.setdefault(round(each.x0 / 4), []).append(each.x0)
    if not counts:
        return []
    left = min(each.x0 for each in segments) + MIN_COLUMN_CHARS * usual
    often = sorted(counts.values(), key=len, reverse=True)[:MAX_GUTTERS]
    return [min(starts) for starts in often if len(starts) >= 2 and min(starts) > left]


def _iter_bands(segments: Sequence[_Segment], gutter: float) -> Iterator[tuple[int, int]]:
    """Yield the stretches of *segments* that nothing crosses at *gutter*."""
    start = 0
    for n, each in enumerate(segments):
        if each.x0 < gutter - 1 < each.x1 - 2:
            if n > start:
                yield start, n
            start = n + 1
    if len(segments) > start:
        yield start, len(segments)


def _are_columns(sides: Sequence[list[_Segment]], gutter: float, usual: float) -> bool | None:
    """Return whether the text left and right of *gutter* is two columns; None if that is unclear."""
    if any(len(side) < 2 for side in sides):
        return False
    text = [[each for each in side if each.glyphs] for side in sides]
    if any(
        len(side) < 2 or median(each.length for each in side) < MIN_COLUMN_CHARS for side in text
    ):
        return False
    edges = [max(each.x1 for each in side) for side in sides]
    if gutter - edges[0] < MIN_GUTTER * usual * 0.8:
        return False
    widths = [max(each.x1 - each.x0 for each in side) for side in text]
    if min(widths) < COLUMN_RATIO * max(widths):
        return None if min(map(len, text)) >= MIN_COLUMN_LINES else False
    if all(any(ITEM_START.match(_read_glyphs(each.glyphs)) for each in side) for side in text):
        return True
    if min(map(len, text)) < MIN_COLUMN_LINES:
        return False
    for side, width in zip(text, widths, strict=True):
        full = sum(each.x1 - each.x0 >= FULL_LINE * width for each in side)
        if full < MIN_FULL_SHARE * len(side):
            return None
    return True


def _build_blocks(segments: Iterable[_Segment]) -> list[TextLine | PageTable]:
    """Return the lines and tables of a region from top to bottom."""
    segments = list(segments)
    lines = _join_segments([each for each in segments if each.glyphs])
    left = min((each.x0 for line in lines for each in line), default=0.0)
    placed: list[tuple[float, TextLine | PageTable]] = [
        (each.baseline, block) for each in segments for block in each.inner
    ]
    for line in lines:
        glyphs = sorted(
            (glyph for each in line for glyph in each.glyphs), key=lambda each: each.x0 + each.x1
        )
        main = max(line, key=lambda each: (each.length * each.size, each.size))
        text = _read_glyphs(glyphs)
        if text:
            x0, x1 = min(each.x0 for each in line), max(each.x1 for each in line)
            size = max(each.size for each in line)
            placed.append((main.baseline, TextLine(text, x0, x1, main.baseline, size, left)))
    return [block for _y, block in sorted(placed, key=lambda each: each[0])]


def _join_segments(segments: Sequence[_Segment]) -> list[list[_Segment]]:
    """Return the segments of each line: those on one baseline, and small ones raised or lowered."""
    rows: list[list[_Segment]] = []
    for each in sorted(segments, key=lambda each: each.baseline):
        if rows and each.baseline - rows[-1][0].baseline <= SAME_BASELINE * each.size:
            rows[-1].append(each)
        else:
            rows.append([each])
    rows.sort(key=lambda row: -sum(each.length * each.size for each in row))
    lines: list[list[_Segment]] = []
    starts: list[tuple[float, float, int]] = []  # baseline and size that each line began with
    largest = max((each.size for each in segments), default=0.0)
    for row in rows:
        baseline, size = row[0].baseline, max(each.size for each in row)
        first = bisect_left(starts, (baseline - RAISED * largest,))
        last = bisect_left(starts, (baseline + RAISED * largest,))
        fitting = [
            (abs(start - baseline), n)
            for start, own, n in starts[first:last]
            if abs(start - baseline) <= RAISED * max(size, own)
            and not _is_overlapping(lines[n], row)
        ]
        if fitting:
            lines[min(fitting)[1]] += row
        else:
            insort(starts, (baseline, size, len(lines)))
            lines.append(list(row))
    return lines


def _is_overlapping(line: Iterable[_Segment], row: Iterable[_Segment]) -> bool:
    """Return whether glyphs of *row* are above or below some of *line*."""
    taken = sorted((glyph.x0, glyph.x1) for each in line for glyph in each.glyphs)
    new = sorted((glyph.x0, glyph.x1) for each in row for glyph in each.glyphs)
    n = 0
    for x0, x1 in new:
        while n < len(taken) and taken[n][1] <= x0:
            n += 1
        m = n
        while m < len(taken) and taken[m][0] < x1:
            if min(x1, taken[m][1]) - max(x0, taken[m][0]) > 0.35 * (x1 - x0):
                return True
            m += 1
    return False


def _read_glyphs(glyphs: Sequence[Glyph]) -> str:
    """Return the text of glyphs from left to right, with spaces where they are printed."""
    visible = [each for each in glyphs if not each.text.isspace()]
    if not visible:
        return ""
    gaps = [other.x0 - one.x1 for one, other in pairwise(visible)]
    usual = median(gaps) if len(gaps) > 3 else 0.0
    spaces = sorted((each.x0 + each.x1) / 2 for each in glyphs if each.text.isspace())
    words = [visible[0].text]
    n = 0
    for (one, other), gap in zip(pairwise(visible), gaps, strict=True):
        while n < len(spaces) and spaces[n] < (one.x0 + one.x1) / 2:
            n += 1
        is_space = n < len(spaces) and spaces[n] < (other.x0 + other.x1) / 2
        is_word = one.text.isascii() and other.text.isascii() and (one.text + other.text).isalpha()
        share = MIN_WORD_SPACE if is_word else MIN_SPACE
        wide = max(share * max(one.size, other.size), LETTER_SPACING * usual)
        words.append(" " * (is_space or gap > wide) + other.text)
    return "".join(words).strip()


def build_cells(table: PageTable) -> list[list[Any]]:
    """Return (text, row, column, rows, columns, room) of each cell of *table*.

    Room is what its last line leaves free, in characters.
    """
    lines = {cell[:2]: _build_cell_lines(cell) for cell in table.cells}
    widest: dict[tuple[int, int], float] = {}
    for cell in table.cells:
        key = cell.column, cell.columns
        widths = (line.x1 - line.x0 for line in lines[cell[:2]])
        widest[key] = max(widest.get(key, 0.0), *widths, 0.0)
    cells: list[list[Any]] = []
    for cell in table.cells:
        inner = cell.box[1] - cell.box[0] - 2 * CELL_PADDING
        width = max(widest[cell.column, cell.columns], inner)
        text, room = "", 0.0
        for line in lines[cell[:2]]:
            text = join_cell_text(text, line.text, room) if text else line.text
            room = (width - line.x1 + line.x0) / line.size
        cells.append([text, cell.row, cell.column, cell.rows, cell.columns, room])
    return cells


def join_cell_text(one: str, other: str, room: float) -> str:
    """Return *one* and the next line *other* of a cell, with a line end if it is not a wrapped line.

    It is none if the first word of *other* had *room*, in characters, behind *one*; and between names
    below each other.
    """
    head = UNBREAKABLE.match(other)
    need = sum(1 if ord(each) > 0x2E7F else 0.5 for each in head[0]) if head else 1
    last = one.rpartition("\v")[2]
    is_listed = not any(mark in last + other for mark in SEPARATORS)
    if need <= room or (is_listed and NAME_END.search(last) and NAME_START.match(other)):
        return f"{one}\v{other}"
    both = one[-1:] + other[:1]
    return one + " " * (len(both) == 2 and both.isascii() and both.isalnum()) + other


def _build_cell_lines(cell: TableCell) -> list[TextLine]:
    if not cell.turned:
        return _read_lines(cell.glyphs)
    # Written from top to bottom, or turned by a right angle.
    upward = sum(each.angle > 0 for each in cell.turned) * 2 > len(cell.turned)
    placed = [(each.x, each.y, each.text) for each in cell.turned]
    placed += [(*each.middle, each.text) for each in cell.glyphs]
    width = max(each.size for each in cell.glyphs) if cell.glyphs else CELL_PADDING
    columns: list[list[tuple[float, float, str]]] = []
    for each in sorted(placed, reverse=not upward):
        if columns and abs(each[0] - columns[-1][0][0]) < 0.7 * width:
            columns[-1].append(each)
        else:
            columns.append([each])
    words = []
    for column in columns:
        column.sort(key=lambda each: -each[1] if upward else each[1])
        words += [each[2] for each in column]
    text = "".join(words).strip()
    return [TextLine(text, 0.0, 0.0, 0.0, 12.0, 0.0)] if text else []


def _read_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    blocks = _build_blocks(_iter_segments(glyphs))
    return [each for each in blocks if isinstance(each, TextLine)]


def _is_frame(table: PageTable) -> bool:
    """Return whether a grid only frames a page: a cell holds most of its text.

    It has items, or nearly the width of the grid, in which no cell with text has another beside it.
    """
    total = sum(len(cell.glyphs) for cell in table.cells)
    for cell in table.cells:
        if len(cell.glyphs) >= FRAME_SHARE * total:
            lines = _build_cell_lines(cell)
            items = sum(bool(ITEM_START.match(each.text)) for each in lines)
            left, right = cell.box[:2]
            is_wide = right - left >= FRAME_WIDTH * (table.lefts[-1] - table.lefts[0])
            return len(lines) >= FRAME_LINES and (items > 1 or (is_wide and _has_one_column(table)))
    return False


def _has_one_column(table: PageTable) -> bool:
    """Return whether each row of a grid has at most one cell with text."""
    filled = [row for c in table.cells if c.glyphs for row in range(c.row, c.row + c.rows)]
    return len(filled) == len(set(filled))


def _find_struck_words(content: PageContent) -> list[str]:
    """Return the words that a line is drawn through."""
    glyphs = sorted(content.glyphs, key=lambda each: each.middle[1])
    heights = [each.middle[1] for each in glyphs]
    words = []
    for rule in content.across:
        first = bisect_left(heights, rule.at - MAX_STRIKE)
        last = bisect_right(heights, rule.at + MAX_STRIKE)
        if last - first > MAX_STRUCK:
            continue
        struck = [
            each
            for each in glyphs[first:last]
            if rule.start - 1 <= each.middle[0] <= rule.end + 1
            and abs(each.middle[1] - rule.at) <= STRIKE * each.size
        ]
        if len(struck) > 1:
            words.append(_read_glyphs(sorted(struck, key=lambda each: each.x0)))
    return list(dict.fromkeys(filter(None, words)))[:MAX_STRUCK]


def find_page(content: PageContent) -> dict[str, Any]:
    """Return the blocks of a page as a message: lines, tables, and what is not running text."""
    struck = _find_struck_words(content)
    layout = find_layout(content, pdf_tables.find_tables(content))
    blocks: list[Any] = []
    for block in layout.blocks:
        if isinstance(block, TextLine):
            blocks.append(["line", *block])
        else:
            blocks.append(["table", block.tops[0], block.tops[-1], block.lefts, build_cells(block)])
    return {
        "width": content.width,
        "height": content.height,
        "blocks": blocks,
        "notes": layout.notes,
        "turned": layout.turned,
        "behind": [line.text for line in _read_lines(content.behind)],
        "struck": struck,
        "unclear_columns": layout.has_unclear_columns,
    }
