"""How much a document may hold: what is more would fill the memory, and is refused before.

No work plan comes near.  Errors of this module are told as reasons why a file cannot be read.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from plancli.i18n import _

T = TypeVar("T")
TEXT = 32 << 20  # bytes of what is text as it stands: txt, html, md, csv, json
UNFOLDED = 512 << 20  # bytes of all parts of a packed file
PARTS = 10_000  # of a packed file
ELEMENTS = 4_000_000  # of a packed file's XML, or of a page of HTML
DEEPEST = 200  # elements within each other
PIECES = 1_000_000  # lines and cells; cells that are merged are counted one by one


class TooMuch(ValueError):
    """A document that is larger, or nests deeper, than any that is meant to be read."""


def text(size: int) -> None:
    """Refuse what is read as text, *size* bytes long, if that is too much."""
    if size > TEXT:
        raise TooMuch(_("it is larger than {n} MB").format(n=TEXT >> 20))


def counted(pieces: Iterable[T]) -> Iterator[T]:
    """Yield *pieces*, lines or cells, as long as they are no more than a document has."""
    for n, piece in enumerate(pieces, 1):
        lines(n)
        yield piece


def lines(count: int) -> None:
    """Refuse a document of *count* lines and cells, or letters set one by one, if too many."""
    if count > PIECES:
        raise TooMuch(_("it has more than {n:,} lines and cells").format(n=PIECES))


def elements(count: int) -> None:
    """Refuse a document of *count* elements, if they are too many."""
    if count > ELEMENTS:
        raise TooMuch(_("it has more than {n:,} elements").format(n=ELEMENTS))


def unfolded(size: int) -> None:
    """Refuse a document that unfolds to *size* bytes, if that is too much."""
    if size > UNFOLDED:
        raise TooMuch(_("it unfolds to more than can be read"))


def covered(count: int) -> None:
    """Refuse a document whose cells, those that are merged one by one, are *count*, if too many."""
    if count > PIECES:
        raise TooMuch(_("its cells cover more than {n:,}").format(n=PIECES))


def parts(data: bytes) -> None:
    """Refuse a packed file of too many parts, before so much as their names are read."""
    if data.count(b"PK\1\2") > PARTS:
        raise TooMuch(_("it has more than {n:,} parts").format(n=PARTS))


class XmlWatch:
    """Goes through the XML parts of one file before their reader does, and keeps nothing."""

    def __init__(self) -> None:
        self._elements = self._depth = 0

    def check(self, part: bytes) -> None:
        """Go through *part*.

        Errors: TooMuch where it is too large, or a trap for a reader; what expat raises.
        """
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator="}")  # as readers do
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.Parse(part, True)

    def _doctype(self, *_name: object) -> None:
        raise TooMuch(_("it declares names that stand for other text, which no office file does"))

    def _open(self, _name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        elements(self._elements)
        if self._depth > DEEPEST:
            raise TooMuch(_("nested too deeply"))

    def _close(self, _name: str) -> None:
        self._depth -= 1
