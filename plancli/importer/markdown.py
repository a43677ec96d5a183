"""Markdown -> ``Page``: its pipe tables and headings; everything else is lines, as written."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from plancli.importer import page
from plancli.importer.page import Grid, Page

HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*")
MARKUP = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+.!|~-])")
ENDS = re.compile(r"\r\n?|\n")
ITEM = re.compile(r"\s*[-*+>]\s+")


def read(text: str) -> Page:
    """Return the page that the Markdown *text* is; numbers stay as they are written."""
    return page.of_blocks(_blocks(text))


def _blocks(text: str) -> Iterator[str | tuple[str, int] | Grid]:
    lines = ENDS.split(text)  # as Markdown counts them
    tables = {first: (last, grid) for first, last, grid in _tables(text)} if "|" in text else {}
    at = 0
    while at < len(lines):
        if at in tables:
            at, grid = tables[at]
            yield grid
            continue
        line = lines[at]
        at += 1
        heading = HEADING.fullmatch(line)
        said = _plain(heading[2] if heading else line[_item(line) :])
        yield said, len(heading[1]) if heading else 0


def _tables(text: str) -> Iterator[tuple[int, int, Grid]]:
    """Yield each table with its first line and the line after it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    rows: list[list[tuple[str, int, int]]] = []
    span = (0, 0)
    for n, token in enumerate(tokens):
        if token.type == "table_open" and token.map:
            rows, span = [], (token.map[0], token.map[1])
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((_cell(tokens[n + 1]), 1, 1))
        elif token.type == "table_close":
            yield *span, Grid(rows)


def _cell(token: Token) -> str:
    return _plain(re.sub(r"<br\s*/?>", "\v", token.content))


def _item(line: str) -> int:
    """Return where the words of a bulleted or quoted line begin."""
    bullet = ITEM.match(line)
    return bullet.end() if bullet else 0


def _plain(line: str) -> str:
    return ESCAPED.sub(r"\1", MARKUP.sub(r"\2", line))
