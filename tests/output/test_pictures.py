"""Pictures and graphs: nothing covers anything, words stay words, other programs read them."""

import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from io import BytesIO
from math import cos, radians, sin

import lxml.etree
import lxml.html
import pytest

from plancli import query
from plancli.database import cache
from plancli.output import charts
from plancli.output.charts import bars, canvas, matrix, network, tile_map
from plancli.query import matrix as matrices
from plancli.query import network as networks
from plancli.query import region_map
from plancli.registry.model import AgencyKind, RegionType
from plancli.results.charts import MapArea, Tile, TileMap
from plancli.results.roles import Role
from plancli.system import files
from tests.conftest import SMALL
from tests.query.test_measures import LONG, arcs_of, own_map, said_of, totals_of

matplotlib = pytest.importorskip("matplotlib")
font_manager = pytest.importorskip("matplotlib.font_manager")
FigureCanvasAgg = pytest.importorskip("matplotlib.backends.backend_agg").FigureCanvasAgg
to_hex = pytest.importorskip("matplotlib.colors").to_hex
networkx = pytest.importorskip("networkx")
numpy = pytest.importorskip("numpy")
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("letters")]
SHIPPED = str(files.DEFAULT_PLAN)
ONE = ["-a", "省科技厅"]
DRAWN = [
    *(["matrix", "--by", by] for by in ("section", "city", "area", "agency")),
    ["network"], ["map"], ["stats"],
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
ACTIVE = {  # elements that run, move, load or link something
    *"script foreignObject image feImage a animate animateMotion animateTransform set iframe".split(),
    *"embed object video audio link".split(),
}
CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))
RIGHT_TO_LEFT, NO_XML, NO_FONT = "\u202e", "\ufffe", "\U00020000"
HOSTILE = [
    '省"甲"厅', "省<b>乙</b>厅", "省&amp;丙厅", "省:丁,戊;厅", "省\\己\\", "省]]>庚厅", "省$x_1^2$厅",
    "省{0}\\frac{a}{b}厅", "省%s厅", f"省{RIGHT_TO_LEFT}辛厅", f"省{NO_XML}壬厅", f"省{NO_FONT}癸厅",
    "<script>alert(1)</script>", "_局", "graph", "123", "省'甲'厅", "A WWWWWWWWWW MMMMMMMMMM 局", "省①Ⅱ→×·…局",
]  # fmt: skip
BEGIN = """id: made
title: 某计划<b>$x$</b>
year: 2030
jurisdiction: 安徽
source: {publisher: '甲\\社', date: '2030-01-01', note: '“$a_b$”'}
lists:
"""


