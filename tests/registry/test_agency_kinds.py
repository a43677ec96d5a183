"""The kind of an agency according to its name, for every level and province."""

import pytest

from plancli.registry.agency_kinds import classify_agency
from plancli.registry.model import AgencyKind, RegionType

TYPES = {
    "桐城市": RegionType.COUNTY,
    "昆山市": RegionType.COUNTY,
    "合肥市": RegionType.CITY,
    "马鞍山市": RegionType.CITY,
}
NAMES = {
    AgencyKind.NATIONAL: (
        "市场监管总局 中国人民银行 科技部 教育部 税务总局 国家数据局 "
        "国家发展改革委 国务院国资委 海关总署 审计署 中国证监会 国家能源局 "
        "财政部 国务院办公厅 最高人民法院 最高人民检察院 金融监管总局 "
        "中国气象局 国家民委"
    ),
    AgencyKind.CENTRAL: (
        "人行浙江省分行 浙江证监局 省税务局 杭州海关 省气象局 省通信管理局 "
        "国家税务总局合肥市税务局 安徽银保监局 徐州金融监管分局 "
        "人民银行合肥中心支行 县税务局 市消防救援支队 省邮政管理局 "
        "民航安徽监管局 国家统计局安徽调查总队 市烟草专卖局 自治区气象局"
    ),
    AgencyKind.PARTY: (
        "省委宣传部 省委网信办 市委组织部 县委办公室 县纪委监委 中央网信办 "
        "中央组织部 自治区党委编办 省委农办 市委政法委 区委宣传部 省委 "
        "州委农办 省委党校 省委金融办 县委"
    ),
    AgencyKind.CITY_PARTY: ("合肥市委 芜湖市委 凉山州委"),
    AgencyKind.CONGRESS: ("省人大常委会办公厅 市人大财经委 全国人大常委会办公厅 县人大"),
    AgencyKind.CPPCC: ("省政协办公厅 市政协 县政协办公室"),
    AgencyKind.CITY: (
        "合肥市人民政府 马鞍山市政府 延边朝鲜族自治州人民政府 锡林郭勒盟行政公署 凉山州政府"
    ),
    AgencyKind.COUNTY: (
        "桐城市人民政府 肥西县人民政府 上海市松江区人民政府 昆山市人民政府 "
        "阿拉善左旗人民政府 道真仡佬族苗族自治县人民政府"
    ),
    AgencyKind.TOWN: ("沙湾镇人民政府 云顶乡人民政府 方松街道办事处 沙湾镇"),
    AgencyKind.PEOPLE: (
        "团县委 省总工会 共青团安徽省委 市妇联 中国贸促会 区残联 全国工商联 "
        "省侨联 民盟市委 市红十字会"
    ),
    AgencyKind.COORDINATION: (
        "省推进长三角一体化发展领导小组办公室 市防汛抗旱指挥部 省公共资源交易联席会议"
    ),
    AgencyKind.COLLECTIVE: (
        "各市人民政府 省有关单位 有关部门 省碳达峰碳中和工作领导小组成员单位 各县(市、区)人民政府"
    ),
    AgencyKind.COMPANY: (
        "市大数据公司 中国银行安徽省分行 农业银行 国网安徽电力公司 "
        "中国移动安徽公司 省交通控股集团 徽商银行 中国铁塔"
    ),
    AgencyKind.INSTITUTE: (
        "县人民医院 安徽大学 省社科院 市疾控中心 中国科学院 省农科院 "
        "市住房公积金管理中心 安徽广播电视台 县档案馆 合肥市第一中学"
    ),
    AgencyKind.DEPARTMENT: (
        "省财政厅 安徽省发展改革委 自治区财政厅 省政府办公厅 省高级人民法院 "
        "省政府驻沪办 广西壮族自治区教育厅 省检察院 省公安厅交警总队 省国资委 "
        "上海市发展改革委"
    ),
    AgencyKind.LOCAL: (
        "市教育局 县城市管理局 区建设管理委 云溪县财政局 州发展改革委 "
        "盟农牧局 市政府办公室 县生态环境分局 市中级人民法院 县检察院 "
        "市公安局交警支队 合肥高新区管委会 县卫生健康委 市国资委 "
        "云溪县城关派出所"
    ),
    AgencyKind.OTHER: ("中国钢铁工业协会 新疆生产建设兵团"),
}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind, names in NAMES.items() for name in names.split()]
)
def test_an_agency_is_of_the_kind_its_name_says(name, kind):
    assert classify_agency(name, TYPES) is kind


def test_a_city_is_a_prefecture_unless_its_type_is_known():
    assert classify_agency("桐城市人民政府") is AgencyKind.CITY
    assert classify_agency("安徽省桐城市人民政府", TYPES) is AgencyKind.COUNTY
    assert classify_agency("桐城市教育局", TYPES) is AgencyKind.LOCAL
    assert classify_agency("桐城市委", TYPES) is AgencyKind.PARTY


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("市委人民武装部 区委编办 芜湖市委网信办 州委政法委", AgencyKind.PARTY),
        ("人民银行 央行", AgencyKind.NATIONAL),
        ("人行 市人行 海关 县税务局", AgencyKind.CENTRAL),
        ("团市委 共青团芜湖市委", AgencyKind.PEOPLE),
        ("市发展改革委 市国资委 市国资局", AgencyKind.LOCAL),
        ("教育厅 省政府 安徽省人民政府 上海市人民政府", AgencyKind.DEPARTMENT),
    ],
)
def test_names_that_look_like_another_kind(names, kind):
    assert {name: classify_agency(name) for name in names.split()} == dict.fromkeys(
        names.split(), kind
    )
