"""Read HTML: the visible blocks, with the numbers of lists, and data tables as tables."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html

from plancli.i18n import _
from plancli.importing.parsing import numbering
from plancli.importing.readers import limits, page, table_layout
from plancli.importing.readers.html_lists import ListCounter
from plancli.importing.readers.page import CellGrid, SourceText

BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
    " option select button br".split()
)
HIDDEN_TAGS = frozenset(
    "script style noscript template head object svg iframe textarea rt rp rtc annotation annotation-xml".split()
)
STRUCK_TAGS = frozenset({"s", "strike", "del"})
HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:px|pt|em|rem|%)?(?:;|!|$)"
)
STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?:[^;]{0,40}line-through")
STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.S)
STYLE_AT_RULE = re.compile(
    r"@[^{};]*+(?:;|\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\})"
)  # for some media only
STYLE_RULE = re.compile(r"([^{}]++)\{([^{}]*+)\}")
SIMPLE_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?")
VISIBILITY = re.compile(r"(?:display|visibility):")
NOTE_SIGN = re.compile(r"\s*(?:[①-⑳*＊]|[\[［〔]?(?:注?\s*\d{1,2})[\]］〕])\s*")
CLAUSE_MARK = re.compile(r"\s*[）)、，,；;]")
KEPT_LINES_STYLE = re.compile(r"white-space:(?:pre|break-spaces)")
WIDE_CHAR = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f“”‘’…—]"
# A line break of the file within Chinese text is no space, as CSS has it.
CHINESE_LINE_BREAK = re.compile(rf"(?<={WIDE_CHAR})[\r\n][ \t\r\n]*+(?={WIDE_CHAR})")
LINE_BREAK = re.compile(r"[\r\n][ \t\r\n]*+")
ANY_LINE_BREAK = re.compile(r"\r\n?|\n")
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
    _hide_by_style_sheets(root)
    return page.from_blocks(_iter_blocks(root, ListCounter()))


def _hide_by_style_sheets(root: Any) -> None:
    """Set the attribute “hidden” of elements that the page's style sheets hide.

    Only by selectors that are a tag, a class or an id; the last rule for one of them holds.
    """
    is_hidden: dict[tuple[str, str], bool] = {}
    for sheet in root.iter("style"):
        rules = STYLE_AT_RULE.sub("", STYLE_COMMENT.sub("", sheet.text or "").lower())
        for selectors, declarations in STYLE_RULE.findall(rules):
            declarations = "".join(declarations.split())
            for selector in selectors.split(",") if VISIBILITY.search(declarations) else ():
                if match := SIMPLE_SELECTOR.fullmatch(selector.strip()):
                    key = match[1] or "", match[2] or ""
                    is_hidden[key] = bool(HIDDEN_STYLE.search(declarations))
    hidden = {key for key, value in is_hidden.items() if value}
    for node in root.iter() if hidden else ():
        tag = node.tag if isinstance(node.tag, str) else ""
        names = [f".{each}" for each in (node.get("class") or "").lower().split()]
        names += ["", f"#{(node.get('id') or '').lower()}"]
        is_shown = VISIBILITY.search((node.get("style") or "").replace(" ", "").lower())
        if not is_shown and any((each, name) in hidden for name in names for each in ("", tag)):
            node.set("hidden", "")


def _is_note_sign(node: Any) -> bool:
    """Return whether a raised sign of a note is within a clause: （市民政局①）."""
    return bool(
        node.tag == "sup"
        and NOTE_SIGN.fullmatch("".join(node.itertext())[:20])
        and CLAUSE_MARK.match(node.tail or "")
    )


def _iter_blocks(root: Any, lists: ListCounter) -> Iterator[str | tuple[str, int] | CellGrid]:
    """Yield lines and tables in reading order; not recursive, because pages may nest deeply."""
    gathered: list[str] = []
    level = kept_lines = 0
    number = ""  # of a list item whose text has not begun
    waiting: list[tuple[str, Any]] = [("open", root)]
    while waiting:
        step, node = waiting.pop()
        if step == "text":
            gathered.append(ANY_LINE_BREAK.sub("\v", node) if kept_lines else node)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        style = (node.get("style") or "").replace(" ", "").lower() if tag else ""
        if step == "open" and (tag in HIDDEN_TAGS or not tag or _is_hidden(node, style)):
            if tag == "head" and (title := node.findtext("title")):
                yield title.strip(), 0
            continue
        if step == "open" and _is_note_sign(node):
            gathered.append(page.mark_words("footnote", node.text_content()))
            continue
        if tag in BLOCK_TAGS:
            for line in _join_text(gathered):
                yield _add_number(number, line), level
                number = ""
            gathered.clear()
        if step == "open" and tag == "table" and (grid := _read_grid(node)):
            yield grid
            continue
        if _keeps_lines(tag, style):
            kept_lines += 1 if step == "open" else -1
        is_struck = tag in STRUCK_TAGS or bool(STRUCK_STYLE.search(style))
        if step == "close":
            level = 0 if tag in HEADING_LEVELS else level
            number = "" if tag == "li" else number
            gathered += [page.MARK_END] * is_struck
            lists.close(node)
            continue
        level = HEADING_LEVELS.get(tag, level)
        gathered += [page.MARKS["struck-out"]] * is_struck
        number = lists.open(node) if tag == "li" else number
        lists.open_list(node)
        waiting.append(("close", node))
        for child in reversed(node):
            if child.tail:
                waiting.append(("text", child.tail))
            waiting.append(("open", child))
            if tag == "mfrac" and child.getprevious() is not None:
                waiting.append(("text", "/"))
        if node.text:
            waiting.append(("text", node.text))
    for line in _join_text(gathered):
        yield line, 0


def _join_text(gathered: list[str]) -> Iterator[str]:
    """Yield the lines of text that is not empty."""
    text = LINE_BREAK.sub(" ", CHINESE_LINE_BREAK.sub("", "".join(gathered)))
    for line in text.split("\v"):
        if line := line.strip(page.SPACE_CHARS + "\xa0"):
            yield line


def _add_number(number: str, line: str) -> str:
    return line if numbering.parse_item_number(line) else number + line


def _keeps_lines(tag: str, style: str) -> bool:
    return tag == "pre" or bool(KEPT_LINES_STYLE.search(style))


def _is_hidden(node: Any, style: str) -> bool:
    return node.get("hidden") is not None or bool(HIDDEN_STYLE.search(style))


def _read_grid(table: Any) -> CellGrid | None:
    """Return the table's cells, or None for a layout table: its content is blocks."""
    if table.xpath(".//table"):
        return None
    rows = [
        [
            (_read_cell(cell), _parse_span(cell, "rowspan"), _parse_span(cell, "colspan"))
            for cell in row.xpath("./td|./th")
        ]
        for row in table.xpath(".//tr")
        if not _is_hidden(row, (row.get("style") or "").replace(" ", "").lower())
    ]
    rows = [row for row in rows if row]
    if not rows or table_layout.is_layout([[lines for lines, *_span in row] for row in rows]):
        return None
    return CellGrid([[("\v".join(lines), tall, wide) for lines, tall, wide in row] for row in rows])


def _read_cell(cell: Any) -> list[str]:
    lines = (line if isinstance(line, str) else line[0] for line in _iter_lines(cell))
    return [line for line in lines if line]


def _iter_lines(cell: Any) -> Iterator[str | tuple[str, int]]:
    for each in _iter_blocks(cell, ListCounter()):
        if not isinstance(each, CellGrid):
            yield each


def _parse_span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), 1000) if value.isdigit() and value.isascii() else 1
