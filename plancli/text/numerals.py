"""Parse Chinese numerals, and the numbers of sections in any form people use."""

import re

from plancli.text.normalize import normalize_key

CHINESE_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九十")}
ONES_PATTERN = "[一二三四五六七八九]"
NUMERAL_PATTERN = rf"(?:\d{{1,4}}|{ONES_PATTERN}?十{ONES_PATTERN}?|{ONES_PATTERN})"
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
    """Return 十二 or 12 as ``12``; numbers below a hundred."""
    if numeral.isdigit():
        return str(int(numeral))
    tens, ten, ones = numeral.rpartition("十")
    tenfold = (CHINESE_DIGITS[tens] if tens else 1) * 10 if ten else 0
    return str(tenfold + (CHINESE_DIGITS[ones] if ones else 0))
