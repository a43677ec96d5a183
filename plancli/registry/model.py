"""Data classes of the registry: agencies and regions.

They also define the YAML files: a field's name (or its ``key``) is the key in the file, its type
the accepted value, its ``help`` the text that an editor shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from plancli.yamlfile.fields import InvalidField, optional, required


class AgencyKind(StrEnum):
    """The kind of an agency."""

    DEPARTMENT = "省直部门"
    PARTY = "党委机构"
    CONGRESS = "人大"
    CPPCC = "政协"
    CITY = "市级政府"
    CITY_PARTY = "市级党委"
    CENTRAL = "中央驻地方单位"
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

    @classmethod
    def _missing_(cls, value: object) -> "AgencyKind | None":
        return cls.CENTRAL if value == "中央在皖单位" else None  # in files of plancli 0.6


class RegionType(StrEnum):
    """The kind of a region."""

    COUNTRY = "国家"
    PROVINCE = "省级"
    CITY = "地级"
    COUNTY = "县级"
    TOWN = "乡级"
    AREA = "区域"
    LANDMARK = "地标"
    ABROAD = "境外"


DIVISION_TYPES = (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY)


@dataclass(frozen=True, slots=True)
class DatedName:
    """A former or later name of an agency or a region."""

    one_line: ClassVar[bool] = True  # in the file

    name: str = required("the name")
    until: str = optional("when the name went out of use", "")
    since: str = optional("when the name came into use", "")


@dataclass(frozen=True, slots=True)
class PossibleMembers:
    """The possible members of a collective agency: these kinds, cities only if in the region."""

    one_line: ClassVar[bool] = True  # in the file

    kinds: tuple[AgencyKind, ...] = required("the kinds of agency")
    region: str = optional("include only cities that overlap this region", "", refers="region")


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that plans give tasks to, or a collective agency that stands for several."""

    name: str = required("the name that plans use", unique="agency")
    kind: AgencyKind = required("its kind")
    official: str = optional("the full official name", "")
    aliases: tuple[str, ...] = optional("other names people use")
    former: tuple[DatedName, ...] = optional("former names")
    later: tuple[DatedName, ...] = optional("later names")
    region: str = optional("the region it governs", "", refers="region")
    may_include: PossibleMembers | None = optional(
        "the possible members of a collective agency", None
    )
    note: str = optional("a note for readers of this file", "")


@dataclass(frozen=True, slots=True)
class AreaEdition:
    """The members of an area at another time."""

    members: tuple[str, ...] = required("its members at that time", refers="region")
    source: str = required("the document that defines them")
    since: str = optional("when they became its members: 2019, 2019-09", "")
    until: str = optional("when they ceased to be", "")


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative region, an area or a landmark."""

    name: str = required("the name", unique="region")
    type: RegionType = required("its kind")
    parents: tuple[str, ...] = optional("the regions it is in", key="in", refers="region")
    aliases: tuple[str, ...] = optional("other names, which also count as mentions in a text")
    abbr: tuple[str, ...] = optional("abbreviations that users may type; not a mention in a text")
    members: tuple[str, ...] = optional("the regions that an area consists of", refers="region")
    source: str = optional("the document that defines the members", "")
    since: str = optional("when the members became its members: 2019, 2019-09", "")
    until: str = optional("when they ceased to be", "")
    editions: tuple[AreaEdition, ...] = optional("its members at other times")
    former: tuple[DatedName, ...] = optional("former names of the same region")
    tile: tuple[int, ...] = optional(
        "its square on a map: column from the west, row from the north"
    )
    note: str = optional("a note for readers of this file", "")

    def __post_init__(self) -> None:
        if self.members and not self.source:
            raise InvalidField("members need the document that defines them: source", "members")
        if self.tile and (len(self.tile) != 2 or min(self.tile) < 0):
            raise InvalidField("a tile is a column and a row, counted from 0", "tile")


@dataclass(frozen=True, slots=True)
class Compound:
    """A word in which single characters stand for regions: 宁马 is 南京 and 马鞍山."""

    one_line: ClassVar[bool] = True  # in the file

    word: str = required("the word as printed", unique="compound")
    means: tuple[str, ...] = required("the regions it mentions", refers="region")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFile:
    """The file of agencies, shared by all plans."""

    jurisdiction: str = optional("the home region of agencies whose entry gives none", "")
    agencies: tuple[Agency, ...] = required("one entry for each agency")


@dataclass(frozen=True, slots=True)
class RegionFile:
    """The file of regions, shared by all plans."""

    regions: tuple[Region, ...] = required("one entry for each region")
    compounds: tuple[Compound, ...] = optional("words that mention regions by single characters")
    not_places: tuple[str, ...] = optional("names and other words that mention no region")


class MentionKind(StrEnum):
    """How a word mentions a region."""

    NAME = "name"  # 宿州
    COMPOUND = "compound"  # 合淮 mentions 合肥 and 淮南
    LANDMARK = "landmark"  # 新汴河 mentions 宿州


class RegionMatch(NamedTuple):
    """A region that a word mentions."""

    region: str
    kind: MentionKind


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """The agencies and regions that plans may name; only the same object is equal.

    Comparing thousands of regions would be slow, and what is made of a registry is cached.
    """

    agencies: tuple[Agency, ...] = ()
    regions: tuple[Region, ...] = ()
    compounds: tuple[Compound, ...] = ()
    not_places: tuple[str, ...] = ()
    home_region: str = ""  # of agencies whose entry gives none

    def build_region_words(self) -> Mapping[str, tuple[RegionMatch, ...]]:
        """Return word -> the regions it mentions.

        A landmark mentions itself and the regions it is in, a compound the regions it stands for.
        """
        words: dict[str, list[RegionMatch]] = {}
        for region in self.regions:
            if region.type is not RegionType.COUNTRY:  # 全国 and 国家 occur everywhere
                for word in (region.name, *region.aliases):
                    words.setdefault(word, []).append(RegionMatch(region.name, MentionKind.NAME))
        for word, matches in self.build_special_words().items():
            words.setdefault(word, []).extend(matches)
        return {word: tuple(matches) for word, matches in words.items()}

    def build_special_words(self) -> Mapping[str, tuple[RegionMatch, ...]]:
        """Return the words of landmarks and compounds -> the regions that are not their name."""
        words: dict[str, list[RegionMatch]] = {}
        for region in self.regions:
            if region.type is RegionType.LANDMARK:
                for word in (region.name, *region.aliases):
                    words.setdefault(word, []).extend(
                        RegionMatch(each, MentionKind.LANDMARK) for each in region.parents
                    )
        for compound in self.compounds:
            words.setdefault(compound.word, []).extend(
                RegionMatch(each, MentionKind.COMPOUND) for each in compound.means
            )
        return {word: tuple(matches) for word, matches in words.items()}


def find_province(agency: Agency) -> str:
    """Return the province in the official name: 安徽省 for 安徽省能源局 and 中共安徽省委组织部, else ''."""
    head, level, _rest = agency.official.removeprefix("中共").partition("省")
    return head + level if level and len(head) <= 3 else ""
