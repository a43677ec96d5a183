"""Real terminals: what is seen on them, with pagers that are there, are not, or are left early."""

import os
import pty
import re
import select
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator, Mapping
from fcntl import ioctl
from termios import TIOCSWINSZ

from scripts.trials.systems.world import PLANCLI, SAID, Done, Question, World

SIZE = (24, 80)  # lines, columns
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")
Env = Mapping[str, str | None]
TERMINAL: Env = {"TERM": "xterm-256color", "COLUMNS": None, "PAGER": "cat"}
QUIET = 0.6  # seconds without a word: the pager waits for a key
PATIENCE = 60

# The terminal -> its variables, and what is typed where a pager waits.
TERMINALS: dict[str, tuple[Env, bytes]] = {
    "PAGER=cat": ({}, b""),
    "PAGER is not there": ({"PAGER": "no-such-pager"}, b""),
    "PAGER=less, LESS not set, q": ({"PAGER": "less", "LESS": None}, b"q"),
    "PAGER=less, TERM not set, q": ({"PAGER": "less", "TERM": None}, b"q"),
    "PAGER leaves at once, head -1": ({"PAGER": "head -1"}, b""),
    "PAGER=less, Ctrl-C, q": ({"PAGER": "less", "LESS": None}, b"\x03q"),
    "TERM=dumb": ({"TERM": "dumb"}, b""),
    "NO_COLOR=1": ({"NO_COLOR": "1"}, b""),
}


def on(name: str, world: World, question: Question, plain: Done) -> Iterator[str]:
    """Say what is wrong with the answer on the terminal *name*, beside that in a pipe."""
    other, keys = TERMINALS[name]
    code, seen = _seen(world, question, {**TERMINAL, **other}, keys)
    if any(said in seen for said in SAID):
        yield seen.decode(errors="replace")
    binary = b"nothing to read on a terminal" in seen
    if code != (2 if binary else plain.code):
        yield f"exit {code}, not {plain.code}: {seen.decode(errors='replace')[-300:]}"
    if name in ("TERM=dumb", "NO_COLOR=1") and re.search(rb"\x1b\[[0-9;]*3[0-9]", seen):
        yield "coloured"
    if name == "TERM=dumb" and b"\x1b" in seen:
        yield "escapes"
    whole = name in ("PAGER=cat", "PAGER is not there", "TERM=dumb", "NO_COLOR=1")
    if whole and not question.for_machines and _bare(plain.out) not in _bare(seen):
        yield "another answer"


def _bare(page: bytes) -> bytes:
    return ESCAPE.sub(b"", page).replace(b"\r", b"").replace(b" ", b"")


def _seen(world: World, question: Question, env: Env, keys: bytes) -> tuple[int, bytes]:
    """Return the exit code, and all that the terminal was told."""
    there = world.copy(question)
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    process = subprocess.Popen(
        [*PLANCLI, *question.argv], cwd=there, env=world.env(env), start_new_session=True,
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    seen, typed, end = b"", keys, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([ours], [], [], QUIET)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # nobody writes there any more
                break
            seen += more
        elif typed and seen:
            os.write(ours, typed[:1])
            typed = typed[1:]
        if question.lasts and b"http" in seen:
            process.send_signal(2)
            question = question._replace(lasts=False)
    os.close(ours)
    code = process.wait(PATIENCE)
    shutil.rmtree(there)
    return code, seen
