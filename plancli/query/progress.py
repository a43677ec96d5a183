"""Progress reports on tasks: counts by agency, section and region, and the reports themselves.

Reports are not part of a plan's database: they are loaded into a temporary table of the
connection.
"""

import sqlite3
from collections.abc import Iterable

from plancli.query.filters import EVERY_TASK
from plancli.query.select import select
from plancli.query.sql import TASK_FIELDS
from plancli.results.table import Result, ResultCell

REPORT_TABLE = """
CREATE TEMP TABLE duty_report (  -- a duty and the agency's report on it, if any
  task_id INTEGER, agency_id INTEGER, role TEXT, status TEXT, overdue INTEGER, state TEXT,
  due TEXT, progress TEXT, problem TEXT, contact TEXT, "when" TEXT, file TEXT
)
"""


def load_reports(db: sqlite3.Connection, rows: Iterable[tuple[ResultCell, ...]]) -> None:
    """Load *rows*, in the columns of ``REPORT_TABLE``, into the temporary table.

    ``status``: done, underway, waiting, lasting, stuck, other, or silent (no report).
    """
    db.execute("DROP TABLE IF EXISTS duty_report")
    db.execute(REPORT_TABLE)
    db.executemany(f"INSERT INTO duty_report VALUES ({', '.join('?' * 12)})", rows)


STATUS_COUNTS = """count(*) AS duties, sum(status = 'done') AS done, sum(status = 'underway') AS underway,
       sum(status = 'waiting') AS waiting, sum(status = 'lasting') AS lasting,
       sum(status = 'stuck') AS stuck, sum(status = 'other') AS other,
       sum(status = 'silent') AS silent, sum(overdue) AS overdue"""
IS_NAMED_DUTY = "duty_report.role <> 'possible'"  # possible members need not report
URGENCY_ORDER = "sum(overdue) DESC, sum(status = 'stuck') DESC, sum(status = 'silent') DESC"
PROGRESS_QUERIES = {
    "agency": f"""
SELECT agency.display_name AS agency, agency.kind AS type, {STATUS_COUNTS}
  FROM task
  JOIN duty_report ON duty_report.task_id = task.id
  JOIN agency ON agency.id = duty_report.agency_id
 WHERE {{where}} AND {IS_NAMED_DUTY}
 GROUP BY agency.id
 ORDER BY {URGENCY_ORDER}, agency.id
""",
    "section": f"""
SELECT task.plan, task.list_no || iif(task.section_no > '', '(' || task.section_no || ')', '') AS number,
       iif(task.section > '', task.section, task.list) AS section, {STATUS_COUNTS}
  FROM task_row AS task
  JOIN duty_report ON duty_report.task_id = task.id
 WHERE {{where}} AND {IS_NAMED_DUTY}
 GROUP BY task.section_id
 ORDER BY {URGENCY_ORDER}, task.section_id
""",
    "region": f"""
SELECT region.name AS region, region.type AS type, {STATUS_COUNTS}
  FROM task
  JOIN task_region ON task_region.task_id = task.id
  JOIN region ON region.id = task_region.region_id
  JOIN duty_report ON duty_report.task_id = task.id
 WHERE {{where}} AND {IS_NAMED_DUTY}
 GROUP BY region.id
 ORDER BY {URGENCY_ORDER}, region.id
""",
    "task": f"""
SELECT agency.display_name AS agency, duty_report.role AS role, duty_report.status,
       duty_report.overdue, duty_report.state, duty_report.due, duty_report.progress,
       duty_report.problem, duty_report.contact, duty_report."when", duty_report.file, {TASK_FIELDS}
  FROM task_row AS task
  JOIN duty_report ON duty_report.task_id = task.id
  JOIN agency ON agency.id = duty_report.agency_id
 WHERE {{where}}
 ORDER BY duty_report.overdue DESC, duty_report.role = 'possible', task.id, duty_report.role,
       agency.id
""",
}


def select_progress(db: sqlite3.Connection, by: str) -> Result:
    """Return the reports counted *by* agency, section or region, or each report; overdue first."""
    return select(db, PROGRESS_QUERIES[by], EVERY_TASK)
