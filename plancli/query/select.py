"""What every question shares: where a task stands, its fields, and running the SQL."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice

from plancli.query.filters import EVERY_TASK, Filter
from plancli.results.table import LazyRows, Result, ResultCell, ResultRow

NAME_SEPARATOR = "\x1f"  # between names that one SQL cell carries; no plan holds it
BOOLEAN_COLUMNS = frozenset({"open_ended", "overdue"})  # of a task
MAX_ROWS_IN_MEMORY = 2000  # rows; a longer answer is asked again each time it is gone through
LIST_COLUMNS = frozenset(
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
ALWAYS_LIST_COLUMNS = frozenset({"numbers", "members"})  # split in any answer


def select(
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
    if kept and where == EVERY_TASK and (found := _load_summary(db, kept)):
        return found
    filled = sql.format(where=where.sql)
    params = before + where.params
    cursor = db.execute(filled, params)
    columns = tuple(column[0] for column in cursor.description)
    lists = ALWAYS_LIST_COLUMNS | (LIST_COLUMNS if "text" in columns else frozenset())
    split = {n for n, column in enumerate(columns) if column in lists}

    def convert_rows(rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
        return (_convert_cells(row, columns, split) for row in rows)

    @cache
    def count_rows() -> int:
        return int(db.execute(f"SELECT count(*) FROM ({filled})", params).fetchone()[0])

    def select_again() -> Iterator[ResultRow]:
        return convert_rows(db.execute(filled, params))

    return Result(
        title,
        columns,
        _collect_rows(convert_rows(cursor), select_again, count_rows),
        _has_several_plans(db),
    )


def _collect_rows(
    rows: Iterator[ResultRow], again: Callable[[], Iterator[ResultRow]], count: Callable[[], int]
) -> Collection[ResultRow]:
    """Return *rows* if they are few; else those that are got *again* each time."""
    few = tuple(islice(rows, MAX_ROWS_IN_MEMORY + 1))
    return few if len(few) <= MAX_ROWS_IN_MEMORY else LazyRows(again, count)


def _load_summary(db: sqlite3.Connection, question: str) -> Result | None:
    """Return the answer that was worked out when the database was made, if it is there."""
    import json  # only where a great plan is counted

    kept = "FROM summary WHERE question = ? AND ord >= ?"

    def iter_summary_rows(first: int = 1) -> Iterator[ResultRow]:
        asked = db.execute(f"SELECT cells {kept} ORDER BY ord", (question, first))
        read = (json.loads(cells) for (cells,) in asked)
        return (tuple(tuple(c) if isinstance(c, list) else c for c in row) for row in read)

    def count_summary_rows() -> int:
        return int(db.execute(f"SELECT count(*) {kept}", (question, 1)).fetchone()[0])

    if not (columns := next(iter_summary_rows(0), None)):
        return None
    return Result(
        "",
        tuple(map(str, columns)),
        _collect_rows(iter_summary_rows(), iter_summary_rows, count_summary_rows),
        _has_several_plans(db),
    )


def _has_several_plans(db: sqlite3.Connection) -> bool:
    """Whether several plans are open."""
    return len(db.execute("SELECT 1 FROM plan LIMIT 2").fetchall()) > 1


def _convert_cells(row: ResultRow, columns: tuple[str, ...], split: Iterable[int]) -> ResultRow:
    cells: list[ResultCell] = list(row)
    for n in split:
        cells[n] = tuple(str(cells[n]).split(NAME_SEPARATOR)) if cells[n] else ()
    for name in BOOLEAN_COLUMNS.intersection(columns) if "text" in columns else ():
        at = columns.index(name)
        cells[at] = bool(cells[at])
    return tuple(cells)
