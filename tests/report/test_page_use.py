"""The page as people use it: views, keyboard, screen reader, paper, phone, and text full of markup."""

import itertools
import re
from collections import Counter
from unicodedata import normalize

import pytest
import yaml

from plancli import query
from plancli import report as pages
from plancli.database import cache
from plancli.plan.model import iter_tasks
from plancli.query import EVERY_TASK
from plancli.query import matrix as matrices
from plancli.query import network as networks
from plancli.results.roles import Role
from plancli.system import files
from tests.report.browsing import Reader, address, made_up
from tests.report.test_page import numbers

CELLS = """() => [...document.querySelectorAll('#matrix tr[data-body]')].flatMap(row =>
  [...row.querySelectorAll('td')].slice(0, -1).flatMap((cell, n) =>
    [...cell.querySelectorAll('[data-what]')].map(s => [row.dataset.body, s.dataset.what, Number(s.dataset.n)])))"""
GRID = """() => [...document.querySelectorAll('#matrix :is(tr[data-body], tfoot tr)')]
  .map(row => [...row.cells].map(cell => cell.textContent))"""
ARCS = """() => [...document.querySelectorAll('.arc')].map(a =>
  [a.querySelector('title').textContent.split(' ').slice(0, 3).join(' '), Number(a.dataset.n)])"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return cache.open_plans((str(files.DEFAULT_PLAN),), print)


@pytest.fixture(scope="module")
def file(whole, tmp_path_factory):
    made = tmp_path_factory.mktemp("page") / "plan.html"
    made.write_bytes(pages.render_page(whole, EVERY_TASK))
    return made


@pytest.fixture
def reader(chromium, file):
    with Reader(chromium, file) as reader:
        yield reader
        assert reader.complaints == []
        assert reader.requests == [file.as_uri()]


QUESTIONS = {
    "": EVERY_TASK,
    "region=皖北": query.by_region("皖北"),
    "role=lead": query.by_role(Role.LEAD),
    "q=科技": query.by_keyword("科技"),
    "body=省科技厅": query.by_agency("省科技厅"),
    "q=没有这样的词": query.by_keyword("没有这样的词"),
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_matrix_sums_to_the_duties(reader, whole, asked):
    role = "lead" if asked == "role=lead" else ""
    where = QUESTIONS[asked]
    duties = query.select_duties_by_agency(whole, where)
    bodies = zip(duties.column("agency"), duties.column("role"), strict=True)
    expected = Counter(each for each in bodies if not role or each[1] == role)
    may = Counter(query.select_possible_duties(whole, where).column("agency"))
    if not role:
        expected.update({(name, "may"): n for name, n in may.items()})
    found = Counter()
    for body, what, n in reader.visit([f"#{asked}&view=matrix"], CELLS)[0]:
        if what != "may" or not role:
            found[body, what] += n
    assert found == expected


@pytest.mark.parametrize("asked", [each for each in QUESTIONS if each != "role=lead"])
def test_the_matrix_is_that_of_the_command_line(reader, whole, asked):
    where = QUESTIONS[asked]
    drawn = matrices.build_matrix(
        whole, "section", matrices.select_matrix_cells(whole, "section", where=where), where=where
    )
    _above, rows = drawn.grid
    found = reader.visit([f"#{asked}&view=matrix"], GRID)[0]
    assert found == ([list(row) for row in rows] if drawn else [])


def test_a_cell_of_the_matrix_opens_the_tasks_it_counts(reader):
    reader.visit(["#view=matrix"])
    buttons = reader.page.locator("#matrix tr[data-body] td button")
    for n in (0, 3, 40, 200, buttons.count() - 1):
        said = buttons.nth(n).get_attribute("aria-label")
        lead, part, may = map(int, re.findall(r"(\d+) 项", said))
        buttons.nth(n).click()
        assert (
            len(
                reader.page.evaluate(
                    "[...document.querySelectorAll('#tasks article:not([hidden])')]"
                )
            )
            == lead + part
        )
        assert len(reader.texts("#maybe li")) == may
        reader.page.go_back()
        reader.page.wait_for_selector("#matrix table")


def arcs_of(tasks) -> Counter:
    """Count lead -> participant over the tasks of the plan itself, by a plain loop."""
    found = Counter()
    for task in tasks:
        for lead, other in itertools.product(
            task.get_agency_names(Role.LEAD), task.get_agency_names(Role.PARTICIPATE)
        ):
            found[f"{lead} → {other}"] += lead != other
    return +found


@pytest.mark.parametrize("word", ["", "科技", "没有这样的词"])
def test_the_network_has_the_lines_of_the_plan(reader, plan, word):
    held = [task for _l, _s, task in iter_tasks(plan) if word in task.text]
    expected = arcs_of(held)
    found = dict(reader.visit([f"#view=network&q={word}"], ARCS)[0])
    assert found == expected
    alone = sum(not arcs_of([task]) for task in held)
    assert reader.page.get_attribute("#network .legend", "data-alone") == str(alone)
    rows = [row.split("\t") for row in reader.page.evaluate(
        "[...document.querySelectorAll('#network tbody tr')].map(r => [...r.cells].map(c => c.textContent).join('\\t'))"
    )]  # fmt: skip
    assert {f"{lead} → {other}": int(n) for lead, other, n, _tasks in rows} == expected
    assert all(len(tasks.split("、")) == int(n) for _lead, _other, n, tasks in rows)


NODES = """() => [...document.querySelectorAll('.node')].map(g =>
  [[...g.querySelectorAll('tspan')].map(s => s.textContent).join(''), g.classList.contains('lone')])"""


@pytest.mark.parametrize("asked", ["", "region=皖北", "q=科技", "body=省科技厅"])
def test_the_circle_has_every_body_in_the_order_of_the_picture(reader, whole, asked):
    drawn = networks.build_network(whole, QUESTIONS[asked])
    joined = {name for arc in drawn.edges for name in (arc.leader, arc.participant)}
    expected = [[body.name, body.name not in joined] for body in drawn.agencies]
    assert reader.visit([f"#{asked}&view=network"], NODES)[0] == expected != []
    said = "".join(reader.texts("#network .legend"))
    assert (
        f"另有 {networks.count_tasks_without_edges(whole, QUESTIONS[asked])} 项任务没有连线" in said
    )


def test_what_joins_nobody_is_counted_in_one_and_in_many(run, chromium, tmp_path):
    plan, made = made_up(6, tmp_path / "few.yaml", bodies=8), tmp_path / "few.html"
    given = yaml.safe_load(plan.read_text("utf-8"))
    tasks = [task for part in given["lists"][0]["sections"] for task in part["tasks"]]
    names = [each["name"] for each in given["agencies"]]
    # a pair, a lead alone, two leads, nobody, a body that only takes part
    duties = [[("lead", 0), ("participate", 1)], [("lead", 2)], [("lead", 3), ("lead", 4)], [],
              [("participate", 5)], [("lead", 0), ("participate", 1)]]  # fmt: skip
    for n, (task, own) in enumerate(zip(tasks, duties, strict=True)):
        task["text"] = f"第{n}件事，{'单独' if n == 1 else '其余'}。"
        task["duties"] = [{role: [names[at]]} for role, at in own]
        task["clause"] = "、".join(names[at] for _role, at in own)
        if not own:
            del task["duties"], task["clause"]
    for n, each in enumerate(given["agencies"]):  # kinds that do not stand together
        each["kind"] = ["省直部门", "市级政府"][n % 2]
    plan.write_text(yaml.safe_dump(given, allow_unicode=True, sort_keys=False), "utf-8")
    code, _out, err = run("report", "-p", str(plan), "-o", str(made))
    assert code == 0, err
    drawn = networks.build_network(cache.open_plans([str(plan)], print))
    assert [body.kind for body in drawn.agencies] == ["省直部门"] * 3 + ["市级政府"] * 3
    with Reader(chromium, made) as few:
        order = [name for name, _lone in few.visit(["#view=network"], NODES)[0]]
        assert order == [body.name for body in drawn.agencies]
        few.visit(["#view=network&lang=en"])
        assert (
            "4 more tasks have no edge: no lead agency, or no participants."
            in few.texts(".legend")[0]
        )
        lone = [[name, True] for name in names[2:6]]
        assert sorted(each for each in few.visit(["#view=network"], NODES)[0] if each[1]) == sorted(
            lone
        )
        few.visit(["#view=network&q=单独"])
        assert few.page.locator(".node").count() == 0
        assert few.complaints == []


CORNERS = """() => [...document.querySelectorAll('.node text')].map(t => {
  const { x, y, width, height } = t.getBBox();
  const m = t.transform.baseVal.consolidate().matrix;
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
    .map(([a, b]) => [m.a * a + m.c * b, m.b * a + m.d * b]);
})"""


def crossing(boxes) -> list[tuple[int, int]]:
    """Return the pairs of labels that lie on one another."""
    pairs = itertools.combinations(range(len(boxes)), 2)
    return [pair for pair in pairs if overlap(*(boxes[n] for n in pair))]


def test_no_label_of_the_network_lies_on_another(reader):
    boxes = reader.visit(["#view=network"], CORNERS)[0]
    assert len(boxes) > 50
    assert crossing(boxes) == []


def test_a_crowd_of_bodies_is_thinned_and_said(run, chromium, tmp_path):
    plan, made = made_up(400, tmp_path / "crowd.yaml", bodies=120), tmp_path / "crowd.html"
    assert run("report", "-p", str(plan), "-o", str(made))[0] == 0
    with Reader(chromium, made) as crowd:
        boxes = crowd.visit(["#view=network"], CORNERS)[0]
        assert len(boxes) == 80
        assert crossing(boxes) == []
        assert "共 120 个单位，图中只画连线最多的 80 个" in crowd.texts("#network .legend")[0]


def overlap(one, other, *, slack: float = 1.5) -> bool:
    """Whether two turned rectangles overlap by more than *slack* pixels: by separating axes."""
    for shape in (one, other):
        for (ax, ay), (bx, by) in itertools.pairwise([*shape, shape[0]]):
            length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
            nx, ny = (ay - by) / length, (bx - ax) / length
            first, second = ([x * nx + y * ny for x, y in each] for each in (one, other))
            if max(first) - slack <= min(second) or max(second) - slack <= min(first):
                return False
    return True


def test_the_keyboard_searches_picks_and_goes_around(reader):
    page = reader.page
    page.keyboard.press("/")
    page.keyboard.type("fgw")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    assert reader.texts("#suggestions bdi")[0] == "省发展改革委"
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.get_attribute("#q", "aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#q") == ""
    assert page.evaluate("location.hash") == address(("body", "省发展改革委"))
    assert (
        len(page.evaluate("[...document.querySelectorAll('#tasks article:not([hidden])')]")) == 41
    )
    page.keyboard.type("科创")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    for _ in range(200):  # on, until the filters are reached
        page.keyboard.press("Tab")
        key = page.evaluate("document.activeElement.dataset.key")
        if key == "role lead":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == "role lead"  # the focus stays
    assert page.get_attribute("[data-key='role lead']", "aria-pressed") == "true"
    page.keyboard.press("Space")
    assert page.get_attribute("[data-key='role lead']", "aria-pressed") == "false"


def test_the_circle_is_one_stop_and_arrows_go_around_it(reader):
    page = reader.page
    reader.visit(["#view=network"])
    assert page.locator(".node[tabindex='0']").count() == 1
    page.locator(".node[tabindex='0']").focus()
    first = page.evaluate("document.activeElement.dataset.body")
    assert reader.texts("#network .side h2")[0].startswith("省发展改革委")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.body")
    assert second != first
    assert (
        page.locator(f".arc.out[data-lead='{second}'], .arc.in[data-other='{second}']").count() > 0
    )
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.body") == first
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == address(("body", "省发展改革委"))


def test_back_and_forward_and_a_pasted_address(reader, chromium, file):
    expect = pytest.importorskip("playwright.sync_api").expect
    page = reader.page
    page.click("[data-key='body 0']")
    page.fill("#q", "科技")
    page.wait_for_timeout(500)  # the address follows typing after a rest
    page.click("#views [value='matrix']")
    steps = [page.evaluate("location.hash")]
    for step in ("back", "back"):
        before = page.url
        page.evaluate(f"history.{step}()")
        page.wait_for_url(lambda url, before=before: url != before)
        steps.append(page.evaluate("location.hash"))
    assert "view=matrix" in steps[0]
    assert "view" not in steps[1]
    assert "q=" in steps[1]
    assert steps[2] == ""
    assert page.input_value("#q") == ""
    page.evaluate("history.forward()")
    expect(page.locator("#q")).to_have_value("科技")
    with Reader(chromium, file) as pasted:
        pasted.page.goto(page.url)
        pasted.page.reload()
        expect(pasted.page.locator("#q")).to_have_value("科技")
        for _attempt in range(100):  # both are drawn after the words are there
            seen = [each.inner_text("#found") for each in (page, pasted.page)]
            if seen[0] == seen[1]:
                break
            page.wait_for_timeout(50)
        assert seen[0] == seen[1]


def test_what_is_not_known_is_left_out_and_said(reader):
    shown = reader.shown(
        ("body", "没有的单位"), ("region", "皖北"), ("view", "pie"), ("colour", "red"),
        ("constructor", "1"),
    )  # fmt: skip
    assert reader.texts("#count .unknown") == [
        "本页没有，已忽略：没有的单位、pie、colour、constructor"
    ]
    assert shown == reader.shown(("region", "皖北")) != []


def test_a_task_has_its_own_address_and_neighbours(reader):
    assert reader.shown(("task", "41")) == ["41"]
    assert [text.split()[1] for text in reader.texts("#neighbours a:not(.back)")] == ["40", "42"]
    reader.page.click("#neighbours a:has-text('下一项')")
    assert reader.page.evaluate("location.hash") == "#task=42"
    reader.page.click("#neighbours .back")
    assert reader.page.evaluate("location.hash") == ""
    reader.page.click("article h4 a >> nth=6")
    assert reader.page.evaluate("location.hash") == "#task=7"


def test_two_languages(reader, chromium, file):
    page = reader.page
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.click("#language")
    assert (page.get_attribute("html", "lang"), page.evaluate("location.hash")) == (
        "en",
        "#lang=en",
    )
    assert reader.texts("#views button") == ["Tasks", "Matrix", "Network"]
    assert page.get_attribute("#tasks", "lang") == "zh-CN"
    chinese = re.compile(r"[\u4e00-\u9fff]")
    own = page.evaluate(  # words of the page itself, none of the plan
        """() => { const found = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) { const at = walk.currentNode.parentElement;
            if (!at.closest('script, [lang=zh-CN]')) found.push(walk.currentNode.data); }
          return found; }"""
    )
    assert not [text for text in own if chinese.search(text) and text != "中文"]
    with Reader(chromium, file, locale="fr-FR") as french:
        assert french.page.get_attribute("html", "lang") == "en"
        french.page.goto(f"{french.home}#lang=zh")
        french.page.reload()
        assert french.page.get_attribute("html", "lang") == "zh-CN"


def named_elements(page):
    """Return (role, name) of what can be used, as Chromium tells a screen reader."""
    roles = "button link textbox combobox listbox navigation region".split()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = [(node["role"]["value"], node["name"]["value"]) for node in tree if "name" in node]
    return [each for each in told if each[0] in roles]


def test_everything_to_use_has_a_name(reader):
    for asked in ("", "body=省水利厅&q=x", "view=matrix", "view=network", "task=3"):
        for lang in ("zh", "en"):
            reader.visit([f"#{asked}&lang={lang}"])
            unnamed = reader.page.evaluate(
                """() => [...document.querySelectorAll('button, a, input, summary, [role], [tabindex="0"]')]
                  .filter(e => e.checkVisibility() && !['region', 'group', 'status'].includes(e.role))
                  .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
                  .map(e => e.outerHTML)"""
            )
            assert unnamed == []
            assert "undefined" not in reader.page.inner_text("body")
            used = named_elements(reader.page)
            assert {"button", "link"} <= {role for role, _name in used}
            assert [role for role, name in used if not name.strip()] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(chromium, file, scheme):
    with Reader(chromium, file, color_scheme=scheme) as reader:
        for asked in (
            "q=kechuang",
            "body=省科技厅&region=皖北",
            "body=省水利厅",
            "view=matrix",
            "view=network",
        ):
            reader.visit([f"#{asked}"])
            faint = reader.page.evaluate(CONTRAST)
            assert faint == []
        seen = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert seen == {"light": "rgb(252, 251, 248)", "dark": "rgb(24, 23, 20)"}[scheme]


CONTRAST = """() => {
  const parse = (said) => said.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } };
  const faint = new Set();
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest('script') || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const ink = parse(e.closest('svg') ? style.fill : style.color);
    const [one, two] = [light(ink), light(behind(e))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 4.5) faint.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return [...faint];
}"""


def test_a_phone_scrolls_only_down(chromium, file):
    with Reader(chromium, file, viewport={"width": 390, "height": 844}) as phone:
        for asked in (
            "",
            "view=matrix",
            "view=network",
            "task=34",
            "region=长三角&body=省发展改革委",
            "q=长三角",
        ):
            for lang in ("zh", "en"):
                wide = phone.visit(
                    [f"#{asked}&lang={lang}"], "() => document.documentElement.scrollWidth"
                )
                assert wide == [390], asked
        assert not phone.page.evaluate("document.getElementById('drawer').open")
        phone.page.click("#drawn")
        assert phone.page.locator("[data-key='role lead']").is_visible()


SIGNS = r"[^\w\u2e80-\u2fdf]"  # which a reader of paper finds as others


def printed(text: str) -> str:
    """Return the pattern of *text* as a reader of paper finds it: some fonts print 长 as a radical."""
    chars = re.sub(SIGNS, "", normalize("NFKC", text))[:20]
    return "".join(f"(?:{re.escape(char)}|[\u2e80-\u2fdf])" for char in chars)


@pytest.mark.parametrize(
    "asked", ["", "region=皖北&role=lead", "view=matrix&region=合肥", "view=network&q=科技"]
)
def test_paper_has_the_question_and_every_task(reader, caplog, tmp_path, asked):
    reader.visit([f"#{asked}"])
    shown = reader.page.evaluate(
        "[...document.querySelectorAll('#tasks article:not([hidden]) .text')].map(p => p.textContent)"
    )
    paper = tmp_path / "page.pdf"
    reader.page.pdf(path=str(paper), prefer_css_page_size=True)
    caplog.set_level("ERROR")  # of what the reader of the paper misses in its fonts
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(paper) as pdf:
        wide = [page.width > page.height for page in pdf.pages]
        sizes = {tuple(sorted((round(page.width), round(page.height)))) for page in pdf.pages}
        said = "".join(page.extract_text() or "" for page in pdf.pages)
    assert sizes <= {(595, 842), (596, 842), (595, 841), (594, 841)}
    # the matrix lies across, from the first page on; the tasks behind it stand upright
    assert (wide[0], wide[-1]) == ("view=matrix" in asked, False)
    assert wide == sorted(wide, reverse=True)
    said = re.sub(SIGNS, "", normalize("NFKC", said))
    missing = [text for text in shown if not re.search(printed(text), said)]
    assert missing == []
    assert len(shown) > 3
    assert "来源" in said
    assert ("筛选条件" in said) == bool(asked and asked != "view=matrix")
    assert "English" not in said


def test_without_a_script_the_plan_is_there(chromium, file, plan):
    with Reader(chromium, file, java_script_enabled=False) as still:
        said = still.page.text_content("#tasks")
        for _list, _section, task in iter_tasks(plan):
            assert task.text in said
            assert task.clause in said
        assert not still.page.locator("#q").is_visible()


HOSTILE = [
    "</script><script>window.pwned = 1</script>", "<img src=x onerror='pwned=1'>", "<!-- <script>", "-->", "]]>",
    "&lt;b&gt; &amp; &", "\"' ` ${1} {{7*7}} $title", "\u202e反过来\u202c", "\u200f\u202e不关的", "\u2066孤立",
    "\ufffd\ufffe", "𠀀😀", "甲\u00a0乙", "onclick=alert(1)", "http://example.org/x.png",
]  # fmt: skip


@pytest.fixture
def hostile(run, tmp_path):
    """A page of a plan whose every word is markup, and its database."""
    said = yaml.safe_load((files.PACKAGE.parent / "tests" / "small.yaml").read_text("utf-8"))
    tasks = [{"no": f"{n}{text[:9]}", "text": text} for n, text in enumerate(HOSTILE)]
    name = "<b>局</b>&\"'\u202e"
    tasks[0] |= {"clause": f"{name}、乙局、丙局牵头", "duties": [{"lead": [name, "乙局", "丙局"]}]}
    tasks[0]["regions"] = [{"name": "<i>市</i>&", "text": ["window"]}]
    said["lists"] = [
        {
            "no": "一",
            "title": "</section><h1>题",
            "sections": [{"no": "一", "title": "<u>\u202e节", "tasks": tasks}],
        }
    ]
    said["title"] = "<script>标题</script>$notes\u202e"
    said["agencies"] = [{"name": each, "kind": "省直部门"} for each in (name, "乙局", "丙局")]
    said["regions"] = [
        {"name": "某省", "type": "省级"},
        {"name": "<i>市</i>&", "type": "地级", "aliases": ["window"]},
    ]
    file, made = tmp_path / "hostile.yaml", tmp_path / "hostile.html"
    file.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
    code, _out, err = run("report", "-p", str(file), "-o", str(made))
    assert code == 0, err
    return made, cache.open_plans([str(file)], print)


def test_markup_in_a_plan_stays_text(chromium, hostile):
    made, db = hostile
    with Reader(chromium, made) as reader:
        texts = [str(text) for text in query.select_tasks(db).column("text")]
        shown = reader.texts("#tasks .text")
        assert shown == [text.replace("\ufffe", "\ufffd") for text in texts]
        name = "<b>局</b>&\"'\u202e"
        assert reader.shown(("body", name)) == [query.select_tasks(db).column("no")[0]]
        assert name in reader.texts("#facets bdi")
        assert reader.shown(("region", "<i>市</i>&")) == reader.shown(("body", name))
        for text in texts:
            for word in filter(None, (text.split()[0], text[:3])):
                ((found, said),) = reader.typed([word])
                if "pinyin" not in said and "\ufffe" not in word and len(word.split()) == 1:
                    assert found == numbers(query.select_tasks(db, query.by_keyword(word))), word
        for view in ("matrix", "network"):
            reader.shown(("view", view))
        reader.shown(("body", name))
        reader.page.click("article h4 a >> nth=0")
        assert reader.page.evaluate("typeof window.pwned") == "undefined"
        assert reader.page.locator("img, b:has-text('局'), u, i").count() == 0
        assert reader.texts("h1") == ["<script>标题</script>$notes\u202e"]
        assert (reader.complaints, reader.requests) == ([], [made.as_uri()])


def test_marks_of_direction_turn_nothing_else_around(chromium, hostile):
    made, _db = hostile
    with Reader(chromium, made) as reader:
        order = reader.page.evaluate(
            """() => [...document.querySelectorAll('#facets [data-count]')].map(b =>
              b.firstChild.getBoundingClientRect().x < b.lastChild.getBoundingClientRect().x)"""
        )
        assert order
        assert all(order)
        left = reader.page.evaluate(
            """() => [...document.querySelectorAll('#tasks article dl div')].map(d =>
              d.querySelector('dt').getBoundingClientRect().x < d.querySelector('dd').getBoundingClientRect().x)"""
        )
        assert all(left)
        places = reader.page.evaluate(
            "[...document.querySelectorAll('#t0 dd a')].map(a => a.getBoundingClientRect().x)"
        )
        assert places[:3] == sorted(places[:3])


def test_several_plans_are_told_apart(run, chromium, tmp_path):
    small = files.PACKAGE.parent / "tests" / "small.yaml"
    made = tmp_path / "both.html"
    argv = ["-p", str(files.DEFAULT_PLAN), "-p", str(small), "-o", str(made)]
    assert run("report", *argv)[0] == 0
    with Reader(chromium, made) as both:
        assert len(both.shown()) == 74
        assert both.texts("#tasks .plan") == [
            "安徽省推动长三角一体化发展2022年工作要点",
            "某省2030年演练工作要点",
        ]
        assert both.shown(("plan", "small")) == ["1.1", "1.2", "1.3"]
        assert both.shown(("task", "small:1.2")) == ["1.2"]
        assert both.shown(("section", "small:一(一)")) == ["1.1", "1.2", "1.3"]
        assert both.shown(("body", "甲市人民政府"), ("plan", "small")) == ["1.1", "1.2"]
        assert "计划" in both.texts(".of-plan h2")
        assert both.texts("h1") == ["2份计划"]
        both.visit(["#"])
        titles = both.texts("#tasks .plan")
        assert both.texts(".of-section .whose") == titles
        for n, key in ((0, "anhui-yrd-2022:一"), (1, "small:一")):
            both.visit(["#"])
            below = both.page.locator(f".of-section .whose:has-text('{titles[n]}') + li button")
            below.click()
            assert both.page.evaluate("location.hash") == address(("section", key))
        both.shown(("view", "network"))
        both.shown(("view", "matrix"))
        spans = both.page.evaluate(
            "[...document.querySelectorAll('#matrix thead .whose')].map(t => [t.textContent, t.colSpan])"
        )
        columns = both.page.locator("#matrix tfoot td").count() - 1
        assert spans == [[titles[0], columns - 1], [titles[1], 1]]
        assert both.complaints == []


SEEN = """() => {
  const scroll = document.querySelector('#matrix .scroll');
  scroll.scrollTo(250, 350);
  scroll.scrollIntoView();
  return [...scroll.querySelectorAll('thead th, tfoot th')].map(cell => {
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const [edge, end] = [scroll.querySelector('.body'), scroll].map(e => e.getBoundingClientRect().right);
    if (x > end || (x < edge && !cell.matches('.body, [scope=row]'))) return true; // scrolled away
    return cell.contains(document.elementFromPoint(x, y));
  });
}"""


@pytest.mark.parametrize("several", [False, True])
def test_the_heads_of_the_matrix_stay_in_sight(run, chromium, file, tmp_path, several):
    made = tmp_path / "both.html" if several else file
    if several:
        argv = ["-p", str(files.DEFAULT_PLAN), "-p", "tests/small.yaml", "-o", str(made)]
        assert run("report", *argv)[0] == 0
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
        with Reader(chromium, made, viewport=size) as reader:
            seen = reader.visit(["#view=matrix"], SEEN)[0]
            assert len(seen) > 12
            assert all(seen), seen


def test_chinese_sentences_stand_without_spaces(reader):
    for asked in (
        "",
        "q=合肥市",
        "region=皖北&role=lead",
        "view=network",
        "view=network&q=科技",
        "view=matrix",
    ):
        reader.visit([f"#{asked}"])
        said = reader.texts("#count > *, #asked, .legend, .side p, .why")
        assert said
        spaced = [text for text in said if re.search(r"[。；：，] |[。；：，）\d项] +（", text)]
        assert spaced == [], asked


def test_a_plan_without_places_headings_or_leads_says_so(run, chromium, tmp_path):
    bare = {"id": "bare", "title": "某省工作", "year": 2030, "jurisdiction": "安徽"}
    bare |= {"source": {"publisher": "网", "date": "2030-01-01"}}
    bare["lists"] = [{"tasks": [{"no": "1", "text": "做事。"}, {"no": "1", "text": "再做。"}]}]
    file, made = tmp_path / "bare.yaml", tmp_path / "bare.html"
    file.write_text(yaml.safe_dump(bare, allow_unicode=True), "utf-8")
    code, _out, err = run("report", "-p", str(file), "-o", str(made))
    assert code == 0, err
    with Reader(chromium, made) as reader:
        assert reader.shown() == ["1", "1"]
        assert reader.shown(("task", "1~2")) == ["1"]
        assert reader.texts(".facet h2") == []
        assert "没有可列的责任分工" in reader.page.inner_text("#found") or reader.shown(
            ("view", "matrix")
        )
        reader.shown(("view", "network"))
        assert "没有关系线" in reader.page.inner_text("#network")
        assert reader.complaints == []
