"""A file that came back and cannot be read: what to do with it, and whose it is by its name."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePath

from plancli.i18n import _
from plancli.importing.readers import file_type, office_package
from plancli.text.normalize import normalize_key

NON_LETTERS = re.compile(r"[\W_]+")
HEAD_BYTES = 4 << 20  # bytes
DOCUMENT_PARTS = frozenset(
    {"[content_types].xml", "mimetype", "ofd.xml"}
)  # parts of no mere archive
MAX_LETTERS = 50  # letters of a name that a file has surely: pack shortens what is longer


def choose_advice(file: Path) -> str:
    """Return what to do with *file*, so that it can be read.

    Errors: OSError.
    """
    with file.open("rb") as opened:
        data = opened.read(HEAD_BYTES)
    if file_type.is_locked(data):
        return _("it is locked with a password: open it and save it as .xlsx without one")
    parts = {*office_package.list_part_names(file)}
    if file_type.is_archive(data) and not DOCUMENT_PARTS & parts:
        return _("it is an archive: unpack it and collect the sheets (.xlsx) in it")
    if file_type.is_picture(data):
        return _("it is a picture or a PDF: ask for the sheet itself (.xlsx)")
    if "word/document.xml" in parts or file_type.OLD_FORMATS.get(file.suffix.lower()) == ".docx":
        return _("it is a Word document: ask for the sheet itself (.xlsx), filled in")
    return _("it cannot be read: open it in WPS or Office and save it as .xlsx")


def find_agency(file: PurePath, agencies: Iterable[str]) -> str:
    """Return the one of *agencies* that *file* is named after, or else its folder; or ''.

    *file* is a path below the folder of the sheets.  Of names within each other the longest is
    meant; of several names the one at the beginning; else none, for it would be a guess.
    """
    names = {each: _strip_punctuation(each)[:MAX_LETTERS] for each in agencies}
    for part in (file.stem, *reversed(file.parent.parts)):
        said = _strip_punctuation(part)
        found = {each: name for each, name in names.items() if name and name in said}
        found = {
            each: name
            for each, name in found.items()
            if not any(name != other and name in other for other in found.values())
        }
        first = [each for each, name in found.items() if said.startswith(name)]
        for several in (found, first):
            if len(several) == 1:
                return next(iter(several))
        if found:
            return ""
    return ""


def _strip_punctuation(name: str) -> str:
    return NON_LETTERS.sub("", normalize_key(name))
