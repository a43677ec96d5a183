"""A Markdown table, headed for people."""

import re

from plancli.result import HEADINGS, Result, shown

ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!&])")  # what Markdown or HTML would read as its own


def md(result: Result) -> bytes:
    """A pipe table with Chinese headings."""
    head = [_cell(HEADINGS.get(column, column)) for column in result.columns]
    lines = [head, ["---"] * len(head)]
    lines += [
        [_cell(shown(column, cell)) for column, cell in zip(result.columns, row, strict=True)]
        for row in result.rows
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode()


def _cell(text: str) -> str:
    return ACTIVE.sub(r"\\\1", text).replace("\n", "<br>")
