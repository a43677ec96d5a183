"""The files of plans: which there are, reading them, and writing any file whole."""

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.lang import _, why

HERE = Path(__file__).parent
DATA = next(path for path in (HERE / "data", HERE.parent / "data") if path.is_dir())
SHIPPED = DATA / "plan2022.yaml"
REGISTRIES = (DATA / "agencies.yaml", DATA / "regions.yaml")
STDIN = Path("-")
PROGRESS = ".progress.yaml"
LARGEST = 512 << 20  # bytes of a plan's file, or of a document
PIECE = 1 << 20
DOCUMENTS = tuple(".txt .docx .doc .wps .pdf .html .htm .xlsx .xls .md .csv".split())
SQLITE = b"SQLite format 3\0"


def plan_files(paths: Sequence[str]) -> list[Path]:
    """Return the files that *paths* name, folders opened.

    For none: what PLANCLI_PLAN names (several as in PATH), else the shipped plan.
    """
    if not all(paths):
        raise BadUsage(
            _("{name} needs a value").format(name="--plan"),
            hint=_("--plan takes a plan's YAML file, a folder of them, or a database"),
        )
    named = filter(None, os.environ.get("PLANCLI_PLAN", "").split(os.pathsep))
    files = [file for path in paths or named for file in _opened(Path(path))] or [SHIPPED]
    return list(dict.fromkeys(files))


def yaml_files(paths: Sequence[str]) -> list[Path]:
    """Return the files that *paths* name, which must not be a database."""
    files = plan_files(paths)
    if any(map(is_database, files)):
        raise PlanError(
            _("{file} is a database already").format(file=files[0]),
            hint=_("give the plan's YAML file"),
        )
    return files


def is_document(name: str) -> bool:
    """Whether *name* is that of a text, a table or a page, from which a plan may be imported."""
    return name.lower().endswith(DOCUMENTS)


def may_be_plan(file: Path) -> bool:
    """Whether a folder of plans is read with *file* in it."""
    beside = {registry.name for registry in REGISTRIES}
    suffix = file.suffix.lower() in (".yaml", ".yml")
    kept = file.name.endswith(PROGRESS)  # what was reported of a plan lies beside it
    return suffix and file.name not in beside and not kept and not file.name.startswith(".")


def read(path: Path) -> bytes:
    """Return the bytes of a plan's file; ``-`` is standard input."""
    hint = _("--plan takes a plan's YAML file, a folder of them, or a database")
    if str(path) in os.environ.get("PLANCLI_PLAN", "").split(os.pathsep):
        hint = _("PLANCLI_PLAN names it: {hint}").format(hint=hint)
    return _bytes(path, BadPlan, hint)


def read_source(path: Path, hint: str = "") -> bytes:
    """Return the bytes of a document; ``-`` is standard input.  *hint*: what to do without it."""
    usual = _("give the file of the plan's text, or - for standard input")
    return _bytes(path, PlanError, hint or usual)


def source_of(plan: Path, name: str) -> bytes:
    """Return the bytes of the document *name* that the plan in the file *plan* was made from."""
    hint = _("the plan says source.file: {name}; put it beside the plan, or correct the name")
    return read_source(plan.parent / name, hint.format(name=name))


def _bytes(path: Path, kind: type[PlanError], hint: str) -> bytes:
    if path == STDIN and not sys.stdin:  # closed by whoever called
        raise kind(_("standard input is closed"), hint=hint)
    try:
        if path == STDIN:
            data = _bounded(sys.stdin.buffer)
        else:
            with path.open("rb") as file:
                data = _bounded(file)
    except OSError as error:
        raise kind(
            _("cannot read {file}: {why}").format(file=path, why=why(error)), hint=hint
        ) from error
    if len(data) > LARGEST:
        raise BadPlan(
            _("{file} is larger than {n} MB").format(file=path, n=LARGEST >> 20),
            hint=_("no plan is: look whether it is the right file"),
        )
    return data


