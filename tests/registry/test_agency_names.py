"""What the name of an agency says: its region, its level and its functions."""

import pytest

from plancli.plan.model import iter_tasks
from plancli.registry.agency_functions import find_succession, load_functions, split_functions
from plancli.registry.agency_names import parse_agency_name
from plancli.text.normalize import load_simplified, normalize_key

REGIONS = {"镇江市", "皖江", "嵊泗", "郑州", "郑州市", "松江"}

# Spellings of one agency, and agencies of one region that are different.
SAME = """
市发改委 市发展改革委 市发展和改革委员会 市发展与改革局
市人社局 市人力资源社会保障局 市人力资源和社会保障局 市人力社保局
省经信厅 省经济和信息化厅 省工信厅 省工业和信息化厅
市政府办公室 市人民政府办公室 市府办 市政府办
县委办 县委办公室 中共县委办公室
省政府国资委 省国资委 省人民政府国有资产监督管理委员会
省外办 省政府外办 省委外办 省委外事工作委员会办公室
团县委 县团委 共青团县委
省委编办 省编办 省委机构编制委员会办公室
市市监局 市市场监管局 市市场监督管理局
县城管局 县城市管理局
省高院 省高级人民法院 省法院
市民宗局 市民族宗教局 市民族和宗教事务局
县农业农村水利局 县农业农村和水利局 县农水局
市公安局交警支队 市交警支队 市公安局交通警察支队
省人大常委会办公厅 省人大办公厅 省人民代表大会常务委员会办公厅
市安委办 市安委会办公室 市安全生产委员会办公室 市安委会
县妇儿工委 县妇儿工委办 县妇女儿童工作委员会办公室
区住建委 区住房城乡建委 区住房和城乡建设委员会
县纪委监委 县纪检监察委 县纪委监察委
"""
DIFFERENT = """
省政府办公厅 省委办公厅 省人大常委会办公厅 省政协办公厅 省政府 省委 省委组织部
市教育局 市教育体育局 市体育局 市委教育工委 市教育局办公室
市公安局 市公安局交警支队 市公安局出入境支队 市公安分局
市生态环境局 市生态环境分局 市环保局 市生态环境监测中心
市农业农村局 市委农办 市农业局 市乡村振兴局
市工商局 市质监局 市食药监局 市药监局 市市场监管局
市国资委 市国资公司 市国资集团 市国企工委
市住建局 市住房保障和房产管理局 市住建集团
市数据局 市大数据公司 市大数据中心 市数据集团 市大数据局
省地方金融监管局 省金融监管局 省银保监局 省证监局 省委金融办 省金融控股公司
市发展改革委 市发展改革委办公室 市发展改革委价格处
市纪委 市监委 市委巡察办
市侨联 市侨办 市外办 市台办 市台联 市外侨办
市科协 市科技局 市社科联 市社科院 市科委党校
市工商联 市工商局 市总工会 市红十字会
市中级人民法院 市检察院 市司法局 市公安局
市文化局 市文化和旅游局 市文联 市文物局 市广电局 市广播电视台
市档案局 市档案馆 市党史办 市地方志办公室
市城市管理局 市城管执法局 市综合行政执法局
市政府研究室 市委政研室 市政府发展研究中心
市防汛抗旱指挥部 市安委办 市食安办 市河长办
市人民医院 市第一人民医院 市中医院 市卫健委
市建设集团 市城建集团 市城投公司
"""


def identify(name):
    return parse_agency_name(name, REGIONS).identity


@pytest.mark.parametrize("names", SAME.strip().splitlines())
def test_spellings_of_one_agency_have_one_identity(names):
    assert len({identify(name) for name in names.split()}) == 1, names


@pytest.mark.parametrize("names", DIFFERENT.strip().splitlines())
def test_agencies_that_stand_side_by_side_have_several(names):
    found = {name: identify(name) for name in names.split()}
    assert len(set(found.values())) == len(found), found


def test_names_in_one_clause_of_the_shipped_plan_never_have_one_identity(plan):
    for each in iter_tasks(plan):
        names = {name for group in each.task.duties for name in group.names}
        parsed = {name: parse_agency_name(name) for name in names}
        owners = {(p.region, p.level, p.identity) for p in parsed.values()}
        assert len(owners) == len(names), each.task.no


