"""The ways an answer leaves: a table, a format, a file; words about it go to standard error."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from plancli import export, files
from plancli.cli.options import Ask
from plancli.errors import BadUsage
from plancli.lang import _
from plancli.result import Result
from plancli.text import printable

TABLE = "table"


def answer(
    ask: Ask, result: Result, show: Callable[[], None], *, nothing: str = "", default: str = TABLE
) -> None:
    """Give *result* in the format asked for; *show* draws the table.

    *nothing* is said where there are no rows; *default* is the format off a terminal.
    """
    format = _format(ask, default)
    if nothing and not result.rows:
        say(nothing)
    if format == TABLE and not ask.output:
        show()
    elif format == TABLE and ask.output:
        _write(ask.output, _drawn(show))
    else:
        to_file = ask.output is not None or _is_file()
        data = export.encode(result, format, bom=to_file if ask.bom is None else ask.bom)
        if ask.output:
            _write(ask.output, data)
        else:
            _print(data)


def say(message: str) -> None:
    """Tell the user *message*, apart from the data."""
    print(printable(message), file=sys.stderr)


def is_table(ask: Ask, default: str = TABLE) -> bool:
    """Whether the answer will be drawn for a person."""
    return _format(ask, default) == TABLE


def _format(ask: Ask, default: str) -> str:
    format = ask.format.lower()
    if not format and ask.output:
        return export.by_suffix(ask.output)
    if format and format != TABLE and format not in export.FORMATS:
        raise BadUsage(
            _("no format is called {name}").format(name=ask.format),
            hint=_("say one of {names}").format(names=", ".join((TABLE, *export.FORMATS))),
        )
    return format or (TABLE if sys.stdout.isatty() else default)


def _is_file() -> bool:
    """Whether standard output goes to a file, where spreadsheets will look for the mark."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # standard output is closed, or no real file
        return False


def _print(data: bytes) -> None:
    if sys.stdout.isatty():  # in whatever encoding the terminal has
        sys.stdout.write(data.decode().replace("\r\n", "\n"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _write(file: Path, data: bytes) -> None:
    files.write_whole(file, lambda draft: draft.write_bytes(data))


def _drawn(show: Callable[[], None]) -> bytes:
    """Return the table as text, without colour."""
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()) as page:
        show()
    return page.getvalue().encode()
