"""Decide which region a word means, by what stands beside it and whose plan it is.

Where several regions share a name (鼓楼区), this counts, in order: the region printed just before
it, the plan's own jurisdiction, its province, a region named in the same text.  A name that is an
ordinary word as well (合作, 东方) needs the company of other regions.  In doubt it is no mention.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from plancli.plan import region_words, word_borders
from plancli.plan.region_words import DIRECTIONS
from plancli.registry.model import MentionKind, Region, RegionMatch, RegionType

DIVISION_RANKS = {RegionType.PROVINCE: 0, RegionType.CITY: 1, RegionType.COUNTY: 2}
FULL_ENDING = re.compile("(?:县|(?<=..)[省市区旗州盟])$")  # 和县, but not 崖州
COUNTY_ENDING = re.compile("(?<=..)[县区]$")
AREA_OF_REGION = re.compile("[东西南北中]+部(?:地区)?|(?:东北|西北|西南|东南)地区")
ROUTES = (*"至到—－-",)  # before the end of a section: 至安康段
SEPARATOR = re.compile("[、和与及至到·—–－-]|以及")
PLACE_BEFORE = re.compile("(?:赴|与|学习|借鉴|对标|帮扶|对接)$")
DIVISIONS_AFTER = re.compile("等[地市县区]|边境")
PLACE_AFTER = re.compile("等[地市县区]|经验|模式|经开区|高新区|开发区|综保区|口岸|机场|产业园")
LEVELS = frozenset("省市州县区镇乡级")
AIRPORT = re.compile("(?:国际)?机场")
RARE_COST = 28  # of a word: no ordinary word costs more
RECENT_YEAR = "2000"
NATURE = tuple("山河江湖海岭")  # 北江 is rather the river than the former district
LONGEST_UNSURE_WORD = 5  # a longer one is no ordinary word


class RegionCandidate(NamedTuple):
    """A word that may mention regions, and where it stands."""

    begin: int
    end: int
    word: str
    matches: tuple[RegionMatch, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The regions that it may mention."""
        return tuple(each.region for each in self.matches)


class _Settled(NamedTuple):
    """What the words of a text mean so far, by their position among them."""

    sure: dict[int, tuple[str, ...]]  # the words that need nothing beside them
    regions: dict[int, tuple[str, ...]]
    named: set[str]  # by sure words


