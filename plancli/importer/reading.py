"""Bytes -> ``Page``: which format they are in, and in which encoding."""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from plancli.errors import BadPlan, PlanError, needing
from plancli.importer import kinds, limits, page
from plancli.importer.page import Page
from plancli.lang import _

SUFFIXES = {
    ".txt": "text", ".text": "text", ".htm": "html", ".html": "html", ".xhtml": "html", ".shtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".tsv": "csv", ".json": "json",
    ".docx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".pdf": "pdf",
}  # fmt: skip
TEXTS = frozenset({"text", "html", "markdown", "csv", "json"})
HEAD = 4000  # characters, by which a text is told from what is none
STRANGE = re.compile(f"\ufffd|{page.NO_TEXT.pattern}")
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
            kinds.text(head, STRANGE.finditer(head), name)
        return read
    except (PlanError, MemoryError):
        raise
    except Exception as error:  # libraries raise what they like on files that are not theirs
        raise BadPlan(
            _("{file}: cannot be read as {format}: {why}").format(
                file=name, format=format, why=str(error).split("\n")[0] or type(error).__name__
            ),
            hint=_("open it and save it anew, or save its text as .txt"),
        ) from error


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
    return PurePath(name).suffix.lower() in SUFFIXES | kinds.OLD


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
    """Return the format of *data*, by what it begins with, else by the file's suffix."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, name)
    kinds.refuse(data, name, suffix)
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<table", b"<p>")
    ):
        return "html"
    return "json" if head.startswith((b"[{", b"[\n", b"[ ", b'["', b"[[")) else "text"


def _packed(data: bytes, name: str) -> str:
    names = limits.packed(data)
    for folder, format in (("word/", "docx"), ("xl/", "xlsx")):
        if any(each.startswith(folder) for each in names):
            return format
    raise kinds.archive(name, "ZIP")


def _text(data: bytes) -> Page:
    text = decoded(data)
    if PIPES.search(text):  # a table in the manner of Markdown
        return _markdown(data)
    return page.of_text(text)


def _html(data: bytes) -> Page:
    from plancli.importer import html  # lxml is heavy, and may not be installed

    return html.read(decoded(data))


def _markdown(data: bytes) -> Page:
    from plancli.importer import markdown

    return markdown.read(decoded(data))


def _csv(data: bytes) -> Page:
    from plancli.importer import sheets

    return sheets.csv(decoded(data))


def _json(data: bytes) -> Page:
    from plancli.importer import sheets

    return sheets.json(decoded(data))


def _xlsx(data: bytes) -> Page:
    from plancli.importer import sheets

    return sheets.xlsx(data)


def _docx(data: bytes) -> Page:
    from plancli.importer import word

    return word.read(data)


def _pdf(data: bytes) -> Page:
    from plancli.importer import pdf

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
