"""Read tasks from tables: columns by heading, merged cells, empty cells."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.importing.parsing import table_columns
from plancli.importing.parsing.table_columns import (
    AGENCY_COLUMNS,
    COVERAGE_KINDS,
    TASK_COLUMNS,
    TaskTableColumn,
)
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import INVISIBLE, SourceLine, SourceTable, SourceText
from plancli.importing.readers.page import SourceCell as Area
from plancli.plan import agency_lists, model
from plancli.plan import clause as grammar
from plancli.plan.clause import ClauseNote
from plancli.plan.model import CLAUSE_SEPARATOR, LeadReason, Task, TaskTableCell

NUMBER_CELL = re.compile("[\\d一二三四五六七八九十百千零〇（）()、.．①-⑳-]{1,10}")
MAX_COLUMNS = 100  # cells to the right of them are reported as left over
MAX_HEADER_ROW = 6  # the headings must be in one of the first rows


class TableTask(NamedTuple):
    """A task of a table: its section titles, the last one's number, and the task."""

    headings: tuple[str, ...]
    number: str
    task: Task
    position: int  # offset of its text


class TaskRows(NamedTuple):
    """The rows of one task: the cells of each column, from top to bottom, each once."""

    band: Area | None  # a row with one cell that is the section title of the rows below
    cells: tuple[tuple[Area, ...], ...]


def is_task_table(page: SourceText, table: SourceTable) -> bool:
    """Return whether the table has headings for tasks and agencies."""
    return bool(_find_header(page, table)[2])


def extract_outer_lines(page: SourceText) -> SourceText:
    """Return *page* with titles above the headings of tables, and notes below, as lines."""
    blocks: list[SourceLine | SourceTable] = []
    for block in page.blocks:
        if isinstance(block, SourceLine) or not is_task_table(page, block):
            blocks.append(block)
            continue
        top, last, _columns = _find_header(page, block)
        bottom = _find_bottom(page, block, last)
        inside = [area for area in block.cells if top <= area.row < bottom]
        for above in (True, False):
            if not above:
                blocks.append(SourceTable(tuple(inside)))
            blocks += (
                SourceLine(area.start, area.end)
                for area in block.cells
                if (area.row < top if above else area.row >= bottom) and area.end > area.start
            )
    return replace(page, blocks=blocks)


def _find_bottom(page: SourceText, table: SourceTable, top: int) -> int:
    """Return the index after the last row that is not a note: a note has only its first cell."""
    by_row: dict[int, list[Area]] = {}
    for area in table.cells:
        if _get_cell_text(page, area):
            by_row.setdefault(area.row, []).append(area)
    bottom = max((area.row + area.rows for area in table.cells), default=0)
    covered = {row for area in table.cells for row in range(area.row + 1, area.row + area.rows)}
    while bottom > top + 1:
        areas = by_row.get(bottom - 1, [])
        if bottom - 1 in covered or len(areas) > 1 or (areas and areas[0].column > 0):
            break
        bottom -= 1
    return bottom


def read_tasks(page: SourceText, table: SourceTable, context: ImportContext) -> Iterator[TableTask]:
    """Yield the tasks of *table*, and record the coverage of its cells."""
    _first, top, columns = _find_header(page, table)
    repeated = {column.heading for column in columns}
    for area in table.cells:
        if area.row <= top or "".join(_get_cell_text(page, area).split()) in repeated:
            _read_cell(page, context, area, "column")
    kinds = [column.kind for column in columns]
    texts = [n for n, kind in enumerate(kinds) if kind == "text"]
    above = [*(n for n, kind in enumerate(kinds) if kind == "section"), *texts[:-1]]
    number = kinds.index("no") if "no" in kinds else -1
    groups = list(_group_rows(page, table, top + 1, columns, texts[-1]))
    shared = Counter(group.cells[number][:1] for group in groups) if number >= 0 else Counter()
    counted: Counter[tuple[str, ...]] = Counter()
    for group in groups:
        heads = [group.band, *(area for n in above for area in group.cells[n][:1])]
        headings = tuple(_read_cell(page, context, area, "heading") for area in heads if area)
        own = group.cells[number][:1] if number >= 0 else ()
        printed = "".join(_read_cell(page, context, area, "number") for area in own)
        counted[headings] += 1
        no = printed if printed and shared[own] == 1 else str(counted[headings])
        task = _build_task(page, context, no, group, columns, texts[-1])
        at = group.cells[texts[-1]][0].start
        yield TableTask(headings, printed if shared[own] > 1 else "", task, at)


