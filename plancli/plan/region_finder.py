"""Find the regions that a task mentions, and the words that mention them.

The longest word wins (皖江城市带 is not 江城), a name that mentions no region hides the words in it
(合肥海关), and the name of an area also mentions the regions in it (合肥都市圈 mentions 合肥).
"""

from collections.abc import Iterable, Iterator

from plancli.plan.model import DutyGroup, Mention
from plancli.registry.model import RegionMatch, RegionType, Registry


class RegionFinder:
    """Finds the regions of a registry in texts."""

    def __init__(self, registry: Registry) -> None:
        self._words = {**registry.build_region_words(), **dict.fromkeys(registry.not_places, ())}
        self._areas = {
            word
            for region in registry.regions
            if region.type is RegionType.AREA
            for word in (region.name, *region.aliases)
        }
        self._sizes: dict[str, list[int]] = {}  # first character -> word lengths, longest first
        for word in self._words:
            sizes = self._sizes.setdefault(word[0], [])
            if len(word) not in sizes:
                sizes.append(len(word))
                sizes.sort(reverse=True)
        self._region_names = {
            region.name: (region.name, *region.aliases) for region in registry.regions
        }
        self._governed_regions = {  # in a plan that is being checked, a region may be unknown
            agency.name: agency.region
            for agency in registry.agencies
            if agency.region in self._region_names
        }

    def find_mentions(self, text: str, duties: Iterable[DutyGroup]) -> tuple[Mention, ...]:
        """Return the mentions in a task's *text* and *duties*, in order of appearance."""
        in_text = _group_words(self._iter_matches(text, len(text)))
        in_clause = _group_words(self._iter_duty_regions(duties))
        return tuple(
            Mention(name, tuple(in_text.get(name, ())), tuple(in_clause.get(name, ())))
            for name in dict.fromkeys([*in_text, *in_clause])
        )

    def _iter_matches(self, text: str, longest: int) -> Iterator[tuple[str, str]]:
        """Yield (word, region) from left to right, for words of at most *longest* characters."""
        at = 0
        while at < len(text):
            word = self._match_word(text, at, longest)
            for match in self._words.get(word, ()):
                yield word, match.region
            if word in self._areas:
                yield from self._iter_nested(word, self._words[word])
            at += len(word) or 1

    def _match_word(self, text: str, at: int, longest: int) -> str:
        for size in self._sizes.get(text[at], ()):
            if size <= longest and (word := text[at : at + size]) in self._words:
                return word
        return ""

    def _iter_nested(self, area: str, matches: Iterable[RegionMatch]) -> Iterator[tuple[str, str]]:
        outer = {each.region for each in matches}
        for part, region in self._iter_matches(area, len(area) - 1):
            if region not in outer:
                yield part, region

    def _iter_duty_regions(self, duties: Iterable[DutyGroup]) -> Iterator[tuple[str, str]]:
        """Yield (word, region) for each agency named after the region it governs: 合肥市人民政府."""
        for group in duties:
            for name in group.names:
                if region := self._governed_regions.get(name):
                    words = [word for word in self._region_names[region] if name.startswith(word)]
                    if words:
                        yield max(words, key=len), region


def find_mentions(
    text: str, duties: Iterable[DutyGroup], registry: Registry
) -> tuple[Mention, ...]:
    """Return the mentions of one task; for many tasks, create a ``RegionFinder`` once."""
    return RegionFinder(registry).find_mentions(text, duties)


def _group_words(matches: Iterable[tuple[str, str]]) -> dict[str, dict[str, None]]:
    """Group (word, region) pairs by region; each word once."""
    words: dict[str, dict[str, None]] = {}
    for word, region in matches:
        words.setdefault(region, {})[word] = None
    return words
