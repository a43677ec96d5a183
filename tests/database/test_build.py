"""Building: the same tables however it is done, nothing left of what fails, nobody left behind."""

import copy
import errno
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from multiprocessing import active_children
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from plancli import checks, query
from plancli.database import cache, create, inputs, rows, writer
from plancli.errors import BadPlan, PlanError
from plancli.plan import io as plan_io
from plancli.plan.model import iter_tasks
from plancli.plan.scope import RegistryScope
from plancli.registry.model import RegionType
from plancli.system import files
from tests.conftest import SMALL

OWN = """agencies:
- name: {body}
  kind: 省直部门
regions:
- name: 新地{n}
  type: 地标
  in: [安徽]
"""
PLAN = """id: p{n}
title: 第{n}份计划
year: 2022
jurisdiction: {place}
lists:
- 'no': 一
  title: 任务
  tasks:
  - 'no': '1'
    text: 新地{n}、皖北建设{n}个园区。
    clause: {body}牵头
    duties:
    - lead: [{body}]
    regions:
    - {{name: 皖北, text: [皖北]}}
"""
PLACES = ("安徽", "浙江", "合肥", "安徽", "上海", "浙江")


@pytest.fixture
def scope(known):
    return RegistryScope(known)


@pytest.fixture
def plans(tmp_path):
    """The shipped plan, a small one, and six that bring a body each or share one."""
    for n, place in enumerate(PLACES):
        body = f"省新设{n // 2}局"
        text = PLAN.format(n=n, place=place, body=body) + OWN.format(n=n, body=body)
        (tmp_path / f"p{n}.yaml").write_text(text, "utf-8")
    named = [files.DEFAULT_PLAN, SMALL, *sorted(tmp_path.glob("p*.yaml"))]
    return [inputs.from_file(path) for path in named]


def tables(db):
    """Return every table of the database, the index of words included."""
    wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'task_fts%'"
    found = {name: db.execute(f"SELECT * FROM {name}").fetchall()
             for (name,) in db.execute(wanted).fetchall()}  # fmt: skip
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, task_fts, 'instance')")
    words = db.execute("SELECT * FROM temp.words ORDER BY term, doc, offset").fetchall()
    assert len(words) > 1000
    return found | {"task_fts": words, "indexes": indexes(db)}


def indexes(db):
    return db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()


def loaded(scope, prepared):
    db = sqlite3.connect(":memory:")
    with closing(prepared):
        writer.write_plans(Database(db), prepared, scope)
    return tables(db)


@pytest.mark.slow
@pytest.mark.parametrize("large", [create.MAX_WORKER_PLAN_SIZE, 1000])
def test_one_core_and_several_make_the_same_tables(scope, plans, monkeypatch, large):
    monkeypatch.setattr(create, "MAX_WORKER_PLAN_SIZE", large)
    one = loaded(scope, create.iter_plan_rows(plans, scope, cores=1))
    assert loaded(scope, create.iter_plan_rows(plans, scope, cores=3, much=0)) == one
    assert not active_children()


def test_how_many_rows_wait_makes_no_difference(scope, plans, monkeypatch):
    every = loaded(scope, create.iter_plan_rows(plans, scope))
    monkeypatch.setattr(writer, "MAX_PENDING_ROWS", 1)
    monkeypatch.setattr(rows, "BATCH_SIZE", 1)
    assert loaded(scope, create.iter_plan_rows(plans, scope)) == every


def test_plans_that_are_read_already_make_the_same_tables(scope, plans):
    db = sqlite3.connect(":memory:")
    maker = rows.RowBuilder(scope)
    read = (
        (plan_io.parse_plan(each.read(), each.name, scope.registry), each.read()) for each in plans
    )
    writer.write_plans(Database(db), itertools.starmap(maker.build_rows, read), scope)
    assert tables(db) == loaded(scope, create.iter_plan_rows(plans, scope))


