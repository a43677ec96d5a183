"""The man pages, made of what ``plancli help`` shows: ``python -m tests.manual`` writes them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from plancli import __version__, i18n
from plancli.cli import app, usage_errors
from plancli.cli.app import HELP
from plancli.cli.main import program
from plancli.cli.manual import TOPICS, Topic, topic
from plancli.text.layout import CLOSING, OPENING

TOP = Path(__file__).parent.parent
PAGES = TOP / "docs" / "man"
FILES = {"en": PAGES / "plancli.1", "zh": PAGES / "zh_CN" / "plancli.1"}
HEADS = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "TOPICS", "COMMANDS"),
    "zh": ("名称", "用法", "说明", "主题", "命令"),
}
OPEN, CLOSE = (re.escape("".join(sorted(each))) for each in (OPENING, CLOSING))
BREAK = re.compile(rf"(?<=[\u2e80-\uffef])(?<![{OPEN}])(?=[^{CLOSE}\s\\])")


def page(code: str) -> str:
    """Return the man page in the language *code*."""
    with i18n.speaking(code):
        group = usage_errors.translated(typer.main.get_command(program([])))
        return "\n".join(_page(group, *HEADS[code])) + "\n"


def _page(
    group: Any, name: str, synopsis: str, description: str, topics: str, commands: str
) -> Iterator[str]:
    day = re.search(r"^## \S+ \((.+)\)", (TOP / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    yield f'.TH PLANCLI 1 "{day and day[1]}" "plancli {__version__}"'
    yield from (".nh", ".ad l")  # no hyphens, no gaps between words
    said = group.help.rstrip(".。")
    yield from (f".SH {name}", rf"plancli \- {_plain(said)}")
    yield from (f".SH {synopsis}", f"plancli {_plain(i18n._('COMMAND [NAME]... [OPTIONS]'))}")
    yield f".SH {description}"
    for command, answer in app.EXAMPLES:
        yield from (".TP", _bold(command), _plain(i18n._(answer)))
    yield f".SH {topics}"
    for each in TOPICS:
        yield from _topic(topic(each))
    yield f".SH {commands}"
    for each in group.commands.values():
        yield from _command(each)


def _topic(shown: Topic) -> Iterator[str]:
    yield from (f".SS {_plain(shown.word)}", _bold(shown.about))
    for block in shown.blocks:
        if block.kind == "code":
            yield from (".PP", ".nf", ".RS 4", *map(_plain, block.lines), ".RE", ".fi")
        elif block.kind == "items":
            for line in block.lines:
                yield from (r".IP \(bu 2", _filled(line))
        else:
            yield from (".PP", *map(_filled, block.lines))


def _command(command: Any) -> Iterator[str]:
    """Yield a command's part, of its own words only: Typer's and Click's are theirs to change."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    usage_line = ["plancli", command.name, "[OPTIONS]", *(each.metavar for each in arguments)]
    yield from (f".SS {command.name}", _bold(" ".join(usage_line)))
    for part in command.help.split("\n\n"):
        yield from (".PP", _filled(" ".join(part.split())))
    for param in command.params:
        required = f"  [{i18n._('required')}]" if param.required else ""
        yield from (".TP", _bold(_names(param)), _filled(param.help + required))
    asks_help = command.get_help_option(typer.Context(command, help_option_names=HELP))
    yield from (".TP", _bold(", ".join(HELP)), _filled(asks_help.help))
    yield from (".PP", ".RS 4", _plain(command.epilog), ".RE")


def _names(param: Any) -> str:
    """Return what is typed for *param*: -o, --output FILE."""
    if param.param_type_name == "argument":
        return str(param.metavar)
    names = ", ".join(sorted(param.opts, key=len))
    no_names = f" / {', '.join(param.secondary_opts)}" if param.secondary_opts else ""
    metavar = "" if param.is_flag else f" {param.metavar}"
    return names + no_names + metavar


def _bold(words: str) -> str:
    return rf"\fB{_plain(words)}\fR"


def _filled(words: str) -> str:
    """Return *words* with the places where Chinese may break, which older roffs do not know."""
    return BREAK.sub(r"\\:", _plain(words))


def _plain(words: str) -> str:
    """Return *words* as roff prints them: no letter of them is a command."""
    safe = words.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{safe}" if safe.startswith((".", "'")) else safe


if __name__ == "__main__":
    for code, file in FILES.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(code), "utf-8")
