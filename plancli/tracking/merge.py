"""What came back -> the progress file, and who and what is missing."""

from collections.abc import Iterable

from plancli.i18n import _
from plancli.tracking import progress_file
from plancli.tracking.assignments import POSSIBLE, Assignment
from plancli.tracking.findings import CollectDiagnostics, format_excerpt
from plancli.tracking.progress_file import AssignmentReport, ProgressFile, Statement, UnmatchedRow
from plancli.tracking.row_matching import MatchedRow, RowMatcher


def merge_reports(
    before: ProgressFile,
    places: RowMatcher,
    named: Iterable[Assignment],
    findings: CollectDiagnostics,
) -> ProgressFile:
    """Return *before* with all that came: the latest report of each duty, the rest kept.

    *named*: the duties that are to be reported.
    """
    wanted = {duty.id for duty in named}
    known = {report.id: report for report in before.reports}
    by_duty: dict[str, list[MatchedRow]] = {}
    for each in places.matched_rows:
        by_duty.setdefault(each.assignment.id, []).append(each)
    empty = []
    for id in filter(by_duty.__contains__, places.assignments):
        told = [each for each in by_duty[id] if _is_new_statement(each, known.get(id))]
        told.sort(key=lambda each: (each.file, each.line))
        told.sort(key=lambda each: (not each.claimed_time, each.claimed_time), reverse=True)
        told.sort(key=lambda each: each.statement.moment)
        _report_conflict(told, findings)
        for each in told:
            report = known.get(id)
            if report and _is_outdated(report, each):
                _add_diagnostic("older", each, _("the recorded report was saved later"), findings)
            known[id] = (
                progress_file.add_statement(report, each.statement)
                if report
                else _create_report(each)
            )
        if id not in known and id in wanted:
            empty.append(by_duty[id][0])
    _report_unreadable(places, findings)
    _report_blank_rows(empty, {report.body for report in known.values()}, places, findings)
    strays: dict[object, UnmatchedRow] = {}
    for stray in (*before.strays, *places.unmatched_rows):  # the same row, saved anew, is one
        strays.setdefault((stray.file, stray.body, stray.cells), stray)
    return ProgressFile(tuple(known.values()), tuple(strays.values()))


def check_completeness(
    named: Iterable[Assignment],
    places: RowMatcher,
    after: ProgressFile,
    findings: CollectDiagnostics,
) -> None:
    """Say which bodies never answered, and which rows are gone from what came, of *named*."""
    back = {each.assignment.id for each in places.matched_rows}
    told = {report.body for report in after.reports if report.role is not POSSIBLE}
    own: dict[str, list[Assignment]] = {}
    for duty in named:
        own.setdefault(duty.agency, []).append(duty)
    for body, duties in own.items():
        file = places.agency_files.get(body)
        if file is None and body not in told and body not in places.unreadable_agencies:
            what = _("no sheet came back; {n} tasks").format(n=len(duties))
            findings.add("missing", what, body=body)
        for duty in duties if file is not None else ():
            if duty.id not in back:
                what = _("the row was deleted: {words}").format(words=format_excerpt(duty.text))
                findings.add("deleted", what, body=body, no=duty.no, file=file or "")


def _report_unreadable(places: RowMatcher, findings: CollectDiagnostics) -> None:
    """Say which files cannot be read; an agency of which nothing else came has answered by one."""
    heard = {
        each.assignment.agency
        for each in places.matched_rows
        if each.statement.content != Statement().content
    }
    for kind, file, agency, what in places.unreadable_sheets:
        if agency and agency not in heard:
            came = _("returned, but {what}").format(what=what)
            findings.add(kind, came, body=agency, file=file)
        else:
            findings.add(kind, what, file=file)


def _report_blank_rows(
    empty: list[MatchedRow], told: set[str], places: RowMatcher, findings: CollectDiagnostics
) -> None:
    """Say which rows nothing is filled in: of a body that reports nothing at all, only that."""
    silent: dict[tuple[str, str], int] = {}
    for each in empty:
        if each.assignment.agency in told:
            _add_diagnostic("blank", each, _("nothing is filled in"), findings)
        elif each.assignment.agency not in places.unreadable_agencies:
            sheet = (each.assignment.agency, each.file)
            silent[sheet] = silent.get(sheet, 0) + 1
    for (body, file), n in silent.items():
        what = _("the sheet is not filled in at all; {n} tasks").format(n=n)
        findings.add("missing", what, body=body, file=file)


def _report_conflict(told: list[MatchedRow], findings: CollectDiagnostics) -> None:
    if len({each.statement.content for each in told}) > 1:
        last = max(told, key=lambda each: each.statement.moment)  # of several, the one that holds
        places = "、".join(dict.fromkeys(f"{each.file}:{each.line}" for each in told))
        said = _("reported differently: {places}; {place} holds, the others are kept")
        place = f"{last.file}:{last.line}"
        _add_diagnostic("conflict", last, said.format(places=places, place=place), findings)


def _is_new_statement(each: MatchedRow, report: AssignmentReport | None) -> bool:
    """Whether a row says something that may count.

    Of a file whose time cannot be, only what is not on record yet: it counts as saved when it is
    collected, and would be the latest in each collection anew.
    """
    said = each.statement.content
    return said != Statement().content and not (
        each.claimed_time and report and said in report.contents
    )


def _is_outdated(report: AssignmentReport, each: MatchedRow) -> bool:
    return (
        each.statement.moment < report.now.moment and each.statement.content not in report.contents
    )


def _add_diagnostic(kind: str, each: MatchedRow, what: str, findings: CollectDiagnostics) -> None:
    duty = each.assignment
    findings.add(kind, what, body=duty.agency, no=duty.no, file=each.file, line=each.line)


def _create_report(each: MatchedRow) -> AssignmentReport:
    duty = each.assignment
    return AssignmentReport(
        duty.id, duty.plan, duty.no, duty.agency, duty.role, duty.text, each.statement
    )
