"""The bodies and places that plans may name, and what each word for a place carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from plancli.model import Agency, Compound, Place, Plan, Region


class Way(StrEnum):
    """How a word carries a region."""

    NAME = "name"  # 宿州
    COMPOUND = "compound"  # 合淮 carries 合肥 and 淮南
    LANDMARK = "landmark"  # 新汴河 carries 宿州


class Carried(NamedTuple):
    """A region that a word carries."""

    region: str
    way: Way


@dataclass(frozen=True, slots=True)
class Registry:
    """The bodies and places that plans may name."""

    agencies: tuple[Agency, ...] = ()
    regions: tuple[Region, ...] = ()
    compounds: tuple[Compound, ...] = ()
    not_places: tuple[str, ...] = ()

    def with_own(self, plans: Iterable[Plan]) -> "Registry":
        """Return the registry widened by the bodies and places that *plans* bring themselves."""
        agencies = {each.name: each for each in self.agencies}
        regions = {each.name: each for each in self.regions}
        for plan in plans:
            for agency in plan.agencies:
                agencies.setdefault(agency.name, agency)
            for region in plan.regions:
                regions.setdefault(region.name, region)
        return Registry(
            tuple(agencies.values()), tuple(regions.values()), self.compounds, self.not_places
        )

    def words(self) -> Mapping[str, tuple[Carried, ...]]:
        """Return word -> the regions it carries, for every word that carries any.

        A landmark carries itself and what it lies in, a compound what it stands for.
        """
        carried: dict[str, list[Carried]] = {}
        for region in self.regions:
            for word in (region.name, *region.aliases):
                found = carried.setdefault(word, [])
                found.append(Carried(region.name, Way.NAME))
                if region.type is Place.LANDMARK:
                    found += [Carried(each, Way.LANDMARK) for each in region.inside]
        for compound in self.compounds:
            found = carried.setdefault(compound.word, [])
            found += [Carried(each, Way.COMPOUND) for each in compound.means]
        return {word: tuple(found) for word, found in carried.items()}
