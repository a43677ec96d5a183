"""How many tasks pass, and the first of them: at once, however many there are."""

import sqlite3

from plancli.query.asked import STANDING
from plancli.query.filters import Filter, Step

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
