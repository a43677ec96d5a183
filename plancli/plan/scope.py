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
from plancli.registry.model import Agency, Kind, Region, Registry, province

T = TypeVar("T", Agency, Region)
LOCAL = re.compile(
    "省(?!际)|自治[区州县]|市(?!场)|州|县(?!域)|区(?!域)|旗|镇|乡(?!村)|街道|团[省市县区州旗]委"
)
STATE = re.compile("国务院|国家|中央|全国")
COLLECTIVE = re.compile("各|有关|相关")


class Scope:
    """The registry, asked for one plan after the other."""

    def __init__(self, known: Registry) -> None:
        self.known = known
        self._ways = hierarchy.ways_up(known)
        self._words = {
            word: region.name for region in known.regions for word in (region.name, *region.aliases)
        }
        self._realms: dict[str, str] = {}  # of the registry's bodies
        self._realms = {each.name: self.realm(each) for each in known.agencies}
        self._usual: dict[str, Registry] = {}  # what a plan means that brings nothing of its own

    def of(self, plan: Plan) -> Registry:
        """Return the bodies and places that *plan* may name: its own, and the registry's.

        Errors: BadPlan where the plan calls something by a name that is another's.
        """
        if brings(plan):
            return self._of(plan)
        if plan.jurisdiction not in self._usual:
            self._usual[plan.jurisdiction] = self._of(plan)
        return self._usual[plan.jurisdiction]

    def _of(self, plan: Plan) -> Registry:
        regions = {each.name: each for each in self.known.regions}
        add(regions, plan.regions, plan)
        around = self._around(plan)
        agencies = {
            each.name: each
            for each in self.known.agencies
            if _near(self._realms[each.name], plan.jurisdiction, around, self._ways)
        }
        add(agencies, plan.agencies, plan)
        return replace(
            self.known, agencies=tuple(agencies.values()), regions=tuple(regions.values())
        )

    def realm(self, agency: Agency, plan: Plan | None = None) -> str:
        """Return the region whose body *agency* is, if any; of a plan's own, mostly the plan's."""
        if not plan and agency.name in self._realms:
            return self._realms[agency.name]
        home = plan.jurisdiction if plan else self.known.home
        if agency.region:
            return agency.region
        if official := self._words.get(province(agency)):
            return official
        if STATE.match(agency.name):
            return ""
        if LOCAL.match(agency.name) or COLLECTIVE.match(agency.name):
            return home
        if named := self._named_for(agency.name):
            return named
        return home if agency.kind is Kind.COLLECTIVE else ""

    def _around(self, plan: Plan) -> set[str]:
        """Return the regions that the plan's own lies in, itself included."""
        own = next((each for each in plan.regions if each.name == plan.jurisdiction), None)
        above = own.inside if own else (plan.jurisdiction,)
        return {plan.jurisdiction}.union(*(self._ways.get(each, ()) for each in above))

    def _named_for(self, name: str) -> str:
        """Return the region whose name *name* begins with, the longest: 合肥 of 合肥海关."""
        sizes = range(min(12, len(name)), 1, -1)
        return next((self._words[name[:n]] for n in sizes if name[:n] in self._words), "")


def _near(
    realm: str, jurisdiction: str, around: set[str], ways: dict[str, dict[str, tuple[str, ...]]]
) -> bool:
    """Whether a body of *realm* may be meant in a plan of *jurisdiction*."""
    return not realm or realm in around or jurisdiction in ways.get(realm, ())


def brings(plan: Plan) -> bool:
    """Whether *plan* has bodies or places of its own."""
    return bool(plan.agencies or plan.regions)


def add(known: dict[str, T], own: Iterable[T], plan: Plan) -> None:
    """Add what *plan* says of its *own* bodies or places to what is *known* by name."""
    for each in own:
        before = known.get(each.name)
        known[each.name] = fuller(before, each, plan) if before else each


def fuller(one: T, other: T, plan: Plan) -> T:
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
