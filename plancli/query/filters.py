"""Conditions on a task, each complete, that combine as sets do."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plancli.plan.role import Role
from plancli.query.sql import STANDING
from plancli.results.labels import WORDS
from plancli.text.normalize import fold, phrase


class Step(NamedTuple):
    """A condition as it is asked of one task after the other, and the way to those that pass it.

    ``way`` is a SELECT of their ids, called ``id``, which begins to give them in the plan's order
    at once; "" where there is none.  ``cost``: how long it takes to ask it of a task, where 1 is
    to look into an index.
    """

    holds: str
    params: tuple[str, ...]
    way: str = ""
    way_params: tuple[str, ...] = ()
    cost: int = 1


class Filter(NamedTuple):
    """A condition on a task; combine with ``&`` and ``~``.

    ``Filter()`` lets every task through.  ``sql`` is always written in this package, a row of
    conditions joined by AND; what the user typed travels in ``params``.  ``says`` tells a reader
    of the answer what was asked, in Chinese, a condition each.  ``steps`` say the same as ``sql``
    where only the first tasks are wanted.  ``plans``: what it says of plans alone, as SQL on
    ``plan`` with its params.
    """

    sql: str = "1"
    params: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    plans: tuple[str, tuple[str, ...]] = ("1", ())

    def __and__(self, other: "Filter") -> "Filter":
        if EVERY_TASK in (self, other):
            return other if self == EVERY_TASK else self
        says = dict.fromkeys((*self.says, *other.says))
        sql, steps = f"{self.sql} AND {other.sql}", self.stepwise + other.stepwise
        plans = f"{self.plans[0]} AND {other.plans[0]}", self.plans[1] + other.plans[1]
        return Filter(sql, self.params + other.params, (*says,), steps, plans)

    def __invert__(self) -> "Filter":
        says = tuple(f"除去{each}" for each in self.says)
        step = self._holds._replace(holds=f"(NOT ({self._holds.holds}))")
        return Filter(f"(NOT ({self.sql}))", self.params, says, (step,))

    @property
    def of_plans(self) -> "Filter":
        """The condition on plans alone that a plan of any task that passes meets."""
        return Filter(*self.plans)

    @property
    def stepwise(self) -> tuple[Step, ...]:
        """The ``steps``, or the condition as one without a way."""
        return self.steps or (Step(self.sql, self.params),)

    @property
    def _holds(self) -> Step:
        """The ``steps`` as one without a way."""
        holds = " AND ".join(step.holds for step in self.stepwise)
        return Step(holds, tuple(each for step in self.stepwise for each in step.params))


EVERY_TASK = Filter()
NO_TASK = Filter("0")
BODY = "(SELECT id FROM agency WHERE called = ?)"
PLACE = "(SELECT id FROM region WHERE name = ?)"
GIVEN = "(SELECT value FROM json_each(?))"


BELOW = {  # of a list or a section, the sections
    "list": "SELECT id FROM section WHERE list_id IN (SELECT value FROM json_each(?))",
    "section": "SELECT value FROM json_each(?)",
}


def _array(values: Sequence[object]) -> str:
    import json  # not at every start

    return json.dumps(values)


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks in which the body called exactly *name* is named (in *role*, if given)."""
    roles = [role] if role else list(Role)
    among = f"role IN ({', '.join('?' * len(roles))})"
    own = f"SELECT task_id AS id FROM duty WHERE role = ? AND agency_id = {BODY}"
    return Filter(
        f"task.id IN (SELECT task_id FROM duty WHERE {among} AND agency_id = {BODY})",
        (*roles, name),
        (f"单位：{name}{f'（{WORDS[role]}）' if role else ''}",),
        (
            Step(
                f"EXISTS (SELECT 1 FROM duty WHERE task_id = task.id AND {among}"
                f" AND agency_id = {BODY})",
                (*roles, name),
                " UNION ".join([own] * len(roles)) + " ORDER BY id",
                tuple(each for role in roles for each in (role, name)),
            ),
        ),
    )


