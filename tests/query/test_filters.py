"""Filters and numbers on the command line: every command is held to each that it takes."""

import json
import re
from dataclasses import replace

import pytest
import typer

from plancli.cli.main import build_program
from plancli.cli.options import QueryOptions
from plancli.plan import io as plan_io
from plancli.plan.model import DutyGroup, Mention, Plan, Section, Task, TaskList, iter_tasks
from plancli.registry.model import Agency, AgencyKind, Region, RegionType
from plancli.system import files
from tests.conftest import SMALL
from tests.sheets import rows_of

FILTERS = QueryOptions._fields[: QueryOptions._fields.index("plan")]
COMMANDS = typer.main.get_command(build_program([])).commands
# What each command that takes filters is asked with, beside them; DIR is a folder.
ASKED = {
    "agency": [[], ["省能源局"], ["甲市人民政府"], ["合肥市", "--possible"]],
    "region": [[], ["合肥"], ["某省"]],
    "section": [[], ["重点任务"]],
    "keyword": [["一"]],
    "task": [["1-12"], ["1.1", "1.3"]],
    "list": [[]],
    "export": [[]],
    "stats": [[]],
    "plan": [[]],
    "plans": [[]],
    "pack": [["DIR"]],
    "collect": [["DIR", "-o", "DIR.yaml"]],
    "progress": [["DIR.yaml"], ["DIR.yaml", "--by", "task"]],
    "matrix": [[], ["--by", "city"], ["--by", "agency"]],
    "network": [[]],
    "map": [["安徽"]],
    "targets": [[], ["--all"]],
    "lint": [[]],
    "report": [[]],
}
SCOPE = "<p><bdi>(范围|来源)：.*?</bdi></p>"  # of a page
LATER = ("ah30", "empty")
EMPTY = Plan(
    id="empty", title="安徽省2030年要点", year=2030, jurisdiction="安徽",
    lists=(TaskList(title="重点项目", paragraphs=("总投资10亿元。",)),),
)  # fmt: skip


EVERY = [
    pytest.param(
        name,
        argv,
        id=" ".join([name, *argv]),
        marks=[pytest.mark.slow] * (name in ("pack", "report")),
    )
    for name, several in ASKED.items()
    for argv in several
]


def test_no_command_that_takes_filters_is_left_out():
    assert {*ASKED} == {
        name
        for name, command in COMMANDS.items()
        if {*FILTERS} <= {param.name for param in command.params}
    }


@pytest.fixture(scope="module")
def plans(known):
    """Plans of two years and two places, two and more of each; one has no task."""
    small = plan_io.parse_plan(SMALL.read_bytes(), str(SMALL), known)
    shipped = plan_io.parse_plan(files.read_plan_file(files.DEFAULT_PLAN), "plan2022.yaml", known)
    first, second, third = shipped.lists
    some = (
        replace(first, tasks=first.tasks[:6]),
        replace(second, sections=second.sections[1:2]),
        third,
    )
    shipped = replace(shipped, id="ah22", lists=some)
    return [
        shipped, replace(shipped, id="ah30", year=2030), replace(small, id="x30"),
        replace(small, id="x22", year=2022), EMPTY,
    ]  # fmt: skip


@pytest.fixture
def answer(run, tmp_path):
    """``answer(name, argv, plans, *filters)`` returns what a program gets of it."""

    def answer(name, argv, plans, *filters):
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        folder.mkdir()
        made = folder / "of" / "made"
        argv = [each.replace("DIR", str(made)) for each in argv]
        for n, plan in enumerate(plans):
            (folder / f"{n}.yaml").write_bytes(plan_io.encode_file(plan))
        own = ["-p", str(folder)]
        if name in ("collect", "progress"):
            made.mkdir(parents=True)
            assert run("collect", str(made), "-o", f"{made}.yaml", *own)[0] == 0
        if name not in ("pack", "report"):
            argv = [*argv, "-f", "json"]
        code, out, err = run(name, *argv, *own, *filters)
        if code == 3:  # what is asked for is only of other plans
            return []
        assert code == 0, err
        if name == "pack":
            return [(row.body, row.cells) for row in rows_of(made)]
        return re.sub(SCOPE, "", out) if name == "report" else json.loads(out)

    return answer


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (["--year", "2022"], lambda plan: plan.year == 2022),
        (["--jurisdiction", "某省"], lambda plan: plan.jurisdiction == "某省"),
        (["--year", "2023-2030", "--jurisdiction", "安徽"], lambda plan: plan.id in LATER),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
@pytest.mark.parametrize(("name", "argv"), EVERY)
def test_what_is_asked_of_some_plans_is_as_if_the_others_were_not_open(
    answer, plans, name, argv, filters, passes
):
    those = [plan for plan in plans if passes(plan)]
    assert answer(name, argv, plans, *filters) == answer(name, argv, those)


