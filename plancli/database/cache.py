"""Find the plans, open their database read-only, build it if it is not there.

A database in the cache is named by what it was built from, its size and its checksum, so it is
either exactly right or not there.  A large one is not read through at every start: only if it was
written to since it was built.  One process of a user builds, others wait; what a killed build
leaves, the next build removes.
"""

import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from plancli import __version__
from plancli.database import inputs
from plancli.database.inputs import Original, checksum, digest
from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.i18n import _, why
from plancli.system import files, protection

FORMAT = 7  # raise when schema.sql, or what build writes into it, changes
NO_ROOM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)
CHECKED = 64 << 20  # bytes; a larger file is not read whole at every start
SOUND = 32 << 20  # bytes; the same of one that is not named by its checksum, which takes longer
PATIENCE = 30  # seconds to wait for another process that builds the same
LONG_AGO = 90 * 24 * 3600  # seconds
NAMED = 20  # characters of a plan's name in its database's: systems take 255 bytes in all
NOWHERE = os.devnull  # a folder that cannot be made: the home of a user who has none
CACHED = re.compile(r".+-[0-9a-f]{20}-[0-9a-f]+-[0-9a-f]+-[0-9a-f]{8}\.db")
ID_AT = 68  # where a database has its application id: https://sqlite.org/fileformat.html
MARKS = ("application_id", "user_version")
OURS = 0x504C414E  # the application id of the databases: PLAN


def open_plans(paths: Sequence[str], note: Callable[[str], None]) -> sqlite3.Connection:
    """Open the database of the plans at *paths* (files, folders, or one database), read-only.

    *note* is told, in a sentence, of what the user should know: the cache cannot be written.
    Errors: BadPlan where a plan is not right; PlanError where it cannot be read.
    """
    plans = files.plan_files(paths, note)
    if len(plans) == 1 and files.is_database(plans[0]):
        return _given(plans[0])
    found = _originals(plans)
    made_by = f"{__version__} {FORMAT}".encode()
    registries = map(files.read, files.REGISTRIES)
    named = digest(made_by, *registries, *(each.digest for each in found)).hex()
    prefix = f"{plans[0].stem[:NAMED]}-{named}"
    if db := _cached(prefix):
        return db
    try:
        return _build(prefix, found, note)
    except _Busy:
        said = _("it still builds after {n} seconds: built in memory")
        note(said.format(n=PATIENCE))
    except _Unwritable as error:
        said = _(
            "the cache {folder} cannot be written ({why}): built in memory, each time anew;"
            " PLANCLI_CACHE may name another folder"
        )
        note(said.format(folder=cache_dir(), why=error))
    return _built(":memory:", found)


