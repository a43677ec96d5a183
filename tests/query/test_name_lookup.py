"""Names as people type them arrive at the agency or region meant; others are errors that help."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin import pinyin as speak

from plancli import api, query
from plancli.errors import BadUsage, NotFound
from plancli.plan.model import iter_tasks
from plancli.query import name_lookup
from plancli.query.agency_lookup import find_agencies
from plancli.query.criteria import Criteria, build_filter
from plancli.query.name_lookup import AmbiguousName, NameMatch, find_sections
from plancli.query.region_lookup import find_regions
from plancli.registry import pinyin
from plancli.results.roles import Role
from plancli.text.normalize import normalize_key
from plancli.text.numerals import parse_heading_number
from scripts.pinyin import build_table

HEFEI = """合肥市2024年重点工作要点
一、重点任务
1、办甲事。（市人社局牵头，市教育体育局、市人力资源社会保障局、省发展改革委按职责分工负责）
2、办乙事。（市人力资源和社会保障局负责）
3、办丙事。（市发改委牵头，市委办公室、市政府办公室、市生态环境局配合）
"""
HEFEI_LATER = """合肥市2025年重点工作要点
一、重点任务
1、办丁事。（市人力资源和社会保障局牵头，市工信局、肥西县人民政府按职责分工负责）
2、办戊事。（市发展改革委、市经信局负责）
"""
ZHEJIANG = """浙江省2025年重点工作要点
一、重点任务
1、办甲事。（省发展改革委牵头，省经信厅、各市人民政府按职责分工负责）
2、办乙事。（省人力社保厅、省乡村振兴局负责）
"""
SICHUAN = """四川省2025年重点工作要点
一、重点任务
1、办甲事。（省发展改革委牵头，省经济和信息化厅按职责分工负责）
"""
MINISTRY = """国家发展改革委2025年重点工作要点
一、重点任务
1、办甲事。（国家发展改革委牵头，工业和信息化部、人力资源社会保障部按职责分工负责）
"""
NANJING = """南京市2025年重点工作要点
一、重点任务
1、办甲事。（鼓楼区人民政府牵头，市工信局、江宁区人民政府按职责分工负责）
2、办乙事。（市发展改革委、各区人民政府负责）
"""
COUNTY = """云溪县2024年重点工作要点
一、重点任务
1、办甲事。（县发展和改革局牵头，县人力资源和社会保障局、县卫健局按职责分工负责）
"""
EVERY_PLAN = (HEFEI, HEFEI_LATER, ZHEJIANG, SICHUAN, MINISTRY, NANJING, COUNTY)


def opened(*texts):
    """The plans in *texts* as a database."""
    plans = [api.parse(text, id=f"p{n}") for n, text in enumerate(texts)]
    return api.load(*plans)


def numbers(db, *names):
    found = query.select_agency_tasks(db, *names)
    return {*zip(found.column("plan"), found.column("no"), strict=True)}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(
            (typed, "省能源局")
            for typed in "省能源局 能源局 安徽省能源局 shengnengyuanju snyj nyj".split()
        ),
        *(
            (typed, "省发展改革委")
            for typed in "发改委 省发改委 安徽省发展和改革委员会 省发展和改革委员会 安徽省发改委"
            " 省發展改革委 發改委 fgw".split()
        ),
        ("经信厅", "省经济和信息化厅"),
        ("人社厅", "省人力资源社会保障厅"),
        ("卫健委", "省卫生健康委"),
        ("市监局", "省市场监管局"),
        ("住建厅", "省住房城乡建设厅"),
        *(
            (typed, "合肥市人民政府")
            for typed in "合肥市 合肥市政府 合肥 合肥市人民政府 hefei".split()
        ),
        ("宿州", "宿州市人民政府"),  # ends like a name with its level
        ("合肥市委", "合肥市委"),
        ("　省 能源局 ", "省能源局"),
        ("中共安徽省委组织部", "省委组织部"),
    ],
)
def test_a_spelling_of_an_agency_needs_no_note(db, typed, name):
    assert find_agencies(db, typed) == NameMatch((name,), "")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("省能源", "省能源局"),
        ("边检", "安徽出入境边防检查总站"),
        ("碳达峰", "省碳达峰碳中和工作领导小组成员单位"),
        ("各市", "各市人民政府"),
        ("shengnengyuan", "省能源局"),
    ],
)
def test_a_part_is_said_to_be_taken_for_an_agency(db, typed, name):
    assert find_agencies(db, typed) == NameMatch((name,), f"“{typed}” is interpreted as {name}")


@pytest.mark.parametrize("typed", ["jyj", "gaige", "engyuan", "sn"])
def test_a_part_of_pinyin_counts_from_its_beginning(db, typed):
    with pytest.raises(NotFound):
        find_agencies(db, typed)


@pytest.mark.parametrize(
    ("typed", "name", "how"),
    [
        ("省经信委", "省经济和信息化厅", "former"),
        ("工信厅", "省经济和信息化厅", "later"),
        ("省农委", "省农业农村厅", "former"),
        ("省环保厅", "省生态环境厅", "former"),  # by rule: no entry says so
        ("扶贫办", "省乡村振兴局", "former"),
    ],
)
def test_a_name_from_another_time_is_said_to_be_one(db, typed, name, how):
    found = find_agencies(db, typed)
    assert found.names == (name,)
    assert found.note == f"“{typed}” is a {how} name of {name}"


def test_a_printed_name_finds_its_agency_with_exactly_its_tasks():
    """Of plans one by one; in each, what is printed in two ways is told below."""
    same = [
        {"市人社局", "市人力资源社会保障局", "市人力资源和社会保障局"},
        {"市工信局", "市经信局"},
    ]
    for text in EVERY_PLAN:
        plan = api.parse(text, id="one")
        with api.load(plan) as plans:
            named = {}
            for entry in iter_tasks(plan):
                for name in (name for group in entry.task.duties for name in group.names):
                    named.setdefault(name, set()).add(("one", entry.task.no))
            assert named
            for name in named:
                spellings = next((each for each in same if name in each), {name})
                wanted = set().union(*(named.get(each, set()) for each in spellings))
                found = find_agencies(plans.db, name)
                assert (found.note, numbers(plans.db, *found.names)) == ("", wanted), name


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        (HEFEI, "市人社局 市人力资源社会保障局 市人力资源和社会保障局 人社局 合肥市人社局"
                " 合肥市人力资源和社会保障局 合肥人社局 市人力資源社會保障局 shirensheju srsj"),
        (HEFEI, "市发改委 发改委 市发展改革委 合肥市发展和改革委员会 市發展改革委 shifagaiwei sfgw"),
        (HEFEI, "市政府办公室 市府办 合肥市人民政府办公室"),
        (HEFEI_LATER, "市工信局 市经信局 工信局 合肥市经济和信息化局 市工业和信息化局"),
        (HEFEI_LATER, "肥西县人民政府 肥西县政府 肥西县 feixixian"),
        (ZHEJIANG, "省人力社保厅 人社厅 省人社厅 浙江省人力资源和社会保障厅 省人力資源社會保障廳"),
        (MINISTRY, "国家发展改革委 发改委 国家发改委 国家发展和改革委员会 國家發展改革委 发展改革委"),
        (MINISTRY, "工业和信息化部 工信部 gongyehexinxihuabu"),
        (NANJING, "鼓楼区人民政府 鼓楼区政府 鼓楼区 南京市鼓楼区人民政府"),
        (COUNTY, "县发展和改革局 发改局 县发改局 县发改委 云溪县发改局 縣發改局 xianfazhanhegaigeju"),
        (COUNTY, "县卫健局 卫健局 县卫生健康局 卫健委"),
    ],
)  # fmt: skip
def test_every_spelling_of_an_agency_gives_the_same_answer(text, spellings):
    with opened(text) as plans:
        first, *others = spellings.split()
        wanted = find_agencies(plans.db, first).names
        assert numbers(plans.db, *wanted)
        assert {typed: find_agencies(plans.db, typed).names for typed in others} == dict.fromkeys(
            others, wanted
        )


def test_what_the_open_plans_name_goes_before_the_registry():
    with opened(HEFEI) as plans:  # around it, the registry knows the departments of 安徽
        assert find_agencies(plans.db, "生态环境局").names == ("市生态环境局",)
        found = find_agencies(plans.db, "人社局")
        assert found.names == ("市人社局",)
        assert found.note == "“人社局” is interpreted as 市人社局; not meant: 省人力资源社会保障厅"
        for typed in ("省人社厅", "安徽省人社厅"):
            assert find_agencies(plans.db, typed).names == ("省人力资源社会保障厅",)
    with opened(HEFEI, ZHEJIANG) as plans:
        assert find_agencies(plans.db, "省人社厅").names == ("省人力社保厅",)
        assert find_agencies(plans.db, "安徽省人社厅").names == ("省人力资源社会保障厅",)


def test_the_plans_own_level_goes_first():
    with opened(HEFEI) as plans:  # it names 市发改委 and 省发展改革委
        found = find_agencies(plans.db, "发改委")
        assert found.names == ("市发改委",)
        assert "not meant: 省发展改革委" in found.note
        assert find_agencies(plans.db, "省发改委").names == ("省发展改革委",)


def test_of_several_that_may_be_meant_each_is_named():
    four = {
        "市发改委": (HEFEI, "合肥市发改委"),
        "省发展改革委（浙江）": (ZHEJIANG, "浙江省发改委"),
        "省发展改革委（四川）": (SICHUAN, "四川省发改委"),
        "国家发展改革委": (MINISTRY, "国家发改委"),
    }
    with opened(*(text for text, _typed in four.values())) as plans:
        for typed in ("发改委", "發改委", "发展改革委", "fgw"):
            with pytest.raises(AmbiguousName) as caught:
                find_agencies(plans.db, typed)
            assert {*caught.value.names} == {*four}, typed
            assert all(name in str(caught.value) for name in four)
        for name, (_text, typed) in four.items():
            for each in (name, typed):
                assert find_agencies(plans.db, each).names == (name,)


def test_a_name_that_is_printed_for_two_agencies_asks_which():
    with opened(HEFEI, HEFEI_LATER, NANJING) as plans:
        with pytest.raises(AmbiguousName) as caught:
            find_agencies(plans.db, "市发展改革委")  # 合肥's is called 市发改委 first
        assert caught.value.names == ("市发改委", "市发展改革委（南京）")
        hefei = find_agencies(plans.db, "市发改委").names
        assert find_agencies(plans.db, "合肥市发展改革委").names == hefei == ("市发改委",)
        assert numbers(plans.db, *hefei) == {("p0", "3"), ("p1", "2")}
        for typed in ("市发展改革委（南京）", "南京市发改委"):
            assert numbers(plans.db, *find_agencies(plans.db, typed).names) == {("p2", "2")}


DISTRICT = """杭州市余杭区2025年重点工作要点
一、重点任务
1、办甲事。（区教育局牵头，区科技局、西湖区人民政府、浙江省财政厅按职责分工负责）
2、办乙事。（区委办公室、区政府办公室、余杭经济技术开发区管委会、区公路服务中心负责）
3、办丙事。（公安余杭分局牵头，区城管局、区城市管理综合执法局、区人社局、各街道办事处配合）
4、办丁事。（区人力资源社会保障局、区商务局负责）
"""
MERGED = """长兴县2025年重点工作要点
一、重点任务
1、办甲事。（县教育体育局牵头，县科工局、安吉县人民政府按职责分工负责）
2、办乙事。（县委办公室、县政府办公室、湖州市生态环境局长兴分局负责）
"""
NATIONAL = """国务院办公厅2025年重点工作要点
一、重点任务
1、办甲事。（证监会牵头，中国民航局、国家铁路集团有限公司、教育部按职责分工负责）
2、办乙事。（中国证监会、民航局、国务院国资委、国家开发银行负责）
3、办丙事。（国资委、中国气象局、全国总工会负责）
"""


def test_each_plan_is_asked_by_itself():
    """An agency with exactly the typed functions hides no other plan's agency that has more."""
    with opened(DISTRICT, MERGED) as plans:
        for typed, names in {
            "教育局": {"区教育局", "县教育体育局"},
            "科技局": {"区科技局", "县科工局"},
        }.items():
            with pytest.raises(AmbiguousName) as caught:
                find_agencies(plans.db, typed)
            assert {*caught.value.names} == names
            assert "--jurisdiction" in caught.value.hint
        assert find_agencies(plans.db, "两办").names == (
            *("区委办公室", "县委办公室", "区政府办公室", "县政府办公室"),
        )  # fmt: skip
        alone = build_filter(plans.db, Criteria(jurisdiction=("长兴县",)), print)
        found = find_agencies(plans.db, "教育局", alone)
        assert found.names == ("县教育体育局",)
        assert "区教育局" not in found.note


