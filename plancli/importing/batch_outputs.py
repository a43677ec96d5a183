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
from plancli.yamlfile.mistakes import LOADER

LONGEST = 200  # bytes of a name; systems take 255, and a draft's name is longer


class There(NamedTuple):
    """A plan that is in the folder already."""

    id: str
    source: str  # the real path of the document it says it comes from


def there(folder: Path) -> dict[Path, There]:
    """Return the plans in *folder*, which need not be there, by their files."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {file: _head(file) for file in found if files.may_be_plan(file) and file.is_file()}


def _head(file: Path) -> There:
    try:
        raw = file.read_bytes()
    except OSError:  # whoever asks the plans is told
        return There("", "")
    before, _lists, _rest = raw.partition(b"\nlists:")  # all that is wanted, and soon read
    data = _loaded(before)
    data = data if "id" in data else _loaded(raw)
    origin = data.get("source")
    name = origin.get("file") if isinstance(origin, dict) else None
    document = _document(file, str(name)) if name else ""
    return There(str(data.get("id", "")), document)


def _document(plan: Path, name: str) -> str:
    """Return the real path of *name*, seen from the file *plan*; "" where it is on a server."""
    if PureWindowsPath(name).anchor.startswith("\\\\"):  # to look there is to log in there
        return ""
    try:
        return os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(plan)), name))
    except ValueError:  # no name that a file can have
        return ""


def _loaded(raw: bytes) -> dict[str, Any]:
    try:
        data = yaml.load(raw, LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return {}  # no plan: told by whoever opens it
    return data if isinstance(data, dict) else {}


def targets(documents: Sequence[Path], folder: Path, there: Mapping[Path, There]) -> list[Path]:
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
    taken = {_same(file.name) for file in (*given.values(), *others)}
    for called in _ways(documents):
        left = {document: called(document) for document in documents if document not in given}
        counts = Counter(map(_same, left.values()))
        for document, name in left.items():
            free = counts[_same(name)] == 1 and _same(name) not in taken
            if free and files.may_be_plan(Path(name)):
                given[document] = folder / name
        taken |= {_same(file.name) for file in given.values()}
    for document in documents:
        if document not in given:
            numbered = (
                _cut(document.stem, f"-{n}") for n in range(2, len(documents) + len(taken) + 3)
            )
            name = next(name for name in numbered if _same(name) not in taken)
            given[document] = folder / name
            taken.add(_same(name))
    return [given[document] for document in documents]


def _ways(documents: Iterable[Path]) -> list[Callable[[Path], str]]:
    """Return ways of calling a plan after its document, the shorter first."""
    deepest = max((len(each.parent.parts) for each in documents), default=0)

    def behind(depth: int) -> list[Callable[[Path], str]]:
        def folders(path: Path) -> list[str]:
            return [part for part in path.parent.parts if part not in ("..", path.anchor)][-depth:]

        return [
            lambda path: _cut("-".join((*folders(path), path.stem))),
            lambda path: _cut("-".join((*folders(path), path.name))),
        ]

    plain = [lambda path: _cut(path.stem), lambda path: _cut(path.name)]
    return [*plain, *(way for depth in range(1, deepest + 1) for way in behind(depth))]


def _cut(name: str, behind: str = "") -> str:
    room = LONGEST - len(behind)
    return (
        name.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore") + behind + ".yaml"
    )


def _same(name: str) -> str:
    """Return what two names share that a system takes for one."""
    return normalize("NFC", name).casefold()


class Ids:
    """Gives each plan an id that no other plan in the folder has."""

    def __init__(self, there: Mapping[Path, There]) -> None:
        self._there = there
        self._owner: dict[str, Path] = {}
        for file, each in there.items():
            self._owner.setdefault(each.id, file)

    def of(self, file: Path, wanted: str) -> str:
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


def beside(document: Path, output: Path | None) -> str:
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
