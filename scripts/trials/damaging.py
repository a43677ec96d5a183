"""Faults of what lies in the cache, and of a database that is kept."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from plancli.system import locks
from scripts.trials.disks import powerless
from scripts.trials.world import Round

HOLD = """import fcntl, sys
lock = open(sys.argv[1], "r+")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
input()"""


def truncated(file: Path, chance: Random) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def flipped(file: Path, chance: Random) -> None:
    """Turn one to a thousand bits over, anywhere."""
    with file.open("rb+") as opened:
        for _bit in range(chance.choice((1, 1, 2, 8, 1000))):
            at = chance.randrange(file.stat().st_size)
            opened.seek(at)
            (byte,) = opened.read(1)
            opened.seek(at)
            opened.write(bytes([byte ^ 1 << chance.randrange(8)]))


def replaced(file: Path, chance: Random) -> None:
    """Put something else in the place of *file*, or make it unreadable."""
    how = chance.choice(
        ("folder", "full folder", "nowhere", "itself", "another", "empty", "pipe", "unreadable")
    )
    if how == "unreadable":
        file.chmod(0)
        return
    other = file.with_suffix(".other")
    file.rename(other)
    if how in ("folder", "full folder"):
        file.mkdir()
        if how == "full folder":
            (file / "x").write_text("x")
    elif how == "another":
        flipped(other, chance)
        elsewhere = file.parent.with_name("elsewhere.db")
        other.rename(elsewhere)
        file.symlink_to(elsewhere)
    elif how == "pipe":
        os.mkfifo(file)
    elif how == "empty":
        file.touch()
    else:
        file.symlink_to("nowhere" if how == "nowhere" else file.name)
    other.unlink(missing_ok=True)


def damaged(damage: Callable[[Path, Random], None], *plans: str) -> Callable[[Round], None]:
    """Return the fault that does *damage* to the database in the cache."""

    def fault(round: Round) -> None:
        which = round.chance.choice(plans)
        damage(round.warmed(which), round.chance)
        round.struck = True
        for _twice in range(2):
            said = round.ask(which, before=powerless())
            round.must("cannot write the cache" not in said.err, said.err)
        for folder in [each for each in round.cache.iterdir() if each.is_dir()]:
            shutil.rmtree(folder)  # plancli removes no folder of the cache

    return fault


def given_truncated(round: Round) -> None:
    """A database that the user keeps is cut: it is refused, or was cut behind its end."""
    kept = round.out / "kept.db"
    shutil.copyfile(next(round.world.warm("shipped").glob("*.db")), kept)
    truncated(kept, round.chance)
    code, out, err = round.run("list", "-f", "json", "-p", str(kept))
    round.struck = True
    round.must(code in (1, 4) and not out and "kept.db" in err, (code, err))
    kept.unlink()
    round.ask("shipped")


def stale(round: Round) -> None:
    """What others left in the cache: locks with words, of the killed, as folders; half a file."""
    (file,) = round.world.warm("shipped").glob("*.db")
    prefix = file.name.rsplit("-", 3)[0]
    lock = round.cache / f".{prefix}-{os.getuid()}{locks.LOCK_SUFFIX}"
    how = round.chance.choice(("words", "killed", "folder", "unwritable", "half"))
    round.struck = True
    if how == "folder":
        lock.mkdir()
    elif how == "half":
        half = round.cache / f".{prefix}.db.0123456789abcdef.plancli"
        half.write_bytes(b"SQLite format 3\0half")
        Path(f"{half}.lock").write_bytes(locks.LOCK_HEADER)
    else:
        lock.write_bytes(b"123456\n" if how == "words" else locks.LOCK_HEADER)
    if how == "unwritable":
        lock.chmod(0)
    if how == "killed":
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(lock)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as holder:  # fmt: skip
            holder.stdout.readline()
            asked = round.start(*round.world.argv("shipped", ("list",)))
            time.sleep(round.chance.uniform(0, 1))
            holder.kill()
            said = round.finish(asked)
            round.must(said.out == round.world.right["shipped", ("list",)], said)
    round.ask("shipped", before=powerless())
    if how in ("words", "folder", "unwritable"):  # no lock of plancli's, or not one of this user
        round.must(lock.exists(), "a stranger's file is gone")
        shutil.rmtree(round.cache)
        round.cache.mkdir()
