"""How far a long work has come, on standard error, where a person looks at it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import Progress, track

from plancli.results.document import Document, Flat, Table
from plancli.results.table import Row

T = TypeVar("T")


def tracked(steps: Iterable[T], total: int, said: str) -> Iterator[T]:
    """Yield *steps*, of which there are *total*; a bar moves where standard error is looked at."""
    console = Console(stderr=True)
    if console.is_terminal:  # else no thread is begun, which may hear what is meant for this one
        steps = track(steps, said, total, console=console, transient=True)
    yield from steps


@contextmanager
def watched(document: Document, said: str) -> Iterator[Document]:
    """Give *document* with a bar that moves as its rows are gone through."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(said, total=_rows(document.tables))

        def ticking(rows: Collection[Row]) -> Iterator[Row]:
            for row in rows:
                bar.advance(task)
                yield row

        def watched(tables: tuple[Table, ...]) -> tuple[Table, ...]:
            return tuple(each._replace(result=each.result.through(ticking)) for each in tables)

        def sheets() -> tuple[Table, ...]:
            more = document.sheets()
            bar.update(task, total=_rows((*document.tables, *more)))
            return watched(more)

        yield document._replace(
            tables=watched(document.tables),
            sheets=sheets,
            tasks=document.tasks and document.tasks.through(ticking),
        )


@contextmanager
def parted(document: Document, said: str) -> Iterator[Document]:
    """Give *document* with a bar that moves as what is told of its tasks is gone through."""
    told = document.flat
    if told is None:
        yield document
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(said, total=len(document.answer.rows))

        def flat() -> Flat:
            rows = told()

            def ticking(tasks: Sequence[int]) -> list[dict[str, Any]]:
                bar.advance(task, len(tasks))
                return rows(tasks)

            return ticking

        yield document._replace(flat=flat)


def _rows(tables: tuple[Table, ...]) -> int:
    return sum(len(table.result.rows) for table in tables)
