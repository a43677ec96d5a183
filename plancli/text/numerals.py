"""The number of a heading, in any form people use."""

import re

from plancli.text.normalize import squeeze

NUMERALS = {char: n for n, char in enumerate("零一二三四五六七八九十")}
ONES = "[一二三四五六七八九]"
NUMERAL = rf"(?:\d{{1,4}}|{ONES}?十{ONES}?|{ONES})"
HEADING = re.compile(rf"({NUMERAL})?[.、-]*(?:\(({NUMERAL})\)|(?<=[.-])({NUMERAL}))?、?")


def number(typed: str) -> str:
    """Return a heading's number as ``2.3`` (list and section), ``.3`` or ``2``; else ``""``.

    Reads 二(三), 二、（三）, 2.3, 2-3, （三）, 三 and the like.
    """
    match = HEADING.fullmatch(squeeze(typed))
    if not match or not any(match.groups()):
        return ""
    upper, lower = match[1], match[2] or match[3]
    return (arabic(upper) if upper else "") + (f".{arabic(lower)}" if lower else "")


def arabic(numeral: str) -> str:
    """Return 十二 or 12 as ``12``; numbers below a hundred."""
    if numeral.isdigit():
        return str(int(numeral))
    tens, ten, ones = numeral.rpartition("十")
    tenfold = (NUMERALS[tens] if tens else 1) * 10 if ten else 0
    return str(tenfold + (NUMERALS[ones] if ones else 0))
