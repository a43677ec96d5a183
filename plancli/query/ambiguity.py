"""Select tasks with unclear responsibility, with the reason."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import TASK_FIELDS
from plancli.results.roles import Role
from plancli.results.table import Result

DUTIES_OF_TASK = "FROM duty JOIN agency ON agency.id = duty.agency_id WHERE duty.task_id = task.id"
AGENCY_NAMES = f"""(SELECT group_concat(name, char(31)) FROM
         (SELECT agency.name{{ending}} AS name {DUTIES_OF_TASK} AND {{which}}
           GROUP BY agency.id ORDER BY min(ord)))"""
OPEN_ENDED_NAMES = AGENCY_NAMES.format(ending=" || '等'", which="duty.open_ended")


def _format_agency_names(which: str) -> str:
    return AGENCY_NAMES.format(ending="", which=which)


# The duties of each clause of a task. The view clause_duty has the same of all tasks, but SQLite
# would read it as a whole for each task.
CLAUSE_DUTIES = """(SELECT ord, role, agency_id FROM passage_duty WHERE task_id = task.id
          UNION ALL SELECT 0, role, agency_id FROM duty WHERE task_id = task.id
            AND NOT EXISTS (SELECT 1 FROM passage_duty WHERE task_id = task.id))"""


def _name_agencies(role: Role, agencies: str) -> str:
    """Return the names of the agencies with *role* in the task that the SQL *agencies* gives."""
    return f"""(SELECT group_concat(name, char(31)) FROM
         (SELECT agency.name FROM ({agencies}) AS chosen
            JOIN duty ON duty.task_id = task.id AND duty.role = '{role}'
             AND duty.agency_id = chosen.agency_id
            JOIN agency ON agency.id = chosen.agency_id
           GROUP BY agency.id ORDER BY min(duty.ord)))"""


def _name_in_clauses(condition: str, role: Role) -> str:
    """Return the names of agencies with *role* in clauses of the task for which *condition* holds."""
    return _name_agencies(
        role,
        f"""SELECT agency_id FROM {CLAUSE_DUTIES}
              JOIN (SELECT ord FROM {CLAUSE_DUTIES} GROUP BY ord HAVING {condition}) USING (ord)
             WHERE role = '{role}'""",
    )


LEADS_AND_JOINS = f"""SELECT agency_id FROM {CLAUSE_DUTIES}
             GROUP BY ord, agency_id HAVING max(role = 'lead') AND max(role <> 'lead')"""
# Cities of the plan's jurisdiction that the text names, where the clause has neither an agency of
# the city nor a collective agency that may include one.
UNASSIGNED_CITIES = """(SELECT group_concat(name, char(31)) FROM
         (SELECT region.name FROM mention JOIN region ON region.id = mention.region_id
            JOIN region_ancestor ON descendant_id = region.id AND ancestor_id = task.jurisdiction_id
           WHERE mention.task_id = task.id AND field = 'text' AND mention_kind = 'name'
             AND region.type = '地级'
             AND EXISTS (SELECT 1 FROM agency WHERE home_region_id = region.id)
             AND NOT EXISTS (SELECT 1 FROM duty LEFT JOIN possible_member
                    ON possible_member.collective_id = duty.agency_id
                  JOIN agency ON agency.id IN (duty.agency_id, possible_member.agency_id)
                 WHERE duty.task_id = task.id AND agency.home_region_id = region.id)
           GROUP BY region.id ORDER BY min(ord)))"""
# reason -> SQL of the names concerned; '' if the reason applies without names, NULL if it does not
AMBIGUITY_REASONS = {
    "nobody": "iif(EXISTS (SELECT 1 FROM duty WHERE task_id = task.id), NULL, '')",
    "unled": _name_in_clauses("sum(role = 'lead') = 0 AND count(*) > 1", Role.PARTICIPATE),
    "led_by_several": _name_in_clauses("sum(role = 'lead') > 1", Role.LEAD),
    "both_roles": _name_agencies(Role.LEAD, LEADS_AND_JOINS),
    "collective": _format_agency_names("agency.kind = '泛指'"),
    "open_ended": OPEN_ENDED_NAMES,
    "passed_over": UNASSIGNED_CITIES,
}
AMBIGUOUS_TASKS = (
    f"""
SELECT reason, words, {TASK_FIELDS}
  FROM task_row AS task
  JOIN ("""
    + "\n   UNION ALL\n".join(
        f"SELECT task.id AS task_id, {n} AS rank, '{reason}' AS reason, {words} AS words"
        " FROM task_row AS task"
        for n, (reason, words) in enumerate(AMBIGUITY_REASONS.items())
    )
    + """) AS ambiguity ON ambiguity.task_id = task.id AND ambiguity.words IS NOT NULL
 WHERE {where}
 ORDER BY task.id, rank
"""
)


def select_ambiguous_tasks(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return tasks with unclear responsibility: one row for each ``reason``.

    ``words``: the agencies, collective agencies or regions concerned.
    """
    return select(db, AMBIGUOUS_TASKS, where)
