"""Small files that would become very large or never end, each with what must come of it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from plancli.errors import ExitCode

DOCUMENTS = Path(__file__).parents[1] / "documents"
DOCX, XLSX = DOCUMENTS / "12-pingjiang-autonum.docx", DOCUMENTS / "11-hefei-shuzizhengfu.xlsx"
MB = 1 << 20
SECRET = "a secret of this machine"
LAUGHS = "".join(
    ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))]
)
QUADRATIC = f'<!ENTITY a "{"ha" * 50_000}">'
HEAD = "序号,工作任务,责任单位"


class Bomb(NamedTuple):
    """What is given to ``import``, or as a plan; what it answers and, if it refuses, says."""

    suffix: str
    made: Callable[[], bytes]
    code: ExitCode = ExitCode.BAD_PLAN
    says: str = "cannot be read as"


def zeros(name: str, size: int, said: int | None = None) -> bytes:
    """Return a packed file of one part *name*: *size* zero bytes, or *said* by its own word."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    unit = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = unit * (size // MB) + packer.flush()
    said = size if said is None else said
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), said, len(name), 0)
    local = b"PK\3\4" + fields + name.encode()
    central = b"PK\1\2" + b"\x14\0" + fields + bytes(14) + name.encode()
    at = len(local) + len(packed)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), at, 0)
    return local + packed + central + end


def parts(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for n in range(count):
            packed.writestr(f"xl/worksheets/sheet{n}.xml", "")
    return out.getvalue()


def changed(file: Path, part: str, *changes: tuple[str, str]) -> bytes:
    """Return the office *file* with (old, new) *changes* in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for each in before.namelist():
            data = before.read(each)
            for old, new in changes if each == part else ():
                assert old.encode() in data, old
                data = data.replace(old.encode(), new.encode(), 1)
            after.writestr(each, data)
    return out.getvalue()


def words(new: str) -> bytes:
    """Return a Word file with *new* behind its words."""
    return changed(DOCX, "word/document.xml", ("<w:sectPr", f"{new}<w:sectPr"))


def declaring(file: Path, part: str, root: str, declared: str, old: str, said: str) -> bytes:
    """Return *file* with names *declared* in one of its parts, and *said* for *old* there."""
    return changed(
        file,
        part,
        (f"<{root}", f"<!DOCTYPE x [{declared}]><{root}"),
        *([(old, said)] if old else []),
    )


def document(declared: str, said: str) -> bytes:
    told = f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p><w:sectPr"
    return declaring(DOCX, "word/document.xml", "w:document", declared, "<w:sectPr", told)


def sheet(old: str, new: str) -> bytes:
    return changed(XLSX, "xl/worksheets/sheet1.xml", (old, new))


def pdf(*objects: bytes) -> bytes:
    """Return a PDF file of *objects*, the first of them its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for n, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    count = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (count, table, count, len(out))
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << %s >> >>"
)


def pages(kids: bytes, count: int = 1) -> bytes:
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)


def forms(count: int) -> bytes:
    """Return a PDF whose page shows a form that shows two forms that each show two …"""
    named = b"/XObject << /F %d 0 R >>"
    kind = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >>"
    each = [
        stream(b"/F Do /F Do", kind % (named % (6 + n) if n < count - 1 else b""))
        for n in range(count)
    ]
    return pdf(CATALOG, pages(b"3 0 R"), PAGE % (named % 5), stream(b"/F Do"), *each)


