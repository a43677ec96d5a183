"""Where the site is reached: a socket, its address, and serving until Ctrl-C."""

import errno
import os
import socket
from contextlib import redirect_stdout
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from warnings import filterwarnings

import uvicorn

from plancli.errors import PlanError
from plancli.i18n import _, format_os_error
from plancli.site.guard import AsgiApp, AsgiScope, send_error, wrap_app

MISDIRECTED_STATUS = 421
SHUTDOWN_SECONDS = 3  # seconds that an answer under way is waited for after Ctrl-C


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host*; port 0 is any that is free.

    Errors: PlanError where the port is taken, or the address is none of this machine's.
    """
    door = None
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        door = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it would take a port from whoever has it
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(place)
        door.listen()
        return door
    except (OSError, UnicodeError) as error:
        if door:
            door.close()
        raise _make_bind_error(host, port, error) from error


def _make_bind_error(host: str, port: int, error: OSError | UnicodeError) -> PlanError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return PlanError(
            _("port {port} is taken").format(port=port),
            hint=_("choose another with --port; --port 0 takes any that is free"),
        )
    return PlanError(
        _("cannot listen at {host}, port {port}: {why}").format(
            host=host, port=port, why=format_os_error(error)
        ),
        hint=_("choose others with --host and --port"),
    )


def format_url(door: socket.socket) -> str:
    """Return what to type into a browser on this machine."""
    name, port = door.getsockname()[:2]
    if ip_address(name.partition("%")[0]).is_unspecified:  # every address, this machine's own too
        name = "::1" if door.family == socket.AF_INET6 else "127.0.0.1"
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def is_loopback(door: socket.socket) -> bool:
    """Whether only this machine reaches *door*."""
    return _is_loopback_name(str(door.getsockname()[0]))


def _is_loopback_name(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def run_server(app: AsgiApp, door: socket.socket) -> None:
    """Serve *app* at *door* until Ctrl-C, which is raised again when all is closed."""
    app = wrap_app(app)
    config = uvicorn.Config(
        require_own_host(app) if is_loopback(door) else app,
        log_config=None,
        log_level="critical",  # Ctrl-C is no error, though it cut an answer short
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    # Where Ctrl-C comes before the loop has begun, Python says so on standard error.
    filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    # Datasette prints there, with Rich, what it tells the reader of a page as well.
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        uvicorn.Server(config).run(sockets=[door])


def require_own_host(app: AsgiApp) -> AsgiApp:
    """Return *app*, which answers only where this machine is called by a name of its own.

    A page from elsewhere may have its name mean 127.0.0.1, and could then read the answers.
    """

    async def handle_request(scope: AsgiScope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or _is_loopback_name(_parse_host(scope)):
            return await app(scope, receive, send)
        said = _("this page is only for the machine that it is on")
        await send_error(send, MISDIRECTED_STATUS, said)

    return handle_request


def _parse_host(scope: AsgiScope) -> str:
    """Return the name that the request calls the machine by, without the port."""
    given = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""
