"""Every task of both plans is accounted for; what changed is said once, as what it is."""

import json
import random
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli.diff import alignment, changes
from plancli.plan import io as plan_io
from plancli.plan.model import DutyGroup, Plan, Section, Task, TaskList, iter_tasks
from plancli.registry import io as registry_io
from plancli.registry.model import Agency, AgencyKind, Registry
from plancli.results.roles import Role
from plancli.system import files

KNOWN = registry_io.load_default_registry()
PLAN = plan_io.parse_plan(files.read_plan_file(files.DEFAULT_PLAN), "plan2022.yaml", KNOWN)


def edited(change):
    """Return the shipped plan with *change* done to the tasks of each list and section."""
    lists = tuple(
        replace(
            each,
            tasks=tuple(change(list(each.tasks))),
            sections=tuple(replace(s, tasks=tuple(change(list(s.tasks)))) for s in each.sections),
        )
        for each in PLAN.lists
    )
    return replace(PLAN, lists=lists)


def of(one, other):
    result = changes.compare_plans(one, other, KNOWN)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def kinds(rows):
    return [(row["change"], row["no_before"], row["no_after"]) for row in rows]


def test_equal_plans_differ_in_nothing(run):
    assert of(PLAN, PLAN) == []
    code, out, err = run("diff", str(files.DEFAULT_PLAN), str(files.DEFAULT_PLAN))
    assert (code, out, err) == (0, "", "the plans are the same\n")


def test_a_dropped_task_is_dropped_and_nothing_else_though_all_numbers_shift():
    def without_the_fifth(tasks):
        kept = [task for task in tasks if task.no != "5"]
        return [replace(t, no=str(int(t.no) - (int(t.no) > 5))) for t in kept]

    shorter = edited(without_the_fifth)
    assert kinds(of(PLAN, shorter)) == [("dropped", "5", "")]
    assert kinds(of(shorter, PLAN)) == [("new", "", "5")]


def test_two_tasks_that_change_places_are_one_move():
    def swapped(tasks):
        numbers = [task.no for task in tasks]
        if "12" in numbers:
            n = numbers.index("12")
            tasks[n], tasks[n + 1] = tasks[n + 1], tasks[n]
        return tasks

    assert [kind for kind, _a, _b in kinds(of(PLAN, edited(swapped)))] == ["moved"]


def test_reworded_words_are_marked():
    def reworded(tasks):
        return [
            replace(t, text=t.text.replace("新创建基地100个", "新创建基地120个")) for t in tasks
        ]

    (row,) = of(PLAN, edited(reworded))
    assert (row["change"], row["no_before"], row["no_after"]) == ("reworded", "22", "22")
    assert "新创建基地1[-0-]{+2+}0个" in row["what"]


def test_a_task_of_other_words_is_another_task():
    def another(tasks):
        other = "修缮县城图书馆，购置儿童读物。"
        return [replace(t, text=other, regions=()) if t.no == "1" else t for t in tasks]

    found = kinds(of(PLAN, edited(another)))
    assert sorted(found) == [("dropped", "1", ""), ("new", "", "1")]


def test_who_came_and_who_left_is_said():
    def other_hands(tasks):
        lead = (DutyGroup.from_names(Role.LEAD, ("省商务厅",)),)
        return [replace(t, duties=lead) if t.no == "19" else t for t in tasks]

    (row,) = of(PLAN, edited(other_hands))
    assert row["change"] == "duties"
    assert row["what"] == "增加牵头：省商务厅；取消牵头：省科技厅"


@pytest.mark.parametrize(
    ("old", "new", "ground"),
    [
        ("省能源局", "省能源和矿产局", "据各项任务推断"),
        ("省经济和信息化厅", "省工业和信息化厅", "据单位库"),
    ],
)
def test_a_body_renamed_is_one_change(old, new, ground):
    def renamed(tasks):
        return [
            replace(
                t,
                duties=tuple(
                    DutyGroup.from_names(
                        g.role, tuple(new if n == old else n for n in g.names), g.is_open_ended
                    )
                    for g in t.duties
                ),
            )
            for t in tasks
        ]

    after = replace(edited(renamed), agencies=(Agency(new, AgencyKind.DEPARTMENT),))
    (row,) = of(PLAN, after)
    assert (row["change"], row["what"]) == ("renamed", f"{old} → {new}（{ground}）")


