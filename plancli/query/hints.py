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
    by_possible_member,
    by_region,
    count_tasks,
)
from plancli.query.sql import PLAN_YEAR
from plancli.query.tasks import select_false_mentions
from plancli.results.roles import Role

AREA_TYPE = "区域"
CITY_TYPE = "地级"
DIVISION_TYPES = ("省级", CITY_TYPE)
# Kinds of agencies that are a government, or may be one.
GOVERNMENT_KINDS = {"市级政府", "市级党委", "县级政府", "乡镇街道", "其他", "泛指"}
REGION_GOVERNMENT_KINDS = ("市级政府", "市级党委", "县级政府")
# Rarely used: not compiled at every start.
GOVERNMENT_SUFFIX = "政府$|[乡镇县区市州旗村）]$|街道$|社区$"
# Governments of lower levels, which no agency of a region of this type is one of.
TOWN_COLLECTIVE = "乡|镇|街道|村|社区"
LOWER_COLLECTIVES = {
    "省级": f"设区|[市州盟县区旗]|{TOWN_COLLECTIVE}",
    CITY_TYPE: f"[县区旗]|{TOWN_COLLECTIVE}",
    "县级": TOWN_COLLECTIVE,
}
COLLECTIVE_REGION = "(.{2,}?)等?(?:有关|相关|各)"  # 沪苏浙有关部门
OFFICE_PATTERN = ".*?[省市县区州旗](.{2,}?)[厅局委办]"
HOME_OF_AGENCY = """
SELECT kind, region.id, region.type FROM agency LEFT JOIN region ON region.id = home_region_id
 WHERE display_name = ?"""
# How many regions a word means, and how many of them contain a region.
REGIONS_OF_COLLECTIVE = """
SELECT count(*), count(region_ancestor.ancestor_id) FROM lookup_key
  JOIN region ON region.name = target
  LEFT JOIN region_ancestor ON ancestor_id = region.id AND descendant_id = ?
 WHERE kind = 'region' AND key = ?"""
ANCESTORS_IN_DATABASE = f"""
SELECT region.name, since, until FROM region_ancestor JOIN region ON region.id = ancestor_id
 WHERE descendant_id = {REGION_ID}"""
ANCESTORS_IN_REGISTRY = """
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
  FROM json_each(?)"""


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
    kind, home, type_ = db.execute(HOME_OF_AGENCY, (name,)).fetchone()
    lower = LOWER_COLLECTIVES.get(type_ or "")
    return [
        each
        for each in collectives
        if not (lower and re.match(f".*?(?:各|有关|相关)+(?:{lower})(?!直)", each))
        and (kind in GOVERNMENT_KINDS or not re.search(GOVERNMENT_SUFFIX, each))
        and not _is_of_other_region(db, each, home)
    ]


def _is_of_other_region(db: sqlite3.Connection, collective: str, home: int | None) -> bool:
    """Whether *collective* means agencies of regions that the region *home* is in none of."""
    match = re.match(COLLECTIVE_REGION, collective)
    if not match or home is None:
        return False
    (known, around) = db.execute(REGIONS_OF_COLLECTIVE, (home, match[1])).fetchone()
    return bool(known) and not around