def test_in_one_plan_what_else_might_be_meant_is_said():
    with opened(DISTRICT) as plans:
        found = find_agencies(plans.db, "城管局")
        assert found.names == ("区城管局",)
        assert "not meant: 区城市管理综合执法局" in found.note


@pytest.mark.parametrize(
    ("text", "typed", "names"),
    [
        (DISTRICT, "区政府", ("余杭区人民政府",)),  # the plan names 西湖区人民政府
        (DISTRICT, "区委", ("余杭区委",)),
        (MERGED, "县政府", ("长兴县人民政府",)),
        (DISTRICT, "财政厅", ("浙江省财政厅",)),
        (DISTRICT, "省财政厅", ("浙江省财政厅",)),
        (DISTRICT, "教育厅", ()),
        (DISTRICT, "教育部", ()),
        (DISTRICT, "区财政局", ()),
        (DISTRICT, "市教育局", ()),
    ],
)
def test_a_level_is_that_of_the_plans_own_region(text, typed, names):
    with opened(text) as plans:
        try:
            found = find_agencies(plans.db, typed).names
        except AmbiguousName:
            raise
        except NotFound:
            found = ()
        assert found == names


@pytest.mark.parametrize(
    ("text", "typed", "name"),
    [
        (DISTRICT, "余杭经开区", "余杭经济技术开发区管委会"),
        (DISTRICT, "经开区管委会", "余杭经济技术开发区管委会"),
        (DISTRICT, "公路局", "区公路服务中心"),
        (DISTRICT, "公安局", "公安余杭分局"),
        (DISTRICT, "区人资社保局", "区人社局"),  # by its second printed name
        (DISTRICT, "swj", "区商务局"),
        (MERGED, "工信局", "县科工局"),
        (MERGED, "环保局", "湖州市生态环境局长兴分局"),
        (NATIONAL, "国开行", "国家开发银行"),
        (NATIONAL, "国铁集团", "国家铁路集团有限公司"),
        (NATIONAL, "全总", "全国总工会"),
        (NATIONAL, "气象局", "中国气象局"),
    ],
)
def test_an_abbreviation_arrives(text, typed, name):
    with opened(text) as plans:
        assert find_agencies(plans.db, typed).names == (name,)