def no_room(error: sqlite3.Error) -> bool:
    """Whether SQLite could not write, here or in its own temporary files."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in NO_ROOM  # the rest says where


def keep(
    target: Path, paths: Sequence[str], note: Callable[[str], object] = files.ignore_note
) -> None:
    """Write the database of the plans at *paths* to *target*, a new file or a database of ours.

    *note* as in ``open_plans``.
    """
    of_others = (".yaml", ".yml", ".json")
    if (
        target == files.STDIN
        or target.suffix.lower() in of_others
        or files.is_document(target.name)
    ):
        raise BadUsage(
            _("{file} is no name for a database").format(file=target),
            hint=_("for example: plancli build -o plan.db"),
        )
    if target.is_file() and not _is_ours(target):
        raise PlanError(
            _("{file} is there already, and no database of plancli").format(file=target),
            hint=_("choose another file with --output"),
        )
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise BadUsage(
            _("{file} is no file: a database goes into one").format(file=target),
            hint=_("for example: plancli build -o plan.db"),
        )
    _require_closed(target)
    found = _originals(files.plan_files(paths, note))
    from plancli.system import atomic  # only where something is written

    def write(draft: Path) -> None:
        with closing(_built(str(draft), found)) as db:
            _require_own_tables(target, db)

    protection.require_replaceable(target)  # the plans are known now
    atomic.write_atomically(target, write)


def _require_closed(target: Path) -> None:
    """Refuse a database that is not closed: its journal would spoil the new one."""
    for suffix in ("-wal", "-journal"):
        journal = target.with_name(f"{target.name}{suffix}")
        if journal.is_file() and journal.stat().st_size:
            raise PlanError(
                _("{file} is in use, or was not closed: {journal}").format(
                    file=target, journal=journal
                ),
                hint=_("close it in the other program, or choose another file with --output"),
            )


def _require_own_tables(target: Path, fresh: sqlite3.Connection) -> None:
    """Refuse to replace the database *target* if it has tables that *fresh* does not make."""
    if not target.is_file():
        return
    names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type <> 'index'"
    with closing(_connect(target)) as db:
        if db.execute("PRAGMA user_version").fetchone() != (FORMAT,):
            return  # of another version, whose tables have other names
        old = {name for (name,) in db.execute(names)}
    own = {name for (name,) in fresh.execute(names)}
    if extra := sorted(old - own):
        raise PlanError(
            _("{file} holds tables that plancli did not make: {names}").format(
                file=target, names=", ".join(extra)
            ),
            hint=_("choose another file with --output"),
        )


def hold(
    plans: Sequence[tuple[str, bytes]],
    paths: Sequence[str],
    note: Callable[[str], object] = files.ignore_note,
) -> sqlite3.Connection:
    """Return a database in memory of *plans*, each a name and its YAML, and of those at *paths*.

    *note* as in ``open_plans``.
    Errors: BadPlan where a plan is not right, or two have one id.
    """
    told = enumerate(dict.fromkeys(plans), 1)
    held = [inputs.of_bytes(f"{name} #{n}", raw) for n, (name, raw) in told]
    return _built(":memory:", held + (_originals(files.plan_files(paths, note)) if paths else []))


def _originals(plans: Sequence[Path]) -> list[Original]:
    """Return the plans at *plans*; a database gives those that it was built from.

    The same bytes count once.
    """
    found: dict[bytes, Original] = {}
    for path in plans:
        if files.is_database(path):
            with closing(_given(path)) as db:
                own = list(inputs.within(path, db))
        else:
            own = [inputs.of_file(path)]
        for each in own:
            found.setdefault(each.digest, each)
    return list(found.values())


def cache_dir() -> Path:
    """Return the folder of built databases: PLANCLI_CACHE, else the user's own cache."""
    if folder := os.environ.get("PLANCLI_CACHE"):
        return Path(os.path.expanduser(folder))  # not every shell has done so
    if sys.platform == "linux":  # as XDG has it; to import platformdirs takes longer than to open
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
        return Path(base if os.path.isabs(base) else NOWHERE, "plancli")
    from platformdirs import user_cache_path

    return user_cache_path("plancli", appauthor=False)


def _cached(prefix: str) -> sqlite3.Connection | None:
    """Open the database in the cache, if it is there and whole."""
    try:
        names = os.listdir(cache_dir())
    except OSError:
        return None
    for name in names:
        if name.startswith(prefix) and name.endswith(".db"):
            file = cache_dir() / name
            if _whole(file):
                with suppress(sqlite3.OperationalError):  # removed meanwhile
                    return _connect(file)
    return None


def _whole(file: Path) -> bool:
    """Whether the file's bytes are those that it was named for.

    Of a large one, whether it has its size, and nobody has written to it since.
    """
    try:
        _prefix, size, changed, made = file.stem.rsplit("-", 3)
        found = file.stat()
        if f"{found.st_size:x}" != size:
            return False
        same = found.st_size > CHECKED and f"{found.st_mtime_ns:x}" == changed
        return same or checksum(file) == made
    except (OSError, ValueError):
        return False


def _named(prefix: str, draft: Path) -> Path:
    """Return what *draft* is called when it is whole."""
    found = draft.stat()
    called = f"{prefix}-{found.st_size:x}-{found.st_mtime_ns:x}-{checksum(draft)}.db"
    return draft.with_name(called)


class _Unwritable(Exception):
    """The cache cannot be written, which is no reason not to answer."""


