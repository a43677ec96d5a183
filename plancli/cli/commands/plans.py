"""The plan as a whole, its database, and whether it is right: plan, db, build, check."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plancli import query
from plancli.cli import display
from plancli.cli.app import app
from plancli.cli.options import Ask, Format, Given, Output, Plans, asked, asking
from plancli.cli.output import answer, say
from plancli.cli.selection import narrowed, opened
from plancli.database import cache
from plancli.errors import Exit, PlanError
from plancli.i18n import _
from plancli.results.document import Table
from plancli.system import files
from plancli.text.escapes import tame


@app.command("plan", epilog="plancli plan")
@asking
def plan(ask: Ask) -> None:
    """The plan as a whole.

    Its title, source and preamble, and its lists and sections with their counts.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    heads, sections = query.plans(db, where), query.sections(db, where)
    answer(
        ask,
        heads,
        lambda: display.plans(heads, sections),
        nothing=_("no plan passes the filters"),
        whole=lambda: query.whole(db, where, Table("计划", heads), Table("部分", sections)),
    )


@app.command("plans", epilog="plancli plans --plan 'plans/*.yaml' --year 2022")
@asking
def plans(ask: Ask) -> None:
    """Which plans are open.

    Each with its year, whose it is, its tasks and the bodies that they name.
    """
    db = opened(ask)
    where = narrowed(db, ask)
    found = query.loaded(db, where)
    whole = lambda: query.whole(db, where, Table("计划", found))  # noqa: E731
    nothing = _("no plan passes the filters")
    answer(ask, found, lambda: display.loaded(found), nothing=nothing, whole=whole)


@app.command("db", epilog='sqlite3 "$(plancli db)" "SELECT * FROM agency"')
def db(plan: Plans = []) -> None:
    """Where the plan's database is.

    For sqlite3, Datasette or any tool that opens SQLite; docs/database.md explains its tables.
    """
    path = cache.path_of(cache.open_plans(plan, say))
    if not path:
        raise PlanError(
            _("the database is only in memory"), hint=_("plancli build -o FILE.db keeps one")
        )
    print(tame(path) if sys.stdout.isatty() else path)


@app.command("build", epilog="plancli build -o plan.db")
def build(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The database to write.")
    ],
    plan: Plans = [],
) -> None:
    """Write the plan's database to a file."""
    cache.keep(output, plan, say)
    say(_("wrote {file}").format(file=output))


@app.command("diff", epilog="plancli diff 2021.yaml 2022.yaml")
def diff(
    one: Annotated[Path, typer.Argument(metavar="A", help="The plan before.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="The plan after.")],
    format: Format = "",
    output: Output = None,
) -> None:
    """What changed from one plan to another.

    Tasks new, dropped, moved and reworded, duties changed, bodies renamed; tasks are matched by
    their words, not by their numbers.
    """
    from plancli.diff import changes
    from plancli.plan import io as plan_io
    from plancli.registry import io as registry_io

    known = registry_io.load_default_registry()
    before, after = (plan_io.plan(files.read(each), str(each), known) for each in (one, other))
    found = changes.changes(before, after, known)
    same = _("the plans say the same")
    ask = asked(format=format, output=output)
    answer(ask, found, lambda: display.changes(found), nothing=same, name="计划变化对照表")


@app.command("check", epilog="plancli check 计划.yaml")
def check(
    plans: Given = [],
    plan: Plans = [],
    format: Format = "",
    output: Output = None,
) -> None:
    """Hold plans against themselves.

    Against their source, their clauses and the registries; silent if all agrees, else every
    finding, and the exit code is 4.
    """
    from plancli import checks as rules  # reads YAML: slow to import
    from plancli.registry import io as registry_io

    known = registry_io.load_default_registry()
    read = [(file, files.read(file)) for file in files.yaml_files([*plans, *plan], say)]
    found = rules.findings(known, read)
    display.findings(asked(format=format, output=output), found, "计划检查结果")
    if found.rows:
        raise typer.Exit(Exit.BAD_PLAN)