def test_a_national_agency_is_one_with_and_without_its_country():
    with opened(NATIONAL) as plans:
        for spellings in (
            ("证监会", "中国证监会"),
            ("中国民航局", "民航局"),
            ("国务院国资委", "国资委"),
        ):
            assert len({find_agencies(plans.db, each).names for each in spellings}) == 1
            assert len(numbers(plans.db, *find_agencies(plans.db, spellings[0]).names)) == 2
        kinds = dict(plans.db.execute("SELECT name, kind FROM agency"))
        for name in ("证监会", "中国民航局", "国务院国资委"):
            assert kinds[name] == "国家机关"


UNIVERSITIES = """江苏省2025年重点工作要点
一、重点任务
1、办甲事。（江苏科技大学牵头，南京理工大学、中国建设银行江苏省分行按职责分工负责）
"""


@pytest.mark.parametrize(
    ("typed", "name"),
    [("江苏大学", ""), ("南京大学", ""), ("中国银行", ""), ("理工大学", "南京理工大学"),
     ("江苏科大", "江苏科技大学"), ("建设银行", "中国建设银行江苏省分行")],
)  # fmt: skip
def test_a_university_or_a_bank_is_not_another_with_a_longer_name(typed, name):
    with opened(UNIVERSITIES) as plans:
        if name:
            assert find_agencies(plans.db, typed).names == (name,)
        else:
            with pytest.raises(NotFound):
                find_agencies(plans.db, typed)


