"""Recognize printed page numbers (— 3 —, 第 3 页 共 9 页, ·3·, 3/9), and a browser's own lines."""

import re
from unicodedata import normalize

MAX_LENGTH = 24  # characters of a page number without spaces
_DASH = r"[-\u2010-\u2015\u2212~·•・._|*]"
_HAN = "[一二三四五六七八九十百]{1,5}"
_DASHES = re.compile(f"{_DASH}{{1,4}}")
_BARE = re.compile(r"\d{1,4}")
_MARKED = re.compile(
    rf"{_DASH}+(?:\d{{1,4}}|{_HAN}|[ivxlc]{{1,6}}){_DASH}+"
    rf"|{_DASH}*第(?:\d{{1,4}}|{_HAN})页(?:[,，/|]?共?(?:\d{{1,4}}|{_HAN})页?)?{_DASH}*"
    rf"|共(?:\d{{1,4}}|{_HAN})页[,，/|]?第(?:\d{{1,4}}|{_HAN})页"
    rf"|{_DASH}*\d{{1,4}}/(?:共?\d{{1,4}}页?){_DASH}*|page\d{{1,4}}(?:of\d{{1,4}})?"
)
_BROWSER = re.compile(  # date and title above, address and number below
    r"\d{1,4}/\d{1,2}/\d{1,4}[,，]?\s*(?:上午|下午)?\s*\d{1,2}:\d{2}.{0,200}"
    r"|.{0,200}(?:https?|file)://\S{3,300}(?:\s+\d{1,4}/\d{1,4})?|about:blank\s+\d{1,4}/\d{1,4}"
)
_HALF = re.compile(rf"(?:{_DASH}+\d{{1,4}}|\d{{1,4}}{_DASH}+)")


def classify_line(line: str) -> str:
    """Return what a line is: "marked" (a page number), "bare" (only digits), "half" (digits and one
    dash), "dashes", or "".
    """
    if len(line) > 4 * MAX_LENGTH:
        return ""
    short = "".join(normalize("NFKC", line).split()).casefold()
    if not 0 < len(short) <= MAX_LENGTH:
        return ""
    for kind, form in (("marked", _MARKED), ("bare", _BARE), ("half", _HALF), ("dashes", _DASHES)):
        if form.fullmatch(short):
            return kind
    return ""


def is_browser_line(line: str) -> bool:
    """Return whether a line is what browsers print above or below each page."""
    return bool(_BROWSER.fullmatch(normalize("NFKC", line[:600])))
