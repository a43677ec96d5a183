"""Read HTML: the visible blocks, and data tables as tables."""

from collections.abc import Iterator
from typing import Any

import lxml.html

from plancli.i18n import _
from plancli.importing.readers import limits, page
from plancli.importing.readers.page import CellGrid, SourceText

BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
    " option select button br".split()
)
HIDDEN_TAGS = frozenset(
    "script style noscript template head object svg math iframe textarea".split()
)
HEADING_LEVELS = {f"h{n}": n for n in range(1, 7)}


def read_html(text: str) -> SourceText:
    """Return the visible text of the HTML document *text*."""
    if not text.strip():
        return page.from_text("")
    limits.check_elements(text.count("<"))
    # The text is passed as UTF-8, whatever encoding the page declares.
    parser = lxml.html.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    if any("depth" in each.message for each in parser.error_log):  # the parser dropped the rest
        raise limits.LimitExceeded(_("nested too deeply"))
    return page.from_blocks(_iter_blocks(root))


def _iter_blocks(root: Any) -> Iterator[str | tuple[str, int] | CellGrid]:
    """Yield lines and tables in reading order; not recursive, because pages may nest deeply."""
    gathered: list[str] = []
    level = 0
    waiting: list[tuple[str, Any]] = [("open", root)]
    while waiting:
        step, node = waiting.pop()
        if step == "text":
            gathered.append(" ".join(node.split("\n")) if "\n" in node else node)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if step == "open" and (tag in HIDDEN_TAGS or not tag or _is_hidden(node)):
            if tag == "head" and (title := node.findtext("title")):
                yield title.strip(), 0
            continue
        if tag in BLOCK_TAGS and (line := "".join(gathered).strip(page.SPACE_CHARS + "\r")):
            yield line, level
        if tag in BLOCK_TAGS:
            gathered.clear()
        if step == "close":
            level = 0 if tag in HEADING_LEVELS else level
            continue
        level = HEADING_LEVELS.get(tag, level)
        if tag == "table" and (grid := _read_grid(node)):
            yield grid
            continue
        waiting.append(("close", node))
        for child in reversed(node):
            if child.tail:
                waiting.append(("text", child.tail))
            waiting.append(("open", child))
        if node.text:
            waiting.append(("text", node.text))
    if line := "".join(gathered).strip():
        yield line, 0


def _is_hidden(node: Any) -> bool:
    style = (node.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or node.get("hidden") is not None


def _read_grid(table: Any) -> CellGrid | None:
    """Return the table's cells, or None for a layout table: with tables in it, or one column."""
    if table.xpath(".//table"):
        return None
    rows = [
        [
            (_read_cell(cell), _parse_span(cell, "rowspan"), _parse_span(cell, "colspan"))
            for cell in row.xpath("./td|./th")
        ]
        for row in table.xpath(".//tr")
    ]
    rows = [row for row in rows if row]
    return CellGrid(rows) if len(rows) > 1 and max(map(len, rows)) > 1 else None


def _read_cell(cell: Any) -> str:
    lines = [line if isinstance(line, str) else line[0] for line in _iter_lines(cell)]
    return "\v".join(line for line in lines if line)


def _iter_lines(cell: Any) -> Iterator[str | tuple[str, int]]:
    for each in _iter_blocks(cell):
        if not isinstance(each, CellGrid):
            yield each


def _parse_span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), 1000) if value.isdigit() and value.isascii() else 1
