"""Conditions on a task, each complete, that combine as sets do."""

from typing import NamedTuple

from plancli.role import Role
from plancli.text import phrase


class Filter(NamedTuple):
    """A condition on a task; combine with ``&``, ``|`` and ``~``.

    ``Filter()`` lets every task through.  ``sql`` is always written in this package, a row of
    conditions joined by AND; what the user typed travels in ``params``.
    """

    sql: str = "1"
    params: tuple[str, ...] = ()

    def __and__(self, other: "Filter") -> "Filter":
        return Filter(f"{self.sql} AND {other.sql}", self.params + other.params)

    def __or__(self, other: "Filter") -> "Filter":
        return Filter(f"(({self.sql}) OR ({other.sql}))", self.params + other.params)

    def __invert__(self) -> "Filter":
        return Filter(f"(NOT ({self.sql}))", self.params)


EVERY_TASK = Filter()


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks in which the body called exactly *name* is named (in *role*, if given)."""
    roles = [role] if role else list(Role)
    return Filter(
        "task.id IN (SELECT task_id FROM duty WHERE role IN"
        f" ({', '.join('?' * len(roles))})"
        " AND agency_id = (SELECT id FROM agency WHERE called = ?))",
        (*roles, name),
    )


def by_role(role: Role) -> Filter:
    """Tasks in which anybody has *role*."""
    return Filter("task.id IN (SELECT task_id FROM duty WHERE role = ?)", (role,))


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
    return phrases & realm & ~by_agency(name)


def by_region(name: str, exact: bool = False) -> Filter:
    """Tasks that mention the region or what lies in it; if *exact*, the region by its name only."""
    if exact:
        return Filter(
            "task.id IN (SELECT task_id FROM mention WHERE place = 'text' AND way = 'name'"
            " AND region_id = (SELECT id FROM region WHERE name = ?))",
            (name,),
        )
    return Filter(
        "task.id IN (SELECT task_id FROM mention JOIN inside ON part_id = region_id"
        " WHERE whole_id = (SELECT id FROM region WHERE name = ?))",
        (name,),
    )


def by_section(*targets: str) -> Filter:
    """Tasks below any of *targets*, each ``list:ID`` or ``section:ID``."""
    columns = {"list": "section.list_id", "section": "task.section_id"}
    parted = [target.partition(":") for target in targets]
    either = " OR ".join(f"{columns[table]} = ?" for table, _colon, _number in parted)
    return Filter(f"({either})", tuple(number for _table, _colon, number in parted))


def by_keyword(word: str) -> Filter:
    """Tasks whose text holds *word*, folded; any text holds the empty word."""
    if not word:
        return EVERY_TASK
    return Filter("task.id IN (SELECT rowid FROM pairs WHERE pairs MATCH ?)", (phrase(word),))


def by_number(*numbers: str) -> Filter:
    """Tasks printed with any of *numbers*."""
    return Filter(f"task.no IN ({', '.join('?' * len(numbers))})", numbers)


def by_year(first: int, last: int) -> Filter:
    """Tasks of plans for a year from *first* to *last*."""
    return Filter("plan.year BETWEEN ? AND ?", (str(first), str(last)))


def by_jurisdiction(name: str) -> Filter:
    """Tasks of plans of exactly the region; those of regions in it are others' plans."""
    return Filter("plan.jurisdiction_id = (SELECT id FROM region WHERE name = ?)", (name,))
