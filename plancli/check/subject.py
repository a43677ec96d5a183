"""What a rule is given, what it finds, and the list of rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from plancli.form import Reference
from plancli.model import Plan
from plancli.registry import Registry


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


Rule = Callable[[Subject], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Add the function below to the rules; its name is the rule's."""
    RULES.append(function)
    return function
