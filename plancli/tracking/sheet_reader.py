"""A workbook that came back -> its rows, whatever people did to it."""

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

MAX_HEADING_ROW = 40  # rows, in which the headings must be found
MIN_HEADINGS = 3  # of our headings make a row of headings
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
EXTRA_PREFIX = ":"  # stands before the heading of a column that is none of ours
EARLIEST_SAVE = datetime(2000, 1, 1, tzinfo=UTC)  # which sheets have as they go out
FIELD_BY_HEADING = {
    normalize_key(heading): name
    for name, heading in (*sheet_columns.HEADINGS.items(), ("id", sheet_columns.ID_HEADING))
}


class UnreadableWorkbook(Exception):
    """A file that is no workbook, or one that is not ours; the message says why."""


class SheetRow(NamedTuple):
    """A row that came back: its cells by our fields, the others by their headings."""

    agency: str  # whose sheet its own says it is, or ""
    row: int  # from 1
    cells: dict[str, str]
    extra_cells: tuple[tuple[str, str], ...]


class ReturnedSheet(NamedTuple):
    """What a file holds."""

    agency: str  # whose sheet it was, or "" where that is gone
    title: str  # of the plan, or "" where there are several or it is gone
    versions: dict[str, str]  # of each plan, when the sheet went out
    is_work_sheet: bool  # else it is the index of all
    saved_at: str  # when it was last saved
    claimed_time: str  # the time of saving that it gives, where that cannot be; else ""
    rows: tuple[SheetRow, ...]
    missing_headings: tuple[str, ...]  # columns to be filled that are gone


def is_workbook(file: Path) -> bool:
    """Whether *file* is to be read: by its name, or by its parts, whatever its name."""
    return file.suffix.lower() in WORKBOOK_SUFFIXES or any(
        each.startswith("xl/") and each.endswith(".xml")
        for each in office_package.list_part_names(file)
    )


