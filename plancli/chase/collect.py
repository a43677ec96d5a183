"""Returned sheets -> the progress file, and all that a coordinator should look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from plancli.chase import reports, returned, sheet
from plancli.chase.duties import POSSIBLE, Duty, version
from plancli.chase.reports import Extra, Progress, Report, Said, Stray
from plancli.chase.returned import Line, Returned, Unreadable
from plancli.errors import PlanError
from plancli.lang import _
from plancli.result import Result
from plancli.text import printable, squeeze

SHEETS = (".xlsx", ".xlsm")
UNSAVED = b"2000-01-01T00:00:00Z</dcterms:modified>"  # of a Word file as it was sent out
COLUMNS = ("kind", "agency", "no", "file", "line", "what")
# What may be found, in the order in which it is told.
FINDINGS = ("unread", "strange", "stale", "conflict", "older", "mismatch", "reworded", "foreign",
            "stray", "lacking", "unknown", "missing", "deleted", "blank")  # fmt: skip


class Finding(NamedTuple):
    """Something to look at: of which kind, whose, which task, in which file and row."""

    kind: str
    agency: str
    no: str
    file: str
    line: int | None
    what: str


class Came(NamedTuple):
    """A file that came back, by its way below the folder."""

    name: str
    holds: Returned


class Placed(NamedTuple):
    """A row of a file, and the duty that it reports."""

    duty: Duty
    said: Said
    file: str
    line: int


class Collector:
    """Reads the sheets of a folder against the duties that the plans give.

    *named*: the duties that are to be reported; *every*: all that there are, possible ones too.
    """

    def __init__(self, named: Iterable[Duty], every: Iterable[Duty]) -> None:
        self.named = list(named)
        self.duties = {each.id: each for each in every}
        given = [each for each in self.duties.values() if each.role != POSSIBLE]
        self.versions = {plan: version(given, plan) for plan in {each.plan for each in given}}
        self.found: list[Finding] = []
        self.placed: list[Placed] = []
        self.strays: list[Stray] = []
        self._words: dict[tuple[str, str], list[Duty]] = {}
        for duty in self.duties.values():
            for text in {squeeze(duty.text), squeeze(duty.printed)}:
                self._words.setdefault((duty.body, text), []).append(duty)

    def read(self, folder: Path, file: Path) -> Came | None:
        """Take in *file*; say what it is where it is no sheet that came back."""
        name = " ".join(printable(file.relative_to(folder).as_posix()).split("\n"))
        if file.suffix.lower() not in SHEETS:
            if not _as_sent(file):
                what = _("not a workbook (.xlsx): open it and save it as one")
                self._say("unread", file=name, what=what)
            return None
        try:
            holds = returned.read(file)
        except Unreadable as error:
            self._say("strange", file=name, what=str(error))
            return None
        if not holds.reports:
            return None
        came = Came(name, holds)
        self._stale(came)
        for heading in holds.lacking:
            what = _("the column {name} is gone").format(name=heading)
            self._say("lacking", holds.body, file=name, what=what)
        for line in holds.lines:
            self._place(came, line)
        return came

    def merged(self, before: Progress) -> Progress:
        """Return *before* with all that came: the latest report of each duty, the rest kept."""
        known = {report.id: report for report in before.reports}
        by_duty: dict[str, list[Placed]] = {}
        for each in self.placed:
            by_duty.setdefault(each.duty.id, []).append(each)
        empty = []
        for id in filter(by_duty.__contains__, self.duties):
            told = [each for each in by_duty[id] if each.said.content != Said().content]
            told.sort(key=lambda each: (each.said.moment, each.file, each.line))
            self._conflict(told)
            for each in told:
                report = known.get(id)
                if report and self._older(report, each):
                    self._say_of("older", each, _("what is recorded was saved later"))
                known[id] = reports.heard(report, each.said) if report else _first(each)
            if id not in known and by_duty[id][0].duty.role != POSSIBLE:
                empty.append(by_duty[id][0])
        self._blank(empty, {report.body for report in known.values()})
        strays = dict.fromkeys((*before.strays, *self.strays))
        return Progress(tuple(known.values()), tuple(strays))

    def missing(self, came: Iterable[Came]) -> None:
        """Say which bodies sent nothing back, and which rows are gone from what they sent."""
        back = {each.duty.id for each in self.placed}
        sent = {each.duty.body for each in self.placed} | {each.holds.body for each in came}
        for body in dict.fromkeys(duty.body for duty in self.named):
            own = [duty for duty in self.named if duty.body == body]
            if body not in sent:
                what = _("no sheet came back; {n} tasks").format(n=len(own))
                self._say("missing", body, what=what)
                continue
            for duty in own:
                if duty.id not in back:
                    what = _("the row is gone: {words}").format(words=_short(duty.text))
                    self._say("deleted", body, duty.no, what=what)

    def _blank(self, empty: list[Placed], told: set[str]) -> None:
        """Say which rows nothing is filled in: of a body that reports nothing at all, only that."""
        silent: dict[tuple[str, str], int] = {}
        for each in empty:
            if each.duty.body in told:
                self._say_of("blank", each, _("nothing is filled in"))
            else:
                sheet_ = (each.duty.body, each.file)
                silent[sheet_] = silent.get(sheet_, 0) + 1
        for (body, file), n in silent.items():
            what = _("nothing at all is filled in; {n} tasks").format(n=n)
            self._say("missing", body, file=file, what=what)

    def result(self) -> Result:
        """Return the findings, kind by kind."""
        rows = sorted(self.found, key=lambda each: FINDINGS.index(each.kind))
        return Result("", COLUMNS, tuple(tuple(each) for each in rows))

    def _stale(self, came: Came) -> None:
        for plan, sent in came.holds.versions.items():
            if plan not in self.versions:
                what = _("of a plan that is not open: {plan}").format(plan=plan)
                self._say("stale", came.holds.body, file=came.name, what=what)
            elif sent != self.versions[plan]:
                what = _("sent out before the plan was changed")
                self._say("stale", came.holds.body, file=came.name, what=what)

    def _place(self, came: Came, line: Line) -> None:
        """Find the duty that *line* reports: by its id where the words agree, else by its words."""
        text = line.said.get("text", "")
        by_id = self.duties.get(line.said.get("id", "").strip())
        by_words = self._by_words(came, line, text)
        more = [Extra(column, said) for column, said in line.more]
        duty = by_id
        if by_id and text and squeeze(text) not in map(squeeze, (by_id.text, by_id.printed)):
            if by_words:  # sorted without the hidden column: what a person saw is the words
                duty = by_words
                said = _("the hidden number is of task {no}, the words are taken")
                self._say_at("mismatch", came, line, duty, said.format(no=by_id.no))
            else:
                more.append(Extra(sheet.PLAN["text"], text))
                said = _("the words of the plan were changed: {words}")
                self._say_at("reworded", came, line, by_id, said.format(words=_short(text)))
        duty = duty or by_words
        if duty is None:
            self._stray(came, line, more)
            return
        if came.holds.body not in ("", duty.body):
            said = _("a row of {body}").format(body=duty.body)
            self._say_at("foreign", came, line, duty, said)
        self.placed.append(Placed(duty, _said(came, line, duty, more), came.name, line.row))
        state = line.said.get("state", "")
        if state and squeeze(state) not in sheet.STATE:
            said = _("{state} is none of the states {names}")
            names = "、".join(sheet.STATES)
            self._say_at("unknown", came, line, duty, said.format(state=state, names=names))

    def _by_words(self, came: Came, line: Line, text: str) -> Duty | None:
        """Return the one duty of the file's body whose words are *text*."""
        found = self._words.get((came.holds.body, squeeze(text)), []) if text else []
        role = line.said.get("role", "")
        fitting = [duty for duty in found if sheet.role(duty) == role] or found
        numbered = [duty for duty in fitting if duty.no == line.said.get("no")] or fitting
        return numbered[0] if len(numbered) == 1 else None

    def _stray(self, came: Came, line: Line, more: list[Extra]) -> None:
        """Keep a row that is no task's, with every cell as it came."""
        own = [Extra(sheet.HEADINGS[name], line.said[name]) for name in sheet.HEADINGS
               if name in line.said]  # fmt: skip
        if cells := (*own, *more):
            self.strays.append(Stray(came.name, cells, came.holds.body, came.holds.when))
            words = _short(line.said.get("text", "") or cells[0].text)
            said = _("no task of the plan, kept among the strays: {words}").format(words=words)
            if now := self._numbered(came.holds.body, line.said.get("no", "")):
                said += _("; task {no} now reads: {words}").format(
                    no=now.no, words=_short(now.text)
                )
            self._say_at("stray", came, line, None, said)

    def _numbered(self, body: str, no: str) -> Duty | None:
        """Return a duty of *body* in the task that now has the number *no*."""
        own = (duty for duty in self.named if (duty.body, duty.no) == (body, no))
        return next(own, None)

    def _conflict(self, told: list[Placed]) -> None:
        if len({each.said.content for each in told}) > 1:
            last = told[-1]
            places = "、".join(dict.fromkeys(f"{each.file}:{each.line}" for each in told))
            said = _("reported differently: {places}; what was saved last holds")
            self._say_of("conflict", last, said.format(places=places))

    def _older(self, report: Report, each: Placed) -> bool:
        told = {said.content for said in (report.now, *report.earlier)}
        return each.said.moment < report.now.moment and each.said.content not in told

    def _say(self, kind: str, body: str = "", no: str = "", *, file: str = "", what: str) -> None:
        self.found.append(Finding(kind, body, no, file, None, what))

    def _say_at(self, kind: str, came: Came, line: Line, duty: Duty | None, what: str) -> None:
        body, no = (duty.body, duty.no) if duty else (came.holds.body, line.said.get("no", ""))
        self.found.append(Finding(kind, body, no, came.name, line.row, what))

    def _say_of(self, kind: str, each: Placed, what: str) -> None:
        duty = each.duty
        self.found.append(Finding(kind, duty.body, duty.no, each.file, each.line, what))


