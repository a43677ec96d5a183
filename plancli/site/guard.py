"""What stands between a browser and the site: which requests are answered, and how CSV leaves."""

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
OWN_FETCH_SITES = (
    "same-origin",
    "none",
)  # Sec-Fetch-Site: a page of the site itself; typed, or a bookmark
SQL_PARAMETERS = ("sql", "_where")  # parameters that are SQL


def wrap_app(app: AsgiApp) -> AsgiApp:
    """Return *app*, which only reads, works for no page of another site, and guards its CSV."""

    async def handle_request(scope: AsgiScope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        if scope["method"] not in READ_METHODS:
            said = _("this site is only to be read: GET")
            return await send_error(send, WRONG_METHOD, said, [(b"allow", b"GET, HEAD")])
        if _is_from_another_site(scope):
            return await send_error(
                send,
                FORBIDDEN,
                _("a page of another site may not ask this one: type or paste the address"),
            )
        if _is_csv(scope):
            send = _wrap_csv_send(send)
        elif scope["path"].startswith(STATIC_PREFIXES):
            send = _wrap_file_send(send)
        await app(scope, receive, send)

    return handle_request


async def send_error(
    send: Any, status: int, said: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer with *status* and a line of text."""
    kind = (b"content-type", b"text/plain; charset=utf-8")
    start = {"type": "http.response.start", "status": status, "headers": [kind, *(headers or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": said.encode()})


def _is_from_another_site(scope: AsgiScope) -> bool:
    """Whether a page of another site makes this request, of which it would only see the time.

    A person may follow a link to a page of the site, but not one that brings its own SQL.
    Browsers tell an address of this machine who asks (Sec-Fetch-Site); of a name that others reach
    by plain HTTP only where an answer is to be read (Origin).
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
    """Return *send*, which guards the cells of what is sent against spreadsheets that run them."""
    is_table = False  # else it is a page that says what is wrong
    left = ""  # the beginning of a row whose end has not come yet

    async def send_escaped(message: MutableMapping[str, Any]) -> None:
        nonlocal is_table, left
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            is_table = not headers.get(b"content-type", b"").startswith(b"text/html")
        elif is_table:
            rows = left + message.get("body", b"").decode()
            ends_a_row = rows.endswith("\n") and rows.count('"') % 2 == 0
            is_whole = ends_a_row or not message.get("more_body")
            left = "" if is_whole else rows
            message = {**message, "body": _escape_rows(rows).encode() if is_whole else b""}
        await send(message)

    return send_escaped


def _wrap_file_send(send: Any) -> Any:
    """Return *send*, which says itself that a file is not there: Datasette does so in English."""
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
