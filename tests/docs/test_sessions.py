"""Every session, command, link and name in the pages holds."""

import os
import re
import shlex
import subprocess
from importlib.util import find_spec

import pytest
import typer

from plancli.cli.main import build_program
from scripts import pages
from scripts.pages import PAGES, TOP, read_page
from tests.shown import without_spacing

WRITTEN = [*PAGES, "CHANGELOG.md", "tests/documents/README.md", "benchmarks/distributed/README.md"]
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)")
PLAYED = {"console", "sh", "sql"}
HELD = {"python", "text", "yaml"}  # by tests/docs/test_docs.py and tests/docs/test_dictionary.py
NAMED = re.compile(r"`(?:python )?((?:plancli|tests|scripts|docs|data|benchmarks)/[\w./-]+)[^`]*`")
SPAN = re.compile(r"`(plancli [^`\n]+)`")


def sessions(page):
    """Return the kinds of what *page* shows that can be played."""
    steps = pages.STEP.finditer(read_page(page))
    return {s["kind"] for s in steps if s["kind"] in ("console", "sh") or s["rows"]}


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if sessions(page)])
def test_what_is_shown_is_what_is_printed(page, tmp_path, monkeypatch, request):
    if ".png" in read_page(page):
        request.getfixturevalue("letters")
    for name in ("PLANCLI_LANG", "PLANCLI_PLAN"):  # a page may set them
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.chdir(tmp_path)
    assert without_spacing(pages.replay_page(page, tmp_path)) == without_spacing(read_page(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_shell_reads_every_command(page):
    steps = [(step["kind"], step["body"]) for step in pages.STEP.finditer(read_page(page))]
    console = [
        line[2:]
        for kind, body in steps
        if kind == "console"
        for line in body.splitlines()
        if line.startswith("$ ")
    ]
    said = [body for kind, body in steps if kind == "sh"]
    spans = [span.replace("…", "") for span in SPAN.findall(read_page(page))]
    every = "\n".join((*console, *said, *spans))
    done = subprocess.run(["bash", "-n"], input=every, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_what_is_not_run_is_there_and_nothing_else_is_shown():
    shown = [step for page in PAGES for step in pages.STEP.finditer(read_page(page))]
    lines = [line for s in shown if s["kind"] == "sh" for line in s["body"].splitlines()]
    assert all(any(line.startswith(each) for line in lines) for each in pages.NOT_RUN)
    assert {s["kind"] for s in shown if s["kind"] and not s["file"]} <= PLAYED | HELD


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_named_are_commands(page):
    whole = typer.main.get_command(build_program([]))
    for span in SPAN.findall(read_page(page)):
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


def anchors(page):
    """Return what GitHub calls the headings of *page*."""
    found = []
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", read_page(page)), re.MULTILINE):
        said = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", said).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return found


@pytest.mark.parametrize("page", WRITTEN)
def test_every_link_leads_somewhere(page):
    for file, anchor in LINK.findall(FENCE.sub("", read_page(page))):
        target = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
        assert (TOP / target).exists(), (file, anchor)
        if anchor:
            assert anchor in anchors(target), (target, anchor)


def test_every_page_is_in_the_index():
    linked = {file for file, _anchor in LINK.findall(read_page("docs/README.md"))}
    pages = {os.path.relpath(page, "docs") for page in PAGES}
    assert pages - {"README.md"} <= linked
    for readme in ("README.md", "README.zh-CN.md"):
        assert "(docs/README.md)" in read_page(readme)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page):
    said = FENCE.sub("", read_page(page))
    named = NAMED.findall(said)
    modules = re.findall(r"`python -m ((?:tests|scripts)[\w.]*)", said)
    assert [name for name in named if not (TOP / name).exists()] == []
    assert [module for module in modules if not find_spec(module)] == []