def by_any_agency(names: Iterable[str], role: Role | None = None) -> Filter:
    """Tasks in which any of the agencies called *names* is named (in *role*, if given)."""
    given = [*names]
    roles = [role] if role else list(Role)
    return Filter(
        f"task.id IN (SELECT task_id FROM duty WHERE role IN ({', '.join('?' * len(roles))})"
        f" AND agency_id IN (SELECT id FROM agency WHERE called IN {GIVEN}))",
        (*roles, _array(given)),
        (" 或 ".join(by_agency(name, role).says[0] for name in given),),
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
    found = phrases & by_realm(name) & ~by_agency(name)
    return found._replace(says=(f"统称可能包括：{name}",))


def by_realm(name: str) -> Filter:
    """Tasks of plans whose collective phrases may mean the body: of its place, or around it."""
    return Filter(  # asked once, not for every task
        "((SELECT realm_id FROM agency WHERE called = ?) IS NULL OR plan.jurisdiction_id IN"
        " (SELECT whole_id FROM inside JOIN agency ON realm_id = part_id WHERE called = ?))",
        (name, name),
    )


def by_region(name: str, exact: bool = False) -> Filter:
    """Tasks that mention the region or what lies in it; if *exact*, the region by its name only."""
    own = f"SELECT task_id AS id FROM about WHERE region_id = {PLACE}{' AND rank = 1' * exact}"
    holds = f"EXISTS ({own} AND task_id = task.id)"
    says = f"地区：{name}{'（点名）' * exact}"
    step = Step(holds, (name,), f"{own} ORDER BY task_id", (name,))
    return Filter(f"task.id IN ({own})", (name,), (says,), (step,))


def by_section(*targets: str, called: str = "") -> Filter:
    """Tasks below any of *targets*, each ``list:ID`` or ``section:ID``, which are *called* so."""
    given = {
        f"[{', '.join(number for kind, _colon, number in parted if kind == table)}]": own
        for parted in [[target.partition(":") for target in targets]]
        for table, own in BELOW.items()
    }
    given.pop("[]", None)
    own = f"task.section_id IN ({' UNION ALL '.join(given.values()) or 'NULL'})"
    way = f"SELECT id FROM task WHERE {own} ORDER BY section_id, id"
    says = (f"部分：{called}",) if called else ()
    step = Step(own, (*given,), way, (*given,))
    return Filter(own, (*given,), says, (step,))


def by_keyword(*words: str) -> Filter:
    """Tasks whose text holds each of *words*, folded; any text holds the empty word."""
    if not (sought := tuple(filter(fold, words))):
        return EVERY_TASK
    every = (" AND ".join(map(phrase, sought)),)
    found = "SELECT rowid AS id FROM pairs WHERE pairs MATCH ?"
    step = Step(
        f"EXISTS ({found} AND rowid = task.id)", every, f"{found} ORDER BY rowid", every, 30
    )
    says = tuple(f"关键词：{word}" for word in sought)
    return Filter(f"task.id IN ({found})", every, says, (step,))


def by_ids(ids: Iterable[int], *says: str) -> Filter:
    """The tasks of *ids*, of which a reader is told what *says* says."""
    return Filter(f"task.id IN {GIVEN}", (f"[{', '.join(map(str, ids))}]",), says)


def by_number(*numbers: str) -> Filter:
    """Tasks printed with any of *numbers*."""
    says = (f"序号：{'、'.join(numbers)}",)
    return Filter(f"task.no IN {GIVEN}", (_array(numbers),), says)


def by_whole(number: str) -> Filter:
    """The parts, 11(1) and 11(2), of the task *number*."""
    between = (f"{number}(", f"{number})")
    return Filter("task.no > ? AND task.no < ?", between, (f"序号：{number}",))


def by_year(*spans: tuple[int, int]) -> Filter:
    """Tasks of plans for a year in any of *spans*, each the first year and the last."""
    own = (
        "plan.year IN (SELECT year FROM plan JOIN json_each(?) AS span"
        " ON year BETWEEN json_extract(span.value, '$[0]') AND json_extract(span.value, '$[1]'))"
    )
    each = (f"年度：{first}" + f"—{last}" * (last != first) for first, last in spans)
    return _of_plans(own, _array(spans), " 或 ".join(each))


def by_jurisdiction(*names: str) -> Filter:
    """Tasks of plans of exactly one of the regions; those of regions in it are others' plans."""
    own = f"plan.jurisdiction_id IN (SELECT id FROM region WHERE name IN {GIVEN})"
    return _of_plans(own, _array(names), " 或 ".join(f"适用地区：{name}" for name in names))


def _of_plans(own: str, param: str, says: str) -> Filter:
    return Filter(own, (param,), (says,), plans=(own, (param,)))


AHEAD = 100  # tasks of a way that are looked at to see how far it gets
LARGEST = 2**63 - 1  # number that SQLite knows
EVERY = Step("1", (), "SELECT id FROM task ORDER BY id")
# A way's own order is kept, and what it gives is used as it comes, only where it has a LIMIT.
WAY = "({way} LIMIT -1) AS way"
# What is asked of more than a task's id comes last, of those that are left.
ROW = " CROSS JOIN task ON task.id = way.id" + STANDING.removeprefix("task").replace(
    "JOIN", "CROSS JOIN"
)


def count(db: sqlite3.Connection, where: Filter) -> int:
    """Return how many tasks *where* lets through."""
    sql, params = f"SELECT count(*) FROM {STANDING} WHERE {where.sql}", where.params
    if len(where.steps) == 1 and where.steps[0].way:
        sql, params = f"SELECT count(*) FROM ({where.steps[0].way})", where.steps[0].way_params
    return int(db.execute(sql, params).fetchone()[0])


def first(db: sqlite3.Connection, where: Filter, limit: int, offset: int = 0) -> list[int]:
    """Return the ids of the first *limit* tasks that pass, after *offset* of them."""
    steps = sorted(where.stepwise, key=_of_row)
    ways = [step for step in steps if step.way] or [EVERY]
    best = min(ways, key=lambda way: _effort(db, way, steps)) if len(ways) > 1 else ways[0]
    steps = [step for step in steps if step is not best]
    tables = WAY.format(way=best.way) + (ROW if any(map(_of_row, steps)) else "")
    holds = " AND ".join(step.holds.replace("task.id", "way.id") for step in steps) or "1"
    params = best.way_params + tuple(each for step in steps for each in step.params)
    sql = f"SELECT way.id FROM {tables} WHERE {holds} LIMIT ? OFFSET ?"
    bounds = min(limit, LARGEST), min(offset, LARGEST)
    return [number for (number,) in db.execute(sql, (*params, *bounds))]


def _of_row(step: Step) -> bool:
    """Whether the step asks of more than the task's id."""
    rest = step.holds.replace("task.id", "")
    return any(f"{table}." in rest for table in ("task", "section", "list", "plan"))


def _effort(db: sqlite3.Connection, way: Step, steps: list[Step]) -> float:
    """Return how long it takes to go this way, asking the other steps of every task on it.

    The fewer tasks are on it, the farther a few of them reach.
    """
    sql = f"SELECT id FROM ({way.way} LIMIT 1 OFFSET {AHEAD})"
    row = db.execute(sql, way.way_params).fetchone()
    return sum(step.cost for step in steps if step is not way) / row[0] if row else 0
