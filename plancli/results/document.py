"""An answer as it leaves: its tables, and what a file that stands by itself says around them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plancli.results.table import Result

if TYPE_CHECKING:
    from plancli.results.charts import Chart  # most answers have none

FlatRowLoader = Callable[[Sequence[int]], list[dict[str, Any]]]
ALL_TASKS = "全部任务"  # the table of tasks, with every column


class AnswerTable(NamedTuple):
    """A table of a document, and what it is called: a workbook's sheet, a heading.

    ``widths``: of its columns, in cells, where they are not as wide as their words; ``above``:
    what stands above them, where they are no fields; ``data``: the rows as programs read them,
    where people read others.
    """

    name: str
    result: Result
    widths: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    data: Result | None = None


class Document(NamedTuple):
    """An answer in full.

    ``tables``: the answer, in one table or several.  ``sheets`` gives the same tasks in other
    orders and counted, for formats that have room for them; they are asked for only then.
    ``notes``: what was asked, and where the words are from, a line each.
    """

    tables: tuple[AnswerTable, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    extra_tables: Callable[[], tuple[AnswerTable, ...]] = tuple
    plans: Result | None = None  # whose tasks they are
    section_counts: Result | None = (
        None  # every list and section, with how many of the tasks stand in it
    )
    tasks: Result | None = None  # that the answer is about, in the plans' order
    empty_columns: frozenset[str] = frozenset()  # fields that no task has anything in
    chart: "Chart | None" = None  # of the answer, where it can be drawn
    flat_rows: Callable[[], FlatRowLoader] | None = (
        None  # what gives tasks' rows for engines, by their ids
    )

    @property
    def main_result(self) -> Result:
        """The table that formats for programs give."""
        return self.tables[0].result


def make_document(result: Result, name: str = "") -> Document:
    """Return *result* as a document that says nothing else."""
    return Document((AnswerTable(name, result),), name)
