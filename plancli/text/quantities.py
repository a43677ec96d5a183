"""Numbers in a plan's words: what it commits to, apart from years, names and what is there already.

A number is a target only where it counts something and nothing around it says otherwise; the rules
are asked in the order in which they stand below.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class What(StrEnum):
    """What a number is."""

    TARGET = "target"  # 新增上云企业6000家
    YEAR = "year"  # a year, a day, a period: 2022年, 6月底前, “十四五”
    ORDINAL = "ordinal"  # 第二届, 1号线, 二期工程
    NAMED = "named"  # part of a name: “24条”, G60, 144小时过境免签
    PRESENT = "present"  # there already, or a condition: 首批18个, 2000万元以上的企业


class Number(NamedTuple):
    """A number as printed, its value and unit, and where it stands in the text.

    1.5万家 is 1.5 and 万家; ``value`` of a range is its lower end.
    """

    words: str
    value: float
    unit: str
    what: What
    start: int
    end: int
    piece: str  # the words around it, from mark to mark


ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
HAN = "[两二三四五六七八九十百千]+|一(?=[番倍成])|(?<=[突超达跨][破过到越])(?=[百千]*[万亿]+元)"
RISE = "百万|千万|百亿|千亿|万亿|万|亿|千|百"  # 1.5万
MEASURES = (
    "%|‰|个百分点|百分点|个工作日|工作日|个小时|小时|分钟|学时|课时|个月|季度|年代|世纪|年|月|日|天|周岁|岁|周"
    "|微克/立方米|毫克/升|吨/年|吨/日|车道公里|平方公里|平方千米|平方米|立方米|公里|千米|海里|米|公顷|亩|万吨级|吨级|吨标准煤|吨标煤|吨|公斤|斤|千克"
    "|千瓦时|千瓦|兆瓦|吉瓦|千伏安|千伏|度|标准箱|标箱|美元|欧元|元|人次|人天|人|名|位|户|家次|家|个|项|条|所|座|场次|场|批次|批|期|件|款"
    "|种|类|套|台套|台|辆|艘|架次|架|列|节|对|支|处|间|栋|幢|床|张|片|株|头|只|羽|趟|班次|班|宗|笔|份|轮|项次|例|起|站|点|亿次|次|届"
    "|级|号|强|倍|番|成|部|本|册|篇|幅|首|门|人份|剂次|剂|颗|孔|眼|口|道|组|队|顿|枚|块|层|国|字|件次|平方|TB|PB|EB|MW|GW|kW|km|P(?![a-zA-Z])"
)
UNIT = f"(?:{RISE})?[余多]?(?:{MEASURES})|(?:{RISE})[余多]?"
NUMBER = re.compile(
    rf"(?P<first>百分之)?(?:(?P<low>{ARABIC})(?P<lowunit>{UNIT})?(?:至|到|—|-|–|~|～)(?={ARABIC}))?"
    rf"(?P<number>{ARABIC}|{HAN})(?P<unit>{UNIT})?"
)
STARTS = re.compile("[\\d一二三四五六七八九十百千两万亿]")  # what a NUMBER begins with
WIDE = {0xFF10 + n: str(n) for n in range(10)} | {0xFF05: "%", 0xFF0E: "."}
IS_WIDE = re.compile(f"[{''.join(map(chr, WIDE))}]")
CODE = re.compile(  # letters and numbers that are one name
    r"(?<![A-Za-z])[A-Za-z]++(?:/[A-Za-z]++)?[ .\-]?\d[\d.\-]*"
    r"|(?<!\d)\d++(?:(?:\+[A-Za-z0-9]+)+|[A-Z](?!W)[A-Za-z0-9]*|×\d+小时)"
)
QUOTED = re.compile("[“「『](?P<said>[^”」』]{1,24})[”」』]|《(?P<title>[^》]{1,120})》")
COMMA = re.compile(r",(?!\d{3})|(?<!\d),")  # but for 1,200
MARKS = "，。；：！？\n"
MARK = re.compile(f"[{MARKS}]")
FAR = 200  # characters, on either side of a number, that a piece may go
RATIO = re.compile(r"(?<![\d.])[\d.]++[:：×]$")  # of 1:18, what stands before 18 stands before 1
BEFORE = ("第", ":", "×")  # what a Chinese numeral without a unit may stand behind; see RATIO
ABOUT = dict.fromkeys(map(ord, "余多"))
DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
EXACT = 15  # characters; a longer number is as exact as a float is
TENS = {"十": 10, "百": 100, "千": 1000}
CHANGED = "提高|提升|增加|扩大|上升|上调|升|增|压缩|压减|缩短|缩减|降低|下降|减少|降|减|优化|调整"


class Seen(NamedTuple):
    """A number and what stands around it."""

    number: str
    unit: str
    before: str  # in its piece of the sentence, up to the number
    after: str  # the text behind it
    piece: str
    quoted: str  # the quoted words that it stands in, if any
    title: bool  # it stands in the title of a document
    code: bool  # with letters, it is one name

    @property
    def arabic(self) -> bool:
        return self.number[:1].isdigit()


Rule = Callable[[Seen], bool]


def _is(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda words: bool(compiled.search(words))


money = _is("元$")
dated = _is("^(?:年|月|日|年代|季度)$")
long_ago = _is(
    "(?:去年|上年|上一年度?|(?<!较)(?<!比)截至|目前|现有|已有|原有|现存|已建成|以来累计|累计已)[^，]*$|[比较][^，]*的$"
)
FROM = _is("(?:由|从)[^，。；]*$")
TO = re.compile(f"[^，。；由从]{{0,8}}?(?:{CHANGED})[^，。；]{{0,2}}[到至为]")
GIVEN = _is("(?:部署|确定|移交|下达|反馈|备案|认定|安排|明确|列入|命名|交办|公布|登记|建成)的$")
REACHED = _is(
    "(?:达到|达|提高到|增加到|扩大到|提升至|提高至|不低于|不少于|超过|突破|控制在|稳定在|保持在|[到至]|[整短缩减低加]为)$"
)
AIDED = _is("给予|奖励|补助|补贴|资助")
COUNTED = re.compile(
    "(?:以[上下][^，。；、]*?|的?[^，。；、\\d]{0,5}(?:企业|项目|品种|园区)[^，。；、]*?)\\d"
)
SIEVED = re.compile("(?:以[上下])?的(?!比|占)")

RULES: tuple[tuple[What, Rule], ...] = (
    (What.PRESENT, lambda it: it.before.endswith(("〔", "[", "［")) or it.before.endswith(("〕", "]", "］"))),
    (What.NAMED, lambda it: it.code),
    (What.YEAR, lambda it: it.quoted in {"十三五", "十四五", "十五五", "十二五", "十一五"}),
    (What.YEAR, lambda it: it.arabic and len(it.number) == 4 and it.number[:2] in {"19", "20"}
     and it.unit in {"", "年"} and not it.quoted and not it.after.startswith("级")),
    (What.NAMED, lambda it: bool(it.quoted) and len(it.quoted) < 13),
    (What.NAMED, lambda it: it.title and it.unit != "年"),
    (What.ORDINAL, lambda it: it.before.endswith("第")),
    (What.NAMED, lambda it: it.unit == "年" and bool(re.match("行动|计划|禁|攻坚|规划", it.after))),
    (What.YEAR, lambda it: dated(it.unit)),
    (What.YEAR, lambda it: it.unit in {"个月", "天", "周"} and bool(re.match("内|之内|时间", it.after))
     and not REACHED(it.before)),
    (What.YEAR, lambda it: it.unit == "世纪"),
    (What.NAMED, lambda it: bool(re.fullmatch("[万亿]级", it.unit))),
    (What.ORDINAL, lambda it: it.unit in {"届", "号"} or (it.unit == "次" and it.before.endswith("届")) or (it.unit == "期" and not it.arabic)
     or (it.unit == "期" and it.after.startswith(("工程", "项目")))),
    (What.PRESENT, lambda it: it.unit == "级" and bool(re.search("[省市县乡]、[^，]*[县乡村]$", it.before))),
    (What.ORDINAL, lambda it: it.unit == "级"),
    (What.NAMED, lambda it: it.unit in {"强", "千伏", "吨级", "万吨级", "千伏安"} and not REACHED(it.before)),
    (What.NAMED, lambda it: it.unit in {"小时", "分钟", "个小时"} and not REACHED(it.before)
     and not re.match("内|以内|之内|以上|左右|以下|[，。；、）)]|$", it.after)),
    (What.NAMED, lambda it: not it.unit and not REACHED(it.before) and it.after[:1] != "×"),
    (What.PRESENT, lambda it: bool(re.search("[每/]$", it.before))),
    (What.PRESENT, lambda it: it.unit in {"%", "‰"} and it.before.endswith("前")),
    (What.PRESENT, lambda it: long_ago(it.before)),
    (What.PRESENT, lambda it: it.unit != "%" and bool(re.search("(?:首批|全[国省市县区])$", it.before))),
    (What.PRESENT, lambda it: bool(re.match("[^，。；]{0,12}对", it.piece)) and "对" in it.before
     and not money(it.unit) and not REACHED(it.before) and bool(re.search(
         "开展|进行|给予|予以|实施|组织|实行|加强|落实", it.after[:40]))),
    (What.PRESENT, lambda it: FROM(it.before) and bool(TO.match(it.after))),
    (What.PRESENT, lambda it: GIVEN(it.before)),
    (What.PRESENT, lambda it: (money(it.unit) and AIDED(it.piece) and not REACHED(it.before)
     and not re.search("发放|投放|标准", it.before)) or (money(it.unit) and "给予" in it.piece)),
    (What.PRESENT, lambda it: money(it.unit) and bool(COUNTED.match(it.after))),
    (What.PRESENT, lambda it: money(it.unit) and bool(SIEVED.match(it.after))),
    (What.PRESENT, lambda it: it.unit in {"岁", "周岁"} and not REACHED(it.before)),
    (What.PRESENT, lambda it: it.before.endswith(("总结", "推广", "消除", "发生", "遏制"))),
    (What.PRESENT, lambda it: it.unit == "个" and it.after.startswith(("续建", "在建"))),
    # what a piece begins with is there: 31个断面…达到
    (What.PRESENT, lambda it: it.arabic and not it.before and it.unit not in {"%", "‰"}
     and bool(re.search("实现|达到?|完成|全部|保持|开展|[建投]", it.after[: len(it.piece)]))),
)  # fmt: skip


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of *text*, in its order.

    Arabic ones all; Chinese ones where they count, order or are quoted, but not 一个, 一批.
    """
    plain = text.translate(WIDE) if IS_WIDE.search(text) else text
    plain = COMMA.sub("，", plain) if "," in plain else plain
    around = _Around(plain)
    for found in _found(plain):
        start, end = found.span()
        if not (found["unit"] or _is_said(found) or around.quotes.get(start)):
            continue  # 长三角
        piece = around.piece(start, end)
        seen = around.seen(found, piece)
        if not (seen.arabic or seen.unit or seen.before.endswith("第") or seen.quoted):
            continue
        what = next((what for what, holds in RULES if holds(seen)), What.TARGET)
        value = _value(found["low"] or found["number"])
        unit = seen.unit.translate(ABOUT)
        yield Number(text[start:end], value, unit, what, start, end, text[piece])


