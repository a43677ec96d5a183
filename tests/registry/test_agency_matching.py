"""How a typed name means an agency that a plan names."""

import pytest

from plancli.registry.agency_matching import (
    AgencyMatch,
    build_core_pattern,
    expand_typed_name,
    find_agency_succession,
    list_search_keys,
    rank_agency_match,
)
from plancli.registry.agency_names import parse_agency_name

CASES = """
SAME 市发改委 市发展改革委
SAME 大数据公司 市大数据公司
SAME 省府办 省政府办公厅
SAME 黄冈人行 人行黄冈市中心支行
SUCCESSION 市环保局 市生态环境局
SUCCESSION 市生态环境局 市环境保护局
SUCCESSION 省质监局 省市场监管局
SUCCESSION 农业部 农业农村部
SUCCESSION 银保监会 金融监管总局
DISTANT_SUCCESSION 省扶贫办 省农业农村厅
DISTANT_SUCCESSION 卫生局 县卫生健康委员会
FUNCTIONS 教育局 县教育体育局
FUNCTIONS 文旅局 县文化旅游体育局
FUNCTIONS 农委 县农业农村水利局
FUNCTIONS 县城管局 县城市管理行政执法局
FUNCTIONS 发改 市发展改革委
FUNCTIONS 县环保局 县生态环境分局
FUNCTIONS 人民银行 人行浙江省分行
FUNCTIONS 办公室 市政府办公室
SUBSEQUENCE 地铁公司 市地铁集团有限公司
SUBSEQUENCE 公共资源交易联席会议 省公共资源交易监督管理联席会议成员单位
SUBSEQUENCE 长江大保护指挥部 市长江大保护工作指挥部办公室
SUBSEQUENCE 双碳领导小组 省碳达峰碳中和工作领导小组成员单位
SUBSEQUENCE 县医院 县人民医院
SUBSEQUENCE 水利局 市水利和湖泊局
OFFICE 皖北办 省加快皖北地区发展领导小组成员单位
OFFICE 省长三角办 省推动长三角地区更高质量一体化发展领导小组成员单位
OFFICE 双碳办 省碳达峰碳中和工作领导小组成员单位
OFFICE 省人大 省人大常委会办公厅
OFFICE 政协 市政协办公室
PART 市文化广电旅游局 市文旅局
PART 北部湾 自治区北部湾办
- 市教育体育局 市体育局
- 市公安局 市公安局公安交管局
- 市林业局 六盘山林业局
- 海关总署 海关总署广东分署
- 市科协 市科技局
- 教育局 市教育局办公室
- 财政局 市财务公司
- 市农业农村局 市乡村振兴局
- 省委 省委办公室主任会议
- 省政府 省委办公厅
- 省委组织部 省委办公厅
- 省委办公厅 省政府办公厅
- 数据局 市大数据公司
- 考院 省教育考试院
- 皖南办 省加快皖北地区发展领导小组成员单位
- 各市 市教育局
- 市审计局 市统计局
- 交通局 市公安局交警支队
- 市教育局 各市教育局
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_a_typed_name_means_an_agency_in_this_way(case):
    how, typed, printed = case.split()
    match = rank_agency_match(parse_agency_name(typed), parse_agency_name(printed))
    assert (match.name if match else "-") == how


def test_the_surest_way_comes_first():
    assert list(AgencyMatch) == sorted(AgencyMatch)
    assert AgencyMatch.SAME < AgencyMatch.SUCCESSION < AgencyMatch.FUNCTIONS < AgencyMatch.PART


def test_what_lies_between_two_names_is_told_with_its_years():
    typed, printed = parse_agency_name("县卫生局"), parse_agency_name("县卫生健康委员会")
    steps = find_agency_succession(typed, printed)
    assert [(step.former, step.later, step.year) for step in steps] == [
        ("卫生", "卫生计生", "2013"),
        ("卫生计生", "卫生健康", "2018"),
    ]
    assert find_agency_succession(printed, typed) == steps


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_what_is_stored_of_an_agency_finds_it(case):
    how, typed, printed = (case + " ").split(" ")[:3]
    name, agency = parse_agency_name(typed), parse_agency_name(printed)
    if how == "-" or not name.functions or not agency.functions:
        return
    assert set(list_search_keys(name)) & agency.functions


def test_a_core_pattern_takes_all_characters_in_order():
    assert build_core_pattern(parse_agency_name("市地铁公司")) == "%地%铁%公%司%"
    assert build_core_pattern(parse_agency_name("皖北办")) == "%皖%北%"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("两办", "党委办公室 政府办公室"),
        ("省两办", "省委办公室 省政府办公室"),
        ("县委县政府", "县委 县政府"),
        ("市委市政府办公室", "市委办公室 市政府办公室"),
        ("自治区党委政府", "自治区党委 自治区政府"),
        ("市教育局", "市教育局"),
    ],
)
def test_two_are_meant_by_one_word(typed, names):
    assert expand_typed_name(typed) == tuple(names.split())


def test_both_offices_are_the_offices_of_the_party_and_of_the_government():
    for typed, printed in zip(
        expand_typed_name("省两办"), ("省委办公厅", "省人民政府办公厅"), strict=True
    ):
        match = rank_agency_match(parse_agency_name(typed), parse_agency_name(printed))
        assert match is AgencyMatch.SAME
