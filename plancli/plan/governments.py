"""Governments and party committees of divisions, which a rule tells: 合肥市人民政府, 合肥市委."""

import re
from collections.abc import Iterable
from dataclasses import replace

from plancli.registry.agency_kinds import classify_agency
from plancli.registry.model import Agency, AgencyKind, PossibleMembers, Region, RegionType

GOVERNMENT_NAME = re.compile("(.+[省市县区州盟旗])(人民政府|政府|委)")
GOVERNMENT_ENDINGS = ("人民政府", "委")
# 各市人民政府, 各县（市、区）人民政府
GOVERNMENTS_BELOW = re.compile(
    "(?:各|有关|相关)+([设区的、（）()市县区州盟旗地]+?)(?:人民)?(政府|委)"
)
GOVERNMENT_KINDS = {
    ("政府", RegionType.CITY): AgencyKind.CITY,
    ("政府", RegionType.COUNTY): AgencyKind.COUNTY,
    ("委", RegionType.CITY): AgencyKind.CITY_PARTY,
}
LEVEL_ENDINGS = ("自治区", "自治州", "自治县", "省", "市", "县", "区", "州", "盟", "旗")


def create_government(division: Region, ending: str) -> Agency:
    """Return the government (人民政府) or the party committee (委) of *division*."""
    full = get_full_name(division)
    kind = classify_agency(full + ending, {full: division.type})
    if division.type is RegionType.PROVINCE:
        kind = AgencyKind.OTHER  # none of its own departments, which 省有关单位 means
    if ending == "委":
        official = f"中共{full}委员会"
        return Agency(full + ending, kind, official=official, region=division.name)
    bare = (division.name,) if division.name != full else ()
    return Agency(full + ending, kind, aliases=(f"{full}政府", full, *bare), region=division.name)


def get_full_name(division: Region) -> str:
    """Return the name of *division* with its level, as names of its agencies begin: 安徽省.

    杭州市 not 杭州, 贵州省 not 贵州, 黄山市 not 黄山风景区; a county has its full name.
    """
    longer = [each for each in division.aliases if len(each) > len(division.name)]
    names = [division.name] if division.type is RegionType.COUNTY else [*longer, division.name]
    return next((each for each in names if each.endswith(LEVEL_ENDINGS)), division.name)


def add_possible_members(agency: Agency, divisions: Iterable[Region]) -> Agency:
    """Return *agency* with its possible members, if it means governments of *divisions*.

    *divisions*: those directly in the plan's jurisdiction.
    """
    match = GOVERNMENTS_BELOW.fullmatch(agency.name)
    if agency.kind is not AgencyKind.COLLECTIVE or agency.may_include or not match:
        return agency
    levels, ending = match.groups()
    kinds = {
        GOVERNMENT_KINDS[ending, each.type]
        for each in divisions
        if get_full_name(each)[-1] in levels
        and (ending, each.type) in GOVERNMENT_KINDS
        # 县（市、区） are counties, also where a province has cities below it.
        and (each.type is RegionType.COUNTY or levels[0] not in "县区旗")
    }
    return replace(agency, may_include=PossibleMembers((*sorted(kinds),))) if kinds else agency
