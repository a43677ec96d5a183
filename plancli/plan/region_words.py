"""The words that may mention regions in a text."""

from collections.abc import Container, Iterator, Mapping

from plancli.registry.model import (
    DIVISION_TYPES,
    MentionKind,
    Region,
    RegionMatch,
    RegionType,
    Registry,
)

DIRECTIONS = ("东北", "西北", "西南")  # 东北地区, but only beside another area: 华北、东北
GENERAL_FORMER_NAMES = ("郊区", "城区", "矿区", "市区", "新区")  # words rather than names


class MentionKinds:
    """How words mention regions: by name, as a landmark, or as a compound of abbreviations."""

    def __init__(self, registry: Registry) -> None:
        self._kinds = {
            (word, match.region): match.kind
            for word, matches in registry.build_special_words().items()
            for match in matches
        }
        self._regions = {region.name: region for region in registry.regions}
        self._abbreviations = {
            each for region in registry.regions for each in region.abbr if len(each) == 1
        }

    def find_kind(self, word: str, region: str) -> MentionKind:
        """Return how *word* mentions *region*: 甬舟 is no name of 宁波."""
        if kind := self._kinds.get((word, region)):
            return kind
        known = self._regions.get(region)
        names = (*iter_names(known), *(each.name for each in known.former)) if known else ()
        if self._abbreviations.issuperset(word) and not any(
            name.startswith(word) for name in names
        ):
            return MentionKind.COMPOUND
        return MentionKind.NAME


def build_text_words(registry: Registry) -> Mapping[str, tuple[RegionMatch, ...]]:
    """Return word -> the regions it may mention; () for a name that mentions none.

    A name that the list of regions has (南湖, a landmark) wins over the bare name of a division
    (南湖区); a former name of a division stands after the present ones; 南京市鼓楼区 is two words.
    """
    words = dict(registry.build_region_words())
    types = {region.name: region.type for region in registry.regions}
    for word, matches in words.items():
        listed = [each for each in matches if not _is_division(each, types)]
        if len(listed) < len(matches) and any(
            types[each.region] not in DIVISION_TYPES for each in listed
        ):
            words[word] = tuple(listed)
    for region in registry.regions:
        _add_former_names(region, words, types)
        if region.type is RegionType.CITY and types.get(region.name[:-1]) is RegionType.PROVINCE:
            same = RegionMatch(region.name, MentionKind.NAME)  # in a plan of 青海, 海南 is 海南州
            words[region.name[:-1]] = (*words[region.name[:-1]], same)
        if region.type is RegionType.COUNTY:
            for word in [each for each in iter_names(region) if len(each) > 4]:
                if _is_path(word, region, words):
                    del words[word]
        if region.type is RegionType.AREA:
            for word in set(region.abbr).intersection(DIRECTIONS):
                words[word] = (RegionMatch(region.name, MentionKind.NAME),)
    words.update(dict.fromkeys(registry.not_places, ()))
    return words


def iter_names(region: Region) -> Iterator[str]:
    """Yield the names of *region* that count as mentions."""
    yield region.name
    yield from region.aliases


def _is_division(match: RegionMatch, types: Mapping[str, RegionType]) -> bool:
    return match.kind is MentionKind.NAME and types[match.region] in DIVISION_TYPES


def _add_former_names(
    region: Region, words: dict[str, tuple[RegionMatch, ...]], types: Mapping[str, RegionType]
) -> None:
    match = RegionMatch(region.name, MentionKind.NAME)
    for name in (each.name for each in region.former):
        known = words.get(name, ())
        if len(name) == 2 or name in GENERAL_FORMER_NAMES or match in known:
            continue
        if not known or (
            region.type in DIVISION_TYPES and all(_is_division(each, types) for each in known)
        ):
            words[name] = (*known, match)


def _is_path(word: str, region: Region, words: Container[str]) -> bool:
    """Return whether *word* is the name of a division and then another name of the region."""
    return any(
        word.endswith(name) and word[: -len(name)] in words
        for name in iter_names(region)
        if len(name) < len(word)
    )
