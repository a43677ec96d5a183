"""Read tasks from tables."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from plancli.importing.parsing import (
    numbering,
    table_cells,
    table_columns,
    table_forms,
    table_layouts,
    task_builder,
)
from plancli.importing.parsing.outline import OutlineSegment
from plancli.importing.parsing.table_cells import GridCell, TableGrid
from plancli.importing.parsing.table_columns import AGENCY_COLUMNS
from plancli.importing.parsing.table_layouts import TaskTableColumn, TaskTableLayout
from plancli.importing.parsing.table_rows import TableRowReader, TaskRows, is_total
from plancli.importing.parsing.task_builder import DutyReading, ImportContext
from plancli.importing.readers.page import (
    OUTSIDE_TEXT,
    SourceCell,
    SourceLine,
    SourceTable,
    SourceText,
)
from plancli.plan.clause_labels import classify_label
from plancli.plan.model import CLAUSE_SEPARATOR, Task, TaskTableCell

INNER_BRACKET = re.compile("[（(]([^（()）]{2,200})[）)]")
MIN_AGENCY_CELLS = 3  # of a column that is one of agencies without a heading that says so
MIN_DUTY_LENGTH = 10  # mean characters of the cells beside it
PERSON_HEADING = re.compile("责任人|负责人|联系人|领导")


# Below a table, who filled it in: no task.
FORM_LINE = re.compile(
    "[\\s\u3000]*(?:填报|填表|制表|审核|审签|复核|校核|签发|联系)(?:人员?|单位|部门|时间|日期|电话|方式)?\\s*[:：].{0,80}"
)


class TableTask(NamedTuple):
    """A task of a table: its section titles, the last one's number, and the task."""

    headings: tuple[str, ...]
    number: str
    task: Task
    position: int  # offset of its text


def is_task_table(page: SourceText, table: SourceTable) -> bool:
    """Return whether the table has columns of tasks and agencies."""
    return table_layouts.find_layout(page, table) is not None


def report_unread_table(
    page: SourceText, table: SourceTable, context: ImportContext, is_front: bool = False
) -> None:
    """Add a diagnostic if *table*, which is not a table of tasks, has a column of agencies.

    Or a row of them: a form for one task.  Below a heading such as 责任单位 any words are agencies, as
    those of towns (林站) need not look so.  A table before the tasks (*is_front*) may say who
    publishes the page.
    """
    grid = TableGrid(page.text, table)
    rows = list(grid.iter_rows())
    columns = [[row[n] for row in rows] for n in range(grid.width)]
    if not is_front and (cell := _find_agency_column(columns)):
        context.add_doubt("table-as-text", cell.start, cell.text)
        return
    for line in columns if is_front else [*columns, *rows]:
        cells = [cell for cell in dict.fromkeys(line) if cell and cell.text]
        labels = [n for n, cell in enumerate(cells) if _is_agency_heading(cell.text)]
        others = cells[labels[0] + 1 :] if labels else []
        is_column = line in columns and not is_front
        if any(
            (is_column and _has_words(each)) or table_cells.is_agency_list(each.text)
            for each in others
        ) or (
            cells
            and table_columns.UNIT_HEADING.fullmatch(cells[0].text)
            and sum(table_cells.is_agency_list(cell.text) for cell in cells[1:]) > 2
            and not is_front
        ):
            labels = labels or [0]
            at, words = cells[labels[0]].start, cells[labels[0]].text
            context.add_doubt("table-as-text", at, words)
            return


def _find_agency_column(columns: Sequence[Sequence[GridCell | None]]) -> GridCell | None:
    """Return the first cell of a column of agencies, whatever its heading, beside one of text."""
    cells = [[cell for cell in dict.fromkeys(each) if cell and cell.text] for each in columns]
    if not any(
        sum(len(cell.text) for cell in each) > MIN_DUTY_LENGTH * len(each) for each in cells
    ):
        return None
    for each in cells:
        agencies = sum(table_cells.is_agency_list(cell.text) for cell in each)
        if agencies >= MIN_AGENCY_CELLS and agencies * 2 > len(each):
            return each[0]
    return None


