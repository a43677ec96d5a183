"""Questions whose answer is a picture or a measure: matrix, network, map, targets, ambiguities."""

import sqlite3

from plancli import query
from plancli.errors import BadPlan, BadUsage
from plancli.i18n import _
from plancli.query import ambiguity, matrix, name_lookup, network, region_map, targets
from plancli.query.criteria import (
    Criteria,
    accept_match,
    build_filter,
    build_plan_filter,
    resolve_role,
)
from plancli.query.questions import get_empty_note
from plancli.results.answer import Answer, View
from plancli.results.charts import LEGEND
from plancli.results.document import AnswerTable, Document
from plancli.results.roles import Role
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
MATRIX_AXES = {**{axis: axis for axis in matrix.AXES}, "部分": "section", "地区": "region", "市": "city",
      "区域": "area", "单位": "agency"}  # fmt: skip
OVERLAP_NOTES = ("一项任务可以在几列，也可以不在任何一列，各列之和不等于合计。",)
NAME_WIDTH, CELL_WIDTH = 26, 11  # cells of a sheet's columns: agencies; what they have to do


def count_matrix(
    db: sqlite3.Connection, asked: Criteria, by: str = "section", *, named_only: bool = False
) -> Answer:
    """Return who has how much to do in which section or region, or with which agency.

    Errors: BadUsage where *by* is none of ``MATRIX_AXES``.
    """
    axis = MATRIX_AXES.get(by.casefold(), "")
    if not axis:
        raise BadUsage(
            _("a matrix by {name} is not supported").format(name=by),
            hint=_("choose from: {names}").format(names=", ".join(MATRIX_AXES)),
        )
    notes: list[str] = []
    where, role = build_filter(db, asked, notes.append), resolve_role(asked)
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


def list_network_edges(db: sqlite3.Connection, asked: Criteria) -> Answer:
    """Return who takes part under whose lead, each pair with its tasks."""
    notes: list[str] = []
    closing: list[str] = []
    where = build_filter(db, asked, notes.append)
    found = network.select_edges(db, where)
    if not found.rows:
        none = _("no task has both a lead agency and participants")
        notes.append(get_empty_note(db, where, none))
    elif alone := network.count_tasks_without_edges(db, where):
        note = _("{n} more tasks have no edge: no lead agency, or no participants")
        closing.append(note.format(n=alone))
    return Answer(
        found,
        tuple(notes),
        closing_notes=tuple(closing),
        view=View("table", found),
        document=lambda: query.build_document(
            db, where, AnswerTable("牵头与参与", found), picture=network.build_network(db, where)
        ),
    )


def count_by_region(db: sqlite3.Connection, asked: Criteria, name: str = "") -> Answer:
    """Return how many tasks are about which part of the region *name*; else of the plans' own.

    Errors: BadUsage where the plans are of several regions, or no square is known; BadPlan where
        two regions have the same square.
    """
    notes: list[str] = []
    where = build_filter(db, asked, notes.append)
    if name:
        region = accept_match(name_lookup.find_region(db, name), notes.append)
    else:
        region = _find_plans_region(db, build_plan_filter(db, asked, notes.append))
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
        none = _("no task is about a region in {name}").format(name=region)
        closing.append(get_empty_note(db, where, none))
    return Answer(
        found,
        tuple(notes),
        closing_notes=tuple(closing),
        view=View("map", found, {"tile_map": chart}),
        document=build_document,
    )


def _find_plans_region(db: sqlite3.Connection, plans: query.Filter) -> str:
    """Return the one region whose plans pass: of those with tasks, if there are any."""
    opened = query.select_open_plans(db, plans)
    opened = opened if opened.rows else query.select_open_plans(db)  # a map without tasks
    counted = [*zip(*map(opened.column, ("jurisdiction", "tasks")), strict=True)]
    regions = {str(region) for region, tasks in counted if tasks}
    regions = regions or {str(region) for region, _tasks in counted}
    if len(regions) > 1:
        raise BadUsage(
            _("the plans have several jurisdictions: {names}").format(
                names="、".join(sorted(regions))
            ),
            hint=_("name the region to map: plancli map REGION"),
        )
    return regions.pop()


def list_targets(db: sqlite3.Connection, asked: Criteria, *, every: bool = False) -> Answer:
    """Return the numbers that the plans commit to; with *every*, all numbers."""
    notes: list[str] = []
    where = build_filter(db, asked, notes.append)
    found = targets.select_targets(db, where, every=every)
    if not asked.selects_tasks:
        totals = targets.select_figures(db, build_plan_filter(db, asked, notes.append))
        found = found._replace(rows=(*found.rows, *totals.rows)) if totals.rows else found
    if not found.rows:
        notes.append(get_empty_note(db, where, _("no task has a quantitative target")))
    return Answer(
        found,
        tuple(notes),
        view=View("tasks", found, {"keywords": asked.keyword, "counted": "kind"}),
        document=lambda: query.build_document(db, where, AnswerTable("目标", found)),
    )


def list_ambiguous_tasks(db: sqlite3.Connection, asked: Criteria) -> Answer:
    """Return where it is unclear who is responsible, a row for each reason."""
    notes: list[str] = []
    where = build_filter(db, asked, notes.append)
    found = ambiguity.select_ambiguous_tasks(db, where)
    if not found.rows:
        none = _("the responsibility for every task is clear")
        notes.append(get_empty_note(db, where, none))
    return Answer(
        found,
        tuple(notes),
        view=View("ambiguities", found, {"keywords": asked.keyword}),
        document=lambda: query.build_document(db, where, AnswerTable("责任不明", found)),
    )
