"""Lines -> paragraphs: page numbers and second copies go, what paper broke is joined again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from plancli.importing.parsing import numbering
from plancli.importing.readers.page import Line, Page, Table, Words, trimmed
from plancli.text.layout import width

NUMBERED = re.compile(
    r"[-—–－~·•\s]*第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*共?\s*\d{1,4}\s*页?)?[-—–－~·•\s]*"
)
DASHED = re.compile(r"[-—–－~·•].*\d.*[-—–－~·•]|第\s*\d+\s*页.*|\d+\s*[/／]\s*\d+")
ENDED = frozenset("。！？；：.!?;:”」』▼")
OPENING, CLOSING = "（(〔[【［", "）)〕]】］"
FULL = 5  # cells that a full line may be short of the widest
ENOUGH = 0.75  # of a full line, where it ends in the middle of a sentence
SPACED = re.compile("[\u4e00-\u9fff：:\\d\\]】][ \u3000|]+[\u4e00-\u9fff\\[【]")
NEVER_FIRST = frozenset("。；，、：！？）】〕》”’;,)")
FAR = 400  # characters within which an open bracket should be closed
ALIKE = 1.5  # how much longer one copy may be than the other
LEAST = 2  # lines that two copies must share
LONG = 12  # characters; shorter lines are the same by chance
BRACKETED = re.compile("[（(〔［【\\[]")


class Noise(NamedTuple):
    """A stretch of the page that belongs to no plan, and what it is."""

    start: int
    end: int
    kind: str


class Paragraphs(NamedTuple):
    """What is left of a page: paragraphs and tables in order, and what was left out."""

    blocks: tuple[Words | Table, ...]
    noise: tuple[Noise, ...]
    copies_differ: tuple[str, ...]  # lines that only one of two copies on the page has


def paragraphs(page: Page) -> Paragraphs:
    """Return the paragraphs of *page*, without page numbers and without a second copy."""
    noise: list[Noise] = []
    kept: list[Line | Table] = []
    for block in page.blocks:
        if isinstance(block, Table):
            kept.append(block)
            continue
        start, end = trimmed(page.text, block.start, block.end)
        if _is_number(page, start, end):
            noise.append(Noise(start, end, "page-number"))
        elif end > start:
            kept.append(block)
    kept, copies, differ = _one_copy(page, kept)
    return Paragraphs(tuple(_joined(page, kept)), (*noise, *copies), differ)


def _is_number(page: Page, start: int, end: int) -> bool:
    line = page.text[start:end]
    if not 0 < len(line) <= 20 or not NUMBERED.fullmatch(line):
        return False
    return bool(DASHED.fullmatch(line)) or page.wrapped


def _one_copy(
    page: Page, blocks: Sequence[Line | Table]
) -> tuple[list[Line | Table], list[Noise], tuple[str, ...]]:
    """Leave out the second copy of an article that stands on the page twice.

    The place between the copies is where most lines stand both before and behind it.
    """
    keys = [_key(page, block) for block in blocks]
    left = Counter(key for key in keys if key)
    seen: Counter[str] = Counter()
    shared = most = at = 0
    for n, key in enumerate(keys):
        if n and shared >= most:
            most, at = shared, n
        if key:
            shared += (seen[key] == 0 and left[key] > 1) - (seen[key] > 0 and left[key] == 1)
            seen[key] += 1
            left[key] -= 1
    before = {key for key in keys[:at] if key}
    numbered = [key for key in keys[:at] if key and numbering.at(key)]
    both = before.intersection(filter(None, keys[at:]))
    if not any("|" in key or numbering.at(key) for key in both):
        return list(blocks), [], ()
    if most < LEAST or most * 2 < len(numbered) or most * 3 < len(before):
        return list(blocks), [], ()
    behind = set(keys[at:])
    first = [n for n in range(at) if keys[n] and keys[n] in behind]
    second = [n for n in range(at, len(keys)) if keys[n] in before]
    sizes = [sum(map(len, keys[places[0] : places[-1] + 1])) for places in (first, second)]
    if max(sizes) > min(sizes) * ALIKE:
        return list(blocks), [], ()  # as headings in a table of contents are no copy of the plan
    begin = _head_of(page, blocks, second[0], first[0])
    length = second[-1] + 1
    noise = [
        Noise(*trimmed(page.text, each.start, each.end), "second-copy")
        for block in blocks[begin:length]
        for each in (block.cells if isinstance(block, Table) else (block,))
    ]
    one, other = keys[first[0] : first[-1] + 1], keys[second[0] : second[-1] + 1]
    differ = _differences(*_articles(list(filter(None, one)), list(filter(None, other))))
    rest = [block for n, block in enumerate(blocks) if not begin <= n < length]
    return rest, noise, differ


def _key(page: Page, block: Line | Table) -> str:
    """Return what makes a line the same as another: its characters without spaces."""
    if isinstance(block, Table):
        return "|".join("".join(page.text[cell.start : cell.end].split()) for cell in block.cells)
    line = "".join(page.text[block.start : block.end].split())
    return line if len(line) >= LONG or numbering.at(line) else ""


def _head_of(page: Page, blocks: Sequence[Line | Table], second: int, first: int) -> int:
    """Return where the second copy begins: its short lines stand before the first copy, too."""
    while second and first:
        one, other = blocks[second - 1], blocks[first - 1]
        if isinstance(one, Table) or isinstance(other, Table):
            break
        if page.text[slice(*one[:2])].split() != page.text[slice(*other[:2])].split():
            break
        second, first = second - 1, first - 1
    return second


def _articles(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Return both copies from where two lines in a row are the same: before it stands furniture."""
    pairs = {pair: n for n, pair in reversed(list(enumerate(pairwise(other))))}
    for n, pair in enumerate(pairwise(one)):
        if pair in pairs:
            return one[n:], other[pairs[pair] :]
    return one, other


