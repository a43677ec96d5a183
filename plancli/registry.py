"""The bodies and places that plans may name, and what each word for a place carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from plancli.registered import Agency, Compound, Place, Region


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
    home: str = ""  # the region whose bodies they are, where an entry does not tell

    def words(self) -> Mapping[str, tuple[Carried, ...]]:
        """Return word -> the regions it carries, for every word that carries any.

        A landmark carries itself and what it lies in, a compound what it stands for.
        """
        carried: dict[str, list[Carried]] = {}
        for region in self.regions:
            if region.type is Place.COUNTRY:
                continue  # 全国 and 国家 are said of anything
            for word in (region.name, *region.aliases):
                found = carried.setdefault(word, [])
                found.append(Carried(region.name, Way.NAME))
                if region.type is Place.LANDMARK:
                    found += [Carried(each, Way.LANDMARK) for each in region.inside]
        for compound in self.compounds:
            found = carried.setdefault(compound.word, [])
            found += [Carried(each, Way.COMPOUND) for each in compound.means]
        return {word: tuple(found) for word, found in carried.items()}
