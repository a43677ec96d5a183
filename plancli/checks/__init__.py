"""Rules that hold a plan against itself, its source and the registries.

A rule is a function that yields diagnostics.  All are reported, not only the first; a plan that
cannot be read at all is a diagnostic, too.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from plancli.checks import duties, text  # noqa: F401  (they fill the list of rules)
from plancli.checks import file as file_rules  # noqa: F401
from plancli.checks.rule import RULES, CheckContext, CheckDiagnostic
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.plan.scope import RegistryScope
from plancli.registry.model import Registry
from plancli.results.table import Result, ResultCell

COLUMNS = ("file", "line", "rule", "where", "excerpt", "finding", "remedy")
UNREADABLE_RULE = "unreadable-file"
__all__ = ["COLUMNS", "RULES", "UNREADABLE_RULE", "check_plans"]


def check_plans(known: Registry, plans: Iterable[tuple[Path, bytes]]) -> Result:
    """Return what the rules find in *plans*, each a file and its bytes."""
    rows: list[tuple[ResultCell, ...]] = []
    scope = RegistryScope(known)
    for file, raw in plans:
        rows += _check_plan(file, raw, scope)
    return Result("", COLUMNS, tuple(rows))


def _check_plan(file: Path, raw: bytes, scope: RegistryScope) -> Iterator[tuple[ResultCell, ...]]:
    try:
        plan, reader = plan_io.parse_unchecked(raw, str(file))
        meant = scope.get_registry(plan)
    except BadPlan as error:
        place, message = _split_message(str(error), str(file))
        remedy = error.hint or _("correct this line")
        yield str(file), place, UNREADABLE_RULE, "", error.excerpt, message, remedy
        return
    subject = CheckContext(plan, meant, scope.registry, file, raw, tuple(reader.references))
    for name, rule in RULES.items():
        for found in rule(subject):
            yield str(file), _find_line(found, reader.lines), name, *_to_cells(found)


def _find_line(found: CheckDiagnostic, lines: dict[int, int]) -> int:
    return found.line or lines.get(id(found.record), 1)


def _to_cells(found: CheckDiagnostic) -> tuple[ResultCell, ...]:
    return found.where, found.excerpt, found.message, found.remedy


def _split_message(message: str, file: str) -> tuple[int, str]:
    """Return the line and the rest of a message that begins with file:line."""
    line, colon, rest = message.removeprefix(f"{file}:").partition(": ")
    return (int(line), rest) if colon and line.isdecimal() else (1, message)
