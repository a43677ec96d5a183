"""The files of plans: which there are, and reading them."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.lang import _, why
from plancli.system import protection

HERE = Path(__file__).parent
# In a checkout the data lie beside the package.
DATA = next(
    (path for path in (HERE / "data", HERE.parent / "data") if path.is_dir()), HERE / "data"
)
SHIPPED = DATA / "plan2022.yaml"
REGISTRIES = (DATA / "agencies.yaml", DATA / "regions.yaml")
STDIN = Path("-")
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
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


def is_standard_output(path: Path | None) -> bool:
    """Whether *path* means standard output, by whatever name.

    Written to by name, a file that the output is appended to would lose what it holds.
    """
    return str(path) in STANDARD_OUTPUT


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


def _bytes(path: Path, kind: type[PlanError], hint: str) -> bytes:
    if path == STDIN and not sys.stdin:  # closed by whoever called
        raise kind(_("standard input is closed"), hint=hint)
    try:
        if path == STDIN:
            protection.note_input(path, sys.stdin.buffer)
            data = _bounded(sys.stdin.buffer)
        else:
            with path.open("rb") as file:
                protection.note_input(path, file)
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
    yield from _without_pipes(found)


def _without_pipes(found: Sequence[Path]) -> Sequence[Path]:
    """Return *found*, which nobody named one by one; refuse a pipe or a device in it.

    Whoever opens one may wait for ever.  What cannot be read for another reason is said later.
    """
    for path in found:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise BadPlan(
                _("{file} is a pipe or a device, not a plan's file").format(file=path),
                hint=_("move it out of the folder, or name the plans one by one"),
            )
    return found


def _globbed(pattern: str) -> Iterator[Path]:
    from glob import glob  # only where a pattern is given

    found = [Path(name) for name in sorted(glob(pattern, recursive=True))]
    named = [path for path in found if may_be_plan(path) and not path.is_dir()]
    _without_pipes(named)
    plans = [path for path in found if path.is_file() and (path in named or is_database(path))]
    if not plans:
        raise BadPlan(
            _("{file} matches no plan").format(file=pattern), hint=_("a plan is a .yaml file")
        )
    yield from plans
