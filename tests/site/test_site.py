"""The site: what it says of the database, and that its questions answer as the commands do."""

import csv
import json
import random
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plancli import query
from plancli.database import cache
from plancli.output.formats import delimited
from plancli.results.labels import format_value
from plancli.site import query_limits
from plancli.site.error_pages import LIMIT_MESSAGE, TIMEOUT_MESSAGE
from plancli.system import files
from tests.conftest import SMALL
from tests.query.test_several_plans import TEXT
from tests.site.served import serving

pytestmark = pytest.mark.slow

TYPED = [
    "fgw",
    "发改委",
    "省發展改革委",
    "安徽省发展和改革委员会",
    "省能源局",
    "能源局",
    "合肥市",
    "ahsnyj",
    "科技厅",
]
HEADINGS = ["二", "2.3", "二(三)", "（三）", "一", "3", "重大事项", "其他", "tdqyxtfz", "區域協調"]
WORDS = 200
ODD = [
    '"',
    "'",
    '" OR "',
    "*",
    "科*",
    "-",
    "NEAR",
    "a b",
    "長三角",
    "ＬＮＧ",
    "lng",
    "：",
    "%",
    "_",
]
ODD += ["\\", "\0", "\ud7ff"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The shipped plan."""
    with serving(tmp_path_factory.mktemp("cache")) as site:
        yield site


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two plans."""
    plans = ["-p", str(files.DEFAULT_PLAN), "-p", str(SMALL)]
    with serving(tmp_path_factory.mktemp("cache"), *plans) as site:
        yield site, plans


@pytest.fixture
def told(run):
    """``told("agency", "省能源局")`` returns the rows that the command gives, [] for no name."""

    def told(*argv):
        code, out, err = run(*argv, "-f", "json")
        assert code in (0, 3), err
        return json.loads(out) if code == 0 else []

    return told


def same(site, question, tasks, **params):
    """Hold a question's answer against the *tasks* that a command gives."""
    rows = site.rows(question, **params)
    assert [row["序号"] for row in rows] == [task["no"] for task in tasks], params
    for row, task in zip(rows, tasks, strict=True):
        assert names_in(row["牵头单位"]) == task["lead"]
        assert names_in(row["参与、负责单位"]) == task["participate"]
        assert row["地区"] == "、".join(task["regions"])
    return rows


def names_in(cell):
    return [name.removesuffix("等") for name in cell.split("、") if name]


def column(db, sql):
    return [value for (value,) in db.execute(sql)]


def test_every_body_has_its_tasks(site, db, told):
    for body in column(db, "SELECT display_name FROM agency"):
        tasks = told("agency", body)
        rows = same(site, "tasks_of_body", tasks, agency=body)
        leads = [row["责任"] == "牵头" for row in rows]
        assert leads == [task["role"] == "lead" for task in tasks]
        shares = [row["责任"] == "负责" for row in rows]
        assert shares == [task["role"] != "lead" and not task["lead"] for task in tasks]


def test_every_body_has_what_a_phrase_may_include_it_in(site, db, told):
    some = 0
    for body in column(db, "SELECT display_name FROM agency"):
        tasks = told("agency", body, "--possible")
        rows = same(site, "may_include_body", tasks, agency=body)
        assert [row["统称"] for row in rows] == ["、".join(task["through"]) for task in tasks]
        some += len(rows)
    assert some > 500


def test_every_region_has_its_tasks_and_why(site, db, told):
    for region in column(db, "SELECT name FROM region"):
        tasks = told("region", region)
        rows = same(site, "tasks_about_place", tasks, region=region)
        for row, task in zip(rows, tasks, strict=True):
            assert row["列入理由"] == format_value("grade", task["grade"])
            assert row["原词与路径"] == "\n".join(task["why"])


def test_every_heading_has_its_tasks(site, db, told):
    printed = column(
        db,
        "SELECT no || '、' || title FROM list UNION ALL SELECT list.no || '(' || section.no || ')'"
        " || section.title FROM section JOIN list ON list.id = list_id WHERE section.no > ''",
    )
    some = 0
    for each in [*printed, *HEADINGS]:
        tasks = [row for row in told("section", each) if "no" in row]  # else it has paragraphs
        some += len(same(site, "tasks_below_heading", tasks, section=each))
    assert some > 150


def test_words_cut_from_the_texts_find_their_tasks(site, db, told):
    chance = random.Random(2022)
    texts = column(db, "SELECT text FROM task")
    for _n in range(WORDS):
        text = chance.choice(texts)
        at, size = chance.randrange(len(text)), chance.choice((1, 1, 2, 2, 3, 4, 7, 20))
        word = text[at : at + size]
        rows = same(site, "tasks_with_word", told("keyword", word), word=word)
        assert rows


def test_words_that_the_index_could_misread(site, told):
    for word in ODD:
        same(site, "tasks_with_word", [] if "\0" in word else told("keyword", word), word=word)


def test_questions_without_a_name(site, db, told):
    tasks = told("export")
    rows = same(site, "all_tasks", tasks)
    assert [row["责任分工（原文）"] for row in rows] == [task["clause"] for task in tasks]
    assert [row["工作任务"] for row in rows] == [task["text"] for task in tasks]
    drawn = query.select_tasks(db)  # with 等 where the clause has it
    for heading, field in (("牵头单位", "_lead"), ("参与、负责单位", "_participate")):
        assert [row[heading] for row in rows] == ["、".join(each) for each in drawn.column(field)]
    assert same(site, "tasks_without_lead", [task for task in tasks if not task["lead"]])
    assert same(site, "tasks_led_by_several", [task for task in tasks if len(task["lead"]) > 1])
    load = [
        (row["agency"], row["tasks"], row["lead"], row["participate"]) for row in told("agency")
    ]
    given = [
        (row["单位"], row["任务数"], row["牵头"], row["参与、负责"])
        for row in site.rows("workload")
    ]
    assert given == load
    targets = [each for each in told("targets") if each["no"]]
    rows = same(site, "targets", targets)
    assert [row["数值"] for row in rows] == [each["words"][0] for each in targets]


def test_names_as_people_type_them(site, told):
    for typed in TYPED:
        tasks = told("agency", typed)
        same(site, "tasks_of_body", tasks, agency=typed)
    assert (
        site.rows("tasks_of_body", agency="fgw")
        == site.rows("tasks_of_body", agency="省发展改革委")
        != []
    )
    assert (
        site.rows("tasks_about_place", region="wanbei")
        == site.rows("tasks_about_place", region="皖北")
        != []
    )
    assert "“fgw”按“省发展改革委”查询" in site.page("plan/tasks_of_body", agency="fgw")
    assert "查询</p>" not in site.page("plan/tasks_of_body", agency="省发展改革委")


def test_names_that_are_none_or_several(site):
    said = site.page("plan/tasks_of_body", agency="省能原局")
    assert "未找到单位“省能原局”\n您要找的是不是：省能源局" in said
    assert "可能是" in site.page("plan/tasks_of_body", agency="办公厅")
    for question, asks in QUESTIONS.items():
        assert site.rows(question, **{asks: "没有的名称"}) == []


QUESTIONS = {
    "tasks_of_body": "agency",
    "may_include_body": "agency",
    "tasks_about_place": "region",
    "tasks_below_heading": "section",
    "tasks_with_word": "word",
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("typed", [None, "", "  "])
def test_nothing_typed_asks_for_something(site, question, typed):
    given = {} if typed is None else {QUESTIONS[question]: typed}
    assert site.rows(question, **given) == []
    said = site.page(f"plan/{question}", **given)
    assert "请填写" in said
    assert "没有符合的任务" not in said
    assert "message-error" not in said


def test_what_may_be_chosen_has_an_answer(site):
    for question in ("tasks_of_body", "tasks_about_place", "tasks_below_heading"):
        said = site.page(f"plan/{question}")
        links = re.findall(rf'<a href="/(plan/{question})(\?[^"]+)">', said)
        assert len(links) > 10
        answers = [site.ask(path + query)[1] for path, query in links]
        empty = sum("没有符合的任务" in said for said in answers)
        assert empty == (question == "tasks_below_heading")  # the third list has no tasks
        assert not any("message-error" in said or 'class="said"' in said for said in answers)


def test_two_plans_are_told_apart(both, told):
    site, plans = both
    rows = site.rows("all_tasks")
    assert [row["序号"] for row in rows] == [task["no"] for task in told("export", *plans)]
    assert Counter(row["计划"] for row in rows) == {
        "安徽省推动长三角一体化发展2022年工作要点": 71,
        "某省2030年演练工作要点": 3,
    }
    for question, asks, command, name in (
        ("tasks_of_body", "agency", "agency", "甲市人民政府"),
        ("tasks_about_place", "region", "region", "甲市"),
        ("tasks_below_heading", "section", "section", "一"),
        ("tasks_below_heading", "section", "section", "演练"),
        ("tasks_with_word", "word", "keyword", "推进"),
    ):
        assert same(site, question, told(command, name, *plans), **{asks: name})
    home = site.page("")
    assert "《安徽省推动长三角一体化发展2022年工作要点》、《某省2030年演练工作要点》" in home
    assert "世界轨道交通资讯网，2022-04-29；演练网，2030-01-01" in home


def test_bodies_of_two_provinces_are_two(run, told, tmp_path):
    for place, name in (("浙江省", "zj"), ("四川省", "sc")):
        file = tmp_path / f"{place}.txt"
        file.write_text(TEXT.format(place=place), "utf-8")
        assert run("import", str(file), "-o", str(file.with_suffix(".yaml")), "--id", name)[0] == 0
    plans = ["-p", str(tmp_path / "*.yaml")]
    with serving(tmp_path / "cache", *plans) as site:
        for body in ("浙江省科技厅", "省科技厅（四川）", "省教育厅（浙江）"):
            assert len(same(site, "tasks_of_body", told("agency", body, *plans), agency=body)) == 1
        assert site.rows("tasks_of_body", agency="省科技厅") == []
        both = "省科技厅（四川）、省科技厅（浙江）"
        assert both in site.page("plan/tasks_of_body", agency="省科技厅")
        duties = json.loads(site.page("plan/duty.json", _labels="on", _shape="objects"))["rows"]
        assert set(both.split("、")) < {row["agency_id"]["label"] for row in duties}
        assert (
            len(same(site, "tasks_below_heading", told("section", "一", *plans), section="一")) == 4
        )


def test_every_table_and_column_is_described(site, db):
    described = json.loads(site.page("-/metadata.json"))["databases"]["plan"]["tables"]
    wanted = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    tables = [name for name in column(db, wanted) if not name.startswith("task_fts_")]
    assert sorted(described) == sorted(tables)
    for table in tables:
        said = described[table]
        assert list(said["columns"]) == column(db, f"SELECT name FROM pragma_table_info('{table}')")
        for words in (said["title"], said["description"], *said["columns"].values()):
            assert re.search("[一-鿿]", words), (table, words)


def test_what_is_for_the_program_is_hidden(site):
    tables = json.loads(site.page("plan.json"))["tables"]
    seen = {each["name"] for each in tables if not each["hidden"]}
    own = {
        "plan",
        "list",
        "section",
        "task",
        "passage",
        "passage_duty",
        "agency",
        "duty",
        "possible_member",
        "region",
        "region_ancestor",
    }
    assert seen == own | {"mention", "task_region", "detail", "number"}
    home = site.page("")
    for each in seen:
        assert f'href="/plan/{each}"' in home
    assert list(json.loads(site.page(".json"))) == ["plan"]  # no other database


def test_references_show_names(site, db):
    lead = json.loads(site.page("plan/duty.json", _labels="on", _shape="objects", role="lead"))
    wanted = db.execute(
        "SELECT no, display_name FROM duty JOIN task ON task.id = task_id"
        " JOIN agency ON agency.id = agency_id WHERE role = 'lead' ORDER BY task_id, agency_id"
    ).fetchall()
    shown = [(row["task_id"]["label"], row["agency_id"]["label"]) for row in lead["rows"]]
    assert shown == wanted[:100]
    for table in column(db, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        for link in db.execute(f"SELECT * FROM pragma_foreign_key_list('{table}')").fetchall():
            given = json.loads(site.page(f"plan/{table}.json", _labels="on", _shape="objects"))
            labels = {type(row[link[3]]) for row in given["rows"] if row[link[3]] is not None}
            assert labels <= {dict}, (table, link[3])


@pytest.mark.parametrize(
    ("table", "by", "sql"),
    [
        ("task", "section_id", "SELECT section.title, count(*) FROM task JOIN section"
         " ON section.id = section_id GROUP BY section_id"),
        ("agency", "kind", "SELECT kind, count(*) FROM agency GROUP BY 1"),
        ("region", "type", "SELECT type, count(*) FROM region GROUP BY 1"),
        ("duty", "role", "SELECT role, count(*) FROM duty GROUP BY 1"),
        ("detail", "kind", "SELECT kind, count(*) FROM detail GROUP BY 1"),
        ("mention", "mention_kind", "SELECT mention_kind, count(*) FROM mention GROUP BY 1"),
    ],
)  # fmt: skip
def test_facets_count(site, db, table, by, sql):
    facets = json.loads(site.page(f"plan/{table}.json"))["facet_results"]
    assert {each["label"]: each["count"] for each in facets[by]["results"]} == dict(db.execute(sql))


def test_nothing_is_written_and_no_file_is_given(site, db):
    before = cache.get_path(db)
    with open(before, "rb") as file:
        raw = file.read()
    for sql in (
        "DELETE FROM task",
        "WITH x AS (SELECT 1) DELETE FROM task",
        "WITH x AS (SELECT 1) INSERT INTO task(id) SELECT * FROM x",
        "ATTACH 'x.db' AS x",
        "PRAGMA query_only = 0",
        "SELECT load_extension('x')",
        "SELECT writefile('x', 'y')",
    ):
        assert site.ask("plan", sql=sql)[0] == 400, sql
    assert site.ask("plan.db")[0] == 403 or site.ask("plan.db")[0] == 404
    assert len(site.rows("all_tasks")) == 71
    with open(before, "rb") as file:
        assert file.read() == raw


def test_a_question_that_takes_too_long_ends(site):
    steps = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n{}) SELECT max(x) FROM n"
    assert site.ask("plan", sql=steps.format(" LIMIT 10"))[0] == 200
    status, said = site.ask("plan", sql=steps.format(""))
    assert (status, TIMEOUT_MESSAGE in said) == (400, True)


LONG = "hex(zeroblob({n}))"
WRITTEN_OUT = "WITH a0 AS (SELECT 1 AS x)" + "".join(
    f", a{n} AS (SELECT (SELECT count(*) FROM a{n - 1}) + (SELECT count(*) FROM a{n - 1}) AS x)"
    for n in range(1, 30)
)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(printf('%.*c', 900000000, 'x'))",
        "SELECT length(format('%.2000000000c', 'x'))",
        "SELECT length(hex(zeroblob(400000000)))",
        "SELECT length(phrase(hex(zeroblob(300000))))",
        "SELECT length(group_concat(hex(randomblob(100000)))) FROM task",
        "SELECT instr(zeroblob(200000), zeroblob(100000) || x'01')",
        "SELECT replace(zeroblob(200000), zeroblob(100000) || x'01', '')",
        f"SELECT trim({LONG.format(n=100000)}, replace({LONG.format(n=5000)}, '0', 'x') || '0')",
        f"SELECT {LONG.format(n=100000)} LIKE '%' || {LONG.format(n=400)} || '1'",
        f"SELECT {LONG.format(n=100000)} GLOB '*' || {LONG.format(n=400)} || '1'",
        "SELECT " + ", ".join(LONG.format(n=n) for n in range(1000)),
        "SELECT " + ", ".join(LONG.format(n=120000 + n) for n in range(99)),
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1900)"
        " SELECT hex(zeroblob(50000)) FROM n",
        f"{WRITTEN_OUT} SELECT * FROM a29",
    ],
)
def test_what_one_statement_may_take_is_bounded(site, sql):
    """Each of them would succeed after many seconds, or with gigabytes."""
    status, said = site.ask("plan.json", sql=sql)
    assert (status, json.loads(said)["error"]) == (400, LIMIT_MESSAGE)
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{site.process.pid}/status").read_text())
    assert int(peak[1]) < 400_000


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("SELECT 1", 1),
        ("WITH a AS (SELECT 1 AS x), b AS (SELECT a.x FROM a) SELECT a.x, b.x FROM a, b", 2),
        ('WITH a(x) AS/**/(SELECT 1), b AS (SELECT * FROM a, "A" c) SELECT * FROM b, [b] d', 4),
        ("WITH a AS NOT MATERIALIZED (SELECT 1), b AS (SELECT * FROM a -- a, a\n) SELECT 1", 1),
    ],
)
def test_copies_of_what_WITH_names_are_counted(sql, count):
    assert query_limits.count_cte_copies(sql) == count


