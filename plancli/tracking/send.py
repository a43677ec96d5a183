"""A folder to send out: a sheet a body with its tasks and room to report, and an index of all."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from plancli import query
from plancli.errors import require_extra
from plancli.i18n import _
from plancli.output import formats
from plancli.output.formats import xlsx
from plancli.output.formats.columns import ColumnValue, to_number
from plancli.output.formats.xlsx import TableSheet, WorkbookColumn, XlsxWorkbook
from plancli.query import Filter
from plancli.results.document import ALL_TASKS, AnswerTable, Document
from plancli.results.roles import AssignmentRole
from plancli.results.table import Result, ResultRow
from plancli.system import atomic
from plancli.system.atomic import AtomicDirectory
from plancli.tracking import assignments, sheet_columns
from plancli.tracking.assignments import Assignment
from plancli.tracking.sheet_columns import INDEX_TITLE

POSSIBLE_DIR = "可能涉及"  # the folder of bodies that only a collective phrase may include
MAX_FILE_NAME_LENGTH = 60  # characters of a file's name
DEVICE_NAME = re.compile(
    r"^(con(?:in|out)\$)(?=\.|$)", re.IGNORECASE
)  # pathvalidate lets them pass
RISKY_STARTS = "-=+@~."  # what a shell, a spreadsheet or a file manager would read as its own


class WorkPacket(NamedTuple):
    """All that one body is sent, and the file that it is sent in, without its suffix."""

    agency: str
    agency_kind: str
    assignments: tuple[Assignment, ...]
    file: str

    def count_role(self, role: str) -> int:
        return sum(duty.role == role for duty in self.assignments)


def build_work_packets(
    named: Iterable[Assignment], maybe: Iterable[Assignment]
) -> list[WorkPacket]:
    """Return what each body is sent: what it leads, what it takes part in, what may concern it.

    Errors: MissingPackage without what writes workbooks.
    """
    own, may = _group_by_agency(named), _group_by_agency(maybe)
    taken = {INDEX_TITLE.casefold()}
    found = []
    with require_extra(
        "office", _("to write {format}, {package} is needed").replace("{format}", "xlsx")
    ):
        import xlsxwriter  # noqa: F401  (said before anything is written)

        for body in dict.fromkeys((*own, *may)):
            listed = (*own.get(body, ()), *may.get(body, ()))
            folder = "" if body in own else f"{POSSIBLE_DIR}/"
            found.append(
                WorkPacket(
                    body, listed[0].agency_kind, listed, folder + _choose_file_name(body, taken)
                )
            )
    return found


def write_work_packets(
    db: sqlite3.Connection, where: Filter, packed: Iterable[WorkPacket], folder: Path, *, word: bool
) -> Iterator[WorkPacket]:
    """Write *packed* and the index into the new or empty *folder*, all or nothing.

    Yields each bundle as it is written; *word* writes a Word file beside each sheet.
    Errors: PlanError where there are files already, or the folder cannot be written.
    """
    every = assignments.list_assignments(db)
    versions = {
        plan: assignments.compute_plan_fingerprint(every, plan)
        for plan in {each.plan for each in every}
    }
    whole = query.build_document(db, where, AnswerTable(ALL_TASKS, query.select_tasks(db, where)))
    with atomic.create_atomic_directory(folder) as draft:
        yield from _write_packets(draft, whole, list(packed), versions, word)


def _write_packets(
    folder: AtomicDirectory,
    whole: Document,
    packed: list[WorkPacket],
    versions: dict[str, str],
    word: bool,
) -> Iterator[WorkPacket]:
    for bundle in packed:
        _write_sheet(folder.add_file(f"{bundle.file}.xlsx"), bundle, whole, versions)
        if word:
            with folder.add_file(f"{bundle.file}.docx").open("wb") as out:
                formats.write_document(_build_document(bundle, whole), "docx", out)
        yield bundle
    _write_index(folder.add_file(f"{INDEX_TITLE}.xlsx"), whole, packed)


def _write_sheet(file: Path, bundle: WorkPacket, whole: Document, versions: dict[str, str]) -> None:
    names = _select_fields(whole)
    fields = [
        WorkbookColumn(
            sheet_columns.HEADINGS[name],
            sheet_columns.WIDTHS[name],
            fill=name in sheet_columns.REPORT_FIELDS,
            choices=sheet_columns.STATES if name == "state" else (),
        )
        for name in names
    ]
    hidden = WorkbookColumn(sheet_columns.ID_HEADING, 26, hidden=True)
    notes = _build_notes(bundle, whole, sheet_columns.FILL_HELP)
    with file.open("wb") as out, XlsxWorkbook(out, _format_title(whole), grows=True) as book:
        listed = TableSheet(book, "任务清单", _format_title(whole), notes, [*fields, hidden])
        for duty in bundle.assignments:
            said = sheet_columns.build_cells(duty)
            cells = [said.get(name, "") for name in names]
            listed.add_row([*map(_format_cell, names, cells), duty.id])
        listed.close()
        plans = dict.fromkeys(duty.plan for duty in bundle.assignments)
        book.add_hidden_sheet(
            sheet_columns.META_SHEET,
            [(plan, versions.get(plan, ""), bundle.agency) for plan in plans],
        )


def _format_cell(name: str, said: str) -> ColumnValue:
    return to_number(said) if name == "no" else said


def _build_document(bundle: WorkPacket, whole: Document) -> Document:
    """Return the same sheet for Word."""
    names = _select_fields(whole)
    rows: tuple[ResultRow, ...] = tuple(
        tuple(sheet_columns.build_cells(duty).get(name, "") for name in names)
        for duty in bundle.assignments
    )
    listed = Result("", tuple(sheet_columns.HEADINGS[name] for name in names), rows)
    table = AnswerTable("任务清单", listed, tuple(sheet_columns.WIDTHS[name] for name in names))
    return Document(
        (table,), _format_title(whole), _build_notes(bundle, whole, sheet_columns.PRINT_HELP)
    )


def _select_fields(whole: Document) -> list[str]:
    """Return the fields of a sheet that people see: the plan only where there are several."""
    several = whole.plans is not None and len(whole.plans.rows) > 1
    return [name for name in sheet_columns.HEADINGS if name != "plan" or several]


def _write_index(file: Path, whole: Document, packed: list[WorkPacket]) -> None:
    """Write who is sent what, and every task, those that name nobody included."""
    fields = [WorkbookColumn("单位", 40), WorkbookColumn("类别", 16), WorkbookColumn("牵头", 8), WorkbookColumn("参与、负责", 12),
              WorkbookColumn("可能涉及", 10), WorkbookColumn("文件", 50)]  # fmt: skip
    with file.open("wb") as out, XlsxWorkbook(out, whole.title) as book:
        listed = TableSheet(book, "单位索引", whole.title, whole.notes, fields)
        for bundle in packed:
            counts = (bundle.count_role(role) for role in AssignmentRole)
            listed.add_row(
                [bundle.agency, bundle.agency_kind, *counts, f"{bundle.file}.xlsx"], link=True
            )
        listed.close()
        unnamed = whole.main_result.transform_rows(
            partial(_filter_unassigned, whole.main_result.columns)
        )
        xlsx.add_table(book, whole, whole.tables[0])
        xlsx.add_table(book, whole, AnswerTable("未写明责任单位的任务", unnamed))
        book.add_hidden_sheet(sheet_columns.META_SHEET, [(INDEX_TITLE, "", "")])  # nobody's


def _filter_unassigned(columns: Sequence[str], rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
    """Yield the tasks that name nobody."""
    lead, rest = (columns.index(name) for name in ("lead", "participate"))
    return (row for row in rows if not (row[lead] or row[rest]))


def _format_title(whole: Document) -> str:
    return whole.title.removesuffix("任务分解表") + sheet_columns.TITLE_SUFFIX


def _build_notes(bundle: WorkPacket, whole: Document, help: str) -> tuple[str, ...]:
    counts = (bundle.count_role(role) for role in AssignmentRole)
    said = sheet_columns.format_agency_line(bundle.agency, *counts)
    return (said, *whole.notes, f"填报说明：{help}")


def _group_by_agency(listed: Iterable[Assignment]) -> dict[str, list[Assignment]]:
    return {body: list(each) for body, each in groupby(listed, lambda duty: duty.agency)}


def _choose_file_name(body: str, taken: set[str]) -> str:
    """Return a file's name for *body* that every system takes, and that no other body has."""
    from pathvalidate import sanitize_filename  # of the extra office

    plain = "".join(char if char.isprintable() else "_" for char in normalize("NFC", body))
    safe = str(sanitize_filename(plain, replacement_text="_", platform="universal"))[
        :MAX_FILE_NAME_LENGTH
    ]
    safe = DEVICE_NAME.sub(r"\1_", safe)
    if not safe.strip(". ") or safe[0] in RISKY_STARTS:
        safe = f"_{safe.strip('. ')}"
    n, name = 1, safe
    while name.casefold() in taken:
        n += 1
        name = f"{safe}（{n}）"
    taken.add(name.casefold())
    return name
