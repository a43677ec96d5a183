"""Conditions on a task that combine with ``&`` and ``~``."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from plancli.results.labels import VALUE_LABELS
from plancli.results.roles import Role
from plancli.text.normalize import build_fts_phrase, fold


class FilterStep(NamedTuple):
    """A condition evaluated task by task, and an index scan of the tasks that meet it.

    ``index_scan`` is a SELECT of their ids, as column ``id``, that yields the first ids in the
    plan's order without sorting; "" if there is none.  ``cost``: time per task, relative to one
    index lookup.  ``only_id``: the condition uses no column of the task except its id.
    """

    condition: str
    params: tuple[str, ...]
    index_scan: str = ""
    index_params: tuple[str, ...] = ()
    cost: int = 1
    only_id: bool = False


class Filter(NamedTuple):
    """A condition on a task; combine with ``&`` and ``~``.

    ``Filter()`` matches every task.  ``sql`` never contains user input: it is conditions joined by
    AND, with the values in ``params``.  ``descriptions`` describe the conditions to readers of the
    answer, in Chinese.  ``steps`` are equivalent to ``sql`` and are used if only the first tasks
    are needed.  ``plan_condition``: the part that concerns plans, as SQL on ``plan`` with its
    params; ``only_plans``: there is no other part.
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
        descriptions = dict.fromkeys((*self.descriptions, *other.descriptions))
        sql, steps = f"{self.sql} AND {other.sql}", self.all_steps + other.all_steps
        plans = (
            f"{self.plan_condition[0]} AND {other.plan_condition[0]}",
            self.plan_condition[1] + other.plan_condition[1],
        )
        only_plans = self.only_plans and other.only_plans
        return Filter(sql, self.params + other.params, (*descriptions,), steps, plans, only_plans)

    def __invert__(self) -> "Filter":
        descriptions = tuple(f"除去{each}" for each in self.descriptions)
        step = self._combined_step._replace(condition=f"(NOT ({self._combined_step.condition}))")
        return Filter(f"(NOT ({self.sql}))", self.params, descriptions, (step,))

    @property
    def plan_filter(self) -> "Filter":
        """The condition, as SQL on ``plan``, that the plan of every matching task meets."""
        return Filter(*self.plan_condition, plan_condition=self.plan_condition)

    @property
    def all_steps(self) -> tuple[FilterStep, ...]:
        """The ``steps``, or the condition as one step without an index scan."""
        return self.steps or (FilterStep(self.sql, self.params),)

    @property
    def _combined_step(self) -> FilterStep:
        """The ``steps`` combined into one without an index scan."""
        condition = " AND ".join(step.condition for step in self.all_steps)
        params = tuple(each for step in self.all_steps for each in step.params)
        return FilterStep(condition, params, only_id=all(step.only_id for step in self.all_steps))


EVERY_TASK = Filter()
NO_TASK = Filter("0")
AGENCY_ID = "(SELECT id FROM agency WHERE display_name = ?)"
REGION_ID = "(SELECT id FROM region WHERE name = ?)"
JSON_VALUES = "(SELECT value FROM json_each(?))"
JSON_ESCAPES = {'"', "\\", *map(chr, range(32))}


PLAN_SECTIONS = (
    "SELECT section.id FROM plan JOIN list ON list.plan_id = plan.id"
    " JOIN section ON section.list_id = list.id"
)
AGENCY_IDS = f"(SELECT id FROM agency WHERE display_name IN {JSON_VALUES})"
HOME_PLANS = (
    "plan.jurisdiction_id IN (SELECT ancestor_id FROM region_ancestor"
    f" JOIN agency ON home_region_id = descendant_id WHERE agency.id IN {AGENCY_IDS})"
)
SECTION_IDS = {  # table of a target -> SELECT of its sections
    "list": "SELECT id FROM section WHERE list_id IN (SELECT value FROM json_each(?))",
    "section": "SELECT value FROM json_each(?)",
}


