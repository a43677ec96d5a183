"""Tasks as rows that stand by themselves, the form of ``plancli.plan.flat_rows``, from the database."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plancli.query.filters import by_ids
from plancli.query.select import select
from plancli.query.sql import GRADE_NAME
from plancli.query.tasks import TASK_ROWS
from plancli.text.normalize import fold

FlatRecord = dict[str, Any]

TASK_ID_IN = "task_id IN (SELECT value FROM json_each(?))"
FIRST_TASKS = """
SELECT list.plan_id, min(task.id)
  FROM task JOIN section ON section.id = section_id JOIN list ON list.id = list_id
 GROUP BY list.plan_id
"""
TASK_CONTEXT = """
SELECT task.id AS task_id, plan.id, plan.title, list.no, section.no, deadline, region.name, year
  FROM task
  JOIN section ON section.id = section_id
  JOIN list ON list.id = list_id
  JOIN plan ON plan.id = plan_id
  JOIN region ON region.id = jurisdiction_id
 WHERE task.id IN (SELECT value FROM json_each(?))
"""
TASK_DUTIES = f"""
SELECT task_id, role, agency.name AS agency, coalesce(region.name, '') AS realm, open_ended AS etc
  FROM duty
  JOIN agency ON agency.id = agency_id
  LEFT JOIN region ON region.id = home_region_id
 WHERE {TASK_ID_IN}
 ORDER BY task_id, ord
"""
TASK_MENTIONS = f"""
SELECT task_id, region.name AS region, field AS place, word, mention_kind AS way
  FROM mention
  JOIN region ON region.id = region_id
 WHERE {TASK_ID_IN}
 ORDER BY task_id, ord
"""
TASK_REGION_GRADES = f"""
SELECT task_id, region.name AS region, {GRADE_NAME} AS grade
  FROM task_region
  JOIN region ON region.id = region_id
 WHERE {TASK_ID_IN}
 ORDER BY task_id, rank, region.name
"""
AGENCY_IDENTITY = """
SELECT agency.name, coalesce(region.name, '')
  FROM agency LEFT JOIN region ON region.id = home_region_id
 WHERE display_name = ?
"""


def resolve_agency(db: sqlite3.Connection, called: str) -> tuple[str, str]:
    """Return the name of the body *called* so in answers, and the place whose body it is."""
    name, realm = db.execute(AGENCY_IDENTITY, (called,)).fetchone()
    return str(name), str(realm)


def make_flattener(db: sqlite3.Connection) -> Callable[[Sequence[int]], list[FlatRecord]]:
    """Return what gives the rows of tasks by their ids, in that order."""
    first: dict[int, int] = {}  # of each plan, its first task

    def load_rows(ids: Sequence[int]) -> list[FlatRecord]:
        if not first:
            first.update(db.execute(FIRST_TASKS))
        return _load_rows(db, ids, first)

    return load_rows


def _load_rows(
    db: sqlite3.Connection, ids: Sequence[int], first: dict[int, int]
) -> list[FlatRecord]:
    these = f"[{','.join(map(str, ids))}]"
    told = select(db, TASK_ROWS, by_ids(ids))
    at = told.columns.index("_task")
    kept = [n for n, name in enumerate(told.columns) if not name.startswith("_")]
    tasks = {row[at]: {told.columns[n]: row[n] for n in kept} for row in told.rows}
    lists = {
        "duties": _group_by_task(db, TASK_DUTIES, these),
        "carried": _group_by_task(db, TASK_MENTIONS, these),
        "places": _group_by_task(db, TASK_REGION_GRADES, these),
    }
    for each in (duty for duties in lists["duties"].values() for duty in duties):
        each["etc"] = bool(each["etc"])
    for task, plan, title, list_no, section_no, deadline, region, year in db.execute(
        TASK_CONTEXT, (these,)
    ):
        row: FlatRecord = tasks[task]
        row |= {
            "title": title,
            "ord": task - first[plan] + 1,
            "list_no": list_no,
            "section_no": section_no,
            "deadline": deadline,
            **{name: found.get(task, []) for name, found in lists.items()},
            "folded": fold(row["text"]),
            "jurisdiction": region,
            "year": year,
        }
    return [tasks[each] for each in ids]


def _group_by_task(db: sqlite3.Connection, sql: str, these: str) -> dict[int, list[FlatRecord]]:
    """Return what *sql* finds for each task: a list of records, in its order."""
    found: dict[int, list[FlatRecord]] = defaultdict(list)
    for task, record in _iter_records(db.execute(sql, (these,))):
        found[task].append(record)
    return found


def _iter_records(cursor: sqlite3.Cursor) -> Iterator[tuple[int, FlatRecord]]:
    names = [column[0] for column in cursor.description][1:]
    return ((task, dict(zip(names, cells, strict=True))) for task, *cells in cursor)
