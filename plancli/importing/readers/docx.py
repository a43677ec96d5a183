"""Read Word files: paragraphs with their automatic numbers, and tables."""

import io
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn

from plancli.importing.parsing import numbering
from plancli.importing.readers import page
from plancli.importing.readers.office_package import OfficePackage
from plancli.importing.readers.page import CellGrid, SourceText

CIRCLED_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting",
}  # fmt: skip
INTEGER = re.compile("-?[0-9]{1,6}")
MAX_LEVELS = 9  # of a list
MAX_LABEL_LENGTH = 100  # characters around a number
SCHEMA_BASE = "http://schemas.openxmlformats.org"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN_TYPE = f"{CONTENT_TYPE}.document.main+xml"
PART_TYPES = {each: f"{CONTENT_TYPE}.{each}+xml" for each in ("styles", "numbering")}
TYPES_XML = (
    f'<Types xmlns="{SCHEMA_BASE}/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
TYPE_XML = '<Override PartName="/word/{file}.xml" ContentType="{type}"/>'
LINKS_XML = f'<Relationships xmlns="{SCHEMA_BASE}/package/2006/relationships">{{}}</Relationships>'
LINK_XML = (
    f'<Relationship Id="{{kind}}" Type="{SCHEMA_BASE}/officeDocument/2006/relationships/{{kind}}"'
    ' Target="{file}.xml"/>'
)
CIRCLED_FORMATS = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


def read_docx(data: bytes) -> SourceText:
    """Return the source text of a .docx file, without deleted text (tracked changes)."""
    document = Document(io.BytesIO(_build_minimal_file(data)))
    return page.from_blocks(_iter_blocks(document.element.body, _WordNumbering(document)))


def _build_minimal_file(data: bytes) -> bytes:
    """Return a Word file with only the parts that are needed, so that no other part can fail.

    Errors: DamagedFile if its text cannot be read; LimitExceeded.
    """
    package = OfficePackage(data)
    main = package.find_main("word/document.xml")
    parts = {"document": package.read_xml(main)}
    for each in package.read_relations(main).values():
        if each.kind in PART_TYPES and (part := package.read_optional(each.target)):
            parts[each.kind] = part
    links = "".join(LINK_XML.format(kind=kind, file=kind) for kind in PART_TYPES if kind in parts)
    types = "".join(
        TYPE_XML.format(file=kind, type=PART_TYPES.get(kind, MAIN_TYPE)) for kind in parts
    )
    main_link = LINK_XML.format(kind="officeDocument", file="word/document")
    output = io.BytesIO()
    with ZipFile(output, "w") as file:
        file.writestr("[Content_Types].xml", TYPES_XML.format(types))
        file.writestr("_rels/.rels", LINKS_XML.format(main_link))
        file.writestr("word/_rels/document.xml.rels", LINKS_XML.format(links))
        for kind, part in parts.items():
            file.writestr(f"word/{kind}.xml", part)
    return output.getvalue()


def _iter_blocks(
    body: Any, numbers: "_WordNumbering"
) -> Iterator[str | tuple[str, int] | CellGrid]:
    for element in body:
        if element.tag == qn("w:p"):
            yield from _iter_lines(element, numbers)
        elif element.tag == qn("w:tbl"):
            yield _read_grid(element, numbers)
        elif element.tag == qn("w:sdt"):  # a content control, such as a table of contents
            for content in element.iterchildren(qn("w:sdtContent")):
                yield from _iter_blocks(content, numbers)


def _iter_lines(element: Any, numbers: "_WordNumbering") -> Iterator[tuple[str, int]]:
    text = _read_text(element)
    lines = text.split("\v") if text.strip() else []
    for n, line in enumerate(lines):
        yield (
            (numbers.format_next_number(element) if n == 0 else "") + line,
            numbers.get_heading_level(element),
        )


def _read_text(paragraph: Any) -> str:
    """Return a paragraph's text, with insertions and without deletions; \\v separates lines."""
    parts = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
        if any(above.tag.endswith("}Fallback") for above in node.iterancestors()):
            continue  # the same text again, for programs without text boxes
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag == qn("w:br"):
            parts.append("\v")
        elif node.getparent().tag == qn("w:r"):  # not a tab stop in the paragraph's format
            parts.append("\t" if node.tag == qn("w:tab") else "-")
    return "".join(parts)


def _read_grid(table: Any, numbers: "_WordNumbering") -> CellGrid:
    """Return a table's cells; vertically merged cells are one cell."""
    rows: list[list[tuple[str, int, int]]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column -> (row, index) of a merged cell
    for row in table.iterchildren(qn("w:tr")):
        column = 0
        rows.append([])
        for cell in row.iterchildren(qn("w:tc")):
            wide = max(1, _read_count(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1))
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if (
                merge is not None
                and _get_value(merge, "continue") == "continue"
                and column in open_cells
            ):
                y, x = open_cells[column]
                words, tall, columns = rows[y][x]
                rows[y][x] = (words, tall + 1, columns)
            else:
                rows[-1].append((_read_cell(cell, numbers), 1, wide))
                open_cells[column] = (len(rows) - 1, len(rows[-1]) - 1)
            column += wide
    return CellGrid(rows)


def _read_cell(cell: Any, numbers: "_WordNumbering") -> str:
    paragraphs = cell.iter(qn("w:p"))
    return "\v".join(
        numbers.format_next_number(each) + text
        for each in paragraphs
        if (text := _read_text(each)).strip()
    )


def _get_value(element: Any, default: str) -> str:
    return default if element is None else str(element.get(qn("w:val"), default))


class _WordNumbering:
    """Counts Word's automatic numbers, which are not in the text."""

    def __init__(self, document: Any) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._forms: dict[str, dict[int, tuple[str, str, int, bool]]] = {}
        self._styles = {style.style_id: style.element for style in document.styles}
        self._shared: dict[str, str] = {}
        parts = [
            each for each in document.part.package.parts if each.partname.endswith("/numbering.xml")
        ]
        for part in parts:
            root = part.element if hasattr(part, "element") else None
            if root is not None:
                self._load_levels(root)

    def _load_levels(self, root: Any) -> None:
        abstract = {
            _get_attribute(each, "abstractNumId"): dict(
                map(_read_level, each.iterchildren(qn("w:lvl")))
            )
            for each in root.iterchildren(qn("w:abstractNum"))
        }
        for number in root.iterchildren(qn("w:num")):
            shared = _get_value(number.find(qn("w:abstractNumId")), "")
            self._forms[_get_attribute(number, "numId")] = abstract.get(shared, {})
            self._shared[_get_attribute(number, "numId")] = shared

    def format_next_number(self, paragraph: Any) -> str:
        """Count *paragraph* and return its number."""
        number = self._find_list_level(paragraph)
        if not number or not (form := self._forms.get(number[0], {}).get(number[1])):
            return ""
        list_, level = self._shared[number[0]], number[1]
        self._counts[list_, level] = self._counts.get((list_, level), form[2] - 1) + 1
        forms = self._forms[number[0]]
        for key in [key for key in self._counts if key[0] == list_ and key[1] > level]:
            if forms.get(key[1], form)[3]:
                del self._counts[key]
        label = form[1]
        for n in range(level + 1):
            style, _text, start, _restarts = forms.get(n, ("decimal", "", 1, True))
            label = label.replace(
                f"%{n + 1}", _format_number(self._counts.get((list_, n), start), style)
            )
        return label

    def get_heading_level(self, paragraph: Any) -> int:
        """Return 1 to 9 for a paragraph in a heading style of Word, else 0."""
        style = _get_value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), "")
        name = self._styles[style].find(qn("w:name")) if style in self._styles else None
        title = _get_value(name, "").lower()
        return int(title[-1]) if title.startswith("heading") and title[-1].isdigit() else 0

    def _find_list_level(self, paragraph: Any) -> tuple[str, int] | None:
        style = _get_value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), "")
        for owner in (paragraph, self._styles.get(style)):
            properties = owner.find(f"{qn('w:pPr')}/{qn('w:numPr')}") if owner is not None else None
            if properties is not None:
                level = _read_count(properties.find(qn("w:ilvl")), 0)
                return _get_value(properties.find(qn("w:numId")), "0"), level
        return None