@given(st.integers(), st.sampled_from(["shuffle", "drop", "double", "cut", "mix"]))
def test_every_task_of_both_plans_is_there_once(seed, how):
    chance = random.Random(seed)

    def change(tasks):
        if how in ("shuffle", "mix"):
            chance.shuffle(tasks)
        if how in ("drop", "mix"):
            tasks = [task for task in tasks if chance.random() < 0.7]
        if how == "double":
            tasks = [task for task in tasks for _n in range(chance.choice((1, 1, 2)))]
        if how in ("cut", "mix"):
            tasks = [
                replace(t, text=t.text[: chance.randrange(1, len(t.text) + 1)], parts=())
                for t in tasks
            ]
        return tasks

    other = edited(change)
    for one, two in ((PLAN, other), (other, PLAN)):
        pairs = alignment.match_tasks(one, two)
        before = [id(pair.before.task) for pair in pairs if pair.before]
        after = [id(pair.after.task) for pair in pairs if pair.after]
        assert sorted(before) == sorted(id(entry.task) for entry in iter_tasks(one))
        assert after == [id(entry.task) for entry in iter_tasks(two)]
        assert not any(pair.before is None and pair.after is None for pair in pairs)


@given(st.text("甲乙丙丁戊", max_size=30), st.text("甲乙丙丁戊", max_size=30))
def test_marks_hold_both_texts(before, after):
    marked = changes.format_inline_diff(before, after)
    old = new = ""
    rest = marked
    while rest:
        if rest.startswith("[-"):
            part, rest = rest[2:].split("-]", 1)
            old += part
        elif rest.startswith("{+"):
            part, rest = rest[2:].split("+}", 1)
            new += part
        else:
            old, new, rest = old + rest[0], new + rest[0], rest[1:]
    assert (old, new) == (before, after)


def test_changes_as_people_see_them(run, tmp_path, shown):
    text = files.DEFAULT_PLAN.read_text("utf-8")
    text = text.replace("编制实施合肥都市圈", "修订实施合肥都市圈").replace("sources/", "other/")
    (tmp_path / "b.yaml").write_text(text, "utf-8")
    code, out, err = run("diff", str(files.DEFAULT_PLAN), str(tmp_path / "b.yaml"))
    assert (code, err) == (0, "")
    shown("diff", out)
    code, out, _err = run("diff", str(files.DEFAULT_PLAN), str(tmp_path / "b.yaml"), "-f", "json")
    assert (code, json.loads(out)[0]["no_after"]) == (0, "1")


def test_the_work_grows_as_the_plans_do_though_no_task_is_the_others():
    """Function calls are counted, as no clock is even; agencies and headings differ, too."""

    def of(size, what):
        groups = ((DutyGroup(lead=(f"第{n}{what}局",)),) for n in range(size))
        tasks = (
            Task(no=str(n), text=f"推进第{n}号{what}各事", duties=duties)
            for n, duties in enumerate(groups)
        )
        sections = (Section(title=f"{what}{n}", tasks=(each,)) for n, each in enumerate(tasks))
        lists = (TaskList(title=what, sections=tuple(sections)),)
        own = tuple(Agency(f"第{n}{what}局", AgencyKind.OTHER) for n in range(size))
        plan = Plan(id="a", title="计划", year=2030, jurisdiction="安徽", lists=lists)
        return replace(plan, agencies=own)

    def work(size):
        one, other = of(size, "甲丙戊庚"), of(size, "乙丁己辛")
        calls = [0]

        def count(_frame, _event, _of):
            calls[0] += 1

        sys.setprofile(count)
        try:
            found = changes.compare_plans(one, other, Registry())
        finally:
            sys.setprofile(None)
        assert len(found.rows) >= size
        return calls[0]

    assert work(800) < 6 * work(200)


def test_two_spellings_of_one_agency_are_no_change_but_a_recorded_new_name_is():
    def of(name):
        duties = (DutyGroup(lead=(name, "市财政局")),)
        tasks = (Task(no="1", text="推进就业", clause=f"{name}、市财政局牵头", duties=duties),)
        own = tuple(Agency(each, AgencyKind.LOCAL) for each in (name, "市财政局"))
        lists = (TaskList(title="一", tasks=tasks),)
        plan = Plan(id="a", title="计划", year=2024, jurisdiction="合肥", lists=lists)
        return replace(plan, agencies=own)

    one, other, third = map(of, ("市人社局", "市人力资源和社会保障局", "市教育局"))
    assert not changes.compare_plans(one, other, KNOWN).rows
    assert changes.compare_plans(one, third, KNOWN).rows
