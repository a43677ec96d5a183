"""A typed region name arrives at the region that people mean, or at none."""

import pytest

from plancli.registry import io
from plancli.registry.divisions import load_divisions, merge_regions
from plancli.registry.model import Compound, Region, RegionType, Registry
from plancli.registry.region_index import MeaningKind
from plancli.registry.region_names import (
    find_region_meaning,
    is_shared_with_nature,
    load_namesakes,
    suggest_region_names,
)
from plancli.registry.region_spelling import RegionSpellings, load_latin_names
from plancli.registry.shared_spellings import is_spelled_by_several
from plancli.text.normalize import normalize_key

OTHERS = (
    Region("皖北", RegionType.AREA, ("安徽",), ("安徽北部",)),
    Region("东北地区", RegionType.AREA),
    Region("合淮产业走廊", RegionType.AREA, ("安徽",)),
    Region("G60科创走廊", RegionType.AREA),
    Region("南湖", RegionType.LANDMARK, ("嘉兴",)),
    Region("全国", RegionType.COUNTRY, (), ("国家",)),
)


def find_region_names(registry, typed, home=()):
    return find_region_meaning(registry, typed, home).names


@pytest.fixture(scope="module")
def registry():
    return Registry(
        regions=merge_regions(load_divisions(), OTHERS),
        compounds=(Compound("宁宣", ("南京", "宣城")),),
    )


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("合肥", "合肥", "name"),
        ("浙江省", "浙江", "alias"),
        ("肥西", "肥西县", "alias"),
        ("皖", "安徽", "alias"),
        ("皖北地区", "皖北", "alias"),
        ("东北", "东北地区", "alias"),
        ("黔东南州", "黔东南", "alias"),
        ("滨海", "滨海县", "alias"),
        ("安徽省宣城市宁国市", "宁国市", "path"),
        ("广东深圳南山", "深圳市南山区", "path"),
        ("安徽泗县", "泗县", "path"),
        ("嘉兴南湖", "南湖", "path"),
        ("天津滨海", "滨海新区", "path"),
        ("黄山黄山", "黄山区", "path"),
        ("襄樊市襄城区", "襄城区", "path"),
        ("巢湖市无为县", "无为市", "former"),
        ("六安寿县", "寿县", "path"),  # which left 六安 in 2015
        ("巢湖市含山县", "含山县", "path"),
        ("内江市简阳市", "简阳市", "path"),
        ("四川省万州区", "万州区", "path"),  # 重庆 left 四川
        ("安徽省六安市寿县", "寿县", "path"),
        ("鄂伦春旗", "鄂伦春自治旗", "alias"),
        ("路南县", "石林彝族自治县", "former"),
        ("urumqi", "乌鲁木齐", "pinyin"),
        ("Lhasa", "拉萨", "pinyin"),
        ("jiujiang", "九江", "pinyin"),  # before 鸠江区
        ("bozhou", "亳州", "pinyin"),  # before 博州, which is not its name
        ("安徽省皖北地区", "皖北", "path"),
        ("芜湖县", "湾沚区", "former"),
        ("芜湖市三山区", "弋江区", "former"),
        ("襄樊", "襄阳", "former"),
        ("淮阴", "淮安", "former"),  # 淮阴区 lies in it
        ("合淮走廊", "合淮产业走廊", "shortened"),
        ("广西自治区", "广西", "shortened"),
        ("延边自治州", "延边", "shortened"),
        ("g60", "G60科创走廊", "shortened"),
        ("ma'anshan", "马鞍山", "pinyin"),
        ("He Fei", "合肥", "pinyin"),
        ("lu’an shi", "六安", "pinyin"),
        ("lishui", "丽水", "pinyin"),  # the city goes before 溧水区
        ("hf", "合肥", "pinyin"),
        ("shaanxi", "陕西", "pinyin"),
        ("烏魯木齊", "乌鲁木齐", "name"),
        ("蕪湖縣", "湾沚区", "former"),
    ],
)
def test_a_name_means_one_region(registry, typed, name, kind):
    meaning = find_region_meaning(registry, typed)
    assert (meaning.names, meaning.kind) == ((name,), kind)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("宁宣", "南京 宣城"),
        ("苏鲁豫皖", "江苏 山东 河南 安徽"),
        ("沪宁", "上海 南京"),  # 宁 is 宁夏 only beside others of the northwest
        ("陕甘宁", "陕西 甘肃 宁夏"),
        ("闽台", "福建 台湾"),
        ("甬台温", "宁波 台州 温州"),
        ("沪苏", "上海 江苏"),
        ("沈大", "沈阳 大连"),
        ("苏锡常", "苏州 无锡 常州"),
        ("连淮扬镇", "连云港 淮安 扬州 镇江"),
        ("滬皖", "上海 安徽"),
    ],
)
def test_a_compound_means_all_of_its_regions(registry, typed, names):
    meaning = find_region_meaning(registry, typed)
    assert (meaning.names, meaning.kind) == (tuple(names.split()), MeaningKind.COMPOUND)


@pytest.mark.parametrize("typed", ["宁德", "上饶", "新沂", "安阳", "吉安", "长治"])
def test_a_listed_name_is_no_compound(registry, typed):
    assert len(find_region_names(registry, typed)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        *"bangbu haozhou liuan 合肥大学 长春市蜀山区 江东省 泗县市 皖宁 政府 皖北区".split(),
        *"北 合合 六安枞阳 合业走廊 合淮廊 乌鲁齐市 bgs ' 火星 zzz 合大".split(),
        "",
        " ",
    ],
)
def test_what_is_no_region_is_none(registry, typed):
    assert find_region_names(registry, typed) == ()


