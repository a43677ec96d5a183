"""What the registries are made of: bodies and places, one entry each.

These definitions are also the form of the YAML files: a field's name (or its ``key``) is the
key in the file, its type what may stand there, its ``help`` what an editor shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from plancli.yamlfile.fields import InvalidField, optional, required


class AgencyKind(StrEnum):
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


class RegionType(StrEnum):
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
class DatedName:
    """Another name of a body, before or after the one it has in the registry."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("the name")
    until: str = optional("when it ceased to be the name", "")
    since: str = optional("when it became the name", "")


@dataclass(frozen=True, slots=True)
class PossibleMembers:
    """Whom a collective phrase may mean: bodies of these kinds, cities only if in the region."""

    one_line: ClassVar[bool] = True  # in the file

    kinds: tuple[AgencyKind, ...] = required("the kinds of body")
    region: str = optional("cities count only where they touch this region", "", refers="region")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that plans give tasks to, or a collective phrase that plans use for several."""

    name: str = required("the name plans use", unique="agency")
    kind: AgencyKind = required("what it is")
    official: str = optional("the full official name", "")
    aliases: tuple[str, ...] = optional("other names people use")
    former: tuple[DatedName, ...] = optional("names it had before")
    later: tuple[DatedName, ...] = optional("names it has had since")
    region: str = optional("the region it governs", "", refers="region")
    may_include: PossibleMembers | None = optional("for a collective phrase", None)
    note: str = optional("what a reader of this file should know", "")


@dataclass(frozen=True, slots=True)
class Region:
    """A place, an area or a landmark."""

    name: str = required("the one name", unique="region")
    type: RegionType = required("what it is")
    parents: tuple[str, ...] = optional("what it lies in", key="in", refers="region")
    aliases: tuple[str, ...] = optional("other names, which carry it in a text as well")
    abbr: tuple[str, ...] = optional(
        "characters people may type for it; alone, no mention in a text"
    )
    members: tuple[str, ...] = optional("what an area consists of", refers="region")
    source: str = optional("the document that defines the members", "")
    tile: tuple[int, ...] = optional(
        "its square on a map: column from the west, row from the north"
    )
    note: str = optional("what a reader of this file should know", "")

    def __post_init__(self) -> None:
        if self.members and not self.source:
            raise InvalidField("members need the document that defines them: source", "members")
        if len(self.tile) not in (0, 2) or min(self.tile, default=0) < 0:
            raise InvalidField("a tile is a column and a row, counted from 0", "tile")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word in which single characters stand for places: 宁马 is 南京 and 马鞍山."""

    one_line: ClassVar[bool] = True  # in the file

    word: str = required("the word as printed", unique="compound")
    means: tuple[str, ...] = required("the regions it carries", refers="region")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFile:
    """The file of bodies, shared by all plans."""

    jurisdiction: str = optional("whose bodies they are, where an entry does not tell", "")
    agencies: tuple[Agency, ...] = required("one entry a body")


@dataclass(frozen=True, slots=True)
class RegionFile:
    """The file of places, shared by all plans."""

    regions: tuple[Region, ...] = required("one entry a place")
    compounds: tuple[Compound, ...] = optional("words that carry places by single characters")
    not_places: tuple[str, ...] = optional("names and look-alikes in which no place is meant")


class MentionKind(StrEnum):
    """How a word carries a region."""

    NAME = "name"  # 宿州
    COMPOUND = "compound"  # 合淮 carries 合肥 and 淮南
    LANDMARK = "landmark"  # 新汴河 carries 宿州


class RegionMatch(NamedTuple):
    """A region that a word carries."""

    region: str
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class Registry:
    """The bodies and places that plans may name."""

    agencies: tuple[Agency, ...] = ()
    regions: tuple[Region, ...] = ()
    compounds: tuple[Compound, ...] = ()
    not_places: tuple[str, ...] = ()
    home_region: str = ""  # the region whose bodies they are, where an entry does not tell

    def build_region_words(self) -> Mapping[str, tuple[RegionMatch, ...]]:
        """Return word -> the regions it carries, for every word that carries any.

        A landmark carries itself and what it lies in, a compound what it stands for.
        """
        carried: dict[str, list[RegionMatch]] = {}
        for region in self.regions:
            if region.type is RegionType.COUNTRY:
                continue  # 全国 and 国家 are said of anything
            for word in (region.name, *region.aliases):
                found = carried.setdefault(word, [])
                found.append(RegionMatch(region.name, MentionKind.NAME))
                if region.type is RegionType.LANDMARK:
                    found += [RegionMatch(each, MentionKind.LANDMARK) for each in region.parents]
        for compound in self.compounds:
            found = carried.setdefault(compound.word, [])
            found += [RegionMatch(each, MentionKind.COMPOUND) for each in compound.means]
        return {word: tuple(found) for word, found in carried.items()}


def find_province(agency: Agency) -> str:
    """Return 安徽省 for 安徽省能源局 and 中共安徽省委组织部, else ''."""
    head, level, _rest = agency.official.removeprefix("中共").partition("省")
    return head + level if level and len(head) <= 3 else ""