def test_ids_count_up_as_the_plans_are_read(scope, plans):
    found = loaded(scope, create.iter_plan_rows(plans, scope))
    read = [plan_io.parse_plan(each.read(), each.name, scope.registry) for each in plans]
    texts = [(n, each.task.text) for n, each in enumerate(
        (entry for plan in read for entry in iter_tasks(plan)), 1)]  # fmt: skip
    assert [(row[0], row[3]) for row in found["task"]] == texts
    assert [row[:2] for row in found["plan"]] == [(n, each.id) for n, each in enumerate(read, 1)]
    titles = {row[0]: row[3] for row in found["list"]}
    details = [(titles[row[1]], row[3]) for row in found["detail"]]
    assert details == [(each.title, name) for plan in read for each in plan.lists for name in (
        *each.fields, *(figure.name for figure in each.figures), *each.annex)]  # fmt: skip
    headings = {row[0]: (titles[row[1]], row[3]) for row in found["section"]}
    assert [headings[row[1]] for row in found["task"]] == [
        (each.list.title, each.section.title if each.section else "")
        for plan in read for each in iter_tasks(plan)]  # fmt: skip
    for table in ("list", "section", "agency"):
        assert [row[0] for row in found[table]] == list(range(1, len(found[table]) + 1))
    types = [*RegionType]  # of all regions, only those in use have a row
    listed = sorted(scope.registry.regions, key=lambda region: types.index(region.type))
    own = (each for plan in read for each in plan.regions)
    places = dict.fromkeys(each.name for each in (*listed, *own))
    assert len({row[0] for row in found["region"]}) == len(found["region"]) < len(places)
    used = {row[1] for row in sorted(found["region"])}
    assert [row[1] for row in sorted(found["region"])] == [each for each in places if each in used]
    named = {mention.name for plan in read for e in iter_tasks(plan) for mention in e.task.regions}
    assert used >= {*PLACES, *named, "皖北", "宿州", "泗县", "新地0"} - {"某县"}
    shared = {row[2] for row in found["agency"] if row[1].startswith("省新设")}
    homes = {  # 省… in a plan of 合肥 is one of 安徽
        (f"省新设{n // 2}局", place.replace("合肥", "安徽")) for n, place in enumerate(PLACES)
    }
    twice = {name for name, _ in homes if len({place for body, place in homes if body == name}) > 1}
    assert shared == {f"{name}（{place}）" if name in twice else name for name, place in homes}


def test_every_index_is_there(scope, plans):
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(writer.SCHEMA_FILE.read_text("utf-8"))
    found = loaded(scope, create.iter_plan_rows(plans, scope))
    assert sorted(found["indexes"], key=str) == sorted(indexes(fresh), key=str)


@pytest.mark.slow
@pytest.mark.parametrize("cores", [1, 2])
def test_the_first_plan_that_is_wrong_is_told_of(scope, plans, tmp_path, cores):
    for n, wrong in ((2, "year: soon"), (4, "year: never")):
        file = tmp_path / f"p{n}.yaml"
        file.write_text(file.read_text("utf-8").replace("year: 2022", wrong), "utf-8")
    again = [inputs.from_file(each.path) for each in plans]
    with pytest.raises(BadPlan, match=r"p2\.yaml:3: expected a number"):
        loaded(scope, create.iter_plan_rows(again, scope, cores=cores, much=0))
    assert not active_children()


@pytest.mark.slow
@pytest.mark.parametrize("cores", [1, 2])
def test_a_plan_that_changes_meanwhile_is_noticed(scope, plans, tmp_path, cores):
    last = tmp_path / f"p{len(PLACES) - 1}.yaml"
    last.write_text(last.read_text("utf-8").replace("2022", "2023"), "utf-8")
    with pytest.raises(PlanError, match=f"{last.name} was changed while it was read"):
        loaded(scope, create.iter_plan_rows(plans, scope, cores=cores, much=0))


