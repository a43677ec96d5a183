"""Tables from 20 to 400 columns: nothing wider than the terminal, no word of the plan lost."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from plancli.text.layout import measure_width
from scripts.trials.systems.world import Done, Question, World

COLUMNS = (20, 30, 40, 60, 80, 120, 200, 400)
WIDEST = COLUMNS[-1]
RULE = re.compile(r"─[─ ]*")
DRAWN = "─░▒▓█"  # lines and squares, as many as there is room for
MARKS = "●○△"  # of a matrix, whose columns stand beside or below each other


def at(columns: int, world: World, question: Question, plain: Done) -> Iterator[str]:
    """Say what is wrong with the answer on so many *columns*, beside the widest and the data."""
    if not _drawn(question, plain):
        return
    done = world.ask(question, {"COLUMNS": str(columns)})
    page, widest = done.out.decode(), _widest(world, question)
    if done.traced or done.code != plain.code:
        yield f"exit {done.code}: {done.err.decode()}"
    if wide := [line for line in page.splitlines() if measure_width(line) > columns]:
        yield f"{measure_width(wide[0])} cells: {wide[0]}"
    if question.argv[0] == "matrix":
        if any(page.count(mark) != widest.count(mark) for mark in MARKS):
            yield "other numbers"
        return
    heads = _heads(widest)
    said = _letters(page, heads)
    if said != (wanted := _letters(widest, heads)):
        yield f"lost {wanted - said}, more {said - wanted}"
    if columns == WIDEST and (lost := _words(world, question, heads) - said):
        yield f"the table lacks {lost}"


def _drawn(question: Question, plain: Done) -> bool:
    """Whether *question* is answered with a table, and not with help, or only the cache's place."""
    bare = not question.argv or question.argv[0].startswith("-") or question.argv == ("db",)
    return bool(plain.out) and not (bare or question.for_machines)


@cache
def _widest(world: World, question: Question) -> str:
    return world.ask(question, {"COLUMNS": str(WIDEST)}).out.decode()


def _heads(page: str) -> frozenset[str]:
    """Return the characters of the headings of *page*: they stand once, or beside every row."""
    found: set[str] = set(DRAWN)
    above, fresh = "", True
    for line in page.splitlines():
        if fresh and RULE.fullmatch(line):  # others are between rows
            found |= {*above}
            fresh = False
        above, fresh = line, fresh or not line
    return frozenset(found)


def _letters(page: str, but: frozenset[str]) -> Counter[str]:
    """Return how often each character stands on *page*, *but* some of them."""
    return Counter(char for char in "".join(page.split()) if char not in but)


def _words(world: World, question: Question, but: frozenset[str]) -> Counter[str]:
    """Return the characters of the tasks that *question* is about, as the data have them."""
    data = world.ask(question._replace(argv=(*question.argv, "-f", "json")))
    rows = json.loads(data.out) if data.out.startswith(b"[") else []
    return _letters("".join(row.get("target", row.get("text", "")) for row in rows), but)
