"""csv and tsv, written so that no spreadsheet runs a cell, and read back equal."""

import csv as rfc4180
from io import StringIO, TextIOWrapper
from typing import BinaryIO

from plancli.results.document import Document
from plancli.results.table import Result, ResultCell

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would run a cell that begins so
NAME_SEPARATOR = "；"  # the names in one cell; no name holds it


def write_csv(document: Document, out: BinaryIO) -> None:
    """Commas, by RFC 4180; lists are joined by ；."""
    _write_rows(document.main_result.drop_private_columns(), out, ",")


def write_tsv(document: Document, out: BinaryIO) -> None:
    """Tabs, quoted where a cell holds one."""
    _write_rows(document.main_result.drop_private_columns(), out, "\t")


def read_rows(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a csv or tsv that this module wrote, cells as they were."""
    lines = StringIO(data.decode("utf-8-sig"), newline="")
    rows = rfc4180.reader(lines, delimiter=delimiter)
    columns = next(rows)
    return [dict(zip(columns, map(_strip_guard, row), strict=True)) for row in rows]


def _write_rows(result: Result, out: BinaryIO, delimiter: str) -> None:
    text = TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = rfc4180.writer(text, delimiter=delimiter, lineterminator="\r\n")
    try:
        writer.writerow(result.columns)
        writer.writerows([_format_cell(cell) for cell in row] for row in result.rows)
    finally:
        text.detach()  # the file is not ours to close


def _format_cell(cell: ResultCell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tuple):
        cell = NAME_SEPARATOR.join(cell)
    if isinstance(cell, str):
        return f"'{cell}" if is_formula(cell) else cell
    return "" if cell is None else str(cell)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run *cell*, or would after a mark before it is taken away."""
    return cell.lstrip("'").startswith(FORMULA_STARTS)


def _strip_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and is_formula(cell) else cell
