"""Run the SQL of a query with its filter, and convert the rows."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice

from plancli.query.filters import EVERY_TASK, Filter
from plancli.results.roles import Role
from plancli.results.table import LazyRows, Result, ResultCell, ResultRow

NAME_SEPARATOR = "\x1f"  # between names in one SQL cell; never occurs in plans
BOOLEAN_COLUMNS = frozenset({"open_ended", "overdue"})  # of a task
MAX_ROWS_IN_MEMORY = 2000  # longer answers are queried again on each iteration
LIST_COLUMNS = frozenset(
    {
        *Role,
        *(f"_{role}" for role in Role),
        "regions",
        "parts",
        "own_parts",
        "why",
        "words",
        "through",
        "mentions",
    }
)
ALWAYS_LIST_COLUMNS = frozenset({"numbers", "members"})  # split in any answer


def select(
    db: sqlite3.Connection,
    sql: str,
    where: Filter,
    first_params: tuple[str, ...] = (),
    title: str = "",
    summary: str = "",
) -> Result:
    """Run *sql* with the filter *where*; split cells of several names.

    *first_params*: parameters of the placeholders before the filter.  Columns with a name that
    starts with _ are only for rendering.  *summary*: the precomputed summary to use if *where*
    matches every task, if the database has it.
    """
    if summary and where == EVERY_TASK and (found := _load_summary(db, summary)):
        return found
    statement = sql.format(where=where.sql)
    params = first_params + where.params
    cursor = db.execute(statement, params)
    columns = tuple(column[0] for column in cursor.description)
    lists = ALWAYS_LIST_COLUMNS | (LIST_COLUMNS if "text" in columns else frozenset())
    split = {n for n, column in enumerate(columns) if column in lists}

    def convert_rows(rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
        return (_convert_cells(row, columns, split) for row in rows)

    @cache
    def count_rows() -> int:
        return int(db.execute(f"SELECT count(*) FROM ({statement})", params).fetchone()[0])

    def select_again() -> Iterator[ResultRow]:
        return convert_rows(db.execute(statement, params))

    return Result(
        title,
        columns,
        _collect_rows(convert_rows(cursor), select_again, count_rows),
        _has_several_plans(db),
    )


def _collect_rows(
    rows: Iterator[ResultRow],
    select_again: Callable[[], Iterator[ResultRow]],
    count: Callable[[], int],
) -> Collection[ResultRow]:
    """Return *rows* as a tuple if they are few; else rows that are queried on each iteration."""
    first_rows = tuple(islice(rows, MAX_ROWS_IN_MEMORY + 1))
    return first_rows if len(first_rows) <= MAX_ROWS_IN_MEMORY else LazyRows(select_again, count)


def _load_summary(db: sqlite3.Connection, question: str) -> Result | None:
    """Return the answer precomputed when the database was built, if any."""
    import json  # only needed for large plans

    from_summary = "FROM summary WHERE question = ? AND ord >= ?"

    def iter_summary_rows(first: int = 1) -> Iterator[ResultRow]:
        cursor = db.execute(f"SELECT cells {from_summary} ORDER BY ord", (question, first))
        decoded = (json.loads(cells) for (cells,) in cursor)
        return (tuple(tuple(c) if isinstance(c, list) else c for c in row) for row in decoded)

    def count_summary_rows() -> int:
        return int(db.execute(f"SELECT count(*) {from_summary}", (question, 1)).fetchone()[0])

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
        index = columns.index(name)
        cells[index] = bool(cells[index])
    return tuple(cells)
