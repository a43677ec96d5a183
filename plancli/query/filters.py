"""Conditions on a task, each complete, that combine as sets do."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plancli.results.labels import VALUE_LABELS
from plancli.results.roles import Role
from plancli.text.normalize import build_fts_phrase, fold


class FilterStep(NamedTuple):
    """A condition as it is asked of one task after the other, and the way to those that pass it.

    ``way`` is a SELECT of their ids, called ``id``, which begins to give them in the plan's order
    at once; "" where there is none.  ``cost``: how long it takes to ask it of a task, where 1 is
    to look into an index.  ``only_id``: of the task it asks nothing but its id.
    """

    condition: str
    params: tuple[str, ...]
    index_scan: str = ""
    index_params: tuple[str, ...] = ()
    cost: int = 1
    only_id: bool = False


class Filter(NamedTuple):
    """A condition on a task; combine with ``&`` and ``~``.

    ``Filter()`` lets every task through.  ``sql`` is always written in this package, a row of
    conditions joined by AND; what the user typed travels in ``params``.  ``says`` tells a reader
    of the answer what was asked, in Chinese, a condition each.  ``steps`` say the same as ``sql``
    where only the first tasks are wanted.  ``plan_condition``: what it says of plans alone,
    as SQL on ``plan`` with its params; ``only_plans``: it says nothing else.
    """

    sql: str = "1"
    params: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    steps: tuple[FilterStep, ...] = ()
    plan_condition: tuple[str, tuple[str, ...]] = ("1", ())
    only_plans: bool = False

    def __and__(self, other: "Filter") -> "Filter":
        if EVERY_TASK in (self, other):
            return other if self == EVERY_TASK else self
        says = dict.fromkeys((*self.descriptions, *other.descriptions))
        sql, steps = f"{self.sql} AND {other.sql}", self.all_steps + other.all_steps
        plans = (
            f"{self.plan_condition[0]} AND {other.plan_condition[0]}",
            self.plan_condition[1] + other.plan_condition[1],
        )
        only_plans = self.only_plans and other.only_plans
        return Filter(sql, self.params + other.params, (*says,), steps, plans, only_plans)

    def __invert__(self) -> "Filter":
        says = tuple(f"除去{each}" for each in self.descriptions)
        step = self._combined_step._replace(condition=f"(NOT ({self._combined_step.condition}))")
        return Filter(f"(NOT ({self.sql}))", self.params, says, (step,))

    @property
    def plan_filter(self) -> "Filter":
        """The condition, as SQL on ``plan``, that the plan of any task that passes meets."""
        return Filter(*self.plan_condition, plan_condition=self.plan_condition)

    @property
    def all_steps(self) -> tuple[FilterStep, ...]:
        """The ``steps``, or the condition as one without a way."""
        return self.steps or (FilterStep(self.sql, self.params),)

    @property
    def _combined_step(self) -> FilterStep:
        """The ``steps`` as one without a way."""
        holds = " AND ".join(step.condition for step in self.all_steps)
        params = tuple(each for step in self.all_steps for each in step.params)
        return FilterStep(holds, params, only_id=all(step.only_id for step in self.all_steps))


EVERY_TASK = Filter()
NO_TASK = Filter("0")
AGENCY_ID = "(SELECT id FROM agency WHERE display_name = ?)"
REGION_ID = "(SELECT id FROM region WHERE name = ?)"
JSON_VALUES = "(SELECT value FROM json_each(?))"


PLAN_SECTIONS = (
    "SELECT section.id FROM plan JOIN list ON list.plan_id = plan.id"
    " JOIN section ON section.list_id = list.id"
)
HOME_PLANS = (
    "plan.jurisdiction_id IN (SELECT ancestor_id FROM region_ancestor"
    " JOIN agency ON home_region_id = descendant_id WHERE display_name = ?)"
)
SECTION_IDS = {  # of a list or a section, the sections
    "list": "SELECT id FROM section WHERE list_id IN (SELECT value FROM json_each(?))",
    "section": "SELECT value FROM json_each(?)",
}


def _to_json_array(values: Sequence[object]) -> str:
    import json  # not at every start

    return json.dumps(values)


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks in which the body called exactly *name* is named (in *role*, if given)."""
    roles = [role] if role else list(Role)
    among = f"role IN ({', '.join('?' * len(roles))})"
    own = f"SELECT task_id AS id FROM duty WHERE role = ? AND agency_id = {AGENCY_ID}"
    return Filter(
        f"task.id IN (SELECT task_id FROM duty WHERE {among} AND agency_id = {AGENCY_ID})",
        (*roles, name),
        (f"单位：{name}{f'（{VALUE_LABELS[role]}）' if role else ''}",),
        (
            FilterStep(
                f"EXISTS (SELECT 1 FROM duty WHERE task_id = task.id AND {among}"
                f" AND agency_id = {AGENCY_ID})",
                (*roles, name),
                " UNION ".join([own] * len(roles)) + " ORDER BY id",
                tuple(each for role in roles for each in (role, name)),
                only_id=True,
            ),
        ),
    )


