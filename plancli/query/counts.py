"""Queries that list and count agencies, regions, sections and plans.

The SQL of each query is defined above its function.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import TASK_CITATION
from plancli.results.roles import Role
from plancli.results.table import Result, to_int
from plancli.text.normalize import fold

if TYPE_CHECKING:
    from plancli.results.charts import BarChart

CITY_TYPE, PROVINCE_TYPE = "地级", "省级"
AGENCY_COUNTS = f"""
SELECT agency, kind AS type, count(DISTINCT task.id) AS tasks,
       {", ".join(f"sum(role = '{role}') AS {role}" for role in Role)}, agency_id AS _agency
  FROM task
  JOIN duty_row AS duty ON duty.task_id = task.id
 WHERE {{where}}
 GROUP BY agency_id
 ORDER BY {", ".join(f"{role} DESC" for role in Role)}, agency_id
"""


def select_agencies(
    db: sqlite3.Connection, role: Role | None = None, where: Filter = EVERY_TASK
) -> Result:
    """Return the agencies that the tasks name (in *role*), with the number of tasks by role."""
    role_filter = Filter("duty.role = ?", (role,)) if role else EVERY_TASK
    return select(db, AGENCY_COUNTS, where & role_filter, summary="agencies")


REGION_COUNTS = """
SELECT region.name AS region, region.type AS type, count(*) AS tasks,
       sum(rank = 1) AS by_name, sum(rank = 2) AS by_member,
       sum(rank = 3) AS by_compound, sum(rank = 4) AS by_clause
  FROM task
  JOIN task_region ON task_region.task_id = task.id
  JOIN region ON region.id = task_region.region_id
 WHERE {where}
 GROUP BY task_region.region_id
 ORDER BY task_region.region_id
"""


def select_regions(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the regions that the tasks are about, with the number of tasks by grade."""
    return select(db, REGION_COUNTS, where, summary="regions")


# Not the view: with LEFT JOIN, SQLite would compute every column of it.
TASKS_IN_LISTS = "task JOIN section ON section.id = section_id JOIN list ON list.id = list_id"
SECTION_COUNTS = f"""
WITH matching_plan AS (SELECT id FROM plan WHERE {{plans}}),
     matching_task AS (SELECT task.id, section_id, plan_id FROM {TASKS_IN_LISTS}
                        WHERE {{where}}),
     section_range AS (SELECT section_id, min(id) AS first, max(id) AS last FROM matching_task
                        GROUP BY section_id)
SELECT plan.key AS plan, list.no || iif(section.no > '', '(' || section.no || ')', '') AS number,
       list.title AS list, coalesce(section.title, '') AS section,
       count(DISTINCT matching_task.id) AS tasks,
       (SELECT no FROM task WHERE id = section_range.first) AS first,
       (SELECT no FROM task WHERE id = section_range.last) AS last,
       count(DISTINCT iif(role = 'lead', agency_id, NULL)) AS leads,
       count(DISTINCT iif(role = 'participate', agency_id, NULL)) AS participants,
       list.no AS _list_no, section.no AS _section_no,
       iif(section.text > '', section.text, iif(section.title > '', '', list.text)) AS _text
  FROM plan
  JOIN list ON list.plan_id = plan.id
  LEFT JOIN section ON section.list_id = list.id
  LEFT JOIN matching_task ON matching_task.section_id = section.id
  LEFT JOIN duty ON duty.task_id = matching_task.id
  LEFT JOIN section_range ON section_range.section_id = section.id
 WHERE plan.id IN matching_plan
   AND (plan.id IN (SELECT plan_id FROM matching_task) OR NOT EXISTS (SELECT 1 FROM matching_task))
 GROUP BY list.id, section.id
 ORDER BY list.id, section.id
"""


