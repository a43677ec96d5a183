"""Which places a sentence names: the longest word wins, and names of other things hide theirs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli.plan import other_names, region_finder, region_words, word_borders
from plancli.plan.model import DutyGroup, iter_tasks
from plancli.registry import divisions
from plancli.registry import io as registry_io
from plancli.registry.model import Agency, AgencyKind


def add_divisions(known):
    """Return the registry with every division of China."""
    listed = {region.name: region for region in known.regions}
    for region in divisions.load_divisions():
        own = listed.get(region.name, region)
        aliases = tuple(dict.fromkeys((*own.aliases, *region.aliases)))
        listed[region.name] = replace(own, aliases=aliases, former=region.former)
    return replace(known, regions=tuple(listed.values()))


EVERYWHERE = add_divisions(registry_io.load_default_registry())
FINDERS = {
    home: region_finder.RegionFinder(EVERYWHERE, home)
    for home in (
        *"安徽 浙江 北京 青海 广东 合肥 山东 重庆 江苏 河北 河南 广西 四川 山西 云南 江西 上杭县 黑龙江 新疆".split(),
        "",
    )
}


def names_in(text, home="安徽"):
    return " ".join(each.name for each in FINDERS[home].find_mentions(text, ()))


def governed(agency, home="安徽"):
    """Return name and word of the region that an agency's name mentions."""
    mentions = FINDERS[home].find_mentions("", (DutyGroup(lead=(agency,)),))
    return " ".join(f"{each.name}:{word}" for each in mentions for word in each.clause)


def found(known, text):
    return {
        mention.name: set(mention.text) for mention in region_finder.find_mentions(text, (), known)
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("会同江苏、浙江有关方面", "江苏 浙江"),
        ("建立皖江城市联席会议机制", "皖江城市带 皖江"),
        ("浙南山区", "浙南"),
        ("围绕扬长补短开展合作", ""),
        ("推进滁宁、宁马城际建设", "滁州 南京 马鞍山"),
        ("合肥海关", ""),
        ("复旦儿科医院安徽医院", ""),
        ("编制合肥都市圈规划", "合肥都市圈 合肥"),
        ("在皖南等地区谋划", "皖南"),
        ("在皖转化", "安徽"),
        ("新汴河航道", "新汴河 宿州"),
        ("皖江", "皖江"),
        ("沪、苏、浙", ""),  # a single character is no place outside a listed compound
        ("", ""),
    ],
)
def test_names_in_a_sentence(known, text, names):
    assert set(found(known, text)) == set(names.split())


def test_words_are_the_plans_own(known, plan):
    for entry in iter_tasks(plan):
        for name, words in found(known, entry.task.text).items():
            assert all(word in entry.task.text for word in words), (entry.task.no, name)


def test_only_the_word_that_wins_is_given(known):
    assert found(known, "合新高铁泗县至宿迁段") == {
        "合肥": {"合新"},
        "新沂市": {"合新"},
        "泗县": {"泗县"},
        "宿迁": {"宿迁"},
    }


def test_a_landmark_s_name_carries_what_it_lies_in_and_names_nothing_else(known):
    assert found(known, "芜湖港") == {"芜湖港": {"芜湖港"}, "芜湖": {"芜湖港"}}


def test_only_an_area_s_name_names_the_places_in_it(known):
    assert set(found(known, "上海市白茅岭农场")) == {"上海市白茅岭农场"}
    assert set(found(known, "合肥都市圈")) == {"合肥都市圈", "合肥"}


def test_each_word_carries_only_known_places(known):
    names = {region.name for region in known.regions}
    assert {c.region for carried in known.build_region_words().values() for c in carried} <= names


