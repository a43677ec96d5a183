"""Detect unsupported files by their first bytes, and raise errors that say what to do."""

import re
from collections.abc import Iterable

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.system.files import SQLITE_HEADER

OLD_FORMATS = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".xls": ".xlsx",
    ".et": ".xlsx",
    ".ofd": ".pdf",
    ".rtf": ".docx",
}
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"
HEAD_BYTES = 4000  # bytes
# Excel and Word 2003 XML, flat OPC packages, and MHTML.
OLD_XML = re.compile(
    rb"(?is)\W*(?:mime-version:|<\?xml(?!.{0,400}<html).*?(?:urn:schemas-microsoft-com:office:spreadsheet"
    rb"|schemas\.microsoft\.com/office/word/2003|schemas\.microsoft\.com/office/2006/xmlpackage))"
)
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
PLAN_FILE = re.compile(rb"(?m)^lists:")
IMAGE_SIGNATURES = {
    b"\x89PNG\r\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"II*\0": "TIFF", b"MM\0*": "TIFF",
}  # fmt: skip
ARCHIVE_SIGNATURES = {
    b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b\x08": "gzip", b"\xfd7zXZ\0": "xz",
    b"PK\x05\x06": "ZIP",
}  # fmt: skip
PROGRAM_SIGNATURES = (b"\x7fELF", b"MZ\x90\0", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
# A file with at least this many non-text characters, and more than one in BINARY_SHARE, is binary.
MIN_BINARY_CHARS = 32
BINARY_SHARE = 20


def reject_unsupported(data: bytes, name: str, suffix: str) -> None:
    """Raise BadPlan if *data*, the bytes of the file *name*, is in an unsupported format."""
    if data.startswith(SQLITE_HEADER):
        raise BadPlan(
            _("{file}: this is a database, not a document").format(file=name),
            hint=_("query its plans with --plan {file}").format(file=name),
        )
    if suffix in (".yaml", ".yml") and PLAN_FILE.search(data):
        raise BadPlan(
            _("{file}: this is a plan file, not a document").format(file=name),
            hint=_("query its plans with --plan {file}").format(file=name),
        )
    if is_locked(data):
        raise BadPlan(
            _("{file}: it is locked with a password").format(file=name),
            hint=_("open it in WPS or Office and save it without a password"),
        )
    if data.startswith((OLE_SIGNATURE, b"{\\rtf")) or OLD_XML.match(data[:HEAD_BYTES]):
        raise make_old_format_error(name, OLD_FORMATS.get(suffix, ".docx / .xlsx"))
    if kind := _match_signature(data, IMAGE_SIGNATURES):
        raise BadPlan(
            _("{file}: this is a picture ({kind})").format(file=name, kind=kind),
            hint=_("recognise its text first (OCR), and import that"),
        )
    if kind := _match_signature(data, ARCHIVE_SIGNATURES):
        raise make_archive_error(name, kind)
    if data.startswith(PROGRAM_SIGNATURES):
        raise _make_binary_error(name)


def is_locked(data: bytes) -> bool:
    """Return whether *data* is an Office file with a password."""
    return data.startswith(OLE_SIGNATURE) and ENCRYPTED_MARK in data


def is_picture(data: bytes) -> bool:
    """Return whether *data* is a picture or a PDF."""
    return bool(_match_signature(data, IMAGE_SIGNATURES)) or data.startswith(b"%PDF-")


def is_archive(data: bytes) -> bool:
    """Return whether *data* is an archive; Office files are archives too."""
    return data.startswith(ZIP_SIGNATURE) or bool(_match_signature(data, ARCHIVE_SIGNATURES))


def make_old_format_error(name: str, suffix: str) -> BadPlan:
    """Return the error for an old format that should be saved as *suffix*."""
    return BadPlan(
        _("{file}: this old format cannot be read").format(file=name),
        hint=_("open it in WPS or Office and save it as {suffix}").format(suffix=suffix),
    )


def make_archive_error(name: str, kind: str) -> BadPlan:
    """Return the error for an archive."""
    message = _("{file}: this is an archive ({kind})").format(file=name, kind=kind)
    return BadPlan(message, hint=_("unpack it, and import what is in it"))


def reject_binary(decoded: str, strange: Iterable[object], name: str) -> None:
    """Raise BadPlan if the text *decoded* from the file *name* has too many *strange* characters."""
    count = sum(1 for _each in strange)
    if count >= MIN_BINARY_CHARS and count * BINARY_SHARE > len(decoded):
        raise _make_binary_error(name)


def detect_zip_format(names: Iterable[str], name: str) -> str:
    """Return the format of the zip file *name*, by the *names* of its parts.

    Errors: BadPlan if it is not supported.
    """
    parts = set(names)
    for folder, format in (("word/", "docx"), ("xl/", "xlsx")):
        if any(each.startswith(folder) and each.endswith(".xml") for each in parts):
            return format
    if "xl/workbook.bin" in parts:
        raise make_old_format_error(name, ".xlsx")
    if "ofd.xml" in parts:
        raise make_old_format_error(name, ".pdf")
    if {"mimetype", "content.xml"} <= parts or "ppt/presentation.xml" in parts:
        raise make_old_format_error(name, ".docx / .xlsx")
    raise make_archive_error(name, "ZIP")


def _match_signature(data: bytes, kinds: dict[bytes, str]) -> str:
    return next((kind for mark, kind in kinds.items() if data.startswith(mark)), "")


def _make_binary_error(name: str) -> BadPlan:
    return BadPlan(
        _("{file}: not a document, and not text").format(file=name),
        hint=_("give the document itself: txt, html, docx, pdf, xlsx, csv, md or json"),
    )
