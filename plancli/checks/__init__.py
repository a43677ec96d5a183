"""Rules that hold a plan against itself, its source and the registries.

A rule is a function whose name is the rule; it yields findings.  All are reported, not only the
first; a plan that cannot be read at all is a finding, too.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from plancli.checks import duties, text  # noqa: F401  (they fill the list of rules)
from plancli.checks import file as file_rules  # noqa: F401
from plancli.checks.rule import RULES, Finding, Subject
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.plan.scope import Scope
from plancli.registry.model import Registry
from plancli.results.table import Cell, Result

COLUMNS = ("file", "line", "rule", "where", "excerpt", "finding", "remedy")
UNREADABLE = "the_file_can_be_read"
__all__ = ["COLUMNS", "RULES", "UNREADABLE", "findings"]


def findings(known: Registry, plans: Iterable[tuple[Path, bytes]]) -> Result:
    """Return what the rules find in *plans*, each a file and its bytes."""
    rows: list[tuple[Cell, ...]] = []
    scope = Scope(known)
    for file, raw in plans:
        rows += _of(file, raw, scope)
    return Result("", COLUMNS, tuple(rows))


def _of(file: Path, raw: bytes, scope: Scope) -> Iterator[tuple[Cell, ...]]:
    try:
        plan, reader = plan_io.unchecked(raw, str(file))
        meant = scope.of(plan)
    except BadPlan as error:
        place, message = _parted(str(error), str(file))
        remedy = error.hint or _("correct this line")
        yield str(file), place, UNREADABLE, "", error.excerpt, message, remedy
        return
    subject = Subject(plan, meant, scope.known, file, raw, tuple(reader.references))
    for rule in RULES:
        for found in rule(subject):
            yield str(file), _line(found, reader.lines), rule.__name__, *_said(found)


def _line(found: Finding, lines: dict[int, int]) -> int:
    return found.line or lines.get(id(found.about), 1)


def _said(found: Finding) -> tuple[Cell, ...]:
    return found.where, found.excerpt, found.what, found.remedy


def _parted(message: str, file: str) -> tuple[int, str]:
    """Return the line and the rest of a message that begins with file:line."""
    line, colon, rest = message.removeprefix(f"{file}:").partition(": ")
    return (int(line), rest) if colon and line.isdecimal() else (1, message)