def collect_leftover_cells(
    page: SourceText, table: SourceTable, context: ImportContext
) -> Iterator[str]:
    """Yield the text of cells that no task uses, and add a diagnostic for each row with some."""
    rows: dict[int, tuple[int, list[str]]] = {}  # row -> offset of its first cell, texts
    for area in table.cells:
        words = _get_cell_text(page, area) if area.start not in context.covered_cells else ""
        if words:
            context.coverage.add_span(area.start, area.end, "paragraph")
            rows.setdefault(area.row, (area.start, []))[1].append(words)
            yield words
    for start, cells in rows.values():
        context.add_diagnostic("cell-left", start, "、".join(cells), doubtful=True)


def _find_header(page: SourceText, table: SourceTable) -> tuple[int, int, list[TaskTableColumn]]:
    """Return the first and last row of the headings, and the columns; empty without tasks."""
    first = min((area.row for area in table.cells), default=0)
    for top in range(first, first + MAX_HEADER_ROW):
        columns = _read_columns(page, table, top)
        kinds = {column.kind for column in columns}
        if kinds & AGENCY_COLUMNS and kinds & {"text", "section"}:
            last = top
            below = _read_columns(page, table, top + 1)
            deeper = [low if low.kind else high for low, high in zip(below, columns, strict=False)]
            named = {column.kind for column in deeper} & {"text", "section"}
            if named and len(below) == len(columns) and any(low.kind for low in below):
                last, columns = top + 1, deeper
            if "text" not in {column.kind for column in columns}:
                columns = [
                    TaskTableColumn("text", c.heading) if c.kind == "section" else c
                    for c in columns
                ]
            return top, last, columns
    return 0, 0, []


def _read_columns(page: SourceText, table: SourceTable, row: int) -> list[TaskTableColumn]:
    """Return the columns with the cells of *row*, including merged ones, as headings."""
    areas = [a for a in table.cells if a.row <= row < a.row + a.rows]
    columns: list[TaskTableColumn] = []
    for area in sorted(areas, key=lambda each: each.column)[:MAX_COLUMNS]:
        heading = "".join(_get_cell_text(page, area).split())
        columns += [TaskTableColumn(table_columns.classify_column(heading), heading)] * area.columns
    return columns[:MAX_COLUMNS]


def _group_rows(
    page: SourceText, table: SourceTable, start: int, columns: Sequence[TaskTableColumn], main: int
) -> Iterator[TaskRows]:
    """Yield the rows of each task together.

    A row continues the task above if a merged cell covers the text of both, or its own is empty; an
    empty number or section is that of the row above.
    """
    kinds = [column.kind for column in columns]
    headings = {column.heading for column in columns}
    covering = _map_covered_cells(table)
    last = max((area.row + area.rows for area in table.cells), default=0)
    across: Area | None = None
    gathered: list[dict[Area, None]] = []
    above: list[Area | None] = [None] * len(kinds)
    for row in range(start, last):
        areas = [covering.get((row, column)) for column in range(len(kinds))]
        filled = [area if area and _get_cell_text(page, area) else None for area in areas]
        texts = {"".join(_get_cell_text(page, area).split()) for area in filled if area}
        if not texts or texts <= headings:  # empty, or headings repeated on the next page
            continue
        text = filled[main]
        is_new = text is not None and text not in (gathered[main] if gathered else ())
        if (is_new or (text is None and len(set(areas)) == 1)) and gathered:
            yield TaskRows(across, tuple(map(tuple, gathered)))
            gathered = []
        if band := _find_band(page, filled, areas, kinds):
            if gathered:
                yield TaskRows(across, tuple(map(tuple, gathered)))
            across, above, gathered = band, [None] * len(kinds), []
            continue
        above = [area or before for area, before in zip(filled, above, strict=True)]
        if not gathered and text is None:
            continue  # a section title; its tasks follow in the next rows
        gathered = gathered or [{} for _kind in kinds]
        for n, area in enumerate(filled):
            is_title = kinds[n] in ("no", "section") or (kinds[n] == "text" and n != main)
            if cell := above[n] if is_title else area:
                gathered[n][cell] = None
    if gathered:
        yield TaskRows(across, tuple(map(tuple, gathered)))


def _map_covered_cells(table: SourceTable) -> dict[tuple[int, int], Area]:
    """Return (row, column) -> the cell that covers it."""
    return {
        (row, column): area
        for area in table.cells
        for row in range(area.row, area.row + area.rows)
        for column in range(area.column, area.column + area.columns)
    }


