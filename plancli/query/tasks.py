"""Queries that return tasks.  The SQL of each query is defined above its function."""

import sqlite3

from plancli.query.filters import (
    AGENCY_IDS,
    EVERY_TASK,
    Filter,
    by_keyword,
    by_possible_member,
    by_region,
    to_json_array,
)
from plancli.query.select import select
from plancli.query.sql import (
    GRADE_EVIDENCE,
    GRADE_NAME,
    REGION_PATH,
    TASK_FIELDS,
    build_agency_task_fields,
)
from plancli.results.roles import Role
from plancli.results.table import Result

TASK_ROWS = f"""
SELECT {TASK_FIELDS}
  FROM task_row AS task
 WHERE {{where}}
 ORDER BY task.id
"""


def select_tasks(db: sqlite3.Connection, where: Filter = EVERY_TASK, title: str = "") -> Result:
    """Return the tasks that match *where*, in the plan's order."""
    return select(db, TASK_ROWS, where, title=title)


AGENCY_TASKS = f"""
WITH asked(id) AS {AGENCY_IDS}
SELECT duty.role AS role, {build_agency_task_fields("IN asked")}
  FROM task_row AS task
  JOIN (SELECT DISTINCT task_id, role FROM duty WHERE agency_id IN asked) AS duty
    ON duty.task_id = task.id
 WHERE {{where}}
 ORDER BY duty.role, task.id
"""


def select_agency_tasks(
    db: sqlite3.Connection, *names: str, role: Role | None = None, where: Filter = EVERY_TASK
) -> Result:
    """Return the tasks that name any of the agencies, each with its ``role``; led tasks first."""
    role_filter = Filter("duty.role = ?", (role,)) if role else EVERY_TASK
    params = (to_json_array(names),)
    return select(db, AGENCY_TASKS, where & role_filter, params, title="、".join(names))


POSSIBLE_TASKS = f"""
SELECT (SELECT group_concat(name, char(31)) FROM
         (SELECT DISTINCT collective.name FROM duty
            JOIN agency AS collective ON collective.id = duty.agency_id
            JOIN possible_member ON collective_id = collective.id
           WHERE task_id = task.id AND role IN (SELECT value FROM json_each(?))
             AND possible_member.agency_id IN {AGENCY_IDS}
           ORDER BY ord)) AS through, {TASK_FIELDS}
  FROM task_row AS task
 WHERE {{where}}
 ORDER BY task.id
"""


def select_possible_tasks(
    db: sqlite3.Connection, *names: str, role: Role | None = None, where: Filter = EVERY_TASK
) -> Result:
    """Return the tasks that may include any of the agencies ``through`` a collective agency."""
    params = (to_json_array([role] if role else [*Role]), to_json_array(names))
    matching = by_possible_member(*names, role=role) & where
    return select(db, POSSIBLE_TASKS, matching, params, title="、".join(names))


REGION_TASKS = f"""
WITH asked(id) AS (SELECT id FROM region WHERE name IN (SELECT value FROM json_each(?)))
SELECT {GRADE_NAME} AS grade, {GRADE_EVIDENCE.format(cell=REGION_PATH, asked="IN asked")} AS why,
       {GRADE_EVIDENCE.format(cell="word", asked="IN asked")} AS words, {TASK_FIELDS}
  FROM task_row AS task
  JOIN (SELECT task_id, min(rank) AS rank FROM task_region WHERE region_id IN asked
         GROUP BY task_id) AS task_region ON task_region.task_id = task.id
 WHERE {{where}}
 ORDER BY task.id
"""


def select_region_tasks(
    db: sqlite3.Connection, *names: str, exact: bool = False, where: Filter = EVERY_TASK
) -> Result:
    """Return the tasks about any of the regions, each with its ``grade`` and the reason ``why``.

    ``grade``: name, member, compound (or landmark), clause; ``why``: the words and their paths up
    to the region.
    """
    params = (to_json_array(names),)
    matching = where & by_region(*names, exact=exact)
    return select(db, REGION_TASKS, matching, params, title="、".join(names))


def select_false_mentions(db: sqlite3.Connection, name: str, where: Filter = EVERY_TASK) -> Result:
    """Return the tasks that contain the characters of *name* but do not mention the region."""
    return select_tasks(db, by_keyword(name) & ~by_region(name) & where, title=name)


MENTION_WORDS = """(SELECT group_concat(label, char(31)) FROM
         (SELECT region.name || '：' || group_concat(word, '、') AS label
            FROM (SELECT region_id, word, min(ord) AS ord FROM mention
                   WHERE task_id = task.id GROUP BY region_id, word ORDER BY ord) AS mention
            JOIN region ON region.id = region_id GROUP BY region_id ORDER BY min(ord)))"""
TASK_DETAILS = f"""
SELECT {TASK_FIELDS}, task.list_no, task.section_no, {MENTION_WORDS} AS mentions, task.deadline,
       (SELECT no || ' ' || text FROM task AS other
         WHERE other.id = task.id - 1 AND other.section_id = task.section_id) AS previous,
       (SELECT no || ' ' || text FROM task AS other
         WHERE other.id = task.id + 1 AND other.section_id = task.section_id) AS next
  FROM task_row AS task
 WHERE {{where}}
 ORDER BY task.id
"""


def select_task_details(db: sqlite3.Connection, where: Filter) -> Result:
    """Return tasks with the words for each region, and the previous and next task."""
    return select(db, TASK_DETAILS, where)
