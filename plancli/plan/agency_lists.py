"""How bodies stand in a list: what is one name, what looks like one, what neighbours share.

A list of bodies is a row of names with 、 between them, in which a name may leave out what its
neighbour says: 合肥市、淮南市人民政府 is two governments, 省科技厅、工业和信息化厅 two departments.  A phrase for several bodies (各市、县（市、区）人民政府) is one name.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

HAN = "[\u4e00-\u9fff]"
BRACKETS = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "［": "］"}
SEPARATORS = frozenset("、，,；;。\n")
REGION_LEVEL = (
    "(?:设区的?市|地级市|县级市|计划单列市|直辖市|自治[区州县]|特别行政区|市州|州市|市地|地市|盟市|县市区|市县区?|县区|区县|镇街|乡镇"
    "|[省市州盟地县区旗乡镇]|街道)"
)
ZONE_NAME = (
    "(?:新区|[开园示功高经][^、，,；;]{0,8}区)"  # has a committee of its own: joins no levels
)
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
# What a body's name ends in.  The second row is sure enough to end one name before 和 another.
NAME_ENDINGS = (
    "[厅局委办部署院会行社联关站司府处室所队校馆台组团]|公司|集团|大学|中心|法院|检察院|部门|单位|企业|机构|机关"
    "|银行|协会|商会|科协|政协|人大|园区|开发区|高新区|经开区|新区|示范区|试验区|保税区|兵团|军区|电网|石化|移动|联通|电信|铁塔|邮政"
    "|总场|林场|农场|地区|地方|街道|村|中央|[^各]{1,6}[省市州盟县区旗乡镇]|(?:各|有关|相关).*[省市州盟县区旗乡镇地]"
)
SURE_ENDINGS = "[厅局委署部司]|(?<!社)会|办公?室|[省市县区委政]办|政府|公司|集团|法院|检察院|银行|海关|[街办]道?办事处|中心|大学|学院|研究院|医院"
AGENCY_NAME = re.compile(f".*(?:{NAME_ENDINGS})(?:[（(〔][^（）()〔〕]+[）)〕])?")
SURE_NAME = re.compile(f".+(?:{SURE_ENDINGS})(?:[（(〔][^（）()〔〕]+[）)〕])?")
MAX_NAME_LENGTH = 48  # characters of a name

# What has a beginning of its own and borrows none.
OWN_PREFIX = re.compile(
    "省(?!际)|市(?!场|容|政[工公设园管处局集])|县(?!域)|区(?!域)|州|盟|旗|镇|乡(?!村)|街道|自治|国家|国务院|中[央国共]|全国|各|有关|相关|所|其他"
    "|兵团|人民银行|人行|民航|国网|驻|团[省市县区州旗]委|证监|银保监|外汇|铁路|海事|武警"
)
# 合肥市 of 合肥市科技局: a place and what follows it, but not 城市管理局.
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
    """A stretch between separators: what it says, where it begins, the separator before it."""

    text: str
    start: int
    separator: str


def split_names(text: str) -> Iterator[NameSegment]:
    """Yield what stands between the separators of *text*; brackets and phrases stay whole."""
    whole = bytearray(len(text))
    for phrase in COLLECTIVE.finditer(text):
        whole[phrase.start() : phrase.end()] = b"\1" * len(phrase[0])
    start, before, deep = 0, "", 0
    for at, char in enumerate(text):
        if char in BRACKETS:
            deep += 1
        elif deep and char in BRACKETS.values():
            deep -= 1
        elif char in SEPARATORS and not deep and not whole[at]:
            yield NameSegment(text[start:at], start, before)
            start, before = at + 1, char
    yield NameSegment(text[start:], start, before)


def split_conjunction(name: str) -> list[str]:
    """Return the names that 及 or 和 joins: 银保监会及各地区 is two, 文化和旅游厅 is one."""
    names = []
    while joint := next(
        filter(partial(_is_conjunction, name), CONJUNCTION.finditer(name, 0, MAX_NAME_LENGTH * 2)),
        None,
    ):
        names.append(name[: joint.start()])
        name = name[joint.end() :]
    return [*names, name]


def _is_conjunction(name: str, joint: "re.Match[str]") -> bool:
    """Whether what stands before and behind *joint* in *name* are two names."""
    left, right = name[: joint.start()], name[joint.end() :]
    if any(mark in left for mark in BRACKETS) and not _has_closed_brackets(left):
        return False
    phrase = (COLLECTIVE_START.match(right) or COLLECTIVE_END.search(right)) and is_likely_agency(
        left
    )
    return bool(phrase or (SURE_NAME.fullmatch(left) and SURE_NAME.fullmatch(right)))


def is_likely_agency(name: str) -> bool:
    """Whether *name* ends as the names of bodies do."""
    return 1 < len(name) <= MAX_NAME_LENGTH and bool(AGENCY_NAME.fullmatch(name))


def expand_ellipses(names: Sequence[str], places: tuple[str, ...] = ()) -> list[str]:
    """Return the names of one 、-run in full.

    A name that begins with one of *places* (安徽证监局) has its own beginning: it borrows none.
    """
    return _expand_prefixes(_expand_endings(list(names), places), places)


def _expand_endings(names: list[str], places: tuple[str, ...]) -> list[str]:
    """Restore 人民政府 behind each of 合肥市、淮南市人民政府, and 市 in 合肥、淮南市人民政府."""
    ending = ""
    for n, name in reversed(list(enumerate(names))):
        if governed := GOVERNMENT_NAME.fullmatch(name):
            ending = governed[1]
        elif ending and REGION_NAME.fullmatch(name):
            names[n] = name + ending
        elif ending and (name in places or _is_bare_region(name)):
            following = GOVERNMENT_NAME.fullmatch(names[n + 1])
            names[n] = name + (following[0][-len(ending) - 1] if following else "") + ending
        else:
            ending = ""
    return names


def _is_bare_region(name: str) -> bool:
    """Whether *name* may be a place without 市 or 县, as 芜湖 in 芜湖、合肥市人民政府."""
    bare = len(name) == 2 and name.endswith("州")  # 鄂州; a prefecture is 延边州
    return bare or (bool(BARE_REGION.fullmatch(name)) and not is_likely_agency(name))


def _expand_prefixes(names: list[str], places: tuple[str, ...]) -> list[str]:
    """Restore 省 before each of 省科技厅、工业和信息化厅; 部 are the party's: 省委宣传部."""
    for n, name in enumerate(names[1:], 1):
        head = _find_prefix(names[n - 1])
        committee = "党委" if names[n - 1].startswith(f"{head}党委") else "委"
        office = names[n - 1].startswith(head + committee) and PARTY_OFFICE.fullmatch(name)
        party = PARTY_UNIT.fullmatch(name) or office
        alone = OWN_PREFIX.match(name) or REGION_PREFIX.match(name) or name.startswith(places)
        if head and not alone and (party or NEEDS_PREFIX.fullmatch(name)):
            names[n] = head + (committee if party else "") + name
    return names


def _find_prefix(name: str) -> str:
    """Return 省 of 省科技厅 and 省委宣传部, 合肥市 of 合肥市科技局, else ''."""
    if GOVERNMENT_NAME.fullmatch(name) or COLLECTIVE.match(name):
        return ""
    if OWN_PREFIX.match(name) or name.startswith("团"):
        level = LEVEL_PREFIX.match(name)
        return (level[1] or level[2]) if level else ""
    place = REGION_PREFIX.match(name)
    return place[1] if place else ""


def _has_closed_brackets(text: str) -> bool:
    return sum(map(text.count, BRACKETS)) == sum(map(text.count, BRACKETS.values()))
