"""Read the cells of a workbook as displayed; other parts are not read and cannot cause errors."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from io import BytesIO
from math import isfinite
from typing import Any, NamedTuple
from xml.etree import ElementTree

from plancli.i18n import _
from plancli.importing.readers import limits, number_formats
from plancli.importing.readers.number_formats import GENERAL_FORMAT
from plancli.importing.readers.office_package import DamagedFile, OfficePackage

PICTURE_TEXT = "[图片]"
# Formulas of WPS and Excel that show a picture in the cell.
PICTURE_FORMULA = re.compile(r"=?\s*(?:_xl\w+\.)*(?:DISPIMG|IMAGE)\s*\(", re.IGNORECASE)
INTEGER = re.compile(r"\d{1,15}")
CELL_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
TIME_PARTS = re.compile("\\s*[hH].*", re.DOTALL)  # of the format of a date
WEEKDAY_FORMAT = re.compile("aaa", re.IGNORECASE)  # which openpyxl does not know
HIDDEN_STATES = frozenset({"hidden", "veryHidden"})
OFF_VALUES = frozenset({"", "0", "false", "off"})


class WorkbookCell(NamedTuple):
    """A cell that is not empty."""

    value: Any  # a str, a number, a bool or a time; None for a formula without a value
    format: str = GENERAL_FORMAT
    formula: str = ""
    struck: str = ""  # the words of it that are struck out

    @property
    def text(self) -> str:
        """The displayed text, with \\n between lines."""
        shown = _format_value(self.value, self.format)
        return shown if self.value is not None else self.formula


class WorksheetContents(NamedTuple):
    """A worksheet: its cells by (row, column), and merged areas (top, left, bottom, right)."""

    title: str
    cells: dict[tuple[int, int], WorkbookCell]
    merged: list[tuple[int, int, int, int]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # of those with cells
    hidden_columns: tuple[tuple[int, int], ...] = ()  # (first, last)


class WorkbookContents(NamedTuple):
    """A workbook: its worksheets and properties."""

    sheets: list[WorksheetContents]
    title: str
    created: datetime | None
    modified: datetime | None


class _CellStyle(NamedTuple):
    """A cell style: its number format, and whether it strikes out."""

    format: str = GENERAL_FORMAT
    is_struck: bool = False


class _DisplayedText(NamedTuple):
    """A text with formats of its own, and the words of it that are struck out."""

    text: str
    struck: str = ""


class _CellStyles(NamedTuple):
    """How cells are displayed: their styles, and the date of day 0."""

    styles: list[_CellStyle]
    epoch: datetime

    def find(self, number: str) -> _CellStyle:
        n = int(number) if INTEGER.fullmatch(number) else 0
        return self.styles[n] if n < len(self.styles) else _CellStyle()


def read_workbook(data: bytes) -> WorkbookContents:
    """Return the workbook in *data*.

    Errors: DamagedFile if its cells cannot be read; LimitExceeded.
    """
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

    package = OfficePackage(data)
    main = package.find_main("xl/workbook.xml")
    book = ElementTree.fromstring(package.read_xml(main))
    relations = package.read_relations(main)
    folder = main.rpartition("/")[0]

    def find_part(kind: str, usual: str) -> str:
        linked = (each.target for each in relations.values() if each.kind == kind)
        return next(linked, f"{folder}/{usual}")

    words = _SharedStrings(package, find_part("sharedStrings", "sharedStrings.xml"))
    settings = next((each for each in book if _strip_namespace(each.tag) == "workbookPr"), None)
    mac = settings is not None and settings.get("date1904", "") in ("1", "true", "on")
    styles = _read_styles(package.read_optional(find_part("styles", "styles.xml")))
    look = _CellStyles(styles, MAC_EPOCH if mac else WINDOWS_EPOCH)
    sheets = []
    for n, each in enumerate(_iter_sheets(book), 1):
        link = next((relations.get(id) for key, id in each.items() if key.endswith("}id")), None)
        if link and link.kind != "worksheet":  # a chart or a dialog
            continue
        part = link.target if link else f"{folder}/worksheets/sheet{n}.xml"
        title = each.get("name", "")
        sheet = _read_sheet(title, package.read_xml(part), words, look)
        sheets.append(sheet._replace(is_hidden=each.get("state") in HIDDEN_STATES))
    if not sheets:
        raise DamagedFile(_("it contains no worksheet"))
    return WorkbookContents(sheets, *_read_properties(package))


def _iter_sheets(book: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for each in book:
        if _strip_namespace(each.tag) == "sheets":
            yield from each


def _read_properties(package: OfficePackage) -> tuple[str, datetime | None, datetime | None]:
    """Return the title, and when the workbook was created and last saved, if given."""
    linked = (
        each for each in package.read_relations("").values() if each.kind == "core-properties"
    )
    name = next((each.target for each in linked), "docProps/core.xml")
    data = package.read_optional(name)
    properties = (
        {_strip_namespace(each.tag): each.text or "" for each in ElementTree.fromstring(data)}
        if data
        else {}
    )
    return (
        properties.get("title", ""),
        _parse_moment(properties.get("created", "")),
        _parse_moment(properties.get("modified", "")),
    )


def _parse_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None


class _SharedStrings:
    """The shared strings of a workbook, read on first use."""

    def __init__(self, package: OfficePackage, name: str) -> None:
        self._package, self._name = package, name
        self._texts: list[_DisplayedText] | None = None

    def find(self, number: str) -> _DisplayedText:
        if self._texts is None:
            data = self._package.read_optional(self._name)
            self._texts = [_read_text(each) for each in _iter_elements(data, "si")]
        try:
            return self._texts[int(number)]
        except (ValueError, IndexError):
            raise DamagedFile(_("the text of some cells is missing")) from None


def _read_styles(data: bytes) -> list[_CellStyle]:
    """Return the cell styles."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    own: dict[str, str] = {}
    struck: list[bool] = []  # of each font
    styles: list[_CellStyle] = []
    for each in _iter_elements(data, "numFmt", "fonts", "cellXfs"):
        name = _strip_namespace(each.tag)
        if name == "numFmt":
            own.setdefault(each.get("numFmtId", ""), each.get("formatCode", GENERAL_FORMAT))
        elif name == "fonts":
            struck = [_is_struck(font) for font in each]
        else:
            for style in each:
                id, font = style.get("numFmtId", "0"), style.get("fontId", "")
                usual = BUILTIN_FORMATS.get(int(id)) if id.isdecimal() else None
                usual = number_formats.CHINESE_FORMATS.get(id) or usual or GENERAL_FORMAT
                n = int(font) if INTEGER.fullmatch(font) else len(struck)
                styles.append(_CellStyle(own.get(id, usual), n < len(struck) and struck[n]))
    return styles