@pytest.fixture(autouse=True)
def strict():
    """A glyph that is missing, a font that is not found: each is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # a process ends with its database open
        for of_its_next_release in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", of_its_next_release)
        yield


def quoted(name):
    if NO_XML in name:  # YAML holds it only so
        return f'"{name.replace(NO_XML, chr(92) + "ufffe")}"'
    return "'" + name.replace("'", "''") + "'"


def made_plan(folder, bodies, sections, tasks):
    """A plan of *sections* titles and *tasks* in each; every body leads and takes part in turn."""
    text, kinds = BEGIN + "- 'no': 一\n  title: 清单\n  sections:\n", list(AgencyKind)[:11]
    no = 0
    for n, title in enumerate(sections, 1):
        text += f"  - 'no': '{n}'\n    title: {quoted(title)}\n    tasks:\n"
        for _task in range(tasks):
            lead = bodies[no * 7 % len(bodies)]
            rest = [bodies[(no * 7 + k * k + k) % len(bodies)] for k in range(1, 5)]
            rest = [name for name in dict.fromkeys(rest) if name != lead] or [bodies[-1]]
            no += 1
            text += f"    - 'no': '{no}'\n      text: 办事。\n      clause: 见正文\n      duties:\n"
            text += f"      - lead: [{quoted(lead)}]\n"
            text += f"      - participate: [{', '.join(map_quoted(rest))}]\n"
    text += "agencies:\n" + "".join(
        f"- name: {quoted(name)}\n  kind: {kinds[n % len(kinds)]}\n"
        for n, name in enumerate(bodies)
    )
    file = folder / "made.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def map_quoted(names):
    return [quoted(name) for name in names]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    return made_plan(
        tmp_path_factory.mktemp("hostile"), HOSTILE, ["推进 A 类 <i>事</i>", "$y$"], 30
    )


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    bodies = [
        f"省推进第{n}个很长很长的名称的WTO工作领导小组办公室及其全体成员单位联席会议"
        for n in range(120)
    ]
    sections = [f"加快推进第{n}类事项高质量一体化发展并完善相关体制机制（试行）" for n in range(60)]
    return made_plan(tmp_path_factory.mktemp("large"), bodies, sections, 2)


@pytest.fixture
def opened():
    return lambda *plans: cache.open_plans(plans, note=pytest.fail)


SAID = charts.ChartCaption(
    "某省推动长三角一体化发展2022年工作要点任务分工矩阵（单位与部分）WWW $x$" * 2,
    ("范围：" + "地区：皖北；" * 30, "来源：某某网《W W W》，2022-04-29"),
)


def sheets(db, where=query.EVERY_TASK, place="安徽", axes=("section", "area", "agency")):
    """Every picture of the tasks, as a sheet."""
    for by in axes:
        if drawn := matrices.build_matrix(
            db, by, matrices.select_matrix_cells(db, by, (), where), (), where
        ):
            yield f"matrix {by}", matrix.draw_matrix(drawn, SAID)
    if drawn := networks.build_network(db, where):
        yield "network", network.draw_network(drawn, SAID)
    if (
        drawn := region_map.build_map(region_map.select_map_regions(db, place, where))
    ).tiles and drawn:
        yield "map", tile_map.draw_map(drawn, SAID)
    counted = (
        query.select_agencies(db, where=where),
        query.select_sections(db, where),
        query.select_regions(db, where),
    )
    if drawn := query.build_bar_chart(*counted):
        yield "stats", bars.draw_bars(drawn, SAID)


def corners(text, renderer):
    """The corners of a text's box, in dots, turned as it is."""
    turned = text.get_rotation()
    text.set_rotation(0)
    box = text.get_window_extent(renderer)
    text.set_rotation(turned)
    middle = text.get_transform().transform(text.get_position())
    found = numpy.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    angle = radians(turned)
    turn = numpy.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    return (found - middle) @ turn + middle


def meet(one, other):
    """Whether two boxes have a place in common: no side of either parts them."""
    for box in (one, other):
        for n in range(2):
            along = box[n + 1] - box[n]
            a, b = one @ along, other @ along
            if a.max() <= b.min() + 1e-6 or b.max() <= a.min() + 1e-6:
                return False
    return True


def assert_clear(name, drawn):
    """No text covers another, and all lie on the sheet."""
    renderer = FigureCanvasAgg(drawn.figure).get_renderer()
    texts = [text for text in drawn.axes.texts if text.get_text().strip()]
    boxes = numpy.array([corners(text, renderer) for text in texts])
    low, high = boxes.min(axis=1), boxes.max(axis=1)
    wide, deep = drawn.figure.canvas.get_width_height()
    assert (low >= 0).all(), name
    assert (high <= (wide, deep)).all(), name
    for n, box in enumerate(boxes):
        near = (low[n + 1 :] < high[n]).all(axis=1) & (high[n + 1 :] > low[n]).all(axis=1)
        for m in numpy.nonzero(near)[0] + n + 1:
            if meet(box, boxes[m]):
                pytest.fail(f"{name}: {texts[n].get_text()} covers {texts[m].get_text()}")


def assert_apart(name, drawn):
    """Nothing of a matrix goes over the line at the right of its column."""
    renderer = FigureCanvasAgg(drawn.figure).get_renderer()
    edges = sorted(
        {drawn.axes.transData.transform((line.get_xdata()[0], 0))[0] for line in drawn.axes.lines
         if line.get_xdata()[0] == line.get_xdata()[1]}
    )  # fmt: skip
    above = drawn.axes.transData.transform((0, 0))[1]
    for text in drawn.axes.texts:
        box = text.get_window_extent(renderer)
        if box.y1 <= above + 1 and box.width:
            assert not [x for x in edges if box.x0 < x < box.x1], (name, text.get_text())


