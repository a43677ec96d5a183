"""The region hierarchy, and the possible members of collective agencies."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from plancli.registry.model import AreaEdition, Region, RegionType, Registry

FIRST_YEAR, END_YEAR = 0, 9999  # of a membership without limits
TODAY = END_YEAR - 1  # the year of a plan that has none: areas have the members of today


class AncestorPath(NamedTuple):
    """A way from a region up to a region that contains it, and the years in which it holds.

    ``regions``: both ends included; ``since`` is the first year, ``until`` the first year after.
    """

    regions: tuple[str, ...]
    since: int = FIRST_YEAR
    until: int = END_YEAR


class RegionHierarchy:
    """Which regions contain which.

    A landmark has no ancestors: its word mentions the regions it is in directly.  Unknown names are
    ignored, because a plan that is being checked may contain some.
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = {each.name: each for each in regions}
        self._paths: dict[str, dict[str, AncestorPath]] = {}
        # region -> the regions that it is directly in, with the years
        self._parents: dict[str, list[tuple[str, int, int]]] = {
            region.name: [
                (parent, FIRST_YEAR, END_YEAR)
                for parent in region.parents
                if parent in self.regions and region.type is not RegionType.LANDMARK
            ]
            for region in self.regions.values()
        }
        for area in self.regions.values():
            for members, since, until in _iter_memberships(area):
                for member in members:
                    self._parents.setdefault(member, []).append((area.name, since, until))

    def find_ancestors(self, name: str) -> dict[str, AncestorPath]:
        """Return ancestor -> the shortest way to it; *name* itself comes first."""
        if name not in self._paths:
            self._paths[name] = self._search_ancestors(name)
        return self._paths[name]

    def is_within(self, part: str, whole: str) -> bool:
        """Whether the region *part* is *whole* or in it, in any year."""
        return whole in self.find_ancestors(part)

    def find_province(self, name: str) -> str:
        """Return the province that *name* is or is in, or ''."""
        for each in self.find_ancestors(name):
            region = self.regions.get(each)
            if region and region.type is RegionType.PROVINCE:
                return each
        return ""

    def find_overlapping_regions(self, area: str) -> set[str]:
        """Return the regions that have a part in common with *area*: in it, or around it."""
        parts = {area}
        queue = [area]
        for part in queue:  # the list grows in the loop
            inside = [each for each in self._children.get(part, ()) if each not in parts]
            queue += inside
            parts.update(inside)
        return {each for part in parts for each in self.find_ancestors(part)}

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for name, parents in self._parents.items():
            for parent, _since, _until in parents:
                children.setdefault(parent, []).append(name)
        return children

    def _search_ancestors(self, name: str) -> dict[str, AncestorPath]:
        paths = {name: AncestorPath((name,))}
        queue = [name]
        for region in queue:  # breadth first: the queue grows in the loop
            path = paths[region]
            for parent, since, until in self._parents.get(region, ()):
                since, until = max(since, path.since), min(until, path.until)
                known = paths.get(parent)
                if since >= until or (known and known.since <= since and until <= known.until):
                    continue
                if known:  # a longer way that holds in other years
                    since, until = min(since, known.since), max(until, known.until)
                    paths[parent] = known._replace(since=since, until=until)
                else:
                    paths[parent] = AncestorPath((*path.regions, parent), since, until)
                queue.append(parent)
        return paths


def _iter_memberships(area: Region) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the members of *area* with the years in which they are its members."""
    editions: tuple[Region | AreaEdition, ...] = (area, *area.editions)
    for each in editions if area.members or area.editions else ():
        since = int(each.since[:4]) if each.since else FIRST_YEAR
        yield each.members, since, int(each.until[:4]) if each.until else END_YEAR


def iter_collective_members(
    registry: Registry, hierarchy: RegionHierarchy
) -> Iterator[tuple[str, str]]:
    """Yield (collective agency, possible member)."""
    overlapping: dict[str, set[str]] = {}  # area -> the regions that have a part in common with it
    for collective in registry.agencies:
        if not (members := collective.may_include):
            continue
        for agency in registry.agencies:
            if agency.kind not in members.kinds:
                continue
            if agency.region and (area := members.region):
                if area not in overlapping:
                    overlapping[area] = hierarchy.find_overlapping_regions(area)
                if agency.region not in overlapping[area]:
                    continue
            yield collective.name, agency.name
