"""Select the agencies and regions that a plan may name: its own, those of the registry, and those
that a rule tells: the government of every division.

省科技厅 is a different agency in a plan of 安徽 and in one of 浙江, 市人社局 and 市人力资源社会保障局 are the
same one: an agency is identified by the region it belongs to, its level, and its functions.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.entries import merge_entries, merge_entry
from plancli.plan.governments import (
    GOVERNMENT_ENDINGS,
    GOVERNMENT_NAME,
    LEVEL_ENDINGS,
    add_possible_members,
    create_government,
)
from plancli.plan.model import Plan, iter_tasks
from plancli.registry.agency_functions import split_functions
from plancli.registry.agency_names import AgencyName, parse_agency_name
from plancli.registry.hierarchy import RegionHierarchy, iter_collective_members
from plancli.registry.model import (
    DIVISION_TYPES,
    Agency,
    AgencyKind,
    Region,
    RegionType,
    Registry,
    find_province,
)

NATIONAL_LEVEL = "国家"


class AgencyIdentity(NamedTuple):
    """What makes two names one agency."""

    home_region: str  # the region that the agency belongs to, or ''
    level: str  # the level of the name where no region of that level is known, or ''
    name: str  # its functions, or its name where no rule explains it


class RegistryScope:
    """The registry as each plan sees it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.hierarchy = RegionHierarchy(registry.regions)
        self._regions_by_word: dict[str, list[str]] = {}
        for region in registry.regions:
            for word in (region.name, *region.aliases):
                self._regions_by_word.setdefault(word, []).append(region.name)
        self._regions_by_former_name: dict[str, list[str]] = {}
        for region in registry.regions:
            for name in region.former if region.type in DIVISION_TYPES else ():
                self._regions_by_former_name.setdefault(name.name, []).append(region.name)
        self._parsed_names: dict[str, AgencyName] = {}
        self._shared_registries: dict[str, Registry] = {}  # by jurisdiction
        self._region_words: dict[str, frozenset[str]] = {}  # by province

    def get_registry(self, plan: Plan) -> Registry:
        """Return the agencies and regions that *plan* may name: its own and the registry's.

        Errors: BadPlan if the plan defines an entry of the registry differently.
        """
        shared = (
            self._build_shared_registry(plan) if plan.regions else self.get_shared_registry(plan)
        )
        agencies = {each.name: each for each in shared.agencies}
        count = len(agencies)
        merge_entries(agencies, plan.agencies, plan)
        for name in dict.fromkeys((*iter_agency_names(plan), *(n.name for n in plan.agencies))):
            known = agencies.get(name)
            if (not known or not known.region) and (
                government := self.create_government(name, plan)
            ):
                agencies[name] = merge_entry(government, known, plan) if known else government
        below = self._find_divisions_below(plan.jurisdiction)
        for each in plan.agencies:
            agencies[each.name] = add_possible_members(agencies[each.name], below)
        if len(agencies) == count and not plan.agencies:
            return shared
        return replace(shared, agencies=tuple(agencies.values()))

    def get_shared_registry(self, plan: Plan) -> Registry:
        """Return what every plan of the jurisdiction may name, if it defines no regions."""
        if plan.jurisdiction not in self._shared_registries:
            bare = replace(plan, agencies=(), regions=())
            self._shared_registries[plan.jurisdiction] = self._build_shared_registry(bare)
        return self._shared_registries[plan.jurisdiction]

    def _build_shared_registry(self, plan: Plan) -> Registry:
        """Return the registry for *plan* without the agencies that it defines or names."""
        regions = {each.name: each for each in self.registry.regions}
        merge_entries(regions, plan.regions, plan)
        around = {plan.jurisdiction, *self._find_enclosing_regions(plan)}
        agencies = {
            each.name: each
            for each in self.registry.agencies
            if self._is_in_scope(self.find_home_region(each), plan.jurisdiction, around)
        }
        listed = {self.identify_agency(each, plan) for each in agencies.values()}
        governments = [
            each
            for each in self._iter_governments(plan.jurisdiction)
            if self.identify_agency(each, plan) not in listed  # the registry has 省政府
        ]
        # Collective agencies stay last: they follow their possible members in every list.
        collectives = [each for each in agencies.values() if each.kind is AgencyKind.COLLECTIVE]
        for each in collectives:
            del agencies[each.name]
        for each in (*governments, *collectives):
            agencies.setdefault(each.name, each)
        return replace(
            self.registry, agencies=tuple(agencies.values()), regions=tuple(regions.values())
        )

    def _find_enclosing_regions(self, plan: Plan) -> Iterator[str]:
        """Yield the regions that contain the plan's jurisdiction."""
        own = next((each for each in plan.regions if each.name == plan.jurisdiction), None)
        for each in own.parents if own and own.parents else (plan.jurisdiction,):
            yield from self.hierarchy.find_ancestors(each)

    def find_region_words(self, jurisdiction: str) -> frozenset[str]:
        """Return the words for regions that may begin the name of an agency in a plan.

        A county's name without 县 only in its own province, and never one that is a function: 公安.
        """
        province = self.hierarchy.find_province(jurisdiction)
        if province not in self._region_words:
            self._region_words[province] = self._general_region_words | {
                name
                for county in self.registry.regions
                if county.type is RegionType.COUNTY
                and self.hierarchy.find_province(county.name) == province
                for name in (county.name, *county.aliases)
                if not split_functions(name)
            }
        return self._region_words[province]

    @cached_property
    def _general_region_words(self) -> frozenset[str]:
        return frozenset(
            name
            for region in self.registry.regions
            for name in (region.name, *region.aliases)
            if (
                name.endswith(LEVEL_ENDINGS) and len(name) > 2
                if region.type is RegionType.COUNTY
                else not split_functions(name)
            )
        )

    def iter_collective_members(self, registry: Registry, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield (collective agency, possible member) of *registry*, that of *plan*."""
        hierarchy = RegionHierarchy(registry.regions) if plan.regions else self.hierarchy
        return iter_collective_members(registry, hierarchy)

    def _is_in_scope(self, home_region: str, jurisdiction: str, around: set[str]) -> bool:
        """Whether a plan of *jurisdiction* may name an agency of *home_region*."""
        return (
            not home_region
            or home_region in around
            or self.hierarchy.is_within(home_region, jurisdiction)
        )

    def _iter_governments(self, jurisdiction: str) -> Iterator[Agency]:
        """Yield the governments and party committees of *jurisdiction* and the divisions in it."""
        below = self._find_divisions_below(jurisdiction)
        own = self.hierarchy.regions.get(jurisdiction)
        divisions = [*below, own] if own and own.type in DIVISION_TYPES else below
        for ending in GOVERNMENT_ENDINGS:
            for division in divisions:
                yield create_government(division, ending)

    def _find_divisions_below(self, jurisdiction: str) -> list[Region]:
        """Return the divisions directly in *jurisdiction*, in the order of their codes."""
        return [
            each
            for each in self.registry.regions
            if jurisdiction in each.parents and each.type in DIVISION_TYPES
        ]

    def create_government(self, name: str, plan: Plan) -> Agency | None:
        """Return the entry of *name* if it is the government or the committee of a division."""
        match = GOVERNMENT_NAME.fullmatch(name)
        region = self.hierarchy.regions.get(self.find_region(match[1], plan)) if match else None
        if not match or not region or region.type not in DIVISION_TYPES:
            return None
        return replace(create_government(region, match[2]), name=name)

    def find_region(self, words: str, plan: Plan | None = None) -> str:
        """Return the region that *words* name: 合肥, 合肥市, 上海市松江区; '' if none or several.

        Of several of one name, the one in the jurisdiction of *plan*, else in its province.
        """
        for own in plan.regions if plan else ():
            if words in (own.name, *own.aliases):
                return own.name
        names = self._regions_by_word.get(words, [])
        if plan and (len(names) > 1 or words in self._regions_by_former_name):
            # 江北区 is 宁波's, but in a plan of 重庆 the former district there.
            known = [*dict.fromkeys((*names, *self._regions_by_former_name.get(words, ())))]
            province = self.hierarchy.find_province(plan.jurisdiction)
            for whole in (province, plan.jurisdiction):
                near = [each for each in known if self.hierarchy.is_within(each, whole)]
                names = near or names
        if len(names) == 1:
            return names[0]
        for at in range(2, len(words) - 1) if not names else ():
            around = self._regions_by_word.get(words[:at], [])
            inside: list[str] = [
                each
                for each in (
                    *self._regions_by_word.get(words[at:], ()),
                    *self._regions_by_former_name.get(words[at:], ()),
                )
                if any(self.hierarchy.is_within(each, outer) for outer in around)
            ]
            if len(inside) == 1:
                return inside[0]
        return ""

    def find_home_region(self, agency: Agency, plan: Plan | None = None) -> str:
        """Return the region that *agency* belongs to, or ''; *plan* is the plan that defines it."""
        return self.identify_agency(agency, plan).home_region

    def identify_agency(self, agency: Agency, plan: Plan | None = None) -> AgencyIdentity:
        """Return what identifies *agency*; *plan* is the plan that names it."""
        if agency.name not in self._parsed_names:
            self._parsed_names[agency.name] = parse_agency_name(agency.name, self._regions_by_word)
        parsed = self._parsed_names[agency.name]
        home, level = self._resolve_home_region(agency, parsed, plan)
        if agency.kind is AgencyKind.COLLECTIVE:
            return AgencyIdentity(home, "", agency.name)
        unresolved = parsed.region if parsed.region and not home else ""
        return AgencyIdentity(home, level, unresolved + parsed.identity)

    def identify_agencies(self, plan: Plan, registry: Registry) -> dict[str, AgencyIdentity]:
        """Return what identifies each agency that *plan* names; *registry*: ``get_registry(plan)``.

        Two names that stand in one list of a clause are two agencies, whatever the rules say.
        """
        entries = {each.name: each for each in registry.agencies}
        identities: dict[str, AgencyIdentity] = {}
        for entry in iter_tasks(plan):
            for group in entry.task.duties:
                listed: dict[AgencyIdentity, str] = {}
                for name in group.names:
                    if name not in identities:
                        if name not in entries:
                            message = _("{plan}: unknown agency {name}")
                            raise BadPlan(message.format(plan=plan.id, name=name))
                        identities[name] = self.identify_agency(entries[name], plan)
                    if listed.setdefault(identities[name], name) != name:
                        identities[name] = identities[name]._replace(name=name)
        return identities

    def _resolve_home_region(
        self, agency: Agency, parsed: AgencyName, plan: Plan | None
    ) -> tuple[str, str]:
        """Return the agency's home region, and its level where no region of that level is known."""
        jurisdiction = plan.jurisdiction if plan else self.registry.home_region
        if agency.region:
            return agency.region, ""
        if official := self.find_region(find_province(agency)):
            return official, ""
        if parsed.region:
            return self.find_region(parsed.region, plan), ""
        if parsed.level == NATIONAL_LEVEL:
            return "", ""
        if parsed.level:
            home = self._find_region_of_level(parsed.level, jurisdiction)
            return (home, "") if home else (jurisdiction, parsed.level)
        own = self.hierarchy.regions.get(jurisdiction)
        if own and own.type is RegionType.COUNTRY and agency.kind is not AgencyKind.COLLECTIVE:
            return "", ""  # 证监会 in a plan of the State Council
        is_local = parsed.functions or agency.kind is AgencyKind.COLLECTIVE
        return (jurisdiction if is_local else ""), ""

    def _find_region_of_level(self, level: str, jurisdiction: str) -> str:
        """Return *jurisdiction* or the region around it whose name ends in *level*: 省, 市, 县."""
        for name in self.hierarchy.find_ancestors(jurisdiction):
            region = self.hierarchy.regions.get(name)
            names = (region.name, *region.aliases) if region else (name,)
            if (not region or region.type in DIVISION_TYPES) and any(
                each.endswith(level) and each != level for each in names
            ):
                return name
        return ""


@lru_cache(maxsize=8)
def get_scope(registry: Registry) -> RegistryScope:
    """Return the scope of *registry*; made once for each."""
    return RegistryScope(registry)


def iter_agency_names(plan: Plan) -> Iterator[str]:
    """Yield the name of every agency in the duties of *plan*, once."""
    names: dict[str, None] = {}
    for entry in iter_tasks(plan):
        for group in entry.task.duties:
            names.update(dict.fromkeys(group.names))
    yield from names
