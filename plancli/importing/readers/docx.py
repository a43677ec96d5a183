"""Read Word files as a reader of Word sees them: paragraphs with their numbers, and tables."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from lxml import etree

from plancli.importing.parsing import numbering
from plancli.importing.readers import page, table_layout
from plancli.importing.readers.docx_numbering import (
    W,
    WordNumbering,
    WordStyles,
    get_value,
    read_count,
)
from plancli.importing.readers.office_package import OfficePackage
from plancli.importing.readers.page import CellGrid, SourceText

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Elements that only wrap others: content controls, tracked insertions, links, fields.
WRAPPERS = frozenset(
    W + each
    for each in "sdt sdtContent customXml ins moveTo smartTag hyperlink fldSimple dir bdo rubyBase ruby".split()
)
REMOVED = frozenset(W + each for each in ("del", "moveFrom", "rt"))  # rt: the reading above a word
PAGE_BREAKS = frozenset({"page", "column"})
SENTENCE_ENDS = "。！？；：.!?;:）)"
PRIVATE_SYMBOLS = range(0xE000, 0xF900)  # of symbol fonts
SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")

WordBlock = str | tuple[str, int] | CellGrid


def read_docx(data: bytes) -> SourceText:
    """Return the source text of a .docx file, without deleted text (tracked changes).

    Errors: DamagedFile if its text cannot be read; LimitExceeded.
    """
    package = OfficePackage(data)
    main = package.find_main("word/document.xml")
    root = _parse_xml(package.read_xml(main))
    parts = {each.kind: each.target for each in package.read_relations(main).values()}
    optional: dict[str, Any] = {
        kind: _parse_xml(part)
        for kind in ("styles", "numbering", "footnotes", "endnotes")
        if kind in parts and (part := package.read_optional(parts[kind]))
    }
    styles = WordStyles(optional.get("styles"))
    footnotes = {
        f"{kind}Reference": _read_footnotes(optional.get(f"{kind}s"), kind)
        for kind in ("footnote", "endnote")
    }
    reader = _WordReader(styles, WordNumbering(optional.get("numbering"), styles), footnotes)
    return page.from_blocks(
        block for body in root.iterchildren(f"{W}body") for block in reader.iter_blocks(body)
    )


def _parse_xml(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, huge_tree=True))


def _read_footnotes(root: Any, kind: str) -> dict[str, str]:
    """Return id -> text of the footnotes or endnotes."""
    notes = () if root is None else root.iterchildren(W + kind)
    return {
        each.get(f"{W}id", ""): "".join(part.text or "" for part in each.iter(f"{W}t")).strip()
        for each in notes
    }


def _iter_content(element: Any) -> Iterator[Any]:
    """Yield the children of *element*, or what is in them if they only wrap it."""
    for child in element:
        if child.tag in WRAPPERS:
            yield from _iter_content(child)
        elif child.tag == f"{MC}AlternateContent":
            yield from _iter_content(_choose_alternative(child))
        elif child.tag not in REMOVED:
            yield child


def _choose_alternative(element: Any) -> Any:
    """Return the first form of a text box or the like that has text: the others repeat it."""
    forms = [each for each in element if next(each.iter(f"{W}t", f"{M}t"), None) is not None]
    return forms[0] if forms else ()


class _Run(NamedTuple):
    """A piece of a paragraph; \\v is a line break in it, \\f a page break."""

    rule: str  # struck-out, hidden-words, or ""
    text: str


class _WordReader:
    """Reads the parts of a document in order, because reading counts the lists."""

    def __init__(
        self, styles: WordStyles, numbers: WordNumbering, footnotes: dict[str, dict[str, str]]
    ) -> None:
        self._styles, self._numbers, self._footnotes = styles, numbers, footnotes

    def iter_blocks(self, body: Any) -> Iterator[WordBlock]:
        """Yield the lines and tables in *body*; what text boxes hold follows their paragraph."""
        joined: list[_Run] = []
        for element in _iter_content(body):
            if element.tag == f"{W}p":
                boxes: list[Any] = []
                joined += self._read_runs(element, self._styles.get_paragraph_style(element), boxes)
                if not self._has_removed_end(element):
                    yield from self._format_lines(element, joined)
                    joined = []
                for box in boxes:
                    yield from self.iter_blocks(box)
            elif element.tag == f"{W}tbl":
                if joined:
                    yield _join_runs(joined)
                joined = []
                yield from self._read_table(element)
        if joined:
            yield _join_runs(joined)

    def _has_removed_end(self, paragraph: Any) -> bool:
        """Return whether the mark at the end is hidden or deleted: the next paragraph goes on."""
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is None:
            return False
        is_deleted = any(mark.find(W + name) is not None for name in ("del", "moveFrom"))
        return is_deleted or self._styles.is_on("vanish", mark, "")

    def _format_lines(self, paragraph: Any, runs: list[_Run]) -> Iterator[tuple[str, int]]:
        number = self._numbers.format_next_number(paragraph)  # Word counts empty ones, too
        level = self._styles.get_heading_level(paragraph)
        is_visible = any(run.text.strip() for run in runs if run.rule not in page.LEFT_OUT)
        lines = _join_runs(runs).split("\v") if runs else []
        for n, line in enumerate(lines):
            yield (number if n == 0 and is_visible else "") + line, level

    def _read_runs(self, element: Any, style: str, boxes: list[Any]) -> Iterator[_Run]:
        """Yield the pieces of a paragraph, and add its text boxes to *boxes*."""
        for node in _iter_content(element):
            if node.tag == f"{W}r":
                properties = node.find(f"{W}rPr")
                yield _Run(
                    self._find_rule(properties, style),
                    "".join(self._read_run(node, style, boxes)),
                )
            elif node.tag in (f"{M}oMath", f"{M}oMathPara"):
                yield _Run("", _read_equation(node))

    def _find_rule(self, properties: Any, style: str) -> str:
        if self._styles.is_on("vanish", properties, style):
            return "hidden-words"
        is_struck = any(
            self._styles.is_on(each, properties, style) for each in ("strike", "dstrike")
        )
        return "struck-out" if is_struck else ""

    def _read_run(self, run: Any, style: str, boxes: list[Any]) -> Iterator[str]:
        for node in _iter_content(run):
            if node.tag == f"{W}t":
                yield node.text or ""
            elif node.tag == f"{W}br":
                yield "\f" if node.get(f"{W}type") in PAGE_BREAKS else "\v"
            elif node.tag == f"{W}cr":
                yield "\v"
            elif node.tag in (f"{W}tab", f"{W}ptab"):
                yield "\t"
            elif node.tag == f"{W}noBreakHyphen":
                yield "-"
            elif (name := str(node.tag).removeprefix(W)) in self._footnotes:
                text = self._footnotes[name].get(node.get(f"{W}id", ""), "")
                yield page.mark_words("footnote", text)
            elif node.tag == f"{W}sym":
                yield _read_symbol(node)
            elif node.tag == f"{W}r":  # in the base of a word with its reading above it
                yield from self._read_run(node, style, boxes)
            elif node.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                boxes += node.iter(f"{W}txbxContent")

    def _read_table(self, table: Any) -> Iterator[WordBlock]:
        """Yield the table as a grid; what a table for layout holds as lines and tables."""
        rows: list[list[list[WordBlock]]] = []
        spans: list[list[tuple[int, int]]] = []
        open_cells: dict[int, tuple[int, int]] = {}  # column -> (row, index) of a merged cell
        for row in _iter_content(table):
            if row.tag != f"{W}tr" or row.find(f"{W}trPr/{W}del") is not None:
                continue
            column = read_count(row.find(f"{W}trPr/{W}gridBefore"), 0)
            rows.append([[]] if column > 0 else [])
            spans.append([(1, column)] if column > 0 else [])
            for cell in _iter_content(row):
                if cell.tag != f"{W}tc":
                    continue
                wide = max(1, read_count(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                across = cell.find(f"{W}tcPr/{W}hMerge")
                is_merged = merge is not None and get_value(merge, "continue") == "continue"
                if is_merged and column in open_cells:
                    y, x = open_cells[column]
                    tall, columns = spans[y][x]
                    spans[y][x] = tall + 1, columns
                elif (
                    across is not None and get_value(across, "continue") == "continue" and spans[-1]
                ):
                    tall, columns = spans[-1][-1]
                    spans[-1][-1] = tall, columns + wide
                else:
                    rows[-1].append([*self.iter_blocks(cell)])
                    spans[-1].append((1, wide))
                    open_cells[column] = (len(rows) - 1, len(rows[-1]) - 1)
                column += wide
        cells = [[_list_lines(cell) for cell in row] for row in rows]
        if any(cells) and table_layout.is_layout(cells):
            yield from (block for row in rows for cell in row for block in cell)
        elif rows:
            yield CellGrid(
                [
                    [("\v".join(lines), *span) for lines, span in zip(*row, strict=True)]
                    for row in zip(cells, spans, strict=True)
                ]
            )


def _list_lines(blocks: Iterable[WordBlock]) -> list[str]:
    """Return the lines of *blocks* in a cell, with the cells of tables in it as lines."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, CellGrid):
            lines += (words for row in block.rows for words, _rows, _columns in row if words)
        else:
            line = block if isinstance(block, str) else block[0]
            lines += [line] if line.strip() else []
    return lines