@pytest.mark.parametrize(("name", "argv"), EVERY)
def test_where_no_plan_passes_there_is_nothing(answer, plans, name, argv):
    if name in ("report", "pack"):  # which have nothing to write
        with pytest.raises(AssertionError, match=r"there is nothing to show|no sheets to write"):
            answer(name, argv, plans, "--year", "1999")
        return
    found = answer(name, argv, plans, "--year", "1999")
    if name in ("stats", "map"):
        assert not any(row.get("count", row.get("tasks")) for row in found)
    else:
        assert found == []


def left(plan, passing):
    """Return *plan* with only the tasks that are *passing*: (its id, their number) each."""

    def some(part):
        kept = [task for task in part.tasks if (plan.id, task.no) in passing]
        return replace(part, tasks=tuple(kept))

    lists = (replace(some(each), sections=tuple(map(some, each.sections))) for each in plan.lists)
    return replace(plan, lists=tuple(lists))


def comparable(name, found):
    """Return *found* without what a plan says whichever tasks pass."""
    if name == "plan":  # a plan's own size, and those that no task of passes
        return [row for row in found if row.pop("tasks") and row["plan"] != EMPTY.id]
    if name == "targets":  # totals are no task's
        return [row for row in found if row["kind"] != "figure"]
    return found


@pytest.mark.parametrize(
    "filters",
    [["-a", "省发展改革委"], ["--lead"], ["-r", "合肥", "-k", "市"], ["-s", "重点任务"]],
    ids=" ".join,
)
@pytest.mark.parametrize(("name", "argv"), EVERY)
def test_what_is_asked_of_some_tasks_is_as_if_there_were_no_others(
    answer, plans, name, argv, filters
):
    if filters == ["--lead"] and name in ("agency", "matrix", "pack", "collect", "progress"):
        pytest.skip("says of a task whose part in it is asked for, too")
    if filters[0] == "-a" and name in ("pack", "collect", "progress"):
        pytest.skip("says whose sheets are meant")
    listed = answer("list", [], plans, *filters)
    passing = {(row["plan"], row["no"]) for row in listed}
    assert passing
    found = answer(name, argv, plans, *filters)
    if name == "task":  # which tells its neighbours, too, whether they pass or not
        every = answer(name, argv, plans)
        assert found == [row for row in every if (row["plan"], row["no"]) in passing]
        return
    those = [left(plan, passing) for plan in plans]
    if name == "report":
        those = [plan for plan in those if any(iter_tasks(plan))]
    assert comparable(name, found) == comparable(name, answer(name, argv, those))


MANY = 2000  # more than SQLite joins by OR, AND or UNION
NAMES = [f"第{n}中心" for n in range(MANY)]


@pytest.fixture(scope="module")
def write_plan(tmp_path_factory):
    """``write_plan(first, others)`` writes a plan of many agencies, regions and headings.

    ``first``: the agencies of its first task, which names all regions; ``others``: those of the
    task below each heading.
    """
    places = [f"村{n}号" for n in range(MANY)]

    def task(no, text, names, **more):
        duties = (DutyGroup(participate=tuple(names)),) if names else ()
        clause = "、".join(names) + "负责" if names else ""
        return Task(no=str(no), text=text, clause=clause, duties=duties, **more)

    def write_plan(first, others):
        regions = tuple(Mention(name, text=(name,)) for name in places)
        one = task(1, "办好各事。" + "、".join(places), first, regions=regions)
        sections = [
            Section(no=str(n + 1), title=f"标题{n}", tasks=(task(n + 2, "办好一事。", names),))
            for n, names in enumerate(others)
        ]
        plan = replace(
            EMPTY,
            lists=(
                TaskList(title="事项", sections=(Section(title="各事", tasks=(one,)), *sections)),
            ),
            agencies=tuple(Agency(name, AgencyKind.INSTITUTE) for name in NAMES),
            regions=tuple(Region(name, RegionType.TOWN) for name in places),
        )
        file = tmp_path_factory.mktemp("crowded") / "plan.yaml"
        file.write_bytes(plan_io.encode_file(plan))
        return file

    return write_plan


@pytest.fixture(scope="module")
def crowded(write_plan):
    """A plan whose first task names every agency."""
    return write_plan(NAMES, [()] * MANY)


@pytest.fixture(scope="module")
def shared_out(write_plan):
    """A plan of a task for each agency: a duty's row holds all who share its task."""
    return write_plan((), [(name,) for name in NAMES])


def times(option, values):
    return [word for value in values for word in (option, value)]


ALL = {
    "agency": times("-a", NAMES),
    "region": times("-r", (f"村{n}号" for n in range(MANY))),
    "section": times("-s", (f"标题{n}" for n in range(MANY))),
    "keyword": times("-k", (f"村{n}号" for n in range(MANY))),
    "year": times("--year", (str(2030 - n) for n in range(MANY))),
    "jurisdiction": times("--jurisdiction", ["安徽", *(f"村{n}号" for n in range(1, MANY))]),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ALL)
