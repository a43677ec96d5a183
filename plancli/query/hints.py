"""Notes on an answer: related results and collective agencies that are not defined."""

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
# Kinds of agencies that are a government, or may be one.
GOVERNMENT_KINDS = {"市级政府", "市级党委", "县级政府", "乡镇街道", "其他", "泛指"}
# Rarely used: not compiled at every start.
GOVERNMENT_SUFFIX = "政府$|[乡镇县区市州旗村）]$|街道$|社区$"
OFFICE_PATTERN = ".*?[省市县区州旗](.{2,}?)[厅局委办]"


def find_named_agencies(db: sqlite3.Connection, where: Filter) -> list[str]:
    """Return the display names of the agencies that tasks matching *where* name."""
    sql = f"""SELECT DISTINCT agency FROM task JOIN duty_row AS duty ON duty.task_id = task.id
        WHERE {where.sql} ORDER BY agency_id"""
    return [name for (name,) in db.execute(sql, where.params)]


def find_undefined_collectives(db: sqlite3.Connection, name: str, where: Filter) -> list[str]:
    """Return the collective agencies in the matching tasks without defined members.

    If the agency *name* is a department, without those that stand for governments only.
    """
    in_home_plans = where & by_home_region(name)
    sql = f"""SELECT display_name FROM agency WHERE kind = '泛指' AND display_name <> ?
         AND id NOT IN (SELECT collective_id FROM possible_member)
         AND EXISTS (SELECT 1 FROM duty JOIN task
                      WHERE agency_id = agency.id AND task_id = task.id AND {in_home_plans.sql})
       ORDER BY id"""
    collectives = [collective for (collective,) in db.execute(sql, (name, *in_home_plans.params))]
    (kind,) = db.execute("SELECT kind FROM agency WHERE display_name = ?", (name,)).fetchone()
    return [
        each
        for each in collectives
        if kind in GOVERNMENT_KINDS or not re.search(GOVERNMENT_SUFFIX, each)
    ]


def find_enclosing_areas(db: sqlite3.Connection, name: str, where: Filter) -> list[tuple[str, int]]:
    """Return the areas that contain the region *name*, and how many matching tasks name each."""
    sql = f"""SELECT region.name, count(*) FROM task
        JOIN task_region ON task_region.task_id = task.id AND task_region.rank = 1
        JOIN region_ancestor ON ancestor_id = task_region.region_id AND descendant_id = {REGION_ID}
         AND descendant_id <> ancestor_id
        JOIN region ON region.id = ancestor_id AND region.type = '{AREA_TYPE}'
       WHERE {where.sql} GROUP BY region.id ORDER BY count(*), region.id"""
    return [(area, tasks) for area, tasks in db.execute(sql, (name, *where.params))]


def iter_keyword_hints(db: sqlite3.Connection, words: list[str], where: Filter) -> Iterator[str]:
    """Yield notes on where *words* occur, if no task contains all of them.

    *where*: the other filters of the query.
    """
    for word in words:
        if len(words) > 1:
            count = count_tasks(db, by_keyword(word) & where)
            yield _("tasks that contain {word}: {n}").format(n=count, word=word)
    for word in words:
        if count := count_clause_matches(db, word, where):
            message = _("“{word}” is in the clauses of {n} tasks: see “plancli agency”")
            yield message.format(word=word, n=count)
        if is_in_front_matter(db, word, where.plan_filter):
            message = _(
                "“{word}” is in the preamble, a section title or a list without tasks: see “plancli plan”"
            )
            yield message.format(word=word)


def get_empty_reason(db: sqlite3.Connection, unfiltered: Filter, message: str) -> str:
    """Return why the answer is empty: no task matches the filters, or *message*.

    *unfiltered*: the filter of the name alone; *message* (there are no such tasks) is returned only
    if it matches nothing either.
    """
    count = count_tasks(db, unfiltered)
    return (
        _("no task matches the filters; without filters: {n}").format(n=count) if count else message
    )


def iter_agency_hints(db: sqlite3.Connection, agency: str, plans: Filter) -> Iterator[str]:
    """Yield notes on *agency*, if none of its tasks match; *plans*: the plan filter."""
    led, total = (count_tasks(db, by_agency(agency, role)) for role in (Role.LEAD, None))
    if total:
        yield _("no task of {name} matches the filters").format(name=agency)
        message = _("{name} leads {led} tasks and takes part in {rest}")
        yield message.format(name=agency, led=led, rest=total - led)
        return
    yield _("no task names {name}").format(name=agency)
    office = _parse_office(agency)
    if related := [
        each for each in find_named_agencies(db, plans) if office and _parse_office(each) == office
    ]:
        yield _("the plan names {names}").format(names=name_lookup.join_names(related))


def _parse_office(agency: str) -> str:
    """Return the field of an agency's name, without region and suffix: 发展改革 of 省发展改革委."""
    match = re.fullmatch(OFFICE_PATTERN, agency)
    return match[1] if match else ""


def format_undefined_collectives(db: sqlite3.Connection, agency: str, where: Filter) -> str:
    """Return a note on collective agencies without defined members; empty if there are none."""
    collectives = find_undefined_collectives(db, agency, where)
    if not collectives:
        return ""
    message = _("it is not defined whether these include {name}: {names}")
    return message.format(name=agency, names=name_lookup.join_names(collectives))


def iter_area_hints(db: sqlite3.Connection, region: str, where: Filter) -> Iterator[str]:
    """Yield notes on the areas that contain *region* and that tasks name."""
    for area, tasks in find_enclosing_areas(db, region, where):
        message = _(
            "{name} is in {area}; tasks that name the area: {n} (plancli region {area} --exact)"
        )
        yield message.format(area=area, name=region, n=tasks)
