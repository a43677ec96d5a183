"""Diagnostics of collecting sheets: conflicts, outdated sheets, deleted rows."""

from typing import NamedTuple

from plancli.results.table import Result

COLUMNS = ("kind", "agency", "no", "file", "line", "what")
# The kinds of diagnostics, in the order in which they are listed.
DIAGNOSTIC_KINDS = ("unread", "strange", "unopened", "stale", "clock", "conflict", "older", "mismatch",
         "reworded", "foreign", "stray", "lacking", "unknown", "undated", "faulty", "picture",
         "missing", "deleted", "blank")  # fmt: skip


class CollectDiagnostic(NamedTuple):
    """A diagnostic: its kind, and the agency, task, file and row that it concerns."""

    kind: str
    agency: str
    no: str
    file: str
    line: int | None
    message: str


class CollectDiagnostics:
    """Collects diagnostics."""

    def __init__(self) -> None:
        self._diagnostics: list[CollectDiagnostic] = []

    def copy(self) -> "CollectDiagnostics":
        """Return an independent copy."""
        other = CollectDiagnostics()
        other._diagnostics += self._diagnostics
        return other

    def add(
        self,
        kind: str,
        message: str,
        *,
        agency: str = "",
        no: str = "",
        file: str = "",
        line: int | None = None,
    ) -> None:
        """Add a diagnostic of *kind*, one of ``DIAGNOSTIC_KINDS``."""
        self._diagnostics.append(CollectDiagnostic(kind, agency, no, file, line, message))

    def to_result(self) -> Result:
        """Return the diagnostics, kind by kind."""
        rows = sorted(self._diagnostics, key=lambda each: DIAGNOSTIC_KINDS.index(each.kind))
        return Result("", COLUMNS, tuple(tuple(each) for each in rows))


def format_excerpt(words: str) -> str:
    """Return the beginning of *words*, on one line."""
    line = words.replace("\n", " ")
    return line if len(line) <= 40 else f"{line[:39]}…"
