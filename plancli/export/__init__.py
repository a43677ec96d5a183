"""``Document`` -> a file, one function a format; the names below are the choices of ``--format``.

To add a format, write a function ``(Document, file)`` of its name in a module of this package and
name it here.
"""

from collections.abc import Callable
from importlib import import_module
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from plancli.document import Document
from plancli.errors import BadUsage, PlanError, needing
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
    "svg": (".svg",),
    "png": (".png",),
    "graphml": (".graphml",),
    "gexf": (".gexf",),
    "dot": (".dot", ".gv"),
}
GRAPHS = frozenset({"graphml", "gexf", "dot"})  # of a network
DRAWN = GRAPHS | {"svg", "png"}  # where there is a picture
PLAIN = tuple(format for format in FORMATS if format not in DRAWN)
TABLES = frozenset({"xlsx", "docx", "html", "datapackage"})  # hold all tables of a document
WHOLE = TABLES | DRAWN | {"stratml", "md"}  # made of more of a document than its first table
BINARY = frozenset({"xlsx", "docx", "datapackage", "png"})  # cannot be shown on a terminal
MODULES = {
    **dict.fromkeys(("csv", "tsv"), "delimited"),
    **dict.fromkeys(("json", "ndjson", "yaml"), "structured"),
    "md": "markdown",
    **dict.fromkeys(DRAWN, "drawn"),
}  # where a format is written, if not in a module of its name
MARKED = frozenset({"csv", "tsv"})  # spreadsheets read these as UTF-8 only behind a mark
MARK = b"\xef\xbb\xbf"


def write(document: Document, format: str, out: BinaryIO, *, bom: bool = False) -> None:
    """Write *document* to *out* in *format*; with *bom*, csv and tsv begin with a byte-order mark.

    Text is UTF-8.  Rows are written as they are asked for: a long answer is never all held.
    """
    if bom and format in MARKED:
        out.write(MARK)
    said = _("to write {format}, {package} is needed").replace("{format}", format)
    with needing("pictures" if _pictured(document, format) else "office", said):
        _exporter(format)(document, out)


def _pictured(document: Document, format: str) -> bool:
    """Whether a picture is drawn: as the format has it, or above the table of a page."""
    if format != "html" or document.picture is None:
        return format in DRAWN
    from plancli.picture import Map, Network

    return isinstance(document.picture, Network | Map)


def refuse_undrawn(document: Document, format: str) -> None:
    """Refuse to draw an answer that has no picture, or one with nothing in it."""
    if format not in DRAWN:
        return
    from plancli.picture import Network  # only where a picture is asked for

    if document.picture is None or (format in GRAPHS and not isinstance(document.picture, Network)):
        graph = format in GRAPHS
        raise BadUsage(
            _("{format} is a format of pictures, and this answer has none").format(format=format),
            hint=_("“plancli network” draws a graph")
            if graph
            else _("these draw pictures: matrix, network, map and stats"),
        )
    if not document.picture:
        raise PlanError(_("there is nothing to draw"), hint=_("widen the filters"))


def _exporter(format: str) -> Exporter:
    module = import_module(f"plancli.export.{MODULES.get(format, format)}")  # only what is needed
    exporter: Exporter = getattr(module, format)
    return exporter


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
