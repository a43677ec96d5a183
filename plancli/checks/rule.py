"""What a rule is given, what it finds, and the list of rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import NamedTuple

from plancli.plan.model import Plan
from plancli.registry.model import Registry
from plancli.text.normalize import get_invisible_pattern
from plancli.yamlfile.decoder import NameReference


class CheckDiagnostic(NamedTuple):
    """A doubt: where in the plan, what is wrong, what to do next, and the words, underlined."""

    where: str  # a task's number, a heading, or the place in the file
    message: str
    remedy: str
    excerpt: str = ""
    line: int = 0  # of the plan's file; 0 is that of ``record``
    record: object = None  # the part of the plan that is meant


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A plan as a rule sees it."""

    plan: Plan
    known: Registry  # the bodies and places that the plan may name
    shared: Registry  # the registries, as all plans share them
    file: Path
    raw: bytes
    references: tuple[NameReference, ...]


def iter_texts(record: object, where: str = "—") -> Iterator[tuple[str, object, str]]:
    """Yield every text of *record* and of all within it: its place, the record it is of, itself."""
    where = getattr(record, "no", "") or where
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each):
                yield from iter_texts(each, where)
            elif isinstance(each, str):
                yield where, record, each


def has_invisible_marks(*records: object) -> bool:
    """Whether a text of *records*, or within them, holds a mark that nobody sees."""
    return any(
        get_invisible_pattern().search(text) for each in records for _, _, text in iter_texts(each)
    )


Rule = Callable[[CheckContext], Iterator[CheckDiagnostic]]
RULES: dict[str, Rule] = {}  # name -> function, in the order in which they run


def rule(name: str) -> Callable[[Rule], Rule]:
    """Add the function below to the rules under *name*."""

    def add_rule(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return add_rule
