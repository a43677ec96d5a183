"""How far a long answer has been written, on standard error, where a person looks at it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from plancli.document import Document, Table
from plancli.result import Row


@contextmanager
def watched(document: Document, said: str) -> Iterator[Document]:
    """Give *document* with a bar that moves as its rows are gone through."""
    results = [table.result for table in (*document.tables, *document.sheets)]
    total = sum(len(result.rows) for result in results)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(said, total=total)

        def ticking(rows: Collection[Row]) -> Iterator[Row]:
            for row in rows:
                bar.advance(task)
                yield row

        def watched(tables: tuple[Table, ...]) -> tuple[Table, ...]:
            return tuple(each._replace(result=each.result.through(ticking)) for each in tables)

        yield document._replace(tables=watched(document.tables), sheets=watched(document.sheets))
