"""Numbers before headings and tasks, in the styles of official writing."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

CHINESE_NUMERAL = "[一二三四五六七八九十百千零〇]{1,7}"
ARABIC_NUMERAL = "(?<![0-9０-９])[0-9０-９]{1,5}"
DECIMAL_PART = "[0-9０-９]{1,3}"  # of 1.2.3; 2024.5.1 is a day
NUMBER_STYLES = {  # in the order of official writing, the outermost first
    "chapter": f"第[ \u3000]?(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[ \u3000]?(?:[章编篇节]|部分)(?!课)",
    "named": f"(?:任务|事项|举措|工作|项目)(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[：:、]",
    "article": f"第[ \u3000]?(?:{CHINESE_NUMERAL}|{ARABIC_NUMERAL})[ \u3000]?条",
    "han": f"{CHINESE_NUMERAL}[、．.](?!{CHINESE_NUMERAL}[、次])",
    "hanb": f"[（(][ \u3000]?{CHINESE_NUMERAL}[ \u3000]?[）)][、．.]?",
    "dec": f"(?<![0-9０-９]){DECIMAL_PART}(?:[.．]{DECIMAL_PART}){{1,4}}[、．.]?(?![0-9０-９%％万亿千百个年月日倍元吨米公])",
    "num": f"{ARABIC_NUMERAL}[、．.](?!\\d(?!\\d{{3}}年))",
    "numb": f"[（(][ \u3000]?{ARABIC_NUMERAL}[ \u3000]?[）)][、．.]?",
    "nump": f"{ARABIC_NUMERAL}[）)]",
    "circle": "[①-⑳⑴-⒇㈠-㈩⒈-⒛]",
    "ordinal": f"第{CHINESE_NUMERAL}[，,、]",
    "be": f"{CHINESE_NUMERAL}是(?![否指])",
}
STYLE_RANKS = {style: n for n, style in enumerate(NUMBER_STYLES)}
ITEM_NUMBER = re.compile("|".join(f"(?P<{style}>{form})" for style, form in NUMBER_STYLES.items()))
NO_NUMBER = (0, 0)  # before the first number
CHINESE_DIGITS = "零一二三四五六七八九"
DIGIT_VALUES = {char: n for n, char in enumerate(CHINESE_DIGITS)} | {"〇": 0}
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000}
YEAR_RANGE = range(1900, 2100)
MAX_YEAR_STEP = 20  # how far a number that may be a year is from the one before it
NON_NUMERAL = re.compile("任务|事项|举措|工作|项目|部分|[：:，,第章编篇节条、．.（）()是 \u3000]")


class ItemNumber(NamedTuple):
    """A number before a heading or a task: its style, its value, and how it is cited."""

    style: str
    value: int
    no: str
    end: int  # where it ends in the words


def parse_item_number(words: str, start: int = 0) -> ItemNumber | None:
    """Return the number that stands at *start* of *words*, if any."""
    found = ITEM_NUMBER.match(words, start)
    return parse_number_match(found) if found else None


def parse_number_match(found: "re.Match[str]") -> ItemNumber:
    """Return the number that MARK has found."""
    style = found.lastgroup or ""
    said = found[0]
    if style == "dec":
        parts = re.findall("\\d+", normalize("NFKC", said))
        return ItemNumber(f"dec{len(parts)}", int(parts[-1]), ".".join(parts), found.end())
    bare = NON_NUMERAL.sub("", said)
    if style == "circle":
        value = int(
            re.sub("\\D", "", normalize("NFKC", said))
            or _parse_chinese_number(_strip_brackets(said))
        )
        return ItemNumber(style, value, said, found.end())
    plain = normalize("NFKC", bare)
    value = int(plain) if plain.isdecimal() else _parse_chinese_number(plain)
    return ItemNumber(style, value, plain, found.end())


def is_likely_number(mark: ItemNumber, last: Mapping[str, int]) -> bool:
    """Whether *mark* is a number before an item, or a year, unless it counts on from *last*."""
    return (
        mark.value not in YEAR_RANGE or abs(mark.value - last.get(mark.style, 0)) <= MAX_YEAR_STEP
    )


def parse_number(no: str) -> int:
    """Return the number that *no*, as printed, is; of 1.2 the last part; 0 if it is none."""
    plain = normalize("NFKC", no).strip("().、")
    last = plain.rpartition(".")[2]
    if last.isdecimal():
        return int(last) if len(last) < 10 else 0
    return (
        _parse_chinese_number(plain)
        if plain and all(char in DIGIT_VALUES or char in UNIT_VALUES for char in plain)
        else 0
    )


def split_subtask_number(no: str) -> tuple[int, int]:
    """Return 11(2), a part of task 11, as its two numbers; of a whole task, the second is 0."""
    whole, _bracket, part = normalize("NFKC", no).strip().partition("(")
    return (parse_number(whole), parse_number(part)) if whole and part else (parse_number(no), 0)


def is_next_number(before: tuple[int, int], number: tuple[int, int]) -> bool:
    """Whether *number* may stand after *before*: 12, 12(1) or 11(3) after 11(2)."""
    (whole, part), (here, inner) = before, number
    return number == (whole, part + 1) or (here == whole + 1 and inner <= 1)


def get_style_rank(style: str) -> int:
    """Return how deep *style* stands by convention: 一、 above （一） above 1. above （1）."""
    if style.startswith("dec"):
        return STYLE_RANKS["dec"] * 10 + int(style[3:])
    return STYLE_RANKS[style] * 10


def format_chinese_number(number: int) -> str:
    """Return 23 as 二十三; numbers from 1 to 9999."""
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += "零" * (gap and bool(said)) + CHINESE_DIGITS[digit] + name
        gap = not digit
    return said.removeprefix("一") if 10 <= number < 20 else said


def _strip_brackets(said: str) -> str:
    return normalize("NFKC", said).strip("()")


def _parse_chinese_number(numeral: str) -> int:
    """Return 二十三 as 23; numerals below ten thousand."""
    total = digit = 0
    for char in numeral:
        if char in UNIT_VALUES:
            total += (digit or 1) * UNIT_VALUES[char]
            digit = 0
        else:
            digit = digit * 10 + DIGIT_VALUES.get(char, 0)
    return total + digit
