"""How much a document may hold: what is more would fill the memory, and is refused before.

No work plan comes near.  Errors of this module are told as reasons why a file cannot be read.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TypeVar
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from plancli.lang import _

T = TypeVar("T")
TEXT = 32 << 20  # bytes of what is text as it stands: txt, html, md, csv, json
UNFOLDED = 512 << 20  # bytes of all parts of a packed file
PARTS = 10_000  # of a packed file
ELEMENTS = 4_000_000  # of a packed file's XML, or of a page of HTML
DEEPEST = 200  # elements within each other
PIECES = 1_000_000  # lines and cells; cells that are merged are counted one by one
COVERING = frozenset({"mergeCell", "hyperlink", "comment"})  # openpyxl makes each cell of theirs
XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # what a part of XML begins with


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


def packed(data: bytes) -> list[str]:
    """Return the names of the parts of a Word or Excel file, gone through as they will be read.

    Errors: TooMuch where they are too many, too large, or traps for a reader; what ``zipfile`` and
        expat raise.
    """
    if data.count(b"PK\1\2") > PARTS:  # before so much as their names are read
        raise TooMuch(_("it has more than {n:,} parts").format(n=PARTS))
    with ZipFile(BytesIO(data)) as file:
        parts = file.infolist()
        unfolded(sum(each.file_size for each in parts))  # none gives more than it says
        _Watch().over(file, parts)
    return [each.filename for each in parts]


class _Watch:
    """Goes through parts as their reader will, and keeps nothing."""

    def __init__(self) -> None:
        self._elements = self._depth = self._cells = 0

    def over(self, file: ZipFile, parts: Iterable[ZipInfo]) -> None:
        for each in parts:
            with file.open(each) as part:
                if not part.read(4).lstrip().startswith(XML):
                    continue
            with file.open(each) as part:
                self._parser().ParseFile(part)

    def _parser(self) -> expat.XMLParserType:
        self._depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        return parser

    def _doctype(self, *_name: object) -> None:
        raise TooMuch(_("it declares names that stand for other text, which no office file does"))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        elements(self._elements)
        if self._depth > DEEPEST:
            raise TooMuch(_("nested too deeply"))
        if name.rpartition(":")[2] in COVERING and ":" in attributes.get("ref", ""):
            self._cells += _area(attributes["ref"])
            covered(self._cells)

    def _close(self, _name: str) -> None:
        self._depth -= 1


def _area(ref: str) -> int:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return int((right - left + 1) * (bottom - top + 1))
