"""Find words in which every character stands for a region: 甬舟 of 甬舟铁路, 京津 of 京津城际.

A character counts only if it can mean one region in the plan's own province, or if it is the
abbreviation of a province that no city shares.  One other character, and the word is nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from plancli.plan import word_borders
from plancli.plan.region_context import RegionCandidate, RegionContext
from plancli.registry.model import MentionKind, Region, RegionMatch, RegionType

PROVINCES = frozenset("京津沪渝冀鲁豫皖浙闽粤黔滇藏")  # no city is abbreviated like these
DIRECTIONS = frozenset("东西南北中")
UNSURE = "黄"  # in neighbouring provinces: 阜黄 is 黄冈, not 黄山
LINE = re.compile("高铁|高速(?![发增度网率运通化成行])|铁路|城际|客专|客运专线|公路|走廊|环线")
LONGEST = 4  # characters: 杭绍台温
CJK = re.compile("[\u4e00-\u9fff]")
BORDERS = frozenset("的和与及至到建修以对")  # before such a word


class CompoundFinder:
    """Finds abbreviations of regions before the names of lines."""

    def __init__(self, regions: Mapping[str, Region], context: RegionContext) -> None:
        self._means = _collect_meanings(regions, context)

    def find_compounds(self, text: str) -> Iterator[RegionCandidate]:
        """Yield each word of abbreviations in *text*."""
        for line in LINE.finditer(text):
            if candidate := self._find_before(text, line.start()):
                yield candidate

    def _find_before(self, text: str, end: int) -> RegionCandidate | None:
        begin = end
        while begin and text[begin - 1] in self._means and end - begin < LONGEST:
            begin -= 1
        for start in range(begin, end - 1):
            word = text[start:end]
            if _is_word(text, start, end):
                names = [self._means[char] for char in word]
                if len(set(names)) < len(names):
                    return None
                matches = tuple(RegionMatch(name, MentionKind.COMPOUND) for name in names)
                return RegionCandidate(start, end, word, matches)
        return None


def _is_word(text: str, begin: int, end: int) -> bool:
    """Return whether a word may begin at *begin* and is no other word."""
    costs = word_borders.load_word_borders().costs
    word = text[begin:end]
    if word in costs and not PROVINCES.issuperset(word):
        return False
    before = text[begin - 1 : begin]
    if not CJK.match(before) or before in BORDERS:
        return True
    return text[begin - 1 : begin + 1] not in costs and text[begin - 2 : begin] in costs


def _collect_meanings(regions: Mapping[str, Region], context: RegionContext) -> dict[str, str]:
    """Return character -> the region that it means in a compound."""
    listed = defaultdict[str, set[str]](set)
    first = defaultdict[str, set[str]](set)
    means: dict[str, str] = {}
    for region in regions.values():
        chars = {each for each in region.abbr if len(each) == 1 and each != UNSURE}
        if region.type is RegionType.PROVINCE and not context.is_home(region.name):
            means.update(dict.fromkeys(chars & PROVINCES, region.name))
        if not context.is_home(region.name):
            continue
        if region.type is RegionType.CITY:
            for char in chars:
                listed[char].add(region.name)
            first[region.name[0]].add(region.name)
        elif region.type is RegionType.COUNTY:
            first[region.name[0]].add(region.parents[0])
    for char, names in first.items():
        if len(names) == 1 and char not in DIRECTIONS and char != UNSURE:
            [name] = names
            if regions[name].type is RegionType.CITY and name.startswith(char):
                means.setdefault(char, name)
    means.update({char: names.pop() for char, names in listed.items() if len(names) == 1})
    return means
