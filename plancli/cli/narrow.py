"""From the options to the database and the filter they mean."""

import sqlite3
from collections.abc import Iterator
from functools import reduce
from operator import and_, or_

from plancli import names, query, store
from plancli.cli.answer import say
from plancli.cli.options import Ask
from plancli.errors import BadUsage
from plancli.lang import _
from plancli.names import Found
from plancli.query import EVERY_TASK, Filter
from plancli.role import Role


def opened(ask: Ask) -> sqlite3.Connection:
    """Open the plans asked."""
    return store.open_plans(ask.plan, say)


def sole(found: Found) -> str:
    """Return the one name found, and say what the user should know of the way to it."""
    if found.note:
        say(found.note)
    return found.name


def role_of(ask: Ask) -> Role | None:
    """Return the role asked for, if any."""
    if ask.lead and ask.role and names.role(ask.role) is not Role.LEAD:
        raise BadUsage(
            _("--lead and --role {role} contradict").format(role=ask.role),
            hint=_("choose one of them"),
        )
    return Role.LEAD if ask.lead else names.role(ask.role) if ask.role else None


def narrowed(db: sqlite3.Connection, ask: Ask) -> Filter:
    """Return the filter that all the options together mean: every one of them must hold."""
    if not all(word.strip() for word in ask.keyword):
        raise BadUsage(
            _("a word to look for is empty"), hint=_("for example: plancli keyword 科创")
        )
    role = role_of(ask)
    plans = of_plans(db, ask)
    bodies = [query.by_agency(sole(names.agency(db, name, plans)), role) for name in ask.agency]
    return reduce(
        and_,
        [
            plans,
            *bodies,
            *([query.by_role(role)] if role and not bodies else []),
            *(query.by_region(sole(names.region(db, name))) for name in ask.region),
            *(below(db, *names.sections(db, name)) for name in ask.section),
            *(query.by_keyword(word) for word in ask.keyword),
        ],
        EVERY_TASK,
    )


def limited(db: sqlite3.Connection, ask: Ask, where: Filter) -> Filter:
    """Return *where*, or only the first of its tasks that are asked for; say of how many."""
    if not ask.part:
        return where
    every = query.count(db, where)
    ids = query.first(db, where, ask.limit or every, ask.offset)
    first, last = ask.offset + 1, ask.offset + len(ids)
    if ids:
        said = _("tasks {first} to {last} of {n}").format(first=first, last=last, n=every)
        more = _("; “--offset {last}” goes on").format(last=last)
        say(said + (more if last < every else ""))
    elif every:
        say(_("there are only {n} tasks").format(n=every))
    here = f"第 {first}—{last} 项，共 {every} 项" if ids else f"共 {every} 项，以后没有"
    return query.by_ids(ids, *where.says, here)


def below(db: sqlite3.Connection, *targets: str) -> Filter:
    """Return the filter on the lists and sections *targets*, which knows what they are called."""
    return query.by_section(*targets, called=names.heading(db, *targets))


def of_plans(db: sqlite3.Connection, ask: Ask) -> Filter:
    """Return the filter on plans: any of the years, and any of the jurisdictions."""
    years = [query.by_year(*_years(typed)) for typed in ask.year]
    regions = [query.by_jurisdiction(sole(names.region(db, name))) for name in ask.jurisdiction]
    return (reduce(or_, years) if years else EVERY_TASK) & (
        reduce(or_, regions) if regions else EVERY_TASK
    )


def _years(typed: str) -> tuple[int, int]:
    first, _dash, last = typed.strip().removesuffix("年").partition("-")
    if not (first.isdecimal() and (not last or last.isdecimal()) and len(typed) < 12):
        raise BadUsage(
            _("{typed} is no year").format(typed=typed), hint=_("for example: --year 2021-2023")
        )
    return int(first), int(last or first)


def refuse_alone(given: bool, option: str) -> None:
    """Refuse an option that means something only beside a name."""
    if given:
        raise BadUsage(
            _("{name} needs a name to go with").format(name=option),
            hint=_("“{command} --help” explains").format(command="plancli"),
        )


def elsewhere(db: sqlite3.Connection, words: list[str]) -> Iterator[str]:
    """Yield where words that no task's text holds stand all the same."""
    for word in words:
        if count := query.in_clauses(db, word):
            said = _("{word} stands in the clauses of {n} tasks: see “plancli agency”")
            yield said.format(word=word, n=count)
        if query.in_frame(db, word):
            said = _(
                "{word} stands in the preamble, a heading or a list without tasks: “plancli plan”"
            )
            yield said.format(word=word)
