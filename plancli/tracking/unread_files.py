"""Handle returned files that cannot be read: choose an advice, and find the agency by file name."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePath

from plancli.i18n import _
from plancli.importing.readers import file_type, office_package
from plancli.text.normalize import normalize_key

NON_LETTERS = re.compile(r"[\W_]+")
HEAD_BYTES = 4 << 20  # bytes
DOCUMENT_PARTS = frozenset({"[content_types].xml", "mimetype", "ofd.xml"})  # not in plain archives
MAX_LETTERS = 50  # letters of a name that are compared: longer file names are shortened by send


def choose_advice(file: Path) -> str:
    """Return the advice for *file*, which cannot be read.

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
    """Return the one of *agencies* whose name is in that of *file* or its folders, or ''.

    *file* is a path relative to the folder of the sheets.  A name within a longer name is ignored;
    of several names the one at the beginning is taken; otherwise the agency is unknown.
    """
    names = {each: _strip_punctuation(each)[:MAX_LETTERS] for each in agencies}
    for part in (file.stem, *reversed(file.parent.parts)):
        text = _strip_punctuation(part)
        matches = {each: name for each, name in names.items() if name and name in text}
        matches = {
            each: name
            for each, name in matches.items()
            if not any(name != other and name in other for other in matches.values())
        }
        leading = [each for each, name in matches.items() if text.startswith(name)]
        for candidates in (matches, leading):
            if len(candidates) == 1:
                return next(iter(candidates))
        if matches:
            return ""
    return ""


def _strip_punctuation(name: str) -> str:
    return NON_LETTERS.sub("", normalize_key(name))
