"""The files of plans: which there are, reading them, and writing any file whole."""

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from plancli import foreign
from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.lang import _, why

HERE = Path(__file__).parent
DATA = next(path for path in (HERE / "data", HERE.parent / "data") if path.is_dir())
SHIPPED = DATA / "plan2022.yaml"
REGISTRIES = (DATA / "agencies.yaml", DATA / "regions.yaml")
STDIN = Path("-")
PROGRESS = ".progress.yaml"
SHOWN = 5  # files that are named of those that are passed over
LOOKED_THROUGH = 2000  # entries of folders below one of plans
LARGEST = 512 << 20  # bytes of a plan's file, or of a document
PIECE = 1 << 20
DOCUMENTS = tuple(".txt .docx .doc .wps .pdf .html .htm .xlsx .xls .md .csv".split())
SQLITE = b"SQLite format 3\0"


def ignore_note(note: str) -> None:
    """Take a note of what is passed over that nobody is to be told, or has been."""


def plan_files(paths: Sequence[str], note: Callable[[str], object] = ignore_note) -> list[Path]:
    """Return the files that *paths* name, folders opened.

    For none: what PLANCLI_PLAN names (several as in PATH), else the shipped plan.  *note* is told
    what is passed over in a folder: files that are plainly no plans, and folders with plans.
    """
    if not all(paths):
        raise BadUsage(
            _("{name} needs a value").format(name="--plan"),
            hint=_("--plan takes a plan's YAML file, a folder of them, or a database"),
        )
    named = map(_at_home, paths) if paths else _of_environment()
    files = [file for path in named for file in _opened(Path(path), note)] or [SHIPPED]
    return list(dict.fromkeys(files))


def _of_environment() -> list[str]:
    """Return the paths that PLANCLI_PLAN names."""
    named = os.environ.get("PLANCLI_PLAN", "").split(os.pathsep)
    return [_at_home(path) for path in named if path]


def _at_home(path: str) -> str:
    """Return *path* with its ~ as the user's home, where no shell has replaced it."""
    return os.path.expanduser(path) if path.startswith("~") and not os.path.exists(path) else path


def yaml_files(paths: Sequence[str], note: Callable[[str], object] = ignore_note) -> list[Path]:
    """Return the files that *paths* name, which must not be a database; *note* as there."""
    files = plan_files(paths, note)
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
    if str(path) in _of_environment():
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
    try:
        if path == STDIN and sys.stdin:
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


def _opened(path: Path, note: Callable[[str], object]) -> Iterator[Path]:
    if is_pattern(path):
        matches = list(map(Path, matching(str(path))))
        inside = [each for each in matches if may_be_plan(each) or is_database(each)]
        yield from _plans_among(path, inside, [], note)
        return
    try:
        entries = list(os.scandir(path)) if path.is_dir() else None
    except OSError:  # a name too long, a folder that may not be read: said when it is read
        entries = None
    if entries is None:
        yield path
        return
    inside = [each for each in (path / entry.name for entry in entries) if may_be_plan(each)]
    folders = [path / each.name for each in entries if each.is_dir(follow_symlinks=False)]
    yield from _plans_among(path, sorted(inside), folders, note)


def _plans_among(
    path: Path, inside: Sequence[Path], folders: Iterable[Path], note: Callable[[str], object]
) -> list[Path]:
    """Return those of the files *inside* the folder or pattern *path* that may be plans.

    *note* is told of the others, and of plans in the *folders* below.
    """
    passed = {each: what for each in inside if (what := _no_plan(each))}
    plans = [each for each in inside if each not in passed]
    names = [
        _("{file} ({what})").format(file=each.name if path.is_dir() else each, what=what)
        for each, what in passed.items()
    ]
    others = _(", ").join(names[:SHOWN])
    more = _(" and {n} more").format(n=len(passed) - SHOWN) if len(passed) > SHOWN else ""
    below = _below(folders)
    pattern = f'"{path / "**" / "*.yaml"}"'
    if plans:
        if passed:
            said = _("passed over in {file}, since it is no plan: {names}")
            note(said.format(file=path, names=others + more))
        if below:
            said = _("plans in folders below are not read: {file}; to read them: --plan {pattern}")
            note(said.format(file=below, pattern=pattern))
        return plans
    message = _("{file} holds no plan") if path.is_dir() else _("{file} matches no plan")
    hint = _("a plan is a .yaml file")
    if passed:
        hint = _("these are no plans: {names}").format(names=others + more)
    if below:
        hint = _("there are some in folders below, such as {file}: --plan {pattern}")
        hint = hint.format(file=below, pattern=pattern)
    raise BadPlan(message.format(file=path), hint=hint)


def _no_plan(file: Path) -> str:
    """Return what *file* is, if it is plainly no plan; empty where it may be one."""
    try:
        if not file.is_file():
            return "" if not file.exists() else _("a folder") if file.is_dir() else _("a pipe")
        found = None if is_database(file) else foreign.look_at(file)
    except OSError:
        return ""  # said when it is read
    if not found:
        return ""
    keys = ", ".join(found.keys[:3]) or _("a list")
    return _("progress file") if found.is_progress else _("it has {keys}").format(keys=keys)


def _below(folders: Iterable[Path]) -> Path | None:
    """Return a file in *folders*, or below, that may be a plan: among the first that are there."""
    waiting, seen = list(folders), 0
    while waiting and seen < LOOKED_THROUGH:
        folder = waiting.pop(0)
        if folder.name.startswith("."):
            continue
        with suppress(OSError):
            for entry in os.scandir(folder):
                seen += 1
                each = folder / entry.name
                if may_be_plan(each) and entry.is_file():
                    return each
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(each)
    return None


def is_pattern(path: Path) -> bool:
    """Whether *path* is a pattern, which names what matches it, not one file or folder."""
    return any(mark in str(path) for mark in "*?[") and not os.path.exists(path)


def matching(pattern: str) -> list[str]:
    """Return the files that match *pattern*, sorted; what is there by its very name goes first.

    皖政[2022]/*.txt is meant of the folder 皖政[2022]; only where nothing matches so does [2022]
    stand for one of these characters.
    """
    from glob import escape, glob  # only where a pattern is given

    path = Path(pattern)
    there = next((each for each in path.parents if each.parts and each.exists()), Path())
    rest = path.relative_to(there)
    start = escape(str(there)) if there.parts else ""
    for each in (str(rest).replace("[", "[[]"), str(rest)):
        if found := sorted(glob(os.path.join(start, each), recursive=True)):
            return found
    return []
