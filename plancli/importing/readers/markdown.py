"""Markdown -> ``Page``: its pipe tables and headings; everything else is lines, as written."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from plancli.importing.readers import page
from plancli.importing.readers.page import CellGrid, SourceText

HEADING_MARK = re.compile(r"\s{0,3}(#{1,6})\s+")
INLINE_MARKS = re.compile(r"\*\*|__|`")
ESCAPED_CHAR = re.compile(r"\\([\\`*_{}\[\]<>()#+.!|~-])")
LINE_ENDS = re.compile(r"\r\n?|\n")
LIST_ITEM = re.compile(r"\s*[-*+>]\s+")


def read_markdown(text: str) -> SourceText:
    """Return the page that the Markdown *text* is; numbers stay as they are written."""
    return page.from_blocks(_iter_blocks(text))


def _iter_blocks(text: str) -> Iterator[str | tuple[str, int] | CellGrid]:
    lines = LINE_ENDS.split(text)  # as Markdown counts them
    tables = (
        {first: (last, grid) for first, last, grid in _iter_tables(text)} if "|" in text else {}
    )
    at = 0
    while at < len(lines):
        if at in tables:
            at, grid = tables[at]
            yield grid
            continue
        line = lines[at]
        at += 1
        heading = HEADING_MARK.match(line)
        said = _to_plain_text(
            _strip_closing_marks(line[heading.end() :])
            if heading
            else line[_find_item_start(line) :]
        )
        yield said, len(heading[1]) if heading else 0


def _iter_tables(text: str) -> Iterator[tuple[int, int, CellGrid]]:
    """Yield each table with its first line and the line after it."""
    parser = MarkdownIt("commonmark").enable("table").disable("inline")  # cells stay as written
    tokens = parser.parse(text)
    rows: list[list[tuple[str, int, int]]] = []
    span = (0, 0)
    for n, token in enumerate(tokens):
        if token.type == "table_open" and token.map:
            rows, span = [], (token.map[0], token.map[1])
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((_format_cell(tokens[n + 1]), 1, 1))
        elif token.type == "table_close":
            yield *span, CellGrid(rows)


def _format_cell(token: Token) -> str:
    return _to_plain_text(re.sub(r"<br\s*/?>", "\v", token.content))


def _find_item_start(line: str) -> int:
    """Return where the words of a bulleted or quoted line begin."""
    bullet = LIST_ITEM.match(line)
    return bullet.end() if bullet else 0


def _strip_closing_marks(words: str) -> str:
    """Return a heading's words without the marks that may close it: ## 重点任务 ##."""
    return words.rstrip().rstrip("#").rstrip()


def _to_plain_text(line: str) -> str:
    return ESCAPED_CHAR.sub(r"\1", _remove_markup(line))


def _remove_markup(line: str) -> str:
    """Return *line* without pairs of marks for bold type and code, as **a** and `a`.

    Each mark is looked for once, from left to right: a pattern that looks for the second of each
    first mark takes time that grows with the square of the line.
    """
    kept: list[str] = []
    at = 0
    ends: dict[str, int] = {}  # mark -> where it closes next; len(line) where it closes no more
    while first := INLINE_MARKS.search(line, at):
        mark, start = first[0], first.end()
        end = ends.get(mark, 0)
        while end < len(line) and (end <= start or line[end - 1].isspace()):
            found = line.find(mark, max(end, start) + 1)
            end = found if found >= 0 else len(line)
        ends[mark] = end
        if end < len(line) and not line[start].isspace():
            kept += line[at : first.start()], line[start:end]
            at = end + len(mark)
        else:  # a mark of two characters may begin within this one: ***
            kept.append(line[at : first.start() + 1])
            at = first.start() + 1
    return "".join((*kept, line[at:]))