def _bounded(file: BinaryIO) -> bytes:
    """Return what *file*, which may have no end, holds: more than ``LARGEST`` only by a piece."""
    pieces, size = [], 0
    while size <= LARGEST and (piece := file.read(PIECE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def is_database(path: Path) -> bool:
    """Whether *path* is a SQLite database, ours or not."""
    try:
        if not path.is_file():  # a pipe can be read only once
            return False
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def read_only(database: Path) -> str:
    """Return the URI by which SQLite opens *database* only to read it."""
    uri = database.resolve().as_uri()
    uri = uri if uri.startswith("file:///") else f"file:////{uri.removeprefix('file://')}"  # UNC
    return f"{uri}?mode=ro&immutable=1"


def write_whole(target: Path, write: Callable[[Path], object], *, over: bool = False) -> None:
    """Let *write* write *target*: whole, or what was there stays; over a plan only if *over*."""
    if target.is_dir() or (_is_plan(target) and not over):
        what = _("{file} is a folder") if target.is_dir() else _("{file} is a plan")
        hint = _("choose another file with --output")
        raise PlanError(what.format(file=target), hint=hint)
    if not target.resolve().parent.is_dir():
        raise PlanError(
            _("there is no folder {file}").format(file=target.parent),
            hint=_("make the folder first, or choose another file with --output"),
        )
    from plancli import drafts  # only where something is written

    target = target.resolve()  # behind a link, what it points to
    whole = target.is_file() or not target.exists()  # a pipe or a device is written to as it is
    draft = target.with_name(drafts.hidden(target.name)) if whole else target
    if whole:
        drafts.swept(target.parent)
        drafts.remove(draft)  # of a process that had this one's number
    try:
        if target.is_file() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        write(draft)
        if whole and target.is_file():
            _synced(draft)
            shutil.copymode(target, draft)  # by which its owner may not be allowed to write
        if whole:
            draft.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise _unwritten(target, error, _("choose another file with --output")) from error
    finally:
        if whole:
            drafts.remove(draft)


def _synced(file: Path) -> None:
    """Have *file* on the disk before it takes the place of another: a power cut loses one only."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes *target*: whole, or nothing is left of it.

    Errors: PlanError where *target* is there and not empty, or cannot be written.
    """
    from plancli import drafts  # only where a folder is written

    hint = _("choose a new or empty folder")
    drafts.swept(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise PlanError(
            _("{file} is there already, and nothing is written over").format(file=target), hint=hint
        )
    there = target if target.is_dir() else target.parent
    draft = there / drafts.hidden(target.name)
    try:
        with made_folder(there, hint):
            drafts.swept(there)
            drafts.remove(draft)  # of a process that had this one's number
            try:
                draft.mkdir()
                yield draft
                if there == target:  # a person or a shell may stand in it: it stays the same folder
                    for each in draft.iterdir():
                        each.replace(target / each.name)
                else:
                    draft.replace(target)
            finally:
                drafts.remove(draft)
    except OSError as error:
        raise _unwritten(target, error, hint) from error


@contextmanager
def made_folder(folder: Path, hint: str) -> Iterator[None]:
    """Make *folder* if it is not there; what is new goes again if nothing is written into it.

    Errors: PlanError with *hint* where it cannot be made.
    """
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritten(folder, error, hint) from error
        yield
    finally:
        for each in new:
            with suppress(OSError):  # it has something in it
                each.rmdir()


def _unwritten(file: Path, error: Exception, hint: str) -> PlanError:
    return PlanError(_("cannot write {file}: {why}").format(file=file, why=why(error)), hint=hint)


def _is_plan(file: Path) -> bool:
    """Whether *file* is a plan or a registry, which people write by hand."""
    if file.suffix not in (".yaml", ".yml") or not file.is_file():
        return False
    lines = file.read_bytes().splitlines()
    return any(line.startswith((b"lists:", b"agencies:", b"regions:")) for line in lines)


def _opened(path: Path) -> Iterator[Path]:
    if any(mark in str(path) for mark in "*?[") and not path.exists():
        yield from _globbed(str(path))
        return
    try:
        inside = list(path.iterdir()) if path.is_dir() else None
    except OSError:  # a name too long, a folder that may not be read: said when it is read
        inside = None
    if inside is None:
        yield path
        return
    found = sorted(filter(may_be_plan, inside))
    if not found:
        raise BadPlan(_("{file} holds no plan").format(file=path), hint=_("a plan is a .yaml file"))
    yield from found


def _globbed(pattern: str) -> Iterator[Path]:
    from glob import glob  # only where a pattern is given

    found = [Path(name) for name in sorted(glob(pattern, recursive=True))]
    plans = [path for path in found if path.is_file() and (may_be_plan(path) or is_database(path))]
    if not plans:
        raise BadPlan(
            _("{file} matches no plan").format(file=pattern), hint=_("a plan is a .yaml file")
        )
    yield from plans
