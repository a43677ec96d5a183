"""Chinese text: how wide it is, how it is folded for comparison, where a line may break."""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import east_asian_width, normalize

CLOSING = frozenset("，。、；：！？）》〉”’」』】〕…·,.;:!?)]}%％‰—－-")  # never begin a line
OPENING = frozenset("（《〈“‘「『【〔([{")  # never end one
PIECE = re.compile(r"[A-Za-z0-9]+(?:[.,+*/:-]?[A-Za-z0-9%‰]+)*|.", re.DOTALL)
NAME = re.compile("[^、\n]*[、\n]|[^、\n]+")
UNIT = frozenset("个家项年月日号亿万千百元条米届")  # stays with the number before it


def width(text: str) -> int:
    """Return how wide *text* is on a terminal.

    Units: cells; a Chinese character or full-width mark takes two, others one.
    Errors: none.  Ambiguous characters (… — “ ” ·) count as one, which is one too few on
        terminals set to draw them wide.
    Source: Unicode Standard Annex #11, East Asian Width.
    """
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def fold(text: str) -> str:
    """Return *text* as it is compared: case and width folded, traditional as simplified.

    Character by character, so that a part of a text folds to a part of the folded text.
    Source: Unicode NFKC and case folding; OpenCC's table for characters outside GB 2312.
    """
    return "".join(map(_folded, text))


def squeeze(text: str) -> str:
    """Return *text* folded and without any spaces: how typed names are compared."""
    return "".join(fold(text).split())


@cache
def _folded(char: str) -> str:
    plain = normalize("NFKC", char).casefold()
    return "".join(map(_simplified, plain)) if plain >= "\u3400" else plain


def _simplified(char: str) -> str:
    try:
        char.encode("gb2312")  # holds every common simplified character, and few others
        return char
    except UnicodeEncodeError:
        return str(_to_simplified().convert(char)) if char >= "\u3400" else char


@cache
def _to_simplified():  # type: ignore[no-untyped-def]
    from opencc import OpenCC  # only where a rare character is met: it reads its tables

    return OpenCC("t2s")


def find(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each place in *text* where *word* stands, folded alike."""
    starts = [n for n, char in enumerate(text) for _ in _folded(char)]
    plain, sought, at = fold(text), fold(word), -1
    while sought and (at := plain.find(sought, at + 1)) >= 0:
        yield starts[at], starts[at + len(sought) - 1] + 1


def breaks(text: str, cells: int, *, names: bool = False) -> list[int]:
    """Return where to break *text* so that no line is wider than *cells*.

    Numbers keep their digits and units together, closing marks stay with what they close,
    opening marks with what they open; if *names*, so does each name of a list with 、.  Only what
    is wider than a line by itself is cut.
    """
    offsets, line, at = [], 0, 0
    for piece in NAME.findall(text) if names else _pieces(text):
        wide = width(piece)
        if line and line + wide > cells:
            offsets.append(at)
            line = 0
        for char in piece if wide > cells else ():
            if line + width(char) > cells:
                offsets.append(at)
                line = 0
            line += width(char)
            at += 1
        if wide <= cells:
            line += wide
            at += len(piece)
        if piece.endswith("\n"):
            line = 0
    return offsets


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay on one line, one after the other."""
    kept = ""
    for piece in PIECE.findall(text):
        joined = kept and (
            piece in CLOSING
            or kept[-1] in OPENING
            or (piece in UNIT and kept[-1].isdigit())
            or (piece == "\n")
        )
        if kept and not joined:
            yield kept
            kept = ""
        kept += piece
    if kept:
        yield kept


def caret(text: str, start: int, end: int) -> str:
    """Return *text* with carets below *start* to *end*, counted in cells."""
    return f"{text}\n{' ' * width(text[:start])}{'^' * max(1, width(text[start:end]))}"


def pairs(text: str) -> str:
    """Return *text* as the words of the search index: ``abcd`` gives ``ab bc cd d``."""
    plain = _visible(fold(text))
    return " ".join(plain[at : at + 2] for at in range(len(plain)))


def phrase(word: str) -> str:
    """Return the search for *word* in ``pairs``: as exact as looking for a substring."""
    plain = _visible(fold(word)).replace('"', '""')
    if len(_visible(fold(word))) == 1:
        return f'"{plain}" *'
    tokens = pairs(word).rsplit(" ", 1)[0].replace('"', '""')
    return f'"{tokens}"'


def _visible(text: str) -> str:
    """Return *text* with spaces and control characters as characters a tokenizer keeps."""
    return "".join(chr(0x2400 + ord(char)) if char <= " " or char == "\x7f" else char for char in text)


NUMERALS = {char: n for n, char in enumerate("零一二三四五六七八九十")}
HEADING = re.compile(r"(\d+|[一二三四五六七八九十]+)?[.、-]*(?:\((\d+|[一二三四五六七八九十]+)\)|(?<=[.-])(\d+))?、?")


def heading(typed: str) -> str:
    """Return a heading's number as ``2.3`` (list and section), ``.3`` or ``2``; else ``""``.

    Reads 二(三), 二、（三）, 2.3, 2-3, （三）, 三 and the like.
    """
    match = HEADING.fullmatch(squeeze(typed))
    if not match or not any(match.groups()):
        return ""
    upper, lower = match[1], match[2] or match[3]
    return (_number(upper) if upper else "") + (f".{_number(lower)}" if lower else "")


def _number(numeral: str) -> str:
    """Return 十二 or 12 as ``12``; numbers below a hundred."""
    if numeral.isdigit():
        return str(int(numeral))
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return "".join(str(NUMERALS[char]) for char in numeral)
    return str((NUMERALS[tens] if tens else 1) * 10 + (NUMERALS[ones] if ones else 0))