def _find_band(
    page: SourceText,
    filled: Sequence[Area | None],
    areas: Sequence[Area | None],
    kinds: Sequence[str],
) -> Area | None:
    """Return the only cell of a row if it is the section title of the rows below, else None."""
    cells = [(area, kind) for area, kind in zip(filled, kinds, strict=True) if area]
    if len(set(areas)) == 1 and len(kinds) > 1 and cells:
        return cells[0][0]
    if (
        len(cells) == 1
        and cells[0][1] == "no"
        and not NUMBER_CELL.fullmatch(_get_cell_text(page, cells[0][0]))
    ):
        return cells[0][0]
    return None


def _build_task(
    page: SourceText,
    context: ImportContext,
    no: str,
    group: TaskRows,
    columns: Sequence[TaskTableColumn],
    main: int,
) -> Task:
    kinds = {column.kind for column in columns}
    by_columns = "lead" not in kinds and {"own", "join"} <= kinds
    reading = LeadReason.COLUMNS if by_columns else context.reading
    if any(grammar.LEAD_DECLARATION.search(column.heading) for column in columns):
        reading = LeadReason.FIRST
    text = "".join(_read_cell(page, context, area, "task") for area in group.cells[main])
    clauses, others, deadline = [], [], ""
    for column, areas in zip(columns, group.cells, strict=True):
        texts = [
            _read_cell(page, context, area, COVERAGE_KINDS.get(column.kind, "cell"))
            for area in areas
            if column.kind not in TASK_COLUMNS
        ]
        if column.kind in AGENCY_COLUMNS and texts:
            label = "" if column.kind == "clause" else f"{column.label}："
            clauses.append(label + "、".join(texts))
        elif column.kind == "deadline":
            deadline = "、".join(texts)
        elif column.kind == "" and texts:
            others.append(TaskTableCell(column.heading or "—", "；".join(texts)))
    clause = CLAUSE_SEPARATOR.join(clauses)
    duties, review = _parse_duties(context, no, clause, group.cells[main][0].start, reading)
    has_lead = any(each.lead for each in duties)
    return Task(
        no=no,
        text=text,
        clause=clause,
        duties=duties,
        deadline=deadline,
        cells=tuple(others),
        reading=reading if has_lead and "牵头" not in clause else None,
        review=review,
    )


def _parse_duties(
    context: ImportContext, no: str, clause: str, at: int, reading: LeadReason | None
) -> tuple[tuple[model.DutyGroup, ...], tuple[str, ...]]:
    """Return the duties in the agency cells, and the review lines."""
    if not clause:
        return (), ()
    try:
        parsed = grammar.parse_clause(clause, context.region_names, reading or context.reading)
    except BadPlan as error:
        context.add_diagnostic("unread-clause", at, f"{clause}\n{error.hint}", no, doubtful=True)
        return (), (f"unread-clause: {clause}",)
    review = []
    for note in parsed.notes:
        doubtful = note.rule == "named-twice" or _is_unlike_agency(context, note)
        context.add_diagnostic(note.rule, at, note.words, no, doubtful)
        if doubtful:
            review.append(f"{note.rule}: {note.words}")
    duties = tuple(
        model.DutyGroup.from_names(
            group.role,
            tuple(dict.fromkeys(context.registry_names.get(name, name) for name in group.names)),
            group.is_open_ended,
        )
        for group in parsed.duties
    )
    return duties, tuple(dict.fromkeys(review))


def _is_unlike_agency(context: ImportContext, note: ClauseNote) -> bool:
    return note.rule == "unlike-a-body" and note.words not in context.registry_names


def _read_cell(page: SourceText, context: ImportContext, area: Area, kind: str) -> str:
    context.coverage.add_span(area.start, area.end, kind)
    context.covered_cells.add(area.start)
    return _get_cell_text(page, area)


def _get_cell_text(page: SourceText, area: Area) -> str:
    """Return a cell's text; its lines are separated by 、 if each is an agency, else joined."""
    words = INVISIBLE.sub("", page.text[area.start : area.end])
    parts = [part.strip() for part in words.split("\v") if part.strip()]
    if len(parts) > 1 and all(
        agency_lists.is_likely_agency(part.rstrip("、，,；;")) for part in parts
    ):
        return "、".join(part.rstrip("、，,；;") for part in parts)
    return "".join(parts)
