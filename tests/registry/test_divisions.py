"""The divisions of China are complete, each has one name, and regions.yaml complements them."""

from collections import Counter
from dataclasses import replace

import pytest

from plancli.registry import io
from plancli.registry.divisions import load_divisions, load_former_parents, merge_regions
from plancli.registry.model import DatedName, Region, RegionType


@pytest.fixture(scope="module")
def by_name():
    return {each.name: each for each in load_divisions()}


def test_every_division_has_one_name_and_lies_in_one_of_the_level_above(by_name):
    assert len(by_name) == len(load_divisions())
    above = {RegionType.CITY: RegionType.PROVINCE, RegionType.COUNTY: RegionType.CITY}
    directly = (
        Counter()
    )  # counties without a prefecture: 济源市, those of 海南, 新疆, municipalities
    for each in load_divisions():
        if each.type is RegionType.PROVINCE:
            assert not each.parents
        else:
            [parent] = each.parents
            if by_name[parent].type is not above[each.type]:
                assert by_name[parent].type is RegionType.PROVINCE
                directly[parent] += 1
    assert directly["河南"] == 1
    assert set(directly) == set("北京 天津 上海 重庆 河南 湖北 海南 新疆".split())


def test_the_levels_have_the_numbers_that_the_ministry_publishes():
    counts = Counter(each.type for each in load_divisions())
    assert counts == {RegionType.PROVINCE: 34, RegionType.CITY: 333, RegionType.COUNTY: 2847}
    cities = {each.name for each in load_divisions() if each.parents == ("安徽",)}
    assert len(cities) == 16
    assert sum(not cities.isdisjoint(each.parents) for each in load_divisions()) == 104


@pytest.mark.parametrize(
    ("name", "parent", "aliases"),
    [
        ("内蒙古", None, "内蒙古自治区 内蒙"),
        ("合肥", "安徽", "合肥市"),
        ("吉林市", "吉林", ""),  # 吉林 is the province
        ("海南州", "青海", "海南藏族自治州"),
        ("凉山", "四川", "凉山彝族自治州 凉山州"),
        ("肥西县", "合肥", "肥西"),
        ("泗县", "宿州", ""),  # no name of one character
        ("黄山区", "黄山", ""),  # 黄山 is the city above
        ("南京市鼓楼区", "南京", "鼓楼区 南京鼓楼区 鼓楼"),
        ("铜陵市郊区", "铜陵", "郊区 铜陵郊区"),
        ("浦东新区", "上海", "浦东"),
        ("滨海新区", "天津", ""),  # 滨海 is 滨海县
        ("碑林区", "西安", "碑林"),
        ("宽甸满族自治县", "丹东", "宽甸 宽甸县"),
        ("鄂伦春自治旗", "呼伦贝尔", "鄂伦春旗"),  # 鄂伦春 are people
        ("河南蒙古族自治县", "黄南", "河南县"),  # 河南 is the province
    ],
)
def test_names_are_bare_above_the_county_and_aliases_mean_one_division(
    by_name, name, parent, aliases
):
    region = by_name[name]
    assert (*region.parents, *region.aliases) == (*filter(None, [parent]), *aliases.split())


@pytest.mark.parametrize(
    ("name", "former", "until"),
    [
        ("湾沚区", "芜湖县", "2020"),
        ("弋江区", "三山区", "2020"),
        ("无为市", "无为县", "2019"),
        ("江宁区", "江宁县", "2000"),
        ("南京市鼓楼区", "下关区", "2013"),  # not that of 徐州
        ("昌平区", "昌平县", "1999"),
        ("石林彝族自治县", "路南县", "1998"),  # short of 路南彝族自治县
        ("襄阳", "襄樊市", "2010"),
        ("淮安", "淮阴市", "2000"),
        ("六安", "六安地区", "1999"),
        ("滁州", "滁县地区", "1992"),
        ("鄠邑区", "户县", "2016"),
        ("万州区", "万县地区", "1992"),  # by way of 万县市, then to another province
        ("黔西市", "黔西县", "2021"),
    ],
)
def test_a_former_name_stands_under_what_became_of_the_division(by_name, name, former, until):
    assert DatedName(former, until) in by_name[name].former


def test_what_a_division_was_in_is_another_one_and_dated(by_name):
    former = load_former_parents()
    assert DatedName("六安市", "2015") in former["寿县"]
    assert DatedName("巢湖市", "2011") in former["无为市"]
    assert former["重庆"] == (DatedName("四川省", "1997"),)
    for name, parents in former.items():
        [parent] = by_name[name].parents or [""]
        for each in parents:
            assert 1985 <= int(each.until) <= 2026
            assert not parent or each.name not in (parent, *by_name[parent].aliases), name


def test_no_former_name_is_only_a_direction_or_what_a_division_of_the_province_is_called_now(
    by_name,
):
    def find_province(region):
        while region.parents:
            region = by_name[region.parents[0]]
        return region.name

    present = {(find_province(each), word) for each in by_name.values() for word in
               (each.name, *each.aliases) if len(word) > 2}  # fmt: skip
    for each in by_name.values():
        for dated in each.former:
            assert (find_province(each), dated.name) not in present, dated
            assert dated.name not in ("郊区", "市区", "东区", "城区")
            assert 1980 <= int(dated.until) <= 2026


def test_the_divisions_in_regions_yaml_are_divisions(by_name):
    levels = (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY)
    for each in io.load_default_registry().regions:
        if each.type in levels:
            known = by_name[each.name]
            assert (each.type, each.parents) == (known.type, known.parents), each.name


def test_merging_keeps_each_name_once_and_loses_nothing():
    town = Region("甲镇", RegionType.TOWN, ("乙县",))
    one = Region("乙县", RegionType.COUNTY, ("丙",), ("乙",))
    other = Region("乙县", RegionType.COUNTY, ("丙",), ("阿乙",), tile=(1, 2), note="注")
    merged = merge_regions([one], [other, town])
    assert merged == (replace(one, aliases=("乙", "阿乙"), tile=(1, 2), note="注"), town)
    assert merge_regions(merged, [other]) == merged
    moved = replace(one, tile=(3, 4))
    assert merge_regions([moved], [other])[0].tile == (3, 4)
