"""json, ndjson and yaml: the machine contract's fields, nothing ASCII-escaped."""

import json as library
from typing import Any

from plancli.result import Result


def json(result: Result) -> bytes:
    """An array, one object a row."""
    rows = ",\n ".join(map(_object, _records(result)))
    return f"[{rows}]\n".encode()


def ndjson(result: Result) -> bytes:
    """One object a line."""
    return "".join(_object(record) + "\n" for record in _records(result)).encode()


def yaml(result: Result) -> bytes:
    """A list, one mapping a row."""
    import yaml as writer  # slow to import

    text: str = writer.safe_dump(
        _records(result), allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.encode()


def _records(result: Result) -> list[dict[str, Any]]:
    return [
        {
            column: list(cell) if isinstance(cell, tuple) else cell
            for column, cell in zip(result.columns, row, strict=True)
        }
        for row in result.rows
    ]


def _object(record: dict[str, Any]) -> str:
    return library.dumps(record, ensure_ascii=False)
