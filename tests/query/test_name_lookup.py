"""Names as people type them arrive at the one name; others are errors that help."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin import pinyin as speak

from plancli.errors import BadUsage, NotFound
from plancli.query import name_lookup
from plancli.registry import pinyin
from plancli.results.roles import Role
from plancli.text.normalize import normalize_key
from plancli.text.numerals import parse_heading_number
from scripts.pinyin import made


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
        ("合肥市委", "合肥市委"),
        ("　省 能源局 ", "省能源局"),
        ("中共安徽省委组织部", "省委组织部"),
    ],
)
def test_a_body(db, typed, name):
    assert name_lookup.find_agency(db, typed) == (name, "")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("省能源", "省能源局"),
        ("边检", "安徽出入境边防检查总站"),
        ("碳达峰", "省碳达峰碳中和工作领导小组成员单位"),
        ("shengnengyuan", "省能源局"),
    ],
)
def test_a_part_that_fits_one_is_said_to_be_taken_for_it(db, typed, name):
    assert name_lookup.find_agency(db, typed) == (name, f"“{typed}” is interpreted as {name}")


@pytest.mark.parametrize("typed", ["jyj", "gao", "engyuan", "sn"])
def test_a_part_of_pinyin_counts_from_its_beginning(db, typed):
    with pytest.raises(NotFound):
        name_lookup.find_agency(db, typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("省经信委", "省经济和信息化厅"), ("工信厅", "省经济和信息化厅"), ("省农委", "省农业农村厅")],
)
def test_a_name_from_another_time_is_said_to_be_one(db, typed, name):
    found = name_lookup.find_agency(db, typed)
    assert found.name == name
    assert typed in found.note


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("皖北", "皖北"), ("wanbei", "皖北"), ("皖北地区", "皖北"), ("合肥市", "合肥"),
        ("宁国", "宁国市"), ("lu'an", None), ("luan", "六安"), ("bengbu", "蚌埠"),
        ("bozhou", "亳州"), ("長三角", "长三角"), ("一地六县", "一地六县"),
        ("皖", "安徽"), ("沪", "上海"), ("新安江", "新安江"), ("安徽省", "安徽"),
    ],
)  # fmt: skip
def test_a_place(db, typed, name):
    if name:
        assert name_lookup.find_region(db, typed).name == name
    else:
        with pytest.raises(NotFound):
            name_lookup.find_region(db, typed)


@pytest.mark.parametrize(
    "typed", ["二(三)", "二（三）", "二、（三）", "2.3", "2-3", "２．３", "（三）", "(三)", "(3)",
              "加强产业链供应链协同", "产业链",
              "二(三)加强产业链供应链协同", "（三）加强产业链供应链协同"],
)  # fmt: skip
def test_a_section_in_any_form(db, typed):
    assert name_lookup.find_sections(db, typed) == ("section:4",)


@pytest.mark.parametrize(
    ("typed", "list_"),
    [("三", 3), ("3", 3), ("三、", 3), ("重大项目", 3), ("一", 1), ("2", 2), ("二、重大事项", 2)],
)
def test_a_list(db, typed, list_):
    assert name_lookup.find_sections(db, typed) == (f"list:{list_}",)


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
        (
            name_lookup.find_agency,
            "省能原局",
            "no agency matches 省能原局",
            "did you mean 省能源局?",
        ),
        (name_lookup.find_agency, "各市", "may mean: 各市委、各市人民政府", "type more"),
        (name_lookup.find_agency, "省", " and 53 more", "type more"),
        (name_lookup.find_agency, "", "a name is empty", "list all with"),
        (name_lookup.find_region, "\u200b", "a name is empty", "list all with"),
        (name_lookup.find_sections, " \u3000", "a name is empty", "list all with"),
        (name_lookup.find_agency, "zzz", "no agency matches zzz", "list all with"),
        (name_lookup.find_region, "宁马", "may mean: 南京、马鞍山", "type more"),
        (name_lookup.find_region, "丙市", "no region matches 丙市", ""),
        (name_lookup.find_sections, "9.9", "no section matches 9.9", "did you mean"),
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
        name_lookup.find_agency(db, typed)
    assert 1 <= len(caught.value.hint.split(" / ")) <= 3


def test_roles():
    assert name_lookup.parse_role("牵头") is name_lookup.parse_role("LEAD") is Role.LEAD
    assert name_lookup.parse_role("配合") is Role.PARTICIPATE
    with pytest.raises(BadUsage):
        name_lookup.parse_role("boss")


def test_every_name_of_the_registry_arrives_at_its_own(db, known):
    for agency in known.agencies:
        assert name_lookup.find_agency(db, agency.name).name == agency.name
        if agency.official:
            assert name_lookup.find_agency(db, agency.official).name == agency.name
        for alias in agency.aliases:
            assert name_lookup.find_agency(db, alias).name == agency.name
    for region in known.regions:
        assert name_lookup.find_region(db, region.name).name == region.name


def test_a_place_is_typed_as_people_say_it(db):
    for typed, name in (
        ("changsanjiao", "长三角"),
        ("csj", "长三角"),
        ("luan", "六安"),
        ("bengbu", "蚌埠"),
    ):
        assert name_lookup.find_region(db, typed).name == name


def test_completion_knows_beginnings(db):
    assert "省能源局" in name_lookup.find_completions(db, "agency", "能源")
    assert "省能源局" in name_lookup.find_completions(db, "agency", "snyj")
    assert name_lookup.find_completions(db, "region", "皖北") == ["皖北", "皖北承接产业转移集聚区"]
    assert "浙江" not in name_lookup.find_completions(db, "region", "皖")
    assert name_lookup.find_completions(db, "section", "2.3") == ["加强产业链供应链协同"]
    assert name_lookup.find_completions(db, "agency", "不存在") == []


def test_the_names_that_ship_are_those_that_are_asked_and_are_spoken_as_can_be():
    """Which of a character's readings a name has is pypinyin's affair, and settled in the file."""
    ready, now = (dict(line.split("\t") for line in each.decode().splitlines())
                  for each in (pinyin.PINYIN_FILE.read_bytes(), made()))  # fmt: skip
    assert [*ready] == [*now], "python -m scripts.pinyin makes it"
    for name, spoken in ready.items():
        chars = (speak(char, style=Style.NORMAL, heteronym=True) for char in name)
        ways = ("|".join(re.escape(normalize_key(way)) for way in said[0]) for said in chars)
        assert re.fullmatch("".join(f"(?:{way})" for way in ways), spoken.replace(" ", "")), name


@given(st.text("省能源局重长乐AＢ1 、（\t\n", max_size=8))
def test_any_name_is_spoken_as_pypinyin_speaks_it(name):
    spoken = [normalize_key(each) for each in lazy_pinyin(name)]
    assert "".join(pinyin.split_syllables(name)) == "".join(spoken)
    assert [each[0] for each in pinyin.split_syllables(name)] == [
        each[0] for each in spoken if each
    ]


def test_what_is_typed_as_a_key_is_written_needs_no_folding(db):
    keys = [key for (key,) in db.execute("SELECT DISTINCT key FROM lookup_key")]
    assert all(map(str.isprintable, keys))
    assert [normalize_key(key) for key in keys] == keys
