"""Queries by name: agency, region, section."""

from typing import Annotated

import typer

from plancli.cli import completion
from plancli.cli.app import app
from plancli.cli.options import QueryOptions, with_task_options
from plancli.cli.output import emit_answer
from plancli.cli.selection import open_plans, require_name
from plancli.query import questions


@app.command("agency", epilog="plancli agency 合肥市 --lead")
@with_task_options
def show_agency(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_agency_names,
            help="Agency: name, short or former name, pinyin, or part of a name.",
        ),
    ] = "",
    possible: Annotated[
        bool,
        typer.Option("--possible", help="Only tasks with a collective agency that may include it."),
    ] = False,
) -> None:
    """List the tasks of an agency.

    Without a name: list all agencies with their number of tasks.
    """
    db = open_plans(ask.plan)
    if not name:
        require_name("agency", ask, possible and "--possible")
        answer = questions.list_agencies(db, ask.criteria)
    else:
        answer = questions.find_agency_tasks(db, ask.criteria, name, possible=possible)
    emit_answer(ask, answer)


@app.command("region", epilog="plancli region 宿州 -f md")
@with_task_options
def show_region(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_region_names,
            help="Region: name or pinyin.",
        ),
    ] = "",
    exact: Annotated[
        bool, typer.Option("--exact", help="Only tasks whose text contains the region's own name.")
    ] = False,
) -> None:
    """List the tasks about a region, each with the reason.

    Without a name: list all regions with their number of tasks by reason.
    """
    db = open_plans(ask.plan)
    if not name:
        require_name("region", ask, exact and "--exact")
        answer = questions.list_regions(db, ask.criteria)
    else:
        answer = questions.find_region_tasks(db, ask.criteria, name, exact=exact)
    emit_answer(ask, answer)


@app.command("section", epilog="plancli section 2.3")
@with_task_options
def show_section(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_section_names,
            help="Section: 二(三), 2.3, （三） or words of its title.",
        ),
    ] = "",
) -> None:
    """List the tasks of a section.

    Without a name: list all sections with their number of tasks and agencies.
    """
    db = open_plans(ask.plan)
    if not name:
        require_name("section", ask)
        answer = questions.list_sections(db, ask.criteria)
    else:
        answer = questions.find_section_tasks(db, ask.criteria, name)
    emit_answer(ask, answer)
