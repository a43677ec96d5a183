"""How answers look in a terminal.  Rich is imported here, where a table is drawn, not before."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING

from plancli.cli.options import QueryOptions
from plancli.cli.output import emit_answer
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.results.document import Document
from plancli.results.labels import format_value
from plancli.results.table import Result

if TYPE_CHECKING:
    from plancli.results.charts import Matrix, TileMap

DocumentBuilder = Callable[[], Document]
GRADES = ("name", "member", "compound", "clause")


def display_table(
    ask: QueryOptions, result: Result, whole: DocumentBuilder, *, nothing: str | None = None
) -> None:
    """Answer with a plain table; *nothing* is said where it is empty."""
    nothing = _("nothing matches the filters") if nothing is None else nothing

    def draw_table() -> None:
        if result.rows:
            render = _load_renderer()
            with render.open_console() as out:
                render.print_table(out, result)

    emit_answer(ask, result, draw_table, nothing=nothing, whole=whole)


def display_tasks(
    ask: QueryOptions,
    result: Result,
    whole: DocumentBuilder,
    *,
    nothing: str,
    more: Iterable[str] = (),
    here: str = "",
    default: str = "table",
    foot: Callable[[Result], str] | None = None,
) -> None:
    """Answer with a table of tasks, the words looked for marked in their text; *foot* ends it.

    *here* is which they are, of how many, where they are not all.
    """

    def draw_tasks() -> None:
        if not result.rows:
            return
        render = _load_renderer()
        with render.open_console() as out:
            render.print_tasks(out, result, ask.keyword)
            render.print_lines(
                out, foot(result) if foot else _format_total(result, here), style="bold"
            )

    emit_answer(ask, result, draw_tasks, nothing=nothing, more=more, default=default, whole=whole)


def _format_total(found: Result, here: str) -> str:
    """Return how many tasks are shown: all, or which."""
    return f"以上为{here}" if here else f"共 {len(found.rows)} 项"


def display_agency(
    ask: QueryOptions, named: Result, role: Role | None, possible: Result | None, here: str = ""
) -> None:
    """Draw what a body is named for, the totals, and apart from it what may include it."""
    render, who = _load_renderer(), named.title
    with render.open_console() as out:
        render.print_tasks(out, named, ask.keyword, who)
        if here and not named.rows:
            return
        if possible is None:
            if here:
                render.print_lines(out, _format_total(named, here), style="bold")
            return
        roles = named.column("role")
        totals = [
            f"{format_value('role', each)} {roles.count(each)}"
            for each in Role
            if role in (None, each)
        ]
        shared = sum(not lead for lead in named.column("lead"))
        end = f"（其中 {shared} 项没有牵头单位，共同负责）" if shared else ""
        counts = " · ".join(totals)
        said = f"{_format_total(named, here)}（{counts}）" if here else counts
        render.print_lines(out, f"{who}：{said}{end}", style="bold")
        if possible.rows:
            said = f"没有点名、但原文的统称可能包括{who}的任务（{len(possible.rows)} 项）："
            render.print_lines(out, "", said, style="bold")
            render.print_tasks(out, possible, ask.keyword)


def display_region(ask: QueryOptions, found: Result, here: str = "") -> None:
    """Draw the tasks about a place, with how many are there for which reason."""
    if not found.rows:
        return
    render = _load_renderer()
    with render.open_console() as out:
        render.print_tasks(out, found, ask.keyword)
        grades = [row[0] for row in found.rows]
        counts = " · ".join(
            f"{format_value('grade', each)} {grades.count(each)}" for each in GRADES
        )
        render.print_lines(
            out, f"{found.title}：{_format_total(found, here)}（{counts}）", style="bold"
        )


def display_section(ask: QueryOptions, found: Result, details: Result, here: str = "") -> None:
    """Draw the tasks below a heading, and what a list says beside or instead of tasks."""
    render = _load_renderer()
    with render.open_console() as out:
        render.print_tasks(out, found, ask.keyword)
        if found.rows:
            render.print_lines(out, _format_total(found, here), style="bold")
        if details.rows:
            render.print_details(out, details)


def display_matrix(drawn: "Matrix") -> None:
    """Draw who has how many tasks where, as many columns at a time as fit."""
    if not drawn:
        return
    from plancli.output.terminal import charts

    with _load_renderer().open_console() as out:
        charts.print_matrix(out, drawn)


def display_map(drawn: "TileMap", found: Result) -> None:
    """Draw the map of squares, and the areas below it with their reasons."""
    if not drawn:
        return
    from plancli.output.terminal import charts

    render = _load_renderer()
    with render.open_console() as out:
        charts.print_tiles(out, drawn)
        kept = ("region", "type", "tasks", "by_name", "by_member", "by_compound", "by_clause")
        render.print_table(out, found.select_columns(*kept))


def display_stats(counts: Result, tables: Sequence[tuple[str, Result]]) -> None:
    """Draw the measures, then each of *tables* below its name."""
    render = _load_renderer()
    with render.open_console() as out:
        render.print_table(out, counts)
        for name, table in tables:
            if table.rows:
                render.print_lines(out, "", name, style="bold")
                render.print_table(out, table)


def display_task_cards(result: Result) -> None:
    """Draw tasks whole."""
    render = _load_renderer()
    with render.open_console() as out:
        render.print_task_cards(out, result)


def display_plan_outlines(heads: Result, sections: Result) -> None:
    """Draw the plans' heads and headings."""
    render = _load_renderer()
    with render.open_console() as out:
        render.print_plans(out, heads, sections)


