"""The parts of an Office file (docx, xlsx), by their names in one form.

Names are taken without regard to case, and with either slash: systems that export write both.
"""

import re
import zlib
from io import BytesIO
from pathlib import Path
from posixpath import dirname, normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from plancli.i18n import _
from plancli.importing.readers import limits

# The namespaces of Strict Open XML, each of which has one of the usual form that means the same.
STRICT = re.compile(rb"(?<=[\"'])http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)(?=[\"'])")
USUAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
UNREADABLE = (
    BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    expat.ExpatError, ElementTree.ParseError,
)  # fmt: skip


class Damaged(ValueError):
    """An Office file that lacks what its reader needs; the message says what."""


class Relation(NamedTuple):
    """A link from one part to another: of which kind, and the name of the other."""

    kind: str  # the last word of its type
    target: str


class Package:
    """The parts of an Office file; what its reader does not ask for is not looked at.

    Errors, of every method: Damaged where a part is missing or broken; TooMuch.
    """

    def __init__(self, data: bytes) -> None:
        limits.parts(data)
        try:
            self._file = ZipFile(BytesIO(data))
            self._parts = {_key(each.filename): each for each in self._file.infolist()}
        except UNREADABLE as error:
            raise _damaged() from error
        self._watch = limits.XmlWatch()
        self._size = 0

    @property
    def names(self) -> list[str]:
        """The names of the parts, in lower case."""
        return list(self._parts)

    def read_xml(self, name: str) -> bytes:
        """Return the XML part *name*, its namespaces in the usual form."""
        part = self._parts.get(_key(name))
        if part is None:
            raise Damaged(_("it lacks its part {name}").format(name=name))
        try:
            return self._read(part)
        except limits.TooMuch:
            raise
        except UNREADABLE as error:
            raise _damaged() from error

    def read_optional(self, name: str) -> bytes:
        """Return the XML part *name*, or nothing where it is missing or broken."""
        try:
            return self.read_xml(name)
        except Damaged:
            return b""

    def find_main(self, usual: str) -> str:
        """Return the name of the part that holds the document; *usual* is how it is called."""
        linked = [
            each.target for each in self.relations("").values() if each.kind == "officeDocument"
        ]
        return next(filter(self._parts.__contains__, linked), usual)

    def relations(self, name: str) -> dict[str, Relation]:
        """Return the links of the part *name* by their ids; of the whole file with no name."""
        folder = dirname(name)
        data = self.read_optional(f"{folder}/_rels/{name.rpartition('/')[2]}.rels")
        found = {}
        for link in ElementTree.fromstring(data) if data else ():
            target = link.get("Target", "").replace("\\", "/")
            if link.get("TargetMode") != "External" and target:
                target = target if target.startswith("/") else f"{folder}/{target}"
                kind = link.get("Type", "").rpartition("/")[2]
                found[link.get("Id", "")] = Relation(kind, _key(unquote(target)))
        return found

    def _read(self, part: ZipInfo) -> bytes:
        self._size += part.file_size  # none gives more than it says
        limits.unfolded(self._size)
        data = self._file.read(part)
        self._watch.check(data)
        return STRICT.sub(USUAL, data)


def find_names(file: Path) -> list[str]:
    """Return the names of the parts of *file*, in lower case; none where it is not packed."""
    try:
        with ZipFile(file) as packed:
            return [_key(each.filename) for each in packed.infolist()]
    except UNREADABLE:
        return []


def _key(name: str) -> str:
    return normpath(name.replace("\\", "/").lstrip("/")).lower()


def _damaged() -> Damaged:
    return Damaged(_("it is damaged, or only a part of it arrived"))
