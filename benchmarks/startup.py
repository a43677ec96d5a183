"""What one question costs, whole process, beside a Typer hello-world and beside other tools.

    python benchmarks/startup.py [RUNS] [--peers]

All run in turn, in the environment that runs this file, and are asked the same: what 省能源局 has
to do.  Other tools are those found beside Python or on PATH; ``--peers`` installs them into a
temporary environment.  Install plancli as a wheel, with nothing else, to see what a user sees.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

NAME = "省能源局"
HELLO_WORLD = "Typer hello-world"
TASKS = ("加快建设长三角煤炭", "建设长三角特高压电力枢纽", "推进长三角区域油气管道")  # all of them
HELLO = """import typer
app = typer.Typer()
@app.command()
def hello(name: str): print("hello", name)
@app.command()
def bye(name: str): print("bye", name)
"""
SCRIPT = "import sys\nfrom {module} import {name}\nsys.exit({name}())\n"  # as pip makes them
SQL = f"""SELECT duty.role, task.no, task.text, task.clause FROM task
  JOIN duty ON task_id = task.id JOIN agency ON agency.id = agency_id
 WHERE agency.name = '{NAME}' ORDER BY duty.role, task.id"""
PEERS = ("sqlite-utils", "datasette", "csvkit")
CACHE = "XDG_CACHE_HOME" if sys.platform == "linux" else "PLANCLI_CACHE"
Times = dict[str, list[float]]


class Asked(NamedTuple):
    """A row: its commands, each reading what the one before it writes, and what it is held to."""

    commands: list[list[str]]
    aim: str = ""
    met: Callable[[Times, str], bool] | None = None
    afresh: bool = False  # in an empty cache


def main(runs: int, peers: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours = {"PLANCLI_PLAN", "PLANCLI_CACHE"}
        env = {
            name: value
            for name, value in os.environ.items()
            if name not in ours and (name == "PYTHONPATH" or not name.startswith("PYTHON"))
        }
        env |= {CACHE: str(folder / "cache"), "PYTHONIOENCODING": "utf-8"}
        where = _installed(folder / "peers") if peers else Path(sys.executable).parent
        asked, missing = _asked(folder, env, where)
        for _twice in range(2):  # so that compiled files and the cache are there
            for name, each in asked.items():
                _same(name, _run(each, env, folder))
        times: Times = {name: [] for name in asked}
        for _each in range(runs):
            for name, each in asked.items():
                start = time.perf_counter()
                _run(each, env, folder)
                times[name].append((time.perf_counter() - start) * 1000)
    _print(asked, times, runs, missing)


def _asked(folder: Path, env: dict[str, str], where: Path) -> tuple[dict[str, Asked], list[str]]:
    """Return what is asked, by what it is called; and which tools are not there."""
    (folder / "hello_typer.py").write_text(HELLO, "utf-8")
    hello = _script(folder / "hello.py", "hello_typer", "app")
    plancli = _script(folder / "plancli-.py", "plancli.__main__", "run")
    question = [*plancli, "agency", NAME]
    db, csv = str(folder / "plan.db"), str(folder / "plan.csv")
    for argv in (["build", "-o", db], ["export", "-o", csv]):
        subprocess.run([*plancli, *argv], env=env, check=True, capture_output=True)

    def at_most(most: float, other: str) -> Callable[[Times, str], bool]:
        return lambda times, name: _ratio(times, name, other) <= most

    table = f"plancli agency {NAME}"
    asked = {
        HELLO_WORLD: Asked([[*hello, "hello", "x"]]),
        table: Asked([question], "≤ 1.35 x hello-world", at_most(1.35, HELLO_WORLD)),
    }
    for format in ("tsv", "json"):
        met = at_most(0.95, HELLO_WORLD)
        asked[f"… -f {format}"] = Asked([[*question, "-f", format]], "≤ 0.95 x hello-world", met)
    first = Asked([question], "≤ 3 x the table", at_most(3, table), afresh=True)
    asked["… the first time, with the build"] = first
    path = f"/plan.csv?sql={quote(SQL)}"
    tools = {
        "sqlite-utils query --table": [["sqlite-utils", "query", db, SQL, "--table"]],
        "datasette --get": [["datasette", db, "--get", path]],
        "csvgrep | csvlook": [
            ["csvgrep", "-c", "lead,participate", "-a", "-r", NAME, csv],
            ["csvlook"],
        ],
        "sqlite3 -box": [["sqlite3", "-box", db, SQL]],
    }
    missing = []
    for name, commands in tools.items():
        found = [shutil.which(argv[0], path=_path(where)) for argv in commands]
        if not all(found):
            missing.append(commands[0][0])
            continue
        python = name != "sqlite3 -box"
        asked[name] = Asked(
            [[str(tool), *argv[1:]] for tool, argv in zip(found, commands, strict=True)],
            "plancli’s table is faster" if python else "",
            (lambda times, name: _ratio(times, table, name) < 1) if python else None,
        )
    return asked, missing


def _script(file: Path, module: str, name: str) -> list[str]:
    file.write_text(SCRIPT.format(module=module, name=name), "utf-8")
    return [sys.executable, str(file)]


def _path(where: Path) -> str:
    return os.pathsep.join([str(where), os.environ.get("PATH", "")])


def _installed(folder: Path) -> Path:
    """Install the other tools into *folder*; return where their commands are."""
    venv.create(folder, with_pip=True)
    where = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(where / "python"), "-m", "pip", "install", "--quiet", *PEERS]
    subprocess.run(pip, check=True)
    return where


def _run(asked: Asked, env: dict[str, str], folder: Path) -> str:
    """Run the commands and return what the last one writes."""
    if asked.afresh:
        env = {**env, CACHE: tempfile.mkdtemp(dir=folder)}
    running: list[subprocess.Popen[bytes]] = []
    for argv in asked.commands:
        before = running[-1].stdout if running else subprocess.DEVNULL
        running.append(
            subprocess.Popen(
                argv, env=env, stdin=before, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        )
        if before and len(running) > 1:
            running[-2].stdout.close()  # the next one has it
    out = running[-1].communicate()[0]
    if any(each.wait() for each in running):
        raise SystemExit(f"failed: {asked.commands}")
    return out.decode()


def _same(name: str, out: str) -> None:
    """Refuse to time a tool that does not give all the tasks."""
    if name != HELLO_WORLD and not all(begin in out for begin in TASKS):
        raise SystemExit(f"{name} answers something else:\n{out}")


def _ratio(times: Times, name: str, other: str) -> float:
    """Return the median of what each round says: other work on the machine comes and goes."""
    pairs = zip(times[name], times[other], strict=True)
    return statistics.median(taken / base for taken, base in pairs)


def _print(asked: dict[str, Asked], times: Times, runs: int, missing: list[str]) -> None:
    print(f"{date.today()}, {platform.platform()}, {os.cpu_count()} x {_processor()}")
    print(f"Python {platform.python_version()}, {runs} rounds, ms; ratios are a round's, medians")
    print("| whole process | min | median | to hello-world | to the table | aim | |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    hello, table, *_others = asked
    for name, each in asked.items():
        met = "" if each.met is None else "met" if each.met(times, name) else "missed"
        taken = f"{min(times[name]):.0f} | {statistics.median(times[name]):.0f}"
        ratios = " | ".join(f"{_ratio(times, name, other):.2f}" for other in (hello, table))
        print(f"| {name.replace('|', chr(92) + '|')} | {taken} | {ratios} | {each.aim} | {met} |")
    if missing:
        print(f"not installed, so not timed: {', '.join(missing)} (--peers installs those of pip)")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    main(numbers[0] if numbers else 21, "--peers" in sys.argv)
