"""Write files and folders completely or not at all.

A file or folder is written under a hidden name beside its target, with a lock file that lives as
long as the writing process. Hidden files whose process has ended are removed by the next write.
"""

import errno
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

from plancli.errors import PlanError
from plancli.i18n import _, format_os_error
from plancli.system import locks, protection

TEMPORARY_SUFFIX = ".plancli"
MAX_NAME_LENGTH = 40  # characters kept of the target's name: file systems allow 255 bytes in all
TEMPORARY_NAME = re.compile(r"\..*\.[0-9a-f]{16}\.plancli", re.DOTALL)


@contextmanager
def create_temporary_path(target: Path) -> Iterator[Path]:
    """Provide a hidden path beside *target* for a file or a folder.

    It is removed at the end unless it was renamed.
    """
    remove_stale(target.parent)
    path, descriptor = target, None
    # Another process may take a fresh lock for a leftover and remove it: then try another name.
    while descriptor is None:
        path = target.with_name(
            f".{target.name[:MAX_NAME_LENGTH]}.{os.urandom(8).hex()}{TEMPORARY_SUFFIX}"
        )
        lock = Path(f"{path}.lock")
        try:
            descriptor = locks.try_lock(lock)
        # The file system has no locks, or is read-only: then the writer reports the error.
        except OSError:
            with suppress(OSError):
                lock.unlink()
            break
    try:
        yield path
    finally:
        _remove(path)
        if descriptor is not None:
            locks.release(lock, descriptor)


@contextmanager
def lock_target(target: Path, on_wait: Callable[[], object]) -> Iterator[None]:
    """Keep other processes from writing the file, or into the folder, *target*.

    Where the file system has no locks, no process is kept out.
    Errors: PlanError where another process holds the lock for too long.
    """
    lock = locks.get_lock_path(target)
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.wait_for_lock(lock, on_wait))
        except locks.LockTimeout as error:
            raise PlanError(
                _("another plancli has been writing {file} for too long").format(file=target),
                hint=_("check whether it is still running, end it, and try again"),
            ) from error
        except OSError as error:
            if os.path.lexists(lock):
                raise PlanError(
                    _("cannot lock {file}: {why}").format(file=target, why=format_os_error(error)),
                    hint=_("check {file}; remove it if no plancli is running").format(file=lock),
                ) from error
            if error.errno not in locks.NO_LOCK_ERRORS:
                hint = _("choose another file with --output")
                raise _make_write_error(target, error, hint) from error
        yield


@cache
def remove_stale(folder: Path) -> None:
    """Remove leftovers of ended processes from *folder*, once per process.

    A leftover is a lock file with plancli's header that no process holds, and the file it names.
    """
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(".") and name.endswith(locks.LOCK_SUFFIX):
                _remove_stale_lock(folder / name)


def _remove_stale_lock(lock: Path) -> None:
    with suppress(OSError):  # another user's file, or not a lock of plancli
        descriptor = locks.try_lock(lock, create=False)
        if descriptor is not None:
            left = lock.with_name(lock.name.removesuffix(".lock"))
            if TEMPORARY_NAME.fullmatch(left.name):
                _remove(left)
            locks.release(lock, descriptor)


