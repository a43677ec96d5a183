"""Where every character of a page went: the account that an import gives."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from plancli.importing.parsing.paragraphs import IgnoredSpan
from plancli.importing.readers.page import SPACE_CHARS, SourceText, TextSpan

BLANK_CHARS = frozenset(SPACE_CHARS + "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029")
UNREAD = "unread"
SPAN_KINDS = (  # what a character may be, in the order in which a report lists them
    "title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline", "cell",
    "column", "annex", "about", "letter", "contents", "before", "after", "page-number", "second-copy", "no-plan",
    UNREAD,
)  # fmt: skip


class CoverageSpan(NamedTuple):
    """A stretch of the page's text, and what it is."""

    start: int
    end: int
    kind: str


class Coverage:
    """Gathers what each stretch of a page became."""

    def __init__(self, page: SourceText) -> None:
        self._text = page.text
        self._stretches: list[CoverageSpan] = []

    def add_text(self, words: TextSpan, start: int, end: int, kind: str) -> None:
        """Say that ``words.text[start:end]`` became *kind*."""
        self._stretches += (CoverageSpan(*span, kind) for span in words.iter_spans(start, end))

    def add_span(self, start: int, end: int, kind: str) -> None:
        """Say that a stretch of the page became *kind*."""
        if end > start:
            self._stretches.append(CoverageSpan(start, end, kind))

    def add_ignored(self, noise: tuple[IgnoredSpan, ...]) -> None:
        """Say what was left out."""
        self._stretches += (CoverageSpan(*each) for each in noise)

    def iter_spans(self) -> Iterator[CoverageSpan]:
        """Yield the whole page from its beginning to its end, each character in one stretch.

        What nobody spoke for is ``unread``, unless it is a space.
        """
        at = 0
        for each in sorted(self._stretches):
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
        """Return kind -> how many characters became it, spaces not counted."""
        counts: Counter[str] = Counter()
        for start, end, kind in self.iter_spans():
            counts[kind] += sum(char not in BLANK_CHARS for char in self._text[start:end])
        return counts
