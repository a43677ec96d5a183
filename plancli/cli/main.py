"""Arguments in, answer out."""

import os
import sys
from collections.abc import Sequence
from copy import copy
from importlib import import_module
from itertools import chain
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB, DatabaseError

import typer

from plancli.errors import BadUsage, Exit, PlanError
from plancli.i18n import _, why
from plancli.system import files, protection

COMMANDS = {  # module -> the commands that importing it adds, in the order of --help
    "lookup": ("agency", "region", "section"),
    "tasks": ("keyword", "task", "list", "export", "stats"),
    "plans": ("plan", "plans", "db", "build", "diff", "check"),
    "importing": ("import", "verify"),
    "tracking": ("pack", "collect", "progress"),
    "charts": ("matrix", "network", "map", "targets", "lint"),
    "publish": ("report", "serve"),
    "help": ("help",),
}
DAMAGED = (SQLITE_CORRUPT, SQLITE_NOTADB)  # found in a database too large to be checked at once


def main(argv: Sequence[str]) -> int:
    """Answer the question *argv*; return the exit code."""
    try:
        return _run(list(argv))
    except PlanError as error:
        _complain(str(error), error.hint, error.excerpt)
        return error.code
    except DatabaseError as error:
        from plancli.database import cache

        if cache.no_room(error):
            return _unwritten(str(error))
        if error.sqlite_errorcode not in DAMAGED:  # not the file's fault
            raise
        _complain(_("the database cannot be read: {why}").format(why=error), "")
        return Exit.BAD_PLAN
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:  # the disk is full, the terminal gone
        return _unwritten(why(error))
    except UnicodeEncodeError as error:
        if error.encoding != sys.getfilesystemencoding() or error.encoding == "utf-8":
            raise
        return _unnamed(error)
    except (MemoryError, RecursionError):
        _complain(
            _("this takes more memory than there is"), _("ask for less, or on a larger machine")
        )
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _run(argv: list[str]) -> int:
    from plancli.cli import usage_errors

    protection.forget_inputs()
    if not files.DATA.is_dir():
        raise PlanError(
            _("there is no folder {file}").format(file=files.DATA),
            hint=_("install plancli with pip: it does not run from a zip archive"),
        )
    if any("\0" in word for word in argv):  # no shell passes it, but a program may
        raise BadUsage(
            _("control character {name} in text").format(name="U+0000"), hint=_("leave it out")
        )
    command = usage_errors.translated(typer.main.get_command(program(argv[:1])))
    usage_errors.refuse_dashes(command, argv)
    usage_errors.refuse_values(command, argv)
    usage_errors.known(command, argv)
    try:
        code = command(argv, prog_name="plancli", standalone_mode=False)
    except typer.TyperException as error:
        asked = argv[0] if argv[:1] and argv[0] in command.commands else ""
        raise usage_errors.explained(error, asked) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except SystemExit as error:  # Typer's own answer to a closed pipe
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        raise
    sys.stdout.flush()
    return code if isinstance(code, int) else Exit.DONE


def program(name: list[str]) -> typer.Typer:
    """Return the program with only the command that is asked, or with all: each takes time."""
    from plancli.cli.app import app

    for module in [each for each, own in COMMANDS.items() if {*name} & {*own}] or COMMANDS:
        import_module(f"plancli.cli.commands.{module}")
    if not __doc__:  # python -OO has none, and Typer takes a command's help from it
        from plancli.cli import docstrings

        docstrings.restore(app)
    known = {each.name: each for each in app.registered_commands}
    asked = [known[each] for each in chain(*COMMANDS.values()) if each in known]
    only = copy(app)
    only.registered_commands = [each for each in asked if [each.name] == name] or asked
    return only


def _unwritten(reason: str) -> Exit:
    said = _("cannot write the answer: {why}")
    _complain(said.format(why=reason), _("make room, or write elsewhere"))
    return Exit.FAILED


def _unnamed(error: UnicodeEncodeError) -> Exit:
    """Say that the system cannot name a file so: Python was told that it has few characters."""
    name, few = error.object, error.encoding
    _complain(_("{name} is no name for a file in {few}").format(name=name, few=few),
              _("set PYTHONUTF8=1, or a locale like C.UTF-8"))  # fmt: skip
    return Exit.USAGE


def _complain(message: str, hint: str, excerpt: str = "") -> None:
    from plancli.cli.output import advise, say

    say(_("error: {message}").format(message=message))
    for line in excerpt.splitlines():
        say(f"    {line}")
    if hint:
        advise(hint)
