"""Find the plans, open their database read-only, build it if it is not there.

A database in the cache is named by what it was built from and by its own checksum, so it is either
exactly right or not there (a very large one is not read through at every start).  One process
builds, others wait; a killed build leaves only a draft, which the next build removes.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from plancli import __version__, files, originals
from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.lang import _, why
from plancli.originals import Original, checksum, digest

if TYPE_CHECKING:
    from plancli.rows import Rows

FORMAT = 6  # raise when schema.sql, or what build writes into it, changes
NO_ROOM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)
CHECKED = 32 << 20  # bytes; a larger file is not read whole at every start
WATCHED = 2 << 20  # bytes of plans, which take long enough to be watched
PATIENCE = 3600  # seconds; a million tasks take some minutes to build
LONG_AGO = 90 * 24 * 3600  # seconds
NAMED = 20  # characters of a plan's name in its database's: systems take 255 bytes in all
NOWHERE = os.devnull  # a folder that cannot be made: the home of a user who has none
KEPT = (".db", ".draft", ".lock")  # in the cache
DRAFT = (  # it is thrown away if it fails, and nobody else reads it
    "PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536"
)
MARKS = ("application_id", "user_version")
OURS = 0x504C414E  # the application id of the databases: PLAN


def open_plans(paths: Sequence[str], note: Callable[[str], None]) -> sqlite3.Connection:
    """Open the database of the plans at *paths* (files, folders, or one database), read-only.

    *note* is told, in a sentence, of what the user should know: the cache cannot be written.
    Errors: BadPlan where a plan is not right; PlanError where it cannot be read.
    """
    plans = files.plan_files(paths)
    if len(plans) == 1 and files.is_database(plans[0]):
        return _given(plans[0])
    found = _originals(plans)
    made_by = f"{__version__} {FORMAT}".encode()
    registries = map(files.read, files.REGISTRIES)
    named = digest(made_by, *registries, *(each.digest for each in found)).hex()
    prefix = f"{plans[0].stem[:NAMED]}-{named}"
    if (file := _cached(prefix)) is None:
        try:
            file = _build(prefix, found)
        except OSError as error:
            note(_("the cache cannot be written ({why}): built in memory").format(why=why(error)))
            return _built(":memory:", found)
    return _connect(file)


def no_room(error: sqlite3.Error) -> bool:
    """Whether SQLite could not write, here or in its own temporary files."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in NO_ROOM  # the rest says where


def keep(target: Path, paths: Sequence[str]) -> None:
    """Write the database of the plans at *paths* to *target*, a new file or a database of ours."""
    if target == files.STDIN or target.suffix.lower() in (".yaml", ".yml"):
        raise BadUsage(
            _("{file} is no name for a database").format(file=target),
            hint=_("for example: plancli build -o plan.db"),
        )
    if target.is_file() and not _is_ours(target):
        raise PlanError(
            _("{file} is there already, and no database of plancli").format(file=target),
            hint=_("choose another file with --output"),
        )
    found = _originals(files.plan_files(paths))
    files.write_whole(target, lambda draft: _built(str(draft), found).close())


def hold(plans: Sequence[tuple[str, bytes]], paths: Sequence[str]) -> sqlite3.Connection:
    """Return a database in memory of *plans*, each a name and its YAML, and of those at *paths*.

    Errors: BadPlan where a plan is not right, or two have one id.
    """
    told = enumerate(dict.fromkeys(plans), 1)
    held = [originals.of_bytes(f"{name} #{n}", raw) for n, (name, raw) in told]
    return _built(":memory:", held + (_originals(files.plan_files(paths)) if paths else []))


def _originals(plans: Sequence[Path]) -> list[Original]:
    """Return the plans at *plans*; a database gives those that it was built from.

    The same bytes count once.
    """
    found: dict[bytes, Original] = {}
    for path in plans:
        if files.is_database(path):
            with closing(_given(path)) as db:
                own = list(originals.within(path, db))
        else:
            own = [originals.of_file(path)]
        for each in own:
            found.setdefault(each.digest, each)
    return list(found.values())


