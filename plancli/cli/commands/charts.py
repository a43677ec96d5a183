"""The charts and measures: matrix, network, map, targets, lint."""

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
            metavar="BY",
            show_default=False,
            help="section (default), region, city, area or agency.",
        ),
    ] = "section",
    named: Annotated[
        bool, typer.Option("--named", help="Without △: only agencies that are named.")
    ] = False,
) -> None:
    """Count tasks by agency and section.

    Or by region, or by other agency: ● leads, ○ takes part, △ may be included.
    """
    emit_answer(
        ask, measures.count_matrix(open_plans(ask.plan), ask.criteria, by, named_only=named)
    )


@app.command("network", epilog="plancli network -r 皖北")
@with_query_options
def show_network(ask: QueryOptions) -> None:
    """List lead agencies with their participants.

    Each pair with its tasks; as a chart, or as a graph for other programs.
    """
    emit_answer(ask, measures.list_network_edges(open_plans(ask.plan), ask.criteria))


@app.command("map", epilog="plancli map -k 产业")
@with_query_options
def show_map(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[REGION]",
            autocompletion=completion.list_region_names,
            help="Region to map; default: the plan's jurisdiction.",
        ),
    ] = "",
) -> None:
    """Map the number of tasks by city.

    One square per city, placed as on the map, without borders; areas are listed below.
    """
    emit_answer(ask, measures.count_by_region(open_plans(ask.plan), ask.criteria, name))


@app.command("targets", epilog="plancli targets -s 2.3")
@with_query_options
def list_targets(
    ask: QueryOptions,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="All numbers: also years, ordinals, names, existing quantities."
        ),
    ] = False,
) -> None:
    """List the quantitative targets of the plan.

    Each with its wording, task and agencies; also the totals of lists without tasks.
    """
    emit_answer(ask, measures.list_targets(open_plans(ask.plan), ask.criteria, every=every))


@app.command("lint", epilog="plancli lint -s 2.1")
@with_query_options
def list_ambiguities(ask: QueryOptions) -> None:
    """List tasks with unclear responsibility, and why.

    No lead, several leads, collective agencies, open-ended lists, cities named but not charged.
    """
    emit_answer(ask, measures.list_ambiguous_tasks(open_plans(ask.plan), ask.criteria))