def test_a_name_or_a_word_that_is_too_long_is_said(site):
    for question, asks in QUESTIONS.items():
        assert "文字过长" in site.page(f"plan/{question}", **{asks: "省" * 2000})
        assert site.rows(question, **{asks: "省" * 2000}) == []


BOUNDED = ("instr", "replace", "trim", "ltrim", "rtrim", "like", "glob", "printf", "format")
VALUES = st.sampled_from(["", "a", "ab", "%a_", "*[a]", "科创", "A%", "%d", "%5s|%.2f", "1.5", "é"])


@settings(deadline=None, max_examples=300, derandomize=True)
@given(name=st.sampled_from(BOUNDED), values=st.lists(VALUES | st.none() | st.integers(-9, 9)))
def test_bounded_functions_answer_as_those_of_sqlite(name, values):
    count = 3 if name == "replace" else len(values) if name in ("printf", "format") else 2
    values = [*values, None, None, None][:count]
    sql = f"SELECT {name}({','.join('?' * count)})"
    answers = []
    for db in (
        sqlite3.connect(":memory:"),
        sqlite3.connect(":memory:", factory=query_limits.BoundedConnection),
    ):
        with closing(db):
            if isinstance(db, query_limits.BoundedConnection):
                db.apply_limits()
            answers.append(db.execute(sql, values).fetchall())
    assert answers[0] == answers[1]