def cache_dir() -> Path:
    """Return the folder of built databases: PLANCLI_CACHE, else the user's own cache."""
    if folder := os.environ.get("PLANCLI_CACHE"):
        return Path(folder)
    if sys.platform == "linux":  # as XDG has it; to import platformdirs takes longer than to open
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
        return Path(base if os.path.isabs(base) else NOWHERE, "plancli")
    from platformdirs import user_cache_path

    return user_cache_path("plancli", appauthor=False)


def _cached(prefix: str) -> Path | None:
    """Return the database in the cache, if it is there and whole."""
    try:
        names = os.listdir(cache_dir())
    except OSError:
        return None
    for name in names:
        if name.startswith(prefix) and name.endswith(".db"):
            file = cache_dir() / name
            if _whole(file):
                return file
    return None


def _whole(file: Path) -> bool:
    """Whether the file's bytes are those it was named for; of a very large one, not asked."""
    try:
        if file.stat().st_size > CHECKED:
            return True
        return file.name.endswith(f"-{checksum(file)}.db")
    except OSError:
        return False


def _build(prefix: str, plans: Sequence[Original]) -> Path:
    folder = cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f"{prefix}.lock"):
        if file := _cached(prefix):  # another process has built it meanwhile
            return file
        for left in folder.iterdir():  # of a build that was killed, or damaged, or long ago
            same = left.name.startswith(prefix) and left.suffix != ".lock"
            if same or (left.suffix in KEPT and time.time() - left.stat().st_mtime > LONG_AGO):
                left.unlink(missing_ok=True)
        draft = folder / f"{prefix}-{os.getpid()}.draft"
        try:
            _built(str(draft), plans).close()
            file = folder / f"{prefix}-{checksum(draft)}.db"
            return draft.replace(file)
        except sqlite3.OperationalError as error:
            if no_room(error):
                raise OSError(str(error)) from error
            raise
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other processes out; OSError where that takes longer than any build should."""
    from filelock import FileLock  # only where a database is built

    with FileLock(lock, timeout=PATIENCE):  # its Timeout is an OSError
        yield


def _built(target: str, plans: Sequence[Original]) -> sqlite3.Connection:
    from sqlite_utils import Database  # slow to import: only where a database is built

    from plancli import build, preparing, source

    known = source.registry(*map(files.read, files.REGISTRIES))
    db = sqlite3.connect(target)
    db.executescript(DRAFT)
    try:
        with (
            closing(preparing.prepared(plans, known)) as rows,
            closing(_watched(_told_apart(plans, rows), plans)) as seen,
        ):
            fresh = Database(db, execute_plugins=False)  # to look for some takes long
            build.load(fresh, seen, known)
        db.executescript(f"PRAGMA application_id = {OURS}; PRAGMA user_version = {FORMAT}")
    except BaseException:
        db.close()  # some systems delete no open file
        raise
    return db


def _told_apart(plans: Sequence[Original], rows: "Iterator[Rows]") -> "Iterator[Rows]":
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


def _watched(rows: "Iterator[Rows]", plans: Sequence[Original]) -> "Generator[Rows, None, None]":
    """Yield *rows*, counted on a terminal where they are many; the API prints nothing."""
    from plancli import preparing

    if sum(each.size for each in plans) < WATCHED or not preparing.ours():
        yield from rows
        return
    from plancli.render import progress

    yield from progress.tracked(rows, len(plans), _("reading plans"))


def _is_ours(file: Path, *, whole: bool = False) -> bool:
    """Whether *file* is a database of ours; with *whole*, of this version and undamaged."""
    if not files.is_database(file):
        return False
    try:
        with closing(_connect(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in MARKS)
            if not whole or (ours, version) != (OURS, FORMAT):
                return not whole and bool(ours == OURS)
            large = file.stat().st_size > CHECKED
            return large or db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _given(file: Path) -> sqlite3.Connection:
    """Open a database that the user names, which may be anything."""
    if _is_ours(file, whole=True):
        return _connect(file)
    raise BadPlan(
        _("{file} is damaged, or no database of this version of plancli").format(file=file),
        hint=_("make it anew from the plan: plancli build -o FILE.db"),
    )


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(files.read_only(file), uri=True)


def path_of(db: sqlite3.Connection) -> str:
    """Return the file of *db*, or ``""`` where it is in memory."""
    return str(db.execute("PRAGMA database_list").fetchone()[2])
