"""Display numbers and times as the number format of an Excel cell says."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from plancli.importing.parsing import numbering
from plancli.importing.readers import number_styles

GENERAL_FORMAT = "General"
# The built-in formats that depend on the language, as Excel displays them in Chinese.
CHINESE_FORMATS = {
    "14": "yyyy/m/d", "22": "yyyy/m/d h:mm", "27": "yyyy年m月", "28": "m月d日", "29": "m月d日", "30": "m/d/yy",
    "31": "yyyy年m月d日", "32": "h时mm分", "33": "h时mm分ss秒", "34": "上午/下午h时mm分",
    "35": "上午/下午h时mm分ss秒", "36": "yyyy年m月", "50": "yyyy年m月", "51": "m月d日", "52": "yyyy年m月",
    "53": "m月d日", "54": "m月d日", "55": "上午/下午h时mm分", "56": "上午/下午h时mm分ss秒", "57": "yyyy年m月",
    "58": "m月d日",
}  # fmt: skip
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*+)"|\\(?P<escaped>.)|(?P<skipped>[_*].)|\[(?P<bracket>[^\]]*+)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<time>y+|e+(?![+-])|m+|d+|a{3,4}|h+|s+(?:\.0+)?)"
    r"|(?P<number>[0#?.,%]|E[+-]|/)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
NUMERALS = {"dbnum1": "chineseCounting", "dbnum2": "chineseLegalSimplified"}
WEEKDAYS = "一二三四五六日"
ENGLISH_MONTH = re.compile("m{3,}", re.IGNORECASE)
MAX_FORMAT_LENGTH = 300  # longer ones are no formats
MAX_DECIMALS = 10
LARGEST_NUMBER = 10**15  # Excel has no more digits
SIGNIFICANT_DIGITS = 10  # that Excel displays of a fraction without a format


class _Token(NamedTuple):
    kind: str  # time, number, elapsed, half, text, general, or literal
    text: str


class _Section(NamedTuple):
    """One of the parts of a format that are for different numbers."""

    tokens: list[_Token]
    condition: tuple[str, float] | None
    numerals: str  # number style, or ""


def format_value(value: object, code: str) -> str | None:
    """Return *value*, a number, a time or a text, as displayed; None if *code* says nothing of it."""
    if code == GENERAL_FORMAT or len(code) > MAX_FORMAT_LENGTH:
        return None
    sections = list(_split_sections(code))
    if isinstance(value, str):
        return _format_text(value, sections)
    if isinstance(value, timedelta):
        return _format_elapsed(value, sections[0])
    if isinstance(value, date | time):
        return _format_time(value, sections[0])
    if isinstance(value, int | float):
        return _format_number(value, sections)
    return None


def _split_sections(code: str) -> Iterator[_Section]:
    tokens: list[_Token] = []
    condition, numerals = None, ""
    for match in TOKEN.finditer(code):
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind == "other" and text == ";":
            yield _Section(tokens, condition, numerals)
            tokens, condition, numerals = [], None, ""
        elif kind == "bracket":
            if found := CONDITION.fullmatch(text):
                condition = found[1], float(found[2])
            elif text.lower() in NUMERALS:
                numerals = NUMERALS[text.lower()]
            elif ELAPSED.fullmatch(text):
                tokens.append(_Token("elapsed", text.lower()))
            elif text.startswith("$"):  # a currency, with its language: [$￥-804]
                tokens.append(_Token("literal", text[1:].partition("-")[0]))
        elif kind == "skipped":
            tokens.append(_Token("literal", " " * (text[0] == "_")))
        else:
            is_literal = kind in ("quoted", "escaped", "other")
            tokens.append(_Token("literal" if is_literal else kind, text))
    yield _Section(tokens, condition, numerals)


def _format_text(value: str, sections: list[_Section]) -> str | None:
    """Return a text in the section for texts: the fourth, or a single one with @."""
    section = sections[3] if len(sections) > 3 else sections[-1]
    if not any(token.kind == "text" for token in section.tokens):
        return None
    return "".join(value if token.kind == "text" else token.text for token in section.tokens)


def _format_number(value: int | float, sections: list[_Section]) -> str | None:
    section, is_absolute = _choose_section(value, sections)
    amount = abs(value) if is_absolute else value
    tokens = section.tokens
    at = [n for n, token in enumerate(tokens) if token.kind in ("number", "general", "text")]
    if not tokens:
        return ""
    if not at:
        return "".join(token.text for token in tokens) if len(sections) > 1 else None
    first, last = at[0], at[-1]
    pattern = "".join(token.text for token in tokens[first : last + 1])
    if any(token.kind != "number" for token in tokens[first : last + 1]):
        if first != last:
            return None
        shown = format_general(amount, section.numerals)
    elif "/" in pattern or "e" in pattern.lower():
        return None
    else:
        shown = _format_decimal(amount, pattern)
    before = "".join(token.text for token in tokens[:first])
    after = "".join(token.text for token in tokens[last + 1 :])
    sign = "-" if shown.startswith("-") else ""
    return f"{sign}{before}{shown.removeprefix('-')}{after}".strip()


def _choose_section(value: int | float, sections: list[_Section]) -> tuple[_Section, bool]:
    """Return the section for *value*, and whether that displays it without its sign."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _fulfils(value, *section.condition):
                return section, False
        return numeric[-1], False
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    return numeric[2 if value == 0 and len(numeric) > 2 else 0], False


