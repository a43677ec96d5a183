"""How each duty stands on a day: what was reported of it, and whether it is overdue."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plancli.chase import due, sheet
from plancli.chase.duties import POSSIBLE, Duty
from plancli.chase.reports import Progress, Report
from plancli.result import Cell, Row
from plancli.text import squeeze

ENDLESS = ("done", "lasting")  # no day makes such a task overdue


def rows(
    every: Iterable[Duty], progress: Progress, years: Mapping[str, Cell], today: date
) -> Iterator[Row]:
    """Yield a row of ``query.heard`` for every duty, and for what else was reported.

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


def status(state: str, reported: bool) -> str:
    """Return the name of *state*, as a body wrote it, for programs."""
    if not reported:
        return "silent"
    return sheet.STATE.get(squeeze(state), "other")


def _row(duty: Duty, report: Report | None, year: int, today: date) -> Row:
    head = (duty.task, duty.agency, duty.role)
    now = report.now if report else None
    name = status(now.state if now else "", report is not None)
    deadline = (now.due if now else "") or duty.deadline
    day = due.day(deadline, year)
    overdue = int(day is not None and day < today and name not in ENDLESS)
    said = (now.progress, now.problem, now.contact, now.when, now.file) if now else ("",) * 5
    return (*head, name, overdue, now.state if now else "", deadline, *said)
