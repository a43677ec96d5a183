"""What came back -> the progress file, and who and what is missing."""

from collections.abc import Iterable

from plancli.i18n import _
from plancli.tracking import progress_file
from plancli.tracking.assignments import POSSIBLE, Duty
from plancli.tracking.findings import Findings, short
from plancli.tracking.progress_file import Progress, Report, Said, Stray
from plancli.tracking.row_matching import Placed, Places


def merged(before: Progress, places: Places, named: Iterable[Duty], findings: Findings) -> Progress:
    """Return *before* with all that came: the latest report of each duty, the rest kept.

    *named*: the duties that are to be reported.
    """
    wanted = {duty.id for duty in named}
    known = {report.id: report for report in before.reports}
    by_duty: dict[str, list[Placed]] = {}
    for each in places.placed:
        by_duty.setdefault(each.duty.id, []).append(each)
    empty = []
    for id in filter(by_duty.__contains__, places.duties):
        told = [each for each in by_duty[id] if _is_news(each, known.get(id))]
        told.sort(key=lambda each: (each.file, each.line))
        told.sort(key=lambda each: (not each.claimed, each.claimed), reverse=True)
        told.sort(key=lambda each: each.said.moment)
        _conflict(told, findings)
        for each in told:
            report = known.get(id)
            if report and _older(report, each):
                _say("older", each, _("what is recorded was saved later"), findings)
            known[id] = progress_file.heard(report, each.said) if report else _first(each)
        if id not in known and id in wanted:
            empty.append(by_duty[id][0])
    _tell_unread(places, findings)
    _blank(empty, {report.body for report in known.values()}, places, findings)
    strays: dict[object, Stray] = {}
    for stray in (*before.strays, *places.strays):  # the same row, saved anew, is one
        strays.setdefault((stray.file, stray.body, stray.cells), stray)
    return Progress(tuple(known.values()), tuple(strays.values()))


def missing(named: Iterable[Duty], places: Places, after: Progress, findings: Findings) -> None:
    """Say which bodies never answered, and which rows are gone from what came, of *named*."""
    back = {each.duty.id for each in places.placed}
    told = {report.body for report in after.reports if report.role is not POSSIBLE}
    own: dict[str, list[Duty]] = {}
    for duty in named:
        own.setdefault(duty.body, []).append(duty)
    for body, duties in own.items():
        file = places.bodies.get(body)
        if file is None and body not in told and body not in places.answered:
            what = _("no sheet came back; {n} tasks").format(n=len(duties))
            findings.say("missing", what, body=body)
        for duty in duties if file is not None else ():
            if duty.id not in back:
                what = _("the row is gone: {words}").format(words=short(duty.text))
                findings.say("deleted", what, body=body, no=duty.no, file=file or "")


def _tell_unread(places: Places, findings: Findings) -> None:
    """Say which files cannot be read; an agency of which nothing else came has answered by one."""
    heard = {each.duty.body for each in places.placed if each.said.content != Said().content}
    for kind, file, agency, what in places.unread:
        if agency and agency not in heard:
            came = _("it came back, but {what}").format(what=what)
            findings.say(kind, came, body=agency, file=file)
        else:
            findings.say(kind, what, file=file)


def _blank(empty: list[Placed], told: set[str], places: Places, findings: Findings) -> None:
    """Say which rows nothing is filled in: of a body that reports nothing at all, only that."""
    silent: dict[tuple[str, str], int] = {}
    for each in empty:
        if each.duty.body in told:
            _say("blank", each, _("nothing is filled in"), findings)
        elif each.duty.body not in places.answered:
            sheet = (each.duty.body, each.file)
            silent[sheet] = silent.get(sheet, 0) + 1
    for (body, file), n in silent.items():
        what = _("nothing at all is filled in; {n} tasks").format(n=n)
        findings.say("missing", what, body=body, file=file)


def _conflict(told: list[Placed], findings: Findings) -> None:
    if len({each.said.content for each in told}) > 1:
        last = max(told, key=lambda each: each.said.moment)  # of several, the one that holds
        places = "、".join(dict.fromkeys(f"{each.file}:{each.line}" for each in told))
        said = _("reported differently: {places}; {place} holds, the others are kept")
        place = f"{last.file}:{last.line}"
        _say("conflict", last, said.format(places=places, place=place), findings)


def _is_news(each: Placed, report: Report | None) -> bool:
    """Whether a row says something that may count.

    Of a file whose time cannot be, only what is not on record yet: it counts as saved when it is
    collected, and would be the latest in each collection anew.
    """
    said = each.said.content
    return said != Said().content and not (each.claimed and report and said in report.contents)


def _older(report: Report, each: Placed) -> bool:
    return each.said.moment < report.now.moment and each.said.content not in report.contents


def _say(kind: str, each: Placed, what: str, findings: Findings) -> None:
    duty = each.duty
    findings.say(kind, what, body=duty.body, no=duty.no, file=each.file, line=each.line)


def _first(each: Placed) -> Report:
    duty = each.duty
    return Report(duty.id, duty.plan, duty.no, duty.body, duty.role, duty.text, each.said)
