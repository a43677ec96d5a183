"""Run a command line and return its exit code."""

import os
import sys
from collections.abc import Sequence
from copy import copy
from importlib import import_module
from itertools import chain
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB, DatabaseError

import typer

from plancli.errors import BadUsage, ExitCode, PlanError
from plancli.i18n import _, format_os_error
from plancli.system import files, protection

COMMANDS = {  # module -> commands that importing it adds, in the order of --help
    "lookup": ("agency", "region", "section"),
    "tasks": ("keyword", "task", "list", "export", "stats"),
    "plans": ("plan", "plans", "db", "build", "diff", "check"),
    "importing": ("import", "verify"),
    "tracking": ("pack", "collect", "progress"),
    "charts": ("matrix", "network", "map", "targets", "lint"),
    "publish": ("report", "serve"),
    "help": ("help",),
}
# Raised while reading a database that is too large to be checked when opened.
CORRUPT_DATABASE_CODES = (SQLITE_CORRUPT, SQLITE_NOTADB)


def main(argv: Sequence[str]) -> int:
    """Run the command line *argv*; return the exit code."""
    try:
        return _run_command(list(argv))
    except PlanError as error:
        _print_error(str(error), error.hint, error.excerpt)
        return error.code
    except DatabaseError as error:
        from plancli.database import cache

        if cache.is_write_error(error):
            return _report_write_error(str(error))
        if error.sqlite_errorcode not in CORRUPT_DATABASE_CODES:  # not the file's fault
            raise
        _print_error(_("the database cannot be read: {why}").format(why=error), "")
        return ExitCode.BAD_PLAN
    except BrokenPipeError:  # reader closed the pipe (e.g. "| head")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except OSError as error:  # disk full, or terminal closed
        return _report_write_error(format_os_error(error))
    except UnicodeEncodeError as error:
        if error.encoding != sys.getfilesystemencoding() or error.encoding == "utf-8":
            raise
        return _report_unencodable_name(error)
    except (MemoryError, RecursionError):
        _print_error(
            _("not enough memory"), _("narrow the query, or use a machine with more memory")
        )
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run_command(argv: list[str]) -> int:
    from plancli.cli import usage_errors

    protection.forget_inputs()
    if not files.DATA_DIR.is_dir():
        raise PlanError(
            _("there is no folder {file}").format(file=files.DATA_DIR),
            hint=_("install plancli with pip: it does not run from a zip archive"),
        )
    if any("\0" in word for word in argv):  # shells cannot pass it, but programs may
        raise BadUsage(
            _("control character {name} in text").format(name="U+0000"), hint=_("leave it out")
        )
    command = usage_errors.translate_help(typer.main.get_command(build_program(argv[:1])))
    usage_errors.reject_dashes(command, argv)
    usage_errors.reject_values(command, argv)
    usage_errors.check_command_name(command, argv)
    try:
        code = command(argv, prog_name="plancli", standalone_mode=False)
    except typer.TyperException as error:
        name = argv[0] if argv[:1] and argv[0] in command.commands else ""
        raise usage_errors.convert_error(error, name) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except SystemExit as error:  # Typer handles a closed pipe itself
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        raise
    sys.stdout.flush()
    return code if isinstance(code, int) else ExitCode.DONE


def build_program(name: list[str]) -> typer.Typer:
    """Return the program with the command *name* only, if it exists, else with all (slow)."""
    from plancli.cli.app import app

    for module in [each for each, own in COMMANDS.items() if {*name} & {*own}] or COMMANDS:
        import_module(f"plancli.cli.commands.{module}")
    if not __doc__:  # python -OO drops docstrings, which are the commands' help
        from plancli.cli import docstrings

        docstrings.load_docstrings(app)
    known = {each.name: each for each in app.registered_commands}
    commands = [known[each] for each in chain(*COMMANDS.values()) if each in known]
    only = copy(app)
    only.registered_commands = [each for each in commands if [each.name] == name] or commands
    return only


def _report_write_error(reason: str) -> ExitCode:
    message = _("cannot write the answer: {why}")
    _print_error(message.format(why=reason), _("free disk space, or write to another place"))
    return ExitCode.FAILED


def _report_unencodable_name(error: UnicodeEncodeError) -> ExitCode:
    """Report a file name that the file system's encoding cannot represent."""
    name, few = error.object, error.encoding
    _print_error(_("{name} is not a valid file name in {few}").format(name=name, few=few),
              _("set PYTHONUTF8=1, or use a locale such as C.UTF-8"))  # fmt: skip
    return ExitCode.USAGE


def _print_error(message: str, hint: str, excerpt: str = "") -> None:
    from plancli.cli.output import print_hint, print_note

    print_note(_("error: {message}").format(message=message))
    for line in excerpt.splitlines():
        print_note(f"    {line}")
    if hint:
        print_hint(hint)
