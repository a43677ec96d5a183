"""Write json, ndjson and yaml with the fields of the machine contract, as UTF-8."""

import json as library
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any, BinaryIO

from plancli.results.document import Document


def write_json(document: Document, out: BinaryIO) -> None:
    """Write an array with one object per row."""
    between = chain(("",), repeat(",\n "))
    out.write(b"[")
    for record, comma in zip(_iter_records(document), between, strict=False):
        out.write((comma + _format_object(record)).encode())
    out.write(b"]\n")


def write_ndjson(document: Document, out: BinaryIO) -> None:
    """Write one object per line."""
    for record in _iter_records(document):
        out.write((_format_object(record) + "\n").encode())


def write_yaml(document: Document, out: BinaryIO) -> None:
    """Write a list with one mapping per row."""
    import yaml as writer  # slow to import

    empty = True
    for record in _iter_records(document):
        dumped = writer.safe_dump([record], allow_unicode=True, sort_keys=False, width=float("inf"))
        out.write(dumped.encode())
        empty = False
    if empty:
        out.write(b"[]\n")


def _iter_records(document: Document) -> Iterator[dict[str, Any]]:
    result = document.main_result.drop_private_columns()
    for row in result.rows:
        cells = (list(cell) if isinstance(cell, tuple) else cell for cell in row)
        yield dict(zip(result.columns, cells, strict=True))


def _format_object(record: dict[str, Any]) -> str:
    return library.dumps(record, ensure_ascii=False)
