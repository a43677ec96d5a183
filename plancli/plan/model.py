"""Data classes of a plan.

They also define the YAML file: a field's name (or its ``key``) is the key in the file, its type
the accepted value, its ``help`` the text that an editor shows.
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
OPEN_END = "等"  # the last name of a list that is not complete


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """A group of a clause: the agencies that lead, or that participate, in the printed order."""

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
            raise ValueError("a group names each agency once, and 等 only at the end")

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
        """Whether the list ends in 等: the plan includes agencies that it does not name."""
        return (self.lead or self.participate)[-1] == OPEN_END


@dataclass(frozen=True, slots=True)
class Mention:
    """A region found in a task, with the words that mention it."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("the region", refers="region")
    text: tuple[str, ...] = optional("the words in the text that mention it")
    clause: tuple[str, ...] = optional("the words in the clause that mention it")

    def __post_init__(self) -> None:
        if not self.text and not self.clause:
            raise ValueError("a region needs the words that mention it")


class LeadReason(StrEnum):
    """Why an agency leads although its clause does not contain 牵头."""

    FIRST = "first"  # the document says that the agency named first leads
    COLUMNS = "columns"  # a table has a column 责任单位 and a column 配合 or 协同


@dataclass(frozen=True, slots=True)
class TaskPassage:
    """Sentences of a task and the clause printed after them."""

    text: str = optional("the sentences, word for word", "")
    clause: str = optional("their clause, word for word, without its brackets", "")
    duties: tuple[DutyGroup, ...] = optional("the clause as data")

    @property
    def printed(self) -> str:
        """The sentences with their clause in brackets."""
        return f"{self.text}（{self.clause}）" if self.clause else self.text


@dataclass(frozen=True, slots=True)
class TaskTableCell:
    """A cell of a table row that is neither the text nor the clause of the task."""

    one_line: ClassVar[bool] = True  # in the file

    column: str = required("the column's heading")
    text: str = required("the cell, word for word")


@dataclass(frozen=True, slots=True)
class Task:
    """A numbered task; ``text`` and ``clause`` are verbatim, the clause without its brackets."""

    no: str = required("the number as printed")
    text: str = required("the sentences, word for word")
    clause: str = optional("the responsibility clause, word for word, without its brackets", "")
    duties: tuple[DutyGroup, ...] = optional("the clause as data")
    regions: tuple[Mention, ...] = optional("every region that the text and the clause mention")
    shared_clause: str = optional(
        "words of an earlier clause that hold for this task, too: 以下各项均需各地落实", ""
    )
    deadline: str = optional("the deadline, word for word, if it has its own line or column", "")
    parts: tuple[TaskPassage, ...] = optional(
        "the sentences with their clauses, if the task has several clauses"
    )
    cells: tuple[TaskTableCell, ...] = optional("the other cells of the task's row in a table")
    reading: LeadReason | None = optional(
        "why an agency leads although the clause does not contain 牵头", None
    )
    review: tuple[str, ...] = optional("open diagnostics; remove each one when it is settled")

    def __post_init__(self) -> None:
        clause = CLAUSE_SEPARATOR.join(part.clause for part in self.parts if part.clause)
        if self.parts and ("".join(part.text for part in self.parts), clause) != (
            self.text,
            self.clause,
        ):
            raise InvalidField("the parts are not the text and the clause", "parts")
        duties = tuple(group for part in self.parts for group in part.duties)
        if duties and self.duties[: len(duties)] != duties:
            raise InvalidField("the duties do not begin with those of the parts", "parts")

    @property
    def passages(self) -> tuple[TaskPassage, ...]:
        """The task as printed: each clause after its sentences."""
        return self.parts or (TaskPassage(self.text, self.clause, self.duties),)

    def get_agency_names(self, role: Role) -> tuple[str, ...]:
        """Return the agencies that have *role*, in the clause's order."""
        return tuple(name for group in self.duties if group.role is role for name in group.names)

    @property
    def is_open_ended(self) -> bool:
        return any(group.is_open_ended for group in self.duties)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a list, （一）…, with its tasks."""

    no: str = optional("the number as printed, without brackets: 一", "")
    title: str = optional("the heading", "")
    paragraphs: tuple[str, ...] = optional("its text other than tasks, word for word")
    tasks: tuple[Task, ...] = optional("its tasks")


@dataclass(frozen=True, slots=True)
class Figure:
    """A total stated in the plan, with its unit."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("what is counted, as the plan calls it")
    value: int | float = required("the number")
    unit: str = required("亿元, 个 …")


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of the plan, 一、…: tasks, sections with tasks, or paragraphs with figures."""

    no: str = optional("the number as printed: 一", "")
    title: str = optional("the heading", "")
    paragraphs: tuple[str, ...] = optional("its text other than tasks, word for word")
    fields: tuple[str, ...] = optional("the fields that the paragraphs list")
    figures: tuple[Figure, ...] = optional("the totals stated in the paragraphs")
    annex: tuple[str, ...] = optional("headings of an annex printed after the paragraphs")
    note: str = optional("a note for readers of this file", "")
    tasks: tuple[Task, ...] = optional("the tasks that are in no section")
    sections: tuple[Section, ...] = optional("its sections")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text was published."""

    publisher: str = optional("who published it", "")
    date: str = optional("the day it was published, YYYY-MM-DD", "")
    title: str = optional("the title it was published under, if different", "")
    file: str = optional("the published text, a file beside this one", "")
    sha256: str = optional("the SHA-256 of that file", "")
    note: str = optional("what is missing in the published text", "")

    def __post_init__(self) -> None:
        if self.date and not DATE_PATTERN.fullmatch(self.date):
            raise InvalidField("a date is written YYYY-MM-DD", "date")
        try:
            date.fromisoformat(self.date or "2000-01-01")
        except ValueError:
            raise InvalidField("there is no such day", "date") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An official plan."""

    id: str = required("a short name for the plan in answers: ASCII letters, digits and -")
    title: str = required("the title, word for word")
    year: int = required("the year it is for", year=True)
    jurisdiction: str = required("the region whose plan it is", refers="region")
    source: Source = optional("where the text was published", Source())
    preamble: tuple[str, ...] = optional("the paragraphs before the first list, word for word")
    lists: tuple[TaskList, ...] = required("the lists, in order")
    review: tuple[str, ...] = optional("open diagnostics; remove each one when it is settled")
    agencies: tuple[Agency, ...] = optional("agencies that are not in the registry")
    regions: tuple[Region, ...] = optional("regions that are not in the registry")

    def __post_init__(self) -> None:
        if not (self.id.isascii() and self.id.replace("-", "").isalnum()):
            raise InvalidField("a plan's id is made of ASCII letters, digits and -", "id")


class TaskEntry(NamedTuple):
    """A task with its list and section."""

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
