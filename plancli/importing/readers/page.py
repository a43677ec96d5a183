"""The content of a document in any format: its text, and the lines and tables in it.

``SourceText.text`` is the visible text, with each line or table cell on one line: without invisible
characters, and with ordinary spaces and characters.  Lines, cells and everything made from them have
offsets into it, so that the use of every character can be recorded.

Readers mark words with ``mark_words``: what becomes a note at its place in the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plancli.importing.readers import limits
from plancli.text.normalize import IDEOGRAPH_VARIANT, get_invisible_pattern, restore_ideographs

LINE_TEXT = re.compile("[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
# What becomes \v in a cell; Excel writes a carriage return as _x000D_, and systems export that.
CELL_BREAK = re.compile("\r\n|_x000[DdAa]_\n?|[\n\r\f\x1c-\x1e\x85\u2028\u2029]")
CELL_LINE_END = re.compile(r"(?<=(\S))\s*\v\s*(?=(\S))")
NON_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = get_invisible_pattern()  # would split a name
SPACE_CHARS = " \t\v\u3000\u2002\u2003\u2009"
ORDINARY_SPACE = str.maketrans("\t\xa0\u202f", "   ")
LINE_SEPARATORS = "\u2028\u2029"  # invisible, but they end a line
# Noncharacters, which Unicode reserves for use within a program: each opens marked words.
NOTE_MARKS = {
    "\ufdd0": "struck-out",
    "\ufdd1": "hidden-row",
    "\ufdd2": "hidden-column",
    "\ufdd3": "hidden-words",
    "\ufdd4": "hidden-sheet",
    "\ufdd5": "footnote",
}
LEFT_OUT = frozenset({"hidden-words", "hidden-sheet", "footnote"})  # not read
WITHOUT_DOUBT = frozenset({"hidden-words", "hidden-sheet"})  # the author did not want them read
MARK_END = "\ufddf"
MARKS = {rule: mark for mark, rule in NOTE_MARKS.items()}
NOTE_MARK = re.compile(f"[{''.join(NOTE_MARKS)}{MARK_END}]")
# Between a struck name and the next one there is no separator.
NAMES_TOUCH = re.compile(
    f"(?<=[局委办部厅会院府室处司所站])(?:(?={MARKS['struck-out']}[省市县区州盟旗镇乡])"
    f"|{MARK_END}(?=[省市县区州盟旗镇乡]))"
)

OUTSIDE_TEXT = -1  # level of page numbers, headers, footers, watermarks, notes in the margin
ITEM_LEVEL = 10  # plus the depth of a bullet that has bullets below it, in place of a heading level


class SourceLine(NamedTuple):
    """A line: its offsets, and its level if the file marks it as a heading; or ``OUTSIDE_TEXT``."""

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


class SourceNote(NamedTuple):
    """Words that are not shown like the others; those of the rules in LEFT_OUT are not in the text."""

    rule: str
    position: int
    words: str


@dataclass(slots=True)
class SourceText:
    """The text of a document, with its lines and tables in reading order."""

    text: str = ""
    blocks: list[SourceLine | SourceTable] = field(default_factory=list)
    wrapped: bool = False  # lines end at the edge of the paper, not at the end of paragraphs
    lost_count: int = 0  # bytes or characters that could not be decoded
    replaced_count: int = 0  # radicals and compatibility ideographs, read as ordinary characters
    notes: list[SourceNote] = field(default_factory=list)


def mark_words(rule: str, words: str) -> str:
    """Return *words* marked as struck out or hidden, for text passed to ``from_blocks``."""
    return f"{MARKS[rule]}{words}{MARK_END}" if words else ""


def from_text(text: str, *, wrapped: bool = False) -> SourceText:
    """Return the source text of plain *text*."""
    replaced = len(IDEOGRAPH_VARIANT.findall(text))
    text = _normalize_text(text)
    matches = limits.iter_limited(LINE_TEXT.finditer(text))
    lines: list[SourceLine | SourceTable] = [SourceLine(*each.span()) for each in matches]
    return SourceText(text, lines, wrapped, replaced_count=replaced)


def _normalize_text(text: str) -> str:
    """Return *text* in ordinary characters; those that YAML forbids become U+FFFD."""
    if text.isascii():
        return NON_TEXT.sub("\ufffd", text.replace("\t", " "))
    text = drop_invisible(text.translate(ORDINARY_SPACE))
    return NON_TEXT.sub("\ufffd", restore_ideographs(text))


def drop_invisible(text: str) -> str:
    """Return *text* without invisible characters other than those that end a line."""
    return INVISIBLE.sub(_keep_line_separators, text)


def _keep_line_separators(match: "re.Match[str]") -> str:
    return "".join(char for char in match[0] if char in LINE_SEPARATORS)


def from_blocks(
    blocks: Iterable[str | tuple[str, int] | CellGrid], *, wrapped: bool = False
) -> SourceText:
    """Return the source text of *blocks*: lines, lines with their heading level, and tables."""
    written: list[str] = []
    page, at, covered, repeated = SourceText(wrapped=wrapped), 0, 0, 0

    def write_text(words: str) -> tuple[int, int]:
        nonlocal at
        page.replaced_count += len(IDEOGRAPH_VARIANT.findall(words))
        words = _normalize_text(words)
        if NOTE_MARK.search(words):
            words = NAMES_TOUCH.sub(r"\g<0> ", words)
            words, notes = _extract_notes(words, at)
            page.notes += notes
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
                for found in LINE_TEXT.finditer(written[-1])
            )
    page.text = "".join(written)
    return page


def _extract_notes(words: str, at: int) -> tuple[str, list[SourceNote]]:
    """Return marked *words* without marks and hidden words, and the notes; *at* is their offset."""
    kept: list[str] = []
    notes: list[SourceNote] = []
    opened: list[tuple[str, int, int]] = []  # rule, offset in the text, pieces before
    size = last = 0
    for mark in [*NOTE_MARK.finditer(words), None]:
        piece = words[last : mark.start() if mark else len(words)]
        kept.append(piece)
        size += len(piece)
        last = mark.end() if mark else last
        if mark and mark[0] != MARK_END:
            opened.append((NOTE_MARKS[mark[0]], size, len(kept)))
        while opened and (mark is None or mark[0] == MARK_END):
            rule, start, first = opened.pop()
            marked = "".join(kept[first:])
            if marked.strip():
                notes.append(SourceNote(rule, at + start, join_lines(marked)))
            if rule in LEFT_OUT:
                del kept[first:]
                size = start
            if mark:
                break
    return "".join(kept), notes


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
            pieces.append(page.text[start:end])
            self._local.append(at)
            self._starts.append(start)
            at += end - start
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
