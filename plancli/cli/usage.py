"""What Typer says of a command line, in our words and the user's language."""

from typing import Any

import typer

from plancli.errors import BadUsage
from plancli.lang import _, language

UsageError: Any = typer.BadParameter.__mro__[1]  # the base of all; its module differs by version


def translated(command: Any) -> Any:
    """Return *command* with its help, and that of all below it, in the user's language."""
    if language() == "en":
        return command
    for each in (command, *getattr(command, "commands", {}).values()):
        each.help = _(each.help)
        for param in each.params:
            if getattr(param, "help", None):
                param.help = _(param.help)
    return command


def explained(error: Any) -> BadUsage:
    """Return *error*, one of Typer's, as ours."""
    kind, command = type(error).__name__, error.ctx.command_path if error.ctx else "plancli"
    param = getattr(error, "param", None)
    name = param.opts[0] if param and param.opts[0].startswith("-") else ""
    name = name or (param.human_readable_name if param else "")
    if kind == "NoSuchOption":
        message = _("no option is called {name}").format(name=error.option_name)
    elif kind == "NoSuchCommand":
        message = _("no command is called {name}").format(name=error.command_name)
    elif kind == "MissingParameter":
        message = _("{name} is missing").format(name=name)
    else:
        message = error.format_message().rstrip(".")
    return BadUsage(message, hint=_("“{command} --help” explains").format(command=command))
