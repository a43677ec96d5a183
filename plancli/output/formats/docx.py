"""Write a Word table in the style of official documents: A4 landscape, repeated header.

python-docx builds the document around the tables; the rows, which may be many, are streamed into
it.
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import repeat
from typing import Any, BinaryIO

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.output.formats.columns import (
    NARROW_COLUMN,
    OPTIONAL_COLUMNS,
    OutputColumn,
    iter_with_headings,
    select_columns,
)
from plancli.output.formats.markup import MAX_PROPERTY_LENGTH, escape_xml, replace_illegal_chars
from plancli.results.document import AnswerTable, Document

TITLE_FONT, SONG_FONT, KAI_FONT, HEI_FONT, FANG_FONT = (
    "方正小标宋简体",
    "宋体",
    "楷体_GB2312",
    "黑体",
    "仿宋_GB2312",
)
# Fonts to use where one is not installed: its other names, then similar ones.
FONT_FALLBACKS = {
    TITLE_FONT: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体",
    KAI_FONT: "楷体,KaiTi,华文楷体",
    HEI_FONT: "SimHei,华文黑体",
    FANG_FONT: "仿宋,FangSong,华文仿宋",
    SONG_FONT: "SimSun,华文宋体",
}
# Twentieths of a point: the long side of A4, and the margins at both ends.
PAGE_WIDTH, PAGE_MARGIN = 16838, 1134
TEXT_WIDTH = PAGE_WIDTH - 2 * PAGE_MARGIN
MAX_COLUMNS = 63  # Word allows no more
MAX_NORMAL_WIDTH = 150  # cells; a wider table is set in smaller letters
CELL_MARGINS = (
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)
HEADER_ROW = "<w:tblHeader/>"  # repeated on every page
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TABLES_PLACEHOLDER = "plancli:rows"  # in the document, where its tables go
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # makes the output reproducible
CREATION_DATE = datetime(2000, 1, 1)  # makes the output reproducible


def write_docx(document: Document, out: BinaryIO) -> None:
    """Write the answer's tables, with the lists and sections of tasks between their rows."""
    frame = BytesIO()
    _build_frame(document).save(frame)
    with (
        zipfile.ZipFile(frame) as template,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in template.infolist():
            info = zipfile.ZipInfo(part.filename, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            with package.open(info, "w", force_zip64=True) as file:
                for piece in _render_part(part.filename, template.read(part), document):
                    file.write(piece)


def _render_part(name: str, data: bytes, document: Document) -> Iterator[bytes]:
    """Yield a part of the package: the document with the tables, the fonts with fallbacks."""
    if name == "word/fontTable.xml":
        fonts = "".join(
            f'<w:font w:name="{font}"><w:altName w:val="{others}"/></w:font>'
            for font, others in FONT_FALLBACKS.items()
        )
        yield data.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())
    elif name == "word/document.xml":
        place = data.rindex(TABLES_PLACEHOLDER.encode())  # a title may hold the same text
        start, end = data.rindex(b"<w:p>", 0, place), data.index(b"</w:p>", place) + len(b"</w:p>")
        yield data[:start]
        for table in document.tables:
            if len(document.tables) > 1:
                yield _render_paragraph(table.name, HEI_FONT, 14, keep=True).encode()
            yield from (piece.encode() for piece in _render_table(document, table))
        # Word requires a paragraph after a table
        yield _render_paragraph("", FANG_FONT, 1).encode()
        yield data[end:]
    else:
        yield data


def _render_table(document: Document, table: AnswerTable) -> Iterator[str]:
    card = "mentions" in table.result.columns  # tasks in full
    shown = select_columns(
        table,
        document.empty_columns | ({"section"} if card else OPTIONAL_COLUMNS) | {"when", "file"},
    )
    if len(shown) > MAX_COLUMNS:
        raise PlanError(
            _("a table in Word has at most {most} columns; this one has {n}").format(
                most=MAX_COLUMNS, n=len(shown)
            ),
            hint=_("choose another format with --format"),
        )
    widths = _compute_widths(shown)
    points = 12 if sum(column.width for column in shown) <= MAX_NORMAL_WIDTH else 10
    yield '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
    yield f'<w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{CELL_MARGINS}</w:tblPr>'
    yield "<w:tblGrid>"
    yield "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths) + "</w:tblGrid>"
    heads = [column.heading for column in shown]
    yield _render_row(
        map(_render_cell, heads, widths, repeat(HEI_FONT), repeat(points), repeat(True)), HEADER_ROW
    )
    centred = [column.width <= NARROW_COLUMN for column in shown]
    for starting, row in iter_with_headings(table.result):
        for heading in starting:
            font = KAI_FONT if heading.startswith("（") else HEI_FONT
            yield _render_row([_render_cell(heading, TEXT_WIDTH, font, points, across=len(shown))])
        values = [str(column.get_value(row)) for column in shown]
        yield _render_row(
            map(_render_cell, values, widths, repeat(FANG_FONT), repeat(points), centred)
        )
    yield "</w:tbl>"


def _compute_widths(shown: Iterable[OutputColumn]) -> list[int]:
    """Return the widths of the columns, which fill the line."""
    wide = [column.width for column in shown]
    return [TEXT_WIDTH * each // sum(wide) for each in wide]


def _render_row(cells: Iterable[str], more: str = "") -> str:
    """Return a row that is not split between pages."""
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _render_cell(
    text: str, wide: int, font: str, points: int, centred: bool = False, across: int = 1
) -> str:
    """Return a cell; a heading *across* all columns stays on the page of the row below it."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    body = _render_paragraph(text, font, points, centred=centred, keep=across > 1)
    properties = f'<w:tcW w:w="{wide}" w:type="dxa"/>{span}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def _render_paragraph(
    text: str, font: str, points: int, *, centred: bool = False, keep: bool = False
) -> str:
    lines = (f'<w:t xml:space="preserve">{escape_xml(line)}</w:t>' for line in text.split("\n"))
    alignment = '<w:jc w:val="center"/>' if centred else ""
    body = _render_run("<w:br/>".join(lines), font, points)
    spaced = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
    return f"<w:p><w:pPr>{'<w:keepNext/>' * keep}{spaced}{alignment}</w:pPr>{body}</w:p>"


def _render_run(markup: str, font: str, points: int) -> str:
    """Return *markup* as a run in *font*."""
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
    return f'<w:r><w:rPr>{fonts}<w:sz w:val="{2 * points}"/></w:rPr>{markup}</w:r>'


def _build_frame(document: Document) -> Any:
    """Return the Word document without its tables."""
    from docx import Document as Word  # slow to import
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, Twips

    word = Word()
    word.core_properties.title = replace_illegal_chars(document.title)[:MAX_PROPERTY_LENGTH]
    word.core_properties.author = "plancli"
    word.core_properties.language = "zh-CN"
    word.core_properties.created = word.core_properties.modified = CREATION_DATE
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Twips(PAGE_WIDTH), Mm(210)
    page.left_margin = page.right_margin = Twips(PAGE_MARGIN)
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(25), Mm(24), Mm(14)
    word.settings.odd_and_even_pages_header_footer = True
    for footer, alignment in ((page.footer, "right"), (page.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        empty = footer.paragraphs[0].paragraph_format.element
        empty.getparent().replace(empty, parse_xml(_render_page_number(alignment)))
    for text, font, points in (
        (document.title, TITLE_FONT, 22),
        *((note, KAI_FONT, 12) for note in document.notes),
        (TABLES_PLACEHOLDER, FANG_FONT, 12),
    ):
        run = word.add_paragraph().add_run(replace_illegal_chars(text))
        run.font.size, run.font.name = Pt(points), font
        run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    word.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in word.paragraphs:
        paragraph.paragraph_format.space_after = Pt(4)
    return word


def _render_page_number(alignment: str) -> str:
    """Return the paragraph of the page number: — 1 —, on the outer side, as in official documents."""
    before, page, after = (
        _render_run(f'<w:t xml:space="preserve">{text}</w:t>', SONG_FONT, 14)
        for text in ("— ", "1", " —")
    )
    properties = f'<w:ind w:left="280" w:right="280"/><w:jc w:val="{alignment}"/>'
    return (
        f'<w:p xmlns:w="{WORD_NAMESPACE}"><w:pPr>{properties}</w:pPr>{before}'
        f'<w:fldSimple w:instr="PAGE">{page}</w:fldSimple>{after}</w:p>'
    )