def _fulfils(value: int | float, sign: str, limit: float) -> bool:
    if value == limit:
        return sign in ("=", "<=", ">=")
    return sign == "<>" or sign[0] == ("<" if value < limit else ">")


def _format_decimal(value: int | float, pattern: str) -> str:
    """Return *value* in a pattern such as #,##0.00%."""
    digits = pattern.replace("%", "")
    whole, _point, decimals = digits.partition(".")
    amount = Decimal(repr(value)) * Decimal(100) ** pattern.count("%")
    while whole.endswith(","):
        whole, amount = whole[:-1], amount / 1000
    if decimals.endswith(","):
        amount /= Decimal(1000) ** (len(decimals) - len(decimals.rstrip(",")))
    decimals = decimals.replace(",", "")[:MAX_DECIMALS]
    if abs(amount) >= LARGEST_NUMBER:
        return format_general(value)
    amount = amount.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    least = sum(char == "0" for char in whole)
    shown = f"{abs(amount):f}"
    integer, _point, fraction = shown.partition(".")
    optional = len(decimals) - len(decimals.rstrip("#?"))
    kept = len(fraction) - optional
    fraction = fraction[:kept] + fraction[kept:].rstrip("0")
    integer = integer.lstrip("0").zfill(least) if integer.strip("0") or least else ""
    if "," in whole:
        integer = f"{int(integer or 0):,}".zfill(least) if integer else integer
    point = "." if "." in digits else ""
    return "-" * (amount < 0) + integer + point + fraction + "%" * pattern.count("%")


def format_general(value: int | float, numerals: str = "") -> str:
    """Return *value* without a format, or in Chinese *numerals*."""
    if numerals and value == int(value):
        return number_styles.format_number(int(value), numerals)
    if isinstance(value, int):
        return str(value)
    return f"{value:.{SIGNIFICANT_DIGITS if abs(value) < 10**SIGNIFICANT_DIGITS else 15}g}"


def _format_elapsed(value: timedelta, section: _Section) -> str | None:
    seconds = round(value.total_seconds())
    units = {"h": 3600, "m": 60, "s": 1}
    parts, rest = [], abs(seconds)
    for token in section.tokens:
        unit = units.get(token.text[:1].lower()) if token.kind in ("elapsed", "time") else None
        if unit:
            parts.append(f"{rest // unit:0{len(token.text.split('.')[0])}}")
            rest %= unit
        elif token.kind in ("time", "number", "half"):
            return None
        else:
            parts.append(token.text)
    return "-" * (seconds < 0) + "".join(parts)


def _format_time(value: date | time, section: _Section) -> str | None:
    """Return a date or a time as displayed; a date without its hours if it has none."""
    tokens = section.tokens
    if not any(token.kind in ("time", "elapsed") for token in tokens):
        return None
    if any(token.kind == "time" and ENGLISH_MONTH.match(token.text) for token in tokens):
        return _format_english_date(value, tokens)
    has_half = any(token.kind == "half" for token in tokens)
    parts = []
    units = [
        (n, token.text[0].lower()) for n, token in enumerate(tokens) if token.kind == "time"
    ]  # m between h and s is minutes
    minutes = {
        n
        for at, (n, unit) in enumerate(units)
        if unit == "m"
        and ((at and units[at - 1][1] == "h") or (at + 1 < len(units) and units[at + 1][1] == "s"))
    }
    for n, token in enumerate(tokens):
        if token.kind == "time":
            part = _format_time_part(value, token.text.lower(), n in minutes, has_half, section)
            if part is None:
                return None
            parts.append(part)
        elif token.kind == "half":
            is_morning = getattr(value, "hour", 0) < 12
            words = ("上午", "下午") if "上" in token.text else ("AM", "PM")
            parts.append(words[0] if is_morning else words[1])
        elif token.kind != "text":
            parts.append(token.text)
    return "".join(parts).strip()


def _format_english_date(value: date | time, tokens: list[_Token]) -> str | None:
    """Return a date that Excel displays as Sep-30, as officials write it."""
    if isinstance(value, time):
        return None
    has_day = any(token.kind == "time" and token.text[0] in "dD" for token in tokens)
    return f"{value.year}年{value.month}月" + f"{value.day}日" * has_day


def _format_time_part(
    value: date | time, unit: str, is_minute: bool, has_half: bool, section: _Section
) -> str | None:
    """Return the year, month and so on of *value*; None if it has none."""
    if unit[0] in "hs" or is_minute:
        moment = value.time() if isinstance(value, datetime) else value
        moment = moment if isinstance(moment, time) else time()
        hour = (moment.hour - 1) % 12 + 1 if has_half else moment.hour
        number = hour if unit[0] == "h" else moment.minute if is_minute else moment.second
        return f"{number:0{min(len(unit.partition('.')[0]), 2)}}"
    if isinstance(value, time):
        return None
    if unit[0] in "ye":
        year = f"{value.year % 100:02}" if unit in ("y", "yy") else f"{value.year:04}"
        return year.translate(number_styles.CHINESE_DIGITS) if section.numerals else year
    if unit[0] == "a" or (unit[0] == "d" and len(unit) > 2):
        return ("星期" if unit in ("aaaa", "dddd") else "周") + WEEKDAYS[value.weekday()]
    number = value.month if unit[0] == "m" else value.day
    return numbering.format_chinese_number(number) if section.numerals else f"{number:0{len(unit)}}"
