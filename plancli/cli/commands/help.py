"""The manual: help."""

from typing import Annotated, Any

import typer

from plancli.cli import app as cli_app
from plancli.cli import completion, usage_errors
from plancli.cli.app import HELP_OPTIONS, app
from plancli.cli.manual import TOPICS, find_topic, load_topic
from plancli.errors import NotFound
from plancli.i18n import _


@app.command("help", epilog="plancli help roles")
def show_help(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC]", autocompletion=completion.list_topics, help="Topic or command."
        ),
    ] = "",
) -> None:
    """Show a topic of the manual.

    Without a topic: list all topics.
    """
    from plancli.cli.main import build_program
    from plancli.cli.manual import terminal as manual_terminal
    from plancli.output import terminal

    group = usage_errors.translate_help(typer.main.get_command(build_program([])))
    with terminal.open_console() as out:
        if not name:
            manual_terminal.print_descriptions(out, _("plancli help TOPIC"), _list_topics())
        elif topic := find_topic(name):
            manual_terminal.print_topic(out, load_topic(topic))
        elif name in ("commands", _("commands")):
            _print_commands(out, group)
        elif name in group.commands:
            manual_terminal.print_verbatim(out, _get_command_help(group, name))
        elif name in ("all", _("all")):
            _print_all_topics(out, group)
        else:
            raise NotFound(
                _("unknown topic or command: {name}").format(name=name),
                hint=_("list them with “{command}”").format(command="plancli help"),
            )


def _list_topics() -> dict[str, str]:
    topics = {load_topic(each).word: load_topic(each).about for each in TOPICS}
    topics[_("commands")] = _("all commands, one per line")
    topics["agency …"] = _("a command and its options")
    topics[_("all")] = _("the whole manual")
    return topics


def _print_commands(out: Any, group: Any) -> None:
    from plancli.cli.manual import terminal as manual_terminal

    for purpose, names in cli_app.list_purposes().items():
        descriptions = {
            each: group.commands[each].get_short_help_str(200) for each in names.split()
        }
        manual_terminal.print_descriptions(out, purpose, descriptions)


def _print_all_topics(out: Any, group: Any) -> None:
    from plancli.cli.manual import terminal as manual_terminal

    for each in TOPICS:
        manual_terminal.print_topic(out, load_topic(each))
        manual_terminal.print_verbatim(out, "\n")
    for each in group.commands:
        manual_terminal.print_verbatim(out, _get_command_help(group, each) + "\n")


def _get_command_help(group: Any, name: str) -> str:
    program = typer.Context(group, info_name="plancli", help_option_names=HELP_OPTIONS)
    command = group.commands[name]
    return str(command.get_help(typer.Context(command, info_name=name, parent=program)))
