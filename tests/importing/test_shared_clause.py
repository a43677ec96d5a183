"""What a clause says of all tasks below it joins each of them, in the plan's own words."""

import pytest

from plancli import checks, importing
from plancli.importing import batch
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role

KNOWN = registry_io.load_default_registry()
STATEMENTS = [
    ("以下各项工作均需各区县人民政府落实，不再列出", "各区县人民政府"),
    ("以下任务均需各乡镇人民政府落实，不再逐一列出", "各乡镇人民政府"),
    ("以下责任单位均包括各县（市、区）人民政府、高新区管委会，不再列出", "高新区管委会"),
    ("以下责任单位均包括各县（市、区）人民政府、高新区管委会，不再列出", "各县（市、区）人民政府"),
]


def read(text):
    data = text.encode()
    draft = importing.import_document(data, "方案.txt", KNOWN)
    plan = batch.finalize_plan(draft, data, "方案.txt")
    return draft, [entry.task for entry in iter_tasks(plan)], batch.dump_plan(plan)


@pytest.mark.parametrize(("statement", "name"), STATEMENTS)
@pytest.mark.parametrize("place", ["clause", "paragraph"])
def test_each_task_below_has_the_duties_and_the_words(statement, name, place, tmp_path):
    inside, alone = (f"，{statement}", "") if place == "clause" else ("", f"{statement}。\n")
    draft, tasks, raw = read(
        "云溪市2026年工作要点\n一、重点任务\n"
        f"1.建设平台。（市科技局牵头，市财政局配合{inside}）\n{alone}"
        "2.兴修水利。（市水利局牵头）\n二、民生保障\n3.新建学校。（市教育局、市财政局负责）\n"
    )
    assert summary.select_doubtful(draft) == []
    for task in tasks[1:]:
        assert name in task.get_agency_names(Role.PARTICIPATE)
        assert task.shared_clause == statement
        assert statement not in task.clause
    assert [task.get_agency_names(Role.LEAD) for task in tasks] == [
        ("市科技局",),
        ("市水利局",),
        (),
    ]
    file = tmp_path / "方案.yaml"
    (tmp_path / "方案.txt").write_bytes(draft.source_text.text.encode())
    found = checks.check_plans(KNOWN, [(file, raw)])
    assert set(found.column("rule")) <= {"source-mismatch"}


def test_rows_of_a_table_below_have_them_too():
    page = (
        "<h1>云溪市2026年工作要点</h1><p>一、重点任务</p>"
        "<p>1.建设平台。（市科技局负责，以下各项均需各乡镇人民政府落实，不再列出）</p><p>二、任务分解表</p><table>"
        "<tr><td>序号</td><td>工作任务</td><td>责任单位</td></tr>"
        "<tr><td>1</td><td>兴修水利。</td><td>市水利局</td></tr>"
        "<tr><td>2</td><td>新建学校。</td><td>市教育局</td></tr></table>"
    )
    draft = importing.import_document(page.encode(), "要点.html", KNOWN)
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    assert [task.get_agency_names(Role.PARTICIPATE) for task in tasks] == [
        ("市科技局", "各乡镇人民政府"),
        ("市水利局", "各乡镇人民政府"),
        ("市教育局", "各乡镇人民政府"),
    ]


def test_a_statement_for_all_and_the_clause_of_a_heading_hold_together():
    _draft, tasks, _raw = read(
        "云溪市2026年工作要点\n一、重点任务\n"
        "1.建设平台。（市科技局负责，以下各项均需各乡镇人民政府落实，不再列出）\n"
        "二、教育提升\n责任单位：市教育局\n1.新建学校。\n2.改造校舍。\n"
    )
    assert [set(task.get_agency_names(Role.PARTICIPATE)) for task in tasks[1:]] == [
        {"各乡镇人民政府", "市教育局"},
        {"各乡镇人民政府", "市教育局"},
    ]
