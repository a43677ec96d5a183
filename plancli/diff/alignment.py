"""Match the tasks of two plans by their text, not by their numbers."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from plancli.plan.model import Plan, TaskEntry, iter_tasks
from plancli.text.normalize import normalize_key

MIN_SIMILARITY = 0.4  # share of common bigrams for two texts to be one task
MAX_BIGRAM_TASKS = 60  # a bigram that more tasks have is ignored
MAX_CANDIDATES = 4  # tasks that a reworded one is compared with


class TaskPair(NamedTuple):
    """A task before and after; a new or dropped task has only one of them."""

    before: TaskEntry | None
    after: TaskEntry | None


def match_tasks(one: Plan, other: Plan) -> list[TaskPair]:
    """Return every task of both plans once: matched, new or dropped, in the order of *other*.

    Equal texts are matched first, then the most similar; a dropped task is listed after the task
    that it followed.
    """
    left, right = list(iter_tasks(one)), list(iter_tasks(other))
    matches = _match_equal(left, right)
    matches |= _match_similar(left, right, matches)
    matched = {a: b for b, a in matches.items()}
    rows = [
        TaskPair(left[matches[b]] if b in matches else None, right[b]) for b in range(len(right))
    ]
    dropped: dict[int, list[TaskPair]] = defaultdict(list)  # by the row that they follow
    previous = -1
    for a, entry in enumerate(left):
        if a in matched:
            previous = matched[a]
        else:
            dropped[previous].append(TaskPair(entry, None))
    merged = list(dropped[-1])
    for b, pair in enumerate(rows):
        merged += [pair, *dropped[b]]
    return merged


def _match_equal(left: Sequence[TaskEntry], right: Sequence[TaskEntry]) -> dict[int, int]:
    """Return after -> before for tasks with equal texts, in order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for a in reversed(range(len(left))):
        waiting[normalize_key(left[a].task.text)].append(a)
    matches = {}
    for b, entry in enumerate(right):
        if same := waiting.get(normalize_key(entry.task.text)):
            matches[b] = same.pop()
    return matches


def _match_similar(
    left: Sequence[TaskEntry], right: Sequence[TaskEntry], matches: Mapping[int, int]
) -> dict[int, int]:
    """Return after -> before for reworded tasks: the most similar first, then the nearest."""
    taken = set(matches.values())
    before = {a: _count_bigrams(left[a]) for a in range(len(left)) if a not in taken}
    index: dict[str, list[int]] = defaultdict(list)
    for a, bigrams in before.items():
        for bigram in bigrams:
            index[bigram].append(a)
    ranked = []
    for b in range(len(right)):
        if b in matches:
            continue
        own = _count_bigrams(right[b])
        postings = (index.get(bigram, ()) for bigram in own)
        shared = Counter(
            chain.from_iterable(each for each in postings if len(each) <= MAX_BIGRAM_TASKS)
        )
        for a, _count in shared.most_common(MAX_CANDIDATES):
            similarity = 2 * (own & before[a]).total() / max(1, own.total() + before[a].total())
            if similarity >= MIN_SIMILARITY:
                ranked.append((-similarity, abs(a - b), a, b))
    similar: dict[int, int] = {}
    for _unlike, _far, a, b in sorted(ranked):
        if a not in taken and b not in similar:
            taken.add(a)
            similar[b] = a
    return similar


def _count_bigrams(entry: TaskEntry) -> Counter[str]:
    text = normalize_key(entry.task.text)
    return Counter(text[n : n + 2] for n in range(max(1, len(text) - 1)))


def find_increasing(values: Sequence[int]) -> set[int]:
    """Return the indexes of a longest increasing subsequence of *values*."""
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
