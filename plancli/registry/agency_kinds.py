"""The kind of an agency according to its name, for every level and province."""

from collections.abc import Mapping

from plancli.registry import agency_words
from plancli.registry.agency_functions import load_functions
from plancli.registry.agency_names import AgencyName, parse_agency_name
from plancli.registry.agency_words import (
    AGENCY,
    CONGRESS,
    CONSULTATION,
    COORDINATION,
    COUNTRY,
    GOVERNMENT,
    PARTY,
)
from plancli.registry.model import AgencyKind, RegionType

KIND_OF_ORGAN = {
    PARTY: AgencyKind.PARTY, CONGRESS: AgencyKind.CONGRESS, CONSULTATION: AgencyKind.CPPCC,
}  # fmt: skip
KIND_OF_FUNCTION = {
    "党委": AgencyKind.PARTY, "军队": AgencyKind.PARTY, "群团": AgencyKind.PEOPLE,
    "党派": AgencyKind.PEOPLE, "事业": AgencyKind.INSTITUTE, "垂直": AgencyKind.CENTRAL,
    "企业": AgencyKind.COMPANY, "中央": AgencyKind.NATIONAL, "议事": AgencyKind.COORDINATION,
}  # fmt: skip
KIND_OF_ENDING = {
    agency_words.COLLECTIVE: AgencyKind.COLLECTIVE, COORDINATION: AgencyKind.COORDINATION,
    **dict.fromkeys(("公司", "银行", "分行"), AgencyKind.COMPANY),
    **dict.fromkeys(("医院", "学校", "科研", "中心", "馆", "媒体"), AgencyKind.INSTITUTE),
    "协会": AgencyKind.OTHER,
}  # fmt: skip
TYPE_OF_LEVEL = {
    COUNTRY: RegionType.COUNTRY,
    **dict.fromkeys(("省", "自治区", "特别行政区"), RegionType.PROVINCE),
    **dict.fromkeys(("市", "州", "盟", "地区"), RegionType.CITY),
    **dict.fromkeys(("县", "区", "旗"), RegionType.COUNTY),
    **dict.fromkeys(("镇", "乡", "街道"), RegionType.TOWN),
}  # fmt: skip
GOVERNMENT_OF_TYPE = {
    RegionType.COUNTRY: AgencyKind.NATIONAL, RegionType.PROVINCE: AgencyKind.DEPARTMENT,
    RegionType.CITY: AgencyKind.CITY, RegionType.COUNTY: AgencyKind.COUNTY,
    RegionType.TOWN: AgencyKind.TOWN,
}  # fmt: skip
DEPARTMENT_OF_TYPE = {
    RegionType.COUNTRY: AgencyKind.NATIONAL, RegionType.PROVINCE: AgencyKind.DEPARTMENT,
    RegionType.CITY: AgencyKind.LOCAL, RegionType.COUNTY: AgencyKind.LOCAL,
    RegionType.TOWN: AgencyKind.TOWN,
}  # fmt: skip
# Of a name that says no level.
KIND_OF_LAST_CHARACTER = {
    "部": AgencyKind.NATIONAL, "署": AgencyKind.NATIONAL, "委": AgencyKind.NATIONAL,
    "厅": AgencyKind.DEPARTMENT, "局": AgencyKind.LOCAL,
}  # fmt: skip
MEMBERS = "成员单位"


def classify_agency(
    name: str, region_types: Mapping[str, RegionType] | None = None, level: str = ""
) -> AgencyKind:
    """Return the kind of an agency according to its name.

    *region_types* are types of regions by name: 桐城市 is a county, although it is called a city.
    *level* is that of names that say none: 国家, for 气象局 in a plan of the State Council.
    """
    types = region_types or {}
    parsed = parse_agency_name(name, types)
    if not parsed.region and not parsed.level and parsed.functions:
        parsed = parsed._replace(level=level)
    type_ = _find_region_type(parsed, types)
    if parsed.ending == COORDINATION and parsed.core.endswith(MEMBERS):
        return AgencyKind.COLLECTIVE
    if parsed.ending == GOVERNMENT:
        return _classify_government(parsed, type_)
    if parsed.ending == PARTY:
        is_city = type_ is RegionType.CITY and parsed.region
        return AgencyKind.CITY_PARTY if is_city else AgencyKind.PARTY
    if parsed.organ in KIND_OF_ORGAN:
        return KIND_OF_ORGAN[parsed.organ]
    return _classify_functions(parsed) or _classify_department(parsed, type_)


def _find_region_type(parsed: AgencyName, types: Mapping[str, RegionType]) -> RegionType | None:
    """Return the type of the region that the agency belongs to, None if its name does not say."""
    region = parsed.region
    for start in range(max(1, len(region) - 1)):
        if region[start:] in types:
            return types[region[start:]]
    if region in agency_words.PROVINCES or region[:-1] in agency_words.PROVINCES:
        return RegionType.PROVINCE
    return TYPE_OF_LEVEL.get(parsed.level)


def _classify_government(parsed: AgencyName, type_: RegionType | None) -> AgencyKind:
    if parsed.level == agency_words.ZONE_LEVEL:
        return AgencyKind.LOCAL
    return GOVERNMENT_OF_TYPE.get(type_, AgencyKind.OTHER) if type_ else AgencyKind.OTHER


def _classify_functions(parsed: AgencyName) -> AgencyKind | None:
    """Return the kind that the functions of the agency say, None if they say none."""
    table = load_functions().functions
    kinds = {KIND_OF_FUNCTION.get(table[each].kind) for each in parsed.functions}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    is_whole = not parsed.region and parsed.core in ("人民银行", "央行")
    if kind is AgencyKind.CENTRAL and (parsed.level == COUNTRY or (is_whole and not parsed.level)):
        return AgencyKind.NATIONAL
    return kind


def _classify_department(parsed: AgencyName, type_: RegionType | None) -> AgencyKind:
    """Return the kind by ending and level."""
    if parsed.ending in KIND_OF_ENDING:
        return KIND_OF_ENDING[parsed.ending]
    if parsed.ending == agency_words.ZONE_COMMITTEES[0]:
        return AgencyKind.LOCAL
    if type_ and (parsed.ending or parsed.functions):
        return DEPARTMENT_OF_TYPE.get(type_, AgencyKind.OTHER)
    if parsed.ending == AGENCY:
        return KIND_OF_LAST_CHARACTER.get(parsed.core[-1:], AgencyKind.OTHER)
    return AgencyKind.OTHER
