"""What the documents show is what the program prints; both languages say the same."""

import ast
import re
import shlex
import shutil
import sqlite3
import tomllib
from collections import Counter

import pytest

import plancli
from plancli.cli.app import EXAMPLES
from plancli.cli.main import build_program
from plancli.importing.reporting import summary
from plancli.output import formats
from plancli.system import files
from scripts.pages import COMMAND, PAGES, STEP, find_twin, is_chinese, read_page

COMMANDS = ("docs/commands.md", "docs/commands.zh-CN.md")
READMES = ("README.md", "README.zh-CN.md")
LASTING = {"serve"}  # until it is stopped: tests/site/test_serve.py does
PYTHON = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_is_short_and_has_every_format(name):
    assert len(read_page(name).splitlines()) <= 150
    for format in formats.FORMATS:
        assert re.search(rf"\b{format}\b", read_page(name), re.ASCII), format
    assert re.search(r"^pip install -e .* pytest$", read_page(name), re.MULTILINE)  # for .ci/run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_variable_and_format_is_explained(name):
    said = read_page(name)
    for command in build_program([]).registered_commands:
        assert f"plancli {command.name}" in said
    for word in ("PLANCLI_PLAN", "PLANCLI_CACHE", "PLANCLI_LANG", *formats.FORMATS):
        assert f"`{word}`" in said


CHINESE = [page for page in PAGES if is_chinese(page)]


@pytest.mark.parametrize("chinese", CHINESE)
def test_pages_in_two_languages_are_twins(chinese):
    twins = chinese, find_twin(chinese)
    shape = [
        [
            line.split(" ")[0]
            for line in read_page(name).splitlines()
            if line.startswith(("#", "```", "$"))
        ]
        for name in twins
    ]
    tables = [read_page(name).count("\n| ") for name in twins]
    assert shape[0] == shape[1]
    assert tables[0] == tables[1]


def list_commands(page):
    """Return the words of every command that *page* runs, in order."""
    lines = []
    for step in STEP.finditer(read_page(page)):
        if step["kind"] == "console":
            lines += COMMAND.findall(step["body"])
        elif step["kind"] == "sh":
            lines += step["body"].splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@pytest.mark.parametrize("chinese", CHINESE)
def test_a_chinese_page_has_the_commands_of_its_twin(chinese):
    """In the same order, with the same options; a file or a value may have a Chinese name."""
    pairs = zip(list_commands(chinese), list_commands(find_twin(chinese)), strict=True)
    names = {}
    for ours, theirs in pairs:
        options = [
            [each.split("=")[0] for each in words if each.startswith("-")]
            for words in (ours, theirs)
        ]
        assert options[0] == options[1]
        for n, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            names.setdefault((their, n == 1), set()).add(our)
    assert {their: our for their, our in names.items() if len(our) > 1} == {}
    assert all(their == our for (their, _n), (our,) in names.items() if our.isascii())


def test_the_layers_are_drawn_as_they_are_checked():
    (contract,) = tomllib.loads(read_page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    drawn = re.search(r"```\n(cli +api.*?)```", read_page("docs/architecture.md"), re.DOTALL)[1]
    modules = [line.partition("  # ")[0].split() for line in drawn.splitlines()]
    checked = [re.findall(r"plancli\.(\w+)", layer) for layer in contract["layers"]]
    assert modules == checked


@pytest.mark.parametrize("name", ["docs/api.md", "docs/scale.md"])
def test_python_in_the_manuals_prints_what_they_show(capsys, name):
    shown = PYTHON.findall(read_page(name))
    assert shown
    for code, printed in shown:
        exec(compile(code, name, "exec"), {})
        assert capsys.readouterr().out == printed


def test_the_sql_of_the_manual_is_what_the_engines_are_asked():
    said = " ".join(read_page("docs/scale.md").split())
    for engine in ("spark", "duck"):
        tree = ast.parse(read_page(f"benchmarks/distributed/{engine}.py"))
        (questions,) = (
            ast.literal_eval(each.value)
            for each in tree.body
            if isinstance(each, ast.Assign) and each.targets[0].id == "QUESTIONS"
        )
        assert len(questions) == 5
        for condition in questions.values():
            assert re.sub(r"\{(\w+)\}", r":\1", condition) in said


def test_the_recipes_of_the_justfile_are_explained():
    recipes = re.findall(r"^([a-z][\w-]*)[^:\n]*:$", read_page("justfile"), re.MULTILINE)
    named = re.findall(r"^\| `just ([\w-]+)` \|", read_page("CONTRIBUTING.md"), re.MULTILINE)
    assert sorted(named) == sorted(recipes)


def test_the_example_of_a_task_is_the_plan_s():
    example = re.search(r"```yaml\n(.*?)```", read_page("docs/data.md"), re.DOTALL)[1]
    lines = [line.strip(" -") for line in example.splitlines()]
    shipped = {line.strip(" -") for line in files.DEFAULT_PLAN.read_text("utf-8").splitlines()}
    assert set(lines) <= shipped


def test_every_mark_of_a_doubt_is_one_and_says_what_to_do():
    below = read_page("docs/check.md").partition("## Marks under `review:`")[2]
    marks = re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", below, re.MULTILINE)))
    assert marks
    assert all(summary.get_meaning(mark)[1] for mark in marks)


def test_the_version_has_its_entry():
    assert f"## {plancli.__version__} (" in read_page("CHANGELOG.md")


def test_the_changelog_says_nothing_twice():
    entries = re.findall(
        r"^- (.*?)(?=^- |^#|\Z)", read_page("CHANGELOG.md"), re.DOTALL | re.MULTILINE
    )
    said = Counter(" ".join(each.split()) for each in entries)
    assert len(said) > 50
    assert [each for each, times in said.items() if times > 1] == []


@pytest.mark.slow
def test_examples_run(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    article = (files.DATA_DIR / "sources" / "anhui-yrd-2022.txt").read_text("utf-8")
    (tmp_path / "工作要点.txt").write_text(article, "utf-8")
    assert run("import", "工作要点.txt", "-o", "计划.yaml")[0] == 0
    (tmp_path / "plans").mkdir()
    for name in ("2021.yaml", "2022.yaml", "plans/one.yaml"):
        shutil.copy(tmp_path / "计划.yaml", tmp_path / name)
    for command, _said in EXAMPLES:
        assert run(*command.split()[1:])[0] == 0
    for command in build_program([]).registered_commands:
        if command.epilog.startswith("plancli ") and command.name not in LASTING:
            code, _out, err = run(*shlex.split(command.epilog)[1:])
            assert (code, command.name) == (0, command.name), err
    with sqlite3.connect(tmp_path / "plan.db") as db:
        assert db.execute("SELECT count(*) FROM task").fetchone() == (71,)
