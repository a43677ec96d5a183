"""Open the plans that the options name."""

import sqlite3
from collections.abc import Generator, Sequence
from typing import Any

from plancli.cli.options import QueryOptions
from plancli.cli.output import print_note
from plancli.database import cache
from plancli.errors import BadUsage
from plancli.i18n import _


def open_plans(paths: Sequence[str]) -> sqlite3.Connection:
    """Open the plans at *paths*, with a progress bar where a large database is built."""
    return cache.open_plans(paths, print_note, report_progress)


def report_progress(
    steps: Generator[Any, None, None], total: int, label: str
) -> Generator[Any, None, None]:
    """Yield *steps*, with a progress bar where standard error is a terminal."""
    from plancli.output.terminal import progress_bar  # Rich: slow to import

    return progress_bar.iter_with_progress(steps, total, label)


def require_name(command: str, options: QueryOptions, own: str | bool = "") -> None:
    """Refuse the options that mean something only beside a name; *own*: one of the command's."""
    if given := own or (options.limit and "--limit") or (options.offset and "--offset"):
        raise BadUsage(
            _("{name} needs a name to go with").format(name=given),
            hint=_("see “{command} --help”").format(command=f"plancli {command}"),
        )
