"""How each duty stands on a day: what was reported of it, and whether it is overdue."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plancli.results.table import Cell, Row
from plancli.text import dates
from plancli.text.normalize import squeeze
from plancli.tracking import sheet_columns
from plancli.tracking.assignments import POSSIBLE, Duty
from plancli.tracking.progress_file import Progress, Report, Said

ENDLESS = ("done", "lasting")  # no day makes such a task overdue


def rows(
    every: Iterable[Duty], progress: Progress, years: Mapping[str, Cell], today: date
) -> Iterator[Row]:
    """Yield a row of ``query.reported.heard`` for every duty, and for what else was reported.

    *years*: of each plan, for deadlines that name none.
    """
    told = {report.id: report for report in progress.reports}
    for duty in every:
        report = told.get(duty.id)
        if report or duty.role != POSSIBLE:
            yield _row(duty, report, int(str(years[duty.plan])), today)


def lost(every: Iterable[Duty], progress: Progress) -> list[Report]:
    """Return the reports of what the plans give no longer: reworded, dropped, not open."""
    known = {duty.id for duty in every}
    return [report for report in progress.reports if report.id not in known]


def status(said: Said | None) -> str:
    """Return the name, for programs, of the state that *said* reports, if it reports anything."""
    if not said or not any(getattr(said, name) for name in sheet_columns.FILL):
        return "silent"
    return sheet_columns.STATE.get(squeeze(said.state), "other")


def _row(duty: Duty, report: Report | None, year: int, today: date) -> Row:
    head = (duty.task, duty.agency, duty.role)
    now = report.now if report else Said()
    name = status(now)
    day = dates.day(now.due, year) or dates.day(duty.deadline, year)
    overdue = int(day is not None and day < today and name not in ENDLESS)
    said = (now.progress, now.problem, now.contact, now.when, now.file)
    return (*head, name, overdue, now.state, now.due or duty.deadline, *said)
