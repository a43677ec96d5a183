"""What looks like a responsibility and is in no task is reported at its place; nothing else is."""

import pytest

from plancli import importing
from plancli.importing.parsing import similar_names, unread_duties
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io

KNOWN = registry_io.load_default_registry()
DOCUMENT = """\
云溪市2026年重点工作任务分工方案

为做好今年工作，制定本方案。
{before}

一、壮大产业
1.建设检测平台。（市科技局牵头，市财政局配合）
{inside}
2.办好展会。（市商务局负责）

二、保障措施
{after}

附件：重点任务清单
"""
UNREAD = [
    "由市发展改革委牵头组织实施，市统计局配合。",
    "（牵头单位：市水利局，配合单位：市林业局）",
    "責任單位：市教育局、市體育局",
    "市公安局、市司法局、市民政局、市审计局",
    "各项工作由市政府办公室负责督促。",
    "责任科室：市教育局基础教育科",
    "综合协调组。组长单位：市统计局，组员单位：市林业局。负责日常工作。",
]
QUIET = [
    "各地各部门要加强组织领导，密切配合，落实责任。",
    "各牵头单位要会同责任单位制定方案，主要负责同志亲自抓。",
    "充分发挥协会（商会）、高校（科研院所）的作用。",
    "强化责任落实，健全工作机制（以下简称机制）。",
    "本方案由市发展改革委负责解释。",
    "编制单位：市发展改革委。",
    "各地成立领导小组，成员单位：市科技局、市财政局。",
]


def read(**places):
    text = DOCUMENT.format(**{"before": "", "inside": "", "after": "加强组织领导。", **places})
    return importing.import_document(text.encode(), "方案.txt", KNOWN)


def rules(draft):
    return [each.rule for each in summary.select_doubtful(draft)]


@pytest.mark.parametrize("words", UNREAD)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_responsibility_outside_of_tasks_is_taken_or_reported(words, place):
    draft = read(**{place: words})
    duties = {
        name for entry in iter_tasks(draft.plan) for g in entry.task.duties for name in g.names
    }
    named = {
        "市统计局",
        "市林业局",
        "市體育局",
        "市体育局",
        "市审计局",
        "市政府办公室",
        "市教育局基础教育科",
    }
    if duties.isdisjoint(named):
        found = [each for each in summary.select_doubtful(draft) if each.rule == "unread-duty"]
        assert found
        text = draft.source_text.text
        assert all(text.startswith(each.words[:8], each.position) for each in found)
        assert draft.plan.review


@pytest.mark.parametrize("words", QUIET)
@pytest.mark.parametrize("place", ["before", "inside", "after"])
def test_ordinary_words_are_not_reported(words, place):
    assert rules(read(**{place: words})) == []


@pytest.mark.parametrize(
    "text",
    [
        "统筹推进改革，由市发展改革委牵头，会同市统计局制定办法，取得实效",
        "完善制度（由市司法局牵头清理），公开结果，取得实效",
        "工作举措：完善制度。部门分工：市司法局牵头办理，取得实效",
        "开展义诊（工信、卫健、财政部门）",
        "植树造林。（市林业局①）",
        "市教育局：新建学校",
        "新建学校6所。市教育局、市财政局",
        "养老服务——市民政局",
        "盘活资源（各街镇、区属国企）",
        "通报进展，市政府督查室牵头，定期公开",
        "明确市统计局为牵头单位，定期公开",
    ],
)
def test_a_task_without_a_clause_that_names_who_acts_is_reported(text):
    source = f"云溪市2026年工作要点\n1.建设平台。（市科技局负责）\n2.{text}。\n3.治水。（市水利局负责）\n"
    draft = importing.import_document(source.encode(), "要点.txt", KNOWN)
    task = [entry.task for entry in iter_tasks(draft.plan)][1]
    assert task.duties or task.review


@pytest.mark.parametrize(
    "text",
    [
        "建设枢纽（含市政府广场周边道路）",
        "实施改造（一期工程）",
        "推广应用（以下简称平台）",
        "改造老旧小区12个（详见附件）",
        "提升服务：优化流程",
    ],
)
def test_ordinary_ends_are_not_reported(text):
    source = f"云溪市2026年工作要点\n1.建设平台。（市科技局负责）\n2.{text}。\n3.治水。（市水利局负责）\n"
    assert rules(importing.import_document(source.encode(), "要点.txt", KNOWN)) == []


