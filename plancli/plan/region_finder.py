"""Which regions a task names, and by which words.

The longest word wins (皖江城市带 is not 江城), a name in which no place is meant hides what stands
in it (合肥海关), and an area's name names the places in it as well (合肥都市圈 names 合肥).
"""

from collections.abc import Iterable, Iterator

from plancli.plan.model import Group, Mention
from plancli.registry.model import Carried, Place, Registry


class Finder:
    """Finds the places of one registry in texts."""

    def __init__(self, known: Registry) -> None:
        self._words = {**known.words(), **dict.fromkeys(known.not_places, ())}
        self._areas = {
            word
            for region in known.regions
            if region.type is Place.AREA
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

    def mentions(self, text: str, duties: Iterable[Group]) -> tuple[Mention, ...]:
        """Return the regions that a task's *text* and *duties* name, in the order they are met."""
        in_text = _collected(self._scan(text, len(text)))
        in_clause = _collected(self._in_duties(duties))
        return tuple(
            Mention(name, tuple(in_text.get(name, ())), tuple(in_clause.get(name, ())))
            for name in dict.fromkeys([*in_text, *in_clause])
        )

    def _scan(self, text: str, longest: int) -> Iterator[tuple[str, str]]:
        """Yield (word, region) from left to right, words of at most *longest* characters."""
        at = 0
        while at < len(text):
            word = self._word(text, at, longest)
            for carried in self._words.get(word, ()):
                yield word, carried.region
            if word in self._areas:
                yield from self._nested(word, self._words[word])
            at += len(word) or 1

    def _word(self, text: str, at: int, longest: int) -> str:
        for size in self._sizes.get(text[at], ()):
            if size <= longest and (word := text[at : at + size]) in self._words:
                return word
        return ""

    def _nested(self, area: str, carried: Iterable[Carried]) -> Iterator[tuple[str, str]]:
        outer = {each.region for each in carried}
        for part, region in self._scan(area, len(area) - 1):
            if region not in outer:
                yield part, region

    def _in_duties(self, duties: Iterable[Group]) -> Iterator[tuple[str, str]]:
        """Yield the region that each body named for it governs: 合肥市 of 合肥市人民政府."""
        for group in duties:
            for name in group.names:
                if region := self._governed.get(name):
                    begins = [word for word in self._called[region] if name.startswith(word)]
                    if begins:
                        yield max(begins, key=len), region


def mentions(text: str, duties: Iterable[Group], known: Registry) -> tuple[Mention, ...]:
    """Return the regions that one task names; for many, make a ``Finder`` once."""
    return Finder(known).mentions(text, duties)


def _collected(found: Iterable[tuple[str, str]]) -> dict[str, dict[str, None]]:
    """Return region -> its words, each once, from pairs of word and region."""
    words: dict[str, dict[str, None]] = {}
    for word, region in found:
        words.setdefault(region, {})[word] = None
    return words
