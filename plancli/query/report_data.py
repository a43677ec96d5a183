"""What a page that answers by itself has to know: the rows, told by their ids."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import GRADE_EVIDENCE, REGION_PATH
from plancli.results.table import Result

PLAN_OF_TASKS = "plan.id IN (SELECT plan.id FROM {standing} WHERE {where})"
REPORT_PLANS = f"SELECT id, key, title, preamble FROM plan WHERE {PLAN_OF_TASKS} ORDER BY id"


def select_report_plans(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the plans of the tasks that *where* lets through, and what stands before lists."""
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
SELECT task.id AS task, task.no, plan.id AS plan, section.id AS section, task.text AS words,
       task.clause, task.printed, task.deadline
  FROM {standing}
 WHERE {where}
 ORDER BY task.id
"""


def select_report_tasks(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the tasks that *where* lets through, in the plan's order."""
    return select(db, REPORT_TASKS, where)


REPORT_DUTIES = """
SELECT task.id AS task, part.role AS role, part.etc AS etc, agency.called AS agency,
       agency.name AS name, agency.kind AS type
  FROM {standing}
  JOIN duty AS part ON part.task_id = task.id
  JOIN agency ON agency.id = part.agency_id
 WHERE {where}
 ORDER BY task.id, part.ord
"""


def select_report_duties(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every duty of the tasks, in the order of the clause."""
    return select(db, REPORT_DUTIES, where)


POSSIBLE_MEMBERS = """
SELECT DISTINCT plan.id AS plan, phrase.called AS phrase, member.called AS agency,
       member.kind AS type
  FROM {standing}
  JOIN duty ON duty.task_id = task.id
  JOIN may_include AS may ON may.collective_id = duty.agency_id
  JOIN agency AS phrase ON phrase.id = may.collective_id
  JOIN agency AS member ON member.id = may.agency_id
 WHERE {where}
   AND (member.realm_id IS NULL OR EXISTS (SELECT 1 FROM inside
         WHERE part_id = member.realm_id AND whole_id = plan.jurisdiction_id))
 ORDER BY plan.id, phrase.id, member.id
"""


def select_possible_members(db: sqlite3.Connection, where: Filter) -> Result:
    """Return which bodies the collective phrases of the tasks may mean, plan by plan."""
    return select(db, POSSIBLE_MEMBERS, where)


AGENCY_NAMES = "SELECT called AS agency FROM agency ORDER BY id"


def select_agency_names(db: sqlite3.Connection) -> Result:
    """Return every body, in the registry's order."""
    return select(db, AGENCY_NAMES, EVERY_TASK)


REPORT_REGIONS = f"""
SELECT task.id AS task, region.id AS id, region.name AS region, region.type AS type,
       about.rank AS rank,
       {GRADE_EVIDENCE.format(cell=REGION_PATH)} AS ways
  FROM {{standing}}
  JOIN about ON about.task_id = task.id
  JOIN region ON region.id = about.region_id
 WHERE {{where}}
 ORDER BY task.id, region.id
"""


def select_report_regions(db: sqlite3.Connection, where: Filter) -> Result:
    """Return every place that a task is about: how strongly (1 to 4), and the ways up to it."""
    return select(db, REPORT_REGIONS, where)


REPORT_MENTIONS = """
SELECT task.id AS task, region.name AS region
  FROM {standing}
  JOIN mention ON mention.task_id = task.id
  JOIN region ON region.id = mention.region_id
 WHERE {where}
 GROUP BY task.id, region.id
 ORDER BY task.id, min(mention.ord)
"""


def select_report_mentions(db: sqlite3.Connection, where: Filter) -> Result:
    """Return the places that words of the tasks carry, in the order they are met."""
    return select(db, REPORT_MENTIONS, where)


LOOKUP_KEYS = "SELECT kind, key, how, target FROM name ORDER BY kind, target, how, key"


def select_lookup_keys(db: sqlite3.Connection) -> Result:
    """Return what people may type for bodies, places and headings."""
    return select(db, LOOKUP_KEYS, EVERY_TASK)
