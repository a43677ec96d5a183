"""What an answer tells beside its tasks: what was asked, what lists say, the bars of its counts."""

import pytest

from plancli import query
from plancli.database import cache
from plancli.query import EVERY_TASK
from plancli.results.document import AnswerTable
from plancli.results.roles import Role
from tests.conftest import SMALL

SAID = [
    (query.by_agency("省能源局"), "单位：省能源局"),
    (query.by_agency("省能源局", Role.LEAD), "单位：省能源局（牵头）"),
    (query.by_role(Role.PARTICIPATE), "责任：参与"),
    (query.by_possible_member("省能源局"), "统称可能包括：省能源局"),
    (query.by_region("皖北"), "地区：皖北"),
    (query.by_region("皖北", exact=True), "地区：皖北（点名）"),
    (query.by_section("list:2", called="二、重点"), "部分：二、重点"),
    (query.by_section("list:2"), ""),
    (query.by_keyword("煤", "电"), "关键词：煤；关键词：电"),
    (query.by_ids([1], "第 1 项"), "第 1 项"),
    (query.by_number("1", "2"), "序号：1、2"),
    (query.by_year((2022, 2022)), "年度：2022"),
    (query.by_year((2021, 2023)), "年度：2021—2023"),
    (query.by_year((2021, 2023), (2030, 2030)), "年度：2021—2023 或 年度：2030"),
    (query.by_jurisdiction("安徽"), "适用地区：安徽"),
    (query.by_jurisdiction("安徽", "浙江"), "适用地区：安徽 或 适用地区：浙江"),
    (query.by_any_agency(["省能源局"]), "单位：省能源局"),
    (query.by_any_agency(["省能源局", "省科技厅"], Role.LEAD),
     "单位：省能源局（牵头） 或 单位：省科技厅（牵头）"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "said"), SAID, ids=range(len(SAID)))
def test_a_reader_is_told_what_was_asked(where, said):
    other = query.by_number("9")
    assert "；".join(where.descriptions) == said
    assert (where & where).descriptions == where.descriptions
    assert (where & other).descriptions == (*where.descriptions, "序号：9")
    assert (~where).descriptions == tuple(f"除去{each}" for each in where.descriptions)


def test_of_what_says_nothing_nothing_is_told():
    silent = query.by_section("list:1")
    for where in (silent, silent & silent, ~silent, EVERY_TASK):
        assert where.descriptions == ()


def test_from_the_first_on_where_nothing_else_is_said(db):
    assert (
        query.select_first_ids(db, EVERY_TASK, 3)
        == query.select_first_ids(db, EVERY_TASK, 3, 0)
        == [1, 2, 3]
    )


def said_beside(list_):
    """What a list says itself: (kind, name, value, unit) each."""
    text = [("text", "\n".join(list_.paragraphs), None, None)] if list_.paragraphs else []
    fields = [("field", name, None, None) for name in list_.fields]
    figures = [("figure", each.name, each.value, each.unit) for each in list_.figures]
    annex = [("annex", name, None, None) for name in list_.annex]
    note = [("note", list_.note, None, None)] if list_.note else []
    return [*text, *fields, *figures, *annex, *note]


def test_what_lists_and_sections_say_beside_tasks(db, oracle):
    wanted = {}
    below = 0
    for n, list_ in enumerate(oracle.plan.lists, 1):
        wanted[f"list:{n}"] = list_.title, said_beside(list_)
        for section in (*([None] if list_.tasks else []), *list_.sections):
            below += 1
            text = "\n".join(section.paragraphs) if section else ""
            rows = [("text", text, None, None)] if text else []
            wanted[f"section:{below}"] = section.title if section else "", rows
    assert any(rows for _title, rows in wanted.values())
    for asked in (*([each] for each in wanted), [*wanted, *wanted]):
        found = query.select_list_details(db, *asked)
        rows = [row for each in asked for row in wanted[each][1]]
        assert [row[2:] for row in found.rows] == rows
        assert {row[0] for row in found.rows} <= {oracle.plan.id}
        assert found.title == "、".join(wanted[each][0] for each in asked)
        assert found.columns == ("plan", "list", "kind", "name", "value", "unit")


@pytest.mark.parametrize("role", [None, *Role])
def test_through_which_phrase_a_body_may_be_meant(db, oracle, role):
    roles = [role] if role else list(Role)
    tasks = {task.no: task for task in oracle.tasks}
    for name in oracle.agency:
        found = query.select_possible_tasks(db, name, role=role)
        for no, through in zip(found.column("no"), found.column("through"), strict=True):
            named = [phrase for each in roles for phrase in tasks[no].get_agency_names(each)]
            assert sorted(through) == sorted({each for each in named if oracle.may(each, name)})


@pytest.mark.parametrize("count", [1, 3, 4])
def test_of_many_plans_a_table_says_which(tmp_path, count):
    for n in range(count):
        text = SMALL.read_text("utf-8").replace("id: small", f"id: small-{n}", 1)
        (tmp_path / f"{n}.yaml").write_text(text, "utf-8")
    db = cache.open_plans([str(tmp_path)], pytest.fail)
    made = query.build_document(db, EVERY_TASK, AnswerTable("任务", query.select_tasks(db)))
    tables = {table.name: table.result for table in made.extra_tables()}
    plans = [f"small-{n}" for n in range(count)] if count > 3 else None
    assert plans == (list(tables["计划"].column("plan")) if "计划" in tables else None)
    assert [name for name in tables if name != "计划"] == [
        "全部任务", "按单位", "按地区", "统计", "按部分统计", "按单位统计",
    ]  # fmt: skip
    assert len(made.notes) == (1 if plans else count)
    assert made.title.startswith("某省" if count == 1 else f"{count}份计划")
    left = query.select_open_plans(db, query.NO_TASK)  # what is open is told of, whatever is asked
    assert list(left.column("tasks")) == [0] * count


def test_bars_are_the_counts(db):
    bodies, heads, places = (
        query.select_agencies(db),
        query.select_sections(db),
        query.select_regions(db),
    )
    drawn = query.build_bar_chart(bodies, heads, places)
    own, below, there = drawn.groups.values()
    assert list(own) == list(
        zip(
            bodies.column("agency"),
            zip(bodies.column("lead"), bodies.column("participate"), strict=True),
            strict=True,
        )
    )
    full = [row for row in heads.records() if row["tasks"]]
    assert list(below) == [
        (f"{row['number']} {row['section'] or row['list']}", (row["tasks"],)) for row in full
    ]
    assert list(there) == [
        (row["region"], (row["tasks"],))
        for row in places.records()
        if row["type"] in ("省级", "地级")
    ]
    assert drawn.title == "任务统计"
    assert [name.partition("（")[0] for name in drawn.groups] == ["单位", "部分", "省、市"]
