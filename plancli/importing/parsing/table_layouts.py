"""Find the columns of a table of tasks: what they are follows from headings and from contents.

A heading is evidence, not proof: the task is the widest column of text beside a column of agencies,
whatever it is called (实施路径, 民生实事, 数据集名称); a column whose cells are merged or repeated over
several of its cells is a section.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.importing.parsing import clause_finder, table_cells, table_columns
from plancli.importing.parsing.table_cells import TableGrid
from plancli.importing.parsing.table_columns import (
    AGENCY_COLUMNS,
    GOAL_HEADING,
    TASK_HEADING,
    UNIT_ALONE,
    UNIT_HEADING,
    classify_column,
    is_other_heading,
)
from plancli.importing.readers.page import SourceTable, SourceText
from plancli.plan import clause
from plancli.plan.clause_labels import find_leading_labels
from plancli.plan.clause_parser import LEAD_DECLARATION
from plancli.plan.model import LeadReason
from plancli.results.roles import Role

CLAUSE_LABELS = {"lead": "牵头单位", "own": "责任单位", "join": "配合单位"}
LABEL_ROLES = {"lead": Role.LEAD, "own": Role.PARTICIPATE, "join": Role.PARTICIPATE}
MAX_HEADER_ROW = 6  # the headings must be in one of the first rows
MIN_AGENCY_SHARE = 0.6  # of the cells of a column of agencies
MIN_TEXT_LENGTH = 3  # mean length of the cells of a task column
MIN_PLAIN_TEXT = 8  # the same in a table without headings
WIDE_TEXT = 20  # characters of a cell that matters although no rule knows its column


@dataclass(frozen=True, slots=True)
class TaskTableColumn:
    """A column: its kind, its heading as printed, and the label of its cells in a clause.

    Kinds: no, section, title, text, lead, own, join, split, deadline, person, "" for other cells.
    """

    kind: str
    heading: str
    label: str = ""


class TaskTableLayout(NamedTuple):
    """The headings of a table of tasks."""

    first: int  # the first and the last row of the headings
    last: int
    columns: tuple[TaskTableColumn, ...]
    headings: frozenset[str]  # texts in these rows
    reading: LeadReason | None  # why the agencies of a column lead without 牵头
    doubts: tuple[tuple[int, str], ...]  # offset and heading of columns that no rule knows


class _Content(NamedTuple):
    """What the cells below a heading are like."""

    runs: int  # cells with text; one that is merged or repeated over rows counts once
    length: float  # mean
    agencies: float  # shares of the cells: of surely agencies, of likely ones, of numbers
    likely: float
    numbers: float


def find_layout(page: SourceText, table: SourceTable) -> TaskTableLayout | None:
    """Return the headings of *table*, or None if it is not a table of tasks."""
    return _find_layout(page.text, table)


@lru_cache(maxsize=32)  # each table is looked at several times in one import
def _find_layout(text: str, table: SourceTable) -> TaskTableLayout | None:
    grid = TableGrid(text, table)
    for top in range(grid.first, min(grid.first + MAX_HEADER_ROW, grid.last)):
        row = grid.get_row(top)
        if not table_columns.may_be_headings(row):
            continue
        last, headings = table_columns.join_heading_rows(grid, top, row)
        width = max(n + 1 for n in range(grid.width) if row[n] or grid.get_cell(last, n))
        headings = headings[:width]  # cells to the right of the headings are left over
        contents = [_measure_column(grid, last + 1, n) for n in range(width)]
        chosen = _choose_kinds(grid, last, headings, contents)
        if chosen:
            kinds, doubts = chosen
            columns, reading = _label_columns(kinds, headings)
            texts = {
                cell.text
                for each in range(top, last + 1)
                for cell in grid.get_row(each)
                if cell and cell.text
            }
            return TaskTableLayout(top, last, columns, frozenset(texts), reading, doubts)
    return _find_layout_by_content(grid)


def _find_layout_by_content(grid: TableGrid) -> TaskTableLayout | None:
    """Return the layout of a table without headings: numbers, one column of text, one of agencies.

    It is in doubt.
    """
    contents = [_measure_column(grid, grid.first, n) for n in range(grid.width)]
    kinds = [
        "no"
        if each.numbers == 1
        else "own"
        if each.agencies >= MIN_AGENCY_SHARE
        else "text"
        if each.length >= MIN_PLAIN_TEXT
        else ""
        for each in contents
    ]
    start = grid.get_cell(grid.first, grid.width - 1)
    if sorted(kinds) != ["no", "own", "text"] or not start or contents[0].runs < 2:
        return None
    columns, reading = _label_columns(kinds, [""] * grid.width)
    at, words = start.start, start.text
    return TaskTableLayout(
        grid.first, grid.first - 1, columns, frozenset(), reading, ((at, words),)
    )


def _measure_column(grid: TableGrid, start: int, column: int) -> _Content:
    cells = []
    for row in range(start, grid.last):
        cell = grid.get_cell(row, column)
        if cell and cell.text and cell.columns < max(2, grid.width - 1):
            cells.append(cell)
    texts = [
        text
        for text, _same in groupby(cell.text for cell in dict.fromkeys(cells))
        if not table_cells.is_empty(text)
    ]
    count = len(texts)
    if not count:
        return _Content(0, 0, 0, 0, 0)
    return _Content(
        count,
        sum(map(len, texts)) / count,
        sum(map(table_cells.is_agency_list, texts)) / count,
        sum(map(table_cells.is_name_list, texts)) / count,
        sum(map(table_cells.is_number, texts)) / count,
    )


def _choose_kinds(
    grid: TableGrid, last: int, headings: Sequence[str], contents: Sequence[_Content]
) -> tuple[list[str], tuple[tuple[int, str], ...]] | None:
    """Return the kind of each column, and the columns in doubt; None without tasks."""
    kinds = [classify_column(heading) for heading in headings]
    _correct_kinds(kinds, contents)
    doubtful: set[int] = set()
    has_evidence = bool({"no", "text", "section"} & set(kinds))
    names_tasks = any(TASK_HEADING.fullmatch(heading) for heading in headings)
    agencies = [n for n, kind in enumerate(kinds) if kind in AGENCY_COLUMNS]
    if not agencies:
        agencies = [
            n
            for n, content in enumerate(contents)
            if kinds[n] in ("", "person")
            and content.agencies >= MIN_AGENCY_SHARE
            and (kinds[n] == "person" or UNIT_HEADING.fullmatch(headings[n]))
        ][:1]
        are_several = bool(agencies) and contents[agencies[0]].runs > 1
        is_alone = bool(agencies) and UNIT_ALONE.fullmatch(headings[agencies[0]])
        has_text = any(content.length > WIDE_TEXT for content in contents)
        if agencies and (
            has_evidence or (are_several and (names_tasks or (is_alone and has_text)))
        ):
            doubtful |= {n for n in agencies if not kinds[n]}
            kinds[agencies[0]] = "own"
        elif not _has_clauses(grid, last + 1, kinds):
            return None
    elif not has_evidence and not any(
        contents[n].runs > 1 and contents[n].likely >= MIN_AGENCY_SHARE for n in agencies
    ):
        return None
    main = _choose_text_column(headings, kinds, contents, doubtful)
    if main is None:
        return None
    is_named, following = kinds[main] == "text", main
    for n, kind in reversed(list(enumerate(kinds))):
        if n < main and kind in ("text", "") and not is_other_heading(headings[n]):
            kinds[n] = _classify_title(headings[n], kind, contents[n], contents[main], is_named)
            if kinds[n] == "title" and not _are_adjacent(grid, last + 1, n, following):
                kinds[n] = "section"
            following = n if kinds[n] == "title" else following
        elif n != main and kind == "text":
            kinds[n] = ""
    kinds[main] = "text"
    for n, content in enumerate(contents):
        if kinds[n] == "" and not is_other_heading(headings[n]) and headings[n]:
            is_wide = content.length > max(WIDE_TEXT, 2 * contents[main].length)
            if is_wide or content.agencies >= MIN_AGENCY_SHARE:
                doubtful.add(n)
    row = grid.get_row(last)
    at = [cell.start if cell else 0 for cell in row]
    return kinds, tuple((at[n], headings[n]) for n in sorted(doubtful))


def _classify_title(
    heading: str, kind: str, content: _Content, main: _Content, is_named: bool
) -> str:
    """Return the kind of a column left of the tasks: section, title, or "" for other cells.

    Cells below a known heading (项目名称 beside 建设内容), or that hold for several tasks, are titles of
    sections; below an unknown one, if each task has its own, they are the beginning of its text.
    """
    if kind == "text" or 0 < content.runs < main.runs:
        return "section"
    has_names = content.runs and heading and content.agencies < MIN_AGENCY_SHARE
    if not has_names or content.numbers > 0.5:
        return ""
    is_title = not is_named or TASK_HEADING.fullmatch(heading)
    return "title" if is_title else ""


def _are_adjacent(grid: TableGrid, start: int, left: int, right: int) -> bool:
    """Return whether nothing is between the cells of two columns in the source text.

    In a form a label is between them.
    """
    for row in range(start, grid.last):
        cell, following = grid.get_cell(row, left), grid.get_cell(row, right)
        if cell and following and cell.text and following.text:
            return not grid.text[cell.end : following.start].strip()
    return False


def _correct_kinds(kinds: list[str], contents: Sequence[_Content]) -> None:
    """Correct kinds that the contents contradict."""
    for n, content in enumerate(contents):
        if kinds[n] == "" and n < 2 and "no" not in kinds and content.numbers > 0.8:
            kinds[n] = "no"
        is_text = content.runs > 1 and content.length > WIDE_TEXT and content.agencies < 0.2
        if kinds[n] == "own" and is_text and (kinds.count("own") > 1 or "lead" in kinds):
            kinds[n] = ""


def _choose_text_column(
    headings: Sequence[str],
    kinds: Sequence[str],
    contents: Sequence[_Content],
    doubtful: set[int],
) -> int | None:
    """Return the column of the tasks, and add it to *doubtful* if another one may be it."""
    named = [n for n, kind in enumerate(kinds) if kind == "text" and contents[n].runs]
    named = named or [n for n, kind in enumerate(kinds) if kind == "text"]
    unknown = [
        n
        for n, kind in enumerate(kinds)
        if kind == ""
        and headings[n]
        and contents[n].length >= MIN_TEXT_LENGTH
        and contents[n].agencies < MIN_AGENCY_SHARE
        and contents[n].numbers < 0.5
    ]
    free = [n for n in unknown if not is_other_heading(headings[n])]
    rows = max(
        (
            contents[n].runs
            for n, kind in enumerate(kinds)
            if kind == "no" or kind in AGENCY_COLUMNS
        ),
        default=0,
    )
    if named:
        main = named[-1]
        for others in (free, [n for n in unknown if GOAL_HEADING.fullmatch(headings[n])]):
            finer = [n for n in others if n > main and contents[n].runs >= rows]
            if contents[main].runs < rows and finer:
                return max(finer, key=lambda n: contents[n].length)
        return main
    if free:
        most = max(contents[n].runs for n in free)
        finest = [n for n in free if contents[n].runs >= most * 0.9]
        by_length = sorted(finest, key=lambda n: -contents[n].length)
        main = by_length[0]
        if len(by_length) > 1 and contents[by_length[1]].length * 2 > contents[main].length > 8:
            doubtful.add(main)
        return main
    sections = [n for n, kind in enumerate(kinds) if kind == "section"]
    goals = [n for n in unknown if GOAL_HEADING.fullmatch(headings[n])]
    if goals and contents[goals[-1]].runs >= rows:
        return goals[-1]
    return next(reversed(sections or goals), None)


def _has_clauses(grid: TableGrid, start: int, kinds: Sequence[str]) -> bool:
    """Return whether most cells of a task column end with a clause."""
    texts = [n for n, kind in enumerate(kinds) if kind == "text"]
    cells = {
        cell
        for row in range(start, grid.last)
        for n in texts[-1:]
        if (cell := grid.get_cell(row, n)) and cell.text
    }
    found = sum(
        any(each.parsed and each.parsed.duties for each in clause_finder.iter_clauses(c.text, ()))
        for c in cells
    )
    return bool(cells) and found * 2 >= len(cells)


def _label_columns(
    kinds: Sequence[str], headings: Sequence[str]
) -> tuple[tuple[TaskTableColumn, ...], LeadReason | None]:
    """Return the columns with their labels in a clause, and why one leads without 牵头."""
    own = [n for n, kind in enumerate(kinds) if kind in AGENCY_COLUMNS]
    leads = {own[n] for n in find_leading_labels([headings[n] for n in own])}
    reading = LeadReason.COLUMNS if leads and "lead" not in kinds else None
    if any(LEAD_DECLARATION.search(heading) for heading in headings):
        reading = LeadReason.FIRST
    columns = []
    for n, (kind, heading) in enumerate(zip(kinds, headings, strict=True)):
        column = TaskTableColumn(kind, heading)
        if kind in LABEL_ROLES:
            role = Role.LEAD if n in leads or kind == "lead" else LABEL_ROLES[kind]
            default = CLAUSE_LABELS[kind]
            if reading is LeadReason.COLUMNS and kind == "own" and n not in leads:
                default = "参与单位"
            label = next(
                (each for each in (heading, default) if _get_label_role(each, reading) is role),
                default,
            )
            column = replace(column, label=label)
        elif kind == "split" and "分工" not in heading:
            column = replace(column, label=heading)
        columns.append(column)
    return tuple(columns), reading


@lru_cache(maxsize=1024)
def _get_label_role(label: str, reading: LeadReason | None) -> Role | None:
    """Return the role that the clause grammar gives to an agency after *label*."""
    reading = reading if reading is LeadReason.COLUMNS else None
    try:
        groups = clause.parse_duties(f"{label}：县教育局", (), reading)
    except BadPlan:
        return None
    return groups[0].role if len(groups) == 1 and groups[0].names == ("县教育局",) else None


def iter_interior_headings(grid: TableGrid, layout: TaskTableLayout) -> Iterator[int]:
    """Yield the rows below the headings of *layout* that are headings of other columns."""
    for row in range(layout.last + 1, grid.last):
        cells = grid.get_row(row)
        if table_columns.is_heading_row(cells) and not layout.headings.issuperset(
            cell.text for cell in cells if cell and cell.text
        ):
            yield row
