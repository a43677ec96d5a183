"""Read Markdown: its pipe tables and headings; everything else is lines, as written."""

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
    """Return the source text of the Markdown *text*; numbers stay as written."""
    return page.from_blocks(_iter_blocks(text))


def _iter_blocks(text: str) -> Iterator[str | tuple[str, int] | CellGrid]:
    lines = LINE_ENDS.split(text)  # as Markdown counts lines
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
        words = (
            _strip_closing_marks(line[heading.end() :])
            if heading
            else line[_find_item_start(line) :]
        )
        yield _to_plain_text(words), len(heading[1]) if heading else 0


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
    """Return the offset of the text in a bulleted or quoted line."""
    bullet = LIST_ITEM.match(line)
    return bullet.end() if bullet else 0


def _strip_closing_marks(words: str) -> str:
    """Return a heading without the marks that may close it: ## 重点任务 ##."""
    return words.rstrip().rstrip("#").rstrip()


def _to_plain_text(line: str) -> str:
    return ESCAPED_CHAR.sub(r"\1", _remove_markup(line))


def _remove_markup(line: str) -> str:
    """Return *line* without pairs of marks for bold type and code, as **a** and `a`.

    Each mark is searched once, from left to right: a pattern that searches the second mark for each
    first mark would take quadratic time.
    """
    kept: list[str] = []
    at = 0
    ends: dict[str, int] = {}  # mark -> offset of the next closing mark; len(line) for none
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
        else:  # another mark may begin within this one: ***
            kept.append(line[at : first.start() + 1])
            at = first.start() + 1
    return "".join((*kept, line[at:]))
