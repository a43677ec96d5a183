"""Precomputed when a database is built: regions of tasks, and summary counts."""

import json
import sqlite3

from plancli.query import counts
from plancli.query.sql import MENTION_RANK, PLAN_YEAR

MIN_TASKS_TO_SUMMARIZE = 1000  # counting fewer tasks is fast
INSERT_TASK_REGIONS = f"""
INSERT INTO task_region
SELECT task_id, ancestor_id, min({MENTION_RANK})
  FROM mention
  JOIN region_ancestor ON descendant_id = region_id
   AND (since = 0 AND until = 9999  -- most memberships; the year of the plan is slow to find
     OR (SELECT {PLAN_YEAR} FROM task_row AS task WHERE id = task_id) BETWEEN since AND until - 1)
 GROUP BY task_id, ancestor_id
"""


def store_task_regions(db: sqlite3.Connection) -> None:
    """Store the regions that every task is about."""
    db.execute(INSERT_TASK_REGIONS)


def store_summaries(db: sqlite3.Connection, many: int = MIN_TASKS_TO_SUMMARIZE) -> None:
    """Store the counts of all tasks, if there are more than *many*."""
    if db.execute("SELECT count(*) FROM task").fetchone()[0] <= many:
        return
    for question, answer in counts.SUMMARY_QUESTIONS.items():
        found = answer(db)
        rows = [found.columns, *found.rows]
        db.executemany(
            "INSERT INTO summary VALUES (?, ?, ?)",
            ((question, n, json.dumps(row, ensure_ascii=False)) for n, row in enumerate(rows)),
        )
