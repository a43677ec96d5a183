"""Self-contained task rows from the database, in the form of ``plancli.plan.flat_rows``."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
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
SELECT task_id, role, duty.name AS agency, coalesce(region.name, '') AS realm, open_ended AS etc
  FROM duty_row AS duty
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


def make_flattener(db: sqlite3.Connection) -> Callable[[Sequence[int]], list[FlatRecord]]:
    """Return a function that returns the rows of the tasks with given ids, in the order given."""
    first_tasks: dict[int, int] = {}  # id of a plan -> id of its first task

    def load_rows(ids: Sequence[int]) -> list[FlatRecord]:
        if not first_tasks:
            first_tasks.update(db.execute(FIRST_TASKS))
        return _load_rows(db, ids, first_tasks)

    return load_rows


def _load_rows(
    db: sqlite3.Connection, ids: Sequence[int], first_tasks: dict[int, int]
) -> list[FlatRecord]:
    id_array = f"[{','.join(map(str, ids))}]"
    result = select(db, TASK_ROWS, by_ids(ids))
    id_index = result.columns.index("_task")
    public_columns = [n for n, name in enumerate(result.columns) if not name.startswith("_")]
    tasks = {
        row[id_index]: {result.columns[n]: row[n] for n in public_columns} for row in result.rows
    }
    lists = {
        "duties": _group_by_task(db, TASK_DUTIES, id_array),
        "carried": _group_by_task(db, TASK_MENTIONS, id_array),
        "places": _group_by_task(db, TASK_REGION_GRADES, id_array),
    }
    for duty in chain.from_iterable(lists["duties"].values()):
        duty["etc"] = bool(duty["etc"])
    for task, plan, title, list_no, section_no, deadline, region, year in db.execute(
        TASK_CONTEXT, (id_array,)
    ):
        row: FlatRecord = tasks[task]
        row |= {
            "title": title,
            "ord": task - first_tasks[plan] + 1,
            "list_no": list_no,
            "section_no": section_no,
            "deadline": deadline,
            **{name: records.get(task, []) for name, records in lists.items()},
            "folded": fold(row["text"]),
            "jurisdiction": region,
            "year": year,
        }
    return [tasks[task] for task in ids]


def _group_by_task(db: sqlite3.Connection, sql: str, id_array: str) -> dict[int, list[FlatRecord]]:
    """Return the rows of *sql* for each task, as records in the order of the rows."""
    records: dict[int, list[FlatRecord]] = defaultdict(list)
    for task, record in _iter_records(db.execute(sql, (id_array,))):
        records[task].append(record)
    return records


def _iter_records(cursor: sqlite3.Cursor) -> Iterator[tuple[int, FlatRecord]]:
    names = [column[0] for column in cursor.description][1:]
    return ((task, dict(zip(names, cells, strict=True))) for task, *cells in cursor)
