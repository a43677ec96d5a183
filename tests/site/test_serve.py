"""The process behind the site: how it begins and ends, who reaches it, what browsers make of it."""

import html
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
import yaml

from plancli.system import files
from tests.conftest import SMALL
from tests.site.served import serving, started

pytestmark = pytest.mark.slow

LOOPBACK = ("0100007F", "00000000000000000000000001000000")  # as the kernel writes them
EVIL = [
    "<script>window.pwned = 1</script>",
    '</script></title></textarea></style><img src=x onerror="window.pwned = 2">',
    "'\"><svg onload=window.pwned=3>",
    "&lt;b&gt;&amp;&#39;",
    "反\u202e字序\u202c",
    "{{ 7 * 7 }}{% raw %}",
    "见 http://example.invalid/x?a=1&b=<i>",
]


def listened(pid):
    """Return where the process listens, each as the kernel's address and port."""
    own = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in own:
                address, port = cells[1].split(":")
                found.append((address, int(port, 16)))
    return found


def own_address():
    """Return an address of this machine that others reach it by, if it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which address would
        except OSError:
            return None
        return probe.getsockname()[0]


def refused(*argv, without="", **env):
    """Return exit code, stdout and stderr of a ``plancli serve`` that does not begin."""
    code = f"import sys; sys.modules.update(dict.fromkeys({without.split()}))"
    code += f"; from plancli.cli.main import main; sys.exit(main({['serve', *argv]}))"
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, timeout=60
    )
    return run.returncode, run.stdout.decode(), run.stderr.decode()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_it_says_where_it_is_and_ends_quietly(cache, tmp_path):
    before = {*tmp_path.iterdir()}
    site = started(cache, cwd=tmp_path)
    assert site.said == f"open http://127.0.0.1:{site.port}/ in a browser; stop with Ctrl-C\n"
    assert "推动长三角一体化发展" in site.page("")
    assert site.stop() == (130, "", "")
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", site.port)) != 0
    assert {*tmp_path.iterdir()} == before
    assert {file.suffix for file in cache.iterdir()} == {".db"}


def test_it_ends_at_once_and_while_it_is_asked(cache):
    assert started(cache).stop() == (130, "", "")
    site = started(cache)
    with socket.create_connection(("127.0.0.1", site.port)) as idle:
        open_one = http.client.HTTPConnection("127.0.0.1", site.port)
        open_one.request("GET", "/plan/all_tasks")
        assert open_one.getresponse().read(10)
        idle.sendall(b"GET / HT")
        assert site.stop() == (130, "", "")
    assert started(cache).stop(signal.SIGTERM) == (128 + signal.SIGTERM, "", "")


LONG = """WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1900)
SELECT hex(zeroblob(4000)) FROM n"""
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


@pytest.mark.parametrize(
    ("format", "sql"), [("csv", LONG), ("json", LONG), ("html", LONG), ("json", ENDLESS)]
)
def test_it_ends_quietly_though_nobody_takes_the_answer(cache, format, sql):
    site = started(cache)
    with socket.create_connection(("127.0.0.1", site.port)) as deaf:
        query = urllib.parse.urlencode({"sql": sql})
        end = "" if format == "html" else f".{format}"
        deaf.sendall(f"GET /plan{end}?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert site.ask("plan/task/1")[0] == 200  # the other is being answered meanwhile
        if sql == LONG:
            assert deaf.recv(9)
        assert site.stop() == (130, "", "")


def test_only_this_machine_reaches_it(cache):
    with serving(cache) as site:
        assert listened(site.process.pid) == [(LOOPBACK[0], site.port)]
        if address := own_address():
            with socket.socket() as other:
                assert other.connect_ex((address, site.port)) != 0


def test_a_page_from_elsewhere_cannot_read_it(cache):
    with serving(cache) as site:
        for name in (
            "evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
            "",
            "[",
            "10.0.0.1",
        ):
            status, said = site.ask("plan/task.json", headers={"Host": name})
            assert (status, said) == (421, "this page is available on its own machine only")
        for name in (f"localhost:{site.port}", "127.0.0.1", "[::1]:80", "LOCALHOST"):
            assert site.ask("plan/task.json", headers={"Host": name})[0] == 200


SQL = "plan?sql=select+1"
PAGES = ("", "plan/all_tasks", "plan/task?_sort=id", SQL, "plan/task?_where=1", "plan.json?sql=x")
FROM = "Sec-Fetch-Site"
OPENED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_page_of_another_site_cannot_make_it_work(cache, host):
    with serving(cache, "--host", host, lines=1 if host == "127.0.0.1" else 2) as site:
        for headers in (
            {FROM: "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
            {FROM: "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
            {FROM: "same-site", "Sec-Fetch-Mode": "cors"},  # another port of this machine
            {FROM: "cross-site"},
            {"Origin": "null"},
            {"Origin": "http://evil.example"},
            {"Origin": "http://127.0.0.1:1"},
        ):
            for page in PAGES:
                assert site.ask(page, headers=headers)[0] == 403, (headers, page)
        for page in PAGES:  # a link that a person follows
            status = site.ask(page, headers={FROM: "cross-site", **OPENED})[0]
            assert (status == 403) == ("sql=" in page or "_where" in page)
        for headers in (
            {},
            {FROM: "same-origin", "Sec-Fetch-Mode": "cors"},
            {FROM: "none", **OPENED},
            {"Origin": site.address.rstrip("/")},
        ):
            assert [site.ask(page, headers=headers)[0] for page in ("", SQL)] == [200, 200]


def test_a_browser_at_another_site_is_refused(cache, chromium):
    """The same with a real browser: it says whose page asks."""
    with serving(cache) as site, serving(cache) as other:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(other.address)
        seen = []
        page.on("response", lambda answer: seen.append((answer.url, answer.status)))
        page.evaluate(
            """async address => {
              await fetch(address, {mode: 'no-cors'}).catch(() => 0);
              await new Promise(done => {
                const image = new Image(); image.onload = image.onerror = done; image.src = address;
              });
              await new Promise(done => {
                const frame = document.createElement('iframe');
                frame.onload = done; frame.src = address; document.body.append(frame);
              });
            }""",
            site.address + SQL,
        )
        context.close()
        assert {status for url, status in seen if url.startswith(site.address)} == {403}


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_whoever_opens_it_to_others_is_told(cache, host):
    if host == "::" and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with serving(cache, "--host", host, lines=2) as site:
        assert f"everyone who can reach this machine at {host} can read the plan\n" in site.said
        assert site.ask("plan/task.json", headers={"Host": "plans.example"})[0] == 200
        assert listened(site.process.pid)[0][0].strip("0") == ""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_other_names_of_this_machine(cache, host):
    if host == "::1" and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with serving(cache, "--host", host) as site:
        assert "everyone" not in site.said
        assert site.ask("plan/task.json")[0] == 200


def test_a_port_that_is_taken(cache):
    with serving(cache) as site:
        code, out, err = refused("--port", str(site.port))
        assert (code, out) == (1, "")
        assert err == (
            f"error: port {site.port} is in use\n"
            " hint: choose another with --port; --port 0 selects any free port\n"
        )
        assert "已被占用" in refused("--port", str(site.port), PLANCLI_LANG="zh")[2]


@pytest.mark.parametrize("port", ["70000", "65536", "-1", "x", "", "1.5", "９９９９９９", "8001 "])
def test_ports_that_are_none(port):
    code, out, err = refused("--port", port)
    assert (code, out) == (2, "")
    assert f"error: {port} is not a valid port\n hint: " in err


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "x" * 70 + ".y", "1:2"])
def test_addresses_that_are_not_this_machine_s(host):
    code, out, err = refused("--host", host)
    assert (code, out) == (1, "")
    assert f"error: cannot listen at {host}, port 8001: " in err
    assert "hint: " in err


@pytest.mark.parametrize("package", ["datasette", "uvicorn"])
def test_a_missing_package(package):
    assert refused(without=package) == (
        5,
        "",
        f"error: {package} is needed to serve the plan\n hint: pip install 'plancli[web]'\n",
    )


def test_plans_from_anywhere(tmp_path, run):
    """A database, one whose name an address could misread, and one that is only in memory."""
    odd = tmp_path / "甲?b#c%20d e.db"
    assert run("build", "-o", str(odd), "-p", str(SMALL))[0] == 0
    kept = odd.read_bytes()
    with serving(tmp_path / "cache", "-p", odd) as site:
        assert [row["序号"] for row in site.rows("all_tasks")] == ["1.1", "1.2", "1.3"]
    assert odd.read_bytes() == kept
    assert [file.name for file in tmp_path.iterdir()] == [odd.name]
    (tmp_path / "no folder").write_text("")
    with serving(tmp_path / "no folder" / "cache", "-p", SMALL, lines=2) as site:
        assert "built in memory" in site.said
        for _n in range(6):  # by every thread
            assert [row["序号"] for row in site.rows("all_tasks")] == ["1.1", "1.2", "1.3"]
            assert len(site.rows("tasks_of_body", agency="yanlianju")) == 1
        assert site.ask("plan", sql="WITH x AS (SELECT 1) DELETE FROM task")[0] == 400
        assert len(site.rows("all_tasks")) == 3


def test_a_plan_that_is_not_right(tmp_path):
    (tmp_path / "x.yaml").write_text("id: x\n")
    assert refused("-p", str(tmp_path / "x.yaml"))[0] == 4


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A plan whose every word is markup, served."""
    plan = yaml.safe_load(SMALL.read_text("utf-8"))
    evil = "".join(EVIL)
    plan["title"] += evil
    plan["preamble"] = EVIL
    plan["source"] |= {"publisher": f"网{evil}", "title": evil, "note": evil}
    (top,) = plan["lists"]
    top["title"] += evil
    (section,) = top["sections"]
    section["title"] += evil
    first, second, third = section["tasks"]
    first["text"] += evil
    second["text"] += "javascript:window.pwned=4"
    third["text"] = "javascript:window.pwned=5"
    raw = yaml.safe_dump(plan, allow_unicode=True)
    for name in ("省演练局", "乙市"):
        raw = raw.replace(name, f"{name}<img src=x onerror=window.pwned=6>&amp;")
    file = tmp_path_factory.mktemp("hostile") / "plan.yaml"
    file.write_text(raw, "utf-8")
    with serving(file.parent / "cache", "-p", file) as site:
        yield site, evil


