"""Matrix, network, map, targets, lint and stats against plain loops over the plan."""

import json
from collections import Counter
from unicodedata import east_asian_width

import openpyxl
import pytest

from plancli import query
from plancli.plan.model import iter_tasks
from plancli.registry.model import AgencyKind, RegionType
from plancli.results.roles import Role
from plancli.system import files
from tests.conftest import HERE, SMALL
from tests.oracle import oracle_of

SHIPPED = str(files.DEFAULT_PLAN)
AXES = ["section", "region", "city", "area", "agency"]
TYPES = {"region": list(RegionType), "city": [RegionType.CITY], "area": [RegionType.AREA]}
PARTS = ("lead", "participate", "possible")
# options, and the same for the oracle
NARROWED = [
    ([], {}),
    (["--lead"], {"role": Role.LEAD}),
    (["--role", "participate"], {"role": Role.PARTICIPATE}),
    (["-a", "合肥市"], {"agency": "合肥市人民政府"}),
    (["-a", "省科技厅", "--lead"], {"agency": "省科技厅", "role": Role.LEAD}),
    (["-r", "皖北"], {"region": "皖北"}),
    (["-s", "2.5"], {"section": ("二", "五")}),
    (["-k", "产业", "-r", "合肥"], {"word": "产业", "region": "合肥"}),
    (["-s", "2.9", "-a", "省委办公厅"], {"section": ("二", "九"), "agency": "省委办公厅"}),
]
NAMES = [" ".join(argv) or "all" for argv, _asked in NARROWED]
EMPTY = ["-k", "什么也没有"]
FORMATS = ["svg", "png"]
PLAIN = """id: plain
title: 某计划
year: 2030
jurisdiction: 安徽
lists:
- 'no': 一
  title: 清单
  tasks:
"""


UNCLEAR = (
    PLAIN
    + """  - 'no': '1'
    text: 在芜湖市办甲事。
    clause: 各市人民政府牵头，各市人民政府、合肥市人民政府等配合，省财政厅等负责
    duties:
    - lead: [各市人民政府]
    - participate: [各市人民政府, 合肥市人民政府, 等]
    - participate: [省财政厅, 等]
    regions:
    - {name: 芜湖, text: [芜湖市]}
    - {name: 合肥, clause: [合肥市]}
  - 'no': '2'
    text: 在芜湖市、芜湖港、滁宁城际、南京、皖北、宿州和泗县办乙事。
    clause: 合肥市人民政府负责
    duties:
    - participate: [合肥市人民政府]
    regions:
    - {name: 芜湖, text: [芜湖市, 芜湖港]}
    - {name: 芜湖港, text: [芜湖港]}
    - {name: 滁州, text: [滁宁]}
    - {name: 南京, text: [滁宁, 南京]}
    - {name: 皖北, text: [皖北]}
    - {name: 宿州, text: [宿州]}
    - {name: 泗县, text: [泗县]}
    - {name: 合肥, clause: [合肥市]}
  - 'no': '3'
    text: 办丙事。
  - 'no': '4'
    text: 在芜湖市办丁事。
    clause: 省科技厅、省财政厅牵头，芜湖市委、省科技厅配合
    duties:
    - lead: [省科技厅, 省财政厅]
    - participate: [芜湖市委, 省科技厅]
    regions:
    - {name: 芜湖, text: [芜湖市]}
  - 'no': '5'
    text: 办戊事。
    clause: 省科技厅（会铜陵市）、省发展改革委牵头，省科技厅配合
    duties:
    - lead: [省科技厅, 省发展改革委]
    - participate: [省科技厅]
    regions:
    - {name: 铜陵, clause: [铜陵市]}
  - 'no': '6'
    text: 在丁市办己事。
    clause: 省财政厅牵头
    duties:
    - lead: [省财政厅]
    - participate: [省财政厅]
    regions:
    - {name: 丁市, text: [丁市]}
agencies:
- name: 泗县人民政府
  kind: 县级政府
  region: 泗县
- name: 南京市人民政府
  kind: 市级政府
  region: 南京
regions:
- name: 丁市
  type: 地级
  in: [安徽]
"""
)


@pytest.fixture
def unclear_plan(tmp_path):
    (tmp_path / "unclear.yaml").write_text(UNCLEAR, "utf-8")
    return tmp_path / "unclear.yaml"


def asked(run, *argv):
    code, out, err = run(*argv, "-f", "json")
    assert code == 0, err
    return json.loads(out)


def columns_of(oracle, by):
    """Column -> the numbers of its tasks; empty ones, too."""
    if by not in (known := oracle.__dict__.setdefault("columns", {})):
        known[by] = counted_columns(oracle, by)
    return known[by]


