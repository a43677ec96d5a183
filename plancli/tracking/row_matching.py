"""Match returned rows with assignments, by id or else by the task's text."""

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

DATE_HINT = re.compile(r"\d|[一二三四五六七八九十](?:月|季)")  # a text that gives some day
UNSAVED_MARK = b"2000-01-01T00:00:00Z</dcterms:modified>"  # in a Word file as it was sent out


class MatchedRow(NamedTuple):
    """A row of a file, and the assignment that it reports."""

    assignment: Assignment
    statement: Statement
    file: str
    line: int
    claimed_time: str  # the time of saving that its file gives, if impossible; else ""


class UnreadableSheet(NamedTuple):
    """A file that cannot be read, and the agency in its name."""

    kind: str  # of the diagnostic
    file: str
    agency: str  # or ""
    advice: str  # what to do


class RowMatcher:
    """Matches the rows of sheets with *assignments*, all those of the open plans.

    ``matched_rows``: the rows that report an assignment; ``unmatched_rows``: the others;
    ``agency_files``: the file that each agency returned; ``unreadable_sheets``: files that cannot
    be read; ``sheet_count``: how many sheets were returned; ``closed_plans``: how many sheets there
    are of each plan that is not open.
    """

    def __init__(self, assignments: Iterable[Assignment], diagnostics: CollectDiagnostics) -> None:
        self.diagnostics = diagnostics
        self.assignments = {each.id: each for each in assignments}
        given = [each for each in self.assignments.values() if each.role != POSSIBLE]
        self.versions = {
            plan: compute_plan_fingerprint(given, plan) for plan in {each.plan for each in given}
        }
        self.matched_rows: list[MatchedRow] = []
        self.unmatched_rows: list[UnmatchedRow] = []
        self.agency_files: dict[str, str] = {}
        self.unreadable_sheets: list[UnreadableSheet] = []
        self.sheet_count = 0
        # File times have whole seconds: a file saved within this second is later than _now.
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
        """The agencies in the names of unreadable files."""
        return {each.agency for each in self.unreadable_sheets}

    def add_file(self, folder: Path, file: Path) -> None:
        """Read *file*, below *folder*, and match its rows."""
        path = file.relative_to(folder)
        name = " ".join(escape_unprintable(path.as_posix()).split("\n"))
        if not sheet_reader.is_workbook(file):
            if not _is_as_sent(file):
                self._add_unreadable("unread", name, path, unread_files.choose_advice(file))
            return
        try:
            sheet = sheet_reader.read_sheet(file, self._now)
        except UnreadableWorkbook as error:
            self._add_unreadable("strange", name, path, str(error))
            return
        if not sheet.is_work_sheet:
            return
        closed = self._check_versions(name, sheet)
        if closed and len(closed) == len(sheet.versions):
            return
        self.sheet_count += 1
        self.agency_files.setdefault(sheet.agency, name)
        for heading in sheet.missing_headings:
            message = _("the column {name} is missing").format(name=heading)
            self.diagnostics.add("lacking", message, agency=sheet.agency, file=name)
        if sheet.claimed_time:
            message = _format_clock_warning(sheet.claimed_time)
            self.diagnostics.add("clock", message, agency=sheet.agency, file=name)
        for row in sheet.rows:
            if not self._is_of_closed_plan(row, closed):
                self._match_row(name, sheet, row)

    def _add_unreadable(self, kind: str, name: str, path: PurePath, advice: str) -> None:
        agency = unread_files.find_agency(path, self._agencies)
        self.unreadable_sheets.append(UnreadableSheet(kind, name, agency, advice))

    def _check_versions(self, name: str, sheet: ReturnedSheet) -> list[str]:
        """Return the plans of a sheet that are not open; report them, and outdated versions."""
        closed = [plan for plan in sheet.versions if plan not in self.versions]
        for plan in closed:
            label = f"{plan}（{format_excerpt(sheet.title)}）" if sheet.title else plan
            message = _(
                "belongs to plan {plan}, which is not open: ignored; open it with --plan FILE"
            )
            message = message.format(plan=label)
            self.diagnostics.add("unopened", message, agency=sheet.agency, file=name)
        self.closed_plans.update(closed)
        for plan, version in sheet.versions.items():
            if version != self.versions.get(plan, version):
                message = _("sent out before the plan was changed")
                self.diagnostics.add("stale", message, agency=sheet.agency, file=name)
        return closed

    def _is_of_closed_plan(self, row: SheetRow, closed: list[str]) -> bool:
        """Return whether a row is of a *closed* plan: by the plan it names, else by its id."""
        plan, id = row.cells.get("plan"), row.cells.get("id", "").strip()
        if plan:
            return plan in closed
        return bool(closed and id and id not in self.assignments)

    def _match_row(self, name: str, sheet: ReturnedSheet, row: SheetRow) -> None:
        agency = row.agency if row.agency in self._agencies else sheet.agency
        self.agency_files.setdefault(agency, name)
        more = [ExtraCell(column, text) for column, text in row.extra_cells]
        duty = self._find_assignment(name, agency, row, more)
        if duty is None:
            self._add_unmatched(name, agency, sheet.saved_at, row, more)
            return
        if agency not in ("", duty.agency):
            message = _("a row of {agency}").format(agency=duty.agency)
            self._add_diagnostic("foreign", name, row, duty, message)
        self._check_cells(name, row, duty)
        statement = _build_statement(row, duty, more)
        if statement.content != Statement().content:
            statement = replace(statement, file=name, when=sheet.saved_at)
        self.agency_files.setdefault(duty.agency, name)
        self.matched_rows.append(MatchedRow(duty, statement, name, row.row, sheet.claimed_time))

    def _find_assignment(
        self, name: str, agency: str, row: SheetRow, more: list[ExtraCell]
    ) -> Assignment | None:
        """Return the assignment of a row by id or text; a changed text is added to *more*."""
        text = row.cells.get("text", "")
        by_id = self.assignments.get(row.cells.get("id", "").strip())
        by_text = self._find_by_text(agency, row, text)
        if not by_id or not text:
            return by_id or by_text
        if normalize_key(text) in map(normalize_key, (by_id.text, by_id.printed_text)):
            return by_id
        if by_text:  # the rows were sorted without the hidden column: people see only the text
            message = _("the hidden number belongs to task {no}; matched by the text instead")
            self._add_diagnostic("mismatch", name, row, by_text, message.format(no=by_id.no))
            return by_text
        more.append(ExtraCell(sheet_columns.PLAN_FIELDS["text"], text))
        message = _("the task text was changed: {words}").format(words=format_excerpt(text))
        self._add_diagnostic("reworded", name, row, by_id, message)
        return by_id

    def _check_cells(self, name: str, row: SheetRow, duty: Assignment) -> None:
        """Report an unknown state, an unreadable deadline, formula errors and pictures."""
        state = row.cells.get("state", "")
        if state and normalize_key(state) not in sheet_columns.STATUS_BY_WORD:
            message = _("unknown state “{state}”: choose from {names}")
            message = message.format(state=state, names="、".join(sheet_columns.STATES))
            self._add_diagnostic("unknown", name, row, duty, message)
        deadline = row.cells.get("due", "")
        if DATE_HINT.search(deadline) and not dates.parse_deadline(deadline, 2000):
            message = _("deadline not understood, never counted as overdue: {words}")
            message = message.format(words=format_excerpt(deadline))
            self._add_diagnostic("undated", name, row, duty, message)
        for field, heading in sheet_columns.REPORT_FIELDS.items():
            if error := sheet_columns.ERROR_VALUE.match(row.cells.get(field, "")):
                message = _("{name} shows an error, {error}: ask what was meant")
                message = message.format(name=heading, error=error[1])
                self._add_diagnostic("faulty", name, row, duty, message)
            if row.cells.get(field) == workbook.PICTURE_TEXT:
                message = _("{name} contains a picture, not a report: ask for text")
                self._add_diagnostic("picture", name, row, duty, message.format(name=heading))

    def _find_by_text(self, agency: str, row: SheetRow, text: str) -> Assignment | None:
        """Return the assignment of *agency* with *text*, if role and number leave only one."""
        candidates = self._by_text.get((agency, normalize_key(text)), []) if text else []
        role, no = row.cells.get("role", ""), row.cells.get("no")
        same_role = [each for each in candidates if sheet_columns.format_duty_role(each) == role]
        candidates = same_role or candidates
        candidates = [each for each in candidates if each.no == no] or candidates
        return candidates[0] if len(candidates) == 1 else None

    def _add_unmatched(
        self, name: str, agency: str, when: str, row: SheetRow, more: list[ExtraCell]
    ) -> None:
        """Keep a row that belongs to no task, with all its cells."""
        own = [
            ExtraCell(heading, row.cells[field])
            for field, heading in sheet_columns.HEADINGS.items()
            if field in row.cells
        ]
        if not (cells := (*own, *more)):
            return
        is_filled = any(
            field in row.cells for field in sheet_columns.REPORT_FIELDS if field != "due"
        )
        message = _("not a task of the plan, and not filled in: {words}")
        if is_filled or more or "id" not in row.cells:  # else it is unchanged since it was sent
            self.unmatched_rows.append(UnmatchedRow(name, cells, agency, when))
            message = _("not a task of the plan, kept under “strays”: {words}")
        no = row.cells.get("no", "")
        message = message.format(words=format_excerpt(row.cells.get("text", "") or cells[0].text))
        if duty := self._by_number.get((agency, no)):
            current = _("; task {no} now reads: {words}")
            message += current.format(no=no, words=format_excerpt(duty.text))
        self.diagnostics.add("stray", message, agency=agency, no=no, file=name, line=row.row)

    def _add_diagnostic(
        self, kind: str, name: str, row: SheetRow, duty: Assignment, message: str
    ) -> None:
        self.diagnostics.add(kind, message, agency=duty.agency, no=duty.no, file=name, line=row.row)


