"""The plan as a page that answers by itself: report."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plancli import query
from plancli.cli.answer import say
from plancli.cli.app import app
from plancli.cli.narrow import narrowed, opened
from plancli.cli.options import Ask, narrowing
from plancli.errors import BadUsage, PlanError
from plancli.i18n import _
from plancli.system import atomic, files

SUFFIXES = (".html", ".htm")


@app.command("report", epilog="plancli report -o plan.html")
@narrowing
def report(
    ask: Ask,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The page to write: an .html file."),
    ] = None,
) -> None:
    """One page that answers by itself, to mail or to publish.

    Search, filters, a matrix and a network of bodies, in one file that needs no network; it
    prints, too. The options choose which tasks it holds.
    """
    from plancli import report as plancli_report  # hashes and tables: only where a page is made

    file = None if files.is_standard_output(output) else output
    if file and file.suffix.lower() not in SUFFIXES:
        raise BadUsage(
            _("the page is an .html file, not {file}").format(file=file),
            hint=_("for example: plancli report -o plan.html"),
        )
    if not file and sys.stdout.isatty():
        raise BadUsage(
            _("{format} is nothing to read on a terminal").format(format="html"),
            hint=_("write it to a file: -o FILE.{format}").format(format="html"),
        )
    db = opened(ask)
    where = narrowed(db, ask)
    if not query.tasks(db, where).rows:
        say(_("no task passes the filters"))
        raise PlanError(_("there is nothing to show"), hint=_("widen the filters"))
    made = plancli_report.page(db, where)
    if file:
        atomic.write_atomically(file, lambda draft: draft.write_bytes(made))
        say(_("wrote {file}").format(file=file))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
