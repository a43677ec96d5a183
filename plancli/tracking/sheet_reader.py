"""Read the rows of returned workbooks, which people may have changed in any way."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from plancli.errors import require_extra
from plancli.i18n import _
from plancli.importing.readers import file_type, limits, office_package, workbook
from plancli.importing.readers.office_package import DamagedFile
from plancli.importing.readers.workbook import WorkbookCell, WorkbookContents, WorksheetContents
from plancli.text.normalize import get_invisible_pattern, normalize_key
from plancli.tracking import sheet_columns, unread_files
from plancli.tracking.progress_file import UNKNOWN_TIME
from plancli.yamlfile.decoder import CONTROL_CHARACTER

MAX_HEADING_ROW = 40  # the headings must be in one of the first rows
MIN_HEADINGS = 3  # known headings that make a row the heading row
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
EXTRA_PREFIX = ":"  # marks the heading of a column that people added
EARLIEST_SAVE = datetime(2000, 1, 1, tzinfo=UTC)  # the time in sheets as they are sent out
FIELD_BY_HEADING = {
    normalize_key(heading): name
    for name, heading in (*sheet_columns.HEADINGS.items(), ("id", sheet_columns.ID_HEADING))
}


class UnreadableWorkbook(Exception):
    """A file that is not a workbook, or not a progress sheet; the message says why."""


class SheetRow(NamedTuple):
    """A returned row: its cells by field, and those of added columns by heading."""

    agency: str  # the agency in the line above the table, or ""
    row: int  # from 1
    cells: dict[str, str]
    extra_cells: tuple[tuple[str, str], ...]


class ReturnedSheet(NamedTuple):
    """The content of a returned workbook."""

    agency: str  # the agency in the hidden sheet, or "" if that was deleted
    title: str  # of the plan, or "" if there are several or it was deleted
    versions: dict[str, str]  # plan -> fingerprint when the sheet was sent out
    is_work_sheet: bool  # false for the index
    saved_at: str  # when it was last saved
    claimed_time: str  # the time of saving that it gives, if impossible; else ""
    rows: tuple[SheetRow, ...]
    missing_headings: tuple[str, ...]  # report columns that were deleted


def is_workbook(file: Path) -> bool:
    """Return whether *file* is a workbook, by its suffix or by its parts."""
    return file.suffix.lower() in WORKBOOK_SUFFIXES or any(
        each.startswith("xl/") and each.endswith(".xml")
        for each in office_package.list_part_names(file)
    )


def read_sheet(file: Path, now: datetime) -> ReturnedSheet:
    """Read the workbook *file*; *now* is when collecting began.

    Errors: UnreadableWorkbook if it is not a progress sheet; MissingPackage without openpyxl.
    """
    with require_extra(
        "office", _("to read {file}, {package} is needed").replace("{file}", str(file))
    ):
        import openpyxl  # noqa: F401  (needed by plancli.importing.readers.workbook)
    book, tables = _read_tables(file)
    sent = _read_versions(book)
    if not sent and not tables:
        raise UnreadableWorkbook(_("no worksheet in it has the headings of a progress sheet"))
    versions = {plan: version for plan, version, agency in sent if agency}
    saved_at, claimed_time = _find_saved_time(book, file, now)
    return ReturnedSheet(
        agency=next((agency for _plan, _version, agency in sent if agency), ""),
        title=_read_title(book) if len(versions) == 1 else "",
        versions=versions,
        is_work_sheet=all(plan != sheet_columns.INDEX_TITLE for plan, _version, _agency in sent),
        saved_at=saved_at,
        claimed_time=claimed_time,
        rows=tuple(row for rows, _fields in tables for row in rows),
        missing_headings=tuple(
            heading
            for name, heading in sheet_columns.REPORT_FIELDS.items()
            if any(name not in fields for _rows, fields in tables)
        ),
    )


def _read_tables(file: Path) -> tuple[WorkbookContents, list[tuple[list[SheetRow], set[str]]]]:
    """Return the workbook *file*, and the rows and fields of each of its worksheets with headings.

    Errors: UnreadableWorkbook.
    """
    try:
        limits.check_unpacked_size(file.stat().st_size)
        data = file.read_bytes()
        if not data.startswith(file_type.ZIP_SIGNATURE):
            raise UnreadableWorkbook(unread_files.choose_advice(file))
        book = workbook.read_workbook(data)
        sheets = [one for one in book.sheets if one.title != sheet_columns.META_SHEET]
        return book, [each for each in map(_read_rows, sheets) if each]
    except (DamagedFile, limits.LimitExceeded, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnreadableWorkbook(
            _("it cannot be read as a workbook: {why}").format(why=why)
        ) from error


def _read_versions(book: WorkbookContents) -> list[tuple[str, str, str]]:
    """Return (plan, version, agency) from the hidden sheet; empty if it was deleted."""
    hidden = next((one.cells for one in book.sheets if one.title == sheet_columns.META_SHEET), {})
    versions = []
    for row in sorted({row for row, _column in hidden}):
        cells = (hidden.get((row, column)) for column in (1, 2, 3))
        plan, version, agency = (
            CONTROL_CHARACTER.sub(" ", cell.text if cell else "") for cell in cells
        )
        if plan:
            versions.append((plan, version, agency if agency.strip() else ""))
    return versions


def _read_title(book: WorkbookContents) -> str:
    """Return the plan's title, from that of the workbook."""
    return CONTROL_CHARACTER.sub(" ", book.title).removesuffix(sheet_columns.TITLE_SUFFIX)


