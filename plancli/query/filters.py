"""Conditions on a task, each complete, that combine as sets do."""

from typing import NamedTuple

from plancli.result import WORDS
from plancli.role import Role
from plancli.text import phrase


class Filter(NamedTuple):
    """A condition on a task; combine with ``&``, ``|`` and ``~``.

    ``Filter()`` lets every task through.  ``sql`` is always written in this package, a row of
    conditions joined by AND; what the user typed travels in ``params``.  ``says`` tells a reader
    of the answer what was asked, in Chinese, a condition each.
    """

    sql: str = "1"
    params: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def __and__(self, other: "Filter") -> "Filter":
        says = dict.fromkeys((*self.says, *other.says))
        return Filter(f"{self.sql} AND {other.sql}", self.params + other.params, (*says,))

    def __or__(self, other: "Filter") -> "Filter":
        says = " 或 ".join("，".join(each.says) for each in (self, other) if each.says)
        sql = f"(({self.sql}) OR ({other.sql}))"
        return Filter(sql, self.params + other.params, (says,) if says else ())

    def __invert__(self) -> "Filter":
        return Filter(
            f"(NOT ({self.sql}))", self.params, tuple(f"除去{each}" for each in self.says)
        )


EVERY_TASK = Filter()


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks in which the body called exactly *name* is named (in *role*, if given)."""
    roles = [role] if role else list(Role)
    return Filter(
        "task.id IN (SELECT task_id FROM duty WHERE role IN"
        f" ({', '.join('?' * len(roles))})"
        " AND agency_id = (SELECT id FROM agency WHERE called = ?))",
        (*roles, name),
        (f"单位：{name}{f'（{WORDS[role]}）' if role else ''}",),
    )


def by_role(role: Role) -> Filter:
    """Tasks in which anybody has *role*."""
    says = f"责任：{WORDS[role]}"
    return Filter("task.id IN (SELECT task_id FROM duty WHERE role = ?)", (role,), (says,))


def by_possible(name: str, role: Role | None = None) -> Filter:
    """Tasks that do not name the body, but (in *role*) a collective phrase that may include it."""
    roles = [role] if role else list(Role)
    phrases = Filter(
        "task.id IN (SELECT task_id FROM duty JOIN may_include ON collective_id = duty.agency_id"
        f" WHERE role IN ({', '.join('?' * len(roles))})"
        " AND may_include.agency_id = (SELECT id FROM agency WHERE called = ?))",
        (*roles, name),
    )
    realm = Filter(  # asked once, not for every task
        "((SELECT realm_id FROM agency WHERE called = ?) IS NULL OR plan.jurisdiction_id IN"
        " (SELECT whole_id FROM inside JOIN agency ON realm_id = part_id WHERE called = ?))",
        (name, name),
    )
    return (phrases & realm & ~by_agency(name))._replace(says=(f"统称可能包括：{name}",))


def by_region(name: str, exact: bool = False) -> Filter:
    """Tasks that mention the region or what lies in it; if *exact*, the region by its name only."""
    if exact:
        return Filter(
            "task.id IN (SELECT task_id FROM mention WHERE place = 'text' AND way = 'name'"
            " AND region_id = (SELECT id FROM region WHERE name = ?))",
            (name,),
            (f"地区：{name}（点名）",),
        )
    return Filter(
        "task.id IN (SELECT task_id FROM mention JOIN inside ON part_id = region_id"
        " WHERE whole_id = (SELECT id FROM region WHERE name = ?))",
        (name,),
        (f"地区：{name}",),
    )


def by_section(*targets: str, called: str = "") -> Filter:
    """Tasks below any of *targets*, each ``list:ID`` or ``section:ID``, which are *called* so."""
    columns = {"list": "section.list_id", "section": "task.section_id"}
    parted = [target.partition(":") for target in targets]
    either = " OR ".join(f"{columns[table]} = ?" for table, _colon, _number in parted)
    numbers = tuple(number for _table, _colon, number in parted)
    return Filter(f"({either})", numbers, (f"部分：{called}",) if called else ())


def by_keyword(word: str) -> Filter:
    """Tasks whose text holds *word*, folded; any text holds the empty word."""
    if not word:
        return EVERY_TASK
    found = "task.id IN (SELECT rowid FROM pairs WHERE pairs MATCH ?)"
    return Filter(found, (phrase(word),), (f"关键词：{word}",))


def by_number(*numbers: str) -> Filter:
    """Tasks printed with any of *numbers*."""
    marks = ", ".join("?" * len(numbers))
    return Filter(f"task.no IN ({marks})", numbers, (f"序号：{'、'.join(numbers)}",))


def by_year(first: int, last: int) -> Filter:
    """Tasks of plans for a year from *first* to *last*."""
    says = f"年度：{first}" + (f"—{last}" if last != first else "")
    return Filter("plan.year BETWEEN ? AND ?", (str(first), str(last)), (says,))


def by_jurisdiction(name: str) -> Filter:
    """Tasks of plans of exactly the region; those of regions in it are others' plans."""
    own = "plan.jurisdiction_id = (SELECT id FROM region WHERE name = ?)"
    return Filter(own, (name,), (f"适用地区：{name}",))