def to_json_array(values: Iterable[object]) -> str:
    """Return *values* as a JSON array: names without json, which is slow to import."""
    listed = [*values]
    if all(isinstance(each, str) and JSON_ESCAPES.isdisjoint(each) for each in listed):
        return "[" + ", ".join(f'"{each}"' for each in listed) + "]"
    import json

    return json.dumps(listed)


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks that name the agency *name* (in *role*, if given)."""
    roles = [role] if role else list(Role)
    has_role = f"role IN ({', '.join('?' * len(roles))})"
    scan_by_role = f"SELECT task_id AS id FROM duty WHERE role = ? AND agency_id = {AGENCY_ID}"
    return Filter(
        f"task.id IN (SELECT task_id FROM duty WHERE {has_role} AND agency_id = {AGENCY_ID})",
        (*roles, name),
        (f"单位：{name}{f'（{VALUE_LABELS[role]}）' if role else ''}",),
        (
            FilterStep(
                f"EXISTS (SELECT 1 FROM duty WHERE task_id = task.id AND {has_role}"
                f" AND agency_id = {AGENCY_ID})",
                (*roles, name),
                " UNION ".join([scan_by_role] * len(roles)) + " ORDER BY id",
                tuple(each for role in roles for each in (role, name)),
                only_id=True,
            ),
        ),
    )


def by_any_agency(names: Iterable[str], role: Role | None = None) -> Filter:
    """Tasks that name any of the agencies *names* (in *role*, if given)."""
    agencies = [*names]
    if len(agencies) == 1:
        return by_agency(agencies[0], role)
    roles = [role] if role else list(Role)
    return _by_id(
        f"task.id IN (SELECT task_id FROM duty WHERE role IN ({', '.join('?' * len(roles))})"
        f" AND agency_id IN (SELECT id FROM agency WHERE display_name IN {JSON_VALUES}))",
        (*roles, to_json_array(agencies)),
        (" 或 ".join(by_agency(name, role).descriptions[0] for name in agencies),),
    )


def by_role(role: Role) -> Filter:
    """Tasks in which an agency has *role*."""
    description = f"责任：{VALUE_LABELS[role]}"
    return _by_id("task.id IN (SELECT task_id FROM duty WHERE role = ?)", (role,), (description,))


def _by_id(condition: str, params: tuple[str, ...], descriptions: tuple[str, ...]) -> Filter:
    return Filter(condition, params, descriptions, (FilterStep(condition, params, only_id=True),))


def by_possible_member(*names: str, role: Role | None = None) -> Filter:
    """Tasks that name none of the agencies but a collective agency (in *role*) that may include one."""
    roles = [role] if role else list(Role)
    names_collective = Filter(
        "task.id IN (SELECT task_id FROM duty JOIN possible_member ON collective_id = duty.agency_id"
        f" WHERE role IN ({', '.join('?' * len(roles))})"
        f" AND possible_member.agency_id IN {AGENCY_IDS})",
        (*roles, to_json_array(names)),
    )
    matching = names_collective & by_home_region(*names) & ~by_any_agency(names)
    return matching._replace(descriptions=(f"统称可能包括：{'、'.join(names)}",))


def by_home_region(*names: str) -> Filter:
    """Tasks of plans for an agency's home region or a region around it; all if one has none."""
    listed = to_json_array(names)
    return Filter(  # evaluated once, not for every task
        f"(EXISTS (SELECT 1 FROM agency WHERE id IN {AGENCY_IDS} AND home_region_id IS NULL)"
        f" OR {_in_plans(HOME_PLANS)})",
        (listed, listed),
    )


def _in_plans(condition: str) -> str:
    """Return the condition on a task that its plan meets *condition*.

    The unary + stops SQLite from scanning by section, which would require sorting the tasks.
    """
    return f"+task.section_id IN ({PLAN_SECTIONS} WHERE {condition})"


def by_region(*names: str, exact: bool = False) -> Filter:
    """Tasks about any of the regions or a region in them; if *exact*, only those with a name."""
    description = " 或 ".join(f"地区：{name}{'（点名）' * exact}" for name in names)
    with_rank = " AND rank = 1" * exact
    if len(names) > 1:
        ids = f"SELECT id FROM region WHERE name IN {JSON_VALUES}"
        task_ids = f"SELECT task_id FROM task_region WHERE region_id IN ({ids}){with_rank}"
        return _by_id(f"task.id IN ({task_ids})", (to_json_array(names),), (description,))
    task_ids = f"SELECT task_id AS id FROM task_region WHERE region_id = {REGION_ID}{with_rank}"
    condition = f"EXISTS ({task_ids} AND task_id = task.id)"
    step = FilterStep(condition, names, f"{task_ids} ORDER BY task_id", names, only_id=True)
    return Filter(f"task.id IN ({task_ids})", names, (description,), (step,))


def by_section(*targets: str, called: str = "") -> Filter:
    """Tasks in any of *targets*, each ``list:ID`` or ``section:ID``; *called*: their titles."""
    section_ids = {
        f"[{', '.join(number for kind, _colon, number in parts if kind == table)}]": select_ids
        for parts in [[target.partition(":") for target in targets]]
        for table, select_ids in SECTION_IDS.items()
    }
    section_ids.pop("[]", None)
    condition = f"task.section_id IN ({' UNION ALL '.join(section_ids.values()) or 'NULL'})"
    index_scan = f"SELECT id FROM task WHERE {condition} ORDER BY section_id, id"
    descriptions = (f"部分：{called}",) if called else ()
    step = FilterStep(condition, (*section_ids,), index_scan, (*section_ids,))
    return Filter(condition, (*section_ids,), descriptions, (step,))