def by_any_agency(names: Iterable[str], role: Role | None = None) -> Filter:
    """Tasks in which any of the agencies called *names* is named (in *role*, if given)."""
    given = [*names]
    roles = [role] if role else list(Role)
    return _by_id(
        f"task.id IN (SELECT task_id FROM duty WHERE role IN ({', '.join('?' * len(roles))})"
        f" AND agency_id IN (SELECT id FROM agency WHERE display_name IN {JSON_VALUES}))",
        (*roles, _to_json_array(given)),
        (" 或 ".join(by_agency(name, role).descriptions[0] for name in given),),
    )


def by_role(role: Role) -> Filter:
    """Tasks in which anybody has *role*."""
    says = f"责任：{VALUE_LABELS[role]}"
    return _by_id("task.id IN (SELECT task_id FROM duty WHERE role = ?)", (role,), (says,))


def _by_id(own: str, params: tuple[str, ...], says: tuple[str, ...]) -> Filter:
    return Filter(own, params, says, (FilterStep(own, params, only_id=True),))


def by_possible_member(name: str, role: Role | None = None) -> Filter:
    """Tasks that do not name the body, but (in *role*) a collective phrase that may include it."""
    roles = [role] if role else list(Role)
    phrases = Filter(
        "task.id IN (SELECT task_id FROM duty JOIN possible_member ON collective_id = duty.agency_id"
        f" WHERE role IN ({', '.join('?' * len(roles))})"
        " AND possible_member.agency_id = (SELECT id FROM agency WHERE display_name = ?))",
        (*roles, name),
    )
    found = phrases & by_home_region(name) & ~by_agency(name)
    return found._replace(descriptions=(f"统称可能包括：{name}",))


def by_home_region(name: str) -> Filter:
    """Tasks of plans whose collective phrases may mean the body: of its place, or around it."""
    return Filter(  # asked once, not for every task
        "((SELECT home_region_id FROM agency WHERE display_name = ?) IS NULL"
        f" OR {_in_plans(HOME_PLANS)})",
        (name, name),
    )


def _in_plans(condition: str) -> str:
    """Return the condition on a task that its plan meets *condition*.

    The sections are found once; + keeps SQLite from going through them, and sorting the tasks.
    """
    return f"+task.section_id IN ({PLAN_SECTIONS} WHERE {condition})"


def by_region(name: str, exact: bool = False) -> Filter:
    """Tasks that mention the region or what lies in it; if *exact*, the region by its name only."""
    own = f"SELECT task_id AS id FROM task_region WHERE region_id = {REGION_ID}"
    own += " AND rank = 1" * exact
    holds = f"EXISTS ({own} AND task_id = task.id)"
    says = f"地区：{name}{'（点名）' * exact}"
    step = FilterStep(holds, (name,), f"{own} ORDER BY task_id", (name,), only_id=True)
    return Filter(f"task.id IN ({own})", (name,), (says,), (step,))


def by_section(*targets: str, called: str = "") -> Filter:
    """Tasks below any of *targets*, each ``list:ID`` or ``section:ID``, which are *called* so."""
    given = {
        f"[{', '.join(number for kind, _colon, number in parted if kind == table)}]": own
        for parted in [[target.partition(":") for target in targets]]
        for table, own in SECTION_IDS.items()
    }
    given.pop("[]", None)
    own = f"task.section_id IN ({' UNION ALL '.join(given.values()) or 'NULL'})"
    way = f"SELECT id FROM task WHERE {own} ORDER BY section_id, id"
    says = (f"部分：{called}",) if called else ()
    step = FilterStep(own, (*given,), way, (*given,))
    return Filter(own, (*given,), says, (step,))


