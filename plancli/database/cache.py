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
from plancli.database.inputs import PlanInput, ProgressReporter, compute_checksum, compute_digest
from plancli.errors import BadPlan, BadUsage, PlanError
from plancli.i18n import _, format_os_error
from plancli.system import files, protection

SCHEMA_VERSION = 8  # raise when schema.sql, or what build writes into it, changes
WRITE_ERROR_CODES = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)
MAX_CHECKSUM_SIZE = 64 << 20  # bytes; a larger file is not read whole at every start
MAX_QUICK_CHECK_SIZE = (
    32 << 20
)  # bytes; the same of one that is not named by its checksum, which takes longer
BUILD_TIMEOUT = 30  # seconds to wait for another process that builds the same
MAX_CACHE_AGE = 90 * 24 * 3600  # seconds
MAX_STEM_LENGTH = 20  # characters of a plan's name in its database's: systems take 255 bytes in all
NO_DIRECTORY = os.devnull  # a folder that cannot be made: the home of a user who has none
CACHE_NAME_PATTERN = re.compile(r".+-[0-9a-f]{20}-[0-9a-f]+-[0-9a-f]+-[0-9a-f]{8}\.db")
APPLICATION_ID_OFFSET = (
    68  # where a database has its application id: https://sqlite.org/fileformat.html
)
HEADER_PRAGMAS = ("application_id", "user_version")
APPLICATION_ID = 0x504C414E  # the application id of the databases: PLAN


def open_plans(
    paths: Sequence[str],
    note: Callable[[str], None],
    progress: ProgressReporter = inputs.report_no_progress,
) -> sqlite3.Connection:
    """Open the database of the plans at *paths* (files, folders, or one database), read-only.

    *note* is called with each sentence that the user should know: the cache cannot be written.
    *progress* reports how many plans are read, where a large database is built.
    Errors: BadPlan where a plan is not right; PlanError where it cannot be read.
    """
    plans = files.find_plan_files(paths, note)
    if len(plans) == 1 and files.is_database(plans[0]):
        return _open_user_database(plans[0])
    found = _collect_inputs(plans)
    made_by = f"{__version__} {SCHEMA_VERSION}".encode()
    registries = map(files.read_plan_file, files.REGISTRY_FILES)
    named = compute_digest(made_by, *registries, *(each.digest for each in found)).hex()
    prefix = f"{plans[0].stem[:MAX_STEM_LENGTH]}-{named}"
    if db := _open_cached(prefix):
        return db
    try:
        return _build_cached(prefix, found, note, progress)
    except _BuildTimeout:
        said = _("it still builds after {n} seconds: built in memory")
        note(said.format(n=BUILD_TIMEOUT))
    except _CacheNotWritable as error:
        said = _(
            "the cache {folder} cannot be written ({why}): built in memory, each time anew;"
            " PLANCLI_CACHE may name another folder"
        )
        note(said.format(folder=get_cache_dir(), why=error))
    return _build_database(":memory:", found, progress)


def is_write_error(error: sqlite3.Error) -> bool:
    """Whether SQLite could not write, here or in its own temporary files."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in WRITE_ERROR_CODES  # the rest says where


def write_database(
    target: Path,
    paths: Sequence[str],
    note: Callable[[str], object] = files.ignore_note,
    progress: ProgressReporter = inputs.report_no_progress,
) -> None:
    """Write the database of the plans at *paths* to *target*, a new file or a database of ours.

    *note* and *progress* as in ``open_plans``.
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
    found = _collect_inputs(files.find_plan_files(paths, note))
    from plancli.system import atomic  # only where something is written

    def write_draft(draft: Path) -> None:
        with closing(_build_database(str(draft), found, progress)) as db:
            _require_own_tables(target, db)

    protection.require_replaceable(target)  # the plans are known now
    atomic.write_atomically(target, write_draft)


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
    with closing(_open_read_only(target)) as db:
        if db.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
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


