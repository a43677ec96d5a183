"""Find the year, jurisdiction, publisher and date of a document."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from plancli.plan.model import Source
from plancli.registry import agency_kinds, agency_words
from plancli.registry.model import Agency, Region, RegionType, Registry

YEAR = re.compile("([2２][0０]\\d\\d)年?")
DATE = re.compile("(20\\d\\d)\\s*[-年/.]\\s*(\\d{1,2})\\s*[-月/.]\\s*(\\d{1,2})")
PUBLISHER = re.compile(
    "(?:发布机构|发布单位|发文机关|信息来源|来源|发布者)\\s*[:：]\\s*([^\\s:：|]{2,30})"
)
JURISDICTION = re.compile(
    "^(?:关于印发|关于)?《?(?P<name>(?![全本我自各])[\u4e00-\u9fff]{1,10}?(?P<level>壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|省|市|县|州|盟|区|旗))"
)
NATIONAL_NAMES = re.compile("国务院|国家|全国|中共中央|中央|国办")
REGION_LEVELS = {
    "省": RegionType.PROVINCE, "自治区": RegionType.PROVINCE, "壮族自治区": RegionType.PROVINCE, "回族自治区": RegionType.PROVINCE,
    "维吾尔自治区": RegionType.PROVINCE, "市": RegionType.CITY, "州": RegionType.CITY, "盟": RegionType.CITY, "自治州": RegionType.CITY,
    "县": RegionType.COUNTY, "区": RegionType.COUNTY, "旗": RegionType.COUNTY, "自治县": RegionType.COUNTY,
}  # fmt: skip
LEVEL_ENDINGS = tuple("省市县区州盟旗")
LEVELS = frozenset(LEVEL_ENDINGS)  # 云溪 of 云溪县 is not 云溪区
MAX_DIVISION_NAME = 15  # characters
MINISTRY_IN_CLAUSE = re.compile(
    "[、，,（(](?:国家发展改革委|发展改革委|财政部|工业和信息化部|教育部|科技部)"
)
LOCAL_AGENCY_IN_CLAUSE = re.compile(
    "[、，,；;：（(](?:省|[市县区](?![场政容域]))[^、，,]{2,40}?[厅局委办]"
)
ETHNIC_GROUPS = "壮|回|维吾尔|藏|苗|侗|彝|土家|仡佬|布依|傣|黎|畲|瑶|满|蒙古|朝鲜|哈萨克|白|哈尼|傈僳|佤|拉祜|水|纳西|羌|土|达斡尔|仫佬|毛南|景颇|柯尔克孜"
DIVISIONS = (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY, RegionType.TOWN)
COUNTRY = "全国"
UNKNOWN_JURISDICTION = "未注明"


def find_year(title: str, others: Iterable[str]) -> int:
    """Return the year in the title, else the first year in *others*, else 0."""
    for text in (title, *others):
        if year := YEAR.search(text):
            return int(year[1])
    return 0


def find_source(lines: Iterable[str], title: str) -> Source:
    """Return the publisher and the date in the lines around the tasks."""
    publisher = published = ""
    for line in lines:
        if not publisher and (match := PUBLISHER.search(line)):
            publisher = match[1].strip("《》")
        if not published and (match := DATE.search(line)):
            published = _parse_date(match)
    return Source(publisher, published)


def find_jurisdiction(
    lines: Iterable[str], clauses: Iterable[str], registry: Registry
) -> tuple[str, Region | None]:
    """Return the jurisdiction, and a new entry for it if the registry has none.

    It is found in the first of *lines* (the title, then others around the tasks) that gives it;
    else it is the country if *clauses* name ministries and no local agencies.
    """
    names: dict[str, list[Region]] = {}
    for region in registry.regions:
        for word in (region.name, *region.aliases) if region.type in DIVISIONS else ():
            names.setdefault(word, []).append(region)
    for line in lines:
        bare = re.sub("^(?:关于印发|关于|中共)?《?", "", line)
        if found := _find_leading_region(bare, names):
            return found, None
        if match := JURISDICTION.match(bare):
            return match["name"], Region(match["name"], REGION_LEVELS[match["level"]])
        if NATIONAL_NAMES.match(bare):
            return COUNTRY, None
    if _is_national(clauses):
        return COUNTRY, None
    return UNKNOWN_JURISDICTION, Region(UNKNOWN_JURISDICTION, RegionType.AREA)


def _find_leading_region(line: str, names: Mapping[str, Sequence[Region]]) -> str:
    """Return the last of the divisions at the beginning of *line*: 蜀山区 of 合肥市蜀山区, or ''."""
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
            if len(regions) == 1 and is_complete and line[at + size : at + size + 1] not in LEVELS:
                found, at = regions[0].name, at + size
                break
        else:
            return found


def _is_national(clauses: Iterable[str]) -> bool:
    """Return whether the clauses name ministries and no local agencies."""
    text = "、".join(clauses)
    return bool(MINISTRY_IN_CLAUSE.search(text)) and not LOCAL_AGENCY_IN_CLAUSE.search(text)


def _parse_date(match: "re.Match[str]") -> str:
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:  # not a valid date
        return ""


def strip_region_suffix(region: str) -> str:
    """Return the name of a region as used in names of agencies: 道真 for 道真仡佬族苗族自治县."""
    return (
        re.sub(f"(?:(?:{ETHNIC_GROUPS})族)*(?:自治[区州县]|[省市县区州盟旗])$", "", region)
        or region
    )


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
