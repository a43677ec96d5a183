"""Measure and break lines of Chinese text, and underline parts of them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import east_asian_width

# Characters that never begin a line.
CLOSING_MARKS = frozenset("，。、；：！？）》〉”’」』】〕…·,.;:!?)]}%％‰—－-")
# Characters that never end a line.
OPENING_MARKS = frozenset("（《〈“‘「『【〔([{")
TOKEN_PATTERN = re.compile(
    r"[A-Za-z0-9]+(?:[.,+*/:-]?[A-Za-z0-9%‰]+)*"
    r"|(?<![^\s、，；：（])--?[A-Za-z]+(?:-[A-Za-z]+)*"  # an option
    r"|.",
    re.DOTALL,
)
LIST_NAME_PATTERN = re.compile(".*?[、\n ]|.+", re.DOTALL)
# Characters that stay with the number before them.
UNIT_CHARACTERS = frozenset("个家项年月日号亿万千百元条米届")


@lru_cache(4096)  # lines are made of the same few characters
def measure_width(text: str) -> int:
    """Return the width of *text* on a terminal.

    Units: cells; a Chinese character or full-width mark takes two, others one.
    Errors: none. Ambiguous characters (… — “ ” ·) count as one, which is one too few on terminals
    set to draw them wide.
    Source: Unicode Standard Annex #11, East Asian Width.
    """
    if text.isascii():
        return len(text)
    kinds = "".join(map(east_asian_width, text))
    return len(text) + kinds.count("W") + kinds.count("F")


def find_line_breaks(text: str, cells: int, *, names: bool = False) -> list[int]:
    """Return the offsets where *text* is broken so that no line is wider than *cells*.

    Numbers keep their digits and units together, closing marks stay with what they close, opening
    marks with what they open; with *names*, so does each name of a list with 、. Only what is wider
    than a line is cut.
    """
    if "\n" not in text and measure_width(text) <= cells:
        return []
    offsets, line, at = [], 0, 0
    for piece in LIST_NAME_PATTERN.findall(text) if names else _iter_unbreakable(text):
        wide = measure_width(piece)
        if line and wide <= cells < line + wide:
            offsets.append(at)
            line = 0
        for n, char in enumerate(piece if wide > cells else ""):
            if line + measure_width(char) > cells:
                # A closing mark takes the character before it along.
                back = int(
                    n > 0 and char in CLOSING_MARKS and measure_width(piece[n - 1 : n + 1]) <= cells
                )
                offsets.append(at - back)
                line = measure_width(piece[n - back : n])
            line += measure_width(char)
            at += 1
        if wide <= cells:
            line += wide
            at += len(piece)
        if piece.endswith("\n"):
            line = 0
    return offsets


def _iter_unbreakable(text: str) -> Iterator[str]:
    """Yield the pieces of *text* that stay on one line."""
    pending = ""
    for piece in TOKEN_PATTERN.findall(text):
        joined = pending and (
            piece in CLOSING_MARKS
            or pending[-1] in OPENING_MARKS
            or (piece in UNIT_CHARACTERS and pending[-1].isdigit())
            or piece == "\n"
        )
        if pending and not joined:
            yield pending
            pending = ""
        pending += piece
    if pending:
        yield pending


def underline(text: str, start: int, end: int) -> str:
    """Return *text* with a line of carets below *start* to *end*, placed by cell width."""
    carets = "^" * max(1, measure_width(text[start:end]))
    return f"{text}\n{' ' * measure_width(text[:start])}{carets}"


def parse_underline(excerpt: str) -> tuple[str, int, int]:
    """Return the line of ``underline``, and start and end of the part that its carets mark."""
    line, _break, carets = excerpt.partition("\n")
    first, last = carets.find("^"), carets.rfind("^")
    start = end = at = 0
    for n, char in enumerate(line):
        if at < first:
            start = n + 1
        if at <= last:
            end = n + 1
        at += measure_width(char)
    return line, start, max(start, end) if carets else start
