"""What a plan is made of.

These definitions are also the form of the YAML files: a field's name (or its ``key``) is the
key in the file, its type what may stand there, its ``help`` what an editor shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from plancli.registry.model import Agency, Region
from plancli.results.roles import Role
from plancli.yamlfile.fields import InvalidField, optional, required

DATE_PATTERN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLAUSE_SEPARATOR = "；"  # joins the clauses of one task
OPEN_END = "等"  # stands last in a list of names that the plan leaves open


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """One group of a responsibility clause: who leads, or who takes part, in the printed order."""

    lead: tuple[str, ...] = optional("牵头: the names, in order; 等 last if open", refers="agency")
    participate: tuple[str, ...] = optional(
        "按职责分工负责, 配合 …: the names, in order; 等 last if open", refers="agency"
    )

    def __post_init__(self) -> None:
        if bool(self.lead) == bool(self.participate):
            raise ValueError("a group has either lead or participate")
        names = self.names
        if not names:
            raise ValueError("a group needs a name before 等")
        if OPEN_END in names or len(set(names)) < len(names):
            raise ValueError("a group names each body once, and 等 only at the end")

    @classmethod
    def from_names(
        cls, role: Role, names: tuple[str, ...], open_ended: bool = False
    ) -> "DutyGroup":
        """Return the group of *names* in *role*."""
        return cls(**{role.value: (*names, OPEN_END) if open_ended else names})

    @property
    def role(self) -> Role:
        return Role.LEAD if self.lead else Role.PARTICIPATE

    @property
    def names(self) -> tuple[str, ...]:
        listed = self.lead or self.participate
        return listed[:-1] if self.is_open_ended else listed

    @property
    def is_open_ended(self) -> bool:
        """Whether the list ends in 等: the plan means others too, and does not name them."""
        return (self.lead or self.participate)[-1] == OPEN_END


@dataclass(frozen=True, slots=True)
class Mention:
    """A region that a task names, with the plan's own words for it."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("the region", refers="region")
    text: tuple[str, ...] = optional("the words in the text that carry it")
    clause: tuple[str, ...] = optional("the words in the clause that carry it")

    def __post_init__(self) -> None:
        if not self.text and not self.clause:
            raise ValueError("a region needs the words that carry it")


class LeadReason(StrEnum):
    """Why a body leads though its clause does not say 牵头."""

    FIRST = "first"  # the document says that the body named first leads
    COLUMNS = "columns"  # a table's 责任单位 stands beside a 配合 or 协同 column


@dataclass(frozen=True, slots=True)
class TaskPassage:
    """Sentences of a task, and the clause that is printed behind them."""

    text: str = optional("the sentences, word for word", "")
    clause: str = optional("their clause, word for word, without its brackets", "")


@dataclass(frozen=True, slots=True)
class TaskTableCell:
    """A cell of a table's row that is neither the task's text nor names who does it."""

    one_line: ClassVar[bool] = True  # in the file

    column: str = required("the column's heading")
    text: str = required("the cell, word for word")


