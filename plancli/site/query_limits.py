"""Bound the work of SQL typed by anybody: time, memory and size of an answer.

SQLite stops a statement only between two steps of its virtual machine. To keep steps short, texts
are bounded, and so are functions whose work grows faster than their texts.
"""

import math
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

MAX_SECONDS = 2.0  # per statement
SQLITE_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1 << 18,  # bytes of a text, a blob or a row
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
}
MAX_ANSWER_SIZE = 16 << 20  # characters and bytes of all rows together
STEPS_PER_CHECK = 20  # steps of SQLite's virtual machine between checks of the time
# Characters compared, by functions whose work is the product of their arguments' lengths.
MAX_WORK = 20_000_000
PRODUCT_FUNCTIONS = {
    "instr": 2,
    "replace": 3,
    "trim": 2,
    "ltrim": 2,
    "rtrim": 2,
    "like": 2,
    "glob": 2,
    "json_patch": 2,
}
FORMAT_FUNCTIONS = ("printf", "format")
# The width is an argument, or has five digits.
UNBOUNDED_FORMAT = re.compile(r"%[^%A-Za-z]*?(?:\*|\d{5})")
ANY_ARGUMENT_COUNT = -1  # of a function
NAME_PATTERN = r"(?:\w+|\"[^\"]*\"|\[[^\]]*\]|`[^`]*`)"
COMMENT_PATTERN = re.compile(r"--[^\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
CTE_PATTERN = re.compile(
    rf"({NAME_PATTERN})\s*(?:\([^()]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(", re.IGNORECASE
)
QUOTE_CHARS = '"[]`'
# Copies of a WITH subquery, counting its expansion wherever it is named.
MAX_CTE_COPIES = 1000
# A table and its column: the path of the database.
HIDDEN_COLUMN = ("pragma_database_list", "file")


class WorkLimitExceeded(Exception):
    """A function was called after the time limit, or with too much text."""


class BoundedCursor(sqlite3.Cursor):
    """A cursor whose rows together fit into memory."""

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next *size* rows.

        Errors: DataError where they are too long.
        """
        rows, length = [], 0
        for row in islice(self, size):
            length += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
            if length > MAX_ANSWER_SIZE:
                raise sqlite3.DataError("the answer is too long")
            rows.append(row)
        return rows

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        return self.fetchmany()


class BoundedConnection(sqlite3.Connection):
    """A connection with bounded statements; ``start_timer`` is called before each."""

    deadline = math.inf

    def start_timer(self) -> None:
        """Start the time limit of a statement."""
        self.deadline = time.monotonic() + MAX_SECONDS

    def cursor(self, factory: Any = BoundedCursor) -> Any:
        """Return a cursor with bounded results."""
        return super().cursor(factory)

    def is_late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.deadline

    def set_progress_handler(self, handler: Any, n: int) -> None:
        """Call *handler* more often than asked, because one step may be a slow function."""
        super().set_progress_handler(handler, min(n, STEPS_PER_CHECK))

    def apply_limits(self) -> None:
        """Set the limits, hide the database's path, and replace the unbounded functions."""
        sqlite3.enable_callback_tracebacks(False)  # Datasette lets them reach the terminal
        for limit, most in SQLITE_LIMITS.items():
            self.setlimit(limit, most)
        plain = sqlite3.connect(":memory:", check_same_thread=False)  # with SQLite's own functions
        plain.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SQLITE_LIMITS[sqlite3.SQLITE_LIMIT_LENGTH])
        for name, count in PRODUCT_FUNCTIONS.items():
            self.register_function(name, count, partial(_call_if_small, plain, name))
        for name in FORMAT_FUNCTIONS:
            self.register_function(name, ANY_ARGUMENT_COUNT, partial(_call_if_finite, plain, name))
        self.register_function("like", 3, partial(_call_if_small, plain, "like"))  # with ESCAPE
        self.set_authorizer(self._check_access)

    def register_function(self, name: str, count: int, function: Callable[..., Any]) -> None:
        """Register *function* for SQL; it fails after the time limit."""

        def call_in_time(*values: Any) -> Any:
            if self.is_late():
                raise WorkLimitExceeded
            return function(*values)

        self.create_function(name, count, call_in_time, deterministic=True)

    def _check_access(self, action: int, table: str | None, column: str | None, *_more: Any) -> int:
        if self.is_late():
            return sqlite3.SQLITE_DENY
        if (
            action == sqlite3.SQLITE_READ
            and (str(table).lower(), str(column).lower()) == HIDDEN_COLUMN
        ):
            return sqlite3.SQLITE_IGNORE  # reads as NULL
        return sqlite3.SQLITE_OK


def count_cte_copies(sql: str) -> int:
    """Return how many copies of WITH subqueries SQLite may expand in *sql*.

    It expands them before a statement can be stopped: x, named twice in y, which is named twice in
    z, ….
    """
    text = COMMENT_PATTERN.sub(" ", sql).lower()
    names = {name.strip(QUOTE_CHARS) for name in CTE_PATTERN.findall(text)}
    words = (each.strip(QUOTE_CHARS) for each in re.findall(rf"{NAME_PATTERN}(?!\s*\.)", text))
    uses = Counter(name for name in words if name in names)
    return math.prod(max(1, count - 1) for count in uses.values())


def _call_if_small(plain: sqlite3.Connection, name: str, *values: Any) -> Any:
    if math.prod(_measure_size(value) for value in values[:2]) > MAX_WORK:
        raise WorkLimitExceeded
    return _call_function(plain, name, values)


def _call_if_finite(plain: sqlite3.Connection, name: str, *values: Any) -> Any:
    if values and UNBOUNDED_FORMAT.search(str(values[0])):
        raise WorkLimitExceeded
    return _call_function(plain, name, values)


def _call_function(plain: sqlite3.Connection, name: str, values: tuple[Any, ...]) -> Any:
    marks = ",".join("?" * len(values))
    return plain.execute(f"SELECT {name}({marks})", values).fetchone()[0]


def _measure_size(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes) else len(str(value))
