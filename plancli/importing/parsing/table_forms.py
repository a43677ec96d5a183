"""Arrange forms as tables: rows of a label and its value (任务名称 ｜ … / 责任单位 ｜ …) for one task.

The labels become headings, and the values of each form a row below them.
"""

import re
from collections.abc import Sequence

from plancli.importing.parsing import table_columns
from plancli.importing.parsing.table_cells import GridCell, TableGrid
from plancli.importing.parsing.table_columns import AGENCY_COLUMNS, classify_column
from plancli.importing.readers.page import SourceCell, SourceLine, SourceTable, SourceText

MAX_LABEL_LENGTH = 12  # characters
NO_LABEL = re.compile("[。；，：、\\d]")

FormFields = list[tuple[GridCell, GridCell]]  # labels and values


def arrange_form(page: SourceText, table: SourceTable) -> list[SourceLine | SourceTable] | None:
    """Return *table* as a table with headings, below the titles above its forms; None if it is none."""
    titles: list[SourceLine | SourceTable] = []
    forms: list[FormFields] = []
    for row in TableGrid(page.text, table).iter_rows():
        cells = [cell for cell in dict.fromkeys(row) if cell]
        filled = [cell for cell in cells if cell.text]
        if not filled:
            continue
        if len(cells) == 1 and not forms:
            titles.append(SourceLine(cells[0].start, cells[0].end))
            continue
        fields = list(zip(cells[::2], cells[1::2], strict=False))
        if len(cells) % 2 or not all(_is_field(*field) for field in fields):
            return None
        for label, value in fields:
            if not forms or label.text in [known.text for known, _value in forms[-1]]:
                forms.append([])
            forms[-1].append((label, value))
    if not forms or not all(map(_is_form, forms)):
        return None
    heads = [label.text for label, _value in forms[0]]
    if any([label.text for label, _value in form] != heads for form in forms):
        return None
    return [*titles, SourceTable(tuple(_build_cells(forms)))]


def _is_field(label: GridCell, value: GridCell) -> bool:
    is_label = 0 < len(label.text) <= MAX_LABEL_LENGTH and not NO_LABEL.search(label.text)
    return is_label and not classify_column(value.text)


def _is_form(form: FormFields) -> bool:
    """Return whether a form has a task, and agencies for it, and its other labels are known."""
    labels = [label.text for label, _value in form]
    kinds = [classify_column(text) for text in labels]
    known = sum(
        bool(kind) or _is_task_label(text) or table_columns.is_other_heading(text)
        for kind, text in zip(kinds, labels, strict=True)
    )
    return (
        any(kind == "text" or _is_task_label(t) for kind, t in zip(kinds, labels, strict=True))
        and not AGENCY_COLUMNS.isdisjoint(kinds)
        and known * 2 > len(labels)
    )


def _is_task_label(text: str) -> bool:
    return bool(table_columns.TASK_HEADING.fullmatch(text))


def _build_cells(forms: Sequence[FormFields]) -> list[SourceCell]:
    """Return the cells of the forms: for each, a row of headings and a row of values."""
    return [
        SourceCell(cell.start, cell.end, 2 * n + part, column)
        for n, form in enumerate(forms)
        for part in (0, 1)
        for column, field in enumerate(form)
        for cell in (field[part],)
    ]
