"""From what is typed to the filter it means: names found, years read, every condition together."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import NamedTuple

from plancli import query
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.query import EVERY_TASK, Filter, name_lookup
from plancli.query.name_lookup import NameMatch
from plancli.results.roles import Role
from plancli.text.normalize import fold

MAX_CONDITIONS = 20  # conditions of one SELECT, at most: SQLite bounds how many may be joined
NoteCallback = Callable[[str], None]  # told what a person should know of the way to a name


class Criteria(NamedTuple):
    """The filters of a question as typed, and which of the tasks are wanted; all must hold.

    Of several years or jurisdictions any may hold, of the others every one.
    """

    agency: tuple[str, ...] = ()
    role: str = ""
    region: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    limit: int | None = None  # tasks at most
    offset: int = 0  # tasks that are left out before

    @property
    def is_partial(self) -> bool:
        """Whether only some of the tasks that pass are wanted."""
        return self.limit is not None or self.offset > 0

    @property
    def selects_tasks(self) -> bool:
        """Whether a filter chooses among the tasks of a plan, not only among plans."""
        return bool(self.agency or self.role or self.region or self.section or self.keyword)


def accept_match(found: NameMatch, note: NoteCallback) -> str:
    """Return the one name found, and *note* what the user should know of the way to it."""
    if found.note:
        note(found.note)
    return found.name


def resolve_role(asked: Criteria) -> Role | None:
    """Return the role asked for, if any."""
    return name_lookup.parse_role(asked.role) if asked.role else None


def build_filter(db: sqlite3.Connection, asked: Criteria, note: NoteCallback) -> Filter:
    """Return the filter that all of *asked* means together.

    Errors: NotFound where a name is none, or several; BadUsage where a word, role or year is none.
    """
    if not all(fold(word).strip() for word in asked.keyword):
        raise BadUsage(_("a keyword is empty"), hint=_("for example: plancli keyword 科创"))
    role = resolve_role(asked)
    plans = build_plan_filter(db, asked, note)
    bodies = [
        query.by_agency(accept_match(name_lookup.find_agency(db, name, plans), note), role)
        for name in dict.fromkeys(asked.agency)
    ]
    return plans & _join_filters(
        db,
        [
            *bodies,
            *([query.by_role(role)] if role and not bodies else []),
            *(
                query.by_region(accept_match(name_lookup.find_region(db, name), note))
                for name in dict.fromkeys(asked.region)
            ),
            *(
                build_section_filter(db, *name_lookup.find_sections(db, name, plans))
                for name in dict.fromkeys(asked.section)
            ),
            query.by_keyword(*asked.keyword),
        ],
    )


def _join_filters(db: sqlite3.Connection, conditions: Sequence[Filter]) -> Filter:
    """Return the filter that all of *conditions* are together; of many, each is asked alone."""
    each = [*dict.fromkeys(conditions)]
    if len(each) <= MAX_CONDITIONS:
        return reduce(and_, each, EVERY_TASK)
    ids = set(query.select_first_ids(db, each[0], -1))
    for where in each[1:]:
        ids.intersection_update(query.select_first_ids(db, where, -1))
    return query.by_ids(sorted(ids), *(said for where in each for said in where.descriptions))


def build_section_filter(db: sqlite3.Connection, *targets: str) -> Filter:
    """Return the filter on the lists and sections *targets*, which knows what they are called."""
    return query.by_section(*targets, called=name_lookup.format_section_names(db, *targets))


def build_plan_filter(db: sqlite3.Connection, asked: Criteria, note: NoteCallback) -> Filter:
    """Return the filter on plans: any of the years, and any of the jurisdictions."""
    years = dict.fromkeys(map(_parse_years, asked.year))
    typed = dict.fromkeys(asked.jurisdiction)
    regions = dict.fromkeys(accept_match(name_lookup.find_region(db, name), note) for name in typed)
    return (query.by_year(*years) if years else EVERY_TASK) & (
        query.by_jurisdiction(*regions) if regions else EVERY_TASK
    )


def _parse_years(typed: str) -> tuple[int, int]:
    first, _dash, last = typed.strip().removesuffix("年").partition("-")
    if not (first.isdecimal() and (not last or last.isdecimal()) and len(typed) < 12):
        raise BadUsage(
            _("not a year: {typed}").format(typed=typed), hint=_("for example: --year 2021-2023")
        )
    return int(first), int(last or first)
