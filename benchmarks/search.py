"""What finding costs in plans of any size: words, responsibilities, counts; and that it is exact.

    python benchmarks/search.py [TASKS]...

For each number of tasks (1,000 and 100,000 unless told; a million takes half an hour) a corpus is
made, built, and asked: words of one to ten characters, Latin, punctuation, several words, and pairs
of common halves that hardly ever meet, each against LIKE over the folded texts, in time and in the
tasks that are found; bodies with roles, places and headings; the counts of everything.  The last
table is how each cost grows: n for a cost that is as size to the power of n.
"""

import json
import math
import os
import platform
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import corpus

from plancli import query
from plancli.query import Filter, counts
from plancli.results.roles import Role
from plancli.system import files
from plancli.text.normalize import fold

SIZES = (1_000, 100_000)
ASKED = 40  # questions of each kind
RUNS = 3  # of each, the quickest counts
PAGE = 20
SEED = 1
MARKS = "，、。“”—（）%-+./:《》"


class Kind(NamedTuple):
    """Questions of a kind, each some words."""

    name: str
    asked: list[tuple[str, ...]]


def main(*sizes: int) -> None:
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} processors, ", end="")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {date.today()}")
    found: dict[int, dict[str, float]] = {}
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n## {size:,} tasks", flush=True)
            database = built(Path(folder), size)
            found[size] = asked(database)
    growth(found)


def built(folder: Path, tasks: int) -> Path:
    """Return the database of a corpus."""
    corpus.write(folder / "plans", tasks)
    database = folder / "plans.db"
    began = time.perf_counter()
    command = [sys.executable, "-m", "plancli", "build", "-p", str(folder / "plans")]
    subprocess.run([*command, "-o", str(database)], check=True, stderr=subprocess.DEVNULL)
    print(f"built in {time.perf_counter() - began:.0f} s, {database.stat().st_size / 1e6:.0f} MB")
    return database


def asked(database: Path) -> dict[str, float]:
    """Print what questions of the *database* cost; return the figures that grow."""
    with closing(sqlite3.connect(files.to_read_only_uri(database), uri=True)) as db:
        figures = words(db)
        figures |= duties(db)
        figures |= facets(db)
    figures["a process: keyword -n 20"] = process(database)
    figures["database, MB"] = database.stat().st_size / 1e6
    return figures