@pytest.mark.parametrize("typed", ["公安部", "区财政局", "环保局"])
def test_no_agency_of_other_functions_is_offered(typed):
    with opened(DISTRICT) as plans, pytest.raises(NotFound) as caught:
        find_agencies(plans.db, typed)
    assert "did you mean" not in caught.value.hint


def test_governments_below_an_agency_are_not_said_to_include_it():
    with opened(DISTRICT) as plans:
        assert "街道" not in str(api.agency(plans, "区政府").notes)


def test_two_plans_of_one_city_share_an_agency():
    with opened(HEFEI, HEFEI_LATER) as plans:
        for typed in ("市人社局", "市人力资源社会保障局", "市人力资源和社会保障局", "人社局"):
            found = find_agencies(plans.db, typed)
            assert numbers(plans.db, *found.names) == {("p0", "1"), ("p0", "2"), ("p1", "1")}
    for first, second in ((HEFEI, HEFEI_LATER), (HEFEI_LATER, HEFEI)):
        # Names that one of the plans gives are names of the agency, however each prints it.
        plan = api.parse(first, id="first")
        later = api.to_yaml(api.parse(second, id="second")).decode()
        line = "- name: 市人力资源和社会保障局\n  kind: 市县部门\n"
        assert line in later
        other = api.from_yaml(later.replace(line, line + "  aliases: [就业局]\n").encode())
        with api.load(plan, other) as plans:
            assert len(numbers(plans.db, *find_agencies(plans.db, "就业局").names)) == 3


