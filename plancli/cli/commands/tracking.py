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
from plancli.cli.options import Ask, Format, asking, narrowing
from plancli.cli.output import answer, say, say_waiting
from plancli.cli.selection import narrowed, of_plans, opened, role_of, sole
from plancli.errors import BadUsage, PlanError
from plancli.i18n import _
from plancli.query import name_lookup
from plancli.query import progress as query_progress
from plancli.results.document import Document, Table
from plancli.system import files

if TYPE_CHECKING:
    from plancli.tracking import progress_file
    from plancli.tracking.assignments import Duty

BY = {"agency": "agency", "section": "section", "region": "region", "task": "task",
      "单位": "agency", "部分": "section", "地区": "region", "任务": "task"}  # fmt: skip
NAMES = {
    "agency": "按单位进展",
    "section": "按部分进展",
    "region": "按地区进展",
    "task": "任务进展",
}


@app.command("pack", epilog="plancli pack 反馈表")
@narrowing
def pack(
    ask: Ask,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    docx: Annotated[
        bool, typer.Option("--docx", help="A Word file beside each sheet, to print or send.")
    ] = False,
) -> None:
    """Sheets to send out: a workbook for each body.

    What it leads, what it takes part in, what may concern it; with columns to fill in, and an
    index of all.
    """
    from plancli.output.terminal import progress_bar
    from plancli.tracking import send as packing  # writes workbooks

    db = opened(ask)
    where, named, maybe = _meant(db, ask)
    bundles = packing.bundles(named, maybe)
    if not bundles:
        message = _("there is no sheet to write: no task names an agency")
        if where != query.EVERY_TASK:
            message = _(
                "there is no sheet to write: no task that passes the filters names an agency"
            )
        raise PlanError(message, hint=_("“plancli list” with the same filters shows the tasks"))
    writing = packing.write(db, where, bundles, folder, word=docx)
    for _bundle in progress_bar.tracked(writing, len(bundles), _("writing")):
        pass
    more = sum(bundle.file.startswith(f"{packing.ASIDE}/") for bundle in bundles)
    say(_("wrote {n} sheets into {file}").format(n=len(bundles) - more, file=folder))
    if more:
        said = _("bodies that are not named have {n} more in {aside}")
        say(said.format(n=more, aside=packing.ASIDE))


@app.command("collect", epilog="plancli collect 反馈表 -o 进展.yaml")
@narrowing
def collect(
    ask: Ask,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of the sheets that came back.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The progress file to add to."),
    ] = None,
    format: Format = "",
) -> None:
    """Read back the sheets that people filled in.

    Adds what they report to the progress file (--output), and tells what to look at: conflicts,
    old versions, missing returns, rows that are gone.
    """
    from plancli.output.terminal import progress_bar
    from plancli.system import atomic
    from plancli.tracking import assignments, progress_file, row_matching
    from plancli.tracking import merge as collecting  # reads YAML: slow to import
    from plancli.tracking.findings import Findings

    db = opened(ask)
    findings = Findings()
    places = row_matching.Places([*assignments.named(db), *assignments.maybe(db)], findings)
    kept = output or _kept(ask)
    if kept.suffix.lower() not in (".yaml", ".yml"):
        raise BadUsage(
            _("the progress file is a .yaml file, not {file}").format(file=kept),
            hint=_(
                "what to look at goes to a file with -f: plancli collect DIR -f xlsx > FILE.xlsx"
            ),
        )
    if kept.exists() and not kept.is_file():
        raise BadUsage(
            _("{file} is a folder or a pipe, not a file").format(file=kept),
            hint=_("give the progress file itself: -o {file}").format(
                file=kept / f"plancli{files.PROGRESS}"
            ),
        )
    if kept.exists():
        _read(kept)  # a file that cannot be read is told of before the sheets are
    found = list(row_matching.files(folder, kept))
    for file in progress_bar.tracked(found, len(found), _("reading")):
        places.take(folder, file)
    _where, named, _maybe = _meant(db, ask)
    noticed, after = findings, progress_file.Progress()

    def merge(raw: bytes | None) -> bytes | None:
        nonlocal noticed, after
        before = progress_file.Progress() if raw is None else progress_file.loads(raw, str(kept))
        noticed = findings.copy()
        after = collecting.merged(before, places, named, noticed)
        return progress_file.dumps(after) if raw is None or after != before else None

    atomic.update_atomically(kept, merge, lambda: say_waiting(kept))
    collecting.missing(named, places, after, noticed)
    said = _("read {n} sheets; {file} holds {reports} reports and {strays} other rows")
    counts = {"reports": len(after.reports), "strays": len(after.strays)}
    say(said.format(n=places.count, file=kept, **counts))
    if places.closed:
        said = _("not taken over: {n} sheets of plans that are not open ({plans}); {hint}")
        n, plans = places.closed.total(), _each(places.closed)
        say(said.format(n=n, plans=plans, hint=_to_open()))
    display.collected(ask._replace(format=format), noticed.result())


