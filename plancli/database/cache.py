"""Open the database of plans read-only; build it in the cache where it is missing.

Cache key: digest of the plan files, registries and ``SCHEMA_VERSION``. The file name also carries
size and CRC-32, so a truncated or corrupt file is a cache miss. Files over 64 MB are checksummed
again only when their mtime changed. Builds hold a lock per user and are published by rename; stale
temporary files are removed by the next build.
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

SCHEMA_VERSION = 10  # raise when schema.sql, or what the writer stores, changes
WRITE_ERROR_CODES = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)
MAX_CHECKSUM_SIZE = 64 << 20  # bytes; a larger file is not checksummed at every start
# bytes; the same for a user's database, whose PRAGMA quick_check takes longer
MAX_QUICK_CHECK_SIZE = 32 << 20
BUILD_TIMEOUT = 30  # seconds to wait for another process that builds the same database
MAX_CACHE_AGE = 90 * 24 * 3600  # seconds
MAX_STEM_LENGTH = 20  # characters kept of a plan's name: file systems allow 255 bytes in all
NO_DIRECTORY = os.devnull  # a folder that cannot be created: the home of a user without one
CACHE_NAME_PATTERN = r".+-[0-9a-f]{20}-[0-9a-f]+-[0-9a-f]+-[0-9a-f]{8}\.db"
# Offset of the application id: https://sqlite.org/fileformat.html
APPLICATION_ID_OFFSET = 68
HEADER_PRAGMAS = ("application_id", "user_version")
APPLICATION_ID = 0x504C414E  # ASCII for PLAN


def open_plans(
    paths: Sequence[str],
    note: Callable[[str], None],
    progress: ProgressReporter = inputs.report_no_progress,
) -> sqlite3.Connection:
    """Open the database of the plans at *paths* (files, folders, or one database), read-only.

    *note* is called with messages for the user, such as that the cache cannot be written.
    *progress* reports how many plans are read, where a large database is built.
    Errors: BadPlan where a plan has an error; PlanError where it cannot be read.
    """
    plans = files.find_plan_files(paths, note)
    if len(plans) == 1 and files.is_database(plans[0]):
        return _open_user_database(plans[0])
    found = _collect_inputs(plans)
    version = f"{__version__} {SCHEMA_VERSION}".encode()
    registries = map(files.read_plan_file, (*files.REGISTRY_FILES, *files.REGISTRY_TABLES))
    digest = compute_digest(version, *registries, *(each.digest for each in found)).hex()
    prefix = f"{plans[0].stem[:MAX_STEM_LENGTH]}-{digest}"
    if db := _open_cached(prefix):
        return db
    try:
        return _build_cached(prefix, found, note, progress)
    except _BuildTimeout:
        message = _("the other process is still building after {n} seconds: building in memory")
        note(message.format(n=BUILD_TIMEOUT))
    except _CacheNotWritable as error:
        message = _(
            "cannot write the cache {folder} ({why}): the database is built in memory each time; set PLANCLI_CACHE to another folder"
        )
        note(message.format(folder=get_cache_dir(), why=error))
    return _build_database(":memory:", found, progress)


def is_write_error(error: sqlite3.Error) -> bool:
    """Whether SQLite could not write to the database or to its temporary files."""
    # the upper bits tell where
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in WRITE_ERROR_CODES


def write_database(
    target: Path,
    paths: Sequence[str],
    note: Callable[[str], object] = files.ignore_note,
    progress: ProgressReporter = inputs.report_no_progress,
) -> None:
    """Write the database of the plans at *paths* to *target*: a new file or a plancli database.

    *note* and *progress* as in ``open_plans``.
    """
    other_suffixes = (".yaml", ".yml", ".json")
    if (
        target == files.STDIN
        or target.suffix.lower() in other_suffixes
        or files.is_document(target.name)
    ):
        raise BadUsage(
            _("not a database file name: {file}").format(file=target),
            hint=_("for example: plancli build -o plan.db"),
        )
    if target.is_file() and not _is_ours(target):
        raise PlanError(
            _("{file} already exists and is not a plancli database").format(file=target),
            hint=_("choose another file with --output"),
        )
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise BadUsage(
            _("{file} is not a regular file").format(file=target),
            hint=_("for example: plancli build -o plan.db"),
        )
    _require_closed(target)
    found = _collect_inputs(files.find_plan_files(paths, note))
    from plancli.system import atomic  # needed for writing only

    def write_draft(draft: Path) -> None:
        with closing(_build_database(str(draft), found, progress)) as db:
            _require_own_tables(target, db)

    # Only now are the input files registered, which must not be overwritten.
    protection.require_replaceable(target)
    atomic.write_atomically(target, write_draft)


def _require_closed(target: Path) -> None:
    """Refuse a database that is open elsewhere: its journal would corrupt the new file."""
    for suffix in ("-wal", "-journal"):
        journal = target.with_name(f"{target.name}{suffix}")
        if journal.is_file() and journal.stat().st_size:
            raise PlanError(
                _("{file} is in use or was not closed: {journal}").format(
                    file=target, journal=journal
                ),
                hint=_("close it in the other program, or choose another file with --output"),
            )


def _require_own_tables(target: Path, fresh: sqlite3.Connection) -> None:
    """Refuse to replace the database *target* if it has tables that *fresh* lacks."""
    if not target.is_file():
        return
    names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type <> 'index'"
    with closing(_open_read_only(target)) as db:
        if db.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
            return  # another version, whose tables have other names
        old = {name for (name,) in db.execute(names)}
    own = {name for (name,) in fresh.execute(names)}
    if extra := sorted(old - own):
        raise PlanError(
            _("{file} contains tables that plancli did not create: {names}").format(
                file=target, names=", ".join(extra)
            ),
            hint=_("choose another file with --output"),
        )


def build_in_memory(
    plans: Sequence[tuple[str, bytes]],
    paths: Sequence[str],
    note: Callable[[str], object] = files.ignore_note,
) -> sqlite3.Connection:
    """Build a database in memory of *plans* (name and YAML each) and of those at *paths*.

    *note* as in ``open_plans``.
    Errors: BadPlan where a plan has an error, or two have the same id.
    """
    numbered = enumerate(dict.fromkeys(plans), 1)
    given = [inputs.from_bytes(f"{name} #{n}", raw) for n, (name, raw) in numbered]
    return _build_database(
        ":memory:", given + (_collect_inputs(files.find_plan_files(paths, note)) if paths else [])
    )


def _collect_inputs(plans: Sequence[Path]) -> list[PlanInput]:
    """Read the plans at *plans*; a database yields the plans that it was built from.

    Identical plans count once.
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
    """Return the folder of built databases: PLANCLI_CACHE, else the user's cache folder."""
    if folder := os.environ.get("PLANCLI_CACHE"):
        return Path(os.path.expanduser(folder))  # not every shell expands ~
    # XDG; importing platformdirs takes longer than opening the database.
    if sys.platform == "linux":
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
        return Path(base if os.path.isabs(base) else NO_DIRECTORY, "plancli")
    from platformdirs import user_cache_path

    return user_cache_path("plancli", appauthor=False)


