"""Numbers in the plan's text: quantitative targets and other numbers."""

import sqlite3

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import TASK_FIELDS
from plancli.results.table import Result, ResultRow, to_names

TARGETS = f"""
SELECT number.value, number.unit, number.kind, number.text AS words,
       number.context AS target, {TASK_FIELDS}
  FROM task_row AS task
  JOIN number ON number.task_id = task.id
 WHERE {{where}}
 ORDER BY task.id, number.ord
"""
FIGURES = """
SELECT detail.value, detail.unit, 'figure' AS kind,
       detail.value || detail.unit AS words, detail.name AS target,
       plan.key AS plan, '' AS no, list.title AS list, '' AS section, list.text AS text,
       '' AS clause, NULL AS lead, NULL AS participate, 0 AS open_ended, NULL AS regions, NULL AS parts,
       NULL AS _lead, NULL AS _participate, '' AS _printed, list.no AS _list_no,
       '' AS _section_no, '' AS _deadline, NULL AS _task
  FROM detail
  JOIN list ON list.id = detail.list_id
  JOIN plan ON plan.id = list.plan_id
 WHERE detail.kind = 'figure' AND {where}
 ORDER BY detail.id
"""


def select_targets(
    db: sqlite3.Connection, where: Filter = EVERY_TASK, *, every: bool = False
) -> Result:
    """Return the quantitative targets of the tasks, each with its task.

    ``kind`` is target; with *every*, also year, ordinal, named (part of a name) and present
    (existing, or a condition).  ``words``: the number as printed; ``target``: the text around it.
    """
    kind_filter = EVERY_TASK if every else Filter("number.kind = 'target'")
    return select(db, TARGETS, where & kind_filter)


def select_figures(db: sqlite3.Connection, plans: Filter = EVERY_TASK) -> Result:
    """Return the totals of lists without tasks, in the columns of ``select_targets``.

    ``target`` is the part of the list's text that contains the total, else the name of the total.
    """
    from plancli.text.quantities import find_numbers  # compiles its patterns: not at every start

    found = select(db, FIGURES, plans.plan_filter)
    indexes = [found.columns.index(name) for name in ("words", "target", "text")]

    def add_context(row: ResultRow) -> ResultRow:
        (words,), name, text = to_names(row[indexes[0]]), row[indexes[1]], str(row[indexes[2]])
        context = next((each.context for each in find_numbers(text) if each.text == words), name)
        return (*row[: indexes[1]], context, *row[indexes[1] + 1 :])

    return found.transform_rows(lambda rows: map(add_context, rows))
