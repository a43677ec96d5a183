"""Clauses as officials write them: a table with the right answers, and compositions."""

from pathlib import Path

import pytest

from plancli.plan import clause
from plancli.results.roles import Role

FORMS = [
    line.split("|")
    for line in Path(__file__).with_name("clause_forms.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def read(text):
    """Return who leads, who participates, whether a list is open, and the doubtful rules."""
    parsed = clause.parse_clause(text, ["合肥", "安徽"])
    names = {
        role: [name for group in parsed.duties if group.role is role for name in group.names]
        for role in Role
    }
    doubts = [note.rule for note in parsed.notes if note.rule in clause.DOUBTFUL_NOTES]
    is_open = any(group.is_open_ended for group in parsed.duties)
    return names[Role.LEAD], names[Role.PARTICIPATE], is_open, doubts


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row[0])
def test_a_form_of_clause(row):
    text, lead, participate, marks = (*row, "")[:4]
    read_lead, read_participate, is_open, doubts = read(text)
    assert (read_lead, read_participate) == (lead.split(), participate.split())
    assert is_open == ("等" in marks)
    assert bool(doubts) == ("?" in marks), doubts


@pytest.mark.parametrize("colon", ["：", ":", " ：", "∶"])
@pytest.mark.parametrize(
    ("verb", "leads"),
    [("牵头", True), *((v, False) for v in "责任 负责 主办 承办 协办 配合 协同 参与 指导 督导 主管 落实 实施".split())],
)  # fmt: skip
def test_every_label_gives_its_names_their_role(verb, leads, colon):
    for unit in ["", *"单位 部门 科室 股室 处室 主体".split()]:
        lead, participate, _open, doubts = read(f"{verb}{unit}{colon}甲局、乙局")
        assert (lead if leads else participate) == ["甲局", "乙局"], unit
        assert not (participate if leads else lead)
        assert not doubts


SEVERAL = (
    "部门 单位 机构 企业 有关单位 相关部门 各有关部门 职能部门 主管部门 责任单位 成员单位".split()
)


@pytest.mark.parametrize(
    "owner", ["", *"省级 市级 县级 区级 州直 省直 市直 省 县 国务院 中央".split()]
)
@pytest.mark.parametrize("verb", ["", "负责", "按职责分工负责", "配合"])
def test_whatever_of_several_follows_opens_the_list(owner, verb):
    for several in SEVERAL:
        assert read(f"甲局、乙局等{owner}{several}{verb}") == ([], ["甲局", "乙局"], True, [])
        joined = read(f"甲局、乙局等{owner}{several}及相关地区{verb or '负责'}")
        assert joined == ([], ["甲局", "乙局", "相关地区"], True, [])


@pytest.mark.parametrize(
    "manner", ["", *"按职责分工 结合实际 因地制宜 分别 共同 具体 统筹 认真".split()]
)
@pytest.mark.parametrize(
    "action", "落实 实施 推进 抓好落实 组织实施 推进落实 配合做好相关工作 开展".split()
)
def test_manners_and_actions_in_any_composition_are_a_verb(manner, action):
    text = f"甲局牵头，各乡镇{manner}{action}"
    assert read(text) == (["甲局"], ["各乡镇"], False, [])


@pytest.mark.parametrize(
    "kind", "医院 中心 公司 集团 园区 学会 协会 商会 海关 银行 大学 研究院".split()
)
def test_a_kind_without_a_level_takes_no_prefix(kind):
    names = ["市科技局", f"青禾{kind}", "市财政局"]
    assert read(f"市科技局、青禾{kind}、财政局负责") == ([], names, False, [])


def test_no_name_has_a_colon_and_odd_names_are_said():
    for text in [
        "责任单位：甲局；某某栏：乙局",
        "甲局：负责统筹；乙局：牵头",
        "责任单位：甲局）、乙局",
    ]:
        lead, participate, _open, doubts = read(text)
        assert not any(set("：:") & set(name) for name in lead + participate)
        assert doubts


@pytest.mark.parametrize(
    ("text", "shared", "names"),
    [
        (
            "甲局负责，以下各项工作均需各镇（街道）推进，不再单独列出",
            "以下各项工作均需各镇（街道）推进，不再单独列出",
            ("各镇（街道）",),
        ),
        (
            "责任单位：甲局，以下均涉及各县区、各部门，不再一一列出；完成时限：6月底",
            "以下均涉及各县区、各部门，不再一一列出",
            ("各县区", "各部门"),
        ),
        ("甲局、乙局负责", "", None),
    ],
)
def test_words_for_all_tasks_below_are_kept_apart(text, shared, names):
    parsed = clause.parse_clause(text)
    assert parsed.shared == shared
    if names:
        (group,) = clause.parse_duties(shared)
        assert (group.names, group.role) == (names, Role.PARTICIPATE)
        assert parsed.duties[-1].names == names


def test_names_in_traditional_characters_stay_as_printed():
    lead, participate, is_open, doubts = read(
        "牽頭單位：縣發展改革局；責任單位：縣財政局、教育局等有關單位"
    )
    assert (lead, participate) == (["縣發展改革局"], ["縣財政局", "縣教育局"])
    assert (is_open, doubts) == (True, [])