@pytest.mark.parametrize(
    ("text", "typed", "name"),
    [
        (HEFEI, "市环保局", "市生态环境局"),
        (HEFEI, "教育局", "市教育体育局"),
        (HEFEI, "体育局", "市教育体育局"),
        (ZHEJIANG, "省扶贫办", "省乡村振兴局"),
        (COUNTY, "县卫计委", "县卫健局"),
        (COUNTY, "县卫生局", "县卫健局"),
    ],
)
def test_former_names_and_parts_serve_every_level_and_province(text, typed, name):
    with opened(text) as plans:
        found = find_agencies(plans.db, typed)
        assert found.names == (name,)
        assert name in found.note


def test_a_name_may_mean_several_agencies_at_once(db):
    assert find_agencies(db, "两办").names == ("省委办公厅", "省政府办公厅")
    with opened(HEFEI) as plans:
        both = find_agencies(plans.db, "两办").names
        assert both == ("市委办公室", "市政府办公室")
        assert numbers(plans.db, *both) == {("p0", "3")}


def test_a_government_is_not_its_office(db):
    assert find_agencies(db, "省政府").names == ("省政府",)  # which no task names
    assert find_agencies(db, "省委").names == ("省委",)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("皖北", "皖北"), ("wanbei", "皖北"), ("皖北地区", "皖北"), ("合肥市", "合肥"), ("csj", "长三角"),
        ("宁国", "宁国市"), ("lu'an", "六安"), ("luan", "六安"), ("bengbu", "蚌埠"), ("安徽省合肥市", "合肥"),
        ("bozhou", "亳州"), ("長三角", "长三角"), ("一地六县", "一地六县"), ("changsanjiao", "长三角"),
        ("皖", "安徽"), ("沪", "上海"), ("新安江", "新安江"), ("安徽省", "安徽"), ("合肥市蜀山区", "蜀山区"),
        ("合六", "合肥 六安"), ("宁马", "南京 马鞍山"), ("宿州、马鞍山", "宿州 马鞍山"),
        ("宿州，合淮", "宿州 合肥 淮南"), ("来安县", "来安县"), ("巢湖地区", "合肥|巢湖市"), ("芜湖县", "湾沚区"),
        ("南京市鼓楼区", "南京市鼓楼区"), ("昆明", "昆明"),
    ],
)  # fmt: skip
def test_a_region(db, typed, names):
    assert " ".join(find_regions(db, typed).names) in names.split("|")


def test_a_region_of_several_is_asked_for_and_the_plans_own_province_goes_first(db):
    with pytest.raises(AmbiguousName) as caught:
        find_regions(db, "鼓楼区")
    wanted = {"南京市鼓楼区", "徐州市鼓楼区", "福州市鼓楼区", "开封市鼓楼区"}
    assert {*caught.value.names} == wanted
    with opened(NANJING) as plans:
        assert find_regions(plans.db, "鼓楼区").names == ("南京市鼓楼区",)


