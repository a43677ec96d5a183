"""Paragraphs -> the outline: numbered items within numbered items, by their styles of number."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import NamedTuple, TypeVar

from plancli.importing.parsing import numbering
from plancli.importing.parsing.numbering import Mark
from plancli.importing.readers.page import Table, Words

CLOSING = "）)〕]】］"
OPENING = "（(〔[【［"
STOPS = "。！？!?"
CLAUSE = re.compile("牵头|负责|落实|配合|参与|单位|部门|[厅局委办部府院会]")
PAUSES = re.compile("[。；，！？：,;:!?]")
HEADINGS = frozenset({"chapter", "article", "han", "hanb"})
SHORT = 45  # characters of a heading
FAR = 400  # characters of a clause
UNNUMBERED = "plain"  # the style of headings without numbers


class Segment(NamedTuple):
    """A stretch of a paragraph: its number, if it has one, and its words."""

    words: Words
    mark: Mark | None
    begin: int  # where the number begins
    start: int  # where the words begin
    end: int

    @property
    def text(self) -> str:
        return self.words.text[self.start : self.end]


@dataclass(slots=True)
class Node:
    """An item of the outline with all that stands below it, in order."""

    style: str
    segment: Segment | None
    more: list[Segment | Table] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)


def segments(blocks: Iterable[Words | Table]) -> Iterator[Segment | Table]:
    """Yield the paragraphs, each from one number to the next, and the tables."""
    blocks = list(blocks)
    last = _numbers_before(block.text for block in blocks if isinstance(block, Words))
    for block in blocks:
        if isinstance(block, Table):
            yield block
        else:
            yield from split(block, last=last)


def _numbers_before(texts: Iterable[str]) -> dict[str, int]:
    """Return style -> the number before the first, where a document goes on with another's numbers.

    Needed where that may be a year: it is none where the next one counts on from it.
    """
    values: dict[str, list[int]] = {}
    for mark in filter(None, map(numbering.at, texts)):
        values.setdefault(mark.style, []).append(mark.value)
    return {
        style: first - 1
        for style, (first, *more) in values.items()
        if first in numbering.YEARS and more[:1] == [first + 1]
    }


def tree(found: Sequence[Segment | Table]) -> Node:
    """Return the outline of *found* below a node of its own."""
    depth = _depths([each.mark for each in found if isinstance(each, Segment) and each.mark])
    root = Node("", None)
    path = [root]
    met: set[str] = set()
    for n, each in enumerate(found):
        if isinstance(each, Table):
            path[-1].more.append(each)
            continue
        style = each.mark.style if each.mark else _unnumbered(found, n, met)
        met.add(style)
        if not style:
            path[-1].more.append(each)
            continue
        node = Node(style, each)
        while len(path) > 1 and depth.get(path[-1].style, -1) >= depth.get(style, -1):
            path.pop()
        path[-1].children.append(node)
        path.append(node)
    return root


def _unnumbered(found: Sequence[Segment | Table], n: int, before: Collection[str]) -> str:
    """Return the style of a heading without a number, if the segment is one.

    *before* are the styles of number met so far.
    One that the file marks as a heading, or a short line before numbers that begin anew.
    """
    segment = found[n]
    assert isinstance(segment, Segment)
    following = found[n + 1] if n + 1 < len(found) else None
    text = segment.text.strip()
    if not text or len(text) > SHORT or text[-1] in STOPS + "：:；;，," + CLOSING or _is_tail(text):
        return ""
    if segment.words.level and following is not None:
        return UNNUMBERED
    if isinstance(following, Segment) and following.mark and following.mark.value == 1:
        return UNNUMBERED if following.mark.style in before else ""
    return ""


def _is_tail(text: str) -> bool:
    return bool(re.match("附件|附表|附[:：]|抄送|主办|承办|责任编辑|\\d{4}年\\d", text))


def split(words: Words, start: int = 0, last: dict[str, int] | None = None) -> Iterator[Segment]:
    """Yield *words* from *start* on in the segments that its numbers begin.

    *last* has the last number of each style before them, and is kept so.
    """
    text = words.text
    last = {} if last is None else last
    first = numbering.at(text, start)
    if first and not numbering.is_likely(first, last):
        first = None
    marks: list[tuple[int, Mark]] = [(start, first)] if first else []
    if first:
        last[first.style] = first.value
    candidates = [
        each
        for each in numbering.MARK.finditer(text, first.end if first else start)
        if each.start() > start
    ]
    behind = [each for each in candidates if _behind_clause(text, each.start())]
    styles = [each.lastgroup for each in behind]
    run = any(styles.count(style) > 1 for style in set(styles)) if len(text) > SHORT else False
    clauses = {each.start() for each in behind}
    for each in candidates:
        mark = numbering.of(each)
        if marks and each.start() < marks[-1][1].end:
            continue
        if _begins(text, each.start(), mark, marks, last, run, each.start() in clauses):
            marks.append((each.start(), mark))
            last[mark.style] = mark.value
    starts = [at for at, _mark in marks]
    begin = starts[0] if starts else len(text)
    if text[start:begin].strip():
        yield Segment(words, None, start, start, begin)
    for (at, mark), end in zip(marks, [*starts[1:], len(text)], strict=False):
        yield Segment(words, mark, at, mark.end, end)


def _begins(
    text: str,
    at: int,
    mark: Mark,
    marks: Sequence[tuple[int, Mark]],
    last: dict[str, int],
    run: bool,
    behind_clause: bool,
) -> bool:
    """Whether the number *mark*, inside a line, begins an item: lines may run together."""
    if not numbering.is_likely(mark, last):
        return False
    step = mark.value - last.get(mark.style, 0)
    expected = step == 1 or mark.value == 1
    own = marks[-1][1] if marks else None
    if mark.style == "be":
        return behind_clause and expected and (own is None or own.style == "be")
    before = text[:at].rstrip()[-1:] if at < 80 else text[at - 80 : at].rstrip()[-1:]
    if behind_clause:
        return (expected or -1 <= step <= 3) and (run or mark.style in HEADINGS | {"num"})
    gap = text[own.end : at].strip() if own and at - own.end <= SHORT else ""
    if own and gap and expected and not PAUSES.search(gap):
        deeper = numbering.rank(mark.style) > numbering.rank(own.style) or (
            mark.style in ("article", "named") and own.style == "han"
        )
        return (
            deeper and (run or own.style in HEADINGS) and (run or mark.style in HEADINGS | {"num"})
        )
    if before in STOPS and expected:
        return (
            (step == 1 and mark.style in HEADINGS)
            or (mark.value > 1 and own is not None and own.style == mark.style == "num")
            or run
        )
    spaced = step == 1 and text[at - 1].isspace() and mark.style in HEADINGS | {"num"}
    return run and (spaced or (before in "：:" and expected))


def _behind_clause(text: str, at: int) -> bool:
    """Whether a bracket with a clause closes just before *at*."""
    before = text[max(0, at - FAR) : at].rstrip(" \u3000。.")
    if not before or before[-1] not in CLOSING:
        return False
    depth = 0
    for n in range(len(before) - 1, -1, -1):
        depth += (before[n] in CLOSING) - (before[n] in OPENING)
        if not depth:
            return bool(CLAUSE.search(before, n))
    return False


def _depths(marks: Sequence[Mark]) -> dict[str, int]:
    """Return how deep each style of number stands in this document.

    By convention, but where another order is plain: two or more items of a style, beginning with
    1, between an item and the next of the style that by convention is below it.
    """
    styles = list(dict.fromkeys(mark.style for mark in marks))
    inverted = {
        (upper, lower)
        for upper in styles
        for lower in styles
        if numbering.rank(upper) < numbering.rank(lower) and _is_inverted(marks, upper, lower)
    }

    def order(one: str, other: str) -> int:
        by_convention = numbering.rank(one) - numbering.rank(other)
        return (
            -by_convention
            if (one, other) in inverted or (other, one) in inverted
            else by_convention
        )

    return {style: n for n, style in enumerate(sorted(styles, key=cmp_to_key(order)))}


def _is_inverted(marks: Sequence[Mark], upper: str, lower: str) -> bool:
    """Whether items of the style *upper* stand below those of *lower*, against convention.

    A single item of the upper style between two that count on is a heading among numbers that run
    on through the headings.
    """
    alone = several = conventional = 0
    before: Mark | None = None  # the last item of the lower style
    run: list[Mark] = []  # items of the upper style since
    for mark in marks:
        if mark.style == upper:
            run.append(mark)
        elif mark.style == lower:
            if run and mark.value == 1:
                conventional += 1
            elif run and before and mark.value == before.value + 1 and run[0].value == 1:
                alone += len(run) == 1
                several += len(run) > 1
            before, run = mark, []
    return several > max(alone, conventional)


N = TypeVar("N", int, tuple[int, int])


class Step(NamedTuple):
    """A number that does not follow the one before it."""

    rule: str  # number-gap, number-repeat, number-back
    segment: Segment
    words: str  # 12 → 14


def steps(root: Node) -> Iterator[Step]:
    """Yield the numbers that do not run on, in the order of the page.

    Numbers may begin anew below each heading, or run on through the headings.
    """
    last: dict[str, tuple[int, str]] = {}
    yield from _below(root, last)


def _below(node: Node, last: dict[str, tuple[int, str]]) -> Iterator[Step]:
    before: dict[str, tuple[int, str]] = {}
    for child in node.children:
        mark = child.segment.mark if child.segment else None
        if mark and child.segment:
            style = mark.style
            here = before.get(style)
            value, no = here or last.get(style, (0, "—"))
            good = mark.value == value + 1 or (not here and mark.value == 1)
            if not good:
                yield Step(rule(value, mark.value), child.segment, f"{no} → {mark.no}")
            before[style] = last[style] = (mark.value, mark.no)
        yield from _below(child, last)


def rule(before: N, value: N) -> str:
    """Return what is doubtful where *value* follows *before*."""
    if value == before:
        return "number-repeat"
    return "number-gap" if value > before else "number-back"
