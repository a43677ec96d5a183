"""A Word table in the manner of official documents: A4 across, headed on every page, numbered.

python-docx makes the document around the table; the rows, of which there may be very many, are
written into it one after the other.
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import repeat
from typing import Any, BinaryIO

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.output.formats.columns import BRIEF, NARROW, Column, below, columns
from plancli.output.formats.markup import PROPERTY, clean, escaped
from plancli.results.document import Document, Table

TITLE, SONG, KAI, HEI, FANG = "方正小标宋简体", "宋体", "楷体_GB2312", "黑体", "仿宋_GB2312"
# What stands in for a font that a machine has not: its other names, then one of its kind.
FALLBACKS = {
    TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体",
    KAI: "楷体,KaiTi,华文楷体",
    HEI: "SimHei,华文黑体",
    FANG: "仿宋,FangSong,华文仿宋",
    SONG: "SimSun,华文宋体",
}
ACROSS, MARGIN = 16838, 1134  # twentieths of a point: A4's length, and the margins at both ends
ROOM = ACROSS - 2 * MARGIN
MOST = 63  # columns
WIDE = 150  # cells; a wider table is set in smaller letters
EDGES = (
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)
HEAD = "<w:tblHeader/>"  # stands on every page
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HERE = "plancli:rows"  # stands in the document where its tables go
MADE = (1980, 1, 1, 0, 0, 0)  # so that the same answer is the same file
WRITTEN = datetime(2000, 1, 1)  # as long as nobody has saved it anew


def docx(document: Document, out: BinaryIO) -> None:
    """The answer's tables, the headings of tasks between their rows."""
    frame = BytesIO()
    _frame(document).save(frame)
    with zipfile.ZipFile(frame) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in made.infolist():
            info = zipfile.ZipInfo(part.filename, MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            with whole.open(info, "w", force_zip64=True) as written:
                for piece in _filled(part.filename, made.read(part), document):
                    written.write(piece)


def _filled(name: str, data: bytes, document: Document) -> Iterator[bytes]:
    """Yield a part of the package; into the document itself go the tables, fallbacks into fonts."""
    if name == "word/fontTable.xml":
        fonts = "".join(
            f'<w:font w:name="{font}"><w:altName w:val="{others}"/></w:font>'
            for font, others in FALLBACKS.items()
        )
        yield data.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())
    elif name == "word/document.xml":
        place = data.rindex(HERE.encode())  # a title may hold the same
        start, end = data.rindex(b"<w:p>", 0, place), data.index(b"</w:p>", place) + len(b"</w:p>")
        yield data[:start]
        for table in document.tables:
            if len(document.tables) > 1:
                yield _paragraph(table.name, HEI, 14, keep=True).encode()
            yield from (piece.encode() for piece in _table(document, table))
        yield _paragraph("", FANG, 1).encode()  # Word wants one behind a table
        yield data[end:]
    else:
        yield data


def _table(document: Document, table: Table) -> Iterator[str]:
    card = "mentions" in table.result.columns  # a task whole
    shown = columns(table, document.empty | ({"section"} if card else BRIEF) | {"when", "file"})
    if len(shown) > MOST:
        raise PlanError(
            _("a table of Word has {most} columns; this one has {n}").format(
                most=MOST, n=len(shown)
            ),
            hint=_("choose another format with --format"),
        )
    widths = _widths(shown)
    points = 12 if sum(column.width for column in shown) <= WIDE else 10
    yield '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
    yield f'<w:tblW w:w="{ROOM}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{EDGES}</w:tblPr>'
    yield "<w:tblGrid>"
    yield "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths) + "</w:tblGrid>"
    heads = [column.heading for column in shown]
    yield _row(map(_cell, heads, widths, repeat(HEI), repeat(points), repeat(True)), HEAD)
    centred = [column.width <= NARROW for column in shown]
    for began, row in below(table.result):
        for heading in began:
            font = KAI if heading.startswith("（") else HEI
            yield _row([_cell(heading, ROOM, font, points, across=len(shown))])
        said = [str(column.said(row)) for column in shown]
        yield _row(map(_cell, said, widths, repeat(FANG), repeat(points), centred))
    yield "</w:tbl>"


def _widths(shown: Iterable[Column]) -> list[int]:
    """Return the widths of the columns, together the whole line."""
    wide = [column.width for column in shown]
    return [ROOM * each // sum(wide) for each in wide]


def _row(cells: Iterable[str], more: str = "") -> str:
    """Return a row, which no page breaks."""
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    said: str, wide: int, font: str, points: int, centred: bool = False, across: int = 1
) -> str:
    """Return a cell; a heading *across* all columns stays on the page of what is below it."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    body = _paragraph(said, font, points, centred=centred, keep=across > 1)
    place = f'<w:tcW w:w="{wide}" w:type="dxa"/>{span}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{place}</w:tcPr>{body}</w:tc>"


def _paragraph(
    said: str, font: str, points: int, *, centred: bool = False, keep: bool = False
) -> str:
    lines = (f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in said.split("\n"))
    place = '<w:jc w:val="center"/>' if centred else ""
    body = _run("<w:br/>".join(lines), font, points)
    spaced = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
    return f"<w:p><w:pPr>{'<w:keepNext/>' * keep}{spaced}{place}</w:pPr>{body}</w:p>"


def _run(said: str, font: str, points: int) -> str:
    """Return *said*, which is markup already, in letters of *font*."""
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
    return f'<w:r><w:rPr>{fonts}<w:sz w:val="{2 * points}"/></w:rPr>{said}</w:r>'


def _frame(document: Document) -> Any:
    """Return the Word document that stands around the tables."""
    from docx import Document as Word  # slow to import
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, Twips

    word = Word()
    word.core_properties.title = clean(document.title)[:PROPERTY]
    word.core_properties.author = "plancli"
    word.core_properties.language = "zh-CN"
    word.core_properties.created = word.core_properties.modified = WRITTEN
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Twips(ACROSS), Mm(210)
    page.left_margin = page.right_margin = Twips(MARGIN)
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(25), Mm(24), Mm(14)
    word.settings.odd_and_even_pages_header_footer = True
    for footer, place in ((page.footer, "right"), (page.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        empty = footer.paragraphs[0].paragraph_format.element
        empty.getparent().replace(empty, parse_xml(_number(place)))
    for said, font, points in (
        (document.title, TITLE, 22),
        *((note, KAI, 12) for note in document.notes),
        (HERE, FANG, 12),
    ):
        run = word.add_paragraph().add_run(clean(said))
        run.font.size, run.font.name = Pt(points), font
        run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    word.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in word.paragraphs:
        paragraph.paragraph_format.space_after = Pt(4)
    return word


def _number(place: str) -> str:
    """Return the paragraph at a page's foot: — 1 —, outside, as official documents have it."""
    before, page, after = (
        _run(f'<w:t xml:space="preserve">{said}</w:t>', SONG, 14) for said in ("— ", "1", " —")
    )
    place = f'<w:ind w:left="280" w:right="280"/><w:jc w:val="{place}"/>'
    return (
        f'<w:p xmlns:w="{W}"><w:pPr>{place}</w:pPr>{before}'
        f'<w:fldSimple w:instr="PAGE">{page}</w:fldSimple>{after}</w:p>'
    )
