"""What is asked of the tasks: keyword, task, list, export, stats."""

import re
from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import query
from plancli.cli import display
from plancli.cli.app import app
from plancli.cli.hints import get_empty_reason, iter_keyword_hints
from plancli.cli.options import (
    QueryOptions,
    with_format_flags,
    with_query_options,
    with_task_options,
)
from plancli.cli.output import emit_answer, print_note
from plancli.cli.selection import build_filter, build_plan_filter, open_plans, paginate_tasks
from plancli.errors import BadUsage, NotFound
from plancli.i18n import _
from plancli.results.document import ALL_TASKS, AnswerTable, Document
from plancli.results.table import Result
from plancli.text.normalize import normalize_key


@app.command("keyword", epilog="plancli keyword 科创 金融")
@with_task_options
def find_keyword(
    ask: QueryOptions,
    words: Annotated[
        list[str], typer.Argument(metavar="WORD...", help="Keywords that the text must contain.")
    ],
) -> None:
    """List the tasks whose text contains all keywords.

    Exact match at any length; ignores case, width, and simplified or traditional characters.
    """
    db = open_plans(ask)
    ask = ask._replace(keyword=[*words, *ask.keyword])
    part = paginate_tasks(db, ask, build_filter(db, ask))
    found = query.select_tasks(db, part.where)
    nothing = ""
    if not found.rows:
        nothing = _("no task contains {words}").format(words=" + ".join(ask.keyword))
        nothing = get_empty_reason(db, query.by_keyword(*ask.keyword), nothing)
    whole = _make_document_builder(db, part.where, found)
    more = iter_keyword_hints(db, words, build_filter(db, ask._replace(keyword=[])))
    display.display_tasks(
        ask, found, whole, nothing=part.get_empty_message(nothing), more=more, here=part.label
    )


@app.command("task", epilog="plancli task 41 11-16")
@with_task_options
def show_task(
    ask: QueryOptions,
    no: Annotated[
        list[str], typer.Argument(metavar="NO...", help="Task numbers as printed: 41, or 11-16.")
    ],
) -> None:
    """Show tasks in full.

    Text, clause, agencies, regions, and the previous and next task.
    """
    db = open_plans(ask)
    wanted = [each for typed in no for each in _resolve_numbers(db, typed)]
    if not wanted:
        raise BadUsage(_("a number is empty"), hint=_("for example: plancli task 11-16"))
    plans = build_plan_filter(db, ask)
    known = set(query.select_tasks(db, query.by_number(*wanted) & plans).column("no"))
    wanted = [
        no
        for each in wanted
        for no in ([each] if each in known else _find_subtasks(db, each, plans))
    ]
    part = paginate_tasks(db, ask, query.by_number(*wanted) & build_filter(db, ask))
    cards = query.select_task_details(db, part.where)
    nothing = part.get_empty_message(_("none of these tasks match the filters"))
    whole = _make_document_builder(db, part.where, cards)
    emit_answer(ask, cards, lambda: display.display_task_cards(cards), nothing=nothing, whole=whole)


def _make_document_builder(
    db: Connection, where: query.Filter, found: Result
) -> Callable[[], Document]:
    """Return what makes the document of the tasks *found*, those that *where* lets through."""
    return lambda: query.build_document(db, where, AnswerTable(ALL_TASKS, found))


def _find_subtasks(db: Connection, no: str, plans: query.Filter) -> list[str]:
    """Return the parts that stand for the task *no* where they have clauses: 11(1), 11(2)."""
    if found := query.select_tasks(db, query.by_parent_number(no) & plans).column("no"):
        return [*map(str, found)]
    if plans != query.EVERY_TASK and query.count_tasks(db, query.by_number(no)):
        return [no]  # of a plan that does not pass
    raise NotFound(
        _("there is no task {no}").format(no=no),
        hint=_("list the numbers with “plancli section”"),
    )


