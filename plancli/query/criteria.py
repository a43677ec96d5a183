"""Criteria as typed, and the filter built from them: names resolved, years and roles parsed."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import NamedTuple

from plancli import query
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.query import EVERY_TASK, Filter, name_lookup
from plancli.query.agency_lookup import find_agencies
from plancli.query.name_lookup import NameMatch
from plancli.query.region_lookup import find_regions
from plancli.results.roles import Role
from plancli.text.normalize import fold

MAX_CONDITIONS = 20  # per SELECT: SQLite limits the number of joins
NoteCallback = Callable[[str], None]  # receives notes on how names were resolved


class Criteria(NamedTuple):
    """The filters of a query as typed, and the range of tasks to return; all must match.

    Several years or jurisdictions are alternatives; several values of any other filter must all
    match.  One value of ``region`` may name several regions, of which any matches: 宿州、马鞍山.
    """

    agency: tuple[str, ...] = ()
    role: str = ""
    region: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    limit: int | None = None  # maximum number of tasks
    offset: int = 0  # number of tasks to skip

    @property
    def is_partial(self) -> bool:
        """Whether only some of the matching tasks are returned."""
        return self.limit is not None or self.offset > 0

    @property
    def selects_tasks(self) -> bool:
        """Whether a filter selects tasks, not only plans."""
        return bool(self.agency or self.role or self.region or self.section or self.keyword)


def accept_match(match: NameMatch, note: NoteCallback) -> tuple[str, ...]:
    """Return the names of *match*; pass its note, if any, to *note*."""
    if match.note:
        note(match.note)
    return match.names


def resolve_role(criteria: Criteria) -> Role | None:
    """Return the role in *criteria*, if any."""
    return name_lookup.parse_role(criteria.role) if criteria.role else None


def build_filter(db: sqlite3.Connection, criteria: Criteria, note: NoteCallback) -> Filter:
    """Return the conjunction of all filters in *criteria*.

    Errors: NotFound if a name is unknown or ambiguous; BadUsage if a keyword, role or year is
    invalid.
    """
    if not all(fold(word).strip() for word in criteria.keyword):
        raise BadUsage(_("a keyword is empty"), hint=_("for example: plancli keyword 科创"))
    role = resolve_role(criteria)
    plans = build_plan_filter(db, criteria, note)
    agencies = [
        query.by_any_agency(accept_match(find_agencies(db, name, plans), note), role)
        for name in dict.fromkeys(criteria.agency)
    ]
    return plans & _join_filters(
        db,
        [
            *agencies,
            *([query.by_role(role)] if role and not agencies else []),
            *(
                query.by_region(*accept_match(find_regions(db, name), note))
                for name in dict.fromkeys(criteria.region)
            ),
            *(
                build_section_filter(db, *name_lookup.find_sections(db, name, plans))
                for name in dict.fromkeys(criteria.section)
            ),
            query.by_keyword(*criteria.keyword),
        ],
    )


def _join_filters(db: sqlite3.Connection, conditions: Sequence[Filter]) -> Filter:
    """Return the conjunction of *conditions*; if there are many, each runs as its own query."""
    filters = [*dict.fromkeys(conditions)]
    if len(filters) <= MAX_CONDITIONS:
        return reduce(and_, filters, EVERY_TASK)
    ids = set(query.select_first_ids(db, filters[0], -1))
    for where in filters[1:]:
        ids.intersection_update(query.select_first_ids(db, where, -1))
    return query.by_ids(
        sorted(ids), *(description for where in filters for description in where.descriptions)
    )


def build_section_filter(db: sqlite3.Connection, *targets: str) -> Filter:
    """Return the filter on the lists and sections *targets*, described by their titles."""
    return query.by_section(*targets, called=name_lookup.format_section_names(db, *targets))


def build_plan_filter(db: sqlite3.Connection, criteria: Criteria, note: NoteCallback) -> Filter:
    """Return the filter on plans: any of the years and any of the jurisdictions."""
    years = dict.fromkeys(map(_parse_years, criteria.year))
    typed = dict.fromkeys(criteria.jurisdiction)
    regions = [each for name in typed for each in accept_match(find_regions(db, name), note)]
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
