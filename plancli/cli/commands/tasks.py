"""Queries on tasks: keyword, task, list, export, stats."""

from typing import Annotated

import typer

from plancli.cli.app import app
from plancli.cli.options import (
    QueryOptions,
    with_format_flags,
    with_query_options,
    with_task_options,
)
from plancli.cli.output import emit_answer
from plancli.cli.selection import open_plans
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.query import questions


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
    emit_answer(ask, questions.find_keyword_tasks(open_plans(ask.plan), ask.criteria, words))


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
    emit_answer(ask, questions.find_numbered_tasks(open_plans(ask.plan), ask.criteria, no))


@app.command("list", epilog="plancli list --agency 省科技厅 --region 合肥")
@with_task_options
def list_tasks(ask: QueryOptions) -> None:
    """List all tasks, or those that match the filters.

    As a table.
    """
    emit_answer(ask, questions.find_tasks(open_plans(ask.plan), ask.criteria))


@app.command("export", epilog="plancli export --csv -o tasks.csv")
@with_task_options
@with_format_flags
def export_tasks(ask: QueryOptions, flags: list[str]) -> None:
    """Export tasks with all fields, for other programs.

    All tasks, or those that match the filters; csv by default.
    """
    if len(flags) + bool(ask.format) > 1:
        raise BadUsage(_("two formats are given"), hint=_("choose one of them"))
    ask = ask._replace(format=flags[0] if flags else ask.format)
    emit_answer(ask, questions.find_tasks(open_plans(ask.plan), ask.criteria), default="csv")


@app.command("stats", epilog="plancli stats --region 皖北")
@with_query_options
def show_stats(ask: QueryOptions) -> None:
    """Count tasks, agencies and duties.

    Tasks without a lead, with several leads or an open end; workload by agency, section and region.
    """
    emit_answer(ask, questions.count_all(open_plans(ask.plan), ask.criteria))
