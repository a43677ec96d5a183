"""Compounds, in which single characters stand for regions: 宁马 is 南京 and 马鞍山."""

from collections.abc import Callable, Collection, Mapping
from itertools import product

from plancli.registry.model import Region, RegionType

# Abbreviations only within compounds: 甬台温, 苏锡, 沈大.
CITY_READINGS = {"台": "台州", "青": "青岛", "苏": "苏州", "鄂": "鄂尔多斯", "大": "大连"}
MUNICIPALITIES = ("北京", "天津", "上海", "重庆")  # both province and city
PARTS_OF_CHINA = (  # whose abbreviations go together
    "北京 天津 河北 山西 内蒙古", "辽宁 吉林 黑龙江", "上海 江苏 浙江 安徽 福建 江西 山东 台湾",
    "河南 湖北 湖南 广东 广西 海南 香港 澳门", "重庆 四川 贵州 云南 西藏", "陕西 甘肃 青海 宁夏 新疆",
)  # fmt: skip
MAX_COMPOUND = 6  # characters

Rank = tuple[int, int, bool]  # lower is likelier


def read_compound(
    key: str,
    abbreviations: Mapping[str, list[str]],
    regions: Mapping[str, Region],
    find_provinces: Callable[[str], Collection[str]],
) -> tuple[str, ...]:
    """Return the regions of a word in which every character is an abbreviation, or ()."""
    if not 1 < len(key) <= MAX_COMPOUND or len(set(key)) < len(key):
        return ()

    def list_readings(char: str) -> list[str]:
        city = CITY_READINGS.get(char)
        return [*abbreviations.get(char, ()), *([city] if city in regions else ())]

    ranked: dict[Rank, list[tuple[str, ...]]] = {}
    for names in product(*map(list_readings, key)):
        if (rank := _rank(names, regions, find_provinces)) is not None:
            ranked.setdefault(rank, []).append(names)
    if not ranked:
        return ()
    parts, *_ = likeliest = min(ranked)
    is_ambiguous = any(len(abbreviations.get(char, ())) != 1 for char in key)
    if len(ranked[likeliest]) > 1 or (is_ambiguous and parts > 1):  # 皖宁
        return ()
    return ranked[likeliest][0]


def _rank(
    names: tuple[str, ...],
    regions: Mapping[str, Region],
    find_provinces: Callable[[str], Collection[str]],
) -> Rank | None:
    """Return a rank, lower is likelier; None if the levels differ (闽 is 福建, 台 not 台州)."""
    types = {regions[each].type for each in names if each not in MUNICIPALITIES}
    if len(types) > 1 or len(set(names)) < len(names):
        return None
    provinces = {province for each in names for province in find_provinces(each)}
    parts = sum(not provinces.isdisjoint(part.split()) for part in PARTS_OF_CHINA)
    return parts, len(provinces), types == {RegionType.CITY}
