"""Choose a file and an id for the plan of each document, the same in every run."""

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

MAX_NAME_BYTES = 200  # systems accept 255; the name of the temporary file is longer


class ExistingPlan(NamedTuple):
    """A plan that exists in the folder."""

    id: str
    source: str  # the real path of its source document


def find_existing_plans(folder: Path) -> dict[Path, ExistingPlan]:
    """Return file -> plan for the plans in *folder*, which need not exist."""
    children = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        file: _read_existing_plan(file)
        for file in children
        if files.is_possible_plan(file) and file.is_file()
    }


def _read_existing_plan(file: Path) -> ExistingPlan:
    try:
        raw = file.read_bytes()
    except OSError:  # reported when the plan is opened
        return ExistingPlan("", "")
    before, _lists, _rest = raw.partition(b"\nlists:")  # enough in most files, and fast to parse
    data = _load_yaml(before)
    data = data if "id" in data else _load_yaml(raw)
    origin = data.get("source")
    name = origin.get("file") if isinstance(origin, dict) else None
    document = _resolve_document(file, str(name)) if name else ""
    return ExistingPlan(str(data.get("id", "")), document)


def _resolve_document(plan: Path, name: str) -> str:
    """Return the real path of *name*, relative to the file *plan*; "" for a server path."""
    if PureWindowsPath(name).anchor.startswith("\\\\"):  # access would log in to the server
        return ""
    try:
        return os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(plan)), name))
    except ValueError:  # not a valid file name
        return ""


def _load_yaml(raw: bytes) -> dict[str, Any]:
    try:
        data = yaml.load(raw, YAML_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return {}  # not a plan; reported when it is opened
    return data if isinstance(data, dict) else {}


def assign_targets(
    documents: Sequence[Path], folder: Path, existing: Mapping[Path, ExistingPlan]
) -> list[Path]:
    """Return the file in *folder* for the plan of each of *documents*, which are sorted.

    It is the file of an earlier run, if an existing plan has the document as its source; otherwise
    the document's stem; if that is not unique, or used by the plan of another existing document,
    more of its name and folders; finally a number is added.
    """
    by_source = {each.source: file for file, each in existing.items() if each.source}
    targets: dict[Path, Path] = {}
    for document in documents:
        if file := by_source.pop(os.path.realpath(document), None):
            targets[document] = file
    others = [file for source, file in by_source.items() if os.path.exists(source)]
    taken = {_normalize_file_name(file.name) for file in (*targets.values(), *others)}
    for format_name in _list_naming_schemes(documents):
        names = {each: format_name(each) for each in documents if each not in targets}
        counts = Counter(map(_normalize_file_name, names.values()))
        for document, name in names.items():
            key = _normalize_file_name(name)
            if counts[key] == 1 and key not in taken and files.is_possible_plan(Path(name)):
                targets[document] = folder / name
        taken |= {_normalize_file_name(file.name) for file in targets.values()}
    for document in documents:
        if document not in targets:
            numbered = (
                _format_file_name(document.stem, f"-{n}")
                for n in range(2, len(documents) + len(taken) + 3)
            )
            name = next(name for name in numbered if _normalize_file_name(name) not in taken)
            targets[document] = folder / name
            taken.add(_normalize_file_name(name))
    return [targets[document] for document in documents]


def _list_naming_schemes(documents: Iterable[Path]) -> list[Callable[[Path], str]]:
    """Return functions from a document to the name of its plan's file, shorter names first."""
    deepest = max((len(each.parent.parts) for each in documents), default=0)

    def build_schemes(depth: int) -> list[Callable[[Path], str]]:
        def get_folders(path: Path) -> list[str]:
            return [part for part in path.parent.parts if part not in ("..", path.anchor)][-depth:]

        return [
            lambda path: _format_file_name("-".join((*get_folders(path), path.stem))),
            lambda path: _format_file_name("-".join((*get_folders(path), path.name))),
        ]

    plain = [lambda path: _format_file_name(path.stem), lambda path: _format_file_name(path.name)]
    schemes = (scheme for depth in range(1, deepest + 1) for scheme in build_schemes(depth))
    return [*plain, *schemes]


def _format_file_name(name: str, suffix: str = "") -> str:
    room = MAX_NAME_BYTES - len(suffix)
    stem = name.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore")
    return f"{stem}{suffix}.yaml"


def _normalize_file_name(name: str) -> str:
    """Return the form in which names are equal that some systems take for one."""
    return normalize("NFC", name).casefold()


class PlanIds:
    """Assigns each plan an id that no other plan in the folder has."""

    def __init__(self, existing: Mapping[Path, ExistingPlan]) -> None:
        self._existing = existing
        self._owner: dict[str, Path] = {}
        for file, each in existing.items():
            self._owner.setdefault(each.id, file)

    def assign(self, file: Path, wanted: str) -> str:
        """Return the id of the plan *file*: *wanted*, or *wanted* with a number.

        An existing plan keeps its number.
        """
        if file in self._existing:
            own = self._existing[file].id
            if re.fullmatch(rf"{re.escape(wanted)}-\d+", own) and self._owner[own] == file:
                return own
        id, n = wanted, 1
        while self._owner.setdefault(id, file) != file:
            n += 1
            id = f"{wanted}-{n}"
        return id


def compute_relative_source(document: Path, output: Path | None) -> str:
    """Return the path of *document* relative to the plan's file *output*."""
    if document == files.STDIN:
        return ""
    folder = os.path.realpath(".")
    if output and output != files.STDIN:
        folder = os.path.dirname(os.path.realpath(output))
    real = os.path.join(os.path.realpath(document.parent), document.name)  # resolve linked folders
    try:
        name = Path(os.path.relpath(real, folder)).as_posix()
    except ValueError:  # on another drive
        return document.resolve().as_posix()
    return f"./{name}" if PureWindowsPath(name).anchor else name  # a:b.txt looks like a drive
