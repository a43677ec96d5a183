"""What no command writes over: what it has read, and what people wrote or filled in by hand."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from plancli.errors import PlanError
from plancli.lang import _

YAML = (".yaml", ".yml")
KEY = re.compile(rb"""^(['"]?)(lists|agencies|regions|reports|strays)\1[ \t]*:""", re.MULTILINE)
PROGRESS_KEYS = (b"reports", b"strays")
SOURCE_FILE = re.compile(rb"^source:.*?(?=^\S|\Z)", re.DOTALL | re.MULTILINE)
# What a work sheet holds that went out, in one of the parts of its package: the hidden sheet, the
# heading of the hidden column, the end of its title.
SHEET_META = "plancli"
SHEET_ID = "编号（请勿改动）"
SHEET_TITLE = "任务进展反馈表"
SHEET_PARTS = ("xl/workbook.xml", "xl/sharedstrings.xml", "docprops/core.xml")
SHEET_MARKS = tuple(each.encode() for each in (f'name="{SHEET_META}"', SHEET_ID, SHEET_TITLE))
LARGEST_PART = 64 << 20  # bytes of a part that is looked through

_inputs: dict[tuple[int, int], Path] = {}


def forget_inputs() -> None:
    """Forget what was read: another command begins."""
    _inputs.clear()


def note_input(path: Path, opened: BinaryIO | None = None) -> None:
    """Remember that this command reads the file *path*, which it may have *opened*."""
    with suppress(OSError):  # it is not there: whoever reads it says so
        found = os.fstat(opened.fileno()) if opened else path.stat()
        if stat.S_ISREG(found.st_mode):
            _inputs[found.st_dev, found.st_ino] = path


def require_replaceable(target: Path, *, replace_plan: bool = False) -> None:
    """Raise PlanError where *target* is not to be written over; a plan is if *replace_plan*."""
    if reason := _reason(target, replace_plan):
        raise PlanError(reason.format(file=target), hint=_("choose another file with --output"))


def _reason(target: Path, replace_plan: bool) -> str:
    if target.is_dir():
        return _("{file} is a folder")
    if not target.is_file():
        return ""
    kept = _kind_of_yaml(target)
    if kept == "progress":
        return _("{file} is a progress file: it holds what was reported")
    if kept == "plan":
        return "" if replace_plan else _("{file} is a plan")
    found = target.stat()
    if (found.st_dev, found.st_ino) in _inputs:
        return _("{file} is read by this command")
    if _is_work_sheet(target):
        return _("{file} is a work sheet that goes to an agency or came back")
    if _is_source(target):
        return _("{file} is the document that a plan was made from")
    return ""


def _kind_of_yaml(file: Path) -> str:
    """Return ``plan`` (or a registry), ``progress``, or nothing for what is neither."""
    if file.suffix.lower() not in YAML:
        return ""
    with suppress(OSError):
        keys = {match[2] for match in KEY.finditer(file.read_bytes())}
        return ("progress" if keys & {*PROGRESS_KEYS} else "plan") if keys else ""
    return ""


def _is_work_sheet(file: Path) -> bool:
    """Whether *file* is a sheet of ``plancli pack``, filled in or not."""
    from zipfile import BadZipFile, ZipFile  # slow to import: only where a file is there already

    try:
        with ZipFile(file) as package:
            parts = [
                each
                for each in package.infolist()
                if each.filename.replace("\\", "/").lower() in SHEET_PARTS
                and each.file_size < LARGEST_PART
            ]
            return any(mark in package.read(part) for part in parts for mark in SHEET_MARKS)
    except (OSError, BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return False  # no package, or a damaged one


def _is_source(file: Path) -> bool:
    """Whether a plan that this command read says that *file* is its source."""
    return any(
        os.path.samefile(file, source)
        for plan in _inputs.values()
        if plan.suffix.lower() in YAML
        for source in _sources(plan)
        if source.exists()
    )


def _sources(plan: Path) -> list[Path]:
    import yaml  # slow to import: only where a file is there already

    with suppress(OSError, yaml.YAMLError, ValueError):
        found = SOURCE_FILE.search(plan.read_bytes())
        said = yaml.safe_load(found[0]) if found else None
        origin = said.get("source") if isinstance(said, dict) else None
        name = origin.get("file") if isinstance(origin, dict) else None
        is_relative = name and not PureWindowsPath(str(name)).anchor  # else verify does not read it
        return [plan.resolve().parent / str(name)] if is_relative else []
    return []
