"""Articles and tables as the bytes of files; the same page gives the same bytes."""

import csv
import html
import io
import json
import random
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from tests.papers.tables import Table

INDENT = "　　"
LINES_ON_PAGE = 22
EMPTY = ("", "—", "/")
FIXED_DATE = (2025, 1, 1, 0, 0, 0)
# What would look like the number of a paragraph if a line began with it.
_NUMBER_LIKE = re.compile(
    r"[\d０-９.．①-⑳]|[（(][一二三四五六七八九十\d０-９]|[一二三四五六七八九十]+[、是]|第"
)
_NEVER_FIRST = "，。、；：）》”】〕,;:)]！？%—"
_NEVER_LAST = "（〔【([《“"


@dataclass(slots=True)
class Page:
    """What a file shows, from top to bottom, with the furniture of its site around.

    ``wrapped`` breaks text into lines, as from a PDF; ``joined`` puts the body on one line.
    """

    title: str
    letter: list[str] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    table: Table | None = None
    ending: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    twice: bool = False
    joined: bool = False
    wrapped: bool = False
    indent: str = INDENT

    @property
    def paragraphs(self) -> list[str]:
        """Everything between title and ending that is not the table."""
        body = ["".join(self.body)] if self.joined else self.body
        return [*self.preamble, *body]


def to_text(page: Page, rng: random.Random) -> str:
    """Return plain text: a line a paragraph, or the broken lines of pages."""
    between = rng.choice(("\n", "\n\n", "\n \n"))
    lines = [*page.letter, "", page.title, *([""] if page.preamble or rng.random() < 0.5 else [])]
    lines += [page.indent + paragraph for paragraph in page.paragraphs]
    lines += ["", *page.ending] if page.ending else []
    if page.wrapped:
        article = "\n".join(_paged(lines, rng.choice(("— {} —", "- {} -", "—{}—"))))
    else:
        article = between.join(line for line in lines if line)
    again = ["", article] if page.twice else []
    return "\n".join([*page.above, article, *again, *page.below]).strip("\n") + "\n"


def _paged(lines: list[str], number: str) -> list[str]:
    """Break *lines* at the width of a page, and put a page number after each page."""
    broken = [piece for line in lines for piece in wrap(line)]
    out: list[str] = []
    for count, line in enumerate(broken, 1):
        out.append(line)
        if count % LINES_ON_PAGE == 0:
            out.append(number.format(count // LINES_ON_PAGE))
    return out


def wrap(line: str, width: int = 28) -> list[str]:
    """Break *line* after about *width* characters, where no reader would see a new paragraph."""
    out = []
    while len(line) > width:
        cut = width
        while cut > width // 2 and not _may_break(line, cut):
            cut -= 1
        out.append(line[:cut])
        line = line[cut:]
    return [*out, line]


def _may_break(line: str, cut: int) -> bool:
    if (
        line[cut] in _NEVER_FIRST
        or line[cut - 1] in _NEVER_LAST
        or (line[cut - 1 : cut + 1]).isascii()
    ):
        return False
    return not _NUMBER_LIKE.match(line, cut)


def to_html(page: Page, rng: random.Random, charset: str) -> str:
    """Return a page of a site; the markup varies as that of sites does."""
    tag, classes = rng.choice((("p", ""), ("p", ' style="text-indent:2em"'), ("div", ' class="p"')))
    indent = rng.choice((page.indent, "&emsp;&emsp;", "", "&nbsp;&nbsp;&nbsp;&nbsp;"))
    lines_only = page.table is None and rng.random() < 0.2

    def block(text: str) -> str:
        inner = _spanned(html.escape(text, quote=False), rng)
        return f"<{tag}{classes}>{indent}{inner}</{tag}>"

    article = [block(line) for line in page.letter]
    article.append(f"<h1>{html.escape(page.title)}</h1>")
    if lines_only:
        article.append("<br>\n".join(indent + html.escape(text) for text in page.paragraphs))
    else:
        article += [block(text) for text in page.paragraphs]
    article += [_table_html(page.table)] if page.table else []
    article += [f'<p align="right">{html.escape(line)}</p>' for line in page.ending]
    bodies = ['<div class="TRS_Editor" id="zoom">', *article, "</div>"]
    if page.twice:
        bodies += ['<div class="mobile-article">', *article, "</div>"]
    links = "".join(f'<li><a href="#">{html.escape(line)}</a></li>' for line in page.above)
    foot = "\n".join(f"<p align='center'>{html.escape(line)}</p>" for line in page.below)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{charset}">\n'
        f"<title>{html.escape(page.title)}</title>\n"
        "<style>.p{text-indent:2em}</style><script>var no='1、';</script></head>\n"
        f'<body><div class="nav"><ul>{links}</ul></div>\n<!-- 正文 -->\n'
        + "\n".join(bodies)
        + f'\n<div class="footer">\n{foot}\n</div></body></html>\n'
    )


def _spanned(text: str, rng: random.Random) -> str:
    """Put part of *text* into a span, as word processors do, perhaps within a name."""
    if len(text) < 12 or "&" in text or rng.random() < 0.7:
        return text
    start = rng.randrange(len(text) - 8)
    return (
        f'{text[:start]}<span style="font-size:16pt">{text[start : start + 6]}</span>'
        + (text[start + 6 :])
    )


def _table_html(table: Table) -> str:
    out = ['<table border="1">']
    for index, row in enumerate(table.rows):
        name = "th" if index < table.header else "td"
        cells = []
        for cell in row:
            spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            text = html.escape(cell.text).replace("\n", "<br>")
            cells.append(f"<{name}{spans}>{text}</{name}>")
        out.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*out, "</table>"])


