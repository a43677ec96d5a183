"""Read the bytes of a document as a ``SourceText``: detect its format and its encoding."""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from plancli.errors import BadPlan, PlanError, require_extra
from plancli.i18n import _
from plancli.importing.readers import file_type, limits, page
from plancli.importing.readers.office_package import DamagedFile, OfficePackage
from plancli.importing.readers.page import SourceText

FORMAT_BY_SUFFIX = {
    ".txt": "text", ".text": "text", ".htm": "html", ".html": "html", ".xhtml": "html", ".shtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".tsv": "csv", ".json": "json",
    ".docx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".pdf": "pdf",
}  # fmt: skip
TEXT_FORMATS = frozenset({"text", "html", "markdown", "csv", "json"})
HEAD_LENGTH = 4000  # characters from which text and binary data are distinguished
UNREADABLE_CHAR = re.compile(f"\ufffd|{page.NON_TEXT.pattern}")
WORKBOOK_SUFFIXES = frozenset({".xls", ".xlsx", ".xlsm", ".et"})
HTML_START = re.compile(
    r"[^\w<]*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype html|html)\b", re.I | re.S
)
HTML_FRAGMENT = re.compile(r"\s*+<(?:head|meta|style|body|div|table|p)\b", re.IGNORECASE)
JSON_START = re.compile(r'\s*+\[[{\s"\[]')
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_source_text(data: bytes, name: str) -> SourceText:
    """Return the source text in *data*, the bytes of the file *name*.

    Errors: BadPlan if they are not in the format of the name; MissingPackage if the format needs a
        package that is not installed.
    """
    format = PurePath(name).suffix.lower().strip(".") or "text"
    try:
        format = _detect_format(data, name)
        message = _("to read {file}, {package} is needed").replace("{file}", name)
        with require_extra("import", message), suppress_library_output():
            read = READERS[format](data)
        read.lost_count = read.text.count("\ufffd")
        if format in TEXT_FORMATS:
            head = read.text[:HEAD_LENGTH]
            file_type.reject_binary(head, UNREADABLE_CHAR.finditer(head), name)
        return read
    except (PlanError, MemoryError):
        raise
    except DamagedFile as error:
        raise _make_unreadable_error(name, format, str(error)) from None
    except Exception as error:  # libraries raise any exception for damaged files
        raise _make_unreadable_error(name, format, str(error).split("\n")[0]) from error


def _make_unreadable_error(name: str, format: str, why: str) -> BadPlan:
    return BadPlan(
        _("{file}: cannot be read as {format}: {why}").format(
            file=name, format=format, why=why or _("it is damaged or incomplete")
        ),
        hint=_("open it and save it again, or save its text as .txt"),
    )


@contextmanager
def suppress_library_output() -> Iterator[None]:
    """Suppress the warnings and log messages of libraries about the files that they read."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def is_document_name(name: str) -> bool:
    """Return whether *name* has the suffix of a document, readable or in an old format."""
    return PurePath(name).suffix.lower() in FORMAT_BY_SUFFIX | file_type.OLD_FORMATS


def decode_text(data: bytes) -> str:
    """Return *data* as text; invalid bytes become U+FFFD.

    The encoding is that of the byte order mark; without one UTF-8 if valid, else GB18030.
    """
    limits.check_text_size(len(data))
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        candidates = [data.decode(encoding, "replace") for encoding in ("gb18030", "utf-8")]
        return min(candidates, key=lambda each: each.count("\ufffd"))


def _detect_format(data: bytes, name: str) -> str:
    """Return the format of *data*, by its first bytes, else by the file's suffix."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(file_type.ZIP_SIGNATURE):
        return file_type.detect_zip_format(OfficePackage(data).part_names, name)
    file_type.reject_unsupported(data, name, suffix)
    own = FORMAT_BY_SUFFIX.get(suffix, "")
    head = _read_head(data)
    if HTML_START.match(head) and own != "markdown":
        return "html"
    # The signatures of these formats were checked above: this must be a text with a wrong suffix.
    if suffix in file_type.OLD_FORMATS or own in ("docx", "xlsx", "pdf"):
        format = _detect_text_format(head, suffix) or own
        if not format:
            raise file_type.make_old_format_error(name, file_type.OLD_FORMATS[suffix])
        return format
    if own:
        return own
    if HTML_FRAGMENT.match(head):
        return "html"
    return "json" if JSON_START.match(head) else "text"


def _read_head(data: bytes) -> str:
    """Return the first complete lines of *data* as text."""
    end = data.rfind(b"\n", 0, HEAD_LENGTH) + 1 if len(data) > HEAD_LENGTH else 0
    return decode_text(data[: end or HEAD_LENGTH]).rstrip("\ufffd")


def _detect_text_format(head: str, suffix: str) -> str:
    """Return the format of a text file with the suffix of an office file, else ''."""
    lines = [line for line in head.splitlines() if line.strip()]
    if UNREADABLE_CHAR.search(head) or len(lines) < 2:
        return ""
    if HTML_FRAGMENT.match(head):
        return "html"
    if suffix not in WORKBOOK_SUFFIXES:
        return "text"
    return "csv" if any(all(mark in line for line in lines[:5]) for mark in ",\t;") else ""


def _read_text(data: bytes) -> SourceText:
    from plancli.importing.readers import plain_text

    return plain_text.read_text(decode_text(data))


def _read_html(data: bytes) -> SourceText:
    from plancli.importing.readers import html  # lxml is slow to import, and optional

    return html.read_html(decode_text(data))


def _read_markdown(data: bytes) -> SourceText:
    from plancli.importing.readers import markdown

    return markdown.read_markdown(decode_text(data))


def _read_csv(data: bytes) -> SourceText:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.read_csv(decode_text(data))


def _read_json(data: bytes) -> SourceText:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.read_json(decode_text(data))


def _read_xlsx(data: bytes) -> SourceText:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.read_xlsx(data)


def _read_docx(data: bytes) -> SourceText:
    from plancli.importing.readers import docx

    return docx.read_docx(data)


def _read_pdf(data: bytes) -> SourceText:
    from plancli.importing.readers import pdf

    return pdf.read_pdf(data)


READERS: dict[str, Callable[[bytes], SourceText]] = {
    "text": _read_text,
    "html": _read_html,
    "markdown": _read_markdown,
    "csv": _read_csv,
    "json": _read_json,
    "xlsx": _read_xlsx,
    "docx": _read_docx,
    "pdf": _read_pdf,
}