def _has_words(cell: GridCell) -> bool:
    return not (table_cells.is_number(cell.text) or table_cells.is_empty(cell.text))


def _is_agency_heading(text: str) -> bool:
    return table_columns.classify_column(text) in AGENCY_COLUMNS


def extract_outer_lines(page: SourceText) -> SourceText:
    """Return *page* with its tables of tasks apart.

    Titles above the headings, and notes below, become lines.  A table continued in the next one is
    joined; one with other headings further down is split.
    """
    blocks: list[SourceLine | SourceTable] = []
    for block in page.blocks:
        form = None
        if isinstance(block, SourceTable) and not table_layouts.find_layout(page, block):
            form = table_forms.arrange_form(page, block)
        blocks += form or [block]
    page, blocks = replace(page, blocks=blocks), []
    for block in _join_continued(page):
        if isinstance(block, SourceLine):
            blocks.append(block)
        else:
            blocks += _split_table(page, block)
    return replace(page, blocks=list(_iter_without_forms(page, blocks)))


def _iter_without_forms(
    page: SourceText, blocks: Sequence[SourceLine | SourceTable]
) -> Iterator[SourceLine | SourceTable]:
    """Yield *blocks*, with lines below a table of tasks on who filled it in outside the text."""
    is_below = False
    for block in blocks:
        if isinstance(block, SourceTable):
            is_below = is_task_table(page, block)
        elif is_below and FORM_LINE.fullmatch(page.text, block.start, block.end):
            block = block._replace(level=OUTSIDE_TEXT)
        yield block


def _join_continued(page: SourceText) -> Iterator[SourceLine | SourceTable]:
    """Yield the blocks of *page*; a table that goes on in the next is one with it."""
    open_table: SourceTable | None = None
    layout: TaskTableLayout | None = None
    for block in page.blocks:
        if isinstance(block, SourceTable) and open_table and layout:
            below = table_layouts.find_layout(page, block)
            width = max((cell.column + cell.columns for cell in block.cells), default=0)
            has_headings = below is not None and below.headings
            goes_on = (
                has_headings == layout.headings if has_headings else width == len(layout.columns)
            )
            if goes_on and not _starts_anew(page, block, layout):
                grid = TableGrid(page.text, open_table)
                moved = (cell._replace(row=cell.row + grid.last) for cell in block.cells)
                open_table = SourceTable((*open_table.cells, *moved))
                continue
        if open_table:
            yield open_table
        open_table, layout = None, None
        if isinstance(block, SourceTable):
            open_table, layout = block, table_layouts.find_layout(page, block)
        else:
            yield block
    if open_table:
        yield open_table


def _starts_anew(page: SourceText, table: SourceTable, layout: TaskTableLayout) -> bool:
    """Return whether the numbers of *table*, with columns as in *layout*, start at 1."""
    columns = [n for n, column in enumerate(layout.columns) if column.kind == "no"]
    cells = (cell for cell in table.cells if cell.column in columns[:1])
    values = (numbering.parse_number(table_cells.get_text(page.text, cell)) for cell in cells)
    return next(filter(None, values), 0) == 1


def _split_table(page: SourceText, table: SourceTable) -> Iterator[SourceLine | SourceTable]:
    """Yield the lines above a table of tasks, the table, the lines below, and what follows."""
    layout = table_layouts.find_layout(page, table)
    if not layout:
        yield table
        return
    grid = TableGrid(page.text, table)
    end = next(table_layouts.iter_interior_headings(grid, layout), grid.last)
    while layout.last + 1 < end < grid.last and len(grid.get_filled(end - 1)) == 1:
        end -= 1  # a title above the other headings
    bottom = _find_bottom(grid, layout.last, end)
    yield from _iter_lines(cell for cell in table.cells if cell.row < layout.first)
    yield SourceTable(tuple(c for c in table.cells if layout.first <= c.row < bottom))
    yield from _iter_lines(cell for cell in table.cells if bottom <= cell.row < end)
    if end < grid.last:
        yield from _split_table(page, SourceTable(tuple(c for c in table.cells if c.row >= end)))


