"""Read Markdown: its pipe tables, headings and lists; everything else is lines, as written."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from plancli.importing.readers import page
from plancli.importing.readers.page import CellGrid, SourceText

HEADING_MARK = re.compile(r"\s{0,8}(#{1,6})\s+")
# Marks of bold type and code, then of emphasis; _ is also within words.
INLINE_MARKS = (re.compile(r"\*\*|__|`"), re.compile(r"\*"))
ESCAPED_CHAR = re.compile(r"\\([\\`*_{}\[\]<>()#+.!|~-])")
LINE_ENDS = re.compile(r"\r\n?|\n")
LIST_ITEM = re.compile(r"\s*[-*+>]\s+(?!\d+\s*[-*])")  # not the page number - 2 -
LEADING_MARKS = re.compile(r"^[ \t\u3000]++(?=\*\*|[-*+] )")
TYPED_NUMBER = re.compile(r"\d{1,9}(?=[.)])")
NESTED_ITEM = re.compile(r"^(?:[ ]{2,}+|[ ]*+\t)[ \t]*+[-*+][ \t]", re.MULTILINE)
NUMBERED_ITEM = re.compile(r"^[ \t]*+(\d{1,9})[.)][ \t]", re.MULTILINE)


def read_markdown(text: str) -> SourceText:
    """Return the source text of the Markdown *text*, with the numbers that a reader of it sees."""
    return page.from_blocks(_iter_blocks(page.drop_invisible(text)))


def _iter_blocks(text: str) -> Iterator[str | tuple[str, int] | CellGrid]:
    lines = LINE_ENDS.split(text)  # as Markdown counts lines
    has_lists = len(NUMBERED_ITEM.findall(text)) > 1 or NESTED_ITEM.search(text)
    tokens = _parse_tokens(text) if has_lists or "|" in text else []
    tables = {first: (last, grid) for first, last, grid in _iter_tables(tokens)}
    numbers = dict(_iter_numbers(tokens))
    levels = dict(_iter_parent_items(tokens))
    at = 0
    while at < len(lines):
        if at in tables:
            at, grid = tables[at]
            yield grid
            continue
        level = levels.get(at, 0)
        line = LEADING_MARKS.sub("", lines[at], count=1)
        if at in numbers:
            line = TYPED_NUMBER.sub(str(numbers[at]), line, count=1)
        at += 1
        heading = HEADING_MARK.match(line)
        words = (
            _strip_closing_marks(line[heading.end() :])
            if heading
            else line[_find_item_start(line) :]
        )
        yield _to_plain_text(words), len(heading[1]) if heading else level


def _parse_tokens(text: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable("table").disable("inline")  # cells stay as written
    return parser.parse(text)


def _iter_numbers(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield the lines of list items whose number is not the typed one, and that number."""
    counters: list[int] = []  # of the open lists; 0 for bullets
    for token in tokens:
        if token.type == "ordered_list_open":
            counters.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            counters.append(0)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            counters.pop()
        elif token.type == "list_item_open" and token.info.isdecimal() and token.map:
            if int(token.info) != counters[-1]:
                yield token.map[0], counters[-1]
            counters[-1] += 1


def _iter_parent_items(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first line of each bullet that has bullets below it, and its heading level."""
    opened: list[int] = []  # lines of the items that contain the current token
    for token in tokens:
        if token.type == "list_item_open":
            opened.append(token.map[0] if token.map and not token.info else -1)
        elif token.type == "list_item_close":
            opened.pop()
        elif token.type == "bullet_list_open" and opened and opened[-1] >= 0:
            yield opened[-1], page.ITEM_LEVEL + len(opened)


def _iter_tables(tokens: list[Token]) -> Iterator[tuple[int, int, CellGrid]]:
    """Yield each table with its first line and the line after it."""
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
    for marks in INLINE_MARKS:
        line = _remove_markup(line, marks)
    return ESCAPED_CHAR.sub(r"\1", line)


def _remove_markup(line: str, marks: "re.Pattern[str]") -> str:
    """Return *line* without pairs of *marks*, as **a** and `a`.

    Each mark is searched once, from left to right: a pattern that searches the second mark for each
    first mark would take quadratic time.
    """
    kept: list[str] = []
    at = 0
    ends: dict[str, int] = {}  # mark -> offset of the next closing mark; len(line) for none
    while first := marks.search(line, at):
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
