"""Write a Markdown table with headings for people."""

import re
from typing import BinaryIO

from plancli.results.document import Document
from plancli.results.labels import HEADINGS, format_value

# characters with a meaning in Markdown or HTML
PASSAGE_COLUMNS = ("parts", "own_parts")  # few plans have tasks with several clauses
SPECIAL_CHARS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def write_md(document: Document, out: BinaryIO) -> None:
    """Write a pipe table with Chinese headings."""
    result = document.main_result.drop_private_columns()
    shown = [
        name for name in result.columns if name not in PASSAGE_COLUMNS or any(result.column(name))
    ]
    result = result.select_columns(*shown)
    above = document.tables[0].headers or [HEADINGS.get(name, name) for name in result.columns]
    head = [_escape_cell(heading) for heading in above]
    out.write((_format_line(head) + _format_line(["---"] * len(head))).encode())
    for row in result.rows:
        cells = zip(result.columns, row, strict=True)
        out.write(_format_line([_escape_cell(format_value(*each)) for each in cells]).encode())


def _format_line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escape_cell(text: str) -> str:
    return SPECIAL_CHARS.sub(r"\\\1", text).replace("\n", "<br>")