@pytest.mark.parametrize("which", ["shipped", "small", "hostile", "large", "one", "several"])
def test_no_text_covers_another(request, opened, which):
    where, place = query.EVERY_TASK, "安徽"
    if which in ("hostile", "large"):
        db = opened(request.getfixturevalue(which))
    elif which == "several":
        db = opened(SHIPPED, str(SMALL))
    else:
        db = opened(*([str(SMALL)] if which == "small" else []))
    if which == "one":
        where = query.by_agency("省科技厅")
    axes = ("section", "agency") if which != "several" else ("section",)
    drawn = dict(sheets(db, where, place, axes if which != "one" else tuple(matrices.AXES)))
    assert {*(f"matrix {by}" for by in axes), "network", "stats"} <= set(drawn)
    for name, each in drawn.items():
        assert_clear(name, each)
        if name.startswith("matrix"):
            assert_apart(name, each)


@pytest.mark.parametrize(
    "narrow", [query.by_number("19"), query.by_number("25"), query.by_number("64")]
)
def test_no_text_covers_another_where_there_is_little(opened, narrow):
    drawn = dict(sheets(opened(), narrow))
    assert {"matrix section", "stats"} <= set(drawn)
    for name, each in drawn.items():
        assert_clear(name, each)


def test_squares_hold_long_names_and_areas_stand_apart(opened, tmp_path):
    places = [("甲县", 0, 0), (LONG, 1, 0), ("丙" * 20, 2, 1), ("WWWWWWWWWWWW", 13, 2)]
    db = opened(own_map(tmp_path, places))
    (drawn,) = (each for name, each in sheets(db, place="合肥") if name == "map")
    assert_clear("map", drawn)
    tiles = [Tile(name, x, y, 900 + x) for name, x, y in places]
    areas = [
        MapArea(
            f"{n}号" + "承接产业转移集聚区" * (n % 5),
            1000 + n,
            frozenset({"甲县"} if n % 2 else ()),
        )
        for n in range(20)
    ]
    drawn = tile_map.draw_map(TileMap("", tuple(tiles), tuple(areas)), SAID)
    assert_clear("map", drawn)
    renderer = FigureCanvasAgg(drawn.figure).get_renderer()
    small = [each.get_window_extent(renderer) for each in drawn.axes.patches if is_small(each)]
    assert len(small) == 10 * len(tiles)
    for text in drawn.axes.texts:
        box = text.get_window_extent(renderer)
        assert not [each for each in small if each.overlaps(box)], text.get_text()


def is_small(patch):
    return patch.get_width() == tile_map.MINI_TILE_SIDE


def test_areas_show_what_lies_in_them(opened, oracle):
    picture = region_map.build_map(region_map.select_map_regions(opened(), "安徽"))
    drawn = tile_map.draw_map(picture, SAID)
    words = [text.get_text() for text in drawn.axes.texts]
    tiles = [region.name for region in oracle.known.regions if region.tile]
    small = [each for each in drawn.axes.patches if is_small(each)]
    inside = [to_hex(each.get_facecolor()) == canvas.DARK for each in small]
    areas = {
        region.name: sum(bool(oracle.grade(t, region.name)) for t in oracle.tasks)
        for region in oracle.known.regions
        if region.type is RegionType.AREA and region.name in oracle.parts("安徽")
    }
    found = {}
    for n in range(0, len(small), len(tiles)):
        at = drawn.axes.texts[words.index("黄山") :]
        y = small[n].get_y()
        name = max((t.get_position() for t in at if t.get_position()[1] < y + 0.01
                    and abs(t.get_position()[0] - min(s.get_x() for s in small[n : n + 16])) < 0.01),
                   key=lambda each: each[1])  # fmt: skip
        (called,) = (t.get_text() for t in at if t.get_position() == name)
        held = {tile for tile, dark in zip(tiles, inside[n : n + 16], strict=True) if dark}
        found[called] = held
        assert words[words.index(called) + 1] == str(areas[called])
    mini = {name: oracle.parts(name) & {*tiles} for name, count in areas.items() if count}
    assert found == {name: held for name, held in mini.items() if held}
    rest = "".join(words[words.index(str(areas["阜阳城市圈"]), words.index("阜阳城市圈")) + 1 :])
    assert set(rest.removeprefix("不含整市的区域：").split("、")) == {
        f"{name} {areas[name]}" for name, held in mini.items() if not held
    }


