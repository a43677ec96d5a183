"""The plan as a page that answers by itself: report."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plancli import query
from plancli.cli.app import app
from plancli.cli.options import Ask, Plans, narrowing
from plancli.cli.output import say
from plancli.cli.selection import narrowed, opened
from plancli.database import cache
from plancli.errors import BadUsage, PlanError, needing
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


LAST = 65535


@app.command("serve", epilog="plancli serve --port 8002")
def serve(
    plan: Plans = [],
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="HOST",
            show_default=False,
            help="Where to listen; else 127.0.0.1, which only this machine reaches.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        str,
        typer.Option(
            "--port",
            metavar="PORT",
            show_default=False,
            help="At which port; else 8001. 0 is any that is free.",
        ),
    ] = "8001",
) -> None:
    """The plan in a browser, to read.

    Its tables, and questions by body, region, heading and word, until Ctrl-C.
    """
    number = _port(port)
    with needing("web", _("to serve the plan, {package} is needed")):
        from plancli import site as plancli_site  # Datasette: slow to import
    db = cache.open_plans(plan, say)
    site = plancli_site.site(db)
    with plancli_site.opened(host, number) as door:
        said = _("the plan is at {address} until Ctrl-C")
        say(said.format(address=plancli_site.address(door)))
        if not plancli_site.is_loopback(door):
            say(_("everyone who reaches this machine at {host} can read it").format(host=host))
        plancli_site.run(site.app(), door)


def _port(typed: str) -> int:
    if typed.isdecimal() and len(typed) < 6 and int(typed) <= LAST:
        return int(typed)
    raise BadUsage(
        _("{typed} is not a valid port").format(typed=typed),
        hint=_("a port is a number from 0 to {last}; 0 is any that is free").format(last=LAST),
    )
