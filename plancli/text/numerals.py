"""Parse Chinese numerals, and the numbers of sections in any form people use."""

import re

from plancli.text.normalize import normalize_key

DIGIT_VALUES = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000}
ONES = "[一二三四五六七八九]"
NUMERAL_PATTERN = (  # 12, 一千零二十, 二三 (digit by digit)
    rf"(?:\d{{1,5}}|(?=[零一二三四五六七八九十百千])(?:{ONES}千)?零?(?:{ONES}?百)?零?(?:{ONES}?十)?{ONES}?"
    rf"|{ONES}[〇零一二三四五六七八九]{{1,3}})"
)
HEADING_NUMBER_PATTERN = re.compile(
    rf"({NUMERAL_PATTERN})?[.、-]*(?:\(({NUMERAL_PATTERN})\)|(?<=[.-])({NUMERAL_PATTERN}))?、?"
)


def parse_heading_number(typed: str) -> str:
    """Return the number of a list or section as ``2.3``, ``.3`` or ``2``; else ``""``.

    Reads 二(三), 二、（三）, 2.3, 2-3, （三）, 三 and the like.
    """
    match = HEADING_NUMBER_PATTERN.fullmatch(normalize_key(typed))
    if not match or not any(match.groups()):
        return ""
    upper, lower = match[1], match[2] or match[3]
    return (parse_chinese_number(upper) if upper else "") + (
        f".{parse_chinese_number(lower)}" if lower else ""
    )


def parse_chinese_number(numeral: str) -> str:
    """Return 十二 or 12 as ``12``, 一千零二十 as ``1020``; for numbers below ten thousand."""
    return str(int(numeral) if numeral.isdecimal() else compute_chinese_number(numeral))


def compute_chinese_number(numeral: str) -> int:
    """Return 23 for 二十三; for numerals below ten thousand."""
    total = digit = 0
    for char in numeral:
        if char in UNIT_VALUES:
            total += (digit or 1) * UNIT_VALUES[char]
            digit = 0
        else:
            digit = digit * 10 + DIGIT_VALUES.get(char, 0)
    return total + digit
