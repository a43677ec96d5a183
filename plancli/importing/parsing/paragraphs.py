"""Lines -> paragraphs: page numbers and second copies go, what paper broke is joined again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from plancli.importing.parsing import numbering
from plancli.importing.readers.page import SourceLine, SourceTable, SourceText, TextSpan, strip_span
from plancli.text.layout import measure_width

PAGE_NUMBER = re.compile(
    r"[-—–－~·•\s]*第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*共?\s*\d{1,4}\s*页?)?[-—–－~·•\s]*"
)
DASHED_NUMBER = re.compile(r"[-—–－~·•].*\d.*[-—–－~·•]|第\s*\d+\s*页.*|\d+\s*[/／]\s*\d+")
SENTENCE_ENDS = frozenset("。！？；：.!?;:”」』▼")
OPENING_BRACKETS, CLOSING_BRACKETS = "（(〔[【［", "）)〕]】］"
FULL_LINE_SLACK = 5  # cells that a full line may be short of the widest
MIN_LINE_SHARE = 0.75  # of a full line, where it ends in the middle of a sentence
SPACED_LINKS = re.compile("[\u4e00-\u9fff：:\\d\\]】][ \u3000|]+[\u4e00-\u9fff\\[【]")
NEVER_LINE_START = frozenset("。；，、：！？）】〕》”’;,)")
MAX_BRACKET_DISTANCE = 400  # characters within which an open bracket should be closed
MAX_COPY_RATIO = 1.5  # how much longer one copy may be than the other
MIN_SHARED_LINES = 2  # lines that two copies must share
MIN_KEY_LENGTH = 12  # characters; shorter lines are the same by chance
OPENING_BRACKET = re.compile("[（(〔［【\\[]")


class IgnoredSpan(NamedTuple):
    """A stretch of the page that belongs to no plan, and what it is."""

    start: int
    end: int
    kind: str


class SourceParagraphs(NamedTuple):
    """What is left of a page: paragraphs and tables in order, and what was left out."""

    blocks: tuple[TextSpan | SourceTable, ...]
    ignored: tuple[IgnoredSpan, ...]
    copies_differ: tuple[str, ...]  # lines that only one of two copies on the page has


def build_paragraphs(page: SourceText) -> SourceParagraphs:
    """Return the paragraphs of *page*, without page numbers and without a second copy."""
    noise: list[IgnoredSpan] = []
    kept: list[SourceLine | SourceTable] = []
    for block in page.blocks:
        if isinstance(block, SourceTable):
            kept.append(block)
            continue
        start, end = strip_span(page.text, block.start, block.end)
        if _is_page_number(page, start, end):
            noise.append(IgnoredSpan(start, end, "page-number"))
        elif end > start:
            kept.append(block)
    kept, copies, differ = _drop_second_copy(page, kept)
    return SourceParagraphs(tuple(_join_lines(page, kept)), (*noise, *copies), differ)


def _is_page_number(page: SourceText, start: int, end: int) -> bool:
    line = page.text[start:end]
    if not 0 < len(line) <= 20 or not PAGE_NUMBER.fullmatch(line):
        return False
    return bool(DASHED_NUMBER.fullmatch(line)) or page.wrapped


def _drop_second_copy(
    page: SourceText, blocks: Sequence[SourceLine | SourceTable]
) -> tuple[list[SourceLine | SourceTable], list[IgnoredSpan], tuple[str, ...]]:
    """Leave out the second copy of an article that stands on the page twice.

    The place between the copies is where most lines stand both before and behind it.
    """
    keys = [_build_key(page, block) for block in blocks]
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
    numbered = [key for key in keys[:at] if key and numbering.parse_item_number(key)]
    both = before.intersection(filter(None, keys[at:]))
    if not any("|" in key or numbering.parse_item_number(key) for key in both):
        return list(blocks), [], ()
    if most < MIN_SHARED_LINES or most * 2 < len(numbered) or most * 3 < len(before):
        return list(blocks), [], ()
    behind = set(keys[at:])
    first = [n for n in range(at) if keys[n] and keys[n] in behind]
    second = [n for n in range(at, len(keys)) if keys[n] in before]
    sizes = [sum(map(len, keys[places[0] : places[-1] + 1])) for places in (first, second)]
    if max(sizes) > min(sizes) * MAX_COPY_RATIO:
        return list(blocks), [], ()  # as headings in a table of contents are no copy of the plan
    begin = _find_copy_start(page, blocks, second[0], first[0])
    length = second[-1] + 1
    noise = [
        IgnoredSpan(*strip_span(page.text, each.start, each.end), "second-copy")
        for block in blocks[begin:length]
        for each in (block.cells if isinstance(block, SourceTable) else (block,))
    ]
    one, other = keys[first[0] : first[-1] + 1], keys[second[0] : second[-1] + 1]
    differ = _diff_copies(*_align_copies(list(filter(None, one)), list(filter(None, other))))
    rest = [block for n, block in enumerate(blocks) if not begin <= n < length]
    return rest, noise, differ


def _build_key(page: SourceText, block: SourceLine | SourceTable) -> str:
    """Return what makes a line the same as another: its characters without spaces."""
    if isinstance(block, SourceTable):
        return "|".join("".join(page.text[cell.start : cell.end].split()) for cell in block.cells)
    line = "".join(page.text[block.start : block.end].split())
    return line if len(line) >= MIN_KEY_LENGTH or numbering.parse_item_number(line) else ""


def _find_copy_start(
    page: SourceText, blocks: Sequence[SourceLine | SourceTable], second: int, first: int
) -> int:
    """Return where the second copy begins: its short lines stand before the first copy, too."""
    while second and first:
        one, other = blocks[second - 1], blocks[first - 1]
        if isinstance(one, SourceTable) or isinstance(other, SourceTable):
            break
        if page.text[slice(*one[:2])].split() != page.text[slice(*other[:2])].split():
            break
        second, first = second - 1, first - 1
    return second


def _align_copies(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Return both copies from where two lines in a row are the same: before it stands furniture."""
    pairs = {pair: n for n, pair in reversed(list(enumerate(pairwise(other))))}
    for n, pair in enumerate(pairwise(one)):
        if pair in pairs:
            return one[n:], other[pairs[pair] :]
    return one, other