def build_in_memory(
    plans: Sequence[tuple[str, bytes]],
    paths: Sequence[str],
    note: Callable[[str], object] = files.ignore_note,
) -> sqlite3.Connection:
    """Return a database in memory of *plans*, each a name and its YAML, and of those at *paths*.

    *note* as in ``open_plans``.
    Errors: BadPlan where a plan is not right, or two have one id.
    """
    told = enumerate(dict.fromkeys(plans), 1)
    held = [inputs.from_bytes(f"{name} #{n}", raw) for n, (name, raw) in told]
    return _build_database(
        ":memory:", held + (_collect_inputs(files.find_plan_files(paths, note)) if paths else [])
    )


def _collect_inputs(plans: Sequence[Path]) -> list[PlanInput]:
    """Return the plans at *plans*; a database gives those that it was built from.

    The same bytes count once.
    """
    found: dict[bytes, PlanInput] = {}
    for path in plans:
        if files.is_database(path):
            with closing(_open_user_database(path)) as db:
                own = list(inputs.iter_database_inputs(path, db))
        else:
            own = [inputs.from_file(path)]
        for each in own:
            found.setdefault(each.digest, each)
    return list(found.values())


def get_cache_dir() -> Path:
    """Return the folder of built databases: PLANCLI_CACHE, else the user's own cache."""
    if folder := os.environ.get("PLANCLI_CACHE"):
        return Path(os.path.expanduser(folder))  # not every shell has done so
    if sys.platform == "linux":  # as XDG has it; to import platformdirs takes longer than to open
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
        return Path(base if os.path.isabs(base) else NO_DIRECTORY, "plancli")
    from platformdirs import user_cache_path

    return user_cache_path("plancli", appauthor=False)


def _open_cached(prefix: str) -> sqlite3.Connection | None:
    """Open the database in the cache, if it is there and whole."""
    try:
        names = os.listdir(get_cache_dir())
    except OSError:
        return None
    for name in names:
        if name.startswith(prefix) and name.endswith(".db"):
            file = get_cache_dir() / name
            if _is_intact(file):
                with suppress(sqlite3.OperationalError):  # removed meanwhile
                    return _open_read_only(file)
    return None


def _is_intact(file: Path) -> bool:
    """Whether the file's bytes are those that it was named for.

    Of a large one, whether it has its size, and nobody has written to it since.
    """
    try:
        _prefix, size, changed, made = file.stem.rsplit("-", 3)
        found = file.stat()
        if f"{found.st_size:x}" != size:
            return False
        same = found.st_size > MAX_CHECKSUM_SIZE and f"{found.st_mtime_ns:x}" == changed
        return same or compute_checksum(file) == made
    except (OSError, ValueError):
        return False


def _make_cache_path(prefix: str, draft: Path) -> Path:
    """Return what *draft* is called when it is whole."""
    found = draft.stat()
    called = f"{prefix}-{found.st_size:x}-{found.st_mtime_ns:x}-{compute_checksum(draft)}.db"
    return draft.with_name(called)


class _CacheNotWritable(Exception):
    """The cache cannot be written, which is no reason not to answer."""


class _BuildTimeout(Exception):
    """Another process has been building the same database for too long."""


@contextmanager
def _convert_os_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _CacheNotWritable(format_os_error(error)) from error


def _build_cached(
    prefix: str,
    plans: Sequence[PlanInput],
    note: Callable[[str], None],
    progress: ProgressReporter,
) -> sqlite3.Connection:
    from plancli.system import atomic, locks

    folder = get_cache_dir()
    lock = folder / f".{prefix}{_get_user_suffix()}{locks.LOCK_SUFFIX}"
    waiting = _("waiting: another plancli is building the same database")
    with ExitStack() as held:
        with _convert_os_errors():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(locks.wait_for_lock(lock, lambda: note(waiting), BUILD_TIMEOUT))
            except locks.LockTimeout as error:
                raise _BuildTimeout from error
            if db := _open_cached(prefix):  # another process has built it meanwhile
                return db
            _prune_cache(folder, prefix)
        draft = held.enter_context(atomic.create_temporary_path(folder / f"{prefix}.db"))
        try:
            _build_database(str(draft), plans, progress).close()
        except sqlite3.OperationalError as error:
            if is_write_error(error):
                raise _CacheNotWritable(str(error)) from error
            raise
        with _convert_os_errors():
            return _open_read_only(draft.replace(_make_cache_path(prefix, draft)))


