"""The names of a registry's regions by their folded form, and what a typed name may mean."""

import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from plancli.registry.model import Region, RegionType, Registry
from plancli.registry.region_spelling import RegionSpellings
from plancli.text.normalize import fold, normalize_key

NAME_END, PART_END, RECORD_END = "\x1f\x1d\x1e"  # which YAML does not allow in a name
AREA_SUFFIXES = ("地区", "区域")
FORMER_SUFFIX = re.compile("(?<=..)(地区|[市县区盟旗])$")
LEVELS = {RegionType.COUNTY: 1, RegionType.TOWN: 2}  # of all others: 0

Homes = list[set[str]]  # the jurisdictions of the open plans, then their provinces


class MeaningKind(StrEnum):
    """How a typed name came to its regions."""

    NAME = "name"
    ALIAS = "alias"
    PATH = "path"  # 合肥市蜀山区
    FORMER = "former"
    COMPOUND = "compound"  # 宁马: all of its regions
    SHORTENED = "shortened"  # 合淮走廊 of 合淮产业走廊
    PINYIN = "pinyin"


class RegionMeaning(NamedTuple):
    """The regions that a typed name means; several are a question, but for a compound."""

    names: tuple[str, ...] = ()
    kind: MeaningKind = MeaningKind.NAME
    until: str = ""  # until when a former name was in use
    others: tuple[str, ...] = ()  # which have the same pinyin, or lately had the name


class RegionNameIndex:
    """The names of a registry's regions by their folded form."""

    def __init__(self, registry: Registry) -> None:
        self.regions = {region.name: region for region in registry.regions}
        self.names: dict[str, str] = {}
        self.aliases: dict[str, list[str]] = {}
        self.abbreviations: dict[str, list[str]] = {}
        self.former: dict[str, list[tuple[str, str]]] = {}  # (region, until)
        self.bare_former: dict[str, list[tuple[str, str]]] = {}
        for region, (names, abbreviations, former) in _fold_all(registry.regions):
            if not names:  # nothing but invisible characters
                continue
            name, *aliases = names
            self.names.setdefault(name, region.name)
            for alias in aliases:
                self.aliases.setdefault(alias, []).append(region.name)
            for abbr in abbreviations:
                self.abbreviations.setdefault(abbr, []).append(region.name)
            for form, dated in zip(former, region.former, strict=True):
                entry = (region.name, dated.until)
                self.former.setdefault(form, []).append(entry)
                if (bare := FORMER_SUFFIX.sub("", form)) != form:
                    self.bare_former.setdefault(bare, []).append(entry)
        self._ancestors: dict[str, frozenset[str]] = {}
        self.spellings = RegionSpellings(registry.regions)

    def get_exact(self, key: str) -> list[str]:
        """Return the regions of the name or alias *key*; 皖北地区 and 皖北 are one, if an area."""
        found = [self.names[key]] if key in self.names else []
        found += self.aliases.get(key, ())
        if not found and key.endswith(AREA_SUFFIXES):
            found = [each for each in self.get_exact(key[:-2]) if self.is_area(each)]
        elif not found:
            longer = [self.names.get(key + suffix, "") for suffix in AREA_SUFFIXES]
            found = [each for each in longer if each and self.is_area(each)]
        return found

    def get_former(self, key: str) -> list[tuple[str, str]]:
        """Return (region, until) of the former name *key*, or of the one that it is bare: 襄樊."""
        return self.former.get(key) or self.bare_former.get(key, [])

    def build_former(self, former: list[tuple[str, str]], homes: Homes) -> RegionMeaning:
        names = self.choose([name for name, _until in former], homes)
        until = max(until for name, until in former if name in names)
        return RegionMeaning(names, MeaningKind.FORMER, until)

    def choose(self, names: Iterable[str], homes: Homes) -> tuple[str, ...]:
        """Return those of *names* at home, if any, and of these the ones of the highest level."""
        found = list(dict.fromkeys(names))
        for home in homes:
            if inside := [each for each in found if self.is_in(each, home)]:
                found = inside
                break
        levels = [LEVELS.get(self.regions[each].type, 0) for each in found]
        return tuple(
            each for each, level in zip(found, levels, strict=True) if level == min(levels)
        )

    def collect_homes(self, home: Collection[str]) -> Homes:
        """Return the jurisdictions *home*, then their provinces."""
        own = {name for each in home for name in self.get_exact(normalize_key(each))}
        provinces = {province for each in own for province in self.get_provinces(each)}
        return [own, provinces]

    def is_at_home(self, names: Iterable[str], home: Collection[str]) -> bool:
        """Whether one of the regions is in the province or city of a plan."""
        homes = set().union(*self.collect_homes(home))
        return any(self.is_in(each, homes) for each in names)

    def is_in(self, name: str, regions: set[str]) -> bool:
        return not regions.isdisjoint(self.get_ancestors(name))

    def is_area(self, name: str) -> bool:
        return self.regions[name].type in (RegionType.AREA, RegionType.LANDMARK)

    def get_ancestors(self, name: str) -> frozenset[str]:
        """Return *name* and all regions that it is in."""
        known = self._ancestors.get(name)
        if known is None:
            region = self.regions.get(name)
            self._ancestors[name] = frozenset((name,))  # in a circle
            parents = region.parents if region else ()
            known = frozenset((name,)).union(*map(self.get_ancestors, parents))
            self._ancestors[name] = known
        return known

    def get_provinces(self, name: str) -> set[str]:
        """Return the provinces that *name* is or is in."""
        return {
            each
            for each in self.get_ancestors(name)
            if each in self.regions and self.regions[each].type is RegionType.PROVINCE
        }


def _fold_all(regions: Iterable[Region]) -> Iterator[tuple[Region, list[list[str]]]]:
    """Yield each region, its names, its abbreviations and its former names, folded in one pass."""
    every = list(regions)
    text = RECORD_END.join(
        PART_END.join(
            NAME_END.join(names)
            for names in (
                (each.name, *each.aliases),
                each.abbr,
                [dated.name for dated in each.former],
            )
        )
        for each in every
    )
    records = fold(text).replace(" ", "").split(RECORD_END)
    for region, record in zip(every, records, strict=False):  # without regions, one empty record
        yield region, [part.split(NAME_END) if part else [] for part in record.split(PART_END)]
