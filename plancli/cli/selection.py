"""From the options to the database and the filter they mean; what is noted on the way is said."""

import sqlite3
from typing import NamedTuple

from plancli import query
from plancli.cli.options import Ask
from plancli.cli.output import say
from plancli.database import cache
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.query import Filter, criteria
from plancli.query.criteria import below, role_of
from plancli.query.name_lookup import Found

__all__ = [
    "Part",
    "below",
    "limited",
    "narrowed",
    "of_plans",
    "opened",
    "refuse_alone",
    "role_of",
    "sole",
]


def opened(ask: Ask) -> sqlite3.Connection:
    """Open the plans asked."""
    return cache.open_plans(ask.plan, say)


def sole(found: Found) -> str:
    """Return the one name found, and say what the user should know of the way to it."""
    return criteria.sole(found, say)


def narrowed(db: sqlite3.Connection, ask: Ask) -> Filter:
    """Return the filter that all the options together mean: every one of them must hold."""
    return criteria.narrowed(db, ask, say)


class Part(NamedTuple):
    """The tasks that are given of those that pass: all, or only some."""

    where: Filter
    here: str = ""  # which of how many, where only some are asked for
    beyond: bool = False  # whether tasks pass, but fewer than are left out

    def nothing(self, said: str) -> str:
        """Return what is to be said where no task is given: *said*, if none passes."""
        return "" if self.beyond else said


def limited(db: sqlite3.Connection, ask: Ask, where: Filter, *runs: Filter) -> Part:
    """Return all the tasks that pass, or the first that are asked for; say of how many.

    *runs*: parts of *where* whose tasks are answered one part after the other.
    """
    if not ask.part:
        return Part(where)
    every, ids = query.count(db, where), list[int]()
    skip, wanted = ask.offset, ask.limit or every
    for run in runs or (where,):
        ids += query.first(db, run, wanted - len(ids), skip)
        skip = max(0, skip - query.count(db, run))
    first, last = ask.offset + 1, ask.offset + len(ids)
    here = f"第 {first} 项起（共 {every} 项）"
    if ids:
        here = f"第 {first}" + (f"—{last}" if last > first else "") + f" 项，共 {every} 项"
        said = _("task {first} of {n}") if first == last else _("tasks {first} to {last} of {n}")
        said = said.format(first=first, last=last, n=every)
        more = _("; for more: --offset {last}").format(last=last)
        say(said + (more if last < every else ""))
    elif every:
        said = _("no task after the first {offset}: there are only {n}")
        say(said.format(offset=ask.offset, n=every))
    beyond = bool(every and not ids)
    return Part(query.by_ids(ids, *where.says, here), here, beyond)


def of_plans(db: sqlite3.Connection, ask: Ask) -> Filter:
    """Return the filter on plans: any of the years, and any of the jurisdictions."""
    return criteria.of_plans(db, ask, say)


def refuse_alone(command: str, ask: Ask, own: str | bool = "") -> None:
    """Refuse the options that mean something only beside a name; *own*: one of the command's."""
    if given := own or (ask.limit and "--limit") or (ask.offset and "--offset"):
        raise BadUsage(
            _("{name} needs a name to go with").format(name=given),
            hint=_("“{command} --help” explains").format(command=f"plancli {command}"),
        )
