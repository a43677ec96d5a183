"""What is asked of every engine, what plancli answers, and the table of how it went."""

import os
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plancli import api

SEED = 2022
KEYWORDS = 300
COMBINED = 200
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

DUTIES = """
SELECT display_name, task.text, coalesce(place.name, ''), region.name, year
  FROM duty
  JOIN agency ON agency.id = agency_id
  JOIN task ON task.id = duty.task_id
  JOIN section ON section.id = section_id
  JOIN list ON list.id = list_id
  JOIN plan ON plan.id = plan_id
  JOIN region ON region.id = jurisdiction_id
  LEFT JOIN mention ON mention.task_id = task.id
  LEFT JOIN region AS place ON place.id = region_id
 ORDER BY task.id, display_name, place.name
"""

Task = tuple[str, str, str]  # plan, number, text: numbers alone may come twice


class Question(NamedTuple):
    """A question in plancli's names; what is empty is not asked."""

    kind: str
    agency: str = ""  # as duties name it
    realm: str = ""
    role: str = ""
    region: str = ""
    word: str = ""  # folded
    jurisdiction: str = ""
    year: int = -1  # 0 is asked of plans that tell no year

    @property
    def parts(self) -> list[str]:
        """What is asked: some of agency, region, word, jurisdiction, year."""
        said = [
            name for name in ("agency", "region", "word", "jurisdiction") if self._asdict()[name]
        ]
        return said + ["year"] * (self.year >= 0)


class Asked(NamedTuple):
    """A question, and the tasks that plancli answers with."""

    question: Question
    tasks: Counter[Task]


def parsed(folder: Path) -> list[api.Plan]:
    """Return the plans of the texts in *folder*, read one after the other."""
    return [read(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]


def read(name: str, data: bytes) -> api.Plan:
    """Return the plan of one text, called by its file's name."""
    return api.parse(data, name, id=name.partition(".")[0])


def tasks(rows: Iterable[dict]) -> Counter[Task]:
    """Return the tasks of an answer, to be compared."""
    return Counter((row["plan"], row["no"], row["text"]) for row in rows)


def questions(plans: api.Plans) -> list[Asked]:
    """Return every body and place of *plans*, words from a seed, and some of all together."""
    rng = random.Random(SEED)
    return [*_bodies(plans), *_regions(plans), *_words(plans, rng), *_combined(plans, rng)]


def _bodies(plans: api.Plans) -> Iterator[Asked]:
    """Ask of every body that a task names, but those whose names others have, folded."""
    sql = "SELECT DISTINCT display_name FROM duty JOIN agency ON agency.id = agency_id ORDER BY display_name"
    for n, (called,) in enumerate(plans.db.execute(sql)):
        if api.find_agency(plans, called) != (called,):
            continue
        for role in ("", "lead") if n % 5 == 0 else ("",):
            found = api.ask(plans, agency=called, role=role).records()
            yield Asked(Question("body", *_find_name_and_realm(plans, called), role), tasks(found))


def _find_name_and_realm(plans: api.Plans, called: str) -> tuple[str, str]:
    """Return the name and the realm of an agency as Parquet files have them."""
    sql = """SELECT agency.name, coalesce(region.name, '') FROM agency
          LEFT JOIN region ON region.id = home_region_id WHERE display_name = ?"""
    return plans.db.execute(sql, (called,)).fetchone()


def _regions(plans: api.Plans) -> Iterator[Asked]:
    for (name,) in plans.db.execute("SELECT name FROM region ORDER BY name"):
        found = api.ask(plans, region=name).records()
        yield Asked(Question("place", region=api.find_region(plans, name)[0]), tasks(found))


def _words(plans: api.Plans, rng: random.Random) -> Iterator[Asked]:
    texts = [text for (text,) in plans.db.execute("SELECT text FROM task ORDER BY id")]
    latin = [text for text in texts if any(c.isascii() and c.isalpha() for c in text)]
    for n in range(KEYWORDS):
        word = _word(rng, latin if n % 5 == 0 else texts, 1 + n % 10)
        found = api.ask(plans, keyword=word).records()
        yield Asked(Question("word", word=api.fold(word)), tasks(found))


def _word(rng: random.Random, texts: list[str], size: int) -> str:
    """Return a piece of some text, sometimes as others would type it, sometimes found nowhere."""
    text = rng.choice(texts)
    at = rng.randrange(max(1, len(text) - size))
    word = text[at : at + size].strip() or "。"
    change: Callable[[str], str] = rng.choice(
        (str, str, str.upper, lambda said: said.translate(WIDE), lambda said: said[::-1])
    )
    return change(word)


def _combined(plans: api.Plans, rng: random.Random) -> Iterator[Asked]:
    duties = plans.db.execute(DUTIES).fetchall()
    for _n in range(COMBINED):
        called, text, place, whole, year = rng.choice(duties)
        word = _word(rng, [text], rng.randint(1, 3))
        if api.find_agency(plans, called) != (called,):
            continue
        name, realm = _find_name_and_realm(plans, called)
        found = api.ask(plans, agency=called, region=place or (), keyword=word, year=year,
                        jurisdiction=whole).records()  # fmt: skip
        yield Asked(
            Question("together", name, realm, "", place, api.fold(word), whole, year),
            tasks(found),
        )


class Table:
    """What was done, how long it took, how many rows it gave, and whether it is right."""

    def __init__(self, engine: str) -> None:
        print(f"{engine}; {platform.machine()} {platform.system()}, {os.cpu_count()} processors, "
              f"Python {platform.python_version()}, {date.today()}\n")  # fmt: skip
        print("| what | seconds | rows | the same as plancli |")
        print("| --- | ---: | ---: | ---: |", flush=True)
        self.wrong = 0

    def same(self, asked: Asked, found: Counter[Task]) -> bool:
        """Whether *found* is what plancli answers; if not, say what is amiss."""
        if found != asked.tasks:
            less, more = asked.tasks - found, found - asked.tasks
            print(f"{asked.question}: lacks {less}, has {more} too", file=sys.stderr)
        return found == asked.tasks

    def row(self, what: str, seconds: float, rows: int, right: int = 0, of: int = 0) -> None:
        same = f"{right:,} of {of:,}" if of else ""
        print(f"| {what} | {seconds:.2f} | {rows:,} | {same} |", flush=True)
        self.wrong += of - right


@contextmanager
def timed() -> Iterator[list[float]]:
    """Give a list that holds the seconds once it is over."""
    began, took = time.perf_counter(), [0.0]
    yield took
    took[0] = time.perf_counter() - began
