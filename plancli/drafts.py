"""Names of what is written: they say whose it is, so that what a killed process left goes."""

import os
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32

SUFFIX = ".plancli"
NAMED = 40  # characters of the name that is meant: systems take 255 bytes in all


def mark(suffix: str = SUFFIX) -> str:
    """Return the end of such a name, of this process on this machine."""
    return f".{os.getpid()}-{_machine()}{suffix}"


def hidden(name: str) -> str:
    """Return what the file or folder *name* is called while this process writes it."""
    return f".{name[:NAMED]}{mark()}"


@cache
def swept(folder: Path) -> None:
    """Remove from *folder*, once, what processes were writing there that are no more."""
    with suppress(OSError):
        for left in folder.iterdir():
            if left.name.startswith(".") and left.suffix == SUFFIX and abandoned(left):
                remove(left)


def abandoned(draft: Path) -> bool:
    """Whether *draft* is called after a process of this machine that is no more."""
    process, _dash, machine = draft.stem.rpartition(".")[2].partition("-")
    ours = machine == _machine() and process.isdecimal()
    if os.name == "nt" or not ours:  # Windows would end the process asked about
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # it is another user's
        return False
    return False


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if that may be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)


@cache
def _machine() -> str:
    """Return what tells this machine from others that write into the same folder."""
    return f"{crc32(os.fsencode(os.uname().nodename)):x}" if hasattr(os, "uname") else ""
