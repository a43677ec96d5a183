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
from plancli.text.escapes import escape_unprintable
from plancli.text.normalize import normalize_key
from plancli.tracking import sheet_columns, sheet_reader, unread_files
from plancli.tracking.assignments import POSSIBLE, Assignment, compute_plan_fingerprint
from plancli.tracking.findings import CollectDiagnostics, format_excerpt
from plancli.tracking.progress_file import ExtraCell, Statement, UnmatchedRow
from plancli.tracking.sheet_reader import ReturnedSheet, SheetRow, UnreadableWorkbook

DATE_HINT = re.compile(r"\d|[一二三四五六七八九十](?:月|季)")  # words that mean some day
UNSAVED_MARK = b"2000-01-01T00:00:00Z</dcterms:modified>"  # of a Word file as it was sent out


class MatchedRow(NamedTuple):
    """A row of a file, and the duty that it reports."""

    assignment: Assignment
    statement: Statement
    file: str
    line: int
    claimed_time: str  # the time of saving that its file gives, where that cannot be; else ""


class UnreadableSheet(NamedTuple):
    """A file that cannot be read, and the agency that it is named after."""

    kind: str  # of the finding
    file: str
    agency: str  # or ""
    advice: str  # to do


class RowMatcher:
    """Takes in sheets against *every* duty that the plans give; tells *findings* what is odd.

    ``placed``: the rows that report a duty; ``strays``: those that are no task's; ``bodies``:
    whose sheets came back, and in which file; ``unread``: the files that cannot be read;
    ``count``: how many sheets came back; ``closed``: of each plan that is not open, how many sheets
    there are.
    """

    def __init__(self, every: Iterable[Assignment], findings: CollectDiagnostics) -> None:
        self.diagnostics = findings
        self.assignments = {each.id: each for each in every}
        given = [each for each in self.assignments.values() if each.role != POSSIBLE]
        self.versions = {
            plan: compute_plan_fingerprint(given, plan) for plan in {each.plan for each in given}
        }
        self.matched_rows: list[MatchedRow] = []
        self.unmatched_rows: list[UnmatchedRow] = []
        self.agency_files: dict[str, str] = {}
        self.unreadable_sheets: list[UnreadableSheet] = []
        self.sheet_count = 0
        # Files tell whole seconds: what is saved within this one is later than what counts as now.
        self._now = datetime.now(UTC) - timedelta(seconds=1)
        self.closed_plans: Counter[str] = Counter()
        self._by_number = {(duty.agency, duty.no): duty for duty in self.assignments.values()}
        self._agencies = {duty.agency for duty in self.assignments.values()}
        self._by_text: dict[tuple[str, str], list[Assignment]] = {}
        for duty in self.assignments.values():
            for text in {normalize_key(duty.text), normalize_key(duty.printed_text)}:
                self._by_text.setdefault((duty.agency, text), []).append(duty)

    @property
    def unreadable_agencies(self) -> set[str]:
        """The agencies after which a file that cannot be read is named."""
        return {each.agency for each in self.unreadable_sheets}

    def add_file(self, folder: Path, file: Path) -> None:
        """Take in *file*, which lies below *folder*; say what it is where it is no sheet."""
        below = file.relative_to(folder)
        name = " ".join(escape_unprintable(below.as_posix()).split("\n"))
        if not sheet_reader.is_workbook(file):
            if not _is_as_sent(file):
                self._add_unreadable("unread", name, below, unread_files.choose_advice(file))
            return
        try:
            holds = sheet_reader.read_sheet(file, self._now)
        except UnreadableWorkbook as error:
            self._add_unreadable("strange", name, below, str(error))
            return
        if not holds.is_work_sheet:
            return
        closed = self._check_versions(name, holds)
        if closed and len(closed) == len(holds.versions):
            return
        self.sheet_count += 1
        self.agency_files.setdefault(holds.agency, name)
        for heading in holds.missing_headings:
            what = _("the column {name} is missing").format(name=heading)
            self.diagnostics.add("lacking", what, body=holds.agency, file=name)
        if holds.claimed_time:
            self.diagnostics.add(
                "clock", _format_clock_warning(holds.claimed_time), body=holds.agency, file=name
            )
        for line in holds.rows:
            if not self._is_of_closed_plan(line, closed):
                self._match_row(name, holds, line)

    def _add_unreadable(self, kind: str, name: str, below: PurePath, what: str) -> None:
        agency = unread_files.find_agency(below, self._agencies)
        self.unreadable_sheets.append(UnreadableSheet(kind, name, agency, what))

    def _check_versions(self, name: str, holds: ReturnedSheet) -> list[str]:
        """Return the plans of a sheet that are not open; say so, and of which it is too old."""
        closed = [plan for plan in holds.versions if plan not in self.versions]
        for plan in closed:
            whole = f"{plan}（{format_excerpt(holds.title)}）" if holds.title else plan
            said = _("belongs to plan {plan}, which is not open: ignored; open it with --plan FILE")
            what = said.format(plan=whole)
            self.diagnostics.add("unopened", what, body=holds.agency, file=name)
        self.closed_plans.update(closed)
        for plan, sent in holds.versions.items():
            if sent != self.versions.get(plan, sent):
                what = _("sent out before the plan was changed")
                self.diagnostics.add("stale", what, body=holds.agency, file=name)
        return closed

    def _is_of_closed_plan(self, line: SheetRow, closed: list[str]) -> bool:
        """Whether a row is of a plan that is *closed*: by the plan it names, else its number."""
        plan, number = line.cells.get("plan"), line.cells.get("id", "").strip()
        if plan:
            return plan in closed
        return bool(closed and number and number not in self.assignments)

    def _match_row(self, name: str, holds: ReturnedSheet, line: SheetRow) -> None:
        text = line.cells.get("text", "")
        by_id = self.assignments.get(line.cells.get("id", "").strip())
        body = line.agency if line.agency in self._agencies else holds.agency
        self.agency_files.setdefault(body, name)
        by_words = self._find_by_text(body, line, text)
        more = [ExtraCell(column, said) for column, said in line.extra_cells]
        duty = by_id or by_words
        if (
            by_id
            and text
            and normalize_key(text) not in map(normalize_key, (by_id.text, by_id.printed_text))
        ):
            if by_words:  # sorted without the hidden column: what a person saw is the words
                duty = by_words
                said = _("the hidden number belongs to task {no}; matched by the text instead")
                self._add_diagnostic("mismatch", name, line, by_words, said.format(no=by_id.no))
            else:
                more.append(ExtraCell(sheet_columns.PLAN_FIELDS["text"], text))
                said = _("the task text was changed: {words}")
                self._add_diagnostic(
                    "reworded", name, line, by_id, said.format(words=format_excerpt(text))
                )
        if duty is None:
            self._add_unmatched(name, body, holds.saved_at, line, more)
            return
        if body not in ("", duty.agency):
            self._add_diagnostic(
                "foreign", name, line, duty, _("a row of {body}").format(body=duty.agency)
            )
        state = line.cells.get("state", "")
        if state and normalize_key(state) not in sheet_columns.STATUS_BY_WORD:
            said = _("unknown state “{state}”: choose from {names}")
            names = "、".join(sheet_columns.STATES)
            self._add_diagnostic("unknown", name, line, duty, said.format(state=state, names=names))
        until = line.cells.get("due", "")
        if DATE_HINT.search(until) and not dates.parse_deadline(until, 2000):
            said = _("deadline not understood, never counted as overdue: {words}")
            self._add_diagnostic(
                "undated", name, line, duty, said.format(words=format_excerpt(until))
            )
        for field, heading in sheet_columns.REPORT_FIELDS.items():
            if found := sheet_columns.ERROR_VALUE.match(line.cells.get(field, "")):
                said = _("{name} shows an error, {error}: ask what was meant")
                said = said.format(name=heading, error=found[1])
                self._add_diagnostic("faulty", name, line, duty, said)
            if line.cells.get(field) == workbook.PICTURE_TEXT:
                said = _("{name} contains a picture, not a report: ask for text")
                self._add_diagnostic("picture", name, line, duty, said.format(name=heading))
        told = _build_statement(line, duty, more)
        if told.content != Statement().content:
            told = replace(told, file=name, when=holds.saved_at)
        self.agency_files.setdefault(duty.agency, name)
        self.matched_rows.append(MatchedRow(duty, told, name, line.row, holds.claimed_time))

    def _find_by_text(self, body: str, line: SheetRow, text: str) -> Assignment | None:
        """Return the one duty of *body* whose words are *text*."""
        found = self._by_text.get((body, normalize_key(text)), []) if text else []
        role = line.cells.get("role", "")
        fitting = [duty for duty in found if sheet_columns.format_duty_role(duty) == role] or found
        numbered = [duty for duty in fitting if duty.no == line.cells.get("no")] or fitting
        return numbered[0] if len(numbered) == 1 else None

    def _add_unmatched(
        self, name: str, body: str, when: str, line: SheetRow, more: list[ExtraCell]
    ) -> None:
        """Keep a row that is no task's, with every cell as it came."""
        own = [ExtraCell(heading, line.cells[field]) for field, heading in sheet_columns.HEADINGS.items()
               if field in line.cells]  # fmt: skip
        if not (cells := (*own, *more)):
            return
        written = any(
            field in line.cells for field in sheet_columns.REPORT_FIELDS if field != "due"
        )
        what = _("not a task of the plan, and not filled in: {words}")
        if written or more or "id" not in line.cells:  # else it is as it was sent out
            self.unmatched_rows.append(UnmatchedRow(name, cells, body, when))
            what = _("not a task of the plan, kept under “strays”: {words}")
        no = line.cells.get("no", "")
        what = what.format(words=format_excerpt(line.cells.get("text", "") or cells[0].text))
        if duty := self._by_number.get((body, no)):
            reads = _("; task {no} now reads: {words}")
            what += reads.format(no=no, words=format_excerpt(duty.text))
        self.diagnostics.add("stray", what, body=body, no=no, file=name, line=line.row)

    def _add_diagnostic(
        self, kind: str, name: str, line: SheetRow, duty: Assignment, what: str
    ) -> None:
        self.diagnostics.add(kind, what, body=duty.agency, no=duty.no, file=name, line=line.row)