def by_keyword(*words: str) -> Filter:
    """Tasks with text that contains all *words*, folded; empty words are ignored."""
    if not (keywords := tuple(filter(fold, words))):
        return EVERY_TASK
    params = (" AND ".join(map(build_fts_phrase, keywords)),)
    task_ids = "SELECT rowid AS id FROM task_fts WHERE task_fts MATCH ?"
    step = FilterStep(
        f"EXISTS ({task_ids} AND rowid = task.id)",
        params,
        f"{task_ids} ORDER BY rowid",
        params,
        30,
        True,
    )
    descriptions = tuple(f"关键词：{word}" for word in keywords)
    return Filter(f"task.id IN ({task_ids})", params, descriptions, (step,))


def by_ids(ids: Iterable[int], *descriptions: str) -> Filter:
    """The tasks with *ids*, described by *descriptions*."""
    return _by_id(f"task.id IN {JSON_VALUES}", (f"[{', '.join(map(str, ids))}]",), descriptions)


def by_number(*numbers: str) -> Filter:
    """Tasks with any of *numbers*, as printed."""
    descriptions = (f"序号：{'、'.join(numbers)}",)
    return Filter(f"task.no IN {JSON_VALUES}", (to_json_array(numbers),), descriptions)


def by_parent_number(number: str) -> Filter:
    """The subtasks of the task *number*: 11(1), 11(2)."""
    between = (f"{number}(", f"{number})")
    return Filter("task.no > ? AND task.no < ?", between, (f"序号：{number}",))


def by_year(*spans: tuple[int, int]) -> Filter:
    """Tasks of plans for a year in any of *spans*, each a first and a last year."""
    condition = (
        "plan.year IN (SELECT year FROM plan JOIN json_each(?) AS span"
        " ON year BETWEEN json_extract(span.value, '$[0]') AND json_extract(span.value, '$[1]'))"
    )
    descriptions = (f"年度：{first}" + f"—{last}" * (last != first) for first, last in spans)
    return _build_plan_filter(condition, to_json_array(spans), " 或 ".join(descriptions))


def by_jurisdiction(*names: str) -> Filter:
    """Tasks of plans of the regions *names*, without plans of regions in them."""
    condition = f"plan.jurisdiction_id IN (SELECT id FROM region WHERE name IN {JSON_VALUES})"
    return _build_plan_filter(
        condition, to_json_array(names), " 或 ".join(f"适用地区：{name}" for name in names)
    )


def _build_plan_filter(condition: str, param: str, description: str) -> Filter:
    on_plan = condition, (param,)
    return Filter(
        _in_plans(condition), (param,), (description,), plan_condition=on_plan, only_plans=True
    )


PROBE_OFFSET = 100  # tasks of an index scan that are read to estimate its density
MAX_SQLITE_INTEGER = 2**63 - 1
FULL_SCAN = FilterStep("1", (), "SELECT id FROM task ORDER BY id")
# LIMIT keeps SQLite from reordering the scan or reading it in full before use.
SCAN_TABLE = "({scan} LIMIT -1) AS scan"
# Conditions on other columns than the id are evaluated last, on the remaining tasks.
TASK_ROW_JOIN = " CROSS JOIN task ON task.id = scan.id"


def count_tasks(db: sqlite3.Connection, where: Filter) -> int:
    """Return the number of tasks that match *where*."""
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
    """Return the ids of the first *limit* matching tasks after skipping *offset*."""
    steps = sorted(where.all_steps, key=lambda step: not step.only_id)
    scans = [step for step in steps if step.index_scan] or [FULL_SCAN]
    best = (
        min(scans, key=lambda scan: _calculate_cost(db, scan, steps))
        if len(scans) > 1
        else scans[0]
    )
    steps = [step for step in steps if step is not best]
    tables = SCAN_TABLE.format(scan=best.index_scan) + (
        "" if all(step.only_id for step in steps) else TASK_ROW_JOIN
    )
    condition = " AND ".join(step.condition.replace("task.id", "scan.id") for step in steps) or "1"
    params = best.index_params + tuple(each for step in steps for each in step.params)
    sql = f"SELECT scan.id FROM {tables} WHERE {condition} LIMIT ? OFFSET ?"
    bounds = min(limit, MAX_SQLITE_INTEGER), min(offset, MAX_SQLITE_INTEGER)
    return [number for (number,) in db.execute(sql, (*params, *bounds))]


def _calculate_cost(db: sqlite3.Connection, scan: FilterStep, steps: list[FilterStep]) -> float:
    """Return the estimated cost of *scan*: checking the other steps for each of its tasks.

    The sparser the scan, the higher the id after ``PROBE_OFFSET`` tasks, and the lower the cost.
    """
    sql = f"SELECT id FROM ({scan.index_scan} LIMIT 1 OFFSET {PROBE_OFFSET})"
    row = db.execute(sql, scan.index_params).fetchone()
    return sum(step.cost for step in steps if step is not scan) / row[0] if row else 0
