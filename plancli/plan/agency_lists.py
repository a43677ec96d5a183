"""Split lists of agency names and complete the names that are abbreviated in them.

Names in a list are separated by 、; a name may omit a part that its neighbour has:
合肥市、淮南市人民政府 is two governments, 省科技厅、工业和信息化厅 two departments.  The name of a
collective agency (各市、县（市、区）人民政府) is one name although it contains separators.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

HAN = "[\u4e00-\u9fff]"
BRACKETS = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "［": "］"}
SEPARATORS = frozenset("、，,；;。\n")
REGION_LEVEL = (
    "(?:设区的?市|地级市|县级市|计划单列市|直辖市|自治[区州县]|特别行政区|市州|州市|市地|地市|盟市|县市区|市县区?|县区|区县|镇街|乡镇"
    "|[省市州盟地县区旗乡镇]|街道)"
)
# A zone has its own committee and is not a region level.
ZONE_NAME = "(?:新区|[开园示功高经][^、，,；;]{0,8}区)"
INNER_BRACKET = "(?:[（(〔][^（）()〔〕]{1,16}[）)〕])?"  # （市、区）
ALL_PREFIX = "(?:全[国省市县区])?(?:各|有关|相关|其他|所有|沿[江淮海线边])(?:有关|相关)?"
AFTER_COLLECTIVE = "(?=[、，,；;。和及（(〔]|人民政府|政府|级|党|委|管委|按|牵头|负责|配合|参与|落实|分工|共同|等|$)"
COLLECTIVE = re.compile(
    f"{ALL_PREFIX}{HAN}{{0,4}}?(?:{REGION_LEVEL}|{ZONE_NAME}){INNER_BRACKET}{AFTER_COLLECTIVE}(?:(?:、|和|及){REGION_LEVEL}{INNER_BRACKET}{AFTER_COLLECTIVE})*"
)
COLLECTIVE_START = re.compile(
    f"(?:国务院|国家|中央|省|市|县|区|省直|市直|本级)?(?:{ALL_PREFIX}|所在|当地|属地|本地)"
)
COLLECTIVE_END = re.compile("(?:成员|有关|相关)单位$|(?:有关|相关)部门(?:和单位)?$")
CONJUNCTION = re.compile("以及|及其他|[及和与]")
# Endings of agency names.  SURE_ENDINGS are reliable enough to split two names at 和.
NAME_ENDINGS = (
    "[厅局委办部署院会行社联关站司府处室所队校馆台组团]|公司|集团|大学|中心|法院|检察院|部门|单位|企业|机构|机关"
    "|银行|协会|商会|科协|政协|人大|园区|开发区|高新区|经开区|新区|示范区|试验区|保税区|兵团|军区|电网|石化|移动|联通|电信|铁塔|邮政"
    "|总场|林场|农场|地区|地方|街道|村|中央|[^各]{1,6}[省市州盟县区旗乡镇]|(?:各|有关|相关).*[省市州盟县区旗乡镇地]"
)
SURE_ENDINGS = "[厅局委署部司]|(?<!社)会|办公?室|[省市县区委政]办|政府|公司|集团|法院|检察院|银行|海关|[街办]道?办事处|中心|大学|学院|研究院|医院"
AGENCY_NAME = re.compile(f".*(?:{NAME_ENDINGS})(?:[（(〔][^（）()〔〕]+[）)〕])?")
SURE_NAME = re.compile(f".+(?:{SURE_ENDINGS})(?:[（(〔][^（）()〔〕]+[）)〕])?")
MAX_NAME_LENGTH = 48  # characters
PREFIX_SIZES = range(2, 12)  # characters of a region's name before that of an agency

# Names that begin so are complete: they take no prefix from the name before.
OWN_PREFIX = re.compile(
    "省(?!际)|市(?!场|容|政[工公设园管处局集])|县(?!域)|区(?!域)|州|盟|旗|镇|乡(?!村)|街道|自治|国家|国务院|中[央国共]|全国|各|有关|相关|所|其他"
    "|兵团|人民银行|人行|民航|国网|驻|团[省市县区州旗]委|证监|银保监|外汇|铁路|海事|武警"
    "|公安.{2,}分局|.{2,}街道办"
)
# Matches 合肥市 in 合肥市科技局, but nothing in 城市管理局.
REGION_PREFIX = re.compile(
    f"({HAN}{{1,7}}?(?:自治[区州县旗]|(?<![城都超])市(?!场|容|政[工公设园管处局集])|省|县|州|盟|旗|(?<![园社灾景库辖片城郊地军])区(?!域)))(?={HAN}{{2}})"
)
LEVEL_PREFIX = re.compile(
    "([省市县区州盟旗镇]|乡(?!村)|街道|自治[区州县旗]|兵团)(?:委(?!员))?(?=..)|团([省市县区州旗])委$"
)
NEEDS_PREFIX = re.compile(
    "..+[厅局委办]|..+办公室|科协|妇联|残联|文联|社科联|工商联|总工会|贸促会|红十字会|供销社|..+中心|..+[所站]|武装部|社科院|法院|检察院"
)
PARTY_UNIT = re.compile("(组织|宣传|统战|社会工作)部|政法委|老干部局|政研室|党校")
PARTY_OFFICE = re.compile(
    "(人才|网信|编|台|财经|改革|农|军民融合|国安|巡视|文明|机要|保密|依法治[省市县])办"
)
GOVERNMENT_NAME = re.compile(
    ".*?(?:[市州县区盟旗镇乡城园]|街道)(人民政府|政府|行政公署|行署|管委会|管理委员会|办事处)"
)
REGION_NAME = re.compile("[^省各有相].*(?:[市县区盟旗镇乡城园]|街道|(?<=..)州)")
BARE_REGION = re.compile(f"(?![各有相省市县区州])(?:{HAN}{{1,3}}[^省市盟县区旗])")


class NameSegment(NamedTuple):
    """The text between two separators, its offset, and the separator before it."""

    text: str
    start: int
    separator: str


def split_names(text: str) -> Iterator[NameSegment]:
    """Yield the segments of *text*; brackets and collective agencies are not split."""
    protected = bytearray(len(text))
    for phrase in COLLECTIVE.finditer(text):
        protected[phrase.start() : phrase.end()] = b"\1" * len(phrase[0])
    start, separator, depth = 0, "", 0
    for index, char in enumerate(text):
        if char in BRACKETS:
            depth += 1
        elif depth and char in BRACKETS.values():
            depth -= 1
        elif char in SEPARATORS and not depth and not protected[index]:
            yield NameSegment(text[start:index], start, separator)
            start, separator = index + 1, char
    yield NameSegment(text[start:], start, separator)


def split_conjunction(name: str) -> list[str]:
    """Split names joined by 及 or 和: 银保监会及各地区 is two, 文化和旅游厅 is one."""
    names = []
    while joint := next(
        filter(partial(_is_conjunction, name), CONJUNCTION.finditer(name, 0, MAX_NAME_LENGTH * 2)),
        None,
    ):
        names.append(name[: joint.start()])
        name = name[joint.end() :]
    return [*names, name]


def _is_conjunction(name: str, joint: "re.Match[str]") -> bool:
    """Return whether *joint* separates two names in *name*."""
    left, right = name[: joint.start()], name[joint.end() :]
    if any(mark in left for mark in BRACKETS) and not _has_closed_brackets(left):
        return False
    if SURE_NAME.fullmatch(left) and SURE_NAME.fullmatch(right):
        return True
    is_collective = COLLECTIVE_START.match(right) or COLLECTIVE_END.search(right)
    return bool(is_collective) and is_likely_agency(left)


def is_likely_agency(name: str) -> bool:
    """Return whether *name* ends like the name of an agency."""
    return 1 < len(name) <= MAX_NAME_LENGTH and bool(AGENCY_NAME.fullmatch(name))


def expand_ellipses(names: Sequence[str], region_words: Collection[str] = ()) -> list[str]:
    """Return the complete names of a list separated by 、.

    A name that begins with one of *region_words* (安徽证监局) is complete and takes no prefix.
    """
    return _expand_prefixes(_expand_endings(list(names), region_words), region_words)


def _expand_endings(names: list[str], region_words: Collection[str]) -> list[str]:
    """Add 人民政府 to each of 合肥市、淮南市人民政府, and 市 in 合肥、淮南市人民政府."""
    ending = ""
    for index, name in reversed(list(enumerate(names))):
        if government := GOVERNMENT_NAME.fullmatch(name):
            ending = government[1]
        elif ending and REGION_NAME.fullmatch(name):
            names[index] = name + ending
        elif ending and (name in region_words or _is_bare_region(name)):
            following = GOVERNMENT_NAME.fullmatch(names[index + 1])
            names[index] = name + (following[0][-len(ending) - 1] if following else "") + ending
        else:
            ending = ""
    return names


def _is_bare_region(name: str) -> bool:
    """Return whether *name* may be a region without 市 or 县, as 芜湖 in 芜湖、合肥市人民政府."""
    is_short_city = len(name) == 2 and name.endswith("州")  # 鄂州; a prefecture is 延边州
    return is_short_city or (bool(BARE_REGION.fullmatch(name)) and not is_likely_agency(name))


def _expand_prefixes(names: list[str], region_words: Collection[str]) -> list[str]:
    """Add 省 to each of 省科技厅、工业和信息化厅; departments called 部 get 省委 (省委宣传部)."""
    for index, name in enumerate(names[1:], 1):
        prefix = _find_prefix(names[index - 1])
        committee = "党委" if names[index - 1].startswith(f"{prefix}党委") else "委"
        is_office = names[index - 1].startswith(prefix + committee) and PARTY_OFFICE.fullmatch(name)
        is_party = PARTY_UNIT.fullmatch(name) or is_office
        is_complete = (
            OWN_PREFIX.match(name)
            or REGION_PREFIX.match(name)
            or any(name[:size] in region_words for size in PREFIX_SIZES)
        )
        if prefix and not is_complete and (is_party or NEEDS_PREFIX.fullmatch(name)):
            names[index] = prefix + (committee if is_party else "") + name
    return names


def _find_prefix(name: str) -> str:
    """Return the prefix of *name*: 省 of 省科技厅 and 省委宣传部, 合肥市 of 合肥市科技局, else ''."""
    if GOVERNMENT_NAME.fullmatch(name) or COLLECTIVE.match(name):
        return ""
    if OWN_PREFIX.match(name) or name.startswith("团"):
        level = LEVEL_PREFIX.match(name)
        return (level[1] or level[2]) if level else ""
    region = REGION_PREFIX.match(name)
    return region[1] if region else ""


def _has_closed_brackets(text: str) -> bool:
    return sum(map(text.count, BRACKETS)) == sum(map(text.count, BRACKETS.values()))