def iter_sheet_files(folder: Path, but: Path) -> Iterator[Path]:
    """Yield the files below *folder*, *but* one, and none that people do not see or mean.

    Errors: PlanError where it is no folder.
    """
    if not folder.is_dir():
        raise PlanError(
            _("{file} is not a folder").format(file=folder),
            hint=_("give the folder of returned sheets"),
        )
    for file in sorted(folder.rglob("*")):
        left = any(map(batch_inputs.is_leftover, file.relative_to(folder).parts))
        if file.is_file() and not left and file.resolve() != but.resolve():
            yield file


def _format_clock_warning(claimed: str) -> str:
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


def _is_as_sent(file: Path) -> bool:
    """Whether *file* is a Word file that nobody has saved since it was sent out."""
    try:
        with ZipFile(file) as packed:
            return UNSAVED_MARK in packed.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False


def _build_statement(line: SheetRow, duty: Assignment, more: list[ExtraCell]) -> Statement:
    """Return what a row reports, but for the deadline that it was sent out with."""
    filled: Mapping[str, str] = {
        name: line.cells.get(name, "") for name in sheet_columns.REPORT_FIELDS
    }
    shown = [name for name in filled if filled[name] == workbook.PICTURE_TEXT]
    more = [
        *more,
        *(ExtraCell(sheet_columns.REPORT_FIELDS[name], workbook.PICTURE_TEXT) for name in shown),
    ]
    filled = {**filled, **dict.fromkeys(shown, "")}
    if normalize_key(filled["due"]) == normalize_key(duty.deadline):
        filled = {**filled, "due": ""}
    sent = {normalize_key(each) for each in (*sheet_columns.build_cells(duty).values(), duty.text)}
    if not any(filled.values()) and all(normalize_key(each.text) in sent for each in more):
        more = []  # the plan's own words, below a heading that was written anew
    return Statement(**filled, more=tuple(more))
