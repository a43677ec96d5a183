"""Find the files of plans and read files of limited size."""

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
# In a checkout, the data folder is beside the package.
DATA_DIR = next(
    (path for path in (PACKAGE / "data", PACKAGE.parent / "data") if path.is_dir()),
    PACKAGE / "data",
)
DEFAULT_PLAN = DATA_DIR / "plan2022.yaml"
REGISTRY_FILES = (DATA_DIR / "agencies.yaml", DATA_DIR / "regions.yaml")
# Tables that a database depends on as well.
REGISTRY_TABLES = (DATA_DIR / "divisions.tsv", DATA_DIR / "functions.tsv")
STDIN = Path("-")
STDOUT_NAMES = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
PROGRESS_SUFFIX = ".progress.yaml"
MAX_NAMES_SHOWN = 5  # skipped files that a note names
MAX_ENTRIES = 2000  # directory entries searched below a folder of plans
MAX_FILE_SIZE = 512 << 20  # bytes of a plan's file or of a document
CHUNK_SIZE = 1 << 20
DOCUMENT_SUFFIXES = tuple(".txt .docx .doc .wps .pdf .html .htm .xlsx .xls .md .csv".split())
SQLITE_HEADER = b"SQLite format 3\0"


def ignore_note(note: str) -> None:
    """Discard a note about skipped files."""


def find_plan_files(
    paths: Sequence[str], note: Callable[[str], object] = ignore_note
) -> list[Path]:
    """Return the files that *paths* name; folders and patterns are expanded.

    Without *paths*: what PLANCLI_PLAN names (several as in PATH), else the shipped plan. *note* is
    called with a message about files of a folder that are clearly no plans, and about plans in
    folders below.
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
    """Return the paths in PLANCLI_PLAN."""
    named = os.environ.get("PLANCLI_PLAN", "").split(os.pathsep)
    return [_expand_home(path) for path in named if path]


def _expand_home(path: str) -> str:
    """Expand a leading ~ that no shell has expanded."""
    return os.path.expanduser(path) if path.startswith("~") and not os.path.exists(path) else path


def find_yaml_files(
    paths: Sequence[str], note: Callable[[str], object] = ignore_note
) -> list[Path]:
    """Return the files that *paths* name, as ``find_plan_files``; a database is an error."""
    files = find_plan_files(paths, note)
    if any(map(is_database, files)):
        raise PlanError(
            _("{file} is already a database").format(file=files[0]),
            hint=_("give the plan's YAML file"),
        )
    return files


def is_document(name: str) -> bool:
    """Whether *name* has the suffix of a document from which a plan may be imported."""
    return name.lower().endswith(DOCUMENT_SUFFIXES)


def is_standard_output(path: Path | None) -> bool:
    """Whether *path* means standard output, by whatever name.

    Opening it by name would truncate a file that the shell appends the output to.
    """
    return str(path) in STDOUT_NAMES


def is_possible_plan(file: Path) -> bool:
    """Whether *file*, in a folder of plans, is read as a plan."""
    registries = {registry.name for registry in REGISTRY_FILES}
    is_yaml = file.suffix.lower() in (".yaml", ".yml")
    # A plan's progress file is kept in the same folder.
    is_progress = file.name.endswith(PROGRESS_SUFFIX)
    is_hidden = file.name.startswith(".")
    return is_yaml and file.name not in registries and not is_progress and not is_hidden


def read_plan_file(path: Path) -> bytes:
    """Read a plan's file; ``-`` is standard input."""
    hint = _("--plan takes a plan's YAML file, a folder of them, or a database")
    if str(path) in _get_environment_paths():
        hint = _("set by PLANCLI_PLAN: {hint}").format(hint=hint)
    return _read_bytes(path, BadPlan, hint)


def read_document(path: Path, hint: str = "") -> bytes:
    """Read a document; ``-`` is standard input. *hint*: what to do if that fails."""
    usual = _("give the file of the plan's text, or - for standard input")
    return _read_bytes(path, PlanError, hint or usual)


