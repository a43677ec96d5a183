"""From the options to the database and the filter they mean; what is noted on the way is said."""

import sqlite3
from typing import NamedTuple

from plancli import query
from plancli.cli.options import QueryOptions
from plancli.cli.output import print_note
from plancli.database import cache
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.query import Filter, criteria
from plancli.query.criteria import build_section_filter, resolve_role
from plancli.query.name_lookup import NameMatch

__all__ = [
    "TaskPage",
    "accept_match",
    "build_filter",
    "build_plan_filter",
    "build_section_filter",
    "open_plans",
    "paginate_tasks",
    "require_name",
    "resolve_role",
]


def open_plans(ask: QueryOptions) -> sqlite3.Connection:
    """Open the plans asked."""
    return cache.open_plans(ask.plan, print_note)


def accept_match(found: NameMatch) -> str:
    """Return the one name found, and say what the user should know of the way to it."""
    return criteria.accept_match(found, print_note)


def build_filter(db: sqlite3.Connection, ask: QueryOptions) -> Filter:
    """Return the filter that all the options together mean: every one of them must hold."""
    return criteria.build_filter(db, ask, print_note)


class TaskPage(NamedTuple):
    """The tasks that are given of those that pass: all, or only some."""

    where: Filter
    label: str = ""  # which of how many, where only some are asked for
    past_end: bool = False  # whether tasks pass, but fewer than are left out

    def get_empty_message(self, said: str) -> str:
        """Return what is to be said where no task is given: *said*, if none passes."""
        return "" if self.past_end else said


def paginate_tasks(
    db: sqlite3.Connection, ask: QueryOptions, where: Filter, *runs: Filter
) -> TaskPage:
    """Return all the tasks that pass, or the first that are asked for; say of how many.

    *runs*: parts of *where* whose tasks are answered one part after the other.
    """
    if not ask.is_partial:
        return TaskPage(where)
    every, ids = query.count_tasks(db, where), list[int]()
    skip, wanted = ask.offset, ask.limit or every
    for run in runs or (where,):
        ids += query.select_first_ids(db, run, wanted - len(ids), skip)
        skip = max(0, skip - query.count_tasks(db, run))
    first, last = ask.offset + 1, ask.offset + len(ids)
    here = f"第 {first} 项起（共 {every} 项）"
    if ids:
        here = f"第 {first}" + (f"—{last}" if last > first else "") + f" 项，共 {every} 项"
        said = _("task {first} of {n}") if first == last else _("tasks {first} to {last} of {n}")
        said = said.format(first=first, last=last, n=every)
        more = _("; more with --offset {last}").format(last=last)
        print_note(said + (more if last < every else ""))
    elif every:
        said = _("--offset {offset} skips all {n} tasks")
        print_note(said.format(offset=ask.offset, n=every))
    beyond = bool(every and not ids)
    return TaskPage(query.by_ids(ids, *where.descriptions, here), here, beyond)


def build_plan_filter(db: sqlite3.Connection, ask: QueryOptions) -> Filter:
    """Return the filter on plans: any of the years, and any of the jurisdictions."""
    return criteria.build_plan_filter(db, ask, print_note)


def require_name(command: str, ask: QueryOptions, own: str | bool = "") -> None:
    """Refuse the options that mean something only beside a name; *own*: one of the command's."""
    if given := own or (ask.limit and "--limit") or (ask.offset and "--offset"):
        raise BadUsage(
            _("{name} needs a name to go with").format(name=given),
            hint=_("see “{command} --help”").format(command=f"plancli {command}"),
        )
