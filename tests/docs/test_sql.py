"""The queries of docs/database.md give what it shows, and what the plan itself says."""

import json
import re
from collections import Counter

import pytest

from plancli import importing
from plancli.database import cache
from plancli.plan import io as plan_io
from plancli.plan.model import iter_tasks
from plancli.plan.scope import RegistryScope
from plancli.results.roles import Role
from plancli.system import files
from scripts import pages
from scripts.pages import TOP, read_page
from tests.docs.test_dictionary import known_as, tables

PAGE = "docs/database.md"
BEYOND = {"task_fts"}  # holds no words of its own
UNFILLED = {"summary"}  # only where there are more than a thousand tasks
TWO_NAMES = """云溪县2025年就业工作要点
1.办好招聘会。（县人力资源社会保障局牵头）
2.办好培训班。（县人社局牵头）"""
LEAD, PARTICIPATE = Role.LEAD, Role.PARTICIPATE


@pytest.fixture
def told(run):
    """``told(*argv)`` returns the rows that a question gives as JSON."""
    return lambda *argv: json.loads(run(*argv, "-f", "json")[1])


@pytest.fixture
def tasks(plan):
    return [entry.task for entry in iter_tasks(plan)]


def everybody(task):
    return [*task.get_agency_names(LEAD), *task.get_agency_names(PARTICIPATE)]


def order_agencies(plan, known):
    """Return the agencies that the plan may name, in the order of the database."""
    return RegistryScope(known).get_registry(plan).agencies


def most(counted, order, n):
    """Return the *n* most of *counted*, in *order* where they are equal."""
    return sorted(counted.items(), key=lambda each: (-each[1], order.index(each[0])))[:n]


def leading(tasks, order):
    counted = Counter(name for task in tasks for name in task.get_agency_names(LEAD))
    return most(counted, order, 5)


def together(tasks, order):
    mine = [task for task in tasks if "省科技厅" in everybody(task)]
    others = Counter(name for task in mine for name in set(everybody(task)) - {"省科技厅"})
    return most(others, order, 6)


def headings(plan):
    for each in plan.lists:
        if each.sections:
            yield from ((each.no, s.no, s.title, len(s.tasks)) for s in each.sections)
        else:
            yield each.no, "", each.title, len(each.tasks)


def test_the_rows_shown_are_what_the_plan_says(plan, tasks, known, told):
    """Each counted anew from the plan or told by the command line, without the database's SQL."""
    possible = told("agency", "淮北市人民政府", "--possible")
    north = told("region", "皖北")
    cities = [row for row in told("region") if row["type"] == "地级"]
    inside = {row["region"] for row in told("map") if row["type"] == "地级"}
    every = sorted((r for r in cities if r["region"] in inside), key=lambda row: -row["tasks"])
    targets = [row for row in told("targets") if row["kind"] == "target"]
    agencies = order_agencies(plan, known)
    order = [each.name for each in agencies]
    governments = [each.name for each in agencies if each.kind == "市级政府"]
    (body,) = (a for a in known.agencies if a.name == "省经济和信息化厅")
    expected = {
        "Who leads most tasks": leading(tasks, order),
        "Which tasks name no lead": [
            (task.no, task.text[:20]) for task in tasks if not task.get_agency_names(LEAD)
        ],
        "Which tasks have several leads": [
            (task.no, "、".join(task.get_agency_names(LEAD)))
            for task in tasks
            if len(task.get_agency_names(LEAD)) > 1
        ],
        "Who works with 省科技厅, and how often": together(tasks, order),
        "In which tasks a phrase may include 淮北市人民政府": [
            (row["no"], name) for row in possible for name in row["through"]
        ],
        "Which tasks have 煤电 in their text": [
            (task.no, task.text[:20]) for task in tasks if "煤电" in task.text
        ],
        "How many tasks stand below each heading": list(headings(plan)),
        "How many tasks are about each city of 安徽": [
            (row["region"], row["tasks"], row["by_name"]) for row in every[:6]
        ],
        "Which numbers the plan commits to, and who is responsible": [
            (row["no"], row["words"][0], "、".join([*row["lead"], *row["participate"]]))
            for row in targets
        ],
        "What the third list adds up to": [
            (each.name, each.value, each.unit) for each in plan.lists[2].figures
        ],
        "Whom a collective phrase may mean": [(len(governments), min(governments))],
    }
    shown = tables(PAGE, "###")
    for heading, rows in expected.items():
        assert shown[heading] == [list(map(str, row)) for row in rows], heading
    why = shown["Why tasks are about 皖北"]
    named = {row["no"]: row["why"] for row in north if row["grade"] != "clause"}
    assert {no for no, _word, _path in why} == named.keys()
    for no, ways in named.items():  # a compound or a landmark begins its way
        written = [way for n, word, path in why if n == no for way in (path, f"{word} → {path}")]
        assert set(ways) <= set(written), no
    typed = {(key, how) for key, how in shown["What may be typed for 省经济和信息化厅"]}
    assert {(each.name, "former") for each in body.former} <= typed
    assert {(each.name, "later") for each in body.later} <= typed


def test_every_name_that_may_be_typed_is_understood(run):
    for key, _how in tables(PAGE, "###")["What may be typed for 省经济和信息化厅"]:
        assert "省经济和信息化厅：牵头" in run("agency", key)[1]


def test_there_are_ten_queries_and_each_shows_its_rows():
    steps = [step for step in pages.STEP.finditer(read_page(PAGE)) if step["kind"] == "sql"]
    assert len(steps) >= 10
    assert all(step["rows"] for step in steps)


@pytest.fixture(scope="session")
def filled(known, tmp_path_factory):
    """A database of the shipped plan and of three that fill the columns which it leaves empty."""
    folder = tmp_path_factory.mktemp("filled")
    for name in ("docs/example/yunxi-2024.txt", "tests/documents/02-guoban-fangguanfu.html"):
        plan = importing.import_document((TOP / name).read_bytes(), name, known).plan
        (folder / f"{plan.id}.yaml").write_bytes(plan_io.encode_file(plan))
    plan = importing.import_document(TWO_NAMES.encode(), "two.txt", known).plan
    (folder / "two.yaml").write_bytes(plan_io.encode_file(plan))
    plans = [str(files.DEFAULT_PLAN), str(folder)]
    return cache.open_plans(plans, note=lambda message: pytest.fail(message))


def test_every_table_and_column_is_explained(filled):
    wanted = "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
    every = dict(filled.execute(wanted).fetchall())
    own = {name for name in every if not name.startswith("task_fts_")}
    shown = {name: rows for name, rows in tables(PAGE, "###").items() if name in own}
    assert own == shown.keys() | BEYOND
    head = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", read_page(PAGE), re.MULTILINE)
    assert set(head) == own
    for table, rows in shown.items():
        columns = filled.execute(f"PRAGMA table_info({table})").fetchall()
        assert [row[0].strip("`") for row in rows] == [each[1] for each in columns]
        if every[table] == "table":  # what type a view's column has depends on SQLite's version
            assert [row[1] for row in rows] == [each[2] for each in columns]
        for column, kind, example, meaning in rows:
            assert meaning
            if table in UNFILLED or kind == "BLOB":
                continue
            held = filled.execute(f'SELECT DISTINCT "{column.strip("`")}" FROM {table}')
            assert known_as(example, {str(value) for (value,) in held}), (table, column, example)
