"""What a file is that no reader takes, by its first bytes; and what to do with it."""

import re
from collections.abc import Iterable

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.system.files import SQLITE

OLD = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".xls": ".xlsx",
    ".et": ".xlsx",
    ".ofd": ".pdf",
    ".rtf": ".docx",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = b"PK\x03\x04"
BEGINNING = 4000  # bytes
# A workbook or a document of 2003 as one XML file, and a page with its pictures in one file.
OLD_TEXT = re.compile(
    rb"(?is)\W*(?:mime-version:|<\?xml(?!.{0,400}<html).*?(?:urn:schemas-microsoft-com:office:spreadsheet"
    rb"|schemas\.microsoft\.com/office/word/2003|schemas\.microsoft\.com/office/2006/xmlpackage))"
)
LOCKED = "EncryptedPackage".encode("utf-16-le")
PICTURES = {
    b"\x89PNG\r\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"II*\0": "TIFF", b"MM\0*": "TIFF",
}  # fmt: skip
ARCHIVES = {
    b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b\x08": "gzip", b"\xfd7zXZ\0": "xz",
    b"PK\x05\x06": "ZIP",
}  # fmt: skip
PROGRAMS = (b"\x7fELF", b"MZ\x90\0", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
STRANGE = 32  # characters that no text has, and
SHARE = 20  # one of so many: what has more of them is no text


def refuse(data: bytes, name: str, suffix: str) -> None:
    """Refuse *data*, the bytes of the file *name*, where they are known to be no document."""
    if data.startswith(SQLITE):
        raise BadPlan(
            _("{file}: this is a database, not a document").format(file=name),
            hint=_("its plans are asked with --plan {file}").format(file=name),
        )
    if is_locked(data):
        raise BadPlan(
            _("{file}: it is locked with a password").format(file=name),
            hint=_("open it in WPS or Office and save it without a password"),
        )
    if data.startswith((OLE, b"{\\rtf")) or OLD_TEXT.match(data[:BEGINNING]):
        raise old(name, OLD.get(suffix, ".docx / .xlsx"))
    if kind := _begins(data, PICTURES):
        raise BadPlan(
            _("{file}: this is a picture ({kind})").format(file=name, kind=kind),
            hint=_("recognise its text first (OCR), and import that"),
        )
    if kind := _begins(data, ARCHIVES):
        raise archive(name, kind)
    if data.startswith(PROGRAMS):
        raise _no_text(name)


def is_locked(data: bytes) -> bool:
    """Whether *data* are those of an Office file that is locked with a password."""
    return data.startswith(OLE) and LOCKED in data


def is_picture(data: bytes) -> bool:
    """Whether *data* are a picture, or pages that are drawn (PDF)."""
    return bool(_begins(data, PICTURES)) or data.startswith(b"%PDF-")


def is_archive(data: bytes) -> bool:
    """Whether *data* are an archive of files; an Office file is one, too."""
    return data.startswith(PACKED) or bool(_begins(data, ARCHIVES))


def old(name: str, suffix: str) -> BadPlan:
    """Return the error for a format that no reader takes, to be saved as *suffix*."""
    return BadPlan(
        _("{file}: this old format cannot be read").format(file=name),
        hint=_("open it in WPS or Office and save it as {suffix}").format(suffix=suffix),
    )


def archive(name: str, kind: str) -> BadPlan:
    """Return the error for an archive of files, which may be documents."""
    said = _("{file}: this is an archive ({kind})").format(file=name, kind=kind)
    return BadPlan(said, hint=_("unpack it, and import what is in it"))


def text(decoded: str, strange: Iterable[object], name: str) -> None:
    """Refuse what was *decoded* from the file *name* where much in it is *strange* to a text."""
    count = sum(1 for _each in strange)
    if count >= STRANGE and count * SHARE > len(decoded):
        raise _no_text(name)


def packed(names: Iterable[str], name: str) -> str:
    """Return the format of the packed file *name*, by the *names* of its parts.

    Errors: BadPlan where no reader takes it.
    """
    parts = set(names)
    for folder, format in (("word/", "docx"), ("xl/", "xlsx")):
        if any(each.startswith(folder) and each.endswith(".xml") for each in parts):
            return format
    if "xl/workbook.bin" in parts:
        raise old(name, ".xlsx")
    if "ofd.xml" in parts:
        raise old(name, ".pdf")
    if {"mimetype", "content.xml"} <= parts or "ppt/presentation.xml" in parts:
        raise old(name, ".docx / .xlsx")
    raise archive(name, "ZIP")


def _begins(data: bytes, kinds: dict[bytes, str]) -> str:
    return next((kind for mark, kind in kinds.items() if data.startswith(mark)), "")


def _no_text(name: str) -> BadPlan:
    return BadPlan(
        _("{file}: this is no document, and no text").format(file=name),
        hint=_("give the document itself: txt, html, docx, pdf, xlsx, csv, md or json"),
    )
