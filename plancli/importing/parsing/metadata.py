"""Find the year, jurisdiction, publisher and date of a document."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from plancli.plan import agency_lists
from plancli.plan.model import Source
from plancli.registry.model import Agency, AgencyKind, Region, RegionType, Registry

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
MINISTRY_IN_CLAUSE = re.compile(
    "[、，,（(](?:国家发展改革委|发展改革委|财政部|工业和信息化部|教育部|科技部)"
)
LOCAL_AGENCY_IN_CLAUSE = re.compile(
    "[、，,；;：（(](?:省|[市县区](?![场政容域]))[^、，,]{2,40}?[厅局委办]"
)
ETHNIC_GROUPS = "壮|回|维吾尔|藏|苗|侗|彝|土家|仡佬|布依|傣|黎|畲|瑶|满|蒙古|朝鲜|哈萨克|白|哈尼|傈僳|佤|拉祜|水|纳西|羌|土|达斡尔|仫佬|毛南|景颇|柯尔克孜"
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
    names = {word: region for region in registry.regions for word in (region.name, *region.aliases)}
    for line in lines:
        bare = re.sub("^(?:关于印发|关于|中共)?《?", "", line)
        if region := _find_leading_region(bare, names):
            return region.name, None
        if match := JURISDICTION.match(bare):
            return match["name"], Region(match["name"], REGION_LEVELS[match["level"]])
        if NATIONAL_NAMES.match(bare):
            return _resolve_region(COUNTRY, names)
    return _resolve_region(COUNTRY if _is_national(clauses) else UNKNOWN_JURISDICTION, names)


def _find_leading_region(line: str, names: dict[str, Region]) -> Region | None:
    """Return the province, city or county at the beginning of *line*."""
    for size in range(min(12, len(line)), 1, -1):
        region = names.get(line[:size])
        if region and region.type in (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY):
            is_complete = size > 2 or line[size : size + 1] in tuple("省市县区")
            if is_complete or region.type is RegionType.PROVINCE:
                return region
    return None


def _resolve_region(name: str, names: dict[str, Region]) -> tuple[str, Region | None]:
    return name, None if name in names else Region(name, RegionType.AREA)


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


OTHER_PARTIES = "[团民]|学社|农工|致公|台盟"  # their committees are not agencies of the party
KIND_PATTERNS = (  # the first that matches the name
    (AgencyKind.COLLECTIVE, "(?:国务院|国家|省|市|县|区|省直|市直|区直|县直|市级|省级)?(?:各|有关|相关|其他|所在|沿).*|.*(?:成员单位|有关部门|有关单位|相关部门|各部门)"),
    (AgencyKind.PARTY, "(?:中共)?(?:.{0,8}省|自治区|中央)党?委?.*(?:组织|宣传|统战|社会工作)部|省委.*|自治区党委.*|中央.*"),
    (AgencyKind.PARTY, f"(?:中共)?(?:(?!{OTHER_PARTIES}).){{0,8}}[市州盟县区旗]委(?!员会).*"),
    (AgencyKind.CITY, ".*[市州盟](?:人民)?政府"),
    (AgencyKind.COUNTY, ".*[县区旗](?:人民)?政府"),
    (AgencyKind.TOWN, ".*(?:镇|乡|街道)(?:人民政府|政府|办事处)?"),
    (AgencyKind.CONGRESS, ".*人大.*"),
    (AgencyKind.CPPCC, ".*政协.*"),
    (AgencyKind.PEOPLE, "共青团.*|.*(?:总工会|团.?委|妇联|科协|残联|工商联|文联|社科联|贸促会|红十字会|侨联|计生协)"),
    (AgencyKind.COORDINATION, ".*(?:领导小组|指挥部|联席会议|专班|委员会办公室|领导小组办公室)"),
    (AgencyKind.COMPANY, ".*(?:公司|集团|银行|电网|石化|移动|电信|联通|铁塔)(?:[（(].*[）)])?"),
    (AgencyKind.DEPARTMENT, "(?:.{1,8})?省.*|自治区.*"),
    (AgencyKind.LOCAL, "(?:[^省]{1,8})?[市州盟县区旗].*(?:[局委办部院会室]|中心)(?:[（(].*[）)])?|.*管委会"),
    (AgencyKind.INSTITUTE, ".*(?:大学|学院|医院|科学院|研究院|研究所|学校|中心|报社|电视台)"),
    (AgencyKind.NATIONAL, "国家.*|.*(?:部|总局|署)|.*(?:发展改革委|国资委|银保监会|证监会|人民银行|卫生健康委)"),
)  # fmt: skip
KIND_REGEXES = tuple((kind, re.compile(form)) for kind, form in KIND_PATTERNS)


def create_agencies(names: Iterable[str], registry_names: Mapping[str, str]) -> tuple[Agency, ...]:
    """Return entries for the agencies in *names* that are not in the registry."""
    known = set(registry_names.values())
    unknown = dict.fromkeys(name for name in names if name not in known)
    return tuple(Agency(name, classify_agency(name)) for name in unknown)


def classify_agency(name: str) -> AgencyKind:
    """Return the kind of an agency according to its name."""
    if agency_lists.COLLECTIVE.match(name):
        return AgencyKind.COLLECTIVE
    return next((kind for kind, form in KIND_REGEXES if form.fullmatch(name)), AgencyKind.OTHER)
