"""Consoles that show less, homes that are not there, streams that are closed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scripts.trials.systems.world import Done, Question, World

Env = Mapping[str, str | None]
Wrong = Iterator[str]
RAW: Env = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}  # a system that Python does not help


class Console(NamedTuple):
    """A console: its variables, the encoding in which people read there, and that of names."""

    name: str
    env: Env
    encoding: str = "utf-8"
    names: str = "utf-8"


CONSOLES = (
    Console("PYTHONIOENCODING=gbk", {"PYTHONIOENCODING": "gbk"}, "gbk"),
    Console("PYTHONIOENCODING=ascii", {"PYTHONIOENCODING": "ascii"}, "ascii"),
    Console("LC_ALL=C", {"LC_ALL": "C"}),
    Console("LC_ALL=C that stays C", {"LC_ALL": "C", **RAW}, "ascii"),
    Console("no LANG, no LC_ALL", {"LANG": None}),
    Console("TERM=dumb", {"TERM": "dumb"}),
    Console("TERM not set, NO_COLOR=1", {"TERM": None, "NO_COLOR": "1"}),
)


def gbk(folder: Path) -> Console | None:
    """Return a console in the locale zh_CN.GBK, made in *folder*, if that can be made here."""
    if not shutil.which("localedef"):
        return None
    made = folder / "zh_CN.GBK"
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "GBK", str(made)], capture_output=True)
    env = {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GBK", **RAW}
    return Console("LC_ALL=zh_CN.GBK", env, "gbk", "gbk") if made.is_dir() else None


def on(console: Console, world: World, question: Question, plain: Done) -> Wrong:
    """Say what is wrong with the answer on *console*, beside the *plain* one."""
    done = world.ask(question, console.env, names=console.names)
    if b"is not a valid file name in ascii" in done.err and (done.code, done.out) == (2, b""):
        return  # said, for there is no other way
    yield from _same(done, plain, out=False)
    encoding = "utf-8" if question.for_machines else console.encoding
    wanted = plain.out.decode().encode(encoding, "replace")
    if done.out != wanted and (question.for_machines or _bare(done.out) != _bare(wanted)):
        yield "another answer"
    if done.err != plain.err.decode().encode(console.encoding, "replace"):
        yield f"said {done.err!r}"


def _bare(page: bytes) -> bytes:
    """Return *page* without the lines of its tables, which are of ASCII where the console is."""
    return page.replace("─".encode(), b"").translate(None, b"\xa9\xa4 |+-?")


def homes(folder: Path) -> dict[str, str | None]:
    """Return homes that are poor, each with its name."""
    (folder / "a file").write_bytes(b"")
    return {
        "HOME not set": None,
        "HOME is empty": "",
        "HOME is not there": str(folder / "nowhere" / "at all"),
        "HOME is a file": str(folder / "a file"),
        "HOME cannot be written": "/proc",
        "HOME is relative": "here",
    }


def at(home: str | None, world: World, question: Question, plain: Done) -> Wrong:
    """Say what is wrong with the answer where the user's home is *home*."""
    yield from _as_well(world.ask(question, {"HOME": home}), plain, question)


def nobody(world: World, question: Question, plain: Done) -> Wrong:
    """Say what is wrong where the user has no name, no home, and a folder he may not write to."""
    at_all = ("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")
    done = world.ask(question, {"HOME": None}, before=at_all)
    yield from _as_well(done, plain, question)


def _as_well(done: Done, plain: Done, question: Question) -> Wrong:
    """Say what is wrong: the answer is the same, but perhaps a word that the cache is not there."""
    if question.argv == ("db",):
        if done.code not in (0, 1) or done.traced:
            yield f"exit {done.code}: {done.err.decode()}"
        return
    yield from _same(done, plain)
    if not done.err.endswith(plain.err):
        yield f"said {done.err.decode()}"


def _same(done: Done, plain: Done, *, out: bool = True) -> Wrong:
    if done.traced:
        yield f"{done.out + done.err!r}"
    if done.code != plain.code:
        yield f"exit {done.code}, not {plain.code}: {done.err.decode(errors='replace')}"
    if out and done.out != plain.out:
        yield "another answer"
    differ = {
        name
        for name in done.files.keys() | plain.files.keys()
        if done.files.get(name) != plain.files.get(name)
    }
    if differ:
        yield f"other files: {sorted(differ)}"


# How the streams are closed -> by what the shell starts the program.
CLOSED = {
    "stdout closed": ">&-",
    "stderr closed": "2>&-",
    "stdin, stdout and stderr closed": "<&- >&- 2>&-",
    "nobody reads": "| true",
    "only a byte is read, | head -c 1": "| head -c 1",
    "only a line is read, 2>&1 | head -1": "2>&1 | head -1",
    "the disk is full, > /dev/full": ">/dev/full",
}


def closed(how: str, world: World, question: Question, plain: Done) -> Wrong:
    """Say what is wrong where the streams are as *how* has them."""
    piped = "|" in CLOSED[how]
    if piped and question.lasts:
        return  # it says nothing to a reader
    script = (
        f'"$@" {CLOSED[how]}; exit "${{PIPESTATUS[0]}}"' if piped else f'exec "$@" {CLOSED[how]}'
    )
    done = world.ask(question, before=("bash", "-c", script, "bash"))
    full = "full" in how and plain.out
    wanted = 1 if full and plain.code in (0, 4) else plain.code
    yield from _same(done._replace(code=0), plain._replace(code=0), out=False)
    if done.code != wanted:
        yield f"exit {done.code}, not {wanted}: {done.err.decode()}"
    if "full" in how and done.code == 1 and b"cannot write" not in done.err:
        yield f"said {done.err!r}"


@cache
def others_may_run() -> bool:
    """Whether a user without a name could run this Python at all."""
    import sys

    argv = ["setpriv", "--reuid", "54321", "--clear-groups", sys.executable, "-c", "import typer"]
    try:
        return os.getuid() == 0 and not subprocess.run(argv, capture_output=True).returncode
    except OSError:
        return False


Check = Callable[[World, Question, Done], Wrong]
