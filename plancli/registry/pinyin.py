"""How a name is spoken; the names that ship with plancli are held ready, read once."""

from collections.abc import Callable
from functools import cache

from plancli.system import files
from plancli.text.normalize import squeeze

CORRECTED = {"长三角": [["cháng"], ["sān"], ["jiǎo"]]}  # pypinyin alone says zhang
READY = files.DATA / "pinyin.tsv"  # made by tests/pinyin.py


def syllables(name: str) -> list[str]:
    """Return the syllables of *name* without tones, squeezed: sheng neng yuan ju."""
    known = table()
    if name not in known:
        known[name] = " ".join(filter(None, map(squeeze, _speaker()(name))))
    return known[name].split()


@cache
def _speaker() -> Callable[[str], list[str]]:
    """Return what speaks a name; made once, as it learns all its phrases anew when corrected."""
    from pypinyin import lazy_pinyin, load_phrases_dict  # slower to import than all the names

    load_phrases_dict(CORRECTED)
    return lazy_pinyin


@cache
def table() -> dict[str, str]:
    """Return name -> its syllables, of every name that was asked for or ships with plancli."""
    lines = READY.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
