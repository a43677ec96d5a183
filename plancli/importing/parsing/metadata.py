"""What a document says of itself: its year, whose plan it is, who published it and when."""

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
    """Return the year a plan is for: of its title, else the first that is said around it; else 0."""
    for text in (title, *others):
        if found := YEAR.search(text):
            return int(found[1])
    return 0


def find_source(lines: Iterable[str], title: str) -> Source:
    """Return what the lines around the tasks say of who published them, and when."""
    publisher = dated = ""
    for line in lines:
        if not publisher and (said := PUBLISHER.search(line)):
            publisher = said[1].strip("《》")
        if not dated and (found := DATE.search(line)):
            dated = _parse_date(found)
    return Source(publisher, dated)


def find_jurisdiction(
    lines: Iterable[str], clauses: Iterable[str], known: Registry
) -> tuple[str, Region | None]:
    """Return the region whose plan it is, and its entry if the registry has none.

    By the first of *lines* (the title, then others around the tasks) that says it; else, where
    *clauses* name ministries and no local bodies, it is the country's.
    """
    names = {word: region for region in known.regions for word in (region.name, *region.aliases)}
    for line in lines:
        bare = re.sub("^(?:关于印发|关于|中共)?《?", "", line)
        if region := _find_leading_region(bare, names):
            return region.name, None
        if found := JURISDICTION.match(bare):
            return found["name"], Region(found["name"], REGION_LEVELS[found["level"]])
        if NATIONAL_NAMES.match(bare):
            return _resolve_region(COUNTRY, names)
    return _resolve_region(COUNTRY if _is_national(clauses) else UNKNOWN_JURISDICTION, names)


def _find_leading_region(line: str, names: dict[str, Region]) -> Region | None:
    """Return the province, city or county that *line* begins with."""
    for size in range(min(12, len(line)), 1, -1):
        region = names.get(line[:size])
        if region and region.type in (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY):
            whole = size > 2 or line[size : size + 1] in tuple("省市县区")
            if whole or region.type is RegionType.PROVINCE:
                return region
    return None


def _resolve_region(name: str, names: dict[str, Region]) -> tuple[str, Region | None]:
    return name, None if name in names else Region(name, RegionType.AREA)


def _is_national(clauses: Iterable[str]) -> bool:
    """Whether the clauses name ministries and commissions, and no local bodies by their level."""
    said = "、".join(clauses)
    return bool(MINISTRY_IN_CLAUSE.search(said)) and not LOCAL_AGENCY_IN_CLAUSE.search(said)


def _parse_date(found: "re.Match[str]") -> str:
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:  # no day of the calendar
        return ""


def strip_region_suffix(region: str) -> str:
    """Return the name of a region as names of bodies begin with it: 道真 of 道真仡佬族苗族自治县."""
    return (
        re.sub(f"(?:(?:{ETHNIC_GROUPS})族)*(?:自治[区州县]|[省市县区州盟旗])$", "", region)
        or region
    )


OTHER_PARTIES = "[团民]|学社|农工|致公|台盟"  # have committees that are not the party's
KIND_PATTERNS = (  # by the name; the first that fits
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


def create_agencies(named: Iterable[str], known: Mapping[str, str]) -> tuple[Agency, ...]:
    """Return entries for the bodies that are not *known*, each with a kind made out by its name."""
    names = set(known.values())
    strangers = dict.fromkeys(name for name in named if name not in names)
    return tuple(Agency(name, classify_agency(name)) for name in strangers)


def classify_agency(name: str) -> AgencyKind:
    """Return what a body is, as far as its name tells."""
    if agency_lists.COLLECTIVE.match(name):
        return AgencyKind.COLLECTIVE
    return next((kind for kind, form in KIND_REGEXES if form.fullmatch(name)), AgencyKind.OTHER)
