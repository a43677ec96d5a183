"""How a name is spoken; the names that ship with plancli are held ready, read once."""

from collections.abc import Callable
from functools import cache

from plancli.system import files
from plancli.text.normalize import normalize_key

PHRASE_CORRECTIONS = {"长三角": [["cháng"], ["sān"], ["jiǎo"]]}  # pypinyin alone says zhang
PINYIN_FILE = files.DATA_DIR / "pinyin.tsv"  # made by tests/pinyin.py


def split_syllables(name: str) -> list[str]:
    """Return the syllables of *name* without tones, squeezed: sheng neng yuan ju."""
    known = load_pinyin_table()
    if name not in known:
        known[name] = " ".join(filter(None, map(normalize_key, _load_converter()(name))))
    return known[name].split()


@cache
def _load_converter() -> Callable[[str], list[str]]:
    """Return what speaks a name; made once, as it learns all its phrases anew when corrected."""
    from pypinyin import lazy_pinyin, load_phrases_dict  # slower to import than all the names

    load_phrases_dict(PHRASE_CORRECTIONS)
    return lazy_pinyin


@cache
def load_pinyin_table() -> dict[str, str]:
    """Return name -> its syllables, of every name that was asked for or ships with plancli."""
    lines = PINYIN_FILE.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
