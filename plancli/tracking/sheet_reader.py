"""A workbook that came back -> its rows, whatever people did to it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from plancli.errors import needing
from plancli.i18n import _
from plancli.importing.readers import file_type, limits, office_package, workbook
from plancli.importing.readers.office_package import Damaged
from plancli.importing.readers.workbook import Cell, Sheet, Workbook
from plancli.text.normalize import invisible, squeeze
from plancli.tracking import sheet_columns, unread_files
from plancli.tracking.progress_file import LONG_AGO
from plancli.yamlfile.decoder import CONTROL

DEEPEST = 40  # rows, in which the headings must be found
ENOUGH = 3  # of our headings make a row of headings
SHEETS = (".xlsx", ".xlsm")
OTHER = ":"  # stands before the heading of a column that is none of ours
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # which sheets have as they go out
FIELDS = {
    squeeze(heading): name
    for name, heading in (*sheet_columns.HEADINGS.items(), ("id", sheet_columns.ID))
}


class Unreadable(Exception):
    """A file that is no workbook, or one that is not ours; the message says why."""


class Line(NamedTuple):
    """A row that came back: its cells by our fields, the others by their headings."""

    body: str  # whose sheet its own says it is, or ""
    row: int  # from 1
    said: dict[str, str]
    more: tuple[tuple[str, str], ...]


class Returned(NamedTuple):
    """What a file holds."""

    body: str  # whose sheet it was, or "" where that is gone
    title: str  # of the plan, or "" where there are several or it is gone
    versions: dict[str, str]  # of each plan, when the sheet went out
    reports: bool  # else it is the index of all
    when: str  # when it was last saved
    claimed: str  # the time of saving that it gives, where that cannot be; else ""
    lines: tuple[Line, ...]
    lacking: tuple[str, ...]  # columns to be filled that are gone


def is_workbook(file: Path) -> bool:
    """Whether *file* is to be read: by its name, or by its parts, whatever its name."""
    return file.suffix.lower() in SHEETS or any(
        each.startswith("xl/") and each.endswith(".xml") for each in office_package.find_names(file)
    )


def read(file: Path, now: datetime) -> Returned:
    """Read the workbook *file*; *now* is when the sheets began to be collected.

    Errors: Unreadable where it is no sheet of ours; MissingPackage without openpyxl.
    """
    with needing("office", _("to read {file}, {package} is needed").replace("{file}", str(file))):
        import openpyxl  # noqa: F401  (the reader of workbooks needs it)
    try:
        limits.unfolded(file.stat().st_size)
        data = file.read_bytes()
        if not data.startswith(file_type.PACKED):
            raise Unreadable(unread_files.advise(file))
        book = workbook.read(data)
        sheets = [one for one in book.sheets if one.title != sheet_columns.META]
        found = [each for each in map(_lines, sheets) if each]
    except (Damaged, limits.TooMuch, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unreadable(_("it cannot be read as a workbook: {why}").format(why=why)) from error
    went = _went_out(book)
    if not went and not found:
        raise Unreadable(_("no sheet in it has the headings of a work sheet"))
    lacking = {name for _lines_, names in found for name in sheet_columns.FILL if name not in names}
    versions = {plan: version for plan, version, body in went if body}
    when, claimed = _saved(book, file, now)
    return Returned(
        body=next((body for _plan, _version, body in went if body), ""),
        title=_title(book) if len(versions) == 1 else "",
        versions=versions,
        reports=all(plan != sheet_columns.INDEX for plan, _version, _body in went),
        when=when,
        claimed=claimed,
        lines=tuple(line for lines, _names in found for line in lines),
        lacking=tuple(sheet_columns.FILL[name] for name in sheet_columns.FILL if name in lacking),
    )


def _went_out(book: Workbook) -> list[tuple[str, str, str]]:
    """Return plan, version and body as the hidden sheet has them, or nothing where it is gone."""
    hidden = next((one.cells for one in book.sheets if one.title == sheet_columns.META), {})
    found = []
    for row in sorted({row for row, _column in hidden}):
        cells = (hidden.get((row, column)) for column in (1, 2, 3))
        plan, version, body = (CONTROL.sub(" ", cell.text if cell else "") for cell in cells)
        if plan:
            found.append((plan, version, body if body.strip() else ""))
    return found


def _title(book: Workbook) -> str:
    """Return the plan's title, as the workbook's own has it."""
    return CONTROL.sub(" ", book.title).removesuffix(sheet_columns.TITLE)


def _saved(book: Workbook, file: Path, now: datetime) -> tuple[str, str]:
    """Return when the file was last saved: by its own word, else by the file system's.

    A time that cannot be, after *now* or before any sheet went out, counts as *now*; it comes
    second then, else there is nothing.  A clock that was set back to its beginning has the time
    of the file system instead.
    """
    try:
        disk = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except (ValueError, OverflowError, OSError):
        disk = LONG_AGO
    own = book.modified if book.modified != book.created else None
    said = own if own and own > EARLIEST else disk
    if EARLIEST < said <= datetime.now(UTC):  # it may have been saved since
        return said.astimezone().isoformat(), ""
    return now.astimezone().isoformat(timespec="milliseconds"), said.isoformat()


def _lines(one: Sheet) -> tuple[list[Line], set[str]] | None:
    """Return a sheet's rows, and which of our columns it has; None where it is none of ours."""
    grid = words_by_row(one)
    for top in sorted(row for row in grid if row <= DEEPEST):
        fields = _fields(grid[top])
        if sum(not name.startswith(OTHER) for name in fields.values()) >= ENOUGH:
            break
    else:
        return None
    above = (text for row in grid if row < top for text in grid[row].values())
    whose = next((found[1] for text in above if (found := sheet_columns.WHOSE.match(text))), "")
    lines = []
    for row in sorted(row for row in grid if row > top):
        cells = {fields.get(n) or _unnamed(n): text for n, text in grid[row].items() if text}
        if cells and grid[row] != grid[top]:
            own = {name: text for name, text in cells.items() if not name.startswith(OTHER)}
            more = tuple((name[1:], text) for name, text in cells.items() if name not in own)
            lines.append(Line(whose, row, own, more))
    return lines, set(fields.values())