@dataclass(frozen=True, slots=True)
class Task:
    """One numbered task.  ``text`` and ``clause`` are verbatim; the clause without its brackets."""

    no: str = required("the number as printed")
    text: str = required("the sentences, word for word")
    clause: str = optional("the responsibility clause, word for word, without its brackets", "")
    duties: tuple[DutyGroup, ...] = optional("the clause as data: what it means")
    regions: tuple[Mention, ...] = optional("every region the words name")
    deadline: str = optional(
        "by when, word for word, where a table or a line of its own says it", ""
    )
    parts: tuple[TaskPassage, ...] = optional(
        "where sentences have clauses of their own: each in its place"
    )
    cells: tuple[TaskTableCell, ...] = optional("what else the task's row of a table says")
    reading: LeadReason | None = optional(
        "why a body leads though the clause does not say 牵头", None
    )
    review: tuple[str, ...] = optional("what is doubtful; a person settles it and takes it out")

    def __post_init__(self) -> None:
        said = CLAUSE_SEPARATOR.join(part.clause for part in self.parts if part.clause)
        if self.parts and ("".join(part.text for part in self.parts), said) != (
            self.text,
            self.clause,
        ):
            raise InvalidField("the parts are not the text and the clause", "parts")

    @property
    def passages(self) -> tuple[TaskPassage, ...]:
        """The task as it is printed: each clause behind its sentences."""
        return self.parts or (TaskPassage(self.text, self.clause),)

    def get_agency_names(self, role: Role) -> tuple[str, ...]:
        """Return who has *role*, in the clause's order."""
        return tuple(name for group in self.duties if group.role is role for name in group.names)

    @property
    def is_open_ended(self) -> bool:
        return any(group.is_open_ended for group in self.duties)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading below a list, （一）…, with its tasks."""

    no: str = optional("the number as printed, without brackets: 一", "")
    title: str = optional("the heading", "")
    paragraphs: tuple[str, ...] = optional("what stands below it beside tasks, word for word")
    tasks: tuple[Task, ...] = optional("the tasks below it")


@dataclass(frozen=True, slots=True)
class Figure:
    """A total that the plan states, with its unit."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("what is counted, in the plan's words")
    value: int | float = required("the number")
    unit: str = required("亿元, 个 …")


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of the plan, 一、…: tasks, or sections of tasks, or paragraphs with their figures."""

    no: str = optional("the number as printed: 一", "")
    title: str = optional("the heading", "")
    paragraphs: tuple[str, ...] = optional("what stands below it beside tasks, word for word")
    fields: tuple[str, ...] = optional("the fields that the paragraphs count up")
    figures: tuple[Figure, ...] = optional("the totals that the paragraphs state")
    annex: tuple[str, ...] = optional("headings of an annex printed below the paragraphs")
    note: str = optional("what a reader of this file should know", "")
    tasks: tuple[Task, ...] = optional("tasks that stand directly below the list")
    sections: tuple[Section, ...] = optional("the sections below the list")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text was published."""

    publisher: str = optional("who published it", "")
    date: str = optional("the day it was published, YYYY-MM-DD", "")
    title: str = optional("the title it was published under, if another", "")
    file: str = optional("the text as published, beside this file", "")
    sha256: str = optional("the fingerprint of that file's bytes", "")
    note: str = optional("what the published text lacks", "")

    def __post_init__(self) -> None:
        if self.date and not DATE_PATTERN.fullmatch(self.date):
            raise InvalidField("a date is written YYYY-MM-DD", "date")
        try:
            date.fromisoformat(self.date or "2000-01-01")
        except ValueError:
            raise InvalidField("the calendar has no such day", "date") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An official plan, whole."""

    id: str = required("a short name for the plan in answers: ASCII letters, digits and -")
    title: str = required("the title, word for word")
    year: int = required("the year it is for", year=True)
    jurisdiction: str = required("the region whose plan it is", refers="region")
    source: Source = optional("where the text was published", Source())
    preamble: tuple[str, ...] = optional("the paragraphs before the first list, word for word")
    lists: tuple[TaskList, ...] = required("the lists, in order")
    review: tuple[str, ...] = optional("what is doubtful; a person settles it and takes it out")
    agencies: tuple[Agency, ...] = optional("bodies that only this plan knows")
    regions: tuple[Region, ...] = optional("places that only this plan knows")

    def __post_init__(self) -> None:
        if not (self.id.isascii() and self.id.replace("-", "").isalnum()):
            raise InvalidField("a plan's id is made of ASCII letters, digits and -", "id")


class TaskEntry(NamedTuple):
    """A task and where it stands."""

    list: TaskList
    section: Section | None
    task: Task


def iter_tasks(plan: Plan) -> Iterator[TaskEntry]:
    """Yield every task of *plan* with its list and section, in the plan's order."""
    for list_ in plan.lists:
        for task in list_.tasks:
            yield TaskEntry(list_, None, task)
        for section in list_.sections:
            for task in section.tasks:
                yield TaskEntry(list_, section, task)
