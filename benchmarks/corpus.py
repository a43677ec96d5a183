"""Made-up plans in any number: the shipped plan's words recombined, names mixed in, from a seed.

    python benchmarks/corpus.py FOLDER [TASKS] [SEED]

A plan has 40 to 160 tasks below three to eight headings, is of 安徽 or of a city of it, for a year
from 2006 to 2025, and names only bodies that such a plan may mean.  Words,
bodies and names are taken by Zipf's law: few in nearly every task, many in one of a million.  The
same seed writes the same bytes, and a larger corpus begins with the plans of a smaller one but for
the last.
"""

import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from plancli.plan import clause, region_finder
from plancli.plan import io as plan_io
from plancli.plan.model import OPEN_END, DutyGroup, Plan, iter_tasks
from plancli.plan.scope import RegistryScope
from plancli.registry import io as registry_io
from plancli.registry.model import AgencyKind, Registry
from plancli.results.roles import Role
from plancli.system import files

TASKS = 100_000
SEED = 2022
YEARS = range(2006, 2026)
PLACES = (
    "安徽 安徽 合肥 淮北 亳州 宿州 蚌埠 阜阳 淮南 滁州 六安 马鞍山 芜湖 宣城 铜陵 池州 安庆 黄山"
).split()
NUMERALS = "一二三四五六七八"
SYLLABLES = (
    "华安宏远中科新能恒泰瑞丰金鼎天成东方海康龙腾盛达光明联创信和嘉禾云智星图蓝湾青山绿谷翠湖云岭"
    "玉泉石桥古镇柳河枫林竹海莲塘凤台鹿鸣鹤溪麒麟岗"
)
THINGS = (
    "公司 项目 基地 产业园 中心 大桥 水库 电站 研究院 示范区 创新港 G{n} S{n}高速 C{n} AI+{n} {n}GW"
    " {n}.5亿元 “{n}条”"
).split()


class Piece(NamedTuple):
    """Words of a task, and the places that they carry: (region, word)."""

    words: str
    places: tuple[tuple[str, str], ...] = ()


def main(folder: str, tasks: int = TASKS, seed: int = SEED) -> None:
    print(f"{write(Path(folder), tasks, seed):,} plans, {tasks:,} tasks")


def write(folder: Path, tasks: int, seed: int = SEED) -> int:
    """Write plans of *tasks* tasks together into *folder*, a file each; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in plans(tasks, seed):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
        count += 1
    return count


def plans(tasks: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield (id, YAML) of plans that have *tasks* tasks together."""
    maker = Maker(seed)
    number = 0
    while tasks:
        number += 1
        chance = random.Random(f"{seed} {number}")
        size = min(tasks, chance.randint(40, 160))
        tasks -= size
        yield f"plan-{number:06}", "".join(maker.plan(f"plan-{number:06}", size, chance))


class Zipf:
    """Takes one of many, the first most often: the nth one as often as 1/n of the first."""

    def __init__(self, values: Sequence[object]) -> None:
        self.values = values
        self.weights = list(accumulate(1 / n for n in range(1, len(values) + 1)))

    def take(self, chance: random.Random, count: int) -> list[object]:
        return chance.choices(self.values, cum_weights=self.weights, k=count)