def words_by_row(one: Sheet) -> dict[int, dict[int, str]]:
    """Return row -> column -> words, a merged cell's words wherever it reaches.

    Only cells with words are in it: a sheet may be a million empty rows long.
    """
    grid: dict[int, dict[int, str]] = {}
    size = cells = 0  # one text may stand in very many cells
    for (row, column), cell in sorted(one.cells.items()):
        said = _words(cell)
        if said:
            grid.setdefault(row, {})[column] = said
            size += len(said)
            limits.text(size)
    filled = sorted(grid)
    last = max((column for row in grid.values() for column in row), default=0)
    for top, left, bottom, right in one.merged:
        said = grid.get(top, {}).get(left, "")
        rows = filled[bisect_left(filled, top) : bisect_right(filled, bottom)]
        across = range(left, min(right, last) + 1)
        cells += len(rows) * len(across)
        limits.covered(cells)
        size += len(said) * len(rows) * len(across)
        limits.text(size)
        for row in rows:
            grid[row].update(dict.fromkeys(across, said))
    return grid


def _fields(headings: dict[int, str]) -> dict[int, str]:
    """Return the field of each column; a heading that is none of ours has a mark before it."""
    found: dict[int, str] = {}
    whole = {FIELDS.get(squeeze(heading)) for heading in headings.values()}
    for column, heading in headings.items():
        heading = heading.replace("\n", " ")
        name = _field(heading)
        if name in whole and squeeze(heading) not in FIELDS:  # 联系人电话 beside 联系人
            name = ""
        if not name or name in found.values():
            name = f"{OTHER}{heading}" if heading else _unnamed(column)
            name += f"（{column}）" * (name in found.values())
        found[column] = name
    return found


def _unnamed(column: int) -> str:
    return f"{OTHER}{_('column {n}').format(n=column)}"


def _field(heading: str) -> str:
    """Return the field that *heading* stands for: 完成状态, also 完成状态（必填）; else ''."""
    said = squeeze(heading)
    begun = (
        name for own, name in FIELDS.items() if name in sheet_columns.FILL and said.startswith(own)
    )
    return FIELDS.get(said) or next(begun, "")


def _words(cell: Cell) -> str:
    """Return a cell as its writer sees it; of an error also what was typed."""
    said = cell.text
    if cell.formula and sheet_columns.ERROR.match(said):
        said += f" {cell.formula}"
    words = "\n".join(_plain(said)).strip("\n")
    return words if invisible().sub("", words).strip() else ""  # marks alone say nothing


def _plain(text: str) -> Iterator[str]:
    """Yield the lines of *text*, without what no YAML file holds."""
    for line in text.splitlines():
        yield CONTROL.sub(" ", line).rstrip()
