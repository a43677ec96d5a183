"""The files of plans: which there are, and reading them."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.i18n import _, format_os_error
from plancli.system import foreign_files, protection

PACKAGE = Path(__file__).parent.parent
# In a checkout the data lie beside the package.
DATA_DIR = next(
    (path for path in (PACKAGE / "data", PACKAGE.parent / "data") if path.is_dir()),
    PACKAGE / "data",
)
DEFAULT_PLAN = DATA_DIR / "plan2022.yaml"
REGISTRY_FILES = (DATA_DIR / "agencies.yaml", DATA_DIR / "regions.yaml")
STDIN = Path("-")
STDOUT_NAMES = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
PROGRESS_SUFFIX = ".progress.yaml"
MAX_NAMES_SHOWN = 5  # files that are named of those that are passed over
MAX_ENTRIES = 2000  # entries of folders below one of plans
MAX_FILE_SIZE = 512 << 20  # bytes of a plan's file, or of a document
CHUNK_SIZE = 1 << 20
DOCUMENT_SUFFIXES = tuple(".txt .docx .doc .wps .pdf .html .htm .xlsx .xls .md .csv".split())
SQLITE_HEADER = b"SQLite format 3\0"


def ignore_note(note: str) -> None:
    """Take a note of what is passed over that nobody is to be told, or has been."""


def find_plan_files(
    paths: Sequence[str], note: Callable[[str], object] = ignore_note
) -> list[Path]:
    """Return the files that *paths* name, folders opened.

    For none: what PLANCLI_PLAN names (several as in PATH), else the shipped plan.  *note* is told
    what is passed over in a folder: files that are plainly no plans, and folders with plans.
    """
    if not all(paths):
        raise BadUsage(
            _("{name} needs a value").format(name="--plan"),
            hint=_("--plan takes a plan's YAML file, a folder of them, or a database"),
        )
    named = map(_expand_home, paths) if paths else _get_environment_paths()
    files = [file for path in named for file in _expand_path(Path(path), note)] or [DEFAULT_PLAN]
    return list(dict.fromkeys(files))


def _get_environment_paths() -> list[str]:
    """Return the paths that PLANCLI_PLAN names."""
    named = os.environ.get("PLANCLI_PLAN", "").split(os.pathsep)
    return [_expand_home(path) for path in named if path]


def _expand_home(path: str) -> str:
    """Return *path* with its ~ as the user's home, where no shell has replaced it."""
    return os.path.expanduser(path) if path.startswith("~") and not os.path.exists(path) else path


def find_yaml_files(
    paths: Sequence[str], note: Callable[[str], object] = ignore_note
) -> list[Path]:
    """Return the files that *paths* name, which must not be a database; *note* as there."""
    files = find_plan_files(paths, note)
    if any(map(is_database, files)):
        raise PlanError(
            _("{file} is a database already").format(file=files[0]),
            hint=_("give the plan's YAML file"),
        )
    return files


def is_document(name: str) -> bool:
    """Whether *name* is that of a text, a table or a page, from which a plan may be imported."""
    return name.lower().endswith(DOCUMENT_SUFFIXES)


def is_standard_output(path: Path | None) -> bool:
    """Whether *path* means standard output, by whatever name.

    Written to by name, a file that the output is appended to would lose what it holds.
    """
    return str(path) in STDOUT_NAMES


def is_possible_plan(file: Path) -> bool:
    """Whether a folder of plans is read with *file* in it."""
    beside = {registry.name for registry in REGISTRY_FILES}
    suffix = file.suffix.lower() in (".yaml", ".yml")
    kept = file.name.endswith(PROGRESS_SUFFIX)  # what was reported of a plan lies beside it
    return suffix and file.name not in beside and not kept and not file.name.startswith(".")


def read_plan_file(path: Path) -> bytes:
    """Return the bytes of a plan's file; ``-`` is standard input."""
    hint = _("--plan takes a plan's YAML file, a folder of them, or a database")
    if str(path) in _get_environment_paths():
        hint = _("PLANCLI_PLAN names it: {hint}").format(hint=hint)
    return _read_bytes(path, BadPlan, hint)


def read_document(path: Path, hint: str = "") -> bytes:
    """Return the bytes of a document; ``-`` is standard input.  *hint*: what to do without it."""
    usual = _("give the file of the plan's text, or - for standard input")
    return _read_bytes(path, PlanError, hint or usual)