def _iter_lines(cells: Iterator[SourceCell]) -> Iterator[SourceLine]:
    return (SourceLine(cell.start, cell.end) for cell in cells if cell.end > cell.start)


def _find_bottom(grid: TableGrid, top: int, end: int) -> int:
    """Return the row after the last that is not a note: a note has only its first cell."""
    bottom = end
    while bottom > top + 1:
        cells = grid.get_filled(bottom - 1)
        if len(cells) > 1 or (cells and (cells[0].column > 0 or cells[0].row < bottom - 1)):
            break
        bottom -= 1
    return bottom


def read_tasks(page: SourceText, table: SourceTable, context: ImportContext) -> Iterator[TableTask]:
    """Yield the tasks of *table*, and record the coverage of its cells."""
    layout = table_layouts.find_layout(page, table)
    if layout:
        rows = TableRowReader(page, context, TableGrid(page.text, table), layout)
        yield from _TaskReader(page, context, rows).read_tasks()


def collect_leftover_cells(
    page: SourceText, table: SourceTable, context: ImportContext
) -> Iterator[str]:
    """Yield the text of cells that no task uses, and add a diagnostic for each row with some."""
    rows: dict[int, tuple[int, list[str]]] = {}  # row -> offset of its first cell, texts
    for cell in table.cells:
        words = (
            table_cells.get_text(page.text, cell) if cell.start not in context.covered_cells else ""
        )
        if words:
            context.coverage.add_span(cell.start, cell.end, "paragraph")
            rows.setdefault(cell.row, (cell.start, []))[1].append(words)
            yield words
    for start, cells in rows.values():
        if not is_total(cells):
            context.add_doubt("cell-left", start, "、".join(cells))