WRONG = {
    400: """plan/task?_sort=nosuch plan/task?_sort=id&_sort_desc=id plan/task?_size=x
        plan/task?_size=-1
        plan/task?_next=x plan/task?_col=nosuch plan/task?_facet=nosuch plan/task?_where=nosuch
        plan/task?_through={} plan/task.json?_sort=nosuch
        plan/task.csv?_sort=nosuch plan/task?_timelimit=x plan?sql=delete+from+task
        plan?sql=select+nosuch plan.json?sql=x plan.csv?sql=x""",
    403: "_internal _internal/tables",
    404: """plan/task/a/b plan/task/a,b plan/task/999999 plan/task/1/2.json nosuch
        plan/nosuch plan/nosuch.json plan/nosuch.csv nosuch/x plan.db plan/all_tasks/1 -/nosuch
        -/threads -/threads.json -/patterns -/static/nosuch plancli/nosuch plancli/../site.py""",
}  # fmt: skip
ADDRESSES = [(path, status) for status, paths in WRONG.items() for path in paths.split()]


@pytest.mark.parametrize(("path", "status"), ADDRESSES)
def test_a_wrong_address_is_answered_in_words(site, path, status):
    """And nothing is said on the terminal: the site ends quietly."""
    given, said = site.ask(path)
    assert given in (status, 200)  # Datasette passes over what it does not know
    if ".json" in path:
        said = json.loads(said)["error"]
    assert given == 200 or re.search("[一-鿿]", said)
    assert (given == 200) == (path in PASSED_OVER)


