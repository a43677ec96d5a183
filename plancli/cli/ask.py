"""The questions: agency, region, section, keyword, task, list, export, stats."""

from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import names, query
from plancli.cli import complete, show
from plancli.cli.answer import answer, is_table, say
from plancli.cli.app import app
from plancli.cli.narrow import elsewhere, narrowed, of_plans, opened, refuse_alone, role_of, sole
from plancli.cli.options import Ask, asking
from plancli.errors import BadUsage, NotFound
from plancli.lang import _


@app.command("agency", epilog="plancli agency 合肥市 --lead")
@asking
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
        return show.listing(ask, query.agencies(db, role_of(ask), narrowed(db, ask)))
    who = sole(names.agency(db, name, of_plans(db, ask)))
    where = narrowed(db, ask._replace(role="", lead=False))
    role = role_of(ask)
    named = query.agency(db, who, role, where)
    may = query.possible(db, who, role, where)
    nothing = _("no task names {name}").format(name=who) if not named.rows else ""
    if possible:
        named, nothing = may, _("no collective phrase may include {name}").format(name=who)
    elif may.rows and not is_table(ask):
        more = _("{n} more tasks may include {name} through a collective phrase: see --possible")
        say(more.format(n=len(may.rows), name=who))
    words = tuple(ask.keyword)
    answer(
        ask,
        named,
        lambda: show.agency(named, role, None if possible else may, words),
        nothing=nothing,
    )


@app.command("region", epilog="plancli region 宿州 -f md")
@asking
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
        return show.listing(ask, query.regions(db, narrowed(db, ask)))
    where = sole(names.region(db, name))
    narrow = narrowed(db, ask)
    found = query.region(db, where, exact, narrow)
    hidden = [str(no) for no in query.letters_only(db, where, narrow).column("no")]
    nothing = _("no task mentions {name}").format(name=where)
    answer(ask, found, lambda: show.region(found, tuple(ask.keyword)), nothing=nothing)
    if hidden:
        said = _("{name} also stands in tasks {numbers}, but only inside names of other things")
        say(said.format(name=where, numbers="、".join(hidden)))


@app.command("section", epilog="plancli section 2.3")
@asking
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
        return show.listing(ask, query.sections(db, narrowed(db, ask)))
    targets = names.sections(db, name)
    found = query.tasks(db, query.by_section(*targets) & narrowed(db, ask))
    details = query.details(db, *targets)
    if query.tasks(db, query.by_section(*targets)).rows:
        nothing = _("no task stands below {name}").format(name=name)
        answer(ask, found, lambda: show.section(found, details, ask.keyword), nothing=nothing)
    else:  # a list that has a paragraph instead of tasks: the filters do not apply
        nothing = _("no task stands below {name}").format(name=name)
        answer(ask, details, lambda: show.section(found, details, ask.keyword), nothing=nothing)


@app.command("keyword", epilog="plancli keyword 科创 金融")
@asking
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
    found = query.tasks(db, narrowed(db, ask))
    nothing = _("no task's text holds {words}").format(words=" + ".join(ask.keyword))
    if not found.rows:
        nothing = "\n".join([nothing, *elsewhere(db, words)])
    show.tasks(ask, found, nothing=nothing)


@app.command("task", epilog="plancli task 41 11-16")
@asking
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
    which = query.by_number(*wanted)
    cards = query.cards(db, which & narrowed(db, ask))
    nothing = _("no such task passes the filters")
    answer(ask, cards, lambda: show.cards(cards), nothing=nothing)


def _as_printed(db: Connection, typed: str) -> list[str]:
    """Return the numbers that *typed* means; first of all, itself, if a task has it."""
    from plancli.cli import numbers  # only where a number is asked for

    itself = query.tasks(db, query.by_number(typed.strip())).rows
    return [typed.strip()] if itself else list(numbers.meant(typed))


@app.command("list", epilog="plancli list --agency 省科技厅 --region 合肥")
@asking
def list_(ask: Ask) -> None:
    """All the tasks, as a table.

    Or those that the options let through.
    """
    db = opened(ask)
    show.tasks(ask, query.tasks(db, narrowed(db, ask)), nothing=_("no task passes the filters"))


Csv = Annotated[bool, typer.Option("--csv", help="The same as --format csv.")]
Tsv = Annotated[bool, typer.Option("--tsv", help="The same as --format tsv.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Ndjson = Annotated[bool, typer.Option("--ndjson", help="The same as --format ndjson.")]
Yaml = Annotated[bool, typer.Option("--yaml", help="The same as --format yaml.")]
Md = Annotated[bool, typer.Option("--md", help="The same as --format md.")]


@app.command("export", epilog="plancli export --csv -o tasks.csv")
@asking
def export(
    ask: Ask,
    csv: Csv = False,
    tsv: Tsv = False,
    json: Json = False,
    ndjson: Ndjson = False,
    yaml: Yaml = False,
    md: Md = False,
) -> None:
    """All the tasks, every field, for other programs.

    Or those that the options let through; csv unless told.
    """
    flags = {"csv": csv, "tsv": tsv, "json": json, "ndjson": ndjson, "yaml": yaml, "md": md}
    chosen = [format for format, given in flags.items() if given]
    if len(chosen) + bool(ask.format) > 1:
        raise BadUsage(_("two formats are asked for"), hint=_("choose one of them"))
    db = opened(ask)
    ask = ask._replace(format=chosen[0] if chosen else ask.format)
    found = query.tasks(db, narrowed(db, ask))
    show.tasks(ask, found, nothing=_("no task passes the filters"), default="csv")


@app.command("stats", epilog="plancli stats --region 皖北")
@asking
def stats(ask: Ask) -> None:
    """How many tasks, bodies and duties there are."""
    db = opened(ask)
    show.listing(ask, query.stats(db, narrowed(db, ask)))
