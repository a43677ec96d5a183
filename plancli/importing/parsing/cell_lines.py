"""Read tables that were copied cell by cell: each cell, or each line of one, is a line of text.

The headings are lines of their own (序号, 工作任务, 责任单位), and the numbers 1, 2, 3 begin the rows.
A row has the lines of its cells from left to right; where a cell has several lines, what they are
tells to which column they belong.  If that is not certain for each row, the lines stay text.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from plancli.importing.parsing import table_cells
from plancli.importing.parsing.table_columns import AGENCY_COLUMNS, classify_column
from plancli.importing.readers.page import SourceCell, SourceLine, SourceTable, SourceText

MIN_COLUMNS = 3
MAX_COLUMNS = 12
MIN_HEADINGS_KNOWN = 0.6  # share of the headings
MAX_HEADING_LENGTH = 16  # characters
MAX_ROW_LINES = 40
DEADLINE_CELL = re.compile(
    "(?:20\\d\\d年?|\\d{1,2}月|[全本今明当]年|年[内底末中]|[上下]半年|第?[一二三四1-4]季度|长期|持续|常年|每[年月季]|适时|按).{0,16}"
)
FIT, MISFIT = 2, -3  # points of a line for its column


class CellLineTables(NamedTuple):
    """A source text with its tables of cell lines, and the offsets of those left as text."""

    page: SourceText
    unread: tuple[tuple[int, str], ...]  # offset and text of their first agency heading


def build_tables(page: SourceText) -> CellLineTables:
    """Return *page* with the tables that were copied cell by cell as tables."""
    blocks: list[SourceLine | SourceTable] = []
    unread: list[tuple[int, str]] = []
    at = 0
    while at < len(page.blocks):
        headings = _find_headings(page, at)
        if not headings:
            blocks.append(page.blocks[at])
            at += 1
            continue
        rows, end = _split_rows(page, at + len(headings))
        cells = _arrange_cells(page, headings, rows)
        if cells:
            blocks.append(SourceTable(tuple(cells)))
            at = end
            continue
        unread += [
            (line.start, text)
            for line in headings
            if classify_column(text := _get_text(page, line)) in AGENCY_COLUMNS
        ][:1]
        blocks += headings
        at += len(headings)
    return CellLineTables(replace(page, blocks=blocks), tuple(unread))


def _get_text(page: SourceText, line: SourceLine) -> str:
    return "".join(page.text[line.start : line.end].split())


def _get_line(page: SourceText, at: int) -> SourceLine | None:
    block = page.blocks[at] if at < len(page.blocks) else None
    return block if isinstance(block, SourceLine) else None


def _find_headings(page: SourceText, at: int) -> list[SourceLine]:
    """Return the lines from *at* on that are the headings of a table: 序号, …, up to the number 1."""
    first = _get_line(page, at)
    if first is None or classify_column(_get_text(page, first)) != "no":
        return []
    found, kinds = [first], ["no"]
    while (line := _get_line(page, at + len(found))) and len(found) < MAX_COLUMNS:
        text = _get_text(page, line)
        if _parse_row_number(text) == 1:
            break
        if len(text) > MAX_HEADING_LENGTH or re.search("[。；，：]", text):
            return []
        found.append(line)
        kinds.append(classify_column(text))
    else:
        return []
    known = sum(map(bool, kinds))
    is_table = AGENCY_COLUMNS & set(kinds) and known >= len(kinds) * MIN_HEADINGS_KNOWN
    return found if is_table and len(found) >= MIN_COLUMNS else []


def _parse_row_number(text: str) -> int:
    return int(text) if len(text) <= 3 and text.isascii() and text.isdecimal() else 0


def _split_rows(page: SourceText, at: int) -> tuple[list[list[SourceLine]], int]:
    """Return the lines of each row from its number on, and the index of the block after them."""
    rows: list[list[SourceLine]] = []
    while line := _get_line(page, at):
        if _parse_row_number(_get_text(page, line)) == len(rows) + 1:
            rows.append([])
        elif len(rows[-1]) >= MAX_ROW_LINES:
            break
        rows[-1].append(line)
        at += 1
    return rows, at


def _arrange_cells(
    page: SourceText, headings: Sequence[SourceLine], rows: Sequence[Sequence[SourceLine]]
) -> list[SourceCell]:
    """Return the cells of the table; empty if a row cannot be divided with certainty."""
    kinds = [classify_column(_get_text(page, line)) for line in headings]
    main = _find_text_column(kinds)
    kinds = ["text" if n == main else kind for n, kind in enumerate(kinds)]
    cells = [SourceCell(line.start, line.end, 0, n) for n, line in enumerate(headings)]
    for number, row in enumerate(rows, 1):
        texts = [_get_text(page, line) for line in row]
        ends = _divide_lines(texts, kinds)
        if not ends:
            return []
        start = 0
        for column, end in enumerate(ends):
            cells.append(SourceCell(row[start].start, row[end - 1].end, number, column))
            start = end
    return cells if rows else []


def _find_text_column(kinds: Sequence[str]) -> int:
    """Return the column of the tasks: the last one called so, else the last unknown one."""
    for kind in ("text", "", "section"):
        if kind in kinds:
            return len(kinds) - 1 - list(reversed(kinds)).index(kind)
    return 1


def _divide_lines(texts: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """Return the end of each column's lines in *texts*, at least one each; empty if unsure.

    Of all ways to divide the lines, the one in which most lines fit their columns must be the only
    one; with one line a column there is but one.
    """
    if len(texts) < len(kinds):
        return []
    if len(texts) == len(kinds):
        return list(range(1, len(kinds) + 1))
    # best[n]: (points, number of ways, ends) with the first n lines in the columns so far
    best: dict[int, tuple[int, int, list[int]]] = {0: (0, 1, [])}
    for column, kind in enumerate(kinds):
        left = len(kinds) - column - 1
        following: dict[int, tuple[int, int, list[int]]] = {}
        for start, (points, ways, ends) in best.items():
            gained = 0
            for end in range(start + 1, len(texts) - left + 1):
                gained += _rate_line(texts[end - 1], kind, end - start > 1)
                total = points + gained
                before = following.get(end)
                if before is None or total > before[0]:
                    following[end] = (total, ways, [*ends, end])
                elif total == before[0]:
                    following[end] = (total, before[1] + ways, before[2])
        best = following
    _points, ways, ends = best.get(len(texts), (0, 0, []))
    return ends if ways == 1 else []


def _rate_line(text: str, kind: str, continues: bool) -> int:
    """Return the points of a line in a column of *kind*; *continues*: it is not the cell's first."""
    if kind in AGENCY_COLUMNS:
        return FIT if table_cells.is_agency_list(text) or table_cells.is_empty(text) else MISFIT
    if kind == "deadline":
        return (FIT if DEADLINE_CELL.fullmatch(text) else MISFIT) - continues
    if kind == "no":
        return FIT if table_cells.is_number(text) and not continues else 2 * MISFIT
    is_text = not (table_cells.is_agency_list(text) or DEADLINE_CELL.fullmatch(text))
    if kind == "text":
        return FIT if is_text else MISFIT
    return (1 if is_text else MISFIT) - continues
