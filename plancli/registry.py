"""The bodies and places that plans may name, and what each word for a place carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from plancli.errors import BadPlan
from plancli.lang import _
from plancli.model import Plan
from plancli.registered import Agency, Compound, Place, Region

T = TypeVar("T", Agency, Region)


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
        """Return the registry widened by the bodies and places that *plans* bring themselves.

        Errors: BadPlan where a name means one thing here and another there.
        """
        agencies = {each.name: each for each in self.agencies}
        regions = {each.name: each for each in self.regions}
        for plan in plans:
            _add(agencies, plan.agencies, plan)
            _add(regions, plan.regions, plan)
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


def _add(known: dict[str, T], own: Iterable[T], plan: Plan) -> None:
    for each in own:
        if known.setdefault(each.name, each) != each:
            message = _("{plan}: {name} is known already, as another")
            raise BadPlan(
                message.format(plan=plan.id, name=each.name),
                hint=_("give it a name of its own, or leave it out"),
            )
