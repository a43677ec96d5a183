"""A database made of plans: each is read, told apart from the others, and written."""

import re
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from plancli import build, preparing, source
from plancli.errors import BadPlan
from plancli.lang import _
from plancli.originals import Original
from plancli.rows import Rows

WATCHED = 2 << 20  # bytes of plans, which take long enough to be watched
COPY = re.compile(  # in the name of a file that a sync program, an office suite or a person copied
    r"sync-conflict|conflict|冲突|副本|备份|拷贝|\bcop(?:y|ie)\b|\bkopie\b|[(（]\d+[)）]$|~\d*$",
    re.IGNORECASE,
)
DRAFT = (  # it is thrown away if it fails, and nobody else reads it
    "PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536"
)


def made(target: str, plans: Sequence[Original], marks: str) -> sqlite3.Connection:
    """Return the database of *plans*, written to *target*, a new file or ``:memory:``.

    *marks* is SQL that is run last: a file without them is not whole.
    Errors: BadPlan where a plan is not right; of SQLite where it cannot write.
    """
    known = source.load_default_registry()
    db = sqlite3.connect(target)
    try:
        db.executescript(DRAFT)
        with (
            closing(preparing.prepared(plans, known)) as rows,
            closing(_watched(_told_apart(plans, rows), plans)) as seen,
        ):
            fresh = Database(db, execute_plugins=False)  # to look for some takes long
            build.load(fresh, seen, known)
        db.executescript(marks)
    except BaseException:
        db.close()  # some systems delete no open file
        raise
    return db


def _told_apart(plans: Sequence[Original], rows: Iterator[Rows]) -> Iterator[Rows]:
    """Yield *rows*, which are those of *plans*; each must have an id of its own."""
    seen: dict[str, str] = {}
    for original, each in zip(plans, rows, strict=True):
        if (id := each.plan.id) in seen:
            raise _same_id(id, seen[id], original.name)
        seen[id] = original.name
        yield each


def _same_id(id: str, first: str, second: str) -> BadPlan:
    """Return the error of two files with one *id*; a copy of the other is told by its name."""
    message = _("{file}: another plan has the id {id}, too: {other}")
    hint = _("give each plan an id of its own, or take one of the two out")
    copies = [name for name in (first, second) if COPY.search(Path(name).stem)]
    if len(copies) == 1:
        (copy,) = copies
        original = second if copy == first else first
        hint = _(
            "by its name, {copy} is a copy that a sync program or a person made: compare the two"
            " (plancli diff {original} {copy}), and take one out of the folder"
        ).format(copy=_typed(copy), original=_typed(original))
        first, second = original, copy
    return BadPlan(message.format(file=second, id=id, other=first), hint=hint)


def _typed(name: str) -> str:
    """Return *name* as it is typed on a command line."""
    return name if re.fullmatch(r"[\w./:-]+", name) else f'"{name}"'


def _watched(rows: Iterator[Rows], plans: Sequence[Original]) -> Generator[Rows, None, None]:
    """Yield *rows*, counted on a terminal where they are many; the API prints nothing."""
    if sum(each.size for each in plans) < WATCHED or not preparing.ours():
        yield from rows
        return
    from plancli.render import progress

    yield from progress.tracked(rows, len(plans), _("reading plans"))