def _read_bytes(path: Path, kind: type[PlanError], hint: str) -> bytes:
    if path == STDIN and not sys.stdin:  # closed by whoever called
        raise kind(_("standard input is closed"), hint=hint)
    try:
        if path == STDIN:
            protection.register_input(path, sys.stdin.buffer)
            data = _read_bounded(sys.stdin.buffer)
        else:
            with path.open("rb") as file:
                protection.register_input(path, file)
                data = _read_bounded(file)
    except OSError as error:
        if os.path.islink(path) and not os.path.exists(path):  # no error for a name too long
            message = _("{file} is a link to {target}, which is not there")
            raise kind(
                message.format(file=path, target=path.readlink()),
                hint=_("delete the link, or put the file back"),
            ) from error
        raise kind(
            _("cannot read {file}: {why}").format(file=path, why=format_os_error(error)), hint=hint
        ) from error
    if len(data) > MAX_FILE_SIZE:
        raise BadPlan(
            _("{file} is larger than {n} MB").format(file=path, n=MAX_FILE_SIZE >> 20),
            hint=_("no plan is: look whether it is the right file"),
        )
    return data


def _read_bounded(file: BinaryIO) -> bytes:
    """Return what *file*, which may have no end, holds: more than ``LARGEST`` only by a piece."""
    pieces, size = [], 0
    while size <= MAX_FILE_SIZE and (piece := file.read(CHUNK_SIZE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def is_database(path: Path) -> bool:
    """Whether *path* is a SQLite database, ours or not."""
    try:
        if not path.is_file():  # a pipe can be read only once
            return False
        with path.open("rb") as file:
            return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER
    except OSError:
        return False


def to_read_only_uri(database: Path) -> str:
    """Return the URI by which SQLite opens *database* only to read it."""
    uri = database.resolve().as_uri()
    uri = uri if uri.startswith("file:///") else f"file:////{uri.removeprefix('file://')}"  # UNC
    return f"{uri}?mode=ro&immutable=1"


def _expand_path(path: Path, note: Callable[[str], object]) -> Iterator[Path]:
    if is_pattern(path):
        matches = list(map(Path, expand_pattern(str(path))))
        inside = [each for each in matches if is_possible_plan(each) or is_database(each)]
        yield from _select_plans(path, inside, [], note)
        return
    try:
        entries = list(os.scandir(path)) if path.is_dir() else None
    except OSError:  # a name too long, a folder that may not be read: said when it is read
        entries = None
    if entries is None:
        yield path
        return
    inside = [each for each in (path / entry.name for entry in entries) if is_possible_plan(each)]
    folders = [path / each.name for each in entries if each.is_dir(follow_symlinks=False)]
    yield from _select_plans(path, sorted(inside), folders, note)


def _select_plans(
    path: Path, inside: Sequence[Path], folders: Iterable[Path], note: Callable[[str], object]
) -> list[Path]:
    """Return those of the files *inside* the folder or pattern *path* that may be plans.

    *note* is told of the others, and of plans in the *folders* below.
    """
    passed = {each: what for each in inside if (what := _detect_other_file(each))}
    plans = [each for each in inside if each not in passed]
    names = [
        _("{file} ({what})").format(file=each.name if path.is_dir() else each, what=what)
        for each, what in passed.items()
    ]
    others = _(", ").join(names[:MAX_NAMES_SHOWN])
    more = (
        _(" and {n} more").format(n=len(passed) - MAX_NAMES_SHOWN)
        if len(passed) > MAX_NAMES_SHOWN
        else ""
    )
    below = _find_plan_below(folders)
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


def _detect_other_file(file: Path) -> str:
    """Return what *file* is, if it is plainly no plan; empty where it may be one."""
    try:
        if not file.is_file():
            return "" if not file.exists() else _("a folder") if file.is_dir() else _("a pipe")
        found = None if is_database(file) else foreign_files.detect_foreign_file(file)
    except OSError:
        return ""  # said when it is read
    if not found:
        return ""
    keys = ", ".join(found.keys[:3]) or _("a list")
    return _("progress file") if found.is_progress else _("it has {keys}").format(keys=keys)


def _find_plan_below(folders: Iterable[Path]) -> Path | None:
    """Return a file in *folders*, or below, that may be a plan: among the first that are there."""
    waiting, seen = list(folders), 0
    while waiting and seen < MAX_ENTRIES:
        folder = waiting.pop(0)
        if folder.name.startswith("."):
            continue
        with suppress(OSError):
            for entry in os.scandir(folder):
                seen += 1
                each = folder / entry.name
                if is_possible_plan(each) and entry.is_file():
                    return each
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(each)
    return None


def is_pattern(path: Path) -> bool:
    """Whether *path* is a pattern, which names what matches it, not one file or folder."""
    return any(mark in str(path) for mark in "*?[") and not os.path.exists(path)


def expand_pattern(pattern: str) -> list[str]:
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