def paths(site):
    """Return the pages that the pages link to, two steps from the first, each kind once.

    Two addresses are of a kind where they differ only in what is asked for.
    """
    found = {kind("/"): "/"}
    here = ["/"]
    for _step in range(2):
        pages = [site.ask(path[1:])[1] for path in here]
        links = {html.unescape(link) for page in pages for link in LINKS.findall(page)}
        new = {kind(link): link for link in sorted(links) if link.startswith("/")}
        here = [link for each, link in new.items() if each not in found]
        found = new | found
    return sorted(found.values())


def kind(link):
    path, _mark, query = link.partition("?")
    return re.sub(r"/\d[^/]*$", "/…", path), tuple(urllib.parse.parse_qs(query))


PROD = """document.querySelectorAll('*').forEach(each => each.closest('a, form, button') ||
  ['mouseover', 'focus', 'click', 'load', 'error'].forEach(
    kind => each.dispatchEvent(new Event(kind))))"""
LINKS = re.compile(r'(?:href|src|action)="([^"]*)"')


def test_markup_in_a_plan_stays_text(hostile, chromium):
    site, evil = hostile
    asked, said = [], []
    context = chromium.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append((message.text, page.url)))
    page.on("pageerror", lambda error: said.append((str(error), page.url)))
    page.on("dialog", lambda dialog: said.append((dialog.message, page.url)))
    seen = [path for path in paths(site) if not re.search(r"\.(json|csv|css|png)|^/-/", path)]
    assert len(seen) > 45
    for path in seen:
        page.goto(site.address + path[1:])
        page.evaluate(PROD)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("svg[onload], img, a[href^='javascript:']").count() == 0, path
    for path in (
        "plan/task",
        "plan/task/1",
        "plan/all_tasks",
        "plan/tasks_with_word?" + urllib.parse.urlencode({"word": "建设"}),
        "plan/tasks_of_body?agency=yanlianju",
        "plan?sql=select+*+from+task",
    ):
        page.goto(site.address + path)
        shown = page.locator("td", has_text="支持甲市").first.inner_text()
        assert shown == f"支持甲市[b]建设[/b]:x:基地，新增=1+1家100%。{evil}", path
    page.goto(site.address)
    assert page.title() == f"《某省2030年演练工作要点{evil}》"
    assert page.locator(".metadata-description").inner_text() == (
        f"共3项任务。只供查阅，在此不能改动。\n{evil}"
    )
    assert page.locator(".source").inner_text() == f"来源：网{evil}，2030-01-01"
    assert page.locator("h1").inner_text() == f"《某省2030年演练工作要点{evil}》"
    context.close()
    assert said == []
    assert {urllib.parse.urlsplit(url).netloc for url in asked} == {f"127.0.0.1:{site.port}"}


