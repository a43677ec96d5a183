"""Where every character of a page went: the account that an import gives."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from plancli.importing.parsing.paragraphs import Noise
from plancli.importing.readers.page import SPACE, Page, Words

BLANK = frozenset(SPACE + "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029")
UNREAD = "unread"
KINDS = (  # what a character may be, in the order in which a report lists them
    "title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline", "cell",
    "column", "annex", "about", "letter", "contents", "before", "after", "page-number", "second-copy", "no-plan",
    UNREAD,
)  # fmt: skip


class Stretch(NamedTuple):
    """A stretch of the page's text, and what it is."""

    start: int
    end: int
    kind: str


class Account:
    """Gathers what each stretch of a page became."""

    def __init__(self, page: Page) -> None:
        self._text = page.text
        self._stretches: list[Stretch] = []

    def words(self, words: Words, start: int, end: int, kind: str) -> None:
        """Say that ``words.text[start:end]`` became *kind*."""
        self._stretches += (Stretch(*span, kind) for span in words.spans(start, end))

    def span(self, start: int, end: int, kind: str) -> None:
        """Say that a stretch of the page became *kind*."""
        if end > start:
            self._stretches.append(Stretch(start, end, kind))

    def noise(self, noise: tuple[Noise, ...]) -> None:
        """Say what was left out."""
        self._stretches += (Stretch(*each) for each in noise)

    def stretches(self) -> Iterator[Stretch]:
        """Yield the whole page from its beginning to its end, each character in one stretch.

        What nobody spoke for is ``unread``, unless it is a space.
        """
        at = 0
        for each in sorted(self._stretches):
            if each.start > at:
                yield from self._between(at, each.start)
            if each.end > at:
                yield Stretch(max(at, each.start), each.end, each.kind)
                at = each.end
        yield from self._between(at, len(self._text))

    def _between(self, start: int, end: int) -> Iterator[Stretch]:
        if not BLANK.issuperset(self._text[start:end]):
            yield Stretch(start, end, UNREAD)

    def characters(self) -> Counter[str]:
        """Return kind -> how many characters became it, spaces not counted."""
        counts: Counter[str] = Counter()
        for start, end, kind in self.stretches():
            counts[kind] += sum(char not in BLANK for char in self._text[start:end])
        return counts
