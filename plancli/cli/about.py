"""The plan as a whole, its database, and whether it is right: plan, db, build, check."""

from pathlib import Path
from typing import Annotated

import typer

from plancli import query, store
from plancli.cli import show
from plancli.cli.answer import answer, say
from plancli.cli.app import app
from plancli.cli.narrow import narrowed, opened
from plancli.cli.options import Ask, Plans, asking
from plancli.errors import Exit, PlanError
from plancli.lang import _


@app.command("plan")
@asking
def plan(ask: Ask) -> None:
    """The plan's title, source and preamble, and its lists and sections with their counts."""
    db = opened(ask)
    sections = query.sections(db, narrowed(db, ask))
    answer(ask, sections, lambda: show.plans(query.plans(db), sections))


@app.command("db")
def db(plan: Plans = []) -> None:
    """The path of the plan's database, for other tools to open; it is documented in docs/."""
    path = store.path_of(store.open_plans(plan, say))
    if not path:
        raise PlanError(
            _("the database is only in memory"), hint=_("plancli build -o FILE.db keeps one")
        )
    print(path)


@app.command("build")
def build(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The database to write.")
    ],
    plan: Plans = [],
) -> None:
    """Write the plan's database to a file, to keep or to give away."""
    store.keep(output, plan)
    say(_("wrote {file}").format(file=output))


@app.command("check")
@asking
def check(ask: Ask) -> None:
    """Hold the plan against itself, its source and the registries; exit 4 if anything differs."""
    from plancli import check as rules  # reads YAML: slow to import
    from plancli import source

    known = source.registry(*map(store.read, store.REGISTRIES))
    found = rules.findings(known, [(file, store.read(file)) for file in store.plan_files(ask.plan)])
    show.listing(ask._replace(plan=[]), found) if found.rows else say(
        _("everything agrees: {n} rules").format(n=len(rules.RULES))
    )
    if found.rows:
        raise typer.Exit(Exit.BAD_PLAN)