def test_what_is_typed_stays_text(hostile, chromium):
    site, evil = hostile
    context = chromium.new_context()
    page = context.new_page()
    for question, asks in (("tasks_of_body", "agency"), ("tasks_with_word", "word")):
        page.goto(f"{site.address}plan/{question}")
        page.fill("#asked", evil)
        page.press("#asked", "Enter")
        page.wait_for_url("**?*")
        assert page.evaluate("window.pwned") is None
        assert page.input_value("#asked") == evil
        assert urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)[asks] == [evil]
    assert page.locator("td", has_text="支持甲市").count() == 1  # the word is in its text
    assert site.rows("tasks_with_word", word=" ") == []  # nothing typed, though texts hold it
    page.goto(site.address + "plan?" + urllib.parse.urlencode({"sql": f"select '{evil}"}))
    assert page.evaluate("window.pwned") is None
    context.close()


def test_pages_refer_to_nothing_elsewhere(cache):
    with serving(cache) as site:
        every = [path for path in paths(site) if not re.search(r"\.(csv|png)|^/-/", path)]
        assert len(every) > 60
        for path in every:
            status, said = site.ask(path[1:])
            assert status == 200, path
            for link in [*LINKS.findall(said), *re.findall(r"url\(['\"]?(\w+:[^)]*)", said)]:
                assert link.startswith((site.address, "/", "?", "#", "data:")) or not re.match(
                    r"\w+:|//", link
                ), (path, link)
                assert not link.startswith("//")


