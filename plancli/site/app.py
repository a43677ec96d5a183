"""The site itself: Datasette with the database, read-only, and what it says of it."""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import yaml
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted

from plancli import query
from plancli.results.table import Cell, number
from plancli.site.canned_queries import EXAMPLES, LABELS, QUESTIONS, written
from plancli.site.error_pages import TOO_MUCH, explain_sql
from plancli.site.query_limits import COPIES, SECONDS, Bounded, copies
from plancli.site.sql_functions import Typed
from plancli.system import files

HERE = Path(__file__).parent
NAME = "plan"  # of the database, in addresses
STYLE = "plancli"  # where the style sheet is, in addresses
CITED = 3  # plans; of more, only the number is said
SETTINGS = {
    "sql_time_limit_ms": int(SECONDS * 1000),
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "allow_csv_stream": True,
    "allow_download": False,
    "suggest_facets": False,
    "truncate_cells_html": 0,
}
Connect = Callable[[], Bounded]


class Plans(Database):  # type: ignore[misc]  # Datasette is not typed
    """The database as Datasette asks for it: never written to, each thread its own connection."""

    def __init__(self, site: Datasette, connect: Connect, typed: Typed) -> None:
        super().__init__(site, is_mutable=False, is_memory=True)  # so that it shows nobody a path
        self._connect, self._typed = connect, typed

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise sqlite3.OperationalError("read-only")
        db = self._connect()
        db.execute("PRAGMA query_only = 1")
        self._typed.register(db)
        db.bound()
        return db

    async def execute_fn(self, fn: Callable[[Bounded], Any]) -> Any:
        """Run *fn* with this thread's connection, whose time begins."""

        def bounded(db: Bounded) -> Any:
            db.begin()
            return fn(db)

        return await super().execute_fn(bounded)

    async def execute(self, sql: str, params: Any = None, *args: Any, **more: Any) -> Any:
        """Run *sql*; what is wrong with it is said on the page, not on the terminal."""
        begun = time.monotonic()
        if copies(sql) > COPIES:
            raise sqlite3.DataError(TOO_MUCH)
        try:
            return await super().execute(sql, params, *args, **{**more, "log_sql_errors": False})
        except sqlite3.DatabaseError as error:
            if time.monotonic() - begun > SECONDS:  # ended by us, which SQLite calls otherwise
                raise QueryInterrupted(error, sql, params) from error
            raise type(error)(explain_sql(error)) from error


def site(db: sqlite3.Connection) -> Datasette:
    """Return the site of *db*, which is opened anew; one in memory is copied."""
    connect = _connector(db)
    typed = Typed(connect())
    metadata = _metadata(db)
    made = Datasette(
        metadata=metadata,
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[(STYLE, str(HERE / "static"))],
    )
    made.remove_database("_memory")  # Datasette adds it where it is given no file
    made.add_database(Plans(made, connect, typed), name=NAME)
    made.jinja_env.globals.update(
        plan_database=NAME,
        plan_source=metadata["source"],
        plan_tables=[each for each in _tables(db) if not each.get("hidden")],
        plan_questions=QUESTIONS,
        labels=LABELS,
        examples=EXAMPLES,
        note=typed.note,
        choices=typed.choices,
    )
    return made


def _connector(db: sqlite3.Connection) -> Connect:
    """Return what opens *db* anew, in any thread; of one in memory, a copy.

    Not a shared one: a question and a name looked up meanwhile would wait for each other.
    """
    if path := db.execute("PRAGMA database_list").fetchone()[2]:
        return partial(_connected, files.read_only(Path(path)))
    kept, alone = _copied(db), Lock()

    def connect() -> Bounded:
        with alone:
            return _copied(kept)

    return connect


def _copied(db: sqlite3.Connection) -> Bounded:
    copy = _connected(":memory:")
    db.backup(copy)
    return copy


def _connected(uri: str) -> Bounded:
    return sqlite3.connect(uri, uri=True, check_same_thread=False, factory=Bounded)


def _metadata(db: sqlite3.Connection) -> dict[str, Any]:
    """Return what Datasette says of the database, in its own form."""
    plans = query.plans(db)
    heads = list(plans.records())
    about = _about(heads)
    tables = {each["name"]: each for each in _tables(db)}
    questions = _questions(db, several=len(heads) > 1)
    return {
        **about,
        "extra_css_urls": [f"/{STYLE}/plan.css"],
        "databases": {NAME: {**about, "tables": tables, "queries": questions}},
    }


def _about(heads: list[dict[str, Cell]]) -> dict[str, str]:
    """Return the title, description and source of the plans whose *heads* they are."""
    cited, more = heads[:CITED], len(heads) > CITED
    titles = "、".join(f"《{head['title']}》" for head in cited)
    sources = dict.fromkeys(f"{head['publisher']}，{head['published']}" for head in cited)
    tasks = sum(number(head["tasks"]) for head in heads)
    notes = [str(head["note"]) for head in cited if head["note"]]
    return {
        "title": titles + (f"等{len(heads)}份计划" if more else ""),
        "description": "\n".join((f"共{tasks}项任务。只供查阅，在此不能改动。", *notes)),
        "source": "；".join(sources) + ("等" if more else ""),
    }


def _questions(db: sqlite3.Connection, several: bool) -> dict[str, dict[str, Any]]:
    dated = bool(db.execute("SELECT 1 FROM task WHERE deadline > '' LIMIT 1").fetchall())
    return {
        each.name: {
            "title": each.title,
            "description": each.description,
            "sql": written(each, several=several, dated=dated),
            "params": [each.asks] if each.asks else [],
            "hide_sql": True,
        }
        for each in QUESTIONS
    }


def _tables(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return what is said of each table, with how many rows it has."""
    described = yaml.safe_load((HERE / "tables.yaml").read_text("utf-8"))
    return [
        {**each, "name": name, "rows": None if each.get("hidden") else _rows(db, name)}
        for name, each in described.items()
    ]


def _rows(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