class _Busy(Exception):
    """Another process has been building the same database for too long."""


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _Unwritable(why(error)) from error


def _build(
    prefix: str, plans: Sequence[Original], note: Callable[[str], None]
) -> sqlite3.Connection:
    from plancli.system import atomic, locks

    folder = cache_dir()
    lock = folder / f".{prefix}{_user()}{locks.SUFFIX}"
    waiting = _("waiting: another plancli is building the same database")
    with ExitStack() as held:
        with _writing():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(locks.hold(lock, lambda: note(waiting), PATIENCE))
            except locks.LockTimeout as error:
                raise _Busy from error
            if db := _cached(prefix):  # another process has built it meanwhile
                return db
            _remove_old(folder, prefix)
        draft = held.enter_context(atomic.temporary(folder / f"{prefix}.db"))
        try:
            _built(str(draft), plans).close()
        except sqlite3.OperationalError as error:
            if no_room(error):
                raise _Unwritable(str(error)) from error
            raise
        with _writing():
            return _connect(draft.replace(_named(prefix, draft)))


def _user() -> str:
    """Return what tells this user's lock from others': their files cannot always be opened."""
    return f"-{os.getuid()}" if hasattr(os, "getuid") else ""


def _remove_old(folder: Path, prefix: str) -> None:
    """Remove databases of plancli's that are damaged, or were built long ago; nothing else.

    A damaged one has the name that is to be built, which nobody else can give; another is known by
    its name and its header.
    """
    for entry in folder.iterdir():
        if CACHED.fullmatch(entry.name) and not entry.is_dir():
            is_damaged = entry.name.startswith(f"{prefix}-")
            if is_damaged or (_has_our_header(entry) and _is_old(entry)):
                with suppress(OSError):
                    entry.unlink()


def _is_old(file: Path) -> bool:
    with suppress(OSError):  # removed meanwhile
        return time.time() - file.stat().st_mtime > LONG_AGO
    return False


def _has_our_header(file: Path) -> bool:
    """Whether the regular file *file* begins as a database of plancli's does."""
    if file.is_symlink() or not files.is_database(file):
        return False
    with suppress(OSError), file.open("rb") as opened:
        opened.seek(ID_AT)
        return opened.read(4) == OURS.to_bytes(4, "big")
    return False


def _built(target: str, plans: Sequence[Original]) -> sqlite3.Connection:
    from plancli.database import create  # slow to import: only where a database is built

    marks = f"PRAGMA application_id = {OURS}; PRAGMA user_version = {FORMAT}"
    return create.made(target, plans, marks)


def _is_ours(file: Path, *, whole: bool = False) -> bool:
    """Whether *file* is a database of ours; with *whole*, of this version and undamaged."""
    if not files.is_database(file):
        return False
    try:
        with closing(_connect(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in MARKS)
            if not whole or (ours, version) != (OURS, FORMAT):
                return not whole and bool(ours == OURS)
            large = file.stat().st_size > SOUND
            return large or db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _given(file: Path) -> sqlite3.Connection:
    """Open a database that the user names, which may be anything."""
    protection.note_input(file)
    if _is_ours(file, whole=True):
        return _connect(file)
    hint = _("create it again from the plan: plancli build -o FILE.db")
    raise BadPlan(_fault(file).format(file=file), hint=hint)


def _fault(file: Path) -> str:
    """Return what is wrong with a database that cannot be used."""
    try:
        with closing(_connect(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in MARKS)
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        return _("{file} is damaged")
    if ours == OURS:
        another = _("{file} is a database of another version of plancli")
        return another if version != FORMAT else _("{file} is damaged")
    if {"plan", "task", "duty", "pairs"} <= tables:  # .dump of sqlite3 leaves the marks out
        return _("{file} was made by .dump, without the marks of a database of plancli")
    return _("{file} is no database of plancli")


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(files.read_only(file), uri=True)


def path_of(db: sqlite3.Connection) -> str:
    """Return the file of *db*, or ``""`` where it is in memory."""
    return str(db.execute("PRAGMA database_list").fetchone()[2])
