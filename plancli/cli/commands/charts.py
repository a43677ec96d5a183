"""What people look at rather than read: matrix, network, map, targets, lint."""

from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import query
from plancli.cli import completion, display
from plancli.cli.app import app
from plancli.cli.options import QueryOptions, with_query_options
from plancli.cli.output import emit_answer, print_note
from plancli.cli.selection import (
    accept_match,
    build_filter,
    build_plan_filter,
    open_plans,
    resolve_role,
)
from plancli.errors import BadPlan, BadUsage
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.query import ambiguity as doubts
from plancli.query import matrix as matrices
from plancli.query import name_lookup, region_map
from plancli.query import network as networks
from plancli.query import targets as goals
from plancli.results.charts import LEGEND
from plancli.results.document import AnswerTable, Document
from plancli.results.table import Result

# Of a map, what people read beside the squares.
MAP_COLUMNS = (
    "region",
    "type",
    "tasks",
    "by_name",
    "by_member",
    "by_compound",
    "by_clause",
    "members",
)
MATRIX_AXES = {**{axis: axis for axis in matrices.AXES}, "部分": "section", "地区": "region", "市": "city",
      "区域": "area", "单位": "agency"}  # fmt: skip
OVERLAP_NOTES = ("一项任务可以在几列，也可以不在任何一列，各列之和不等于合计。",)
NAME_WIDTH, CELL_WIDTH = 26, 11  # cells of a sheet's columns: bodies; what they have to do


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
    axis = MATRIX_AXES.get(by.casefold(), "")
    if not axis:
        raise BadUsage(
            _("no matrix is drawn by {name}").format(name=by),
            hint=_("say one of {names}").format(names=", ".join(MATRIX_AXES)),
        )
    db = open_plans(ask)
    where, role = build_filter(db, ask), resolve_role(ask)
    roles = (role,) if role else tuple(Role) if named else ()
    found = matrices.select_matrix_cells(db, axis, roles, where)
    drawn = matrices.build_matrix(db, axis, found, roles, where)

    def build_document() -> Document:
        above, rows = drawn.grid
        widths = (NAME_WIDTH, *(CELL_WIDTH for _head in above[1:]))
        columns = tuple(map(str, range(len(above))))
        grid = AnswerTable("矩阵", Result(drawn.title, columns, rows), widths, above)
        said = query.build_document(db, where, grid, AnswerTable("明细", found), picture=drawn)
        return said._replace(
            title=f"{said.title}（{drawn.title}）",
            notes=(*said.notes, LEGEND, *OVERLAP_NOTES * (axis != "section")),
        )

    emit_answer(
        ask,
        found,
        lambda: display.display_matrix(drawn),
        nothing=_get_empty_message(db, where, _("no body has a task in such a column")),
        whole=build_document,
    )


@app.command("network", epilog="plancli network -r 皖北")
@with_query_options
def show_network(ask: QueryOptions) -> None:
    """Who takes part under whose lead.

    Each pair with its tasks; as a picture, or as a graph for other programs.
    """
    db = open_plans(ask)
    where = build_filter(db, ask)
    found = networks.select_edges(db, where)
    display.display_table(
        ask,
        found,
        lambda: query.build_document(
            db, where, AnswerTable("牵头与参与", found), picture=networks.build_network(db, where)
        ),
        nothing=_get_empty_message(
            db, where, _("no task has both a lead and others who take part")
        ),
    )
    if found.rows and (alone := networks.count_tasks_without_edges(db, where)):
        said = _("{n} more tasks join nobody: no lead, or nobody beside it")
        print_note(said.format(n=alone))


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
    db = open_plans(ask)
    where = build_filter(db, ask)
    if name:
        place = accept_match(name_lookup.find_region(db, name))
    else:
        loaded = query.select_open_plans(db, build_plan_filter(db, ask))
        loaded = loaded if loaded.rows else query.select_open_plans(db)  # a map without tasks
        counted = zip(*map(loaded.column, ("jurisdiction", "tasks")), strict=True)
        every = [(str(whole), tasks) for whole, tasks in counted]
        whose = {whole for whole, tasks in every if tasks} or {whole for whole, _tasks in every}
        if len(whose) > 1:
            raise BadUsage(
                _("the plans are of several places: {names}").format(
                    names="、".join(sorted(whose))
                ),
                hint=_("say which to map: plancli map PLACE"),
            )
        place = whose.pop()
    found = region_map.select_map_regions(db, place, where)
    drawn = region_map.build_map(found)
    if not drawn.tiles or region_map.find_unmapped_cities(db, place):
        raise BadUsage(
            _("no square is known for the places in {name}").format(name=place),
            hint=_("“tile: [column, row]” under regions in the plan gives one: docs/pictures.md"),
        )
    if doubled := drawn.overlapping_regions:
        raise BadPlan(
            _("{names} have the same square on the map").format(names="、".join(doubled)),
            hint=_("“tile: [column, row]” under regions in the plan gives each its own"),
        )

    def build_document() -> Document:
        table = AnswerTable("地图", found.select_columns(*MAP_COLUMNS), data=found)
        said = query.build_document(db, where, table, picture=drawn)
        return said._replace(notes=(f"地图：{place}", *said.notes)) if name else said

    emit_answer(ask, found, lambda: display.display_map(drawn, found), whole=build_document)
    if not drawn and found.rows:
        print_note(
            _get_empty_message(
                db, where, _("no task is about a place in {name}").format(name=place)
            )
        )


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
    db = open_plans(ask)
    where = build_filter(db, ask)
    found = goals.select_targets(db, where, every=every)
    if not (ask.agency or ask.role or ask.lead or ask.region or ask.section or ask.keyword):
        totals = goals.select_figures(db, build_plan_filter(db, ask))
        found = found._replace(rows=(*found.rows, *totals.rows)) if totals.rows else found
    display.display_tasks(
        ask,
        found,
        lambda: query.build_document(db, where, AnswerTable("目标", found)),
        nothing=_get_empty_message(db, where, _("no task commits to a number")),
        foot=lambda found: display.count_values(found, "kind"),
    )


@app.command("lint", epilog="plancli lint -s 2.1")
@with_query_options
def list_ambiguities(ask: QueryOptions) -> None:
    """Where it is unclear who is responsible, and why.

    No lead, several leads, collective phrases, lists left open, cities named but not charged.
    """
    db = open_plans(ask)
    where = build_filter(db, ask)
    found = doubts.select_ambiguous_tasks(db, where)
    display.display_tasks(
        ask,
        found,
        lambda: query.build_document(db, where, AnswerTable("责任不明", found)),
        nothing=_get_empty_message(db, where, _("every task says clearly who is responsible")),
        foot=_format_reason_counts,
    )


def _format_reason_counts(found: Result) -> str:
    tasks = len(set(found.column("_task")))
    return f"共 {tasks} 项任务：{display.count_values(found, 'reason')}"


def _get_empty_message(db: Connection, where: query.Filter, said: str) -> str:
    """Return why an answer is empty: *said*, if there are tasks at all."""
    return said if query.select_tasks(db, where).rows else _("no task passes the filters")
