"""Join lines into paragraphs, without page numbers and second copies of the text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from plancli.importing.parsing import closing, numbering
from plancli.importing.readers import page_numbers
from plancli.importing.readers.page import (
    OUTSIDE_TEXT,
    SPACE_CHARS,
    SourceLine,
    SourceTable,
    SourceText,
    TextSpan,
    strip_span,
)
from plancli.plan.clause_labels import UNIT_LABEL_END
from plancli.text.layout import measure_width

SENTENCE_ENDS = frozenset("。！？；：.!?;:”」』▼")
OPENING_BRACKETS, CLOSING_BRACKETS = "（(〔[【［", "）)〕]】］"
SQUARE_BRACKETS = frozenset("[【［]】］")
FULL_LINE_SLACK = 5  # cells by which a full line may be shorter than the widest
MIN_LINE_SHARE = 0.75  # of the full width, for a line that ends within a sentence
SPACED_LINKS = re.compile("[\u4e00-\u9fff：:\\d\\]】][ \u3000|]+[\u4e00-\u9fff\\[【]")
NEVER_LINE_START = frozenset("。；，、：！？）】〕》”’;,)")
LABEL_SEPARATORS = tuple("；;，,。、")  # between the names before a label and the label
MAX_BRACKET_DISTANCE = 400  # characters within which an open bracket should be closed
MAX_COPY_RATIO = 1.5  # how much longer one copy may be than the other
MIN_SHARED_LINES = 2  # lines that two copies must share
MIN_KEY_LENGTH = 12  # characters; shorter lines may be equal by chance


class IgnoredSpan(NamedTuple):
    """A stretch of the source text that is not part of the plan, and its span kind."""

    start: int
    end: int
    kind: str


class SourceParagraphs(NamedTuple):
    """The paragraphs and tables of a source text in order, and what was left out."""

    blocks: tuple[TextSpan | SourceTable, ...]
    ignored: tuple[IgnoredSpan, ...]
    copies_differ: tuple[str, ...]  # lines that only one of two copies has


def build_paragraphs(page: SourceText) -> SourceParagraphs:
    """Return the paragraphs of *page*, without page numbers and without a second copy."""
    noise, kept = _split_page_numbers(page)
    kept, copies, differ = _drop_second_copy(page, kept)
    return SourceParagraphs(tuple(_join_lines(page, kept)), (*noise, *copies), differ)


def _split_page_numbers(
    page: SourceText,
) -> tuple[list[IgnoredSpan], list[SourceLine | SourceTable]]:
    """Return what is outside the running text, and the other lines and tables."""
    kept: list[SourceLine | SourceTable] = []
    kinds: list[str] = []
    for block in page.blocks:
        if isinstance(block, SourceTable):
            kept.append(block)
            kinds.append("table")
            continue
        start, end = strip_span(page.text, block.start, block.end)
        if end > start:
            kept.append(block)
            outside = block.level == OUTSIDE_TEXT
            kinds.append("outside" if outside else page_numbers.classify_line(page.text[start:end]))
    widest = _measure_full_line(
        page,
        [
            each
            for each, kind in zip(kept, kinds, strict=True)
            if isinstance(each, SourceLine) and not kind
        ],
    )
    left_out = {n for n, kind in enumerate(kinds) if kind in ("outside", "marked")}
    for n, kind in enumerate(kinds):
        if n in left_out or kind not in ("bare", "half", "dashes"):
            continue
        if size := _count_divided_number(kinds, n):
            left_out.update(range(n, n + size))
        elif kind == "bare" and _is_within_sentence(page, kept, kinds, n, widest):
            left_out.add(n)
    noise = [
        IgnoredSpan(*strip_span(page.text, block.start, block.end), "page-number")
        for n in sorted(left_out)
        if isinstance(block := kept[n], SourceLine)
    ]
    return noise, [block for n, block in enumerate(kept) if n not in left_out]


def _count_divided_number(kinds: Sequence[str], n: int) -> int:
    """Return how many lines from *n* on are one page number: its dashes and digits apart."""
    if tuple(kinds[n : n + 3]) == ("dashes", "bare", "dashes"):
        return 3
    pair = tuple(kinds[n : n + 2])
    return 2 * (pair in (("dashes", "half"), ("half", "dashes")))


def _is_within_sentence(
    page: SourceText,
    blocks: Sequence[SourceLine | SourceTable],
    kinds: Sequence[str],
    n: int,
    widest: int,
) -> bool:
    """Return whether digits alone on a line interrupt a sentence, or end a page."""
    before, after = blocks[n - 1] if n else None, blocks[n + 1] if n + 1 < len(blocks) else None
    line = blocks[n]
    if not (isinstance(before, SourceLine) and isinstance(line, SourceLine)):
        return False
    if not isinstance(after, SourceLine) or kinds[n + 1]:
        return False
    if (
        "\f" in page.text[line.start : after.start]
        and "\f" not in page.text[before.start : line.start]
    ):
        return True
    start, end = strip_span(page.text, before.start, before.end)
    if page.text[end - 1] in SENTENCE_ENDS:
        return False
    number = numbering.parse_item_number(
        page.text[after.start : after.start + 40].lstrip(SPACE_CHARS)
    )
    if number:
        return False
    is_full = bool(widest) and measure_width(page.text[start:end]) >= widest - FULL_LINE_SLACK
    return is_full or _has_open_bracket(page, [(start, end)], after.start)


def _drop_second_copy(
    page: SourceText, blocks: Sequence[SourceLine | SourceTable]
) -> tuple[list[SourceLine | SourceTable], list[IgnoredSpan], tuple[str, ...]]:
    """Remove the second copy of an article that is on the page twice."""
    keys = [_build_key(page, block) for block in blocks]
    first, second = _match_copies(keys)
    if not second:
        return list(blocks), [], ()
    begin = _skip_shared_lines(page, blocks, second[0], first[0], -1)
    end = _skip_shared_lines(page, blocks, second[-1], first[-1], 1) + 1
    noise = [
        IgnoredSpan(*strip_span(page.text, each.start, each.end), "second-copy")
        for block in blocks[begin:end]
        for each in (block.cells if isinstance(block, SourceTable) else (block,))
    ]
    one, other = keys[first[0] : first[-1] + 1], keys[second[0] : second[-1] + 1]
    differ = _diff_copies(*_align_copies(list(filter(None, one)), list(filter(None, other))))
    rest = [block for n, block in enumerate(blocks) if not begin <= n < end]
    return rest, noise, differ


def _match_copies(keys: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the indexes of the common lines in both copies; empty without a second copy."""
    boundary, shared = _find_copy_boundary(keys)
    before = {key for key in keys[:boundary] if key}
    after = set(keys[boundary:])
    numbered = [key for key in keys[:boundary] if key and numbering.parse_item_number(key)]
    if not any("|" in key or numbering.parse_item_number(key) for key in before & after):
        return [], []
    if shared < MIN_SHARED_LINES or shared * 2 < len(numbered) or shared * 3 < len(before):
        return [], []
    first = [n for n in range(boundary) if keys[n] and keys[n] in after]
    second = [n for n in range(boundary, len(keys)) if keys[n] in before]
    sizes = [sum(map(len, keys[lines[0] : lines[-1] + 1])) for lines in (first, second)]
    if max(sizes) > min(sizes) * MAX_COPY_RATIO:
        return [], []  # a table of contents is not a copy
    return first, second


