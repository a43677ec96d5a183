"""The words that names of agencies are made of, apart from their functions."""

import re

COUNTRY = "国家"
AGENCY = "机关"
COLLECTIVE = "泛指"
OFFICE_ABROAD = "驻外办"
GOVERNMENT, PARTY, CONGRESS, CONSULTATION = "政府", "党委", "人大", "政协"
OFFICE = "办公厅"
KEEPS_ORGAN = frozenset((OFFICE, "督查", "目标考核"))
PROVINCES = {
    **dict.fromkeys("北京 天津 上海 重庆".split(), "市"),
    **dict.fromkeys("内蒙古 广西 西藏 宁夏 新疆".split(), "自治区"),
    **dict.fromkeys(
        "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾".split(),
        "省",
    ),
}
NATIONAL_PREFIXES = {
    "国家": "", "国务院": GOVERNMENT, "党中央": PARTY, "中央": PARTY, "全国": "", "中国": "",
    "中华人民共和国": "", "中华全国": "",
}  # fmt: skip
NATIONAL_NAMES = (
    "最高",
    "中组",
    "中宣",
    "中纪",
    "中央",
    "团中央",
    "国家",
    "国务院",
    "中科院",
    "国管局",
    "中财办",
    "中农办",
    "中改办",
    "中编办",
    "中统部",
    "国台办",
    "国新办",
    "国侨办",
    "全总",
    "央视",
    "央广",
    "国开行",
    "开发银行",
    "农发行",
    "农业发展银行",
    "进出口银行",
    "口行",
    "国铁集团",
    "国网",
    "南方电网",
    "南网",
    "中石油",
    "中石化",
    "中海油",
    "中国石油",
    "中国石化",
    "中国海",
    "铁总",
    "铁路总公司",
)
NATIONAL_COMMISSIONS = ("证监会", "银保监会", "银监会", "保监会")  # elsewhere they are called 局
NATIONAL_ENDINGS = ("部", "总局", "署")
NOT_MINISTRIES = frozenset((PARTY, "群团", "军队", "司法"))  # kinds of functions: 宣传部, 武装部
ORGANS = (
    ("人民代表大会常务委员会", CONGRESS), ("人民代表大会常委会", CONGRESS), ("人民代表大会", CONGRESS),
    ("人大常务委员会", CONGRESS), ("人大常委会", CONGRESS), ("人大常委", CONGRESS), ("人大", CONGRESS),
    ("政协委员会", CONSULTATION), ("政协", CONSULTATION),
    ("人民政府", GOVERNMENT), ("政府", GOVERNMENT), ("府", GOVERNMENT),
    ("办事处", GOVERNMENT), ("行政公署", GOVERNMENT), ("行署", GOVERNMENT), ("党工委", PARTY),
    ("党委", PARTY), ("委员会", PARTY), ("委", PARTY),
)  # fmt: skip
ORGAN_CHARS = frozenset("人政府党委办行")
# The kinds of ending, other than AGENCY.
ENDING_WORDS = {
    "领导小组": "领导小组 工作小组 协调小组 推进小组 指导小组 工作组 指挥部 联席会议 专班 协调机制",
    "分局": "分局",
    "公司": "公司 集团 电网 石化 铁塔 移动 联通 电信",
    "分行": "分行 支行 中支 营业管理部",
    "银行": "银行 农商行 信用社 农信社",
    "医院": "医院 卫生院 保健院 卫生服务中心",
    "学校": "大学 学院 学校 中学 小学 幼儿园 技校",
    "科研": "研究院 科学院 研究所 设计院 勘察院 规划院 研究中心",
    "中心": "中心",
    "总队": "总队",
    "支队": "支队",
    "大队": "大队",
    "队": "队",
    "处室": "处 科 股 所 站 处室",
    "管委会": "管委会 管理委员会",
    "馆": "馆 博物院",
    "媒体": "电视台 总台 台 报社 日报 传媒",
    "协会": "协会 商会 学会 联合会 促进会 基金会 总会",
    AGENCY: "厅 局 总局 委员会 委 部 办公厅 办公室 办 署 会 室 总站 边检站",
}
ENDINGS = {word: kind for kind, words in ENDING_WORDS.items() for word in words.split()}
MAX_ENDING = max(map(len, ENDINGS))
COORDINATION = "领导小组"
COORDINATION_PARTS = ("成员单位", "办公室", "秘书处", "办")
WITH_FUNCTIONS = frozenset((AGENCY, "分局", "分行", "中心", "总队", "支队", "大队", "队", "馆"))
BRANCH_ENDING = "分行"
CENTER = "中心"
DEVELOPMENT = "发展"
CENTRAL_BANK = frozenset(("人民银行",))
OFFICE_WORDS = ("办公厅", "办公室", "办")
LEVEL = re.compile("自治[区州县旗]|特别行政区|街道|兵团|[省市县区州盟旗镇乡]")
LEVEL_NAMES = {"自治州": "州", "自治县": "县", "自治旗": "旗"}
ZONE = re.compile(
    ".*(?:开发区|高新区|经开区|园区|示范区|试验区|集聚区|综保区|保税区|度假区|经济区|合作区|工业区|园区|产业园)"
)
ZONE_SYNONYMS = (
    ("经济技术开发区", "经开区"), ("经济开发区", "经开区"), ("高新技术产业开发区", "高新区"), ("高新技术开发区", "高新区"),
    ("综合保税区", "综保区"),
)  # fmt: skip
TOWN_OFFICE = "街道办"
PARTY_OFFICE = "党办"
ZONE_LEVEL = "园区"
ZONE_COMMITTEES = ("管委会", "管理委员会")  # a zone is governed by its committee
# A region or a level before a name that no function explains.
LEVEL_CHARACTERS = "省市县区州盟旗镇乡"
UNIT = f"(?:[^{LEVEL_CHARACTERS}各局厅委部院会司校府室办]|[{LEVEL_CHARACTERS}](?=[{LEVEL_CHARACTERS}]))"
BORDER = (
    "(?:自治[区州县旗]|特别行政区|街道|省|市(?![场容域政])|县(?!域)|区(?!域)|州|盟|旗|镇|乡(?!村))"
    f"(?![{LEVEL_CHARACTERS}])"
)
REGION_BEFORE = re.compile(
    f"(?:{UNIT}{{1,13}}?{BORDER})+(?=..)|(?:自治[区州县旗]|兵团|(?![镇乡]){BORDER})(?=..)"
)
MAX_REGION = 16
BRANCH_BUREAUS = ("分局", "管理局", "监管局")  # 市生态环境局南山管理局
BRANCH = re.compile("(?:[市县区州旗](?=公安))?(.+局|公安|公安局)(.{2,8}?)(?:分局|管理局|监管局)$")
REGION_ENDINGS = ("县", "区", "市", "旗", "镇")
COLLECTIVE_NAME = re.compile(
    "(?:国务院|国家|中央|全[省市县区国]|[省市县区州]直?|本级)?(?:各|有关|相关|其他|其它|所有|所在|当地|属地|沿[江淮海线边](?:各|有关|相关|[市县区地]))"
    "|.*(?:有关|相关|各)(?:单位|部门|地区?|方面)$"
    "|.+各(?:设区|[省市县区州盟旗乡镇村]|街道|园区)"
)
COLLECTIVE_GOVERNMENT = re.compile("(?:人民)?政府$|[()、,/]")
ABROAD = re.compile("驻(.{1,6}?)(?:办事处|联络处|办)$")
CITY_ABBREVIATIONS = {
    "京": "北京", "沪": "上海", "津": "天津", "渝": "重庆", "穗": "广州", "深": "深圳", "宁": "南京", "杭": "杭州",
    "汉": "武汉", "蓉": "成都", "粤": "广东", "琼": "海南", "闽": "福建", "厦": "厦门", "浙": "浙江", "苏": "江苏",
}  # fmt: skip
PARTIES = ("民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟")
# Names whose region stands inside, or in front of which the office of the country is named: with what
# they begin, the pattern, and the name with its region in front.
REWRITES = (
    (("中国共产党", "中共"), "^(?:中国共产党|中共)(?=..)", ""),
    (("国家税务总局",), "^国家税务总局(.+税务.*局)$", "\\1"),
    (("中国证券",), "^中国证券监督管理委员会(.+)监管局$", "\\1证监局"),
    (("国家金融",), "^国家金融监督管理总局(.+)监管(?:分)?局$", "\\1金融监管局"),
    (("中国银行",), "^中国银行(?:业)?保险监督管理委员会(.+)监管(?:分)?局$", "\\1银保监局"),
    (("国家统计局",), "^国家统计局(.+)调查(?:总)?队$", "\\1调查队"),
    (
        ("中国人民银行", "人民银行", "人行"),
        "^(?:中国人民银行|人民银行|人行)(.+?)(?:分行|中心支行|支行|中支|营业管理部|总部|$)",
        "\\1人民银行分行",
    ),
    (("国家外汇",), "^国家外汇管理局(.+)(?:中心支局|支局|分局)$", "\\1外汇局"),
    (("国家矿山",), "^国家矿山安全监察局(.+)局$", "\\1矿山安监局"),
    (("国家邮政局",), "^国家邮政局(.+)邮政管理局$", "\\1邮政管理局"),
    (("国家能源局",), "^国家能源局(.+)监管(?:局|办公室)$", "\\1能源监管局"),
    (("武警",), "^武警(?!部队)(.+)(总队|支队|中队)$", "\\1武警\\2"),
    (("财政部",), "^财政部(.+)监管局$", "\\1财政监管局"),
    (
        ("民航", "民用航空", "中国民"),
        "^(?:中国)?民用?航空?(?!局|总局)(.{2,5}?)(?:安全监督|安全监督管理|安全)?(?:监管|管理)局$",
        "\\1民航局",
    ),
    (("中华人民",), "^中华人民共和国(?=.{2,6}(?:海关|海事|边检|边防检查|出入境))", ""),
    (("中国人民政治",), "^中国人民政治协商会议(.+?)委员会", "\\1政协"),
    (("中国国际贸易",), "^中国国际贸易促进委员会(.+?)(?:委员会|分会)$", "\\1贸促会"),
    (("共青团中央", "团中央"), "^(?:共青)?团中央", "中央共青团"),
    (("共青团", "中国共产主义"), "^(?:共青团|中国共产主义青年团)(.+?)(?:委员会|委)$", "\\1团委"),
    (("团",), "^团(.*[省市县区州盟旗镇乡])(?:工)?委$", "\\1团委"),
    (PARTIES, f"^({'|'.join(PARTIES)})(.+?)委(?:员会|会)?$", "\\2\\1"),
    (("区党委",), "^区党委", "自治区党委"),
    (("国网",), "^国网(.+(?:供电|电力)(?:有限)?(?:责任)?公司)$", "\\1"),
    (("国家电网",), "^国家电网(?:公司)?(.{2,8}?)(?:供电)?公司$", "\\1供电公司"),
    (("国办",), "^国办$", "国务院办公厅"),
    (("中办",), "^中办$", "中央办公厅"),
)
REWRITTEN_STARTS = tuple(start for starts, _pattern, _form in REWRITES for start in starts)
CORE_SYNONYMS = (
    ("碳达峰、碳中和", "双碳"), ("碳达峰碳中和", "双碳"), ("食品药品安全", "食药安"), ("长江三角洲", "长三角"),
    ("农村商业银行", "农商行"), ("农商银行", "农商行"), ("农村信用社", "农信社"),
    ("人民政府", "政府"), ("管理委员会", "管委会"),
)  # fmt: skip


