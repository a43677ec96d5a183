"""Serve the site: socket, address, and a server that runs until Ctrl-C."""

import errno
import os
import socket
import sys
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
SHUTDOWN_SECONDS = 3  # seconds to finish responses after Ctrl-C


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host*; port 0 selects any free port.

    Errors: PlanError where the port is in use, or the address does not belong to this machine.
    """
    listener = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        if os.name == "posix":  # on Windows SO_REUSEADDR lets two processes bind one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
        return listener
    except (OSError, UnicodeError) as error:
        if listener:
            listener.close()
        raise _make_bind_error(host, port, error) from error


def _make_bind_error(host: str, port: int, error: OSError | UnicodeError) -> PlanError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return PlanError(
            _("port {port} is in use").format(port=port),
            hint=_("choose another with --port; --port 0 selects any free port"),
        )
    return PlanError(
        _("cannot listen at {host}, port {port}: {why}").format(
            host=host, port=port, why=format_os_error(error)
        ),
        hint=_("choose others with --host and --port"),
    )


def format_url(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    name, port = listener.getsockname()[:2]
    # all addresses, including the loopback one
    if ip_address(name.partition("%")[0]).is_unspecified:
        name = "::1" if listener.family == socket.AF_INET6 else "127.0.0.1"
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def is_loopback(listener: socket.socket) -> bool:
    """Whether *listener* is reachable only from this machine."""
    return _is_loopback_name(str(listener.getsockname()[0]))


def _is_loopback_name(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def run_server(app: AsgiApp, listener: socket.socket) -> None:
    """Serve *app* at *listener* until Ctrl-C, which is raised again after shutdown."""
    app = wrap_app(app)
    config = uvicorn.Config(
        require_own_host(app) if is_loopback(listener) else app,
        log_config=None,
        log_level="critical",  # Ctrl-C is no error, even during a response
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    # A signal that comes while asyncio builds its event loop leaves a half-built one, about which
    # Python would complain on standard error.
    filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    sys.unraisablehook = lambda _unraisable: None
    # Datasette prints errors to the terminal, with Rich, that the page shows as well.
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        uvicorn.Server(config).run(sockets=[listener])


def require_own_host(app: AsgiApp) -> AsgiApp:
    """Wrap *app* to answer only requests that name this machine in ``Host``.

    Otherwise a page from elsewhere could let its name resolve to 127.0.0.1 and read answers.
    """

    async def handle_request(scope: AsgiScope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or _is_loopback_name(_parse_host(scope)):
            return await app(scope, receive, send)
        message = _("this page is available on its own machine only")
        await send_error(send, MISDIRECTED_STATUS, message)

    return handle_request


def _parse_host(scope: AsgiScope) -> str:
    """Return the host name in the request, without the port."""
    given = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""
