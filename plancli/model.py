"""What a plan and its registries are made of.

These definitions are also the form of the YAML files: a field's name (or its ``key``) is the
key in the file, its type what may stand there, its ``help`` what an editor shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from plancli.role import Role

OPEN_END = "等"  # stands last in a list of names that the plan leaves open


def _key(help: str, **more: Any) -> Any:
    """Describe a required key; *more*: ``key`` (its name in the file), ``refers``, ``unique``."""
    return field(metadata={"help": help, **more})


def _may(help: str, default: Any = (), **more: Any) -> Any:
    """Describe a key that may be left out."""
    return field(default=default, metadata={"help": help, **more})


class Kind(StrEnum):
    """What a body is."""

    DEPARTMENT = "省直部门"
    PARTY = "党委机构"
    CONGRESS = "人大"
    CPPCC = "政协"
    CITY = "市级政府"
    CITY_PARTY = "市级党委"
    CENTRAL = "中央在皖单位"
    COORDINATION = "议事协调机构"
    PEOPLE = "群团"
    INSTITUTE = "事业单位"
    COLLECTIVE = "泛指"


class Place(StrEnum):
    """What a region is."""

    PROVINCE = "省级"
    CITY = "地级"
    COUNTY = "县级"
    TOWN = "乡级"
    AREA = "区域"
    LANDMARK = "地标"
    ABROAD = "境外"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a responsibility clause: who leads, or who takes part, in the printed order."""

    lead: tuple[str, ...] = _may("牵头: the names, in order; 等 last if open", refers="agency")
    participate: tuple[str, ...] = _may(
        "按职责分工负责, 配合 …: the names, in order; 等 last if open", refers="agency"
    )

    def __post_init__(self) -> None:
        if bool(self.lead) == bool(self.participate):
            raise ValueError("a group has either lead or participate")
        if not self.names:
            raise ValueError("a group needs a name before 等")
        if OPEN_END in self.names or len(set(self.names)) < len(self.names):
            raise ValueError("a group names each body once, and 等 only at the end")

    @classmethod
    def of(cls, role: Role, names: tuple[str, ...], open_ended: bool = False) -> "Group":
        """Return the group of *names* in *role*."""
        return cls(**{role.value: (*names, OPEN_END) if open_ended else names})

    @property
    def role(self) -> Role:
        return Role.LEAD if self.lead else Role.PARTICIPATE

    @property
    def names(self) -> tuple[str, ...]:
        listed = self.lead or self.participate
        return listed[:-1] if self.open_ended else listed

    @property
    def open_ended(self) -> bool:
        """Whether the list ends in 等: the plan means others too, and does not name them."""
        return (self.lead or self.participate)[-1] == OPEN_END


@dataclass(frozen=True, slots=True)
class Mention:
    """A region that a task names, with the plan's own words for it."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = _key("the region", refers="region")
    text: tuple[str, ...] = _may("the words in the text that carry it")
    clause: tuple[str, ...] = _may("the words in the clause that carry it")

    def __post_init__(self) -> None:
        if not self.text and not self.clause:
            raise ValueError("a region needs the words that carry it")


@dataclass(frozen=True, slots=True)
class Task:
    """One numbered task.  ``text`` and ``clause`` are verbatim; the clause without its brackets."""

    no: str = _key("the number as printed", unique="task")
    text: str = _key("the sentences, word for word")
    clause: str = _may("the responsibility clause, word for word, without its brackets", "")
    duties: tuple[Group, ...] = _may("the clause as data: what it means")
    regions: tuple[Mention, ...] = _may("every region the words name")

    def names(self, role: Role) -> tuple[str, ...]:
        """Return who has *role*, in the clause's order."""
        return tuple(name for group in self.duties if group.role is role for name in group.names)

    @property
    def open_ended(self) -> bool:
        return any(group.open_ended for group in self.duties)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading below a list, （一）…, with its tasks."""

    no: str = _key("the number as printed, without brackets: 一")
    title: str = _key("the heading")
    tasks: tuple[Task, ...] = _key("the tasks below it")


@dataclass(frozen=True, slots=True)
class Figure:
    """A total that the plan states, with its unit."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = _key("what is counted, in the plan's words")
    value: int | float = _key("the number")
    unit: str = _key("亿元, 个 …")


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of the plan, 一、…: tasks, or sections of tasks, or a paragraph with its figures."""

    no: str = _key("the number as printed: 一")
    title: str = _key("the heading")
    text: str = _may("a paragraph that stands instead of numbered tasks, word for word", "")
    fields: tuple[str, ...] = _may("the fields that the paragraph counts up")
    figures: tuple[Figure, ...] = _may("the totals that the paragraph states")
    annex: tuple[str, ...] = _may("headings of an annex printed below the paragraph")
    note: str = _may("what a reader of this file should know", "")
    tasks: tuple[Task, ...] = _may("tasks that stand directly below the list")
    sections: tuple[Section, ...] = _may("the sections below the list")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text was published."""

    publisher: str = _key("who published it")
    date: str = _key("the day it was published, YYYY-MM-DD")
    title: str = _may("the title it was published under, if another", "")
    file: str = _may("the text as published, beside this file", "")
    note: str = _may("what the published text lacks", "")

    def __post_init__(self) -> None:
        try:
            date.fromisoformat(self.date)
        except ValueError:
            raise ValueError("a date is written YYYY-MM-DD") from None


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of a body, before or after the one it has in the registry."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = _key("the name")
    until: str = _may("when it ceased to be the name", "")
    since: str = _may("when it became the name", "")


