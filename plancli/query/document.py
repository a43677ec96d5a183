"""Build the document of an answer: its tasks, also by agency and region, with counts."""

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from plancli.query.counts import select_agencies, select_plans, select_sections, select_statistics
from plancli.query.filters import Filter
from plancli.query.select import select
from plancli.query.sql import (
    DUTIES_WITH_POSSIBLE,
    GRADE_EVIDENCE,
    GRADE_NAME,
    REGION_PATH,
    TASK_FIELDS,
    build_agency_task_fields,
)
from plancli.query.tasks import select_tasks
from plancli.results.document import ALL_TASKS, AnswerTable, Document, FlatRowLoader
from plancli.results.table import Result, ResultCell

if TYPE_CHECKING:
    from plancli.results.charts import Chart

DOCUMENT_TITLES = {"单位": "责任单位一览表", "地区": "地区一览表", "部分": "部分一览表", "统计": "统计表",
          "矩阵": "任务分工矩阵", "牵头与参与": "牵头与参与关系", "地图": "任务分布图",
          "目标": "量化目标", "责任不明": "责任不明事项"}  # fmt: skip
MAX_PLANS_CITED = 3  # the sources of more plans are given in a table

TASKS_WITH_DEADLINE = "SELECT task.id FROM task WHERE {where} AND task.deadline > '' LIMIT 1"
DUTIES_BY_AGENCY = f"""
SELECT duty.agency, duty.kind AS type, duty.role, {build_agency_task_fields("= duty.agency_id")},
       duty.agency_id AS _agency
  FROM task_row AS task
  JOIN duty_row AS duty ON duty.task_id = task.id
 WHERE {{where}}
 ORDER BY duty.agency_id, duty.role, duty.task_id
"""


def select_duties_by_agency(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every duty: agency, role and task; agencies in the registry's order."""
    return select(db, DUTIES_BY_AGENCY, where)


POSSIBLE_DUTIES = f"""
WITH {DUTIES_WITH_POSSIBLE}
SELECT agency.display_name AS agency, agency.kind AS type, 'possible' AS role,
       (SELECT group_concat(name, char(31)) FROM
         (SELECT DISTINCT collective.name FROM duty
            JOIN agency AS collective ON collective.id = duty.agency_id
            JOIN possible_member ON collective_id = collective.id
           WHERE task_id = task.id AND possible_member.agency_id = agency.id ORDER BY ord)) AS through,
       {TASK_FIELDS}, agency.id AS _agency
  FROM task_row AS task
  JOIN any_duty ON any_duty.task_id = task.id AND any_duty.role = 'possible'
  JOIN agency ON agency.id = any_duty.agency_id
 WHERE {{where}}
 ORDER BY agency.id, task.id
"""


def select_possible_duties(db: sqlite3.Connection, where: Filter) -> Result:
    """Return, by agency, the tasks that name only a collective agency that may include it."""
    return select(db, POSSIBLE_DUTIES, where)


TASKS_BY_REGION = f"""
SELECT region.name AS region, region.type AS type, {GRADE_NAME} AS grade,
       {GRADE_EVIDENCE.format(cell=REGION_PATH, asked="= task_region.region_id")} AS why, {TASK_FIELDS}
  FROM task_row AS task
  JOIN task_region ON task_region.task_id = task.id
  JOIN region ON region.id = task_region.region_id
 WHERE {{where}}
 ORDER BY region.id, task.id
"""


def select_tasks_by_region(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every region with the tasks about it, and why; regions in the registry's order."""
    return select(db, TASKS_BY_REGION, where)


def build_document(
    db: sqlite3.Connection, where: Filter, *tables: AnswerTable, picture: "Chart | None" = None
) -> Document:
    """Return the document of *tables*, the answer to a query on the tasks that match *where*."""
    tasks, sections, plans = (
        select_tasks(db, where),
        select_sections(db, where),
        select_plans(db, where),
    )

    def build_extra_tables() -> tuple[AnswerTable, ...]:
        extra_tables = (
            AnswerTable(ALL_TASKS, tasks),
            AnswerTable("按单位", select_duties_by_agency(db, where)),
            AnswerTable("按地区", select_tasks_by_region(db, where)),
            AnswerTable("统计", select_statistics(db, where)),
            AnswerTable("按部分统计", sections),
            AnswerTable("按单位统计", select_agencies(db, where=where)),
            *((AnswerTable("计划", plans),) if len(plans.rows) > MAX_PLANS_CITED else ()),
        )
        names = {table.name for table in tables}
        return tuple(table for table in extra_tables if table.name not in names)

    title, notes = _build_title(plans, tables[0].name), _build_notes(plans, where)
    empty_columns = (
        frozenset() if select(db, TASKS_WITH_DEADLINE, where).rows else frozenset({"_deadline"})
    )

    def make_flat_rows() -> FlatRowLoader:
        from plancli.query.flat_rows import make_flattener  # only needed for columnar formats

        return make_flattener(db)

    return Document(
        tables,
        title,
        notes,
        build_extra_tables,
        plans,
        sections,
        tasks,
        empty_columns,
        picture,
        make_flat_rows,
    )


def _build_title(plans: Result, name: str) -> str:
    titles = plans.column("title")
    title = f"{len(titles)}份计划" if len(titles) > 1 else "".join(map(str, titles))
    return title + (
        "任务进展情况" if name.endswith("进展") else DOCUMENT_TITLES.get(name, "任务分解表")
    )


def _build_notes(plans: Result, where: Filter) -> tuple[str, ...]:
    scope = (f"范围：{'；'.join(where.descriptions)}",) if where.descriptions else ()
    rows = list(plans.records())
    if len(rows) > MAX_PLANS_CITED:
        return (*scope, f"来源：{len(rows)}份计划，见“计划”栏")
    return (*scope, *(_format_source(row) for row in rows))


def _format_source(row: Mapping[str, ResultCell]) -> str:
    source = f"来源：{row['publisher']}《{row['published_as'] or row['title']}》"
    source += f"，{row['published']}" if row["published"] else ""
    return f"{source}（{row['note']}）" if row["note"] else source
