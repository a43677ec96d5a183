"""Assign ids to the agencies and regions of the registry and of the plans written so far."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from plancli.database.rows import NamedAgency, PlanRows
from plancli.plan.entries import add_other_names, merge_entries, merge_entry
from plancli.plan.governments import get_full_name
from plancli.plan.model import Plan
from plancli.plan.scope import AgencyIdentity, RegistryScope
from plancli.registry.divisions import load_divisions
from plancli.registry.hierarchy import AncestorPath, RegionHierarchy
from plancli.registry.lookup_keys import LookupAgency
from plancli.registry.model import Agency, Region, RegionType


class RegionIds:
    """Ids of regions: every region of the registry has one, the database holds those in use.

    In use are the areas, landmarks and countries of the registry, whatever a plan names, and every
    region that contains one of these.
    """

    def __init__(self, scope: RegistryScope) -> None:
        known = scope.registry
        self._hierarchy = scope.hierarchy
        self._has_own_regions = False
        order = {type: n for n, type in enumerate(RegionType)}
        listed = sorted(known.regions, key=lambda region: order[region.type])
        self.regions = {each.name: each for each in listed}
        self.ids = {name: n for n, name in enumerate(self.regions, 1)}
        divisions = {each.name for each in load_divisions()}
        self._used = {
            each.name for each in known.regions if each.name not in divisions or each.tile
        }

    def add_plan(self, plan: Plan) -> None:
        """Add the regions that *plan* defines.

        Errors: BadPlan where two plans contradict each other about a region.
        """
        merge_entries(self.regions, plan.regions, plan)
        self._has_own_regions |= bool(plan.regions)
        for each in plan.regions:
            self.ids.setdefault(each.name, len(self.ids) + 1)
        self.use(each.name for each in plan.regions)
        self.use([plan.jurisdiction])

    def use(self, names: Iterable[str]) -> None:
        """Note that the database needs the regions *names*."""
        self._used.update(names)

    def find_used_regions(self) -> tuple[list[Region], dict[str, dict[str, AncestorPath]]]:
        """Return the regions in use, in the order of their ids, and their ancestors."""
        hierarchy = (
            RegionHierarchy(self.regions.values()) if self._has_own_regions else self._hierarchy
        )
        used = set(self._used)
        for name in self._used:
            used.update(hierarchy.find_ancestors(name))
        listed = sorted(used.intersection(self.regions), key=self.ids.__getitem__)
        return [self.regions[name] for name in listed], {
            name: hierarchy.find_ancestors(name) for name in listed
        }


class AgencyIds:
    """Ids of agencies: one for each identity, whatever names the plans print."""

    def __init__(self, known: RegistryScope, regions: RegionIds) -> None:
        self._scope = known
        self._regions = regions
        self.agencies: dict[AgencyIdentity, Agency] = {}
        self.ids: dict[AgencyIdentity, int] = {}
        self._names: dict[AgencyIdentity, dict[str, None]] = {}  # all that plans print
        # (possible member, collective agency)
        self.possible_members: set[tuple[int, int]] = set()
        self._shared_ids: dict[str, dict[str, int]] = {}  # by jurisdiction

    def add_plan(self, rows: PlanRows) -> Mapping[str, tuple[int, str]]:
        """Add the agencies of a plan; return name -> id, and the name if it is not the agency's.

        Errors: BadPlan where two plans contradict each other about an agency.
        """
        plan = rows.plan
        ids = dict(self._add_shared_agencies(plan))
        printed: dict[str, tuple[int, str]] = {}
        for name, agency in rows.agencies.items():
            ids[name] = self._add_agency(agency, plan)
            entry = self.agencies[agency.identity]
            printed[name] = ids[name], "" if name == entry.name else name
            self._names[agency.identity][name] = None
        self.possible_members.update(
            (ids[agency], ids[collective])
            for collective, agency in rows.collective_members
            if agency in ids and collective in ids
        )
        return printed

    def _add_shared_agencies(self, plan: Plan) -> dict[str, int]:
        """Add the agencies that any plan of the jurisdiction may name."""
        if plan.jurisdiction not in self._shared_ids:
            registry = self._scope.get_shared_registry(plan)
            ids = self._shared_ids[plan.jurisdiction] = {
                each.name: self._add_agency(
                    NamedAgency(self._scope.identify_agency(each, plan), each), plan
                )
                for each in registry.agencies
            }
            self.possible_members.update(
                (ids[agency], ids[collective])
                for collective, agency in self._scope.iter_collective_members(registry, plan)
            )
        return self._shared_ids[plan.jurisdiction]

    def _add_agency(self, agency: NamedAgency, plan: Plan) -> int:
        identity, entry = agency
        known = self.agencies.get(identity)
        if known and known.name == entry.name:
            entry = merge_entry(known, entry, plan)
        elif known:
            entry = add_other_names(known, entry)
        self.agencies[identity] = entry
        self._names.setdefault(identity, {})
        self._regions.use([identity.home_region])
        return self.ids.setdefault(identity, len(self.ids) + 1)

    def build_display_names(self) -> dict[AgencyIdentity, str]:
        """Return a unique name of each agency: its own, with the region where several share it.

        A name is shared too where plans print it for another agency: 市发展改革委.
        """
        counts = Counter(
            name
            for identity, agency in self.agencies.items()
            for name in {agency.name, *self._names[identity]}
        )
        names = {
            identity: agency.name
            for identity, agency in self.agencies.items()
            if counts[agency.name] == 1 or not identity.home_region
        }
        taken = set(names.values())
        for identity, agency in self.agencies.items():
            if identity not in names:
                name = f"{agency.name}（{identity.home_region}）"
                while name in taken:  # another agency's own name
                    name += f"（{identity.home_region}）"
                names[identity] = name
                taken.add(name)
        return names

    def iter_lookup_agencies(self) -> Iterator[LookupAgency]:
        """Yield what the keys of every agency are made of."""
        display_names = self.build_display_names()
        for identity, agency in self.agencies.items():
            home = self._regions.regions.get(identity.home_region)
            full_name = get_full_name(home) if home else ""
            names = tuple(self._names[identity])
            yield LookupAgency(display_names[identity], agency, names, full_name, identity.name)