def test_a_plan_without_any_clause_is_reported():
    source = "云溪市2026年工作要点\n1.建设平台。\n2.兴修水利。\n3.新建学校。\n"
    assert rules(importing.import_document(source.encode(), "要点.txt", KNOWN)) == ["no-clauses"]


@pytest.mark.parametrize(
    "torn", ["修路（县级。（市交通运输局负责）", "修路）。（市交通运输局负责）"]
)
def test_a_bracket_without_its_counterpart_is_reported(torn):
    source = (
        f"云溪市2026年工作要点\n1.建设平台。（市科技局负责）\n2.{torn}\n3.治水。（市水利局负责）\n"
    )
    draft = importing.import_document(source.encode(), "要点.txt", KNOWN)
    assert [entry.task for entry in iter_tasks(draft.plan)][1].review


def test_a_misprinted_name_is_reported_where_it_stands():
    source = (
        "云溪县2026年工作要点\n1.修路。（县交通运输局负责）\n2.架桥。（县交通运输局负责）\n"
        "3.造船。（县交通输局负责）\n4.办学。（县教育局负责）\n5.健身。（县体育局负责）\n"
    )
    draft = importing.import_document(source.encode(), "要点.txt", KNOWN)
    assert [(each.rule, each.no, each.words) for each in summary.select_doubtful(draft)] == [
        ("similar-name", "3", "县交通输局")
    ]


def test_names_of_known_words_are_no_misprints():
    pairs = [("县教育局", "县体育局"), ("东山区政府", "西山区政府"), ("县水利局", "县水务局")]
    for frequent, rare in pairs:
        assert not list(similar_names.find_similar_names({frequent: (1, 2), rare: (1,)}))


def test_a_long_name_of_an_agency_that_is_once_written_otherwise_is_reported():
    places = {"县市场监管局": (1, 2, 3), "县市场监督局": (1,), "县教育局": (1,)}
    assert list(similar_names.find_similar_names(places)) == ["县市场监督局"]


def test_every_doubt_is_kept_in_the_plan():
    draft = read(after="由市统计局牵头督查。", before="责任单位：市教育局、市体育局")
    kept = [line for entry in iter_tasks(draft.plan) for line in entry.task.review]
    kept += draft.plan.review
    assert {each.format_review() for each in summary.select_doubtful(draft)} == set(kept)


def test_the_last_line_counts_what_is_to_be_looked_at(run, tmp_path):
    source = tmp_path / "方案.txt"
    for after, doubts, code in (("由市统计局牵头督查。", 1, 4), ("加强组织领导。", 0, 0)):
        source.write_text(DOCUMENT.format(before="", inside="", after=after), "utf-8")
        plan = tmp_path / f"{doubts}.yaml"
        status, _out, err = run("import", str(source), "-o", str(plan), "--strict")
        assert err.splitlines()[-1] == f"tasks: 2, with a clause: 2, to look at: {doubts}"
        assert status == code


@pytest.mark.parametrize(
    ("words", "is_marked"),
    [
        ("推进建设（建设单位：云溪城投公司）。", True),
        ("推进建设（投资主体：云溪城投公司），加快进度。", True),
        ("完善机制，（市经信局〈市统计局〉牵头）推进工作。", True),
        ("完善机制，（市经信局（市统计局）牵头）推进工作。", True),
        ("对市直部门（市经信局、市统计局、市文化馆）开展检查。", True),
        ("推进建设（资金来源：市财政局、市发展改革委），加快进度。", False),
        ("推进建设（项目名称：云溪城投公司大楼），加快进度。", False),
        ("发挥协会（联盟）、医院（市医院、市中医院）的作用。", False),
        ("由市政府办（市金融办）组织实施。", False),
    ],
)
def test_a_bracket_with_whoever_acts_is_marked_in_a_task_without_clause(words, is_marked):
    assert bool(list(unread_duties.find_in_task(words, has_clause=False))) is is_marked
