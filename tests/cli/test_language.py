"""Two languages: the Chinese catalogue is complete, compiled, and fits the screen."""

import re

import pytest
import typer

from plancli import i18n
from plancli.cli import usage_errors
from plancli.cli.main import build_program
from plancli.text.layout import measure_width
from scripts import catalogue

HOLES = re.compile(r"\{\w+\}")


def test_everything_said_is_said_in_chinese():
    chinese = catalogue.catalogue()
    assert catalogue.messages() - chinese.keys() == set()
    assert all(chinese.values())
    for english, said in chinese.items():
        assert sorted(HOLES.findall(english)) == sorted(HOLES.findall(said)), english


def test_nothing_is_kept_that_is_not_said():
    typers_own = {"Arguments", "Options", "Commands", "required", "Show this message and exit."}
    assert catalogue.catalogue().keys() - catalogue.messages() == typers_own


def test_the_catalogue_is_compiled():
    assert catalogue.compiled() == catalogue.catalogue(), "run python -m scripts.catalogue"


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"PLANCLI_LANG": "zh"}, "zh"),
        ({"PLANCLI_LANG": "zh_CN.UTF-8"}, "zh"),
        ({"PLANCLI_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_which_language(monkeypatch, env, code):
    for variable in ("PLANCLI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in env.items():
        monkeypatch.setenv(variable, value)
    assert i18n.get_language() == code


COMMANDS = ["", *(each.name for each in build_program([]).registered_commands)]


def own_words(command):
    """Yield the words of *command*'s help that are plancli's own, in their order."""
    yield command.help
    kinds = sorted(command.params, key=lambda param: param.param_type_name)  # arguments first
    for param in kinds:
        yield from sorted(param.opts, key=len) if param.param_type_name == "option" else ()
        yield from param.secondary_opts
        yield "" if getattr(param, "is_flag", False) else param.metavar
        yield param.help
    yield command.epilog


@pytest.mark.parametrize("name", COMMANDS[1:])
@pytest.mark.parametrize("code", ["en", "zh"])
def test_help_says_all_of_a_command_in_80_columns(run, monkeypatch, name, code):
    """Every word of plancli's in its order; how they are laid out is Typer's affair."""
    monkeypatch.setenv("PLANCLI_LANG", code)
    done, out, err = run(name, "--help")
    assert (done, err) == (0, "")
    assert max(map(measure_width, out.splitlines())) <= 80
    command = usage_errors.translate_help(typer.main.get_command(build_program([]))).commands[name]
    squeezed, at = "".join(out.split()), 0
    for words in own_words(command):
        at = squeezed.index("".join(words.split()), at)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_program_s_help_is_its_own_screen(run, monkeypatch, shown, code):
    monkeypatch.setenv("PLANCLI_LANG", code)
    done, out, err = run("--help")
    assert (done, err) == (0, "")
    assert max(map(measure_width, out.splitlines())) <= 80
    usage_line, screen = out.split("\n", 1)
    assert "plancli" in usage_line
    shown(code, screen)


def test_chinese_help_holds_no_english_sentence(run, monkeypatch):
    monkeypatch.setenv("PLANCLI_LANG", "zh")
    for command in COMMANDS:
        out = run(*filter(None, [command]), "--help")[1]
        said = [line for line in out.splitlines() if not line.startswith("  plancli ")]
        assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", "\n".join(said)), out


def test_errors_are_said_in_chinese(run, monkeypatch):
    monkeypatch.setenv("PLANCLI_LANG", "zh")
    _code, _out, err = run("agency", "省能原局")
    assert err == "错误：未找到单位“省能原局”\n提示：您要找的是不是：省能源局\n"
