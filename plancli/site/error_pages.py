"""Render the site's error pages in Chinese, with fitting status codes."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import NotFound, Request, Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils import InvalidSql

from plancli.site.query_limits import MAX_SECONDS

BAD_REQUEST, FORBIDDEN, NOT_FOUND, SERVER_ERROR = 400, 403, 404, 500
ERROR_TITLES = {
    BAD_REQUEST: "地址或参数有误",
    FORBIDDEN: "不予提供",
    NOT_FOUND: "没有此页",
    SERVER_ERROR: "无法显示",
}
TIMEOUT_MESSAGE = f"查询超过{MAX_SECONDS:g}秒，已停止：请缩小范围"
LIMIT_MESSAGE = "文字过长，或函数的计算量过大：请缩小范围"
ABORT_MESSAGES = ("user-defined function raised exception", "not authorized")  # messages of SQLite
CLOSED_PAGES = ("threads", "patterns", "messages", "allow-debug", "permissions")
ResponseFactory = Callable[[], Awaitable[Response]]


def format_sql_error(error: Exception) -> str:
    """Return the message for an *error* of SQLite."""
    message = str(error)
    too_much = isinstance(error, sqlite3.DataError) or message in ABORT_MESSAGES
    return LIMIT_MESSAGE if too_much else f"SQL 有误：{message}"


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def handle_exception(datasette: Any, request: Request, exception: Exception) -> ResponseFactory:
    """Return a page about the error; Datasette's own is English, or a traceback."""
    status, message = _classify_error(request, exception)
    return _make_response_factory(datasette, request, status, message)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def forbidden(datasette: Any, request: Request) -> ResponseFactory:
    """Return a page about an address that Datasette does not show."""
    return _make_response_factory(
        datasette, request, FORBIDDEN, f"此页不予提供：{_format_address(request)}"
    )


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[[], Awaitable[Response]]]]:
    """Close the debug pages of Datasette, which show paths of this machine."""
    return [(rf"/-/(?:{'|'.join(CLOSED_PAGES)})(?:\.json)?$", _raise_not_found)]


async def _raise_not_found() -> Response:
    raise NotFound("")


def _classify_error(request: Request, exception: Exception) -> tuple[int, str]:
    cause = exception.__context__ if hasattr(exception, "message") else exception
    if isinstance(cause, QueryInterrupted):
        return BAD_REQUEST, TIMEOUT_MESSAGE
    # "pks": the address of a row.
    if getattr(exception, "status", BAD_REQUEST) == NOT_FOUND or "pks" in request.url_vars:
        return NOT_FOUND, f"没有此页：{_format_address(request)}"
    if isinstance(cause, sqlite3.Error):  # already translated where the SQL was run
        return BAD_REQUEST, str(cause)
    if isinstance(cause, InvalidSql):
        return BAD_REQUEST, "只能用一条 SELECT 语句查询，不能用 PRAGMA"
    if getattr(exception, "status", BAD_REQUEST) == FORBIDDEN:
        return FORBIDDEN, f"此页不予提供：{_format_address(request)}"
    if request.query_string:  # parameters are all that can be wrong with a page
        return BAD_REQUEST, f"地址中的参数有误：{_format_address(request)}"
    return SERVER_ERROR, f"此页无法显示：{_format_address(request)}"


def _format_address(request: Request) -> str:
    return str(request.path) + ("?" + request.query_string if request.query_string else "")


def _make_response_factory(
    datasette: Any, request: Request, status: int, message: str
) -> ResponseFactory:
    async def build_response() -> Response:
        if request.path.endswith(".json") or request.args.get("_format") == "json":
            return Response.json({"ok": False, "error": message, "status": status}, status=status)
        context = {"title": ERROR_TITLES[status], "error": message}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=status)

    return build_response


class ErrorHooks:
    """The hooks of Datasette that this module implements."""

    handle_exception = staticmethod(handle_exception)
    forbidden = staticmethod(forbidden)
    register_routes = staticmethod(register_routes)


pm.set_blocked("datasette.handle_exception")  # it prints a traceback whatever other hooks return
pm.register(ErrorHooks)
