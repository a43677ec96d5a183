"""The content of a document in any format: its text, and the lines and tables in it.

``SourceText.text`` is the visible text, with each line or table cell on one line.  Lines, cells and
everything made from them have offsets into it, so that the use of every character can be recorded.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plancli.importing.readers import limits
from plancli.text.normalize import get_invisible_pattern

LINE_TEXT = re.compile("[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
CELL_BREAK = re.compile("\r\n|[\n\r\f\x1c-\x1e\x85\u2028\u2029]")  # becomes \v in a cell
CELL_LINE_END = re.compile(r"(?<=(\S))\s*\v\s*(?=(\S))")
NON_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = get_invisible_pattern()  # would split a name
INVISIBLE_CHARS = INVISIBLE.pattern.strip("[]+")
SPACE_CHARS = " \t\v\u3000\xa0\u2002\u2003\u2009" + INVISIBLE_CHARS


class SourceLine(NamedTuple):
    """A line: its offsets, and its level if the file marks it as a heading."""

    start: int
    end: int
    level: int = 0


class SourceCell(NamedTuple):
    """A table cell: its offsets, its row and column from 0, and how many of them it covers."""

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


class SourceTable(NamedTuple):
    """A table, with its cells in reading order."""

    cells: tuple[SourceCell, ...]


class CellGrid(NamedTuple):
    """A table as read from a file: rows of (text, rows covered, columns covered)."""

    rows: Sequence[Sequence[tuple[str, int, int]]]


@dataclass(slots=True)
class SourceText:
    """The text of a document, with its lines and tables in reading order."""

    text: str = ""
    blocks: list[SourceLine | SourceTable] = field(default_factory=list)
    wrapped: bool = False  # lines end at the edge of the paper, not at the end of paragraphs
    lost_count: int = 0  # bytes or characters that could not be decoded


def from_text(text: str, *, wrapped: bool = False) -> SourceText:
    """Return the source text of plain *text*."""
    text = _normalize_text(text)
    matches = limits.iter_limited(LINE_TEXT.finditer(text))
    lines: list[SourceLine | SourceTable] = [SourceLine(*each.span()) for each in matches]
    return SourceText(text, lines, wrapped)


def _normalize_text(text: str) -> str:
    """Replace tabs by spaces, and characters that YAML forbids by U+FFFD."""
    return NON_TEXT.sub("\ufffd", text.replace("\t", " "))


def from_blocks(
    blocks: Iterable[str | tuple[str, int] | CellGrid], *, wrapped: bool = False
) -> SourceText:
    """Return the source text of *blocks*: lines, lines with their heading level, and tables."""
    written: list[str] = []
    page, at, covered, repeated = SourceText(wrapped=wrapped), 0, 0, 0

    def write_text(words: str) -> tuple[int, int]:
        nonlocal at
        words = _normalize_text(words)
        written.append(words + "\n")
        start, at = at, at + len(words) + 1
        limits.check_text_size(at)
        return start, at - 1

    for block in limits.iter_limited(blocks):
        if isinstance(block, CellGrid):
            cells = []
            for cell in _iter_cells(block, write_text):
                covered += cell.rows * cell.columns
                limits.check_cells(covered)
                repeated += (cell.end - cell.start) * cell.rows * cell.columns
                limits.check_text_size(repeated)
                cells.append(cell)
            page.blocks.append(SourceTable(tuple(cells)))
        else:
            words, level = (block, 0) if isinstance(block, str) else block
            start, _end = write_text(words)
            page.blocks += (
                SourceLine(start + found.start(), start + found.end(), level)
                for found in LINE_TEXT.finditer(words)
            )
    page.text = "".join(written)
    return page


def _iter_cells(grid: CellGrid, write: object) -> Iterator[SourceCell]:
    """Yield the cells of *grid* with the positions that result from merged cells."""
    assert callable(write)
    until: dict[int, int] = {}  # column -> the next free row below a merged cell
    for row, cells in enumerate(grid.rows):
        column = 0
        for words, rows, columns in cells:
            while until.get(column, 0) > row:
                column += 1
            rows, columns = max(1, min(rows, len(grid.rows) - row)), max(1, min(columns, 100))
            if rows > 1:
                for covered in range(column, column + columns):
                    until[covered] = max(row + rows, until.get(covered, 0))
            start, end = write(CELL_BREAK.sub("\v", words))
            yield SourceCell(start, end, row, column, rows, columns)
            column += columns


class TextSpan:
    """Text joined from one or more stretches of a source text, with its offsets there."""

    __slots__ = ("_local", "_starts", "level", "text")

    def __init__(
        self, page: SourceText, stretches: Iterable[tuple[int, int]], level: int = 0
    ) -> None:
        pieces, self._local, self._starts, at = [], [0], [0], 0
        for start, end in stretches:
            for first, last in _iter_visible(page.text, start, end):
                pieces.append(page.text[first:last])
                self._local.append(at)
                self._starts.append(first)
                at += last - first
        self.text, self.level = "".join(pieces), level

    def iter_spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of the source text that ``text[start:end]`` comes from."""
        n = bisect_right(self._local, start) - 1
        while start < end:
            following = self._local[n + 1] if n + 1 < len(self._local) else len(self.text)
            stop = min(end, following)
            if stop > start:
                first = self._starts[n] + start - self._local[n]
                yield first, first + stop - start
            start, n = stop, n + 1

    def locate(self, offset: int) -> int:
        """Return the offset in the source text of the character at *offset*."""
        n = bisect_right(self._local, offset) - 1
        return self._starts[n] + offset - self._local[n]


def _iter_visible(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ``text[start:end]`` without invisible characters."""
    for unseen in INVISIBLE.finditer(text, start, end):
        if unseen.start() > start:
            yield start, unseen.start()
        start = unseen.end()
    if end > start:
        yield start, end


def join_lines(words: str) -> str:
    """Return the *words* of a heading on one line.

    Line breaks in a narrow cell become a space only between ASCII characters.
    """
    return CELL_LINE_END.sub(lambda match: " " * (match[1] + match[2]).isascii(), words.strip())


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return *start* and *end* without the spaces at both ends of ``text[start:end]``."""
    while start < end and text[start] in SPACE_CHARS:
        start += 1
    while end > start and text[end - 1] in SPACE_CHARS:
        end -= 1
    return start, end