def _find_copy_boundary(keys: Sequence[str]) -> tuple[int, int]:
    """Return the index with the most lines that occur both before and after it, and how many."""
    left = Counter(key for key in keys if key)
    seen: Counter[str] = Counter()
    shared = most = boundary = 0
    for n, key in enumerate(keys):
        if n and shared >= most:
            most, boundary = shared, n
        if key:
            shared += (seen[key] == 0 and left[key] > 1) - (seen[key] > 0 and left[key] == 1)
            seen[key] += 1
            left[key] -= 1
    return boundary, most


def _build_key(page: SourceText, block: SourceLine | SourceTable) -> str:
    """Return the characters of a line or table without spaces; "" for a short line."""
    if isinstance(block, SourceTable):
        return "|".join("".join(page.text[cell.start : cell.end].split()) for cell in block.cells)
    line = "".join(page.text[block.start : block.end].split())
    return line if len(line) >= MIN_KEY_LENGTH or numbering.parse_item_number(line) else ""


def _skip_shared_lines(
    page: SourceText, blocks: Sequence[SourceLine | SourceTable], second: int, first: int, step: int
) -> int:
    """Move *second* over the lines, however short, that stand before or after *first*, too."""
    begin = second
    while first + step >= 0 and second + step < len(blocks) and first + step < begin:
        one, other = blocks[second + step], blocks[first + step]
        if isinstance(one, SourceTable) or isinstance(other, SourceTable):
            break
        if page.text[slice(*one[:2])].split() != page.text[slice(*other[:2])].split():
            break
        second, first = second + step, first + step
    return second


