"""Count tasks by region for a tile map."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.results.charts import MapArea, Tile, TileMap
from plancli.results.table import Result, to_int, to_names

# Regions with a tile inside the mapped region, even without tasks, but not inside another region
# with a tile; and areas inside the mapped region with at least one task.
MAP_REGIONS = """
WITH map_region AS (SELECT region.* FROM region JOIN region_ancestor ON descendant_id = region.id
                     WHERE ancestor_id = (SELECT id FROM region WHERE name = ?)
                       AND descendant_id <> ancestor_id),
     tile_region AS (SELECT id FROM map_region WHERE x IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM region_ancestor JOIN map_region AS outer ON outer.id = ancestor_id
                   WHERE descendant_id = map_region.id AND ancestor_id <> map_region.id
                     AND outer.x IS NOT NULL)),
     matching_task AS (SELECT task.id FROM task WHERE {where})
SELECT map_region.name AS region, map_region.type AS type, count(matching_task.id) AS tasks,
       sum(matching_task.id > 0 AND rank = 1) AS by_name,
       sum(matching_task.id > 0 AND rank = 2) AS by_member,
       sum(matching_task.id > 0 AND rank = 3) AS by_compound,
       sum(matching_task.id > 0 AND rank = 4) AS by_clause,
       (SELECT group_concat(name, char(31)) FROM
         (SELECT name FROM region_ancestor JOIN region ON region.id = descendant_id
           WHERE ancestor_id = map_region.id AND descendant_id <> map_region.id
             AND descendant_id IN (SELECT id FROM tile_region)
           ORDER BY descendant_id)) AS members, map_region.x AS x, map_region.y AS y
  FROM map_region
  LEFT JOIN task_region ON task_region.region_id = map_region.id
  LEFT JOIN matching_task ON matching_task.id = task_region.task_id
 WHERE map_region.id IN (SELECT id FROM tile_region) OR map_region.type = '区域'
 GROUP BY map_region.id
HAVING map_region.id IN (SELECT id FROM tile_region) OR count(matching_task.id)
 ORDER BY map_region.type = '区域', map_region.id
"""


def select_map_regions(db: sqlite3.Connection, region: str, where: Filter = EVERY_TASK) -> Result:
    """Return the tiles of the map of *region* and its areas, with their number of tasks by grade.

    ``x``, ``y``: column and row of the tile, from the north-west.  An area has no tile but
    ``members``: the regions on the map that lie in it.
    """
    counts = ("by_name", "by_member", "by_compound", "by_clause")
    found = select(db, MAP_REGIONS, where, (region,), region)
    indexes = [found.columns.index(name) for name in counts]
    return found.transform_rows(
        lambda rows: (
            tuple((cell or 0) if n in indexes else cell for n, cell in enumerate(row))
            for row in rows
        )
    )


UNMAPPED_CITIES = """
SELECT name FROM region JOIN region_ancestor ON descendant_id = region.id
 WHERE ancestor_id = (SELECT id FROM region WHERE name = ?) AND descendant_id <> ancestor_id
   AND type = '地级' AND x IS NULL
 ORDER BY region.id
"""


def find_unmapped_cities(db: sqlite3.Connection, region: str) -> list[str]:
    """Return the cities in *region* without a tile, which the map would omit."""
    return [str(name) for (name,) in db.execute(UNMAPPED_CITIES, (region,))]


def build_map(found: Result) -> TileMap:
    """Return the tile map of the rows of ``select_map_regions``."""
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
