"""Every question against a plain loop over the loaded plan.

The loop (``tests.oracle``) knows the plan and the registries as read from YAML, nothing of SQL.
"""

import json
import re
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import corpus
from plancli import query
from plancli.database import cache
from plancli.plan.model import iter_tasks
from plancli.query import EVERY_TASK, counts, select, summaries
from plancli.registry.model import AgencyKind
from plancli.results.roles import Role
from plancli.system import files
from plancli.text.normalize import fold
from tests.conftest import SMALL

REUSE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def numbers(result):
    return list(result.column("no"))


def test_every_body_in_every_role(db, oracle, known):
    for agency in known.agencies:
        for role in (None, *Role):
            found = query.select_agency_tasks(db, agency.name, role=role)
            assert sorted(set(numbers(found)), key=int) == oracle.named(agency.name, role)
            for part, task in zip(found.column("role"), numbers(found), strict=True):
                assert task in oracle.named(agency.name, Role(part))
        assert numbers(query.select_possible_tasks(db, agency.name)) == oracle.possible(agency.name)
        maybe = query.count_tasks(db, query.by_possible_member(agency.name))
        assert maybe == len(oracle.possible(agency.name))


def test_every_region_in_every_grade(db, oracle, known):
    names = {1: "name", 2: "member", 3: "compound", 4: "clause"}
    for region in known.regions:
        wanted = {t.no: oracle.grade(t, region.name) for t in oracle.tasks}
        found = query.select_region_tasks(db, region.name)
        assert dict(zip(numbers(found), found.column("grade"), strict=True)) == {
            no: names[grade] for no, grade in wanted.items() if grade
        }
        exact = query.select_region_tasks(db, region.name, exact=True)
        assert numbers(exact) == [no for no, grade in wanted.items() if grade == 1]
        assert set(exact.column("grade")) <= {"name"}


def test_every_reason_leads_from_a_word_of_the_task_to_the_region(db, oracle, known):
    texts = {t.no: t.text + t.clause for t in oracle.tasks}
    for region in known.regions:
        found = query.select_region_tasks(db, region.name)
        for no, grade, why, words in zip(
            numbers(found), *(found.column(name) for name in ("grade", "why", "words")), strict=True
        ):
            assert why
            assert all(word in texts[no] for word in words)
            for way in why:
                first, *steps = way.split(" → ")
                assert first in words
                if grade != "clause":  # 合肥市 in a clause is 合肥 itself: no way to go
                    assert bool(steps) == (grade != "name")
                assert not steps or steps[-1] == region.name


def test_every_section(db, oracle):
    at = 0
    for list_id, each in enumerate(oracle.plan.lists, 1):
        below = [t.no for s in (each, *each.sections) for t in s.tasks]
        assert numbers(query.select_tasks(db, query.by_section(f"list:{list_id}"))) == below
        for section in (*([each] if each.tasks else []), *each.sections):
            at += 1
            found = query.select_tasks(db, query.by_section(f"section:{at}"))
            assert numbers(found) == [task.no for task in section.tasks]


def test_rows_are_the_tasks_as_written(db, oracle):
    result = query.select_tasks(db).drop_private_columns()
    for row, entry in zip(result.rows, iter_tasks(oracle.plan), strict=True):
        said = dict(zip(result.columns, row, strict=True))
        task = entry.task
        assert said == {
            "plan": oracle.plan.id,
            "no": task.no,
            "list": entry.list.title,
            "section": entry.section.title if entry.section else "",
            "text": task.text,
            "clause": task.clause,
            "lead": task.get_agency_names(Role.LEAD),
            "participate": task.get_agency_names(Role.PARTICIPATE),
            "open_ended": task.is_open_ended,
            "regions": tuple(mention.name for mention in task.regions),
            "parts": tuple(part.printed for part in task.parts),
        }


