"""Sheets -> ``Page``: Excel, csv and arrays of JSON, each sheet a table."""

import csv as rfc4180
import io
import json as library
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from plancli.i18n import _
from plancli.importing.readers import limits, page
from plancli.importing.readers.office_package import Damaged
from plancli.importing.readers.page import Grid, Page

if TYPE_CHECKING:
    from plancli.importing.readers.workbook import Sheet

Row = list[tuple[str, int, int]]
WIDEST = 100  # columns
FIELD = limits.TEXT  # characters of a csv cell
ENGLISH = {  # fields of plancli's own exports
    "no": "序号", "list": "清单", "section": "部分", "text": "工作任务", "clause": "责任分工", "deadline": "完成时限",
}  # fmt: skip


def csv(text: str) -> Page:
    """Return the page of comma-, semicolon- or tab-separated *text*."""
    rfc4180.field_size_limit(FIELD)
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    rows = rfc4180.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = limits.counted((n, cell) for n, row in enumerate(rows) for cell in row)
    return page.of_blocks(
        [_grid([[_said(cell) for _n, cell in row] for _n, row in groupby(cells, itemgetter(0))])]
    )


def xlsx(data: bytes) -> Page:
    """Return the page of an Excel workbook, its sheets one after the other."""
    from plancli.importing.readers import workbook

    book = workbook.read(data)
    return page.of_blocks(block for sheet in book.sheets for block in _sheet(sheet))


def json(text: str) -> Page:
    """Return the page of a JSON array: of objects, of rows, or of lines."""
    try:
        value = library.loads(text)
    except RecursionError:
        raise limits.TooMuch(_("nested too deeply")) from None
    except library.JSONDecodeError as error:
        said = _("line {line}, column {column}: this is not valid JSON from here on")
        raise Damaged(said.format(line=error.lineno, column=error.colno)) from None
    while isinstance(value, dict):  # {"data": [...]}
        lists = [each for each in value.values() if isinstance(each, list | dict)]
        value = max(lists, key=len) if lists else list(value.values())
    if not isinstance(value, list):
        value = [value]
    if not any(isinstance(each, dict | list) for each in value):
        return page.of_text("\n".join(map(_value, value)))
    rows = [each for each in value if isinstance(each, dict)]
    if rows:
        names = list(dict.fromkeys(name for row in rows for name in row))[:WIDEST]
        grid = [names, *([_value(row.get(name)) for name in names] for row in rows)]
    else:
        grid = [[_value(cell) for cell in row[:WIDEST]] for row in value if isinstance(row, list)]
    return page.of_blocks([_grid(grid)])


def _grid(rows: list[list[str]]) -> Grid:
    """Return rows without merged cells; of plancli's own exports, what the plan itself says."""
    if rows and {"text", "clause"} <= set(rows[0]):
        kept = [n for n, name in enumerate(rows[0]) if name in ENGLISH]
        rows = [[row[n] if n < len(row) else "" for n in kept] for row in rows]
        rows[0] = [ENGLISH[name] for name in rows[0]]
    return Grid([[(cell, 1, 1) for cell in row] for row in rows])


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_value, value))
    if isinstance(value, bool | dict):
        return library.dumps(value, ensure_ascii=False)
    return "" if value is None else _said(str(value))


def _said(cell: str) -> str:
    return "\v".join(line.strip() for line in cell.splitlines())


def _sheet(sheet: "Sheet") -> Iterator[Grid]:
    """Yield a sheet's cells, those merged as one; rows without words are left out."""
    said, size = {}, 0  # one text may stand in very many cells
    for at, cell in sheet.cells.items():
        if words := _said(cell.text):
            said[at] = words
            size += len(words)
            limits.text(size)
    filled = sorted({row for row, _column in said})
    wide = min(max((column for _row, column in said), default=0), WIDEST)
    areas: dict[tuple[int, int], tuple[tuple[int, int, int], int]] = {}
    covered: set[tuple[int, int]] = set()
    cells = 0
    for top, left, bottom, right in sheet.merged:
        rows = filled[bisect_left(filled, top) : bisect_right(filled, bottom)]
        columns = range(left, min(right, wide) + 1)
        cells += len(rows) * len(columns)
        limits.covered(cells)
        covered.update((row, column) for row in rows for column in columns)
        if rows:  # the area stands where its first row with words does
            areas[rows[0], left] = (top, left, right), len(rows)
    places = limits.counted((row, column) for row in filled for column in range(1, wide + 1))
    grid: dict[int, Row] = {row: [] for row in filled}
    for at in places:
        if at in areas:
            (top, left, right), tall = areas[at]
            grid[at[0]].append((said.get((top, left), ""), tall, right - left + 1))
        elif at not in covered:
            grid[at[0]].append((said.get(at, ""), 1, 1))
    if grid:
        yield Grid(list(grid.values()))