def _diff_copies(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that one copy has more often than the other, or in another order."""
    counts = Counter(one), Counter(other)
    extra = (counts[0] - counts[1]) + (counts[1] - counts[0])
    both = [[key for key in keys if key not in extra] for keys in (one, other)]
    moved = [a for a, b in zip(*both, strict=False) if a != b]
    return (*extra, *moved)


def _join_lines(
    page: SourceText, blocks: Iterable[SourceLine | SourceTable]
) -> Iterator[TextSpan | SourceTable]:
    """Yield paragraphs: lines that belong together are joined."""
    lines = [block for block in blocks if isinstance(block, SourceLine)]
    widest = _measure_full_line(page, lines)
    gathered: list[tuple[int, int]] = []
    level = 0
    for block in blocks:
        if isinstance(block, SourceTable):
            if gathered:
                yield TextSpan(page, gathered, level)
            gathered = []
            yield block
            continue
        span = strip_span(page.text, block.start, block.end)
        if gathered and not (
            block.level == level and _is_continuation(page, gathered, block, span, widest)
        ):
            yield TextSpan(page, gathered, level)
            gathered = []
        gathered.append(span)
        level = block.level
    if gathered:
        yield TextSpan(page, gathered, level)


def _measure_full_line(page: SourceText, lines: Sequence[SourceLine]) -> int:
    """Return how many cells a full line has where paper breaks lines, else 0."""
    found = [page.text[slice(*strip_span(page.text, line.start, line.end))] for line in lines]
    sizes = sorted(measure_width(line) for line in found if len(line) >= MIN_KEY_LENGTH)
    if len(sizes) < 4:
        return 0
    widest = sizes[int(len(sizes) * 0.85)]
    if widest > 140:
        return 0
    full = [line for line in found if abs(measure_width(line) - widest) <= FULL_LINE_SLACK]
    broken = sum(
        line[-1] not in SENTENCE_ENDS and line[-1] not in CLOSING_BRACKETS for line in full
    )
    return widest if page.wrapped or broken * 4 >= len(sizes) else 0


def _is_continuation(
    page: SourceText,
    gathered: list[tuple[int, int]],
    block: SourceLine,
    span: tuple[int, int],
    widest: int,
) -> bool:
    """Whether the line *span* goes on with what is gathered, which paper broke."""
    line = page.text[span[0] : min(span[1], span[0] + 40)]
    start, end = gathered[-1]
    marked = numbering.parse_item_number(line)
    if line[0] in NEVER_LINE_START:
        return True
    if widest and line[0] in "（(" and not marked and page.text[end - 1] not in SENTENCE_ENDS:
        return True  # what stands in brackets goes on with the sentence before it
    if _has_open_bracket(page, gathered):
        return not marked or marked.style in ("numb", "nump")
    if not widest or marked or span[0] - block.start >= 2:
        return False
    before = measure_width(page.text[start:end])
    ended = page.text[end - 1] in SENTENCE_ENDS or page.text[end - 1] in CLOSING_BRACKETS
    first = page.text[gathered[0][0] : min(gathered[0][1], gathered[0][0] + 40)]
    if SPACED_LINKS.search(page.text, start, end) and not numbering.parse_item_number(first):
        return False  # links of a site, not a sentence
    return before >= (widest - FULL_LINE_SLACK if ended else widest * MIN_LINE_SHARE)


def _has_open_bracket(page: SourceText, gathered: Sequence[tuple[int, int]]) -> bool:
    """Whether a bracket that began not far before the end is still open."""
    far = "".join(
        page.text[max(start, end - MAX_BRACKET_DISTANCE) : end] for start, end in gathered[-8:]
    )[-MAX_BRACKET_DISTANCE:]
    depth = 0
    for char in reversed(far):
        if char in CLOSING_BRACKETS:
            depth += 1
        elif char in OPENING_BRACKETS:
            if not depth:
                return True
            depth -= 1
    return False