def display_findings(ask: QueryOptions, result: Result, name: str) -> None:
    """Answer with what a check found; with nothing, if it found nothing."""

    def draw_findings() -> None:
        if result.rows:
            render = _load_renderer()
            with render.open_console() as out:
                render.print_findings(out, result)
                render.print_lines(out, f"共 {len(result.rows)} 处", style="bold")

    emit_answer(ask, result, draw_findings, name=name)


def display_merge_findings(ask: QueryOptions, found: Result) -> None:
    """Answer with what a coordinator should look at, and how much of each kind there is."""

    def draw_findings() -> None:
        if not found.rows:
            return
        from plancli.output.terminal import progress_report

        render = _load_renderer()
        with render.open_console() as out:
            progress_report.print_merge_findings(out, found)
            render.print_lines(out, count_values(found, "kind"), style="bold")

    emit_answer(ask, found, draw_findings, nothing=_("nothing to check"), name="须核对事项")


def display_progress(found: Result, bodies: Result, today: date) -> None:
    """Draw how far the tasks have come, and the sum of all *bodies*."""
    if not found.rows:
        return
    from plancli.output.terminal import progress_report

    with _load_renderer().open_console() as out:
        progress_report.print_progress(out, found)
        aside = found.column("role").count("possible") if "role" in found.columns else 0
        progress_report.print_total(out, bodies, today, aside)


def count_values(found: Result, column: str) -> str:
    """Return how often each value stands in *column*, in the order in which they are met."""
    kinds = [str(kind) for kind in found.column(column)]
    return " · ".join(
        f"{format_value(column, each)} {kinds.count(each)}" for each in dict.fromkeys(kinds)
    )


def display_changes(found: Result) -> None:
    """Draw what changed, and how many changes there are of each kind."""
    if not found.rows:
        return
    render = _load_renderer()
    with render.open_console() as out:
        render.print_changes(out, found)
        render.print_lines(out, count_values(found, "change"), style="bold")


def display_plans(plans: Result) -> None:
    """Draw the open plans, and how much they are together."""
    if not plans.rows:
        return
    render = _load_renderer()
    with render.open_console() as out:
        render.print_table(out, Result("", plans.columns, plans.rows, several=True))
        tasks = sum(int(str(count)) for count in plans.column("tasks"))
        render.print_lines(out, f"共 {len(plans.rows)} 份计划，{tasks} 项任务", style="bold")


def _load_renderer() -> ModuleType:
    from plancli.output import terminal

    return terminal
