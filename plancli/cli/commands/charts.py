"""What people look at rather than read: matrix, network, map, targets, lint."""

from typing import Annotated

import typer

from plancli.cli import completion
from plancli.cli.app import app
from plancli.cli.options import QueryOptions, with_query_options
from plancli.cli.output import emit_answer
from plancli.cli.selection import open_plans
from plancli.query import measures


@app.command("matrix", epilog="plancli matrix --by city -a 合肥市")
@with_query_options
def show_matrix(
    ask: QueryOptions,
    by: Annotated[
        str,
        typer.Option(
            metavar="MATRIX_AXES",
            show_default=False,
            help="section (else), region, city, area, or agency: who with whom.",
        ),
    ] = "section",
    named: Annotated[
        bool, typer.Option("--named", help="Leave out △: only where a body is named.")
    ] = False,
) -> None:
    """Who has how much to do in which section.

    Or about which place, or beside which body: ● leads, ○ takes part, △ may be included.
    """
    emit_answer(
        ask, measures.count_matrix(open_plans(ask.plan), ask.criteria, by, named_only=named)
    )


@app.command("network", epilog="plancli network -r 皖北")
@with_query_options
def show_network(ask: QueryOptions) -> None:
    """Who takes part under whose lead.

    Each pair with its tasks; as a picture, or as a graph for other programs.
    """
    emit_answer(ask, measures.list_network_edges(open_plans(ask.plan), ask.criteria))


@app.command("map", epilog="plancli map -k 产业")
@with_query_options
def show_map(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[PLACE]",
            autocompletion=completion.list_region_names,
            help="What to map; else the plan's.",
        ),
    ] = "",
) -> None:
    """How many tasks are about which city.

    A square a city, placed as on the map, no borders; the areas below it.
    """
    emit_answer(ask, measures.count_by_region(open_plans(ask.plan), ask.criteria, name))


@app.command("targets", epilog="plancli targets -s 2.3")
@with_query_options
def list_targets(
    ask: QueryOptions,
    every: Annotated[
        bool,
        typer.Option("--all", help="All numbers: years, ordinals, names, what is there already."),
    ] = False,
) -> None:
    """The numbers that the plan commits to.

    Each with its words, its task and who is responsible; the totals of lists without tasks, too.
    """
    emit_answer(ask, measures.list_targets(open_plans(ask.plan), ask.criteria, every=every))


@app.command("lint", epilog="plancli lint -s 2.1")
@with_query_options
def list_ambiguities(ask: QueryOptions) -> None:
    """Where it is unclear who is responsible, and why.

    No lead, several leads, collective phrases, lists left open, cities named but not charged.
    """
    emit_answer(ask, measures.list_ambiguous_tasks(open_plans(ask.plan), ask.criteria))
