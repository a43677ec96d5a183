"""Open the plans that the options name."""

import sqlite3

from plancli.cli.options import QueryOptions
from plancli.cli.output import print_note
from plancli.database import cache
from plancli.errors import BadUsage
from plancli.i18n import _


def open_plans(options: QueryOptions) -> sqlite3.Connection:
    """Open the plans asked for."""
    return cache.open_plans(options.plan, print_note)


def require_name(command: str, options: QueryOptions, own: str | bool = "") -> None:
    """Refuse the options that mean something only beside a name; *own*: one of the command's."""
    if given := own or (options.limit and "--limit") or (options.offset and "--offset"):
        raise BadUsage(
            _("{name} needs a name to go with").format(name=given),
            hint=_("“{command} --help” explains").format(command=f"plancli {command}"),
        )