def iter_sheet_files(folder: Path, but: Path) -> Iterator[Path]:
    """Yield the files below *folder* except *but*, hidden files and leftovers of programs.

    Errors: PlanError if *folder* is not a folder.
    """
    if not folder.is_dir():
        raise PlanError(
            _("{file} is not a folder").format(file=folder),
            hint=_("give the folder of returned sheets"),
        )
    for file in sorted(folder.rglob("*")):
        is_leftover = any(map(batch_inputs.is_leftover, file.relative_to(folder).parts))
        if file.is_file() and not is_leftover and file.resolve() != but.resolve():
            yield file


def _format_clock_warning(claimed: str) -> str:
    """Return the warning for a sheet with an impossible time of saving, *claimed*."""
    time = datetime.fromisoformat(claimed)
    message = _("saved on {time}, before any sheet was sent: the time of collecting is used")
    if time > datetime.now(UTC):
        message = _("saved on {time}, in the future: the time of collecting is used")
    with suppress(OverflowError):  # the first or the last possible day
        time = time.astimezone()
    return message.format(time=time.strftime("%Y-%m-%d %H:%M"))


def _is_as_sent(file: Path) -> bool:
    """Return whether *file* is a Word file that was not saved since it was sent out."""
    try:
        with ZipFile(file) as packed:
            return UNSAVED_MARK in packed.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False


def _build_statement(row: SheetRow, duty: Assignment, more: list[ExtraCell]) -> Statement:
    """Return what a row reports, without the deadline that it was sent out with."""
    filled: Mapping[str, str] = {
        name: row.cells.get(name, "") for name in sheet_columns.REPORT_FIELDS
    }
    pictures = [name for name in filled if filled[name] == workbook.PICTURE_TEXT]
    more = [
        *more,
        *(ExtraCell(sheet_columns.REPORT_FIELDS[name], workbook.PICTURE_TEXT) for name in pictures),
    ]
    filled = {**filled, **dict.fromkeys(pictures, "")}
    if normalize_key(filled["due"]) == normalize_key(duty.deadline):
        filled = {**filled, "due": ""}
    sent = {normalize_key(each) for each in (*sheet_columns.build_cells(duty).values(), duty.text)}
    if not any(filled.values()) and all(normalize_key(each.text) in sent for each in more):
        more = []  # texts of the plan in a column whose heading was changed
    return Statement(**filled, more=tuple(more))
