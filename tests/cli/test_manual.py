"""The manual: complete, alike in both languages, its commands run."""

import os
import re
import shlex
import shutil

import pytest

from plancli.cli import app
from plancli.cli.main import build_program
from plancli.cli.manual import LANGUAGES, MANUAL_DIR, TOPICS, find_topic, load_topic
from plancli.errors import ExitCode
from plancli.system import files
from plancli.text.layout import measure_width

LASTING = "serve"  # until it is stopped: tests/site/test_serve.py does


def commands(code):
    """Return every command that the manual shows, without what is said of it."""
    blocks = [block for name in TOPICS for block in load_topic(name, code).blocks]
    lines = [line for block in blocks if block.kind == "code" for line in block.lines]
    return [re.split(r"\s+[#|] ", line)[0] for line in lines]


def test_every_topic_is_written_in_both_languages():
    for code in LANGUAGES:
        assert {file.stem for file in (MANUAL_DIR / code).glob("*.md")} == set(TOPICS)


@pytest.mark.parametrize("name", TOPICS)
def test_both_languages_say_the_same_in_the_same_order(name):
    shape = [
        [(kind, len(lines)) for kind, lines in load_topic(name, code).blocks] for code in LANGUAGES
    ]
    assert shape[0] == shape[1]


def test_both_languages_show_the_same_commands():
    asked = [[line.split()[:2] for line in commands(code)] for code in LANGUAGES]
    assert asked[0] == asked[1]


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_command_of_the_manual_runs(run, tmp_path, monkeypatch, code):
    monkeypatch.chdir(tmp_path)
    article = (files.DATA_DIR / "sources" / "anhui-yrd-2022.txt").read_text("utf-8")
    (tmp_path / "工作要点.txt").write_text(article, "utf-8")
    (tmp_path / "plans").mkdir()
    assert run("import", "工作要点.txt", "-o", "计划.yaml")[0] == 0
    for name in ("2021.yaml", "2022.yaml", "plans/one.yaml"):
        shutil.copy("计划.yaml", name)
    for line in commands(code):
        program_, *argv = shlex.split(line)
        assert program_ == "plancli"
        if argv[0] != LASTING:
            assert run(*argv)[0] == ExitCode.DONE, line
    assert not [name for name in os.listdir() if not name.isprintable()]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_manual_fits_80_columns(run, monkeypatch, code):
    monkeypatch.setenv("PLANCLI_LANG", code)
    done, out, err = run("help", "all")
    assert (done, err) == (0, "")
    assert max(map(measure_width, out.splitlines())) <= 80


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_program_s_own_help_is_one_screen(run, monkeypatch, code):
    monkeypatch.setenv("PLANCLI_LANG", code)
    out = run("--help")[1]
    assert len(out.splitlines()) <= 24
    assert all(load_topic(name).word in out for name in TOPICS)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_command_has_one_purpose(run, monkeypatch, code):
    monkeypatch.setenv("PLANCLI_LANG", code)
    placed = " ".join(app.list_purposes().values()).split()
    every = [each.name for each in build_program([]).registered_commands]
    assert sorted(placed) == sorted(set(every) - {"help"})
    said = run("help", "commands")[1]
    assert all(re.search(rf"^  {name} ", said, re.MULTILINE) for name in placed)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_topic_is_asked_by_its_word(run, monkeypatch, code):
    monkeypatch.setenv("PLANCLI_LANG", code)
    listed = run("help")[1]
    for name in TOPICS:
        word = load_topic(name).word
        assert find_topic(word) == find_topic(name.upper()) == name
        assert f"  {word} " in listed
        assert run("help", word)[1].startswith(f"{word} · ")


def test_a_command_is_explained_as_it_explains_itself(run):
    for each in build_program([]).registered_commands:
        asked = run(each.name, "--help")[1]
        shared = each.name == "plans"  # a topic has this name, too
        assert shared or run("help", each.name)[1] == asked


def test_what_there_is_not_is_said_with_what_to_do(run):
    assert run("help", "roels") == (
        ExitCode.NOT_FOUND,
        "",
        "error: unknown topic or command: roels\n hint: list them with “plancli help”\n",
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_exit_code_is_told(code):
    items = [
        line
        for kind, lines in load_topic("system", code).blocks
        if kind == "items"
        for line in lines
    ]
    told = {line.replace("：", ":").split(":")[0] for line in items}
    assert {str(int(each)) for each in ExitCode} <= told
