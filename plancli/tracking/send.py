"""Write the folder to send out: a progress sheet for each agency, and an index of all tasks."""

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
from plancli.results.roles import AssignmentRole, Role
from plancli.results.table import Result, ResultRow
from plancli.system import atomic
from plancli.system.atomic import AtomicDirectory
from plancli.tracking import assignments, sheet_columns
from plancli.tracking.assignments import Assignment
from plancli.tracking.sheet_columns import INDEX_TITLE

POSSIBLE_DIR = "可能涉及"  # folder of agencies that are only possible members of collective ones
MAX_FILE_NAME_LENGTH = 60  # characters
# Names that pathvalidate does not replace.
DEVICE_NAME = re.compile(r"^(con(?:in|out)\$)(?=\.|$)", re.IGNORECASE)
RISKY_STARTS = "-=+@~."  # have a meaning for shells, spreadsheets or file managers


class WorkPacket(NamedTuple):
    """The assignments that one agency is sent, and the name of its file without suffix."""

    agency: str
    agency_kind: str
    assignments: tuple[Assignment, ...]
    file: str

    def count_role(self, role: str) -> int:
        return sum(duty.role == role for duty in self.assignments)


def build_work_packets(
    named: Iterable[Assignment], maybe: Iterable[Assignment]
) -> list[WorkPacket]:
    """Return a packet for each agency, with its own and its possible assignments.

    Errors: MissingPackage without the package that writes workbooks.
    """
    own, may = _group_by_agency(named), _group_by_agency(maybe)
    taken = {INDEX_TITLE.casefold()}
    packets = []
    with require_extra(
        "office", _("to write {format}, {package} is needed").replace("{format}", "xlsx")
    ):
        import xlsxwriter  # noqa: F401  (fails before anything is written)

        for agency in dict.fromkeys((*own, *may)):
            duties = (*own.get(agency, ()), *may.get(agency, ()))
            folder = "" if agency in own else f"{POSSIBLE_DIR}/"
            file = folder + _choose_file_name(agency, taken)
            packets.append(WorkPacket(agency, duties[0].agency_kind, duties, file))
    return packets


def write_work_packets(
    db: sqlite3.Connection,
    where: Filter,
    packets: Iterable[WorkPacket],
    folder: Path,
    *,
    word: bool,
) -> Iterator[WorkPacket]:
    """Write *packets* and the index into the new or empty *folder*, all or nothing.

    Yields each packet after it is written; *word* also writes a Word file for each sheet.
    Errors: PlanError if *folder* contains files or cannot be written.
    """
    every = assignments.list_assignments(db)
    versions = {
        plan: assignments.compute_plan_fingerprint(every, plan)
        for plan in {each.plan for each in every}
    }
    document = query.build_document(
        db, where, AnswerTable(ALL_TASKS, query.select_tasks(db, where))
    )
    with atomic.create_atomic_directory(folder) as draft:
        yield from _write_packets(draft, document, list(packets), versions, word)


def _write_packets(
    folder: AtomicDirectory,
    document: Document,
    packets: list[WorkPacket],
    versions: dict[str, str],
    word: bool,
) -> Iterator[WorkPacket]:
    for packet in packets:
        _write_sheet(folder.add_file(f"{packet.file}.xlsx"), packet, document, versions)
        if word:
            with folder.add_file(f"{packet.file}.docx").open("wb") as out:
                formats.write_document(_build_document(packet, document), "docx", out)
        yield packet
    _write_index(folder.add_file(f"{INDEX_TITLE}.xlsx"), document, packets)


