"""The rows that the page and the progress are made of, against plain loops over the plan."""

from collections import Counter
from itertools import cycle

import pytest

from plancli import query
from plancli.plan.model import iter_tasks
from plancli.query import progress, report_data
from plancli.results.roles import Role
from tests.oracle import read_divisions

STATUS = ("done", "underway", "waiting", "lasting", "stuck", "other", "silent")


@pytest.fixture(params=[None, "二"], ids=["all", "a list"])
def asked(request, oracle):
    """A filter, and what it lets through: (list, section, task) each."""
    chosen = [e for e in iter_tasks(oracle.plan) if request.param in (None, e.list.no)]
    number = next((n for n, e in enumerate(oracle.plan.lists, 1) if e.no == request.param), 0)
    return query.by_section(f"list:{number}") if number else query.EVERY_TASK, chosen


def told(result, *names):
    return list(zip(*(result.column(name) for name in names), strict=True))


def numbers(chosen):
    return [each.task.no for each in chosen]


def test_the_page_has_every_task_and_what_stands_above(db, oracle, asked):
    where, chosen = asked
    rows = report_data.select_report_tasks(db, where)
    assert told(rows, "no", "words", "clause", "deadline") == [
        (t.no, t.text, t.clause, t.deadline) for t in (each.task for each in chosen)
    ]
    heads = {row["section"]: row for row in report_data.select_report_sections(db, where).records()}
    for (section,), (list_, own, _task) in zip(told(rows, "section"), chosen, strict=True):
        assert (heads[section]["list_no"], heads[section]["list_title"]) == (list_.no, list_.title)
        assert heads[section]["title"] == (own.title if own else "")
    plan = oracle.plan
    assert told(report_data.select_report_plans(db, where), "key", "title", "preamble") == [
        (plan.id, plan.title, "\n".join(plan.preamble))
    ]
    assert not report_data.select_report_plans(db, query.NO_TASK).rows
    assert not report_data.select_report_sections(db, query.NO_TASK).rows


def test_the_page_has_every_duty_in_the_clause_s_order(db, oracle, asked):
    where, chosen = asked
    called = dict(told(report_data.select_report_tasks(db, where), "task", "no"))
    found = [
        (called[task], role, name, kind)
        for task, role, name, kind in told(
            report_data.select_report_duties(db, where), "task", "role", "agency", "type"
        )
    ]
    assert found == [
        (task.no, str(group.role), name, str(oracle.agency[name].kind))
        for _list, _section, task in chosen
        for group in task.duties
        for name in group.names
    ]


def test_the_page_has_whom_each_phrase_of_the_tasks_may_mean(db, oracle, asked):
    where, chosen = asked
    phrases = {
        name for each in chosen for role in Role for name in each.task.get_agency_names(role)
    }
    own = oracle.parts(oracle.plan.jurisdiction)
    meant = {
        (phrase, name)
        for phrase in phrases
        for name, body in oracle.agency.items()
        if oracle.may(phrase, name) and (not body.region or body.region in own)
    }
    assert set(told(report_data.select_possible_members(db, where), "phrase", "agency")) == meant


def test_the_page_has_every_place_of_a_task_and_how_strongly(db, oracle, asked):
    where, chosen = asked
    called = dict(told(report_data.select_report_tasks(db, where), "task", "no"))
    rows = told(report_data.select_report_regions(db, where), "task", "region", "rank")
    assert {(called[task], region): rank for task, region, rank in rows} == {
        (each.task.no, name): grade
        for each in chosen
        for name in oracle.region
        if (grade := oracle.grade(each.task, name))
    }
    mentions = told(report_data.select_report_mentions(db, where), "task", "region")
    assert [(called[task], name) for task, name in mentions] == [
        (each.task.no, mention.name) for each in chosen for mention in each.task.regions
    ]


def test_the_page_knows_every_body_by_its_own_name(db, oracle):
    assert list(report_data.select_agency_names(db).column("agency")) == list(oracle.agency)
    typed = set(told(report_data.select_lookup_keys(db), "kind", "how", "target"))
    assert {("agency", "name", name) for name in oracle.agency} <= typed
    divisions = {*read_divisions()}  # thousands, of which the database has those in use
    named = {n for n in oracle.region if any(oracle.grade(task, n) for task in oracle.tasks)}
    assert {("region", "name", name) for name in named | {*oracle.region} - divisions} <= typed
    assert ("region", "name", "工农区") not in typed


@pytest.fixture
def heard(db):
    """Something reported of every duty, and twice: (no, body, region, status, overdue) each."""
    ids = dict(told(query.select_tasks(db), "no", "_task"))
    bodies = dict(db.execute("SELECT display_name, id FROM agency"))
    duties = told(query.select_duties_by_agency(db, query.EVERY_TASK), "no", "agency", "role")
    rows = [
        (no, body, role, status, int(n % 5 == 0))
        for (n, (no, body, role)), status in zip(enumerate(duties), cycle(STATUS), strict=False)
    ]
    for each in (rows[:3], rows):  # what was heard before is forgotten
        progress.load_reports(
            db,
            [
                (ids[no], bodies[body], role, status, overdue, "说", "", "", "", "", "", "")
                for no, body, role, status, overdue in each
            ],
        )
    return rows


@pytest.mark.parametrize("by", ["agency", "section", "region"])
def test_reports_are_counted_as_the_loop_counts(db, oracle, heard, by):
    above = {
        e.task.no: e.section.title if e.section and e.section.title else e.list.title
        for e in iter_tasks(oracle.plan)
    }
    tasks = {task.no: task for task in oracle.tasks}
    meant = {
        "agency": lambda no, body: [body],
        "section": lambda no, body: [above[no]],
        "region": lambda no, body: [r for r in oracle.region if oracle.grade(tasks[no], r)],
    }[by]
    counts = {}
    for no, body, _role, status, overdue in heard:
        for each in meant(no, body):
            counts.setdefault(each, Counter()).update({"duties": 1, status: 1, "overdue": overdue})
    rows = list(progress.select_progress(db, by).records())
    assert {row[by]: {key: row[key] for key in ("duties", *STATUS, "overdue")} for row in rows} == {
        name: {key: count[key] for key in ("duties", *STATUS, "overdue")}
        for name, count in counts.items()
    }
    late = [row["overdue"] for row in rows]
    assert late == sorted(late, reverse=True)


def test_every_report_is_a_row_overdue_first(db, heard):
    rows = progress.select_progress(db, "task")
    names = ("no", "agency", "role", "status", "overdue")
    assert sorted(told(rows, *names)) == sorted((*key, bool(late)) for *key, late in heard)
    assert list(rows.column("overdue")) == sorted(rows.column("overdue"), reverse=True)
    assert set(rows.column("state")) == {"说"}
