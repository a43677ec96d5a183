"""Compute the status of each assignment on a day: the latest report, and whether it is overdue."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plancli.results.table import ResultCell, ResultRow
from plancli.text import dates
from plancli.text.normalize import normalize_key
from plancli.tracking import sheet_columns
from plancli.tracking.assignments import POSSIBLE, Assignment
from plancli.tracking.progress_file import AssignmentReport, ProgressFile, Statement

ENDLESS_STATUSES = ("done", "lasting")  # never overdue


def iter_status_rows(
    assignments: Iterable[Assignment],
    progress: ProgressFile,
    years: Mapping[str, ResultCell],
    today: date,
) -> Iterator[ResultRow]:
    """Yield a row for ``query.progress`` for every duty, and for every reported possible one.

    *years*: plan -> year, for deadlines without a year.
    """
    reports = {report.id: report for report in progress.reports}
    for duty in assignments:
        report = reports.get(duty.id)
        if report or duty.role != POSSIBLE:
            yield _build_row(duty, report, int(str(years[duty.plan])), today)


def find_orphaned_reports(
    assignments: Iterable[Assignment], progress: ProgressFile
) -> list[AssignmentReport]:
    """Return the reports without an assignment: the task was reworded or dropped, or not open."""
    known = {duty.id for duty in assignments}
    return [report for report in progress.reports if report.id not in known]


def get_status(statement: Statement | None) -> str:
    """Return the machine-readable status of a report: "silent" without one, "other" if unknown."""
    if not statement or not any(getattr(statement, name) for name in sheet_columns.REPORT_FIELDS):
        return "silent"
    return sheet_columns.STATUS_BY_WORD.get(normalize_key(statement.state), "other")


def _build_row(
    duty: Assignment, report: AssignmentReport | None, year: int, today: date
) -> ResultRow:
    head = (duty.task_id, duty.agency_id, duty.role)
    now = report.now if report else Statement()
    name = get_status(now)
    day = dates.parse_deadline(now.due, year) or dates.parse_deadline(duty.deadline, year)
    overdue = int(day is not None and day < today and name not in ENDLESS_STATUSES)
    details = (now.progress, now.problem, now.contact, now.when, now.file)
    return (*head, name, overdue, now.state, now.due or duty.deadline, *details)
