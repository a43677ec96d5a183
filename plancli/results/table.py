"""Define the table that queries return and outputs show; it knows neither SQL nor formats."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

ResultCell = str | int | float | bool | tuple[str, ...] | None
ResultRow = tuple[ResultCell, ...]


class LazyRows(Collection[ResultRow]):
    """Rows that are produced again on each iteration, so that long answers need little memory."""

    def __init__(self, make: Callable[[], Iterator[ResultRow]], count: Callable[[], int]) -> None:
        self._make, self._count = make, count

    def __iter__(self) -> Iterator[ResultRow]:
        return self._make()

    def __len__(self) -> int:
        return self._count()

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)


class Result(NamedTuple):
    """An answer: title, field names, and rows in the plan's order."""

    title: str
    columns: tuple[str, ...]
    rows: Collection[ResultRow]
    several: bool = False  # from several plans: show the plan of each row

    def column(self, name: str) -> list[ResultCell]:
        """Return the cells of the column *name*."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def records(self) -> Iterator[dict[str, ResultCell]]:
        """Yield each row as field -> cell."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def drop_private_columns(self) -> "Result":
        """Return the result without the columns that only the terminal uses."""
        return self.select_columns(*(name for name in self.columns if not name.startswith("_")))

    def select_columns(self, *columns: str) -> "Result":
        """Return the result with these columns."""
        at = [self.columns.index(name) for name in columns]
        rows = self.transform_rows(lambda each: (tuple(row[n] for n in at) for row in each))
        return rows._replace(columns=columns)

    def transform_rows(
        self, change: Callable[[Collection[ResultRow]], Iterator[ResultRow]]
    ) -> "Result":
        """Return the result with its rows passed through *change* on each iteration."""
        return self._replace(rows=LazyRows(lambda: change(self.rows), lambda: len(self.rows)))


def to_int(cell: ResultCell) -> int:
    """Return the integer in a cell."""
    return int(str(cell))


def to_names(cell: ResultCell) -> tuple[str, ...]:
    """Return the names in a cell; () where it holds none."""
    return cell if isinstance(cell, tuple) else ()
