"""Names of other things that hold a region's name: 南京海关, 合肥学院, 芜湖路, 杭州亚运会.

Such a name ends with what the thing is; between the region and the ending stand only words of a
name: no verb, no conjunction, no mark (合肥建设大学城 is not a name).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from plancli.plan import word_borders
from plancli.system import files

FILE = files.DATA_DIR / "other_names.tsv"  # kind, word, characters that do not follow the word
LONGEST_GAP = {"organisation": 14, "company": 20, "event": 18, "street": 3, "water": 0}
# What may stand in a name of the kind although it is a verb elsewhere.
NAME_WORDS = {
    "event": ("地区", "为"),
    "company": ("服务", "企业", "建设", "联合", "保障", "促进", "成功", "为", "以", "至", "启动"),
}
LONGEST_NAME = 24
MARK = re.compile("[^\u4e00-\u9fffA-Za-z0-9()（）]")
TOWNS = (*"镇乡县市区州旗",)  # 云溪县 is not 云溪区
FEATURES = (
    *TOWNS,
    *"山河江湖岛湾关峡岭沟澳陵门峰寺沙鱼戏桥",
)
CITY_FEATURES = (*TOWNS, "关")
ROUTE = re.compile("(?:铁路|高铁|高速|城际|客专|公路|一体化|同城化)")
OUTER = re.compile("(?:、[\u4e00-\u9fff]{2,4})*盆地|油田|煤田|气田|山脉|沙漠|高原")
RIVERS_BEFORE = re.compile("[河江]、$")
WATER = re.compile("(?<=[河江湖])(?:等?流域|水系|整治|治理|[干支]流|[上中下]游|[两沿]岸)")
CENTRE = re.compile("([\u4e00-\u9fff]{0,12}?)中心(?!城|区)")
NATIONAL = re.compile("(?:国家|中国)[\u4e00-\u9fff]{2,8}$")
ORGANISATION = re.compile("(?:大学|学院|学校|研究[院所]|公司|集团|中心|医院|银行|实验室|华为)$")
PUBLISHER = re.compile("[:：][\u4e00-\u9fff]{2,12}出版社")
LONGEST_QUOTE = 12
TITLE = re.compile("《([^《》]{2,8})》")  # of a play: 《我的阿勒泰》; but 《安徽省审计条例》
DOCUMENT = re.compile(
    "(?:条例|办法|规划|方案|意见|通知|规定|细则|报告|目录|清单|纲要|标准|规程|计划|措施|要点|决定|公告"
    "|制度|协议|宣言|行动|共识|倡议|指南|规则|章程|名录|合同|文件)$"
)
QUOTED = re.compile(
    '[“「『"]((?:爱|一键游|一部手机游)[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,8}(?:通|码|办|贷|APP)'
    '|[\u4e00-\u9fff]{2,8}(?=[”」』"](?:移动|手机|政务)?(?:APP|小程序|客户端|公众号|学者)))[”」』"]'
)
OLD = ("老", "小")  # 小草湖, 老解放区
CLOSING, OPENING = "）)", "（("
STREET_GAP = re.compile(
    "(?:[东南西北中]|[一二三四五六七八九十]|国家|森林|湿地|中央|长江|淮河|黄河){0,3}$"
)


class OtherNames(NamedTuple):
    """The endings by kind, what a gap may not hold, and what compounds stand before."""

    endings: tuple[tuple[str, re.Pattern[str]], ...]
    blocker: re.Pattern[str]
    compound: re.Pattern[str]


@cache
def load_other_names() -> OtherNames:
    """Read the file."""
    words: dict[str, list[str]] = {}
    for line in FILE.read_text("utf-8").splitlines():
        kind, word, *not_after = line.split("\t")
        words.setdefault(kind, []).append(word + "".join(f"(?![{each}])" for each in not_after))
    endings = tuple((kind, re.compile("|".join(words[kind]))) for kind in LONGEST_GAP)
    blocker = re.compile("|".join(("\\d+[个家所项座名]", *words["blocker"])))
    compound = re.compile(
        "(?:、[\u4e00-\u9fff]{2,3})*[^，。；、,;]{0,3}(?:" + "|".join(words["compound"]) + ")"
    )
    return OtherNames(endings, blocker, compound)


def is_in_other_name(text: str, begin: int, end: int, starts: Sequence[int]) -> bool:
    """Return whether the region's name at *begin* to *end* is only part of another name.

    *starts*: where regions' names begin; the nearest to the ending is the one in the name.
    """
    known = load_other_names()
    bracketed = text[end : end + 1] in CLOSING and text[begin - 1 : begin] in OPENING
    start = end + 1 if bracketed and end < len(text) else end
    reach = _find_reach(text, start, starts)
    tail = text[start:reach]
    for kind, ending in known.endings:
        found = ending.search(tail)
        if not found or found.start() > LONGEST_GAP[kind]:
            continue
        gap = tail[: found.start()]
        if kind == "water":
            return not bracketed
        if kind == "street":
            if STREET_GAP.match(gap) and not bracketed:
                return True
        elif not _is_blocked(known, gap, kind, text[:begin]):
            return True
    centre = CENTRE.match(tail)
    return centre is not None and (
        known.blocker.search(centre[1]) is None
        if bracketed
        else not centre[1] and NATIONAL.search(text[:begin]) is not None
    )


def is_named_in_marks(text: str, begin: int, end: int) -> bool:
    """Return whether marks show that a name is no region.

    A programme (“爱山东”), a campus (中国石油大学（华东）), a publisher's place (北京：科学出版社),
    the title of a play.
    """
    left, right = text[begin - 1 : begin], text[end : end + 1]
    if PUBLISHER.match(text, end) or _is_in_title(text, begin, end):
        return True
    if left and left in OPENING and right and right in CLOSING:
        return ORGANISATION.search(text[: begin - 1]) is not None
    return any(
        quoted.start(1) <= begin and end <= quoted.end(1)
        for quoted in QUOTED.finditer(text, max(0, begin - LONGEST_QUOTE), end + LONGEST_QUOTE)
    )


def _find_reach(text: str, start: int, starts: Sequence[int]) -> int:
    """Return where a name that continues at *start* ends at the latest."""
    mark = MARK.search(text, start, start + LONGEST_NAME)
    reach = mark.start() if mark else start + LONGEST_NAME
    at = bisect_left(starts, start)
    if at < len(starts) and text[starts[at] - 1] not in OPENING:
        reach = min(reach, starts[at])
    return reach


def _is_blocked(known: OtherNames, gap: str, kind: str, before: str) -> bool:
    if gap[:1] == "和" or before.endswith("等"):
        return True
    blocker = known.blocker.search(gap)
    while blocker and blocker[0] in NAME_WORDS.get(kind, ()):
        blocker = known.blocker.search(gap, blocker.end())
    return blocker is not None


def _is_in_title(text: str, begin: int, end: int) -> bool:
    return any(
        title.start() < begin and end < title.end() and not DOCUMENT.search(title[1])
        for title in TITLE.finditer(text, max(0, begin - LONGEST_QUOTE), end + LONGEST_QUOTE)
    )


def is_before_feature(text: str, end: int, features: Collection[str]) -> bool:
    """Return whether one of the *features* follows a bare name: 贺兰|山, not 榆中|山洪."""
    pair = text[end : end + 2]
    is_word = len(pair) > 1 and pair in word_borders.load_word_borders().costs
    return pair[:1] in features and not is_word


def is_in_wider_place(text: str, begin: int, end: int, abbreviations: Collection[str]) -> bool:
    """Return whether a bare name is only in the name of a basin, a line or an old place.

    鄂尔多斯盆地, 汉巴南铁路, 小草湖; not 建设巴南铁路, whose 设 belongs to a word.
    """
    if OUTER.match(text, end):
        return True
    costs = word_borders.load_word_borders().costs
    before = text[begin - 1 : begin]
    if not before or not "\u4e00" <= before <= "\u9fff" or text[begin - 2 : begin] in costs:
        return False
    if before in OLD:
        return True
    return before in abbreviations and ROUTE.match(text, end) is not None


def is_of_water(text: str, begin: int, end: int, *, at_home: bool) -> bool:
    """Return whether what follows a name speaks of a river or lake: 黑河|流域.

    At home only in a list of rivers: 乌苏里江、牡丹江等流域, but 巢湖流域.
    """
    if not WATER.match(text, end):
        return False
    return not at_home or RIVERS_BEFORE.search(text[max(0, begin - 2) : begin]) is not None


def has_what_compounds_name(text: str, end: int) -> bool:
    """Return whether what a compound names follows: 合新|高铁, 滁宁|、宁马城际."""
    return load_other_names().compound.match(text, end) is not None
