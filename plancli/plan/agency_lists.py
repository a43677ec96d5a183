"""Split lists of agency names and complete the names that are abbreviated in them.

Names in a list are separated by 、; a name may omit a part that its neighbour has:
合肥市、淮南市人民政府 is two governments, 省科技厅、工业和信息化厅 two departments.  The name of a
collective agency (各市、县（市、区）人民政府) is one name although it contains separators.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from plancli.text.brackets import find_unbalanced_marks

HAN = "[\u4e00-\u9fff]"
BRACKETS = {
    "（": "）",
    "(": ")",
    "〔": "〕",
    "[": "]",
    "【": "】",
    "［": "］",
    "〖": "〗",
    "﹝": "﹞",
}
# Angles are brackets only in pairs, within a name: < is less than, too.
ANGLES = {"<": ">", "＜": "＞", "〈": "〉", "﹤": "﹥", "\u2329": "\u232a", "⟨": "⟩"}
OPENING_MARKS, CLOSING_MARKS = (*BRACKETS, *ANGLES), (*BRACKETS.values(), *ANGLES.values())
OPENING, CLOSING = ("".join(map(re.escape, marks)) for marks in (OPENING_MARKS, CLOSING_MARKS))
BRACKET_MARKS = "".join((*OPENING_MARKS, *CLOSING_MARKS))
ANGLE_MARKS = "".join(ANGLES), "".join(ANGLES.values())
ANGLED = re.compile(
    f"[{ANGLE_MARKS[0]}][^{''.join(ANGLE_MARKS)}。；;\\n]{{1,40}}[{ANGLE_MARKS[1]}]"
)
SEPARATORS = frozenset("、，,；;。\n")
REGION_LEVEL = (
    "(?:设区的?市|地级市|县级市|计划单列市|直辖市|自治[区州县]|特别行政区|市州|州市|市地|地市|盟市|县市区|市县区?|县区|区县|镇街|乡镇"
    "|[省市州盟地县区旗乡镇]|街道)"
)
# A zone has its own committee and is not a region level.
ZONE_NAME = "(?:新区|[开园示功高经][^、，,；;]{0,8}区)"
INNER_BRACKET = f"(?:[{OPENING}][^{OPENING}{CLOSING}]{{1,16}}[{CLOSING}])?"  # （市、区）
ALL_PREFIX = "(?:全[国省市县区])?(?:各|有关|相关|其他|所有|沿[江淮海线边]|[\\d一二三四五六七八九十两]{1,3}个)(?:有关|相关)?"
AFTER_COLLECTIVE = f"(?=[、，,；;。和及{OPENING}]|人民政府|政府|级|党|委|管委|按|牵头|负责|配合|参与|落实|分工|共同|等|$)"
COLLECTIVE = re.compile(
    f"{ALL_PREFIX}{HAN}{{0,4}}?(?:{REGION_LEVEL}|{ZONE_NAME}){INNER_BRACKET}{AFTER_COLLECTIVE}(?:(?:、|和|及){REGION_LEVEL}{INNER_BRACKET}{AFTER_COLLECTIVE})*"
)
COLLECTIVE_START = re.compile(
    f"(?:国务院|国家|中央|省|市|县|区|省直|市直|本级)?(?:{ALL_PREFIX}|所在|当地|属地|本地)"
)
GENERAL_END = re.compile(".+(?:部门|单位|机构|企业|机关|院校|高校|组织|团体)")
LEVEL_OFFICE = re.compile("[省市县区州盟旗].+办")
COLLECTIVE_END = re.compile("(?:成员|有关|相关)单位$|(?:有关|相关)部门(?:和单位)?$")
CONJUNCTION = re.compile("以及|及其他|[及和与或]")
# Endings of agency names.  SURE_ENDINGS are reliable enough to split two names at 和.
NAME_ENDINGS = (
    "[厅局委办部署院会行社联关站司府处室所队校馆台组团]|(?<![学专本内外儿妇骨眼牙百])科|(?<![控参])股|(?:[高临].|产业|科技|工业|物流)园|公司|集团|大学|中心|法院|检察院|部门|单位|企业|[国央民]企|属地|机构|机关|组织|团体|院所|专班"
    "|银行|协会|商会|(?:计生|[科作文侨记消残美书音剧影摄曲舞体律青老慈法])协|政协|人大|园区|开发区|高新区|经开区|新区|示范区|试验区|保税区|兵团|军区|电网|石化|移动|联通|电信|铁塔|邮政"
    "|总场|林场|农场|机场|运营商|主体|镇街|国家公园|地区|地方|街道|村|中央|[^各]{1,6}[省市州盟县区旗乡镇]|(?:各|有关|相关).*[省市州盟县区旗乡镇地]"
)
SURE_ENDINGS = "[厅局委署部司]|(?<!社)会|办公?室|[省市县区委政]办|政府|公司|集团|法院|检察院|银行|海关|[街办]道?办事处|中心|大学|学院|研究院|医院"
NAME_NOTE = f"(?:[{OPENING}][^{OPENING}{CLOSING}]+[{CLOSING}])?"  # a bracket after a name
NOTE_AT_END = re.compile(f"(?<=.)[{OPENING}][^{OPENING}{CLOSING}]+[{CLOSING}]$")
AGENCY_NAME = re.compile(f".*(?:{NAME_ENDINGS}){NAME_NOTE}")
SURE_NAME = re.compile(f".+(?:{SURE_ENDINGS}){NAME_NOTE}")
# Names of offices: a list without a verb that has none of them may not be of those responsible.
OFFICE_NAME = re.compile(
    ".*(?:[厅局委办部署]|政府|办公室|管委会|党工委|法院|检察院|总工会|妇联|残联|科协|工商联|文联|[省市县区州旗]属国企|红十字会|小组|指挥部|专班|工作组|街道|部门|单位"
    "|海关|总队|支队|乡镇|镇街|[县区]{2}|各[^、]*[省市县区州镇乡]|各地|各级|[^各]{1,6}[市县区州盟旗镇乡])"
    f"{NAME_NOTE}"
)
# Fields of government, by which agencies are named in short: 工信、财政、发改等部门.
FIELDS = (
    "工信|工业和信息化|财政|发改|发展改革|教育|公安|民政|司法|人社|人力社保|人力资源社会保障|自然资源|自规|资规|规划|生态环境|环保"
    "|住建|住房城乡建设|建设|城乡建设|交通|交通运输|水利|水务|农业|农业农村|商务|文旅|文化旅游|文化|旅游|卫健|卫生健康|卫生|应急|应急管理|审计"
    "|国资|市监|市场监管|统计|医保|城管|城市管理|综合执法|金融|税务|科技|林业|林草|园林|体育|信访|退役军人|消防|气象|海关|海事|邮政|通信"
    "|电力|民宗|统战|宣传|网信|组织|编办|数据|政务服务|行政审批|机关事务|粮食|能源|知识产权|药监|检察|法院|残联|妇联|工会|共青团|团委"
)
FIELD = f"(?:自治区|各级|[省市县区州旗镇乡])?(?:{FIELDS})"
FIELD_NAME = re.compile(f"{FIELD}(?:部门)?")
# At least two fields before 部门; 市 in 市城管、住建部门.
FIELD_LIST = re.compile(
    f"(?:^|(?<=[、，,；;：:]))(?:{FIELD}(?:、|和|及|以及|与)){{1,20}}{FIELD}等?(?:有关|相关|主管|职能|行业|行政){{0,2}}部门"
)
MAX_NAME_LENGTH = 48  # characters
PREFIX_SIZES = range(2, 12)  # characters of a region's name before that of an agency

# What begins with a ministry is its office in a region: 交通运输部上海海事局, 水利部淮委.
MINISTRIES = (
    "教育|科技|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源(?:和)?社会保障|自然资源|生态环境"
    "|住房(?:和)?城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理"
)
# Names that begin so are complete: they take no prefix from the name before.
OWN_PREFIX = re.compile(
    "省(?!际)|市(?!场|容|政[工公设园管处局集])|县(?!域)|区(?!域)|州|盟|旗|镇|乡(?!村)|街道|自治|国家|国务院|中[央国共]|全国|各|有关|相关|所|其他"
    "|兵团|人民银行|人行|民航|国网|驻|团[省市县区州旗]委|证监|银保监|外汇|铁路|海事|武警"
    f"|(?:{MINISTRIES})部(?![门队])(?=..)|[^、]{{2,8}}(?:总局|总署)(?=..)"
    "|公安.{2,}分局|.{2,}街道办"
)
# Matches 合肥市 in 合肥市科技局, but nothing in 城市管理局.
REGION_PREFIX = re.compile(
    f"({HAN}{{1,7}}?(?:自治[区州县旗]|(?<![城都超])市(?!场|容|政[工公设园管处局集])|省|县|州|盟|旗|(?<![园社灾景库辖片城郊地军])区(?!域)))(?={HAN}{{2}})"
)
LEVEL_PREFIX = re.compile(
    "([省市县区州盟旗镇]|乡(?!村)|街道|自治[区州县旗]|兵团)(?:委(?!员))?(?=..)|团([省市县区州旗])委$"
)
# Kinds of agencies that every level has: such a name takes the prefix of the name before it.
NEEDS_PREFIX = re.compile(
    "..+[厅局委办]|[建经计科农教体商规纪监]委|[外侨]办|..+办公室|..+(?<!研究)(?<!事务)(?<!交易)[所站]|科协|妇联|残联|文联|社科联|工商联|总工会|贸促会|红十字会|供销社|武装部|社科院|法院|检察院"
)
# Offices of one place of their own (佛子岭水库管理局) are kept as printed.
PLACE_OFFICE = re.compile(
    "..+(?:水库|[湖河江山港]|流域|灌区|景区|保护区|林区|机场|口岸|矿区)(?:管理|事务|发展)?(?:局|委员会)|..+(?:海事局|海警局|证监局|银保监局|专员办)"
)
# Centres and stations with the name of a function are of the level of their list in all likelihood;
# others (青禾医院管理中心) are of none.
MAY_NEED_PREFIX = re.compile(
    "(?:大?数据|政务|公共资源|疾病?预?防?控制?|医疗?保障?|应急|融媒体?|农技|农业|就业|社会?保障?|人才|公积金|住房|信用|信息|行政审批|招商|投资"
    "|不动产|环境|卫生|种子|植保|质量|计量|气象|水文|殡葬|救助).{0,8}中心|..+(?:事务|促进|执法)中心"
)
# Kinds that are of no level, or whose names are complete: the prefix of the list passes over them.
NO_PREFIX = re.compile(
    ".+(?:医院|中心|公司|集团|园区|学会|协会|商会|海关|银行|大学|学院|学校|研究院|研究所|[所站馆队])"
)
GOVERNMENTS = "人民政府|政府|管委会|管理委员会|办事处|行政公署"
PARTY_COMMITTEE = "党委|党工委|工委|(?<=[省市县区州盟旗镇乡])委"
PARTY_AND_GOVERNMENT = re.compile(
    f"(?<=.)(?:{PARTY_COMMITTEE})(?P<joint>以及|[和及与]?)(?=(?:[省市县区州盟旗镇乡])?(?:{GOVERNMENTS})$)"
)
COMMITTEE_NAME = re.compile("(..*?)(?:党委|党工委|工委|(?<=[省市县区州盟旗镇乡])委)")
PARTY_UNIT = re.compile("(组织|宣传|统战|社会工作)部|政法委|老干部局|政研室|党校")
PARTY_OFFICE = re.compile(
    "(人才|网信|编|台|财经|改革|农|军民融合|国安|巡视|文明|机要|保密|依法治[省市县])办"
)
GOVERNMENT_NAME = re.compile(
    ".*?(?:[市州县区盟旗镇乡城园]|街道)(人民政府|政府|行政公署|行署|管委会|管理委员会|办事处)"
)
REGION_NAME = re.compile("[^省各有相].*(?:[市县区盟旗镇乡城园]|街道|(?<=..)州)")
SEVERAL_LEVELS = re.compile("[省市州盟县区旗乡镇]{2,}")  # 市州、县市区人民政府
# Endings that only some regions have; 合肥高新区管委会 says nothing of 芜湖 before it.
OWN_GOVERNMENTS = {
    "办事处": re.compile("(?:街道?|地区|办)$"),
    "管委会": re.compile("(?:..区|[园城])$"),
    "管理委员会": re.compile("(?:..区|[园城])$"),
}
LEVELS = frozenset("省市县区州盟旗镇乡")  # 市、县党委和政府
BARE_REGION = re.compile(f"(?![各有相省市县区州])(?:{HAN}{{1,3}}[^省市盟县区旗])")


class NameSegment(NamedTuple):
    """The text between two separators, its offset, and the separator before it."""

    text: str
    start: int
    separator: str


def split_names(text: str) -> Iterator[NameSegment]:
    """Yield the segments of *text*; brackets and collective agencies are not split."""
    protected = bytearray(len(text))
    for form in (COLLECTIVE, ANGLED):
        for phrase in form.finditer(text):
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
    if pair := PARTY_AND_GOVERNMENT.search(name):  # 高新区党工委和管委会
        head, government = name[: pair.start("joint")], name[pair.end() :]
        return [*split_conjunction(head), government]
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
    if not has_closed_brackets(left):
        return False
    if SURE_NAME.fullmatch(left) and SURE_NAME.fullmatch(right):
        return True
    # 县金融办及银行部门
    is_office = SURE_NAME.fullmatch(left) or LEVEL_OFFICE.fullmatch(left)
    is_other = (
        GENERAL_END.fullmatch(right)
        or REGION_NAME.fullmatch(right)  # 各县政府和高新区、经开区管委会
        or ("及" in joint[0] and is_likely_agency(right))
    )
    if is_office and is_other:
        return True
    is_collective = COLLECTIVE_START.match(right) or COLLECTIVE_END.search(right)
    return bool(is_collective) and is_likely_agency(left)


def is_likely_agency(name: str) -> bool:
    """Return whether *name* ends like the name of an agency."""
    return 1 < len(name) <= MAX_NAME_LENGTH and bool(AGENCY_NAME.fullmatch(name))


def is_field_name(name: str) -> bool:
    """Return whether *name* says only the field of an agency: 工信, 市城管, 财政部门."""
    return bool(FIELD_NAME.fullmatch(name))


def find_likely_names(text: str) -> list[str]:
    """Return the segments of *text* that end like names of agencies."""
    segments = (each.text.strip() for each in split_names(text))
    return [name for name in segments if is_likely_agency(name)]


def expand_ellipses(names: Sequence[str], region_words: Collection[str] = ()) -> list[str]:
    """Return the complete names of a list separated by 、.

    A name that begins with one of *region_words* (安徽证监局) is complete and takes no prefix.
    """
    complete = _expand_endings(_expand_governments(names), region_words)
    return _expand_prefixes(complete, region_words)


def is_likely_of_level(name: str) -> bool:
    """Whether the completion of *name* is likely, not sure: 大数据中心 after 市发展改革委."""
    return bool(MAY_NEED_PREFIX.fullmatch(name))


def share_committees(names: Sequence[str]) -> list[tuple[int, str]]:
    """Return *names* with 党委 and 政府 for each region of 甲县、乙县党委、政府, and their indices.

    Two names of the result, 甲县党委 and 政府, may come from one of *names*.
    """
    found: list[tuple[int, str]] = []
    shared: tuple[str, str] | None = None
    for index in reversed(range(len(names))):
        name = names[index]
        committee = COMMITTEE_NAME.fullmatch(names[index - 1]) if index else None
        if committee and _is_government_of(name, committee[1]):
            shared = names[index - 1][len(committee[1]) :], name
            found.append((index, name))
        elif shared and COMMITTEE_NAME.fullmatch(name) and found[-1][1] == shared[1]:
            found.append((index, name))
        elif shared and (REGION_NAME.fullmatch(name) or name in LEVELS):
            found += [(index, shared[1]), (index, name + shared[0])]
        else:
            shared = None
            found.append((index, name))
    return found[::-1]


def _is_government_of(name: str, region: str) -> bool:
    """Whether *name* is a government without its region, or with the end of *region*.

    So are 县政府 after 泗县县委 and 区政府 after 各区委.
    """
    is_doubled = region[-2:] == name[:1] * 2
    repeats = is_doubled or (region[-1:] == name[:1] and region[:1] in "各有相")
    return bool(re.fullmatch(GOVERNMENTS, name[1:] if repeats else name))


def _expand_governments(names: Sequence[str]) -> list[str]:
    """Add the region of 各县（市、区）党委 to 人民政府 after it, that of 高新区党工委 to 管委会."""
    complete = list(names)
    for index, name in enumerate(complete[1:], 1):
        committee = COMMITTEE_NAME.fullmatch(complete[index - 1])
        if committee and _is_government_of(name, committee[1]):
            complete[index] = committee[1] + name.removeprefix(committee[1][-1])
    return complete


def _expand_endings(names: list[str], region_words: Collection[str]) -> list[str]:
    """Add 人民政府 to each of 合肥市、淮南市人民政府, and 市 in 合肥、淮南市人民政府."""
    ending = ""
    for index, name in reversed(list(enumerate(names))):
        if government := GOVERNMENT_NAME.fullmatch(name):
            ending = government[1]
        elif (committee := COMMITTEE_NAME.fullmatch(name)) and len(committee[1]) > 1:
            ending = name[len(committee[1]) :]
        elif ending and (REGION_NAME.fullmatch(name) or SEVERAL_LEVELS.fullmatch(name)):
            names[index] = name + ending * _may_end_in(name, ending)
        elif ending and (name in region_words or is_bare_region(name)):
            following = GOVERNMENT_NAME.fullmatch(names[index + 1])
            level = following[0][-len(ending) - 1] if following else ""
            names[index] = name if ending in OWN_GOVERNMENTS else name + level + ending
        else:
            ending = ""
    return names


def _may_end_in(region: str, ending: str) -> bool:
    """Return whether *region* is of a kind whose government is called so: no 合肥市管委会."""
    kinds = OWN_GOVERNMENTS.get(ending)
    return kinds is None or bool(kinds.search(region))


def is_bare_region(name: str) -> bool:
    """Return whether *name* may be a region without 市 or 县, as 芜湖 in 芜湖、合肥市人民政府."""
    is_short_city = len(name) == 2 and name.endswith("州")  # 鄂州; a prefecture is 延边州
    return is_short_city or (bool(BARE_REGION.fullmatch(name)) and not is_likely_agency(name))


def _expand_prefixes(names: list[str], region_words: Collection[str]) -> list[str]:
    """Add 省 to each of 省科技厅、工业和信息化厅; departments called 部 get 省委 (省委宣传部)."""
    prefix = ""
    for index, name in enumerate(names[1:], 1):
        before = names[index - 1]
        if not (prefix and _has_no_level(before, region_words)):
            prefix = _find_prefix(before)
        committee = "党委" if names[index - 1].startswith(f"{prefix}党委") else "委"
        is_after_party = names[index - 1].startswith((prefix + committee, f"{prefix}纪委"))
        is_office = is_after_party and PARTY_OFFICE.fullmatch(name)
        is_party = PARTY_UNIT.fullmatch(name) or is_office
        is_complete = (
            OWN_PREFIX.match(name)
            or REGION_PREFIX.match(name)
            or PLACE_OFFICE.fullmatch(name)
            or any(name[:size] in region_words for size in PREFIX_SIZES)
        )
        plain = NOTE_AT_END.sub("", name)  # 规划局（国土局）
        needs_prefix = NEEDS_PREFIX.fullmatch(plain) or MAY_NEED_PREFIX.fullmatch(plain)
        if prefix and not is_complete and (is_party or needs_prefix):
            names[index] = prefix + (committee if is_party else "") + name
    return names


def _has_no_level(name: str, region_words: Collection[str]) -> bool:
    """Return whether *name* is of a kind without a level, and names none: 青禾医院."""
    is_of_region = REGION_PREFIX.match(name) or name[:2] in region_words
    return bool(NO_PREFIX.fullmatch(name)) and not (OWN_PREFIX.match(name) or is_of_region)


def _find_prefix(name: str) -> str:
    """Return the prefix of *name*: 省 of 省科技厅 and 省委宣传部, 合肥市 of 合肥市科技局, else ''."""
    name = NOTE_AT_END.sub("", name)
    if GOVERNMENT_NAME.fullmatch(name) or COLLECTIVE.match(name):
        return ""
    if OWN_PREFIX.match(name) or name.startswith("团"):
        level = LEVEL_PREFIX.match(name)
        return (level[1] or level[2]) if level else ""
    region = REGION_PREFIX.match(name)
    return region[1] if region else ""


def find_balanced_part(text: str) -> tuple[int, int]:
    """Return the bounds of what is behind a bracket left open in *text*, or before one not opened."""
    marks = find_unbalanced_marks(text, OPENING_MARKS, CLOSING_MARKS)
    if marks and text[marks[0]] in CLOSING_MARKS:
        return 0, marks[0]
    return (marks[-1] + 1 if marks else 0), len(text)


def has_closed_brackets(text: str) -> bool:
    """Return whether *text* has as many closing brackets as opening ones."""
    return all(
        sum(map(text.count, pairs)) == sum(map(text.count, pairs.values()))
        for pairs in (BRACKETS, ANGLES)
    )
