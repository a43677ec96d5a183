"""Select the agencies and regions that a plan may name: its own and those of the registry.

省科技厅 is a different agency in a plan of 安徽 and in one of 浙江: an agency is identified by its
name and its home region.  A plan may name agencies whose home region is the plan's jurisdiction,
contains it or is in it, and agencies without a home region.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import Plan
from plancli.registry import hierarchy
from plancli.registry.model import Agency, AgencyKind, Region, Registry, find_province

T = TypeVar("T", Agency, Region)
LOCAL_LEVEL = re.compile(
    "省(?!际)|自治[区州县]|市(?!场)|州|县(?!域)|区(?!域)|旗|镇|乡(?!村)|街道|团[省市县区州旗]委"
)
NATIONAL_LEVEL = re.compile("国务院|国家|中央|全国")
COLLECTIVE_WORD = re.compile("各|有关|相关")


class RegistryScope:
    """The registry as each plan sees it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._ancestor_paths = hierarchy.find_ancestor_paths(registry)
        self._region_words = {
            word: region.name
            for region in registry.regions
            for word in (region.name, *region.aliases)
        }
        self._home_regions: dict[str, str] = {}  # of the agencies in the registry
        self._home_regions = {each.name: self.find_home_region(each) for each in registry.agencies}
        # By jurisdiction, for plans without their own agencies and regions.
        self._registries: dict[str, Registry] = {}

    def get_registry(self, plan: Plan) -> Registry:
        """Return the agencies and regions that *plan* may name: its own and the registry's.

        Errors: BadPlan if the plan defines an entry of the registry differently.
        """
        if has_own_entries(plan):
            return self._build_registry(plan)
        if plan.jurisdiction not in self._registries:
            self._registries[plan.jurisdiction] = self._build_registry(plan)
        return self._registries[plan.jurisdiction]

    def _build_registry(self, plan: Plan) -> Registry:
        regions = {each.name: each for each in self.registry.regions}
        merge_entries(regions, plan.regions, plan)
        enclosing = self._find_enclosing_regions(plan)
        agencies = {
            each.name: each
            for each in self.registry.agencies
            if _is_in_scope(
                self._home_regions[each.name], plan.jurisdiction, enclosing, self._ancestor_paths
            )
        }
        merge_entries(agencies, plan.agencies, plan)
        return replace(
            self.registry, agencies=tuple(agencies.values()), regions=tuple(regions.values())
        )

    def find_home_region(self, agency: Agency, plan: Plan | None = None) -> str:
        """Return the region that *agency* belongs to, or ''; *plan* is the plan that defines it."""
        if not plan and agency.name in self._home_regions:
            return self._home_regions[agency.name]
        home = plan.jurisdiction if plan else self.registry.home_region
        if agency.region:
            return agency.region
        if official := self._region_words.get(find_province(agency)):
            return official
        if NATIONAL_LEVEL.match(agency.name):
            return ""
        if LOCAL_LEVEL.match(agency.name) or COLLECTIVE_WORD.match(agency.name):
            return home
        if named := self._find_leading_region(agency.name):
            return named
        return home if agency.kind is AgencyKind.COLLECTIVE else ""

    def _find_enclosing_regions(self, plan: Plan) -> set[str]:
        """Return the plan's jurisdiction and the regions that contain it."""
        own = next((each for each in plan.regions if each.name == plan.jurisdiction), None)
        above = own.parents if own else (plan.jurisdiction,)
        return {plan.jurisdiction}.union(*(self._ancestor_paths.get(each, ()) for each in above))

    def _find_leading_region(self, name: str) -> str:
        """Return the region with the longest name that *name* begins with: 合肥 of 合肥海关."""
        sizes = range(min(12, len(name)), 1, -1)
        return next(
            (self._region_words[name[:n]] for n in sizes if name[:n] in self._region_words), ""
        )


def _is_in_scope(
    home_region: str,
    jurisdiction: str,
    enclosing: set[str],
    ancestor_paths: dict[str, dict[str, tuple[str, ...]]],
) -> bool:
    """Return whether a plan of *jurisdiction* may name an agency of *home_region*."""
    if not home_region or home_region in enclosing:
        return True
    return jurisdiction in ancestor_paths.get(home_region, ())


def has_own_entries(plan: Plan) -> bool:
    """Return whether *plan* defines agencies or regions."""
    return bool(plan.agencies or plan.regions)


def merge_entries(entries: dict[str, T], own: Iterable[T], plan: Plan) -> None:
    """Add the *own* agencies or regions of *plan* to *entries*, by name."""
    for each in own:
        before = entries.get(each.name)
        entries[each.name] = merge_entry(before, each, plan) if before else each


def merge_entry(one: T, other: T, plan: Plan) -> T:
    """Merge two entries for one agency or region; an empty field takes the other's value.

    Errors: BadPlan if *other*, an entry of *plan*, has a different value in a field.
    """
    if one is other:
        return one
    values: dict[str, Any] = {}
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if a and b and a != b:
            message = _("{plan}: {name} is already defined differently")
            raise BadPlan(
                message.format(plan=plan.id, name=one.name),
                hint=_("use a different name, or remove the entry"),
            )
        values[field.name] = a or b
    return replace(one, **values)