@pytest.mark.parametrize(
    ("typed", "home", "names"),
    [
        ("鼓楼区", "", "徐州市鼓楼区 南京市鼓楼区 福州市鼓楼区 开封市鼓楼区"),
        ("鼓楼区", "福建省", "福州市鼓楼区"),
        ("鼓楼区", "江苏省", "南京市鼓楼区 徐州市鼓楼区"),
        ("鼓楼区", "徐州市", "徐州市鼓楼区"),
        ("鼓楼区", "中国", "徐州市鼓楼区 南京市鼓楼区 福州市鼓楼区 开封市鼓楼区"),
        ("朝阳", "", "朝阳"),
        ("朝阳", "北京市", "北京市朝阳区"),
        ("清河区", "", "清河区"),
        ("清河区", "江苏省", "清江浦区"),
        ("清河区", "辽宁省", "清河区"),
        ("大通", "", "大通区 大通回族土族自治县"),
        ("大通", "安徽省", "大通区"),
        ("suzhou", "", "苏州 宿州"),
        ("suzhou", "安徽省", "苏州 宿州"),  # letters are asked about, wherever they are typed
        ("liangshan", "山东省", "凉山"),  # the prefecture goes before 梁山县
        ("宁", "", "南京 宁夏"),
        ("hn", "", "河南 湖南 海南"),  # provinces before cities
        ("hn", "安徽省", "淮南"),
    ],
)
def test_of_several_those_at_home_count_else_all(registry, typed, home, names):
    assert set(find_region_names(registry, typed, [home])) == set(names.split())


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("芜湖市包河区", "合肥市包河区"),
        ("安徽合肥鸠江区", "芜湖市鸠江区"),
        ("合肥鸠江", "芜湖市鸠江区"),
        ("青岛市寿光市", "潍坊市寿光市"),
        ("甘孜州西昌市", "凉山彝族自治州西昌市"),
        ("大连市朝阳县", "朝阳市朝阳县"),
        ("浙江省合肥市", "安徽省合肥市"),
        ("宁波西湖区", "杭州市西湖区 南昌市西湖区"),  # of the same province first
        ("六安枞阳", "铜陵市枞阳县"),
    ],
)
def test_every_step_of_a_path_must_hold_and_the_right_one_is_suggested(registry, typed, paths):
    assert find_region_names(registry, typed) == ()
    assert suggest_region_names(registry, typed) == tuple(paths.split())
    for path in paths.split():
        assert len(find_region_names(registry, path)) == 1


def test_of_one_pinyin_the_highest_level_counts_and_equals_are_all_returned(registry):
    meaning = find_region_meaning(registry, "jiujiang", ["安徽省"])
    assert (meaning.names, meaning.others) == (("九江",), ("鸠江区",))
    for typed in ("shanxi", "shan xi sheng"):
        assert set(find_region_names(registry, typed, ["安徽省"])) == {"山西", "陕西"}
        assert is_spelled_by_several(normalize_key(typed).replace(" ", ""))
    assert not is_spelled_by_several("hefei")


def test_a_name_that_another_region_had_lately_says_so(registry):
    meaning = find_region_meaning(registry, "清河区")
    assert (meaning.names, meaning.others) == (("清河区",), ("清江浦区",))
    assert find_region_meaning(registry, "合肥").others == ()


def test_every_usual_latin_form_is_of_a_region_and_not_the_pinyin_of_another(registry):
    known = {each.name for each in registry.regions}
    spellings = RegionSpellings(registry.regions)
    for form, name in load_latin_names().items():
        assert name in known
        assert not spellings.get_full(form), form


def test_a_lake_or_mountain_with_the_name_of_a_division_is_known(registry):
    for name in load_namesakes():
        meaning = find_region_meaning(registry, name)
        assert meaning.kind is MeaningKind.ALIAS, name
        assert is_shared_with_nature(registry, name, meaning, ["西藏"]), name
    meaning = find_region_meaning(registry, "太湖")
    assert not is_shared_with_nature(registry, "太湖", meaning, ["安徽"])
    assert not is_shared_with_nature(registry, "太湖县", meaning, ["江苏"])


def test_a_former_name_says_until_when(registry):
    assert find_region_meaning(registry, "狮子山区", ["安徽省"]).until == "2015"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("宿洲", "宿州"), ("毫州", "亳州"), ("颖上", "颍上县"), ("和肥", "合肥"), ("马鞍山是", "马鞍山"),
     ("石家壮市", "石家庄")],
)  # fmt: skip
def test_an_unknown_name_of_the_same_sound_or_look_is_suggested(registry, typed, name):
    assert find_region_names(registry, typed) == ()
    assert suggest_region_names(registry, typed)[0] == name


def test_nothing_far_off_is_suggested(registry):
    for typed in ("火星", "发展改革委", "qq", "", "某", "五省"):
        assert suggest_region_names(registry, typed) == ()


def test_every_division_is_found_by_its_name_its_path():
    registry = Registry(regions=load_divisions())
    for region in load_divisions():
        assert find_region_names(registry, region.name) == (region.name,)
        if region.type is RegionType.COUNTY:
            path = region.parents[0] + (region.aliases or (region.name,))[0]
            assert region.name in find_region_names(registry, path), path


def test_a_registry_without_divisions_will_do():
    registry = io.load_default_registry()
    assert find_region_names(Registry(), "合肥") == ()
    odd = Registry(regions=(Region("甲 乙|丙\n丁", RegionType.AREA, (), ("阿 丙",), ("戊",)),))
    assert find_region_names(odd, "阿丙") == find_region_names(odd, "戊") == (odd.regions[0].name,)
    assert find_region_names(registry, "皖北") == ("皖北",)
