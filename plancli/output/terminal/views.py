"""Draw the view of an answer: one function for each kind of view."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from plancli.output import terminal
from plancli.output.terminal.console import TerminalConsole
from plancli.results.answer import View
from plancli.results.labels import GRADES, count_values, format_value
from plancli.results.table import Result

if TYPE_CHECKING:
    from plancli.results.charts import Matrix, TileMap

MAP_COLUMNS = ("region", "type", "tasks", "by_name", "by_member", "by_compound", "by_clause")
BOLD = "bold"


def draw_view(view: View) -> None:
    """Draw *view* on standard output; nothing where it holds nothing."""
    with terminal.open_console() as out:
        DRAWERS[view.kind](out, view.result, **view.details)


def draw_table(out: TerminalConsole, result: Result) -> None:
    """Draw a plain table."""
    if result.rows:
        terminal.print_table(out, result)


def draw_tasks(
    out: TerminalConsole,
    result: Result,
    keywords: Sequence[str] = (),
    page: str = "",
    counted: str = "",
) -> None:
    """Draw tasks, the keywords marked in their text; the last line counts them.

    *page*: which they are, of how many, where they are not all; *counted*: the column whose
    values the last line counts instead.
    """
    if result.rows:
        terminal.print_tasks(out, result, keywords)
        total = count_values(result, counted) if counted else _format_total(result, page)
        terminal.print_lines(out, total, style=BOLD)


def draw_ambiguities(out: TerminalConsole, result: Result, keywords: Sequence[str] = ()) -> None:
    """Draw tasks whose responsibility is unclear, with a count of each reason."""
    if result.rows:
        terminal.print_tasks(out, result, keywords)
        tasks = len(set(result.column("_task")))
        total = f"共 {tasks} 项任务：{count_values(result, 'reason')}"
        terminal.print_lines(out, total, style=BOLD)


def draw_agency(
    out: TerminalConsole,
    result: Result,
    keywords: Sequence[str] = (),
    page: str = "",
    roles: Sequence[str] = (),
    load_possible: Callable[[], Result] | None = None,
) -> None:
    """Draw what an agency is named for, the totals, and apart from it what may include it."""
    agency = result.title
    terminal.print_tasks(out, result, keywords, agency)
    if page and not result.rows:
        return
    if load_possible is None:
        if page:
            terminal.print_lines(out, _format_total(result, page), style=BOLD)
        return
    found = result.column("role")
    counts = " · ".join(f"{format_value('role', role)} {found.count(role)}" for role in roles)
    shared = sum(not lead for lead in result.column("lead"))
    end = f"（其中 {shared} 项没有牵头单位，共同负责）" if shared else ""
    total = f"{_format_total(result, page)}（{counts}）" if page else counts
    terminal.print_lines(out, f"{agency}：{total}{end}", style=BOLD)
    if (possible := load_possible()).rows:
        heading = f"没有点名、但原文的统称可能包括{agency}的任务（{len(possible.rows)} 项）："
        terminal.print_lines(out, "", heading, style=BOLD)
        terminal.print_tasks(out, possible, keywords)


def draw_region(
    out: TerminalConsole, result: Result, keywords: Sequence[str] = (), page: str = ""
) -> None:
    """Draw the tasks about a region, with a count of each grade."""
    if result.rows:
        terminal.print_tasks(out, result, keywords)
        grades = result.column("grade")
        counts = " · ".join(
            f"{format_value('grade', grade)} {grades.count(grade)}" for grade in GRADES
        )
        total = f"{result.title}：{_format_total(result, page)}（{counts}）"
        terminal.print_lines(out, total, style=BOLD)


def draw_section(
    out: TerminalConsole,
    result: Result,
    details: Result,
    keywords: Sequence[str] = (),
    page: str = "",
) -> None:
    """Draw the tasks of a section, and what a list says beside or instead of tasks."""
    terminal.print_tasks(out, result, keywords)
    if result.rows:
        terminal.print_lines(out, _format_total(result, page), style=BOLD)
    if details.rows:
        terminal.print_details(out, details)


def draw_statistics(
    out: TerminalConsole, result: Result, tables: Sequence[tuple[str, Result]] = ()
) -> None:
    """Draw the measures, then each of *tables* below its name."""
    terminal.print_table(out, result)
    for name, table in tables:
        if table.rows:
            terminal.print_lines(out, "", name, style=BOLD)
            terminal.print_table(out, table)


def draw_outlines(out: TerminalConsole, result: Result, sections: Result) -> None:
    """Draw plans with their lists and sections."""
    terminal.print_plans(out, result, sections)


def draw_plans(out: TerminalConsole, result: Result) -> None:
    """Draw the open plans, and how much they are together."""
    if result.rows:
        terminal.print_table(out, Result("", result.columns, result.rows, several=True))
        tasks = sum(int(str(count)) for count in result.column("tasks"))
        terminal.print_lines(out, f"共 {len(result.rows)} 份计划，{tasks} 项任务", style=BOLD)


def draw_matrix(out: TerminalConsole, _result: Result, matrix: "Matrix") -> None:
    """Draw who has how many tasks where, as many columns at a time as fit."""
    from plancli.output.terminal import charts  # most answers have none

    if matrix:
        charts.print_matrix(out, matrix)


def draw_map(out: TerminalConsole, result: Result, tile_map: "TileMap") -> None:
    """Draw the map of squares, and the regions below it with their grades."""
    from plancli.output.terminal import charts  # most answers have none

    if tile_map:
        charts.print_tiles(out, tile_map)
        terminal.print_table(out, result.select_columns(*MAP_COLUMNS))


def draw_diagnostics(out: TerminalConsole, result: Result) -> None:
    """Draw what a check has to say."""
    if result.rows:
        terminal.print_findings(out, result)
        terminal.print_lines(out, f"共 {len(result.rows)} 处", style=BOLD)


def draw_merge_diagnostics(out: TerminalConsole, result: Result) -> None:
    """Draw what a coordinator should look at, and how much of each kind there is."""
    from plancli.output.terminal import progress_report  # most answers have none

    if result.rows:
        progress_report.print_merge_findings(out, result)
        terminal.print_lines(out, count_values(result, "kind"), style=BOLD)


def draw_progress(out: TerminalConsole, result: Result, agencies: Result, today: date) -> None:
    """Draw how far the tasks have come, and the sum of all *agencies*."""
    from plancli.output.terminal import progress_report  # most answers have none

    if result.rows:
        progress_report.print_progress(out, result)
        possible = result.column("role").count("possible") if "role" in result.columns else 0
        progress_report.print_total(out, agencies, today, possible)


def draw_changes(out: TerminalConsole, result: Result) -> None:
    """Draw what changed, and how many changes there are of each kind."""
    if result.rows:
        terminal.print_changes(out, result)
        terminal.print_lines(out, count_values(result, "change"), style=BOLD)


def _format_total(result: Result, page: str) -> str:
    """Return how many tasks are shown: all, or which."""
    return f"以上为{page}" if page else f"共 {len(result.rows)} 项"


DRAWERS: dict[str, Callable[..., None]] = {
    "table": draw_table,
    "tasks": draw_tasks,
    "ambiguities": draw_ambiguities,
    "agency": draw_agency,
    "region": draw_region,
    "section": draw_section,
    "statistics": draw_statistics,
    "outlines": draw_outlines,
    "plans": draw_plans,
    "cards": terminal.print_task_cards,
    "matrix": draw_matrix,
    "map": draw_map,
    "diagnostics": draw_diagnostics,
    "merge-diagnostics": draw_merge_diagnostics,
    "progress": draw_progress,
    "changes": draw_changes,
}