def move_region_to_front(text: str) -> str:
    """Return *text* with its region in front, if it is of a kind that has it inside.

    The names of zones are shortened.
    """
    if "区" in text:
        for long, short in ZONE_SYNONYMS:
            text = text.replace(long, short)
    if text.endswith(PARTY_OFFICE):
        text = f"{text.removesuffix(PARTY_OFFICE).removesuffix('党委')}党委办"
    if text.endswith(TOWN_OFFICE):
        return f"{text}事处"
    if text.startswith(REWRITTEN_STARTS):
        for starts, pattern, form in REWRITES:
            if text.startswith(starts):
                text = re.sub(pattern, form, text)
    return text


def split_bracket(text: str) -> tuple[str, str]:
    """Return the name, and what stands in brackets at its end: 发展改革委(粮食局)."""
    if not text.endswith(")"):
        return text, ""
    plain, mark, bracket = text[:-1].rpartition("(")
    return (plain, bracket) if mark and plain else (text, "")


def find_ending(text: str) -> tuple[str, str]:
    """Return the ending of *text* and its kind, both '' if it has none."""
    for size in range(min(MAX_ENDING, len(text)), 0, -1):
        if kind := ENDINGS.get(text[-size:]):
            return text[-size:], kind
    return "", ""


def classify_ending(core: str) -> str:
    """Return the kind of the core's ending; 领导小组 for its office and its members, too."""
    for part in COORDINATION_PARTS:
        head = core.removesuffix(part)
        if head != core and find_ending(head)[1] == COORDINATION:
            return COORDINATION
    return find_ending(core)[1]


def normalize_core(core: str) -> str:
    """Return *core* with the short words for some long ones."""
    for long, short in CORE_SYNONYMS:
        core = core.replace(long, short)
    return core


def name_level(word: str, region: str) -> str:
    """Return the level of a region that ends in *word*."""
    return ZONE_LEVEL if word == "区" and ZONE.fullmatch(region) else LEVEL_NAMES.get(word, word)