def _open_cached(prefix: str) -> sqlite3.Connection | None:
    """Open the cached database if it exists and is intact."""
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
    """Whether the file still has the size and checksum in its name.

    For a large file an unchanged mtime is enough.
    """
    try:
        _prefix, size, changed, checksum = file.stem.rsplit("-", 3)
        status = file.stat()
        if f"{status.st_size:x}" != size:
            return False
        unchanged = status.st_size > MAX_CHECKSUM_SIZE and f"{status.st_mtime_ns:x}" == changed
        return unchanged or compute_checksum(file) == checksum
    except (OSError, ValueError):
        return False


def _make_cache_path(prefix: str, draft: Path) -> Path:
    """Return the final path of *draft*, with size, mtime and checksum in its name."""
    status = draft.stat()
    name = f"{prefix}-{status.st_size:x}-{status.st_mtime_ns:x}-{compute_checksum(draft)}.db"
    return draft.with_name(name)


class _CacheNotWritable(Exception):
    """The cache cannot be written; the answer is still possible."""


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
    with ExitStack() as stack:
        with _convert_os_errors():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                stack.enter_context(locks.wait_for_lock(lock, lambda: note(waiting), BUILD_TIMEOUT))
            except locks.LockTimeout as error:
                raise _BuildTimeout from error
            if db := _open_cached(prefix):  # another process has built it meanwhile
                return db
            _prune_cache(folder, prefix)
        draft = stack.enter_context(atomic.create_temporary_path(folder / f"{prefix}.db"))
        try:
            _build_database(str(draft), plans, progress).close()
        except sqlite3.OperationalError as error:
            if is_write_error(error):
                raise _CacheNotWritable(str(error)) from error
            raise
        with _convert_os_errors():
            return _open_read_only(draft.replace(_make_cache_path(prefix, draft)))


