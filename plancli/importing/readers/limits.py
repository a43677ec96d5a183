"""How much a document may hold: what is more would fill the memory, and is refused before.

No work plan comes near.  Errors of this module are told as reasons why a file cannot be read.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from plancli.i18n import _

T = TypeVar("T")
MAX_TEXT_BYTES = 32 << 20  # bytes of what is text as it stands: txt, html, md, csv, json
MAX_UNPACKED_BYTES = 512 << 20  # bytes of all parts of a packed file
MAX_PARTS = 10_000  # of a packed file
MAX_ELEMENTS = 4_000_000  # of a packed file's XML, or of a page of HTML
MAX_DEPTH = 200  # elements within each other
MAX_LINES_AND_CELLS = 1_000_000  # lines and cells; cells that are merged are counted one by one


class LimitExceeded(ValueError):
    """A document that is larger, or nests deeper, than any that is meant to be read."""


def check_text_size(size: int) -> None:
    """Refuse what is read as text, *size* bytes long, if that is too much."""
    if size > MAX_TEXT_BYTES:
        raise LimitExceeded(_("it is larger than {n} MB").format(n=MAX_TEXT_BYTES >> 20))


def iter_limited(pieces: Iterable[T]) -> Iterator[T]:
    """Yield *pieces*, lines or cells, as long as they are no more than a document has."""
    for n, piece in enumerate(pieces, 1):
        check_line_count(n)
        yield piece


def check_line_count(count: int) -> None:
    """Refuse a document of *count* lines and cells, or letters set one by one, if too many."""
    if count > MAX_LINES_AND_CELLS:
        raise LimitExceeded(
            _("it has more than {n:,} lines and cells").format(n=MAX_LINES_AND_CELLS)
        )


def check_elements(count: int) -> None:
    """Refuse a document of *count* elements, if they are too many."""
    if count > MAX_ELEMENTS:
        raise LimitExceeded(_("it has more than {n:,} elements").format(n=MAX_ELEMENTS))


def check_unpacked_size(size: int) -> None:
    """Refuse a document that unfolds to *size* bytes, if that is too much."""
    if size > MAX_UNPACKED_BYTES:
        raise LimitExceeded(_("it is too large when unpacked"))


def check_cells(count: int) -> None:
    """Refuse a document whose cells, those that are merged one by one, are *count*, if too many."""
    if count > MAX_LINES_AND_CELLS:
        raise LimitExceeded(_("its cells cover more than {n:,}").format(n=MAX_LINES_AND_CELLS))


def check_zip(data: bytes) -> None:
    """Refuse a packed file of too many parts, before so much as their names are read."""
    if data.count(b"PK\1\2") > MAX_PARTS:
        raise LimitExceeded(_("it has more than {n:,} parts").format(n=MAX_PARTS))


class XmlLimitChecker:
    """Goes through the XML parts of one file before their reader does, and keeps nothing."""

    def __init__(self) -> None:
        self._elements = self._depth = 0

    def check(self, part: bytes) -> None:
        """Go through *part*.

        Errors: TooMuch where it is too large, or a trap for a reader; what expat raises.
        """
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator="}")  # as readers do
        parser.StartDoctypeDeclHandler = self._reject_doctype
        parser.StartElementHandler = self._handle_start
        parser.EndElementHandler = self._handle_end
        parser.Parse(part, True)

    def _reject_doctype(self, *_name: object) -> None:
        raise LimitExceeded(_("it declares XML entities, which no office file does"))

    def _handle_start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        check_elements(self._elements)
        if self._depth > MAX_DEPTH:
            raise LimitExceeded(_("nested too deeply"))

    def _handle_end(self, _name: str) -> None:
        self._depth -= 1
