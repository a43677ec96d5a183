"""The world of the tests: a cache of their own, the shipped plan and a small one, their sheets."""

import itertools
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from hypothesis import settings

from plancli.cli.main import main
from plancli.database import cache
from plancli.errors import PlanError
from plancli.output.charts import canvas
from plancli.plan import io as plan_io
from plancli.plan.model import Plan
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files
from tests import shown as kept
from tests.oracle import Oracle
from tests.sheets import collected, found, pack_once, rows_of, small_plan

# Chosen by ``--hypothesis-profile``; in ``ci`` a failure is due to the code, not to chance.
settings.register_profile("fast", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "fast")
# Who runs the tests in the background has them, and all they start, ignore Ctrl-C or a hang-up.
signal.signal(signal.SIGINT, signal.default_int_handler)
for name in {"SIGTERM", "SIGHUP"} & {*dir(signal)}:
    signal.signal(getattr(signal, name), signal.SIG_DFL)
HERE = Path(__file__).parent
SMALL = HERE / "small.yaml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # a browser that asks the network for nothing of its own
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
    " --disable-ipc-flooding-protection"  # it holds back pages that are asked very often
).split()


def pytest_addoption(parser):
    parser.addoption("--write-shown", action="store_true", help="write the files of tests/shown")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    if config.option.write_shown:  # several texts go into one file: in one process
        config.option.numprocesses = 0


SLOW_FIXTURES = {"chromium", "packed"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW_FIXTURES.intersection(item.fixturenames):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def shown(request):
    """``shown(name, text)`` holds *text*, which ends in a line break, against what is kept."""
    test = request.node.originalname.removeprefix("test_")

    def shown(name: str, text: str) -> None:
        if request.config.getoption("--write-shown"):
            kept.write_text(test, name, text)
        before = kept.without_spacing(kept.read_texts(test).get(name, ""))
        assert kept.without_spacing(text) == before, "pytest --write-shown writes it"

    return shown


@pytest.fixture(autouse=True)
def world(monkeypatch, tmp_path_factory):
    """English, 80 columns, no colour, and one cache for the whole run."""
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("PLANCLI_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PLANCLI_PLAN", raising=False)


@pytest.fixture(scope="session")
def known() -> Registry:
    return registry_io.load_default_registry()


@pytest.fixture(scope="session")
def plan(known) -> Plan:
    return plan_io.parse_plan(files.read_plan_file(files.DEFAULT_PLAN), "plan2022.yaml", known)


@pytest.fixture(scope="session")
def oracle(plan, known) -> Oracle:
    return Oracle(plan, known)


@pytest.fixture
def db() -> sqlite3.Connection:
    return cache.open_plans((), note=lambda message: pytest.fail(message))


@pytest.fixture
def run(capsysbinary):
    """``run("agency", "省能源局")`` returns (exit code, stdout, stderr)."""

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = capsysbinary.readouterr()
        return int(code), out.decode(), err.decode()

    return run


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """The shipped plan's sheets, with Word files; nobody writes here."""
    folder = tmp_path_factory.mktemp("out") / "反馈表"
    pack_once(tmp_path_factory, folder, "--docx")
    return folder


@pytest.fixture(scope="session")
def sent(packed):
    """Every row that went out."""
    return rows_of(packed)


@pytest.fixture(scope="session")
def by_body(sent):
    """Body: its rows."""
    return {body: list(rows) for body, rows in itertools.groupby(sent, key=lambda row: row.body)}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A made-up plan with three bodies and its sheets; nobody writes here."""
    file = small_plan(tmp_path_factory.mktemp("small"))
    pack_once(tmp_path_factory, file.parent / "out", "-p", str(file))
    return file


@pytest.fixture
def collect(run, small, tmp_path):
    """``collect(folder)`` adds to p.yaml, and returns what was found but the silent."""

    def collect(folder, *argv, without=("missing", "blank")):
        return found(collected(run, folder, tmp_path / "p.yaml", "-p", str(small), *argv), *without)

    return collect


@pytest.fixture(scope="session")
def letters():
    """A font for Chinese, which pictures need."""
    pytest.importorskip("matplotlib")
    try:
        canvas.find_fonts()
    except PlanError:
        pytest.skip("no font for Chinese on this machine: apt install fonts-noto-cjk")


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium; a test opens its own ``chromium.new_context(...)`` and closes it."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip("no Chromium on this machine: apt install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
