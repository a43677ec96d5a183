"""No answer leaves out an agency because of its role: each place that lists roles lists them all.

The plans here have every role, a deadline, a task of several parts, a collective agency and a task
without a lead.  A role added to ``Role`` alone turns these tests red wherever it is forgotten.
"""

import json
import re

import pytest

from plancli import api
from plancli.output import formats
from plancli.output.formats.columns import TASK_COLUMNS
from plancli.plan import flat_rows
from plancli.plan.clause import PLAIN_ROLE_VERBS, parse_clause
from plancli.plan.model import iter_tasks
from plancli.query import name_lookup
from plancli.report import STATIC
from plancli.results import labels
from plancli.results.charts import RoleCounts
from plancli.results.roles import ROLE_WORDS, AssignmentRole, Role

TEXTS = {
    "yunxi-2024": """云溪县2024年重点工作任务分工方案
一、新建公园2个。（县甲局牵头，县乙局、县丙局配合，6月底前完成）
二、办好县运会。（县丁局负责）
三、改造老旧小区。（县甲局牵头）加装电梯。（县戊局牵头，县己局配合）
四、加强督促检查。（各乡镇人民政府按职责分工负责）""",
    "yunxi-2025": """云溪县2025年重点工作任务分工方案
一、新建公园3个。（县庚局牵头，县辛局配合）""",
}
TEXT_FORMATS = sorted(set(formats.PLAIN_FORMATS) - formats.BINARY_FORMATS)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The plans as files, and the agencies that they name."""
    folder, names = tmp_path_factory.mktemp("every"), set()
    for id, text in TEXTS.items():
        plan = api.parse(text, id=id)
        for entry in iter_tasks(plan):
            for group in entry.task.duties:
                names.update(group.names)
        (folder / f"{id}.yaml").write_bytes(api.to_yaml(plan))
    assert len(names) == 9
    return folder, sorted(names)


@pytest.fixture
def ask(run, files, monkeypatch):
    """``ask(*argv)`` returns what a question over both plans gives, on one wide line each."""
    monkeypatch.setenv("COLUMNS", "1000")

    def ask(*argv):
        code, out, err = run(*argv, "--plan", str(files[0]))
        assert code == 0, err
        return out

    return ask


@pytest.mark.parametrize("format", ["table", *TEXT_FORMATS])
@pytest.mark.parametrize(
    "command", ["list", "export", "task 一 二 三 四", "list --year 2024-2025"], ids=str
)
def test_every_agency_is_in_every_answer_about_all_tasks(ask, files, command, format):
    text = ask(*command.split(), "-f", format)
    assert [name for name in files[1] if name not in text] == []


@pytest.mark.parametrize("command", ["agency", "matrix", "matrix --by agency", "stats"])
def test_every_agency_is_counted(ask, files, command):
    text = ask(*command.split())
    assert [name for name in files[1] if name not in text] == []


def test_every_agency_is_on_the_page(run, files, tmp_path):
    page = tmp_path / "plan.html"
    assert run("report", "-o", str(page), "--plan", str(files[0]))[0] == 0
    text = page.read_text("utf-8")
    assert [name for name in files[1] if name not in text] == []


def test_the_counts_of_an_agency_are_those_of_its_roles(ask):
    rows = json.loads(ask("agency", "-f", "json"))
    for row in rows:
        tasks = json.loads(ask("agency", row["agency"], "-f", "json"))
        for role in Role:
            assert row[role] == sum(task["role"] == role for task in tasks), row
        assert all(row["agency"] in task[task["role"]] for task in tasks)
    assert {task_role for row in rows for task_role in Role if row[task_role]} == {*Role}


def test_every_role_stands_in_every_list_of_roles():
    assert {*ROLE_WORDS} == {*AssignmentRole}
    assert {*Role} < {*AssignmentRole}
    assert RoleCounts._fields == tuple(AssignmentRole)
    assert {*labels.ROLE_LABELS} == {*AssignmentRole}
    assert {f"_{role}" for role in Role} <= {*TASK_COLUMNS}
    assert {*Role} <= {field.name for field in flat_rows.FLAT_FIELDS}
    assert {*Role} <= {*labels.HEADINGS}
    script = (STATIC / "known.js").read_text("utf-8")
    assert json.loads(re.search(r"ROLES = (\[.*?\])", script)[1]) == [*Role]
    assert {name_lookup.parse_role(role) for role in Role} == {*Role}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_written_as_it_is_read(role):
    (group,) = parse_clause(f"县甲局{PLAIN_ROLE_VERBS[role]}").duties
    assert group.role is role
