"""Write workbooks row by row, ready to print: A4 landscape, headings on every page."""

import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from math import ceil
from pathlib import Path
from shutil import copyfileobj
from tempfile import gettempdir
from typing import IO, Any, BinaryIO, NamedTuple
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.output.formats.columns import (
    NARROW_COLUMN,
    OPTIONAL_COLUMNS,
    ColumnValue,
    select_columns,
)
from plancli.output.formats.delimited import is_formula
from plancli.output.formats.markup import MAX_PROPERTY_LENGTH, replace_illegal_chars
from plancli.results.document import ALL_TASKS, AnswerTable, Document
from plancli.system import atomic
from plancli.text.layout import measure_width

BASE_FORMAT = {"text_wrap": True, "valign": "vcenter"}
TITLE_FORMAT = {**BASE_FORMAT, "font_name": "方正小标宋简体", "font_size": 20, "align": "center"}
NOTE_FORMAT = {**BASE_FORMAT, "font_name": "楷体", "font_size": 11}
HEADER_FORMAT = {
    **BASE_FORMAT,
    "font_name": "黑体",
    "font_size": 11,
    "align": "center",
    "border": 1,
}
CELL_FORMAT = {**BASE_FORMAT, "font_name": "宋体", "border": 1}
HEADER_COLOUR, INPUT_COLOUR = "#E7EBF0", "#FFFBE6"
FONT_SIZES = (11, 9, 7, 5)  # points; the largest is used with which a row shows its text
MAX_ROW_HEIGHT = 400  # points; Excel allows 409
MIN_ROW_HEIGHT = 20  # points
PAGE_CELLS = 220  # cells; a wider sheet is printed on several pages side by side
LINE_SPACING = 1.35  # relative to the size of the letters
ROW_MARGIN = 4  # points, above and below a row's text together
USABLE_WIDTH = 0.9  # of a column's width: a line breaks before a word that does not fit
MAX_ROWS = 1_048_576  # rows of a sheet
MAX_CELL_LENGTH = 32_767  # characters of a cell
CREATION_DATE = datetime(2000, 1, 1)  # makes the output reproducible


class WorkbookColumn(NamedTuple):
    """A column of a sheet: heading, width in cells, and what people may enter."""

    heading: str
    width: int
    fill: bool = False  # people write into it
    hidden: bool = False
    choices: tuple[str, ...] = ()


class XlsxWorkbook:
    """A workbook, written when its ``with`` block ends.

    With *grows*, row heights adapt as people write into the cells.
    """

    def __init__(self, out: BinaryIO, title: str, *, grows: bool = False) -> None:
        from xlsxwriter import Workbook  # slow to import

        self.out, self.grows = out, grows
        self._open = ExitStack()
        folder = self._open.enter_context(
            atomic.create_temporary_path(Path(gettempdir()) / "workbook")
        )
        folder.mkdir()
        self.path = folder / "book.xlsx"
        options = {"constant_memory": True, "tmpdir": str(folder)}
        self.book = Workbook(str(self.path), options)
        self.book.use_zip64()  # for very large sheets
        properties = {
            "title": replace_illegal_chars(title)[:MAX_PROPERTY_LENGTH],
            "author": "plancli",
            "created": CREATION_DATE,
        }
        self.book.set_properties(properties)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __enter__(self) -> "XlsxWorkbook":
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        with self._open:
            if kind is None:
                self._close_file()
                with self.path.open("rb") as workbook:
                    (_copy_auto_height if self.grows else copyfileobj)(workbook, self.out)

    def get_format(self, **wanted: Any) -> Any:
        """Return the format with the properties *wanted*; equal ones are shared."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def _close_file(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.book.close()
        except FileCreateError as error:  # for example a full disk
            raise OSError(*error.args[0].args) from error

    def add_hidden_sheet(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Add a sheet that people do not see."""
        sheet = self.book.add_worksheet(name)
        for at, row in enumerate(rows):
            for n, text in enumerate(row):
                sheet.write_string(at, n, replace_illegal_chars(text))
        sheet.very_hidden()


