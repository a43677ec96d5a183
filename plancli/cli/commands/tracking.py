"""Work sheets out and back: pack, collect, progress."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plancli import query
from plancli.cli.app import app
from plancli.cli.options import FormatOption, QueryOptions, with_filter_options, with_query_options
from plancli.cli.output import emit_answer, print_note, print_waiting_note
from plancli.cli.selection import open_plans
from plancli.errors import BadUsage, PlanError
from plancli.i18n import _
from plancli.query import progress as query_progress
from plancli.query.agency_lookup import find_agencies
from plancli.query.criteria import (
    accept_match,
    build_filter,
    build_plan_filter,
    resolve_role,
)
from plancli.results.answer import Answer, View
from plancli.results.document import AnswerTable, Document
from plancli.system import files

if TYPE_CHECKING:
    from plancli.tracking import progress_file, row_matching
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
    from plancli.tracking import send  # writes workbooks

    db = open_plans(ask.plan)
    where, named, maybe = _select_assignments(db, ask)
    bundles = send.build_work_packets(named, maybe)
    if not bundles:
        message = _("no sheets to write: no task names an agency")
        if where != query.EVERY_TASK:
            message = _("no sheets to write: no matching task names an agency")
        raise PlanError(message, hint=_("list the tasks with “plancli list” and the same filters"))
    writing = send.write_work_packets(db, where, bundles, folder, word=docx)
    for _bundle in progress_bar.iter_with_progress(writing, len(bundles), _("writing")):
        pass
    more = sum(bundle.file.startswith(f"{send.POSSIBLE_DIR}/") for bundle in bundles)
    print_note(_("sheets written to {file}: {n}").format(n=len(bundles) - more, file=folder))
    if more:
        said = _("sheets of agencies that no task names: {n}, in {aside}")
        print_note(said.format(n=more, aside=send.POSSIBLE_DIR))


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
    from plancli.tracking import merge, progress_file, row_matching  # slow to import
    from plancli.tracking.findings import CollectDiagnostics

    db = open_plans(ask.plan)
    findings = CollectDiagnostics()
    matcher = row_matching.RowMatcher(_list_every_assignment(db), findings)
    target = output or _get_progress_path(ask)
    _check_progress_path(target)
    sheets = list(row_matching.iter_sheet_files(folder, target))
    for file in progress_bar.iter_with_progress(sheets, len(sheets), _("reading")):
        matcher.add_file(folder, file)
    _where, named, _maybe = _select_assignments(db, ask)
    diagnostics, after = findings, progress_file.ProgressFile()

    def merge_reports(raw: bytes | None) -> bytes | None:
        nonlocal diagnostics, after
        before = progress_file.ProgressFile()
        if raw is not None:
            before = progress_file.load_progress(raw, str(target))
        diagnostics = findings.copy()
        after = merge.merge_reports(before, matcher, named, diagnostics)
        return progress_file.dump_progress(after) if raw is None or after != before else None

    atomic.update_atomically(target, merge_reports, lambda: print_waiting_note(target))
    merge.check_completeness(named, matcher, after, diagnostics)
    _print_collected(target, matcher, after)
    found = diagnostics.to_result()
    notes = () if found.rows else (_("nothing to check"),)
    answer = Answer(found, notes, view=View("merge-diagnostics", found))
    emit_answer(ask._replace(format=format), answer, name="须核对事项")


def _print_collected(
    target: Path, matcher: "row_matching.RowMatcher", progress: "progress_file.ProgressFile"
) -> None:
    """Say how many sheets were read, and how many belong to plans that are not open."""
    note = _("sheets read: {n}; {file} has {reports} reports and {strays} unmatched rows")
    counts = {"reports": len(progress.reports), "strays": len(progress.strays)}
    print_note(note.format(n=matcher.sheet_count, file=target, **counts))
    if matcher.closed_plans:
        note = _("not collected: {n} sheets of plans that are not open ({plans}); {hint}")
        n, plans = matcher.closed_plans.total(), _join_unique(matcher.closed_plans)
        print_note(note.format(n=n, plans=plans, hint=_get_open_hint()))


def _list_every_assignment(db: sqlite3.Connection) -> list["Assignment"]:
    """Return the duties of every agency, and the possible ones."""
    from plancli.tracking import assignments

    return [*assignments.list_assignments(db), *assignments.list_possible_assignments(db)]


def _check_progress_path(file: Path) -> None:
    """Refuse what is no progress file, before the sheets are read."""
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise BadUsage(
            _("the progress file must be a .yaml file: {file}").format(file=file),
            hint=_("to write the findings to a file: plancli collect DIR -f xlsx > FILE.xlsx"),
        )
    if file.exists() and not file.is_file():
        raise BadUsage(
            _("{file} is a folder or a pipe, not a file").format(file=file),
            hint=_("name the progress file itself: -o {file}").format(
                file=file / f"plancli{files.PROGRESS_SUFFIX}"
            ),
        )
    if file.exists():
        _read_progress(file)


@app.command("progress", epilog="plancli progress 进展.yaml --by section")
@with_query_options
def show_progress(
    ask: QueryOptions,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Progress file.")] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="BY",
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
    from plancli.tracking import status

    axis = _parse_axis(by)
    day, path = _parse_date(today), file or _get_progress_path(ask)
    db = open_plans(ask.plan)
    where, named, maybe = _select_assignments(db, ask)
    progress = _read_progress(path)
    plans = query.select_plans(db)
    years = dict(zip(map(str, plans.column("plan")), plans.column("year"), strict=True))
    closed = [report.plan for report in progress.reports if report.plan not in years]
    if closed and len(closed) == len(progress.reports):
        message = _("{file} is about plans that are not open: {plans}")
        raise BadUsage(message.format(file=path, plans=_join_unique(closed)), hint=_get_open_hint())
    query_progress.load_reports(db, status.iter_status_rows([*named, *maybe], progress, years, day))
    orphaned = status.find_orphaned_reports(_list_every_assignment(db), progress)
    lost = [report for report in orphaned if report.plan in years]
    answer = _answer_progress(db, where, axis, day)
    emit_answer(ask, answer._replace(closing_notes=tuple(_iter_lost_notes(closed, lost))))


def _iter_lost_notes(
    closed: Sequence[str], lost: Sequence["progress_file.AssignmentReport"]
) -> Iterator[str]:
    """Yield what reports are not shown: of the plans *closed*, and those whose tasks are *lost*."""
    if closed:
        note = _("{n} reports belong to plans that are not open ({plans}); {hint}")
        yield note.format(n=len(closed), plans=_join_unique(closed), hint=_get_open_hint())
    if lost:
        note = _(
            "{n} reports belong to tasks that are no longer in the plan, the first: {no} {body}"
        )
        yield note.format(n=len(lost), no=lost[0].no, body=lost[0].body)


def _parse_axis(by: str) -> str:
    if by.casefold() not in PROGRESS_AXES:
        raise BadUsage(
            _("progress cannot be grouped by {name}").format(name=by),
            hint=_("choose from: {names}").format(names=", ".join(PROGRESS_AXES)),
        )
    return PROGRESS_AXES[by.casefold()]


def _answer_progress(db: sqlite3.Connection, where: query.Filter, axis: str, day: date) -> Answer:
    """Return the loaded reports by *axis*; a document has the other axes, too."""
    tables = {
        name: AnswerTable(title, query_progress.select_progress(db, name))
        for name, title in TABLE_NAMES.items()
    }
    main = tables.pop(axis)
    agencies = main if axis == "agency" else tables["agency"]

    def build_document() -> Document:
        document = query.build_document(db, where, main)
        return document._replace(
            notes=(*document.notes, f"截至：{day}"), extra_tables=lambda: tuple(tables.values())
        )

    return Answer(
        main.result,
        () if main.result.rows else (_("nothing matches the filters"),),
        view=View("progress", main.result, {"agencies": agencies.result, "today": day}),
        document=build_document,
    )


def _select_assignments(
    db: sqlite3.Connection, ask: QueryOptions
) -> tuple[query.Filter, list["Assignment"], list["Assignment"]]:
    """Return the filter on tasks, the duties that are meant, and the possible ones.

    With --agency, those of any of the bodies, in their role; not their tasks' other bodies'.
    """
    from plancli.tracking import assignments

    if not ask.agency:
        where = build_filter(db, ask.criteria, print_note)
        return (
            where,
            assignments.list_assignments(db, where),
            assignments.list_possible_assignments(db, where),
        )
    role, plans = resolve_role(ask.criteria), build_plan_filter(db, ask.criteria, print_note)
    bodies = dict.fromkeys(
        agency
        for name in dict.fromkeys(ask.agency)
        for agency in accept_match(find_agencies(db, name, plans), print_note)
    )
    others = build_filter(db, ask.criteria._replace(agency=(), role=""), print_note)
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