@dataclass(slots=True)
class _TaskReader:
    """Reads the tasks of one table."""

    page: SourceText
    context: ImportContext
    rows: TableRowReader

    def read_tasks(self) -> Iterator[TableTask]:
        """Yield the tasks, and record the coverage of the cells."""
        for row in range(self.rows.grid.first, self.rows.layout.last + 1):
            for cell in self.rows.grid.get_filled(row):
                self.rows.accept(cell, "column")
        for at, heading in self.rows.layout.doubts:
            self.context.add_doubt("unknown-column", at, heading)
        sections = [n for n, kind in enumerate(self.rows.kinds) if kind == "section"]
        groups = list(self.rows.group_rows())
        segments = self._build_segments(groups)
        titles = self._find_numbered_titles(groups, sections, segments)
        shared = Counter(map(self._get_number, groups)) + Counter(titles)
        counted: Counter[object] = Counter()
        for group, segment, title in zip(groups, segments, titles, strict=True):
            heads = [
                *(band.cell for band in group.bands),
                *filter(None, map(group.get_first, sections)),
            ]
            headings = tuple(self.rows.accept(cell, "heading") for cell in heads)
            number = self._get_number(group)
            printed = self.rows.accept(number, "number") if number else ""
            if title and (mark := numbering.parse_item_number(title.text)):
                number, printed = title, mark.no
            is_part = number is not None and shared[number] > 1
            counted[number if is_part else headings] += 1
            if is_part:
                no = f"{printed}({counted[number]})"
            elif segment.number:
                no = segment.number.no
            else:
                no = printed or str(counted[headings])
            title_number = printed if is_part and not title else ""
            for band in group.bands:
                above = self.rows.accept(band.number, "number") if band.number else ""
                title_number = above if band.cell is heads[-1] else title_number
            task = self._build_task(no, group, segment)
            if is_part and self._is_number_unsure(group, sections):
                doubt = self.context.add_doubt("number-empty", segment.span.locate(0), no, no)
                task = replace(task, review=(*task.review, doubt))
            yield TableTask(headings, title_number, task, segment.span.locate(0))

    def _find_numbered_titles(
        self,
        groups: Sequence[TaskRows],
        sections: Sequence[int],
        segments: Sequence[OutlineSegment],
    ) -> list[GridCell | None]:
        """Return the cell left of each task that has its number (1.增加学位), if there is no other."""
        if self.rows.number is None and sections and not any(each.number for each in segments):
            found = [group.get_first(sections[-1]) for group in groups]
            marks = [numbering.parse_item_number(cell.text) if cell else None for cell in found]
            if all(mark and mark.style == "num" for mark in marks):
                return found
        return [None] * len(groups)

    def _get_number(self, group: TaskRows) -> GridCell | None:
        return None if self.rows.number is None else group.get_first(self.rows.number)

    def _is_number_unsure(self, group: TaskRows, sections: Sequence[int]) -> bool:
        """Return whether a row has an empty cell for its number, and so only there.

        If its section is that of the row above as well, both stand for merged cells.
        """
        return self.rows.number in group.inherited and group.inherited.isdisjoint(sections)

    def _build_segments(self, groups: Sequence[TaskRows]) -> list[OutlineSegment]:
        """Return the text of each task, with its number if there is no column of numbers."""
        spans = [table_cells.build_span(self.page, self._get_text_cells(group)) for group in groups]
        marks = [numbering.parse_item_number(span.text) for span in spans]
        values = [mark.no for mark in marks if mark]
        is_numbered = len(values) * 2 > len(marks) and len(set(values)) * 2 > len(values)
        if self.rows.number is not None or not is_numbered:  # 1. in each cell numbers its sentences
            marks = [None] * len(spans)
        return [
            OutlineSegment(span, mark, 0, mark.end if mark else 0, len(span.text))
            for span, mark in zip(spans, marks, strict=True)
        ]

    def _get_text_cells(self, group: TaskRows) -> list[GridCell]:
        """Return the cells with the text of a task, its title first."""
        titles = [n for n, kind in enumerate(self.rows.kinds) if kind == "title"]
        cells = [cell for n in (*titles, self.rows.main) for cell in group.cells[n]]
        return list(dict.fromkeys(cells))

    def _build_task(self, no: str, group: TaskRows, segment: OutlineSegment) -> Task:
        cells = self._get_text_cells(group)
        for cell in cells:
            self.rows.accept(cell, "task")
        clause, others, deadline = self._collect_cells(group)
        at = segment.span.locate(0)
        if not clause and task_builder.find_clauses(self.context, segment):
            task = task_builder.build_task(self.context, no, [segment])
            return replace(task, deadline=deadline or task.deadline, cells=(*task.cells, *others))
        reading = self.rows.layout.reading or self.context.reading
        shared = self.context.shared_clause  # of the tasks before this row
        read = DutyReading()
        if clause:
            read = task_builder.read_duties(self.context, no, clause, at, reading)
        has_lead = any(each.lead for each in read.groups)
        task = Task(
            no=no,
            text=self._join_title(cells, segment),
            clause=clause,
            duties=read.groups,
            deadline=deadline,
            cells=others,
            reading=reading if has_lead and "牵头" not in clause else None,
            review=read.review,
        )
        task = self._mark_inner_duties(task, segment) if clause else task
        task = task_builder.add_shared_duties(self.context, task, shared)
        return task_builder.mark_duplicate(self.context, task, at)

    def _mark_inner_duties(self, task: Task, segment: OutlineSegment) -> Task:
        """Add a diagnostic for brackets in the text with agencies that its cells do not name."""
        known = {name for group in task.duties for name in group.names}
        for bracket in INNER_BRACKET.finditer(segment.text):
            names = [name for name in table_cells.NAME_SEPARATORS.split(bracket[1]) if name]
            if table_cells.is_agency_list(bracket[1]) and not known.issuperset(names):
                at = segment.span.locate(segment.start + bracket.start())
                doubt = self.context.add_doubt("unread-duty", at, bracket[0], task.no)
                task = replace(task, review=(*task.review, doubt))
        return task

    def _join_title(self, cells: Sequence[GridCell], segment: OutlineSegment) -> str:
        """Return the text of a task, with a space behind a title that has a cell of its own."""
        text = segment.text.strip()
        length = len(table_cells.get_text(self.page.text, cells[0])) - segment.start
        if len({cell.column for cell in cells}) == 1 or length < 1:
            return text
        return f"{text[:length].strip()} {text[length:].strip()}"

    def _collect_cells(self, group: TaskRows) -> tuple[str, tuple[TaskTableCell, ...], str]:
        """Return the clause, the other cells, and the deadline of a task."""
        labels = _find_joined_labels(group, self.rows.layout.columns)
        clauses, others, deadline, used = [], [], "", set[GridCell]()
        for column, found in zip(self.rows.layout.columns, group.cells, strict=True):
            if column.kind in ("no", "section", "title", "text"):
                continue
            is_agency = column.kind in AGENCY_COLUMNS
            for cell in found:
                self.rows.accept(cell, "clause" if is_agency else column.kind or "cell")
            cells = [cell for cell in found if cell not in used]
            used |= labels.keys()
            words = self._join_texts(cells, column.kind)
            if is_agency and PERSON_HEADING.search(column.heading):
                printed = words
                words = self._join_texts(cells, column.kind, table_cells.remove_persons)
                if words != printed:
                    others.append(TaskTableCell(column.heading, printed))
            if is_agency and words:
                label = next((labels[cell] for cell in cells if cell in labels), column.label)
                clauses.append(
                    words if _begins_with_label(words) else f"{label}：{words}".lstrip("：")
                )
            elif column.kind == "deadline":
                deadline = "" if table_cells.is_empty(words) else words
            elif words and not is_agency:
                others.append(TaskTableCell(column.heading or "—", words))
        return CLAUSE_SEPARATOR.join(clauses), tuple(others), deadline

    def _join_texts(
        self,
        cells: Sequence[GridCell],
        kind: str,
        prepare: Callable[[Sequence[str]], Sequence[str]] = list,
    ) -> str:
        """Return the texts of the cells of one column: names, or words."""
        texts = []
        for cell in cells:
            lines = prepare(table_cells.get_lines(self.page.text, cell))
            if kind in AGENCY_COLUMNS and lines and not table_cells.is_empty(cell.text):
                texts.append(table_cells.join_names(lines))
            elif kind not in AGENCY_COLUMNS:
                are_names = len(lines) > 1 and max(map(len, lines)) <= 4  # 张三 above 李四
                texts.append(("、" if are_names else "").join(lines))
        return ("、" if kind else "；").join(texts)


def _begins_with_label(words: str) -> bool:
    """Return whether the text of a cell has its own label: 牵头单位：."""
    label = re.match("[^：:、，,；;]{2,16}(?=[：:])", words)
    return bool(label and classify_label(label[0]))


def _find_joined_labels(group: TaskRows, columns: Sequence[TaskTableColumn]) -> dict[GridCell, str]:
    """Return the labels of cells below several roles: 牵头单位/配合单位, or "" if verbs say who leads."""
    found: dict[GridCell, dict[str, str]] = {}
    for column, cells in zip(columns, group.cells, strict=True):
        for cell in cells if column.kind in AGENCY_COLUMNS else ():
            found.setdefault(cell, {})[column.kind] = column.heading
    return {
        cell: "" if "牵头" in cell.text else _join_headings(list(headings.values()))
        for cell, headings in found.items()
        if len(headings) > 1 and not table_cells.is_empty(cell.text)
    }


def _join_headings(headings: Sequence[str]) -> str:
    joined = "/".join(headings)
    return joined if classify_label(joined) == "split" else "牵头单位/配合单位"
