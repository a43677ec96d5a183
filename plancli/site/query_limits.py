"""A connection for SQL that anybody may type: what one statement may take is bounded.

SQLite ends a statement only between two of its steps.  So that none takes long, texts are bounded,
and so are the functions whose work grows faster than their texts.
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

MAX_SECONDS = 2.0  # for a statement
SQLITE_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1 << 18,  # bytes of a text, a blob or a row
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
}
MAX_ANSWER_SIZE = 16 << 20  # characters and bytes of all rows
STEPS_PER_CHECK = 20  # of SQLite's machine, after which the time is looked at
MAX_WORK = 20_000_000  # characters compared, by a function whose work is the product of its texts
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
UNBOUNDED_FORMAT = re.compile(r"%[^%A-Za-z]*?(?:\*|\d{5})")  # as many characters as a value says
ANY_ARGUMENT_COUNT = -1  # of arguments
NAME_PATTERN = r"(?:\w+|\"[^\"]*\"|\[[^\]]*\]|`[^`]*`)"
COMMENT_PATTERN = re.compile(r"--[^\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
CTE_PATTERN = re.compile(
    rf"({NAME_PATTERN})\s*(?:\([^()]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(", re.IGNORECASE
)
QUOTE_CHARS = '"[]`'
MAX_CTE_COPIES = 1000  # of a subquery that WITH names, when it is written out wherever it is named
HIDDEN_COLUMN = ("pragma_database_list", "file")  # a table and its column: the path of the database


class WorkLimitExceeded(Exception):
    """A function was called too late, or with too much."""


class BoundedCursor(sqlite3.Cursor):
    """The rows of an answer, which all of them together fit into memory."""

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
        """Return all rows that are left."""
        return self.fetchmany()


class BoundedConnection(sqlite3.Connection):
    """A connection whose statements end; ``begin`` is called before each."""

    deadline = math.inf

    def start_timer(self) -> None:
        """Count the time from now on."""
        self.deadline = time.monotonic() + MAX_SECONDS

    def cursor(self, factory: Any = BoundedCursor) -> Any:
        """Return a cursor whose answer is bounded."""
        return super().cursor(factory)

    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.deadline

    def set_progress_handler(self, handler: Any, n: int) -> None:
        """Have *handler* called more often than asked: a step may be a slow function."""
        super().set_progress_handler(handler, min(n, STEPS_PER_CHECK))

    def apply_limits(self) -> None:
        """Set the limits, hide the path of the database, and replace the unbounded functions."""
        sqlite3.enable_callback_tracebacks(False)  # Datasette lets them reach the terminal
        for limit, most in SQLITE_LIMITS.items():
            self.setlimit(limit, most)
        plain = sqlite3.connect(":memory:", check_same_thread=False)  # has them as SQLite has them
        plain.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SQLITE_LIMITS[sqlite3.SQLITE_LIMIT_LENGTH])
        for name, count in PRODUCT_FUNCTIONS.items():
            self.register_function(name, count, partial(_call_if_small, plain, name))
        for name in FORMAT_FUNCTIONS:
            self.register_function(name, ANY_ARGUMENT_COUNT, partial(_call_if_finite, plain, name))
        self.register_function("like", 3, partial(_call_if_small, plain, "like"))  # with ESCAPE
        self.set_authorizer(self._check_access)

    def register_function(self, name: str, count: int, function: Callable[..., Any]) -> None:
        """Give SQL the *function*, which is not called when the time is over."""

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
            return sqlite3.SQLITE_IGNORE  # it is NULL
        return sqlite3.SQLITE_OK


def count_cte_copies(sql: str) -> int:
    """Return how many copies of a subquery SQLite may write out for what *sql* names by WITH.

    It does so before anything can stop it: x, named twice in y, which is named twice in z, ….
    """
    text = COMMENT_PATTERN.sub(" ", sql).lower()
    names = {name.strip(QUOTE_CHARS) for name in CTE_PATTERN.findall(text)}
    found = (each.strip(QUOTE_CHARS) for each in re.findall(rf"{NAME_PATTERN}(?!\s*\.)", text))
    uses = Counter(name for name in found if name in names)
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
