"""The manual: help."""

from typing import Annotated, Any

import typer

from plancli.cli import app as cli_app
from plancli.cli import completion, usage_errors
from plancli.cli.app import HELP, app
from plancli.cli.manual import TOPICS, called, topic
from plancli.errors import NotFound
from plancli.i18n import _


@app.command("help", epilog="plancli help roles")
def help(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC]", autocompletion=completion.topic, help="A topic, or a command."
        ),
    ] = "",
) -> None:
    """The manual, topic by topic.

    Without a topic: what there is.
    """
    from plancli.cli.main import program
    from plancli.cli.manual import terminal as manual_terminal
    from plancli.output import terminal

    group = usage_errors.translated(typer.main.get_command(program([])))
    with terminal.paper() as out:
        if not name:
            manual_terminal.pairs(out, _("plancli help TOPIC"), _topics())
        elif asked := called(name):
            manual_terminal.topic(out, topic(asked))
        elif name in ("commands", _("commands")):
            _commands(out, group)
        elif name in group.commands:
            manual_terminal.printed(out, _help_of(group, name))
        elif name in ("all", _("all")):
            _all(out, group)
        else:
            raise NotFound(
                _("no topic or command is called {name}").format(name=name),
                hint=_("“{command}” lists them").format(command="plancli help"),
            )


def _topics() -> dict[str, str]:
    known = {topic(each).word: topic(each).about for each in TOPICS}
    known[_("commands")] = _("every command in a line")
    known["agency …"] = _("a command and its options")
    known[_("all")] = _("the whole manual")
    return known


def _commands(out: Any, group: Any) -> None:
    from plancli.cli.manual import terminal as manual_terminal

    for purpose, names in cli_app.purposes().items():
        said = {each: group.commands[each].get_short_help_str(200) for each in names.split()}
        manual_terminal.pairs(out, purpose, said)


def _all(out: Any, group: Any) -> None:
    from plancli.cli.manual import terminal as manual_terminal

    for each in TOPICS:
        manual_terminal.topic(out, topic(each))
        manual_terminal.printed(out, "\n")
    for each in group.commands:
        manual_terminal.printed(out, _help_of(group, each) + "\n")


def _help_of(group: Any, name: str) -> str:
    program = typer.Context(group, info_name="plancli", help_option_names=HELP)
    command = group.commands[name]
    return str(command.get_help(typer.Context(command, info_name=name, parent=program)))
