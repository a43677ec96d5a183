"""The offline HTML report and the local web site: report, serve."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plancli import query
from plancli.cli.app import app
from plancli.cli.options import PlansOption, QueryOptions, with_filter_options
from plancli.cli.output import print_note
from plancli.cli.selection import open_plans
from plancli.errors import BadUsage, PlanError, require_extra
from plancli.i18n import _
from plancli.query.criteria import build_filter
from plancli.system import atomic, files

PAGE_SUFFIXES = (".html", ".htm")


@app.command("report", epilog="plancli report -o plan.html")
@with_filter_options
def write_report(
    ask: QueryOptions,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Page to write: an .html file."),
    ] = None,
) -> None:
    """Write a self-contained searchable page, to mail or publish.

    Search, filters, matrix and network of agencies in one file that works offline and can be
    printed. The options select its tasks.
    """
    from plancli import report as plancli_report  # slow to import

    file = None if files.is_standard_output(output) else output
    if file and file.suffix.lower() not in PAGE_SUFFIXES:
        raise BadUsage(
            _("the page must be an .html file: {file}").format(file=file),
            hint=_("for example: plancli report -o plan.html"),
        )
    if not file and sys.stdout.isatty():
        raise BadUsage(
            _("{format} is a binary format and not shown on a terminal").format(format="html"),
            hint=_("write it to a file: -o FILE.{format}").format(format="html"),
        )
    db = open_plans(ask.plan)
    where = build_filter(db, ask.criteria, print_note)
    if not query.select_tasks(db, where).rows:
        print_note(_("no task matches the filters"))
        raise PlanError(_("there is nothing to show"), hint=_("widen the filters"))
    page = plancli_report.render_page(db, where)
    if file:
        atomic.write_atomically(file, lambda draft: draft.write_bytes(page))
        print_note(_("wrote {file}").format(file=file))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()


MAX_PORT = 65535


@app.command("serve", epilog="plancli serve --port 8002")
def start_site(
    plan: PlansOption = [],
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="HOST",
            show_default=False,
            help="Address to listen at; default 127.0.0.1, reachable from this machine only.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        str,
        typer.Option(
            "--port",
            metavar="PORT",
            show_default=False,
            help="Port; default 8001. 0 selects any free port.",
        ),
    ] = "8001",
) -> None:
    """Serve the plan as a local web site.

    Tables, and queries by agency, region, section and keyword; stop with Ctrl-C.
    """
    number = _parse_port(port)
    with require_extra("web", _("{package} is needed to serve the plan")):
        from plancli import site as plancli_site  # Datasette: slow to import
    db = open_plans(plan)
    site = plancli_site.build_site(db)
    with plancli_site.bind_socket(host, number) as listener:
        message = _("open {address} in a browser; stop with Ctrl-C")
        print_note(message.format(address=plancli_site.format_url(listener)))
        if not plancli_site.is_loopback(listener):
            print_note(
                _("everyone who can reach this machine at {host} can read the plan").format(
                    host=host
                )
            )
        plancli_site.run_server(site.app(), listener)


def _parse_port(typed: str) -> int:
    if typed.isdecimal() and len(typed) < 6 and int(typed) <= MAX_PORT:
        return int(typed)
    raise BadUsage(
        _("{typed} is not a valid port").format(typed=typed),
        hint=_("a port is a number from 0 to {last}; 0 selects any free port").format(
            last=MAX_PORT
        ),
    )
