"""Chinese text as it is compared: folded, found in another, indexed."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from operator import add
from pathlib import Path
from unicodedata import category, name, normalize


def fold(text: str) -> str:
    """Return *text* as it is compared: case and width folded, traditional as simplified.

    Without marks that nobody sees, which come along when words are copied from a page or from Word.

    Character by character, so that a part of a text folds to a part of the folded text.
    Source: Unicode NFKC and case folding; OpenCC's table of characters.
    """
    return text.translate(FOLD_TABLE)


def normalize_key(text: str) -> str:
    """Return *text* folded and without any spaces: how typed names are compared."""
    return "".join(fold(text).split())


def is_invisible(char: str) -> bool:
    """Whether *char* is a mark that nobody sees, and no part of a word: a zero-width space, a BOM.

    By what Unicode says of it: marks of format and separators of lines, and the letters and accents
    which by their names only fill a place or choose a form (Default_Ignorable_Code_Point).
    """
    kind = category(char)
    return kind in ("Cf", "Zl", "Zp") or (
        kind in ("Lo", "Mn") and bool(re.search(FILLER_NAMES, name(char, "")))
    )


@cache
def get_invisible_pattern() -> "re.Pattern[str]":
    """Return the pattern of marks that nobody sees, one or more."""
    places = (range(0x3400), range(0xA000, 0xAC00), range(0xD800, 0x20000), range(0xE0000, 0xE1000))
    found = filter(is_invisible, map(chr, chain(*places)))  # others are Chinese or Korean
    return re.compile(f"[{''.join(found)}]+")


FILLER_NAMES = "VARIATION SELECTOR|GRAPHEME JOINER|HANGUL .*FILLER|KHMER VOWEL INHERENT"


class _CharacterTable(dict[int, str]):
    """Character -> what becomes of it, found out when it is first met: for ``str.translate``."""

    def __init__(self, find_out: Callable[[str], str]) -> None:
        self._convert = find_out

    def __missing__(self, code: int) -> str:
        self[code] = found = self._convert(chr(code))
        return found


def _fold_character(char: str) -> str:
    if "\ud800" <= char <= "\udfff":  # half a character, from bytes that are not text
        return "\ufffd"
    if not char.isascii() and is_invisible(char):
        return ""
    plain = normalize("NFKC", char).casefold()
    return "".join(map(_to_simplified, plain)) if plain >= "\u3400" else plain


TRADITIONAL_FILE = Path(__file__).with_name("traditional.tsv")  # made by tests/traditional.py
# The characters of GB 2312 that are traditional all the same, as that file has them.
GB2312_TRADITIONAL = dict(
    zip("乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽", "干咤伙后征拼挨折于矩烟苔夹糖曲么", strict=True)
)


def _to_simplified(char: str) -> str:
    try:
        char.encode("gb2312")  # holds every common simplified character: no need to read the table
        return GB2312_TRADITIONAL.get(char, char)
    except UnicodeEncodeError:
        return load_simplified().get(char, char) if char >= "\u3400" else char


@cache
def load_simplified() -> dict[str, str]:
    """Return traditional character -> its simplified one, of every character that has one."""
    lines = TRADITIONAL_FILE.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def iter_matches(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each place in *text* where *word* stands, folded alike."""
    starts = [n for n, char in enumerate(text) for _ in fold(char)]
    plain, sought, at = fold(text), fold(word), -1
    while sought and (at := plain.find(sought, at + 1)) >= 0:
        yield starts[at], starts[at + len(sought) - 1] + 1


def split_bigrams(text: str) -> str:
    """Return *text* as the words of the search index: ``abcd`` gives ``ab bc cd d``."""
    plain = text.translate(INDEX_TABLE)
    return " ".join((*map(add, plain, plain[1:]), plain[-1:]))


def build_fts_phrase(word: str) -> str:
    """Return the search for *word* in ``pairs``: as exact as looking for a substring."""
    sought = split_bigrams(word).replace('"', '""')
    head, _space, last = sought.rpartition(" ")
    return f'"{head}"' if head else f'"{last}" *'


# Spaces and control characters, as characters that a tokenizer keeps.
CONTROL_PICTURES = {code: 0x2400 + code for code in (*range(0x21), 0x7F)}
FOLD_TABLE = _CharacterTable(_fold_character)
INDEX_TABLE = _CharacterTable(lambda char: _fold_character(char).translate(CONTROL_PICTURES))