def select_sections(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return every list and section, with its number of matching tasks and their agencies.

    If several plans are open, plans without matching tasks are omitted.
    """
    return _select_with_plans(db, SECTION_COUNTS, where, "sections")


def _select_with_plans(db: sqlite3.Connection, sql: str, where: Filter, summary: str) -> Result:
    """Run *sql* with ``{plans}`` replaced by the plan condition of *where*."""
    condition, params = where.plan_condition
    return select(db, sql.replace("{plans}", condition), where, params, summary=summary)


LIST_DETAILS = """
SELECT plan.key AS plan, list.title AS list, 'text' AS kind, list.text AS name,
       NULL AS value, NULL AS unit
  FROM list JOIN plan ON plan.id = plan_id WHERE list.id = ? AND list.text > ''
 UNION ALL
SELECT plan.key, list.title, detail.kind, detail.name, detail.value, detail.unit
  FROM detail JOIN list ON list.id = list_id JOIN plan ON plan.id = plan_id WHERE list.id = ?
 UNION ALL
SELECT plan.key, list.title, 'note', list.note, NULL, NULL
  FROM list JOIN plan ON plan.id = plan_id WHERE list.id = ? AND list.note > ''
"""
SECTION_TEXT = """
SELECT plan.key AS plan, list.title AS list, 'text' AS kind, section.text AS name,
       NULL AS value, NULL AS unit
  FROM section JOIN list ON list.id = list_id JOIN plan ON plan.id = plan_id
 WHERE section.id = ? AND section.text > ''
"""


def select_list_details(db: sqlite3.Connection, *targets: str) -> Result:
    """Return the content of lists other than tasks: paragraphs, fields, totals, annex, note."""
    rows, titles = [], []
    for table, _colon, key in (target.partition(":") for target in targets):
        if table == "list":
            rows += db.execute(LIST_DETAILS, (key,) * 3).fetchall()
            titles += db.execute("SELECT title FROM list WHERE id = ?", (key,)).fetchone()
        else:
            rows += db.execute(SECTION_TEXT, (key,)).fetchall()
            titles += db.execute("SELECT title FROM section WHERE id = ?", (key,)).fetchone()
    columns = ("plan", "list", "kind", "name", "value", "unit")
    return Result("、".join(titles), columns, tuple(rows))


PLAN_ROWS = """
SELECT outer_plan.key AS plan, outer_plan.title, outer_plan.year, region.name AS jurisdiction,
       outer_plan.publisher, outer_plan.published, outer_plan.published_as, outer_plan.note, outer_plan.preamble,
       (SELECT count(*) FROM task JOIN section ON section.id = section_id
          JOIN list ON list.id = list_id WHERE plan_id = outer_plan.id) AS tasks
  FROM plan AS outer_plan
  JOIN region ON region.id = outer_plan.jurisdiction_id"""
PLANS_BY_FILTER = f"""{PLAN_ROWS}
 WHERE outer_plan.id IN (SELECT id FROM plan WHERE {{where}})
 ORDER BY outer_plan.id"""
PLANS_OF_TASKS = f"""{PLAN_ROWS}
 WHERE outer_plan.id IN (SELECT task.plan_id FROM task_row AS task WHERE {{where}})
 ORDER BY outer_plan.id"""


def select_plans(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the plans of the matching tasks; if there are none, the plans that *where* selects."""
    if where != EVERY_TASK and not where.only_plans:
        plans = select(db, PLANS_OF_TASKS, where)
        if plans.rows:
            return plans
    return select(db, PLANS_BY_FILTER, where.plan_filter)


OPEN_PLANS = f"""
WITH matching_plan AS (SELECT id FROM plan WHERE {{plans}}),
     matching_task AS (SELECT task.id, plan_id FROM {TASKS_IN_LISTS} WHERE {{where}})
SELECT key AS plan, title, year, region.name AS jurisdiction,
       count(DISTINCT matching_task.id) AS tasks,
       count(DISTINCT iif(role = 'lead', matching_task.id, NULL)) AS led,
       count(DISTINCT agency_id) AS bodies
  FROM plan
  JOIN region ON region.id = jurisdiction_id
  LEFT JOIN matching_task ON matching_task.plan_id = plan.id
  LEFT JOIN duty ON duty.task_id = matching_task.id
 WHERE plan.id IN matching_plan
 GROUP BY plan.id
 ORDER BY plan.id
"""


def select_open_plans(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the open plans, each with the number of matching tasks and of their agencies.

    Only plans of the years and jurisdictions in *where*.
    """
    return _select_with_plans(db, OPEN_PLANS, where, "loaded")


TASK_MEASURES = {  # measure -> condition on the tasks it counts
    "led": "id IN (SELECT task_id FROM lead_count)",
    "unled": "id NOT IN (SELECT task_id FROM lead_count)",
    "led_by_several": "id IN (SELECT task_id FROM lead_count WHERE leads > 1)",
    "led_only": "id IN (SELECT task_id FROM lead_count WHERE task_id NOT IN"
    " (SELECT task_id FROM task_duty WHERE role = 'participate'))",
    "open_ended": "open_ended",
}
# Measures that also give the numbers of their tasks.
CITED_MEASURES = frozenset({"unled", "led_by_several", "led_only", "open_ended"})
CITATIONS = "iif(count(*) <= 1000, group_concat(cited, char(31)), NULL)"  # more are unreadable
DUTY_MEASURES = {  # measure -> what it counts among the duties
    "bodies": "count(DISTINCT agency_id), NULL FROM task_duty"
    " JOIN agency ON agency.id = agency_id WHERE kind <> '泛指'",
    "collectives": "count(DISTINCT agency_id), NULL FROM task_duty"
    " JOIN agency ON agency.id = agency_id WHERE kind = '泛指'",
    "leads": "count(*), NULL FROM task_duty WHERE role = 'lead'",
    "participations": "count(*), NULL FROM task_duty WHERE role = 'participate'",
    "placed": "count(DISTINCT task_id), NULL FROM mention"
    " WHERE task_id IN (SELECT id FROM matching_task)",
}
STATISTICS = f"""
WITH matching_task AS (SELECT task.id, open_ended, {TASK_CITATION} AS cited FROM task_row AS task
                        WHERE {{where}} ORDER BY task.id),
     task_duty AS (SELECT duty.* FROM duty JOIN matching_task ON matching_task.id = task_id),
     lead_count AS (SELECT task_id, count(*) AS leads FROM task_duty WHERE role = 'lead'
                     GROUP BY task_id)
SELECT 'tasks' AS measure, count(*) AS count, NULL AS numbers FROM matching_task UNION ALL
""" + " UNION ALL\n".join(
    [
        f"SELECT '{name}', count(*), {CITATIONS if name in CITED_MEASURES else 'NULL'}"
        f" FROM matching_task WHERE {condition}"
        for name, condition in TASK_MEASURES.items()
    ]
    + [f"SELECT '{name}', {expression}" for name, expression in DUTY_MEASURES.items()]
)


def select_statistics(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the number of matching tasks, their agencies and duties; ``numbers``: which tasks."""
    return select(db, STATISTICS, where, summary="stats")


def build_bar_chart(agencies: Result, sections: Result, regions: Result) -> "BarChart":
    """Return a bar chart of *agencies*, *sections*, and the provinces and cities of *regions*."""
    from plancli.results.charts import BarChart  # only needed for charts

    groups: dict[str, list[tuple[str, tuple[int, ...]]]] = {
        "单位（深色为牵头、浅色为参与的任务数）": [
            (str(row["agency"]), (*(to_int(row[role]) for role in Role),))
            for row in agencies.records()
        ],
        "部分（任务数）": [
            (f"{row['number']} {row['section'] or row['list']}".strip(), (to_int(row["tasks"]),))
            for row in sections.records()
            if row["tasks"]
        ],
        "省、市（任务数）": [
            (str(row["region"]), (to_int(row["tasks"]),))
            for row in regions.records()
            if row["type"] in (PROVINCE_TYPE, CITY_TYPE)
        ],
    }
    return BarChart("任务统计", {name: tuple(rows) for name, rows in groups.items()})


FRONT_MATTER = """
WITH matching_plan AS (SELECT * FROM plan WHERE {where}),
     matching_list AS (SELECT * FROM list WHERE plan_id IN (SELECT id FROM matching_plan)),
     matching_section AS (SELECT * FROM section WHERE list_id IN (SELECT id FROM matching_list))
SELECT preamble FROM matching_plan
 UNION ALL SELECT title FROM matching_list UNION ALL SELECT text FROM matching_list
 UNION ALL SELECT title FROM matching_section UNION ALL SELECT text FROM matching_section
 UNION ALL SELECT name FROM detail WHERE list_id IN (SELECT id FROM matching_list)
"""


def is_in_front_matter(db: sqlite3.Connection, word: str, plans: Filter = EVERY_TASK) -> bool:
    """Return whether *word* occurs outside tasks: preamble, titles, lists without tasks."""
    return any(
        fold(word) in fold(str(text))
        for (text,) in select(db, FRONT_MATTER, plans.plan_filter).rows
    )


TASK_CLAUSES = "SELECT task.clause FROM task WHERE {where}"


def count_clause_matches(db: sqlite3.Connection, word: str, where: Filter = EVERY_TASK) -> int:
    """Return how many of the matching tasks contain *word* in their clause."""
    return sum(
        fold(word) in fold(str(clause)) for (clause,) in select(db, TASK_CLAUSES, where).rows
    )


SUMMARY_QUESTIONS: dict[str, Callable[[sqlite3.Connection], Result]] = {
    "agencies": select_agencies,
    "regions": select_regions,
    "sections": select_sections,
    "loaded": select_open_plans,
    "stats": select_statistics,
}
