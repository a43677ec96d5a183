"""What a long answer costs in every format: time, memory and size, whole process.

    python benchmarks/documents.py [TASKS]

A made-up plan of TASKS tasks (texts and clauses of the shipped plan, recombined from a seed)
becomes a database once; every format then writes all of it in a process of its own.  "More" is
the memory above that of the same question about the shipped plan.  Aim: a format that writes row
by row takes no more memory for more rows.  Not for Windows, which has no wait4.
"""

import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from plancli.output import formats
from plancli.system import files

TASKS = 100_000
BELOW = 50  # tasks of a section
SECTIONS = 20  # of a list
SEED = 2022
FORMATS = ("table", *formats.PLAIN_FORMATS)
DIGITS = "〇一二三四五六七八九"
MB = 1 << 20
RSS = 1 if sys.platform == "darwin" else 1024  # bytes in which a system counts memory


class Cost(NamedTuple):
    """What a process took, and what it wrote."""

    seconds: float
    memory: float  # MB, at the most
    size: float  # MB


def main(count: int) -> None:
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} processors, ", end="")
    print(f"Python {platform.python_version()}, {date.today()}; {count:,} tasks")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_plan(folder / "plan.yaml", count)
        built = build(folder / "plan.yaml", folder / "large.db")
        build(files.DEFAULT_PLAN, folder / "small.db")
        said = f"{built.seconds:.1f} s, {built.memory:.0f} MB of memory, {built.size:.1f} MB"
        print(f"the database: {said}", flush=True)
        print("| format | seconds | memory MB | more MB | file MB |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for format in FORMATS:
            small = ask(folder / "small.db", format)
            large = ask(folder / "large.db", format)
            more = large.memory - small.memory
            line = f"{large.seconds:.1f} | {large.memory:.0f} | {more:.0f} | {large.size:.1f}"
            print(f"| {format} | {line} |", flush=True)


def write_plan(file: Path, count: int) -> None:
    """Write a plan of *count* tasks, in a process of its own.

    A new process counts what this one has in memory as its own, so that must stay little.
    """
    code = "import sys, documents; documents.make(sys.argv[1], int(sys.argv[2]))"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run([sys.executable, "-c", code, str(file), str(count)], env=env, check=True)


def make(file: str, count: int) -> None:
    """Write a plan of *count* tasks, a task a line: JSON is YAML, and quicker to write."""
    import yaml

    plan = yaml.safe_load(files.DEFAULT_PLAN.read_bytes())
    lists = plan.pop("lists")
    tasks = [task for each in lists for part in parts(each) for task in part.get("tasks", ())]
    titles = [part["title"] for each in lists for part in each.get("sections", ())]
    said = json.dumps({**plan, "source": {}}, ensure_ascii=False)
    with open(file, "w", encoding="utf-8") as out:
        out.write(f'{said[:-1]}, "lists": [\n')
        out.writelines(lines(made_up(tasks, count), titles))
        out.write("]}\n")


def parts(heading: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return a list of the plan, and its sections."""
    return heading, *heading.get("sections", ())


def made_up(tasks: Sequence[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Yield *count* tasks: the text of one, the clause of another, the regions of both."""
    chance = random.Random(SEED)
    for n in range(1, count + 1):
        text, clause = chance.choice(tasks), chance.choice(tasks)
        regions: dict[str, dict[str, Any]] = {}
        for task, place in ((text, "text"), (clause, "clause")):
            for region in task.get("regions", ()):
                if place in region:
                    own = regions.setdefault(region["name"], {"name": region["name"]})
                    own[place] = region[place]
        yield {
            "no": str(n),
            "text": f"{text['text']}列为第{spelt(n)}项。",
            "clause": clause["clause"],
            "duties": clause["duties"],
            **({"regions": list(regions.values())} if regions else {}),
        }


def lines(tasks: Iterator[dict[str, Any]], titles: Sequence[str]) -> Iterator[str]:
    """Yield *tasks* as the lines of their lists and sections."""
    for n, task in enumerate(tasks):
        section, first = divmod(n, BELOW)
        list_, within = divmod(section, SECTIONS)
        if not first:
            if not within:
                yield "]}\n]},\n" if list_ else ""
                yield f'{{"no": "{spelt(list_ + 1)}", "title": "任务清单", "sections": [\n'
            else:
                yield "]},\n"
            title = titles[section % len(titles)]
            yield f'{{"no": "{spelt(within + 1)}", "title": "{title}", "tasks": [\n'
        yield ("," if first else "") + json.dumps(task, ensure_ascii=False) + "\n"
    yield "]}\n]}\n"


def spelt(number: int) -> str:
    """Return *number* digit by digit: 二〇二二."""
    return "".join(DIGITS[int(each)] for each in str(number))


def build(plan: Path, database: Path) -> Cost:
    """Make the *database* of *plan*."""
    return measured(["build", "-p", str(plan), "-o", str(database)], database)


def ask(database: Path, format: str) -> Cost:
    """Write all tasks of *database* in *format*."""
    written = database.with_suffix(f".{format}")
    cost = measured(["list", "-p", str(database), "-f", format, "-o", str(written)], written)
    written.unlink()
    return cost


def measured(argv: Sequence[str], written: Path) -> Cost:
    """Run plancli and return what it cost; os.wait4 knows the memory of this very process."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "plancli", *argv]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        said = process.stderr.read() if process.stderr else ""  # until its end
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"plancli {' '.join(argv)}: {said}")
    return Cost(seconds, used.ru_maxrss * RSS / MB, written.stat().st_size / MB)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TASKS)
