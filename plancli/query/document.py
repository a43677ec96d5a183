"""An answer as a document: the tasks it is about, by body and by place, and counted."""

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from plancli.query.counts import agencies, plans, sections, stats
from plancli.query.filters import Filter
from plancli.query.select import ask
from plancli.query.sql import GRADE, PARTS, REASONS, WAY_UP
from plancli.query.tasks import tasks
from plancli.results.document import ALL, Document, Flat, Table
from plancli.results.table import Cell, Result

if TYPE_CHECKING:
    from plancli.results.charts import Picture

TITLES = {"单位": "责任单位一览表", "地区": "地区一览表", "部分": "部分一览表", "统计": "统计表",
          "矩阵": "任务分工矩阵", "牵头与参与": "牵头与参与关系", "地图": "任务分布图",
          "目标": "量化目标", "责任不明": "责任不明事项"}  # fmt: skip
CITED = 3  # plans; of more, a table says where they are from

DATED = "SELECT task.id FROM {standing} WHERE {where} AND task.deadline > '' LIMIT 1"
BY_BODY = """
SELECT agency.called AS agency, agency.kind AS type, part.role AS role, {fields},
       agency.id AS _agency
  FROM {standing}
  JOIN duty AS part ON part.task_id = task.id
  JOIN agency ON agency.id = part.agency_id
 WHERE {where}
 ORDER BY part.agency_id, part.role, part.task_id
"""


def by_body(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every duty: a body, its role and the task; the bodies in the registry's order."""
    return ask(db, BY_BODY, where)


BY_MAYBE = f"""
WITH {PARTS}
SELECT agency.called AS agency, agency.kind AS type, 'possible' AS role,
       (SELECT group_concat(name, char(31)) FROM
         (SELECT DISTINCT phrase.name FROM duty JOIN agency AS phrase ON phrase.id = duty.agency_id
            JOIN may_include ON collective_id = phrase.id
           WHERE task_id = task.id AND may_include.agency_id = agency.id ORDER BY ord)) AS through,
       {{fields}}, agency.id AS _agency
  FROM {{standing}}
  JOIN part ON part.task_id = task.id AND part.role = 'possible'
  JOIN agency ON agency.id = part.agency_id
 WHERE {{where}}
 ORDER BY agency.id, task.id
"""


def by_maybe(db: sqlite3.Connection, where: Filter) -> Result:
    """Return, body by body, the tasks that do not name it but a phrase that may include it."""
    return ask(db, BY_MAYBE, where)


BY_PLACE = f"""
SELECT region.name AS region, region.type AS type, {GRADE} AS grade,
       {REASONS.format(cell=WAY_UP)} AS why, {{fields}}
  FROM {{standing}}
  JOIN about ON about.task_id = task.id
  JOIN region ON region.id = about.region_id
 WHERE {{where}}
 ORDER BY region.id, task.id
"""


def by_place(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every place with the tasks about it, and why; the places in the registry's order."""
    return ask(db, BY_PLACE, where)


def whole(
    db: sqlite3.Connection, where: Filter, *tables: Table, picture: "Picture | None" = None
) -> Document:
    """Return *tables*, which answer a question about the tasks that *where* lets through."""
    every, heads, whose = tasks(db, where), sections(db, where), plans(db, where)

    def sheets() -> tuple[Table, ...]:
        more = (
            Table(ALL, every),
            Table("按单位", by_body(db, where)),
            Table("按地区", by_place(db, where)),
            Table("统计", stats(db, where)),
            Table("按部分统计", heads),
            Table("按单位统计", agencies(db, where=where)),
            *((Table("计划", whose),) if len(whose.rows) > CITED else ()),
        )
        names = {table.name for table in tables}
        return tuple(table for table in more if table.name not in names)

    title, notes = _title(whose, tables[0].name), _notes(whose, where)
    empty = frozenset() if ask(db, DATED, where).rows else frozenset({"_deadline"})

    def flat() -> Flat:
        from plancli.query.flat_rows import flattener  # only where columns are written

        return flattener(db)

    return Document(tables, title, notes, sheets, whose, heads, every, empty, picture, flat)


def _title(whose: Result, name: str) -> str:
    titles = whose.column("title")
    said = f"{len(titles)}份计划" if len(titles) > 1 else "".join(map(str, titles))
    return said + ("任务进展情况" if name.endswith("进展") else TITLES.get(name, "任务分解表"))


def _notes(whose: Result, where: Filter) -> tuple[str, ...]:
    asked = (f"范围：{'；'.join(where.says)}",) if where.says else ()
    rows = list(whose.records())
    if len(rows) > CITED:
        return (*asked, f"来源：{len(rows)}份计划，见“计划”栏")
    return (*asked, *(_source(row) for row in rows))


def _source(row: Mapping[str, Cell]) -> str:
    said = f"来源：{row['publisher']}《{row['published_as'] or row['title']}》"
    said += f"，{row['published']}" if row["published"] else ""
    return f"{said}（{row['note']}）" if row["note"] else said
