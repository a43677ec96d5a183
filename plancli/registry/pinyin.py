"""Convert names to pinyin; names that come with plancli are read from tables."""

from collections.abc import Callable
from functools import cache

from plancli.registry import divisions
from plancli.system import files
from plancli.text.normalize import normalize_key

PINYIN_FILE = files.DATA_DIR / "pinyin.tsv"  # written by scripts/pinyin.py
READINGS_FILE = files.DATA_DIR / "pinyin_readings.tsv"


def split_syllables(name: str) -> list[str]:
    """Return the syllables of *name* without tones: sheng neng yuan ju."""
    known = load_pinyin_table()
    if name not in known:
        known[name] = load_division_table().get(name) or " ".join(convert(name))
    return known[name].split()


def convert(name: str) -> list[str]:
    """Return the syllables of *name* by rule and by the list of readings, without the tables."""
    return list(filter(None, map(normalize_key, _load_converter()(name))))


@cache
def _load_converter() -> Callable[[str], list[str]]:
    """Return the pypinyin converter; cached because loading a reading reloads all phrases.

    A reading of a single character is a default, which phrases that pypinyin knows go before: 长 is
    chang, but 校长 is xiao zhang.
    """
    from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict, pinyin  # slow to import

    readings = [line.split("\t") for line in _read_lines(READINGS_FILE.read_text("utf-8"))]
    load_single_dict(
        {
            ord(char): ",".join((spelled, *pinyin(char, heteronym=True)[0]))
            for char, spelled in readings
            if len(char) == 1
        }
    )
    load_phrases_dict(
        {word: [[each] for each in spelled.split()] for word, spelled in readings if len(word) > 1}
    )
    return lazy_pinyin


def _read_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


@cache
def load_pinyin_table() -> dict[str, str]:
    """Return name -> its syllables, for the names that come with plancli; later ones are added."""
    return dict(line.split("\t") for line in _read_lines(PINYIN_FILE.read_text("utf-8")))


@cache
def load_division_table() -> dict[str, str]:
    """Return name -> its syllables, for every name and alias of a division of China."""
    table: dict[str, str] = {}
    rows = divisions.read_rows()
    above: dict[str, tuple[str, str]] = {}  # the beginning of a code -> full name, syllables
    for code, full_name, spelled, name, aliases, _abbr, _former in rows:
        table[full_name] = spelled
        upper = above.get(code[:4]) or above.get(code[:2]) or ("", "")
        if code.endswith("00"):
            above[code.removesuffix("00").removesuffix("00")] = (full_name, spelled)
        for alias in (name, *aliases.split(",")):
            if alias and alias not in table:
                table[alias] = _pick_syllables(
                    alias, upper[0] + full_name, f"{upper[1]} {spelled}".split()
                )
    return table


def _pick_syllables(alias: str, long: str, syllables: list[str]) -> str:
    """Return the syllables that the characters of *alias* have in the name *long*."""
    return " ".join(syllables[long.rindex(char)] for char in alias)


@cache
def load_character_readings() -> dict[str, set[str]]:
    """Return character -> the readings that it has in the names of the tables."""
    readings: dict[str, set[str]] = {}
    for name, spelled in (*load_division_table().items(), *load_pinyin_table().items()):
        if len(syllables := spelled.split()) == len(name):  # not so with Latin letters
            for char, syllable in zip(name, syllables, strict=True):
                readings.setdefault(char, set()).add(syllable)
    return readings
