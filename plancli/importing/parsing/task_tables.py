"""Tables -> tasks: columns by their headings, rows with cells that cover several, empty cells."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.importing.parsing import table_columns as columns_
from plancli.importing.parsing.table_columns import BODIES, HEADS, SPOKEN, Column
from plancli.importing.parsing.task_builder import Reader
from plancli.importing.readers.page import IGNORED, Line, Page, Table
from plancli.importing.readers.page import Cell as Area
from plancli.plan import agency_lists, model
from plancli.plan import clause as grammar
from plancli.plan.clause import Note
from plancli.plan.model import BETWEEN, Cell, Reading, Task

NUMBER = re.compile("[\\d一二三四五六七八九十百千零〇（）()、.．①-⑳-]{1,10}")
WIDEST = 100  # columns; cells beside them are left to a person
HEADROOM = 6  # rows in which the headings may stand


class Row(NamedTuple):
    """A task of a table: the headings it stands below, the last one's number, and the task."""

    headings: tuple[str, ...]
    number: str
    task: Task
    at: int  # where its text begins in the page


class Group(NamedTuple):
    """The rows of one task: the cells of each column, from top to bottom, each once."""

    across: Area | None  # a row above them that is one cell
    cells: tuple[tuple[Area, ...], ...]


def is_plan(page: Page, table: Table) -> bool:
    """Whether the table's headings say who does what."""
    return bool(_head(page, table)[2])


def unpacked(page: Page) -> Page:
    """Return *page* with the lines around a table that are printed as rows of it taken out.

    Titles above the headings, and notes below the last row.
    """
    blocks: list[Line | Table] = []
    for block in page.blocks:
        if isinstance(block, Line) or not is_plan(page, block):
            blocks.append(block)
            continue
        top, last, _columns = _head(page, block)
        bottom = _bottom(page, block, last)
        inside = [area for area in block.cells if top <= area.row < bottom]
        for above in (True, False):
            if not above:
                blocks.append(Table(tuple(inside)))
            blocks += (
                Line(area.start, area.end)
                for area in block.cells
                if (area.row < top if above else area.row >= bottom) and area.end > area.start
            )
    return replace(page, blocks=blocks)


def _bottom(page: Page, table: Table, top: int) -> int:
    """Return the row behind the last that is no note: a note fills only its first cell."""
    by_row: dict[int, list[Area]] = {}
    for area in table.cells:
        if _words(page, area):
            by_row.setdefault(area.row, []).append(area)
    bottom = max((area.row + area.rows for area in table.cells), default=0)
    covered = {row for area in table.cells for row in range(area.row + 1, area.row + area.rows)}
    while bottom > top + 1:
        areas = by_row.get(bottom - 1, [])
        if bottom - 1 in covered or len(areas) > 1 or (areas and areas[0].column > 0):
            break
        bottom -= 1
    return bottom


def rows(page: Page, table: Table, reader: Reader) -> Iterator[Row]:
    """Yield the tasks of *table*, and account for its cells."""
    _first, top, columns = _head(page, table)
    printed_anew = {column.heading for column in columns}
    for area in table.cells:
        if area.row <= top or "".join(_words(page, area).split()) in printed_anew:
            _take(page, reader, area, "column")
    kinds = [column.kind for column in columns]
    texts = [n for n, kind in enumerate(kinds) if kind == "text"]
    above = [*(n for n, kind in enumerate(kinds) if kind == "section"), *texts[:-1]]
    number = kinds.index("no") if "no" in kinds else -1
    found = list(_groups(page, table, top + 1, columns, texts[-1]))
    shared = Counter(group.cells[number][:1] for group in found) if number >= 0 else Counter()
    counted: Counter[tuple[str, ...]] = Counter()
    for group in found:
        heads = [group.across, *(area for n in above for area in group.cells[n][:1])]
        headings = tuple(_take(page, reader, area, "heading") for area in heads if area)
        own = group.cells[number][:1] if number >= 0 else ()
        printed = "".join(_take(page, reader, area, "number") for area in own)
        counted[headings] += 1
        no = printed if printed and shared[own] == 1 else str(counted[headings])
        task = _task(page, reader, no, group, columns, texts[-1])
        at = group.cells[texts[-1]][0].start
        yield Row(headings, printed if shared[own] > 1 else "", task, at)


