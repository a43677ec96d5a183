"""A task with several clauses: each part keeps its own duties, in the file and in every answer."""

import json
from contextlib import closing

import pytest

from plancli.database import cache
from plancli.query.ambiguity import select_ambiguous_tasks

PLAN = """\
云溪市2026年科技工作要点

一、开放资源
（一）推动资源共享

开放大型仪器。（市科技局牵头，市财政局、市教育局配合）

清查闲置设备。

创建联合中心。（市教育局、市工业和信息化局负责）

（二）改革社团管理。（市民政局牵头）
"""


@pytest.fixture
def yunxi(tmp_path, run):
    source = tmp_path / "要点.txt"
    source.write_text(PLAN, "utf-8")
    plan = tmp_path / "plan.yaml"
    assert run("import", str(source), "-o", str(plan), "--strict")[0] == 0
    return plan


def ask(run, plan, *question):
    code, out, _err = run(*question, "-f", "json", "--plan", str(plan))
    assert code == 0
    return json.loads(out)


def test_each_part_keeps_its_words_and_its_duties(yunxi, run):
    first, second = ask(run, yunxi, "export")
    assert first["parts"] == [
        "推动资源共享 开放大型仪器。（市科技局牵头，市财政局、市教育局配合）",
        "清查闲置设备。创建联合中心。（市教育局、市工业和信息化局负责）",
    ]
    assert (first["lead"], first["participate"]) == (
        ["市科技局"],
        ["市财政局", "市教育局", "市工业和信息化局"],
    )
    assert second["parts"] == []
    assert run("check", str(yunxi))[0] == 0


def test_an_agency_is_told_the_parts_that_name_it(yunxi, run):
    own = {
        name: [len(row["own_parts"]) for row in ask(run, yunxi, "agency", name)]
        for name in ("市科技局", "市教育局", "市工业和信息化局", "市民政局")
    }
    assert own == {"市科技局": [1], "市教育局": [2], "市工业和信息化局": [1], "市民政局": [0]}
    shown = run("agency", "市工业和信息化局", "--plan", str(yunxi))[1]
    assert "……清查闲置设备" in shown
    assert "大型仪器" not in shown
    assert "市科技局" not in shown  # it leads another part
    assert "负责  一" in shown


def test_responsibility_is_judged_clause_by_clause(yunxi, run):
    unled = [row for row in ask(run, yunxi, "lint") if row["reason"] == "unled"]
    assert [row["words"] for row in unled] == [["市教育局", "市工业和信息化局"]]


def test_duties_of_a_part_that_contradict_its_clause_are_found(yunxi, run):
    text = yunxi.read_text("utf-8")
    moved = text.replace("      - participate: [市教育局, 市工业和信息化局]\n", "", 1)
    assert moved != text
    yunxi.write_text(moved, "utf-8")
    code, _out, err = run("check", str(yunxi))
    assert code == 4, err


def test_the_work_of_lint_grows_as_the_tasks_do(tmp_path, run, monkeypatch):
    """Twice the tasks take about twice the steps of SQLite, not four times."""
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path / "cache"))

    def count_steps(size):
        lines = (f"{n}.办好第{n}件事。（市科技局、市财政局负责）" for n in range(1, size + 1))
        source = tmp_path / f"{size}.txt"
        source.write_text("云溪市2026年科技工作要点\n" + "\n".join(lines), "utf-8")
        plan = source.with_suffix(".yaml")
        assert run("import", str(source), "-o", str(plan))[0] == 0
        steps = 0

        def count():
            nonlocal steps
            steps += 1

        with closing(cache.open_plans((str(plan),), print)) as db:
            db.set_progress_handler(count, 100)
            assert len(list(select_ambiguous_tasks(db).rows)) == size
        return steps

    assert count_steps(160) < 3 * count_steps(80)
