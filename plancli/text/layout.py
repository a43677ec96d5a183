"""Lines of Chinese: how wide they are, where they may break, how a place in them is underlined."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import east_asian_width

CLOSING_MARKS = frozenset("，。、；：！？）》〉”’」』】〕…·,.;:!?)]}%％‰—－-")  # never begin a line
OPENING_MARKS = frozenset("（《〈“‘「『【〔([{")  # never end one
TOKEN_PATTERN = re.compile(
    r"[A-Za-z0-9]+(?:[.,+*/:-]?[A-Za-z0-9%‰]+)*"
    r"|(?<![^\s、，；：（])--?[A-Za-z]+(?:-[A-Za-z]+)*"  # an option
    r"|.",
    re.DOTALL,
)
LIST_NAME_PATTERN = re.compile(".*?[、\n ]|.+", re.DOTALL)
UNIT_CHARACTERS = frozenset("个家项年月日号亿万千百元条米届")  # stays with the number before it


@lru_cache(4096)  # the same characters, one by one, make up every line
def measure_width(text: str) -> int:
    """Return how wide *text* is on a terminal.

    Units: cells; a Chinese character or full-width mark takes two, others one.
    Errors: none.  Ambiguous characters (… — “ ” ·) count as one, which is one too few on
        terminals set to draw them wide.
    Source: Unicode Standard Annex #11, East Asian Width.
    """
    if text.isascii():
        return len(text)
    kinds = "".join(map(east_asian_width, text))
    return len(text) + kinds.count("W") + kinds.count("F")


def find_line_breaks(text: str, cells: int, *, names: bool = False) -> list[int]:
    """Return where to break *text* so that no line is wider than *cells*.

    Numbers keep their digits and units together, closing marks stay with what they close,
    opening marks with what they open; if *names*, so does each name of a list with 、.  Only what
    is wider than a line by itself is cut.
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
                takes = (
                    char in CLOSING_MARKS and measure_width(piece[max(0, n - 1) : n + 1]) <= cells
                )
                back = min(n, takes)  # a closing mark takes what stands before it along
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
    """Yield what must stay on one line, one after the other."""
    kept = ""
    for piece in TOKEN_PATTERN.findall(text):
        joined = kept and (
            piece in CLOSING_MARKS
            or kept[-1] in OPENING_MARKS
            or (piece in UNIT_CHARACTERS and kept[-1].isdigit())
            or (piece == "\n")
        )
        if kept and not joined:
            yield kept
            kept = ""
        kept += piece
    if kept:
        yield kept


def underline(text: str, start: int, end: int) -> str:
    """Return *text* with carets below *start* to *end*, counted in cells."""
    return (
        f"{text}\n{' ' * measure_width(text[:start])}{'^' * max(1, measure_width(text[start:end]))}"
    )


def parse_underline(excerpt: str) -> tuple[str, int, int]:
    """Return the line of ``caret``, and from where to where in it the carets point."""
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
