"""Build the tables by which a browser folds text and finds it by pinyin."""

import sys
from collections import defaultdict
from unicodedata import category

from plancli.text.normalize import fold

# Unassigned, private and surrogate characters fold to themselves.
SKIPPED_CATEGORIES = frozenset({"Cn", "Co", "Cs"})


def build_folds(alphabet: set[str]) -> dict[str, str]:
    """Return folded -> the characters that fold to it, for texts of *alphabet* (folded).

    The table is complete: a character that is neither in it nor in *alphabet* is in no text.
    """
    table: dict[str, str] = defaultdict(str)
    for char in map(chr, range(sys.maxunicode + 1)):
        if category(char) in SKIPPED_CATEGORIES:
            continue
        plain = fold(char)
        if plain != char and (char in alphabet or alphabet.issuperset(plain)):
            table[plain] += char
    return dict(table)


def build_readings(alphabet: set[str]) -> dict[str, str]:
    """Return syllable -> the characters of *alphabet* with that reading, without tones."""
    from pypinyin import Style, pinyin  # slow to import

    table: dict[str, str] = defaultdict(str)
    for char in sorted(alphabet):
        for syllable in pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")[:1]:
            for reading in sorted({fold(each).replace("ü", "v") for each in syllable}):
                if reading.isascii() and reading.isalpha():
                    table[reading] += char
    return {syllable: table[syllable] for syllable in sorted(table)}
