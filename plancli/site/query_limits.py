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

SECONDS = 2.0  # for a statement
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1 << 18,  # bytes of a text, a blob or a row
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
}
ANSWER = 16 << 20  # characters and bytes of all rows
STEPS = 20  # of SQLite's machine, after which the time is looked at
WORK = 20_000_000  # characters compared, by a function whose work is the product of its texts
PRODUCTS = {
    "instr": 2,
    "replace": 3,
    "trim": 2,
    "ltrim": 2,
    "rtrim": 2,
    "like": 2,
    "glob": 2,
    "json_patch": 2,
}
FORMATS = ("printf", "format")
ENDLESS = re.compile(r"%[^%A-Za-z]*?(?:\*|\d{5})")  # as many characters as a value says
ANY_NUMBER = -1  # of arguments
NAME = r"(?:\w+|\"[^\"]*\"|\[[^\]]*\]|`[^`]*`)"
COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
WITH = re.compile(
    rf"({NAME})\s*(?:\([^()]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(", re.IGNORECASE
)
QUOTES = '"[]`'
COPIES = 1000  # of a subquery that WITH names, when it is written out wherever it is named
HIDDEN = ("pragma_database_list", "file")  # a table and its column: the path of the database


class TooMuch(Exception):
    """A function was called too late, or with too much."""


class Rows(sqlite3.Cursor):
    """The rows of an answer, which all of them together fit into memory."""

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next *size* rows.

        Errors: DataError where they are too long.
        """
        rows, length = [], 0
        for row in islice(self, size):
            length += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
            if length > ANSWER:
                raise sqlite3.DataError("the answer is too long")
            rows.append(row)
        return rows

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        return self.fetchmany()


class Bounded(sqlite3.Connection):
    """A connection whose statements end; ``begin`` is called before each."""

    deadline = math.inf

    def begin(self) -> None:
        """Count the time from now on."""
        self.deadline = time.monotonic() + SECONDS

    def cursor(self, factory: Any = Rows) -> Any:
        """Return a cursor whose answer is bounded."""
        return super().cursor(factory)

    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.deadline

    def set_progress_handler(self, handler: Any, n: int) -> None:
        """Have *handler* called more often than asked: a step may be a slow function."""
        super().set_progress_handler(handler, min(n, STEPS))

    def bound(self) -> None:
        """Set the limits, hide the path of the database, and replace the unbounded functions."""
        sqlite3.enable_callback_tracebacks(False)  # Datasette lets them reach the terminal
        for limit, most in LIMITS.items():
            self.setlimit(limit, most)
        plain = sqlite3.connect(":memory:", check_same_thread=False)  # has them as SQLite has them
        plain.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMITS[sqlite3.SQLITE_LIMIT_LENGTH])
        for name, count in PRODUCTS.items():
            self.define(name, count, partial(_call_if_small, plain, name))
        for name in FORMATS:
            self.define(name, ANY_NUMBER, partial(_call_if_finite, plain, name))
        self.define("like", 3, partial(_call_if_small, plain, "like"))  # with ESCAPE
        self.set_authorizer(self._authorize)

    def define(self, name: str, count: int, function: Callable[..., Any]) -> None:
        """Give SQL the *function*, which is not called when the time is over."""

        def call(*values: Any) -> Any:
            if self.is_late():
                raise TooMuch
            return function(*values)

        self.create_function(name, count, call, deterministic=True)

    def _authorize(self, action: int, table: str | None, column: str | None, *_more: Any) -> int:
        if self.is_late():
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and (str(table).lower(), str(column).lower()) == HIDDEN:
            return sqlite3.SQLITE_IGNORE  # it is NULL
        return sqlite3.SQLITE_OK


def copies(sql: str) -> int:
    """Return how many copies of a subquery SQLite may write out for what *sql* names by WITH.

    It does so before anything can stop it: x, named twice in y, which is named twice in z, ….
    """
    text = COMMENT.sub(" ", sql).lower()
    names = {name.strip(QUOTES) for name in WITH.findall(text)}
    found = (each.strip(QUOTES) for each in re.findall(rf"{NAME}(?!\s*\.)", text))
    uses = Counter(name for name in found if name in names)
    return math.prod(max(1, count - 1) for count in uses.values())


def _call_if_small(plain: sqlite3.Connection, name: str, *values: Any) -> Any:
    if math.prod(_size(value) for value in values[:2]) > WORK:
        raise TooMuch
    return _call(plain, name, values)


def _call_if_finite(plain: sqlite3.Connection, name: str, *values: Any) -> Any:
    if values and ENDLESS.search(str(values[0])):
        raise TooMuch
    return _call(plain, name, values)


def _call(plain: sqlite3.Connection, name: str, values: tuple[Any, ...]) -> Any:
    marks = ",".join("?" * len(values))
    return plain.execute(f"SELECT {name}({marks})", values).fetchone()[0]


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes) else len(str(value))
