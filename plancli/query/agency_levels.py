"""Tell whether an agency has the region and the level that a typed name has in front.

县财政局 is that of the plan's own county: 商城县财政局, which a plan of 固始县 may name, is not meant.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plancli.errors import NotFound
from plancli.query import region_lookup
from plancli.query.agency_lookup import AgencyCandidate
from plancli.query.name_lookup import AmbiguousName
from plancli.registry.agency_matching import is_subsequence
from plancli.registry.agency_names import AgencyName
from plancli.registry.agency_words import COUNTRY, OFFICE_WORDS, ZONE_LEVEL
from plancli.registry.divisions import load_divisions

COUNTRY_TYPE, PROVINCE_TYPE = "国家", "省级"
# The regions around each plan, the nearest first.
REGIONS_AROUND = """
SELECT plan.id, region.name FROM plan
  JOIN region_ancestor ON descendant_id = jurisdiction_id
  JOIN region ON region.id = ancestor_id
 WHERE region.id = jurisdiction_id OR region.type IN ('县级', '地级', '省级')
 ORDER BY plan.id, region.id <> jurisdiction_id,
          instr('县级 地级 省级', region.type)
"""
PROVINCE_LEVELS = ("省", "自治区")


class TypedOwner(NamedTuple):
    """Whose agency a typed name means."""

    parsed: AgencyName
    regions: tuple[str, ...]  # that the beginning of the name may mean
    own_regions: Mapping[int, str]  # of each plan, that has the typed level; '' if none
    own_words: frozenset[str]  # names of the plans' regions and of those around them
    is_provincial: bool  # a 厅

    def accept(self, candidate: AgencyCandidate, name: AgencyName) -> AgencyCandidate | None:
        """Return *candidate*, one of whose names is *name*, with the plans in which it is meant."""
        if not candidate.ranks:
            is_own = not self.parsed.level or candidate.home_region in self.own_regions.values()
            return candidate if self._has_level(candidate, name, "") and is_own else None
        ranks = {
            plan: rank
            for plan, rank in candidate.ranks.items()
            if self._has_level(candidate, name, self.own_regions[plan])
        }
        return candidate._replace(ranks=ranks) if ranks else None

    def _has_level(self, candidate: AgencyCandidate, name: AgencyName, own_region: str) -> bool:
        level = self.parsed.level
        if self.parsed.region:
            return self._has_region(candidate, name)
        if level == COUNTRY:
            is_national = candidate.home_type in ("", COUNTRY_TYPE) and not name.region
            return is_national and name.level in ("", COUNTRY)
        if self.is_provincial:
            return candidate.home_type == PROVINCE_TYPE or name.level in PROVINCE_LEVELS
        if level and own_region:
            is_unknown = not (candidate.home_region or name.level or name.region)
            return candidate.home_region == own_region or is_unknown
        levels = {level, name.level}
        if levels == {"区", "自治区"}:  # 区科技厅; but 区政府 is not that of the 自治区
            return bool(self.parsed.functions)
        return len(levels) == 1 or "" in levels or levels <= {*PROVINCE_LEVELS}

    def _has_region(self, candidate: AgencyCandidate, name: AgencyName) -> bool:
        typed, region = self.parsed.region, name.region
        if self.parsed.level == name.level == ZONE_LEVEL:
            return self._is_zone(typed, region)
        if candidate.home_region in self.regions or candidate.name.startswith(typed):
            return True
        is_unknown = bool(region) and not candidate.home_region
        return is_unknown and (typed.endswith(region) or region.endswith(typed))

    def _is_zone(self, typed: str, zone: str) -> bool:
        """Whether *typed* is *zone*, in short or with the region around it in front."""
        if zone.endswith(typed) or typed.removesuffix(zone) in self.own_words:
            return True
        return typed[0] == zone[0] and typed[-1] == zone[-1] and is_subsequence(typed, zone)


def find_typed_owner(db: sqlite3.Connection, key: str, parsed: AgencyName) -> TypedOwner:
    """Return whose agency the typed name *key* means; *parsed*: its parts."""
    spellings = {each.name: (each.name, *each.aliases) for each in load_divisions()}
    around: dict[int, list[str]] = {}
    for plan, region in db.execute(REGIONS_AROUND):
        around.setdefault(plan, []).append(region)
    has_level = not parsed.region and parsed.level not in ("", COUNTRY, ZONE_LEVEL)
    own_regions = {}
    for plan, regions in around.items():
        named = {each: spellings.get(each, (each,)) for each in regions}
        own_regions[plan] = _find_own_region(named, parsed.level) if has_level else ""
    words = {word for each in around.values() for name in each for word in spellings.get(name, ())}
    is_provincial = key.endswith("厅") and not key.endswith(OFFICE_WORDS)
    return TypedOwner(
        parsed,
        _find_regions(db, parsed.region),
        own_regions,
        frozenset(words),
        is_provincial and not parsed.region and not parsed.level,
    )


def _find_own_region(regions: Mapping[str, Iterable[str]], level: str) -> str:
    """Return the nearest of *regions* with a name that ends in *level*: 市, 县; '' if none."""
    levels = PROVINCE_LEVELS if level in PROVINCE_LEVELS else (level,)
    for at, (region, names) in enumerate(regions.items()):
        if at and level == "区":  # the 自治区 around a city has districts
            break
        if any(each.endswith(levels) and each not in levels for each in names):
            return region
    return ""


def _find_regions(db: sqlite3.Connection, region: str) -> tuple[str, ...]:
    """Return the regions that *region*, the beginning of a typed name, may mean."""
    try:
        return region_lookup.find_regions(db, region).names if region else ()
    except AmbiguousName as error:
        return error.names
    except NotFound:
        return ()
