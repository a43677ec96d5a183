"""The whole answer to a question, as the command line and ``plancli.api`` both return it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from plancli.results.document import Document
from plancli.results.table import Result, ResultCell


class View(NamedTuple):
    """What a terminal draws of an answer: data only.

    ``kind`` names a function of ``plancli.output.terminal.views``, to which ``details`` are the
    keyword arguments.
    """

    kind: str
    result: Result
    details: Mapping[str, Any] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no rows, and no other tables."""
        return not self.result.rows and not self.details


class Answer(NamedTuple):
    """Rows, and what a person should know about them, a sentence each.

    ``view`` is what a terminal draws; ``document`` makes a file that stands by itself.
    """

    result: Result
    opening_notes: tuple[str, ...] = ()  # read before the rows
    load_row_notes: Callable[[], tuple[str, ...]] = tuple  # what only other tables hold
    closing_notes: tuple[str, ...] = ()  # read after the rows
    view: View | None = None
    document: Callable[[], Document] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Every note, each once."""
        notes = (*self.opening_notes, *self.load_row_notes(), *self.closing_notes)
        return tuple(dict.fromkeys(notes))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield each row as ``-f json`` gives it."""
        for record in self.result.drop_private_columns().records():
            yield {name: _to_plain_value(cell) for name, cell in record.items()}


def _to_plain_value(cell: ResultCell) -> Any:
    return list(cell) if isinstance(cell, tuple) else cell
