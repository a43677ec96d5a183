"""PDF -> ``Page``: its lines and tables, page by page; what is only a picture has no text."""

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber

from plancli.errors import BadPlan
from plancli.importer import limits, page, unfolding
from plancli.importer.page import Grid, Page
from plancli.lang import _

DRAWING = 10_000  # edges of lines and boxes; a page with more is a map, not a table


def read(data: bytes) -> Page:
    """Return the page of a PDF file; a scan is refused, since it holds no text."""
    crossings = 0
    blocks: list[str | Grid] = []
    with unfolding.bounded(), pdfplumber.open(io.BytesIO(data)) as file:
        for each in file.pages:
            crossings += _crossings(each)
            limits.covered(crossings)
            blocks += _blocks(each)
            each.close()
    if not any(isinstance(block, Grid) or block.strip() for block in blocks):
        raise BadPlan(
            _("the PDF holds no text: it is a scan"),
            hint=_("recognise its text first (OCR), and import that"),
        )
    return page.of_blocks(blocks, wrapped=True)


def _crossings(sheet: Any) -> int:
    """Return at how many places the lines of a page may cross; 0 where it is a drawing."""
    if len(sheet.edges) > DRAWING:
        return 0
    across = {round(each["top"]) for each in sheet.edges if each["orientation"] == "h"}
    down = {round(each["x0"]) for each in sheet.edges if each["orientation"] == "v"}
    return len(across) * len(down)


def _blocks(sheet: Any) -> Iterator[str | Grid]:
    """Yield lines and tables from the top of a page to its end."""
    found = sheet.find_tables() if len(sheet.edges) <= DRAWING else ()
    tables = [each for each in found if len(each.rows) > 1 and len(each.cells) > 3]
    rest = sheet
    for table in tables:
        rest = rest.outside_bbox(table.bbox, strict=False)
    placed: list[tuple[float, str | Grid]] = [(each.bbox[1], _grid(each)) for each in tables]
    lines = rest.extract_text_lines()
    left = min((line["x0"] for line in lines), default=0)
    placed += [(line["top"], _indented(line, left)) for line in lines]
    for _top, block in sorted(placed, key=lambda each: each[0]):
        yield block


def _indented(line: Any, left: float) -> str:
    """Return a line's words, behind two spaces where it begins a paragraph."""
    size = line["chars"][0]["size"] if line["chars"] else 12
    return ("\u3000\u3000" if line["x0"] - left > 1.5 * size else "") + str(line["text"])


def _grid(table: Any) -> Grid:
    """Return a table; a cell that spans rows is left empty below, which is read as merged."""
    return Grid(
        [[((cell or "").replace("\n", ""), 1, 1) for cell in row] for row in table.extract()]
    )
