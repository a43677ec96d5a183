"""What is asked of the tasks: keyword, task, list, export, stats."""

import re
from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import query
from plancli.cli import display
from plancli.cli.app import app
from plancli.cli.hints import elsewhere, explain_none
from plancli.cli.options import Ask, asking, asking_tasks, flagged
from plancli.cli.output import answer, say
from plancli.cli.selection import limited, narrowed, of_plans, opened
from plancli.errors import BadUsage, NotFound
from plancli.i18n import _
from plancli.results.document import ALL, Document, Table
from plancli.results.table import Result
from plancli.text.normalize import squeeze


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
    part = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, part.where)
    nothing = ""
    if not found.rows:
        nothing = _("no task's text holds {words}").format(words=" + ".join(ask.keyword))
        nothing = explain_none(db, query.by_keyword(*ask.keyword), nothing)
    whole = _tasks(db, part.where, found)
    more = elsewhere(db, words, narrowed(db, ask._replace(keyword=[])))
    display.tasks(ask, found, whole, nothing=part.nothing(nothing), more=more, here=part.here)


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
    plans = of_plans(db, ask)
    known = set(query.tasks(db, query.by_number(*wanted) & plans).column("no"))
    wanted = [
        no for each in wanted for no in ([each] if each in known else _parts(db, each, plans))
    ]
    part = limited(db, ask, query.by_number(*wanted) & narrowed(db, ask))
    cards = query.cards(db, part.where)
    nothing = part.nothing(_("no such task passes the filters"))
    whole = _tasks(db, part.where, cards)
    answer(ask, cards, lambda: display.cards(cards), nothing=nothing, whole=whole)


def _tasks(db: Connection, where: query.Filter, found: Result) -> Callable[[], Document]:
    """Return what makes the document of the tasks *found*, those that *where* lets through."""
    return lambda: query.whole(db, where, Table(ALL, found))


def _parts(db: Connection, no: str, plans: query.Filter) -> list[str]:
    """Return the parts that stand for the task *no* where they have clauses: 11(1), 11(2)."""
    if found := query.tasks(db, query.by_whole(no) & plans).column("no"):
        return [*map(str, found)]
    if plans != query.EVERY_TASK and query.count(db, query.by_number(no)):
        return [no]  # of a plan that does not pass
    raise NotFound(
        _("no task has the number {no}").format(no=no),
        hint=_("“plancli section” says which numbers there are"),
    )


def _as_printed(db: Connection, typed: str) -> list[str]:
    """Return the numbers that *typed* means; first of all, itself, if a task has it."""
    # only where a number is asked for

    typed = typed.strip().encode("utf-8", "replace").decode()  # bytes that are no text are ?
    itself = query.tasks(db, query.by_number(typed)).rows
    return [typed] if itself else list(meant(typed))


@app.command("list", epilog="plancli list --agency 省科技厅 --region 合肥")
@asking_tasks
def list_(ask: Ask) -> None:
    """All the tasks, as a table.

    Or those that the options let through.
    """
    db = opened(ask)
    part = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, part.where)
    nothing = part.nothing(_("no task passes the filters"))
    whole = _tasks(db, part.where, found)
    display.tasks(ask, found, whole, nothing=nothing, here=part.here)


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
    part = limited(db, ask, narrowed(db, ask))
    found = query.tasks(db, part.where)
    nothing = part.nothing(_("no task passes the filters"))
    whole = _tasks(db, part.where, found)
    display.tasks(ask, found, whole, nothing=nothing, here=part.here, default="csv")


@app.command("stats", epilog="plancli stats --region 皖北")
@asking
def stats(ask: Ask) -> None:
    """How many tasks, bodies and duties there are.

    Which have no lead, several, an open end; then the work by body, by section and by place.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    if where != query.EVERY_TASK and not query.count(db, where):
        say(_("no task passes the filters"))
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
        lambda: display.stats(counts, (("按单位", bodies), ("按部分", heads), ("按地区", places))),
        whole=lambda: query.whole(db, where, Table("统计", counts), picture=drawn),
    )


NUMBERS = re.compile(r"第?(\d{1,9})[-—~至到](\d{1,9})[项条.]?")
NUMBER = re.compile(r"第?(.+?)[项条.]?")
SEVERAL = re.compile(r"[,，、;；\s]")
MOST = 10_000  # numbers that one range may stand for


def meant(typed: str) -> Iterator[str]:
    """Yield the task numbers that *typed* means: 41, 第41项, 11-16, or several: 41,43."""
    for part in filter(None, SEVERAL.split(typed)):
        yield from _numbers(part)


def _numbers(typed: str) -> Iterator[str]:
    if span := NUMBERS.fullmatch(squeeze(typed)):
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < MOST:
            raise BadUsage(
                _("{typed} is not a range of numbers").format(typed=typed),
                hint=_("for example: plancli task 11-16"),
            )
        yield from map(str, range(first, last + 1))
    elif number := NUMBER.fullmatch(squeeze(typed)):
        yield number[1]
