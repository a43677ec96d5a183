"""Access the parts of an Office file (docx, xlsx) by their normalized names.

Names are compared without case and with either slash, because exporting systems write both.
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

# The namespaces of Strict Open XML, and the equivalent transitional ones.
STRICT_NAMESPACE = re.compile(rb"(?<=[\"'])http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)(?=[\"'])")
TRANSITIONAL_NAMESPACE = rb"http://schemas.openxmlformats.org/\1/2006/\2"
READ_ERRORS = (
    BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    expat.ExpatError, ElementTree.ParseError,
)  # fmt: skip


class DamagedFile(ValueError):
    """Raised for an Office file without a part that is needed; the message says which."""


class PackageRelation(NamedTuple):
    """A relation from one part to another: its kind, and the name of the other part."""

    kind: str  # the last word of its type
    target: str


class OfficePackage:
    """The parts of an Office file; only requested parts are read.

    Errors of every method: DamagedFile if a part is missing or broken; LimitExceeded.
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
        """Return the XML part *name*, with transitional namespaces."""
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
        """Return the XML part *name*, or b"" if it is missing or broken."""
        try:
            return self.read_xml(name)
        except DamagedFile:
            return b""

    def find_main(self, usual: str) -> str:
        """Return the name of the main part; *usual* is its usual name."""
        linked = [
            each.target
            for each in self.read_relations("").values()
            if each.kind == "officeDocument"
        ]
        return next(filter(self._parts.__contains__, linked), usual)

    def read_relations(self, name: str) -> dict[str, PackageRelation]:
        """Return id -> relation of the part *name*; of the package for ""."""
        folder = dirname(name)
        data = self.read_optional(f"{folder}/_rels/{name.rpartition('/')[2]}.rels")
        relations = {}
        for link in ElementTree.fromstring(data) if data else ():
            target = link.get("Target", "").replace("\\", "/")
            if link.get("TargetMode") != "External" and target:
                target = target if target.startswith("/") else f"{folder}/{target}"
                kind = link.get("Type", "").rpartition("/")[2]
                relations[link.get("Id", "")] = PackageRelation(
                    kind, _normalize_name(unquote(target))
                )
        return relations

    def _read_part(self, part: ZipInfo) -> bytes:
        self._size += part.file_size  # ZipFile never returns more than this
        limits.check_unpacked_size(self._size)
        data = self._file.read(part)
        self._watch.check(data)
        return STRICT_NAMESPACE.sub(TRANSITIONAL_NAMESPACE, data)


def list_part_names(file: Path) -> list[str]:
    """Return the names of the parts of *file*, in lower case; empty if it is not a zip file."""
    try:
        with ZipFile(file) as packed:
            return [_normalize_name(each.filename) for each in packed.infolist()]
    except READ_ERRORS:
        return []


def _normalize_name(name: str) -> str:
    return normpath(name.replace("\\", "/").lstrip("/")).lower()


def _make_damaged_error() -> DamagedFile:
    return DamagedFile(_("it is damaged or incomplete"))