@pytest.mark.slow
def test_a_killed_process_names_its_plan(scope, plans, tmp_path):
    endless = tmp_path / "endless.yaml"
    os.mkfifo(endless)
    every = [*plans, inputs.PlanInput(str(endless), endless, 1, b"")]
    with closing(create.iter_plan_rows(every, scope, cores=2, much=0)) as prepared:
        for _each in plans:
            next(prepared)
        with open(endless, "wb"):  # waits until a process reads it
            for each in active_children():
                each.kill()
        with pytest.raises(PlanError) as told:
            next(prepared)
    assert str(told.value) == f"{endless}: the process that read it died (exit code -9)"
    assert "memory may be short" in told.value.hint
    assert not active_children()


@pytest.mark.slow
@pytest.mark.parametrize("there", [0, 1])
def test_where_no_further_process_can_be_started_others_read(scope, plans, monkeypatch, there):
    def start(process):
        if len(active_children()) == there:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        started(process)

    started = SpawnProcess.start
    one = loaded(scope, create.iter_plan_rows(plans, scope, cores=1))
    monkeypatch.setattr(SpawnProcess, "start", start)
    assert loaded(scope, create.iter_plan_rows(plans, scope, cores=2, much=0)) == one


@pytest.mark.slow
def test_a_plan_in_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    argv = [sys.executable, "-m", "plancli", "list", "-f", "tsv", "--plan", str(pipe)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as asked:
        pipe.write_bytes(SMALL.read_bytes())
        out, _err = asked.communicate(timeout=60)
    assert (asked.returncode, out.count("small\t")) == (0, 3)


@pytest.mark.parametrize("asked", ["", "/*.yaml"])
@pytest.mark.parametrize("command", ["list", "check", "verify"])
def test_a_pipe_that_nobody_named_is_told_of_and_not_waited_for(run, tmp_path, command, asked):
    (tmp_path / "one.yaml").write_bytes(SMALL.read_bytes())
    os.mkfifo(tmp_path / "x.yaml")
    err = run(command, "-p", f"{tmp_path}{asked}")[2]
    assert "x.yaml (a pipe)" in err


@pytest.fixture
def many(tmp_path):
    """Plans that take long enough to be interrupted, and processes to read."""
    text = files.DEFAULT_PLAN.read_text("utf-8")
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(2 * create.MIN_PARALLEL_SIZE // len(text.encode())):
        (folder / f"{n}.yaml").write_text(text.replace("id: anhui", f"id: p{n}-anhui"), "utf-8")
    return folder


def gone(group):
    """Whether every process of *group* ends, within a few seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def stage(build, folder):
    """How far a *build* is: 1 when there is a draft in *folder*, 1 more with each process."""
    started = ""
    with suppress(OSError):  # not every system tells
        started = Path(f"/proc/{build}/task/{build}/children").read_text()
    return any(folder.glob(".*")) + len(started.split())


@pytest.mark.slow
@pytest.mark.parametrize("how", ["all", "first", "killed"])
def test_an_interrupted_build_leaves_nothing_and_nobody(many, tmp_path, how):
    """Ctrl-C, to all processes as a terminal sends it or to the first; and the first killed."""
    target = tmp_path / "out" / "plan.db"
    target.parent.mkdir()
    argv = [sys.executable, "-m", "plancli", "build", "-p", str(many), "-o", str(target)]
    codes = set()
    for far, longer in ((1, 0), (2, 0), (3, 0), (4, 0), (4, 0.5)):  # to reach different moments
        with subprocess.Popen(
            argv, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as built:
            while built.poll() is None and stage(built.pid, target.parent) < far:
                time.sleep(0.01)
            time.sleep(longer)
            if how == "killed":
                built.kill()
            elif how == "first":
                built.send_signal(signal.SIGINT)
            else:
                os.killpg(built.pid, signal.SIGINT)
            _out, err = built.communicate(timeout=60)
        assert gone(built.pid)
        assert not target.exists() or built.returncode == 0
        if how != "killed":
            assert (built.returncode, err) in {(130, ""), (0, f"wrote {target}\n")}
            assert not list(target.parent.glob(".*"))
        target.unlink(missing_ok=True)
        for draft in target.parent.glob(".*"):
            draft.unlink()
        codes.add(built.returncode)
    assert codes - {0}


SAYINGS = st.one_of(
    st.sampled_from(
        ["甲市", "乙市", "甲市、甲市", "等", "各市人民政府", "某省", "省演练局", "½", "-0"]
    ),
    st.sampled_from([f"新增{'9' * 400}个", f"{'0' * 30}1万家", f"{'1' * 20}.{'1' * 20}亿元"]),
    st.text(max_size=6),
)
NUMBERS = st.one_of(st.sampled_from([0, -1, 9999, 10**15 - 1, 1 - 10**15]), st.integers())


def nodes(value, path=()):
    """Yield the way to each value below *value*."""
    items = {dict: dict.items, list: enumerate}.get(type(value), lambda _value: ())
    for key, below in items(value):
        yield (*path, key)
        yield from nodes(below, (*path, key))


@st.composite
def changed(draw):
    """The small plan, some of its values said again, exchanged, or others."""
    plan = yaml.safe_load(SMALL.read_bytes())
    for _time in range(draw(st.integers(1, 4))):
        ways = [*nodes(plan)]
        *above, last = draw(st.sampled_from(ways))
        inside = plan
        for key in above:
            inside = inside[key]
        value = inside[last]
        if isinstance(inside, list) and draw(st.booleans()):
            inside.insert(draw(st.integers(0, len(inside))), copy.deepcopy(value))
        elif isinstance(value, int):
            inside[last] = draw(NUMBERS)
        elif isinstance(value, str) and last != "type":
            inside[last] = draw(SAYINGS)
    return yaml.safe_dump(plan, allow_unicode=True).encode()


@pytest.mark.slow
@settings(deadline=None, max_examples=150, suppress_health_check=[*HealthCheck])
@given(raw=changed())
def test_whatever_plan_is_read_can_be_built_and_checked(known, raw):
    try:
        read = plan_io.parse_plan(raw, "plan.yaml", known)
    except BadPlan:
        return
    with closing(cache.build_in_memory([("plan.yaml", raw)], ())) as db:
        assert len(query.select_tasks(db).rows) == len([*iter_tasks(read)])
    checks.check_plans(known, [(Path("plan.yaml"), raw)])


def test_what_stands_twice_among_a_task_s_regions_is_held_once_and_found(known):
    raw = SMALL.read_text("utf-8").replace(
        "name: 甲市, text: [甲市]", "name: 甲市, text: [甲市, 甲市]", 1
    )
    twice = raw.replace(
        "- {name: 子县, text: [子县]}",
        "- {name: 子县, text: [子县]}\n      - {name: 子县, text: [子县]}",
    )
    for text, where in ((raw, ["1.1"]), (twice, ["1.1", "1.2"])):
        with closing(cache.build_in_memory([("plan.yaml", text.encode())], ())) as db:
            assert set(query.select_tasks(db).column("regions")) == {
                ("甲市", "乙市"),
                ("子县", "甲市"),
                (),
            }
        rows = checks.check_plans(known, [(Path("plan.yaml"), text.encode())]).records()
        found = [row["where"] for row in rows if row["rule"] == "duplicate-region"]
        assert found == where


def test_agencies_have_names_of_their_own_though_one_is_called_as_another_would_be():
    named = [("安徽", "省新设局"), ("浙江", "省新设局"), ("上海", "省新设局（浙江）")]
    plans = [
        (f"{n}.yaml", (PLAN + OWN).format(n=n, place=place, body=body).encode())
        for n, (place, body) in enumerate(named)
    ]
    with closing(cache.build_in_memory(plans, ())) as db:
        called = query.select_agencies(db).column("agency")
    assert len(called) == len({*called}) == 3