def words(db: sqlite3.Connection) -> dict[str, float]:
    """Ask for words, against LIKE."""
    db.execute("ATTACH ':memory:' AS beside")
    db.execute("CREATE TABLE beside.plain (id INTEGER PRIMARY KEY, text TEXT)")
    texts = db.execute("SELECT id, text FROM task")
    db.executemany("INSERT INTO plain VALUES (?, ?)", ((n, fold(text)) for n, text in texts))
    print("\n| words | asked | first 20, ms: median | worst | count, ms: median | worst ", end="")
    print("| LIKE, ms: median | LIKE / count | the same tasks |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    every: list[tuple[float, float, float, bool]] = []
    for kind in kinds(db):
        own = [against_like(db, each) for each in kind.asked]
        said(kind.name, own)
        every += own
    said("**all**", every)
    first, count, like, _same = zip(*every, strict=True)
    return {
        "first 20 with a word": statistics.median(first),
        "count with a word": statistics.median(count),
        "count by LIKE": statistics.median(like),
    }


def said(name: str, own: Sequence[tuple[float, float, float, bool]]) -> None:
    first, count, like, same = zip(*own, strict=True)
    ratio = statistics.median(b / a for a, b in zip(count, like, strict=True))
    print(f"| {name} | {len(own)} ", end="")
    for taken in (first, count):
        print(f"| {statistics.median(taken):.2f} | {max(taken):.2f} ", end="")
    print(
        f"| {statistics.median(like):.1f} | {ratio:.0f} | {sum(same)} of {len(own)} |", flush=True
    )


def against_like(
    db: sqlite3.Connection, sought: tuple[str, ...]
) -> tuple[float, float, float, bool]:
    """Return the ms of a first page, a count and of LIKE, and whether they find the same."""
    where = query.by_keyword(*sought)
    first, page = quickest(lambda: query.select_first_ids(db, where, PAGE))
    count, many = quickest(lambda: query.count_tasks(db, where))
    holds = " AND ".join(["text LIKE ? ESCAPE '!'"] * len(sought))
    patterns = [f"%{escaped(fold(word))}%" for word in sought]
    counted = f"SELECT count(*) FROM plain WHERE {holds}"
    like, many_like = quickest(lambda: db.execute(counted, patterns).fetchone()[0], runs=1)
    same = db.execute(f"SELECT id FROM plain WHERE {holds} ORDER BY id", patterns).fetchall()
    found = db.execute(where.sql.join(("SELECT id FROM task WHERE ", " ORDER BY id")), where.params)
    ids = [n for (n,) in same]
    exact = ids == [n for (n,) in found] and page == ids[:PAGE] and many == many_like == len(ids)
    return first, count, like, exact


def escaped(word: str) -> str:
    for mark in "!%_":
        word = word.replace(mark, f"!{mark}")
    return word


def kinds(db: sqlite3.Connection) -> Iterator[Kind]:
    """Yield what to ask: words taken from the tasks, so that most are found."""
    chance = random.Random(SEED)
    last = db.execute("SELECT max(id) FROM task").fetchone()[0]
    got = "SELECT text FROM task WHERE id = ?"

    def text() -> str:
        return str(db.execute(got, (chance.randint(1, last),)).fetchone()[0])

    def piece(size: int) -> str:
        whole = text()
        at = chance.randrange(max(1, len(whole) - size))
        return whole[at : at + size]

    def half() -> str:
        return piece(2)

    yield Kind("1 character", [(piece(1),) for _ in range(ASKED)])
    yield Kind("2 characters", [(piece(2),) for _ in range(ASKED)])
    yield Kind("3 to 10 characters", [(piece(n),) for n in range(3, 11) for _ in range(ASKED // 8)])
    yield Kind("Latin, digits", [(latin(text, chance),) for _ in range(ASKED)])
    marked = [(mark,) for mark in MARKS] + [(piece(1) + mark,) for mark in MARKS]
    yield Kind("punctuation", marked)
    yield Kind(
        "2 or 3 words", [tuple(half() for _ in range(chance.randint(2, 3))) for _ in range(ASKED)]
    )
    yield Kind("2 common halves side by side", [(half() + half(),) for _ in range(ASKED)])
    yield Kind("in no task", [(f"{piece(1)}龘{piece(1)}",) for _ in range(ASKED // 4)])


def latin(text: Callable[[], str], chance: random.Random) -> str:
    """Return letters and digits that stand in some task."""
    while True:
        if found := re.findall("[!-~]+", text()):
            word = chance.choice(found)
            return word[: chance.randint(1, len(word))]


def duties(db: sqlite3.Connection) -> dict[str, float]:
    """Ask for bodies in a role, about a place, below a heading."""
    chance = random.Random(SEED)
    bodies, places = (
        [str(each) for each in found.column(name)]
        for found, name in (
            (query.select_agencies(db), "agency"),
            (query.select_regions(db), "region"),
        )
    )
    titles: dict[str, list[str]] = {}
    for n, title in db.execute("SELECT id, title FROM section"):
        titles.setdefault(title, []).append(f"section:{n}")
    print("\n| a body, in a role, about a place, below a heading | asked ", end="")
    print("| first 20, ms: median | worst | the same tasks |\n| --- | ---: | ---: | ---: | ---: |")
    medians = []
    for name, choose in {
        "of one plan": lambda: [chance.choice(chance.choice(list(titles.values())))],
        "of every plan that has it": lambda: chance.choice(list(titles.values())),
    }.items():
        taken, same = [], 0
        for _ in range(ASKED * 2):
            where = (
                query.by_agency(chance.choice(bodies), chance.choice([None, *Role]))
                & query.by_region(chance.choice(places))
                & query.by_section(*choose())
            )
            ms, page = quickest(lambda where=where: query.select_first_ids(db, where, PAGE))
            taken.append(ms)
            same += page == whole(db, where)
        medians.append(statistics.median(taken))
        print(f"| {name} | {len(taken)} | {medians[-1]:.2f} | {max(taken):.2f} ", end="")
        print(f"| {same} of {len(taken)} |", flush=True)
    return {"first 20 of a body, place and heading": max(medians)}


def whole(db: sqlite3.Connection, where: Filter) -> list[int]:
    """Return the first tasks by going through all, in the filter's other form."""
    sql = f"SELECT task.id FROM task WHERE {where.sql} ORDER BY task.id LIMIT {PAGE}"
    return [n for (n,) in db.execute(sql, where.params)]


def facets(db: sqlite3.Connection) -> dict[str, float]:
    """Ask for the counts of everything."""
    print("\n| counts of all tasks | rows | ms |\n| --- | ---: | ---: |")
    taken = {}
    for name, answer in counts.SUMMARY_QUESTIONS.items():
        ms, found = quickest(lambda answer=answer: answer(db))
        taken[f"counts: {name}"] = ms
        print(f"| {name} | {len(found.rows):,} | {ms:.2f} |", flush=True)
    return taken


def process(database: Path) -> float:
    """Return the ms of a whole process that shows the first tasks with a word."""
    command = [sys.executable, "-m", "plancli", "keyword", "科创", "-n", str(PAGE)]
    command += ["-p", str(database), "-f", "json"]
    ran: Any = {"check": True, "capture_output": True}
    ms, done = quickest(lambda: subprocess.run(command, **ran), runs=7)
    assert len(json.loads(done.stdout)) <= PAGE
    return ms


def quickest(ask: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """Return the ms of the quickest of some *runs*, and the answer."""
    best, answer = math.inf, None
    for _ in range(runs):
        began = time.perf_counter()
        answer = ask()
        best = min(best, time.perf_counter() - began)
    return best * 1000, answer


def growth(found: dict[int, dict[str, float]]) -> None:
    """Print each figure at each size, and the power of the size that it grows with."""
    if len(found) < 2:
        return
    print(f"\n| ms | {' | '.join(f'{size:,} tasks' for size in found)} | grows as size to the |")
    print(f"| --- |{' ---: |' * (len(found) + 1)}")
    for name in next(iter(found.values())):
        costs = {size: figures[name] for size, figures in found.items()}
        line = " | ".join(f"{cost:.2f}" for cost in costs.values())
        print(f"| {name} | {line} | {exponent(costs):.2f} |")


def exponent(costs: dict[int, float]) -> float:
    """Return the slope of the line through the logarithms of sizes and costs."""
    logs = [(math.log(size), math.log(max(cost, 1e-6))) for size, cost in costs.items()]
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
