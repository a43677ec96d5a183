"""PDF -> ``Page``: its lines and tables, page by page; what is only a picture has no text."""

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber

from plancli.errors import BadPlan
from plancli.importer import page
from plancli.importer.page import Grid, Page
from plancli.lang import _


def read(data: bytes) -> Page:
    """Return the page of a PDF file; a scan is refused, since it holds no text."""
    with pdfplumber.open(io.BytesIO(data)) as file:
        blocks = [block for each in file.pages for block in _blocks(each)]
    if not any(isinstance(block, Grid) or block.strip() for block in blocks):
        raise BadPlan(
            _("the PDF holds no text: it is a scan"),
            hint=_("recognise its text first (OCR), and import that"),
        )
    return page.of_blocks(blocks, wrapped=True)


def _blocks(sheet: Any) -> Iterator[str | Grid]:
    """Yield lines and tables from the top of a page to its end."""
    tables = [each for each in sheet.find_tables() if len(each.rows) > 1 and len(each.cells) > 3]
    rest = sheet
    for table in tables:
        rest = rest.outside_bbox(table.bbox, strict=False)
    found: list[tuple[float, str | Grid]] = [(each.bbox[1], _grid(each)) for each in tables]
    found += [(line["top"], line["text"]) for line in rest.extract_text_lines(return_chars=False)]
    for _top, block in sorted(found, key=lambda each: each[0]):
        yield block


def _grid(table: Any) -> Grid:
    """Return a table; a cell that spans rows is left empty below, which is read as merged."""
    return Grid(
        [[((cell or "").replace("\n", ""), 1, 1) for cell in row] for row in table.extract()]
    )
