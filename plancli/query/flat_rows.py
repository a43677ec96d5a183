"""Tasks as rows that stand by themselves, the form of ``plancli.plan.flat_rows``, from the database."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plancli.query.filters import by_ids
from plancli.query.select import ask
from plancli.query.sql import GRADE
from plancli.query.tasks import TASKS
from plancli.text.normalize import fold

Row = dict[str, Any]

THESE = "task_id IN (SELECT value FROM json_each(?))"
FIRST = """
SELECT list.plan_id, min(task.id)
  FROM task JOIN section ON section.id = section_id JOIN list ON list.id = list_id
 GROUP BY list.plan_id
"""
HEADS = """
SELECT task.id AS task_id, plan.id, plan.title, list.no, section.no, deadline, region.name, year
  FROM task
  JOIN section ON section.id = section_id
  JOIN list ON list.id = list_id
  JOIN plan ON plan.id = plan_id
  JOIN region ON region.id = jurisdiction_id
 WHERE task.id IN (SELECT value FROM json_each(?))
"""
DUTIES = f"""
SELECT task_id, role, agency.name AS agency, coalesce(region.name, '') AS realm, etc
  FROM duty
  JOIN agency ON agency.id = agency_id
  LEFT JOIN region ON region.id = realm_id
 WHERE {THESE}
 ORDER BY task_id, ord
"""
CARRIED = f"""
SELECT task_id, region.name AS region, place, word, way
  FROM mention
  JOIN region ON region.id = region_id
 WHERE {THESE}
 ORDER BY task_id, ord
"""
PLACES = f"""
SELECT task_id, region.name AS region, {GRADE} AS grade
  FROM about
  JOIN region ON region.id = region_id
 WHERE {THESE}
 ORDER BY task_id, rank, region.name
"""
BODY = """
SELECT agency.name, coalesce(region.name, '')
  FROM agency LEFT JOIN region ON region.id = realm_id
 WHERE called = ?
"""


def body(db: sqlite3.Connection, called: str) -> tuple[str, str]:
    """Return the name of the body *called* so in answers, and the place whose body it is."""
    name, realm = db.execute(BODY, (called,)).fetchone()
    return str(name), str(realm)


def flattener(db: sqlite3.Connection) -> Callable[[Sequence[int]], list[Row]]:
    """Return what gives the rows of tasks by their ids, in that order."""
    first: dict[int, int] = {}  # of each plan, its first task

    def rows(ids: Sequence[int]) -> list[Row]:
        if not first:
            first.update(db.execute(FIRST))
        return _rows(db, ids, first)

    return rows


def _rows(db: sqlite3.Connection, ids: Sequence[int], first: dict[int, int]) -> list[Row]:
    these = f"[{','.join(map(str, ids))}]"
    told = ask(db, TASKS, by_ids(ids))
    at = told.columns.index("_task")
    kept = [n for n, name in enumerate(told.columns) if not name.startswith("_")]
    tasks = {row[at]: {told.columns[n]: row[n] for n in kept} for row in told.rows}
    lists = {
        "duties": _gathered(db, DUTIES, these),
        "carried": _gathered(db, CARRIED, these),
        "places": _gathered(db, PLACES, these),
    }
    for each in (duty for duties in lists["duties"].values() for duty in duties):
        each["etc"] = bool(each["etc"])
    for task, plan, title, list_no, section_no, deadline, region, year in db.execute(
        HEADS, (these,)
    ):
        row: Row = tasks[task]
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


def _gathered(db: sqlite3.Connection, sql: str, these: str) -> dict[int, list[Row]]:
    """Return what *sql* finds for each task: a list of records, in its order."""
    found: dict[int, list[Row]] = defaultdict(list)
    for task, record in _records(db.execute(sql, (these,))):
        found[task].append(record)
    return found


def _records(cursor: sqlite3.Cursor) -> Iterator[tuple[int, Row]]:
    names = [column[0] for column in cursor.description][1:]
    return ((task, dict(zip(names, cells, strict=True))) for task, *cells in cursor)
