"""Find numbers in a plan's text and tell targets from years, names and present figures.

A number is a target only where it counts something and nothing around it says otherwise. The rules
are tried in the order in which they are listed.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class NumberKind(StrEnum):
    """What a number is."""

    TARGET = "target"  # 新增上云企业6000家
    YEAR = "year"  # a year, a day, a period: 2022年, 6月底前, “十四五”
    ORDINAL = "ordinal"  # 第二届, 1号线, 二期工程
    NAMED = "named"  # part of a name: “24条”, G60, 144小时过境免签
    PRESENT = "present"  # the present state, or a condition: 首批18个, 2000万元以上的企业


class TextNumber(NamedTuple):
    """A number as printed, with its value, unit and position in the text.

    1.5万家 has value 1.5 and unit 万家; ``value`` of a range is its lower end.
    """

    text: str
    value: float
    unit: str
    kind: NumberKind
    start: int
    end: int
    context: str  # the text around it, between punctuation marks


ARABIC_PATTERN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE_PATTERN = (
    "[两二三四五六七八九十百千]+|一(?=[番倍成])|(?<=[突超达跨][破过到越])(?=[百千]*[万亿]+元)"
)
MULTIPLIERS = "百万|千万|百亿|千亿|万亿|万|亿|千|百"  # 1.5万
MEASURE_WORDS = (
    "%|‰|个百分点|百分点|个工作日|工作日|个小时|小时|分钟|学时|课时|个月|季度|年代|世纪|年|月|日|天|周岁|岁|周"
    "|微克/立方米|毫克/升|吨/年|吨/日|车道公里|平方公里|平方千米|平方米|立方米|公里|千米|海里|米|公顷|亩|万吨级|吨级|吨标准煤|吨标煤|吨|公斤|斤|千克"
    "|千瓦时|千瓦|兆瓦|吉瓦|千伏安|千伏|度|标准箱|标箱|美元|欧元|元|人次|人天|人|名|位|户|家次|家|个|项|条|所|座|场次|场|批次|批|期|件|款"
    "|种|类|套|台套|台|辆|艘|架次|架|列|节|对|支|处|间|栋|幢|床|张|片|株|头|只|羽|趟|班次|班|宗|笔|份|轮|项次|例|起|站|点|亿次|次|届"
    "|级|号|强|倍|番|成|部|本|册|篇|幅|首|门|人份|剂次|剂|颗|孔|眼|口|道|组|队|顿|枚|块|层|国|字|件次|平方|TB|PB|EB|MW|GW|kW|km|P(?![a-zA-Z])"
)
UNIT_PATTERN = f"(?:{MULTIPLIERS})?[余多]?(?:{MEASURE_WORDS})|(?:{MULTIPLIERS})[余多]?"
NUMBER_PATTERN = re.compile(
    rf"(?P<first>百分之)?(?:(?P<low>{ARABIC_PATTERN})(?P<lowunit>{UNIT_PATTERN})?(?:至|到|—|-|–|~|～)(?={ARABIC_PATTERN}))?"
    rf"(?P<number>{ARABIC_PATTERN}|{CHINESE_PATTERN})(?P<unit>{UNIT_PATTERN})?"
)
# What NUMBER_PATTERN may begin with.
NUMBER_START = re.compile("[\\d一二三四五六七八九十百千两万亿]")
HALF_WIDTH_CHARACTERS = {0xFF10 + n: str(n) for n in range(10)} | {0xFF05: "%", 0xFF0E: "."}
WIDE_PATTERN = re.compile(f"[{''.join(map(chr, HALF_WIDTH_CHARACTERS))}]")
CODE_PATTERN = re.compile(  # letters and digits that form one name
    r"(?<![A-Za-z])[A-Za-z]++(?:/[A-Za-z]++)?[ .\-]?\d[\d.\-]*"
    r"|(?<!\d)\d++(?:(?:\+[A-Za-z0-9]+)+|[A-Z](?!W)[A-Za-z0-9]*|×\d+小时)"
)
QUOTATION_PATTERN = re.compile("[“「『](?P<said>[^”」』]{1,24})[”」』]|《(?P<title>[^》]{1,120})》")
COMMA_PATTERN = re.compile(r",(?!\d{3})|(?<!\d),")  # not in 1,200
SENTENCE_MARKS = "，。；：！？\n"
MARK_PATTERN = re.compile(f"[{SENTENCE_MARKS}]")
MAX_CONTEXT = 200  # characters of context on either side of a number
# In 1:18, the text before 18 is the text before 1.
RATIO_PATTERN = re.compile(r"(?<![\d.])[\d.]++[:：×]$")
# A Chinese numeral without a unit counts only behind one of these; see RATIO_PATTERN.
NUMERAL_PREFIXES = ("第", ":", "×")
APPROXIMATION_MARKS = dict.fromkeys(map(ord, "余多"))
CHINESE_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
MAX_EXACT_DIGITS = 15  # characters; longer numbers are as exact as a float
CHINESE_TENS = {"十": 10, "百": 100, "千": 1000}
CHANGE_VERBS = (
    "提高|提升|增加|扩大|上升|上调|升|增|压缩|压减|缩短|缩减|降低|下降|减少|降|减|优化|调整"
)


class NumberContext(NamedTuple):
    """A number and the text around it."""

    number: str
    unit: str
    before: str  # from the last punctuation mark to the number
    after: str  # the text after it
    excerpt: str
    quotation: str  # the quoted words that contain it, if any
    is_in_title: bool  # in the title of a document
    is_code: bool  # one name of letters and digits

    @property
    def is_arabic(self) -> bool:
        return self.number[:1].isdigit()


NumberRule = Callable[[NumberContext], bool]


def _compile_test(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda words: bool(compiled.search(words))


is_money = _compile_test("元$")
is_date_unit = _compile_test("^(?:年|月|日|年代|季度)$")
is_past = _compile_test(
    "(?:去年|上年|上一年度?|(?<!较)(?<!比)截至|目前|现有|已有|原有|现存|已建成|以来累计|累计已)[^，]*$|[比较][^，]*的$"
)
is_after_from = _compile_test("(?:由|从)[^，。；]*$")
CHANGE_TO_PATTERN = re.compile(f"[^，。；由从]{{0,8}}?(?:{CHANGE_VERBS})[^，。；]{{0,2}}[到至为]")
is_after_decision = _compile_test(
    "(?:部署|确定|移交|下达|反馈|备案|认定|安排|明确|列入|命名|交办|公布|登记|建成)的$"
)
is_after_goal_verb = _compile_test(
    "(?:达到|达|提高到|增加到|扩大到|提升至|提高至|不低于|不少于|超过|突破|控制在|稳定在|保持在|[到至]|[整短缩减低加]为)$"
)
is_subsidy = _compile_test("给予|奖励|补助|补贴|资助")
QUALIFIED_NOUN_PATTERN = re.compile(
    "(?:以[上下][^，。；、]*?|的?[^，。；、\\d]{0,5}(?:企业|项目|品种|园区)[^，。；、]*?)\\d"
)
THRESHOLD_PATTERN = re.compile("(?:以[上下])?的(?!比|占)")

NUMBER_RULES: tuple[tuple[NumberKind, NumberRule], ...] = (
    (NumberKind.PRESENT, lambda it: it.before.endswith(("〔", "[", "［")) or it.before.endswith(("〕", "]", "］"))),
    (NumberKind.NAMED, lambda it: it.is_code),
    (NumberKind.YEAR, lambda it: it.quotation in {"十三五", "十四五", "十五五", "十二五", "十一五"}),
    (NumberKind.YEAR, lambda it: it.is_arabic and len(it.number) == 4 and it.number[:2] in {"19", "20"}
     and it.unit in {"", "年"} and not it.quotation and not it.after.startswith("级")),
    (NumberKind.NAMED, lambda it: bool(it.quotation) and len(it.quotation) < 13),
    (NumberKind.NAMED, lambda it: it.is_in_title and it.unit != "年"),
    (NumberKind.ORDINAL, lambda it: it.before.endswith("第")),
    (NumberKind.NAMED, lambda it: it.unit == "年" and bool(re.match("行动|计划|禁|攻坚|规划", it.after))),
    (NumberKind.YEAR, lambda it: is_date_unit(it.unit)),
    (NumberKind.YEAR, lambda it: it.unit in {"个月", "天", "周"} and bool(re.match("内|之内|时间", it.after))
     and not is_after_goal_verb(it.before)),
    (NumberKind.YEAR, lambda it: it.unit == "世纪"),
    (NumberKind.NAMED, lambda it: bool(re.fullmatch("[万亿]级", it.unit))),
    (NumberKind.ORDINAL, lambda it: it.unit in {"届", "号"} or (it.unit == "次" and it.before.endswith("届")) or (it.unit == "期" and not it.is_arabic)
     or (it.unit == "期" and it.after.startswith(("工程", "项目")))),
    (NumberKind.PRESENT, lambda it: it.unit == "级" and bool(re.search("[省市县乡]、[^，]*[县乡村]$", it.before))),
    (NumberKind.ORDINAL, lambda it: it.unit == "级"),
    (NumberKind.NAMED, lambda it: it.unit in {"强", "千伏", "吨级", "万吨级", "千伏安"} and not is_after_goal_verb(it.before)),
    (NumberKind.NAMED, lambda it: it.unit in {"小时", "分钟", "个小时"} and not is_after_goal_verb(it.before)
     and not re.match("内|以内|之内|以上|左右|以下|[，。；、）)]|$", it.after)),
    (NumberKind.NAMED, lambda it: not it.unit and not is_after_goal_verb(it.before) and it.after[:1] != "×"),
    (NumberKind.PRESENT, lambda it: bool(re.search("[每/]$", it.before))),
    (NumberKind.PRESENT, lambda it: it.unit in {"%", "‰"} and it.before.endswith("前")),
    (NumberKind.PRESENT, lambda it: is_past(it.before)),
    (NumberKind.PRESENT, lambda it: it.unit != "%" and bool(re.search("(?:首批|全[国省市县区])$", it.before))),
    (NumberKind.PRESENT, lambda it: bool(re.match("[^，。；]{0,12}对", it.excerpt)) and "对" in it.before
     and not is_money(it.unit) and not is_after_goal_verb(it.before) and bool(re.search(
         "开展|进行|给予|予以|实施|组织|实行|加强|落实", it.after[:40]))),
    (NumberKind.PRESENT, lambda it: is_after_from(it.before) and bool(CHANGE_TO_PATTERN.match(it.after))),
    (NumberKind.PRESENT, lambda it: is_after_decision(it.before)),
    (NumberKind.PRESENT, lambda it: (is_money(it.unit) and is_subsidy(it.excerpt) and not is_after_goal_verb(it.before)
     and not re.search("发放|投放|标准", it.before)) or (is_money(it.unit) and "给予" in it.excerpt)),
    (NumberKind.PRESENT, lambda it: is_money(it.unit) and bool(QUALIFIED_NOUN_PATTERN.match(it.after))),
    (NumberKind.PRESENT, lambda it: is_money(it.unit) and bool(THRESHOLD_PATTERN.match(it.after))),
    (NumberKind.PRESENT, lambda it: it.unit in {"岁", "周岁"} and not is_after_goal_verb(it.before)),
    (NumberKind.PRESENT, lambda it: it.before.endswith(("总结", "推广", "消除", "发生", "遏制"))),
    (NumberKind.PRESENT, lambda it: it.unit == "个" and it.after.startswith(("续建", "在建"))),
    # a number at the beginning of a clause is the present state: 31个断面…达到
    (NumberKind.PRESENT, lambda it: it.is_arabic and not it.before and it.unit not in {"%", "‰"}
     and bool(re.search("实现|达到?|完成|全部|保持|开展|[建投]", it.after[: len(it.excerpt)]))),
)  # fmt: skip


def find_numbers(text: str) -> Iterator[TextNumber]:
    """Yield the numbers of *text* in order.

    All Arabic ones; Chinese ones where they count, order or are quoted, but not 一个, 一批.
    """
    plain = text.translate(HALF_WIDTH_CHARACTERS) if WIDE_PATTERN.search(text) else text
    plain = COMMA_PATTERN.sub("，", plain) if "," in plain else plain
    finder = _ContextFinder(plain)
    for match in _iter_candidates(plain):
        start, end = match.span()
        if not (match["unit"] or _is_number(match) or finder.quotes.get(start)):
            continue  # 长三角
        piece = finder.find_excerpt(start, end)
        context = finder.build_context(match, piece)
        if not (
            context.is_arabic or context.unit or context.before.endswith("第") or context.quotation
        ):
            continue
        kind = next((kind for kind, holds in NUMBER_RULES if holds(context)), NumberKind.TARGET)
        value = _parse_value(match["low"] or match["number"])
        unit = context.unit.translate(APPROXIMATION_MARKS)
        yield TextNumber(text[start:end], value, unit, kind, start, end, text[piece])


def _is_number(match: "re.Match[str]") -> bool:
    """Whether it may be a number, by its form or by the text before it."""
    arabic = match["number"][:1].isdigit()
    return (
        arabic or bool(match["first"]) or match.string.endswith(NUMERAL_PREFIXES, 0, match.start())
    )


def _iter_candidates(plain: str) -> Iterator["re.Match[str]"]:
    """Yield the matches of ``NUMBER_PATTERN``; faster than ``finditer``."""
    at = 0
    while start := NUMBER_START.search(plain, at):
        match = NUMBER_PATTERN.match(plain, start.start())
        if match:
            yield match
        at = match.end() if match else start.end()


class _ContextFinder:
    """A text and the context of its numbers."""

    def __init__(self, plain: str) -> None:
        self._plain = plain

    @cached_property
    def quotes(self) -> dict[int, "re.Match[str]"]:
        """Position -> the quotation that contains it."""
        return {
            at: each
            for each in QUOTATION_PATTERN.finditer(self._plain)
            for at in range(each.start() + 1, each.end())
        }

    @cached_property
    def _mark_positions(self) -> list[int]:
        return [each.start() for each in MARK_PATTERN.finditer(self._plain)]

    @cached_property
    def _code_positions(self) -> set[int]:
        return {at for each in CODE_PATTERN.finditer(self._plain) for at in range(*each.span())}

    def build_context(self, match: "re.Match[str]", piece: slice) -> NumberContext:
        """Return the context of the number *match* in its *piece* of the text."""
        plain, (start, end) = self._plain, match.span()
        quote = self.quotes.get(start)
        return NumberContext(
            match["number"],
            "%" if match["first"] else match["unit"] or "",
            RATIO_PATTERN.sub("", plain[piece.start : start]),
            plain[end : end + MAX_CONTEXT],
            plain[piece],
            (quote["said"] or "") if quote else "",
            bool(quote and quote["title"]),
            match["number"][:1].isdigit() and match.start("number") in self._code_positions,
        )

    def find_excerpt(self, start: int, end: int) -> slice:
        """Return the range from the punctuation mark before a number to the one after it."""
        before, behind = (
            bisect_left(self._mark_positions, start),
            bisect_left(self._mark_positions, end),
        )
        first = self._mark_positions[before - 1] + 1 if before else 0
        last = (
            self._mark_positions[behind]
            if behind < len(self._mark_positions)
            else end + MAX_CONTEXT
        )
        return slice(max(first, start - MAX_CONTEXT), min(last, end + MAX_CONTEXT))


def _parse_value(number: str) -> float:
    """Return the value of a number as printed, Arabic or Chinese; 1 for 万亿元 alone."""
    if not number:
        return 1
    if number[:1].isdigit():
        digits = number.replace(",", "")
        if len(digits) <= MAX_EXACT_DIGITS and digits.isdecimal():
            return int(digits)
        value = min(float(digits), sys.float_info.max)
        return int(value) if value.is_integer() and len(digits) <= MAX_EXACT_DIGITS else value
    total = digit = 0
    for char in number:
        if char in CHINESE_TENS:
            total += (digit or 1) * CHINESE_TENS[char]
            digit = 0
        elif not digit:  # of two adjacent digits the first counts: 十四五 is 14, 两三百 is 200
            digit = CHINESE_DIGITS[char]
    return total + digit
