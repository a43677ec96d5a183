"""Normalize Chinese text for comparison, substring search and the search index."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from operator import add
from pathlib import Path
from unicodedata import category, name, normalize


def fold(text: str) -> str:
    """Fold *text* for comparison: case, width, radicals, and traditional to simplified characters.

    Invisible characters, which come along when text is copied from a web page or Word, are removed.
    Folding works character by character, so that a part of a text folds to a part of the folded
    text.
    Source: Unicode NFKC and case folding; OpenCC's table of characters.
    """
    return text.translate(FOLD_TABLE)


def normalize_key(text: str) -> str:
    """Fold *text* and remove all spaces, to compare typed names."""
    return "".join(fold(text).split())


def simplify_script(text: str) -> str:
    """Return *text* with traditional characters as simplified ones, each at its offset."""
    return text.translate(SIMPLIFIED_TABLE)


def restore_ideographs(text: str) -> str:
    """Return *text* with the ordinary character for each radical and compatibility ideograph.

    PDF files made by browsers have ⼈⺠⽂⻓ for 人民文长.  The length stays the same.
    Source: Unicode NFKC; for the radicals without one, EquivalentUnifiedIdeograph.
    """
    return IDEOGRAPH_VARIANT.sub(lambda match: _get_ideograph(match[0]), text)


def _get_ideograph(char: str) -> str:
    return RADICAL_IDEOGRAPHS.get(char) or normalize("NFKC", char)


def is_invisible(char: str) -> bool:
    """Whether *char* is invisible and not part of a word: a zero-width space, a BOM.

    By Unicode categories: format marks, line and paragraph separators, and letters and accents that
    by their names only fill a gap or select a form (Default_Ignorable_Code_Point).
    """
    kind = category(char)
    return kind in ("Cf", "Zl", "Zp") or (
        kind in ("Lo", "Mn") and bool(re.search(FILLER_NAMES, name(char, "")))
    )


@cache
def get_invisible_pattern() -> "re.Pattern[str]":
    """Return the pattern of one or more invisible characters."""
    blocks = (range(0x3400), range(0xA000, 0xAC00), range(0xD800, 0x20000), range(0xE0000, 0xE1000))
    # All other blocks are Chinese or Korean.
    invisible = filter(is_invisible, map(chr, chain(*blocks)))
    return re.compile(f"[{''.join(invisible)}]+")


IDEOGRAPH_VARIANT = re.compile("[\u2329\u232a\u2e80-\u2fdf\uf900-\ufad9\U0002f800-\U0002fa1d]")
# The radicals of U+2E80-2EFF without a compatibility decomposition, and their characters: the property
# EquivalentUnifiedIdeograph of the Unicode Character Database.
RADICAL_IDEOGRAPHS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
        "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"
        "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
) | {"⼾": "户"}  # by Unicode 戶, which is traditional: fonts for simplified script print it as 户

FILLER_NAMES = "VARIATION SELECTOR|GRAPHEME JOINER|HANGUL .*FILLER|KHMER VOWEL INHERENT"


class _CharacterTable(dict[int, str]):
    """Cache of character -> replacement, filled on first use, for ``str.translate``."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        self._convert = convert

    def __missing__(self, code: int) -> str:
        self[code] = converted = self._convert(chr(code))
        return converted


def _fold_character(char: str) -> str:
    if "\ud800" <= char <= "\udfff":  # surrogate, from bytes that are not text
        return "\ufffd"
    if not char.isascii() and is_invisible(char):
        return ""
    plain = normalize("NFKC", _get_ideograph(char)).casefold()
    return "".join(map(_to_simplified, plain)) if plain >= "\u3400" else plain


TRADITIONAL_FILE = Path(__file__).with_name("traditional.tsv")  # written by tests/traditional.py
# Characters of GB 2312 that are traditional nevertheless, as the file has them.
GB2312_TRADITIONAL = dict(
    zip("乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽", "干咤伙后征拼挨折于矩烟苔夹糖曲么", strict=True)
)


def _to_simplified(char: str) -> str:
    try:
        char.encode("gb2312")  # covers all common simplified characters: the table is not needed
        return GB2312_TRADITIONAL.get(char, char)
    except UnicodeEncodeError:
        return load_simplified().get(char, char) if char >= "\u3400" else char


@cache
def load_simplified() -> dict[str, str]:
    """Load traditional character -> simplified character."""
    lines = TRADITIONAL_FILE.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def iter_matches(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each match of *word* in *text*, both folded."""
    starts = [n for n, char in enumerate(text) for _ in fold(char)]
    plain, sought, at = fold(text), fold(word), -1
    while sought and (at := plain.find(sought, at + 1)) >= 0:
        yield starts[at], starts[at + len(sought) - 1] + 1


def split_bigrams(text: str) -> str:
    """Return the bigrams of *text* as the search index has them: ``abcd`` gives ``ab bc cd d``."""
    plain = text.translate(INDEX_TABLE)
    return " ".join((*map(add, plain, plain[1:]), plain[-1:]))


def build_fts_phrase(word: str) -> str:
    """Return the full-text query for *word* in bigrams: as exact as a substring search."""
    sought = split_bigrams(word).replace('"', '""')
    head, _space, last = sought.rpartition(" ")
    return f'"{head}"' if head else f'"{last}" *'


# Spaces and controls, as characters that the tokenizer keeps.
CONTROL_PICTURES = {code: 0x2400 + code for code in (*range(0x21), 0x7F)}
FOLD_TABLE = _CharacterTable(_fold_character)
INDEX_TABLE = _CharacterTable(lambda char: _fold_character(char).translate(CONTROL_PICTURES))
SIMPLIFIED_TABLE = _CharacterTable(lambda char: _to_simplified(char)[:1] or char)
