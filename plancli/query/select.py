"""What every question shares: where a task stands, its fields, and running the SQL."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.sql import FIELDS, STANDING
from plancli.results.table import Cell, Result, Row, Rows

SPLIT = "\x1f"  # between names that one SQL cell carries; no plan holds it
TRUTHS = frozenset({"open_ended", "overdue"})  # of a task
HELD = 2000  # rows; a longer answer is asked again each time it is gone through
LISTS = frozenset(
    {
        "lead",
        "participate",
        "regions",
        "why",
        "words",
        "through",
        "mentions",
        "_lead",
        "_participate",
    }
)
ALWAYS = frozenset({"numbers", "members"})  # split in any answer


def ask(
    db: sqlite3.Connection,
    sql: str,
    where: Filter,
    before: tuple[str, ...] = (),
    title: str = "",
    kept: str = "",
) -> Result:
    """Run *sql*, whose marks before its ``where`` take *before*; split cells of several names.

    Columns whose name begins with _ are only for drawing.  *kept*: the question under whose name
    the answer about all tasks may be kept in the database.
    """
    if kept and where == EVERY_TASK and (found := _kept(db, kept)):
        return found
    filled = sql.format(fields=FIELDS, standing=_standing(sql + where.sql), where=where.sql)
    params = before + where.params
    cursor = db.execute(filled, params)
    columns = tuple(column[0] for column in cursor.description)
    lists = ALWAYS | (LISTS if "text" in columns else frozenset())
    split = {n for n, column in enumerate(columns) if column in lists}

    def cells(rows: Iterable[Row]) -> Iterator[Row]:
        return (_cells(row, columns, split) for row in rows)

    @cache
    def count() -> int:
        return int(db.execute(f"SELECT count(*) FROM ({filled})", params).fetchone()[0])

    def again() -> Iterator[Row]:
        return cells(db.execute(filled, params))

    return Result(title, columns, _held(cells(cursor), again, count), _several(db))


def _standing(sql: str) -> str:
    """Return the tables that say where a task stands, as far as *sql* asks for them."""
    above = any(f"{table}." in sql for table in ("section", "list", "plan")) or "{fields}" in sql
    return STANDING if above else "task"


def _held(
    rows: Iterator[Row], again: Callable[[], Iterator[Row]], count: Callable[[], int]
) -> Collection[Row]:
    """Return *rows* if they are few; else those that are got *again* each time."""
    few = tuple(islice(rows, HELD + 1))
    return few if len(few) <= HELD else Rows(again, count)


def _kept(db: sqlite3.Connection, question: str) -> Result | None:
    """Return the answer that was worked out when the database was made, if it is there."""
    import json  # only where a great plan is counted

    kept = "FROM kept WHERE question = ? AND ord >= ?"

    def rows(first: int = 1) -> Iterator[Row]:
        asked = db.execute(f"SELECT cells {kept} ORDER BY ord", (question, first))
        read = (json.loads(cells) for (cells,) in asked)
        return (tuple(tuple(c) if isinstance(c, list) else c for c in row) for row in read)

    def count() -> int:
        return int(db.execute(f"SELECT count(*) {kept}", (question, 1)).fetchone()[0])

    if not (columns := next(rows(0), None)):
        return None
    return Result("", tuple(map(str, columns)), _held(rows(), rows, count), _several(db))


def _several(db: sqlite3.Connection) -> bool:
    """Whether several plans are open."""
    return len(db.execute("SELECT 1 FROM plan LIMIT 2").fetchall()) > 1


def _cells(row: Row, columns: tuple[str, ...], split: Iterable[int]) -> Row:
    cells: list[Cell] = list(row)
    for n in split:
        cells[n] = tuple(str(cells[n]).split(SPLIT)) if cells[n] else ()
    for name in TRUTHS.intersection(columns) if "text" in columns else ():
        at = columns.index(name)
        cells[at] = bool(cells[at])
    return tuple(cells)