class RegionContext:
    """The regions of a registry, as a plan of *jurisdiction* means them."""

    def __init__(self, regions: Mapping[str, Region], jurisdiction: str = "") -> None:
        self._regions = regions
        self._ancestors: dict[str, frozenset[str]] = {}
        self._home = jurisdiction if jurisdiction in regions else ""
        self._around_home = {self._home, *self.get_ancestors(self._home)} - {""}
        self._province = next(
            (each for each in self._around_home if regions[each].type is RegionType.PROVINCE), ""
        )

    def settle(
        self, text: str, found: Sequence[RegionCandidate]
    ) -> Iterator[tuple[RegionCandidate, tuple[str, ...]]]:
        """Yield each word of *text* that mentions regions, with them."""
        known = _Settled({}, {}, set())
        for at, each in enumerate(found):
            if self._is_sure(text, each) and not self._is_elsewhere(found, at):
                known.sure[at] = each.names
                known.named.update(each.names)
        size = len(found)
        for at in (*range(size), *reversed(range(size))):  # again: what follows may be company
            if at not in known.regions:
                regions = known.sure.get(at) or self._choose_region(text, found, at, known)
                if regions:
                    known.regions[at] = regions
        for at, regions in sorted(known.regions.items()):
            yield found[at], regions

    def remove_unlisted_directions(
        self, text: str, found: list[RegionCandidate]
    ) -> list[RegionCandidate]:
        """Return *found* without the directions that stand in no list of areas: 华北、东北."""
        kept, row = [], list[RegionCandidate]()
        for each in [*found, None]:
            if row and not (each and _is_beside(text, row[-1], each)):
                is_list = any(
                    one.word not in DIRECTIONS and self._is_wide_area(one.names) for one in row
                )
                kept += [one for one in row if is_list or one.word not in DIRECTIONS]
                row = []
            if each:
                row.append(each)
        return kept

    def is_plain_name(self, text: str, each: RegionCandidate) -> bool:
        """Return whether a word is a region's name that needs nothing beside it."""
        return bool(each.matches) and not self._needs_company(text, each, each.names[0])

    def _is_wide_area(self, names: Sequence[str]) -> bool:
        """Return whether the first of *names* is an area of several provinces."""
        region = self._regions[names[0]] if names else None
        return bool(region and region.type is RegionType.AREA and not region.parents)

    def choose_shared(self, names: Sequence[str], named: Iterable[str], word: str = "") -> str:
        """Return which of the regions that share a name is meant, or ''.

        *named*: the regions that the same text names.  At home a former name counts before the
        present name of another region, among equals the present name.
        """
        near_home = self._around_home - {self._province}
        for choice in (
            [each for each in names if each == self._home],
            [each for each in names if self._home in self.get_ancestors(each)],
            [each for each in names if near_home & self.get_ancestors(each)],
            [each for each in names if self.is_home(each)],
        ):
            if highest := self._pick_present(choice, word):
                return highest
        outer = [each for each in names if not self.get_ancestors(each).intersection(names)]
        highest = self._pick_present(outer, word)
        if highest and self._regions[highest].type is RegionType.PROVINCE:
            return highest
        near = [each for each in outer if self.get_ancestors(each).intersection(named)]
        return self._pick_present(near, word) or highest

    def is_around_home(self, region: str) -> bool:
        """Return whether *region* is the plan's jurisdiction or contains it."""
        return region in self._around_home

    def is_plain_home_name(self, word: str, region: str) -> bool:
        """Return whether *word* is a name in the plan's own province and no ordinary word."""
        return self.is_home(region) and word not in word_borders.load_word_borders().ordinary

    def get_ancestors(self, name: str) -> frozenset[str]:
        """Return the regions that *name* is in."""
        if name not in self._ancestors:
            self._ancestors[name] = frozenset()  # a cycle ends here
            region = self._regions.get(name)
            above = {each for each in (region.parents if region else ()) if each in self._regions}
            self._ancestors[name] = frozenset(above.union(*map(self.get_ancestors, above)))
        return self._ancestors[name]

    def is_former_name(self, word: str, region: str) -> bool:
        """Return whether *word* is only a former name of *region*, with its ending or without."""
        return any(
            word in (each.name, remove_county_ending(each.name))
            for each in self._regions[region].former
        ) and word not in region_words.iter_names(self._regions[region])

    def iter_bare_former_names(self) -> Iterator[tuple[str, str]]:
        """Yield (渝北, 两江新区) for each county at home that had another name lately."""
        borders = word_borders.load_word_borders()
        for region in self._regions.values():
            if region.type is not RegionType.COUNTY or not region.former:
                continue
            if not self.is_home(region.name):
                continue
            for former in region.former:
                word = remove_county_ending(former.name)
                is_rare = borders.costs.get(word, RARE_COST) >= RARE_COST
                if word.endswith(NATURE):
                    continue
                if former.until >= RECENT_YEAR and (is_rare or word in borders.ordinary):
                    yield word, region.name

    def _is_elsewhere(self, found: Sequence[RegionCandidate], at: int) -> bool:
        """Return whether a region stands before a name that lies in another province.

        天津南关区 is not the 南关区 of 长春, 内蒙古东部地区 not 东部地区.
        """
        each, before = found[at], found[at - 1] if at else None
        if not before or before.end != each.begin:
            return False
        first, front = self._regions[each.names[0]], self._regions[before.names[0]]
        if front.type not in (RegionType.PROVINCE, RegionType.CITY):
            return False
        if first.type is RegionType.AREA:
            return AREA_OF_REGION.fullmatch(each.word) is not None
        if first.type is not RegionType.COUNTY or not COUNTY_ENDING.search(each.word):
            return False
        around = {front.name, *self.get_ancestors(front.name)}
        return not any(around & self.get_ancestors(name) for name in each.names)

    def _is_sure(self, text: str, each: RegionCandidate) -> bool:
        is_shared = len(each.matches) > 1 and all(
            match.kind is MentionKind.NAME and self._regions[match.region].type in DIVISION_RANKS
            for match in each.matches
        )
        if is_shared:
            return False
        return len(each.word) > LONGEST_UNSURE_WORD or not self._needs_company(
            text, each, each.names[0]
        )

    def _needs_company(self, text: str, each: RegionCandidate, region: str) -> bool:
        """Return whether the word alone is not enough, because it may be another word.

        In the plan's own province the name of a county is enough but for ordinary words (合作,
        资源); elsewhere only a full name is, unless without its ending it is an ordinary word.
        """
        type_ = self._regions[region].type
        if type_ is RegionType.AREA:
            return not self.is_home(region) and self._is_general_area_name(each.word, region)
        if type_ not in DIVISION_RANKS or type_ is RegionType.PROVINCE:
            return False
        if is_between_stations(text, each.begin, each.end):
            return False
        if each.word == "和县":  # 省和县 is not 和县
            return not self.is_home(region) or text[each.begin - 1 : each.begin] in LEVELS
        ordinary = word_borders.load_word_borders().ordinary
        if self._is_near_home(region):
            return type_ is RegionType.COUNTY and each.word in ordinary
        if each.word in ordinary or type_ is RegionType.CITY:
            return each.word in ordinary
        bare = FULL_ENDING.sub("", each.word)
        return bare == each.word or bare in ordinary

    def _choose_region(
        self, text: str, found: Sequence[RegionCandidate], at: int, known: _Settled
    ) -> tuple[str, ...]:
        """Return the region that an ordinary or shared word means here, if it is clear."""
        each = found[at]
        before = known.regions.get(at - 1, ())
        if before and found[at - 1].end == each.begin:
            inner = [name for name in each.names if self.get_ancestors(name).intersection(before)]
            region = self._pick_present(inner, each.word)
            # 甘肃合作 is 合作市 only in a plan of another province
            is_plain = each.word not in word_borders.load_word_borders().ordinary
            if region and not is_plain and AIRPORT.match(text, each.end):
                return ()  # 天山国际机场 of 乌鲁木齐
            if region and (
                is_plain
                or not self.is_home(region)
                or set(before).intersection(self._regions[region].parents)
            ):
                return (region,)
        region = self.choose_shared(each.names, known.named, each.word)
        if not region or self._is_elsewhere(found, at):
            return ()
        if self._needs_company(text, each, region):
            return (region,) if self._has_company(text, found, at, region, known) else ()
        return (region,)

    def _has_company(
        self, text: str, found: Sequence[RegionCandidate], at: int, region: str, known: _Settled
    ) -> bool:
        """Return whether what stands beside a word shows that it means *region*."""
        each = found[at]
        if self._regions[region].type is RegionType.AREA:
            return bool(self.get_ancestors(region) & known.named)
        beside = [
            other
            for other in (at - 1, at + 1)
            if 0 <= other < len(found) and _is_beside(text, *sorted((found[other], each)))
        ]
        sure = [
            name
            for other in beside
            for name in known.regions.get(other) or known.sure.get(other, ())
        ]
        borders = word_borders.load_word_borders()
        is_followed = PLACE_AFTER.match(text, each.end) is not None
        if each.word in borders.ordinary:
            return self.is_home(region) and (
                DIVISIONS_AFTER.match(text, each.end) is not None
                or any(self._is_akin(region, name) for name in sure)
            )
        plain = [other for other in beside if found[other].word not in borders.foreign]
        if each.word in borders.foreign:
            sure += [name for other in plain for name in found[other].names]  # 昆山、太仓
            return is_followed or any(self._is_akin(region, name) for name in sure)
        if sure or self.get_ancestors(region) & known.named:
            return True
        if FULL_ENDING.search(each.word):
            return False
        return (
            is_followed
            or PLACE_BEFORE.search(text[max(0, each.begin - 2) : each.begin]) is not None
            or bool(plain)
        )

    def is_home(self, region: str) -> bool:
        """Return whether *region* is in the plan's own province."""
        return bool(self._province) and self._province in (region, *self.get_ancestors(region))

    def _is_near_home(self, region: str) -> bool:
        """Return whether *region* is in the plan's own province, for a county in its own city."""
        cities = self._around_home - {self._province, self._home}
        if not cities or self._regions[self._home].type is not RegionType.COUNTY:
            return self.is_home(region)
        return bool(cities.intersection((region, *self.get_ancestors(region))))

    def _is_general_area_name(self, word: str, region: str) -> bool:
        """Return whether the area has a name in general words: 省会经济圈, 滨湖新区."""
        is_general = word[:2] in word_borders.load_word_borders().ordinary
        return is_general or self.is_former_name(word, region)

    def _pick_present(self, names: Sequence[str], word: str) -> str:
        """Return the only one of the highest level of those whose present name is *word*.

        If it is a former name of all, the only one of the highest level.
        """
        present = [each for each in names if not self.is_former_name(word, each)]
        return self._pick_highest(present or names)

    def _pick_highest(self, names: Sequence[str]) -> str:
        """Return the only one of the highest level, or ''; a city before a county."""
        ranks = [
            (DIVISION_RANKS.get(self._regions[name].type, 9), not name.endswith("市"))
            for name in names
        ]
        if ranks and ranks.count(min(ranks)) == 1:
            return names[ranks.index(min(ranks))]
        return ""

    def _is_akin(self, one: str, other: str) -> bool:
        """Return whether two regions are in the same province, or one is in the other."""
        return bool({one, *self.get_ancestors(one)} & {other, *self.get_ancestors(other)})


def remove_county_ending(name: str) -> str:
    """Return 渝北 of 渝北区."""
    return COUNTY_ENDING.sub("", name)


def is_between_stations(text: str, begin: int, end: int) -> bool:
    """Return whether a name ends a section of a line: 西安至安康段."""
    return text[end : end + 1] == "段" and text[begin - 1 : begin] in ROUTES


def is_of_region(text: str, each: RegionCandidate, abbreviations: Collection[str]) -> bool:
    """Return whether an area of China in general words is one of a province: 湘|西北地区."""
    if not AREA_OF_REGION.fullmatch(each.word):
        return False
    at, costs = each.begin, word_borders.load_word_borders().costs
    return text[at - 1 : at] in abbreviations and text[at - 2 : at] not in costs


def _is_beside(text: str, one: RegionCandidate, other: RegionCandidate) -> bool:
    """Return whether only a mark or a conjunction stands between two names."""
    return SEPARATOR.fullmatch(text, one.end, other.begin) is not None