class TableSheet:
    """A sheet of *book*: title, notes, headings, rows; ``close`` adds filter and choices."""

    def __init__(
        self,
        book: XlsxWorkbook,
        name: str,
        title: str,
        notes: Iterable[str],
        fields: Sequence[WorkbookColumn],
    ) -> None:
        self.book, self.fields = book, fields
        self.sheet = book.book.add_worksheet(name)
        self.at = 0
        for n, field in enumerate(fields):
            self.sheet.set_column(n, n, field.width, None, {"hidden": field.hidden})
        across = sum(field.width for field in fields if not field.hidden)
        self._write_line(title, TITLE_FORMAT, 34, max(across, 20))
        for note in notes:
            self._write_line(note, NOTE_FORMAT, 17, across)
        self.top = self.at
        self._set_print_options(self.top, across)
        high = max(_measure_height(field.heading, field.width, FONT_SIZES[0]) for field in fields)
        self.sheet.set_row(self.at, max(MIN_ROW_HEIGHT, high))
        for n, field in enumerate(fields):
            colour = INPUT_COLOUR if field.fill else HEADER_COLOUR
            self.sheet.write_string(
                self.at, n, field.heading, book.get_format(**HEADER_FORMAT, bg_color=colour)
            )
        self.at += 1

    @property
    def is_full(self) -> bool:
        return self.at >= MAX_ROWS

    def add_row(self, values: Iterable[ColumnValue], *, link: bool = False) -> None:
        """Write a row; with *link*, the last cell links to a file beside the workbook."""
        cells = [(str(each), each, field) for each, field in zip(values, self.fields, strict=True)]
        fits = [_select_font_size(text, field.width) for text, _value, field in cells]
        lines = [
            high
            for (_points, high), field in zip(fits, self.fields, strict=True)
            if not field.hidden
        ]
        self.sheet.set_row(self.at, min(MAX_ROW_HEIGHT, max(*lines, MIN_ROW_HEIGHT)))
        for n, ((text, each, field), (points, _high)) in enumerate(zip(cells, fits, strict=True)):
            own = {"bg_color": INPUT_COLOUR} if field.fill else {}
            if link and n == len(cells) - 1:
                style = self.book.get_format(**CELL_FORMAT, font_size=points, font_color="#0563C1")
                target = re.sub("[%# ]", lambda mark: quote(mark[0]), text)
                self.sheet.write_url(self.at, n, f"external:{target}", style, text)
            elif isinstance(each, str):
                self._write_text(n, text, field.width, {**own, "font_size": points})
            else:
                centred = self.book.get_format(
                    **CELL_FORMAT, font_size=points, align="center", **own
                )
                self.sheet.write_number(self.at, n, each, centred)
        self.at += 1

    def close(self) -> None:
        """Add what depends on the number of rows."""
        last = max(self.at - 1, self.top)
        self.sheet.autofilter(self.top, 0, last, len(self.fields) - 1)
        for n, field in enumerate(self.fields):
            if field.choices:
                allowed = {
                    "validate": "list",
                    "source": list(field.choices),
                    "error_type": "warning",
                    "error_title": field.heading,
                    "error_message": "请从下拉列表中选择",
                }
                self.sheet.data_validation(self.top + 1, n, max(last, self.top + 1), n, allowed)

    def _write_text(self, column: int, text: str, cells: int, own: dict[str, Any]) -> None:
        if len(text) > MAX_CELL_LENGTH:
            raise PlanError(
                _("a cell in Excel holds at most {most} characters; one here has {n}").format(
                    most=MAX_CELL_LENGTH, n=len(text)
                ),
                hint=_("choose another format with --format"),
            )
        # Keeps it text when a person edits the cell.
        if is_formula(text):
            own = {**own, "quote_prefix": True}
        short = cells <= NARROW_COLUMN and "\n" not in text and measure_width(text) <= cells
        style = self.book.get_format(**CELL_FORMAT, align="center" if short else "left", **own)
        self.sheet.write_string(self.at, column, replace_illegal_chars(text), style)

    def _write_line(self, text: str, style: dict[str, Any], points: int, across: int) -> None:
        """Write a line across all columns."""
        last = max(n for n, field in enumerate(self.fields) if not field.hidden)
        lines = (
            ceil(measure_width(text) * style["font_size"] / FONT_SIZES[0] / (across * USABLE_WIDTH))
            or 1
        )
        self.sheet.set_row(self.at, min(MAX_ROW_HEIGHT, points * lines))
        if last:
            self.sheet.merge_range(self.at, 0, self.at, last, "")
        self.sheet.write_string(
            self.at, 0, replace_illegal_chars(text), self.book.get_format(**style)
        )
        self.at += 1

    def _set_print_options(self, head: int, across: int) -> None:
        self.sheet.set_paper(9)  # A4
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(ceil(across / PAGE_CELLS), 0)
        if across > PAGE_CELLS:
            self.sheet.repeat_columns(0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.repeat_rows(head)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")
        self.sheet.center_horizontally()
        self.sheet.freeze_panes(head + 1, 0)


def _copy_auto_height(workbook: IO[bytes], out: IO[bytes]) -> None:
    """Copy a workbook without fixed row heights."""
    with ZipFile(workbook) as original, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for part in original.infolist():
            data = original.read(part)
            if part.filename.startswith("xl/worksheets/"):
                data = re.sub(rb'(<row [^>]*) customHeight="1"', rb"\1", data)
            copy.writestr(part, data, ZIP_DEFLATED)


def _select_font_size(text: str, cells: int) -> tuple[int, float]:
    """Return the font size with which *text* fits into a row of a column *cells* wide, and its
    height.
    """
    for points in FONT_SIZES:
        high = _measure_height(text, cells, points)
        if high <= MAX_ROW_HEIGHT:
            break
    return points, high


def _measure_height(text: str, cells: int, points: int) -> float:
    """Return the height in points of *text* in a column *cells* wide, in letters of *points*."""
    a_line = cells * USABLE_WIDTH * FONT_SIZES[0] / points
    lines = sum(ceil(measure_width(line) / a_line) or 1 for line in text.split("\n"))
    return lines * points * LINE_SPACING + ROW_MARGIN


def write_xlsx(document: Document, out: BinaryIO) -> None:
    """Write a workbook with a sheet for each of the document's tables."""
    with XlsxWorkbook(out, document.title) as book:
        for table in (*document.tables, *document.extra_tables()):
            add_table(book, document, table)


def add_table(book: XlsxWorkbook, document: Document, table: AnswerTable) -> None:
    """Add *table* as a sheet, and further sheets for rows beyond Excel's limit."""
    shown = select_columns(
        table,
        document.empty_columns | (frozenset() if table.name == ALL_TASKS else OPTIONAL_COLUMNS),
    )
    fields = [WorkbookColumn(column.heading, column.width) for column in shown]
    number = 1
    sheet = TableSheet(book, table.name, document.title, document.notes, fields)
    for record in table.result.records():
        if sheet.is_full:
            sheet.close()
            number += 1
            name = f"{table.name}（{number}）"
            sheet = TableSheet(book, name, document.title, document.notes, fields)
        sheet.add_row(column.get_value(record) for column in shown)
    sheet.close()
