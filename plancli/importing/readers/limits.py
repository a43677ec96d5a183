"""Limits on the size of a document, checked before it fills the memory.

No work plan comes near them.  The errors are shown as reasons why a file cannot be read.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from plancli.i18n import _

T = TypeVar("T")
MAX_TEXT_BYTES = 32 << 20  # of a text file: txt, html, md, csv, json
MAX_UNPACKED_BYTES = 512 << 20  # of all parts of a zip file
MAX_PARTS = 10_000  # of a zip file
MAX_ELEMENTS = 4_000_000  # in the XML of a zip file, or in an HTML page
MAX_DEPTH = 200  # nested elements
MAX_LINES_AND_CELLS = 1_000_000  # merged cells are counted one by one


class LimitExceeded(ValueError):
    """Raised for a document that is too large or too deeply nested."""


def check_text_size(size: int) -> None:
    """Raise LimitExceeded if *size*, the bytes of a text, is too large."""
    if size > MAX_TEXT_BYTES:
        raise LimitExceeded(_("it is larger than {n} MB").format(n=MAX_TEXT_BYTES >> 20))


def iter_limited(pieces: Iterable[T]) -> Iterator[T]:
    """Yield *pieces*, lines or cells; raise LimitExceeded if there are too many."""
    for n, piece in enumerate(pieces, 1):
        check_line_count(n)
        yield piece


def check_line_count(count: int) -> None:
    """Raise LimitExceeded if *count*, of lines and cells, is too large."""
    if count > MAX_LINES_AND_CELLS:
        raise LimitExceeded(
            _("it has more than {n:,} lines and cells").format(n=MAX_LINES_AND_CELLS)
        )


def check_elements(count: int) -> None:
    """Raise LimitExceeded if *count*, of elements, is too large."""
    if count > MAX_ELEMENTS:
        raise LimitExceeded(_("it has more than {n:,} elements").format(n=MAX_ELEMENTS))


def check_unpacked_size(size: int) -> None:
    """Raise LimitExceeded if *size*, the bytes of a document when unpacked, is too large."""
    if size > MAX_UNPACKED_BYTES:
        raise LimitExceeded(_("it is too large when unpacked"))


def check_cells(count: int) -> None:
    """Raise LimitExceeded if *count*, of cells with merged ones counted one by one, is too large."""
    if count > MAX_LINES_AND_CELLS:
        raise LimitExceeded(_("its cells cover more than {n:,}").format(n=MAX_LINES_AND_CELLS))


def check_zip(data: bytes) -> None:
    """Raise LimitExceeded if a zip file has too many parts, before their names are read."""
    if data.count(b"PK\1\2") > MAX_PARTS:
        raise LimitExceeded(_("it has more than {n:,} parts").format(n=MAX_PARTS))


class XmlLimitChecker:
    """Checks the XML parts of one file before they are parsed, without keeping anything."""

    def __init__(self) -> None:
        self._elements = self._depth = 0

    def check(self, part: bytes) -> None:
        """Check *part*.

        Errors: LimitExceeded if it is too large, or declares entities; expat.ExpatError.
        """
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator="}")  # as ElementTree does
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
