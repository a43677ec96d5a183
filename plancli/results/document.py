"""Define the document that a format writes: an answer's tables, title and notes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plancli.results.table import Result

if TYPE_CHECKING:
    from plancli.results.charts import Chart  # most answers have no chart

FlatRowLoader = Callable[[Sequence[int]], list[dict[str, Any]]]
ALL_TASKS = "全部任务"  # name of the table of tasks with all columns


class AnswerTable(NamedTuple):
    """A named table of a document: a sheet of a workbook, a headed table of a page.

    ``widths``: of its columns in cells, where they do not follow the content; ``headers``: column
    headings, where they are not field names; ``data``: the rows for programs, where people read
    others.
    """

    name: str
    result: Result
    widths: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    data: Result | None = None


class Document(NamedTuple):
    """An answer in full.

    ``tables``: the answer, in one table or several. ``extra_tables`` returns the same tasks in
    other orders and counted, for formats that have room for them; it is called only by these.
    ``notes``: the criteria and the source of the text, one line each.
    """

    tables: tuple[AnswerTable, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    extra_tables: Callable[[], tuple[AnswerTable, ...]] = tuple
    plans: Result | None = None  # the plans of the tasks
    # Every list and section, with the number of tasks in it.
    section_counts: Result | None = None
    tasks: Result | None = None  # the tasks of the answer, in the plans' order
    empty_columns: frozenset[str] = frozenset()  # fields without content in any task
    chart: "Chart | None" = None  # the answer's chart, where it has one
    # Loads the rows of tasks for data engines, by their ids.
    flat_rows: Callable[[], FlatRowLoader] | None = None

    @property
    def main_result(self) -> Result:
        """The table that machine formats write."""
        return self.tables[0].result


def make_document(result: Result, name: str = "") -> Document:
    """Return a document of *result* only."""
    return Document((AnswerTable(name, result),), name)
