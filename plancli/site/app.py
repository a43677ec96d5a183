"""Configure Datasette for the database: read-only, with metadata, queries and functions."""

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
from plancli.results.table import ResultCell, to_int
from plancli.site.canned_queries import (
    CANNED_QUERIES,
    PARAMETER_EXAMPLES,
    PARAMETER_LABELS,
    render_sql,
)
from plancli.site.error_pages import LIMIT_MESSAGE, format_sql_error
from plancli.site.query_limits import (
    MAX_CTE_COPIES,
    MAX_SECONDS,
    BoundedConnection,
    count_cte_copies,
)
from plancli.site.sql_functions import NameFunctions
from plancli.system import files

SITE_DIR = Path(__file__).parent
DATABASE_NAME = "plan"  # of the database, in URLs
STATIC_MOUNT = "plancli"  # location of the style sheet, in URLs
MAX_CITED_PLANS = 3  # of more plans only the number is given
DATASETTE_SETTINGS = {
    "sql_time_limit_ms": int(MAX_SECONDS * 1000),
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "allow_csv_stream": True,
    "allow_download": False,
    "suggest_facets": False,
    "truncate_cells_html": 0,
}
ConnectFunction = Callable[[], BoundedConnection]


class SiteDatabase(Database):  # type: ignore[misc]  # Datasette is not typed
    """The database in Datasette's interface: read-only, one connection per thread."""

    def __init__(self, site: Datasette, connect: ConnectFunction, typed: NameFunctions) -> None:
        # In-memory mode, so that pages do not show the file's path.
        super().__init__(site, is_mutable=False, is_memory=True)
        self._connect, self._typed = connect, typed

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise sqlite3.OperationalError("read-only")
        db = self._connect()
        db.execute("PRAGMA query_only = 1")
        self._typed.register_functions(db)
        db.apply_limits()
        return db

    async def execute_fn(self, fn: Callable[[BoundedConnection], Any]) -> Any:
        """Run *fn* with this thread's connection and a new time limit."""

        def run_in_time(db: BoundedConnection) -> Any:
            db.start_timer()
            return fn(db)

        return await super().execute_fn(run_in_time)

    async def execute(self, sql: str, params: Any = None, *args: Any, **more: Any) -> Any:
        """Run *sql*; errors appear on the page, not on the terminal."""
        started = time.monotonic()
        if count_cte_copies(sql) > MAX_CTE_COPIES:
            raise sqlite3.DataError(LIMIT_MESSAGE)
        try:
            return await super().execute(sql, params, *args, **{**more, "log_sql_errors": False})
        except sqlite3.DatabaseError as error:
            # stopped by the time limit, which SQLite reports differently
            if time.monotonic() - started > MAX_SECONDS:
                raise QueryInterrupted(error, sql, params) from error
            raise type(error)(format_sql_error(error)) from error


def build_site(db: sqlite3.Connection) -> Datasette:
    """Return the site of *db*, which is opened again; a database in memory is copied."""
    connect = _make_connect(db)
    typed = NameFunctions(connect())
    metadata = _build_metadata(db)
    site = Datasette(
        metadata=metadata,
        settings=DATASETTE_SETTINGS,
        template_dir=str(SITE_DIR / "templates"),
        static_mounts=[(STATIC_MOUNT, str(SITE_DIR / "static"))],
    )
    site.remove_database("_memory")  # Datasette adds it where no file is given
    site.add_database(SiteDatabase(site, connect, typed), name=DATABASE_NAME)
    site.jinja_env.globals.update(
        plan_database=DATABASE_NAME,
        plan_source=metadata["source"],
        plan_tables=[each for each in _load_tables(db) if not each.get("hidden")],
        plan_questions=CANNED_QUERIES,
        labels=PARAMETER_LABELS,
        examples=PARAMETER_EXAMPLES,
        note=typed.format_note,
        choices=typed.choices,
    )
    return site


def _make_connect(db: sqlite3.Connection) -> ConnectFunction:
    """Return a function that opens *db* again, in any thread; one in memory is copied.

    Not shared: a query and a name lookup in parallel would wait for each other.
    """
    if path := db.execute("PRAGMA database_list").fetchone()[2]:
        return partial(_open_database, files.to_read_only_uri(Path(path)))
    original, lock = _copy_database(db), Lock()

    def copy_shared() -> BoundedConnection:
        with lock:
            return _copy_database(original)

    return copy_shared


def _copy_database(db: sqlite3.Connection) -> BoundedConnection:
    copy = _open_database(":memory:")
    db.backup(copy)
    return copy


def _open_database(uri: str) -> BoundedConnection:
    return sqlite3.connect(uri, uri=True, check_same_thread=False, factory=BoundedConnection)


def _build_metadata(db: sqlite3.Connection) -> dict[str, Any]:
    """Return Datasette's metadata of the database."""
    plans = query.select_plans(db)
    heads = list(plans.records())
    description = _build_description(heads)
    tables = {each["name"]: each for each in _load_tables(db)}
    questions = _build_queries(db, several=len(heads) > 1)
    return {
        **description,
        "extra_css_urls": [f"/{STATIC_MOUNT}/plan.css"],
        "databases": {DATABASE_NAME: {**description, "tables": tables, "queries": questions}},
    }


def _build_description(heads: list[dict[str, ResultCell]]) -> dict[str, str]:
    """Return title, description and source of the plans *heads*."""
    cited, more = heads[:MAX_CITED_PLANS], len(heads) > MAX_CITED_PLANS
    titles = "、".join(f"《{head['title']}》" for head in cited)
    sources = dict.fromkeys(f"{head['publisher']}，{head['published']}" for head in cited)
    tasks = sum(to_int(head["tasks"]) for head in heads)
    notes = [str(head["note"]) for head in cited if head["note"]]
    return {
        "title": titles + (f"等{len(heads)}份计划" if more else ""),
        "description": "\n".join((f"共{tasks}项任务。只供查阅，在此不能改动。", *notes)),
        "source": "；".join(sources) + ("等" if more else ""),
    }


def _build_queries(db: sqlite3.Connection, several: bool) -> dict[str, dict[str, Any]]:
    dated = bool(db.execute("SELECT 1 FROM task WHERE deadline > '' LIMIT 1").fetchall())
    return {
        each.name: {
            "title": each.title,
            "description": each.description,
            "sql": render_sql(each, several=several, dated=dated),
            "params": [each.asks] if each.asks else [],
            "hide_sql": True,
        }
        for each in CANNED_QUERIES
    }


def _load_tables(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the description of each table, with its number of rows."""
    described = yaml.safe_load((SITE_DIR / "tables.yaml").read_text("utf-8"))
    return [
        {**each, "name": name, "rows": None if each.get("hidden") else _count_rows(db, name)}
        for name, each in described.items()
    ]


def _count_rows(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
