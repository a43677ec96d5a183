"""Find the regions that a task mentions, and the words that mention them.

The likeliest words count (皖江城市带 is not 江城, 资金安全 not 金安), the longest of two names wins, a
name of another thing hides the regions in it (合肥海关), and the name of an area also mentions the
regions in it (合肥都市圈 mentions 合肥).  An agency in a clause mentions the region it governs.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache

from plancli.plan import other_names, region_words, word_borders
from plancli.plan.model import DutyGroup, Mention, Plan
from plancli.plan.region_compounds import CompoundFinder
from plancli.plan.region_context import (
    DIVISION_RANKS,
    FULL_ENDING,
    RegionCandidate,
    RegionContext,
    is_between_stations,
    is_of_region,
)
from plancli.plan.scope import RegistryScope
from plancli.registry.model import Agency, MentionKind, RegionMatch, RegionType, Registry

Span = tuple[int, int]
FEATURES_AFTER = {  # what follows a bare name in the name of another thing
    RegionType.COUNTY: other_names.FEATURES,
    RegionType.CITY: other_names.CITY_FEATURES,
}
WIDE_REGIONS = (RegionType.PROVINCE, RegionType.ABROAD)
LONG_COMPOUND = 4  # characters: 在皖转化, which is not two abbreviations
CONTEXT = 8  # characters beside a name that decide where words begin and end
GOVERNMENT = re.compile("(?:人民)?政府(?:办公[室厅])?|党?委(?:办公[室厅])?|人大(?:常委会)?|政协")
DEPARTMENT = re.compile(".*(?:局|厅|委|委员会|办|办公[室厅]|部|中心|管委会|总队|支队)")


class RegionFinder:
    """Finds the regions of a registry in texts, as a plan of *jurisdiction* means them."""

    def __init__(self, registry: Registry, jurisdiction: str = "") -> None:
        self._regions = {region.name: region for region in registry.regions}
        self._context = RegionContext(self._regions, jurisdiction)
        self._compounds = CompoundFinder(self._regions, self._context)
        self._words = dict(region_words.build_text_words(registry))
        for word, region in self._context.iter_bare_former_names():
            known = self._words.get(word, ())
            if len(word) > 1 and not any(self._context.is_home(each.region) for each in known):
                self._words[word] = (*known, RegionMatch(region, MentionKind.NAME))
        self._areas = {
            word
            for region in registry.regions
            if region.type is RegionType.AREA
            for word in region_words.iter_names(region)
        }
        self._abbreviations = {
            each for region in registry.regions for each in region.abbr if len(each) == 1
        }
        self._province_abbreviations = {
            each
            for region in registry.regions
            if region.type is RegionType.PROVINCE
            for each in region.abbr
        }
        self._free_compounds = {  # that count wherever they stand
            each.word
            for each in registry.compounds
            if len(each.word) >= LONG_COMPOUND
            or all(
                name in self._regions and self._regions[name].type in WIDE_REGIONS
                for name in each.means
            )
        }
        self._sizes: dict[str, list[int]] = {}  # first two characters -> word lengths
        for word in self._words:
            sizes = self._sizes.setdefault(word[:2], [])
            if len(word) not in sizes:
                sizes.append(len(word))
        self._governed_regions = self._find_governed_regions(registry.agencies)

    def copy_with_agencies(self, agencies: Iterable[Agency]) -> "RegionFinder":
        """Return a finder that finds the same in texts, and the regions of *agencies* in clauses."""
        finder = copy(self)
        finder._governed_regions = self._find_governed_regions(agencies)
        return finder

    def _find_governed_regions(self, agencies: Iterable[Agency]) -> dict[str, str]:
        # In a plan that is being checked, a region may be unknown.
        return {each.name: each.region for each in agencies if each.region in self._regions}

    def find_mentions(self, text: str, duties: Iterable[DutyGroup]) -> tuple[Mention, ...]:
        """Return the mentions in a task's *text* and *duties*, in order of appearance."""
        in_text = _group_words(self._iter_mentions(text))
        in_clause = _group_words(self._iter_duty_regions(duties, in_text))
        return tuple(
            Mention(name, tuple(in_text.get(name, ())), tuple(in_clause.get(name, ())))
            for name in dict.fromkeys([*in_text, *in_clause])
        )

    def _iter_mentions(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (word, region) in order of appearance."""
        found = self._choose_words(text)
        starts = [each.begin for each in found if self._context.is_plain_name(text, each)]
        visible = [each for each in found if not self._is_hidden(text, each, starts)]
        visible += [
            each for each in self._compounds.find_compounds(text) if not _is_over_any(each, found)
        ]
        visible.sort()
        for each, regions in self._context.settle(text, visible):
            yield from ((each.word, region) for region in regions)
            if each.word in self._areas:
                yield from self._iter_nested(each.word, regions)

    def _iter_nested(self, area: str, outer: Sequence[str]) -> Iterator[tuple[str, str]]:
        excluded = {area, *self._iter_names_around(area, outer)}
        for each, regions in self._context.settle(area, self._choose_words(area, excluded)):
            yield from ((each.word, region) for region in regions if region not in outer)
            if each.word in self._areas:
                yield from self._iter_nested(each.word, (*outer, *regions))

    def _iter_names_around(self, area: str, outer: Sequence[str]) -> Iterator[str]:
        """Yield the names of areas around *area* that end it: 大别山革命老区 of 皖西大别山革命老区."""
        for name in (each for region in outer for each in self._context.get_ancestors(region)):
            if name in self._areas and not area.startswith(name):
                yield name

    # Words

    def _choose_words(self, text: str, excluded: Collection[str] = ()) -> list[RegionCandidate]:
        """Return the names in the likeliest row of words, from left to right."""
        spans = self._find_spans(text, excluded)
        chosen: list[Span] = []
        for begin, end, count in _group_spans(spans):
            if count == 1 and (
                is_between_stations(text, begin, end)
                or not word_borders.is_crossed(text, begin, end)
            ):
                chosen.append((begin, end))
                continue
            left, right = max(0, begin - CONTEXT), min(len(text), end + CONTEXT)
            near = _shift_spans(spans, left, right)
            chosen += (
                (left + start, left + stop)
                for start, stop in word_borders.find_likeliest_names(text[left:right], near)
                if begin <= left + start and left + stop <= end
            )
        found = [
            RegionCandidate(begin, end, text[begin:end], self._words[text[begin:end]])
            for begin, end in chosen
        ]
        return self._context.remove_unlisted_directions(text, found)

    def _find_spans(self, text: str, excluded: Collection[str]) -> list[Span]:
        sizes, words = self._sizes, self._words
        return [
            (at, at + size)
            for at in range(len(text) - 1)
            if (known := sizes.get(text[at : at + 2]))
            for size in known
            if (word := text[at : at + size]) in words
            and len(word) == size
            and word not in excluded
        ]

    def _is_hidden(self, text: str, each: RegionCandidate, starts: Sequence[int]) -> bool:
        """Return whether a name is only in a name of another thing, or a compound of nothing."""
        if not each.matches:
            return True  # listed as no region
        region, kind = each.matches[0]
        if kind is MentionKind.COMPOUND and each.word not in self._free_compounds:
            return not other_names.has_what_compounds_name(text, each.end)
        type_ = self._regions[region].type
        if type_ is RegionType.ABROAD:
            return False
        is_bare = not FULL_ENDING.search(each.word)
        features = FEATURES_AFTER.get(type_, ()) if is_bare else ()
        if other_names.is_named_in_marks(text, each.begin, each.end):
            return True
        if type_ is RegionType.AREA and is_of_region(text, each, self._province_abbreviations):
            return True
        if type_ in FEATURES_AFTER and (
            other_names.is_in_wider_place(text, each.begin, each.end, self._abbreviations)
            or other_names.is_of_water(
                text, each.begin, each.end, at_home=self._context.is_home(region)
            )
        ):
            return True
        return other_names.is_before_feature(
            text, each.end, features
        ) or other_names.is_in_other_name(text, each.begin, each.end, starts)

    # Agencies

    def _iter_duty_regions(
        self, duties: Iterable[DutyGroup], named: Iterable[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield (word, region) for each agency named after the region it governs: 合肥市人民政府."""
        for name in (each for group in duties for each in group.names):
            governed = self._governed_regions.get(name)
            words = region_words.iter_names(self._regions[governed]) if governed else ()
            if governed and (printed := max(filter(name.startswith, words), key=len, default="")):
                yield printed, self._find_former_at_home(printed) or governed
                continue
            found = self._find_agency_region(name.removeprefix("中共"), named)
            if found and governed in (None, found[1]):  # 松江区 of 上海市松江区人民政府
                yield found

    def _find_former_at_home(self, word: str) -> str:
        """Return the region at home whose former name *word* is: 江北区 in a plan of 重庆."""
        chosen = self._context.choose_shared(
            [each.region for each in self._words.get(word, ())], (), word
        )
        is_former = chosen and self._context.is_former_name(word, chosen)
        return chosen if is_former and self._context.is_home(chosen) else ""

    def _find_agency_region(self, name: str, named: Iterable[str]) -> tuple[str, str] | None:
        """Return the last of the regions in front of an agency's *name*, and its word."""
        at, word, region = 0, "", ""
        while printed := self._match_division(name, at):
            names = [each.region for each in self._words[printed]]
            inner = [each for each in names if region in self._context.get_ancestors(each)]
            chosen = self._context.choose_shared(inner or names, named, printed)
            if not chosen or (region and not inner):
                break
            at, word, region = at + len(printed), printed, chosen
        rest, is_full = name[at:], FULL_ENDING.search(word) is not None
        if not region:
            return None
        if GOVERNMENT.fullmatch(rest):
            return word, region
        if not rest:
            is_named = is_full or self._context.is_plain_home_name(word, region)
            return (word, region) if is_named else None
        is_of_department = (
            is_full and DEPARTMENT.fullmatch(rest) and not self._context.is_around_home(region)
        )
        return (word, region) if is_of_department else None

    def _match_division(self, name: str, at: int) -> str:
        """Return the longest name of divisions that *name* has at *at*, or ''."""
        for size in sorted(self._sizes.get(name[at : at + 2], ()), reverse=True):
            word = name[at : at + size]
            matches = self._words.get(word, ())
            if matches and all(
                each.kind is MentionKind.NAME and self._regions[each.region].type in DIVISION_RANKS
                for each in matches
            ):
                return word
        return ""


def get_region_finder(scope: RegistryScope, plan: Plan) -> RegionFinder:
    """Return the finder for the tasks of *plan*; plans of one jurisdiction share most of it."""
    registry = scope.get_registry(plan)
    shared = registry if plan.regions else scope.get_shared_registry(plan)
    return _make_region_finder(shared, plan.jurisdiction).copy_with_agencies(registry.agencies)


@lru_cache(maxsize=16)
def _make_region_finder(registry: Registry, jurisdiction: str) -> RegionFinder:
    return RegionFinder(registry, jurisdiction)


def find_mentions(
    text: str, duties: Iterable[DutyGroup], registry: Registry, jurisdiction: str = ""
) -> tuple[Mention, ...]:
    """Return the mentions of one task; for many tasks, create a ``RegionFinder`` once."""
    return RegionFinder(registry, jurisdiction).find_mentions(text, duties)


def _is_over_any(one: RegionCandidate, others: Iterable[RegionCandidate]) -> bool:
    return any(each.begin < one.end and one.begin < each.end for each in others)


def _group_spans(spans: Sequence[Span]) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and the number of spans of each group that overlaps no other."""
    begin = end = count = 0
    for start, stop in spans:
        if count and start >= end:
            yield begin, end, count
            count = 0
        if not count:
            begin, end = start, stop
        end, count = max(end, stop), count + 1
    if count:
        yield begin, end, count


def _shift_spans(spans: Sequence[Span], left: int, right: int) -> Mapping[int, list[int]]:
    """Return begin -> ends of the *spans* between two offsets, counted from the first."""
    ends: dict[int, list[int]] = {}
    for begin, end in spans[bisect_left(spans, (left, 0)) : bisect_left(spans, (right, 0))]:
        if end <= right:
            ends.setdefault(begin - left, []).append(end - left)
    return ends


def _group_words(matches: Iterable[tuple[str, str]]) -> dict[str, dict[str, None]]:
    """Group (word, region) pairs by region; each word once."""
    words: dict[str, dict[str, None]] = {}
    for word, region in matches:
        words.setdefault(region, {})[word] = None
    return words
