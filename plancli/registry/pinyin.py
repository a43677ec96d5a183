"""Convert names to pinyin; the names that come with plancli are read from a table."""

from collections.abc import Callable
from functools import cache

from plancli.system import files
from plancli.text.normalize import normalize_key

PHRASE_CORRECTIONS = {"长三角": [["cháng"], ["sān"], ["jiǎo"]]}  # pypinyin reads 长 as zhang
PINYIN_FILE = files.DATA_DIR / "pinyin.tsv"  # written by tests/pinyin.py


def split_syllables(name: str) -> list[str]:
    """Return the syllables of *name* without tones: sheng neng yuan ju."""
    known = load_pinyin_table()
    if name not in known:
        known[name] = " ".join(filter(None, map(normalize_key, _load_converter()(name))))
    return known[name].split()


@cache
def _load_converter() -> Callable[[str], list[str]]:
    """Return the pypinyin converter; cached because loading a correction reloads all phrases."""
    from pypinyin import lazy_pinyin, load_phrases_dict  # slow to import

    load_phrases_dict(PHRASE_CORRECTIONS)
    return lazy_pinyin


@cache
def load_pinyin_table() -> dict[str, str]:
    """Return name -> its syllables, for the names that come with plancli; later ones are added."""
    lines = PINYIN_FILE.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