def test_counts_agree_with_the_questions_they_count(db, known):
    bodies = query.select_agencies(db)
    for name, _kind, tasks, lead, participate in bodies.drop_private_columns().rows:
        roles = query.select_agency_tasks(db, name).column("role")
        assert (lead, participate) == (roles.count("lead"), roles.count("participate"))
        assert tasks == len(set(numbers(query.select_agency_tasks(db, name))))
    places = query.select_regions(db)
    for name, _kind, tasks, *grades in places.rows:
        found = query.select_region_tasks(db, name).column("grade")
        assert tasks == len(found)
        assert grades == [found.count(g) for g in ("name", "member", "compound", "clause")]
    assert {row[0] for row in places.rows} == {
        region.name for region in known.regions if query.select_region_tasks(db, region.name).rows
    }


@pytest.mark.parametrize(
    "word", ["LNG", "lng", "支持", "按职责", "單位", "一体化", "无此词", "。", "项"]
)
def test_where_else_a_word_stands(db, oracle, word):
    plan = oracle.plan
    around = [*plan.preamble]
    for part in (part for list_ in plan.lists for part in (list_, *list_.sections)):
        around += [part.title, *part.paragraphs]
    for list_ in plan.lists:
        around += [*list_.fields, *list_.annex, *(figure.name for figure in list_.figures)]
    assert query.is_in_front_matter(db, word) == any(fold(word) in fold(text) for text in around)
    held = [task for task in oracle.tasks if fold(word) in fold(task.clause)]
    assert query.count_clause_matches(db, word) == len(held)