def _is_struck(font: ElementTree.Element) -> bool:
    return any(
        _strip_namespace(each.tag) == "strike" and each.get("val", "1") not in OFF_VALUES
        for each in font
    )


def _iter_elements(data: bytes, *names: str) -> Iterator[ElementTree.Element]:
    """Yield the elements of *data* with one of *names*, in the namespace of the root element."""
    own = ""
    path: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(BytesIO(data), ("start", "end")) if data else ():
        if event == "start":
            own = own or element.tag.rpartition("}")[0]
            path.append(element)
            continue
        path.pop()
        space, _mark, name = element.tag.rpartition("}")
        if space == own and name in names:
            yield element
            element.clear()
            if path:
                path[-1].remove(element)


def _read_sheet(
    title: str, data: bytes, words: _SharedStrings, look: _CellStyles
) -> WorksheetContents:
    """Return a worksheet's cells that are not empty: it may have a million empty rows."""
    cells: dict[tuple[int, int], WorkbookCell] = {}
    merged = []
    formulas: dict[str, tuple[str, str]] = {}  # shared formulas: id -> (first cell, formula)
    hidden_rows: set[int] = set()
    hidden_columns: list[tuple[int, int]] = []
    last = 0
    for element in _iter_elements(data, "col", "row", "mergeCell"):
        name = _strip_namespace(element.tag)
        if name == "mergeCell":
            merged += _parse_area(element.get("ref", ""))
            continue
        is_hidden = element.get("hidden", "") not in OFF_VALUES
        if name == "col":
            ends = element.get("min", ""), element.get("max", "")
            if is_hidden and all(map(INTEGER.fullmatch, ends)):
                hidden_columns.append((int(ends[0]), int(ends[1])))
            continue
        number = element.get("r", "")
        last = row = int(number) if INTEGER.fullmatch(number) else last + 1
        column = 0
        for each in element:
            at = CELL_REFERENCE.fullmatch(each.get("r", ""))
            column = _parse_column(at[1]) if at else column + 1
            if cell := _read_cell(each, words, look, formulas):
                cells[int(at[2]) if at else row, column] = cell
                limits.check_line_count(len(cells))
                if is_hidden:
                    hidden_rows.add(int(at[2]) if at else row)
    return WorksheetContents(
        title,
        cells,
        merged,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=tuple(hidden_columns),
    )


