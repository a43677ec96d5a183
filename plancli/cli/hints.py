"""What is said besides an answer: where else to look, what the plans leave open."""

import re
import sqlite3
from collections.abc import Iterator

from plancli import query
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.query import Filter, hints, name_lookup

OFFICE_PATTERN = ".*?[省市县区州旗](.{2,}?)[厅局委办]"  # seldom asked: not compiled at every start


def iter_keyword_hints(db: sqlite3.Connection, words: list[str], where: Filter) -> Iterator[str]:
    """Yield where words that no text of the tasks holds together stand all the same.

    *where*: what else is asked of those tasks.
    """
    for word in words:
        if len(words) > 1:
            count = query.count_tasks(db, query.by_keyword(word) & where)
            yield _("tasks that contain {word}: {n}").format(n=count, word=word)
    for word in words:
        if count := query.count_clause_matches(db, word, where):
            said = _("“{word}” is in the clauses of {n} tasks: see “plancli agency”")
            yield said.format(word=word, n=count)
        if query.is_in_front_matter(db, word, where.plan_filter):
            said = _(
                "“{word}” is in the preamble, a section title or a list without tasks: see “plancli plan”"
            )
            yield said.format(word=word)


def get_empty_reason(db: sqlite3.Connection, name: Filter, message: str) -> str:
    """Return why no task is given: the filters keep out all that *name* means, or *message*.

    *name*: the filter on tasks that the name by itself means; where it lets tasks through,
    *message*, which says that there are none, would be untrue.
    """
    count = query.count_tasks(db, name)
    return (
        _("no task matches the filters; without filters: {n}").format(n=count) if count else message
    )


def iter_agency_hints(db: sqlite3.Connection, who: str, plans: Filter) -> Iterator[str]:
    """Yield what is known of *who*, where no task of its passes; *plans* are those asked."""
    led, every = (query.count_tasks(db, query.by_agency(who, role)) for role in (Role.LEAD, None))
    if every:
        yield _("no task of {name} matches the filters").format(name=who)
        said = _("{name} leads {led} tasks and takes part in {rest}")
        yield said.format(name=who, led=led, rest=every - led)
        return
    yield _("no task names {name}").format(name=who)
    office = _parse_office(who)
    if near := [
        each
        for each in hints.find_named_agencies(db, plans)
        if office and _parse_office(each) == office
    ]:
        yield _("the plan names {names}").format(names=name_lookup.join_names(near))


def _parse_office(body: str) -> str:
    """Return what a body is in charge of, whosever it is: 发展改革 of 省发展改革委."""
    found = re.fullmatch(OFFICE_PATTERN, body)
    return found[1] if found else ""


def format_undefined_collectives(db: sqlite3.Connection, who: str, where: Filter) -> str:
    """Say of which collective phrases nobody has said whom they include; empty if of none."""
    phrases = hints.find_undefined_collectives(db, who, where)
    if not phrases:
        return ""
    said = _("it is not defined whether these include {name}: {names}")
    return said.format(name=who, names=name_lookup.join_names(phrases))


def iter_area_hints(db: sqlite3.Connection, place: str, where: Filter) -> Iterator[str]:
    """Yield the areas that hold *place* and that tasks name."""
    for area, tasks in hints.find_enclosing_areas(db, place, where):
        said = _(
            "{name} is in {area}; tasks that name the area: {n} (plancli region {area} --exact)"
        )
        yield said.format(area=area, name=place, n=tasks)
