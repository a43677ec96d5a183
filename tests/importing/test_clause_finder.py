"""A bracket is a clause only where its content reads as one whole."""

import pytest

from plancli.importing.parsing import clause_finder


def find(text):
    """Return the words of each clause in *text*."""
    whole = clause_finder.match_clause_line(text, ())
    found = [whole] if whole else clause_finder.iter_clauses(text, ())
    return [text[each.text_start : each.text_end] for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "推动组建行业联盟（协会）。",
        "筹建总商会（商会）。",
        "举办运动会（以下简称市运会）。",
        "完善应急管理局（下称市应急局）。加强管理。",
        "改造公立医院（市医院、市中医院）。",
        "建设平台（包括甲中心、乙中心、丙中心）。统一运行。",
        "扶持龙头企业（甲公司、乙公司）",
        "设立专班（办公室）。加强统筹。",
        "建设服务点（市政务服务中心）。加强统筹。",
        "鼓励多方投入（企业、高校参与）。",
    ],
)
def test_a_bracket_that_explains_a_word_stays_in_the_text(text):
    assert find(text) == []
    if text.endswith("。"):
        assert find(f"{text}（市教育局牵头）") == ["市教育局牵头"]


@pytest.mark.parametrize(
    "clause",
    [
        "市财政局、市科技局",
        "市甲局、市乙局",
        "各乡镇、市农业农村局",
        "市科技局、青禾医院、云溪海关",
        "市甲局、市乙局指导",
        "主办：市甲局；协办：市乙局",
        "责任领导：张三；负责科室：综合科",
        "负责部门：市甲局；适用范围：所有园区",
        "牽頭單位：縣審批局；責任單位：縣司法局",
        "縣政府辦公室牽頭，縣級各有關部門按職責分工負責",
    ],
)
@pytest.mark.parametrize(
    "form", ["建设学校。（{}）", "建设学校（{}）。", "建设学校。（{}）建设医院。", "（{}）"]
)
def test_a_bracket_that_reads_as_a_clause_is_one(clause, form):
    assert find(form.format(clause)) == [clause]


@pytest.mark.parametrize(
    "text",
    [
        "依托专班（市甲局、市乙局）推进改革。理顺职责。（市编办牵头）",
        "组建工作专班（市甲局、市乙局）。理顺职责。（市编办牵头）",
        "明确2个牵头部门（市甲局、市乙局）。理顺职责。（市编办牵头）",
        "用好会商制度（由市甲局牵头，市乙局配合）的成果。（市编办牵头）",
        "推广首台（套）装备，用好制度（由市甲局牵头）的成果。（市编办牵头）",
    ],
)
def test_a_list_that_explains_a_word_is_text(text):
    assert find(text) == ["市编办牵头"]


def test_a_list_without_a_verb_at_the_end_of_a_sentence_is_a_clause():
    text = "新增示范项目26个（市甲局、市乙局等）。理顺职责。（市编办牵头）"
    assert find(text) == ["市甲局、市乙局等", "市编办牵头"]
    assert find("推进改革（市甲局、市乙局）。建设学校（市丙局、市丁局）。") == [
        "市甲局、市乙局",
        "市丙局、市丁局",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "做强产业（区经信局〈区统计局〉牵头）围绕主导产业抓招商。",
        "做强产业（区经信局（区统计局）、区商务局负责）围绕主导产业抓招商。",
        "完善设施（实施科室：规划科、项目科）；引进人才。",
    ],
)
def test_a_clause_of_a_title_or_with_a_label_is_one_within_a_sentence(text):
    assert find(text) == [text[text.index("（") + 1 : max(map(text.rindex, "）")) or None]]


@pytest.mark.parametrize("mark", ["【{}】", "〔{}〕", "［{}］"])
def test_a_label_in_brackets_is_no_clause_but_begins_one(mark):
    label = mark.format("责任单位")
    assert find(f"建设学校{label}。") == []
    assert find(f"建设学校。{label}市甲局、市乙局") == [f"{label}市甲局、市乙局"]
    assert find("建设学校。（各责任单位）") == ["各责任单位"]


@pytest.mark.parametrize(
    "label", "负责部门 主办 指导单位 主要责任单位 责任股室 牵头及配合单位".split()
)
def test_a_line_with_a_label_is_a_clause(label):
    assert find(f"{label}：市甲局、市乙局") == [f"{label}：市甲局、市乙局"]
    assert find(f"建设学校。{label}：市甲局、市乙局") == [f"{label}：市甲局、市乙局"]


@pytest.mark.parametrize(
    "text",
    [
        "推进扩面。市民政局、市财政局）",
        "推进扩面。市民政局、市财政局）。",
        "推进扩面。（市民政局、市财政局、",
        "推进扩面。（市民政局、市财政局",
        "推进扩面。（（市民政局、市财政局）",
        "推进扩面。（市民政局、市财政局））",
        "推进扩面。（市民政局、市财政局]",
    ],
)
def test_a_clause_with_a_bracket_missing_or_odd_is_found_whole_and_marked(text):
    (match,) = clause_finder.iter_clauses(text, ())
    assert match.parsed.duties[0].names == ("市民政局", "市财政局")
    assert match.error == "open-bracket"
    assert not set(text[: match.start] + text[match.end :]) & set("（）[]")


def test_a_line_that_begins_with_a_label_directly_before_a_name_is_a_clause():
    assert find("牵头单位市甲局、配合单位市乙局") == ["牵头单位市甲局、配合单位市乙局"]
    assert find("牵头单位市甲局要加强统筹，各单位密切配合。") == []


def test_a_doubled_pair_of_brackets_is_one():
    (match,) = clause_finder.iter_clauses("推进扩面。（（市民政局））", ())
    assert match.parsed.duties[0].names == ("市民政局",)
    assert not match.error


@pytest.mark.parametrize("words", ["同上", "责任单位同第3项", "责任单位：同上"])
def test_a_clause_that_is_that_of_another_task_is_not_read(words):
    (match,) = clause_finder.iter_clauses(f"推进扩面。（{words}）", ())
    assert match.parsed is None


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("水利、林业、住建等部门", ["水利", "林业", "住建"]),
        ("县水利、林业部门", ["县水利", "林业部门"]),
        ("教育、卫生、文化", None),
        ("除周末外", None),
    ],
)
def test_fields_are_names_only_before_departments(words, names):
    found = list(clause_finder.iter_clauses(f"推进扩面。（{words}）", ()))
    assert [list(each.parsed.duties[0].names) for each in found] == ([names] if names else [])
