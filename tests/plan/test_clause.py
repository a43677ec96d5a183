"""Reading undoes writing; what names share is restored; a bad clause is underlined."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plancli.errors import BadPlan
from plancli.plan import clause, clause_parser
from plancli.plan.model import DutyGroup, LeadReason
from plancli.results.roles import Role
from plancli.text.layout import measure_width

BODIES = st.sampled_from(
    "省发展改革委 省科技厅 省文化和旅游厅 省粮食和储备局 省委宣传部 合肥市人民政府 合肥海关 各市委"
    " 有关市人民政府 省碳达峰碳中和工作领导小组成员单位 安徽出入境边防检查总站 寿县人民政府".split()
)


@st.composite
def duties(draw):
    groups = draw(st.lists(st.tuples(st.sampled_from(Role), st.booleans()), min_size=1, max_size=3))
    names = st.lists(BODIES, min_size=1, max_size=6, unique=True)
    return tuple(
        DutyGroup.from_names(role, tuple(draw(names)), open_end) for role, open_end in groups
    )


@given(duties())
def test_reading_undoes_writing(duties):
    assert clause.parse_duties(clause.format_clause(duties), ["合肥", "安徽"]) == duties


@pytest.mark.parametrize(
    ("text", "lead", "participate"),
    [
        ("甲局牵头", "甲局", ""),
        ("省科技厅、财政厅会同省教育厅负责", "省科技厅 省财政厅", "省教育厅"),
        *((f"甲局{verb}", "甲局", "") for verb in ("牵头负责", "牵头落实")),
        *(
            (f"甲局牵头{mark}乙局、丙局{verb}", "甲局", "乙局 丙局")
            for verb in ("按职责分工负责", "按职责分工落实", "分工负责", "配合", "参与", "负责")
            for mark in ",，;；"
        ),
        ("甲局；乙局，丙局;丁局负责", "", "甲局 乙局 丙局 丁局"),
        ("延边州、吉林市人民政府负责", "", "延边州人民政府 吉林市人民政府"),
        ("蜀山区、肥西县政府负责", "", "蜀山区政府 肥西县政府"),
        ("合肥市人民政府、芜湖市、合肥海关负责", "", "合肥市人民政府 芜湖市 合肥海关"),
        ("合肥市、省科技厅、芜湖市人民政府负责", "", "合肥市 省科技厅 芜湖市人民政府"),
        ("各县、合肥市人民政府负责", "", "各县 合肥市人民政府"),
        ("省发展改革委、外事办负责", "", "省发展改革委 省外事办"),
        ("省委组织部、宣传部负责", "", "省委组织部 省委宣传部"),
        ("省商务厅、国家能源局负责", "", "省商务厅 国家能源局"),
        ("省商务厅、市商务局负责", "", "省商务厅 市商务局"),
        ("甲局负责", "", "甲局"),
        ("甲局牵头，乙局配合", "甲局", "乙局"),
        ("甲局、乙局按职责分工负责", "", "甲局 乙局"),
        ("合肥市、淮南市人民政府牵头", "合肥市人民政府 淮南市人民政府", ""),
        ("省科技厅,合肥市、寿县人民政府负责", "", "省科技厅 合肥市人民政府 寿县人民政府"),
        ("合肥海关,合肥市人民政府负责", "", "合肥海关 合肥市人民政府"),
        ("省科技厅、工业和信息化厅负责", "", "省科技厅 省工业和信息化厅"),
        ("省委宣传部、文化和旅游厅负责", "", "省委宣传部 省文化和旅游厅"),
        ("省科技厅,工业和信息化厅负责", "", "省科技厅 工业和信息化厅"),
        ("省商务厅、合肥海关负责", "", "省商务厅 合肥海关"),
        ("省商务厅、安徽证监局负责", "", "省商务厅 安徽证监局"),
        ("各市委、各市人民政府负责", "", "各市委 各市人民政府"),
        ("省委组织部、有关市人民政府负责", "", "省委组织部 有关市人民政府"),
    ],
)
def test_who_leads_and_who_takes_part(text, lead, participate):
    groups = clause.parse_duties(text, ["合肥", "安徽"])
    by_role = {role: [n for g in groups if g.role is role for n in g.names] for role in Role}
    assert by_role == {Role.LEAD: lead.split(), Role.PARTICIPATE: participate.split()}
    assert not any(group.is_open_ended for group in groups)


@pytest.mark.parametrize(
    ("text", "lead", "participate", "open_ended"),
    [
        ("省发展改革委会同省财政厅、科技厅负责", "省发展改革委", "省财政厅 省科技厅", False),
        ("省科技厅牵头会同省财政厅负责", "省科技厅", "省财政厅", False),
        ("省科技厅会同省财政厅牵头，省教育厅配合", "省科技厅", "省财政厅 省教育厅", False),
        ("牵头单位:省科技厅;责任单位:省财政厅、教育厅", "省科技厅", "省财政厅 省教育厅", False),
        ("牵头单位：甲局 责任单位：乙局等", "甲局", "乙局", True),
        ("责任单位:省科技厅", "", "省科技厅", False),
        ("责任单位：甲局；配合单位：乙局", "", "甲局 乙局", False),
        ("部门分工:省科技厅牵头，省财政厅配合", "省科技厅", "省财政厅", False),
        ("省科技厅、财政厅", "", "省科技厅 省财政厅", False),
        ("财政部、银保监会及各地区按职责分工负责", "", "财政部 银保监会 各地区", False),
        ("省财政厅和有关市人民政府负责", "", "省财政厅 有关市人民政府", False),
        ("文化和旅游厅、粮食和储备局负责", "", "文化和旅游厅 粮食和储备局", False),
        ("有关部门和单位负责", "", "有关部门和单位", False),
        ("财政部等国务院相关部门及各地区负责", "", "财政部 各地区", True),
        ("省财政厅等部门及省科技厅和省教育厅负责", "", "省财政厅 省科技厅 省教育厅", True),
        ("省科技厅、省财政厅等部门配合", "", "省科技厅 省财政厅", True),
        ("合肥、芜湖市人民政府负责", "", "合肥市人民政府 芜湖市人民政府", False),
        ("合肥、芜湖等市人民政府负责", "", "合肥市人民政府 芜湖市人民政府", True),
        ("各市、县（市、区）人民政府负责", "", "各市、县（市、区）人民政府", False),
        ("各省、自治区、直辖市人民政府负责", "", "各省、自治区、直辖市人民政府", False),
        ("各镇（街道）、开发区管委会负责", "", "各镇（街道） 开发区管委会", False),
        ("各乡镇（街道）、园区负责", "", "各乡镇（街道） 园区", False),
        ("各县（市、区）、高新区、各部门负责", "", "各县（市、区） 高新区 各部门", False),
        ("各开发区（园区）、新区管委会负责", "", "各开发区（园区） 新区管委会", False),
        ("各县（市、区、开发区）负责", "", "各县（市、区、开发区）", False),
        ("省市场监管局（省知识产权局）负责", "", "省市场监管局（省知识产权局）", False),
        ("省公安厅、市场监管局、城市管理局负责", "", "省公安厅 省市场监管局 省城市管理局", False),
        ("市科技局、财政局负责", "", "市科技局 市财政局", False),
        ("市委组织部、编办、教育局负责", "", "市委组织部 市委编办 市教育局", False),
        ("省科技厅，财政厅负责", "", "省科技厅 财政厅", False),
        ("省总工会、团省委、妇联负责", "", "省总工会 团省委 省妇联", False),
        ("甲局牵头，6月底前完成；乙局配合，持续推进", "甲局", "乙局", False),
        ("分管省领导：张三；牵头单位：甲局；完成时限：6月底", "甲局", "", False),
        ("甲局、乙局负责，排在第一位的为牵头部门，下同", "甲局", "乙局", False),
        ("列第一位的为牵头单位；甲局、乙局等负责", "甲局", "乙局", True),
        ("由甲局牵头，乙局、丙局共同负责", "甲局", "乙局 丙局", False),
        ("甲局为牵头单位，乙局为配合单位", "甲局", "乙局", False),
        ("国家税务总局安徽省税务局、合肥海关", "", "国家税务总局安徽省税务局 合肥海关", False),
    ],
)
def test_the_forms_of_official_writing(text, lead, participate, open_ended):
    groups = clause.parse_duties(text, ["合肥", "安徽"])
    by_role = {role: [n for g in groups if g.role is role for n in g.names] for role in Role}
    assert by_role == {Role.LEAD: lead.split(), Role.PARTICIPATE: participate.split()}
    assert any(group.is_open_ended for group in groups) is open_ended


@pytest.mark.parametrize(
    ("reading", "lead"),
    [(None, ()), (LeadReason.COLUMNS, ("甲局", "乙局")), (LeadReason.FIRST, ("甲局",))],
)
def test_who_leads_by_a_table_or_a_declaration(reading, lead):
    groups = clause.parse_duties("责任单位：甲局、乙局；配合单位：丙局", (), reading)
    assert tuple(n for g in groups if g.role is Role.LEAD for n in g.names) == lead


def test_where_the_text_says_who_leads_no_declaration_changes_it():
    said = clause.parse_duties("甲局、乙局牵头，丙局配合", (), LeadReason.FIRST)
    assert said == clause.parse_duties("甲局、乙局牵头，丙局配合")


def test_what_was_restored_is_said():
    read = clause.parse_clause("省科技厅、财政厅负责")
    assert [tuple(note) for note in read.notes] == [("ellipsis", "财政厅 → 省财政厅")]


def test_an_open_end_belongs_to_its_group():
    first, second = clause.parse_duties("甲局牵头,乙局、丙局等配合")
    assert (first.is_open_ended, second.is_open_ended) == (False, True)
    assert second.names == ("乙局", "丙局")


@pytest.mark.parametrize(
    ("text", "deadline", "declares"),
    [
        ("甲局、乙局负责", "", ""),
        ("甲局负责，6月底前完成", "6月底前完成", ""),
        ("甲局牵头，持续推进", "持续推进", ""),
        ("甲局牵头，第四季度", "第四季度", ""),
        ("牵头单位：甲局；完成时限：2024年6月底；", "2024年6月底", ""),
        ("甲局、乙局负责（列第一位的为牵头单位）", "", "once"),
        ("甲局、乙局（列首位的牵头，下同）负责", "", "on"),
        ("列第一位的为牵头单位；甲局、乙局负责", "", "once"),
        ("甲局、乙局负责，排在第一位的为牵头部门，下同", "", "on"),
    ],
)
def test_deadlines_and_declarations_are_kept_apart_from_names(text, deadline, declares):
    read = clause.parse_clause(text)
    assert (read.deadline, read.declares) == (deadline, declares)
    assert read.duties == clause.parse_duties(
        "甲局牵头，乙局负责" if declares else "甲局、乙局负责" if "乙" in text
        else "甲局牵头" if "牵头" in text else "甲局负责"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("甲局牵头，乙局、丙局负责", []),
        (
            "省科技厅、财政厅",
            [("bare-list", "省科技厅、财政厅"), ("ellipsis", "财政厅 → 省财政厅")],
        ),
        ("甲局牵头，省财政厅", [("verbless", "省财政厅")]),
        ("甲局、乙局、甲局、乙局负责", [("named-twice", "乙局"), ("named-twice", "甲局")]),
        ("甲局负责，某某人配合", [("unlike-a-body", "某某人")]),
        ("甲局、乙局负责，列第一位的牵头", [("first-named-leads", "甲局")]),
        ("责任单位：甲局、某某人", [("unlike-a-body", "某某人")]),
    ],
)
def test_whatever_was_done_to_read_a_clause_is_noted(text, notes):
    assert [tuple(note) for note in clause.parse_clause(text).notes] == notes


@pytest.mark.parametrize(
    "text", ["", " ", "。", "负责", "分管领导：张三", "6月底前完成", "等等", "等牵头"]
)
def test_where_nobody_is_named_there_are_no_duties(text):
    for reading in (None, *LeadReason):
        assert clause.parse_duties(text, (), reading) == ()


PIECES = "省科技厅 甲局 合肥、芜湖 ★ ** ＊ （牵头） （配合） 等 等等 （以下均需 落实，不再列出） 、 ， ； 。 ： 牵头 负责 会同 责任单位 其他 \n".split(
    " "
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@example("（以下均需（牵头）、")
def test_no_name_is_empty_or_only_marks(text):
    try:
        duties = clause.parse_duties(text)
    except BadPlan:
        return  # it says what is wrong
    for group in duties:
        for name in group.names:
            assert name == name.strip(clause_parser.MARKS) != "", text


@pytest.mark.parametrize("mark", "，,；; ")
@pytest.mark.parametrize(
    "text", ["甲局牵头{0}乙局负责", "甲局{0}乙局负责", "牵头单位：甲局{0}配合单位：乙局"]
)
def test_marks_part_names_and_blanks_about_them_mean_nothing(text, mark):
    plain = clause.parse_duties(text.format("，"))
    assert len([name for group in plain for name in group.names]) == 2
    assert clause.parse_duties(text.format(mark)) == plain
    assert clause.parse_duties(f"　{text.format(f' {mark} ')}。") == plain


def test_a_clause_has_its_longest():
    names = "、".join(f"{n:03}局" for n in range(999))
    longest = (names + "负责")[: clause.MAX_CLAUSE_LENGTH - 3] + "局负责"
    assert len(longest) == clause.MAX_CLAUSE_LENGTH
    assert clause.parse_duties(longest)
    with pytest.raises(BadPlan, match="too long") as caught:
        clause.parse_duties("甲" + longest)
    assert caught.value.hint.count("^") >= clause.MAX_CLAUSE_LENGTH


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("甲局牵头，乙局支持", "乙局支持"),
        ("甲局、、乙局负责", "、、"),
        ("甲局负责，乙局支持，丙局支持", "乙局支持，丙局支持"),
        ("责任单位：甲局、、乙局", "、、"),
        ("责任单位：甲局；配合单位：乙局、、丙局", "、、"),
        ("某某牵头等，甲某、乙某", "某某牵头等，甲某、乙某"),
    ],
)
def test_what_cannot_be_read_is_underlined(text, wrong):
    with pytest.raises(BadPlan) as caught:
        clause.parse_duties(text)
    shown, carets = caught.value.hint.split("\n")
    assert shown == text
    assert len(carets) == measure_width(text[: text.index(wrong)]) + measure_width(wrong)
    assert carets.count("^") == measure_width(wrong)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("以下任务均需各县区人民政府落实，不再逐一列出。", "各县区人民政府"),
        ("以下责任单位均包括各市人民政府、滨江新区管委会，不再列出", "各市人民政府 滨江新区管委会"),
        ("下列措施均由合肥市人民政府、各区人民政府落实，不再重复。", "合肥市人民政府 各区人民政府"),
        ("各市人民政府、滨江新区管委会均为责任单位，以下均同。", "各市人民政府 滨江新区管委会"),
        (
            "以下各项任务的责任单位均含各县区政府、开发区管委会，不再单独列出",
            "各县区政府 开发区管委会",
        ),
        ("以下任务均已完成，不再列出。", ""),
        ("以下措施均适用于全市各企业。", ""),
        ("各部门要认真落实，具体任务不再列出。", ""),
    ],
)
def test_a_statement_names_all_who_take_part_in_the_tasks_below(text, names):
    shared = clause.find_shared_statement(text)
    assert bool(shared) == bool(names)
    assert [n for g in clause.parse_duties(shared) for n in g.names] == names.split()
    assert all(g.role is Role.PARTICIPATE for g in clause.parse_duties(shared))
