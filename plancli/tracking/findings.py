"""What a coordinator should look at: conflicts, old sheets, rows that are gone."""

from typing import NamedTuple

from plancli.results.table import Result

COLUMNS = ("kind", "agency", "no", "file", "line", "what")
# What may be found, in the order in which it is told.
DIAGNOSTIC_KINDS = ("unread", "strange", "unopened", "stale", "clock", "conflict", "older", "mismatch",
         "reworded", "foreign", "stray", "lacking", "unknown", "undated", "faulty", "picture",
         "missing", "deleted", "blank")  # fmt: skip


class CollectDiagnostic(NamedTuple):
    """Something to look at: of which kind, whose, which task, in which file and row."""

    kind: str
    agency: str
    no: str
    file: str
    line: int | None
    message: str


class CollectDiagnostics:
    """All that is found, as it is found."""

    def __init__(self) -> None:
        self._found: list[CollectDiagnostic] = []

    def copy(self) -> "CollectDiagnostics":
        """Return the same findings, to which others are added apart from these."""
        other = CollectDiagnostics()
        other._found += self._found
        return other

    def add(
        self,
        kind: str,
        what: str,
        *,
        body: str = "",
        no: str = "",
        file: str = "",
        line: int | None = None,
    ) -> None:
        """Add a finding of *kind*, one of ``KINDS``."""
        self._found.append(CollectDiagnostic(kind, body, no, file, line, what))

    def to_result(self) -> Result:
        """Return the findings, kind by kind."""
        rows = sorted(self._found, key=lambda each: DIAGNOSTIC_KINDS.index(each.kind))
        return Result("", COLUMNS, tuple(tuple(each) for each in rows))


def format_excerpt(words: str) -> str:
    """Return the beginning of *words*, on one line."""
    said = words.replace("\n", " ")
    return said if len(said) <= 40 else f"{said[:39]}…"
