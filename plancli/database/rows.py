"""Convert a plan to table rows that reference agencies and regions by name.

The writer assigns ids, so that rows can be built in worker processes. Tasks, sections and lists are
counted from 0 within their plan.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from plancli.plan import io as plan_io
from plancli.plan.model import DutyGroup, Mention, Plan, Section, Task
from plancli.plan.region_words import MentionKinds
from plancli.plan.scope import AgencyIdentity, RegistryScope
from plancli.registry.model import Agency
from plancli.results.roles import Role
from plancli.text import normalize, quantities

BATCH_SIZE = 1000  # tasks in a batch
RowTuple = tuple[Any, ...]


class TaskBatch(NamedTuple):
    """Rows of some tasks; all but the tasks and the bigrams begin with the task's index."""

    tasks: list[RowTuple]  # section, no, text, clause, deadline, open_ended
    passages: list[RowTuple]  # task, ord, text, clause
    passage_duties: list[RowTuple]  # task, ord, role, agency
    duties: list[RowTuple]  # task, role, agency, ord, open_ended
    mentions: list[RowTuple]  # task, region, field, word, mention_kind, ord
    numbers: list[RowTuple]  # task, ord, words, value, unit, kind, piece
    bigrams: list[str]  # of each task's text


class NamedAgency(NamedTuple):
    """An agency that a plan names: what identifies it, and its entry under this name."""

    identity: AgencyIdentity
    entry: Agency


class PlanRows(NamedTuple):
    """A plan as rows."""

    plan: Plan  # without its lists
    lists: list[RowTuple]  # no, title, text, note
    details: list[RowTuple]  # list, kind, name, value, unit
    sections: list[RowTuple]  # list, no, title, text
    agencies: Mapping[str, NamedAgency]  # by the names in the plan
    # (collective agency, possible member), where the plan names agencies of its own.
    collective_members: tuple[tuple[str, str], ...]
    yaml: bytes  # the plan's file, compressed
    batches: Iterable[TaskBatch]


class RowBuilder:
    """Builds rows of plans that share one registry."""

    def __init__(self, scope: RegistryScope) -> None:
        self._scope = scope
        self._mention_kinds = MentionKinds(scope.registry)

    def read_plan(self, raw: bytes, file: str) -> PlanRows:
        """Return the rows of the plan *raw*; every name in it must be defined."""
        return self.build_rows(
            plan_io.parse_plan(raw, file, self._scope.registry, self._scope), raw
        )

    def build_rows(self, plan: Plan, raw: bytes) -> PlanRows:
        """Return the rows of *plan*, whose file is *raw*; its batches are built lazily."""
        scope = self._scope
        registry = scope.get_registry(plan)
        kinds = MentionKinds(registry) if plan.regions else self._mention_kinds
        identities = scope.identify_agencies(plan, registry)
        is_shared = registry is scope.get_shared_registry(plan)
        return PlanRows(
            replace(plan, lists=()),
            [(each.no, each.title, _join_lines(each.paragraphs), each.note) for each in plan.lists],
            list(_iter_details(plan)),
            [
                (n, each.no, each.title, _join_lines(each.paragraphs))
                for n, each in _iter_sections(plan)
            ],
            {
                each.name: NamedAgency(identities[each.name], each)
                for each in registry.agencies
                if each.name in identities
            },
            () if is_shared else tuple(scope.iter_collective_members(registry, plan)),
            zlib.compress(raw),
            _iter_batches(plan, kinds, identities),
        )


def _join_lines(paragraphs: Iterable[str]) -> str:
    return "\n".join(paragraphs)


def _iter_details(plan: Plan) -> Iterator[RowTuple]:
    for n, list_ in enumerate(plan.lists):
        yield from ((n, "field", name, None, None) for name in list_.fields)
        yield from ((n, "figure", each.name, each.value, each.unit) for each in list_.figures)
        yield from ((n, "annex", name, None, None) for name in list_.annex)


def _iter_sections(plan: Plan) -> Iterator[tuple[int, Section]]:
    """Yield every section with its list's index; tasks directly below a list get a section."""
    for n, list_ in enumerate(plan.lists):
        if list_.tasks:
            yield n, Section(tasks=list_.tasks)
        for section in list_.sections:
            yield n, section


def _iter_batches(
    plan: Plan, kinds: MentionKinds, identities: Mapping[str, AgencyIdentity]
) -> Iterator[TaskBatch]:
    tasks = enumerate(
        (index, task)
        for index, (_list, section) in enumerate(_iter_sections(plan))
        for task in section.tasks
    )
    while some := list(islice(tasks, BATCH_SIZE)):
        batch = TaskBatch([], [], [], [], [], [], [])
        for n, (section, task) in some:
            batch.tasks.append(_build_task_row(section, task))
            for order, part in enumerate(task.parts, 1):
                batch.passages.append((n, order, part.text, part.clause))
                batch.passage_duties.extend(
                    (n, order, group.role.value, name)
                    for group in part.duties
                    for name in group.names
                )
            batch.duties.extend(_iter_duties(n, task.duties, identities))
            batch.mentions.extend(_iter_mentions(n, task.regions, kinds))
            batch.numbers.extend(_iter_numbers(n, task.text))
            batch.bigrams.append(normalize.split_bigrams(task.text))
        yield batch


def _build_task_row(section: int, task: Task) -> RowTuple:
    return section, task.no, task.text, task.clause, task.deadline, int(task.is_open_ended)


def _iter_duties(
    task: int, groups: Iterable[DutyGroup], identities: Mapping[str, AgencyIdentity]
) -> Iterator[RowTuple]:
    """Yield each (role, agency) of a clause in its order, and whether 等 follows it."""
    duties: dict[tuple[Role, AgencyIdentity], tuple[str, int]] = {}
    for group in groups:
        names = group.names
        for name in names:
            key = group.role, identities[name]
            first, open_ended = duties.get(key, (name, 0))
            is_last = int(group.is_open_ended and name == names[-1])
            duties[key] = first, open_ended or is_last
    for order, ((role, _identity), (name, open_ended)) in enumerate(duties.items(), 1):
        yield task, role.value, name, order, open_ended


def _iter_mentions(
    task: int, mentions: Iterable[Mention], kinds: MentionKinds
) -> Iterator[RowTuple]:
    # Duplicates in the file are stored once.
    occurrences = dict.fromkeys(
        (mention.name, field, word)
        for mention in mentions
        for field, words in (("text", mention.text), ("clause", mention.clause))
        for word in words
    )
    for order, (name, field, word) in enumerate(occurrences, 1):
        yield task, name, field, word, kinds.find_kind(word, name).value, order


def _iter_numbers(task: int, words: str) -> Iterator[RowTuple]:
    for order, each in enumerate(quantities.find_numbers(words), 1):
        yield task, order, each.text, each.value, each.unit, each.kind.value, each.context
