"""Parse the numbers before sections and tasks, in the styles of official documents."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

from plancli.text import numerals

CHINESE_NUMERAL = "[一二三四五六七八九十百千零〇]{1,7}"
ARABIC_NUMERAL = "(?<![0-9０-９])[0-9０-９]{1,5}"
DECIMAL_PART = "[0-9０-９]{1,3}"  # of 1.2.3; 2024.5.1 is a date
NUMBER_STYLES = {  # in the order of official documents, the outermost first
    "chapter": f"第[ \u3000]?(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[ \u3000]?(?:[章编篇节]|部分)(?!课)",
    "named": f"(?:任务|事项|举措|工作|项目)(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[：:、]",
    "article": f"第[ \u3000]?(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[ \u3000]?条",
    "han": f"{CHINESE_NUMERAL}[、．.](?!{CHINESE_NUMERAL}[、次])",
    "hanb": f"[（(][ \u3000]?{CHINESE_NUMERAL}[ \u3000]?[）)][、．.]?",
    "dec": f"(?<![0-9０-９]){DECIMAL_PART}(?:[.．]{DECIMAL_PART}){{1,4}}[、．.]?(?![0-9０-９%％万亿千百个年月日倍元吨米公])",
    "num": f"{ARABIC_NUMERAL}[、．.](?!\\d(?!\\d{{3}}年))",
    "numb": f"[（(][ \u3000]?{ARABIC_NUMERAL}[ \u3000]?[）)][、．.]?",
    "nump": f"{ARABIC_NUMERAL}[）)]",
    "circle": "[①-⑳㉑-㉟㊱-㊿⑴-⒇㈠-㈩⒈-⒛]",
    "ordinal": f"第{CHINESE_NUMERAL}[，,、]",
    "be": f"{CHINESE_NUMERAL}是(?![否指])",
}
STYLE_RANKS = {style: n for n, style in enumerate(NUMBER_STYLES)}
ITEM_NUMBER = re.compile("|".join(f"(?P<{style}>{form})" for style, form in NUMBER_STYLES.items()))
NO_NUMBER = (0, 0)  # before the first number
CHINESE_DIGITS = "零一二三四五六七八九"
NUMERAL_CHARS = numerals.DIGIT_VALUES.keys() | numerals.UNIT_VALUES.keys()
YEAR_RANGE = range(1900, 2100)
MAX_YEAR_STEP = 20  # a number that may be a year must be this close to the one before it
NON_NUMERAL = re.compile("任务|事项|举措|工作|项目|部分|[：:，,第章编篇节条、．.（）()是 \u3000]")


class ItemNumber(NamedTuple):
    """A number before a section or a task: its style, value, and printed form."""

    style: str
    value: int
    no: str
    end: int  # offset of its end


def parse_item_number(words: str, start: int = 0) -> ItemNumber | None:
    """Return the number at *start* of *words*, or None."""
    match = ITEM_NUMBER.match(words, start)
    return parse_number_match(match) if match else None


def parse_number_match(match: "re.Match[str]") -> ItemNumber:
    """Return the number in a match of ITEM_NUMBER."""
    style = match.lastgroup or ""
    printed = match[0]
    if style == "dec":
        parts = re.findall("\\d+", normalize("NFKC", printed))
        return ItemNumber(f"dec{len(parts)}", int(parts[-1]), ".".join(parts), match.end())
    bare = NON_NUMERAL.sub("", printed)
    if style == "circle":
        digits = re.sub("\\D", "", normalize("NFKC", printed))
        value = int(digits or numerals.compute_chinese_number(_strip_brackets(printed)))
        return ItemNumber(style, value, printed, match.end())
    plain = normalize("NFKC", bare)
    value = int(plain) if plain.isdecimal() else numerals.compute_chinese_number(plain)
    return ItemNumber(style, value, plain, match.end())


def split_glued_digits(mark: ItemNumber, start: int, last: Mapping[str, int]) -> ItemNumber:
    """Return *mark* at offset *start*, but of 11.121人才 behind 10. only 11. if no decimal fits.

    *last* has the last number of each style.
    """
    whole, _dot, _part = mark.no.partition(".")
    fits = mark.value in (1, last.get(mark.style, 0) + 1)
    if mark.style != "dec2" or fits or int(whole) != last.get("num", 0) + 1:
        return mark
    return ItemNumber("num", int(whole), whole, start + len(whole) + 1)


def is_likely_number(mark: ItemNumber, last: Mapping[str, int]) -> bool:
    """Return whether *mark* is a number and not a year: years must be close to *last*."""
    return (
        mark.value not in YEAR_RANGE or abs(mark.value - last.get(mark.style, 0)) <= MAX_YEAR_STEP
    )


def parse_number(no: str) -> int:
    """Return the value of the printed number *no*, of 1.2 the last part; 0 if it is not a number."""
    plain = normalize("NFKC", no).strip("().、")
    last = plain.rpartition(".")[2]
    if last.isdecimal():
        return int(last) if len(last) < 10 else 0
    return (
        numerals.compute_chinese_number(plain) if plain and NUMERAL_CHARS.issuperset(plain) else 0
    )


def split_subtask_number(no: str) -> tuple[int, int]:
    """Return the two values of 11(2), a part of task 11; the second is 0 for a whole task."""
    whole, _bracket, part = normalize("NFKC", no).strip().partition("(")
    return (parse_number(whole), parse_number(part)) if whole and part else (parse_number(no), 0)


def is_next_number(before: tuple[int, int], number: tuple[int, int]) -> bool:
    """Return whether *number* may follow *before*: 12, 12(1) or 11(3) after 11(2)."""
    (task_before, part_before), (task, part) = before, number
    return number == (task_before, part_before + 1) or (task == task_before + 1 and part <= 1)


def is_first_part(before: str, no: str) -> bool:
    """Return whether *no* is the first part of another number than *before* is: 2.1 after 1.3."""
    above, _dot, part = no.rpartition(".")
    return bool(above) and part == "1" and above != before.rpartition(".")[0]


def get_style_rank(style: str) -> int:
    """Return the conventional depth of *style*: 一、 above （一） above 1. above （1）."""
    if style.startswith("dec"):
        return STYLE_RANKS["dec"] * 10 + int(style[3:])
    return STYLE_RANKS[style] * 10


def format_chinese_number(number: int) -> str:
    """Return 二十三 for 23; for numbers from 1 to 9999."""
    numeral, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            numeral += "零" * (gap and bool(numeral)) + CHINESE_DIGITS[digit] + name
        gap = not digit
    return numeral.removeprefix("一") if 10 <= number < 20 else numeral


def _strip_brackets(printed: str) -> str:
    return normalize("NFKC", printed).strip("()")
