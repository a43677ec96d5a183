"""A database made of plans: each is read, told apart from the others, and written."""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

from sqlite_utils import Database

from plancli import build, files, preparing, source
from plancli.errors import BadPlan
from plancli.lang import _
from plancli.originals import Original
from plancli.rows import Rows

WATCHED = 2 << 20  # bytes of plans, which take long enough to be watched
DRAFT = (  # it is thrown away if it fails, and nobody else reads it
    "PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536"
)


def made(target: str, plans: Sequence[Original], marks: str) -> sqlite3.Connection:
    """Return the database of *plans*, written to *target*, a new file or ``:memory:``.

    *marks* is SQL that is run last: a file without them is not whole.
    Errors: BadPlan where a plan is not right; of SQLite where it cannot write.
    """
    known = source.registry(*map(files.read, files.REGISTRIES))
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
    seen: set[str] = set()
    for original, each in zip(plans, rows, strict=True):
        if (id := each.plan.id) in seen:
            message = _("{file}: another plan has the id {id}, too")
            raise BadPlan(
                message.format(file=original.name, id=id), hint=_("give each plan an id of its own")
            )
        seen.add(id)
        yield each


def _watched(rows: Iterator[Rows], plans: Sequence[Original]) -> Generator[Rows, None, None]:
    """Yield *rows*, counted on a terminal where they are many; the API prints nothing."""
    if sum(each.size for each in plans) < WATCHED or not preparing.ours():
        yield from rows
        return
    from plancli.render import progress

    yield from progress.tracked(rows, len(plans), _("reading plans"))
