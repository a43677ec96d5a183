"""What lies between asking and showing: a table that knows neither SQL nor formats."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

ResultCell = str | int | float | bool | tuple[str, ...] | None
ResultRow = tuple[ResultCell, ...]


class LazyRows(Collection[ResultRow]):
    """Rows made anew each time they are gone through, so that a long answer is never all held."""

    def __init__(self, make: Callable[[], Iterator[ResultRow]], count: Callable[[], int]) -> None:
        self._make, self._count = make, count

    def __iter__(self) -> Iterator[ResultRow]:
        return self._make()

    def __len__(self) -> int:
        return self._count()

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)


class Result(NamedTuple):
    """An answer: what it is about, the fields' names, and the rows, in the plan's order."""

    title: str
    columns: tuple[str, ...]
    rows: Collection[ResultRow]
    several: bool = False  # of several plans: each row shows which is its own

    def column(self, name: str) -> list[ResultCell]:
        """Return the cells of the column *name*."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def records(self) -> Iterator[dict[str, ResultCell]]:
        """Yield each row as field -> cell."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def drop_private_columns(self) -> "Result":
        """Return the answer without the columns that are only for drawing."""
        return self.select_columns(*(name for name in self.columns if not name.startswith("_")))

    def select_columns(self, *columns: str) -> "Result":
        """Return the answer with these of its columns."""
        at = [self.columns.index(name) for name in columns]
        rows = self.transform_rows(lambda each: (tuple(row[n] for n in at) for row in each))
        return rows._replace(columns=columns)

    def transform_rows(
        self, change: Callable[[Collection[ResultRow]], Iterator[ResultRow]]
    ) -> "Result":
        """Return the answer with its rows gone through *change*, each time they are asked for."""
        return self._replace(rows=LazyRows(lambda: change(self.rows), lambda: len(self.rows)))


def to_int(cell: ResultCell) -> int:
    """Return the whole number that a cell holds."""
    return int(str(cell))


def to_names(cell: ResultCell) -> tuple[str, ...]:
    """Return the names that a cell holds; none where it holds no names."""
    return cell if isinstance(cell, tuple) else ()
