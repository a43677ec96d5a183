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
    axis = MATRIX_AXES.get(by.casefold(), "")
    if not axis:
        raise BadUsage(
            _("a matrix by {name} is not supported").format(name=by),
            hint=_("choose from: {names}").format(names=", ".join(MATRIX_AXES)),
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
        nothing=_get_empty_message(db, where, _("no agency has a task in these columns")),
        whole=build_document,
    )


@app.command("network", epilog="plancli network -r 皖北")
@with_query_options
def show_network(ask: QueryOptions) -> None:
    """List lead agencies with their participants.

    Each pair with its tasks; as a chart, or as a graph for other programs.
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
        nothing=_get_empty_message(db, where, _("no task has both a lead agency and participants")),
    )
    if found.rows and (alone := networks.count_tasks_without_edges(db, where)):
        said = _("{n} more tasks have no edge: no lead agency, or no participants")
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
            help="Region to map; default: the plan's jurisdiction.",
        ),
    ] = "",
) -> None:
    """Map the number of tasks by city.

    One square per city, placed as on the map, without borders; areas are listed below.
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
                _("the plans have several jurisdictions: {names}").format(
                    names="、".join(sorted(whose))
                ),
                hint=_("name the region to map: plancli map REGION"),
            )
        place = whose.pop()
    found = region_map.select_map_regions(db, place, where)
    drawn = region_map.build_map(found)
    if not drawn.tiles or region_map.find_unmapped_cities(db, place):
        raise BadUsage(
            _("no tile positions are defined for the regions in {name}").format(name=place),
            hint=_(
                "define one with “tile: [column, row]” under regions in the plan: docs/pictures.md"
            ),
        )
    if doubled := drawn.overlapping_regions:
        raise BadPlan(
            _("{names} have the same tile on the map").format(names="、".join(doubled)),
            hint=_("give each its own with “tile: [column, row]” under regions in the plan"),
        )

    def build_document() -> Document:
        table = AnswerTable("地图", found.select_columns(*MAP_COLUMNS), data=found)
        said = query.build_document(db, where, table, picture=drawn)
        return said._replace(notes=(f"地图：{place}", *said.notes)) if name else said

    emit_answer(ask, found, lambda: display.display_map(drawn, found), whole=build_document)
    if not drawn and found.rows:
        print_note(
            _get_empty_message(
                db, where, _("no task is about a region in {name}").format(name=place)
            )
        )


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
        nothing=_get_empty_message(db, where, _("no task has a quantitative target")),
        foot=lambda found: display.count_values(found, "kind"),
    )


@app.command("lint", epilog="plancli lint -s 2.1")
@with_query_options
def list_ambiguities(ask: QueryOptions) -> None:
    """List tasks with unclear responsibility, and why.

    No lead, several leads, collective agencies, open-ended lists, cities named but not charged.
    """
    db = open_plans(ask)
    where = build_filter(db, ask)
    found = doubts.select_ambiguous_tasks(db, where)
    display.display_tasks(
        ask,
        found,
        lambda: query.build_document(db, where, AnswerTable("责任不明", found)),
        nothing=_get_empty_message(db, where, _("the responsibility for every task is clear")),
        foot=_format_reason_counts,
    )


def _format_reason_counts(found: Result) -> str:
    tasks = len(set(found.column("_task")))
    return f"共 {tasks} 项任务：{display.count_values(found, 'reason')}"


def _get_empty_message(db: Connection, where: query.Filter, said: str) -> str:
    """Return why an answer is empty: *said*, if there are tasks at all."""
    return said if query.select_tasks(db, where).rows else _("no task matches the filters")
