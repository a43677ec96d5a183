"""Which tasks of two plans are the same, by their words and not by their numbers."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from plancli.plan.model import Plan, TaskEntry, iter_tasks
from plancli.text.normalize import normalize_key

MIN_SIMILARITY = 0.4  # how much two texts must share to be one task, of 1
MAX_BIGRAM_TASKS = 60  # tasks that share a pair of characters which tells nothing
MAX_CANDIDATES = 4  # tasks that a reworded one is held against


class TaskPair(NamedTuple):
    """A task before and after; one of them is missing where it is new or dropped."""

    before: TaskEntry | None
    after: TaskEntry | None


def match_tasks(one: Plan, other: Plan) -> list[TaskPair]:
    """Return every task of both plans once: matched, new or dropped, in the order of *other*.

    Equal texts first, then the most alike; a dropped task stands behind the one that it followed.
    """
    left, right = list(iter_tasks(one)), list(iter_tasks(other))
    found = _match_equal(left, right)
    found |= _match_similar(left, right, found)
    taken = {a: b for b, a in found.items()}
    rows = [TaskPair(left[found[b]] if b in found else None, right[b]) for b in range(len(right))]
    places: dict[int, list[TaskPair]] = defaultdict(list)
    behind = -1
    for a, entry in enumerate(left):
        if a in taken:
            behind = taken[a]
        else:
            places[behind].append(TaskPair(entry, None))
    merged = list(places[-1])
    for b, pair in enumerate(rows):
        merged += [pair, *places[b]]
    return merged


def _match_equal(left: Sequence[TaskEntry], right: Sequence[TaskEntry]) -> dict[int, int]:
    """Return after -> before for tasks of the same words, in order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for a in reversed(range(len(left))):
        waiting[normalize_key(left[a].task.text)].append(a)
    found = {}
    for b, entry in enumerate(right):
        if same := waiting.get(normalize_key(entry.task.text)):
            found[b] = same.pop()
    return found


def _match_similar(
    left: Sequence[TaskEntry], right: Sequence[TaskEntry], found: Mapping[int, int]
) -> dict[int, int]:
    """Return after -> before for tasks reworded: the most alike first, then the nearest."""
    taken = set(found.values())
    before = {a: _count_bigrams(left[a]) for a in range(len(left)) if a not in taken}
    index: dict[str, list[int]] = defaultdict(list)
    for a, bigrams in before.items():
        for bigram in bigrams:
            index[bigram].append(a)
    ranked = []
    for b in range(len(right)):
        if b in found:
            continue
        own = _count_bigrams(right[b])
        holding = (index.get(bigram, ()) for bigram in own)
        shared = Counter(
            chain.from_iterable(each for each in holding if len(each) <= MAX_BIGRAM_TASKS)
        )
        for a, _count in shared.most_common(MAX_CANDIDATES):
            alike = 2 * (own & before[a]).total() / max(1, own.total() + before[a].total())
            if alike >= MIN_SIMILARITY:
                ranked.append((-alike, abs(a - b), a, b))
    out: dict[int, int] = {}
    for _unlike, _far, a, b in sorted(ranked):
        if a not in taken and b not in out:
            taken.add(a)
            out[b] = a
    return out


def _count_bigrams(entry: TaskEntry) -> Counter[str]:
    text = normalize_key(entry.task.text)
    return Counter(text[n : n + 2] for n in range(max(1, len(text) - 1)))


def find_increasing(values: Sequence[int]) -> set[int]:
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
