"""Sheets -> ``Page``: Excel, csv and arrays of JSON, each sheet a table."""

import csv as rfc4180
import io
import json as library
from collections.abc import Iterator
from typing import Any

from plancli.importer import page
from plancli.importer.page import Grid, Page
from plancli.lang import _

Row = list[tuple[str, int, int]]
WIDEST = 100  # columns
FIELD = 1 << 24  # characters of a csv cell
ENGLISH = {  # fields of plancli's own exports
    "no": "序号", "list": "清单", "section": "部分", "text": "工作任务", "clause": "责任分工", "deadline": "完成时限",
}  # fmt: skip


def csv(text: str) -> Page:
    """Return the page of comma-, semicolon- or tab-separated *text*."""
    rfc4180.field_size_limit(FIELD)
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    rows = rfc4180.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return page.of_blocks([_grid([[_said(cell) for cell in row] for row in rows if row])])


def xlsx(data: bytes) -> Page:
    """Return the page of an Excel workbook, its sheets one after the other."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), data_only=True)
    return page.of_blocks(block for sheet in book.worksheets for block in _sheet(sheet))


def json(text: str) -> Page:
    """Return the page of a JSON array: of objects, of rows, or of lines."""
    try:
        value = library.loads(text)
    except RecursionError:
        raise ValueError(_("nested too deeply")) from None
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


def _sheet(sheet: Any) -> Iterator[Grid | str]:
    """Yield a sheet's cells, those merged as one."""
    merged = {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for each in sheet.merged_cells.ranges
        for row in range(each.min_row, min(each.max_row, sheet.max_row) + 1)
        for column in range(each.min_col, min(each.max_col, WIDEST) + 1)
    } - set(merged)
    rows: list[Row] = []
    for cells in sheet.iter_rows(max_col=min(sheet.max_column, WIDEST)):
        row: Row = []
        for cell in cells:
            if (cell.row, cell.column) in covered:
                continue
            area = merged.get((cell.row, cell.column))
            rowspan = area.max_row - area.min_row + 1 if area else 1
            colspan = area.max_col - area.min_col + 1 if area else 1
            row.append((_cell(cell.value), rowspan, colspan))
        rows.append(row)
    if any(words for row in rows for words, _rows, _columns in row):
        yield Grid(rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d}"
    return _said(str(value))
