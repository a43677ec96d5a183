"""Arguments in, answer out."""

import gc
import os
import sys
from collections.abc import Sequence

import typer

from plancli.errors import Exit, PlanError
from plancli.lang import _


def main(argv: Sequence[str] | None = None) -> int:
    """Answer the question *argv* (the process's own by default); return the exit code."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except PlanError as error:
        _complain(str(error), error.hint)
        return error.code
    except BrokenPipeError:  # whoever read has read enough
        sys.stdout = open(os.devnull, "w")
        return Exit.DONE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _run(argv: list[str]) -> int:
    from plancli.cli import about, ask, usage  # noqa: F401  (they add the commands)
    from plancli.cli.app import app

    command = usage.translated(typer.main.get_command(app))
    try:
        code = command(argv, prog_name="plancli", standalone_mode=False)
    except usage.UsageError as error:
        raise usage.explained(error) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    sys.stdout.flush()
    return code if isinstance(code, int) else Exit.DONE


def _complain(message: str, hint: str) -> None:
    print(_("error: {message}").format(message=message), file=sys.stderr)
    if hint:
        print(_(" hint: {hint}").format(hint=hint), file=sys.stderr)


__all__ = ["gc", "main"]
