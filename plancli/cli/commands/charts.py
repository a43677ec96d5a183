"""What people look at rather than read: matrix, network, map, targets, lint."""

from sqlite3 import Connection
from typing import Annotated

import typer

from plancli import query
from plancli.cli import completion, display
from plancli.cli.app import app
from plancli.cli.options import Ask, asking
from plancli.cli.output import answer, say
from plancli.cli.selection import narrowed, of_plans, opened, role_of, sole
from plancli.errors import BadPlan, BadUsage
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.query import ambiguity as doubts
from plancli.query import matrix as matrices
from plancli.query import name_lookup, region_map
from plancli.query import network as networks
from plancli.query import targets as goals
from plancli.results.charts import LEGEND
from plancli.results.document import Document, Table
from plancli.results.table import Result

# Of a map, what people read beside the squares.
PEOPLE = ("region", "type", "tasks", "by_name", "by_member", "by_compound", "by_clause", "members")
BY = {**{axis: axis for axis in matrices.AXES}, "部分": "section", "地区": "region", "市": "city",
      "区域": "area", "单位": "agency"}  # fmt: skip
OVERLAP = ("一项任务可以在几列，也可以不在任何一列，各列之和不等于合计。",)
NAME, CELL = 26, 11  # cells of a sheet's columns: bodies; what they have to do


@app.command("matrix", epilog="plancli matrix --by city -a 合肥市")
@asking
def matrix(
    ask: Ask,
    by: Annotated[
        str,
        typer.Option(
            metavar="BY",
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
    axis = BY.get(by.casefold(), "")
    if not axis:
        raise BadUsage(
            _("no matrix is drawn by {name}").format(name=by),
            hint=_("say one of {names}").format(names=", ".join(BY)),
        )
    db = opened(ask)
    where, role = narrowed(db, ask), role_of(ask)
    roles = (role,) if role else tuple(Role) if named else ()
    found = matrices.cells(db, axis, roles, where)
    drawn = matrices.matrix(db, axis, found, roles, where)

    def whole() -> Document:
        above, rows = drawn.grid
        widths = (NAME, *(CELL for _head in above[1:]))
        columns = tuple(map(str, range(len(above))))
        grid = Table("矩阵", Result(drawn.title, columns, rows), widths, above)
        said = query.whole(db, where, grid, Table("明细", found), picture=drawn)
        return said._replace(
            title=f"{said.title}（{drawn.title}）",
            notes=(*said.notes, LEGEND, *OVERLAP * (axis != "section")),
        )

    answer(
        ask,
        found,
        lambda: display.matrix(drawn),
        nothing=_nothing(db, where, _("no body has a task in such a column")),
        whole=whole,
    )


@app.command("network", epilog="plancli network -r 皖北")
@asking
def network(ask: Ask) -> None:
    """Who takes part under whose lead.

    Each pair with its tasks; as a picture, or as a graph for other programs.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    found = networks.arcs(db, where)
    display.listing(
        ask,
        found,
        lambda: query.whole(
            db, where, Table("牵头与参与", found), picture=networks.network(db, where)
        ),
        nothing=_nothing(db, where, _("no task has both a lead and others who take part")),
    )
    if found.rows and (alone := networks.without_arcs(db, where)):
        said = _("{n} more tasks join nobody: no lead, or nobody beside it")
        say(said.format(n=alone))


@app.command("map", epilog="plancli map -k 产业")
@asking
def map_(
    ask: Ask,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[PLACE]",
            autocompletion=completion.region,
            help="What to map; else the plan's.",
        ),
    ] = "",
) -> None:
    """How many tasks are about which city.

    A square a city, placed as on the map, no borders; the areas below it.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    if name:
        place = sole(name_lookup.region(db, name))
    else:
        loaded = query.loaded(db, of_plans(db, ask))
        loaded = loaded if loaded.rows else query.loaded(db)  # a map without tasks
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
    found = region_map.mapped(db, place, where)
    drawn = region_map.drawn(found)
    if not drawn.tiles or region_map.unplaced(db, place):
        raise BadUsage(
            _("no square is known for the places in {name}").format(name=place),
            hint=_("“tile: [column, row]” under regions in the plan gives one: docs/pictures.md"),
        )
    if doubled := drawn.doubled:
        raise BadPlan(
            _("{names} have the same square on the map").format(names="、".join(doubled)),
            hint=_("“tile: [column, row]” under regions in the plan gives each its own"),
        )

    def whole() -> Document:
        table = Table("地图", found.only(*PEOPLE), data=found)
        said = query.whole(db, where, table, picture=drawn)
        return said._replace(notes=(f"地图：{place}", *said.notes)) if name else said

    answer(ask, found, lambda: display.map_(drawn, found), whole=whole)
    if not drawn and found.rows:
        say(_nothing(db, where, _("no task is about a place in {name}").format(name=place)))


@app.command("targets", epilog="plancli targets -s 2.3")
@asking
def targets(
    ask: Ask,
    every: Annotated[
        bool,
        typer.Option("--all", help="All numbers: years, ordinals, names, what is there already."),
    ] = False,
) -> None:
    """The numbers that the plan commits to.

    Each with its words, its task and who is responsible; the totals of lists without tasks, too.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    found = goals.targets(db, where, every=every)
    if not (ask.agency or ask.role or ask.lead or ask.region or ask.section or ask.keyword):
        totals = goals.figures(db, of_plans(db, ask))
        found = found._replace(rows=(*found.rows, *totals.rows)) if totals.rows else found
    display.tasks(
        ask,
        found,
        lambda: query.whole(db, where, Table("目标", found)),
        nothing=_nothing(db, where, _("no task commits to a number")),
        foot=lambda found: display.counted(found, "kind"),
    )


@app.command("lint", epilog="plancli lint -s 2.1")
@asking
def lint(ask: Ask) -> None:
    """Where it is unclear who is responsible, and why.

    No lead, several leads, collective phrases, lists left open, cities named but not charged.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    found = doubts.unclear(db, where)
    display.tasks(
        ask,
        found,
        lambda: query.whole(db, where, Table("责任不明", found)),
        nothing=_nothing(db, where, _("every task says clearly who is responsible")),
        foot=_reasons,
    )


def _reasons(found: Result) -> str:
    tasks = len(set(found.column("_task")))
    return f"共 {tasks} 项任务：{display.counted(found, 'reason')}"


def _nothing(db: Connection, where: query.Filter, said: str) -> str:
    """Return why an answer is empty: *said*, if there are tasks at all."""
    return said if query.tasks(db, where).rows else _("no task passes the filters")
