"""Rows that came back -> the duties that they report: by their number, else by their words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.importing import batch_inputs
from plancli.importing.readers import workbook
from plancli.text import dates
from plancli.text.escapes import printable
from plancli.text.normalize import squeeze
from plancli.tracking import sheet_columns, sheet_reader, unread_files
from plancli.tracking.assignments import POSSIBLE, Duty, version
from plancli.tracking.findings import Findings, short
from plancli.tracking.progress_file import Extra, Said, Stray
from plancli.tracking.sheet_reader import Line, Returned, Unreadable

NUMBERED = re.compile(r"\d|[一二三四五六七八九十](?:月|季)")  # words that mean some day
UNSAVED = b"2000-01-01T00:00:00Z</dcterms:modified>"  # of a Word file as it was sent out


class Placed(NamedTuple):
    """A row of a file, and the duty that it reports."""

    duty: Duty
    said: Said
    file: str
    line: int
    claimed: str  # the time of saving that its file gives, where that cannot be; else ""


class Unread(NamedTuple):
    """A file that cannot be read, and the agency that it is named after."""

    kind: str  # of the finding
    file: str
    agency: str  # or ""
    what: str  # to do


class Places:
    """Takes in sheets against *every* duty that the plans give; tells *findings* what is odd.

    ``placed``: the rows that report a duty; ``strays``: those that are no task's; ``bodies``:
    whose sheets came back, and in which file; ``unread``: the files that cannot be read;
    ``count``: how many sheets came back; ``closed``: of each plan that is not open, how many sheets
    there are.
    """

    def __init__(self, every: Iterable[Duty], findings: Findings) -> None:
        self.findings = findings
        self.duties = {each.id: each for each in every}
        given = [each for each in self.duties.values() if each.role != POSSIBLE]
        self.versions = {plan: version(given, plan) for plan in {each.plan for each in given}}
        self.placed: list[Placed] = []
        self.strays: list[Stray] = []
        self.bodies: dict[str, str] = {}
        self.unread: list[Unread] = []
        self.count = 0
        # Files tell whole seconds: what is saved within this one is later than what counts as now.
        self._now = datetime.now(UTC) - timedelta(seconds=1)
        self.closed: Counter[str] = Counter()
        self._numbered = {(duty.body, duty.no): duty for duty in self.duties.values()}
        self._known = {duty.body for duty in self.duties.values()}
        self._words: dict[tuple[str, str], list[Duty]] = {}
        for duty in self.duties.values():
            for text in {squeeze(duty.text), squeeze(duty.printed)}:
                self._words.setdefault((duty.body, text), []).append(duty)

    @property
    def answered(self) -> set[str]:
        """The agencies after which a file that cannot be read is named."""
        return {each.agency for each in self.unread}

    def take(self, folder: Path, file: Path) -> None:
        """Take in *file*, which lies below *folder*; say what it is where it is no sheet."""
        below = file.relative_to(folder)
        name = " ".join(printable(below.as_posix()).split("\n"))
        if not sheet_reader.is_workbook(file):
            if not _as_sent(file):
                self._keep_unread("unread", name, below, unread_files.advise(file))
            return
        try:
            holds = sheet_reader.read(file, self._now)
        except Unreadable as error:
            self._keep_unread("strange", name, below, str(error))
            return
        if not holds.reports:
            return
        closed = self._went_out(name, holds)
        if closed and len(closed) == len(holds.versions):
            return
        self.count += 1
        self.bodies.setdefault(holds.body, name)
        for heading in holds.lacking:
            what = _("the column {name} is gone").format(name=heading)
            self.findings.say("lacking", what, body=holds.body, file=name)
        if holds.claimed:
            self.findings.say("clock", _impossible(holds.claimed), body=holds.body, file=name)
        for line in holds.lines:
            if not self._elsewhere(line, closed):
                self._place(name, holds, line)

    def _keep_unread(self, kind: str, name: str, below: PurePath, what: str) -> None:
        agency = unread_files.find_agency(below, self._known)
        self.unread.append(Unread(kind, name, agency, what))

    def _went_out(self, name: str, holds: Returned) -> list[str]:
        """Return the plans of a sheet that are not open; say so, and of which it is too old."""
        closed = [plan for plan in holds.versions if plan not in self.versions]
        for plan in closed:
            whole = f"{plan}（{short(holds.title)}）" if holds.title else plan
            said = _("of plan {plan}, which is not open: not taken over; --plan FILE opens it")
            what = said.format(plan=whole)
            self.findings.say("unopened", what, body=holds.body, file=name)
        self.closed.update(closed)
        for plan, sent in holds.versions.items():
            if sent != self.versions.get(plan, sent):
                what = _("sent out before the plan was changed")
                self.findings.say("stale", what, body=holds.body, file=name)
        return closed

    def _elsewhere(self, line: Line, closed: list[str]) -> bool:
        """Whether a row is of a plan that is *closed*: by the plan it names, else its number."""
        plan, number = line.said.get("plan"), line.said.get("id", "").strip()
        if plan:
            return plan in closed
        return bool(closed and number and number not in self.duties)

    def _place(self, name: str, holds: Returned, line: Line) -> None:
        text = line.said.get("text", "")
        by_id = self.duties.get(line.said.get("id", "").strip())
        body = line.body if line.body in self._known else holds.body
        self.bodies.setdefault(body, name)
        by_words = self._by_words(body, line, text)
        more = [Extra(column, said) for column, said in line.more]
        duty = by_id or by_words
        if by_id and text and squeeze(text) not in map(squeeze, (by_id.text, by_id.printed)):
            if by_words:  # sorted without the hidden column: what a person saw is the words
                duty = by_words
                said = _("the hidden number is of task {no}, the words are taken")
                self._say("mismatch", name, line, by_words, said.format(no=by_id.no))
            else:
                more.append(Extra(sheet_columns.PLAN["text"], text))
                said = _("the words of the plan were changed: {words}")
                self._say("reworded", name, line, by_id, said.format(words=short(text)))
        if duty is None:
            self._stray(name, body, holds.when, line, more)
            return
        if body not in ("", duty.body):
            self._say("foreign", name, line, duty, _("a row of {body}").format(body=duty.body))
        state = line.said.get("state", "")
        if state and squeeze(state) not in sheet_columns.STATE:
            said = _("{state} is none of the states {names}")
            names = "、".join(sheet_columns.STATES)
            self._say("unknown", name, line, duty, said.format(state=state, names=names))
        until = line.said.get("due", "")
        if NUMBERED.search(until) and not dates.day(until, 2000):
            said = _("no day is understood, it will never be overdue: {words}")
            self._say("undated", name, line, duty, said.format(words=short(until)))
        for field, heading in sheet_columns.FILL.items():
            if found := sheet_columns.ERROR.match(line.said.get(field, "")):
                said = _("{name} shows an error, {error}: ask what was meant")
                said = said.format(name=heading, error=found[1])
                self._say("faulty", name, line, duty, said)
            if line.said.get(field) == workbook.PICTURE:
                said = _("{name} holds a picture, which is no report: ask for it in words")
                self._say("picture", name, line, duty, said.format(name=heading))
        told = _told(line, duty, more)
        if told.content != Said().content:
            told = replace(told, file=name, when=holds.when)
        self.bodies.setdefault(duty.body, name)
        self.placed.append(Placed(duty, told, name, line.row, holds.claimed))

    def _by_words(self, body: str, line: Line, text: str) -> Duty | None:
        """Return the one duty of *body* whose words are *text*."""
        found = self._words.get((body, squeeze(text)), []) if text else []
        role = line.said.get("role", "")
        fitting = [duty for duty in found if sheet_columns.role(duty) == role] or found
        numbered = [duty for duty in fitting if duty.no == line.said.get("no")] or fitting
        return numbered[0] if len(numbered) == 1 else None

    def _stray(self, name: str, body: str, when: str, line: Line, more: list[Extra]) -> None:
        """Keep a row that is no task's, with every cell as it came."""
        own = [Extra(heading, line.said[field]) for field, heading in sheet_columns.HEADINGS.items()
               if field in line.said]  # fmt: skip
        if not (cells := (*own, *more)):
            return
        written = any(field in line.said for field in sheet_columns.FILL if field != "due")
        what = _("no task of the plan, and nothing is filled in: {words}")
        if written or more or "id" not in line.said:  # else it is as it was sent out
            self.strays.append(Stray(name, cells, body, when))
            what = _("no task of the plan, kept among the strays: {words}")
        no = line.said.get("no", "")
        what = what.format(words=short(line.said.get("text", "") or cells[0].text))
        if duty := self._numbered.get((body, no)):
            reads = _("; task {no} now reads: {words}")
            what += reads.format(no=no, words=short(duty.text))
        self.findings.say("stray", what, body=body, no=no, file=name, line=line.row)

    def _say(self, kind: str, name: str, line: Line, duty: Duty, what: str) -> None:
        self.findings.say(kind, what, body=duty.body, no=duty.no, file=name, line=line.row)