def unfolding(size: int) -> bytes:
    packed = zlib.compress(zlib.compress(b"0 0 m " * (size // 6), 9), 9)
    twice = b"/Filter [/FlateDecode /FlateDecode]"
    return pdf(CATALOG, pages(b"3 0 R"), PAGE % b"", stream(packed, twice))


def nested(before: str, after: str, count: int, inside: str = "甲") -> str:
    return before * count + inside + after * count


LONG = ("<row>" + f'<c t="inlineStr"><is><t>{"甲" * 32_000}</t></is></c>' * 50 + "</row>") * 30


def numbered() -> bytes:
    """Return a Word file whose list counts with very long words in front of the number."""
    value = 'w:lvlText w:val="'
    return changed(DOCX, "word/numbering.xml", (value, value + "第" * MB))


TABLE = ("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>")
CELL = "<table>" + "<tr><td rowspan=1000 colspan=1000>牵头单位<td>工作任务" * 1000
ALIASES = "\n".join(
    ["id: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
)


def bombs(secret: Path, line: int = 64 * MB, part: int = 700 * MB) -> dict[str, Bomb]:
    """Return every bomb: *line* bytes where it is a line, *part* where it is a packed part.

    *secret* is a file that no document has any business to read.
    """
    outside = f'<!ENTITY e SYSTEM "{secret.as_uri()}">'
    html = f"<!DOCTYPE x [{outside}]><p>&e;</p>"
    unfolds, declares = "it is too large when unpacked", "it declares XML entities"
    covers, long = "its cells cover more than", "is larger than"
    many, deep = "it has more than", "nested too deeply"
    return {
        "Word, a part of zeros": Bomb("docx", partial(zeros, "word/document.xml", part), says=unfolds),
        "Excel, a part of zeros": Bomb("xlsx", partial(zeros, "xl/workbook.xml", part), says=unfolds),
        "Word, zeros that are said to be few": Bomb("docx", partial(zeros, "word/document.xml", part, 9)),
        "Excel, 20,000 parts": Bomb("xlsx", partial(parts, 20_000), says="it has more than 10,000 parts"),
        "Word, packed once more": Bomb("docx", partial(changed, DOCX, "word/document.xml", ("<", "PK\3\4"))),
        "Word, a billion laughs": Bomb("docx", partial(document, LAUGHS, "&a9;"), says=declares),
        "Word, quadratic laughs": Bomb("docx", partial(document, QUADRATIC, "&a;" * 50_000), says=declares),
        "Word, a file of the machine": Bomb("docx", partial(document, outside, "&e;"), says=declares),
        "Excel, a billion laughs": Bomb("xlsx", partial(declaring, XLSX, "xl/workbook.xml", "workbook", LAUGHS, "", ""), says=declares),
        "Word, tables within each other": Bomb("docx", partial(words, nested(*TABLE, 5_000)), says=deep),
        "Word, 60 tables within each other": Bomb("docx", partial(words, nested(*TABLE, 60)), ExitCode.DONE),
        "Word, a cell ten million columns wide": Bomb("docx", partial(words, '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="9999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'), ExitCode.DONE),
        "Word, five million paragraphs": Bomb("docx", lambda: words("<w:p/>" * 5_000_000), says=many),
        "Excel, said to be as large as can be": Bomb("xlsx", partial(sheet, "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'), ExitCode.DONE),
        "Excel, one cell at the far end": Bomb("xlsx", partial(sheet, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), ExitCode.DONE),
        "Excel, all cells merged": Bomb("xlsx", partial(sheet, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), ExitCode.DONE),
        "Excel, all cells a link": Bomb("xlsx", partial(sheet, "</sheetData>", '</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="a"/></hyperlinks>'), ExitCode.DONE),
        "Excel, elements within each other": Bomb("xlsx", partial(sheet, "<sheetData>", f"<sheetData>{nested('<a>', '</a>', 500_000)}"), says=deep),
        "HTML, within each other": Bomb("html", lambda: nested("<div>", "</div>", 200_000).encode(), says=deep),
        "HTML, cells of a thousand by a thousand": Bomb("html", CELL.encode, says=covers),
        "HTML, eight million elements": Bomb("html", lambda: b"<b>1</b>" * 4_000_000, says=many),
        "HTML, a file of the machine": Bomb("html", html.encode, ExitCode.DONE),
        "HTML, a long cell over a thousand rows": Bomb("html", lambda: f"<table><tr><th>工作任务<th>责任单位<tr><td>甲<td rowspan=1000>{'局' * MB}{'<tr><td>乙' * 1000}</table>".encode(), says=long),
        "Excel, a long text in very many cells": Bomb("xlsx", partial(sheet, "</sheetData>", f'{LONG}</sheetData>'), says=long),
        "Word, a long number before each paragraph": Bomb("docx", numbered, ExitCode.DONE),
        "csv, 200,000 columns and 5,000 rows": Bomb("csv", lambda: (HEAD + ",甲" * 200_000 + "\n1,2" * 5_000).encode(), ExitCode.DONE),
        "csv, a cell that never ends": Bomb("csv", lambda: f'{HEAD}\n1,"'.encode() + b"x" * (4 * MB), ExitCode.DONE),
        "csv, two million cells": Bomb("csv", lambda: b"1,2\n" * MB, says=many),
        "JSON, within each other": Bomb("json", lambda: b"[" * MB, says=deep),
        "text, a line": Bomb("txt", lambda: b"a" * line, says=long),
        "text, two million lines": Bomb("txt", lambda: b"a\n" * (2 * MB), says=many),
        "text, a million brackets": Bomb("txt", lambda: "一、甲（".encode() + "（".encode() * MB, ExitCode.DONE),
        "Markdown, marks": Bomb("md", lambda: b"**" * MB + b"\n" + b"[" * MB, ExitCode.DONE),
        "PDF, pages that hold themselves": Bomb("pdf", partial(pdf, CATALOG, pages(b"2 0 R 2 0 R")), says="it is a scan"),
        "PDF, a billion pages by its own word": Bomb("pdf", partial(pdf, CATALOG, pages(b"3 0 R", 10**9), PAGE % b"", stream(b"")), says="it is a scan"),
        "PDF, one page a hundred thousand times": Bomb("pdf", partial(pdf, CATALOG, pages(b"3 0 R " * 100_000), PAGE % b"", stream(b"")), says="it is a scan"),
        "PDF, a packed page": Bomb("pdf", partial(unfolding, 64 * MB), says=long),
        "PDF, forms of forms": Bomb("pdf", partial(forms, 40), says=long),
        "PDF, a form of itself": Bomb("pdf", lambda: forms(3).replace(b"/F 7 0 R", b"/F 6 0 R"), says="it is a scan"),
        "plan, aliases": Bomb("yaml", ALIASES.encode, says="anchors and aliases are not allowed"),
        "plan, within each other": Bomb("yaml", lambda: b"[" * MB, says="nested too deeply"),
        "plan, keys within each other": Bomb("yaml", lambda: b"{a: " * 100_000, says=""),
        "plan, a line": Bomb("yaml", lambda: b"a: " + b"x" * line, says=".yaml"),
    }  # fmt: skip
