"""Show the progress of long work on standard error, on a terminal only."""

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import Progress, track

from plancli.results.document import AnswerTable, Document, FlatRowLoader
from plancli.results.table import ResultRow

T = TypeVar("T")


def iter_with_progress(steps: Iterable[T], total: int, label: str) -> Generator[T, None, None]:
    """Yield *steps*, *total* in number, with a progress bar on a terminal."""
    console = Console(stderr=True)
    # otherwise no thread is started, which might receive a signal of the main thread
    if console.is_terminal:
        steps = track(steps, label, total, console=console, transient=True)
    yield from steps


@contextmanager
def with_row_progress(document: Document, label: str) -> Iterator[Document]:
    """Provide *document* with a progress bar that counts rows as they are read."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=_count_rows(document.tables))

        def iter_rows(rows: Collection[ResultRow]) -> Iterator[ResultRow]:
            for row in rows:
                bar.advance(task)
                yield row

        def wrap_tables(tables: tuple[AnswerTable, ...]) -> tuple[AnswerTable, ...]:
            return tuple(
                each._replace(result=each.result.transform_rows(iter_rows)) for each in tables
            )

        def build_extra_tables() -> tuple[AnswerTable, ...]:
            more = document.extra_tables()
            bar.update(task, total=_count_rows((*document.tables, *more)))
            return wrap_tables(more)

        yield document._replace(
            tables=wrap_tables(document.tables),
            extra_tables=build_extra_tables,
            tasks=document.tasks and document.tasks.transform_rows(iter_rows),
        )


@contextmanager
def with_task_progress(document: Document, label: str) -> Iterator[Document]:
    """Provide *document* with a progress bar that counts tasks as their flat rows are read."""
    open_rows = document.flat_rows
    if open_rows is None:
        yield document
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=len(document.main_result.rows))

        def open_flat_rows() -> FlatRowLoader:
            rows = open_rows()

            def load_flat_rows(tasks: Sequence[int]) -> list[dict[str, Any]]:
                bar.advance(task, len(tasks))
                return rows(tasks)

            return load_flat_rows

        yield document._replace(flat_rows=open_flat_rows)


def _count_rows(tables: tuple[AnswerTable, ...]) -> int:
    return sum(len(table.result.rows) for table in tables)
