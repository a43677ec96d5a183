"""What a rule is given, what it finds, and the list of rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import NamedTuple

from plancli.plan.model import Plan
from plancli.registry.model import Registry
from plancli.text.normalize import invisible
from plancli.yamlfile.decoder import Reference


class Finding(NamedTuple):
    """A doubt: where in the plan, what is wrong, what to do next, and the words, underlined."""

    where: str  # a task's number, a heading, or the place in the file
    what: str
    remedy: str
    excerpt: str = ""
    line: int = 0  # of the plan's file; 0 is that of ``about``
    about: object = None  # the part of the plan that is meant


@dataclass(frozen=True, slots=True)
class Subject:
    """A plan as a rule sees it."""

    plan: Plan
    known: Registry  # the bodies and places that the plan may name
    shared: Registry  # the registries, as all plans share them
    file: Path
    raw: bytes
    references: tuple[Reference, ...]


def texts_of(record: object, where: str = "—") -> Iterator[tuple[str, object, str]]:
    """Yield every text of *record* and of all within it: its place, the record it is of, itself."""
    where = getattr(record, "no", "") or where
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each):
                yield from texts_of(each, where)
            elif isinstance(each, str):
                yield where, record, each


def has_invisible_marks(*records: object) -> bool:
    """Whether a text of *records*, or within them, holds a mark that nobody sees."""
    return any(invisible().search(text) for each in records for _, _, text in texts_of(each))


Rule = Callable[[Subject], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Add the function below to the rules; its name is the rule's."""
    RULES.append(function)
    return function