def _differences(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that one copy has more often than the other, or in another order."""
    counts = Counter(one), Counter(other)
    extra = (counts[0] - counts[1]) + (counts[1] - counts[0])
    both = [[key for key in keys if key not in extra] for keys in (one, other)]
    moved = [a for a, b in zip(*both, strict=False) if a != b]
    return (*extra, *moved)


def _joined(page: Page, blocks: Iterable[Line | Table]) -> Iterator[Words | Table]:
    """Yield paragraphs: lines that belong together are joined."""
    lines = [block for block in blocks if isinstance(block, Line)]
    widest = _widest(page, lines)
    gathered: list[tuple[int, int]] = []
    level = 0
    for block in blocks:
        if isinstance(block, Table):
            if gathered:
                yield Words(page, gathered, level)
            gathered = []
            yield block
            continue
        span = trimmed(page.text, block.start, block.end)
        if gathered and not (
            block.level == level and _goes_on(page, gathered, block, span, widest)
        ):
            yield Words(page, gathered, level)
            gathered = []
        gathered.append(span)
        level = block.level
    if gathered:
        yield Words(page, gathered, level)


def _widest(page: Page, lines: Sequence[Line]) -> int:
    """Return how many cells a full line has where paper breaks lines, else 0."""
    found = [page.text[slice(*trimmed(page.text, line.start, line.end))] for line in lines]
    sizes = sorted(width(line) for line in found if len(line) >= LONG)
    if len(sizes) < 4:
        return 0
    widest = sizes[int(len(sizes) * 0.85)]
    if widest > 140:
        return 0
    full = [line for line in found if abs(width(line) - widest) <= FULL]
    broken = sum(line[-1] not in ENDED and line[-1] not in CLOSING for line in full)
    return widest if page.wrapped or broken * 4 >= len(sizes) else 0


def _goes_on(
    page: Page, gathered: list[tuple[int, int]], block: Line, span: tuple[int, int], widest: int
) -> bool:
    """Whether the line *span* goes on with what is gathered, which paper broke."""
    line = page.text[span[0] : min(span[1], span[0] + 40)]
    start, end = gathered[-1]
    marked = numbering.at(line)
    if line[0] in NEVER_FIRST:
        return True
    if widest and line[0] in "（(" and not marked and page.text[end - 1] not in ENDED:
        return True  # what stands in brackets goes on with the sentence before it
    if _is_open(page, gathered):
        return not marked or marked.style in ("numb", "nump")
    if not widest or marked or span[0] - block.start >= 2:
        return False
    before = width(page.text[start:end])
    ended = page.text[end - 1] in ENDED or page.text[end - 1] in CLOSING
    first = page.text[gathered[0][0] : min(gathered[0][1], gathered[0][0] + 40)]
    if SPACED.search(page.text, start, end) and not numbering.at(first):
        return False  # links of a site, not a sentence
    return before >= (widest - FULL if ended else widest * ENOUGH)


def _is_open(page: Page, gathered: Sequence[tuple[int, int]]) -> bool:
    """Whether a bracket that began not far before the end is still open."""
    far = "".join(page.text[max(start, end - FAR) : end] for start, end in gathered[-8:])[-FAR:]
    depth = 0
    for char in reversed(far):
        if char in CLOSING:
            depth += 1
        elif char in OPENING:
            if not depth:
                return True
            depth -= 1
    return False