def test_of_however_many_filters_each_must_hold(run, crowded, kind):
    listed = json.loads(run("list", "-p", str(crowded), "-f", "json")[1])
    code, out, err = run("list", "-p", str(crowded), "-f", "json", *ALL[kind])
    assert code == 0, err[-200:]
    passing = {"agency": 1, "region": 1, "keyword": 1, "section": 0}.get(kind, MANY + 1)
    assert json.loads(out) == listed[:passing]
    one_more = {"agency": ["-a", "第0中心", "-k", "一"], "region": ["-r", "安徽"]}.get(kind, [])
    code, out, _err = run("list", "-p", str(crowded), "-f", "json", *ALL[kind], *one_more)
    assert json.loads(out) == listed[: passing * (not one_more)]


@pytest.mark.slow
@pytest.mark.parametrize("heading", [True, False], ids=["section", "others"])
@pytest.mark.parametrize("name", ASKED)
def test_every_command_takes_however_many_filters(
    run, crowded, shared_out, tmp_path, name, heading
):
    argv = [each.replace("DIR", str(tmp_path / "made")) for each in ASKED[name][0]]
    if name in ("collect", "progress"):
        (tmp_path / "made").mkdir()
        (tmp_path / "made.yaml").write_bytes(b"reports: []\n")
    if name not in ("pack", "report"):
        argv = [*argv, "-f", "json"]
    plan = crowded
    if name in ("pack", "collect", "progress"):
        argv, plan = [*argv, "-k", "无此词"], shared_out  # not all of so many sheets
    # A task stands below one heading only, so that the other filters would have none to look at.
    given = [word for kind in ALL if (kind == "section") == heading for word in ALL[kind]]
    code, _out, err = run(name, *argv, "-p", str(plan), *given)
    has_nothing_to_write = name in ("report", "pack")
    assert code in (0, *[1] * has_nothing_to_write), err[-200:]


@pytest.mark.slow
def test_sheets_are_of_any_of_however_many_agencies(run, shared_out, tmp_path):
    (tmp_path / "made").mkdir()
    own = ["-p", str(shared_out), *ALL["agency"]]
    made = str(tmp_path / "made.yaml")
    code, out, err = run("collect", str(tmp_path / "made"), "-o", made, *own, "-f", "json")
    assert (code, len(json.loads(out))) == (0, MANY), err[-200:]
    code, out, err = run("progress", made, *own, "-f", "json")
    assert (code, [row["duties"] for row in json.loads(out)]) == (0, [1] * MANY), err[-200:]


def numeric():
    """Every option of every command that takes a number, beside the least that is asked of it."""
    for name, command in COMMANDS.items():
        for param in command.params:
            if param.name == "port" or param.type.name.startswith("int"):
                yield pytest.param(name, param.opts[0], id=f"{name} {param.opts[0]}")


NUMBERS = [
    "0", "1", "-1", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "9" * 20, "-" + "9" * 20, "9" * 5000, "1.5", "1e3", "", "٣", "０",
    "0x10", "1_000", "+1", " 1",
]  # fmt: skip


@pytest.mark.parametrize(("name", "option"), [*numeric()])
@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
def test_of_any_number_there_is_an_answer_or_a_word_on_the_usage(
    run, tmp_path, name, option, number
):
    if name == "serve":
        pytest.importorskip("datasette")
    document = tmp_path / "a.txt"
    document.write_text("某县2024年工作要点\n1、推进甲事。（县教育局负责）\n", "utf-8")
    argv = {
        "import": [str(document), "-o", str(tmp_path / "a.yaml")],
        "serve": ["--host", "256.256.256.256"],  # which is none: else it is served until Ctrl-C
        "agency": ["省能源局"],
        "region": ["合肥"],
        "section": ["2.1"],
        "task": ["1-12"],
        "keyword": ["一"],
    }.get(name, [])
    code, _out, err = run(name, *argv, f"{option}={number}")
    assert code in (0, 2, *[1] * (name == "serve")), err[-200:]
    if name == "import" and code == 0:
        assert run("list", "-p", str(tmp_path / "a.yaml"))[0] == 0


@pytest.mark.parametrize("typed", NUMBERS, ids=range(len(NUMBERS)))
def test_of_any_year_or_task_number_there_is_an_answer_or_an_error_in_words(run, typed):
    for argv in (["list", "--year"], ["list", "--year=2022-{}"], ["list", "--year={}-2022"]):
        argv = [each.format(typed) for each in argv]
        code, _out, err = run(*argv, *([] if "=" in argv[-1] else [typed]))
        assert code in (0, 2), err[-200:]
    for asked in (typed, f"1-{typed}", f"{typed}-1", f"{typed},1"):
        assert run("task", "--", asked)[0] in (0, 2, 3)


def test_more_numbers_than_a_statement_takes(run):
    spans = [f"{n}0000-{n}9999" for n in range(1, 40)]
    code, out, _err = run("task", "1", *spans, "-f", "json")
    assert (code, out) == (3, "")
