"""Find the documents to import in files, folders and patterns."""

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

# Hidden files and folders, and those that programs and systems create beside documents.
LEFTOVER_NAME = re.compile(
    r"\.|~\$|~.*\.tmp$|.*\.(?:tmp|bak|lnk|db-wal)$|(?:eh)?thumbs(?:_vista)?\.db$|desktop\.ini$|folder\.htt$"
    r"|icon\r$|__macosx$|@eadir$|\$recycle\.bin$|recycler$|system volume information$|#recycle$|lost\+found$",
    re.IGNORECASE,
)


class BatchInputs(NamedTuple):
    """Documents, sorted, and the suffixes of the files that were skipped."""

    documents: tuple[Path, ...]
    skipped_suffixes: Counter[str]


def is_leftover(name: str) -> bool:
    """Return whether the file or folder *name* is hidden, or created by a program or a system."""
    return LEFTOVER_NAME.match(name) is not None


def is_batch(sources: Sequence[Path]) -> bool:
    """Return whether *sources* may be more than one document."""
    return len(sources) > 1 or os.path.isdir(sources[0]) or is_pattern(sources[0])


def require_existing(sources: Sequence[Path]) -> None:
    """Raise PlanError if none of *sources* exists, or if joined by spaces they are one file."""
    missing = [each for each in sources if not (os.path.lexists(each) or is_pattern(each))]
    joined = " ".join(map(str, sources))
    if missing and (len(missing) == len(sources) or os.path.exists(joined)):
        raise PlanError(
            _("there is no file {file}").format(file=missing[0]),
            hint=_("put a name with spaces in quotes: {name}").format(name=f'"{joined}"'),
        )


def find_documents(sources: Sequence[Path], leave: Collection[Path] = ()) -> BatchInputs:
    """Return the documents in *sources*, each once, except those in or at *leave*.

    A file that is named explicitly is always taken; of a folder, only files with a known suffix.
    Errors: PlanError if a folder or a pattern contains no document.
    """
    if STDIN in sources:
        raise BadUsage(
            _("standard input cannot be combined with other documents"),
            hint=_("read it alone: plancli import - -o plan.yaml"),
        )
    excluded = {os.path.realpath(each) for each in leave}
    documents: dict[str, Path] = {}
    files: dict[str, Path] = {}
    for each in sources:
        expanded = list(_expand_source(each, excluded))
        is_named = expanded == [each]
        taken = [file for file in expanded if is_named or readers.is_document_name(file.name)]
        if not taken:
            raise _make_empty_error(each)
        for some, collected in ((expanded, files), (taken, documents)):
            for file in some:
                collected.setdefault(os.path.realpath(file), file)
    skipped = (file.suffix.lower() for path, file in files.items() if path not in documents)
    return BatchInputs(tuple(sorted(documents.values())), Counter(skipped))


def _make_empty_error(source: Path) -> PlanError:
    folder = os.path.isdir(source)
    message = _("{file} contains no document") if folder else _("{file} matches no document")
    hint = _("supported suffixes: {names}").format(names=" ".join(readers.FORMAT_BY_SUFFIX))
    return PlanError(message.format(file=source), hint=hint)


def _expand_source(path: Path, excluded: Collection[str]) -> Iterator[Path]:
    if os.path.isdir(path):
        yield from _iter_folder(path, excluded)
    elif is_pattern(path):
        for name in expand_pattern(str(path)):
            yield from _expand_match(Path(name), excluded)
    else:
        yield path


def _expand_match(path: Path, excluded: Collection[str]) -> Iterator[Path]:
    if os.path.realpath(path) in excluded or is_leftover(path.name):
        return
    if os.path.isdir(path):
        yield from _iter_folder(path, excluded)
    elif path.is_file():
        yield path


def _iter_folder(folder: Path, excluded: Collection[str]) -> Iterator[Path]:
    unread: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unread.append(Path(str(error.filename))))
    for name, folders, names in walk:
        parent = Path(name)
        folders[:] = [each for each in folders if _is_visible(parent / each, excluded)]
        paths = [parent / each for each in names]
        yield from (path for path in paths if _is_visible(path, excluded) and path.is_file())
    if unread:
        raise PlanError(
            _("cannot read the folder {file}").format(file=unread[0]),
            hint=_("get read permission for it, or name the other folders"),
        )


def _is_visible(path: Path, excluded: Collection[str]) -> bool:
    return not is_leftover(path.name) and os.path.realpath(path) not in excluded
