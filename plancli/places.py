"""Which regions a task names, and by which words.

The longest word wins (皖江城市带 is not 江城), a name in which no place is meant hides what stands
in it (合肥海关), and an area's name names the places in it as well (合肥都市圈 names 合肥).
"""

from collections.abc import Iterable, Iterator, Mapping

from plancli.model import Group, Mention
from plancli.registered import Place
from plancli.registry import Carried, Registry


def mentions(text: str, duties: Iterable[Group], known: Registry) -> tuple[Mention, ...]:
    """Return the regions that a task's *text* and its *duties* name, in the order they are met."""
    in_text = _collected(_in_text(text, known))
    in_clause = _collected(_in_duties(duties, known))
    return tuple(
        Mention(name, tuple(in_text.get(name, ())), tuple(in_clause.get(name, ())))
        for name in dict.fromkeys([*in_text, *in_clause])
    )


def _collected(found: Iterable[tuple[str, str]]) -> dict[str, dict[str, None]]:
    """Return region -> its words, each once, from pairs of word and region."""
    words: dict[str, dict[str, None]] = {}
    for word, region in found:
        words.setdefault(region, {})[word] = None
    return words


def _in_text(text: str, known: Registry) -> Iterator[tuple[str, str]]:
    words = {**known.words(), **dict.fromkeys(known.not_places, ())}
    areas = {
        word
        for region in known.regions
        if region.type is Place.AREA
        for word in (region.name, *region.aliases)
    }
    yield from _scan(text, words, areas, max(map(len, words), default=0))


def _scan(
    text: str, words: Mapping[str, tuple[Carried, ...]], areas: set[str], longest: int
) -> Iterator[tuple[str, str]]:
    """Yield (word, region) from left to right, words of at most *longest* characters."""
    at = 0
    while at < len(text):
        sizes = range(min(longest, len(text) - at), 0, -1)
        word = next((text[at : at + size] for size in sizes if text[at : at + size] in words), "")
        for carried in words.get(word, ()):
            yield word, carried.region
        if word in areas:
            outer = {carried.region for carried in words[word]}
            nested = _scan(word, words, areas, len(word) - 1)
            yield from ((part, region) for part, region in nested if region not in outer)
        at += len(word) or 1


def _in_duties(duties: Iterable[Group], known: Registry) -> Iterator[tuple[str, str]]:
    """Yield the region that each body named for it governs: 合肥市 of 合肥市人民政府."""
    governed = {agency.name: agency.region for agency in known.agencies if agency.region}
    called = {region.name: (region.name, *region.aliases) for region in known.regions}
    for group in duties:
        for name in group.names:
            if region := governed.get(name):
                begins = [word for word in called[region] if name.startswith(word)]
                if begins:
                    yield max(begins, key=len), region
