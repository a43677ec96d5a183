"""Merge returned rows into the progress file, and report what is missing."""

from collections.abc import Iterable

from plancli.i18n import _
from plancli.tracking import progress_file
from plancli.tracking.assignments import POSSIBLE, Assignment
from plancli.tracking.findings import CollectDiagnostics, format_excerpt
from plancli.tracking.progress_file import AssignmentReport, ProgressFile, Statement, UnmatchedRow
from plancli.tracking.row_matching import MatchedRow, RowMatcher


def merge_reports(
    before: ProgressFile,
    matcher: RowMatcher,
    named: Iterable[Assignment],
    diagnostics: CollectDiagnostics,
) -> ProgressFile:
    """Return *before* with all matched rows; the latest report of an assignment becomes current.

    *named*: the assignments that must be reported.
    """
    required = {duty.id for duty in named}
    reports = {report.id: report for report in before.reports}
    by_assignment: dict[str, list[MatchedRow]] = {}
    for each in matcher.matched_rows:
        by_assignment.setdefault(each.assignment.id, []).append(each)
    empty = []
    for id in filter(by_assignment.__contains__, matcher.assignments):
        rows = [each for each in by_assignment[id] if _is_new_statement(each, reports.get(id))]
        rows.sort(key=lambda each: (each.file, each.line))
        rows.sort(key=lambda each: (not each.claimed_time, each.claimed_time), reverse=True)
        rows.sort(key=lambda each: each.statement.moment)
        _report_conflict(rows, diagnostics)
        for each in rows:
            report = reports.get(id)
            if report and _is_outdated(report, each):
                message = _("the recorded report was saved later")
                _add_diagnostic("older", each, message, diagnostics)
            reports[id] = (
                progress_file.add_statement(report, each.statement)
                if report
                else _create_report(each)
            )
        if id not in reports and id in required:
            empty.append(by_assignment[id][0])
    _report_unreadable(matcher, diagnostics)
    _report_blank_rows(empty, {report.body for report in reports.values()}, matcher, diagnostics)
    strays: dict[object, UnmatchedRow] = {}
    for stray in (*before.strays, *matcher.unmatched_rows):  # a row of a resaved file counts once
        strays.setdefault((stray.file, stray.body, stray.cells), stray)
    return ProgressFile(tuple(reports.values()), tuple(strays.values()))


def check_completeness(
    named: Iterable[Assignment],
    matcher: RowMatcher,
    after: ProgressFile,
    diagnostics: CollectDiagnostics,
) -> None:
    """Report agencies that returned no sheet, and rows of *named* that were deleted."""
    returned = {each.assignment.id for each in matcher.matched_rows}
    answered = {report.body for report in after.reports if report.role is not POSSIBLE}
    by_agency: dict[str, list[Assignment]] = {}
    for duty in named:
        by_agency.setdefault(duty.agency, []).append(duty)
    for agency, duties in by_agency.items():
        file = matcher.agency_files.get(agency)
        if file is None and agency not in answered and agency not in matcher.unreadable_agencies:
            message = _("no sheet came back; {n} tasks").format(n=len(duties))
            diagnostics.add("missing", message, agency=agency)
        for duty in duties if file is not None else ():
            if duty.id not in returned:
                message = _("the row was deleted: {words}").format(words=format_excerpt(duty.text))
                diagnostics.add("deleted", message, agency=agency, no=duty.no, file=file or "")


def _report_unreadable(matcher: RowMatcher, diagnostics: CollectDiagnostics) -> None:
    """Report unreadable files; with the agency if it returned nothing else."""
    answered = {
        each.assignment.agency
        for each in matcher.matched_rows
        if each.statement.content != Statement().content
    }
    for kind, file, agency, advice in matcher.unreadable_sheets:
        if agency and agency not in answered:
            message = _("returned, but {what}").format(what=advice)
            diagnostics.add(kind, message, agency=agency, file=file)
        else:
            diagnostics.add(kind, advice, file=file)


def _report_blank_rows(
    empty: list[MatchedRow],
    answered: set[str],
    matcher: RowMatcher,
    diagnostics: CollectDiagnostics,
) -> None:
    """Report rows that are not filled in; one diagnostic for a sheet that is wholly blank."""
    blank_rows: dict[tuple[str, str], int] = {}
    for each in empty:
        if each.assignment.agency in answered:
            _add_diagnostic("blank", each, _("nothing is filled in"), diagnostics)
        elif each.assignment.agency not in matcher.unreadable_agencies:
            sheet = (each.assignment.agency, each.file)
            blank_rows[sheet] = blank_rows.get(sheet, 0) + 1
    for (agency, file), n in blank_rows.items():
        message = _("the sheet is not filled in at all; {n} tasks").format(n=n)
        diagnostics.add("missing", message, agency=agency, file=file)


def _report_conflict(rows: list[MatchedRow], diagnostics: CollectDiagnostics) -> None:
    if len({each.statement.content for each in rows}) > 1:
        latest = max(rows, key=lambda each: each.statement.moment)
        sources = "、".join(dict.fromkeys(f"{each.file}:{each.line}" for each in rows))
        message = _("reported differently: {sources}; {source} is used, the others are kept")
        message = message.format(sources=sources, source=f"{latest.file}:{latest.line}")
        _add_diagnostic("conflict", latest, message, diagnostics)


def _is_new_statement(each: MatchedRow, report: AssignmentReport | None) -> bool:
    """Return whether a row reports something that may be added.

    A file with an impossible time counts as saved now, so each collection would make it the latest
    again: of its rows, only those that are not recorded yet are added.
    """
    content = each.statement.content
    if content == Statement().content:
        return False
    return not (each.claimed_time and report and content in report.contents)


def _is_outdated(report: AssignmentReport, each: MatchedRow) -> bool:
    return (
        each.statement.moment < report.now.moment and each.statement.content not in report.contents
    )


def _add_diagnostic(
    kind: str, each: MatchedRow, message: str, diagnostics: CollectDiagnostics
) -> None:
    duty = each.assignment
    diagnostics.add(kind, message, agency=duty.agency, no=duty.no, file=each.file, line=each.line)


def _create_report(each: MatchedRow) -> AssignmentReport:
    duty = each.assignment
    return AssignmentReport(
        duty.id, duty.plan, duty.no, duty.agency, duty.role, duty.text, each.statement
    )
