"""The manual: help."""

from typing import Annotated, Any

import typer

from plancli.cli import complete, overview, usage
from plancli.cli.app import HELP, app
from plancli.errors import NotFound
from plancli.i18n import _
from plancli.manual import TOPICS, called, topic


@app.command("help", epilog="plancli help roles")
def help(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC]", autocompletion=complete.topic, help="A topic, or a command."
        ),
    ] = "",
) -> None:
    """The manual, topic by topic.

    Without a topic: what there is.
    """
    from plancli.cli import program
    from plancli.output import terminal
    from plancli.render import manual

    group = usage.translated(typer.main.get_command(program([])))
    with terminal.paper() as out:
        if not name:
            manual.pairs(out, _("plancli help TOPIC"), _topics())
        elif asked := called(name):
            manual.topic(out, topic(asked))
        elif name in ("commands", _("commands")):
            _commands(out, group)
        elif name in group.commands:
            manual.printed(out, _help_of(group, name))
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
    from plancli.render import manual

    for purpose, names in overview.purposes().items():
        said = {each: group.commands[each].get_short_help_str(200) for each in names.split()}
        manual.pairs(out, purpose, said)


def _all(out: Any, group: Any) -> None:
    from plancli.render import manual

    for each in TOPICS:
        manual.topic(out, topic(each))
        manual.printed(out, "\n")
    for each in group.commands:
        manual.printed(out, _help_of(group, each) + "\n")


def _help_of(group: Any, name: str) -> str:
    program = typer.Context(group, info_name="plancli", help_option_names=HELP)
    command = group.commands[name]
    return str(command.get_help(typer.Context(command, info_name=name, parent=program)))
