"""A workbook that came back -> its rows, whatever people did to it."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from plancli.chase import sheet
from plancli.errors import needing
from plancli.form import CONTROL
from plancli.importer import limits, reading
from plancli.lang import _
from plancli.text import squeeze

DEEPEST = 40  # rows, in which the headings must be found
ENOUGH = 3  # of our headings make a row of headings
OTHER = ":"  # stands before the heading of a column that is none of ours
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # in a cell's format, what stands for itself
MONTH = re.compile("(?=[^;]*y)(?=[^;]*m)[^;dhs]*(;.*)?", re.IGNORECASE)  # no day is shown
FIELDS = {squeeze(heading): name for name, heading in (*sheet.HEADINGS.items(), ("id", sheet.ID))}


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
    lines: tuple[Line, ...]
    lacking: tuple[str, ...]  # columns to be filled that are gone


def read(file: Path) -> Returned:
    """Read the workbook *file*.

    Errors: Unreadable where it is no sheet of ours; MissingPackage without openpyxl.
    """
    with needing("office", _("to read {file}, {package} is needed").replace("{file}", str(file))):
        from openpyxl import load_workbook
    try:
        limits.unfolded(file.stat().st_size)
        data = file.read_bytes()
        limits.packed(data)
        with reading.quiet():
            book = load_workbook(io.BytesIO(data))
            shown = load_workbook(io.BytesIO(data), data_only=True)
    except MemoryError:
        raise
    except Exception as error:  # libraries raise what they like on files that are not theirs
        why = getattr(error, "strerror", None) or str(error).split("\n")[0] or type(error).__name__
        raise Unreadable(_("it cannot be read as a workbook: {why}").format(why=why)) from error
    went = _went_out(book)
    sheets = [one for one in book.worksheets if one.title != sheet.META]
    try:
        found = [each for one in sheets if (each := _lines(one, shown[one.title]))]
    except limits.TooMuch as error:
        raise Unreadable(_("it cannot be read as a workbook: {why}").format(why=error)) from error
    if not went and not found:
        raise Unreadable(_("no sheet in it has the headings of a work sheet"))
    lacking = {name for _lines_, names in found for name in sheet.FILL if name not in names}
    versions = {plan: version for plan, version, body in went if body}
    return Returned(
        body=next((body for _plan, _version, body in went if body), ""),
        title=_title(book) if len(versions) == 1 else "",
        versions=versions,
        reports=all(plan != sheet.INDEX for plan, _version, _body in went),
        when=_saved(book, file),
        lines=tuple(line for lines, _names in found for line in lines),
        lacking=tuple(sheet.FILL[name] for name in sheet.FILL if name in lacking),
    )


def _went_out(book: Any) -> list[tuple[str, str, str]]:
    """Return plan, version and body as the hidden sheet has them, or nothing where it is gone."""
    from openpyxl.utils.escape import unescape

    if sheet.META not in book.sheetnames:
        return []
    rows = book[sheet.META].iter_rows(max_col=3, values_only=True)
    said = ([CONTROL.sub(" ", unescape(str(each or ""))) for each in row] for row in rows)
    return [(plan, version, body if body.strip() else "") for plan, version, body in said if plan]


def _title(book: Any) -> str:
    """Return the plan's title, as the workbook's own has it."""
    return CONTROL.sub(" ", str(book.properties.title or "")).removesuffix(sheet.TITLE)


def _saved(book: Any, file: Path) -> str:
    """Return when the file was last saved: by its own word, else by the file system's."""
    said, made = book.properties.modified, book.properties.created
    changed = datetime.fromtimestamp(int(file.stat().st_mtime))
    if isinstance(said, datetime) and said != made:
        try:
            return said.replace(tzinfo=UTC, microsecond=0).astimezone().isoformat()
        except (OverflowError, OSError):  # a clock that was wrong
            pass
    return changed.astimezone().isoformat()


def _lines(plain: Any, shown: Any) -> tuple[list[Line], set[str]] | None:
    """Return a sheet's rows, and which of our columns it has; None where it is none of ours."""
    grid = _grid(plain, shown)
    for top in sorted(row for row in grid if row <= DEEPEST):
        fields = _fields(grid[top])
        if sum(not name.startswith(OTHER) for name in fields.values()) >= ENOUGH:
            break
    else:
        return None
    above = (text for row in grid if row < top for text in grid[row].values())
    whose = next((found[1] for text in above if (found := sheet.WHOSE.match(text))), "")
    lines = []
    for row in sorted(row for row in grid if row > top):
        cells = {fields.get(n, f"{OTHER}{n}"): text for n, text in grid[row].items() if text}
        if cells and grid[row] != grid[top]:
            own = {name: text for name, text in cells.items() if not name.startswith(OTHER)}
            more = tuple((name[1:], text) for name, text in cells.items() if name not in own)
            lines.append(Line(whose, row, own, more))
    return lines, set(fields.values())


def _grid(plain: Any, shown: Any) -> dict[int, dict[int, str]]:
    """Return row -> column -> words, a merged cell's words wherever it reaches.

    Only cells that are there are looked at: a sheet may be a million empty rows long.
    """
    grid: dict[int, dict[int, str]] = {}
    size = 0  # one text may stand in very many cells
    for (row, column), cell in sorted(plain._cells.items()):
        counted = shown.cell(row, column) if cell.data_type == "f" else cell
        said = _text(cell if counted.value is None else counted)
        if counted is not cell and sheet.ERROR.match(said):  # what was typed is in the formula
            said += f" {_text(cell)}"
        grid.setdefault(row, {})[column] = said
        size += len(said)
        limits.text(size)
    for area in plain.merged_cells.ranges:
        said = grid.get(area.min_row, {}).get(area.min_col, "")
        for row in filter(grid.__contains__, range(area.min_row, area.max_row + 1)):
            across = filter(grid[row].__contains__, range(area.min_col, area.max_col + 1))
            within = dict.fromkeys([*across], said)
            grid[row].update(within)
            size += len(said) * len(within)
            limits.text(size)
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
            name = f"{OTHER}{heading or _('column {n}').format(n=column)}"
            name += f"（{column}）" * (name in found.values())
        found[column] = name
    return found


def _field(heading: str) -> str:
    """Return the field that *heading* stands for: 完成状态, also 完成状态（必填）; else ''."""
    said = squeeze(heading)
    begun = (name for own, name in FIELDS.items() if name in sheet.FILL and said.startswith(own))
    return FIELDS.get(said) or next(begun, "")


def _text(cell: Any) -> str:
    """Return a cell as its writer sees it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and MONTH.fullmatch(QUOTED.sub("", cell.number_format)):
        return f"{value.year}年{value.month}月"  # typed so, and taken for its first day
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, int | float):
        percent = "%" in str(cell.number_format)
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    value = getattr(value, "text", value)  # of a formula for many cells
    return "\n".join(_plain(str(value))).strip("\n")


def _plain(text: str) -> Iterator[str]:
    """Yield the lines of *text*, without what no YAML file holds."""
    from openpyxl.utils.escape import unescape

    for line in str(unescape(text)).splitlines():
        yield CONTROL.sub(" ", line).rstrip()