def files(folder: Path, but: Path) -> Iterator[Path]:
    """Yield the files below *folder*, *but* one, and none that an open document leaves beside it.

    Errors: PlanError where it is no folder, or cannot be looked into.
    """
    if not folder.is_dir():
        raise PlanError(
            _("{file} is no folder").format(file=folder),
            hint=_("give the folder of the sheets that came back"),
        )
    for file in sorted(folder.rglob("*")):
        hidden = file.name.startswith(("~$", "."))
        if file.is_file() and not hidden and file.resolve() != but.resolve():
            yield file


def _as_sent(file: Path) -> bool:
    """Whether *file* is a Word file that nobody has saved since it was sent out."""
    try:
        with ZipFile(file) as packed:
            return UNSAVED in packed.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False


def _said(came: Came, line: Line, duty: Duty, more: list[Extra]) -> Said:
    filled: Mapping[str, str] = {name: line.said.get(name, "") for name in sheet.FILL}
    if squeeze(filled["due"]) == squeeze(duty.deadline):  # as it was sent out
        filled = {**filled, "due": ""}
    told = Said(**filled, more=tuple(more))
    if told.content == Said().content:
        return told
    return replace(told, file=came.name, when=came.holds.when)


def _first(each: Placed) -> Report:
    duty = each.duty
    return Report(duty.id, duty.plan, duty.no, duty.body, duty.role, duty.text, each.said)


def _short(words: str) -> str:
    said = words.replace("\n", " ")
    return said if len(said) <= 40 else f"{said[:39]}…"
