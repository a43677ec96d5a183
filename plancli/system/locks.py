"""Locks on files: whoever holds one works alone, and everybody else can see that it is alive.

The lock is the system's own (``flock``, on Windows ``msvcrt.locking``).  It ends with the process
that holds it, however that ends, and processes in other containers see it, to whom process numbers
say nothing.  filelock and portalocker were measured: each takes 55 to 75 ms to import, and neither
tells a lock from one whose file was removed meanwhile, without which no lock file can be removed.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK_HEADER = b"plancli lock\n"  # what the file of a lock holds; a file that holds more is not ours
LOCK_SUFFIX = ".plancli.lock"
MAX_NAME_LENGTH = (
    40  # characters of a file's name in that of its lock: systems take 255 bytes in all
)
POLL_INTERVAL = 0.05  # seconds
NOTICE_DELAY = 2.0  # seconds of waiting, after which the user is told
LOCK_TIMEOUT = 3600.0  # seconds
NO_LOCK_ERRORS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EIO)
# A link or a pipe of that name is no lock of ours.
OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

try:
    import fcntl
except ImportError:  # on Windows
    import msvcrt

    LOCK_OFFSET = 1 << 30  # a byte behind the header, which Windows would not let others read

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
    """Return the lock of the file or folder *target*: beside a file, inside a folder."""
    if target.is_dir():
        return target / LOCK_SUFFIX
    return target.with_name(f".{target.name[:MAX_NAME_LENGTH]}{LOCK_SUFFIX}")


def try_lock(path: Path, *, create: bool = True) -> int | None:
    """Return the descriptor that holds the lock *path*, or None where another process has it.

    Errors: OSError where the file system has no locks, or *path* is there and is no lock of ours.
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
        except BaseException:  # told to end
            if is_held:
                release(path, descriptor)
            else:
                os.close(descriptor)
            raise


def _open_lock_file(path: Path, create: bool) -> int:
    """Open the lock *path*, to read it only where it is another user's."""
    try:
        return os.open(path, os.O_RDWR | OPEN_FLAGS | (os.O_CREAT if create else 0), 0o666)
    except PermissionError:
        return os.open(path, os.O_RDONLY | OPEN_FLAGS)


def release(path: Path, descriptor: int) -> None:
    """Release the lock *path* that *descriptor* holds, and remove its file."""
    if os.name == "nt":  # removes no open file
        os.close(descriptor)
        with suppress(OSError):  # held by the next
            path.unlink()
        return
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)


@contextmanager
def wait_for_lock(
    path: Path, on_wait: Callable[[], object], patience: float = LOCK_TIMEOUT
) -> Iterator[None]:
    """Hold the lock *path*; call *on_wait* once if another process has it for some seconds.

    Errors: LockTimeout after *patience* seconds; OSError where there are no locks.
    """
    start, is_told, descriptor = time.monotonic(), False, None
    try:
        while (descriptor := try_lock(path)) is None:
            waited = time.monotonic() - start
            if waited > NOTICE_DELAY and not is_told:
                on_wait()
                is_told = True
            if waited > patience:
                raise LockTimeout(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(path))
            time.sleep(POLL_INTERVAL)
        yield
    finally:
        if descriptor is not None:
            release(path, descriptor)


def _is_current(path: Path, descriptor: int) -> bool:
    """Whether *path* is still the file that was opened: its last holder may have removed it."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _require_header(path: Path, descriptor: int) -> None:
    """Write the header into a new lock; OSError where the file holds anything else."""
    regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    found = os.read(descriptor, len(LOCK_HEADER) + 1) if regular else b"?"
    if not found:
        with suppress(OSError):  # it is another user's, who was about to write it
            os.write(descriptor, LOCK_HEADER)
    elif found != LOCK_HEADER:
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
