"""Poor terminals, odd systems, Ctrl-C, hostile words: in short, what scripts/trials/systems tries."""

import ast
import os
import random
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from plancli import __main__ as process
from plancli.cli.main import build_program
from plancli.database import cache
from plancli.output import formats
from plancli.plan.model import iter_tasks
from plancli.system import files
from scripts.trials.systems import conditions, interrupts, terminals, widths
from scripts.trials.systems.__main__ import checks
from scripts.trials.systems.world import Question, World, questions

pytestmark = pytest.mark.slow

SAID = ("agency 省能源局", "list -r 宿州 -f json", "check 2021.yaml", "list -o 任务.txt")
ASKED = [Question(tuple(said.split())) for said in SAID]
CONDITIONS = [
    *(each.name for each in conditions.CONSOLES[:4]), "HOME is not there", "HOME cannot be written",
    "stdin, stdout and stderr closed", "only a byte is read, | head -c 1", "20 columns",
    "400 columns", "terminal, PAGER=less, LESS not set, q", "terminal, TERM=dumb",
]  # fmt: skip
HARM = {
    "escapes": "\x1b[31mred\x1b[0m\x9b1m\x07\x08[bold]x[/bold] {0}{name}%s",
    "another line": "a\nerror: forged\r\u2028b",
    "no text": b"\xff\xfe".decode("utf-8", "surrogateescape") + "\u202eevil\u200f",
}
POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# Deleted where it runs, as Windows has them not; what the standard library itself needs here stays.
WITHOUT = """import os, signal
for name in "sched_getaffinity fork forkpty getuid geteuid getgid setsid killpg nice".split():
    delattr(os, name)
for name in "SIGHUP SIGKILL SIGPIPE SIGALRM SIGUSR1 SIGQUIT pthread_sigmask setitimer".split():
    delattr(signal, name)
"""
HEARD = """import os, sys
class Now:
    def find_spec(self, name, *_rest):
        if name == {name!r}:
            os.kill(os.getpid(), 2)
sys.meta_path.insert(0, Now())
sys.argv = ["plancli", *{argv!r}]
from plancli.__main__ import run
run()
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def plain(world):
    return {question: world.ask(question) for question in ASKED}


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_answer_is_the_same_on_poor_systems(world, plain, tmp_path, name):
    check = checks(tmp_path)[name]
    wrong = {str(each): list(check(world, each, plain[each])) for each in ASKED}
    assert not any(wrong.values()), wrong


def test_every_command_is_tried():
    tried = {question.argv[0] for question in questions() if question.argv}
    assert tried >= {command.name for command in build_program([]).registered_commands}
    assert widths.COLUMNS[0] == 20
    assert len(terminals.TERMINALS) >= 8


@pytest.mark.parametrize("module", ["plancli.cli", "typer", "plancli.query", "rich.console"])
def test_ctrl_c_while_the_program_loads_ends_it_quietly(module):
    script = HEARD.format(name=module, argv=["agency", "省能源局"])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_ctrl_c_is_ignored_where_whoever_called_had_it_ignored():
    script = HEARD.format(name="rich.console", argv=["agency", "省能源局"])
    script = f"import signal; signal.signal(2, signal.SIG_IGN)\n{script}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "省能源局：牵头 3" in done.stdout.decode()


def test_ctrl_c_leaves_nothing_half_written(world):
    asked = [Question(("list", "-o", "任务.xlsx")), Question(("build", "-o", "plan.db"))]
    cuts = list(interrupts.cuts(world, asked, 2, random.Random(7)))
    assert [cut for cut in cuts if cut.wrong and not cut.early] == []


def test_who_listens_no_more_does_not_stop_the_work(world):
    how = "only a line is read, 2>&1 | head -1"
    for said in ("import 工作要点.txt -o plan.yaml", "task 99"):
        question = Question(tuple(said.split()))
        assert list(conditions.closed(how, world, question, world.ask(question))) == []


def test_words_in_gbk_are_never_taken_for_utf_8(plan, monkeypatch):
    monkeypatch.setattr(os, "fsencode", lambda word: word.encode("gbk"))
    words = {entry.task.text[at : at + n] for entry in iter_tasks(plan)
             for at in range(len(entry.task.text)) for n in (1, 2, 3, 4)}  # fmt: skip
    words |= {"省", "县", "通", "联通"}
    assert {word for word in words if process._decode_argument(word) != word} == set()


@pytest.mark.parametrize("locale", ["ascii", "latin-1"])
def test_words_in_utf_8_are_read_whatever_the_locale(monkeypatch, locale):
    monkeypatch.setattr(os, "fsencode", lambda word: word.encode(locale, "surrogateescape"))
    for word in ("省能源局", "省", "§", "agency"):
        typed = word.encode().decode(locale, "surrogateescape")
        if locale == "ascii" or min(word) >= "\u0800" or word.isascii():
            assert process._decode_argument(typed) == word


def test_a_name_that_the_system_cannot_write_is_said(world):
    raw = {"LC_ALL": "C", **conditions.RAW}
    for said in ("check 计划.yaml", "pack 反馈表", "import 工作要点.txt", "export -o 任务.csv"):
        done = world.ask(Question(tuple(said.split())), raw)
        assert (done.code, done.traced) == (2, False)
        assert b"is not a valid file name in ascii\n hint: set PYTHONUTF8=1" in done.err


def test_who_has_no_home_has_no_cache_here(monkeypatch, tmp_path):
    import pwd

    monkeypatch.chdir(tmp_path)
    for name in ("PLANCLI_CACHE", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: {}["nobody"])
    said = []
    cache.open_plans((), said.append).close()
    assert ["built in memory" in each for each in said] == [True]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_words_that_a_terminal_would_obey_are_never_echoed(run, monkeypatch, tmp_path, harm):
    monkeypatch.chdir(tmp_path)
    names = [each.name for each in build_program([]).registered_commands if each.name != "serve"]
    asked = [[harm], [f"--{harm}"], ["matrix", "--by", harm], ["import", "x", "--id", harm],
             ["progress", "--today", harm], *([name, harm] for name in names),
             *(["list", option, harm] for option in ("-n", "-o", "-p", "--year"))]  # fmt: skip
    for argv in asked:
        code, out, err = run(*argv)
        assert code in range(6), argv
        assert [char for char in out + err if char != "\n" and not char.isprintable()] == [], argv
        assert not any(line.startswith("error: forged") for line in (out + err).splitlines()), argv


@pytest.mark.skipif(os.name == "nt", reason="no such name is possible there")
def test_names_of_files_that_a_terminal_would_obey_are_shown_harmless(run, tmp_path):
    file = tmp_path / "\x1b[31m计\u202e划\n.yaml"
    file.write_bytes(
        files.DEFAULT_PLAN.read_bytes().replace("积极推动".encode(), "大力推动".encode())
    )
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "\x1b]0;x\x07.xlsx").write_bytes(b"no workbook")
    for argv in (["check", str(file)], ["plans", "-p", str(file)], ["verify", str(file)],
                 ["collect", str(tmp_path / "back"), "-o", str(tmp_path / "p.yaml")],
                 ["list", "-p", str(file.with_suffix(".yml"))]):  # fmt: skip
        _code, out, err = run(*argv)
        assert "\x1b" not in out + err
        assert "\u202e" not in out + err
        assert "\x07" not in out + err


def test_a_long_chinese_name_is_no_hindrance(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ("关于" * 40 + ".csv")  # 244 bytes of the 255 that systems take
    assert run("export", "-o", str(file))[0] == 0
    assert file.read_bytes().count(b"\r\n") == 72
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path / "cache"))
    plan = tmp_path / ("𠮷" * 60 + ".yaml")
    plan.write_bytes(files.DEFAULT_PLAN.read_bytes())
    assert run("stats", "-f", "tsv", "-p", str(plan))[2] == ""
    assert len([*(tmp_path / "cache").glob("*.db")]) == 1


def test_nothing_is_imported_that_only_posix_has():
    """But where it is said what to do without it."""
    for file in Path(cache.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        tried = {
            each
            for node in ast.walk(tree)
            if isinstance(node, ast.Try)
            and "ImportError"
            in [handler.type and ast.unparse(handler.type) for handler in node.handlers]
            for each in node.body
        }
        for node in ast.walk(tree):
            if node in tried:
                continue
            if isinstance(node, ast.Import):
                assert not POSIX & {each.name for each in node.names}, file
            assert not (isinstance(node, ast.ImportFrom) and node.module in POSIX), file


def test_what_windows_lacks_is_not_missed(world, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT, "utf-8")
    path = os.pathsep.join([str(tmp_path), world.plain["PYTHONPATH"]])
    bulk = "import 工作要点.txt 又一份.txt -o 成批 --jobs 2"
    for said in ("agency 省能源局", "build -o x.db", bulk, "list -o 任务.xlsx", "report -o x.html"):
        question = Question(tuple(said.split()))
        assert world.ask(question, {"PYTHONPATH": path}) == world.ask(question)


def test_paths_of_windows_are_paths(monkeypatch):
    for file, format in ((r"C:\计划\任务.CSV", "csv"), (r"\\server\share\a.b\t.json", "json"),
                         (r"D:t.htm", "html")):  # fmt: skip
        assert formats.resolve_format(PureWindowsPath(file)) == format
    assert files.is_possible_plan(PureWindowsPath(r"C:\plans\X.YAML"))
    assert not files.is_possible_plan(PureWindowsPath(r"C:\plans\agencies.yaml"))
    monkeypatch.setattr(os, "pathsep", ";")
    monkeypatch.setenv("PLANCLI_PLAN", r"C:\plans\x.yaml;D:\计划.yaml")
    assert [*map(str, files.find_plan_files(()))] == [r"C:\plans\x.yaml", r"D:\计划.yaml"]
