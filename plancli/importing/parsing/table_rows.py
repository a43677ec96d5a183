"""Group the rows of a table of tasks: merged cells, bands between them, empty cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plancli.importing.parsing import numbering, outline, table_cells
from plancli.importing.parsing.table_cells import GridCell, TableGrid
from plancli.importing.parsing.table_columns import AGENCY_COLUMNS
from plancli.importing.parsing.table_layouts import TaskTableLayout
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import SourceText

TITLE_KINDS = frozenset({"no", "section"})  # an empty cell is that of the row above
CONTINUED = re.compile("[（(]?(?:续[上前]?表\\d*|接上[页表])[）)]?")
HAN_NUMBER = re.compile("[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]?")
TOTAL = re.compile("(?:(?:合|总|小|共)\\s*计|汇\\s*总).{0,12}")


def is_total(texts: Sequence[str]) -> bool:
    """Return whether the cells of a row begin with 合计, perhaps behind a number."""
    words = next((text for text in texts if not table_cells.is_number(text)), "")
    return bool(TOTAL.fullmatch(words))


class TableBand(NamedTuple):
    """A row of one cell: the section title of the rows below it."""

    cell: GridCell
    number: GridCell | None  # its number, if that has its own cell
    rank: int  # of its number: 一、 is above （一）; -1 without a number


@dataclass(slots=True)
class TaskRows:
    """The rows of one task: the cells of each column, from top to bottom, each once."""

    bands: tuple[TableBand, ...]
    cells: list[dict[GridCell, None]]
    inherited: set[int]  # columns whose cell is empty in its first row: that of the row above

    def get_first(self, column: int) -> GridCell | None:
        """Return the first cell of a column."""
        return next(iter(self.cells[column]), None)


@dataclass(slots=True)
class TableRowReader:
    """Reads the rows of one table, those of each task together."""

    page: SourceText
    context: ImportContext
    grid: TableGrid
    layout: TaskTableLayout
    kinds: tuple[str, ...] = field(init=False)
    main: int = field(init=False)  # the column of the tasks
    number: int | None = field(init=False)
    counts_in_digits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = tuple(column.kind for column in self.layout.columns)
        self.main = self.kinds.index("text")
        self.number = self.kinds.index("no") if "no" in self.kinds else None
        self.counts_in_digits = self.number is not None and any(
            cell and cell.text.isdecimal()
            for row in range(self.layout.last + 1, self.grid.last)
            if (cell := self.grid.get_cell(row, self.number))
        )

    def accept(self, cell: GridCell, kind: str) -> str:
        """Record that a cell became *kind*, and return its text."""
        self.context.coverage.add_span(cell.start, cell.end, kind)
        self.context.covered_cells.add(cell.start)
        return table_cells.get_text(self.page.text, cell)

    def group_rows(self) -> Iterator[TaskRows]:
        """Yield the rows of each task together.

        A row continues the task above if a merged cell covers the text of both, or its own is
        empty, unless it has its own number; an empty number or section is that of the row above.
        """
        bands: tuple[TableBand, ...] = ()
        group: TaskRows | None = None
        above: list[GridCell | None] = [None] * len(self.kinds)
        for row in range(self.layout.last + 1, self.grid.last):
            cells = self.grid.get_row(row)[: len(self.kinds)]
            filled = [cell if cell and cell.text else None for cell in cells]
            texts = {cell.text for cell in filled if cell}
            if texts <= self.layout.headings or all(map(CONTINUED.fullmatch, texts)):
                for cell in filter(None, filled):  # empty, or headings repeated on the next page
                    self.accept(cell, "column")
                continue
            if is_total([cell.text for cell in filled if cell]):
                continue
            self._resolve_dittos(filled, above)
            self._move_title(filled)
            band = self._find_band(filled, cells)
            if group and (band or self._is_new_task(filled, group)):
                yield group
                group = None
            if band:
                bands = (*_get_upper_bands(bands, band), band)
                above = [None] * len(self.kinds)
                continue
            above = [cell or before for cell, before in zip(filled, above, strict=True)]
            if group is None and filled[self.main] is None:
                continue  # a section title; its tasks follow in the next rows
            if group is None:
                empty = {n for n, own in enumerate(filled) if own is None and above[n]}
                group = TaskRows(bands, [{} for _kind in self.kinds], empty)
            for n, own in enumerate(filled):
                shown = above[n] if self.kinds[n] in TITLE_KINDS else own
                if shown:
                    group.cells[n][shown] = None
        if group:
            yield group

    def _resolve_dittos(
        self, filled: list[GridCell | None], above: Sequence[GridCell | None]
    ) -> None:
        """Replace cells that say 同上 by those *above* them."""
        for n, cell in enumerate(filled):
            if cell and n != self.main and above[n] and table_cells.is_ditto(cell.text):
                self.accept(cell, "cell")
                filled[n] = above[n]

    def _move_title(self, filled: list[GridCell | None]) -> None:
        """Make the title of a row the text of the task if the row has no other."""
        titles = [n for n, kind in enumerate(self.kinds) if kind == "title" and filled[n]]
        has_agency = any(filled[n] for n, kind in enumerate(self.kinds) if kind in AGENCY_COLUMNS)
        if filled[self.main] is None and titles and has_agency:
            filled[self.main], filled[titles[-1]] = filled[titles[-1]], None

    def _is_new_task(self, filled: Sequence[GridCell | None], group: TaskRows) -> bool:
        """Return whether a row begins a task: with its own text, or its own number beside one."""
        text = filled[self.main]
        if text is None:
            return False
        if text not in group.cells[self.main]:
            return True
        number = filled[self.number] if self.number is not None else None
        return bool(number and number not in group.cells[self.number or 0])

    def _find_band(
        self, filled: Sequence[GridCell | None], cells: Sequence[GridCell | None]
    ) -> TableBand | None:
        """Return the section title that makes up a row, else None."""
        *before, last = [cell for cell in dict.fromkeys(filled) if cell]
        covered = {kind for kind, cell in zip(self.kinds, filled, strict=True) if cell is last}
        if len(self.kinds) < 2 or len(before) > 1:
            return None
        is_wide = bool({"text", "section"} & covered and AGENCY_COLUMNS & covered)
        if before:
            is_numbered = covered == {"text"} and bool(HAN_NUMBER.fullmatch(before[0].text))
            is_title = is_numbered and self.counts_in_digits
            if not (is_title or (is_wide and table_cells.is_number(before[0].text))):
                return None
            return TableBand(last, before[0], _get_rank(f"{before[0].text}、"))
        is_whole = len(set(cells)) == 1
        is_word = covered == {"no"} and not table_cells.is_number(last.text)
        is_title = bool({"text", "section"} & covered) and _is_numbered_title(last.text)
        if is_whole or is_wide or is_word or is_title:
            return TableBand(last, None, _get_rank(last.text))
        return None


def _get_upper_bands(bands: Sequence[TableBand], band: TableBand) -> tuple[TableBand, ...]:
    """Return the bands that *band* is below: 一、 above （一）."""
    return tuple(each for each in bands if 0 <= each.rank < band.rank)


def _get_rank(text: str) -> int:
    number = numbering.parse_item_number(text)
    return numbering.get_style_rank(number.style) if number else -1


def _is_numbered_title(text: str) -> bool:
    number = numbering.parse_item_number(text)
    return (
        number is not None
        and number.style in outline.HEADING_STYLES
        and len(text) <= outline.MAX_HEADING_LENGTH
        and text[-1] not in "。；;"
    )
