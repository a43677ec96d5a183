"""What an answer should say besides its tasks: what is near it, what nobody can know."""

import re
import sqlite3

from plancli.query.filters import REGION_ID, Filter, by_home_region

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
