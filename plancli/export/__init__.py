"""``Result`` -> bytes, one function a format; the names below are the choices of ``--format``.

To add a format, write a function ``Result -> bytes`` in a module of this package and name it here.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from plancli.errors import BadUsage
from plancli.lang import _
from plancli.result import Result

Exporter = Callable[[Result], bytes]

# format -> (module, file suffixes, the mime type's charset needs a mark for spreadsheets)
FORMATS: dict[str, tuple[str, tuple[str, ...]]] = {
    "csv": ("delimited", (".csv",)),
    "tsv": ("delimited", (".tsv", ".tab")),
    "json": ("structured", (".json",)),
    "ndjson": ("structured", (".ndjson", ".jsonl")),
    "yaml": ("structured", (".yaml", ".yml")),
    "md": ("markdown", (".md", ".markdown")),
}
MARKED = frozenset({"csv", "tsv"})  # spreadsheets read these as UTF-8 only behind a mark
MARK = b"\xef\xbb\xbf"


def encode(result: Result, format: str, *, bom: bool = False) -> bytes:
    """Return *result* in *format*, UTF-8; with *bom*, csv and tsv begin with a byte-order mark."""
    exporter: Exporter = getattr(import_module(f"plancli.export.{FORMATS[format][0]}"), format)
    return MARK * (bom and format in MARKED) + exporter(result)


def by_suffix(file: PurePath) -> str:
    """Return the format that *file*'s suffix stands for; ``.txt`` is the table."""
    suffix = file.suffix.lower()
    if suffix == ".txt":
        return "table"
    for format, (_module, suffixes) in FORMATS.items():
        if suffix in suffixes:
            return format
    said = _("no format writes {suffix} files") if suffix else _("{file} has no suffix")
    raise BadUsage(
        said.format(suffix=suffix, file=file),
        hint=_("name the file {suffixes}, or say --format").format(
            suffixes=" ".join(s for _m, all_ in FORMATS.values() for s in all_)
        ),
    )
