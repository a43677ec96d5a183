"""Plans and their databases: plan, plans, db, build, diff, check."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plancli.cli.app import app
from plancli.cli.options import (
    FormatOption,
    OutputOption,
    PlansArgument,
    PlansOption,
    QueryOptions,
    make_options,
    with_query_options,
)
from plancli.cli.output import emit_answer, print_note
from plancli.cli.selection import open_plans, report_progress
from plancli.database import cache
from plancli.errors import ExitCode, PlanError
from plancli.i18n import _
from plancli.query import questions
from plancli.results.answer import Answer, View
from plancli.system import files
from plancli.text.escapes import escape_controls


@app.command("plan", epilog="plancli plan")
@with_query_options
def show_plan(ask: QueryOptions) -> None:
    """Show the plan: title, source, preamble, sections.

    Lists and sections are shown with their number of tasks.
    """
    emit_answer(ask, questions.outline_plans(open_plans(ask.plan), ask.criteria))


@app.command("plans", epilog="plancli plans --plan 'plans/*.yaml' --year 2022")
@with_query_options
def list_plans(ask: QueryOptions) -> None:
    """List the open plans.

    Year, jurisdiction, number of tasks and of agencies.
    """
    emit_answer(ask, questions.list_plans(open_plans(ask.plan), ask.criteria))


@app.command("db", epilog='sqlite3 "$(plancli db)" "SELECT * FROM agency"')
def print_database_path(plan: PlansOption = []) -> None:
    """Show the path of the plan's database.

    For sqlite3, Datasette or any SQLite tool; docs/database.md describes its tables.
    """
    path = cache.get_path(open_plans(plan))
    if not path:
        raise PlanError(
            _("the database exists only in memory"),
            hint=_("save it with: plancli build -o FILE.db"),
        )
    print(escape_controls(path) if sys.stdout.isatty() else path)


@app.command("build", epilog="plancli build -o plan.db")
def build_database(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Database file to write.")
    ],
    plan: PlansOption = [],
) -> None:
    """Write the plan's database to a file."""
    cache.write_database(output, plan, print_note, report_progress)
    print_note(_("wrote {file}").format(file=output))


@app.command("diff", epilog="plancli diff 2021.yaml 2022.yaml")
def compare_plans(
    one: Annotated[Path, typer.Argument(metavar="A", help="Old plan.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="New plan.")],
    format: FormatOption = "",
    output: OutputOption = None,
) -> None:
    """Compare two plans.

    Tasks added, deleted, moved and reworded, duties changed, agencies renamed; tasks are matched
    by their text, not by their numbers.
    """
    from plancli.diff import changes
    from plancli.plan import io as plan_io
    from plancli.registry import io as registry_io

    registry = registry_io.load_default_registry()
    before, after = (
        plan_io.parse_plan(files.read_plan_file(each), str(each), registry) for each in (one, other)
    )
    found = changes.compare_plans(before, after, registry)
    notes = () if found.rows else (_("the plans are the same"),)
    answer = Answer(found, notes, view=View("changes", found))
    emit_answer(make_options(format=format, output=output), answer, name="计划变化对照表")


@app.command("check", epilog="plancli check 计划.yaml")
def check_plans(
    plans: PlansArgument = [],
    plan: PlansOption = [],
    format: FormatOption = "",
    output: OutputOption = None,
) -> None:
    """Check plans for errors and contradictions.

    Compares texts, clauses and registries; silent if all agrees, else every finding, and the exit
    code is 4.
    """
    from plancli import checks as rules  # reads YAML: slow to import
    from plancli.registry import io as registry_io

    registry = registry_io.load_default_registry()
    inputs = [
        (file, files.read_plan_file(file))
        for file in files.find_yaml_files([*plans, *plan], print_note)
    ]
    found = rules.check_plans(registry, inputs)
    answer = Answer(found, view=View("diagnostics", found))
    emit_answer(make_options(format=format, output=output), answer, name="计划检查结果")
    if found.rows:
        raise typer.Exit(ExitCode.BAD_PLAN)