def _read_level(level: Any) -> tuple[int, tuple[str, str, int, bool]]:
    """Return a level and its (number style, label, first number, whether it restarts)."""
    return _parse_integer(_get_attribute(level, "ilvl"), 0) % MAX_LEVELS, (
        _get_value(level.find(qn("w:numFmt")), "decimal"),
        _get_value(level.find(qn("w:lvlText")), "")[:MAX_LABEL_LENGTH],
        _read_count(level.find(qn("w:start")), 1),
        _get_value(level.find(qn("w:lvlRestart")), "1") != "0",
    )


def _read_count(element: Any, default: int) -> int:
    return _parse_integer(_get_value(element, ""), default)


def _parse_integer(text: str, default: int) -> int:
    return int(text) if INTEGER.fullmatch(text) else default


def _get_attribute(element: Any, name: str) -> str:
    return str(element.get(qn(f"w:{name}"), ""))


def _format_number(number: int, style: str) -> str:
    if style in ("bullet", "none"):
        return ""
    if style in CIRCLED_FORMATS and 0 < number <= len(CIRCLED_NUMBERS):
        return CIRCLED_NUMBERS[number - 1]
    if style not in CHINESE_FORMATS or not 0 < number < 10_000:
        return str(number)
    return numbering.format_chinese_number(number)
