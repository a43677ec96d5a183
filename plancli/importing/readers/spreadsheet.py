"""Read spreadsheets as tables: Excel, CSV and JSON arrays."""

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
from plancli.importing.readers.office_package import DamagedFile
from plancli.importing.readers.page import CellGrid, SourceText

if TYPE_CHECKING:
    from plancli.importing.readers.workbook import WorksheetContents

GridRow = list[tuple[str, int, int]]
MAX_COLUMNS = 100
MAX_CELL_CHARS = limits.MAX_TEXT_BYTES  # of a CSV cell
EXPORT_HEADINGS = {  # fields of plancli's own exports
    "no": "序号", "list": "清单", "section": "部分", "text": "工作任务", "clause": "责任分工", "deadline": "完成时限",
}  # fmt: skip


def read_csv(text: str) -> SourceText:
    """Return the source text of comma-, semicolon- or tab-separated *text*."""
    rfc4180.field_size_limit(MAX_CELL_CHARS)
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    rows = rfc4180.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = limits.iter_limited((n, cell) for n, row in enumerate(rows) for cell in row)
    grid = [[_strip_lines(cell) for _n, cell in row] for _n, row in groupby(cells, itemgetter(0))]
    return page.from_blocks([_build_grid(grid)])


def read_xlsx(data: bytes) -> SourceText:
    """Return the source text of an Excel workbook, its sheets one after the other."""
    from plancli.importing.readers import workbook

    book = workbook.read_workbook(data)
    return page.from_blocks(block for sheet in book.sheets for block in _read_sheet(sheet))


def read_json(text: str) -> SourceText:
    """Return the source text of a JSON array of objects, rows or lines."""
    try:
        value = library.loads(text)
    except RecursionError:
        raise limits.LimitExceeded(_("nested too deeply")) from None
    except library.JSONDecodeError as error:
        message = _("line {line}, column {column}: this is not valid JSON from here on")
        raise DamagedFile(message.format(line=error.lineno, column=error.colno)) from None
    while isinstance(value, dict):  # {"data": [...]}
        lists = [each for each in value.values() if isinstance(each, list | dict)]
        value = max(lists, key=len) if lists else list(value.values())
    if not isinstance(value, list):
        value = [value]
    if not any(isinstance(each, dict | list) for each in value):
        return page.from_text("\n".join(map(_format_value, value)))
    rows = [each for each in value if isinstance(each, dict)]
    if rows:
        names = list(dict.fromkeys(name for row in rows for name in row))[:MAX_COLUMNS]
        grid = [names, *([_format_value(row.get(name)) for name in names] for row in rows)]
    else:
        grid = [
            [_format_value(cell) for cell in row[:MAX_COLUMNS]]
            for row in value
            if isinstance(row, list)
        ]
    return page.from_blocks([_build_grid(grid)])


def _build_grid(rows: list[list[str]]) -> CellGrid:
    """Return *rows* as a grid; of plancli's own exports, only the columns of the plan."""
    if rows and {"text", "clause"} <= set(rows[0]):
        kept = [n for n, name in enumerate(rows[0]) if name in EXPORT_HEADINGS]
        rows = [[row[n] if n < len(row) else "" for n in kept] for row in rows]
        rows[0] = [EXPORT_HEADINGS[name] for name in rows[0]]
    return CellGrid([[(cell, 1, 1) for cell in row] for row in rows])


def _format_value(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_format_value, value))
    if isinstance(value, bool | dict):
        return library.dumps(value, ensure_ascii=False)
    return "" if value is None else _strip_lines(str(value))


def _strip_lines(cell: str) -> str:
    return "\v".join(line.strip() for line in cell.splitlines())


def _read_sheet(sheet: "WorksheetContents") -> Iterator[str | CellGrid]:
    """Yield a sheet's cells, merged cells as one; empty rows are left out, and hidden sheets."""
    if sheet.is_hidden:
        yield page.mark_words("hidden-sheet", sheet.title) if sheet.cells else ""
        return
    texts: dict[tuple[int, int], str] = {}
    size = 0  # a shared string may be in very many cells
    for at, cell in sheet.cells.items():
        if words := _strip_lines(cell.text):
            texts[at] = _mark_struck(words, _strip_lines(cell.struck))
            size += len(words)
            limits.check_text_size(size)
    _mark_hidden(sheet, texts)
    filled = sorted({row for row, _column in texts})
    wide = min(max((column for _row, column in texts), default=0), MAX_COLUMNS)
    areas: dict[tuple[int, int], tuple[tuple[int, int, int], int]] = {}
    covered: set[tuple[int, int]] = set()
    cells = 0
    for top, left, bottom, right in sheet.merged:
        rows = filled[bisect_left(filled, top) : bisect_right(filled, bottom)]
        columns = range(left, min(right, wide) + 1)
        cells += len(rows) * len(columns)
        limits.check_cells(cells)
        covered.update((row, column) for row in rows for column in columns)
        if rows:  # the area begins at its first row that is not empty
            areas[rows[0], left] = (top, left, right), len(rows)
    places = limits.iter_limited((row, column) for row in filled for column in range(1, wide + 1))
    grid: dict[int, GridRow] = {row: [] for row in filled}
    for at in places:
        if at in areas:
            (top, left, right), tall = areas[at]
            grid[at[0]].append((texts.get((top, left), ""), tall, right - left + 1))
        elif at not in covered:
            grid[at[0]].append((texts.get(at, ""), 1, 1))
    if grid:
        yield CellGrid(list(grid.values()))


def _mark_struck(words: str, struck: str) -> str:
    """Return the *words* of a cell, with marks around those that are struck out."""
    if not struck:
        return words
    before, found, after = words.partition(struck)
    if not found:  # several stretches
        return page.mark_words("struck-out", words)
    return f"{before}{page.mark_words('struck-out', struck)}{after}"


def _mark_hidden(sheet: "WorksheetContents", texts: dict[tuple[int, int], str]) -> None:
    """Mark in *texts* the first cell of each run of hidden rows, and of hidden columns."""
    first_in_row: dict[int, tuple[int, int]] = {}
    first_in_column: dict[int, tuple[int, int]] = {}
    for row, column in sorted(texts):
        first_in_row.setdefault(row, (row, column))
        first_in_column.setdefault(column, (row, column))
    rows = sorted(first_in_row)
    for before, row in zip([0, *rows], rows, strict=False):
        if row in sheet.hidden_rows and before not in sheet.hidden_rows:
            at = first_in_row[row]
            texts[at] = page.mark_words("hidden-row", texts[at])
    for first, last in sheet.hidden_columns:
        column = next((each for each in sorted(first_in_column) if first <= each <= last), 0)
        if column:
            at = first_in_column[column]
            texts[at] = page.mark_words("hidden-column", texts[at])