def test_of_one_pinyin_equals_are_asked_and_a_note_names_lower_ones(db):
    with pytest.raises(AmbiguousName) as caught:
        find_regions(db, "shanxi")  # of which the plan names 陕西 alone
    assert {*caught.value.names} == {"山西", "陕西"}
    found = find_regions(db, "jiujiang")
    assert found.names == ("九江",)
    assert "鸠江区" in found.note


def test_a_lake_with_the_name_of_a_county_elsewhere_is_noted(db):
    assert find_regions(db, "太湖") == (("太湖县",), "")
    with opened(NANJING) as plans:
        found = find_regions(plans.db, "太湖")
        assert found.names == ("太湖县",)
        assert "plancli search 太湖" in found.note


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("合肥都", "合肥都市圈"),
        ("皖江城", "皖江城市带"),
        ("宣城)产业", "长三角(湖州·宣城)产业合作区"),
    ],
)
def test_a_part_of_a_region_begins_it_or_what_follows_a_dash(db, typed, name):
    assert find_regions(db, typed).names == (name,)


@pytest.mark.parametrize("typed", ["发展", "大会", "城市", "国际", "生态", "市", "圈", "走廊"])
def test_a_word_within_a_name_is_no_region(db, typed):
    with pytest.raises(NotFound) as caught:
        find_regions(db, typed)
    assert not isinstance(caught.value, AmbiguousName)


def test_no_suggestion_shares_a_single_character(db):
    for typed in ("五省", "东四省", "丙市", "北极", "淮中"):
        with pytest.raises(NotFound) as caught:
            find_regions(db, typed)
        if "did you mean" in caught.value.hint:
            names = caught.value.hint.split("did you mean ")[1].rstrip("?").split(" / ")
            assert all(len(set(typed) & set(name)) > 1 for name in names), caught.value.hint


def test_a_compound_and_a_list_answer_for_all_their_parts(db, oracle):
    for typed, parts in (("合六", ["合肥", "六安"]), ("宿州、皖南", ["宿州", "皖南"])):
        found = find_regions(db, typed)
        assert found.names == (*parts,)
        wanted = [t.no for t in oracle.tasks if any(oracle.grade(t, part) for part in parts)]
        rows = query.select_region_tasks(db, *found.names)
        assert list(rows.column("no")) == wanted
        grades = {1: "name", 2: "member", 3: "compound", 4: "clause"}
        strongest = [
            min(filter(None, (oracle.grade(t, part) for part in parts)))
            for t in oracle.tasks if t.no in wanted
        ]  # fmt: skip
        assert list(rows.column("grade")) == [grades[each] for each in strongest]
        with api.load() as plans:  # repeated options mean all of them, one option any
            union = api.ask(plans, region=typed)
            assert [row["no"] for row in union.records()] == wanted
            both = api.ask(plans, region=parts)
            assert [row["no"] for row in both.records()] == [
                t.no for t in oracle.tasks if all(oracle.grade(t, part) for part in parts)
            ]
            assert 0 < len([*both.records()]) < len(wanted)


@pytest.mark.parametrize(
    "typed", ["二(三)", "二（三）", "二、（三）", "2.3", "2-3", "２．３", "（三）", "(三)", "(3)",
              "加强产业链供应链协同", "产业链",
              "二(三)加强产业链供应链协同", "（三）加强产业链供应链协同"],
)  # fmt: skip
def test_a_section_in_any_form(db, typed):
    assert find_sections(db, typed) == ("section:4",)


@pytest.mark.parametrize(
    ("typed", "list_"),
    [("三", 3), ("3", 3), ("三、", 3), ("重大项目", 3), ("一", 1), ("2", 2), ("二、重大事项", 2)],
)
def test_a_list(db, typed, list_):
    assert find_sections(db, typed) == (f"list:{list_}",)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("十二(二十一)", "12.21"), ("十", "10"), ("(十九)", ".19"), ("2.", "2"), ("科技", ""),
     ("", ""), ("二十三十", ""), ("9" * 5000, "")],
)  # fmt: skip
def test_numbers_of_headings(typed, said):
    assert parse_heading_number(typed) == said


