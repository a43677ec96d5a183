"""Compute the region hierarchy and the possible members of collective agencies."""

from collections.abc import Iterator

from plancli.registry.model import RegionType, Registry


def find_ancestor_paths(registry: Registry) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return region -> ancestor -> the shortest path from the region to the ancestor, both included.

    A landmark has no ancestors: its word mentions the regions it is in directly.  Unknown names are
    ignored, because a plan that is being checked may contain some.
    """
    parents: dict[str, list[str]] = {region.name: [] for region in registry.regions}
    for region in registry.regions:
        if region.type is not RegionType.LANDMARK:
            parents[region.name] += [name for name in region.parents if name in parents]
        for member in region.members:
            if member in parents:
                parents[member].append(region.name)
    return {name: _find_paths(name, parents) for name in parents}


def _find_paths(name: str, parents: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    paths: dict[str, tuple[str, ...]] = {name: (name,)}
    queue = [name]
    for region in queue:  # breadth first: the queue grows in the loop
        for parent in parents[region]:
            if parent not in paths:
                paths[parent] = (*paths[region], parent)
                queue.append(parent)
    return paths


def iter_collective_members(registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield (collective agency, possible member)."""
    ancestor_paths = find_ancestor_paths(registry)
    for collective in registry.agencies:
        if not (members := collective.may_include):
            continue
        for agency in registry.agencies:
            if agency.kind in members.kinds and _has_overlap(
                agency.region, members.region, ancestor_paths
            ):
                yield collective.name, agency.name


def _has_overlap(
    city: str, area: str, ancestor_paths: dict[str, dict[str, tuple[str, ...]]]
) -> bool:
    """Return whether some region is in both; true if *city* or *area* is empty."""
    if not city or not area:
        return True
    return any(city in paths and area in paths for paths in ancestor_paths.values())
