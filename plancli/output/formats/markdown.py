"""A Markdown table, headed for people."""

import re
from typing import BinaryIO

from plancli.results.document import Document
from plancli.results.labels import HEADINGS, shown

ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!&])")  # what Markdown or HTML would read as its own


def md(document: Document, out: BinaryIO) -> None:
    """A pipe table with Chinese headings."""
    result = document.answer.told()
    above = document.tables[0].above or [HEADINGS.get(name, name) for name in result.columns]
    head = [_cell(heading) for heading in above]
    out.write((_line(head) + _line(["---"] * len(head))).encode())
    for row in result.rows:
        cells = zip(result.columns, row, strict=True)
        out.write(_line([_cell(shown(*each)) for each in cells]).encode())


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str) -> str:
    return ACTIVE.sub(r"\\\1", text).replace("\n", "<br>")