def test_a_dot_covers_no_name(opened):
    """Also where one body leads very many tasks."""
    network_ = networks.build_network(opened())
    bodies = (network_.agencies[0]._replace(lead=2000), *network_.agencies[1:])
    for picture in (network_, network_._replace(agencies=bodies)):
        drawn = network.draw_network(picture, SAID)
        assert_clear("network", drawn)
        renderer = FigureCanvasAgg(drawn.figure).get_renderer()
        names = {text.get_text(): corners(text, renderer) for text in drawn.axes.texts}
        dots = [line for line in drawn.axes.lines if line.get_marker() == "o"]
        assert len(dots) == len(picture.agencies) + len({body.kind for body in picture.agencies})
        for dot in dots:
            at = drawn.axes.transData.transform((dot.get_xdata()[0], dot.get_ydata()[0]))
            half = dot.get_markersize() / 72 * drawn.figure.dpi / 2
            square = numpy.array([numpy.add(at, (x * half, y * half)) for x, y in CORNERS])
            assert [name for name, box in names.items() if meet(square * 0.7 + at * 0.3, box)] == []


def written(run, tmp_path, *argv, format):
    file = tmp_path / f"x.{format}"
    code, out, err = run(*argv, "-o", str(file))
    assert (code, out) == (0, ""), err
    return file.read_bytes()


def words_of(raw):
    tree = lxml.etree.fromstring(raw)
    assert not {each.tag.rpartition("}")[2] for each in tree.iter("*")} & ACTIVE
    return ["".join(each.itertext()) for each in tree.iter(SVG + "text")]


@pytest.mark.parametrize("argv", [*DRAWN, ["matrix", *ONE], ["map", "-k", "产业"]], ids=" ".join)
def test_a_picture_s_words_are_words(run, oracle, tmp_path, argv):
    raw = written(run, tmp_path, *argv, format="svg")
    words = words_of(raw)
    said = Counter(words)
    assert words[0].startswith(oracle.plan.title)
    assert any(word.startswith("来源：") for word in words)
    narrow = {"agency": "省科技厅"} if ONE[1] in argv else {"word": "产业"} if "-k" in argv else {}
    assert any(word.startswith("范围：") for word in words) == bool(narrow)
    totals = totals_of(oracle, **narrow)
    if argv[0] == "matrix":
        assert said >= Counter([*totals, *map_said(totals.values())])
    elif argv[0] == "network":
        assert said >= Counter(dict.fromkeys(named(oracle), 1))
    elif argv[0] == "map":
        tasks = oracle.passing(**narrow)
        counts = {
            r.name: sum(bool(oracle.grade(t, r.name)) for t in tasks)
            for r in oracle.known.regions
            if r.tile
        }
        assert said >= Counter([*counts, *(str(n) for n in counts.values())])
        at = [words[words.index(name) + 1] for name in counts]
        assert at == [str(n) for n in counts.values()]
    else:
        counts = {name: totals[name][:2] for name in named(oracle)}
        assert said >= Counter([*counts, *(f"{a} + {b}" for a, b in counts.values())])
    for each in lxml.etree.fromstring(raw).iter(SVG + "text"):
        places = [each.get("style").index(name) for name in canvas.find_fonts()]
        assert places == sorted(places)


def map_said(counts):
    return [said_of(each) for each in counts]


def named(oracle):
    return [name for name in oracle.agency if oracle.named(name)]


@pytest.mark.parametrize("by", ["section", "city", "area", "agency"])
def test_every_count_stands_in_its_row_and_column(opened, by):
    """The picture's cells, by where they stand, are the grid."""
    db = opened()
    picture = matrices.build_matrix(db, by, matrices.select_matrix_cells(db, by))
    drawn = matrix.draw_matrix(picture, SAID)
    above, rows = picture.grid
    texts = [(*text.get_position(), text.get_text()) for text in drawn.axes.texts]
    edges = [0.0, *sorted({line.get_xdata()[0] for line in drawn.axes.lines
                           if line.get_xdata()[0] == line.get_xdata()[1]})]  # fmt: skip
    heights = sorted({y for _x, y, said in texts if said in {row[0] for row in rows} and _x == 0})
    assert len(heights) == len(rows)
    found = {(heights.index(y), x): said for x, y, said in texts if y in heights and said}
    names = [found[n, 0] for n in range(len(rows))]
    assert names == [row[0] for row in rows]
    shift = min(x for _n, x in found if x > 0)
    starts = sorted({x for _n, x in found})
    assert starts[0] == 0
    assert shift < min(edges[1:])
    for n, row in enumerate(rows):
        cells = [""] * len(row)
        for m, x in ((m, x) for m, x in found if m == n):
            cells[0 if x == 0 else 1 + sum(edge < x for edge in edges[1:])] = found[m, x]
        assert cells == [*row]
    assert len(above) == len(edges)


