"""The questions: agency, region, section, keyword, task, list, export, stats."""

from collections.abc import Callable
from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import names, query
from plancli.cli import complete, show
from plancli.cli.answer import answer, holds_all, say
from plancli.cli.app import app
from plancli.cli.narrow import (
    below,
    elsewhere,
    limited,
    narrowed,
    of_plans,
    opened,
    refuse_alone,
    role_of,
    sole,
)
from plancli.cli.options import Ask, asking, asking_tasks, flagged
from plancli.document import ALL, Document, Table
from plancli.errors import BadUsage, NotFound
from plancli.lang import _
from plancli.result import Result


@app.command("agency", epilog="plancli agency 合肥市 --lead")
@asking_tasks
def agency(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=complete.agency,
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
        refuse_alone(possible, "--possible")
        refuse_alone(ask.part, "--limit")
        narrow = narrowed(db, ask)
        bodies = query.agencies(db, role_of(ask), narrow)
        return show.listing(ask, bodies, lambda: query.whole(db, narrow, Table("单位", bodies)))
    who = sole(names.agency(db, name, of_plans(db, ask)))
    role, where = role_of(ask), narrowed(db, ask._replace(role="", lead=False))
    maybe = query.by_possible(who, role) & where
    if possible:
        which = limited(db, ask, maybe)
        named = may = query.possible(db, who, role, which)
        tables: tuple[Table, ...] = (Table("可能包括", may),)
        nothing = _("no collective phrase may include {name}").format(name=who)
    else:
        which = limited(db, ask, query.by_agency(who, role) & where)
        named = query.agency(db, who, role, which)
        may = query.possible(db, who, role, where & query.NO_TASK if ask.part else where)
        tables = (Table(ALL, named), Table("可能包括", may))
        nothing = _("no task names {name}").format(name=who) if not named.rows else ""
        more = query.count(db, maybe) if ask.part else len(may.rows)
        if more and (ask.part or not holds_all(ask)):
            said = _(
                "{n} more tasks may include {name} through a collective phrase: see --possible"
            )
            say(said.format(n=more, name=who))
    answer(
        ask,
        named,
        lambda: show.agency(ask, named, role, None if possible else may),
        nothing=nothing,
        whole=lambda: query.whole(db, which, *tables),
    )


@app.command("region", epilog="plancli region 宿州 -f md")
@asking_tasks
def region(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", autocompletion=complete.region, help="The place: its name or pinyin."
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
        refuse_alone(exact, "--exact")
        refuse_alone(ask.part, "--limit")
        narrow = narrowed(db, ask)
        places = query.regions(db, narrow)
        return show.listing(ask, places, lambda: query.whole(db, narrow, Table("地区", places)))
    where = sole(names.region(db, name))
    narrow = narrowed(db, ask)
    which = limited(db, ask, query.by_region(where, exact) & narrow)
    found = query.region(db, where, exact, which)
    nothing = _("no task mentions {name}").format(name=where)
    answer(
        ask,
        found,
        lambda: show.region(ask, found),
        nothing=nothing,
        whole=lambda: query.whole(db, which, Table(ALL, found)),
    )
    hidden = [] if ask.part else query.letters_only(db, where, narrow).column("no")
    if hidden:
        said = _("{name} also stands in tasks {numbers}, but only inside names of other things")
        say(said.format(name=where, numbers=names.listed(list(map(str, hidden)))))


@app.command("section", epilog="plancli section 2.3")
@asking_tasks
def section(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=complete.section,
            help="The heading: 二(三), 2.3, （三） or words of it.",
        ),
    ] = "",
) -> None:
    """The tasks below a heading.

    Without a name: every heading, and how many tasks and bodies stand below it.
    """
    db = opened(ask)
    if not name:
        refuse_alone(ask.part, "--limit")
        narrow = narrowed(db, ask)
        heads = query.sections(db, narrow)
        return show.listing(ask, heads, lambda: query.whole(db, narrow, Table("部分", heads)))
    targets = names.sections(db, name)
    which = limited(db, ask, below(db, *targets) & narrowed(db, ask))
    found = query.tasks(db, which)
    details = query.details(db, *targets)
    tables = [Table(ALL, found)] if query.count(db, query.by_section(*targets)) else []
    if details.rows or not tables:  # a paragraph beside tasks, or instead: the filters do not apply
        tables.append(Table("正文", details))
    answer(
        ask,
        tables[0].result,
        lambda: show.section(ask, found, details),
        nothing=_("no task stands below {name}").format(name=name),
        whole=lambda: query.whole(db, which, *tables),
    )


