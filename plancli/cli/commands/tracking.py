"""Work sheets out and back: pack, collect, progress."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plancli import query
from plancli.cli import display
from plancli.cli.app import app
from plancli.cli.options import FormatOption, QueryOptions, with_filter_options, with_query_options
from plancli.cli.output import emit_answer, print_note, print_waiting_note
from plancli.cli.selection import (
    accept_match,
    build_filter,
    build_plan_filter,
    open_plans,
    resolve_role,
)
from plancli.errors import BadUsage, PlanError
from plancli.i18n import _
from plancli.query import name_lookup
from plancli.query import progress as query_progress
from plancli.results.document import AnswerTable, Document
from plancli.system import files

if TYPE_CHECKING:
    from plancli.tracking import progress_file
    from plancli.tracking.assignments import Assignment

PROGRESS_AXES = {"agency": "agency", "section": "section", "region": "region", "task": "task",
      "单位": "agency", "部分": "section", "地区": "region", "任务": "task"}  # fmt: skip
TABLE_NAMES = {
    "agency": "按单位进展",
    "section": "按部分进展",
    "region": "按地区进展",
    "task": "任务进展",
}


@app.command("pack", epilog="plancli pack 反馈表")
@with_filter_options
def write_sheets(
    ask: QueryOptions,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    docx: Annotated[
        bool,
        typer.Option("--docx", help="Also write a Word file for each agency, to print or send."),
    ] = False,
) -> None:
    """Write sheets to send out: one workbook per agency.

    Lists the tasks that it leads, takes part in, or that may concern it, with columns to fill in,
    plus an index.
    """
    from plancli.output.terminal import progress_bar
    from plancli.tracking import send as packing  # writes workbooks

    db = open_plans(ask)
    where, named, maybe = _select_assignments(db, ask)
    bundles = packing.build_work_packets(named, maybe)
    if not bundles:
        message = _("no sheets to write: no task names an agency")
        if where != query.EVERY_TASK:
            message = _("no sheets to write: no matching task names an agency")
        raise PlanError(message, hint=_("list the tasks with “plancli list” and the same filters"))
    writing = packing.write_work_packets(db, where, bundles, folder, word=docx)
    for _bundle in progress_bar.iter_with_progress(writing, len(bundles), _("writing")):
        pass
    more = sum(bundle.file.startswith(f"{packing.POSSIBLE_DIR}/") for bundle in bundles)
    print_note(_("sheets written to {file}: {n}").format(n=len(bundles) - more, file=folder))
    if more:
        said = _("sheets of agencies that no task names: {n}, in {aside}")
        print_note(said.format(n=more, aside=packing.POSSIBLE_DIR))


@app.command("collect", epilog="plancli collect 反馈表 -o 进展.yaml")
@with_filter_options
def collect_reports(
    ask: QueryOptions,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the returned sheets.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Progress file to update."),
    ] = None,
    format: FormatOption = "",
) -> None:
    """Collect the sheets that agencies filled in.

    Adds their reports to the progress file (--output), and lists what to check: conflicts, old
    versions, missing sheets, deleted rows.
    """
    from plancli.output.terminal import progress_bar
    from plancli.system import atomic
    from plancli.tracking import assignments, progress_file, row_matching
    from plancli.tracking import merge as collecting  # reads YAML: slow to import
    from plancli.tracking.findings import CollectDiagnostics

    db = open_plans(ask)
    findings = CollectDiagnostics()
    places = row_matching.RowMatcher(
        [*assignments.list_assignments(db), *assignments.list_possible_assignments(db)], findings
    )
    kept = output or _get_progress_path(ask)
    if kept.suffix.lower() not in (".yaml", ".yml"):
        raise BadUsage(
            _("the progress file must be a .yaml file: {file}").format(file=kept),
            hint=_("to write the findings to a file: plancli collect DIR -f xlsx > FILE.xlsx"),
        )
    if kept.exists() and not kept.is_file():
        raise BadUsage(
            _("{file} is a folder or a pipe, not a file").format(file=kept),
            hint=_("name the progress file itself: -o {file}").format(
                file=kept / f"plancli{files.PROGRESS_SUFFIX}"
            ),
        )
    if kept.exists():
        _read_progress(kept)  # a file that cannot be read is told of before the sheets are
    found = list(row_matching.iter_sheet_files(folder, kept))
    for file in progress_bar.iter_with_progress(found, len(found), _("reading")):
        places.add_file(folder, file)
    _where, named, _maybe = _select_assignments(db, ask)
    noticed, after = findings, progress_file.ProgressFile()

    def merge_reports(raw: bytes | None) -> bytes | None:
        nonlocal noticed, after
        before = (
            progress_file.ProgressFile()
            if raw is None
            else progress_file.load_progress(raw, str(kept))
        )
        noticed = findings.copy()
        after = collecting.merge_reports(before, places, named, noticed)
        return progress_file.dump_progress(after) if raw is None or after != before else None

    atomic.update_atomically(kept, merge_reports, lambda: print_waiting_note(kept))
    collecting.check_completeness(named, places, after, noticed)
    said = _("sheets read: {n}; {file} has {reports} reports and {strays} unmatched rows")
    counts = {"reports": len(after.reports), "strays": len(after.strays)}
    print_note(said.format(n=places.sheet_count, file=kept, **counts))
    if places.closed_plans:
        said = _("not collected: {n} sheets of plans that are not open ({plans}); {hint}")
        n, plans = places.closed_plans.total(), _join_unique(places.closed_plans)
        print_note(said.format(n=n, plans=plans, hint=_get_open_hint()))
    display.display_merge_findings(ask._replace(format=format), noticed.to_result())


@app.command("progress", epilog="plancli progress 进展.yaml --by section")
@with_query_options
def show_progress(
    ask: QueryOptions,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Progress file.")] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="PROGRESS_AXES",
            show_default=False,
            help="agency (default), section, region, or task (each report).",
        ),
    ] = "agency",
    today: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="Day for which overdue tasks are determined; default: today."
        ),
    ] = "",
) -> None:
    """Show the progress of tasks.

    By agency, section or region, or report by report; overdue tasks first.
    """
    from plancli.tracking import assignments, status

    if by.casefold() not in PROGRESS_AXES:
        raise BadUsage(
            _("progress cannot be grouped by {name}").format(name=by),
            hint=_("choose from: {names}").format(names=", ".join(PROGRESS_AXES)),
        )
    day, kept = _parse_date(today), file or _get_progress_path(ask)
    db = open_plans(ask)
    where, named, maybe = _select_assignments(db, ask)
    told = _read_progress(kept)
    plans = query.select_plans(db)
    years = dict(zip(map(str, plans.column("plan")), plans.column("year"), strict=True))
    closed = [report.plan for report in told.reports if report.plan not in years]
    if closed and len(closed) == len(told.reports):
        said = _("{file} is about plans that are not open: {plans}")
        raise BadUsage(said.format(file=kept, plans=_join_unique(closed)), hint=_get_open_hint())
    query_progress.load_reports(db, status.iter_status_rows([*named, *maybe], told, years, day))
    chosen = PROGRESS_AXES[by.casefold()]
    first = AnswerTable(TABLE_NAMES[chosen], query_progress.select_progress(db, chosen))

    def build_other_tables() -> tuple[AnswerTable, ...]:
        return tuple(
            AnswerTable(TABLE_NAMES[n], query_progress.select_progress(db, n))
            for n in TABLE_NAMES
            if n != chosen
        )

    def build_document() -> Document:
        said = query.build_document(db, where, first)
        return said._replace(notes=(*said.notes, f"截至：{day}"), extra_tables=build_other_tables)

    emit_answer(
        ask,
        first.result,
        lambda: display.display_progress(
            first.result, query_progress.select_progress(db, "agency"), day
        ),
        nothing=_("nothing matches the filters"),
        whole=build_document,
    )
    if closed:
        said = _("{n} reports belong to plans that are not open ({plans}); {hint}")
        print_note(said.format(n=len(closed), plans=_join_unique(closed), hint=_get_open_hint()))
    lost = status.find_orphaned_reports(
        [*assignments.list_assignments(db), *assignments.list_possible_assignments(db)], told
    )
    if lost := [report for report in lost if report.plan in years]:
        said = _(
            "{n} reports belong to tasks that are no longer in the plan, the first: {no} {body}"
        )
        print_note(said.format(n=len(lost), no=lost[0].no, body=lost[0].body))


def _select_assignments(
    db: sqlite3.Connection, ask: QueryOptions
) -> tuple[query.Filter, list["Assignment"], list["Assignment"]]:
    """Return the filter on tasks, the duties that are meant, and the possible ones.

    With --agency, those of any of the bodies, in their role; not their tasks' other bodies'.
    """
    from plancli.tracking import assignments

    if not ask.agency:
        where = build_filter(db, ask)
        return (
            where,
            assignments.list_assignments(db, where),
            assignments.list_possible_assignments(db, where),
        )
    role, plans = resolve_role(ask), build_plan_filter(db, ask)
    bodies = dict.fromkeys(
        accept_match(name_lookup.find_agency(db, name, plans)) for name in dict.fromkeys(ask.agency)
    )
    others = build_filter(db, ask._replace(agency=[], role="", lead=False))
    named, maybe = (
        [duty for duty in found if duty.agency in bodies and (not role or duty.role.value == role)]
        for found in (
            assignments.list_assignments(db, others),
            assignments.list_possible_assignments(db, others),
        )
    )
    where = query.by_any_agency(bodies, role) & others
    return where, named, maybe


def _join_unique(plans: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(plans))


def _get_open_hint() -> str:
    return _(
        "open it with --plan FILE or PLANCLI_PLAN; if the plan was imported again with another id, restore the former id in its file"
    )


def _get_progress_path(ask: QueryOptions) -> Path:
    """Return the progress file of the plans asked: beside a plan of the user's, else here."""
    plans = files.find_plan_files(ask.plan)
    own = len(plans) == 1 and plans[0] not in (files.DEFAULT_PLAN, files.STDIN)
    return (
        plans[0].with_name(f"{plans[0].stem}{files.PROGRESS_SUFFIX}")
        if own
        else Path(f"plancli{files.PROGRESS_SUFFIX}")
    )


def _read_progress(file: Path) -> "progress_file.ProgressFile":
    from plancli.tracking import progress_file

    if not file.exists():
        raise PlanError(
            _("progress file not found: {file}").format(file=file),
            hint=_("create it from the returned sheets: plancli collect DIR"),
        )
    return progress_file.load_progress(files.read_plan_file(file), str(file))


def _parse_date(typed: str) -> date:
    try:
        return date.fromisoformat(typed) if typed else date.today()
    except ValueError:
        raise BadUsage(
            _("not a date: {typed}").format(typed=typed), hint=_("for example: --today 2022-06-30")
        ) from None