@pytest.mark.parametrize("narrow", [{}, {"agency": "省科技厅"}])
def test_bars_are_what_the_loop_counts(opened, oracle, narrow):
    db, where = opened(), query.by_agency(narrow["agency"]) if narrow else query.EVERY_TASK
    counted = (
        query.select_agencies(db, where=where),
        query.select_sections(db, where),
        query.select_regions(db, where),
    )
    tasks = oracle.passing(**narrow)
    totals = {name: counts[:2] for name, counts in totals_of(oracle, **narrow).items()}
    bodies = [(name, counts) for name, counts in totals.items() if any(counts)]
    heads = {
        f"{number} {section or list_}": sum(t.no in those for t in tasks)
        for (number, list_, section), those in oracle.headings().items()
    }
    cities = {
        region.name: sum(bool(oracle.grade(t, region.name)) for t in tasks)
        for region in oracle.known.regions
        if region.type in (RegionType.PROVINCE, RegionType.CITY)
    }
    order = [*oracle.agency]
    assert [[*rows] for rows in query.build_bar_chart(*counted).groups.values()] == [
        sorted(bodies, key=lambda row: (-row[1][0], -row[1][1], order.index(row[0]))),
        *([(name, (count,)) for name, count in each.items() if count] for each in (heads, cities)),
    ]


