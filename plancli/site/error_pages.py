"""What the site says where it has no answer: in words, with the status that fits."""

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
ABORT_MESSAGES = ("user-defined function raised exception", "not authorized")  # as SQLite says it
CLOSED_PAGES = ("threads", "patterns", "messages", "allow-debug", "permissions")
ResponseFactory = Callable[[], Awaitable[Response]]


def format_sql_error(error: Exception) -> str:
    """Return what to say of an *error* of SQLite."""
    said = str(error)
    too_much = isinstance(error, sqlite3.DataError) or said in ABORT_MESSAGES
    return LIMIT_MESSAGE if too_much else f"SQL 有误：{said}"


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def handle_exception(datasette: Any, request: Request, exception: Exception) -> ResponseFactory:
    """Answer in words; Datasette's own answer is English, and of some addresses a traceback."""
    status, said = _classify_error(request, exception)
    return _make_response_factory(datasette, request, status, said)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def forbidden(datasette: Any, request: Request) -> ResponseFactory:
    """Answer where Datasette shows something to nobody, or not to everybody."""
    return _make_response_factory(
        datasette, request, FORBIDDEN, f"此页不予提供：{_format_address(request)}"
    )


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[[], Awaitable[Response]]]]:
    """Close the pages of Datasette for its own makers: they show paths of this machine."""
    return [(rf"/-/(?:{'|'.join(CLOSED_PAGES)})(?:\.json)?$", _raise_not_found)]


async def _raise_not_found() -> Response:
    raise NotFound("")


def _classify_error(request: Request, exception: Exception) -> tuple[int, str]:
    cause = exception.__context__ if hasattr(exception, "message") else exception
    if isinstance(cause, QueryInterrupted):
        return BAD_REQUEST, TIMEOUT_MESSAGE
    if (
        getattr(exception, "status", BAD_REQUEST) == NOT_FOUND or "pks" in request.url_vars
    ):  # of a row
        return NOT_FOUND, f"没有此页：{_format_address(request)}"
    if isinstance(cause, sqlite3.Error):  # said in our words already, by whoever ran it
        return BAD_REQUEST, str(cause)
    if isinstance(cause, InvalidSql):
        return BAD_REQUEST, "只能用一条 SELECT 语句查询，不能用 PRAGMA"
    if getattr(exception, "status", BAD_REQUEST) == FORBIDDEN:
        return FORBIDDEN, f"此页不予提供：{_format_address(request)}"
    if request.query_string:  # nothing else of a page can be wrong
        return BAD_REQUEST, f"地址中的参数有误：{_format_address(request)}"
    return SERVER_ERROR, f"此页无法显示：{_format_address(request)}"


def _format_address(request: Request) -> str:
    return str(request.path) + ("?" + request.query_string if request.query_string else "")


def _make_response_factory(
    datasette: Any, request: Request, status: int, said: str
) -> ResponseFactory:
    async def build_response() -> Response:
        if request.path.endswith(".json") or request.args.get("_format") == "json":
            return Response.json({"ok": False, "error": said, "status": status}, status=status)
        context = {"title": ERROR_TITLES[status], "error": said}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=status)

    return build_response


class ErrorHooks:
    """The hooks of Datasette that are answered here."""

    handle_exception = staticmethod(handle_exception)
    forbidden = staticmethod(forbidden)
    register_routes = staticmethod(register_routes)


pm.set_blocked("datasette.handle_exception")  # it prints a traceback whatever others answer
pm.register(ErrorHooks)