def _write_sheet(
    file: Path, packet: WorkPacket, document: Document, versions: dict[str, str]
) -> None:
    names = _select_fields(document)
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
    notes = _build_notes(packet, document, sheet_columns.FILL_HELP)
    with file.open("wb") as out, XlsxWorkbook(out, _format_title(document), grows=True) as book:
        listed = TableSheet(book, "任务清单", _format_title(document), notes, [*fields, hidden])
        for duty in packet.assignments:
            cells = sheet_columns.build_cells(duty)
            values = [_format_cell(name, cells.get(name, "")) for name in names]
            listed.add_row([*values, duty.id])
        listed.close()
        plans = dict.fromkeys(duty.plan for duty in packet.assignments)
        book.add_hidden_sheet(
            sheet_columns.META_SHEET,
            [(plan, versions.get(plan, ""), packet.agency) for plan in plans],
        )


def _format_cell(name: str, text: str) -> ColumnValue:
    return to_number(text) if name == "no" else text


def _build_document(packet: WorkPacket, document: Document) -> Document:
    """Return the sheet as a document for Word."""
    names = _select_fields(document)
    rows: tuple[ResultRow, ...] = tuple(
        tuple(sheet_columns.build_cells(duty).get(name, "") for name in names)
        for duty in packet.assignments
    )
    listed = Result("", tuple(sheet_columns.HEADINGS[name] for name in names), rows)
    table = AnswerTable("任务清单", listed, tuple(sheet_columns.WIDTHS[name] for name in names))
    return Document(
        (table,), _format_title(document), _build_notes(packet, document, sheet_columns.PRINT_HELP)
    )


def _select_fields(document: Document) -> list[str]:
    """Return the visible fields of a sheet; the plan only if there are several."""
    several = document.plans is not None and len(document.plans.rows) > 1
    return [name for name in sheet_columns.HEADINGS if name != "plan" or several]


def _write_index(file: Path, document: Document, packets: list[WorkPacket]) -> None:
    """Write the index: the packets, all tasks, and the tasks without an agency."""
    fields = [WorkbookColumn("单位", 40), WorkbookColumn("类别", 16), WorkbookColumn("牵头", 8), WorkbookColumn("参与、负责", 12),
              WorkbookColumn("可能涉及", 10), WorkbookColumn("文件", 50)]  # fmt: skip
    with file.open("wb") as out, XlsxWorkbook(out, document.title) as book:
        listed = TableSheet(book, "单位索引", document.title, document.notes, fields)
        for packet in packets:
            counts = (packet.count_role(role) for role in AssignmentRole)
            listed.add_row(
                [packet.agency, packet.agency_kind, *counts, f"{packet.file}.xlsx"], link=True
            )
        listed.close()
        unnamed = document.main_result.transform_rows(
            partial(_filter_unassigned, document.main_result.columns)
        )
        xlsx.add_table(book, document, document.tables[0])
        xlsx.add_table(book, document, AnswerTable("未写明责任单位的任务", unnamed))
        book.add_hidden_sheet(sheet_columns.META_SHEET, [(INDEX_TITLE, "", "")])  # no agency


def _filter_unassigned(columns: Sequence[str], rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
    """Yield the tasks without an agency."""
    at = [columns.index(role) for role in Role]
    return (row for row in rows if not any(row[n] for n in at))


def _format_title(document: Document) -> str:
    return document.title.removesuffix("任务分解表") + sheet_columns.TITLE_SUFFIX


def _build_notes(packet: WorkPacket, document: Document, help: str) -> tuple[str, ...]:
    counts = (packet.count_role(role) for role in AssignmentRole)
    line = sheet_columns.format_agency_line(packet.agency, *counts)
    return (line, *document.notes, f"填报说明：{help}")


def _group_by_agency(listed: Iterable[Assignment]) -> dict[str, list[Assignment]]:
    return {agency: list(each) for agency, each in groupby(listed, lambda duty: duty.agency)}


def _choose_file_name(agency: str, taken: set[str]) -> str:
    """Return a file name for *agency* that is valid on every system and not in *taken*."""
    from pathvalidate import sanitize_filename  # in the extra "office"

    plain = "".join(char if char.isprintable() else "_" for char in normalize("NFC", agency))
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
