"""Make one text of the pages of a PDF: without headers and footers, tables over pages whole."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from plancli.importing.readers import page_numbers, pdf_layout
from plancli.importing.readers.page import OUTSIDE_TEXT, CellGrid
from plancli.importing.readers.pdf_layout import TextLine

MARGIN_SHARE = 0.16  # of the height of a page, in which headers and footers are
MAX_MARGIN_LINES = 4  # of one header or footer
SAME_PLACE = 5.0  # points by which a header may be higher on one page than on another
MIN_REPEATED_SHARE = 0.3  # of the pages that a header stands on
MIN_NUMBERED_HEADER = 4  # characters beside the number of a header that changes by page
SAME_COLUMN = 6.0  # points by which the columns of a table may differ between pages
INDENT = 1.5  # of the size, from which a line begins a paragraph
DIGITS = re.compile(r"\d+")
NUMBER = re.compile(r"[（(]?[\d一二三四五六七八九十百.]{1,8}[）)、.．]?")
TEXT_END = "。；！？;!?"


class PdfCell(NamedTuple):
    """A cell: its text, its row and column, how many of them it covers, and the free end of its
    last line in characters.
    """

    text: str
    row: int
    column: int
    rows: int
    columns: int
    room: float = 0.0


class PdfTable(NamedTuple):
    """A table: its top and bottom, the left edges of its columns and the right one, its cells."""

    top: float
    bottom: float
    lefts: list[float]
    cells: list[PdfCell]

    @property
    def row_count(self) -> int:
        """The number of its rows."""
        return max((each.row + each.rows for each in self.cells), default=0)

    def get_row(self, row: int) -> list[PdfCell]:
        """Return the cells that begin in *row*."""
        return [each for each in self.cells if each.row == row]


@dataclass(slots=True)
class PdfPage:
    """A page: its blocks in reading order, and what is outside its running text."""

    height: float
    blocks: list[TextLine | PdfTable]
    outside: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)  # lines of an upright watermark
    doubts: list[tuple[str, str]] = field(default_factory=list)  # rule, words


def from_message(message: Mapping[str, Any]) -> PdfPage:
    """Return the page in a message of ``pdf_layout.find_page``."""
    blocks: list[TextLine | PdfTable] = []
    for kind, *values in message["blocks"]:
        if kind == "line":
            blocks.append(TextLine(*values))
        else:
            top, bottom, lefts, cells = values
            blocks.append(PdfTable(top, bottom, lefts, [PdfCell(*each) for each in cells]))
    outside = [*message["notes"], *message["turned"], *message["behind"]]
    page = PdfPage(message["height"], blocks, outside, message["behind"])
    if message["unclear_columns"]:
        first = next((each.text for each in blocks if isinstance(each, TextLine)), "")
        page.doubts.append(("more-columns", first))
    if message["notes"]:
        page.doubts.append(("margin-notes", message["notes"][0]))
    page.doubts += [("struck-out", each) for each in message["struck"]]
    return page


def iter_blocks(pages: Sequence[PdfPage]) -> Iterator[tuple[str, int] | CellGrid]:
    """Yield the lines and tables of a document for ``page.from_blocks``.

    Headers, footers, page numbers, watermarks and notes in the margin have the level
    ``OUTSIDE_TEXT``.
    """
    running = _find_running_lines(pages)
    table: PdfTable | None = None
    pending: list[tuple[str, int]] = []  # lines outside the text, below a table
    for n, page in enumerate(pages):
        lefts = _find_lefts(page, running[n])
        pending += [(each, OUTSIDE_TEXT) for each in page.outside]
        for m, block in enumerate(page.blocks):
            if isinstance(block, TextLine) and m in running[n]:
                pending.append((block.text, OUTSIDE_TEXT))
                continue
            if isinstance(block, PdfTable) and table and _is_continued(pages, n, m, running, table):
                table = _join_tables(table, block)
                continue
            if table:
                yield _make_grid(table)
                table = None
            yield from pending
            pending = []
            if isinstance(block, PdfTable):
                table = block
            else:
                indented = block.x0 - lefts[block.left] > INDENT * block.size
                yield "\u3000\u3000" * indented + block.text, 0
    if table:
        yield _make_grid(table)
    yield from pending


def _find_lefts(page: PdfPage, running: Iterable[int]) -> dict[float, float]:
    """Return left edge of a column -> left edge of its running text."""
    lefts: dict[float, float] = {}
    for m, block in enumerate(page.blocks):
        if isinstance(block, TextLine) and m not in running:
            lefts[block.left] = min(block.x0, lefts.get(block.left, block.x0))
    return lefts


def _find_running_lines(pages: Sequence[PdfPage]) -> list[set[int]]:
    """Return the indexes of the headers and footers among the blocks of each page."""
    places: dict[tuple[bool, str], list[tuple[int, float, tuple[int, ...]]]] = defaultdict(list)
    edges = [{is_top: _list_margin(page, is_top) for is_top in (True, False)} for page in pages]
    for n, page in enumerate(pages):
        for is_top, margin in edges[n].items():
            for m in margin:
                line = page.blocks[m]
                assert isinstance(line, TextLine)
                for key in {_build_key(line.text, True), _build_key(line.text, False)}:
                    numbers = tuple(map(int, DIGITS.findall(line.text)))
                    places[is_top, key].append((n, line.baseline, numbers))
    behind = {line for page in pages for line in page.behind}
    running: list[set[int]] = []
    for n, page in enumerate(pages):
        sizes = [each.size for each in page.blocks if isinstance(each, TextLine)]
        usual = median(sizes) if sizes else 0
        running.append(
            {
                m
                for m, block in enumerate(page.blocks)
                if isinstance(block, TextLine) and block.text in behind and block.size > 1.5 * usual
            }
        )
        for is_top, margin in edges[n].items():
            is_inside = False
            for m in margin:
                line = page.blocks[m]
                assert isinstance(line, TextLine)
                kind = page_numbers.classify_line(line.text)
                is_running = (
                    kind
                    or page_numbers.is_browser_line(line.text)
                    or any(
                        _is_repeated(
                            places[is_top, _build_key(line.text, exact)], n, len(pages), line, exact
                        )
                        for exact in (True, False)
                    )
                )
                if kind != "marked" and (
                    is_inside or (n == 0 and is_top and _is_title_of_table(page, m))
                ):
                    continue
                if is_running:
                    running[-1].add(m)
                else:
                    is_inside = True
    return running


def _list_margin(page: PdfPage, is_top: bool) -> list[int]:
    """Return the indexes of the outermost lines of a page, from its edge inwards."""
    placed = sorted(
        (block.baseline if isinstance(block, TextLine) else block.top, m)
        for m, block in enumerate(page.blocks)
    )
    margin: list[int] = []
    for y, m in placed if is_top else reversed(placed):
        inside = y > MARGIN_SHARE * page.height if is_top else y < (1 - MARGIN_SHARE) * page.height
        number = isinstance(line := page.blocks[m], TextLine) and page_numbers.classify_line(
            line.text
        )
        if not isinstance(line, TextLine) or len(margin) == MAX_MARGIN_LINES:
            break
        if inside and not (number and not margin):
            break
        margin.append(m)
    return margin


def _build_key(text: str, exact: bool) -> str:
    words = "".join(text.split())
    return words if exact else DIGITS.sub("#", words)


def _is_repeated(
    places: Sequence[tuple[int, float, tuple[int, ...]]],
    page: int,
    count: int,
    line: TextLine,
    exact: bool,
) -> bool:
    """Return whether a line stands at the same place of several pages.

    Numbers in it may differ only as page numbers do.
    """
    own = tuple(map(int, DIGITS.findall(line.text)))
    if not exact and (
        not own or len(DIGITS.sub("", "".join(line.text.split()))) < MIN_NUMBERED_HEADER
    ):
        return False
    same = {
        n
        for n, baseline, numbers in places
        if abs(baseline - line.baseline) <= SAME_PLACE
        and (exact or all(a - b in (0, page - n) for a, b in zip(own, numbers, strict=False)))
    }
    return len(same) >= max(2, MIN_REPEATED_SHARE * count)


def _is_title_of_table(page: PdfPage, m: int) -> bool:
    """Return whether a line is all that stands above a table, as on each page of a print of a sheet."""
    line = page.blocks[m]
    following = page.blocks[m + 1] if m + 1 < len(page.blocks) else None
    return (
        isinstance(line, TextLine)
        and isinstance(following, PdfTable)
        and not page_numbers.classify_line(line.text)
        and not page_numbers.is_browser_line(line.text)
    )


def _is_continued(
    pages: Sequence[PdfPage],
    n: int,
    m: int,
    running: Sequence[set[int]],
    above: PdfTable,
) -> bool:
    """Return whether a table at the top of a page goes on with the one at the bottom of the last."""
    table = pages[n].blocks[m]
    assert isinstance(table, PdfTable)
    if n == 0 or any(k not in running[n] for k in range(m)):
        return False
    last = [k for k in range(len(pages[n - 1].blocks)) if k not in running[n - 1]]
    if not last or not isinstance(pages[n - 1].blocks[last[-1]], PdfTable):
        return False
    # A page may lack the columns that it divides in no row, but not have other ones.
    places, others = ([x - each.lefts[0] for x in each.lefts] for each in (above, table))
    if abs(places[-1] - others[-1]) > 2 * SAME_COLUMN:
        return False
    fewer, more = sorted((places, others), key=len)
    return all(any(abs(x - y) <= SAME_COLUMN for y in more) for x in fewer)


def _join_tables(above: PdfTable, table: PdfTable) -> PdfTable:
    """Return a table with the rows of the next page below its own."""
    above, table = _align_columns(above, table)
    headings = _count_repeated_rows(above, table)
    cells = [each._replace(row=each.row - headings) for each in table.cells if each.row >= headings]
    count = above.row_count
    joined = list(above.cells)
    if not cells:
        return above
    if _continues_row(above, cells):
        cells = _join_cut_row(joined, cells, count)
        count -= 1
    else:
        cells = _join_covered_cells(joined, cells, count)
    joined += [each._replace(row=each.row + count) for each in cells]
    return above._replace(bottom=table.bottom, cells=sorted(joined, key=lambda each: each[1:3]))


def _align_columns(above: PdfTable, table: PdfTable) -> tuple[PdfTable, PdfTable]:
    """Return both tables with the columns of either."""
    fewer, more = sorted((above, table), key=lambda each: len(each.lefts))
    if len(fewer.lefts) == len(more.lefts):
        return above, table
    places = [
        min(
            range(len(more.lefts)),
            key=lambda n: abs(more.lefts[n] - more.lefts[0] - x + fewer.lefts[0]),
        )
        for x in fewer.lefts
    ]
    cells = [
        each._replace(
            column=places[each.column],
            columns=places[each.column + each.columns] - places[each.column],
        )
        for each in fewer.cells
    ]
    wide = fewer._replace(lefts=more.lefts, cells=cells)
    return (wide, table) if fewer is above else (above, wide)


def _count_repeated_rows(above: PdfTable, table: PdfTable) -> int:
    """Return how many rows at the top repeat the headings of the table."""
    for start in range(min(3, above.row_count)):
        count = 0
        while count < table.row_count and _describe_row(table, count) == _describe_row(
            above, start + count
        ):
            count += 1
        if count:
            return count
    return 0


def _describe_row(table: PdfTable, row: int) -> list[tuple[str, int, int, int]]:
    return [
        ("".join(each.text.split()), each.column, each.rows, each.columns)
        for each in table.get_row(row)
    ]


def _continues_row(above: PdfTable, cells: Sequence[PdfCell]) -> bool:
    """Return whether the first row of the next page is the rest of a row that the page cut."""
    first = {each.column: each for each in cells if each.row == 0}
    last = {each.column: each for each in above.cells if each.row + each.rows == above.row_count}
    if {each[2:5:2] for each in first.values()} != {each[2:5:2] for each in last.values()}:
        return False  # other columns
    if len(first) == 1 or not any(each.text for each in first.values()):
        return False
    if any(each.text for each in first.values() if each.rows > 1):
        return False
    number, main = _find_number_column(above), _find_text_column(above)
    if main not in first or (number is not None and first[number].text):
        return False
    if not first[main].text:
        return True  # only the other cells go on
    others = [each for each in first.values() if each.column != main]
    if not any(each.text for each in others) and any(
        _is_filled_in_each_row(above, each.column) for each in others
    ):
        return True  # only the text goes on
    text = last[main].text
    is_cut = bool(text) and text[-1] not in TEXT_END
    if number is None:
        texts = [each.text for each in above.cells if each.column == main and each.text][1:-1]
        return is_cut and sum(each[-1] in TEXT_END for each in texts) * 2 > len(texts)
    merged = any(each.column == number and each.rows > 1 for each in above.cells if each.row > 0)
    return is_cut or not merged


def _is_filled_in_each_row(table: PdfTable, column: int) -> bool:
    """Return whether *column* has a cell with text in each row, and no merged ones."""
    cells = [each for each in table.cells if each.column == column and each.columns == 1]
    return len(cells) > 1 and all(each.text and each.rows == 1 for each in cells[1:])


def _find_number_column(table: PdfTable) -> int | None:
    """Return the column of numbers, if there is one."""
    for column in range(min(3, len(table.lefts) - 1)):
        texts = [
            each.text
            for each in table.cells
            if each.column == column and each.columns == 1 and each.text
        ]
        numbers = sum(bool(NUMBER.fullmatch(each)) for each in texts)
        if numbers and numbers * 2 >= len(texts) - 1:
            return column
    return None


def _find_text_column(table: PdfTable) -> int:
    """Return the column with the most text."""
    sizes: dict[int, int] = defaultdict(int)
    for each in table.cells:
        if each.columns < len(table.lefts) - 1:
            sizes[each.column] += len(each.text)
    return max(sizes, key=lambda column: sizes[column], default=0)


def _join_cut_row(above: list[PdfCell], cells: Sequence[PdfCell], count: int) -> list[PdfCell]:
    """Add the first row of *cells* to the last row of *above*; return the other cells."""
    rest = {each.column: each for each in cells if each.row == 0}
    for n, each in enumerate(above):
        if each.row + each.rows == count and each.column in rest:
            cell = rest[each.column]
            text = each.text or cell.text
            if each.text and cell.text:
                text = pdf_layout.join_cell_text(each.text, cell.text, each.room)
            above[n] = each._replace(
                text=text,
                rows=each.rows + cell.rows - 1,
                room=cell.room if cell.text else each.room,
            )
    return [each for each in cells if each.row > 0]


def _join_covered_cells(
    above: list[PdfCell], cells: Sequence[PdfCell], count: int
) -> list[PdfCell]:
    """Extend merged cells of *above* over their parts on the next page; return the other cells.

    The text of a merged cell is printed on only one of its pages.
    """
    bottom = {
        (each.column, each.columns): n
        for n, each in enumerate(above)
        if each.row + each.rows == count
    }
    kept = []
    for cell in cells:
        n = bottom.get((cell.column, cell.columns)) if cell.row == 0 else None
        if n is not None:
            one = above[n]
            is_part = one.rows > 1 and cell.rows > 1 and not (one.text and cell.text)
            if is_part or (one.text and not cell.text and max(one.rows, cell.rows) > 1):
                above[n] = one._replace(text=one.text or cell.text, rows=one.rows + cell.rows)
                continue
        kept.append(cell)
    return kept


def _make_grid(table: PdfTable) -> CellGrid:
    rows: list[list[tuple[str, int, int]]] = [[] for _row in range(table.row_count)]
    for cell in sorted(table.cells, key=lambda each: each[1:3]):
        rows[cell.row].append((cell.text, cell.rows, cell.columns))
    return CellGrid(rows)
