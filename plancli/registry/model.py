"""What the registries are made of: bodies and places, one entry each.

These definitions are also the form of the YAML files: a field's name (or its ``key``) is the
key in the file, its type what may stand there, its ``help`` what an editor shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from plancli.yamlfile.fields import WrongField, key, may


class Kind(StrEnum):
    """What a body is."""

    DEPARTMENT = "省直部门"
    PARTY = "党委机构"
    CONGRESS = "人大"
    CPPCC = "政协"
    CITY = "市级政府"
    CITY_PARTY = "市级党委"
    CENTRAL = "中央在皖单位"
    COORDINATION = "议事协调机构"
    PEOPLE = "群团"
    INSTITUTE = "事业单位"
    NATIONAL = "国家机关"
    LOCAL = "市县部门"
    COUNTY = "县级政府"
    TOWN = "乡镇街道"
    COMPANY = "企业"
    OTHER = "其他"
    COLLECTIVE = "泛指"


class Place(StrEnum):
    """What a region is."""

    COUNTRY = "国家"
    PROVINCE = "省级"
    CITY = "地级"
    COUNTY = "县级"
    TOWN = "乡级"
    AREA = "区域"
    LANDMARK = "地标"
    ABROAD = "境外"


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of a body, before or after the one it has in the registry."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = key("the name")
    until: str = may("when it ceased to be the name", "")
    since: str = may("when it became the name", "")


@dataclass(frozen=True, slots=True)
class MayInclude:
    """Whom a collective phrase may mean: bodies of these kinds, cities only if in the region."""

    one_line: ClassVar[bool] = True  # in the file

    kinds: tuple[Kind, ...] = key("the kinds of body")
    region: str = may("cities count only where they touch this region", "", refers="region")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that plans give tasks to, or a collective phrase that plans use for several."""

    name: str = key("the name plans use", unique="agency")
    kind: Kind = key("what it is")
    official: str = may("the full official name", "")
    aliases: tuple[str, ...] = may("other names people use")
    former: tuple[OtherName, ...] = may("names it had before")
    later: tuple[OtherName, ...] = may("names it has had since")
    region: str = may("the region it governs", "", refers="region")
    may_include: MayInclude | None = may("for a collective phrase", None)
    note: str = may("what a reader of this file should know", "")


@dataclass(frozen=True, slots=True)
class Region:
    """A place, an area or a landmark."""

    name: str = key("the one name", unique="region")
    type: Place = key("what it is")
    inside: tuple[str, ...] = may("what it lies in", key="in", refers="region")
    aliases: tuple[str, ...] = may("other names, which carry it in a text as well")
    abbr: tuple[str, ...] = may("characters people may type for it; alone, no mention in a text")
    members: tuple[str, ...] = may("what an area consists of", refers="region")
    source: str = may("the document that defines the members", "")
    tile: tuple[int, ...] = may("its square on a map: column from the west, row from the north")
    note: str = may("what a reader of this file should know", "")

    def __post_init__(self) -> None:
        if self.members and not self.source:
            raise WrongField("members need the document that defines them: source", "members")
        if len(self.tile) not in (0, 2) or min(self.tile, default=0) < 0:
            raise WrongField("a tile is a column and a row, counted from 0", "tile")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word in which single characters stand for places: 宁马 is 南京 and 马鞍山."""

    one_line: ClassVar[bool] = True  # in the file

    word: str = key("the word as printed", unique="compound")
    means: tuple[str, ...] = key("the regions it carries", refers="region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agencies:
    """The file of bodies, shared by all plans."""

    jurisdiction: str = may("whose bodies they are, where an entry does not tell", "")
    agencies: tuple[Agency, ...] = key("one entry a body")


@dataclass(frozen=True, slots=True)
class Regions:
    """The file of places, shared by all plans."""

    regions: tuple[Region, ...] = key("one entry a place")
    compounds: tuple[Compound, ...] = may("words that carry places by single characters")
    not_places: tuple[str, ...] = may("names and look-alikes in which no place is meant")


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


def province(agency: Agency) -> str:
    """Return 安徽省 for 安徽省能源局 and 中共安徽省委组织部, else ''."""
    head, level, _rest = agency.official.removeprefix("中共").partition("省")
    return head + level if level and len(head) <= 3 else ""
