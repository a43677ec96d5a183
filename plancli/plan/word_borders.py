"""Where words begin and end: 资金|安全 does not contain 金安, 至|上海|段 contains 上海.

The likeliest row of words is that with the lowest sum of costs; a word's cost is the logarithm of
its frequency (``scripts/word_borders.py`` writes the file from a dictionary).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from plancli.system import files

FILE = files.DATA_DIR / "word_borders.tsv"
# 上海港, 合肥城 and 山东半岛 mention the region.
KEPT_ENDINGS = (*"省市县区旗州盟镇乡村人港站城郊段籍", "半岛", "群岛", "同胞")
UNKNOWN_COST = 36  # of a character that is not in the file
LONGEST_WORD = 4
NAME_COSTS = {2: 29, 3: 26, 4: 22}  # of a region's name that is not in the file, by length


class WordBorders(NamedTuple):
    """The words of the file: their costs, and the names of regions that are ordinary words."""

    costs: Mapping[str, int]
    ordinary: frozenset[str]  # everywhere
    foreign: frozenset[str]  # in a plan of another province

    def get_name_cost(self, name: str) -> int:
        """Return the cost of a region's name: the lower of its own and that of its length."""
        least = NAME_COSTS.get(len(name), 20)
        return min(self.costs.get(name, least), least)


@cache
def load_word_borders() -> WordBorders:
    """Read the file."""
    costs: dict[str, int] = {}
    kinds: dict[str, frozenset[str]] = {}
    for line in FILE.read_text("utf-8").splitlines():
        head, _tab, words = line.partition("\t")
        if head.isdecimal():
            costs.update(dict.fromkeys(words.split(), int(head)))
        elif not head.startswith("#"):
            kinds[head] = frozenset(words.split())
    return WordBorders(costs, kinds["ordinary"], kinds["foreign"])


def find_likeliest_names(text: str, names: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
    """Return begin and end of each name in the likeliest row of words that *text* consists of.

    *names* has the ends of the names that may begin at an offset.
    """
    borders = load_word_borders()
    size = len(text)
    best: list[float] = [0.0] + [float("inf")] * size
    last: list[tuple[int, bool]] = [(0, False)] * (size + 1)
    for begin in range(size):
        before = best[begin]
        for end in names.get(begin, ()):
            cost = before + borders.get_name_cost(text[begin:end]) - 0.5  # a name before a word
            if cost < best[end]:
                best[end], last[end] = cost, (begin, True)
        for end in range(begin + 1, min(begin + LONGEST_WORD, size) + 1):
            known = borders.costs.get(text[begin:end])
            if known is None:
                if end > begin + 1:
                    continue
                known = UNKNOWN_COST
            if before + known < best[end]:
                best[end], last[end] = before + known, (begin, False)
    return list(_iter_names(last, size))[::-1]


def _iter_names(last: list[tuple[int, bool]], end: int) -> Iterator[tuple[int, int]]:
    while end:
        begin, is_name = last[end]
        if is_name:
            yield begin, end
        end = begin


def is_crossed(text: str, begin: int, end: int) -> bool:
    """Return whether a word of the file crosses a border of the name, or is longer and holds it."""
    costs = load_word_borders().costs
    for left in range(max(0, begin - LONGEST_WORD + 1), begin + 1):
        for right in range(max(begin + 1, left + 2), min(len(text), left + LONGEST_WORD) + 1):
            if (left < begin or right > end) and text[left:right] in costs:
                return True
    return any(
        text[left:right] in costs
        for left in range(begin + 1, end)
        for right in range(end + 1, min(len(text), left + LONGEST_WORD) + 1)
    )