def files(folder: Path, but: Path) -> Iterator[Path]:
    """Yield the files below *folder*, *but* one, and none that people do not see or mean.

    Errors: PlanError where it is no folder.
    """
    if not folder.is_dir():
        raise PlanError(
            _("{file} is no folder").format(file=folder),
            hint=_("give the folder of the sheets that came back"),
        )
    for file in sorted(folder.rglob("*")):
        left = any(map(batch_inputs.is_leftover, file.relative_to(folder).parts))
        if file.is_file() and not left and file.resolve() != but.resolve():
            yield file


def _impossible(claimed: str) -> str:
    """Return what is said of a sheet whose time of saving, *claimed*, cannot be."""
    time = datetime.fromisoformat(claimed)
    what = _("the sheet says that it was saved on {time}, before any was sent out: the time of"
             " collecting is used instead")  # fmt: skip
    if time > datetime.now(UTC):
        what = _("the sheet says that it was saved on {time}, which is in the future: the time of"
                 " collecting is used instead")  # fmt: skip
    with suppress(OverflowError):  # the first or the last day that there is
        time = time.astimezone()
    return what.format(time=time.strftime("%Y-%m-%d %H:%M"))


def _as_sent(file: Path) -> bool:
    """Whether *file* is a Word file that nobody has saved since it was sent out."""
    try:
        with ZipFile(file) as packed:
            return UNSAVED in packed.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False


def _told(line: Line, duty: Duty, more: list[Extra]) -> Said:
    """Return what a row reports, but for the deadline that it was sent out with."""
    filled: Mapping[str, str] = {name: line.said.get(name, "") for name in sheet_columns.FILL}
    shown = [name for name in filled if filled[name] == workbook.PICTURE]
    more = [*more, *(Extra(sheet_columns.FILL[name], workbook.PICTURE) for name in shown)]
    filled = {**filled, **dict.fromkeys(shown, "")}
    if squeeze(filled["due"]) == squeeze(duty.deadline):
        filled = {**filled, "due": ""}
    sent = {squeeze(each) for each in (*sheet_columns.cells(duty).values(), duty.text)}
    if not any(filled.values()) and all(squeeze(each.text) in sent for each in more):
        more = []  # the plan's own words, below a heading that was written anew
    return Said(**filled, more=tuple(more))
