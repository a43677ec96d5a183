"""What people see and what shells get: texts, widths, streams, exit codes, errors."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import plancli
from plancli.cli import console
from plancli.cli.main import COMMANDS, build_program
from plancli.system import files
from plancli.text.layout import measure_width
from tests.conftest import SMALL

QUESTIONS = [
    [],
    ["agency"],
    ["agency", "省能源局"],
    ["agency", "合肥市", "--lead"],
    ["agency", "省水利厅", "--possible"],
    ["region"],
    ["region", "皖北"],
    ["region", "皖北", "--exact"],
    ["region", "合肥", "--agency", "省科技厅"],
    ["section"],
    ["section", "2.3"],
    ["section", "三"],
    ["keyword", "科创", "金融"],
    ["task", "41", "8"],
    ["list", "--section", "二(六)"],
    ["export", "-f", "md", "-s", "2.6"],
    ["stats"],
    ["plan"],
]


@pytest.mark.parametrize("argv", QUESTIONS, ids=" ".join)
def test_what_people_see(run, shown, argv):
    code, out, err = run(*argv)
    assert code == 0
    shown(" ".join(["plancli", *argv]), out + err)


@pytest.mark.parametrize("argv", [each for each in QUESTIONS if "md" not in each], ids=" ".join)
@pytest.mark.parametrize("columns", [20, 40, 80, 120, 200])
def test_nothing_is_wider_than_the_terminal_or_cut(run, monkeypatch, argv, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    _code, out, _err = run(*argv)
    assert "…" not in out
    if columns >= 60 or argv not in ([], ["section"], ["agency"], ["region"], ["plan"], ["stats"]):
        assert max(measure_width(line.rstrip()) for line in out.splitlines()) <= columns


def test_wide_terminals_use_their_width(run, monkeypatch):
    lines = []
    for columns in (80, 120, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines.append(run("list")[1].count("\n"))
    assert all(few < many for many, few in pairwise(lines))


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (["agancy"], 2, "did you mean agency?"),
        (["--nonsense"], 2, "unknown option: --nonsense"),
        (["agency", "--nonsense"], 2, "unknown option: --nonsense"),
        (["--plan", "x.yaml", "list"], 2, "options follow the command: plancli list --plan"),
        (["list", "--fromat", "json"], 2, "did you mean --format?"),
        (["list", "--foo"], 2, "see “plancli list --help”"),
        (["list", "-a"], 2, "see “plancli list --help”"),
        (["map", "-f", "graphml"], 2, "graphml is not available for this answer"),
        (["network", "-f", "gexf"], 2, "unknown format: gexf"),
        (["list", "--plan"], 2, "--plan needs a value"),
        (["list", "-n", "0"], 2, "--limit must be a whole number, 1 or more"),
        (["list", "-n", "abc"], 2, "--limit must be a whole number, 1 or more"),
        (["list", "--offset", "-1"], 2, "--offset must be a whole number, 0 or more"),
        *(
            ([*argv], 2, "must be a whole number")
            for argv in (
                ("list", "--limit", "1_0"),
                ("list", "--limit=1_0"),
                ("list", "--offset", "1_0"),
                ("import", "--jobs=1_0", "a", "b"),
                ("import", "--year", "20_22", "a.txt"),
            )
        ),
        (["list", "-n", "1_0"], 2, "--limit must be a whole number"),
        (["list", "-n1_0"], 2, "--limit must be a whole number"),
        (["list", "-o", ""], 2, "--output needs a value"),
        (["list", "--output="], 2, "--output needs a value"),
        (["import", "a.txt", "-o", ""], 2, "--output needs a value"),
        (["import", "x", "--year", "abc"], 2, "--year must be a whole number"),
        (["list", "extra"], 2, "too many arguments: extra"),
        (["list", "我的计划.yaml"], 2, "plancli list --plan 我的计划.yaml"),
        (["keyword"], 2, "WORD... is missing"),
        (["keyword", ""], 2, "a keyword is empty"),
        (["task"], 2, "NO... is missing"),
        (["task", ""], 2, "a number is empty"),
        (["list", "-k", ""], 2, "a keyword is empty"),
        (["agency", "--possible"], 2, "--possible needs a name"),
        (["region", "--exact"], 2, "--exact needs a name"),
        (["import", ".", "-o", "plans.db"], 2, "plancli build --plan FOLDER -o plans.db"),
        (["region", "--offset", "3"], 2, "--offset needs a name"),
        (["section", "-n", "3"], 2, "--limit needs a name"),
        (["省能源局"], 2, "did you mean plancli agency 省能源局?"),
        (["list", "-o", "nosuffix"], 2, "nosuffix has no suffix, so its format is unknown"),
        (["build", "-o", "/tmp"], 1, "/tmp is a folder"),
        (["build", "-o", "-"], 2, "not a database file name: -"),
        (["build", "-o", "new.yaml"], 2, "not a database file name: new.yaml"),
        (["list", "--plan", ""], 2, "--plan needs a value"),
        (["list", "--plan", "x" * 300], 4, "cannot read xxx"),
        (["build"], 2, "--output is missing"),
        (["list", "-f", "pdf"], 2, "unknown format: pdf"),
        (["list", "-o", "x.pdf"], 2, ".pdf files are not supported"),
        (["export", "--csv", "--json"], 2, "two formats are given"),
        (["export", "--csv", "-f", "csv"], 2, "two formats are given"),
        (["list", "--role", "boss"], 2, "unknown role: boss"),
        (["list", "--lead", "--role", "参与"], 2, "contradict"),
        (["task", "9-1"], 2, "not a range of numbers"),
        (["task", "1-99999999"], 2, "not a range of numbers"),
        (["task", "99"], 3, "there is no task 99"),
        (["agency", "省能原局"], 3, "did you mean 省能源局"),
        (["agency", "办公厅"], 3, "may mean"),
        (["list", "-r", "丙市"], 3, "no region matches 丙市"),
        (["list", "-a", "丙局"], 3, "no agency matches 丙局"),
        (["section", "9.9"], 3, "no section matches 9.9"),
        (["agency", "\udcff"], 3, "no agency matches"),
        (["list", "--plan", "nowhere.yaml"], 4, "cannot read nowhere.yaml"),
    ],
)
def test_a_failure_says_what_to_do(run, argv, code, says):
    got, out, err = run(*argv)
    assert (got, out) == (code, "")
    assert says in err
    assert "hint: " in err
    assert err.count("error: ") == 1


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["keyword", "无此词"], "no task contains 无此词"),
        (["agency", "省水利厅", "-f", "json"], "no task names 省水利厅"),
        (["region", "亳州"], "no task mentions 亳州"),
        (["list", "-r", "皖北", "-k", "亚运会"], "no task matches the filters"),
        (["agency", "-k", "无此词"], "nothing matches the filters"),
    ],
)
def test_nothing_found_is_an_answer(run, argv, says):
    code, out, err = run(*argv)
    assert code == 0
    assert says in err
    assert "error" not in err
    assert "-f" not in argv or out == "[]\n"
    assert "共 0 项" not in out


def test_possible_tasks_are_never_mixed_in(run):
    named = run("agency", "合肥市", "-f", "tsv")
    assert "10 more tasks name a collective agency that may include 合肥市人民政府" in named[2]
    may = run("agency", "合肥市", "-f", "tsv", "--possible")
    numbers = [
        {line.split("\t")[at] for line in out.splitlines()[1:]}
        for at, out in ((2, named[1]), (2, may[1]))
    ]
    assert not numbers[0] & numbers[1]
    assert len(numbers[1]) == 10


def test_markup_and_emoji_in_a_plan_print_as_they_are(run):
    _code, out, _err = run("task", "1.1", "--plan", str(SMALL))
    assert "支持甲市[b]建设[/b]:x:基地，新增=1+1家100%。" in out
    assert "（原文没有）" in run("task", "1.3", "--plan", str(SMALL))[1]
    assert "[b]建设[/b]:x:" in run("list", "--plan", str(SMALL))[1].replace("\n", "")


BOLD, CYAN, YELLOW = (frozenset({code}) for code in ("1", "36", "33"))


def styled_pieces(shown):
    """Return (codes that hold, words) of each piece of what a terminal is given."""
    style, pieces = frozenset(), []
    first, *rest = re.split(r"\x1b\[([\d;]*)m", shown)
    for codes, words in zip(["", *rest[::2]], [first, *rest[1::2]], strict=True):
        for code in codes.split(";"):  # none, or 0: as it was
            style = style | {code} if code.strip("0") else frozenset()
        pieces.append((style, words))
    return [(style, words) for style, words in pieces if words]


def test_colour_marks_the_words_and_nothing_beside_them(run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    pieces = styled_pieces(run("keyword", "科创", "金融")[1])
    assert {style for style, piece in pieces if piece in ("科创", "金融")} == {BOLD | YELLOW}
    assert (CYAN, "牵头 ") in pieces
    assert all("科创" not in piece for style, piece in pieces if not style)
    pieces = styled_pieces(run("agency", "省能源局", "-s", "2.5")[1])
    at = pieces.index((CYAN, "牵头 "))
    assert pieces[at + 1] == (BOLD | CYAN, "省能源局")
    assert pieces[at + 2][0] == frozenset()
    monkeypatch.setenv("NO_COLOR", "1")
    styles = {style for style, _piece in styled_pieces(run("keyword", "科创")[1])}
    assert styles <= {frozenset(), BOLD}


def process(*argv, **env):
    return subprocess.run(
        [sys.executable, "-m", "plancli", *argv],
        env={**os.environ, **env},
        capture_output=True,
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [{"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii"},
     {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize(
    "argv", [["agency", "省能源局"], ["agency", "省能原局"], ["plan"], ["task", "34"]]
)
def test_poor_consoles_survive(env, argv):
    done = process(*argv, **env)
    assert done.returncode == (3 if "省能原局" in argv else 0)
    assert b"Traceback" not in done.stderr
    assert b"\x1b[" not in done.stdout + done.stderr
    if env == {"PYTHONIOENCODING": "gbk"} and done.returncode == 0:
        assert "省".encode("gbk") in done.stdout


def test_data_is_utf_8_in_a_pipe_whatever_the_console():
    done = process("export", "-f", "csv", PYTHONIOENCODING="gbk")
    assert done.stdout.decode("utf-8").count("\r\n") == 72


def test_a_redirected_csv_begins_with_a_mark(tmp_path):
    with (tmp_path / "t.csv").open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "plancli", "export", "--csv"], stdout=file, check=True
        )
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.slow
@pytest.mark.parametrize("argv", ["list", "export --csv", "task 1-71", "keyword 长三角 -f json"])
def test_a_closed_pipe_ends_quietly(argv):
    for reader in ("head -c 1", "true"):
        for errors in ("", "2>&1"):
            command = (
                f"{sys.executable} -m plancli {argv} {errors} | {reader}; echo ${{PIPESTATUS[0]}}"
            )
            done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60)
            assert done.stderr == b""
            assert done.stdout.rstrip().endswith(b"0")


@pytest.mark.slow
@pytest.mark.parametrize("argv", ["list", "export --csv", "--help", "agency xx"])
def test_a_full_disk_and_closed_streams_are_said(argv):
    for redirect, code in ((">/dev/full", 1), (">&-", 0), ("2>&- >/dev/null", 0)):
        command = f"{sys.executable} -m plancli {argv} {redirect}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60)
        assert b"Traceback" not in done.stdout + done.stderr
        assert done.returncode == (3 if "xx" in argv else code)


@pytest.mark.slow
@pytest.mark.parametrize("pager", ["no-such-pager", "less 'x", "", "cat", "head -c 9"])
def test_on_a_terminal_an_answer_goes_through_the_pager_there_is(pager):
    script = "import pty, sys; sys.exit(pty.spawn([sys.executable, '-m', 'plancli', 'list']) >> 8)"
    env = {**os.environ, "PAGER": pager, "TERM": "xterm"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, timeout=60)
    assert done.returncode == 0
    if pager != "less 'x" and "head" not in pager:
        assert "印发实施长三角一体化发展年度调研计划" in done.stdout.decode().replace("\r\n", "")


def test_where_else_a_word_stands_is_said(run):
    assert "is in the clauses of 3 tasks" in run("keyword", "省能源局")[2]
    assert "is in the preamble" in run("keyword", "携手苏浙扬皖")[2]
    each = run("keyword", "科创", "金融", "宇航")[2].splitlines()[1:4]
    assert [int(line.split()[-1]) for line in each] == [
        run("keyword", word, "-f", "tsv")[1].count("\n") - 1 if word != "宇航" else 0
        for word in ("科创", "金融", "宇航")
    ]
    assert "is in the preamble" in run("keyword", "12079.2")[2]


def test_why_no_task_of_a_body_is_given_is_said(run):
    for role, said in (
        ("lead", "leads 0 tasks and takes part in 6"),
        ("participate", "leads 3 tasks"),
    ):
        name = {"lead": "省财政厅", "participate": "省能源局"}[role]
        err = run("agency", name, "--role", role)[2]
        assert f"no task of {name} matches the filters\n{name} {said}" in err
        assert "no task names" not in err


@pytest.mark.parametrize(
    ("argv", "plain", "filtered"),
    [
        ("agency 甲市人民政府", "no task names", "no task of 甲市人民政府 matches the filters"),
        ("region 甲市", "no task mentions", "no task matches the filters; without filters: 2"),
        ("keyword 试点", "no task contains", "no task matches the filters; without filters: 1"),
        (
            "section 演练",
            "has no tasks that match",
            "no task matches the filters; without filters: 3",
        ),
        ("stats", "-", "no task matches the filters"),
    ],
)
@pytest.mark.parametrize("filters", ["-a 省演练局 -r 子县", "-r 乙市 -r 子县", "--year 1990"])
def test_filters_never_make_an_answer_say_that_there_is_nothing(
    run, argv, plain, filtered, filters
):
    code, _out, err = run(*argv.split(), *filters.split(), "--plan", "tests/small.yaml")
    if argv.startswith("section") and "--year" in filters:
        assert (code, "no section of the matching plans" in err) == (3, True)
    else:
        assert (code, filtered in err, plain in err) == (0, True, False)


@pytest.mark.parametrize("filters", ["--year 1990", "-k 总结", "-a 乙市人民政府 --lead"])
def test_no_folder_is_packed_where_nothing_is_to_be_sent(run, tmp_path, filters):
    folder = tmp_path / "sheets"
    code, out, err = run("pack", str(folder), *filters.split(), "--plan", "tests/small.yaml")
    assert (code, out, folder.exists()) == (1, "", False)
    assert "no sheets to write: no matching task names an agency" in err


@pytest.mark.parametrize("region", ["淮北", "宿州", "合肥"])
def test_the_areas_around_a_region_are_said_with_their_tasks(run, region):
    lines = run("region", region)[2].splitlines()
    (line,) = [each for each in lines if each.startswith("areas with ")]
    assert line.startswith(f"areas with {region}, and how many tasks name them: ")
    areas = re.findall(r"([^ 、]+) \((\d+)\)", line)
    assert "长三角" in dict(areas)
    for area, count in areas:
        rows = run("region", area, "--exact", "-f", "ndjson")[1].splitlines()
        assert len(rows) == int(count), area


def test_what_the_government_of_a_region_has_to_do_is_said_in_one_line(run):
    lines = run("region", "合肥")[2].splitlines()
    (line,) = [each for each in lines if each.startswith("tasks: ")]
    led, rest, possible = map(
        int,
        re.match(
            r"tasks: 合肥市人民政府 leads (\d+), takes part in (\d+), may be meant in (\d+); 合肥市委 ",
            line,
        ).groups(),
    )
    for options, count in (
        (["--lead"], led),
        (["--role", "participate"], rest),
        (["--possible"], possible),
    ):
        rows = run("agency", "合肥市人民政府", *options, "-f", "ndjson")[1].splitlines()
        assert len(rows) == count, options


def test_nothing_is_said_of_what_a_region_does_not_have(run):
    assert "tasks: " not in run("region", "皖北")[2]  # an area has no government
    assert "areas with" not in run("region", "长三角")[2]


@pytest.mark.parametrize(("county", "city"), [("蜀山区", "合肥"), ("芜湖县", "芜湖")])
def test_the_city_around_a_county_without_tasks_is_said(run, county, city):
    count = len(run("region", city, "-f", "ndjson")[1].splitlines())
    said = f"is in {city}; tasks about {city}: {count} (plancli region {city})\n"
    assert said in run("region", county)[2]


def test_where_a_plan_is_named_is_said(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PLANCLI_PLAN", "nosuch.yaml")
    assert "set by PLANCLI_PLAN" in run("list")[2]
    moved = tmp_path / "plan.yaml"
    moved.write_bytes(files.DEFAULT_PLAN.read_bytes())
    assert "put it beside the plan" in run("verify", str(moved))[2]


def test_what_is_written_is_said(run, tmp_path):
    for name in ("a.csv", "b.json", "c.txt"):
        assert run("list", "-o", str(tmp_path / name))[2] == f"wrote {tmp_path / name}\n"


def test_letters_that_do_not_mean_the_place_are_said(run):
    code, out, err = run("region", "杭州", "-f", "json")
    assert code == 0
    assert '"no": "56"' not in out
    assert err.splitlines()[0] == "tasks that contain 杭州 only as part of another name: 56"


def test_version_and_help(run):
    code, out, _err = run("--version")
    assert (code, out.split()[0]) == (0, "plancli")
    for command in ("agency", "region", "section", "keyword", "task", "list", "plan", "export",
                    "stats", "db", "build", "check"):  # fmt: skip
        assert command in run("--help")[1]
        code, out, _err = run(command, "-h")
        assert (code, "plancli " in out) == (0, True)


def test_completion_completes_names():
    for typed, name in (
        ("agency 能", "省能源局"),
        ("region wanb", "皖北"),
        ("list -s 2.3", "加强产业链供应链协同"),
    ):
        words = f"plancli {typed}"
        done = process(
            _PLANCLI_COMPLETE="complete_bash",
            COMP_WORDS=words,
            COMP_CWORD=str(len(words.split()) - 1),
        )
        assert name in done.stdout.decode(), done.stderr


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80
)
@given(argv=st.lists(st.sampled_from(["agency", "region", "task", "-k", "--plan", "-f", "json", "%",
       "--role", "省", "2.3", "'; DROP TABLE task; --", "\x00", "\x1b[31m", "[b]", "*", "💥",
       "section", "keyword", "-o", "", "--", "-h"]), max_size=4))  # fmt: skip
@example(argv=["agency", "-o", "\x00"])
@example(argv=["list", "-o", ""])
@example(argv=["--plan", "省"])
def test_no_command_line_ends_in_a_traceback(run, tmp_path, monkeypatch, argv):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*argv)
    assert code in (0, 1, 2, 3, 4)
    assert "Traceback" not in err
    assert "\x1b" not in out + err


def test_main_answers_the_same_twice(run):
    for argv in (["stats"], ["nonsense"], ["agency", "合肥", "-f", "json"]):
        assert run(*argv) == run(*argv)


def test_every_module_has_the_commands_it_is_said_to_have():
    whole = build_program([]).registered_commands
    homes = [(each.callback.__module__, each.name) for each in whole]
    assert homes == [
        (f"plancli.cli.commands.{module}", name) for module, own in COMMANDS.items() for name in own
    ]
    folder = Path(plancli.cli.__file__).parent / "commands"
    adding = {
        file.stem for file in folder.glob("*.py") if "@app.command(" in file.read_text("utf-8")
    }
    assert adding == {*COMMANDS}


@pytest.mark.parametrize("name", [name for own in COMMANDS.values() for name in own])
def test_a_command_alone_is_what_it_is_among_all(name):
    alone, whole = build_program([name]).registered_commands, build_program([]).registered_commands
    assert alone == [each for each in whole if each.name == name]


SIZES = ["0", "00", "-5", "abc", "", " ", "²", "٣", "1", "7", "80", "99999999999", "9" * 5000]


@pytest.mark.parametrize("size", SIZES, ids=range(len(SIZES)))
@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_a_console_has_a_sane_size_whatever_is_said_of_it(name, size):
    environ = {name: size}
    console.normalize_environment(environ)
    told = environ.get(name)
    least = {"COLUMNS": 20, "LINES": 1}[name]
    assert told is None or least <= int(told) <= console.MAX_SIZE
    if size in ("1", "7", "80"):
        assert told == (size if int(size) >= least else None)


def started(*argv, **environ):
    """Run the program with *environ*; return its exit code, output and errors."""
    done = subprocess.run(
        [sys.executable, *argv], env={**os.environ, **environ}, capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.slow
def test_no_width_is_80_columns_in_tables_cards_maps_and_help():
    for argv in (["agency", "省能源局", "--lead"], ["task", "41"], ["map"], ["list", "--help"]):
        usual = started("-m", "plancli", *argv, COLUMNS="80")
        assert usual[0] == 0
        assert usual[1]
        for size in ("0", "-5", "²", "1", "5", "19"):
            assert started("-m", "plancli", *argv, COLUMNS=size) == usual


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"FORCE_COLOR": "0"}, {"NO_COLOR": "1"}),
        ({"FORCE_COLOR": "false"}, {"NO_COLOR": "1"}),
        ({"FORCE_COLOR": ""}, {}),
        ({"FORCE_COLOR": "3"}, {"FORCE_COLOR": "1"}),
        ({"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}),
        ({"CLICOLOR": "0"}, {"CLICOLOR": "0", "NO_COLOR": "1"}),
        ({"CLICOLOR": "1"}, {"CLICOLOR": "1"}),
        ({"CLICOLOR_FORCE": "1"}, {"CLICOLOR_FORCE": "1", "FORCE_COLOR": "1"}),
        ({"CLICOLOR_FORCE": "0"}, {"CLICOLOR_FORCE": "0"}),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
        ({}, {}),
    ],
)
def test_of_colour_there_is_one_word(environ, wanted):
    console.normalize_environment(environ)
    assert environ == wanted


@pytest.mark.slow
@pytest.mark.parametrize("value", ["0", "false", "no", "off", ""])
def test_colour_that_is_not_forced_stays_out_of_a_pipe(value):
    code, out, _err = started("-m", "plancli", "list", FORCE_COLOR=value)
    assert (code, "\x1b" in out) == (0, False)


@pytest.mark.slow
@pytest.mark.parametrize("less", [None, "", "-XF", "XF", "-S -P%f$", "-r", "-R", "FRX"])
def test_a_pager_shows_colours_whatever_the_user_has_for_less(monkeypatch, tmp_path, less):
    """A program in place of less writes what it is told."""
    monkeypatch.delenv("LESS", raising=False)
    if less is not None:
        monkeypatch.setenv("LESS", less)
    script, told = tmp_path / "less", tmp_path / "told"
    script.write_text(f'#!/bin/sh\nprintf %s "$LESS" > {told}\ncat > /dev/null\n')
    script.chmod(0o755)
    on_terminal = "import pty, sys; pty.spawn([sys.executable, '-m', 'plancli', 'list'])"
    assert started("-c", on_terminal, PAGER=str(script), TERM="xterm")[0] == 0
    assert told.read_text() == f"-R {'FX' if less is None else less}"


@pytest.mark.slow
def test_help_shows_its_text_where_python_has_no_docstrings():
    for argv in (["--help"], ["list", "--help"], ["help", "all"]):
        usual = started("-m", "plancli", *argv, COLUMNS="80")
        assert usual[0] == 0
        assert started("-OO", "-m", "plancli", *argv, COLUMNS="80") == usual


@pytest.mark.parametrize("dashes", ["－－", "——", "—", "–", "－", "−−", "-－", "―"])
def test_an_option_with_other_dashes_is_known_for_what_it_is(run, dashes):
    for argv, meant in (
        (["list", f"{dashes}lead"], "--lead"),
        (["list", f"{dashes}agency=省能源局"], "--agency=省能源局"),
        (["keyword", "科创", f"{dashes}k", "金融"], "-k"),
        (["list", f"{dashes}ｌｅａｄ"], "--lead"),
        ([f"{dashes}help"], "--help"),
        (["agency", f"{dashes}h"], "-h"),
    ):
        code, out, err = run(*argv)
        assert (code, out) == (2, "")
        assert "does not begin with a hyphen" in err
        assert f"did you mean {meant}?" in err


def test_what_only_begins_with_a_dash_is_a_word(run):
    for argv in (["keyword", "—"], ["keyword", "——这"], ["keyword", "--", "—lead"],
                 ["list", "-k", "—lead"], ["list", "--keyword", "－k"]):  # fmt: skip
        code, _out, err = run(*argv)
        assert (code, "hyphen" in err) == (0, False)


@pytest.mark.parametrize(
    "argv",
    [["agency"], ["region"], ["section"], ["keyword"], ["task"], ["list", "-a"], ["list", "--year"],
     ["list", "--role"], ["list", "-f"], ["list", "-p"], ["matrix", "--by"], ["help"], ["import"],
     ["list", "--no"], ["progress", "--today"], ["serve", "--port"], []],
    ids=" ".join,
)  # fmt: skip
def test_what_is_typed_is_cut_in_errors_and_notes(run, argv):
    for typed in ("省" * 10_000, "x" * 10_000, "-" + "x" * 10_000):
        *_answer, err = run(*argv, *([f"--{typed}"] if argv[-1:] == ["--no"] else [typed]))
        assert all(len(line) < 1000 for line in err.splitlines()), argv
        assert err


def test_a_closed_standard_input_is_called_so():
    for argv in (["import", "-"], ["list", "-p", "-"], ["check", "-"]):
        asked = [sys.executable, "-m", "plancli", *argv]
        code = "import os, sys; os.close(0); os.execv(sys.argv[1], sys.argv[1:])"
        code, out, err = started("-c", code, *asked)
        assert (out, "standard input is closed" in err) == ("", True)
        assert code in (1, 4)
