"""Rows for the offline HTML report, identified by their ids."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import GRADE_EVIDENCE, REGION_PATH
from plancli.results.table import Result

PLAN_OF_TASKS = "plan.id IN (SELECT task.plan_id FROM task_row AS task WHERE {where})"
REPORT_PLANS = f"SELECT id, key, title, preamble FROM plan WHERE {PLAN_OF_TASKS} ORDER BY id"


def select_report_plans(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the plans of the matching tasks, with their preambles."""
    return select(db, REPORT_PLANS, where)


REPORT_SECTIONS = f"""
SELECT list.id AS list, section.id AS section, plan.id AS plan, plan.key AS key,
       list.no AS list_no, list.title AS list_title, list.text AS list_text, list.note AS note,
       section.no AS section_no, section.title AS title, section.text AS section_text
  FROM list
  JOIN plan ON plan.id = list.plan_id
  LEFT JOIN section ON section.list_id = list.id
 WHERE {PLAN_OF_TASKS}
 ORDER BY list.id, section.id
"""


def select_report_sections(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every section of the plans, with its list; one row where a list has no sections."""
    return select(db, REPORT_SECTIONS, where)


REPORT_TASKS = """
SELECT task.id AS task, task.no, task.plan_id AS plan, task.section_id AS section, task.text AS words,
       task.clause, task.full_text AS printed, task.deadline
  FROM task_row AS task
 WHERE {where}
 ORDER BY task.id
"""


def select_report_tasks(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the matching tasks, in the plan's order."""
    return select(db, REPORT_TASKS, where)


REPORT_DUTIES = """
SELECT task.id AS task, duty.role, duty.open_ended AS etc, duty.agency, duty.name,
       duty.kind AS type
  FROM task
  JOIN duty_row AS duty ON duty.task_id = task.id
 WHERE {where}
 ORDER BY task.id, duty.ord
"""


def select_report_duties(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every duty of the matching tasks, in the order of the clause."""
    return select(db, REPORT_DUTIES, where)


POSSIBLE_MEMBERS = """
SELECT DISTINCT task.plan_id AS plan, collective.display_name AS phrase, member.display_name AS agency,
       member.kind AS type
  FROM task_row AS task
  JOIN duty ON duty.task_id = task.id
  JOIN possible_member ON possible_member.collective_id = duty.agency_id
  JOIN agency AS collective ON collective.id = possible_member.collective_id
  JOIN agency AS member ON member.id = possible_member.agency_id
 WHERE {where}
   AND (member.home_region_id IS NULL OR EXISTS (SELECT 1 FROM region_ancestor
         WHERE descendant_id = member.home_region_id AND ancestor_id = task.jurisdiction_id))
 ORDER BY task.plan_id, collective.id, member.id
"""


def select_possible_members(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the possible members of the tasks' collective agencies, by plan."""
    return select(db, POSSIBLE_MEMBERS, where)


AGENCY_NAMES = "SELECT display_name AS agency FROM agency ORDER BY id"


def select_agency_names(db: sqlite3.Connection) -> Result:
    """Return every agency, in the registry's order."""
    return select(db, AGENCY_NAMES, EVERY_TASK)


REPORT_REGIONS = f"""
SELECT task.id AS task, region.id AS id, region.name AS region, region.type AS type,
       task_region.rank AS rank,
       {GRADE_EVIDENCE.format(cell=REGION_PATH, asked="= task_region.region_id")} AS ways
  FROM task_row AS task
  JOIN task_region ON task_region.task_id = task.id
  JOIN region ON region.id = task_region.region_id
 WHERE {{where}}
 ORDER BY task.id, region.id
"""


def select_report_regions(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every region that a task is about, with its rank (1 to 4) and evidence."""
    return select(db, REPORT_REGIONS, where)


REPORT_MENTIONS = """
SELECT task.id AS task, mention.region
  FROM task
  JOIN mention_row AS mention ON mention.task_id = task.id
 WHERE {where}
 GROUP BY task.id, mention.region_id
 ORDER BY task.id, min(mention.ord)
"""


def select_report_mentions(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the regions that the tasks mention, in the order of their first mention."""
    return select(db, REPORT_MENTIONS, where)


LOOKUP_KEYS = (
    "SELECT kind, key, key_type AS how, target FROM lookup_key WHERE key_type <> 'function'"
    " ORDER BY kind, target, key_type, key"
)


def select_lookup_keys(db: sqlite3.Connection) -> Result:
    """Return the lookup keys of agencies, regions and sections."""
    return select(db, LOOKUP_KEYS, EVERY_TASK)