def by_keyword(*words: str) -> Filter:
    """Tasks whose text holds each of *words*, folded; any text holds the empty word."""
    if not (sought := tuple(filter(fold, words))):
        return EVERY_TASK
    every = (" AND ".join(map(build_fts_phrase, sought)),)
    found = "SELECT rowid AS id FROM task_fts WHERE task_fts MATCH ?"
    step = FilterStep(
        f"EXISTS ({found} AND rowid = task.id)", every, f"{found} ORDER BY rowid", every, 30, True
    )
    says = tuple(f"关键词：{word}" for word in sought)
    return Filter(f"task.id IN ({found})", every, says, (step,))


def by_ids(ids: Iterable[int], *says: str) -> Filter:
    """The tasks of *ids*, of which a reader is told what *says* says."""
    return _by_id(f"task.id IN {JSON_VALUES}", (f"[{', '.join(map(str, ids))}]",), says)


def by_number(*numbers: str) -> Filter:
    """Tasks printed with any of *numbers*."""
    says = (f"序号：{'、'.join(numbers)}",)
    return Filter(f"task.no IN {JSON_VALUES}", (_to_json_array(numbers),), says)


def by_parent_number(number: str) -> Filter:
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
    return _build_plan_filter(own, _to_json_array(spans), " 或 ".join(each))


def by_jurisdiction(*names: str) -> Filter:
    """Tasks of plans of exactly one of the regions; those of regions in it are others' plans."""
    own = f"plan.jurisdiction_id IN (SELECT id FROM region WHERE name IN {JSON_VALUES})"
    return _build_plan_filter(
        own, _to_json_array(names), " 或 ".join(f"适用地区：{name}" for name in names)
    )


def _build_plan_filter(own: str, param: str, says: str) -> Filter:
    plans = (own, (param,))
    return Filter(_in_plans(own), (param,), (says,), plan_condition=plans, only_plans=True)


PROBE_OFFSET = 100  # tasks of a way that are looked at to see how far it gets
MAX_SQLITE_INTEGER = 2**63 - 1  # number that SQLite knows
FULL_SCAN = FilterStep("1", (), "SELECT id FROM task ORDER BY id")
# A way's own order is kept, and what it gives is used as it comes, only where it has a LIMIT.
SCAN_TABLE = "({scan} LIMIT -1) AS scan"
# What is asked of more than a task's id comes last, of those that are left.
TASK_ROW_JOIN = " CROSS JOIN task ON task.id = scan.id"


def count_tasks(db: sqlite3.Connection, where: Filter) -> int:
    """Return how many tasks *where* lets through."""
    sql, params = f"SELECT count(*) FROM task WHERE {where.sql}", where.params
    if len(where.steps) == 1 and where.steps[0].index_scan:
        sql, params = (
            f"SELECT count(*) FROM ({where.steps[0].index_scan})",
            where.steps[0].index_params,
        )
    return int(db.execute(sql, params).fetchone()[0])


def select_first_ids(
    db: sqlite3.Connection, where: Filter, limit: int, offset: int = 0
) -> list[int]:
    """Return the ids of the first *limit* tasks that pass, after *offset* of them."""
    steps = sorted(where.all_steps, key=lambda step: not step.only_id)
    ways = [step for step in steps if step.index_scan] or [FULL_SCAN]
    best = min(ways, key=lambda way: _calculate_cost(db, way, steps)) if len(ways) > 1 else ways[0]
    steps = [step for step in steps if step is not best]
    tables = SCAN_TABLE.format(scan=best.index_scan) + (
        "" if all(step.only_id for step in steps) else TASK_ROW_JOIN
    )
    holds = " AND ".join(step.condition.replace("task.id", "scan.id") for step in steps) or "1"
    params = best.index_params + tuple(each for step in steps for each in step.params)
    sql = f"SELECT scan.id FROM {tables} WHERE {holds} LIMIT ? OFFSET ?"
    bounds = min(limit, MAX_SQLITE_INTEGER), min(offset, MAX_SQLITE_INTEGER)
    return [number for (number,) in db.execute(sql, (*params, *bounds))]


def _calculate_cost(db: sqlite3.Connection, way: FilterStep, steps: list[FilterStep]) -> float:
    """Return how long it takes to go this way, asking the other steps of every task on it.

    The fewer tasks are on it, the farther a few of them reach.
    """
    sql = f"SELECT id FROM ({way.index_scan} LIMIT 1 OFFSET {PROBE_OFFSET})"
    row = db.execute(sql, way.index_params).fetchone()
    return sum(step.cost for step in steps if step is not way) / row[0] if row else 0
