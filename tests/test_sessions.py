"""Every session, command, link and name in the pages holds."""

import re
import shlex

import pytest
import typer

from plancli.cli import program
from tests import pages
from tests.pages import PAGES, text

SPAN = re.compile(r"`(plancli [^`\n]+)`")


def sessions(page):
    return [step["kind"] for step in pages.STEP.finditer(text(page)) if step["kind"]]


@pytest.mark.parametrize("page", [p for p in PAGES if {"console", "sh"} & set(sessions(p))])
def test_what_is_shown_is_what_is_printed(page, tmp_path, monkeypatch):
    for name in ("PLANCLI_LANG", "PLANCLI_PLAN"):  # a page may set them
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.chdir(tmp_path)
    pages.stage(page, tmp_path)
    assert pages.replayed(page) == text(page)


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_named_are_commands(page):
    whole = typer.main.get_command(program([]))
    for span in SPAN.findall(text(page)):
        argv = shlex.split(span.replace("…", ""))[1:]
        if len(argv) == 1 and argv[0] in whole.commands:  # by its name alone
            continue
        name = "" if argv[0].startswith("-") else argv.pop(0)
        command = whole.commands[name] if name else whole
        options = {option for each in command.params for option in each.opts}
        used = {word for word in argv if word.startswith("-") and word != "-"}
        assert used <= options | {"--help", "--install-completion"}, span
        if name:
            command.make_context(name, argv)
