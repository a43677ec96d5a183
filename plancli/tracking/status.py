"""How each duty stands on a day: what was reported of it, and whether it is overdue."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plancli.results.table import ResultCell, ResultRow
from plancli.text import dates
from plancli.text.normalize import normalize_key
from plancli.tracking import sheet_columns
from plancli.tracking.assignments import POSSIBLE, Assignment
from plancli.tracking.progress_file import AssignmentReport, ProgressFile, Statement

ENDLESS_STATUSES = ("done", "lasting")  # no day makes such a task overdue


def iter_status_rows(
    every: Iterable[Assignment],
    progress: ProgressFile,
    years: Mapping[str, ResultCell],
    today: date,
) -> Iterator[ResultRow]:
    """Yield a row of ``query.reported.heard`` for every duty, and for what else was reported.

    *years*: of each plan, for deadlines that name none.
    """
    told = {report.id: report for report in progress.reports}
    for duty in every:
        report = told.get(duty.id)
        if report or duty.role != POSSIBLE:
            yield _build_row(duty, report, int(str(years[duty.plan])), today)


def find_orphaned_reports(
    every: Iterable[Assignment], progress: ProgressFile
) -> list[AssignmentReport]:
    """Return the reports of what the plans give no longer: reworded, dropped, not open."""
    known = {duty.id for duty in every}
    return [report for report in progress.reports if report.id not in known]


def get_status(said: Statement | None) -> str:
    """Return the name, for programs, of the state that *said* reports, if it reports anything."""
    if not said or not any(getattr(said, name) for name in sheet_columns.REPORT_FIELDS):
        return "silent"
    return sheet_columns.STATUS_BY_WORD.get(normalize_key(said.state), "other")


def _build_row(
    duty: Assignment, report: AssignmentReport | None, year: int, today: date
) -> ResultRow:
    head = (duty.task_id, duty.agency_id, duty.role)
    now = report.now if report else Statement()
    name = get_status(now)
    day = dates.parse_deadline(now.due, year) or dates.parse_deadline(duty.deadline, year)
    overdue = int(day is not None and day < today and name not in ENDLESS_STATUSES)
    said = (now.progress, now.problem, now.contact, now.when, now.file)
    return (*head, name, overdue, now.state, now.due or duty.deadline, *said)
