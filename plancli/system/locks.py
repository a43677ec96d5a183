"""Lock files between processes, so that one works alone and others can see that it is alive.

The locks are those of the operating system (``flock``, on Windows ``msvcrt.locking``). They end
with the process, whatever ends it, and hold across containers, where process ids mean nothing.
filelock and portalocker take 55 to 75 ms to import, and neither detects that the locked file was
removed meanwhile, without which lock files cannot be cleaned up.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK_HEADER = b"plancli lock\n"  # content of a lock file; a file with anything else is not ours
LOCK_SUFFIX = ".plancli.lock"
# Characters kept of a file's name in that of its lock: file systems allow 255 bytes in all.
MAX_NAME_LENGTH = 40
POLL_INTERVAL = 0.05  # seconds
NOTICE_DELAY = 2.0  # seconds of waiting before the user is notified
LOCK_TIMEOUT = 3600.0  # seconds
NO_LOCK_ERRORS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EIO)
# A link or a pipe with this name is not a lock of ours.
OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

    LOCK_OFFSET = 1 << 30  # a byte after the header: Windows denies others reading a locked byte

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, LOCK_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        os.lseek(descriptor, 0, os.SEEK_SET)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LockTimeout(OSError):
    """Another process has held the lock for too long."""


def get_lock_path(target: Path) -> Path:
    """Return the lock file of *target*: beside a file, inside a folder."""
    if target.is_dir():
        return target / LOCK_SUFFIX
    return target.with_name(f".{target.name[:MAX_NAME_LENGTH]}{LOCK_SUFFIX}")


def try_lock(path: Path, *, create: bool = True) -> int | None:
    """Return the descriptor that holds the lock *path*, or None where another process has it.

    Errors: OSError where the file system has no locks, or *path* is not a lock of ours.
    """
    while True:
        descriptor, is_held = _open_lock_file(path, create), False
        try:
            _lock(descriptor)
            is_held = True
            if _is_current(path, descriptor):
                _require_header(path, descriptor)
                return descriptor
            os.close(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):  # held by another
                return None
            raise
        except BaseException:  # a signal ends the process
            if is_held:
                release(path, descriptor)
            else:
                os.close(descriptor)
            raise


def _open_lock_file(path: Path, create: bool) -> int:
    """Open the lock file *path*; read-only where it is another user's."""
    try:
        return os.open(path, os.O_RDWR | OPEN_FLAGS | (os.O_CREAT if create else 0), 0o666)
    except PermissionError:
        return os.open(path, os.O_RDONLY | OPEN_FLAGS)


def release(path: Path, descriptor: int) -> None:
    """Release the lock *path* that *descriptor* holds, and remove its file."""
    if os.name == "nt":  # Windows removes no open file
        os.close(descriptor)
        with suppress(OSError):  # the next process holds it
            path.unlink()
        return
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)


@contextmanager
def wait_for_lock(
    path: Path, on_wait: Callable[[], object], patience: float = LOCK_TIMEOUT
) -> Iterator[None]:
    """Hold the lock *path*; call *on_wait* once where another process has it for some seconds.

    Errors: LockTimeout after *patience* seconds; OSError where there are no locks.
    """
    start, is_notified, descriptor = time.monotonic(), False, None
    try:
        while (descriptor := try_lock(path)) is None:
            waited = time.monotonic() - start
            if waited > NOTICE_DELAY and not is_notified:
                on_wait()
                is_notified = True
            if waited > patience:
                raise LockTimeout(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(path))
            time.sleep(POLL_INTERVAL)
        yield
    finally:
        if descriptor is not None:
            release(path, descriptor)


def _is_current(path: Path, descriptor: int) -> bool:
    """Whether *path* still is the opened file, which its last holder may have removed."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _require_header(path: Path, descriptor: int) -> None:
    """Write the header into a new lock file; OSError where the file holds anything else."""
    regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    content = os.read(descriptor, len(LOCK_HEADER) + 1) if regular else b"?"
    if not content:
        # Another user's lock file, whose owner is about to write the header.
        with suppress(OSError):
            os.write(descriptor, LOCK_HEADER)
    elif content != LOCK_HEADER:
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