@pytest.mark.parametrize(
    ("name", "region", "level"),
    [
        ("浙江省财政厅", "浙江省", "省"),
        ("云溪县财政局", "云溪县", "县"),
        ("上海市松江区人民政府", "上海市松江区", "区"),
        ("郑州市市场监管局", "郑州市", "市"),
        ("郑州财政局", "郑州", ""),
        ("安徽证监局", "安徽", "省"),
        ("苏州海关", "苏州", ""),
        ("人行浙江省分行", "浙江省", "省"),
        ("国家税务总局浙江省税务局", "浙江省", "省"),
        ("安徽驻沪办", "安徽", "省"),
        ("共青团安徽省委", "安徽省", "省"),
        ("团省委", "", "省"),
        ("民盟市委", "", "市"),
        ("团中央", "", "国家"),
        ("广西壮族自治区教育厅", "广西壮族自治区", "自治区"),
        ("延边朝鲜族自治州教育局", "延边朝鲜族自治州", "州"),
        ("阿拉善左旗农牧局", "阿拉善左旗", "旗"),
        ("锡林郭勒盟行政公署", "锡林郭勒盟", "盟"),
        ("沙湾镇人民政府", "沙湾镇", "镇"),
        ("合肥高新区管委会", "合肥高新区", "园区"),
        ("合肥市生态环境局肥西县分局", "肥西县", "县"),
        ("市公安局松江分局", "松江", ""),
        ("中国人民政治协商会议安徽省委员会办公厅", "安徽省", "省"),
        ("市场监管局", "", ""),
        ("城市管理局", "", ""),
        ("县域经济办公室", "", ""),
        ("区域合作办公室", "", ""),
        ("市政公用局", "", ""),
        ("国家发展改革委", "", "国家"),
        ("国务院国资委", "", "国家"),
        ("教育部", "", "国家"),
        ("税务总局", "", "国家"),
        ("中央网信办", "", "国家"),
        ("全国妇联", "", "国家"),
        ("中国气象局", "", "国家"),
        ("宣传部", "", ""),
        ("人民武装部", "", ""),
        ("市国家安全局", "", "市"),
        ("县人民医院", "", "县"),
        ("荆州市人民医院", "荆州市", "市"),
        ("镇江市人民医院", "镇江市", "市"),
        ("省大数据公司", "", "省"),
    ],
)
def test_region_and_level_stand_in_front(name, region, level):
    parsed = parse_agency_name(name, REGIONS)
    assert (parsed.region, parsed.level) == (region, level)


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("文化广电旅游局", "文化 广电 旅游"),
        ("县文化旅游体育局", "文化 旅游 体育"),
        ("县科技经济信息化局", "科技 工业和信息化"),
        ("市政务服务和数据管理局", "政务服务 数据资源"),
        ("市林业和园林局", "林业 园林"),
        ("市发展改革委（粮食局）", "发展改革 粮食"),
        ("自治区党委组织部", "组织"),
        ("国办", "办公厅"),
        ("央行", "人民银行"),
        ("各市教育局", ""),
        ("市有关部门", ""),
        ("省教育科学研究院", ""),
        ("市公安局办公室", ""),
        ("市建设集团", ""),
    ],
)
def test_functions_are_the_words_between(name, functions):
    assert parse_agency_name(name).functions == frozenset(functions.split())


@pytest.mark.parametrize(
    "names",
    [
        "合肥市 合肥市政府 合肥市人民政府",
        "省政府 省人民政府",
        "皖江 皖江政府",
        "沙湾街道 沙湾街道办 沙湾街道办事处",
        "合肥经开区 合肥经济技术开发区管委会",
    ],
)
def test_a_region_is_its_government(names):
    parsed = {parse_agency_name(name, REGIONS) for name in names.split()}
    assert len(parsed) == 1
    assert parsed.pop().organ == "政府"


@pytest.mark.parametrize(
    ("names", "is_collective"),
    [
        (
            "各市人民政府 有关单位 沿江各市 沿海市县 省有关部门 省直相关单位 全市各部门 各县（市、区）人民政府",
            True,
        ),
        ("沿海集团 省交通运输厅 隆林各族自治县人民政府", False),
    ],
)
def test_a_phrase_for_several_is_no_agency(names, is_collective):
    parsed = {name: parse_agency_name(name) for name in names.split()}
    assert {name: each.ending == "泛指" for name, each in parsed.items()} == dict.fromkeys(
        parsed, is_collective
    )


def test_names_in_traditional_script_say_the_same():
    traditional = {simple: old for old, simple in load_simplified().items()}
    for name in "合肥市人力资源和社会保障局 国务院国资委 县发展和改革委员会 省委统战部".split():
        typed = "".join(traditional.get(char, char) for char in name)
        assert typed != name
        assert parse_agency_name(typed) == parse_agency_name(normalize_key(name))


def test_a_word_has_one_meaning():
    table = load_functions()
    words = [word for pairs in table.words.values() for word, _functions in pairs]
    assert len(words) == len(set(words))
    assert {each for pairs in table.words.values() for _w, meant in pairs for each in meant} <= {
        *table.functions
    }


def test_a_word_is_not_read_as_two_others():
    for pairs in load_functions().words.values():
        assert {word: split_functions(word) for word, _functions in pairs} == dict(pairs)


def test_successors_and_years_are_given_in_order():
    table = load_functions().functions
    for function in table.values():
        assert set(function.successors) <= {*table}, function
        for year in (function.since, function.until):
            assert not year or (year.isdigit() and len(year) == 4), function
        assert not (function.since and function.until) or function.since < function.until, function
    assert [step.later for step in find_succession("卫生", "卫生健康")] == ["卫生计生", "卫生健康"]
    assert find_succession("卫生健康", "卫生") == ()


def test_words_must_make_up_the_whole():
    assert split_functions("教育和科技") == {"教育", "科技"}
    assert split_functions("教育和") == split_functions("教育装备") == frozenset()