def _join_runs(runs: Iterable[_Run]) -> str:
    """Return the text of *runs*, with marks around struck out and hidden words."""
    parts = []
    for rule, group in groupby(runs, itemgetter(0)):
        words = "".join(run.text for run in group)
        parts.append(page.mark_words(rule, words) if rule else words)
    first, *others = "".join(parts).split("\f")
    for other in others:  # a page break within a sentence does not end a line
        is_inside = first.strip()[-1:] not in SENTENCE_ENDS and not (
            numbering.parse_item_number(other.lstrip())
        )
        first += ("" if is_inside else "\v") + other
    return first


def _read_symbol(node: Any) -> str:
    code = str(node.get(f"{W}char", ""))
    number = int(code, 16) if len(code) == 4 and code.isalnum() and code.isascii() else 0
    return "" if number < 0x20 or number in PRIVATE_SYMBOLS else chr(number)


def _read_equation(node: Any) -> str:
    """Return the text of an equation on one line: 3/4, km², CO₂."""
    if node.tag == f"{M}t":
        return node.text or ""
    text = "".join(_read_equation(child) for child in node if child.tag not in REMOVED)
    if node.tag == f"{M}den":
        return f"/{text}"
    if node.tag == f"{M}rad":
        return f"√{text}"
    if node.tag == f"{M}d":
        first, last = (
            usual if mark is None else mark.get(f"{M}val", "")
            for usual, mark in (
                ("(", node.find(f"{M}dPr/{M}begChr")),
                (")", node.find(f"{M}dPr/{M}endChr")),
            )
        )
        return f"{first}{text}{last}"
    if node.tag == f"{M}sup":
        return text.translate(SUPERSCRIPTS)
    return text.translate(SUBSCRIPTS) if node.tag == f"{M}sub" else text