def _get_user_suffix() -> str:
    """Return a suffix for this user's lock: other users' lock files cannot always be opened."""
    return f"-{os.getuid()}" if hasattr(os, "getuid") else ""


def _prune_cache(folder: Path, prefix: str) -> None:
    """Remove plancli databases that are damaged or old; nothing else.

    A damaged one has the name of the database to build, which no other program uses; others are
    recognized by name and header.
    """
    for entry in folder.iterdir():
        if re.fullmatch(CACHE_NAME_PATTERN, entry.name) and not entry.is_dir():
            is_damaged = entry.name.startswith(f"{prefix}-")
            if is_damaged or (_has_our_header(entry) and _is_old(entry)):
                with suppress(OSError):
                    entry.unlink()


def _is_old(file: Path) -> bool:
    with suppress(OSError):  # removed meanwhile
        return time.time() - file.stat().st_mtime > MAX_CACHE_AGE
    return False


def _has_our_header(file: Path) -> bool:
    """Whether the regular file *file* has the header of a plancli database."""
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
    from plancli.database import create  # slow to import; needed for building only

    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}"
    return create.create_database(target, plans, marks, progress)


def _is_ours(file: Path, *, intact: bool = False) -> bool:
    """Whether *file* is a plancli database; with *intact*, intact and of this version."""
    if not files.is_database(file):
        return False
    try:
        with closing(_open_read_only(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in HEADER_PRAGMAS)
            if not intact or (ours, version) != (APPLICATION_ID, SCHEMA_VERSION):
                return not intact and bool(ours == APPLICATION_ID)
            large = file.stat().st_size > MAX_QUICK_CHECK_SIZE
            return large or db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _open_user_database(file: Path) -> sqlite3.Connection:
    """Open a database that the user named, which may be any file."""
    protection.register_input(file)
    if _is_ours(file, intact=True):
        return _open_read_only(file)
    hint = _("create it again from the plan: plancli build -o FILE.db")
    raise BadPlan(_detect_fault(file).format(file=file), hint=hint)


def _detect_fault(file: Path) -> str:
    """Return a message template about a database that cannot be used."""
    try:
        with closing(_open_read_only(file)) as db:
            ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in HEADER_PRAGMAS)
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        return _("{file} is damaged")
    if ours == APPLICATION_ID:
        another = _("{file} was made by another version of plancli")
        return another if version != SCHEMA_VERSION else _("{file} is damaged")
    # .dump of sqlite3 drops application_id and user_version
    if {"plan", "task", "duty", "task_fts"} <= tables:
        return _("{file} was made with .dump, which drops the header of a plancli database")
    return _("{file} is not a plancli database")


def _open_read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(files.to_read_only_uri(file), uri=True)


def get_path(db: sqlite3.Connection) -> str:
    """Return the file of *db*, or ``""`` where it is in memory."""
    return str(db.execute("PRAGMA database_list").fetchone()[2])