def left(page: Page, table: Table, reader: Reader) -> Iterator[str]:
    """Yield the words of cells that no task took, and account for them: a person must look.

    One remark a row: a row may have very many such cells.
    """
    remarks: dict[int, tuple[int, list[str]]] = {}  # row -> where its first cell begins, the words
    for area in table.cells:
        words = _words(page, area) if area.start not in reader.taken else ""
        if words:
            reader.account.span(area.start, area.end, "paragraph")
            remarks.setdefault(area.row, (area.start, []))[1].append(words)
            yield words
    for start, cells in remarks.values():
        reader.remark("cell-left", start, "、".join(cells), doubtful=True)


def _head(page: Page, table: Table) -> tuple[int, int, list[Column]]:
    """Return the first and last row of the headings, and the columns, if it is one of tasks."""
    first = min((area.row for area in table.cells), default=0)
    for top in range(first, first + HEADROOM):
        columns = _columns(page, table, top)
        kinds = {column.kind for column in columns}
        if kinds & BODIES and kinds & {"text", "section"}:
            last = top
            below = _columns(page, table, top + 1)
            deeper = [low if low.kind else high for low, high in zip(below, columns, strict=False)]
            named = {column.kind for column in deeper} & {"text", "section"}
            if named and len(below) == len(columns) and any(low.kind for low in below):
                last, columns = top + 1, deeper
            if "text" not in {column.kind for column in columns}:
                columns = [Column("text", c.heading) if c.kind == "section" else c for c in columns]
            return top, last, columns
    return 0, 0, []


def _columns(page: Page, table: Table, row: int) -> list[Column]:
    """Return what the cells of *row*, those that reach into it included, say as headings."""
    areas = [a for a in table.cells if a.row <= row < a.row + a.rows]
    columns: list[Column] = []
    for area in sorted(areas, key=lambda each: each.column)[:WIDEST]:
        heading = "".join(_words(page, area).split())
        columns += [Column(columns_.kind(heading), heading)] * area.columns
    return columns[:WIDEST]


def _groups(
    page: Page, table: Table, start: int, columns: Sequence[Column], main: int
) -> Iterator[Group]:
    """Yield the rows of each task together.

    A row goes on with the task above where one cell covers the text of both, or its own is empty;
    an empty number or heading is that of the row above.
    """
    kinds = [column.kind for column in columns]
    headings = {column.heading for column in columns}
    covering = {
        (row, column): area
        for area in table.cells
        for row in range(area.row, area.row + area.rows)
        for column in range(area.column, area.column + area.columns)
    }
    last = max((area.row + area.rows for area in table.cells), default=0)
    across: Area | None = None
    gathered: list[dict[Area, None]] = []
    above: list[Area | None] = [None] * len(kinds)
    for row in range(start, last):
        areas = [covering.get((row, column)) for column in range(len(kinds))]
        filled = [area if area and _words(page, area) else None for area in areas]
        said = {"".join(_words(page, area).split()) for area in filled if area}
        if not said or said <= headings:  # the headings, printed anew on the next page
            continue
        text = filled[main]
        new = text is not None and text not in (gathered[main] if gathered else ())
        if (new or (text is None and len(set(areas)) == 1)) and gathered:
            yield Group(across, tuple(map(tuple, gathered)))
            gathered = []
        if band := _band(page, filled, areas, kinds):
            if gathered:
                yield Group(across, tuple(map(tuple, gathered)))
            across, above, gathered = band, [None] * len(kinds), []
            continue
        above = [area or before for area, before in zip(filled, above, strict=True)]
        if not gathered and text is None:
            continue  # a heading whose tasks follow in rows of their own
        gathered = gathered or [{} for _kind in kinds]
        for n, area in enumerate(filled):
            heads = kinds[n] in ("no", "section") or (kinds[n] == "text" and n != main)
            if here := above[n] if heads else area:
                gathered[n][here] = None
    if gathered:
        yield Group(across, tuple(map(tuple, gathered)))


