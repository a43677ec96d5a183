"""Questions answered with a chart or a measure: matrix, network, map, targets, ambiguities."""

import sqlite3

from plancli import query
from plancli.errors import BadPlan, BadUsage
from plancli.i18n import _
from plancli.query import ambiguity, matrix, network, region_map, targets
from plancli.query.criteria import (
    Criteria,
    accept_match,
    build_filter,
    build_plan_filter,
    resolve_role,
)
from plancli.query.questions import get_empty_note
from plancli.query.region_lookup import find_regions
from plancli.results.answer import Answer, View
from plancli.results.charts import LEGEND
from plancli.results.document import AnswerTable, Document
from plancli.results.roles import Role
from plancli.results.table import Result

# Columns of a map's table; the others position its tiles.
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
MATRIX_AXES = {**{axis: axis for axis in matrix.AXES}, "部分": "section", "地区": "region", "市": "city",
      "区域": "area", "单位": "agency"}  # fmt: skip
OVERLAP_NOTES = ("一项任务可以在几列，也可以不在任何一列，各列之和不等于合计。",)
NAME_WIDTH, CELL_WIDTH = 26, 11  # of a sheet's columns: agencies; the others


def count_matrix(
    db: sqlite3.Connection, criteria: Criteria, by: str = "section", *, named_only: bool = False
) -> Answer:
    """Return the number of tasks by agency and by section, region or other agency.

    Errors: BadUsage if *by* is not in ``MATRIX_AXES``.
    """
    axis = MATRIX_AXES.get(by.casefold(), "")
    if not axis:
        raise BadUsage(
            _("a matrix by {name} is not supported").format(name=by),
            hint=_("choose from: {names}").format(names=", ".join(MATRIX_AXES)),
        )
    notes: list[str] = []
    where, role = build_filter(db, criteria, notes.append), resolve_role(criteria)
    roles = (role,) if role else tuple(Role) if named_only else ()
    found = matrix.select_matrix_cells(db, axis, roles, where)
    chart = matrix.build_matrix(db, axis, found, roles, where)
    if not found.rows:
        notes.append(get_empty_note(db, where, _("no agency has a task in these columns")))

    def build_document() -> Document:
        headers, rows = chart.grid
        widths = (NAME_WIDTH, *(CELL_WIDTH for _head in headers[1:]))
        columns = tuple(map(str, range(len(headers))))
        grid = AnswerTable("矩阵", Result(chart.title, columns, rows), widths, headers)
        document = query.build_document(db, where, grid, AnswerTable("明细", found), picture=chart)
        return document._replace(
            title=f"{document.title}（{chart.title}）",
            notes=(*document.notes, LEGEND, *OVERLAP_NOTES * (axis != "section")),
        )

    return Answer(
        found,
        tuple(notes),
        view=View("matrix", found, {"matrix": chart}),
        document=build_document,
    )


def list_network_edges(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the pairs of lead agency and participant, each with its tasks."""
    notes: list[str] = []
    closing: list[str] = []
    where = build_filter(db, criteria, notes.append)
    found = network.select_edges(db, where)
    if not found.rows:
        message = _("no task has both a lead agency and participants")
        notes.append(get_empty_note(db, where, message))
    elif count := network.count_tasks_without_edges(db, where):
        note = _("{n} more tasks have no edge: no lead agency, or no participants")
        closing.append(note.format(n=count))
    return Answer(
        found,
        tuple(notes),
        closing_notes=tuple(closing),
        view=View("table", found),
        document=lambda: query.build_document(
            db, where, AnswerTable("牵头与参与", found), picture=network.build_network(db, where)
        ),
    )


def count_by_region(db: sqlite3.Connection, criteria: Criteria, name: str = "") -> Answer:
    """Return the number of tasks for each part of the region *name*; default: the jurisdiction.

    Errors: BadUsage if the plans have several jurisdictions, or a tile is missing; BadPlan if two
        regions have the same tile.
    """
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    if name:
        region = accept_match(find_regions(db, name), notes.append)[0]
    else:
        region = _find_plans_region(db, build_plan_filter(db, criteria, notes.append))
    found = region_map.select_map_regions(db, region, where)
    chart = region_map.build_map(found)
    if not chart.tiles or region_map.find_unmapped_cities(db, region):
        raise BadUsage(
            _("no tile positions are defined for the regions in {name}").format(name=region),
            hint=_(
                "define one with “tile: [column, row]” under regions in the plan: docs/pictures.md"
            ),
        )
    if overlapping := chart.overlapping_regions:
        raise BadPlan(
            _("{names} have the same tile on the map").format(names="、".join(overlapping)),
            hint=_("give each its own with “tile: [column, row]” under regions in the plan"),
        )

    def build_document() -> Document:
        table = AnswerTable("地图", found.select_columns(*MAP_COLUMNS), data=found)
        document = query.build_document(db, where, table, picture=chart)
        return document._replace(notes=(f"地图：{region}", *document.notes)) if name else document

    closing = []
    if not chart and found.rows:
        message = _("no task is about a region in {name}").format(name=region)
        closing.append(get_empty_note(db, where, message))
    return Answer(
        found,
        tuple(notes),
        closing_notes=tuple(closing),
        view=View("map", found, {"tile_map": chart}),
        document=build_document,
    )


def _find_plans_region(db: sqlite3.Connection, plans: query.Filter) -> str:
    """Return the jurisdiction of the matching plans: of those with tasks, if there are any."""
    open_plans = query.select_open_plans(db, plans)
    if not open_plans.rows:  # for a map without tasks
        open_plans = query.select_open_plans(db)
    task_counts = [*zip(*map(open_plans.column, ("jurisdiction", "tasks")), strict=True)]
    regions = {str(region) for region, tasks in task_counts if tasks}
    regions = regions or {str(region) for region, _tasks in task_counts}
    if len(regions) > 1:
        raise BadUsage(
            _("the plans have several jurisdictions: {names}").format(
                names="、".join(sorted(regions))
            ),
            hint=_("name the region to map: plancli map REGION"),
        )
    return regions.pop()


def list_targets(db: sqlite3.Connection, criteria: Criteria, *, every: bool = False) -> Answer:
    """Return the quantitative targets of the plans; with *every*, all numbers."""
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    found = targets.select_targets(db, where, every=every)
    if not criteria.selects_tasks:
        totals = targets.select_figures(db, build_plan_filter(db, criteria, notes.append))
        found = found._replace(rows=(*found.rows, *totals.rows)) if totals.rows else found
    if not found.rows:
        notes.append(get_empty_note(db, where, _("no task has a quantitative target")))
    return Answer(
        found,
        tuple(notes),
        view=View("tasks", found, {"keywords": criteria.keyword, "counted": "kind"}),
        document=lambda: query.build_document(db, where, AnswerTable("目标", found)),
    )


def list_ambiguous_tasks(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the tasks with unclear responsibility, one row for each reason."""
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    found = ambiguity.select_ambiguous_tasks(db, where)
    if not found.rows:
        message = _("the responsibility for every task is clear")
        notes.append(get_empty_note(db, where, message))
    return Answer(
        found,
        tuple(notes),
        view=View("ambiguities", found, {"keywords": criteria.keyword}),
        document=lambda: query.build_document(db, where, AnswerTable("责任不明", found)),
    )
