"""Word -> ``Page``: paragraphs with the numbers that Word counts itself, and tables."""

import io
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn

from plancli.importing.parsing import numbering
from plancli.importing.readers import page
from plancli.importing.readers.office_package import Package
from plancli.importing.readers.page import Grid, Page

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting",
}  # fmt: skip
WHOLE = re.compile("-?[0-9]{1,6}")
LEVELS = 9  # of a list
LONGEST = 100  # characters around a number
FORMS = "http://schemas.openxmlformats.org"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN = f"{CONTENT}.document.main+xml"
PARTS = {each: f"{CONTENT}.{each}+xml" for each in ("styles", "numbering")}
TYPES = (
    f'<Types xmlns="{FORMS}/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
TYPE = '<Override PartName="/word/{file}.xml" ContentType="{type}"/>'
LINKS = f'<Relationships xmlns="{FORMS}/package/2006/relationships">{{}}</Relationships>'
LINK = (
    f'<Relationship Id="{{kind}}" Type="{FORMS}/officeDocument/2006/relationships/{{kind}}"'
    ' Target="{file}.xml"/>'
)
CIRCLES = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


def read(data: bytes) -> Page:
    """Return the page of a .docx file; deleted text (tracked changes) is left out."""
    document = Document(io.BytesIO(_reduce(data)))
    return page.of_blocks(_blocks(document.element.body, _Numbers(document)))


def _reduce(data: bytes) -> bytes:
    """Return a Word file of the parts that are read alone: no other can spoil it.

    Errors: Damaged where its text cannot be read; TooMuch.
    """
    package = Package(data)
    main = package.find_main("word/document.xml")
    parts = {"document": package.read_xml(main)}
    for each in package.relations(main).values():
        if each.kind in PARTS and (part := package.read_optional(each.target)):
            parts[each.kind] = part
    links = "".join(LINK.format(kind=kind, file=kind) for kind in PARTS if kind in parts)
    types = "".join(TYPE.format(file=kind, type=PARTS.get(kind, MAIN)) for kind in parts)
    whole = LINK.format(kind="officeDocument", file="word/document")
    written = io.BytesIO()
    with ZipFile(written, "w") as file:
        file.writestr("[Content_Types].xml", TYPES.format(types))
        file.writestr("_rels/.rels", LINKS.format(whole))
        file.writestr("word/_rels/document.xml.rels", LINKS.format(links))
        for kind, part in parts.items():
            file.writestr(f"word/{kind}.xml", part)
    return written.getvalue()


def _blocks(body: Any, numbers: "_Numbers") -> Iterator[str | tuple[str, int] | Grid]:
    for element in body:
        if element.tag == qn("w:p"):
            yield from _paragraph(element, numbers)
        elif element.tag == qn("w:tbl"):
            yield _grid(element, numbers)
        elif element.tag == qn("w:sdt"):  # a field that Word fills, such as a table of contents
            for content in element.iterchildren(qn("w:sdtContent")):
                yield from _blocks(content, numbers)


def _paragraph(element: Any, numbers: "_Numbers") -> Iterator[tuple[str, int]]:
    said = _said(element)
    lines = said.split("\v") if said.strip() else []
    for n, line in enumerate(lines):
        yield (numbers.of(element) if n == 0 else "") + line, numbers.level(element)


def _said(paragraph: Any) -> str:
    """Return a paragraph's words: inserted ones too, deleted ones not, lines parted by \\v."""
    said = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
        if any(above.tag.endswith("}Fallback") for above in node.iterancestors()):
            continue  # the same once more, for programs that know no text boxes
        if node.tag == qn("w:t"):
            said.append(node.text or "")
        elif node.tag == qn("w:br"):
            said.append("\v")
        elif node.getparent().tag == qn("w:r"):  # not a tab stop of the paragraph's form
            said.append("\t" if node.tag == qn("w:tab") else "-")
    return "".join(said)


def _grid(table: Any, numbers: "_Numbers") -> Grid:
    """Return a table's cells; cells merged downwards are one."""
    rows: list[list[tuple[str, int, int]]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column -> (row, place) of a cell that goes on
    for row in table.iterchildren(qn("w:tr")):
        column = 0
        rows.append([])
        for cell in row.iterchildren(qn("w:tc")):
            wide = max(1, _count(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1))
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if (
                merge is not None
                and _value(merge, "continue") == "continue"
                and column in open_cells
            ):
                y, x = open_cells[column]
                words, tall, columns = rows[y][x]
                rows[y][x] = (words, tall + 1, columns)
            else:
                rows[-1].append((_cell(cell, numbers), 1, wide))
                open_cells[column] = (len(rows) - 1, len(rows[-1]) - 1)
            column += wide
    return Grid(rows)


def _cell(cell: Any, numbers: "_Numbers") -> str:
    paragraphs = cell.iter(qn("w:p"))
    return "\v".join(
        numbers.of(each) + said for each in paragraphs if (said := _said(each)).strip()
    )


def _value(element: Any, default: str) -> str:
    return default if element is None else str(element.get(qn("w:val"), default))


class _Numbers:
    """The numbers that Word counts itself, which stand nowhere in the text."""

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
                self._learn(root)

    def _learn(self, root: Any) -> None:
        abstract = {
            _attribute(each, "abstractNumId"): dict(map(_form, each.iterchildren(qn("w:lvl"))))
            for each in root.iterchildren(qn("w:abstractNum"))
        }
        for number in root.iterchildren(qn("w:num")):
            shared = _value(number.find(qn("w:abstractNumId")), "")
            self._forms[_attribute(number, "numId")] = abstract.get(shared, {})
            self._shared[_attribute(number, "numId")] = shared

    def of(self, paragraph: Any) -> str:
        """Return the number before *paragraph*, counting it."""
        place = self._place(paragraph)
        if not place or not (form := self._forms.get(place[0], {}).get(place[1])):
            return ""
        list_, level = self._shared[place[0]], place[1]
        self._counts[list_, level] = self._counts.get((list_, level), form[2] - 1) + 1
        forms = self._forms[place[0]]
        for key in [key for key in self._counts if key[0] == list_ and key[1] > level]:
            if forms.get(key[1], form)[3]:
                del self._counts[key]
        said = form[1]
        for n in range(level + 1):
            style, _text, start, _anew = forms.get(n, ("decimal", "", 1, True))
            said = said.replace(f"%{n + 1}", _written(self._counts.get((list_, n), start), style))
        return said

    def level(self, paragraph: Any) -> int:
        """Return 1 to 9 for a paragraph in one of Word's heading styles, else 0."""
        style = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), "")
        name = self._styles[style].find(qn("w:name")) if style in self._styles else None
        said = _value(name, "").lower()
        return int(said[-1]) if said.startswith("heading") and said[-1].isdigit() else 0

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        style = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), "")
        for owner in (paragraph, self._styles.get(style)):
            found = owner.find(f"{qn('w:pPr')}/{qn('w:numPr')}") if owner is not None else None
            if found is not None:
                level = _count(found.find(qn("w:ilvl")), 0)
                return _value(found.find(qn("w:numId")), "0"), level
        return None


def _form(level: Any) -> tuple[int, tuple[str, str, int, bool]]:
    """Return a level's (style of number, text around it, first number, whether it begins anew)."""
    return _whole(_attribute(level, "ilvl"), 0) % LEVELS, (
        _value(level.find(qn("w:numFmt")), "decimal"),
        _value(level.find(qn("w:lvlText")), "")[:LONGEST],
        _count(level.find(qn("w:start")), 1),
        _value(level.find(qn("w:lvlRestart")), "1") != "0",
    )


def _count(element: Any, default: int) -> int:
    return _whole(_value(element, ""), default)


def _whole(said: str, default: int) -> int:
    return int(said) if WHOLE.fullmatch(said) else default


def _attribute(element: Any, name: str) -> str:
    return str(element.get(qn(f"w:{name}"), ""))


def _written(number: int, style: str) -> str:
    if style in ("bullet", "none"):
        return ""
    if style in CIRCLES and 0 < number <= len(CIRCLED):
        return CIRCLED[number - 1]
    if style not in CHINESE or not 0 < number < 10_000:
        return str(number)
    return numbering.in_chinese(number)