PASSED_OVER = ("plan/task?_next=x",)


def test_only_reading_is_answered(site):
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        assert site.ask("plan/task", method=method)[0] == 405
    assert site.ask("plan/task", method="HEAD") == (200, "")


def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(tmp_path):
    plan = SMALL.read_text("utf-8").replace("text: 总结经验。", "text: '=1+1,\"甲\"'")
    (tmp_path / "plan.yaml").write_text(
        plan.replace("publisher: 演练网", "publisher: '@演练'"), "utf-8"
    )
    with serving(tmp_path / "cache", "-p", tmp_path / "plan.yaml") as site:
        tables = json.loads(site.page("-/metadata.json"))["databases"]["plan"]
        names = {*tables["tables"], *tables["queries"]} - {
            "task_fts"
        }  # whose rows cannot be listed
        asked = {f"plan/{name}": {} for name in names}
        sql = "SELECT '-2+3' AS \"=x\", -5 AS n, char(10) || '=' AS l, '＝1' AS w"
        for path, params in (asked | {"plan": {"sql": sql}}).items():
            for more in ({}, {"_dl": "1"}, {"_stream": "on"}):
                rows = [*csv.reader(StringIO(site.page(f"{path}.csv", **params, **more)))]
                cells = [cell for row in rows for cell in row]
                assert not [
                    each for each in cells if delimited.is_formula(each) and each[0] not in "'-"
                ]
        assert rows[-1] == ["'-2+3", "-5", "'\n=", "'＝1"]
        guarded = [*csv.reader(StringIO(site.page("plan/all_tasks.csv")))][-1]
        assert '\'=1+1,"甲"' in guarded
        assert site.rows("all_tasks")[-1]["工作任务"] == '=1+1,"甲"'
        whole = site.page("plan/task.csv", _format="csv"), site.page("plan/task", _format="csv")
        assert whole[0] == whole[1] or "'=1+1" in whole[0]