def test_names_of_other_things_hold_a_place(known):
    """Else they have no business in the list."""
    bare = type(known)(known.agencies, known.regions, known.compounds, ())
    assert all(found(bare, name) for name in known.not_places)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("统一调度资金安排", ""),
        ("以往来安置群众", ""),
        ("前来安徽投资", "安徽"),
        ("隆重庆贺", ""),
        ("在全市推广西式糕点", ""),
        ("建设宿州至上海段", "宿州 上海"),
        ("每日本级预算", ""),
        ("经费县级统筹", ""),
        ("会同县级部门", ""),
        ("强化资源县域共享", ""),
        ("合肥市场活跃", "合肥"),
        ("拓展东北亚市场", ""),
        ("绿水青山就是金山银山", ""),
        ("建成南昌都市圈", "南昌"),
    ],
)
def test_a_name_begins_and_ends_where_words_do(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("推进技术合作和资源共享", "安徽", ""),
        ("建设平安安徽", "安徽", "安徽"),
        ("推进平安区创建", "安徽", ""),
        ("推进矿区和老城区改造", "安徽", ""),
        ("支持平安、湟中、民和发展", "青海", "平安区 湟中区 民和回族土族自治县"),
        ("维护平安稳定", "青海", ""),
        ("支持南海、顺德发展", "广东", "南海区 顺德区"),
        ("开发南海油气", "广东", ""),
        ("支持定远建设盐化基地", "安徽", "定远县"),
        ("支持定远建设盐化基地", "浙江", ""),
        ("支持滁州市定远县建设盐化基地", "浙江", "滁州 定远县"),
        ("加强浙江义乌市场研究", "安徽", "浙江 义乌市"),
        ("对接昆山、太仓等地", "安徽", "昆山市 太仓市"),
        ("省和县两级", "安徽", ""),
        ("提升三门、临海、温岭旅游", "浙江", "三门县 临海市 温岭市"),
        ("支持和县、含山发展", "安徽", "和县 含山县"),
    ],
)
def test_a_name_that_is_an_ordinary_word_needs_company(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("推广鼓楼区做法", "安徽", ""),
        ("推广南京市鼓楼区做法", "安徽", "南京 南京市鼓楼区"),
        ("推动福建省改革，推广鼓楼区做法", "安徽", "福建 福州市鼓楼区"),
        ("推动通州发展", "北京", "北京市通州区"),
        ("加强长沙研究", "安徽", "长沙"),
        ("支持海南发展", "安徽", "海南"),
        ("组织海南、青海招聘", "安徽", "海南 青海"),
        ("支持海南、海北发展", "青海", "海南州 海北"),
        ("建设上海市松江区", "安徽", "上海 松江区"),
        ("加强芜湖县、无为县水利", "安徽", "湾沚区 无为市"),
        ("学习襄樊市经验", "安徽", "襄阳"),
    ],
)
def test_regions_that_share_a_name_are_told_apart_by_what_stands_beside_it(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("落实宁波海关协议", ""),
        ("办好皖西学院", ""),
        ("支持淮北师范大学", ""),
        ("上海建工集团", ""),
        ("整治蚌埠路", ""),
        ("参加成都大运会", ""),
        ("举办中国(芜湖)科普产品博览会", ""),
        ("治理大通河", ""),
        ("贺兰山生态", ""),
        ("榆中山洪防治", ""),  # a county of 甘肃, in a plan of 安徽
        ("建设黑河公路大桥", ""),
        ("左权县辽阳镇", "左权县"),
        ("某某云溪县", ""),  # 云溪区
        ("办好第十届上海合作组织会议", ""),
        ("引进上海三甲医院资源", "上海"),
        ("改造合肥南站、马鞍山东站", "合肥 马鞍山"),
        ("对接苏州工业园区、合肥高新区", "苏州 合肥"),
        ("推动合肥、芜湖等市企业组建集团", "合肥 芜湖"),
        ("支持合肥建设大学城", "合肥"),
        ("推动芜湖与南京组建港口集团", "芜湖 南京"),
        ("巢湖流域治理", "巢湖市"),
        ("安徽省科技厅", "安徽"),
    ],
)
def test_a_name_of_another_thing_mentions_no_region(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("配合新型城镇化", ""),
        ("落实合新机制", ""),
        ("履行资金义务", ""),
        ("推进合新高铁", "合肥 新沂市"),
        ("推进滁宁、宁马城际", "滁州 南京 马鞍山"),
        ("会同苏浙有关方面", "江苏 浙江"),
    ],
)
def test_a_compound_counts_before_what_it_names(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("建设省会经济圈", "山东", ""),
        ("建设省会经济圈", "安徽", "合肥都市圈"),
        ("建设滨湖新区", "江西", ""),
        ("对接雄安新区", "安徽", "雄安新区"),
        ("推进我国西部地区开发", "", "西部地区"),
        ("支持内蒙古东部地区", "", "内蒙古"),
        ("支持湘西北地区", "安徽", ""),
        ("加快建成中部地区崛起支点", "河南", "中部地区"),
        ("华北、东北和华南", "", "华北 东北地区 华南"),
        ("城区东北、西北方向", "安徽", ""),
        ("皖西北、皖东北", "安徽", "皖西北 皖东北"),
    ],
)
def test_an_area_in_general_words_counts_at_home_and_a_direction_in_a_list(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("推广重庆市江北区做法", "安徽", "重庆 两江新区"),
        ("推进江北区、渝北区改造", "重庆", "两江新区"),
        ("推进江北区改造", "浙江", "江北区"),
        ("推进江北、渝北、巴南发展", "重庆", "两江新区 巴南区"),
        ("推进渝北发展", "安徽", ""),
        ("发挥北江航道作用", "广东", ""),
        ("推进芜湖、无为发展", "安徽", "芜湖 无为市"),
        ("推广江北区做法", "安徽", ""),
        ("保定新市区", "河北", "保定 竞秀区"),
        ("推广淮安清河区做法", "安徽", "淮安 清江浦区"),
        ("推进清河区改造", "江苏", "清江浦区"),
        ("开封市南关区", "河南", "开封 禹王台区"),
        ("南宁新城区", "广西", "南宁 青秀区"),
        ("推广天津南关区做法", "安徽", "天津"),
        ("学习辽宁经验，推广清河区做法", "安徽", "辽宁 清河区"),
        ("支持沈阳、清河区", "安徽", "沈阳 清河区"),
        ("改造合肥郊区", "安徽", "合肥"),
    ],
)
def test_a_path_tells_which_region_a_former_name_means(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("翻修新都桥", "四川", ""),
        ("川青线镇江关隧道", "四川", ""),
        ("推动汉巴南铁路", "四川", ""),
        ("推动巴南铁路货场", "重庆", "巴南区"),
        ("通过小草湖", "新疆", ""),
        ("黑河流域治理", "", ""),
        ("黑河边贸", "", "黑河"),
        ("黑龙江、牡丹江等流域", "黑龙江", "黑龙江"),
        ("建设牡丹江等城市", "黑龙江", "牡丹江"),
        ("乌鲁木齐天山国际机场", "新疆", "乌鲁木齐"),
        ("推进中皋水库、黄山水利枢纽", "山东", ""),
        ("开发塔里木、鄂尔多斯、准噶尔盆地", "", ""),
        ("走进古田慰问", "上杭县", ""),
        ("走进永定慰问", "上杭县", "龙岩市永定区"),
        ("西安至安康段", "安徽", "西安 安康"),
        ("广元至巴中段", "安徽", "广元 巴中"),
        ("对接上海洋山港", "安徽", "上海"),
        ("设立浙江舟山群岛新区", "安徽", "浙江 舟山"),
        ("建设山东半岛城市群", "安徽", "山东半岛城市群 山东半岛 山东"),
        ("支持安宁等地发展", "云南", "安宁市"),
        ("落实日照标准", "山东", ""),
        ("支持日照发展", "山东", "日照"),
    ],
)
def test_a_name_in_a_longer_place_is_no_name_and_a_section_ends_with_one(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    "text",
    [
        "办好潍坊国际风筝会",
        "办好郑州航展",
        "支持四川省人民医院",
        "支持成都市第三人民医院",
        "支持中国石油大学（华东）",
        "建设某某（济南）人工智能创新中心",
        "建设中国（合肥）知识产权保护中心",
        "壮大国家超级计算济南中心",
        "支持青岛海洋科学与技术国家实验室",
        "推广“爱山东”服务",
        "推广“山东通”平台",
        "上线“健康合肥”APP",
        "武汉兴和云网科技股份有限公司",
        "西安某某企业管理咨询服务有限公司",
        "引进长江学者",
        "引进“长江”学者",
        "欧美同学会",
        "人民银行济南分行",
        "人行合肥中心支行",
        "某某总局莱芜监管分局",
        "山西大同矿务局",
        "话剧《右玉》《我的阿勒泰》",
        "[M].北京：科学出版社",
        "其他老解放区",
        "市监委，济南警备区",
    ],
)
def test_a_name_of_another_thing_hides_every_region_in_it(text):
    assert names_in(text, "四川") in ("", "山西")  # 山西 stands before the name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("建设“平安安徽”", "安徽"),
        ("打造“信用安徽”平台", "安徽"),
        ("建设合肥区域性科技创新中心", "合肥"),
        ("中国（山东）自由贸易试验区", "山东"),
        ("合肥海关与南京建设国际航运中心", "南京"),
        ("推动合肥国际社区建设", "合肥"),
        ("落实《安徽省条例》", "安徽"),
    ],
)
def test_what_only_looks_like_another_name_hides_nothing(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "home", "names"),
    [
        ("完善京张高铁配套", "河北", "北京 张家口"),
        ("推进甬舟铁路、杭温高铁", "浙江", "宁波 舟山 杭州 温州"),
        ("建设绵遂内铁路", "四川", "绵阳 遂宁 内江"),
        ("建设甬舟铁路", "安徽", ""),
        ("建设京沪高铁", "安徽", "北京 上海"),
        ("建设昌泰高速", "江西", ""),  # 泰和县, not 泰州
        ("建设郑新高速", "河南", ""),  # 新乡, not 新疆
        ("建设广湛高铁工程", "广东", "广州 湛江"),
        ("达成高速增长共识", "四川", ""),
        ("形成杭温高速增长极", "浙江", ""),
        ("完善国家高速公路", "浙江", ""),
        ("推进甬舟合作", "浙江", ""),
        ("推进合安高铁", "安徽", "合肥 安庆"),
        ("建设贵合安铁路", "安徽", ""),
    ],
)
def test_abbreviations_before_a_line_s_name_each_mean_one_region(text, home, names):
    assert names_in(text, home) == names


