"""Find the year, publisher and date of a document, and make the entries of its agencies."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from unicodedata import normalize

from plancli.importing.parsing.jurisdiction import COUNTRY, DIVISIONS
from plancli.plan.model import Source
from plancli.registry import agency_kinds, agency_words
from plancli.registry.model import Agency, Region
from plancli.text.numerals import parse_chinese_number

CHINESE_YEAR = re.compile("二[〇○零Ｏ0][〇○零Ｏ0一二三四五六七八九]{2}(?=年)")
YEAR = re.compile("(?<!\\d)(20\\d\\d)(?!\\d)")
# Years in a sentence that say nothing about its plan: a target, the end of a range, another title.
OTHER_YEAR = re.compile(
    "《[^《》]{1,80}》|(?:到|至|力争)\\s?20\\d\\d|[-—–~～至]{1,2}\\s?20\\d\\d|20\\d\\d年?[底末前]"
)
YEAR_IN_SENTENCE = re.compile("(?<!\\d)(20\\d\\d)(?=[年\\-—–~～])")
NUMBER_YEAR = re.compile("[〔\\[(【](20\\d\\d)[〕\\])】]\\s*第?\\s*\\d+\\s*号")
DATE = re.compile(
    "(?<!\\d)(20\\d\\d)\\s*[-年/.]\\s*(\\d{1,2}|[一二三四五六七八九十]{1,2})\\s*[-月/.]\\s*(\\d{1,2}|[一二三四五六七八九十]{1,3})(?!\\d)"
)
DATE_LABELS = (  # the first of them that is there counts, then a date without a label
    re.compile("(?:发布|公布|公开)(?:日期|时间)?】?\\s*[:：]?\\s*$"),
    re.compile(
        "(?<!归档)(?<!施行)(?<!生效)(?<!实施)(?<!更新)(?<!截止)(?:日期|时间)】?\\s*[:：]?\\s*$"
    ),
    re.compile("^[^:：】]*$"),
)
MAX_DATE_LINE = 40  # characters of a line whose date without a label is that of the document
PUBLISHER = re.compile(
    "(?:发布机构|发布单位|发文机关|发文机构|制定机关|信息来源|来源|发布者)】?\\s*[:：]?\\s*([^\\s:：|]{2,30})"
)


def find_year(title: str, about: Sequence[str]) -> int:
    """Return the year of a plan, or 0.

    It is the year in the title, of a range the first, else that of the document's number among the
    lines *about* it, of its notice, of its dates.
    """
    about = [_normalize_digits(line) for line in about]
    notices = [line for line in about if re.search("的通知|的函", line) and "号)的" not in line]
    numbers = [match for line in about if len(line) < 60 and (match := NUMBER_YEAR.search(line))]
    for text in (_normalize_digits(title), *notices[:1]):
        if year := YEAR.search(NUMBER_YEAR.sub("", text)):
            return int(year[1])
    if numbers:
        return int(numbers[0][1])
    if day := find_source(about).date:
        return int(day[:4])
    return next((int(year[1]) for line in about if (year := YEAR.search(line))), 0)


def guess_year(sentences: Iterable[str]) -> tuple[int, str]:
    """Return the year of a plan that only its *sentences* tell, with the words around it.

    It is the first that is no target, else the latest year in the numbers of documents they cite.
    """
    texts = [_normalize_digits(each) for each in sentences]
    for text in texts:
        plain = OTHER_YEAR.sub("", NUMBER_YEAR.sub("", text))
        if year := YEAR_IN_SENTENCE.search(plain):
            return int(year[1]), plain[max(0, year.start() - 8) : year.end() + 8]
    cited = [each for text in texts for each in NUMBER_YEAR.finditer(text)]
    last = max(cited, key=lambda each: int(each[1]), default=None)
    return (int(last[1]), last[0]) if last else (0, "")


def find_source(lines: Iterable[str]) -> Source:
    """Return the publisher and the date in the lines around the tasks.

    The date of publication comes before other dates, which may be those of the signature.
    """
    publisher = ""
    dates: dict[int, str] = {}
    for line in map(_normalize_digits, lines):
        if not publisher and (match := PUBLISHER.search(line)):
            publisher = match[1].strip("《》")
        for match in DATE.finditer(line):
            before = line[max(0, match.start() - 12) : match.start()]
            rank = next((n for n, label in enumerate(DATE_LABELS) if label.search(before)), None)
            is_own_line = len(line) <= MAX_DATE_LINE or match.end() >= len(line.rstrip()) - 1
            if rank is None or (rank == len(DATE_LABELS) - 1 and not is_own_line):
                continue
            if day := _parse_date(match):
                dates.setdefault(rank, day)
    return Source(publisher, dates[min(dates)] if dates else "")


def _normalize_digits(text: str) -> str:
    """Return *text* with plain digits: 2026 for ２０２６ and for 二〇二六年."""
    plain = normalize("NFKC", text)

    def convert_year(match: "re.Match[str]") -> str:
        return "".join(
            str("零一二三四五六七八九".find(char)) if char in "一二三四五六七八九" else "0"
            for char in match[0]
        )

    return CHINESE_YEAR.sub(convert_year, plain)


def _parse_date(match: "re.Match[str]") -> str:
    try:
        year, month, day = (int(parse_chinese_number(part)) for part in match.groups())
        return date(year, month, day).isoformat()
    except ValueError:  # not a valid date
        return ""


def create_agencies(
    names: Iterable[str], regions: Iterable[Region], jurisdiction: str
) -> tuple[Agency, ...]:
    """Return an entry for each of *names*, with the kind that the name tells.

    *jurisdiction*: the region of the plan that names them.
    """
    level = agency_words.COUNTRY if jurisdiction == COUNTRY else ""
    types = {
        word: region.type
        for region in regions
        if region.type in DIVISIONS
        for word in (region.name, *region.aliases)
    }
    return tuple(Agency(name, agency_kinds.classify_agency(name, types, level)) for name in names)
