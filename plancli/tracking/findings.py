"""What a coordinator should look at: conflicts, old sheets, rows that are gone."""

from typing import NamedTuple

from plancli.results.table import Result

COLUMNS = ("kind", "agency", "no", "file", "line", "what")
# What may be found, in the order in which it is told.
KINDS = ("unread", "strange", "unopened", "stale", "clock", "conflict", "older", "mismatch",
         "reworded", "foreign", "stray", "lacking", "unknown", "undated", "faulty", "picture",
         "missing", "deleted", "blank")  # fmt: skip


class Finding(NamedTuple):
    """Something to look at: of which kind, whose, which task, in which file and row."""

    kind: str
    body: str
    no: str
    file: str
    line: int | None
    what: str


class Findings:
    """All that is found, as it is found."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def copy(self) -> "Findings":
        """Return the same findings, to which others are added apart from these."""
        other = Findings()
        other._found += self._found
        return other

    def say(
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
        self._found.append(Finding(kind, body, no, file, line, what))

    def result(self) -> Result:
        """Return the findings, kind by kind."""
        rows = sorted(self._found, key=lambda each: KINDS.index(each.kind))
        return Result("", COLUMNS, tuple(tuple(each) for each in rows))


def short(words: str) -> str:
    """Return the beginning of *words*, on one line."""
    said = words.replace("\n", " ")
    return said if len(said) <= 40 else f"{said[:39]}…"
