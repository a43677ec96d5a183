"""What many documents cost to import: in one process, and on all cores.

    python benchmarks/importing.py [DOCUMENTS] [RUNS]

The documents are made up from seeds (``tests/papers``).  Both ways run in turn as processes of
their own; the medians and their ratio are printed, and the memory of the largest process.  Aim: on
two quiet cores at least 1.6 times as fast.  Not for Windows, which has no wait4.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plancli.system import process_pool

HOME = Path(__file__).resolve().parent.parent
DOCUMENTS, RUNS = 1000, 3
MB = 1 << 20
RSS = 1 if sys.platform == "darwin" else 1024  # bytes in which a system counts memory


class Cost(NamedTuple):
    """What an import took."""

    seconds: float
    processor: float  # seconds of all cores together
    parent: float  # MB, at the most
    worker: float  # MB, the largest at the most


def main(count: int, runs: int) -> None:
    cores = process_pool.count_cores()
    print(f"{platform.machine()} {platform.system()}, {cores} cores, ", end="")
    print(f"Python {platform.python_version()}, {date.today()}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        docs = Path(name) / "documents"
        make(docs, count)
        costs: dict[int, list[Cost]] = {1: [], cores: []}
        for run in range(runs):
            for jobs, taken in costs.items():
                taken.append(measured(docs, Path(name) / f"plans-{run}-{jobs}", jobs))
    print(f"{count:,} documents, {runs} runs in turn, medians")
    print(
        "| processes | seconds | documents a second | ratio | processor s | parent MB | worker MB |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    base = statistics.median(cost.seconds for cost in costs[1])
    for jobs, taken in costs.items():
        cost = Cost(*map(statistics.median, zip(*taken, strict=True)))
        pace = f"{cost.seconds:.1f} | {count / cost.seconds:.0f} | {base / cost.seconds:.2f}"
        memory = f"{cost.parent:.0f} | {cost.worker:.0f}" if jobs > 1 else f"{cost.parent:.0f} | "
        print(f"| {jobs} | {pace} | {cost.processor:.1f} | {memory} |")


def make(folder: Path, count: int) -> None:
    """Write *count* documents, in a process of its own.

    A new process counts what this one has in memory as its own, so that must stay little.
    """
    code = "import sys, importing; importing.write(sys.argv[1], int(sys.argv[2]))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HOME / "benchmarks"), str(HOME)))}
    subprocess.run([sys.executable, "-c", code, str(folder), str(count)], env=env, check=True)


def write(folder: str, count: int) -> None:
    """Write *count* documents into *folder*."""
    from tests.papers import documents

    Path(folder).mkdir()
    for seed in range(count):
        document = documents.document(seed)
        (Path(folder) / document.name).write_bytes(document.data)


def measured(docs: Path, target: Path, jobs: int) -> Cost:
    """Import *docs* in *jobs* processes, and return what it cost.

    It tells what it took itself: to the system, the largest of it and its workers is one.
    """
    code = "import sys, importing; importing.run(sys.argv[1:])"
    argv = ["import", str(docs), "-o", str(target), "--jobs", str(jobs)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HOME / "benchmarks"), str(HOME)))}
    began = time.perf_counter()
    command = [sys.executable, "-c", code, *argv]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL) as process:  # fmt: skip
        told = process.stdout.read() if process.stdout else ""  # until its end
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"plancli {' '.join(argv)}: exit code {process.returncode}")
    parent, worker = (int(each) * RSS / MB for each in told.split())
    return Cost(seconds, used.ru_utime + used.ru_stime, parent, worker)


def run(argv: list[str]) -> None:
    """Run plancli, and print what memory it took itself, and the largest of its workers."""
    import gc
    import resource

    from plancli.cli.main import main

    gc.set_threshold(500_000)  # as plancli does
    code = main(argv)
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss, flush=True)
    sys.exit(code)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*given, *(DOCUMENTS, RUNS)[len(given) :])
