"""What an answer should say besides its tasks: what is near it, what nobody can know."""

import re
import sqlite3
from collections.abc import Iterator

from plancli.i18n import _
from plancli.query import name_lookup
from plancli.query.counts import count_clause_matches, is_in_front_matter
from plancli.query.filters import (
    REGION_ID,
    Filter,
    by_agency,
    by_home_region,
    by_keyword,
    count_tasks,
)
from plancli.results.roles import Role

AREA_TYPE = "区域"
GOVERNMENT_KINDS = {
    "市级政府",
    "市级党委",
    "县级政府",
    "乡镇街道",
    "其他",
    "泛指",
}  # or it may be one
GOVERNMENT_SUFFIX = "政府$|[乡镇县区市州旗村）]$|街道$|社区$"  # seldom asked: compiled when it is


OFFICE_PATTERN = ".*?[省市县区州旗](.{2,}?)[厅局委办]"  # seldom asked: not compiled at every start


def find_named_agencies(db: sqlite3.Connection, where: Filter) -> list[str]:
    """Return the bodies that tasks named by *where* name, as they are called."""
    sql = f"""SELECT DISTINCT agency FROM task JOIN duty_row AS duty ON duty.task_id = task.id
        WHERE {where.sql} ORDER BY agency_id"""
    return [called for (called,) in db.execute(sql, where.params)]


def find_undefined_collectives(db: sqlite3.Connection, name: str, where: Filter) -> list[str]:
    """Return the collective phrases in those tasks, of which nobody knows if they mean the body.

    A phrase for places and their governments means no department.
    """
    own = where & by_home_region(name)
    sql = f"""SELECT display_name FROM agency WHERE kind = '泛指' AND display_name <> ?
         AND id NOT IN (SELECT collective_id FROM possible_member)
         AND EXISTS (SELECT 1 FROM duty JOIN task
                      WHERE agency_id = agency.id AND task_id = task.id AND {own.sql})
       ORDER BY id"""
    phrases = [called for (called,) in db.execute(sql, (name, *own.params))]
    (kind,) = db.execute("SELECT kind FROM agency WHERE display_name = ?", (name,)).fetchone()
    return [
        each
        for each in phrases
        if kind in GOVERNMENT_KINDS or not re.search(GOVERNMENT_SUFFIX, each)
    ]


def find_enclosing_areas(db: sqlite3.Connection, name: str, where: Filter) -> list[tuple[str, int]]:
    """Return the areas that hold the place *name*, and how many of those tasks name each."""
    sql = f"""SELECT region.name, count(*) FROM task
        JOIN task_region ON task_region.task_id = task.id AND task_region.rank = 1
        JOIN region_ancestor ON ancestor_id = task_region.region_id AND descendant_id = {REGION_ID}
         AND descendant_id <> ancestor_id
        JOIN region ON region.id = ancestor_id AND region.type = '{AREA_TYPE}'
       WHERE {where.sql} GROUP BY region.id ORDER BY count(*), region.id"""
    return [(area, tasks) for area, tasks in db.execute(sql, (name, *where.params))]


def iter_keyword_hints(db: sqlite3.Connection, words: list[str], where: Filter) -> Iterator[str]:
    """Yield where words that no text of the tasks holds together stand all the same.

    *where*: what else is asked of those tasks.
    """
    for word in words:
        if len(words) > 1:
            count = count_tasks(db, by_keyword(word) & where)
            yield _("tasks that contain {word}: {n}").format(n=count, word=word)
    for word in words:
        if count := count_clause_matches(db, word, where):
            said = _("“{word}” is in the clauses of {n} tasks: see “plancli agency”")
            yield said.format(word=word, n=count)
        if is_in_front_matter(db, word, where.plan_filter):
            said = _(
                "“{word}” is in the preamble, a section title or a list without tasks: see “plancli plan”"
            )
            yield said.format(word=word)


def get_empty_reason(db: sqlite3.Connection, name: Filter, message: str) -> str:
    """Return why no task is given: the filters keep out all that *name* means, or *message*.

    *name*: the filter on tasks that the name by itself means; where it lets tasks through,
    *message*, which says that there are none, would be untrue.
    """
    count = count_tasks(db, name)
    return (
        _("no task matches the filters; without filters: {n}").format(n=count) if count else message
    )


def iter_agency_hints(db: sqlite3.Connection, who: str, plans: Filter) -> Iterator[str]:
    """Yield what is known of *who*, where no task of its passes; *plans* are those asked."""
    led, every = (count_tasks(db, by_agency(who, role)) for role in (Role.LEAD, None))
    if every:
        yield _("no task of {name} matches the filters").format(name=who)
        said = _("{name} leads {led} tasks and takes part in {rest}")
        yield said.format(name=who, led=led, rest=every - led)
        return
    yield _("no task names {name}").format(name=who)
    office = _parse_office(who)
    if near := [
        each for each in find_named_agencies(db, plans) if office and _parse_office(each) == office
    ]:
        yield _("the plan names {names}").format(names=name_lookup.join_names(near))


def _parse_office(body: str) -> str:
    """Return what a body is in charge of, whosever it is: 发展改革 of 省发展改革委."""
    found = re.fullmatch(OFFICE_PATTERN, body)
    return found[1] if found else ""


def format_undefined_collectives(db: sqlite3.Connection, who: str, where: Filter) -> str:
    """Say of which collective phrases nobody has said whom they include; empty if of none."""
    phrases = find_undefined_collectives(db, who, where)
    if not phrases:
        return ""
    said = _("it is not defined whether these include {name}: {names}")
    return said.format(name=who, names=name_lookup.join_names(phrases))


def iter_area_hints(db: sqlite3.Connection, place: str, where: Filter) -> Iterator[str]:
    """Yield the areas that hold *place* and that tasks name."""
    for area, tasks in find_enclosing_areas(db, place, where):
        said = _(
            "{name} is in {area}; tasks that name the area: {n} (plancli region {area} --exact)"
        )
        yield said.format(area=area, name=place, n=tasks)