def counted_columns(oracle, by):
    if by == "section":
        return {heading: set(numbers) for heading, numbers in oracle.headings().items()}
    if by == "agency":
        return {name: set(oracle.named(name)) for name in oracle.agency}
    return {
        region.name: {t.no for t in oracle.tasks if oracle.grade(t, region.name)}
        for region in oracle.known.regions
        if region.type in TYPES[by]
    }


def cells_of(oracle, by, **asked):
    """(body, column) -> (lead, participate, possible, numbers), of every pair that shares tasks."""
    role, found = asked.get("role"), {}
    tasks = oracle.passing(**asked)
    for name in oracle.agency:
        mine = [(t.no, oracle.roles(t, name)) for t in tasks]
        mine = [(no, roles & {role} if role else roles) for no, roles in mine]
        for column, those in columns_of(oracle, by).items():
            here = [(no, roles) for no, roles in mine if roles and no in those]
            if here and column != name:
                counts = (sum(part in roles for _no, roles in here) for part in PARTS)
                found[name, column] = (*counts, [no for no, _roles in here])
    return found


def totals_of(oracle, **asked):
    role, tasks = asked.get("role"), oracle.passing(**asked)
    found = {}
    for name in oracle.agency:
        roles = [oracle.roles(t, name) & ({role} if role else {*PARTS}) for t in tasks]
        counts = tuple(sum(part in each for each in roles) for part in PARTS)
        found |= {name: counts} if any(counts) else {}
    return found


def said_of(counts):
    return "".join(f"{sign}{n}" for sign, n in zip("●○△", counts, strict=False) if n)


def by_axis(row, by):
    if by == "section":
        return row["number"], row["list"], row["section"]
    return row["partner" if by == "agency" else "region"]


def long_rows(run, by, *argv):
    return {
        (row["agency"], by_axis(row, by)): (*(row[part] for part in PARTS), row["numbers"])
        for row in asked(run, "matrix", "--by", by, *argv)
    }


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
@pytest.mark.parametrize("by", AXES)
def test_every_cell_of_a_matrix_is_what_the_loop_counts(run, oracle, by, argv, narrow):
    assert long_rows(run, by, *argv) == cells_of(oracle, by, **narrow)


def test_by_section_cells_are_the_duties_and_the_tasks_that_phrases_may_mean(run, db, oracle):
    rows = asked(run, "matrix")
    for name, *counts in (
        (name, *(len(oracle.named(name, role)) for role in Role), len(oracle.possible(name)))
        for name in oracle.agency
    ):
        mine = [row for row in rows if row["agency"] == name]
        assert [sum(row[part] for row in mine) for part in PARTS] == counts
    duties = Counter(
        role for t in oracle.tasks for role in Role for _name in set(t.get_agency_names(role))
    )
    assert [sum(row[str(role)] for row in rows) for role in Role] == [duties[r] for r in Role]
    assert sum(row["possible"] for row in rows) == len(
        query.select_possible_duties(db, query.EVERY_TASK).rows
    )


def drawn_of(oracle, by, **asked):
    """The matrix as people read it: (heads, with their tasks; rows of body and cells)."""
    cells, totals = cells_of(oracle, by, **asked), totals_of(oracle, **asked)
    passing = {t.no for t in oracle.passing(**asked)}
    order = list(oracle.agency)
    bodies = sorted(totals, key=lambda name: (*(-n for n in totals[name]), order.index(name)))
    heads = {key: len(those & passing) for key, those in columns_of(oracle, by).items()}
    heads = {key: count for key, count in heads.items() if count}
    rows = [
        [name, *(said_of(cells.get((name, key), ())[:3]) for key in heads), said_of(totals[name])]
        for name in bodies
    ]
    return heads, [*rows, ["任务数", *map(str, heads.values()), str(len(passing))]]


def full(key):
    return f"{key[0]} {key[2] or key[1]}" if isinstance(key, tuple) else key


def short(key):
    return key[0] if isinstance(key, tuple) else key


def rows_of_md(text):
    unescaped = text.replace("\\", "")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in unescaped.splitlines()
        if not line.startswith("| ---")
    ]


def rows_of_xlsx(file):
    sheet = openpyxl.load_workbook(file)["矩阵"]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    top = next(n for n, row in enumerate(rows) if row[0] == "单位")
    return rows[top:]


