"""Check a plan for consistency with itself, its source and the registry.

A rule is a function that yields diagnostics.  All of them are reported, not only the first; a plan
that cannot be parsed is a diagnostic too.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from plancli.checks import duties, text  # noqa: F401  (importing them registers their rules)
from plancli.checks import file as file_rules  # noqa: F401
from plancli.checks.rule import RULES, CheckContext, CheckDiagnostic
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing.parsing.jurisdiction import strip_region_suffix
from plancli.plan import io as plan_io
from plancli.plan.scope import RegistryScope, get_scope
from plancli.registry.model import Registry
from plancli.results.table import Result, ResultCell

COLUMNS = ("file", "line", "rule", "where", "excerpt", "finding", "remedy")
UNREADABLE_RULE = "unreadable-file"
__all__ = ["COLUMNS", "RULES", "UNREADABLE_RULE", "check_plans"]


def check_plans(registry: Registry, plans: Iterable[tuple[Path, bytes]]) -> Result:
    """Return the diagnostics of all rules for *plans*, each a file and its bytes."""
    rows: list[tuple[ResultCell, ...]] = []
    scope = get_scope(registry)
    for file, raw in plans:
        rows += _check_plan(file, raw, scope)
    return Result("", COLUMNS, tuple(rows))


def _check_plan(file: Path, raw: bytes, scope: RegistryScope) -> Iterator[tuple[ResultCell, ...]]:
    try:
        plan, reader = plan_io.parse_unchecked(raw, str(file))
        registry = scope.get_registry(plan)
    except BadPlan as error:
        line, message = _split_message(str(error), str(file))
        remedy = error.hint or _("correct this line")
        yield str(file), line, UNREADABLE_RULE, "", error.excerpt, message, remedy
        return
    words = scope.find_region_words(plan.jurisdiction)
    words |= {strip_region_suffix(plan.jurisdiction)}
    references = tuple(reader.references)
    context = CheckContext(plan, registry, scope.registry, file, raw, references, words)
    for name, rule in RULES.items():
        for diagnostic in rule(context):
            yield str(file), _find_line(diagnostic, reader.lines), name, *_to_cells(diagnostic)


def _find_line(diagnostic: CheckDiagnostic, lines: dict[int, int]) -> int:
    return diagnostic.line or lines.get(id(diagnostic.record), 1)


def _to_cells(diagnostic: CheckDiagnostic) -> tuple[ResultCell, ...]:
    return diagnostic.where, diagnostic.excerpt, diagnostic.message, diagnostic.remedy


def _split_message(message: str, file: str) -> tuple[int, str]:
    """Split a message that begins with file:line into the line number and the rest."""
    line, colon, rest = message.removeprefix(f"{file}:").partition(": ")
    return (int(line), rest) if colon and line.isdecimal() else (1, message)
