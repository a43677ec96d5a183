"""Define the context and the diagnostics of check rules, and register the rules."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import NamedTuple

from plancli.plan.model import Plan
from plancli.registry.model import Registry
from plancli.text.normalize import get_invisible_pattern
from plancli.yamlfile.decoder import NameReference


class CheckDiagnostic(NamedTuple):
    """A finding: where in the plan, what is wrong, what to do, and the excerpt, underlined."""

    where: str  # a task's number, a heading, or the line in the file
    message: str
    remedy: str
    excerpt: str = ""
    line: int = 0  # of the plan's file; 0: the line of ``record``
    record: object = None  # the part of the plan concerned


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A plan with everything that rules need."""

    plan: Plan
    registry: Registry  # the agencies and regions that the plan may name
    shared: Registry  # the registry that all plans share
    file: Path
    raw: bytes
    references: tuple[NameReference, ...]
    region_words: Collection[str]  # that may begin the name of an agency


def iter_texts(record: object, where: str = "—") -> Iterator[tuple[str, object, str]]:
    """Yield (where, record, text) for every text in *record* and its nested records."""
    where = getattr(record, "no", "") or where
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each):
                yield from iter_texts(each, where)
            elif isinstance(each, str):
                yield where, record, each


def has_invisible_marks(*records: object) -> bool:
    """Return whether a text in *records* contains an invisible character."""
    return any(
        get_invisible_pattern().search(text) for each in records for _, _, text in iter_texts(each)
    )


Rule = Callable[[CheckContext], Iterator[CheckDiagnostic]]
RULES: dict[str, Rule] = {}  # name -> function, in the order in which they run


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register the decorated function as the rule *name*."""

    def add_rule(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return add_rule
