"""The plan in a browser: serve."""

from typing import Annotated

import typer

from plancli.cli.answer import say
from plancli.cli.app import app
from plancli.cli.options import Plans
from plancli.database import cache
from plancli.errors import BadUsage, needing
from plancli.i18n import _

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