def _resolve_numbers(db: Connection, typed: str) -> list[str]:
    """Return the numbers that *typed* means; first of all, itself, if a task has it."""
    # only where a number is asked for

    typed = typed.strip().encode("utf-8", "replace").decode()  # bytes that are no text are ?
    itself = query.select_tasks(db, query.by_number(typed)).rows
    return [typed] if itself else list(parse_numbers(typed))


@app.command("list", epilog="plancli list --agency 省科技厅 --region 合肥")
@with_task_options
def list_tasks(ask: QueryOptions) -> None:
    """List all tasks, or those that match the filters.

    As a table.
    """
    db = open_plans(ask)
    part = paginate_tasks(db, ask, build_filter(db, ask))
    found = query.select_tasks(db, part.where)
    nothing = part.get_empty_message(_("no task matches the filters"))
    whole = _make_document_builder(db, part.where, found)
    display.display_tasks(ask, found, whole, nothing=nothing, here=part.label)


@app.command("export", epilog="plancli export --csv -o tasks.csv")
@with_task_options
@with_format_flags
def export_tasks(ask: QueryOptions, flags: list[str]) -> None:
    """Export tasks with all fields, for other programs.

    All tasks, or those that match the filters; csv by default.
    """
    if len(flags) + bool(ask.format) > 1:
        raise BadUsage(_("two formats are given"), hint=_("choose one of them"))
    db = open_plans(ask)
    ask = ask._replace(format=flags[0] if flags else ask.format)
    part = paginate_tasks(db, ask, build_filter(db, ask))
    found = query.select_tasks(db, part.where)
    nothing = part.get_empty_message(_("no task matches the filters"))
    whole = _make_document_builder(db, part.where, found)
    display.display_tasks(ask, found, whole, nothing=nothing, here=part.label, default="csv")


@app.command("stats", epilog="plancli stats --region 皖北")
@with_query_options
def show_stats(ask: QueryOptions) -> None:
    """Count tasks, agencies and duties.

    Tasks without a lead, with several leads or an open end; workload by agency, section and region.
    """
    db = open_plans(ask)
    where = build_filter(db, ask)
    if where != query.EVERY_TASK and not query.count_tasks(db, where):
        print_note(_("no task matches the filters"))
    counts = query.select_statistics(db, where)
    bodies, heads, places = (
        query.select_agencies(db, where=where),
        query.select_sections(db, where),
        query.select_regions(db, where),
    )
    drawn = query.build_bar_chart(bodies, heads, places)
    emit_answer(
        ask,
        counts,
        lambda: display.display_stats(
            counts, (("按单位", bodies), ("按部分", heads), ("按地区", places))
        ),
        whole=lambda: query.build_document(db, where, AnswerTable("统计", counts), picture=drawn),
    )


NUMBER_RANGE = re.compile(r"第?(\d{1,9})[-—~至到](\d{1,9})[项条.]?")
SINGLE_NUMBER = re.compile(r"第?(.+?)[项条.]?")
NUMBER_SEPARATORS = re.compile(r"[,，、;；\s]")
MAX_RANGE_SIZE = 10_000  # numbers that one range may stand for


def parse_numbers(typed: str) -> Iterator[str]:
    """Yield the task numbers that *typed* means: 41, 第41项, 11-16, or several: 41,43."""
    for part in filter(None, NUMBER_SEPARATORS.split(typed)):
        yield from _parse_number_range(part)


def _parse_number_range(typed: str) -> Iterator[str]:
    if span := NUMBER_RANGE.fullmatch(normalize_key(typed)):
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < MAX_RANGE_SIZE:
            raise BadUsage(
                _("{typed} is not a range of numbers").format(typed=typed),
                hint=_("for example: plancli task 11-16"),
            )
        yield from map(str, range(first, last + 1))
    elif number := SINGLE_NUMBER.fullmatch(normalize_key(typed)):
        yield number[1]
