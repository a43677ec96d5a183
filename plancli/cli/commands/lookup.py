"""What is asked by a name: agency, region, section."""

from typing import Annotated

import typer

from plancli import query
from plancli.cli import completion, display, hints
from plancli.cli.app import app
from plancli.cli.options import Ask, asking_tasks
from plancli.cli.output import answer, holds_all, say
from plancli.cli.selection import (
    below,
    limited,
    narrowed,
    of_plans,
    opened,
    refuse_alone,
    role_of,
    sole,
)
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.query import name_lookup
from plancli.results.document import ALL, Table
from plancli.results.table import Result


@app.command("agency", epilog="plancli agency 合肥市 --lead")
@asking_tasks
def agency(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.agency,
            help="The body: its name, a short or former name, pinyin, or a part.",
        ),
    ] = "",
    possible: Annotated[
        bool,
        typer.Option("--possible", help="Only tasks where a collective phrase may include it."),
    ] = False,
) -> None:
    """What a body has to do, and with whom.

    Without a name: every body the plan names, and how often.
    """
    db = opened(ask)
    if not name:
        refuse_alone("agency", ask, possible and "--possible")
        narrow = narrowed(db, ask)
        bodies = query.agencies(db, role_of(ask), narrow)
        return display.listing(ask, bodies, lambda: query.whole(db, narrow, Table("单位", bodies)))
    plans = of_plans(db, ask)
    who = sole(name_lookup.agency(db, name, plans))
    role, where = role_of(ask), narrowed(db, ask._replace(role="", lead=False))
    maybe = query.by_possible(who, role) & where

    def others() -> Result:
        return query.possible(db, who, role, where & query.NO_TASK if ask.part else where)

    if doubt := hints.open_to_doubt(db, who, where):
        say(doubt)
    if possible:
        part = limited(db, ask, maybe)
        may = query.possible(db, who, role, part.where)
        none = ""
        if not may.rows:
            none = _("no collective phrase is known to include {name}").format(name=who)
            none = hints.explain_none(db, query.by_possible(who), none)
        return answer(
            ask,
            may,
            lambda: display.agency(ask, may, role, None, part.here),
            nothing=part.nothing(none),
            whole=lambda: query.whole(db, part.where, Table("可能包括", may)),
        )
    led = query.by_agency(who, Role.LEAD) & where
    rest = query.by_agency(who) & where & ~query.by_agency(who, Role.LEAD)
    runs = () if role else (led, rest)  # what it leads stands first
    part = limited(db, ask, query.by_agency(who, role) & where, *runs)
    named = query.agency(db, who, role, part.where)

    def tables() -> list[Table]:  # of some tasks, an empty table would say that there are none
        may = others()
        left_out = ask.part or (role and not may.rows)
        return [Table(ALL, named), *([] if left_out else [Table("可能包括", may)])]

    none, *more = ("",) if named.rows else hints.unnamed(db, who, plans)
    if (ask.part or not holds_all(ask)) and (count := query.count(db, maybe)):
        said = _("{n} more tasks may include {name} through a collective phrase: see --possible")
        say(said.format(n=count, name=who))
    answer(
        ask,
        named,
        lambda: display.agency(ask, named, role, others(), part.here),
        nothing=part.nothing(none),
        more=more,
        whole=lambda: query.whole(db, part.where, *tables()),
    )


@app.command("region", epilog="plancli region 宿州 -f md")
@asking_tasks
def region(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.region,
            help="The place: its name or pinyin.",
        ),
    ] = "",
    exact: Annotated[
        bool, typer.Option("--exact", help="Only tasks whose text has the place's own name.")
    ] = False,
) -> None:
    """What is to be done about a place, and why.

    Without a name: every place, and how many tasks are about it for which reason.
    """
    db = opened(ask)
    if not name:
        refuse_alone("region", ask, exact and "--exact")
        narrow = narrowed(db, ask)
        places = query.regions(db, narrow)
        return display.listing(ask, places, lambda: query.whole(db, narrow, Table("地区", places)))
    where = sole(name_lookup.region(db, name))
    narrow = narrowed(db, ask)
    part = limited(db, ask, query.by_region(where, exact) & narrow)
    found = query.region(db, where, exact, part.where)
    nothing = ""
    if not found.rows:
        nothing = _("no task mentions {name}").format(name=where)
        nothing = hints.explain_none(db, query.by_region(where, exact), nothing)
    answer(
        ask,
        found,
        lambda: display.region(ask, found, part.here),
        nothing=part.nothing(nothing),
        more=hints.around(db, where, narrow),
        whole=lambda: query.whole(db, part.where, Table(ALL, found)),
    )
    hidden = [] if ask.part else query.letters_only(db, where, narrow).column("no")
    if hidden:
        said = _("{name} also stands in tasks {numbers}, but only inside names of other things")
        say(said.format(name=where, numbers=name_lookup.listed(list(map(str, hidden)))))


@app.command("section", epilog="plancli section 2.3")
@asking_tasks
def section(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.section,
            help="The heading: 二(三), 2.3, （三） or words of it.",
        ),
    ] = "",
) -> None:
    """The tasks below a heading.

    Without a name: every heading, and how many tasks and bodies stand below it.
    """
    db = opened(ask)
    if not name:
        refuse_alone("section", ask)
        narrow = narrowed(db, ask)
        heads = query.sections(db, narrow)
        return display.listing(ask, heads, lambda: query.whole(db, narrow, Table("部分", heads)))
    targets = name_lookup.sections(db, name, of_plans(db, ask))
    part = limited(db, ask, below(db, *targets) & narrowed(db, ask))
    found = query.tasks(db, part.where)
    details = query.details(db, *targets)
    tables = [Table(ALL, found)] if query.count(db, query.by_section(*targets)) else []
    if details.rows or not tables:  # a paragraph beside tasks, or instead: the filters do not apply
        tables.append(Table("正文", details))
    nothing = ""
    if not found.rows:
        nothing = _("no task stands below {name}").format(name=name)
        nothing = hints.explain_none(db, query.by_section(*targets), nothing)
    answer(
        ask,
        tables[0].result,
        lambda: display.section(ask, found, details, part.here),
        nothing=part.nothing(nothing),
        whole=lambda: query.whole(db, part.where, *tables),
    )