def read_sheet(file: Path, now: datetime) -> ReturnedSheet:
    """Read the workbook *file*; *now* is when the sheets began to be collected.

    Errors: Unreadable where it is no sheet of ours; MissingPackage without openpyxl.
    """
    with require_extra(
        "office", _("to read {file}, {package} is needed").replace("{file}", str(file))
    ):
        import openpyxl  # noqa: F401  (the reader of workbooks needs it)
    try:
        limits.check_unpacked_size(file.stat().st_size)
        data = file.read_bytes()
        if not data.startswith(file_type.ZIP_SIGNATURE):
            raise UnreadableWorkbook(unread_files.choose_advice(file))
        book = workbook.read_workbook(data)
        sheets = [one for one in book.sheets if one.title != sheet_columns.META_SHEET]
        found = [each for each in map(_read_rows, sheets) if each]
    except (DamagedFile, limits.LimitExceeded, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnreadableWorkbook(
            _("it cannot be read as a workbook: {why}").format(why=why)
        ) from error
    went = _read_versions(book)
    if not went and not found:
        raise UnreadableWorkbook(_("no worksheet in it has the headings of a progress sheet"))
    lacking = {
        name
        for _lines_, names in found
        for name in sheet_columns.REPORT_FIELDS
        if name not in names
    }
    versions = {plan: version for plan, version, body in went if body}
    when, claimed = _find_saved_time(book, file, now)
    return ReturnedSheet(
        agency=next((body for _plan, _version, body in went if body), ""),
        title=_read_title(book) if len(versions) == 1 else "",
        versions=versions,
        is_work_sheet=all(plan != sheet_columns.INDEX_TITLE for plan, _version, _body in went),
        saved_at=when,
        claimed_time=claimed,
        rows=tuple(line for lines, _names in found for line in lines),
        missing_headings=tuple(
            sheet_columns.REPORT_FIELDS[name]
            for name in sheet_columns.REPORT_FIELDS
            if name in lacking
        ),
    )


def _read_versions(book: WorkbookContents) -> list[tuple[str, str, str]]:
    """Return plan, version and body as the hidden sheet has them, or nothing where it is gone."""
    hidden = next((one.cells for one in book.sheets if one.title == sheet_columns.META_SHEET), {})
    found = []
    for row in sorted({row for row, _column in hidden}):
        cells = (hidden.get((row, column)) for column in (1, 2, 3))
        plan, version, body = (
            CONTROL_CHARACTER.sub(" ", cell.text if cell else "") for cell in cells
        )
        if plan:
            found.append((plan, version, body if body.strip() else ""))
    return found


def _read_title(book: WorkbookContents) -> str:
    """Return the plan's title, as the workbook's own has it."""
    return CONTROL_CHARACTER.sub(" ", book.title).removesuffix(sheet_columns.TITLE_SUFFIX)


def _find_saved_time(book: WorkbookContents, file: Path, now: datetime) -> tuple[str, str]:
    """Return when the file was last saved: by its own word, else by the file system's.

    A time that cannot be, after *now* or before any sheet went out, counts as *now*; it comes
    second then, else there is nothing.  A clock that was set back to its beginning has the time
    of the file system instead.
    """
    try:
        disk = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except (ValueError, OverflowError, OSError):
        disk = UNKNOWN_TIME
    own = book.modified if book.modified != book.created else None
    said = own if own and own > EARLIEST_SAVE else disk
    if EARLIEST_SAVE < said <= datetime.now(UTC):  # it may have been saved since
        return said.astimezone().isoformat(), ""
    return now.astimezone().isoformat(timespec="milliseconds"), said.isoformat()


def _read_rows(one: WorksheetContents) -> tuple[list[SheetRow], set[str]] | None:
    """Return a sheet's rows, and which of our columns it has; None where it is none of ours."""
    grid = read_text_grid(one)
    for top in sorted(row for row in grid if row <= MAX_HEADING_ROW):
        fields = _match_fields(grid[top])
        if sum(not name.startswith(EXTRA_PREFIX) for name in fields.values()) >= MIN_HEADINGS:
            break
    else:
        return None
    above = (text for row in grid if row < top for text in grid[row].values())
    whose = next(
        (found[1] for text in above if (found := sheet_columns.AGENCY_LINE.match(text))), ""
    )
    lines = []
    for row in sorted(row for row in grid if row > top):
        cells = {
            fields.get(n) or _make_column_label(n): text for n, text in grid[row].items() if text
        }
        if cells and grid[row] != grid[top]:
            own = {name: text for name, text in cells.items() if not name.startswith(EXTRA_PREFIX)}
            more = tuple((name[1:], text) for name, text in cells.items() if name not in own)
            lines.append(SheetRow(whose, row, own, more))
    return lines, set(fields.values())


def read_text_grid(one: WorksheetContents) -> dict[int, dict[int, str]]:
    """Return row -> column -> words, a merged cell's words wherever it reaches.

    Only cells with words are in it: a sheet may be a million empty rows long.
    """
    grid: dict[int, dict[int, str]] = {}
    size = cells = 0  # one text may stand in very many cells
    for (row, column), cell in sorted(one.cells.items()):
        said = _read_cell_text(cell)
        if said:
            grid.setdefault(row, {})[column] = said
            size += len(said)
            limits.check_text_size(size)
    filled = sorted(grid)
    last = max((column for row in grid.values() for column in row), default=0)
    for top, left, bottom, right in one.merged:
        said = grid.get(top, {}).get(left, "")
        rows = filled[bisect_left(filled, top) : bisect_right(filled, bottom)]
        across = range(left, min(right, last) + 1)
        cells += len(rows) * len(across)
        limits.check_cells(cells)
        size += len(said) * len(rows) * len(across)
        limits.check_text_size(size)
        for row in rows:
            grid[row].update(dict.fromkeys(across, said))
    return grid


def _match_fields(headings: dict[int, str]) -> dict[int, str]:
    """Return the field of each column; a heading that is none of ours has a mark before it."""
    found: dict[int, str] = {}
    whole = {FIELD_BY_HEADING.get(normalize_key(heading)) for heading in headings.values()}
    for column, heading in headings.items():
        heading = heading.replace("\n", " ")
        name = _match_field(heading)
        if (
            name in whole and normalize_key(heading) not in FIELD_BY_HEADING
        ):  # 联系人电话 beside 联系人
            name = ""
        if not name or name in found.values():
            name = f"{EXTRA_PREFIX}{heading}" if heading else _make_column_label(column)
            name += f"（{column}）" * (name in found.values())
        found[column] = name
    return found


def _make_column_label(column: int) -> str:
    return f"{EXTRA_PREFIX}{_('column {n}').format(n=column)}"


def _match_field(heading: str) -> str:
    """Return the field that *heading* stands for: 完成状态, also 完成状态（必填）; else ''."""
    said = normalize_key(heading)
    begun = (
        name
        for own, name in FIELD_BY_HEADING.items()
        if name in sheet_columns.REPORT_FIELDS and said.startswith(own)
    )
    return FIELD_BY_HEADING.get(said) or next(begun, "")


def _read_cell_text(cell: WorkbookCell) -> str:
    """Return a cell as its writer sees it; of an error also what was typed."""
    said = cell.text
    if cell.formula and sheet_columns.ERROR_VALUE.match(said):
        said += f" {cell.formula}"
    words = "\n".join(_iter_plain_lines(said)).strip("\n")
    return (
        words if get_invisible_pattern().sub("", words).strip() else ""
    )  # marks alone say nothing


def _iter_plain_lines(text: str) -> Iterator[str]:
    """Yield the lines of *text*, without what no YAML file holds."""
    for line in text.splitlines():
        yield CONTROL_CHARACTER.sub(" ", line).rstrip()
