"""Record what every character of a source text became."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from plancli.importing.parsing.paragraphs import IgnoredSpan
from plancli.importing.readers.page import SPACE_CHARS, SourceText, TextSpan

BLANK_CHARS = frozenset(SPACE_CHARS + "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029")
UNREAD = "unread"
SPAN_KINDS = (  # what a character may become, in the order of reports
    "title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline", "cell",
    "column", "annex", "about", "letter", "contents", "before", "after", "page-number", "second-copy", "no-plan",
    UNREAD,
)  # fmt: skip


class CoverageSpan(NamedTuple):
    """A stretch of the source text and what it became."""

    start: int
    end: int
    kind: str


class Coverage:
    """Collects what each stretch of a source text became."""

    def __init__(self, page: SourceText) -> None:
        self._text = page.text
        self._spans: list[CoverageSpan] = []

    def add_text(self, words: TextSpan, start: int, end: int, kind: str) -> None:
        """Record that ``words.text[start:end]`` became *kind*."""
        self._spans += (CoverageSpan(*span, kind) for span in words.iter_spans(start, end))

    def add_span(self, start: int, end: int, kind: str) -> None:
        """Record that a stretch of the source text became *kind*."""
        if end > start:
            self._spans.append(CoverageSpan(start, end, kind))

    def add_ignored(self, spans: tuple[IgnoredSpan, ...]) -> None:
        """Record the stretches that are left out."""
        self._spans += (CoverageSpan(*each) for each in spans)

    def iter_spans(self) -> Iterator[CoverageSpan]:
        """Yield the spans of the source text in order, without overlaps.

        Characters that were not recorded are ``unread``, except spaces.
        """
        at = 0
        for each in sorted(self._spans):
            if each.start > at:
                yield from self._iter_unread(at, each.start)
            if each.end > at:
                yield CoverageSpan(max(at, each.start), each.end, each.kind)
                at = each.end
        yield from self._iter_unread(at, len(self._text))

    def _iter_unread(self, start: int, end: int) -> Iterator[CoverageSpan]:
        if not BLANK_CHARS.issuperset(self._text[start:end]):
            yield CoverageSpan(start, end, UNREAD)

    def count_characters(self) -> Counter[str]:
        """Return kind -> number of characters, without spaces."""
        counts: Counter[str] = Counter()
        for start, end, kind in self.iter_spans():
            counts[kind] += sum(char not in BLANK_CHARS for char in self._text[start:end])
        return counts
