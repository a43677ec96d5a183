"""Parse deadlines as officials write them (6月底前, 第三季度, 2022-06-30) into their last day."""

import re
from calendar import monthrange
from datetime import date

from plancli.text import numerals

YEAR_PART = (
    r"(?:(?:(?P<year>\d{4}|\d{2}(?=年))|(?P<after>[今本明])年?)\s*年?[底末]?\s*[-/.年]?\s*)?"
)
CLOCK_PART = r"(?:\s+[\d:.]+)?"  # dates in Excel may have a time
FULL_DATE = re.compile(
    r"(?P<year>\d{4})\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})" + CLOCK_PART
)
COMPACT_DATE = re.compile(r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})")
YEAR_MONTH = re.compile(r"(?P<year>\d{4})\s*[-/.]\s*(?P<month>\d{1,2})")
MONTH_DAY = re.compile(
    YEAR_PART + r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?(?:24[时点])?" + CLOCK_PART
)
MONTH_ONLY = re.compile(YEAR_PART + r"(?P<month>\d{1,2})\s*月\s*(?:份|底|末|下旬)?")
MONTH_THIRD = re.compile(YEAR_PART + r"(?P<month>\d{1,2})\s*月\s*(?P<tenth>上|中)旬")
QUARTER = re.compile(YEAR_PART + r"[第前]?(?P<quarter>[1-4])个?季度[底末]?")
HALF_YEAR = re.compile(YEAR_PART + r"(?P<half>上|下)半年")
WHOLE_YEAR = re.compile(YEAR_PART + r"(?:年?[底末内]|全年)?")
DEADLINE_FRAME = re.compile(r"^(?:于|在|力争|争取|确保)?|(?:之?前|以前|前后|完成|为止|止|左右)*$")
# Not the 一季 of 一季节.
CHINESE_NUMERAL = re.compile("[一二三四五六七八九十]{1,3}(?=[月日号]|个?季度)")
MAX_DEADLINE_LENGTH = 40  # characters; longer text is a description, not a date
THIRD_ENDS = {"上": 10, "中": 20}


def parse_deadline(words: str, year: int) -> date | None:
    """Return the last day that the deadline *words* allow; *year* applies where they name none.

    None where they name no day: 长期坚持, 持续推进, 每月5日.
    """
    if len(words) > MAX_DEADLINE_LENGTH:
        return None
    deadline = CHINESE_NUMERAL.sub(
        lambda numeral: numerals.parse_chinese_number(numeral[0]),
        DEADLINE_FRAME.sub("", words.strip()),
    )
    for form in (
        FULL_DATE,
        COMPACT_DATE,
        YEAR_MONTH,
        MONTH_DAY,
        MONTH_THIRD,
        MONTH_ONLY,
        QUARTER,
        HALF_YEAR,
        WHOLE_YEAR,
    ):
        if deadline and (match := form.fullmatch(deadline)):
            try:
                return _compute_last_day(
                    {key: value for key, value in match.groupdict().items() if value}, year
                )
            except ValueError:  # 2月30日, 13月
                return None
    return None


def _compute_last_day(parts: dict[str, str], year: int) -> date:
    year = int(parts.get("year", year + (parts.get("after") == "明")))
    year += 2000 * (year < 100)  # 22年
    if "quarter" in parts:
        return _get_month_end(year, 3 * int(parts["quarter"]))
    if "half" in parts:
        return _get_month_end(year, 6 if parts["half"] == "上" else 12)
    month = int(parts.get("month", 12))
    if "tenth" in parts:
        return date(year, month, THIRD_ENDS[parts["tenth"]])
    return date(year, month, int(parts["day"])) if "day" in parts else _get_month_end(year, month)


def _get_month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