@pytest.mark.parametrize(
    ("agency", "home", "mention"),
    [
        ("宁波市人民政府", "安徽", "宁波:宁波市"),
        ("全椒县人民政府", "安徽", "全椒县:全椒县"),
        ("上海市青浦区人民政府", "安徽", "青浦区:青浦区"),
        ("南京市鼓楼区人民政府", "安徽", "南京市鼓楼区:鼓楼区"),
        ("鼓楼区人民政府", "安徽", ""),
        ("中共芜湖市委", "安徽", "芜湖:芜湖市"),
        ("界首市政府", "安徽", "界首市:界首市"),
        ("池州市", "安徽", "池州:池州市"),
        ("无为县人民政府", "安徽", "无为市:无为县"),
        ("合肥市水务局", "安徽", "合肥:合肥市"),
        ("合肥市水务局", "合肥", ""),
        ("安徽省水利厅", "安徽", ""),
        ("安徽省水利厅", "浙江", "安徽:安徽省"),
        ("宁波海关", "安徽", ""),
        ("宁波市税务局", "安徽", "宁波:宁波市"),
        ("宁波市轨道集团", "安徽", ""),
        ("国家税务总局合肥市税务局", "安徽", ""),
        ("安徽证监局", "浙江", ""),
        ("芜湖港公司", "安徽", ""),
        ("省水利厅", "安徽", ""),
        ("江北区人民政府", "重庆", "两江新区:江北区"),
        ("重庆市江北区人民政府", "安徽", "两江新区:江北区"),
    ],
)
def test_an_agency_mentions_the_region_it_is_of(agency, home, mention):
    assert governed(agency, home) == mention


