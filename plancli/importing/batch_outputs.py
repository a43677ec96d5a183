"""Where the plans of many documents go: a file and an id for each, the same at every run."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple
from unicodedata import normalize

import yaml

from plancli.system import files
from plancli.yamlfile.mistakes import YAML_LOADER

MAX_NAME_BYTES = 200  # bytes of a name; systems take 255, and a draft's name is longer


class ExistingPlan(NamedTuple):
    """A plan that is in the folder already."""

    id: str
    source: str  # the real path of the document it says it comes from


def find_existing_plans(folder: Path) -> dict[Path, ExistingPlan]:
    """Return the plans in *folder*, which need not be there, by their files."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        file: _read_existing_plan(file)
        for file in found
        if files.is_possible_plan(file) and file.is_file()
    }


def _read_existing_plan(file: Path) -> ExistingPlan:
    try:
        raw = file.read_bytes()
    except OSError:  # whoever asks the plans is told
        return ExistingPlan("", "")
    before, _lists, _rest = raw.partition(b"\nlists:")  # all that is wanted, and soon read
    data = _load_yaml(before)
    data = data if "id" in data else _load_yaml(raw)
    origin = data.get("source")
    name = origin.get("file") if isinstance(origin, dict) else None
    document = _resolve_document(file, str(name)) if name else ""
    return ExistingPlan(str(data.get("id", "")), document)


def _resolve_document(plan: Path, name: str) -> str:
    """Return the real path of *name*, seen from the file *plan*; "" where it is on a server."""
    if PureWindowsPath(name).anchor.startswith("\\\\"):  # to look there is to log in there
        return ""
    try:
        return os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(plan)), name))
    except ValueError:  # no name that a file can have
        return ""


def _load_yaml(raw: bytes) -> dict[str, Any]:
    try:
        data = yaml.load(raw, YAML_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return {}  # no plan: told by whoever opens it
    return data if isinstance(data, dict) else {}


def assign_targets(
    documents: Sequence[Path], folder: Path, there: Mapping[Path, ExistingPlan]
) -> list[Path]:
    """Return the file in *folder* for the plan of each of *documents*, which are sorted.

    That of an earlier run, if a plan there says it comes from the document; else the document's
    stem; where that fits several, or is the plan of another document that is still there, more of
    its name and folders; at last a number.
    """
    before = {each.source: file for file, each in there.items() if each.source}
    given: dict[Path, Path] = {}
    for document in documents:
        if file := before.pop(os.path.realpath(document), None):
            given[document] = file
    others = [file for source, file in before.items() if os.path.exists(source)]
    taken = {_normalize_file_name(file.name) for file in (*given.values(), *others)}
    for called in _list_naming_schemes(documents):
        left = {document: called(document) for document in documents if document not in given}
        counts = Counter(map(_normalize_file_name, left.values()))
        for document, name in left.items():
            free = (
                counts[_normalize_file_name(name)] == 1 and _normalize_file_name(name) not in taken
            )
            if free and files.is_possible_plan(Path(name)):
                given[document] = folder / name
        taken |= {_normalize_file_name(file.name) for file in given.values()}
    for document in documents:
        if document not in given:
            numbered = (
                _format_file_name(document.stem, f"-{n}")
                for n in range(2, len(documents) + len(taken) + 3)
            )
            name = next(name for name in numbered if _normalize_file_name(name) not in taken)
            given[document] = folder / name
            taken.add(_normalize_file_name(name))
    return [given[document] for document in documents]


def _list_naming_schemes(documents: Iterable[Path]) -> list[Callable[[Path], str]]:
    """Return ways of calling a plan after its document, the shorter first."""
    deepest = max((len(each.parent.parts) for each in documents), default=0)

    def build_schemes(depth: int) -> list[Callable[[Path], str]]:
        def get_folders(path: Path) -> list[str]:
            return [part for part in path.parent.parts if part not in ("..", path.anchor)][-depth:]

        return [
            lambda path: _format_file_name("-".join((*get_folders(path), path.stem))),
            lambda path: _format_file_name("-".join((*get_folders(path), path.name))),
        ]

    plain = [lambda path: _format_file_name(path.stem), lambda path: _format_file_name(path.name)]
    return [*plain, *(way for depth in range(1, deepest + 1) for way in build_schemes(depth))]


def _format_file_name(name: str, behind: str = "") -> str:
    room = MAX_NAME_BYTES - len(behind)
    return (
        name.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore") + behind + ".yaml"
    )


def _normalize_file_name(name: str) -> str:
    """Return what two names share that a system takes for one."""
    return normalize("NFC", name).casefold()


class PlanIds:
    """Gives each plan an id that no other plan in the folder has."""

    def __init__(self, there: Mapping[Path, ExistingPlan]) -> None:
        self._there = there
        self._owner: dict[str, Path] = {}
        for file, each in there.items():
            self._owner.setdefault(each.id, file)

    def assign(self, file: Path, wanted: str) -> str:
        """Return the id of the plan *file*: *wanted*, else *wanted* with a number behind it.

        A plan that has been there keeps its number.
        """
        if file in self._there:
            own = self._there[file].id
            if re.fullmatch(rf"{re.escape(wanted)}-\d+", own) and self._owner[own] == file:
                return own
        id, n = wanted, 1
        while self._owner.setdefault(id, file) != file:
            n += 1
            id = f"{wanted}-{n}"
        return id


def compute_relative_source(document: Path, output: Path | None) -> str:
    """Return where *document* is, seen from the plan's file *output*."""
    if document == files.STDIN:
        return ""
    folder = os.path.realpath(".")
    if output and output != files.STDIN:
        folder = os.path.dirname(os.path.realpath(output))
    real = os.path.join(os.path.realpath(document.parent), document.name)  # links lead to ".."
    try:
        name = Path(os.path.relpath(real, folder)).as_posix()
    except ValueError:  # on another drive
        return document.resolve().as_posix()
    return f"./{name}" if PureWindowsPath(name).anchor else name  # a:b.txt is not on a drive
