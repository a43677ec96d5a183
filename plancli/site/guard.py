"""Restrict which requests the site answers, and escape formulas in its CSV."""

import csv
import io
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from plancli.i18n import _
from plancli.output.formats import delimited

AsgiScope = MutableMapping[str, Any]
AsgiApp = Callable[[AsgiScope, Any, Any], Awaitable[None]]
FORBIDDEN, NOT_FOUND, WRONG_METHOD = 403, 404, 405
STATIC_PREFIXES = ("/-/static", "/plancli/")  # style sheets and scripts
READ_METHODS = ("GET", "HEAD")
# Sec-Fetch-Site of the site's own pages, and of typed addresses and bookmarks.
OWN_FETCH_SITES = ("same-origin", "none")
SQL_PARAMETERS = ("sql", "_where")  # parameters that hold SQL


def wrap_app(app: AsgiApp) -> AsgiApp:
    """Wrap *app*: read-only methods, no requests from other sites, escaped CSV."""

    async def handle_request(scope: AsgiScope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        if scope["method"] not in READ_METHODS:
            message = _("this site is read-only: use GET")
            return await send_error(send, WRONG_METHOD, message, [(b"allow", b"GET, HEAD")])
        if _is_from_another_site(scope):
            return await send_error(
                send,
                FORBIDDEN,
                _("requests from pages of other sites are refused: type or paste the address"),
            )
        if _is_csv(scope):
            send = _wrap_csv_send(send)
        elif scope["path"].startswith(STATIC_PREFIXES):
            send = _wrap_file_send(send)
        await app(scope, receive, send)

    return handle_request


async def send_error(
    send: Any, status: int, message: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Send *status* and a line of text."""
    kind = (b"content-type", b"text/plain; charset=utf-8")
    start = {"type": "http.response.start", "status": status, "headers": [kind, *(headers or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": message.encode()})


def _is_from_another_site(scope: AsgiScope) -> bool:
    """Whether a page of another site makes this request, whose timing would leak data.

    A link to a page of the site may be followed, but not one with SQL of its own. Browsers send
    Sec-Fetch-Site to loopback addresses; to a name reached by plain HTTP they send only Origin, and
    only where the response is to be read.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin).netloc != headers.get(b"host"):
        return True
    if headers.get(b"sec-fetch-site", "none") in OWN_FETCH_SITES:
        return False
    opened = (headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest"))
    return opened != ("navigate", "document") or any(
        name in _parse_query(scope) for name in SQL_PARAMETERS
    )


def _parse_query(scope: AsgiScope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _is_csv(scope: AsgiScope) -> bool:
    return scope["path"].endswith(".csv") or "csv" in _parse_query(scope).get("_format", [])


def _wrap_csv_send(send: Any) -> Any:
    """Wrap *send* to escape CSV cells that a spreadsheet would run as formulas."""
    is_table = False  # otherwise an error page
    pending = ""  # an unfinished row

    async def send_escaped(message: MutableMapping[str, Any]) -> None:
        nonlocal is_table, pending
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            is_table = not headers.get(b"content-type", b"").startswith(b"text/html")
        elif is_table:
            rows = pending + message.get("body", b"").decode()
            ends_a_row = rows.endswith("\n") and rows.count('"') % 2 == 0
            is_whole = ends_a_row or not message.get("more_body")
            pending = "" if is_whole else rows
            message = {**message, "body": _escape_rows(rows).encode() if is_whole else b""}
        await send(message)

    return send_escaped


def _wrap_file_send(send: Any) -> Any:
    """Wrap *send* to report missing files in Chinese; Datasette does so in English."""
    is_refused = False

    async def send_translated(message: MutableMapping[str, Any]) -> None:
        nonlocal is_refused
        if message["type"] == "http.response.start" and message["status"] >= NOT_FOUND:
            is_refused = True
            await send_error(send, NOT_FOUND, "没有此文件")
        elif not is_refused:
            await send(message)

    return send_translated


def _escape_rows(rows: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in csv.reader(io.StringIO(rows, newline="")):
        writer.writerow(map(_escape_cell, row))
    return text.getvalue()


def _escape_cell(cell: str) -> str:
    return f"'{cell}" if delimited.is_formula(cell) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        return cell.isascii() and float(cell) == float(cell)
    except ValueError:
        return False
