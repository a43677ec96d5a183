"""Find whose plan a document is: the country, a province, a city, a county or a township."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from plancli.errors import NotFound
from plancli.i18n import _
from plancli.plan import word_borders
from plancli.registry import agency_functions, region_names
from plancli.registry.model import Region, RegionType, Registry
from plancli.text.normalize import fold

COUNTRY = "全国"
UNKNOWN_JURISDICTION = "未注明"
DIVISIONS = (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY, RegionType.TOWN)
REGION_LEVELS = {
    "省": RegionType.PROVINCE, "自治区": RegionType.PROVINCE, "市": RegionType.CITY, "州": RegionType.CITY,
    "盟": RegionType.CITY, "自治州": RegionType.CITY, "县": RegionType.COUNTY, "区": RegionType.COUNTY,
    "旗": RegionType.COUNTY, "自治县": RegionType.COUNTY, "自治旗": RegionType.COUNTY, "镇": RegionType.TOWN,
    "乡": RegionType.TOWN, "街道": RegionType.TOWN,
}  # fmt: skip
DIVISION_NAME = re.compile(
    "(?![全本我自各有该])(?P<stem>[\u3400-\u9fff]{1,10}?)(?P<level>自治[区州县旗]|街道|[省市县州盟区旗镇乡])"
)
LEVEL_ENDINGS = tuple("省市县区州盟旗镇乡")
LEVELS = frozenset("省市县区州盟旗")  # 云溪 of 云溪县 is not 云溪区
# 湖南镇 is a town, 湖南乡村 is not.
TOWN_LEVEL = re.compile("街道|[镇乡](?![村镇域土贤亲愁音情企])")
MAX_DIVISION_NAME = 15  # characters
MAX_STEM = 4  # characters of a name that is not in the registry: 道真 for an autonomous county
EXAMPLE_NAMES = "某甲乙丙丁"  # 某县: single characters name no other division that is unknown
COMMON_WORD_COST = 21  # 推动, 加快, 城市: words that do not begin the name of a division
# The last character of a name begins another word: 区域, 县域, 市场, 市民 (but 市民政局).
WORD_GOES_ON = re.compile(
    "域|场|块|间|际|容|貌|价|值|长|民(?!政|族|宗|兵|主|营|生)|村(?!镇|民|委)|政(?!府|协|数|务|法)|品|情"
)
LEADING_WORDS = re.compile(
    "^(?:[^:：]{2,8}[:：]|[∙•·\\s]*【[^】]{2,8}】|[《〈“]|[^〔〕]{2,8}〔20\\d\\d〕\\d+号|中共|关于|印发|转发|公布|发布|下达|20\\d\\d年度?)+"
)
NATIONAL_NAMES = re.compile("国务院|国家|全国|中共中央|中央|国办")
ISSUER = re.compile("(.{2,20}?)(?:等(?:.{1,3}个?)?(?:部门|单位)|办公厅|关于|印发|$|\\s)")
MINISTRY = re.compile("(?!.*(?:组织|宣传|统战|武装|社会工作))(.+?)(?:部|总局|总署|署)")
MINISTRY_IN_CLAUSE = re.compile(
    "[、，,（(](?:国家发展改革委|发展改革委|财政部|工业和信息化部|教育部|科技部)"
)
LOCAL_AGENCY_IN_CLAUSE = re.compile(
    "[、，,；;：（(](?:省|[市县区](?![场政容域]))[^、，,]{2,40}?[厅局委办]"
)
ETHNIC_GROUPS = "壮|回|维吾尔|藏|苗|侗|彝|土家|仡佬|布依|傣|黎|畲|瑶|满|蒙古|朝鲜|哈萨克|白|哈尼|傈僳|佤|拉祜|水|纳西|羌|土|达斡尔|仫佬|毛南|景颇|柯尔克孜"
# The numbers of documents that only a province has; 宁政 is also Nanjing's, 青政 also Qingdao's.
DOCUMENT_NUMBER = re.compile(
    "(?P<abbr>[京津冀晋内辽吉黑苏浙皖闽赣鲁豫鄂湘桂云藏陕甘](?=政)|[沪粤琼渝川黔](?=府))"
    "[政府][\u4e00-\u9fff]{1,6}[〔\\[(【]20\\d\\d[〕\\])】]"
)


def resolve_jurisdiction(typed: str, registry: Registry) -> tuple[str, Region | None]:
    """Return the jurisdiction that a user gave, and a new entry for it if the registry has none.

    Only a town may be new, and a division behind the one that it is in: 安徽省白鹭市.
    Errors: NotFound if it is none of these.
    """
    name = typed.strip()
    if name in (COUNTRY, "国家", "中国"):
        return COUNTRY, None
    types = {each.name: each.type for each in registry.regions}
    meaning = region_names.find_region_meaning(registry, name)
    if len(meaning.names) == 1 and types.get(meaning.names[0]) in (*DIVISIONS, RegionType.AREA):
        return meaning.names[0], None
    names = _collect_names(registry)
    above, at = _find_leading_region(name, names)
    match = DIVISION_NAME.fullmatch(name[at:])
    if not meaning.names and match and _is_new_name(name[at:] + "人民政府", match, names):
        level = REGION_LEVELS[match["level"]]
        if above or level is RegionType.TOWN:
            return match[0], Region(match[0], level, (above,) if above else ())
    near = meaning.names or region_names.suggest_region_names(registry, name)
    raise NotFound(
        _("{name}: no such province, city or county").format(name=name or "“”"),
        hint=_(
            "--jurisdiction names whose plan it is, --year its year, --id its id; similar: {names}; "
            "a new one is given behind its province or city: 安徽省白鹭市"
        ).format(names="、".join(near))
        if near
        else _(
            "--jurisdiction names whose plan it is (安徽, 肥西县), --year its year, --id its id; "
            "a new one is given behind its province or city: 安徽省白鹭市"
        ),
    )


def find_jurisdiction(
    lines: Iterable[str], clauses: Iterable[str], registry: Registry
) -> tuple[str, Region | None]:
    """Return the jurisdiction, and a new entry for it if the registry has none.

    It is found in the first of *lines* (the title, then those around the tasks) that begins with
    it, else in the number of the document; else it is the country if *clauses* name ministries and
    no local agencies.
    """
    lines = [fold(line).strip() for line in lines]
    for line in lines:
        found, region = find_in_line(line, registry)
        if found:
            return found, region
    if found := _find_by_number(lines, registry):
        return found, None
    if _is_national(clauses):
        return COUNTRY, None
    return UNKNOWN_JURISDICTION, Region(UNKNOWN_JURISDICTION, RegionType.AREA)


def find_in_line(line: str, registry: Registry) -> tuple[str, Region | None]:
    """Return the jurisdiction that *line* begins with or '', and a new entry if it is unknown."""
    bare = LEADING_WORDS.sub("", fold(line).strip())
    found, region = _find_division(bare, _collect_names(registry))
    if not found and (NATIONAL_NAMES.match(bare) or _is_ministry(bare)):
        return COUNTRY, None
    return found, region


@lru_cache(maxsize=1)
def _collect_names(registry: Registry) -> dict[str, list[Region]]:
    names: dict[str, list[Region]] = {}
    for region in registry.regions:
        for word in (region.name, *region.aliases) if region.type in DIVISIONS else ():
            names.setdefault(word, []).append(region)
    return names


def _find_leading_region(line: str, names: Mapping[str, Sequence[Region]]) -> tuple[str, int]:
    """Return the last of the divisions at the beginning of *line*, and the offset behind it.

    蜀山区 of 合肥市蜀山区; '' if there is none.
    """
    found, at = "", 0
    while True:
        for size in range(min(MAX_DIVISION_NAME, len(line) - at), 1, -1):
            word = line[at : at + size]
            regions = [each for each in names.get(word, ()) if not found or found in each.parents]
            is_complete = (
                size > 2
                or word.endswith(LEVEL_ENDINGS)
                or (regions and regions[0].type is RegionType.PROVINCE)
            )
            is_whole = not (word.endswith(LEVEL_ENDINGS) and WORD_GOES_ON.match(line, at + size))
            is_whole = is_whole and line[at + size : at + size + 1] not in LEVELS
            is_whole = is_whole and not TOWN_LEVEL.match(line, at + size)
            if len(regions) == 1 and is_complete and is_whole:
                found, at = regions[0].name, at + size
                break
        else:
            return found, at


def _find_division(line: str, names: Mapping[str, Sequence[Region]]) -> tuple[str, Region | None]:
    """Return the division at the beginning of *line*, and a new entry for it if it is unknown.

    A town may follow the division that it is in: 上海市浦东新区张江镇.
    """
    found, at = _find_leading_region(line, names)
    rest = line[at:]
    match = DIVISION_NAME.match(rest)
    is_own = match and REGION_LEVELS[match["level"]] is RegionType.TOWN if found else match
    if match and is_own and (match[0] in names or _is_new_name(rest, match, names)):
        parents = (found,) if found else ()
        return match[0], Region(match[0], REGION_LEVELS[match["level"]], parents)
    return found, None


def _is_new_name(line: str, match: "re.Match[str]", names: Mapping[str, Sequence[Region]]) -> bool:
    """Return whether *match*, at the beginning of *line*, is a division's name by its form.

    It is named as divisions are, and no word goes on behind it: 推动区域 and 城市更新 name none.
    """
    stem = re.sub(f"(?:(?:{ETHNIC_GROUPS})族)+$", "", match["stem"])
    costs = word_borders.load_word_borders().costs
    if WORD_GOES_ON.match(line, match.end()) or len(stem) > MAX_STEM:
        return False
    if stem[:1] in LEVELS:
        return False  # 县示范区 is a zone of the county
    if stem in names and match["level"] in ("镇", "乡", "街道"):
        return bool(TOWN_LEVEL.match(line, match.end("stem")))  # 湖南镇
    if len(stem) == 1:
        return stem in EXAMPLE_NAMES
    return f"{stem[-1]}{match['level']}" not in costs and not any(
        costs.get(stem[:size], COMMON_WORD_COST + 1) <= COMMON_WORD_COST
        for size in range(2, len(stem) + 1)
    )


def _is_ministry(line: str) -> bool:
    """Return whether *line* begins with a ministry that issues the document, or signs it."""
    issuer = ISSUER.match(line)
    ministry = issuer and MINISTRY.fullmatch(issuer[1])
    return bool(ministry and agency_functions.split_functions(ministry[1]))


def _find_by_number(lines: Iterable[str], registry: Registry) -> str:
    """Return the province whose document number is among *lines* (皖政办〔2025〕3号), or ''."""
    for match in _iter_number_matches(lines):
        for region in registry.regions:
            if region.type is RegionType.PROVINCE and match["abbr"] in _get_abbreviations(region):
                return region.name
    return ""


def _get_abbreviations(region: Region) -> tuple[str, ...]:
    """Return the characters for a province in numbers of documents: 内政 for 内蒙古."""
    return ("内",) if "蒙" in region.abbr else region.abbr


def _iter_number_matches(lines: Iterable[str]) -> Iterator["re.Match[str]"]:
    for line in lines:
        bare = re.sub("^[^:：]{1,8}[:：]\\s*", "", line)
        if match := DOCUMENT_NUMBER.match(bare):
            yield match


def _is_national(clauses: Iterable[str]) -> bool:
    """Return whether the clauses name ministries and no local agencies."""
    text = "、".join(clauses)
    return bool(MINISTRY_IN_CLAUSE.search(text)) and not LOCAL_AGENCY_IN_CLAUSE.search(text)


def strip_region_suffix(region: str) -> str:
    """Return the name of a region as used in names of agencies: 道真 for 道真仡佬族苗族自治县."""
    return (
        re.sub(f"(?:(?:{ETHNIC_GROUPS})族)*(?:自治[区州县旗]|[省市县区州盟旗])$", "", region)
        or region
    )