def _parse_area(ref: str) -> list[tuple[int, int, int, int]]:
    first, _mark, last = ref.partition(":")
    corners = CELL_REFERENCE.fullmatch(first), CELL_REFERENCE.fullmatch(last or first)
    if not corners[0] or not corners[1]:
        return []
    (left, top), (right, bottom) = (
        (_parse_column(each[1]), int(each[2])) for each in corners if each
    )
    return [(min(top, bottom), min(left, right), max(top, bottom), max(left, right))]


def _parse_column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return column


def _read_cell(
    element: ElementTree.Element,
    words: _SharedStrings,
    look: _CellStyles,
    formulas: dict[str, tuple[str, str]],
) -> WorkbookCell | None:
    parts = {_strip_namespace(each.tag): each for each in element}
    kind = element.get("t", "n")
    content = parts["v"].text or "" if "v" in parts else ""
    format, is_struck = look.find(element.get("s", ""))
    formula = _read_formula(parts["f"], element.get("r", ""), formulas) if "f" in parts else ""
    value: Any = None
    struck = ""
    if "is" in parts:
        value, struck = _read_text(parts["is"])
    elif kind == "s" and content:
        value, struck = words.find(content)
    elif kind == "b" and content:
        value = content.strip() in ("1", "true")
    elif kind in ("n", "d") and content:
        value = (
            _parse_number(content, format, look.epoch) if kind == "n" else _parse_iso_date(content)
        )
    elif content:
        value = _decode_escapes(content)
    is_picture = kind == "e" and element.get("vm")  # Excel: an error value with metadata
    if (
        is_picture
        or PICTURE_FORMULA.match(formula)
        or (isinstance(value, str) and PICTURE_FORMULA.match(value))
    ):
        return WorkbookCell(PICTURE_TEXT)
    if not formula and value in (None, ""):
        return None
    cell = WorkbookCell(value, format, formula, struck)
    return cell._replace(struck=cell.text) if is_struck else cell


def _read_formula(
    element: ElementTree.Element, at: str, formulas: dict[str, tuple[str, str]]
) -> str:
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    own = f"={element.text}" if element.text else ""
    if element.get("t") != "shared":
        return own
    first, typed = formulas.setdefault(element.get("si", ""), (at, own))
    if own or not typed:
        return own
    try:
        return str(Translator(typed, first).translate_formula(at))
    except (TokenizerError, TranslatorError, ValueError, IndexError):
        return typed


def _parse_number(text: str, format: str, epoch: datetime) -> Any:
    """Return the number, or the time that it is displayed as; the text if it is not a number."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format
    from openpyxl.utils.datetime import from_excel

    try:
        number = int(text) if INTEGER.fullmatch(text.removeprefix("-")) else float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    if is_date_format(format) or is_timedelta_format(format) or WEEKDAY_FORMAT.search(format):
        try:
            return from_excel(number, epoch, timedelta=is_timedelta_format(format))
        except (OverflowError, ValueError):  # not a valid date
            return number
    return number


def _parse_iso_date(text: str) -> Any:
    from openpyxl.utils.datetime import from_ISO8601

    try:
        return from_ISO8601(text)
    except (ValueError, TypeError, OverflowError):
        return text


def _read_text(element: ElementTree.Element) -> _DisplayedText:
    """Return the text of all runs, without phonetic hints."""
    words, struck = [], []
    for run in element:
        name = _strip_namespace(run.tag)
        parts = [run] if name == "t" else run if name == "r" else ()
        text = "".join(each.text or "" for each in parts if _strip_namespace(each.tag) == "t")
        words.append(text)
        formats = (each for each in parts if _strip_namespace(each.tag) == "rPr")
        if name == "r" and any(map(_is_struck, formats)):
            struck.append(text)
    return _DisplayedText(_decode_escapes("".join(words)), _decode_escapes("".join(struck)))


def _decode_escapes(text: str) -> str:
    from openpyxl.utils.escape import unescape

    decoded = str(unescape(text))
    if decoded != text:  # join surrogate pairs
        return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _format_value(value: Any, format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        value, format = value.date(), TIME_PARTS.sub("", format) or GENERAL_FORMAT
    shown = number_formats.format_value(value, format)
    if shown is not None:
        return shown
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, int | float):
        return number_formats.format_general(value)
    return str(value)


def _strip_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]
