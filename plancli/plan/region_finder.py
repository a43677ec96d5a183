"""Which regions a task names, and by which words.

The longest word wins (皖江城市带 is not 江城), a name in which no place is meant hides what stands
in it (合肥海关), and an area's name names the places in it as well (合肥都市圈 names 合肥).
"""

from collections.abc import Iterable, Iterator

from plancli.plan.model import DutyGroup, Mention
from plancli.registry.model import RegionMatch, RegionType, Registry


class RegionFinder:
    """Finds the places of one registry in texts."""

    def __init__(self, known: Registry) -> None:
        self._words = {**known.build_region_words(), **dict.fromkeys(known.not_places, ())}
        self._areas = {
            word
            for region in known.regions
            if region.type is RegionType.AREA
            for word in (region.name, *region.aliases)
        }
        self._sizes: dict[str, list[int]] = {}  # first character -> sizes of words, longest first
        for word in self._words:
            sizes = self._sizes.setdefault(word[0], [])
            if len(word) not in sizes:
                sizes.append(len(word))
                sizes.sort(reverse=True)
        self._called = {region.name: (region.name, *region.aliases) for region in known.regions}
        self._governed = {  # of a plan that is being checked, a name may be unknown
            body.name: body.region for body in known.agencies if body.region in self._called
        }

    def find_mentions(self, text: str, duties: Iterable[DutyGroup]) -> tuple[Mention, ...]:
        """Return the regions that a task's *text* and *duties* name, in the order they are met."""
        in_text = _group_words(self._iter_matches(text, len(text)))
        in_clause = _group_words(self._iter_duty_regions(duties))
        return tuple(
            Mention(name, tuple(in_text.get(name, ())), tuple(in_clause.get(name, ())))
            for name in dict.fromkeys([*in_text, *in_clause])
        )

    def _iter_matches(self, text: str, longest: int) -> Iterator[tuple[str, str]]:
        """Yield (word, region) from left to right, words of at most *longest* characters."""
        at = 0
        while at < len(text):
            word = self._match_word(text, at, longest)
            for carried in self._words.get(word, ()):
                yield word, carried.region
            if word in self._areas:
                yield from self._iter_nested(word, self._words[word])
            at += len(word) or 1

    def _match_word(self, text: str, at: int, longest: int) -> str:
        for size in self._sizes.get(text[at], ()):
            if size <= longest and (word := text[at : at + size]) in self._words:
                return word
        return ""

    def _iter_nested(self, area: str, carried: Iterable[RegionMatch]) -> Iterator[tuple[str, str]]:
        outer = {each.region for each in carried}
        for part, region in self._iter_matches(area, len(area) - 1):
            if region not in outer:
                yield part, region

    def _iter_duty_regions(self, duties: Iterable[DutyGroup]) -> Iterator[tuple[str, str]]:
        """Yield the region that each body named for it governs: 合肥市 of 合肥市人民政府."""
        for group in duties:
            for name in group.names:
                if region := self._governed.get(name):
                    begins = [word for word in self._called[region] if name.startswith(word)]
                    if begins:
                        yield max(begins, key=len), region


def find_mentions(text: str, duties: Iterable[DutyGroup], known: Registry) -> tuple[Mention, ...]:
    """Return the regions that one task names; for many, make a ``Finder`` once."""
    return RegionFinder(known).find_mentions(text, duties)


def _group_words(found: Iterable[tuple[str, str]]) -> dict[str, dict[str, None]]:
    """Return region -> its words, each once, from pairs of word and region."""
    words: dict[str, dict[str, None]] = {}
    for word, region in found:
        words.setdefault(region, {})[word] = None
    return words