def _find_enclosing_areas(
    db: sqlite3.Connection, name: str, where: Filter
) -> list[tuple[str, int]]:
    """Return the areas that contain the region *name*, and how many matching tasks name each.

    The area with the fewest cities comes first.
    """
    if db.execute("SELECT 1 FROM region WHERE name = ?", (name,)).fetchone():
        around = ANCESTORS_IN_DATABASE
        param = name
    else:
        import json

        from plancli.registry.hierarchy import RegionHierarchy  # slow: reads the registry
        from plancli.registry.io import load_default_registry

        around = ANCESTORS_IN_REGISTRY
        paths = RegionHierarchy(load_default_registry().regions).find_ancestors(name)
        param = json.dumps([(each, path.since, path.until) for each, path in paths.items()])
    sql = f"""WITH around(name, since, until) AS ({around})
        SELECT region.name, count(*) FROM task_row AS task
          JOIN task_region ON task_region.task_id = task.id AND task_region.rank = 1
          JOIN region ON region.id = task_region.region_id AND region.type = '{AREA_TYPE}'
          JOIN around ON around.name = region.name AND {PLAN_YEAR} BETWEEN since AND until - 1
         WHERE region.name <> ? AND {where.sql} GROUP BY region.id
         ORDER BY (SELECT count(*) FROM region_ancestor JOIN region AS city ON city.id = descendant_id
                    WHERE ancestor_id = region.id AND city.type = '{CITY_TYPE}'), region.id"""
    return [(area, tasks) for area, tasks in db.execute(sql, (param, name, *where.params))]


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


def iter_false_mention_hints(db: sqlite3.Connection, region: str, where: Filter) -> Iterator[str]:
    """Yield a note on the tasks that contain *region* only as part of another name."""
    hidden = select_false_mentions(db, region, where).column("no")
    if hidden:
        note = _("tasks that contain {name} only as part of another name: {numbers}")
        numbers = name_lookup.join_names(list(map(str, hidden)))
        yield note.format(name=region, numbers=numbers)


def iter_region_hints(db: sqlite3.Connection, region: str, where: Filter) -> Iterator[str]:
    """Yield what lies around *region*: the areas it is in, and the tasks of its government."""
    if areas := _find_enclosing_areas(db, region, where):
        listed = [f"{area} ({tasks})" for area, tasks in areas]
        note = _(
            "areas with {name}, and how many tasks name them: {areas}; see “plancli region {area} --exact”"
        )
        names = name_lookup.join_names(listed)
        yield note.format(name=region, areas=names, area=areas[0][0])
    if duties := [*_iter_government_duties(db, region, where)]:
        note = _("tasks: {duties}; see “plancli agency {name}”")
        listed = [f"{name} {counts}" for name, counts in duties]
        yield note.format(duties=_("; ").join(listed), name=duties[0][0])


def iter_empty_region_hints(db: sqlite3.Connection, region: str, where: Filter) -> Iterator[str]:
    """Yield a note on the nearest city or province around *region* that tasks are about.

    For a region that no task is about.
    """
    from plancli.registry.hierarchy import RegionHierarchy  # slow: reads the registry
    from plancli.registry.io import load_default_registry

    hierarchy = RegionHierarchy(load_default_registry().regions)
    for name in [*hierarchy.find_ancestors(region)][1:]:
        around = hierarchy.regions.get(name)
        count = count_tasks(db, by_region(name) & where) if around else 0
        if around and around.type in DIVISION_TYPES and count:
            note = _("{name} is in {region}; tasks about {region}: {n} (plancli region {region})")
            yield note.format(name=region, region=name, n=count)
            return


def _iter_government_duties(
    db: sqlite3.Connection, region: str, where: Filter
) -> Iterator[tuple[str, str]]:
    """Yield the government and the party committee of *region*, and how many tasks each has."""
    for name in _find_governments(db, region):
        led, total = (count_tasks(db, by_agency(name, role) & where) for role in (Role.LEAD, None))
        counts = {
            _("leads {n}"): led,
            _("takes part in {n}"): total - led,
            _("may be meant in {n}"): count_tasks(db, by_possible_member(name) & where),
        }
        if parts := [phrase.format(n=count) for phrase, count in counts.items() if count]:
            yield name, _(", ").join(parts)


def _find_governments(db: sqlite3.Connection, region: str) -> list[str]:
    """Return the government and the party committee of *region*, if the plans may name them."""
    sql = f"""SELECT display_name FROM agency WHERE home_region_id = {REGION_ID}
         AND kind IN ({", ".join("?" * len(REGION_GOVERNMENT_KINDS))}) ORDER BY id"""
    return [name for (name,) in db.execute(sql, (region, *REGION_GOVERNMENT_KINDS))]