@app.command("progress", epilog="plancli progress 进展.yaml --by section")
@asking
def progress(
    ask: Ask,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The progress file.")
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="BY",
            show_default=False,
            help="agency (else), section, region, or task: each report.",
        ),
    ] = "agency",
    today: Annotated[
        str, typer.Option(metavar="DATE", help="The day by which a task is overdue; else today.")
    ] = "",
) -> None:
    """How far the tasks have come.

    By body, section or region, or report by report; overdue first.
    """
    from plancli.tracking import assignments, status

    if by.casefold() not in BY:
        raise BadUsage(
            _("no progress is told by {name}").format(name=by),
            hint=_("say one of {names}").format(names=", ".join(BY)),
        )
    day, kept = _day(today), file or _kept(ask)
    db = opened(ask)
    where, named, maybe = _meant(db, ask)
    told = _read(kept)
    plans = query.plans(db)
    years = dict(zip(map(str, plans.column("plan")), plans.column("year"), strict=True))
    closed = [report.plan for report in told.reports if report.plan not in years]
    if closed and len(closed) == len(told.reports):
        said = _("{file} is of plans that are not open: {plans}")
        raise BadUsage(said.format(file=kept, plans=_each(closed)), hint=_to_open())
    query_progress.heard(db, status.rows([*named, *maybe], told, years, day))
    chosen = BY[by.casefold()]
    first = Table(NAMES[chosen], query_progress.reported(db, chosen))

    def others() -> tuple[Table, ...]:
        return tuple(Table(NAMES[n], query_progress.reported(db, n)) for n in NAMES if n != chosen)

    def whole() -> Document:
        said = query.whole(db, where, first)
        return said._replace(notes=(*said.notes, f"截至：{day}"), sheets=others)

    answer(
        ask,
        first.result,
        lambda: display.progress(first.result, query_progress.reported(db, "agency"), day),
        nothing=_("nothing passes the filters"),
        whole=whole,
    )
    if closed:
        said = _("{n} reports are of plans that are not open ({plans}); {hint}")
        say(said.format(n=len(closed), plans=_each(closed), hint=_to_open()))
    lost = status.lost([*assignments.named(db), *assignments.maybe(db)], told)
    if lost := [report for report in lost if report.plan in years]:
        said = _("{n} reports are of tasks that the plan no longer has, the first: {no} {body}")
        say(said.format(n=len(lost), no=lost[0].no, body=lost[0].body))


def _meant(db: sqlite3.Connection, ask: Ask) -> tuple[query.Filter, list["Duty"], list["Duty"]]:
    """Return the filter on tasks, the duties that are meant, and the possible ones.

    With --agency, those of any of the bodies, in their role; not their tasks' other bodies'.
    """
    from plancli.tracking import assignments

    if not ask.agency:
        where = narrowed(db, ask)
        return where, assignments.named(db, where), assignments.maybe(db, where)
    role, plans = role_of(ask), of_plans(db, ask)
    bodies = dict.fromkeys(
        sole(name_lookup.agency(db, name, plans)) for name in dict.fromkeys(ask.agency)
    )
    others = narrowed(db, ask._replace(agency=[], role="", lead=False))
    named, maybe = (
        [duty for duty in found if duty.body in bodies and (not role or duty.role.value == role)]
        for found in (assignments.named(db, others), assignments.maybe(db, others))
    )
    where = query.by_any_agency(bodies, role) & others
    return where, named, maybe


def _each(plans: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(plans))


def _to_open() -> str:
    return _(
        "open it with --plan FILE or PLANCLI_PLAN; a plan that was imported anew under another id"
        " needs its former one, in its file"
    )


def _kept(ask: Ask) -> Path:
    """Return the progress file of the plans asked: beside a plan of the user's, else here."""
    plans = files.plan_files(ask.plan)
    own = len(plans) == 1 and plans[0] not in (files.SHIPPED, files.STDIN)
    return (
        plans[0].with_name(f"{plans[0].stem}{files.PROGRESS}")
        if own
        else Path(f"plancli{files.PROGRESS}")
    )


def _read(file: Path) -> "progress_file.Progress":
    from plancli.tracking import progress_file

    if not file.exists():
        raise PlanError(
            _("there is no progress file {file}").format(file=file),
            hint=_("plancli collect DIR makes it from the sheets that came back"),
        )
    return progress_file.loads(files.read(file), str(file))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed) if typed else date.today()
    except ValueError:
        raise BadUsage(
            _("{typed} is no day").format(typed=typed), hint=_("for example: --today 2022-06-30")
        ) from None
