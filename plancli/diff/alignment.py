"""Which tasks of two plans are the same, by their words and not by their numbers."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from plancli.plan.model import Entry, Plan, entries
from plancli.text.normalize import squeeze

ALIKE = 0.4  # how much two texts must share to be one task, of 1
COMMON = 60  # tasks that share a pair of characters which tells nothing
NEAREST = 4  # tasks that a reworded one is held against


class Pair(NamedTuple):
    """A task before and after; one of them is missing where it is new or dropped."""

    before: Entry | None
    after: Entry | None


def pairs(one: Plan, other: Plan) -> list[Pair]:
    """Return every task of both plans once: matched, new or dropped, in the order of *other*.

    Equal texts first, then the most alike; a dropped task stands behind the one that it followed.
    """
    left, right = list(entries(one)), list(entries(other))
    found = _equal(left, right)
    found |= _alike(left, right, found)
    taken = {a: b for b, a in found.items()}
    rows = [Pair(left[found[b]] if b in found else None, right[b]) for b in range(len(right))]
    places: dict[int, list[Pair]] = defaultdict(list)
    behind = -1
    for a, entry in enumerate(left):
        if a in taken:
            behind = taken[a]
        else:
            places[behind].append(Pair(entry, None))
    merged = list(places[-1])
    for b, pair in enumerate(rows):
        merged += [pair, *places[b]]
    return merged


def _equal(left: Sequence[Entry], right: Sequence[Entry]) -> dict[int, int]:
    """Return after -> before for tasks of the same words, in order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for a in reversed(range(len(left))):
        waiting[squeeze(left[a].task.text)].append(a)
    found = {}
    for b, entry in enumerate(right):
        if same := waiting.get(squeeze(entry.task.text)):
            found[b] = same.pop()
    return found


def _alike(
    left: Sequence[Entry], right: Sequence[Entry], found: Mapping[int, int]
) -> dict[int, int]:
    """Return after -> before for tasks reworded: the most alike first, then the nearest."""
    taken = set(found.values())
    before = {a: _bigrams(left[a]) for a in range(len(left)) if a not in taken}
    index: dict[str, list[int]] = defaultdict(list)
    for a, bigrams in before.items():
        for bigram in bigrams:
            index[bigram].append(a)
    ranked = []
    for b in range(len(right)):
        if b in found:
            continue
        own = _bigrams(right[b])
        holding = (index.get(bigram, ()) for bigram in own)
        shared = Counter(chain.from_iterable(each for each in holding if len(each) <= COMMON))
        for a, _count in shared.most_common(NEAREST):
            alike = 2 * (own & before[a]).total() / max(1, own.total() + before[a].total())
            if alike >= ALIKE:
                ranked.append((-alike, abs(a - b), a, b))
    out: dict[int, int] = {}
    for _unlike, _far, a, b in sorted(ranked):
        if a not in taken and b not in out:
            taken.add(a)
            out[b] = a
    return out


def _bigrams(entry: Entry) -> Counter[str]:
    text = squeeze(entry.task.text)
    return Counter(text[n : n + 2] for n in range(max(1, len(text) - 1)))


def increasing(values: Sequence[int]) -> set[int]:
    """Return the indexes of a longest run of values that increase."""
    ends: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for n, value in enumerate(values):
        size = bisect_left(ends, value)
        back.append(at[size - 1] if size else -1)
        if size == len(ends):
            ends.append(value)
            at.append(n)
        else:
            ends[size], at[size] = value, n
    kept, n = set(), at[-1] if at else -1
    while n >= 0:
        kept.add(n)
        n = back[n]
    return kept
