"""Reading undoes writing; what names share is restored; a bad clause is underlined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli import clause
from plancli.errors import BadPlan
from plancli.layout import width
from plancli.model import Group
from plancli.role import Role

BODIES = st.sampled_from(
    "省发展改革委 省科技厅 省文化和旅游厅 省粮食和储备局 省委宣传部 合肥市人民政府 合肥海关 各市委"
    " 有关市人民政府 省碳达峰碳中和工作领导小组成员单位 安徽出入境边防检查总站 寿县人民政府".split()
)


@st.composite
def duties(draw):
    groups = draw(st.lists(st.tuples(st.sampled_from(Role), st.booleans()), min_size=1, max_size=3))
    names = st.lists(BODIES, min_size=1, max_size=6, unique=True)
    return tuple(Group.of(role, tuple(draw(names)), open_end) for role, open_end in groups)


@given(duties())
def test_reading_undoes_writing(duties):
    assert clause.parse(clause.write(duties), ["合肥", "安徽"]) == duties


@pytest.mark.parametrize(
    ("text", "lead", "participate"),
    [
        ("甲局牵头", "甲局", ""),
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
    groups = clause.parse(text, ["合肥", "安徽"])
    by_role = {role: [n for g in groups if g.role is role for n in g.names] for role in Role}
    assert by_role == {Role.LEAD: lead.split(), Role.PARTICIPATE: participate.split()}
    assert not any(group.open_ended for group in groups)


def test_an_open_end_belongs_to_its_group():
    first, second = clause.parse("甲局牵头,乙局、丙局等配合")
    assert (first.open_ended, second.open_ended) == (False, True)
    assert second.names == ("乙局", "丙局")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("甲局牵头，乙局支持", "乙局支持"), ("甲局、、乙局负责", "、、")],
)
def test_what_cannot_be_read_is_underlined(text, wrong):
    with pytest.raises(BadPlan) as caught:
        clause.parse(text)
    shown, carets = caught.value.hint.split("\n")
    assert shown == text
    assert len(carets) == width(text[: text.index(wrong)]) + width(wrong)
    assert carets.count("^") == width(wrong)
