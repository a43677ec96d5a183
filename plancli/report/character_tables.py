"""Tables by which a browser compares text as ``plancli.text`` does, and finds it by its pinyin."""

import sys
from collections import defaultdict
from unicodedata import category

from plancli.text.normalize import fold

SKIPPED_CATEGORIES = frozenset(
    {"Cn", "Co", "Cs"}
)  # not assigned, private, half a character: fold to themselves


def build_folds(alphabet: set[str]) -> dict[str, str]:
    """Return folded -> the characters that fold to it, for texts made of *alphabet* (folded).

    Complete: a character that is not in it, and not itself in *alphabet*, is found in no text.
    """
    found: dict[str, str] = defaultdict(str)
    for char in map(chr, range(sys.maxunicode + 1)):
        if category(char) in SKIPPED_CATEGORIES:
            continue
        plain = fold(char)
        if plain != char and (char in alphabet or alphabet.issuperset(plain)):
            found[plain] += char
    return dict(found)


def build_readings(alphabet: set[str]) -> dict[str, str]:
    """Return syllable -> the characters of *alphabet* that are ever read so, without tones."""
    from pypinyin import Style, pinyin  # slow to import

    found: dict[str, str] = defaultdict(str)
    for char in sorted(alphabet):
        for syllable in pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")[:1]:
            for reading in sorted({fold(each).replace("ü", "v") for each in syllable}):
                if reading.isascii() and reading.isalpha():
                    found[reading] += char
    return {syllable: found[syllable] for syllable in sorted(found)}
