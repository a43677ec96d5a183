"""What lies in what: the way from every region up to all that hold it, and whom phrases mean."""

from collections.abc import Iterator

from plancli.registry.model import RegionType, Registry


def find_ancestor_paths(known: Registry) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return part -> whole -> the shortest way up, from the part itself to the whole.

    A landmark goes no way up: what it lies in is carried by its word already.  Names of no region
    are left out: a plan that is being checked may hold some.
    """
    parents: dict[str, list[str]] = {region.name: [] for region in known.regions}
    for region in known.regions:
        if region.type is not RegionType.LANDMARK:
            parents[region.name] += [name for name in region.parents if name in parents]
        for member in region.members:
            if member in parents:
                parents[member].append(region.name)
    return {name: _find_paths(name, parents) for name in parents}


def _find_paths(name: str, parents: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    ways: dict[str, tuple[str, ...]] = {name: (name,)}
    waiting = [name]
    for part in waiting:  # grows while it is walked: nearest first
        for whole in parents[part]:
            if whole not in ways:
                ways[whole] = (*ways[part], whole)
                waiting.append(whole)
    return ways


def iter_collective_members(known: Registry) -> Iterator[tuple[str, str]]:
    """Yield (collective phrase, body it may mean)."""
    ways = find_ancestor_paths(known)
    for collective in known.agencies:
        if not (may := collective.may_include):
            continue
        for agency in known.agencies:
            if agency.kind in may.kinds and _has_overlap(agency.region, may.region, ways):
                yield collective.name, agency.name


def _has_overlap(city: str, area: str, ways: dict[str, dict[str, tuple[str, ...]]]) -> bool:
    """Whether some region lies in both; what governs no region, or any city, is not asked."""
    return not city or not area or any(city in up and area in up for up in ways.values())
