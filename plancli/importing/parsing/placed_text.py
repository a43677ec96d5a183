"""Find the words of a document that were given a place in the plan without being understood."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plancli.importing.parsing import unread_duties
from plancli.importing.parsing.coverage import Coverage, CoverageSpan
from plancli.importing.parsing.unread_duties import UnreadDuty
from plancli.importing.readers.page import SourceTable, SourceText, TextSpan

# Kinds of text around tasks, in which any responsibility is one that no task took, and kinds of
# text around the plan, in which a web site may name who publishes it.
INNER_KINDS = frozenset({"preamble", "heading", "paragraph", "annex"})
OUTER_KINDS = frozenset({"letter", "about", "before", "after"})


class PlacedText(NamedTuple):
    """A stretch of a paragraph or a cell that became one kind of text."""

    kind: str
    span: TextSpan
    start: int
    end: int


def find_unread_duties(
    page: SourceText, coverage: Coverage, blocks: Iterable[TextSpan | SourceTable]
) -> Iterator[tuple[int, UnreadDuty]]:
    """Yield what looks like a responsibility outside of tasks, with its offset in *page*.

    Of a table, only the first is given.
    """
    spans = list(coverage.iter_spans())
    for block in blocks:
        if isinstance(block, SourceTable):
            cells = (TextSpan(page, [(cell.start, cell.end)]) for cell in block.cells)
            found = (each for cell in cells for each in _find_in_paragraph(cell, spans))
            yield from list(found)[:1]
        else:
            yield from _find_in_paragraph(block, spans)


def _find_in_paragraph(
    span: TextSpan, spans: list[CoverageSpan]
) -> Iterator[tuple[int, UnreadDuty]]:
    for placed in _split_by_kind(span, spans):
        text = span.text[placed.start : placed.end]
        if placed.kind in INNER_KINDS:
            found = unread_duties.find_in_paragraph(text)
        elif placed.kind in OUTER_KINDS:
            found = unread_duties.find_outside_plan(text)
        else:
            continue
        for each in found:
            yield span.locate(placed.start + each.start), each


def _split_by_kind(span: TextSpan, spans: list[CoverageSpan]) -> Iterator[PlacedText]:
    """Yield the stretches of *span* by what they became; spaces belong to what is before them."""
    at = 0
    current = PlacedText("", span, 0, 0)
    for start, end in span.iter_spans(0, len(span.text)):
        n = max(0, bisect_right(spans, start, key=lambda each: each.start) - 1)
        while n < len(spans) and spans[n].start < end:
            first, last = max(start, spans[n].start), min(end, spans[n].end)
            if last > first and spans[n].kind != current.kind:
                yield current
                begin = at + first - start
                current = PlacedText(spans[n].kind, span, begin, begin)
            if last > first:
                current = current._replace(end=at + last - start)
            n += 1
        at += end - start
    yield current