@dataclass(frozen=True, slots=True)
class MayInclude:
    """Whom a collective phrase may mean: bodies of these kinds, cities only if in the region."""

    one_line: ClassVar[bool] = True  # in the file

    kinds: tuple[Kind, ...] = _key("the kinds of body")
    region: str = _may("cities count only where they touch this region", "", refers="region")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that plans give tasks to, or a collective phrase that plans use for several."""

    name: str = _key("the name plans use", unique="agency")
    kind: Kind = _key("what it is")
    official: str = _may("the full official name", "")
    aliases: tuple[str, ...] = _may("other names people use")
    former: tuple[OtherName, ...] = _may("names it had before")
    later: tuple[OtherName, ...] = _may("names it has had since")
    region: str = _may("the region it governs", "", refers="region")
    may_include: MayInclude | None = _may("for a collective phrase", None)
    note: str = _may("what a reader of this file should know", "")


@dataclass(frozen=True, slots=True)
class Region:
    """A place, an area or a landmark."""

    name: str = _key("the one name", unique="region")
    type: Place = _key("what it is")
    inside: tuple[str, ...] = _may("what it lies in", key="in", refers="region")
    aliases: tuple[str, ...] = _may("other names, which carry it in a text as well")
    abbr: tuple[str, ...] = _may("characters people may type for it; alone, no mention in a text")
    members: tuple[str, ...] = _may("what an area consists of", refers="region")
    source: str = _may("the document that defines the members", "")
    note: str = _may("what a reader of this file should know", "")

    def __post_init__(self) -> None:
        if self.members and not self.source:
            raise ValueError("members need the document that defines them: source")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word in which single characters stand for places: 宁马 is 南京 and 马鞍山."""

    one_line: ClassVar[bool] = True  # in the file

    word: str = _key("the word as printed", unique="compound")
    means: tuple[str, ...] = _key("the regions it carries", refers="region")


@dataclass(frozen=True, slots=True)
class Agencies:
    """The file of bodies, shared by all plans."""

    agencies: tuple[Agency, ...] = _key("one entry a body")


@dataclass(frozen=True, slots=True)
class Regions:
    """The file of places, shared by all plans."""

    regions: tuple[Region, ...] = _key("one entry a place")
    compounds: tuple[Compound, ...] = _may("words that carry places by single characters")
    not_places: tuple[str, ...] = _may("names and look-alikes in which no place is meant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An official plan, whole."""

    id: str = _key("a short name for the plan in answers: ascii letters, digits and -")
    title: str = _key("the title, word for word")
    year: int = _key("the year it is for")
    jurisdiction: str = _key("the region whose plan it is", refers="region")
    source: Source = _key("where the text was published")
    preamble: tuple[str, ...] = _may("the paragraphs before the first list, word for word")
    lists: tuple[TaskList, ...] = _key("the lists, in order")
    agencies: tuple[Agency, ...] = _may("bodies that only this plan knows")
    regions: tuple[Region, ...] = _may("places that only this plan knows")

    def __post_init__(self) -> None:
        if not (self.id.isascii() and self.id.replace("-", "").isalnum()):
            raise ValueError("a plan's id is made of ascii letters, digits and -")


class Entry(NamedTuple):
    """A task and where it stands."""

    list: TaskList
    section: Section | None
    task: Task


def entries(plan: Plan) -> Iterator[Entry]:
    """Yield every task of *plan* with its list and section, in the plan's order."""
    for list_ in plan.lists:
        for task in list_.tasks:
            yield Entry(list_, None, task)
        for section in list_.sections:
            for task in section.tasks:
                yield Entry(list_, section, task)
