"""Protect files from being overwritten: inputs of the command, plans, filled-in work sheets."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from plancli.errors import PlanError
from plancli.i18n import _

YAML_SUFFIXES = (".yaml", ".yml")
HEAD_SIZE = 4 << 20  # bytes inspected of a text file
# Patterns are compiled when used: this module is imported at every start.
# An answer in YAML or JSON is a list of records; a plan and a progress file are not.
LEADING_COMMENTS = (
    r"\ufeff?(?:[ \t]*(?:#[^\r\n]*|---[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*)?[\r\n]+)*[ \t]*"
)
KEY_TEMPLATE = r"""(?:^|[\r\n{{,?]|\ufeff)[ \t?]*["']?(?:{names})["']?[ \t]*:"""
PROGRESS_KEY = KEY_TEMPLATE.format(names="reports|strays")
PLAN_KEY = KEY_TEMPLATE.format(names="lists|agencies|regions")
FILE_KEY = (
    r"""\bfile["']?[ \t]*:[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\n]|'')*)'|([^,}\s#][^,}\n#]*))"""
)
# What identifies a work sheet, and the parts of its package that contain it: the hidden sheet, the
# heading of the hidden column, the end of its title.
SHEET_META = "plancli"
SHEET_ID = "编号（请勿改动）"
SHEET_TITLE = "任务进展反馈表"
SHEET_MARKS = {
    f'name="{SHEET_META}"': ("xl/workbook.xml", "content.xml"),
    SHEET_ID: ("xl/sharedstrings.xml", "xl/worksheets/", "content.xml"),
    SHEET_TITLE: ("docprops/core.xml", "meta.xml"),
}
# Header of .xls and .doc files, which plancli never writes.
OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_PART_SIZE = 64 << 20  # bytes; larger parts are not searched

_inputs: dict[tuple[int, int], Path] = {}


def forget_inputs() -> None:
    """Forget the inputs of an earlier command in this process."""
    _inputs.clear()


def register_input(path: Path, opened: BinaryIO | None = None) -> None:
    """Register the file *path*, possibly already *opened*, as an input of this command."""
    with suppress(OSError):  # missing: reported when it is read
        status = os.fstat(opened.fileno()) if opened else path.stat()
        if stat.S_ISREG(status.st_mode):
            _inputs[status.st_dev, status.st_ino] = path


def require_replaceable(target: Path, *, replace_plan: bool = False) -> None:
    """Raise PlanError where *target* must not be overwritten; with *replace_plan*, a plan may."""
    try:
        reason = _find_reason(target, replace_plan)
    except OSError:  # reported when it is written
        return
    if reason:
        raise PlanError(reason.format(file=target), hint=_("choose another file with --output"))


def _find_reason(target: Path, replace_plan: bool) -> str:
    """Return why *target*, or the file it links to, is protected; "" where it may be replaced."""
    if target.is_dir():
        return _("{file} is a folder")
    if not target.is_file():
        return ""
    target = Path(os.path.realpath(target))
    status = target.stat()
    kind = _detect_data_kind(target)
    if kind == "progress":
        return _("{file} is a progress file, which holds reports")
    if kind and not replace_plan:
        return _("{file} is a plan") if kind == "plan" else _("{file} was not written by plancli")
    if (status.st_dev, status.st_ino) in _inputs:
        return _("{file} is an input of this command")
    if _is_work_sheet(target):
        return _("{file} is a work sheet for or from an agency")
    if _is_source(target):
        return _("{file} is the source document of a plan")
    return ""


def _detect_data_kind(file: Path) -> str:
    """Return ``progress``, ``plan`` (also for a registry) or ``other``; "" for an answer.

    Answers of plancli are lists. A JSON file may also be a report of ``import``.
    """
    suffix = file.suffix.lower()
    if suffix not in (*YAML_SUFFIXES, ".json"):
        return ""
    with file.open("rb") as opened:
        raw = opened.read(HEAD_SIZE)
    text = raw.decode("utf-8-sig", "replace")
    begin = re.match(LEADING_COMMENTS, text)
    content = text[begin.end() if begin else 0 :]
    if not content or content.startswith(("[", "- ", "-\n", "-\r")):
        return ""
    if re.search(PROGRESS_KEY, text):
        return "progress"
    if re.search(PLAN_KEY, text):
        return "plan"
    return "other" if suffix in YAML_SUFFIXES else ""


def _is_work_sheet(file: Path) -> bool:
    """Whether *file* is a work sheet of ``plancli pack``, in any format, filled in or not."""
    from zipfile import BadZipFile, ZipFile  # slow to import; needed for existing files only

    with file.open("rb") as opened:
        start = opened.read(HEAD_SIZE)
    if not start.startswith(b"PK"):
        marks = (SHEET_ID, SHEET_TITLE) if start.startswith(OLE_HEADER) else (SHEET_ID,)
        return any(
            mark.encode(encoding) in start
            for mark in marks
            for encoding in ("utf-8", "utf-16-le", "gb18030")
        )
    try:
        with ZipFile(file) as package:
            return any(
                mark.encode() in package.read(part)
                for part in package.infolist()
                for mark, parts in SHEET_MARKS.items()
                if part.filename.replace("\\", "/").lower().startswith(parts)
                and part.file_size < MAX_PART_SIZE
            )
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return False  # not a package, or a damaged one


def _is_source(file: Path) -> bool:
    """Whether *file* is the source of a plan that this command read."""
    for plan in _inputs.values():
        folder = Path(os.path.realpath(plan)).parent
        for name in _iter_source_names(plan):
            with suppress(OSError, ValueError):  # not a valid file name
                if os.path.samefile(folder / name, file):
                    return True
    return False


def _iter_source_names(plan: Path) -> Iterator[str]:
    """Yield the source files named by *plan*, a plan or a database of plans."""
    import json  # not needed at every start

    for text in _iter_texts(plan):
        for quoted, single, plain in re.findall(FILE_KEY, text):
            name = single.replace("''", "'") or plain.strip()
            if quoted:
                with suppress(ValueError):
                    name = json.loads(f'"{quoted}"')
            if name and not PureWindowsPath(name).anchor:  # an absolute path is not read by verify
                yield name


def _iter_texts(plan: Path) -> Iterator[str]:
    import sqlite3
    import zlib

    with suppress(OSError), plan.open("rb") as opened:
        start = opened.read(HEAD_SIZE)
        if not start.startswith(b"SQLite format 3\0"):
            yield start.decode("utf-8", "replace")
            return
    with suppress(sqlite3.Error, zlib.error, OSError):
        uri = f"{plan.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            for (packed,) in db.execute("SELECT yaml FROM source_file"):
                yield zlib.decompress(packed).decode("utf-8", "replace")