def _get_user_suffix() -> str:
    """Return what tells this user's lock from others': their files cannot always be opened."""
    return f"-{os.getuid()}" if hasattr(os, "getuid") else ""


def _prune_cache(folder: Path, prefix: str) -> None:
    """Remove databases of plancli's that are damaged, or were built long ago; nothing else.

    A damaged one has the name that is to be built, which nobody else can give; another is known by
    its name and its header.
    """
    for entry in folder.iterdir():
        if CACHE_NAME_PATTERN.fullmatch(entry.name) and not entry.is_dir():
            is_damaged = entry.name.startswith(f"{prefix}-")
            if is_damaged or (_has_our_header(entry) and _is_old(entry)):
                with suppress(OSError):
                    entry.unlink()


def _is_old(file: Path) -> bool:
    with suppress(OSError):  # removed meanwhile
        return time.time() - file.stat().st_mtime > MAX_CACHE_AGE
    return False


def _has_our_header(file: Path) -> bool:
    """Whether the regular file *file* begins as a database of plancli's does."""
    if file.is_symlink() or not files.is_database(file):
        return False
    with suppress(OSError), file.open("rb") as opened:
        opened.seek(APPLICATION_ID_OFFSET)
        return opened.read(4) == APPLICATION_ID.to_bytes(4, "big")
    return False


def _build_database(
    target: str,
    plans: Sequence[PlanInput],
    progress: ProgressReporter = inputs.report_no_progress,
) -> sqlite3.Connection:
    from plancli.database import create  # slow to import: only where a database is built

    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}"
    return create.create_database(target, plans, marks, progress)


def _is_ours(file: Path, *, whole: bool = False) -> bool:
    """Whether *file* is a database of ours; with *whole*, of this version and undamaged."""
    if not files.is_database(file):
        return False
    try:
        with closing(_open_read_only(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in HEADER_PRAGMAS)
            if not whole or (ours, version) != (APPLICATION_ID, SCHEMA_VERSION):
                return not whole and bool(ours == APPLICATION_ID)
            large = file.stat().st_size > MAX_QUICK_CHECK_SIZE
            return large or db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _open_user_database(file: Path) -> sqlite3.Connection:
    """Open a database that the user names, which may be anything."""
    protection.register_input(file)
    if _is_ours(file, whole=True):
        return _open_read_only(file)
    hint = _("create it again from the plan: plancli build -o FILE.db")
    raise BadPlan(_detect_fault(file).format(file=file), hint=hint)


def _detect_fault(file: Path) -> str:
    """Return what is wrong with a database that cannot be used."""
    try:
        with closing(_open_read_only(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in HEADER_PRAGMAS)
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        return _("{file} is damaged")
    if ours == APPLICATION_ID:
        another = _("{file} is a database of another version of plancli")
        return another if version != SCHEMA_VERSION else _("{file} is damaged")
    if {"plan", "task", "duty", "task_fts"} <= tables:  # .dump of sqlite3 leaves the marks out
        return _("{file} was made by .dump, without the marks of a database of plancli")
    return _("{file} is no database of plancli")


def _open_read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(files.to_read_only_uri(file), uri=True)


def get_path(db: sqlite3.Connection) -> str:
    """Return the file of *db*, or ``""`` where it is in memory."""
    return str(db.execute("PRAGMA database_list").fetchone()[2])