def _align_copies(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Return both copies from the first two equal lines on; before them is site text."""
    pairs = {pair: n for n, pair in reversed(list(enumerate(pairwise(other))))}
    for n, pair in enumerate(pairwise(one)):
        if pair in pairs:
            return one[n:], other[pairs[pair] :]
    return one, other


def _diff_copies(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that differ in number or order between the copies."""
    counts = Counter(one), Counter(other)
    extra = (counts[0] - counts[1]) + (counts[1] - counts[0])
    both = [[key for key in keys if key not in extra] for keys in (one, other)]
    moved = [a for a, b in zip(*both, strict=False) if a != b]
    return (*extra, *moved)


def _join_lines(
    page: SourceText, blocks: Iterable[SourceLine | SourceTable]
) -> Iterator[TextSpan | SourceTable]:
    """Yield the paragraphs, joined from their lines, and the tables."""
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
    """Return the width of a full line in cells if lines are wrapped, else 0."""
    texts = [page.text[slice(*strip_span(page.text, line.start, line.end))] for line in lines]
    sizes = sorted(measure_width(line) for line in texts if len(line) >= MIN_KEY_LENGTH)
    if len(sizes) < 4:
        return 0
    widest = sizes[int(len(sizes) * 0.85)]
    if widest > 140:
        return 0
    full = [line for line in texts if abs(measure_width(line) - widest) <= FULL_LINE_SLACK]
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
    """Return whether the line *span* continues the paragraph in *gathered*."""
    line = page.text[span[0] : min(span[1], span[0] + 40)]
    start, end = gathered[-1]
    marked = numbering.parse_item_number(line)
    if line[0] in NEVER_LINE_START:
        return True
    if closing.SITE_LINE_START.match(line):
        return False
    number = numbering.parse_item_number(page.text[start:end])
    if number and number.end == end - start and not marked:
        return True  # a number on a line of its own: 一、
    if widest and line[0] in "（(" and not marked and page.text[end - 1] not in SENTENCE_ENDS:
        return True  # a bracket continues the sentence before it
    if _has_open_bracket(page, gathered, span[0]):
        return not marked or marked.style in ("numb", "nump")
    if not marked and _ends_with_label(page.text[start:end]):
        return True
    if not widest or marked or span[0] - block.start >= 2:
        return False
    before = measure_width(page.text[start:end])
    ended = page.text[end - 1] in SENTENCE_ENDS or page.text[end - 1] in CLOSING_BRACKETS
    first = page.text[gathered[0][0] : min(gathered[0][1], gathered[0][0] + 40)]
    if SPACED_LINKS.search(page.text, start, end) and not numbering.parse_item_number(first):
        return False  # links of a web site, not a sentence
    if ended and page.text.count("\n", end, block.start) > 1:
        return False  # a blank line
    return before >= (widest - FULL_LINE_SLACK if ended else widest * MIN_LINE_SHARE)


def _ends_with_label(line: str) -> bool:
    """Return whether *line* ends with a label behind other words: 甲局牵头；配合单位：."""
    label = UNIT_LABEL_END.search(line[:-1]) if line.endswith((":", "：")) else None
    return bool(label and line[: label.start()].rstrip().endswith(LABEL_SEPARATORS))


def _has_open_bracket(page: SourceText, gathered: Sequence[tuple[int, int]], after: int) -> bool:
    """Return whether a bracket near the end is still open, and closed behind the offset *after*.

    One that stays open, as 【字号： of a web site, joins nothing.
    """
    tail = "".join(
        page.text[max(start, end - MAX_BRACKET_DISTANCE) : end] for start, end in gathered[-8:]
    )[-MAX_BRACKET_DISTANCE:]
    depth = 0
    for char in reversed(tail):
        if char in CLOSING_BRACKETS:
            depth += 1
        elif char in OPENING_BRACKETS:
            if not depth:
                return _is_closed(page.text[after : after + MAX_BRACKET_DISTANCE], char)
            depth -= 1
    return False


def _is_closed(text: str, bracket: str) -> bool:
    """Return whether *text* closes a *bracket* that was open before it."""
    square = bracket in SQUARE_BRACKETS
    depth = 0
    for char in text:
        if char in OPENING_BRACKETS and (char in SQUARE_BRACKETS) == square:
            depth += 1
        elif char in CLOSING_BRACKETS and (char in SQUARE_BRACKETS) == square:
            if not depth:
                return True
            depth -= 1
    return False