def _is_said(found: "re.Match[str]") -> bool:
    """Whether it may be a number for its form, or for what it stands behind."""
    arabic = found["number"][:1].isdigit()
    return arabic or bool(found["first"]) or found.string.endswith(BEFORE, 0, found.start())


def _found(plain: str) -> Iterator["re.Match[str]"]:
    """Yield what ``NUMBER.finditer`` does, but look only where a number may begin."""
    at = 0
    while start := STARTS.search(plain, at):
        found = NUMBER.match(plain, start.start())
        if found:
            yield found
        at = found.end() if found else start.end()


class _Around:
    """A text, asked what stands around its numbers."""

    def __init__(self, plain: str) -> None:
        self._plain = plain

    @cached_property
    def quotes(self) -> dict[int, "re.Match[str]"]:
        """The quoted words that stand at a place."""
        return {
            at: each
            for each in QUOTED.finditer(self._plain)
            for at in range(each.start() + 1, each.end())
        }

    @cached_property
    def _marks(self) -> list[int]:
        return [each.start() for each in MARK.finditer(self._plain)]

    @cached_property
    def _codes(self) -> set[int]:
        return {at for each in CODE.finditer(self._plain) for at in range(*each.span())}

    def seen(self, found: "re.Match[str]", piece: slice) -> Seen:
        """Return the number *found* with what stands around it in its *piece*."""
        plain, (start, end) = self._plain, found.span()
        quote = self.quotes.get(start)
        return Seen(
            found["number"],
            "%" if found["first"] else found["unit"] or "",
            RATIO.sub("", plain[piece.start : start]),
            plain[end : end + FAR],
            plain[piece],
            (quote["said"] or "") if quote else "",
            bool(quote and quote["title"]),
            found["number"][:1].isdigit() and found.start("number") in self._codes,
        )

    def piece(self, start: int, end: int) -> slice:
        """Return where the piece of a sentence stands, from mark to mark, around a number."""
        before, behind = bisect_left(self._marks, start), bisect_left(self._marks, end)
        first = self._marks[before - 1] + 1 if before else 0
        last = self._marks[behind] if behind < len(self._marks) else end + FAR
        return slice(max(first, start - FAR), min(last, end + FAR))


def _value(number: str) -> float:
    """Return a number as printed, Arabic or Chinese, as a number; of 万亿元 alone it is 1."""
    if not number:
        return 1
    if number[:1].isdigit():
        digits = number.replace(",", "")
        if len(digits) <= EXACT and digits.isdecimal():
            return int(digits)
        value = min(float(digits), sys.float_info.max)
        return int(value) if value.is_integer() and len(digits) <= EXACT else value
    total = digit = 0
    for char in number:
        if char in TENS:
            total += (digit or 1) * TENS[char]
            digit = 0
        elif not digit:  # of two beside each other the first counts: 十四五 is 14, 两三百 is 200
            digit = DIGITS[char]
    return total + digit
