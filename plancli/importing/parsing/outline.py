"""Build the outline of a document: nested numbered nodes, by their number styles."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import NamedTuple, TypeVar

from plancli.importing.parsing import clause_finder, numbering
from plancli.importing.parsing.numbering import ItemNumber
from plancli.importing.parsing.paragraphs import CLOSING_BRACKETS, OPENING_BRACKETS
from plancli.importing.readers.page import ITEM_LEVEL, SourceTable, TextSpan
from plancli.plan import clause_labels

SENTENCE_ENDS = "。！？!?"
CLAUSE_HINT = re.compile("牵头|负责|落实|配合|参与|单位|部门|[厅局委办部府院会]")
LABELLED_CLAUSE = re.compile(f"\\s*(?:{clause_labels.JOINED_LABEL})[ \u3000]*[:：]")
PUNCTUATION = re.compile("[。；，！？：,;:!?]")
SENTENCE_MARKS = re.compile("[。；！？：;:!?]")  # a heading may have a comma
CITED_ITEM = re.compile("\\s*[项款目条点]")  # 第二条（一）项 names an item and begins none
HEADING_STYLES = frozenset({"chapter", "article", "han", "hanb"})
INLINE_STYLES = HEADING_STYLES | {"num"}  # may begin within a line
MAX_HEADING_LENGTH = 45  # characters
MAX_TITLE_LENGTH = 60  # characters
MANY_BREAKS = 3  # numbers that do not follow those before
MAX_CLAUSE_DISTANCE = 400  # characters of a clause
UNNUMBERED_STYLE = "plain"  # the style of headings without numbers
ITEM_STYLE = "item"  # of bullets that have bullets below them, with their level
ANNEX_STYLE = "annex"  # of an annex with tasks


class OutlineSegment(NamedTuple):
    """A stretch of a paragraph: its number, if it has one, and its text."""

    span: TextSpan
    number: ItemNumber | None
    begin: int  # offset of the number
    start: int  # offset of the text
    end: int

    @property
    def text(self) -> str:
        return self.span.text[self.start : self.end]


@dataclass(slots=True)
class OutlineNode:
    """A node of the outline with its content and children, in order."""

    style: str
    segment: OutlineSegment | None
    content: list[OutlineSegment | SourceTable] = field(default_factory=list)
    children: list["OutlineNode"] = field(default_factory=list)


def iter_segments(
    blocks: Iterable[TextSpan | SourceTable],
) -> Iterator[OutlineSegment | SourceTable]:
    """Yield the segments, each from one number to the next, and the tables."""
    blocks = list(blocks)
    last = _find_start_numbers(block.text for block in blocks if isinstance(block, TextSpan))
    for block in blocks:
        if isinstance(block, SourceTable):
            yield block
        else:
            yield from split_paragraph(block, last=last)


def _find_start_numbers(texts: Iterable[str]) -> dict[str, int]:
    """Return style -> the number before the first, if the first number looks like a year.

    It is not a year if the next number of the style follows it.
    """
    values: dict[str, list[int]] = {}
    for mark in filter(None, map(numbering.parse_item_number, texts)):
        values.setdefault(mark.style, []).append(mark.value)
    return {
        style: first - 1
        for style, (first, *more) in values.items()
        if first in numbering.YEAR_RANGE and more[:1] == [first + 1]
    }


def build_outline(found: Sequence[OutlineSegment | SourceTable]) -> OutlineNode:
    """Return the root of the outline of *found*."""
    depth = _compute_depths(
        [each.number for each in found if isinstance(each, OutlineSegment) and each.number]
    )
    root = OutlineNode("", None)
    path = [root]
    styles_before: set[str] = set()
    for n, each in enumerate(found):
        if isinstance(each, SourceTable):
            path[-1].content.append(each)
            continue
        style = each.number.style if each.number else _classify_unnumbered(found, n, styles_before)
        if style == UNNUMBERED_STYLE and each.span.level > ITEM_LEVEL:
            style = f"{ITEM_STYLE}{each.span.level}"
            depth[style] = len(numbering.NUMBER_STYLES) * 10 + each.span.level
        styles_before.add(style)
        if not style:
            path[-1].content.append(each)
            continue
        node = OutlineNode(style, each)
        while len(path) > 1 and depth.get(path[-1].style, -1) >= depth.get(style, -1):
            path.pop()
        path[-1].children.append(node)
        path.append(node)
    return root


def add_annex(
    root: OutlineNode,
    title: Sequence[OutlineSegment],
    body: Sequence[OutlineSegment | SourceTable],
) -> None:
    """Add an annex with tasks below *root*: its title, and the outline of its *body*."""
    outline = build_outline(body)
    node = OutlineNode(ANNEX_STYLE, title[0], [*title[1:], *outline.content], outline.children)
    root.children.append(node)


def _classify_unnumbered(
    found: Sequence[OutlineSegment | SourceTable], n: int, before: Collection[str]
) -> str:
    """Return the style of the segment if it is a heading without a number, else ''.

    A heading is marked as such in the file, or is a short line before numbers that restart at 1.
    *before* are the number styles so far.
    """
    segment = found[n]
    assert isinstance(segment, OutlineSegment)
    following = found[n + 1] if n + 1 < len(found) else None
    text = segment.text.strip()
    if (
        not text
        or len(text) > MAX_HEADING_LENGTH
        or text[-1] in SENTENCE_ENDS + "：:；;，," + CLOSING_BRACKETS
        or _is_tail(text)
        or clause_finder.match_clause_line(text, ())  # the clause of the heading above
    ):
        return ""
    if segment.span.level and following is not None:
        return UNNUMBERED_STYLE
    if isinstance(following, OutlineSegment) and following.number and following.number.value == 1:
        return UNNUMBERED_STYLE if following.number.style in before else ""
    return ""


def _is_tail(text: str) -> bool:
    return bool(re.match("附件|附表|附[:：]|抄送|主办|承办|责任编辑|\\d{4}年\\d", text))


def split_paragraph(
    words: TextSpan, start: int = 0, last: dict[str, int] | None = None
) -> Iterator[OutlineSegment]:
    """Yield the segments of *words* from *start* on; each number begins one.

    *last* has the last number of each style so far, and is updated.
    """
    text = words.text
    last = {} if last is None else last
    first = numbering.parse_item_number(text, start)
    if first:
        first = numbering.split_glued_digits(first, start, last)
    if first and not numbering.is_likely_number(first, last):
        first = None
    marks: list[tuple[int, ItemNumber]] = [(start, first)] if first else []
    if first:
        last[first.style] = first.value
    candidates = [
        each
        for each in numbering.ITEM_NUMBER.finditer(text, first.end if first else start)
        if each.start() > start
    ]
    after_clause = [each for each in candidates if _is_behind_clause(text, each.start())]
    styles = [each.lastgroup for each in after_clause]
    run = len(text) > MAX_HEADING_LENGTH and (
        any(styles.count(style) > 1 for style in set(styles))
        or (not first and _has_step(candidates, after_clause))
    )
    clauses = {each.start() for each in after_clause}
    for each in candidates:
        mark = numbering.parse_number_match(each)
        if marks and each.start() < marks[-1][1].end:
            continue
        if _is_item_start(text, each.start(), mark, marks, last, run, each.start() in clauses):
            marks.append((each.start(), mark))
            last[mark.style] = mark.value
    starts = [at for at, _mark in marks]
    begin = starts[0] if starts else len(text)
    if text[start:begin].strip():
        yield OutlineSegment(words, None, start, start, begin)
    for (at, mark), end in zip(marks, [*starts[1:], len(text)], strict=False):
        yield OutlineSegment(words, mark, at, mark.end, end)


def _has_step(candidates: Iterable["re.Match[str]"], after: Iterable["re.Match[str]"]) -> bool:
    """Return whether one of the numbers *after* a clause follows one of the *candidates*."""
    marks = {(mark.style, mark.value) for mark in map(numbering.parse_number_match, candidates)}
    return any(
        (mark.style, mark.value - 1) in marks for mark in map(numbering.parse_number_match, after)
    )


def _is_item_start(
    text: str,
    at: int,
    mark: ItemNumber,
    marks: Sequence[tuple[int, ItemNumber]],
    last: dict[str, int],
    run: bool,
    behind_clause: bool,
) -> bool:
    """Return whether the number *mark* at offset *at* of a line begins a segment.

    *marks* are the segments before it in the line; *run*: several lines were joined into one.
    """
    if not numbering.is_likely_number(mark, last):
        return False
    step = mark.value - last.get(mark.style, 0)
    is_expected = step == 1 or mark.value == 1
    own = marks[-1][1] if marks else None
    if mark.style == "be":
        return behind_clause and is_expected and (own is None or own.style == "be")
    if behind_clause:
        return (is_expected or -1 <= step <= 3) and (run or mark.style in INLINE_STYLES)
    is_first = run and not own and mark.value == 1 and mark.style in HEADING_STYLES
    if is_first and at <= MAX_TITLE_LENGTH and not SENTENCE_MARKS.search(text, 0, at):
        return True  # the title of a document is before it
    is_near = is_expected or (run and 0 < step <= 3)
    if own and is_near and _is_after_title(text, at, own):
        return _is_subordinate(mark, own, run) and not CITED_ITEM.match(text, mark.end)
    before = text[max(0, at - 80) : at].rstrip()[-1:]
    if before in SENTENCE_ENDS and is_expected:
        return run or _continues_numbering(mark, own, step)
    is_spaced = step == 1 and text[at - 1].isspace() and mark.style in INLINE_STYLES
    return run and (is_spaced or (before in "：:" and is_expected))


def _is_after_title(text: str, at: int, own: ItemNumber) -> bool:
    """Return whether only a title without punctuation is between the number *own* and *at*."""
    title = text[own.end : at].strip() if at - own.end <= MAX_HEADING_LENGTH else ""
    marks = SENTENCE_MARKS if own.style in ("chapter", "han") else PUNCTUATION
    return bool(title) and not marks.search(title)


def _is_subordinate(mark: ItemNumber, own: ItemNumber, run: bool) -> bool:
    """Return whether *mark* may number a node below that of *own* on the same line."""
    is_deeper = numbering.get_style_rank(mark.style) > numbering.get_style_rank(own.style) or (
        mark.style in ("article", "named") and own.style == "han"
    )
    return is_deeper and (run or (own.style in HEADING_STYLES and mark.style in INLINE_STYLES))


def _continues_numbering(mark: ItemNumber, own: ItemNumber | None, step: int) -> bool:
    """Return whether *mark*, after the end of a sentence, continues the numbers before it."""
    if step == 1 and mark.style in HEADING_STYLES:
        return True
    return mark.value > 1 and own is not None and own.style == mark.style == "num"


def _is_behind_clause(text: str, at: int) -> bool:
    """Return whether a bracket with a clause, or one behind a label, ends just before *at*."""
    before = text[max(0, at - MAX_CLAUSE_DISTANCE) : at].rstrip(" \u3000。.；;")
    if LABELLED_CLAUSE.match(before, 1 + max(map(before.rfind, "。；;"))):
        return True
    if not before or before[-1] not in CLOSING_BRACKETS:
        return False
    depth = 0
    for n in range(len(before) - 1, -1, -1):
        depth += (before[n] in CLOSING_BRACKETS) - (before[n] in OPENING_BRACKETS)
        if not depth:
            return bool(CLAUSE_HINT.search(before, n))
    return False


def _compute_depths(marks: Sequence[ItemNumber]) -> dict[str, int]:
    """Return the depth of each number style in this document.

    It is the conventional depth, unless the document clearly inverts two styles: two or more nodes
    of the upper style, beginning with 1, between consecutive nodes of the lower style.
    """
    styles = list(dict.fromkeys(mark.style for mark in marks))
    inverted = {
        (upper, lower)
        for upper in styles
        for lower in styles
        if numbering.get_style_rank(upper) < numbering.get_style_rank(lower)
        and _is_inverted(marks, upper, lower)
    }

    def compare_styles(one: str, other: str) -> int:
        by_convention = numbering.get_style_rank(one) - numbering.get_style_rank(other)
        return (
            -by_convention
            if (one, other) in inverted or (other, one) in inverted
            else by_convention
        )

    return {style: n for n, style in enumerate(sorted(styles, key=cmp_to_key(compare_styles)))}


def _is_inverted(marks: Sequence[ItemNumber], upper: str, lower: str) -> bool:
    """Return whether nodes of the style *upper* are below those of *lower*, against convention.

    A single node of the upper style between two consecutive ones of the lower style is a heading
    among numbers that continue across headings.
    """
    alone = several = conventional = 0
    before: ItemNumber | None = None  # the last item of the lower style
    run: list[ItemNumber] = []  # items of the upper style since
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


class NumberingBreak(NamedTuple):
    """A number that does not follow the one before it."""

    rule: str  # number-gap, number-repeat, number-back
    segment: OutlineSegment
    words: str  # 12 → 14


def find_numbering_breaks(root: OutlineNode) -> list[NumberingBreak]:
    """Return the numbers that do not follow the one before, in order.

    Numbers may restart in each section, or continue across sections.  Of a document with many
    breaks, as of one with extracts of a plan, they are one break, with the words of all.
    """
    breaks = list(_iter_breaks(root, {}))
    if len(breaks) < MANY_BREAKS:
        return breaks
    return [
        NumberingBreak("number-gap", breaks[0].segment, "；".join(each.words for each in breaks))
    ]


def _iter_breaks(node: OutlineNode, last: dict[str, tuple[int, str]]) -> Iterator[NumberingBreak]:
    before: dict[str, tuple[int, str]] = {}
    for child in node.children:
        mark = child.segment.number if child.segment else None
        if mark and child.segment:
            style = mark.style
            here = before.get(style)
            value, no = here or last.get(style, (0, "—"))
            if mark.value != value + 1 and (here or mark.value != 1):
                yield NumberingBreak(
                    classify_break(value, mark.value), child.segment, f"{no} → {mark.no}"
                )
            before[style] = last[style] = (mark.value, mark.no)
        yield from _iter_breaks(child, last)


def classify_break(before: N, value: N) -> str:
    """Return the rule of the diagnostic for *value* after *before*."""
    if value == before:
        return "number-repeat"
    return "number-gap" if value > before else "number-back"