def to_markdown(page: Page) -> str:
    """Return a title, paragraphs and a table."""
    assert page.table is not None
    rows = [[text.replace("\n", "<br>") for text in row] for row in page.table.grid()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{' --- |' * len(rows[0])}")
    parts = [f"# {page.title}", *page.preamble, "\n".join(lines), *page.ending]
    return "\n\n".join(parts) + "\n"


def to_csv(page: Page, titled: bool) -> str:
    """Return comma-separated rows, below the title if *titled*."""
    assert page.table is not None
    out = io.StringIO()
    rows = page.table.grid()
    first = [[page.title, *[""] * (len(rows[0]) - 1)]] if titled else []
    csv.writer(out, lineterminator="\n").writerows([*first, *rows])
    return out.getvalue()


def to_json(page: Page, separator: str | None) -> str:
    """Return an array of objects; with *separator*, bodies stand in arrays of their own."""
    assert page.table is not None
    header, *rows = page.table.grid()
    objects: list[dict[str, Any]] = [dict(zip(header, row, strict=True)) for row in rows]
    for item in objects:
        item["序号"] = int(item["序号"])
        for name in header if separator else ():
            if name.startswith(("牵头", "责任", "配合", "协同")):
                item[name] = [body for body in item[name].split(separator) if body not in EMPTY]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def to_docx(page: Page, rng: random.Random) -> bytes:
    """Return a Word document whose paragraphs are broken into runs at random."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = docx.Document()
    for line in page.letter:
        document.add_paragraph(line)
    document.add_heading(page.title, 0)
    for text in page.paragraphs:
        paragraph = document.add_paragraph()
        cut = rng.randrange(len(text))
        for run in (page.indent + text[:cut], text[cut:]):
            paragraph.add_run(run)
    if page.table:
        grid = page.table.grid()
        table = document.add_table(rows=len(grid), cols=len(grid[0]), style="Table Grid")
        for top, left, cell in page.table.placed():
            place = table.cell(top, left)
            if cell.rows > 1 or cell.columns > 1:
                place = place.merge(table.cell(top + cell.rows - 1, left + cell.columns - 1))
            place.text = cell.text
    for line in page.ending:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    document.save(out)
    return _fixed_zip(out.getvalue())


def to_xlsx(page: Page, titled: bool) -> bytes:
    """Return a workbook with one sheet, whose first row is the title if *titled*."""
    from openpyxl import Workbook

    assert page.table is not None
    book = Workbook()
    sheet = book.worksheets[0]
    width, down = len(page.table.grid()[0]), 1 + titled
    if titled:
        sheet.cell(1, 1, page.title)
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    for top, left, cell in page.table.placed():
        value = int(cell.text) if cell.text.isdecimal() and cell.text.isascii() else cell.text
        row, column = top + down, left + 1
        sheet.cell(row, column, value or None)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=row,
                end_row=row + cell.rows - 1,
                start_column=column,
                end_column=column + cell.columns - 1,
            )
    out = io.BytesIO()
    book.save(out)
    return _fixed_zip(out.getvalue())


def _fixed_zip(data: bytes) -> bytes:
    """Return the archive with the dates of its making taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2025-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, FIXED_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def to_pdf(page: Page, number: str) -> bytes:
    """Return pages of lines as official papers have them, numbered below."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1, pageCompression=1)
    lines = [line for text in page.letter for line in wrap(text)]
    lines += ["", *wrap(page.title), ""]
    lines += [line for text in page.paragraphs for line in wrap(INDENT + text)]
    lines += ["", *(f"{INDENT * 6}{line}" for line in page.ending)] if page.ending else []
    for start in range(0, len(lines), LINES_ON_PAGE):
        canvas.setFont("STSong-Light", 16)
        for row, line in enumerate(lines[start : start + LINES_ON_PAGE]):
            text = line.lstrip("　")
            canvas.drawString(72 + 16 * (len(line) - len(text)), 750 - 29 * row, text)
        canvas.setFont("STSong-Light", 14)
        canvas.drawCentredString(297, 60, number.format(start // LINES_ON_PAGE + 1))
        canvas.showPage()
    canvas.save()
    return out.getvalue()
