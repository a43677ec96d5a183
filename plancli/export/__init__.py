"""``Result`` -> bytes, one function a format; the names below are the choices of ``--format``.

To add a format, write a function ``Result -> bytes`` in a module of this package, name it here,
and give ``export`` its flag.
"""

from collections.abc import Callable
from itertools import chain
from pathlib import PurePath

from plancli.errors import BadUsage
from plancli.lang import _
from plancli.result import Result

Exporter = Callable[[Result], bytes]

# format -> the suffixes of its files
FORMATS: dict[str, tuple[str, ...]] = {
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "json": (".json",),
    "ndjson": (".ndjson", ".jsonl"),
    "yaml": (".yaml", ".yml"),
    "md": (".md", ".markdown"),
}
MARKED = frozenset({"csv", "tsv"})  # spreadsheets read these as UTF-8 only behind a mark
MARK = b"\xef\xbb\xbf"


def encode(result: Result, format: str, *, bom: bool = False) -> bytes:
    """Return *result* in *format*, UTF-8; with *bom*, csv and tsv begin with a byte-order mark."""
    from plancli.export import delimited, markdown, structured  # only where a format is written

    exporters: dict[str, Exporter] = {
        "csv": delimited.csv,
        "tsv": delimited.tsv,
        "json": structured.json,
        "ndjson": structured.ndjson,
        "yaml": structured.yaml,
        "md": markdown.md,
    }
    return MARK * (bom and format in MARKED) + exporters[format](result.told())


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
