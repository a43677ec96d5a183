"""How many tasks are about each place of a map."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.results.charts import MapArea, Tile, TileMap
from plancli.results.table import Result, to_int, to_names

# The places with a square that lie in the place asked for, also those that no task is about, but
# not in another square; and the areas in it that some task is about.
MAP_REGIONS = """
WITH part AS (SELECT region.* FROM region JOIN inside ON part_id = region.id
               WHERE whole_id = (SELECT id FROM region WHERE name = ?) AND part_id <> whole_id),
     square AS (SELECT id FROM part WHERE x IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM inside JOIN part AS outer ON outer.id = whole_id
                   WHERE part_id = part.id AND whole_id <> part.id AND outer.x IS NOT NULL)),
     chosen AS (SELECT task.id FROM {standing} WHERE {where})
SELECT part.name AS region, part.type AS type, count(chosen.id) AS tasks,
       sum(chosen.id > 0 AND rank = 1) AS by_name, sum(chosen.id > 0 AND rank = 2) AS by_member,
       sum(chosen.id > 0 AND rank = 3) AS by_compound, sum(chosen.id > 0 AND rank = 4) AS by_clause,
       (SELECT group_concat(name, char(31)) FROM
         (SELECT name FROM inside JOIN region ON region.id = part_id
           WHERE whole_id = part.id AND part_id <> part.id AND part_id IN (SELECT id FROM square)
           ORDER BY part_id)) AS members, part.x AS x, part.y AS y
  FROM part
  LEFT JOIN about ON about.region_id = part.id
  LEFT JOIN chosen ON chosen.id = about.task_id
 WHERE part.id IN (SELECT id FROM square) OR part.type = '区域'
 GROUP BY part.id
HAVING part.id IN (SELECT id FROM square) OR count(chosen.id)
 ORDER BY part.type = '区域', part.id
"""


def select_map_regions(db: sqlite3.Connection, whole: str, where: Filter = EVERY_TASK) -> Result:
    """Return the places of the map of *whole* and its areas, with their tasks by grade.

    ``x``, ``y``: the square, column and row from the north-west; an area has none, but
    ``members``, the map's places that lie wholly in it.
    """
    counts = ("by_name", "by_member", "by_compound", "by_clause")
    found = select(db, MAP_REGIONS, where, (whole,), whole)
    at = [found.columns.index(name) for name in counts]
    return found.transform_rows(
        lambda rows: (
            tuple((cell or 0) if n in at else cell for n, cell in enumerate(row)) for row in rows
        )
    )


UNMAPPED_CITIES = """
SELECT name FROM region JOIN inside ON part_id = region.id
 WHERE whole_id = (SELECT id FROM region WHERE name = ?) AND part_id <> whole_id
   AND type = '地级' AND x IS NULL
 ORDER BY region.id
"""


def find_unmapped_cities(db: sqlite3.Connection, whole: str) -> list[str]:
    """Return the cities in *whole* that no square is known for: a map would leave them out."""
    return [str(name) for (name,) in db.execute(UNMAPPED_CITIES, (whole,))]


def build_map(found: Result) -> TileMap:
    """Return what ``mapped`` found as a picture."""
    rows = list(found.records())
    return TileMap(
        found.title,
        tuple(
            Tile(str(r["region"]), to_int(r["x"]), to_int(r["y"]), to_int(r["tasks"]))
            for r in rows
            if r["x"] is not None
        ),
        tuple(
            MapArea(str(r["region"]), to_int(r["tasks"]), frozenset(to_names(r["members"])))
            for r in rows
            if r["x"] is None
        ),
    )