def _read_bytes(path: Path, kind: type[PlanError], hint: str) -> bytes:
    if path == STDIN and not sys.stdin:  # closed by the parent process
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
        # not for other errors, such as a name that is too long
        if os.path.islink(path) and not os.path.exists(path):
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
            hint=_("plans are never this large; check that this is the right file"),
        )
    return data


def _read_bounded(file: BinaryIO) -> bytes:
    """Read *file*, which may be endless: at most one chunk beyond ``MAX_FILE_SIZE``."""
    pieces, size = [], 0
    while size <= MAX_FILE_SIZE and (piece := file.read(CHUNK_SIZE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def is_database(path: Path) -> bool:
    """Whether *path* is a SQLite database, made by plancli or not."""
    try:
        if not path.is_file():  # a pipe can be read only once
            return False
        with path.open("rb") as file:
            return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER
    except OSError:
        return False


def to_read_only_uri(database: Path) -> str:
    """Return the URI that opens *database* read-only."""
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
    # A name too long, or no permission: reported when the path is read.
    except OSError:
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
    """Return those of *inside*, the files of a folder or pattern *path*, that may be plans.

    *note* is called about the others, and about plans in the *folders* below.
    """
    skipped = {each: what for each in inside if (what := _detect_other_file(each))}
    plans = [each for each in inside if each not in skipped]
    names = [
        _("{file} ({what})").format(file=each.name if path.is_dir() else each, what=what)
        for each, what in skipped.items()
    ]
    others = _(", ").join(names[:MAX_NAMES_SHOWN])
    more = (
        _(" and {n} more").format(n=len(skipped) - MAX_NAMES_SHOWN)
        if len(skipped) > MAX_NAMES_SHOWN
        else ""
    )
    below = _find_plan_below(folders)
    pattern = f'"{path / "**" / "*.yaml"}"'
    if plans:
        if skipped:
            message = _("skipped in {file}, because they are not plans: {names}")
            note(message.format(file=path, names=others + more))
        if below:
            message = _(
                "plans in folders below are not read: {file}; to read them: --plan {pattern}"
            )
            note(message.format(file=below, pattern=pattern))
        return plans
    message = _("{file} contains no plan") if path.is_dir() else _("{file} matches no plan")
    hint = _("a plan is a .yaml file")
    if skipped:
        hint = _("not plans: {names}").format(names=others + more)
    if below:
        hint = _("folders below contain plans, such as {file}: --plan {pattern}")
        hint = hint.format(file=below, pattern=pattern)
    raise BadPlan(message.format(file=path), hint=hint)


def _detect_other_file(file: Path) -> str:
    """Return what *file* is if it is clearly no plan; empty where it may be one."""
    try:
        if not file.is_file():
            return "" if not file.exists() else _("a folder") if file.is_dir() else _("a pipe")
        foreign = None if is_database(file) else foreign_files.detect_foreign_file(file)
    except OSError:
        return ""  # reported when the file is read
    if not foreign:
        return ""
    keys = ", ".join(foreign.keys[:3]) or _("a list")
    return _("progress file") if foreign.is_progress else _("it has {keys}").format(keys=keys)


def _find_plan_below(folders: Iterable[Path]) -> Path | None:
    """Return a possible plan in *folders* or below, among the first ``MAX_ENTRIES`` entries."""
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
    """Whether *path* is a pattern rather than the name of an existing file or folder."""
    return any(mark in str(path) for mark in "*?[") and not os.path.exists(path)


def expand_pattern(pattern: str) -> list[str]:
    """Return the files that match *pattern*, sorted; existing parts of the path match literally.

    皖政[2022]/*.txt means the folder 皖政[2022]; [2022] stands for one of these characters only where
    nothing matches otherwise.
    """
    from glob import escape, glob  # needed for patterns only

    path = Path(pattern)
    there = next((each for each in path.parents if each.parts and each.exists()), Path())
    rest = path.relative_to(there)
    start = escape(str(there)) if there.parts else ""
    for each in (str(rest).replace("[", "[[]"), str(rest)):
        if matches := sorted(glob(os.path.join(start, each), recursive=True)):
            return matches
    return []
