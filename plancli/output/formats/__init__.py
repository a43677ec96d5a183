"""Write a document in a file format; the keys of ``FORMATS`` are the choices of ``--format``.

To add a format, write a function ``write_FORMAT(document, out)`` in a module of this package and
add it to ``FORMATS``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from plancli.errors import BadUsage, PlanError, require_extra
from plancli.i18n import _
from plancli.results.document import Document

if TYPE_CHECKING:
    from plancli.system.atomic import AtomicDirectory

Exporter = Callable[[Document, BinaryIO], None]

# format -> file suffixes
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
    "parquet": (".parquet",),
    "svg": (".svg",),
    "png": (".png",),
    "graphml": (".graphml",),
}
GRAPH_FORMATS = frozenset({"graphml"})  # graphs of a network
CHART_FORMATS = GRAPH_FORMATS | {"svg", "png"}  # formats of charts
PLAIN_FORMATS = tuple(format for format in FORMATS if format not in CHART_FORMATS)
# Formats that hold all tables of a document.
MULTI_TABLE_FORMATS = frozenset({"xlsx", "docx", "html", "datapackage"})
# Formats that use more than the first table.
DOCUMENT_FORMATS = MULTI_TABLE_FORMATS | CHART_FORMATS | {"stratml", "md", "parquet"}
# Formats that no terminal can show.
BINARY_FORMATS = frozenset({"xlsx", "docx", "datapackage", "parquet", "png"})
# Modules of formats that are not named like their format.
MODULES_BY_FORMAT = {
    **dict.fromkeys(("csv", "tsv"), "delimited"),
    **dict.fromkeys(("json", "ndjson", "yaml"), "structured"),
    "md": "markdown",
    **dict.fromkeys(CHART_FORMATS, "images"),
}
# without a byte-order mark spreadsheets do not read these as UTF-8
BOM_FORMATS = frozenset({"csv", "tsv"})
BOM = b"\xef\xbb\xbf"


def write_document(document: Document, format: str, out: BinaryIO, *, bom: bool = False) -> None:
    """Write *document* to *out* in *format*; with *bom*, csv and tsv begin with a byte-order mark.

    Text is UTF-8. Rows are written as they are read: a long answer is never completely in memory.
    """
    if bom and format in BOM_FORMATS:
        out.write(BOM)
    with _require_packages(document, format):
        _load_exporter(format)(document, out)


def is_folder_output(file: Path, format: str) -> bool:
    """Whether *file*, to be written in *format*, is a folder of files."""
    return format == "parquet" and (file.is_dir() or not file.suffix)


def write_directory(document: Document, format: str, folder: "AtomicDirectory") -> None:
    """Write the tasks of *document* into *folder*, as files of *format*."""
    from plancli.output.formats import parquet

    if not parquet.has_tasks(document):
        raise BadUsage(
            _("only tasks are written as a folder of {format} files").format(format=format),
            hint=_("write it to a file: -o FILE.{format}").format(format=format),
        )
    with _require_packages(document, format):
        parquet.write_folder(document, folder)


def _require_packages(document: Document, format: str) -> AbstractContextManager[None]:
    message = _("{package} is needed to write {format}").replace("{format}", format)
    has_chart = _has_chart(document, format)
    extra = "parquet" if format == "parquet" else "pictures" if has_chart else "office"
    return require_extra(extra, message)


def _has_chart(document: Document, format: str) -> bool:
    """Whether a chart is drawn: by the format, or above the table of a page."""
    if format != "html" or document.chart is None:
        return format in CHART_FORMATS
    from plancli.results.charts import Network, TileMap

    return isinstance(document.chart, Network | TileMap)


def require_chart(document: Document, format: str) -> None:
    """Refuse to draw an answer that has no chart, or an empty one."""
    if format not in CHART_FORMATS:
        return
    from plancli.results.charts import Network  # needed for charts only

    if document.chart is None or (
        format in GRAPH_FORMATS and not isinstance(document.chart, Network)
    ):
        graph = format in GRAPH_FORMATS
        raise BadUsage(
            _("{format} is not available for this answer").format(format=format),
            hint=_("only “plancli network” writes a graph")
            if graph
            else _("commands with charts: matrix, network, map, stats"),
        )
    if not document.chart:
        raise PlanError(_("there is nothing to draw"), hint=_("widen the filters"))


def _load_exporter(format: str) -> Exporter:
    module = import_module(f"plancli.output.formats.{MODULES_BY_FORMAT.get(format, format)}")
    exporter: Exporter = getattr(module, f"write_{format}")
    return exporter


def resolve_format(file: Path) -> str:
    """Return the format of *file*'s suffix; ``.txt`` is the table."""
    suffix = file.suffix.lower()
    if suffix == ".txt":
        return "table"
    for format, suffixes in FORMATS.items():
        if suffix in suffixes:
            return format
    if not suffix:
        raise BadUsage(
            _("{file} has no suffix, so its format is unknown").format(file=file),
            hint=_("set the format, for example: --format csv"),
        )
    message = _("{suffix} files are not supported")
    raise BadUsage(
        message.format(suffix=suffix),
        hint=_("use one of the suffixes {suffixes}, or set --format").format(
            suffixes=" ".join(chain(*FORMATS.values()))
        ),
    )