def test_a_government_that_a_plan_names_by_a_former_name_is_the_one_at_home():
    agency = Agency("江北区人民政府", AgencyKind.COUNTY, region="江北区")
    finder = region_finder.RegionFinder(replace(EVERYWHERE, agencies=(agency,)), "重庆")
    mentions = finder.find_mentions("", (DutyGroup(lead=(agency.name,)),))
    assert [each.name for each in mentions] == ["两江新区"]


FULL_NAMES = sorted(
    region.name
    for region in divisions.load_divisions()
    if region.name.endswith("县") and len(region.name) > 2 and region.parents == ("合肥",)
)


@given(st.lists(st.sampled_from([*FULL_NAMES, "合肥", "芜湖", "来安县", "桐城市"]), min_size=1))
def test_a_name_between_marks_is_always_found(names):
    text = "、".join(names)
    assert names_in(text).split() == [*dict.fromkeys(names)]


@given(st.text("资金安全前来徽隆重庆祝推广西瓜合肥市县区路、，和", max_size=30))
def test_a_word_stands_in_its_text_and_means_what_the_registry_says(text):
    for mention in FINDERS["安徽"].find_mentions(text, ()):
        assert all(word in text for word in mention.text)


@pytest.mark.parametrize("home", ["安徽", ""])
def test_a_mention_is_gone_without_its_word(home):
    text = "支持合肥、芜湖和马鞍山发展"
    for mention in FINDERS[home].find_mentions(text, ()):
        for word in mention.text:
            assert mention.name not in names_in(text.replace(word, ""), home).split()


def test_the_data_of_words_is_what_its_readers_expect():
    borders = word_borders.load_word_borders()
    assert borders.ordinary <= borders.foreign
    assert {"合作", "资源"} <= borders.ordinary
    assert not {"合肥", "来安", "义乌"} & borders.foreign
    assert other_names.load_other_names().blocker.search("建设")


def test_the_plan_that_ships_mentions_the_same_with_all_of_china(plan):
    for entry in iter_tasks(plan):
        task = entry.task
        assert FINDERS["安徽"].find_mentions(task.text, task.duties) == task.regions, task.no


@pytest.mark.parametrize(
    ("text", "home", "kinds"),
    [
        (
            "推进甬舟铁路、宁波市轨道",
            "浙江",
            "宁波:甬舟:compound 宁波:宁波市:name 舟山:甬舟:compound",
        ),
        (
            "推进江北区、渝北、两江新区改造",
            "重庆",
            "两江新区:江北区:name 两江新区:渝北:name 两江新区:两江新区:name",
        ),
        ("支持海南、海北发展", "青海", "海南州:海南:name 海北:海北:name"),
        ("华北、东北和华南", "", "华北:华北:name 东北地区:东北:name 华南:华南:name"),
    ],
)
def test_a_word_mentions_a_region_by_a_name_or_as_a_compound(text, home, kinds):
    known = region_words.MentionKinds(EVERYWHERE)
    assert kinds.split() == [
        f"{each.name}:{word}:{known.find_kind(word, each.name)}"
        for each in FINDERS[home].find_mentions(text, ())
        for word in each.text
    ]