def test_rows_leave_as_csv(site):
    lines = site.page("plan/mention.csv", _stream="on").splitlines()
    assert len(lines) - 1 == json.loads(site.page("plan/mention.json"))["filtered_table_rows_count"]
    said = site.page("plan/tasks_of_body.csv", agency="fgw").splitlines()
    assert said[0].startswith("责任,序号,部分,工作任务,")


def test_where_the_database_lies_is_told_to_nobody(site, db):
    folder = str(files.Path(cache.get_path(db)).parent)
    pages = [
        "",
        "plan",
        "plan/task",
        ".json",
        "plan.json",
        "-/databases.json",
        "-/metadata.json",
        "-/settings.json",
    ]
    assert not any(folder in site.page(page) or ".db" in site.page(page) for page in pages)
    for sql in (
        "SELECT * FROM pragma_database_list",
        'SELECT file FROM "PRAGMA_Database_List" AS x',
        "SELECT (SELECT group_concat(file) FROM pragma_database_list()) AS x",
        "SELECT 1 FROM nosuch",
        "ATTACH 'x' AS y",
    ):
        assert folder not in site.ask("plan", sql=sql)[1]
        assert folder not in site.ask("plan.json", sql=sql)[1]
    others = "versions plugins actor metadata settings databases threads patterns messages".split()
    for page in others:
        assert not re.search(r"site-packages|\.py\b", site.ask(f"-/{page}")[1]), page


def test_the_manual_lists_the_questions(site):
    said = (files.PACKAGE.parent / "docs" / "site.md").read_text("utf-8")
    rows = re.findall(r"^\| (\S+) \| `/plan/(\w+)` \| `?(\w*)`? ?\|", said, re.MULTILINE)
    known = json.loads(site.page("-/metadata.json"))["databases"]["plan"]["queries"]
    assert rows == [
        (each["title"], name, *(each["params"] or [""])) for name, each in known.items()
    ]


def test_other_commands_do_not_load_it():
    asked = "import sys; from plancli.cli.main import main; main({}); print(*sys.modules)"
    for argv in (["--help"], ["serve", "--help"], ["list", "-f", "tsv"], ["serve", "--port", "x"]):
        run = subprocess.run(
            [sys.executable, "-c", asked.format(argv)], capture_output=True, text=True, check=True
        )
        loaded = run.stdout.splitlines()[-1].split()
        assert "plancli.cli.app" in loaded
        assert not {"datasette", "uvicorn", "jinja2", "plancli.site"} & set(loaded), argv
