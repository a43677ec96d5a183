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
STRICT_NAMESPACE = re.compile(rb"(?<=[\"'])http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)(?=[\"'])")
TRANSITIONAL_NAMESPACE = rb"http://schemas.openxmlformats.org/\1/2006/\2"
READ_ERRORS = (
    BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    expat.ExpatError, ElementTree.ParseError,
)  # fmt: skip


class DamagedFile(ValueError):
    """An Office file that lacks what its reader needs; the message says what."""


class PackageRelation(NamedTuple):
    """A link from one part to another: of which kind, and the name of the other."""

    kind: str  # the last word of its type
    target: str


class OfficePackage:
    """The parts of an Office file; what its reader does not ask for is not looked at.

    Errors, of every method: Damaged where a part is missing or broken; TooMuch.
    """

    def __init__(self, data: bytes) -> None:
        limits.check_zip(data)
        try:
            self._file = ZipFile(BytesIO(data))
            self._parts = {_normalize_name(each.filename): each for each in self._file.infolist()}
        except READ_ERRORS as error:
            raise _make_damaged_error() from error
        self._watch = limits.XmlLimitChecker()
        self._size = 0

    @property
    def part_names(self) -> list[str]:
        """The names of the parts, in lower case."""
        return list(self._parts)

    def read_xml(self, name: str) -> bytes:
        """Return the XML part *name*, its namespaces in the usual form."""
        part = self._parts.get(_normalize_name(name))
        if part is None:
            raise DamagedFile(_("its part {name} is missing").format(name=name))
        try:
            return self._read_part(part)
        except limits.LimitExceeded:
            raise
        except READ_ERRORS as error:
            raise _make_damaged_error() from error

    def read_optional(self, name: str) -> bytes:
        """Return the XML part *name*, or nothing where it is missing or broken."""
        try:
            return self.read_xml(name)
        except DamagedFile:
            return b""

    def find_main(self, usual: str) -> str:
        """Return the name of the part that holds the document; *usual* is how it is called."""
        linked = [
            each.target
            for each in self.read_relations("").values()
            if each.kind == "officeDocument"
        ]
        return next(filter(self._parts.__contains__, linked), usual)

    def read_relations(self, name: str) -> dict[str, PackageRelation]:
        """Return the links of the part *name* by their ids; of the whole file with no name."""
        folder = dirname(name)
        data = self.read_optional(f"{folder}/_rels/{name.rpartition('/')[2]}.rels")
        found = {}
        for link in ElementTree.fromstring(data) if data else ():
            target = link.get("Target", "").replace("\\", "/")
            if link.get("TargetMode") != "External" and target:
                target = target if target.startswith("/") else f"{folder}/{target}"
                kind = link.get("Type", "").rpartition("/")[2]
                found[link.get("Id", "")] = PackageRelation(kind, _normalize_name(unquote(target)))
        return found

    def _read_part(self, part: ZipInfo) -> bytes:
        self._size += part.file_size  # none gives more than it says
        limits.check_unpacked_size(self._size)
        data = self._file.read(part)
        self._watch.check(data)
        return STRICT_NAMESPACE.sub(TRANSITIONAL_NAMESPACE, data)


def list_part_names(file: Path) -> list[str]:
    """Return the names of the parts of *file*, in lower case; none where it is not packed."""
    try:
        with ZipFile(file) as packed:
            return [_normalize_name(each.filename) for each in packed.infolist()]
    except READ_ERRORS:
        return []


def _normalize_name(name: str) -> str:
    return normpath(name.replace("\\", "/").lstrip("/")).lower()


def _make_damaged_error() -> DamagedFile:
    return DamagedFile(_("it is damaged or incomplete"))