FILTERS = st.recursive(
    st.one_of(
        st.builds(
            query.by_agency,
            st.sampled_from(["省发展改革委", "合肥市人民政府", "省能源局", "有关市人民政府", "无"]),
            st.sampled_from([None, *Role]),
        ),
        st.builds(query.by_region, st.sampled_from(["皖北", "安徽", "合肥"]), st.booleans()),
        st.builds(query.by_section, st.sampled_from(["list:2", "section:3", "section:99"])),
        st.builds(query.by_section, st.just("list:1"), st.just("section:2")),
        st.builds(query.by_year, st.tuples(st.just(2022), st.sampled_from([2021, 2022]))),
        st.builds(
            query.by_any_agency,
            st.lists(st.sampled_from(["省能源局", "合肥市人民政府", "无"]), min_size=1),
            st.sampled_from([None, *Role]),
        ),
        st.builds(query.by_keyword, st.sampled_from(["", "长三角", "一", "能源", "“", "无此词"])),
        st.builds(query.by_role, st.sampled_from(Role)),
        st.builds(query.by_possible_member, st.sampled_from(["省能源局", "合肥市人民政府"])),
        st.builds(query.by_keyword, st.just("长三角"), st.sampled_from(["一", "建设", "*"])),
        st.builds(query.by_number, st.sampled_from(["1", "41", "0", "' OR 1 --"])),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=4,
)


@REUSE
@given(a=FILTERS, b=FILTERS)
def test_filters_combine_as_sets_do(db, a, b):
    every, in_a, in_b = (set(numbers(query.select_tasks(db, f))) for f in (EVERY_TASK, a, b))
    assert set(numbers(query.select_tasks(db, a & b))) == in_a & in_b
    assert set(numbers(query.select_tasks(db, ~a))) == every - in_a


@REUSE
@given(where=FILTERS, limit=st.integers(0, 80), offset=st.integers(0, 80))
def test_the_first_tasks_are_those_the_whole_answer_begins_with(db, where, limit, offset):
    every = numbers(query.select_tasks(db, where))
    assert query.count_tasks(db, where) == len(every)
    some = query.by_ids(query.select_first_ids(db, where, limit, offset))
    assert numbers(query.select_tasks(db, some)) == every[offset : offset + limit]


@REUSE
@given(where=FILTERS)
def test_a_long_answer_that_is_asked_again_says_the_same_each_time(db, where):
    few = [
        query.select_tasks(db, where),
        query.select_agencies(db, where=where),
        query.select_regions(db, where),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(select, "MAX_ROWS_IN_MEMORY", 1)
        long = [
            query.select_tasks(db, where),
            query.select_agencies(db, where=where),
            query.select_regions(db, where),
        ]
        for one, other in zip(few, long, strict=True):
            assert len(other.rows) == len(one.rows)
            assert list(other.rows) == list(other.rows) == list(one.rows)


@pytest.mark.parametrize("held", [1, 2000])
@pytest.mark.parametrize("question", counts.SUMMARY_QUESTIONS)
def test_what_is_kept_is_what_is_counted(tmp_path, monkeypatch, question, held):
    monkeypatch.setattr(select, "MAX_ROWS_IN_MEMORY", held)
    query_live = counts.SUMMARY_QUESTIONS[question]
    corpus.write(tmp_path, 300)
    db = sqlite3.connect(":memory:")
    cache.open_plans([str(tmp_path)], pytest.fail).backup(db)
    live = query_live(db)
    assert not db.execute("SELECT * FROM summary").fetchall()
    live = live._replace(rows=list(live.rows))
    assert live.rows
    db.execute("DELETE FROM task_region")
    summaries.store_task_regions(db)
    summaries.store_summaries(db, many=299)
    assert db.execute("SELECT count(*) FROM summary").fetchone()[0] > len(live.rows)
    db.execute("DELETE FROM task")  # what is kept is not counted again
    again = query_live(db)
    assert len(again.rows) == len(list(again.rows))
    assert (again.columns, list(again.rows), again.several) == (
        live.columns,
        list(live.rows),
        live.several,
    )


@pytest.mark.parametrize(
    "asked",
    [
        ["list"],
        ["export", "-a", "省发展改革委"],
        ["keyword", "建设"],
        ["region", "皖北"],
        ["agency", "省发展改革委", "--lead"],
        ["agency", "省科技厅"],
        ["agency", "省能源局", "-k", "煤"],
        ["agency", "合肥市", "--possible"],
        ["section", "2.1"],
    ],
    ids=" ".join,
)
def test_pages_make_the_whole_answer(run, asked):
    whole = json.loads(run(*asked, "-f", "json")[1])
    pages = []
    while len(pages) < len(whole):
        code, out, err = run(*asked, "-f", "json", "-n", "4", "--offset", str(len(pages)))
        page = json.loads(out)
        assert code == 0
        assert 0 < len(page) <= 4 or len(whole) < 4
        first, last = len(pages) + 1, len(pages) + len(page)
        which = f"tasks {first} to {last}" if last > first else f"task {first}"
        assert f"{which} of {len(whole)}" in err
        assert ("more with --offset" in err) == (last < len(whole))
        pages += page
    assert pages == whole
    code, out, err = run(*asked, "--offset", str(len(whole)))
    assert code == 0
    assert not re.search("^no task (passes|names|mentions|stands)", err, re.M)  # some do
    assert "以上" not in out
    assert f"--offset {len(whole)} skips all {len(whole)} tasks" in err


def test_a_page_is_called_one(run, tmp_path):
    code, out, _err = run("list", "-n", "3")
    assert code == 0
    assert out.endswith("以上为第 1—3 项，共 71 项\n")
    assert "以上为第 4 项，共 71 项" in run("list", "-n", "1", "--offset", "3")[1]
    run("list", "-n", "3", "-o", str(tmp_path / "page.html"))
    assert "第 1—3 项，共 71 项" in (tmp_path / "page.html").read_text("utf-8")


def test_a_page_leaves_out_the_table_that_it_does_not_know(run, tmp_path):
    titles = []
    for more in ([], ["-n", "2"]):
        run("agency", "合肥市人民政府", *more, "-o", str(tmp_path / "page.html"))
        titles.append("可能包括" in (tmp_path / "page.html").read_text("utf-8"))
    assert titles == [True, False]


@pytest.mark.parametrize("command", ["agency", "region", "section"])
def test_counts_have_no_pages(run, command):
    assert run(command, "-n", "3")[0] == 2


@REUSE
@given(st.data())
def test_options_mean_what_the_loop_says(run, oracle, data):
    """The command line, its filters drawn at random, against the loop."""
    bodies = [a.name for a in oracle.known.agencies if a.kind is not AgencyKind.CITY_PARTY]
    agency = data.draw(st.none() | st.sampled_from(bodies))
    region = data.draw(st.none() | st.sampled_from([r.name for r in oracle.known.regions]))
    word = data.draw(st.none() | st.sampled_from(["长三角", "建设", "合作", "LNG", "。", "一卡通"]))
    role = data.draw(st.none() | st.sampled_from(Role)) if agency else None
    argv = ["export", "-f", "tsv"]
    for option, value in (
        ("--agency", agency),
        ("--region", region),
        ("--keyword", word),
        ("--role", role),
    ):
        argv += [option, value] if value else []
    code, out, _err = run(*argv)
    assert code == 0
    wanted = [
        task.no
        for task in oracle.tasks
        if (not agency or task.no in oracle.named(agency, role))
        and (not region or oracle.grade(task, region))
        and (not word or word in task.text)
    ]
    assert [line.split("\t")[1] for line in out.splitlines()[1:]] == wanted


def test_stats_count_what_the_loop_counts(db, oracle):
    said = {measure: count for measure, count, _numbers in query.select_statistics(db).rows}
    told = {measure: numbers for measure, _count, numbers in query.select_statistics(db).rows}
    unled = tuple(t.no for t in oracle.tasks if not t.get_agency_names(Role.LEAD))
    several = tuple(t.no for t in oracle.tasks if len(t.get_agency_names(Role.LEAD)) > 1)
    assert (told["unled"], told["led_by_several"]) == (unled, several)
    assert told["open_ended"] == tuple(t.no for t in oracle.tasks if t.is_open_ended)
    led = [t for t in oracle.tasks if t.get_agency_names(Role.LEAD)]
    assert said["tasks"] == len(oracle.tasks)
    assert said["led"] == len(led)
    assert said["unled"] == len(oracle.tasks) - len(led)
    assert said["led_by_several"] == sum(len(t.get_agency_names(Role.LEAD)) > 1 for t in led)
    alone = sum(not t.get_agency_names(Role.PARTICIPATE) for t in led)
    assert said["led_only"] == alone
    assert said["open_ended"] == sum(t.is_open_ended for t in oracle.tasks)
    assert said["leads"] == sum(len(t.get_agency_names(Role.LEAD)) for t in oracle.tasks)
    assert said["participations"] == sum(
        len(t.get_agency_names(Role.PARTICIPATE)) for t in oracle.tasks
    )
    assert said["placed"] == sum(bool(t.regions) for t in oracle.tasks)


QUESTIONS = [
    ["list"], ["export"], ["agency", "省发展改革委"], ["agency", "合肥市", "--possible"],
    ["region", "安徽"], ["section", "二"], ["keyword", "建设"], ["task", "1-71"],
]  # fmt: skip
FILTERED = [
    ["--agency", "省科技厅"], ["--agency", "省科技厅", "--lead"], ["--region", "合肥"],
    ["--section", "2.2"], ["--keyword", "长三角"],
]  # fmt: skip


def numbers_of(run, *argv):
    code, out, _err = run(*argv, "-f", "ndjson")
    assert code == 0
    return [json.loads(line)["no"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("question", "filtered"),
    [
        (question, filtered)
        for question in QUESTIONS
        for filtered in FILTERED
        if (question[0], filtered[-1]) != ("agency", "--lead")  # there it is the body's own role
    ],
)
def test_every_filter_narrows_every_question(run, question, filtered):
    """The answer is what the question alone and the filter alone have in common."""
    alone, kept = numbers_of(run, *question), set(numbers_of(run, "list", *filtered))
    assert numbers_of(run, *question, *filtered) == [no for no in alone if no in kept]


@pytest.mark.parametrize("counted", ["agency", "region", "section", "stats"])
def test_counts_are_of_the_tasks_that_pass(run, counted):
    rows = [json.loads(run(counted, *more, "-f", "json")[1]) for more in ([], ["-s", "2.5"])]
    assert rows[0] != rows[1]
    if counted in ("agency", "region"):
        assert all(0 < row["tasks"] <= 9 for row in rows[1])
    elif counted == "section":
        assert [row["number"] for row in rows[1] if row["tasks"]] == ["二(五)"]
    else:
        assert rows[1][0] == {"measure": "tasks", "count": 9, "numbers": []}


def test_beside_a_name_the_role_is_its_own(run, oracle):
    both = set(oracle.named("省科技厅", Role.LEAD)) & set(oracle.named("省发展改革委"))
    assert numbers_of(run, "agency", "省科技厅", "-a", "省发展改革委", "--lead") == sorted(
        both, key=int
    )


def test_listing_bodies_in_a_role_lists_only_those(run, oracle):
    rows = json.loads(run("agency", "--role", "参与", "-f", "json")[1])
    taking_part = {name for name in oracle.agency if oracle.named(name, Role.PARTICIPATE)}
    assert {row["agency"] for row in rows} == taking_part
    for row in rows:
        assert (row["lead"], row["participate"]) == (
            0, len(oracle.named(row["agency"], Role.PARTICIPATE))
        )  # fmt: skip
        assert row["participate"] > 0


PLANS = ["--plan", str(files.DEFAULT_PLAN), "--plan", str(SMALL)]


def test_two_plans_together_are_each_alone(run):
    for question in (["list"], ["section", "（一）"], ["section", "一"], ["keyword", "建设"]):
        alone = [run(*question, "-f", "ndjson", *PLANS[n : n + 2])[1] for n in (0, 2)]
        assert all(alone)
        assert run(*question, "-f", "ndjson", *PLANS)[1] == "".join(alone)


def test_a_phrase_means_only_bodies_of_its_own_plan_s_realm(run):
    _code, out, _err = run("agency", "甲市", "--possible", "-f", "ndjson", *PLANS)
    assert out == ""
    alone = run("agency", "合肥市", "--possible", "-f", "ndjson")[1]
    assert run("agency", "合肥市", "--possible", "-f", "ndjson", *PLANS)[1] == alone


def test_a_name_that_means_two_things_is_refused(run, tmp_path):
    other = (
        SMALL.read_text("utf-8")
        .replace("id: small", "id: other")
        .replace("某省演练局", "某省操练局")
    )
    (tmp_path / "other.yaml").write_text(other, "utf-8")
    code, _out, err = run("list", "--plan", str(SMALL), "--plan", str(tmp_path / "other.yaml"))
    assert (code, "省演练局 is already defined differently" in err) == (4, True)


def test_very_many_numbers_and_words(run):
    assert len(numbers_of(run, "task", "1-71", "1-71", "41")) == 71
    words = [word for _n in range(150) for word in ("-k", "长三角")]
    assert numbers_of(run, "list", *words) == numbers_of(run, "list", "-k", "长三角")


MIXED = """id: mixed
title: 混合
year: 2030
jurisdiction: 安徽
source: {publisher: 甲, date: '2030-01-01'}
lists:
- 'no': 附件
  title: 清单
  paragraphs: [说明一段。]
  note: 一条说明。
  tasks:
  - 'no': A1
    text: 甲事。
    clause: 省科技厅等牵头,省财政厅等配合
    duties:
    - lead: [省科技厅, 等]
    - participate: [省财政厅, 等]
  - 'no': 2-1
    text: 乙事。
    clause: 省科技厅牵头,省财政厅等配合,省科技厅、省教育厅负责
    duties:
    - lead: [省科技厅]
    - participate: [省财政厅, 等]
    - participate: [省科技厅, 省教育厅]
  - 'no': ①
    text: 后事。
"""


@pytest.fixture
def mixed(tmp_path):
    (tmp_path / "mixed.yaml").write_text(MIXED, "utf-8")
    return ["--plan", str(tmp_path / "mixed.yaml")]


def test_the_open_end_stands_where_the_clause_has_it(run, mixed):
    out = run("list", *mixed)[1]
    assert "牵头 省科技厅等\n" in out
    assert "参与 省财政厅等\n" in out
    assert "参与 省财政厅等、" in out
    assert "省教育厅\n" in out
    rows = json.loads(run("list", "-f", "json", *mixed)[1])
    assert [row["open_ended"] for row in rows] == [True, True, False]
    assert rows[1]["participate"] == ["省财政厅", "省科技厅", "省教育厅"]


def test_a_body_in_two_roles_has_both(run, mixed):
    rows = json.loads(run("agency", "省科技厅", "-f", "json", *mixed)[1])
    assert [(row["role"], row["no"]) for row in rows] == [
        ("lead", "A1"), ("lead", "2-1"), ("participate", "2-1")
    ]  # fmt: skip
    listed = {row["agency"]: row for row in json.loads(run("agency", "-f", "json", *mixed)[1])}
    science = listed["省科技厅"]
    assert [science[name] for name in ("tasks", "lead", "participate")] == [2, 2, 1]


def test_a_body_that_is_named_is_never_only_possible(run, tmp_path):
    text = MIXED.replace("省科技厅等牵头,省财政厅等配合", "各市人民政府牵头,合肥市人民政府配合")
    text = text.replace("lead: [省科技厅, 等]", "lead: [各市人民政府]")
    text = text.replace("participate: [省财政厅, 等]", "participate: [合肥市人民政府]", 1)
    (tmp_path / "named.yaml").write_text(text, "utf-8")
    for more in (["--lead"], []):
        asked = ["agency", "合肥市", "--possible", *more, "-f", "json"]
        assert run(*asked, "--plan", str(tmp_path / "named.yaml"))[1] == "[]\n"


def test_neighbours_stand_below_the_same_heading(run, plan):
    for list_ in plan.lists:
        for section in (list_, *list_.sections):
            numbers = [task.no for task in section.tasks]
            for before, no, after in zip(
                [None, *numbers], numbers, [*numbers[1:], None], strict=False
            ):
                (row,) = json.loads(run("task", no, "-f", "json")[1])
                assert [row[name] and row[name].split(" ")[0] for name in ("previous", "next")] == [
                    before, after
                ]  # fmt: skip


def test_tasks_are_found_by_their_number_as_printed(run, mixed):
    for no in ("A1", "2-1", "①"):
        assert numbers_of(run, "task", no, *mixed) == [no]


def test_numbers_may_restart_below_each_heading(run, tmp_path):
    first = MIXED[MIXED.index("- 'no': 附件") :]
    (tmp_path / "two.yaml").write_text(MIXED + first.replace("附件", "又"), "utf-8")
    assert numbers_of(run, "task", "A1", "--plan", str(tmp_path / "two.yaml")) == ["A1", "A1"]


def test_a_phrase_is_given_only_in_the_role_asked_for(run, tmp_path):
    text = MIXED.replace("省科技厅等牵头,省财政厅等配合", "各市人民政府牵头,有关市人民政府配合")
    text = text.replace("lead: [省科技厅, 等]", "lead: [各市人民政府]")
    text = text.replace("participate: [省财政厅, 等]", "participate: [有关市人民政府]", 1)
    (tmp_path / "phrases.yaml").write_text(text, "utf-8")
    for more, through in ((["--lead"], ["各市人民政府"]), ([], ["各市人民政府", "有关市人民政府"])):
        asked = ["agency", "合肥市", "--possible", *more, "-f", "json"]
        rows = json.loads(run(*asked, "--plan", str(tmp_path / "phrases.yaml"))[1])
        assert [row["through"] for row in rows] == [through]


def test_a_phrase_in_two_roles_is_given_once(run, tmp_path):
    text = MIXED.replace("省科技厅等牵头,省财政厅等配合", "各市人民政府牵头,各市人民政府配合")
    text = text.replace("lead: [省科技厅, 等]", "lead: [各市人民政府]")
    text = text.replace("participate: [省财政厅, 等]", "participate: [各市人民政府]", 1)
    (tmp_path / "twice.yaml").write_text(text, "utf-8")
    asked = ["agency", "合肥市", "--possible", "-f", "json", "--plan", str(tmp_path / "twice.yaml")]
    assert [row["through"] for row in json.loads(run(*asked)[1])] == [["各市人民政府"]]


def test_a_heading_with_nothing_below_it_says_so(run, tmp_path):
    text = (
        MIXED[: MIXED.index("  paragraphs: [说明")]
        + "  sections:\n  - {'no': 一, title: 空, tasks: []}\n"
    )
    (tmp_path / "empty.yaml").write_text(text, "utf-8")
    code, out, err = run("section", "空", "--plan", str(tmp_path / "empty.yaml"))
    assert (code, out, err) == (0, "", "section 空 has no tasks that match\n")


def test_a_list_with_tasks_and_a_paragraph_shows_both(run, mixed):
    for typed in ("清单", "附件、清单"):
        out = run("section", typed, *mixed)[1]
        assert all(word in out for word in ("甲事", "后事", "说明一段", "一条说明"))
        assert numbers_of(run, "section", typed, *mixed) == ["A1", "2-1", "①"]