def _remove(path: Path) -> None:
    """Remove the temporary file or folder *path* if possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)


def write_atomically(
    target: Path, write: Callable[[Path], object], *, replace_plan: bool = False
) -> None:
    """Write *target* by calling *write* with a temporary path; on failure the old file stays.

    A pipe or a device is written to directly.
    Errors: PlanError where *target* is protected (with *replace_plan* a plan is not), or cannot be
    written.
    """
    protection.require_replaceable(target, replace_plan=replace_plan)
    if target.exists() and not target.is_file():
        try:
            write(target)
        except OSError as error:
            hint = _("choose another file with --output")
            raise _make_write_error(target, error, hint) from error
        return
    _replace_file(target, write, lambda: True)


def update_atomically(
    target: Path, change: Callable[[bytes | None], bytes | None], on_wait: Callable[[], object]
) -> None:
    """Replace *target* by what *change* returns for its bytes (None where there is no file).

    Processes take turns. Where the file was edited by hand meanwhile, *change* is called again with
    the new bytes, so that no edit is lost. It may return None: then nothing is written.
    Errors: PlanError where that is impossible.
    """
    target = _resolve_target(target)
    with lock_target(target, on_wait):
        try:
            while not _update_once(target, change):
                pass
        except OSError as error:
            hint = _("choose another file with --output")
            raise _make_write_error(target, error, hint) from error


def _update_once(target: Path, change: Callable[[bytes | None], bytes | None]) -> bool:
    """Replace *target* by the result of *change*; return False where it was edited meanwhile."""
    before = _read_bytes(target)
    after = change(before)
    if after is None or after == before:
        return True
    return _replace_file(
        target, lambda draft: draft.write_bytes(after), lambda: _read_bytes(target) == before
    )


def _read_bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _replace_file(
    target: Path, write: Callable[[Path], object], may_replace: Callable[[], bool]
) -> bool:
    """Replace *target* by what *write* writes; return whether it was replaced."""
    target = _resolve_target(target)
    try:
        with create_temporary_path(target) as draft:
            if target.is_file():
                if not os.access(target, os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                # Same mode from the start: who may not read the old file may not read the draft.
                mode = stat.S_IMODE(target.stat().st_mode)
                os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode | stat.S_IWUSR))
            write(draft)
            if target.is_file():
                _write_to_disk(draft)
                _copy_owner_and_mode(target, draft)
            if not may_replace():
                return False
            draft.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise _make_write_error(target, error, _("choose another file with --output")) from error
    return True


def _resolve_target(target: Path) -> Path:
    """Return *target* with links resolved; PlanError where its folder does not exist."""
    real, is_link = _resolve_path(target), target.is_symlink()
    if not real.parent.is_dir():
        raise PlanError(
            _("there is no folder {file}").format(file=(real if is_link else target).parent),
            hint=_("create the folder first, or choose another file with --output"),
        )
    return real


def _resolve_path(path: Path) -> Path:
    """Return *path* with links resolved; PlanError where the links form a loop."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        loop = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        hint = _("choose another file with --output")
        raise _make_write_error(path, loop, hint) from error


def _write_to_disk(file: Path) -> None:
    """Flush *file* to the disk before it replaces another, so that a power cut loses no data."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _copy_owner_and_mode(old: Path, new: Path) -> None:
    """Copy owner, mode and access list of *old* to the file *new*, as far as permitted."""
    if hasattr(os, "chown"):
        status = old.stat()
        for owner in ((status.st_uid, status.st_gid), (-1, status.st_gid)):
            with suppress(OSError):
                os.chown(new, *owner)
                break
    shutil.copystat(old, new)  # copies access lists, too
    os.utime(new)


class AtomicDirectory:
    """A folder being filled; ``add_file`` names each of its files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: list[Path] = []

    def add_file(self, name: str) -> Path:
        """Return the path to write the file *name* to; it must exist at the end."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._files.append(path)
        return path

    def require_files(self) -> None:
        """Raise FileNotFoundError where an announced file was not written."""
        for file in self._files:
            file.stat()


@contextmanager
def create_atomic_directory(target: Path) -> Iterator[AtomicDirectory]:
    """Provide a folder to fill that becomes *target* when it is complete.

    Errors: PlanError where *target* exists and is not empty, or cannot be written.
    """
    hint = _("choose a new or empty folder")
    real = _resolve_path(target)
    remove_stale(real)
    is_there = os.path.lexists(target)
    if is_there and (not real.is_dir() or any(real.iterdir())):
        raise _make_not_empty_error(target)
    parent = real if is_there else real.parent
    try:
        with create_directory(parent, hint), create_temporary_path(parent / real.name) as draft:
            draft.mkdir()
            directory = AtomicDirectory(draft)
            yield directory
            directory.require_files()
            if not is_there:
                draft.replace(real)
                return
            # A shell may have it as its working directory: keep the same folder and move the files.
            own = {draft, Path(f"{draft}.lock")}
            if any(each not in own for each in real.iterdir()):
                raise _make_not_empty_error(target)
            for each in draft.iterdir():
                each.replace(real / each.name)
    except OSError as error:
        raise _make_write_error(target, error, hint) from error


def _make_not_empty_error(folder: Path) -> PlanError:
    return PlanError(
        _("{file} already exists; not overwritten").format(file=folder),
        hint=_("choose a new or empty folder"),
    )


@contextmanager
def create_directory(folder: Path, hint: str) -> Iterator[None]:
    """Create *folder* if needed; remove it again if nothing is written into it.

    Errors: PlanError with *hint* where it cannot be created.
    """
    created = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _make_write_error(folder, error, hint) from error
        yield
    finally:
        for each in created:
            with suppress(OSError):  # not empty
                each.rmdir()


def _make_write_error(file: Path, error: Exception, hint: str) -> PlanError:
    return PlanError(
        _("cannot write {file}: {why}").format(file=file, why=format_os_error(error)), hint=hint
    )