@pytest.mark.slow
@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_the_grid_is_the_rows_with_totals(run, oracle, tmp_path, argv, narrow):
    for by in AXES:
        heads, rows = drawn_of(oracle, by, **narrow)
        wanted = [["单位", *map(full, heads), "合计"], *rows]
        assert rows_of_md(run("matrix", "--by", by, *argv, "-f", "md")[1]) == wanted
    file = tmp_path / "x.xlsx"
    assert run("matrix", *argv, "-o", str(file))[0] == 0
    heads, rows = drawn_of(oracle, "section", **narrow)
    assert rows_of_xlsx(file) == [["单位", *map(full, heads), "合计"], *rows]


def cells_wide(text):
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def cut(line, starts):
    """The line's cells, that begin where *starts* says, counted as a terminal counts."""
    cells, at = [""] * len(starts), 0
    for char in line:
        cells[max(n for n, start in enumerate(starts) if start <= at)] += char
        at += cells_wide(char)
    return [cell.strip() for cell in cells]


def starts_of(line):
    """Where the cells of a table's first line begin: behind two spaces."""
    found, at, before = [], 0, "  "
    for char in line:
        if char != " " and before == "  ":
            found.append(at)
        before = (before + char)[-2:]
        at += cells_wide(char)
    return found


def shown_matrix(out, bodies):
    """(heads, rows) as a terminal shows them, its pages put beside each other again."""
    heads, rows = ["单位"], [[body] for body in bodies]
    lines = out.splitlines()
    rules = [n for n, line in enumerate(lines) if line and set(line) == {"─"}]
    for first, second in zip(rules[::2], rules[1::2], strict=True):
        top = next(n for n in range(first, -1, -1) if lines[n].startswith("单位"))
        starts = starts_of(lines[top])
        above = [cut(line, starts) for line in lines[top:first]]
        assert {each[0] for each in above[1:]} <= {""}
        heads += ["".join(each) for each in zip(*above, strict=True)][1:]
        inner = [*lines[first + 1 : second], lines[second + 1]]
        below = iter([cut(line, starts) for line in inner])
        for row in rows:
            name, cells = "", [""] * (len(starts) - 1)
            while name.replace(" ", "") != row[0].replace(" ", ""):
                said, *more = next(below)
                assert row[0].replace(" ", "").startswith((name + said).replace(" ", ""))
                name += said
                cells = [a + b for a, b in zip(cells, more, strict=True)]
            row += cells
        assert next(below, None) is None
    return heads, rows