@pytest.mark.parametrize("format", ["svg", "png"])
def test_the_same_answer_is_the_same_picture(run, tmp_path, format):
    """Also in another process, whose sets are in another order."""
    some = [["matrix"], ["network"], ["map"], ["stats"]]
    first = [written(run, tmp_path, *argv, *ONE, format=format) for argv in some]
    assert first == [written(run, tmp_path, *argv, *ONE, format=format) for argv in some]
    script = "import json, sys; from plancli.cli.main import main\n[main(a) for a in json.loads(sys.argv[1])]"
    asked = [[*argv, *ONE, "-o", f"{tmp_path}/{n}.{format}"] for n, argv in enumerate(some)]
    subprocess.run(
        [sys.executable, "-c", script, json.dumps(asked)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert first == [(tmp_path / f"{n}.{format}").read_bytes() for n in range(len(some))]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(
    "argv", [["matrix"], ["matrix", "--by", "agency"], ["network"], ["stats"]], ids=" ".join
)
def test_names_are_never_read_as_anything_else(run, tmp_path, hostile, argv):
    words = words_of(written(run, tmp_path, *argv, "-p", hostile, format="svg"))
    for name in HOSTILE:
        said = (
            name.replace(RIGHT_TO_LEFT, "\\u202e").replace(NO_XML, "\\ufffe").replace(NO_FONT, "〓")
        )
        assert said in words
    assert words[0].startswith("某计划<b>$x$</b>")
    assert any("“$a_b$”" in word for word in words)
    assert written(run, tmp_path, *argv, "-p", hostile, format="png").startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("argv", "narrow"),
    [([], {}), (["-r", "皖北"], {"region": "皖北"}), (ONE, {"agency": "省科技厅"})],
    ids=["all", "region", "one"],
)
def test_other_programs_read_the_graph_as_counted(run, oracle, tmp_path, argv, narrow):
    raw = written(run, tmp_path, "network", *argv, format="graphml")
    assert raw == written(run, tmp_path, "network", *argv, format="graphml")
    graph = networkx.read_graphml(BytesIO(raw))
    tasks, arcs = oracle.passing(**narrow), arcs_of(oracle, **narrow)
    counts = {
        name: [sum(name in t.get_agency_names(role) for t in tasks) for role in Role]
        for name in oracle.agency
    }
    assert dict(graph.nodes(data=True)) == {
        name: {
            "label": name,
            "kind": str(oracle.agency[name].kind),
            "lead": led,
            "participate": shared,
        }
        for name, (led, shared) in counts.items()
        if led or shared
    }
    assert graph.is_directed()
    assert {(a, b): about for a, b, about in graph.edges(data=True)} == {
        arc: {"weight": len(numbers), "numbers": "、".join(numbers)}
        for arc, numbers in arcs.items()
    }


def test_hostile_names_survive_in_graphs(run, tmp_path, hostile):
    raw = written(run, tmp_path, "network", "-p", hostile, format="graphml")
    graph = networkx.read_graphml(BytesIO(raw))
    names = [name.replace(NO_XML, "\ufffd") for name in HOSTILE]
    kinds = {name: str(list(AgencyKind)[:11][n % 11]) for n, name in enumerate(names)}
    assert {name: about["kind"] for name, about in graph.nodes(data=True)} == kinds
    assert all(graph.out_degree(name) and graph.in_degree(name) for name in names)


@pytest.mark.parametrize(
    "argv", [["network"], ["map"], ["network", *ONE], ["map", "-r", "皖北"]], ids=" ".join
)
def test_a_page_holds_its_picture_and_asks_for_nothing(run, oracle, tmp_path, argv):
    raw = written(run, tmp_path, *argv, format="html").decode()
    page = lxml.html.fromstring(raw)
    (figure,) = page.xpath("//figure/svg")
    words = ["".join(each.itertext()) for each in figure.iter("text")]
    assert {"合肥"} <= set(words) if argv[0] == "map" else {"省科技厅"} <= set(words)
    assert page.xpath("//title")[0].text == page.xpath("//h1")[0].text
    assert page.xpath("//title")[0].text.startswith(oracle.plan.title)
    assert not page.xpath("//script | //link | //img | //iframe | //object | //@src | //@onload")
    links = [value for each in page.iter() for key, value in each.items() if key.endswith("href")]
    assert all(link.startswith("#") for link in links)
    assert all(each.startswith("#") for each in re.findall(r"url\(([^)]*)\)", raw))
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", raw)
    assert len(page.xpath("//tbody/tr")) > 3


def test_a_page_keeps_hostile_names_as_text(run, tmp_path, hostile):
    raw = written(run, tmp_path, "network", "-p", hostile, format="html").decode()
    assert "<title>某计划&lt;b&gt;$x$" in raw
    page = lxml.html.fromstring(raw)
    assert not page.xpath("//script | //b | //i")
    words = ["".join(each.itertext()) for each in page.xpath("//figure//*") if each.tag == "text"]
    assert "<script>alert(1)</script>" in words
    cells = {each.text_content() for each in page.xpath("//td")}
    assert {name.replace(NO_XML, "\ufffd") for name in HOSTILE} <= cells


@pytest.mark.parametrize("argv", [["matrix"], ["stats"], ["targets"], ["lint"]], ids=" ".join)
def test_other_pages_are_tables(run, tmp_path, argv):
    raw = written(run, tmp_path, *argv, format="html").decode()
    page = lxml.html.fromstring(raw)
    assert page.xpath("//table")
    assert not page.xpath("//figure | //svg | //@src | //@href | //script")
    assert bool(page.xpath("//div[@class='matrix']")) == (argv == ["matrix"])


@pytest.mark.parametrize(
    "argv", [["matrix"], ["matrix", "--by", "agency"], ["network"], ["map"]], ids=" ".join
)
def test_a_data_package_holds_what_programs_read(run, tmp_path, argv):
    file = tmp_path / "x.zip"
    assert run(*argv, "-f", "datapackage", "-o", str(file))[0] == 0
    with zipfile.ZipFile(file) as package:
        held = package.read(f"{argv[0]}.csv").decode()
        (about,) = (
            each
            for each in json.loads(package.read("datapackage.json"))["resources"]
            if each["name"] == argv[0]
        )
    assert held == run(*argv, "-f", "csv")[1]
    assert [field["name"] for field in about["schema"]["fields"]] == held.splitlines()[0].split(",")


def test_a_page_without_anything_to_draw_has_no_picture(run):
    for argv in (["network", "-k", "什么也没有"], ["map", "-k", "什么也没有"]):
        code, out, _err = run(*argv, "-f", "html")
        assert (code, "<svg" in out, "</html>" in out) == (0, False, True)


@pytest.mark.parametrize(
    ("argv", "package"),
    [
        *(([*argv, "-o", f"{{}}/x.{format}"], "matplotlib") for argv in (["matrix"], ["map"]) for format in ("svg", "png")),
        (["network", "-o", "{}/x.html"], "matplotlib"), (["stats", "-o", "{}/x.png"], "matplotlib"),
    ],
)  # fmt: skip
def test_a_package_that_is_missing_is_told_with_what_installs_it(
    run, monkeypatch, tmp_path, argv, package
):
    monkeypatch.setitem(sys.modules, package, None)
    code, out, err = run(*(each.format(tmp_path) for each in argv))
    assert (code, out) == (5, "")
    assert package in err
    assert "pip install 'plancli[pictures]'" in err
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def fonts(monkeypatch):
    """``fonts(keep)`` leaves only the system's fonts that *keep* says."""

    def fonts(keep):
        some = [font for font in font_manager.fontManager.ttflist if keep(font)]
        monkeypatch.setattr(font_manager.fontManager, "ttflist", some)
        forget()

    yield fonts
    monkeypatch.undo()
    forget()


def forget():
    canvas.find_fonts.cache_clear()
    canvas._has_glyph.cache_clear()
    canvas._measure_char.cache_clear()
    canvas._open_font.cache_clear()


def test_without_a_font_for_chinese_nothing_is_drawn(run, tmp_path, fonts):
    """Also where one holds a box for every character, and where a name has a hyphen."""
    fonts(lambda font: font.name not in canvas.CHINESE_FONTS and "CJK" not in font.name)
    for format in ("svg", "png"):
        code, out, err = run("matrix", "-o", str(tmp_path / f"x.{format}"))
        assert (code, out) == (1, "")
        assert "no Chinese font found" in err
        assert "fonts-noto-cjk" in err
    assert [*tmp_path.iterdir()] == []


def test_any_font_for_chinese_will_do(run, tmp_path, fonts):
    """One that is in no list is found by what it holds."""
    before = {font.name for font in font_manager.fontManager.ttflist}
    others = sorted(name for name in before - set(canvas.CHINESE_FONTS) if "CJK" in name)
    if not others:
        pytest.skip("this system has no other font")
    fonts(lambda font: font.name == others[0] or "DejaVu" in font.name)
    raw = written(run, tmp_path, "map", format="svg").decode()
    assert others[0] in raw


@pytest.mark.parametrize(("x", "y"), [(0, 500), (120, 90)])
def test_a_picture_that_is_too_large_is_refused(run, tmp_path, x, y):
    """Too long for an image, or too large for the memory; as SVG it may be had."""
    plan = own_map(tmp_path, [("甲县", 0, 0), ("乙县", x, y)])
    old = tmp_path / "old.png"
    old.write_bytes(b"old")
    code, out, err = run("map", "合肥", "-p", plan, "-o", str(old))
    assert (code, out) == (1, "")
    assert " inches" in err
    assert "narrow it with filters, or write svg" in err
    assert old.read_bytes() == b"old"
    assert len([*tmp_path.iterdir()]) == 2
    assert "乙县" in words_of(written(run, tmp_path, "map", "合肥", "-p", plan, format="svg"))


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        *((argv, "commands with charts: matrix, network, map, stats")
          for name in ("list", "agency", "targets", "lint", "plans") for argv in ([name, "-f", "svg"], [name, "-f", "png"])),
        *(([name, "-f", "graphml"], "only “plancli network” writes a graph")
          for name in ("matrix", "map", "stats", "list", "lint")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_has_no_picture_says_what_has(run, tmp_path, argv, hint):
    for more in ([], ["-o", str(tmp_path / "x")]):
        code, out, err = run(*argv, *more)
        assert (code, out) == (2, "")
        assert hint in err
    assert [*tmp_path.iterdir()] == []


def test_a_terminal_is_given_no_png_but_may_have_svg(run, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    code, out, err = run("matrix", "-f", "png")
    assert (code, out) == (2, "")
    assert "-o FILE.png" in err
    for format in ("svg", "graphml"):
        code, out, _err = run("network", "-f", format)
        assert (code, "省科技厅" in out) == (0, True)


def test_pictures_leave_by_standard_output_too(run, tmp_path):
    file = written(run, tmp_path, "map", format="png")
    asked = [sys.executable, "-m", "plancli", "map", "-f", "png"]
    assert subprocess.run(asked, check=True, capture_output=True).stdout == file


def test_drawing_leaves_the_settings_as_they_were(run, tmp_path):
    before = dict(matplotlib.rcParams)
    written(run, tmp_path, "map", format="png")
    assert dict(matplotlib.rcParams) == before
