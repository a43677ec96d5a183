"""What is asked by a name: agency, region, section."""

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
            help="The heading: 二(三), 2.3, （三） or words of it.",
        ),
    ] = "",
) -> None:
    """The tasks below a heading.

    Without a name: every heading, and how many tasks and bodies stand below it.
    """
    db = open_plans(ask.plan)
    if not name:
        require_name("section", ask)
        answer = questions.list_sections(db, ask.criteria)
    else:
        answer = questions.find_section_tasks(db, ask.criteria, name)
    emit_answer(ask, answer)
