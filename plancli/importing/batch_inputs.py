"""What people name -> the documents to be read: files, folders with all in them, patterns."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from plancli.errors import BadUsage, PlanError
from plancli.i18n import _
from plancli.importing import readers
from plancli.system.files import STDIN, expand_pattern, is_pattern

# Names of files and folders that are hidden, or that programs and systems leave among others.
LEFTOVER_NAME = re.compile(
    r"\.|~\$|~.*\.tmp$|.*\.(?:tmp|bak|lnk|db-wal)$|(?:eh)?thumbs(?:_vista)?\.db$|desktop\.ini$|folder\.htt$"
    r"|icon\r$|__macosx$|@eadir$|\$recycle\.bin$|recycler$|system volume information$|#recycle$|lost\+found$",
    re.IGNORECASE,
)


class BatchInputs(NamedTuple):
    """Documents, sorted, and the suffixes of the files that were passed over."""

    documents: tuple[Path, ...]
    skipped_suffixes: Counter[str]


def is_leftover(name: str) -> bool:
    """Whether nobody means the file or folder *name*: hidden, or left by a program or a system."""
    return LEFTOVER_NAME.match(name) is not None


def is_batch(sources: Sequence[Path]) -> bool:
    """Whether *sources* may be more than one document."""
    return len(sources) > 1 or os.path.isdir(sources[0]) or is_pattern(sources[0])


def require_existing(sources: Sequence[Path]) -> None:
    """Refuse *sources* of which none is there, or which together are the name of one."""
    missing = [each for each in sources if not (os.path.lexists(each) or is_pattern(each))]
    whole = " ".join(map(str, sources))
    if missing and (len(missing) == len(sources) or os.path.exists(whole)):
        raise PlanError(
            _("there is no file {file}").format(file=missing[0]),
            hint=_("put a name with spaces in quotes: {name}").format(name=f'"{whole}"'),
        )


def find_documents(sources: Sequence[Path], leave: Collection[Path] = ()) -> BatchInputs:
    """Return the documents that *sources* name, each once, but those in or at *leave*.

    A file that is named is meant, whatever it is; of a folder, only what a reader takes.
    Errors: PlanError where a folder or a pattern holds none.
    """
    if STDIN in sources:
        raise BadUsage(
            _("standard input cannot be combined with other documents"),
            hint=_("read it alone: plancli import - -o plan.yaml"),
        )
    left = {os.path.realpath(each) for each in leave}
    found: dict[str, Path] = {}
    passed: dict[str, Path] = {}
    for each in sources:
        opened = list(_expand_source(each, left))
        named = opened == [each]
        taken = [file for file in opened if named or readers.is_document_name(file.name)]
        if not taken:
            raise _make_empty_error(each)
        for files, kept in ((opened, passed), (taken, found)):
            for file in files:
                kept.setdefault(os.path.realpath(file), file)
    rest = (file.suffix.lower() for where, file in passed.items() if where not in found)
    return BatchInputs(tuple(sorted(found.values())), Counter(rest))


def _make_empty_error(source: Path) -> PlanError:
    folder = os.path.isdir(source)
    said = _("{file} contains no document") if folder else _("{file} matches no document")
    hint = _("supported suffixes: {names}").format(names=" ".join(readers.FORMAT_BY_SUFFIX))
    return PlanError(said.format(file=source), hint=hint)


def _expand_source(path: Path, left: Collection[str]) -> Iterator[Path]:
    if os.path.isdir(path):
        yield from _iter_folder(path, left)
    elif is_pattern(path):
        for name in expand_pattern(str(path)):
            yield from _expand_match(Path(name), left)
    else:
        yield path


def _expand_match(path: Path, left: Collection[str]) -> Iterator[Path]:
    if os.path.realpath(path) in left or is_leftover(path.name):
        return
    if os.path.isdir(path):
        yield from _iter_folder(path, left)
    elif path.is_file():
        yield path


def _iter_folder(folder: Path, left: Collection[str]) -> Iterator[Path]:
    unread: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unread.append(Path(str(error.filename))))
    for name, folders, names in walk:
        there = Path(name)
        folders[:] = [each for each in folders if _is_visible(there / each, left)]
        paths = [there / each for each in names]
        yield from (path for path in paths if _is_visible(path, left) and path.is_file())
    if unread:
        raise PlanError(
            _("cannot read the folder {file}").format(file=unread[0]),
            hint=_("get read permission for it, or name the other folders"),
        )


def _is_visible(path: Path, left: Collection[str]) -> bool:
    return not is_leftover(path.name) and os.path.realpath(path) not in left
