"""What building the database costs: time and memory by size and cores, beside the bare rate.

    python benchmarks/loading.py [TASKS]...

Made-up plans (benchmarks/corpus.py) are built into a database by one core and by all.  The bare
rate is that of ``executemany``: the same rows, read back from the database that was built and
ready in memory, into a fresh file with the same schema, index of words included, in one process.
Aims: with all cores half the bare rate, below 400 MB in every process, and time that grows as the
tasks do (an exponent of 1).  Not for Windows, which has no wait4.
"""

import math
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from documents import measured

from plancli.database import create, writer
from plancli.text import normalize

SIZES = (1_000, 100_000)  # tasks; 1,000,000 when asked
HERE = Path(__file__).parent
AIM = 0.5  # of the bare rate
SLICE = 20_000  # texts whose pairs are in memory at a time


def main(sizes: list[int]) -> None:
    print(f"{platform.machine()} {platform.system()}, {cores()} processors, ", end="")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {date.today()}")
    print("| tasks | cores | s | MB, largest process | database MB | bare s | ratio | aim |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    took = [load(size) for size in sizes]
    if len(sizes) > 1:
        print(f"time grows as tasks to the power of {exponent(sizes, took):.2f}, all cores")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load(tasks: int) -> float:
    """Build plans of so many *tasks* by one core and by all; return the seconds of all."""
    with tempfile.TemporaryDirectory() as name:
        plans, built = Path(name, "plans"), Path(name, "plan.db")
        program = [sys.executable, str(HERE / "corpus.py"), str(plans), str(tasks)]
        subprocess.run(program, check=True, stdout=subprocess.DEVNULL)
        argv = ["build", "-p", str(plans), "-o", str(built)]
        with one_core():
            one = measured(argv, built)
        every = measured(argv, built)
        bare = float(run_bare(built, Path(name, "bare.db")))
        for number, cost in ((1, one), (cores(), every)):
            said = f"{cost.seconds:.1f} | {cost.memory:.0f} | {cost.size:.1f} | {bare:.1f}"
            aim = f"{AIM}" if number > 1 else ""
            ratio = bare / cost.seconds
            print(f"| {tasks:,} | {number} | {said} | {ratio:.2f} | {aim} |", flush=True)
    return every.seconds


@contextmanager
def one_core() -> Iterator[None]:
    """Let the processes begun meanwhile have one processor, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def run_bare(built: Path, fresh: Path) -> str:
    """Return the seconds of the bare rate, measured in a process of its own."""
    program = [sys.executable, __file__, "--bare", str(built), str(fresh)]
    return subprocess.run(program, check=True, capture_output=True, text=True).stdout


def bare(built: str, fresh: str) -> float:
    """Return the seconds that the rows of *built*, once in memory, take into *fresh*."""
    old, new = sqlite3.connect(built), sqlite3.connect(fresh)
    new.executescript(create.DRAFT_PRAGMAS)
    new.executescript(writer.SCHEMA_FILE.read_text("utf-8"))
    seconds = 0.0
    wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'task_fts%'"
    for (table,) in old.execute(wanted).fetchall():
        rows = old.execute(f"SELECT * FROM {table}").fetchall()
        marks = ", ".join("?" * len(list(old.execute(f"PRAGMA table_info({table})"))))
        began = time.perf_counter()
        new.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        seconds += time.perf_counter() - began
    texts = old.execute("SELECT id, text FROM task")
    while some := texts.fetchmany(SLICE):
        pairs = [(n, normalize.split_bigrams(said)) for n, said in some]
        began = time.perf_counter()
        new.executemany("INSERT INTO task_fts(rowid, text) VALUES (?, ?)", pairs)
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    new.commit()
    return seconds + time.perf_counter() - began


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return the power of the size that the time goes with, by least squares of the logarithms."""
    xs, ys = [list(map(math.log, each)) for each in (sizes, seconds)]
    x, y = (sum(each) / len(each) for each in (xs, ys))
    above = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return above / sum((a - x) ** 2 for a in xs)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        print(bare(*sys.argv[2:]))
    else:
        main(list(map(int, sys.argv[1:])) or list(SIZES))
