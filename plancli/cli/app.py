"""The program itself: its name, its version, and what it says when asked nothing."""

from typing import Annotated

import typer

from plancli import __version__
from plancli.cli.answer import say
from plancli.cli.overview import EXAMPLES, Program
from plancli.database import cache
from plancli.i18n import _

HELP = ["-h", "--help"]
app = typer.Typer(
    cls=Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP},
)


@app.callback(invoke_without_command=True)
def plancli(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Who has to do what, where, under an official plan."""
    if version:
        print(f"plancli {__version__}")
    elif ctx.invoked_subcommand is None:
        _overview()


def _overview() -> None:
    from plancli import query
    from plancli.output import terminal

    db = cache.open_plans((), say)
    with terminal.paper() as out:
        for row in query.plans(db).rows:
            terminal.lines(out, _("《{title}》: {n} tasks").format(title=row[1], n=row[-1]), "")
        for command, said in EXAMPLES:
            terminal.lines(out, f"  {command}", f"      {_(said)}")
        terminal.lines(
            out, "", _("“plancli --help” shows the commands, “plancli help” the manual.")
        )
