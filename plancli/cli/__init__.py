"""Arguments in, answer out."""

import os
import sys
from collections.abc import Sequence
from copy import copy
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB, DatabaseError

import typer

from plancli.errors import BadUsage, Exit, PlanError
from plancli.lang import _

DAMAGED = (SQLITE_CORRUPT, SQLITE_NOTADB)  # found in a database too large to be checked at once


def main(argv: Sequence[str]) -> int:
    """Answer the question *argv*; return the exit code."""
    try:
        return _run(list(argv))
    except PlanError as error:
        _complain(str(error), error.hint)
        return error.code
    except DatabaseError as error:
        from plancli import store

        if store.no_room(error):
            return _unwritten(str(error))
        if error.sqlite_errorcode not in DAMAGED:  # not the file's fault
            raise
        _complain(_("the database cannot be read: {why}").format(why=error), "")
        return Exit.BAD_PLAN
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:  # the disk is full, the terminal gone
        return _unwritten(error.strerror or str(error))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _run(argv: list[str]) -> int:
    from plancli.cli import usage

    if any("\0" in word for word in argv):  # no shell passes it, but a program may
        raise BadUsage(
            _("control character {name} in text").format(name="U+0000"), hint=_("leave it out")
        )
    command = usage.translated(typer.main.get_command(_program(argv[:1])))
    usage.known(command, argv)
    try:
        code = command(argv, prog_name="plancli", standalone_mode=False)
    except usage.UsageError as error:
        raise usage.explained(error) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except SystemExit as error:  # Typer's own answer to a closed pipe
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        raise
    sys.stdout.flush()
    return code if isinstance(code, int) else Exit.DONE


def _program(name: list[str]) -> typer.Typer:
    """Return the program with only the command that is asked, or with all: each takes time."""
    from plancli.cli import ask  # noqa: F401  (it adds its commands)
    from plancli.cli.app import app

    if not (asked := [each for each in app.registered_commands if [each.name] == name]):
        from plancli.cli import about, bring, chase, report  # noqa: F401

        asked = [each for each in app.registered_commands if [each.name] == name]
    program = copy(app)
    program.registered_commands = asked or app.registered_commands
    return program


def _unwritten(why: str) -> Exit:
    said = _("cannot write the answer: {why}")
    _complain(said.format(why=why), _("make room, or write elsewhere"))
    return Exit.FAILED


def _complain(message: str, hint: str) -> None:
    from plancli.cli.answer import say

    say(_("error: {message}").format(message=message))
    if hint:
        say(_(" hint: {hint}").format(hint=hint))