def test_pages_fit_a_phone_and_a_desk(cache, chromium):
    with serving(cache) as site:
        for width in (390, 1280):
            context = chromium.new_context(viewport={"width": width, "height": 800})
            page = context.new_page()
            for path in (
                "",
                "plan",
                "plan/task",
                "plan/agency",
                "plan/task/41",
                "plan/all_tasks",
                "plan/workload",
                "plan/tasks_of_body",
                "plan/tasks_about_place?region=wanbei",
            ):
                page.goto(site.address + path)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (path, wide)
                thin = page.evaluate(THIN)
                assert thin == [], (path, width, thin)
                for cell in page.locator("td[data-label='工作任务']").all()[:3]:
                    label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
                    assert label == ("none" if width > 576 else '"工作任务"')
                    assert cell.bounding_box()["width"] >= 280
            context.close()


THIN = """[...document.querySelectorAll('td')].filter(cell => cell.innerText.length > 3
  && cell.getBoundingClientRect().width < 40).map(cell => cell.innerText)"""


def test_the_package_brings_its_pages():
    """The wheel holds whatever is in the package: what the site needs beside Python is there."""
    web = files.PACKAGE / "site"
    beside = {file.name for file in web.rglob("*") if file.suffix in (".html", ".css", ".yaml")}
    assert {"tables.yaml", "plan.css", "question.html", "index.html"} <= beside
    if git := shutil.which("git"):
        listed = [
            git,
            "ls-files",
            "--others",
            "--ignored",
            "--exclude-standard",
            "--directory",
            ".",
        ]
        run = subprocess.run(listed, cwd=web, capture_output=True, text=True)
        assert not [name for name in run.stdout.splitlines() if "__pycache__" not in name]
