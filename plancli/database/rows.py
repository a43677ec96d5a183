"""A plan as the rows of its tables, with names where the database has ids: needs no database.

So it can be made in another process.  Tasks, sections and lists are counted from 0 in their plan.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from plancli.plan import io as plan_io
from plancli.plan.model import Group, Mention, Plan, Section, Task
from plancli.plan.role import Role
from plancli.plan.scope import Scope, brings
from plancli.registry import hierarchy
from plancli.registry.model import Registry, Way
from plancli.text import normalize, quantities

NAMED = Way.NAME.value
SIZE = 1000  # tasks of a batch
Row = tuple[Any, ...]
Ways = Mapping[tuple[str, str], str]  # how a word carries a region


class Batch(NamedTuple):
    """Some tasks of a plan; a duty, a mention and a number begin with the task's place."""

    tasks: list[Row]  # section, no, text, clause, printed, deadline, open_ended
    duties: list[Row]  # task, role, body, ord, etc
    mentions: list[Row]  # task, region, place, word, way, ord
    numbers: list[Row]  # task, ord, words, value, unit, kind, piece
    pairs: list[str]  # of each task's text


class Rows(NamedTuple):
    """A plan as rows."""

    plan: Plan  # without its lists
    lists: list[Row]  # no, title, text, note
    details: list[Row]  # list, kind, name, value, unit
    sections: list[Row]  # list, no, title, text
    possible: tuple[tuple[str, str], ...]  # if it brings bodies: phrase, body it may mean
    yaml: bytes  # its file, compressed
    batches: Iterable[Batch]


class Maker:
    """Makes rows of plans, all of which share one registry."""

    def __init__(self, known: Registry) -> None:
        self._scope = Scope(known)
        self._ways = _ways(known)

    def read(self, raw: bytes, file: str) -> Rows:
        """Return the rows of the plan *raw*, which may name only what is known."""
        return self.rows(plan_io.plan(raw, file, self._scope.known, self._scope), raw)

    def rows(self, plan: Plan, raw: bytes) -> Rows:
        """Return the rows of *plan*, whose file is *raw*; its batches are made as they are read."""
        meant = self._scope.of(plan)
        ways = _ways(meant) if plan.regions else self._ways
        return Rows(
            replace(plan, lists=()),
            [(each.no, each.title, _lines(each.paragraphs), each.note) for each in plan.lists],
            list(_details(plan)),
            [(n, each.no, each.title, _lines(each.paragraphs)) for n, each in _sections(plan)],
            tuple(hierarchy.possible(meant)) if brings(plan) else (),
            zlib.compress(raw),
            _batches(plan, ways),
        )


def _lines(paragraphs: Iterable[str]) -> str:
    return "\n".join(paragraphs)


def _details(plan: Plan) -> Iterator[Row]:
    for n, list_ in enumerate(plan.lists):
        yield from ((n, "field", name, None, None) for name in list_.fields)
        yield from ((n, "figure", each.name, each.value, each.unit) for each in list_.figures)
        yield from ((n, "annex", name, None, None) for name in list_.annex)


def _sections(plan: Plan) -> Iterator[tuple[int, Section]]:
    """Yield every section with its list's place; tasks directly below a list have one of theirs."""
    for n, list_ in enumerate(plan.lists):
        if list_.tasks:
            yield n, Section(tasks=list_.tasks)
        for section in list_.sections:
            yield n, section


def _batches(plan: Plan, ways: Ways) -> Iterator[Batch]:
    tasks = enumerate(
        (place, task)
        for place, (_list, section) in enumerate(_sections(plan))
        for task in section.tasks
    )
    while some := list(islice(tasks, SIZE)):
        batch = Batch([], [], [], [], [])
        for n, (section, task) in some:
            batch.tasks.append(_task(section, task))
            batch.duties.extend(_duties(n, task.duties))
            batch.mentions.extend(_mentions(n, task.regions, ways))
            batch.numbers.extend(_numbers(n, task.text))
            batch.pairs.append(normalize.pairs(task.text))
        yield batch


def _task(section: int, task: Task) -> Row:
    printed = _printed(task) if task.parts else ""
    open_ended = int(task.open_ended)
    return section, task.no, task.text, task.clause, printed, task.deadline, open_ended


def _printed(task: Task) -> str:
    """Return the task with its clauses where they are printed, if it has several."""
    return "".join(part.text + f"（{part.clause}）" * bool(part.clause) for part in task.parts)


def _duties(task: int, groups: Iterable[Group]) -> Iterator[Row]:
    """Yield each (role, body) of a clause in its order, and whether 等 stands behind it."""
    duties: dict[tuple[Role, str], int] = {}
    for group in groups:
        role, names = group.role, group.names
        for name in names:
            etc = int(group.open_ended and name == names[-1])
            duties[role, name] = duties.get((role, name), 0) or etc
    for order, ((role, name), etc) in enumerate(duties.items(), 1):
        yield task, role.value, name, order, etc


def _ways(known: Registry) -> Ways:
    return {
        (word, each.region): each.way.value
        for word, carried in known.words().items()
        for each in reversed(carried)  # the first of several counts
    }


def _mentions(task: int, mentions: Iterable[Mention], ways: Ways) -> Iterator[Row]:
    said = dict.fromkeys(  # what a file has twice is held once
        (mention.name, place, word)
        for mention in mentions
        for place, words in (("text", mention.text), ("clause", mention.clause))
        for word in words
    )
    for order, (name, place, word) in enumerate(said, 1):
        yield task, name, place, word, ways.get((word, name), NAMED), order


def _numbers(task: int, words: str) -> Iterator[Row]:
    for order, each in enumerate(quantities.numbers(words), 1):
        yield task, order, each.words, each.value, each.unit, each.what.value, each.piece
