"""Write csv and tsv so that no spreadsheet runs a cell as a formula."""

import csv as rfc4180
from io import TextIOWrapper
from typing import BinaryIO

from plancli.results.document import Document
from plancli.results.table import Result, ResultCell

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet may run a cell that begins with these
NAME_SEPARATOR = "；"  # between the names in a cell; names do not contain it


def write_csv(document: Document, out: BinaryIO) -> None:
    """Write the rows as RFC 4180; names in a list are joined by ；."""
    _write_rows(document.main_result.drop_private_columns(), out, ",")


def write_tsv(document: Document, out: BinaryIO) -> None:
    """Write the rows separated by tabs, quoted where needed."""
    _write_rows(document.main_result.drop_private_columns(), out, "\t")


def _write_rows(result: Result, out: BinaryIO, delimiter: str) -> None:
    text = TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = rfc4180.writer(text, delimiter=delimiter, lineterminator="\r\n")
    try:
        writer.writerow(result.columns)
        writer.writerows([_format_cell(cell) for cell in row] for row in result.rows)
    finally:
        text.detach()  # the caller closes the file


def _format_cell(cell: ResultCell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tuple):
        cell = NAME_SEPARATOR.join(cell)
    if isinstance(cell, str):
        return f"'{cell}" if is_formula(cell) else cell
    return "" if cell is None else str(cell)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run *cell*, also after removing leading apostrophes."""
    return cell.lstrip("'").startswith(FORMULA_STARTS)