WHOLE = {("section", 80), ("section", 40), ("agency", 60), ("region", 200), ("city", 80)}  # slow


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("by", AXES)
def test_a_terminal_shows_every_cell_in_its_column(run, monkeypatch, oracle, by, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    whole = [NARROWED[0]] if (by, columns) in WHOLE else []
    for argv, narrow in (*whole, NARROWED[5], NARROWED[8]):
        heads, rows = drawn_of(oracle, by, **narrow)
        code, out, err = run("matrix", "--by", by, *argv)
        assert (code, err.startswith("no agency has a task")) == (0, not heads)
        assert max(map(cells_wide, out.splitlines()), default=0) <= columns
        if heads:
            shown = shown_matrix(out, [row[0] for row in rows])
            wanted = [head.replace(" ", "") for head in ("单位", *map(short, heads), "合计")]
            assert [head.replace(" ", "") for head in shown[0]] == wanted
            assert shown[1] == rows
            folded = out.replace("\n", "").replace(" ", "")
            assert all(full(key).replace(" ", "") in folded for key in heads if by == "section")


@pytest.fixture
def yunxi(run, tmp_path):
    """The example of the manuals, a county's plan."""
    file = tmp_path / "yunxi.yaml"
    text = str(HERE.parent / "docs" / "example" / "yunxi-2024.txt")
    assert run("import", text, "-o", str(file))[0] == 0
    return str(file)


def several(*plans):
    return [each for plan in plans for each in ("-p", str(plan))]


@pytest.mark.parametrize("command", ["matrix", "network", "targets", "lint"])
def test_plans_together_answer_what_each_does_alone(run, yunxi, unclear_plan, command):
    plans = [SHIPPED, str(SMALL), yunxi, str(unclear_plan)]
    argvs = [[command, "--by", by] for by in AXES] if command == "matrix" else [[command]]
    for argv in argvs:
        alone = [asked(run, *argv, *several(plan)) for plan in plans]
        assert all(alone[: 1 if command == "matrix" else 3])
        together = asked(run, *argv, *several(*plans))
        assert sorted(together, key=repr) == sorted((r for rows in alone for r in rows), key=repr)


def test_a_small_plan_is_counted_by_the_same_loops(run, known):
    small = oracle_of(SMALL, known)
    for by in AXES:
        assert long_rows(run, by, *several(SMALL)) == cells_of(small, by)
    assert joined(run, *several(SMALL)) == arcs_of(small)
    assert unclear(run, *several(SMALL)) == reasons_of(small)


def test_a_body_that_leads_and_takes_part_is_counted_by_the_same_loops(run, known, unclear_plan):
    own = oracle_of(unclear_plan, known)
    both = ["-p", str(unclear_plan)]
    for by in AXES:
        assert long_rows(run, by, *both) == cells_of(own, by)
        assert long_rows(run, by, *both, "--lead") == cells_of(own, by, role=Role.LEAD)
    assert joined(run, *both) == arcs_of(own)
    assert unclear(run, *both) == reasons_of(own)
    wanted = [t.no for t in own.tasks if not any(t.no in each for each in arcs_of(own).values())]
    assert run("network", *both)[2].startswith(f"{len(wanted)} more tasks have no edge")


def test_two_plans_of_one_province_are_added_where_people_read_them(run, unclear_plan, tmp_path):
    both = several(SHIPPED, unclear_plan)
    for by in AXES[1:]:
        sums = Counter()
        for plan in both[1::2]:
            for (body, column), (*counts, _numbers) in long_rows(run, by, "-p", plan).items():
                sums.update({(body, column, n): count for n, count in enumerate(counts)})
        head, *rows = rows_of_md(run("matrix", "--by", by, *both, "-f", "md")[1])
        found = {
            (row[0], column): cell
            for row in rows[:-1]
            for column, cell in zip(head[1:-1], row[1:-1], strict=True)
            if cell
        }
        assert found == {
            (body, column): said_of([sums[body, column, n] for n in range(3)])
            for body, column, _n in sums
        }
    file = tmp_path / "x.graphml"
    assert run("network", *both, "-o", str(file))[0] == 0
    wanted = {}
    for row in asked(run, "network", *both):
        numbers = [f"{row['plan']} {no}" for no in row["numbers"]]
        wanted.setdefault((row["leader"], row["participant"]), []).extend(numbers)
    assert len(wanted) < len(asked(run, "network", *both))
    graph = pytest.importorskip("networkx").read_graphml(file)
    assert {(a, b): about["weight"] for a, b, about in graph.edges(data=True)} == {
        arc: len(numbers) for arc, numbers in wanted.items()
    }
    said = {(a, b): about["numbers"].split("、") for a, b, about in graph.edges(data=True)}
    assert {arc: sorted(each) for arc, each in said.items()} == {
        arc: sorted(each) for arc, each in wanted.items()
    }


def test_the_matrix_of_several_plans_adds_their_cells(run, yunxi):
    plans = several(SHIPPED, SMALL, yunxi)
    head, *rows = rows_of_md(run("matrix", *plans, "-f", "md")[1])
    assert len(set(head)) == len(head)
    keys = [each.split(" ")[0] for each in head[1:-1]]
    assert list(dict.fromkeys(keys)) == [
        "anhui-yrd-2022",
        "small",
        asked(run, "plans", *plans)[-1]["plan"],
    ]
    alone = [rows_of_md(run("matrix", "-p", each, "-f", "md")[1]) for each in plans[1::2]]
    for name, *cells in rows[:-1]:
        there = [
            cell for each in alone for row in each if row[0] == name for cell in row[1:-1] if cell
        ]
        assert [cell for cell in cells[:-1] if cell] == there


@pytest.mark.usefixtures("letters")
def test_columns_that_read_alike_stay_apart(run, tmp_path):
    """Lists without numbers, whose sections are numbered and called alike; one has no heading."""
    task = "tasks: [{'no': '%s', text: 甲事。, clause: %s负责, duties: [{participate: [%s]}]}]"
    lists = [
        f"- title: 清单{name}\n  sections:\n"
        f"  - {{'no': 一, title: 其他, {task % (no, who, who)}}}\n"
        for name, no, who in (("甲", "1", "省科技厅"), ("乙", "2", "省财政厅"))
    ]
    lists.append(f"- paragraphs: [一段话。]\n  {task % ('3', '省科技厅', '省科技厅')}\n")
    file = tmp_path / "x.yaml"
    file.write_text(PLAIN[: PLAIN.index("- 'no'")] + "".join(lists), "utf-8")
    head, *rows = rows_of_md(run("matrix", "-p", str(file), "-f", "md")[1])
    assert len({each for each in head if each}) == len(head) == 5
    assert rows[:2] == [["省科技厅", "○1", "", "○1", "○2"], ["省财政厅", "", "○1", "", "○1"]]
    out = run("matrix", "-p", str(file))[1]
    shown, cells = shown_matrix(out, [row[0] for row in rows])
    assert [each.replace(" ", "") for each in shown] == [each.replace(" ", "") for each in head]
    assert cells == rows
    for format in FORMATS:
        assert run("matrix", "-p", str(file), "-o", str(tmp_path / f"x.{format}"))[0] == 0


def arcs_of(oracle, **asked):
    found = {}
    for t in oracle.passing(**asked):
        for one in dict.fromkeys(t.get_agency_names(Role.LEAD)):
            for other in dict.fromkeys(t.get_agency_names(Role.PARTICIPATE)):
                if one != other:
                    found.setdefault((one, other), []).append(t.no)
    return found


def joined(run, *argv):
    rows = asked(run, "network", *argv)
    assert all(row["tasks"] == len(row["numbers"]) for row in rows)
    return {(row["leader"], row["participant"]): row["numbers"] for row in rows}


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_the_arrows_are_those_of_the_loop(run, oracle, argv, narrow):
    wanted = arcs_of(oracle, **narrow)
    assert joined(run, *argv) == wanted
    alone = len(oracle.passing(**narrow)) - len({no for each in wanted.values() for no in each})
    said = run("network", *argv)[2]
    assert said == (
        f"{alone} more tasks have no edge: no lead agency, or no participants\n" if alone else ""
    )


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_the_map_has_what_the_loop_counts(run, oracle, argv, narrow):
    tasks = oracle.passing(**narrow)
    rows = {row["region"]: row for row in asked(run, "map", *argv)}
    inside = oracle.parts("安徽") - {"安徽"}
    tiles = {r.name: [*r.tile] for r in oracle.known.regions if r.tile and r.name in inside}
    assert len(tiles) == 16
    grades = ("name", "member", "compound", "clause")
    for region in oracle.known.regions:
        about = Counter(filter(None, (oracle.reason(t, region.name) for t in tasks)))
        area = region.type is RegionType.AREA and region.name in inside and about
        assert (region.name in rows) == (region.name in tiles or bool(area)), region.name
        if row := rows.get(region.name):
            assert row["tasks"] == about.total()
            assert [row[f"by_{grade}"] for grade in grades] == [about[grade] for grade in grades]
            at = tiles.get(region.name, [None, None])
            assert [row["x"], row["y"]] == at
            held = sorted(set(tiles) & oracle.parts(region.name)) if area else []
            assert sorted(row["members"]) == held


def test_the_map_in_a_terminal_has_every_city_where_it_lies(run, monkeypatch, oracle):
    monkeypatch.setenv("COLUMNS", "80")
    tiles = {r.name: r.tile for r in oracle.known.regions if r.tile}
    out = run("map")[1].split("地区  ")[0]
    lines = [line for line in out.splitlines() if line and set(line) - set(" ░▒▓█")]
    counts = {name: len(asked(run, "region", name)) for name in tiles}
    for name, (x, y) in tiles.items():
        assert cut(lines[y], [0, 12, 24, 36])[x] == f"{name} {counts[name]}"
    most = max(counts.values())
    shades = [line for line in out.splitlines() if set(line) & set("░▒▓█")]
    assert out.count("█" * 10) == sum(4 * n > 3 * most for n in counts.values())
    assert len(shades) == len({y for name, (_x, y) in tiles.items() if counts[name]})
    for columns in (40, 60, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        out = run("map")[1]
        assert max(map(cells_wide, out.splitlines())) <= columns
        assert all(f"{name} {counts[name]}" in out for name in tiles)


@pytest.mark.parametrize("place", ["长三角", "合肥", "沪苏浙", "马鞍山"])
def test_a_place_without_squares_says_so(run, place):
    code, out, err = run("map", place)
    assert (code, out) == (2, "")
    assert f"no tile positions are defined for the regions in {place}" in err
    assert " hint: " in err


OWN = """- name: {name}
  type: 县级
  in: [{whole}]
  tile: [{x}, {y}]
"""


def own_map(tmp_path, places, whole="合肥"):
    task = (
        "  - {{'no': '{n}', text: 在{name}办事。, regions: [{{name: {name}, text: [{name}]}}]}}\n"
    )
    text = PLAIN + "".join(task.format(n=n, name=name) for n, (name, *_at) in enumerate(places, 1))
    text += "regions:\n" + "".join(
        OWN.format(name=name, whole=whole, x=x, y=y) for name, x, y in places
    )
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    return str(tmp_path / "own.yaml")


LONG = "甲乙丙丁戊己庚辛壬癸自治县"


def test_a_plan_may_bring_squares_of_its_own(run, monkeypatch, tmp_path):
    plan = own_map(tmp_path, [("甲县", 0, 0), (LONG, 1, 0), ("丙县", 3, 2)])
    rows = asked(run, "map", "合肥", "-p", plan)
    assert [(r["region"], r["tasks"], r["x"], r["y"]) for r in rows] == [
        ("甲县", 1, 0, 0), (LONG, 1, 1, 0), ("丙县", 1, 3, 2)
    ]  # fmt: skip
    monkeypatch.setenv("COLUMNS", "120")
    out = run("map", "合肥", "-p", plan)[1]
    first, third = out.splitlines()[0], next(line for line in out.splitlines() if "丙县 1" in line)
    assert starts_of(first) == [0, cells_wide(f"{LONG} 1") + 2]
    assert starts_of(third)[0] == 3 * starts_of(first)[1]
    for columns in (40, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        out = run("map", "合肥", "-p", plan)[1]
        assert max(map(cells_wide, out.splitlines())) <= columns
        assert all(f"{name} 1" in out for name in ("甲县", LONG, "丙县"))
    cities = {row["region"] for row in asked(run, "map", "-p", plan) if row["x"] is not None}
    assert {"合肥", "宿州"} <= cities
    assert "甲县" not in cities  # it lies in a square already
    (merged,) = [row for row in asked(run, "map", "-p", plan) if row["region"] == "合肥"]
    assert merged["tasks"] == 3


def test_two_places_on_one_square_are_refused(run, tmp_path):
    plan = own_map(tmp_path, [("甲县", 0, 0), ("乙县", 0, 0)])
    code, out, err = run("map", "合肥", "-p", plan)
    assert (code, out) == (4, "")
    assert "甲县、乙县" in err


def test_plans_of_two_places_must_say_which(run):
    both = several(SHIPPED, SMALL)
    code, out, err = run("map", *both)
    assert (code, out) == (2, "")
    assert "安徽、某省" in err
    assert asked(run, "map", "安徽", *both) == asked(run, "map")
    assert asked(run, "map", "--jurisdiction", "安徽", *both) == asked(run, "map")


def marked():
    """Task -> what is marked by hand in it as a target."""
    import yaml

    read = yaml.safe_load((HERE / "numbers" / "plan.yaml").read_text("utf-8"))
    return {
        no: [(each["value"], each["unit"]) for each in those if each["kind"] == "target"]
        for no, those in read.items()
    }


@pytest.mark.parametrize("by", AXES)
def test_named_leaves_out_who_may_be_meant(run, by):
    rows = asked(run, "matrix", "--by", by)
    named = [{**row, "possible": 0} for row in rows if row["lead"] or row["participate"]]
    told = asked(run, "matrix", "--by", by, "--named")
    without = [{name: each for name, each in row.items() if name != "numbers"} for row in told]
    assert without == [
        {name: each for name, each in row.items() if name != "numbers"} for row in named
    ]
    assert all(len(row["numbers"]) == row["lead"] + row["participate"] for row in told)


@pytest.mark.parametrize(
    ("chinese", "by"),
    [("部分", "section"), ("地区", "region"), ("市", "city"), ("区域", "area"), ("单位", "agency")],
)
def test_columns_may_be_asked_for_in_chinese(run, chinese, by):
    assert run("matrix", "--by", chinese) == run("matrix", "--by", by)


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_targets_are_those_marked_by_hand(run, oracle, argv, narrow):
    rows = asked(run, "targets", *argv)
    texts = {t.no: t.text for t in oracle.passing(**narrow)}
    figures = [row for row in rows if row["kind"] == "figure"]
    every = [figure for list_ in oracle.plan.lists for figure in list_.figures]
    stated = [] if narrow else every
    for row, figure in zip(figures, stated, strict=True):
        assert (row["value"], row["unit"]) == (figure.value, figure.unit)
        assert figure.name in row["target"]
        assert row["words"][0] in row["target"]
        assert row["target"] in row["text"]
    assert [row["kind"] for row in rows] == ["target"] * (len(rows) - len(figures)) + [
        "figure"
    ] * len(figures)
    for row in rows[: len(rows) - len(figures)]:
        (words,) = row["words"]
        assert words in row["target"]
        assert row["target"] in texts[row["no"]]
        assert not set("，。；：！？\n") & set(row["target"])
    wanted = [(no, *each) for no in texts for each in marked().get(no, [])]
    assert [(r["no"], r["value"], r["unit"]) for r in rows if r["kind"] == "target"] == wanted


def test_all_numbers_hold_the_targets_and_more(run):
    rows, every = asked(run, "targets"), asked(run, "targets", "--all")
    assert [row for row in every if row["kind"] in ("target", "figure")] == rows
    kinds = Counter(row["kind"] for row in every)
    assert set(kinds) == {"target", "year", "ordinal", "named", "present", "figure"}
    for row in every:
        assert isinstance(row["value"], int | float)
        assert isinstance(row["unit"], str)
    assert not [
        row for row in asked(run, "targets", "--all", "-s", "2.3") if row["kind"] == "figure"
    ]
    years = {row["value"] for row in every if row["kind"] == "year"}
    assert {2021, 2022, 14} <= years


def test_figures_are_of_the_plans_asked(run):
    both = several(SHIPPED, SMALL)
    kinds = Counter(row["kind"] for row in asked(run, "targets", *both))
    assert kinds["figure"] == 3
    small = asked(run, "targets", *both, "--jurisdiction", "某省")
    assert [(r["plan"], r["value"], r["unit"]) for r in small] == [
        ("small", 100, "%")
    ]  # fmt: skip


def reasons_of(oracle, **asked):
    """(task, reason) -> its words, for every task and each of the seven reasons."""
    found = {}
    phrases = {name for name, body in oracle.agency.items() if body.kind is AgencyKind.COLLECTIVE}
    realms = {name: body.region for name, body in oracle.agency.items()}
    own = oracle.parts(oracle.plan.jurisdiction)
    for t in oracle.passing(**asked):
        lead, others = ([*dict.fromkeys(t.get_agency_names(role))] for role in Role)
        named = [name for group in t.duties for name in group.names]
        charged = {realms[name] for name in named} | {
            realms[body] for body in oracle.agency for name in named if oracle.may(name, body)
        }
        meant = [name for name in dict.fromkeys(named) if name in phrases]
        passed = [
            mention.name
            for mention in t.regions
            if oracle.region[mention.name].type is RegionType.CITY
            and mention.name in own
            and any(
                each.region == mention.name and each.kind == "name"
                for word in mention.text
                for each in oracle.words[word]
            )
            and mention.name in realms.values()
            and mention.name not in charged
        ]
        for reason, holds, words in (
            ("nobody", not named, []),
            ("unled", not lead and len(others) > 1, others),
            ("led_by_several", len(lead) > 1, lead),
            ("both_roles", bool({*lead} & {*others}), [n for n in lead if n in others]),
            ("collective", bool(meant), meant),
            ("open_ended", t.is_open_ended, [f"{g.names[-1]}等" for g in t.duties if g.is_open_ended]),
            ("passed_over", bool(passed), passed),
        ):  # fmt: skip
            if holds:
                found[t.no, reason] = words
    return found


def unclear(run, *argv):
    rows = asked(run, "lint", *argv)
    found = {(row["no"], row["reason"]): row["words"] for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_every_reason_is_the_loop_s(run, oracle, argv, narrow):
    wanted = reasons_of(oracle, **narrow)
    found = unclear(run, *argv)
    assert found == wanted
    assert list(found) == list(wanted)  # in the order of tasks and of the manual


def test_the_tasks_that_nobody_leads(run):
    assert [no for no, reason in unclear(run) if reason == "unled"] == ["8", "22", "23", "48", "59"]


def test_each_reason_holds_where_it_should(run, unclear_plan):
    assert unclear(run, "-p", str(unclear_plan)) == {
        ("1", "both_roles"): ["各市人民政府"],
        ("1", "collective"): ["各市人民政府"],
        ("1", "open_ended"): ["合肥市人民政府等", "省财政厅等"],
        ("2", "passed_over"): ["芜湖", "宿州"],
        ("3", "nobody"): [],
        ("4", "led_by_several"): ["省科技厅", "省财政厅"],
        ("4", "both_roles"): ["省科技厅"],
        ("5", "led_by_several"): ["省科技厅", "省发展改革委"],
        ("5", "both_roles"): ["省科技厅"],
        ("6", "both_roles"): ["省财政厅"],
    }


@pytest.mark.parametrize(("argv", "narrow"), NARROWED, ids=NAMES)
def test_stats_are_what_the_loop_counts(run, oracle, argv, narrow):
    tasks = oracle.passing(**narrow)
    led = [t for t in tasks if t.get_agency_names(Role.LEAD)]
    bodies = {name for t in tasks for role in Role for name in t.get_agency_names(role)}
    collective = {name for name in bodies if oracle.agency[name].kind is AgencyKind.COLLECTIVE}
    told = {
        "unled": [t.no for t in tasks if t not in led],
        "led_by_several": [t.no for t in led if len(t.get_agency_names(Role.LEAD)) > 1],
        "led_only": [t.no for t in led if not t.get_agency_names(Role.PARTICIPATE)],
        "open_ended": [t.no for t in tasks if t.is_open_ended],
    }
    counts = {
        "tasks": len(tasks), "led": len(led), **{name: len(those) for name, those in told.items()},
        "bodies": len(bodies - collective), "collectives": len(collective),
        **{name: sum(len(set(t.get_agency_names(role))) for t in tasks)
           for name, role in (("leads", Role.LEAD), ("participations", Role.PARTICIPATE))},
        "placed": sum(bool(t.regions) for t in tasks),
    }  # fmt: skip
    rows = asked(run, "stats", *argv)
    assert [(row["measure"], row["count"]) for row in rows] == list(counts.items())
    assert {row["measure"]: row["numbers"] for row in rows} == {
        name: told.get(name, []) for name in counts
    }


def test_numbers_of_several_plans_say_whose_they_are(run):
    (row,) = [r for r in asked(run, "stats", *several(SHIPPED, SMALL)) if r["measure"] == "unled"]
    assert row["numbers"] == [
        *(f"anhui-yrd-2022 {no}" for no in ("8", "22", "23", "48", "59")), "small 1.2", "small 1.3"
    ]  # fmt: skip


BARE = PLAIN + "  - {'no': '1', text: 办一件事。}\n"
ALONE = (
    PLAIN
    + """  - 'no': '1'
    text: 办事。
    clause: 省科技厅负责
    duties: [{participate: [省科技厅]}]
"""
)


@pytest.mark.parametrize(
    ("argv", "text", "said", "drawable"),
    [
        (["matrix", *EMPTY], "", "no task matches the filters", False),
        (["network", *EMPTY], "", "no task matches the filters", False),
        (["map", *EMPTY], "", "no task matches the filters", False),
        (["targets", *EMPTY], "", "no task matches the filters", None),
        (["lint", *EMPTY], "", "no task matches the filters", None),
        (["stats", *EMPTY], "", "no task matches the filters", False),
        (["matrix"], BARE, "no agency has a task in these columns", False),
        (["matrix", "--by", "city"], ALONE, "no agency has a task in these columns", False),
        (["matrix", "--by", "agency"], ALONE, "no agency has a task in these columns", False),
        (["matrix"], ALONE, "", True),
        (["network"], ALONE, "no task has both a lead", False),
        (["network"], BARE, "no task has both a lead", False),
        (["map"], ALONE, "no task is about a region in 安徽", False),
        (["targets"], ALONE, "no task has a quantitative target", None),
        (["lint"], ALONE, "the responsibility for every task", None),
        (["stats"], BARE, "", True),
        (["stats"], ALONE, "", True),
        (["network", "-p", str(SMALL), "-k", "子县"], "", "no task has both a lead", False),
        (
            ["matrix", "--by", "area", "-p", str(SMALL)],
            "",
            "no agency has a task in these columns",
            False,
        ),
    ],
    ids=lambda value: " ".join(value)[-30:] if isinstance(value, list) else None,
)
@pytest.mark.usefixtures("letters")
def test_nothing_to_say_is_said(run, tmp_path, argv, text, said, drawable):
    if text:
        (tmp_path / "plan.yaml").write_text(text, "utf-8")
        argv = [*argv, "-p", str(tmp_path / "plan.yaml")]
    before = sorted(tmp_path.iterdir())
    for more in ([], ["-f", "json"], ["-f", "md"], ["-f", "html"], ["-f", "csv"]):
        code, out, err = run(*argv, *more)
        assert code == 0
        assert (said in err) if said else (err == "")
        assert "Traceback" not in out + err
        if more == ["-f", "json"]:
            json.loads(out)
    old = tmp_path / "old.svg"
    for file in (tmp_path / "new.svg", tmp_path / "new.png", old):
        old.write_bytes(b"old")
        code, out, err = run(*argv, "-o", str(file))
        assert out == ""
        if drawable:
            assert (code, file.stat().st_size > 1000) == (0, True)
            file.unlink()
        else:
            assert (code, " hint: " in err) == (1 if drawable is False else 2, True)
            assert old.read_bytes() == b"old"
            old.unlink()
        old.unlink(missing_ok=True)
        assert sorted(tmp_path.iterdir()) == before


def test_every_entry_is_asked(oracle, plan):
    assert [entry.task for entry in iter_tasks(plan)] == oracle.tasks
    assert len(oracle.tasks) == 71