@app.command("keyword", epilog="plancli keyword 科创 金融")
@asking_tasks
def keyword(
    ask: Ask,
    words: Annotated[
        list[str], typer.Argument(metavar="WORD...", help="Words that the text must all hold.")
    ],
) -> None:
    """The tasks whose text holds every word.

    Exactly as written, at any length; simplified or traditional, case and width are all one.
    """
    db = opened(ask)
    ask = ask._replace(keyword=[*words, *ask.keyword])
    where = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, where)
    nothing = _("no task's text holds {words}").format(words=" + ".join(ask.keyword))
    if not found.rows:
        nothing = "\n".join([nothing, *elsewhere(db, words)])
    show.tasks(ask, found, _tasks(db, where, found), nothing=nothing)


@app.command("task", epilog="plancli task 41 11-16")
@asking_tasks
def task(
    ask: Ask,
    no: Annotated[
        list[str], typer.Argument(metavar="NO...", help="Numbers as printed: 41, or 11-16.")
    ],
) -> None:
    """One task in full.

    Its words, who leads, who takes part, where, and what stands beside it.
    """
    db = opened(ask)
    wanted = [each for typed in no for each in _as_printed(db, typed)]
    if not wanted:
        raise BadUsage(_("a number is empty"), hint=_("for example: plancli task 11-16"))
    known = set(query.tasks(db, query.by_number(*wanted)).column("no"))
    for each in wanted:
        if each not in known:
            raise NotFound(
                _("no task has the number {no}").format(no=each),
                hint=_("“plancli section” says which numbers there are"),
            )
    which = limited(db, ask, query.by_number(*wanted) & narrowed(db, ask))
    cards = query.cards(db, which)
    nothing = _("no such task passes the filters")
    whole = _tasks(db, which, cards)
    answer(ask, cards, lambda: show.cards(cards), nothing=nothing, whole=whole)


def _tasks(db: Connection, where: query.Filter, found: Result) -> Callable[[], Document]:
    """Return what makes the document of the tasks *found*, those that *where* lets through."""
    return lambda: query.whole(db, where, Table(ALL, found))


def _as_printed(db: Connection, typed: str) -> list[str]:
    """Return the numbers that *typed* means; first of all, itself, if a task has it."""
    from plancli.cli import numbers  # only where a number is asked for

    itself = query.tasks(db, query.by_number(typed.strip())).rows
    return [typed.strip()] if itself else list(numbers.meant(typed))


@app.command("list", epilog="plancli list --agency 省科技厅 --region 合肥")
@asking_tasks
def list_(ask: Ask) -> None:
    """All the tasks, as a table.

    Or those that the options let through.
    """
    db = opened(ask)
    where = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, where)
    nothing = _("no task passes the filters")
    show.tasks(ask, found, _tasks(db, where, found), nothing=nothing)


@app.command("export", epilog="plancli export --csv -o tasks.csv")
@asking_tasks
@flagged
def export(ask: Ask, flags: list[str]) -> None:
    """All the tasks, every field, for other programs.

    Or those that the options let through; csv unless told.
    """
    if len(flags) + bool(ask.format) > 1:
        raise BadUsage(_("two formats are asked for"), hint=_("choose one of them"))
    db = opened(ask)
    ask = ask._replace(format=flags[0] if flags else ask.format)
    where = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, where)
    nothing = _("no task passes the filters")
    show.tasks(ask, found, _tasks(db, where, found), nothing=nothing, default="csv")


@app.command("stats", epilog="plancli stats --region 皖北")
@asking
def stats(ask: Ask) -> None:
    """How many tasks, bodies and duties there are.

    Which have no lead, several, an open end; then the work by body, by section and by place.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    counts = query.stats(db, where)
    bodies, heads, places = (
        query.agencies(db, where=where),
        query.sections(db, where),
        query.regions(db, where),
    )
    drawn = query.bars(bodies, heads, places)
    answer(
        ask,
        counts,
        lambda: show.stats(counts, (("按单位", bodies), ("按部分", heads), ("按地区", places))),
        whole=lambda: query.whole(db, where, Table("统计", counts), picture=drawn),
    )
