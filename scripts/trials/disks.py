"""Faults of the clock, of disks and of folders."""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.trials.world import Round

DAY = 24 * 3600
SELDOM = ("shipped",) * 7 + ("many",)
POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def clock(round: Round) -> None:
    """The clock goes back or forth by up to ten years; or the files' clock did."""
    which = round.chance.choice(SELDOM)
    days = round.chance.choice((-1, 1)) * round.chance.choice((0.04, 1, 100, 3650))
    if round.chance.random() < 0.7:
        round.warmed(which)
    before: tuple[str, ...] = ()
    if shutil.which("faketime") and round.chance.random() < 0.7:
        round.env = {"NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        before = ("faketime", "-f", f"{days:+}d")
    for each in round.cache.iterdir():
        os.utime(each, (time.time() - days * DAY,) * 2)
    round.struck = True
    round.ask(which, before=before)
    round.env = {}
    said = round.ask(which)
    round.must("cannot write the cache" not in said.err, said.err)


def full(round: Round) -> None:
    """The disk is full somewhere on the way: answers come all the same, files are whole or none."""
    which = round.chance.choice(SELDOM)
    most = 1200 if which == "shipped" else 9000
    with _small(round.folder, round.chance.randrange(4, most)) as limit:
        round.cache.mkdir(exist_ok=True)
        said = round.ask(which, preexec_fn=limit)
        round.struck = "cannot write the cache" in said.err
        target = round.out / "list.xlsx"
        argv = ("list", "-p", str(round.world.plans(which)), "-o", str(target))
        code, _out, err = round.run(*argv, preexec_fn=limit)
        round.must(code == (0 if target.exists() else 1), (code, err))
        round.must(code == 0 or "cannot write" in err, err)
        target.unlink(missing_ok=True)
        documents = str(round.world.root / "documents")
        argv = (
            "import",
            documents,
            "-o",
            str(round.out / "plans"),
            "--report",
            str(round.out / "r.html"),
        )
        code, _out, err = round.run(*argv, preexec_fn=limit)
        round.must(code in (0, 1) and "documents: " in err, (code, err))
        shutil.rmtree(round.out / "plans", ignore_errors=True)
        (round.out / "r.html").unlink(missing_ok=True)
        with open("/dev/full", "wb") as nowhere:
            code, _out, err = round.run("list", "-f", "json", stdout=nowhere, preexec_fn=limit)
        round.must(code == 1 and "cannot write the answer" in err, (code, err))
        round.look()
    round.ask(which)


@contextmanager
def _small(folder: Path, kilobytes: int) -> Iterator[Callable[[], None] | None]:
    """Have a small disk at *folder*; where none may be mounted, give what limits a process."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        yield lambda: _limit(kilobytes << 10)
        return
    try:
        for name in ("cache", "out", "tmp"):
            (folder / name).mkdir()
        yield None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _limit(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def read_only(round: Round) -> None:
    """The cache, or the folder for the answer, may not be written to."""
    which = round.chance.choice(SELDOM)
    warm = round.chance.random() < 0.3
    if warm:
        round.warmed(which)
    round.cache.chmod(0o555)
    round.out.chmod(0o555)
    round.struck = True
    said = round.ask(which, before=powerless())
    round.must(warm == ("cannot write the cache" not in said.err), said.err)
    for argv in (["build"], ["export"], ["list"]):
        target = round.out / ("x.db" if argv == ["build"] else "x.csv")
        plans = ["-p", str(round.world.plans(which))]
        code, _out, err = round.run(*argv, *plans, "-o", str(target), before=powerless())
        round.must(code == 1 and "cannot write" in err, (code, err))
    round.cache.chmod(0o755)
    round.out.chmod(0o755)
    round.ask(which)


def powerless() -> tuple[str, ...]:
    """Return what takes from root the right to read and write whatever is forbidden."""
    return POWERLESS if os.geteuid() == 0 else ()
