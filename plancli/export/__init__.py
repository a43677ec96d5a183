"""``Document`` -> a file, one function a format; the names below are the choices of ``--format``.

To add a format, write a function ``(Document, file)`` in a module of this package and name it
here.
"""

from collections.abc import Callable
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from plancli.document import Document
from plancli.errors import BadUsage, needing
from plancli.lang import _

Exporter = Callable[[Document, BinaryIO], None]

# format -> the suffixes of its files
FORMATS: dict[str, tuple[str, ...]] = {
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "json": (".json",),
    "ndjson": (".ndjson", ".jsonl"),
    "yaml": (".yaml", ".yml"),
    "md": (".md", ".markdown"),
    "xlsx": (".xlsx",),
    "docx": (".docx",),
    "html": (".html", ".htm"),
    "stratml": (".stratml", ".xml"),
    "datapackage": (".zip", ".datapackage"),
}
TABLES = frozenset({"xlsx", "docx", "html", "datapackage"})  # hold all tables of a document
WHOLE = TABLES | {"stratml"}  # hold more of a document than its first table
BINARY = frozenset({"xlsx", "docx", "datapackage"})  # cannot be shown on a terminal
MARKED = frozenset({"csv", "tsv"})  # spreadsheets read these as UTF-8 only behind a mark
MARK = b"\xef\xbb\xbf"


def write(document: Document, format: str, out: BinaryIO, *, bom: bool = False) -> None:
    """Write *document* to *out* in *format*; with *bom*, csv and tsv begin with a byte-order mark.

    Text is UTF-8.  Rows are written as they are asked for: a long answer is never all held.
    """
    exporter = (_documents() if format in WHOLE else _texts())[format]
    if bom and format in MARKED:
        out.write(MARK)
    said = _("to write {format}, {package} is needed").replace("{format}", format)
    with needing("office", said):
        exporter(document, out)


def _texts() -> dict[str, Exporter]:
    from plancli.export import delimited, markdown, structured  # only where they are written

    return {
        "csv": delimited.csv,
        "tsv": delimited.tsv,
        "json": structured.json,
        "ndjson": structured.ndjson,
        "yaml": structured.yaml,
        "md": markdown.md,
    }


def _documents() -> dict[str, Exporter]:
    from plancli.export import datapackage, docx, html, stratml, xlsx  # only where they are written

    return {
        "xlsx": xlsx.xlsx,
        "docx": docx.docx,
        "html": html.html,
        "stratml": stratml.stratml,
        "datapackage": datapackage.datapackage,
    }


def by_suffix(file: PurePath) -> str:
    """Return the format that *file*'s suffix stands for; ``.txt`` is the table."""
    suffix = file.suffix.lower()
    if suffix == ".txt":
        return "table"
    for format, suffixes in FORMATS.items():
        if suffix in suffixes:
            return format
    said = _("no format writes {suffix} files") if suffix else _("{file} has no suffix")
    raise BadUsage(
        said.format(suffix=suffix, file=file),
        hint=_("name the file {suffixes}, or say --format").format(
            suffixes=" ".join(chain(*FORMATS.values()))
        ),
    )
