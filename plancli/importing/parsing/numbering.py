"""Numbers before headings and tasks, in the styles of official writing."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

HAN = "[一二三四五六七八九十百千零〇]{1,7}"
NUM = "(?<![0-9０-９])[0-9０-９]{1,5}"
PART = "[0-9０-９]{1,3}"  # of 1.2.3; 2024.5.1 is a day
STYLES = {  # in the order of official writing, the outermost first
    "chapter": f"第[ \u3000]?(?:{HAN}|{NUM})[ \u3000]?(?:[章编篇节]|部分)(?!课)",
    "named": f"(?:任务|事项|举措|工作|项目)(?:{HAN}|{NUM})[：:、]",
    "article": f"第[ \u3000]?(?:{HAN}|{NUM})[ \u3000]?条",
    "han": f"{HAN}[、．.](?!{HAN}[、次])",
    "hanb": f"[（(][ \u3000]?{HAN}[ \u3000]?[）)][、．.]?",
    "dec": f"(?<![0-9０-９]){PART}(?:[.．]{PART}){{1,4}}[、．.]?(?![0-9０-９%％万亿千百个年月日倍元吨米公])",
    "num": f"{NUM}[、．.](?!\\d(?!\\d{{3}}年))",
    "numb": f"[（(][ \u3000]?{NUM}[ \u3000]?[）)][、．.]?",
    "nump": f"{NUM}[）)]",
    "circle": "[①-⑳⑴-⒇㈠-㈩⒈-⒛]",
    "ordinal": f"第{HAN}[，,、]",
    "be": f"{HAN}是(?![否指])",
}
RANK = {style: n for n, style in enumerate(STYLES)}
MARK = re.compile("|".join(f"(?P<{style}>{form})" for style, form in STYLES.items()))
NONE = (0, 0)  # before the first number
DIGITS_IN_CHINESE = "零一二三四五六七八九"
DIGITS = {char: n for n, char in enumerate(DIGITS_IN_CHINESE)} | {"〇": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}
YEARS = range(1900, 2100)
NEAR = 20  # how far a number that may be a year is from the one before it
PLAIN = re.compile("任务|事项|举措|工作|项目|部分|[：:，,第章编篇节条、．.（）()是 \u3000]")


class Mark(NamedTuple):
    """A number before a heading or a task: its style, its value, and how it is cited."""

    style: str
    value: int
    no: str
    end: int  # where it ends in the words


def at(words: str, start: int = 0) -> Mark | None:
    """Return the number that stands at *start* of *words*, if any."""
    found = MARK.match(words, start)
    return of(found) if found else None


def of(found: "re.Match[str]") -> Mark:
    """Return the number that MARK has found."""
    style = found.lastgroup or ""
    said = found[0]
    if style == "dec":
        parts = re.findall("\\d+", normalize("NFKC", said))
        return Mark(f"dec{len(parts)}", int(parts[-1]), ".".join(parts), found.end())
    bare = PLAIN.sub("", said)
    if style == "circle":
        value = int(re.sub("\\D", "", normalize("NFKC", said)) or _han(_inner(said)))
        return Mark(style, value, said, found.end())
    plain = normalize("NFKC", bare)
    value = int(plain) if plain.isdecimal() else _han(plain)
    return Mark(style, value, plain, found.end())


def is_likely(mark: Mark, last: Mapping[str, int]) -> bool:
    """Whether *mark* is a number before an item, or a year, unless it counts on from *last*."""
    return mark.value not in YEARS or abs(mark.value - last.get(mark.style, 0)) <= NEAR


def value(no: str) -> int:
    """Return the number that *no*, as printed, is; of 1.2 the last part; 0 if it is none."""
    plain = normalize("NFKC", no).strip("().、")
    last = plain.rpartition(".")[2]
    if last.isdecimal():
        return int(last) if len(last) < 10 else 0
    return _han(plain) if plain and all(char in DIGITS or char in UNITS for char in plain) else 0


def parts(no: str) -> tuple[int, int]:
    """Return 11(2), a part of task 11, as its two numbers; of a whole task, the second is 0."""
    whole, _bracket, part = normalize("NFKC", no).strip().partition("(")
    return (value(whole), value(part)) if whole and part else (value(no), 0)


def follows(before: tuple[int, int], number: tuple[int, int]) -> bool:
    """Whether *number* may stand after *before*: 12, 12(1) or 11(3) after 11(2)."""
    (whole, part), (here, inner) = before, number
    return number == (whole, part + 1) or (here == whole + 1 and inner <= 1)


def rank(style: str) -> int:
    """Return how deep *style* stands by convention: 一、 above （一） above 1. above （1）."""
    if style.startswith("dec"):
        return RANK["dec"] * 10 + int(style[3:])
    return RANK[style] * 10


def in_chinese(number: int) -> str:
    """Return 23 as 二十三; numbers from 1 to 9999."""
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += "零" * (gap and bool(said)) + DIGITS_IN_CHINESE[digit] + name
        gap = not digit
    return said.removeprefix("一") if 10 <= number < 20 else said


def _inner(said: str) -> str:
    return normalize("NFKC", said).strip("()")


def _han(numeral: str) -> int:
    """Return 二十三 as 23; numerals below ten thousand."""
    total = digit = 0
    for char in numeral:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = digit * 10 + DIGITS.get(char, 0)
    return total + digit