def _band(
    page: Page, filled: Sequence[Area | None], areas: Sequence[Area | None], kinds: Sequence[str]
) -> Area | None:
    """Return the only cell of a row that heads the rows below it, if this is such a row."""
    said = [(area, kind) for area, kind in zip(filled, kinds, strict=True) if area]
    if len(set(areas)) == 1 and len(kinds) > 1 and said:
        return said[0][0]
    if len(said) == 1 and said[0][1] == "no" and not NUMBER.fullmatch(_words(page, said[0][0])):
        return said[0][0]
    return None


def _task(
    page: Page, reader: Reader, no: str, group: Group, columns: Sequence[Column], main: int
) -> Task:
    kinds = {column.kind for column in columns}
    by_columns = "lead" not in kinds and {"own", "join"} <= kinds
    reading = Reading.COLUMNS if by_columns else reader.reading
    if any(grammar.DECLARES.search(column.heading) for column in columns):
        reading = Reading.FIRST
    text = "".join(_take(page, reader, area, "task") for area in group.cells[main])
    clauses, others, deadline = [], [], ""
    for column, areas in zip(columns, group.cells, strict=True):
        said = [
            _take(page, reader, area, SPOKEN.get(column.kind, "cell"))
            for area in areas
            if column.kind not in HEADS
        ]
        if column.kind in BODIES and said:
            label = "" if column.kind == "clause" else f"{column.label}："
            clauses.append(label + "、".join(said))
        elif column.kind == "deadline":
            deadline = "、".join(said)
        elif column.kind == "" and said:
            others.append(Cell(column.heading or "—", "；".join(said)))
    clause = BETWEEN.join(clauses)
    duties, review = _duties(reader, no, clause, group.cells[main][0].start, reading)
    led = any(each.lead for each in duties)
    return Task(
        no=no,
        text=text,
        clause=clause,
        duties=duties,
        deadline=deadline,
        cells=tuple(others),
        reading=reading if led and "牵头" not in clause else None,
        review=review,
    )


def _duties(
    reader: Reader, no: str, clause: str, at: int, reading: Reading | None
) -> tuple[tuple[model.Group, ...], tuple[str, ...]]:
    """Return what the cells of bodies say, and what is doubtful in them."""
    if not clause:
        return (), ()
    try:
        read = grammar.read(clause, reader.places, reading or reader.reading)
    except BadPlan as error:
        reader.remark("unread-clause", at, f"{clause}\n{error.hint}", no, doubtful=True)
        return (), (f"unread-clause: {clause}",)
    review = []
    for note in read.notes:
        doubtful = note.rule == "named-twice" or _is_strange(reader, note)
        reader.remark(note.rule, at, note.words, no, doubtful)
        if doubtful:
            review.append(f"{note.rule}: {note.words}")
    named = tuple(
        model.Group.of(
            group.role,
            tuple(dict.fromkeys(reader.names.get(name, name) for name in group.names)),
            group.open_ended,
        )
        for group in read.duties
    )
    return named, tuple(dict.fromkeys(review))


def _is_strange(reader: Reader, note: Note) -> bool:
    return note.rule == "unlike-a-body" and note.words not in reader.names


def _take(page: Page, reader: Reader, area: Area, kind: str) -> str:
    reader.account.span(area.start, area.end, kind)
    reader.taken.add(area.start)
    return _words(page, area)


def _words(page: Page, area: Area) -> str:
    """Return a cell's words; lines are parted where each is a name of its own, else joined."""
    words = IGNORED.sub("", page.text[area.start : area.end])
    parts = [part.strip() for part in words.split("\v") if part.strip()]
    if len(parts) > 1 and all(agency_lists.looks_like(part.rstrip("、，,；;")) for part in parts):
        return "、".join(part.rstrip("、，,；;") for part in parts)
    return "".join(parts)
