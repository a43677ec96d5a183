"""Resolve names typed on the site's pages as the command line does, and list the choices."""

import json
import sqlite3
from collections.abc import Callable
from functools import cache

from plancli import query
from plancli.errors import NotFound, PlanError
from plancli.i18n import use_language
from plancli.query import name_lookup
from plancli.query.agency_lookup import find_agencies
from plancli.query.region_lookup import find_regions
from plancli.site.query_limits import BoundedConnection
from plancli.text.normalize import build_fts_phrase, normalize_key

MAX_LENGTH = 1000  # characters of a name or a keyword
AGENCIES_SQL = """
SELECT DISTINCT display_name FROM possible_member JOIN agency ON agency.id = agency_id
 ORDER BY agency_id
"""
REGIONS_SQL = """
SELECT name FROM region WHERE EXISTS (SELECT 1 FROM task_region WHERE region_id = region.id)
 ORDER BY id
"""
SECTIONS_SQL = """
SELECT 'list:' || list.id AS target, list.id AS list_id, 0 AS id FROM list UNION ALL
SELECT 'section:' || id, list_id, id FROM section WHERE no > '' ORDER BY list_id, id
"""


class NameFunctions:
    """Name lookup in one open database, used by no other thread."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.choices = cache(self._list_choices)

    def find_agency(self, typed: str) -> str:
        """Return the name of the agency *typed*."""
        return find_agencies(self._db, typed).names[0]

    def find_region(self, typed: str) -> str:
        """Return the name of the region *typed*."""
        return find_regions(self._db, typed).names[0]

    def find_section(self, typed: str) -> str:
        """Return the lists and sections *typed* as a JSON array of ``list:ID`` and ``section:ID``."""
        return json.dumps(name_lookup.find_sections(self._db, typed))

    def register_functions(self, db: BoundedConnection) -> None:
        """Register the functions that the queries call on *db*; unknown names are NULL."""
        functions: dict[str, Callable[[str], str]] = {
            "agency_named": self.find_agency,
            "region_named": self.find_region,
            "sections_named": self.find_section,
            "phrase": build_fts_phrase,
        }
        for name, function in functions.items():
            db.register_function(name, 1, _make_nullable(function))

    def format_note(self, asks: str, typed: str) -> str:
        """Return a note in Chinese about the value *typed* for the parameter *asks*."""
        if len(typed) > MAX_LENGTH:
            return f"文字过长：最多{MAX_LENGTH:,}字"
        if asks == "word":
            return ""
        with use_language("zh"):
            try:
                found = getattr(self, f"find_{asks}")(typed)
            except PlanError as error:
                hint = "" if "plancli " in error.hint else error.hint  # nothing to do on a page
                return "\n".join(filter(None, (str(error), hint)))
            shown = (
                name_lookup.format_section_names(self._db, *json.loads(found))
                if asks == "section"
                else found
            )
        return "" if normalize_key(shown) == normalize_key(typed) else f"“{typed}”按“{shown}”查询"

    def _list_choices(self, asks: str, name: str) -> tuple[str, ...]:
        """Return the values to choose from for *asks* in the query *name*; () where any is allowed."""
        if asks == "agency" and name != "may_include_body":
            return tuple(str(name) for name in query.select_agencies(self._db).column("agency"))
        if asks == "section":
            targets = [target for target, _list, _id in self._db.execute(SECTIONS_SQL)]
            return tuple(
                dict.fromkeys(name_lookup.format_section_names(self._db, each) for each in targets)
            )
        sql = {"agency": AGENCIES_SQL, "region": REGIONS_SQL}.get(asks)
        return tuple(name for (name,) in self._db.execute(sql)) if sql else ()


def _make_nullable(function: Callable[[str], str]) -> Callable[[object], str | None]:
    def call_or_null(typed: object) -> str | None:
        try:
            is_short = isinstance(typed, str) and len(typed) <= MAX_LENGTH
            return function(str(typed)) if is_short and str(typed).strip() else None
        except NotFound:
            return None

    return call_or_null
