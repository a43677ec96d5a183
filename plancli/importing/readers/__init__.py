"""Bytes -> ``Page``: which format they are in, and in which encoding."""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from plancli.errors import BadPlan, PlanError, needing
from plancli.i18n import _
from plancli.importing.readers import file_type, limits, page
from plancli.importing.readers.office_package import Damaged, Package
from plancli.importing.readers.page import Page

SUFFIXES = {
    ".txt": "text", ".text": "text", ".htm": "html", ".html": "html", ".xhtml": "html", ".shtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".tsv": "csv", ".json": "json",
    ".docx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".pdf": "pdf",
}  # fmt: skip
TEXTS = frozenset({"text", "html", "markdown", "csv", "json"})
HEAD = 4000  # characters, by which a text is told from what is none
STRANGE = re.compile(f"\ufffd|{page.NO_TEXT.pattern}")
WORKBOOKS = frozenset({".xls", ".xlsx", ".xlsm", ".et"})
HTML = re.compile(
    r"[^\w<]*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype html|html)\b", re.I | re.S
)
PIECE = re.compile(r"\s*+<(?:head|meta|style|body|div|table|p)\b", re.IGNORECASE)  # of a page
JSON = re.compile(r'\s*+\[[{\s"\[]')
PIPES = re.compile(r"^[ \t]*+(?:\|[ \t]*+)?:?-{3,}+:?[ \t]*+\|", re.MULTILINE)
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(data: bytes, name: str) -> Page:
    """Return the page that *data*, the bytes of the file *name*, hold.

    Errors: BadPlan where they are not what the name says; MissingPackage where a format needs
        one that is not installed.
    """
    format = PurePath(name).suffix.lower().strip(".") or "text"
    try:
        format = _format(data, name)
        said = _("to read {file}, {package} is needed").replace("{file}", name)
        with needing("import", said), quiet():
            read = READERS[format](data)
        read.lost = read.text.count("\ufffd")
        if format in TEXTS:
            head = read.text[:HEAD]
            file_type.text(head, STRANGE.finditer(head), name)
        return read
    except (PlanError, MemoryError):
        raise
    except Damaged as error:
        raise _unreadable(name, format, str(error)) from None
    except Exception as error:  # libraries raise what they like on files that are not theirs
        raise _unreadable(name, format, str(error).split("\n")[0]) from error


def _unreadable(name: str, format: str, why: str) -> BadPlan:
    return BadPlan(
        _("{file}: cannot be read as {format}: {why}").format(
            file=name, format=format, why=why or _("it is damaged, or only a part of it arrived")
        ),
        hint=_("open it and save it again, or save its text as .txt"),
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries quiet, which are free with advice about the files that they read."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def takes(name: str) -> bool:
    """Whether *name* is that of a document: one to be read, or one to be told to save anew."""
    return PurePath(name).suffix.lower() in SUFFIXES | file_type.OLD


def decoded(data: bytes) -> str:
    """Return *data* as text; bytes that are none become U+FFFD.

    By its mark; without one UTF-8 if it is, else GB18030, in which offices wrote before.
    """
    limits.text(len(data))
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        candidates = [data.decode(encoding, "replace") for encoding in ("gb18030", "utf-8")]
        return min(candidates, key=lambda each: each.count("\ufffd"))


def _format(data: bytes, name: str) -> str:
    """Return the format of *data*, by what they begin with, else by the file's suffix."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(file_type.PACKED):
        return file_type.packed(Package(data).names, name)
    file_type.refuse(data, name, suffix)
    own = SUFFIXES.get(suffix, "")
    head = _beginning(data)
    if HTML.match(head) and own != "markdown":
        return "html"
    if suffix in file_type.OLD or own in (
        "docx",
        "xlsx",
        "pdf",
    ):  # no such file begins as this does
        format = _text_format(head, suffix) or own
        if not format:
            raise file_type.old(name, file_type.OLD[suffix])
        return format
    if own:
        return own
    if PIECE.match(head):
        return "html"
    return "json" if JSON.match(head) else "text"


def _beginning(data: bytes) -> str:
    """Return the first lines of *data* as text, none of them cut."""
    end = data.rfind(b"\n", 0, HEAD) + 1 if len(data) > HEAD else 0
    return decoded(data[: end or HEAD]).rstrip("\ufffd")


def _text_format(head: str, suffix: str) -> str:
    """Return the format of a text under the name of an office file; else nothing."""
    lines = [line for line in head.splitlines() if line.strip()]
    if STRANGE.search(head) or len(lines) < 2:
        return ""
    if PIECE.match(head):
        return "html"
    if suffix not in WORKBOOKS:
        return "text"
    return "csv" if any(all(mark in line for line in lines[:5]) for mark in ",\t;") else ""


def _text(data: bytes) -> Page:
    text = decoded(data)
    if PIPES.search(text):  # a table in the manner of Markdown
        return _markdown(data)
    return page.of_text(text)


def _html(data: bytes) -> Page:
    from plancli.importing.readers import html  # lxml is heavy, and may not be installed

    return html.read(decoded(data))


def _markdown(data: bytes) -> Page:
    from plancli.importing.readers import markdown

    return markdown.read(decoded(data))


def _csv(data: bytes) -> Page:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.csv(decoded(data))


def _json(data: bytes) -> Page:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.json(decoded(data))


def _xlsx(data: bytes) -> Page:
    from plancli.importing.readers import spreadsheet

    return spreadsheet.xlsx(data)


def _docx(data: bytes) -> Page:
    from plancli.importing.readers import docx

    return docx.read(data)


def _pdf(data: bytes) -> Page:
    from plancli.importing.readers import pdf

    return pdf.read(data)


READERS: dict[str, Callable[[bytes], Page]] = {
    "text": _text,
    "html": _html,
    "markdown": _markdown,
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "docx": _docx,
    "pdf": _pdf,
}
