"""Ctrl-C at any time: exit 130, no traceback, nothing half written."""

import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.trials.systems.world import PATIENCE, PLANCLI, SAID, Question, World, held

ENDED = (130, -signal.SIGINT)  # shells say 130 of both; the second before Python has begun to hear


class Cut(NamedTuple):
    """What a process left that was interrupted, and what is wrong with that."""

    question: Question
    after: float
    code: int
    wrong: str
    early: bool  # Python had not come to a line of ours


def cuts(world: World, asked: list[Question], times: int, chance: random.Random) -> Iterator[Cut]:
    """Interrupt each of *asked* so many *times*, at random; with its cache there, and without."""
    for question in asked:
        for cold in (False, True):
            whole = _lasting(world, question, cold)
            for _again in range(times):
                yield _cut(world, question, cold, whole, chance)


class Whole(NamedTuple):
    """The same process when nobody interrupts it."""

    code: int
    seconds: float
    files: dict[str, bytes]


def _lasting(world: World, question: Question, cold: bool) -> Whole:
    if question.lasts:
        return Whole(130, 2.0, held(world.before))
    start = time.monotonic()
    done = world.ask(question, {"HOME": tempfile.mkdtemp(dir=world.folder)} if cold else {})
    return Whole(done.code, time.monotonic() - start, done.files)


def _cut(world: World, question: Question, cold: bool, whole: Whole, chance: random.Random) -> Cut:
    there = world.copy(question)
    before = held(there)
    home = Path(tempfile.mkdtemp(dir=world.folder)) if cold else world.home
    process = subprocess.Popen(
        [*PLANCLI, *question.argv], cwd=there, env=world.env({"HOME": str(home)}),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    after = chance.uniform(0.01, whole.seconds * 1.1)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    wrong = list(_wrongs(process.returncode, out + err, before, held(there), whole))
    cache = home / ".cache" / "plancli"
    if cache.is_dir() and any(file.suffix == ".draft" for file in cache.iterdir()):
        wrong.append("a draft in the cache")
    shutil.rmtree(there)
    if cold:
        shutil.rmtree(home)
    early = b"KeyboardInterrupt" in err and b"plancli" not in err
    return Cut(question, after, process.returncode, "; ".join(wrong), early)


def _wrongs(
    code: int, said: bytes, before: dict[str, bytes], after: dict[str, bytes], whole: Whole
) -> Iterator[str]:
    if code not in (*ENDED, whole.code):
        yield f"exit {code}"
    if any(word in said for word in SAID):
        yield said.decode(errors="replace")
    for name, held_ in after.items():
        if held_ not in (before.get(name), whole.files.get(name)):
            yield f"{name} is half written, or left"
    if lost := before.keys() - after.keys() - {name for name in before if name not in whole.files}:
        yield f"lost: {sorted(lost)}"