def _find_saved_time(book: WorkbookContents, file: Path, now: datetime) -> tuple[str, str]:
    """Return when the file was last saved, and that time if it is impossible, else ''.

    The time in the workbook's properties is used, or else that of the file system, also if a reset
    clock left a time before EARLIEST_SAVE.  An impossible time, in the future or before any sheet
    was sent out, is replaced by *now*.
    """
    try:
        disk = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except (ValueError, OverflowError, OSError):
        disk = UNKNOWN_TIME
    own = book.modified if book.modified != book.created else None
    saved = own if own and own > EARLIEST_SAVE else disk
    if EARLIEST_SAVE < saved <= datetime.now(UTC):  # not *now*: it may have been saved meanwhile
        return saved.astimezone().isoformat(), ""
    return now.astimezone().isoformat(timespec="milliseconds"), saved.isoformat()


def _read_rows(one: WorksheetContents) -> tuple[list[SheetRow], set[str]] | None:
    """Return a worksheet's rows and the fields it has; None if it has no heading row."""
    grid = read_text_grid(one)
    for top in sorted(row for row in grid if row <= MAX_HEADING_ROW):
        fields = _match_fields(grid[top])
        if sum(not name.startswith(EXTRA_PREFIX) for name in fields.values()) >= MIN_HEADINGS:
            break
    else:
        return None
    above = (text for row in grid if row < top for text in grid[row].values())
    agency = next(
        (match[1] for text in above if (match := sheet_columns.AGENCY_LINE.match(text))), ""
    )
    rows = []
    for row in sorted(row for row in grid if row > top):
        cells = {
            fields.get(n) or _make_column_label(n): text for n, text in grid[row].items() if text
        }
        if cells and grid[row] != grid[top]:
            own = {name: text for name, text in cells.items() if not name.startswith(EXTRA_PREFIX)}
            more = tuple((name[1:], text) for name, text in cells.items() if name not in own)
            rows.append(SheetRow(agency, row, own, more))
    return rows, set(fields.values())


def read_text_grid(one: WorksheetContents) -> dict[int, dict[int, str]]:
    """Return row -> column -> text; the text of a merged cell is in all cells that it covers.

    Empty cells are left out: a sheet may have a million empty rows.
    """
    grid: dict[int, dict[int, str]] = {}
    size = cells = 0  # merged cells may multiply a text
    for (row, column), cell in sorted(one.cells.items()):
        text = _read_cell_text(cell)
        if text:
            grid.setdefault(row, {})[column] = text
            size += len(text)
            limits.check_text_size(size)
    filled = sorted(grid)
    last = max((column for row in grid.values() for column in row), default=0)
    for top, left, bottom, right in one.merged:
        text = grid.get(top, {}).get(left, "")
        rows = filled[bisect_left(filled, top) : bisect_right(filled, bottom)]
        columns = range(left, min(right, last) + 1)
        cells += len(rows) * len(columns)
        limits.check_cells(cells)
        size += len(text) * len(rows) * len(columns)
        limits.check_text_size(size)
        for row in rows:
            grid[row].update(dict.fromkeys(columns, text))
    return grid


def _match_fields(headings: dict[int, str]) -> dict[int, str]:
    """Return column -> field; added columns have their heading after EXTRA_PREFIX."""
    fields: dict[int, str] = {}
    exact = {FIELD_BY_HEADING.get(normalize_key(heading)) for heading in headings.values()}
    for column, heading in headings.items():
        heading = heading.replace("\n", " ")
        name = _match_field(heading)
        # 联系人电话 is an added column if there is also a column 联系人.
        if name in exact and normalize_key(heading) not in FIELD_BY_HEADING:
            name = ""
        if not name or name in fields.values():
            name = f"{EXTRA_PREFIX}{heading}" if heading else _make_column_label(column)
            name += f"（{column}）" * (name in fields.values())
        fields[column] = name
    return fields


def _make_column_label(column: int) -> str:
    return f"{EXTRA_PREFIX}{_('column {n}').format(n=column)}"


def _match_field(heading: str) -> str:
    """Return the field of *heading*, 完成状态 or also 完成状态（必填）, else ''."""
    key = normalize_key(heading)
    by_prefix = (
        name
        for own, name in FIELD_BY_HEADING.items()
        if name in sheet_columns.REPORT_FIELDS and key.startswith(own)
    )
    return FIELD_BY_HEADING.get(key) or next(by_prefix, "")


def _read_cell_text(cell: WorkbookCell) -> str:
    """Return the displayed text of a cell; for an error also the formula."""
    text = cell.text
    if cell.formula and sheet_columns.ERROR_VALUE.match(text):
        text += f" {cell.formula}"
    text = "\n".join(_iter_plain_lines(text)).strip("\n")
    is_blank = not get_invisible_pattern().sub("", text).strip()
    return "" if is_blank else text


def _iter_plain_lines(text: str) -> Iterator[str]:
    """Yield the lines of *text*, without characters that YAML forbids."""
    for line in text.splitlines():
        yield CONTROL_CHARACTER.sub(" ", line).rstrip()
