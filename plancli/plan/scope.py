"""Whom and what a plan means by a name: its own bodies and places, and those of the registry.

省科技厅 is one body in a plan of 安徽 and another in one of 浙江: a body is known by its name and
the region whose body it is.  A plan means bodies of its own region, of what lies around it and of
what lies in it, and those of no region.
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
    """The registry, asked for one plan after the other."""

    def __init__(self, known: Registry) -> None:
        self.registry = known
        self._ancestor_paths = hierarchy.find_ancestor_paths(known)
        self._region_words = {
            word: region.name for region in known.regions for word in (region.name, *region.aliases)
        }
        self._home_regions: dict[str, str] = {}  # of the registry's bodies
        self._home_regions = {each.name: self.find_home_region(each) for each in known.agencies}
        self._registries: dict[
            str, Registry
        ] = {}  # what a plan means that brings nothing of its own

    def get_registry(self, plan: Plan) -> Registry:
        """Return the bodies and places that *plan* may name: its own, and the registry's.

        Errors: BadPlan where the plan calls something by a name that is another's.
        """
        if has_own_entries(plan):
            return self._build_registry(plan)
        if plan.jurisdiction not in self._registries:
            self._registries[plan.jurisdiction] = self._build_registry(plan)
        return self._registries[plan.jurisdiction]

    def _build_registry(self, plan: Plan) -> Registry:
        regions = {each.name: each for each in self.registry.regions}
        merge_entries(regions, plan.regions, plan)
        around = self._find_enclosing_regions(plan)
        agencies = {
            each.name: each
            for each in self.registry.agencies
            if _is_in_scope(
                self._home_regions[each.name], plan.jurisdiction, around, self._ancestor_paths
            )
        }
        merge_entries(agencies, plan.agencies, plan)
        return replace(
            self.registry, agencies=tuple(agencies.values()), regions=tuple(regions.values())
        )

    def find_home_region(self, agency: Agency, plan: Plan | None = None) -> str:
        """Return the region whose body *agency* is, if any; of a plan's own, mostly the plan's."""
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
        """Return the regions that the plan's own lies in, itself included."""
        own = next((each for each in plan.regions if each.name == plan.jurisdiction), None)
        above = own.parents if own else (plan.jurisdiction,)
        return {plan.jurisdiction}.union(*(self._ancestor_paths.get(each, ()) for each in above))

    def _find_leading_region(self, name: str) -> str:
        """Return the region whose name *name* begins with, the longest: 合肥 of 合肥海关."""
        sizes = range(min(12, len(name)), 1, -1)
        return next(
            (self._region_words[name[:n]] for n in sizes if name[:n] in self._region_words), ""
        )


def _is_in_scope(
    realm: str, jurisdiction: str, around: set[str], ways: dict[str, dict[str, tuple[str, ...]]]
) -> bool:
    """Whether a body of *realm* may be meant in a plan of *jurisdiction*."""
    return not realm or realm in around or jurisdiction in ways.get(realm, ())


def has_own_entries(plan: Plan) -> bool:
    """Whether *plan* has bodies or places of its own."""
    return bool(plan.agencies or plan.regions)


def merge_entries(known: dict[str, T], own: Iterable[T], plan: Plan) -> None:
    """Add what *plan* says of its *own* bodies or places to what is *known* by name."""
    for each in own:
        before = known.get(each.name)
        known[each.name] = merge_entry(before, each, plan) if before else each


def merge_entry(one: T, other: T, plan: Plan) -> T:
    """Return what two entries of one thing say together: a bare one says nothing against a full.

    Errors: BadPlan where the other, which is *plan*'s, says something else.
    """
    if one is other:
        return one
    said: dict[str, Any] = {}
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if a and b and a != b:
            message = _("{plan}: {name} is known already, as another")
            raise BadPlan(
                message.format(plan=plan.id, name=one.name),
                hint=_("give it a name of its own, or leave it out"),
            )
        said[field.name] = a or b
    return replace(one, **said)