@pytest.mark.parametrize(
    ("ask", "typed", "says", "hint"),
    [
        (find_agencies, "省能原局", "no agency matches 省能原局", "did you mean 省能源局?"),
        (find_agencies, "办公厅", "may mean: 省委办公厅、省政协办公厅、省政府办公厅", "type more"),
        (find_agencies, "省", " and ", "type more"),
        (find_agencies, "", "a name is empty", "list all with"),
        (find_regions, "\u200b", "a name is empty", "list all with"),
        (find_sections, " \u3000", "a name is empty", "list all with"),
        (find_agencies, "zzz", "no agency matches zzz", "list all with"),
        (find_regions, "宿洲", "no region matches 宿洲", "did you mean 宿州"),
        (find_regions, "芜湖市包河区", "no region matches", "did you mean 合肥市包河区?"),
        (find_regions, "丙市", "no region matches 丙市", ""),
        (find_regions, "宿州、丙市", "no region matches 丙市", ""),
        (find_sections, "9.9", "no section matches 9.9", "did you mean"),
    ],
)
def test_what_is_not_one_name(db, ask, typed, says, hint):
    with pytest.raises(NotFound) as caught:
        ask(db, typed)
    assert says in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize("typed", ["省委组宣部", "省发展监管局", "市人民政府府"])
def test_at_most_three_near_names_are_offered(db, typed):
    with pytest.raises(NotFound) as caught:
        find_agencies(db, typed)
    assert 1 <= len(caught.value.hint.split(" / ")) <= 3


def test_roles():
    assert name_lookup.parse_role("牵头") is name_lookup.parse_role("LEAD") is Role.LEAD
    assert name_lookup.parse_role("配合") is Role.PARTICIPATE
    with pytest.raises(BadUsage):
        name_lookup.parse_role("boss")


def test_every_name_of_the_registry_arrives_at_its_own(db, known, oracle):
    for agency in known.agencies:
        for typed in filter(None, (agency.name, agency.official, *agency.aliases)):
            assert find_agencies(db, typed).names == (agency.name,)
    for name in oracle.region:
        assert find_regions(db, name).names == (name,)


def test_completion_knows_beginnings(db):
    assert "省能源局" in name_lookup.find_completions(db, "agency", "能源")
    assert "省能源局" in name_lookup.find_completions(db, "agency", "snyj")
    assert name_lookup.find_completions(db, "region", "皖北") == [
        "皖北",
        "皖北八市",
        "皖北承接产业转移集聚区",
    ]
    assert "浙江" not in name_lookup.find_completions(db, "region", "皖")
    assert name_lookup.find_completions(db, "section", "2.3") == ["加强产业链供应链协同"]
    assert name_lookup.find_completions(db, "agency", "不存在") == []


def test_the_names_that_ship_are_those_that_are_asked_and_are_spoken_as_can_be():
    """Which of a character's readings a name has is pypinyin's affair, and settled in the file."""
    ready, now = (dict(line.split("\t") for line in each.decode().splitlines())
                  for each in (pinyin.PINYIN_FILE.read_bytes(), build_table()))  # fmt: skip
    assert [*ready] == [*now], "python -m scripts.pinyin makes it"
    for name, spoken in ready.items():
        chars = (speak(char, style=Style.NORMAL, heteronym=True) for char in name)
        ways = ("|".join(re.escape(normalize_key(way)) for way in said[0]) for said in chars)
        assert re.fullmatch("".join(f"(?:{way})" for way in ways), spoken.replace(" ", "")), name


@given(st.text("省能源局重长乐AＢ1 、（\t\n", max_size=8))
def test_any_name_is_spoken_as_pypinyin_speaks_it(name):
    pinyin.convert("长")  # loads the readings that differ
    spoken = [normalize_key(each) for each in lazy_pinyin(name)]
    assert "".join(pinyin.split_syllables(name)) == "".join(spoken)
    assert [each[0] for each in pinyin.split_syllables(name)] == [
        each[0] for each in spoken if each
    ]


def test_what_is_typed_as_a_key_is_written_needs_no_folding(db):
    keys = [key for (key,) in db.execute("SELECT DISTINCT key FROM lookup_key")]
    assert all(map(str.isprintable, keys))
    assert [normalize_key(key) for key in keys] == keys
