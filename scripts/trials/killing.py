"""Faults that meet a process at work: it is killed, or one that works for it, or told to end."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from scripts.trials.world import WAIT, Round, World


class Work(NamedTuple):
    """What is killed: its words, what it writes, and whether something may be there before."""

    argv: Callable[[Round], list[str]]
    writes: str = ""  # in the round's folder
    over: bool = True


def _asking(plans: str) -> Callable[[Round], list[str]]:
    return lambda round: round.world.argv(plans, ("list",))


def _building(plans: str) -> Callable[[Round], list[str]]:
    return lambda round: [
        *("build", "-p", str(round.world.plans(plans)), "-o", str(round.out / "plan.db")),
    ]


def _exporting(round: Round) -> list[str]:
    return ["list", "-o", str(round.out / "tasks.xlsx")]


def _packing(round: Round) -> list[str]:
    if round.chance and round.chance.random() < 0.5:
        (round.out / "sheets").mkdir(exist_ok=True)  # somebody made it
    return ["pack", str(round.out / "sheets"), "--agency", "省能源局"]


def _importing(round: Round) -> list[str]:
    folder = round.world.root / "documents"
    return ["import", str(folder), "-o", str(round.out / "plans"), "--jobs", "2"]


WORKS = {
    "shipped": Work(_asking("shipped")),
    "many": Work(_asking("many")),
    "build": Work(_building("shipped"), "plan.db"),
    "build many": Work(_building("many"), "plan.db"),
    "import": Work(_importing, "plans", over=False),
    "export": Work(_exporting, "tasks.xlsx"),
    "pack": Work(_packing, "sheets", over=False),
}


def killed(*names: str) -> Callable[[Round], None]:
    """Return the fault that kills one of the works *names*: what is there is whole or as before."""

    def fault(round: Round) -> None:
        work, before = _begin(round, round.chance.choice(names))
        process = round.start(*work.argv(round))
        _wait(round, process, work)
        process.kill()
        round.struck = round.finish(process).code == -signal.SIGKILL
        _whole(round, work, before)
        _again(round, work)

    return fault


def told_to_end(*numbers: signal.Signals) -> Callable[[Round], None]:
    """Return the fault that asks a work to end by a signal: quietly, and nothing is left."""

    def fault(round: Round) -> None:
        often = ("shipped", "build", "export", "import")
        work, before = _begin(round, round.chance.choice((*often, *often, "many", "build many")))
        number = round.chance.choice(numbers)
        process = round.start(*work.argv(round))
        _hears(process)
        _wait(round, process, work)
        if round.chance.random() < 0.5 and process.poll() is None:
            os.killpg(process.pid, number)  # as a terminal does: all hear it
        else:
            process.send_signal(number)
        code, _out, err = round.finish(process)
        round.struck = code == 128 + number
        round.must(code == 0 or (round.struck and not err), f"{number!r}: {code} {err}")
        _whole(round, work, before)
        round.look(work.writes)
        _again(round, work)

    return fault


def worker_killed(*names: str) -> Callable[[Round], None]:
    """Return the fault that kills a process that works for one of the works *names*."""

    def fault(round: Round) -> None:
        name = round.chance.choice(names)
        work, before = _begin(round, name)
        process = round.start(*work.argv(round))
        workers: list[int] = []
        while process.poll() is None and not workers:
            workers = _workers(process.pid)
            time.sleep(0.005)
        time.sleep(round.chance.uniform(0, round.world.takes[name,] / 2))
        for worker in round.chance.sample(workers, min(1, len(workers))):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        code, _out, err = round.finish(process)
        round.struck = "was ended (exit code -9)" in err
        round.must(code == (1 if round.struck else 0), f"{code} {err}")
        if name != "import":
            _whole(round, work, before)
        round.look(work.writes)
        _again(round, work)

    return fault


def measured(world: World, name: str) -> None:
    """Do the work *name* once with no fault, to know how long it takes and what it writes."""
    round = Round(world, None, f"right-work-{name}")  # type: ignore[arg-type]
    start = time.monotonic()
    said = round.run(*WORKS[name].argv(round))
    assert said.code == 0, said
    world.takes[name,] = time.monotonic() - start
    world.made[name,] = _written(round.out)


def _begin(round: Round, name: str) -> tuple[Work, dict[str, bytes]]:
    """Measure the work if it is new; have something there before, or not."""
    if (name,) not in round.world.made:
        measured(round.world, name)
    round.doing = name
    work = WORKS[name]
    before: dict[str, bytes] = {}
    if work.writes and work.over and round.chance.random() < 0.5:
        old = round.world.warm("shipped").glob("*.db") if work.writes == "plan.db" else ()
        raw = next((each.read_bytes() for each in old), b"before")
        (round.out / work.writes).write_bytes(raw)
        before = {work.writes: raw}
    return work, before


def _wait(round: Round, process: subprocess.Popen, work: Work) -> None:
    """Wait for a random moment of the work."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(round.chance.uniform(0, round.world.takes[round.doing,]))


def _whole(round: Round, work: Work, before: dict[str, bytes]) -> None:
    """Every file that the work names is as it was, or as it becomes."""
    made = round.world.made[round.doing,]
    for name, raw in _written(round.out).items():
        hidden = any(part.startswith(".") for part in Path(name).parts)
        round.must(hidden or raw in (before.get(name), made.get(name)), f"half made: {name}")
    round.must(not before or (round.out / work.writes).is_file(), "lost what was there")


def _again(round: Round, work: Work) -> None:
    """Do the work with no fault: all is as if there had been none."""
    if not work.writes:
        round.ask(round.doing)
        return
    if round.doing == "pack" and not round.struck:  # done, and nothing is written over
        shutil.rmtree(round.out / work.writes)
    said = round.run(*work.argv(round))
    round.must(said.code == 0, said)
    made, there = round.world.made[round.doing,], _written(round.out)
    round.left += sorted(there.keys() - made.keys())
    round.must(all(there.get(name) == raw for name, raw in made.items()), "written otherwise")


def _written(folder: Path) -> dict[str, bytes]:
    found = {file: file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}
    return {str(name): file.read_bytes() for file, name in found.items()}


def _hears(process: subprocess.Popen) -> None:
    """Wait until Python has begun, which is loud when it is told to end before."""
    mask = 1 << (signal.SIGTERM - 1)
    deadline = time.monotonic() + WAIT
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            if int(status.partition("SigCgt:")[2].split()[0], 16) & mask:
                return
        time.sleep(0.002)


def _workers(parent: int) -> list[int]:
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(each) for each in children if "spawn_main" in _words(each)]
    except OSError:
        return []


def _words(process: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text()
    return ""