class Maker:
    """Makes plans of what the shipped plan says."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        known = registry_io.load_default_registry()
        plan = plan_io.parse_plan(files.DEFAULT_PLAN.read_bytes(), "", known)
        self.finder = region_finder.RegionFinder(known)
        self.known = known
        words = {
            words
            for entry in iter_tasks(plan)
            for words in re.split("[，。、；,]", entry.task.text)
            if len(words) > 3 and not re.search("[()]", words)
        }
        self.pieces = Zipf([self.piece(each) for each in shuffled(chance, words)])
        self.names = Zipf(range(1, 400_000))
        self.titles = [each.title for list_ in plan.lists for each in list_.sections]
        self.bodies = {place: self.of(plan, place, chance) for place in set(PLACES)}

    def piece(self, words: str) -> Piece:
        found = self.finder.find_mentions(words, ())
        return Piece(words, tuple((each.name, word) for each in found for word in each.text))

    def of(self, plan: Plan, place: str, chance: random.Random) -> Zipf:
        """Return the bodies that a plan of *place* may name, each with the places it carries."""
        known: Registry = RegistryScope(self.known).get_registry(replace(plan, jurisdiction=place))
        names = {each.name for each in known.agencies if each.kind is not AgencyKind.COLLECTIVE}
        collectives = {each.name for each in known.agencies} - names
        return Zipf([*shuffled(chance, names), *shuffled(chance, collectives)])

    def plan(self, key: str, size: int, chance: random.Random) -> Iterator[str]:
        """Yield the lines of a plan of *size* tasks."""
        place, year = chance.choice(PLACES), chance.choice(YEARS)
        titles = chance.sample(self.titles, chance.randint(3, 8))
        yield f"id: {key}\ntitle: {place}{year}年工作要点\nyear: {year}\njurisdiction: {place}\n"
        yield "source:\n  publisher: 办公室\n  date: '" + f"{year}-03-01'\nlists:\n"
        yield "- 'no': 一\n  title: 重点任务\n  sections:\n"
        below = -(-size // len(titles))
        for n in range(size):
            section, within = divmod(n, below)
            if not within:
                yield f"  - 'no': {NUMERALS[section]}\n    title: {titles[section]}\n    tasks:\n"
            yield from self.task(n + 1, place, chance)

    def task(self, number: int, place: str, chance: random.Random) -> Iterator[str]:
        pieces = list(dict.fromkeys(self.pieces.take(chance, chance.randint(2, 12))))
        if chance.random() < 0.5:
            made = self.piece(name(int(str(self.names.take(chance, 1)[0]))))
            pieces.insert(chance.randrange(len(pieces) + 1), made)
        text = "，".join(each.words for each in pieces) + "。"
        duties = self.duties(place, chance)
        said = clause.format_clause(duties)
        yield f"    - 'no': '{number}'\n      text: {written(text)}\n"
        yield f"      clause: {said}\n      duties:\n"
        for group in duties:
            yield f"      - {group.role}: [{', '.join(group.lead or group.participate)}]\n"
        yield from self.regions(pieces, duties)

    def duties(self, place: str, chance: random.Random) -> list[DutyGroup]:
        bodies = self.bodies[place]
        names = list(dict.fromkeys(bodies.take(chance, chance.randint(1, 6))))
        first = chance.choice((0, 1, 1, 1, 2))
        more = [OPEN_END] if names[first:] and chance.random() < 0.2 else []
        groups = {Role.LEAD: names[:first], Role.PARTICIPATE: [*names[first:], *more]}
        return [DutyGroup(**{role: tuple(map(str, who))}) for role, who in groups.items() if who]

    def regions(self, pieces: Sequence[Piece], duties: Sequence[DutyGroup]) -> Iterator[str]:
        in_text: dict[str, dict[str, None]] = {}
        for each in pieces:
            for region, word in each.places:
                in_text.setdefault(region, {})[word] = None
        in_clause = {each.name: each.clause for each in self.finder.find_mentions("", duties)}
        if in_text or in_clause:
            yield "      regions:\n"
        for region in dict.fromkeys([*in_text, *in_clause]):
            said = [f"name: {region}"]
            if region in in_text:
                said.append(f"text: [{', '.join(map(written, in_text[region]))}]")
            if region in in_clause:
                said.append(f"clause: [{', '.join(map(written, in_clause[region]))}]")
            yield f"      - {{{', '.join(said)}}}\n"


def shuffled(chance: random.Random, values: set[str]) -> list[str]:
    ordered = sorted(values)
    chance.shuffle(ordered)
    return ordered


def name(number: int) -> str:
    """Return the made-up name of *number*: two numbers have two names."""
    thing = THINGS[number % len(THINGS)]
    letters, rest = [], number
    while rest:
        rest, at = divmod(rest, len(SYLLABLES))
        letters.append(SYLLABLES[at])
    return "".join(letters) + thing.format(n=number)


def written(words: str) -> str:
    """Return *words* as a value in YAML: quoted where they must be; JSON is YAML."""
    plain = (not words[0].isascii() or words.isalnum()) and not re.search("[:#,{}\\[\\]]", words)
    return words if plain else json.dumps(words, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
