"""What people type on the pages, understood as on the command line; and what they may choose."""

import json
import sqlite3
from collections.abc import Callable
from functools import cache

from plancli import query
from plancli.errors import NotFound, PlanError
from plancli.i18n import speaking
from plancli.query import name_lookup
from plancli.site.query_limits import Bounded
from plancli.text.normalize import phrase, squeeze

LONGEST = 1000  # characters of a name or a word
BODIES = """
SELECT DISTINCT called FROM may_include JOIN agency ON agency.id = agency_id ORDER BY agency_id
"""
PLACES = """
SELECT name FROM region WHERE EXISTS (SELECT 1 FROM about WHERE region_id = region.id)
 ORDER BY id
"""
HEADINGS = """
SELECT 'list:' || list.id AS target, list.id AS list_id, 0 AS id FROM list UNION ALL
SELECT 'section:' || id, list_id, id FROM section WHERE no > '' ORDER BY list_id, id
"""


class Typed:
    """The names of one open database, which it alone asks."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.choices = cache(self._choices)

    def agency(self, typed: str) -> str:
        """Return the one name of the body *typed*."""
        return name_lookup.agency(self._db, typed).name

    def region(self, typed: str) -> str:
        """Return the one name of the place *typed*."""
        return name_lookup.region(self._db, typed).name

    def section(self, typed: str) -> str:
        """Return the headings *typed* as a JSON array of ``list:ID`` and ``section:ID``."""
        return json.dumps(name_lookup.sections(self._db, typed))

    def register(self, db: Bounded) -> None:
        """Give *db* the functions that the questions call; what is not understood is NULL."""
        found: dict[str, Callable[[str], str]] = {
            "agency_named": self.agency,
            "region_named": self.region,
            "sections_named": self.section,
            "phrase": phrase,
        }
        for name, function in found.items():
            db.define(name, 1, _or_null(function))

    def note(self, asks: str, typed: str) -> str:
        """Return what to say, in Chinese, of *typed* where a question *asks* for it."""
        if len(typed) > LONGEST:
            return f"文字过长：最多{LONGEST:,}字"
        if asks == "word":
            return ""
        with speaking("zh"):
            try:
                found = getattr(self, asks)(typed)
            except PlanError as error:
                hint = "" if "plancli " in error.hint else error.hint  # nothing to do on a page
                return "\n".join(filter(None, (str(error), hint)))
            shown = (
                name_lookup.heading(self._db, *json.loads(found)) if asks == "section" else found
            )
        return "" if squeeze(shown) == squeeze(typed) else f"“{typed}”按“{shown}”查询"

    def _choices(self, asks: str, name: str) -> tuple[str, ...]:
        """Return what may be typed where the question *name* *asks*; () where it is anything."""
        if asks == "agency" and name != "may_include_body":
            return tuple(str(body) for body in query.agencies(self._db).column("agency"))
        if asks == "section":
            targets = [target for target, _list, _id in self._db.execute(HEADINGS)]
            return tuple(dict.fromkeys(name_lookup.heading(self._db, each) for each in targets))
        sql = {"agency": BODIES, "region": PLACES}.get(asks)
        return tuple(called for (called,) in self._db.execute(sql)) if sql else ()


def _or_null(function: Callable[[str], str]) -> Callable[[object], str | None]:
    def asked(typed: object) -> str | None:
        try:
            is_short = isinstance(typed, str) and len(typed) <= LONGEST
            return function(str(typed)) if is_short and str(typed).strip() else None
        except NotFound:
            return None

    return asked
