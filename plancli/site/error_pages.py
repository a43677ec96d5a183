"""What the site says where it has no answer: in words, with the status that fits."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import NotFound, Request, Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils import InvalidSql

from plancli.site.query_limits import SECONDS

BAD, FORBIDDEN, NOT_FOUND, FAILED = 400, 403, 404, 500
TITLES = {
    BAD: "地址或参数有误",
    FORBIDDEN: "不予提供",
    NOT_FOUND: "没有此页",
    FAILED: "无法显示",
}
LATE = f"查询超过{SECONDS:g}秒，已停止：请缩小范围"
TOO_MUCH = "文字过长，或函数的计算量过大：请缩小范围"
ENDED = ("user-defined function raised exception", "not authorized")  # as SQLite says it
CLOSED = ("threads", "patterns", "messages", "allow-debug", "permissions")
Answer = Callable[[], Awaitable[Response]]


def explain_sql(error: Exception) -> str:
    """Return what to say of an *error* of SQLite."""
    said = str(error)
    too_much = isinstance(error, sqlite3.DataError) or said in ENDED
    return TOO_MUCH if too_much else f"SQL 有误：{said}"


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def handle_exception(datasette: Any, request: Request, exception: Exception) -> Answer:
    """Answer in words; Datasette's own answer is English, and of some addresses a traceback."""
    status, said = _explain(request, exception)
    return _answer(datasette, request, status, said)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def forbidden(datasette: Any, request: Request) -> Answer:
    """Answer where Datasette shows something to nobody, or not to everybody."""
    return _answer(datasette, request, FORBIDDEN, f"此页不予提供：{_address(request)}")


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[[], Awaitable[Response]]]]:
    """Close the pages of Datasette for its own makers: they show paths of this machine."""
    return [(rf"/-/(?:{'|'.join(CLOSED)})(?:\.json)?$", _find_nothing)]


async def _find_nothing() -> Response:
    raise NotFound("")


def _explain(request: Request, exception: Exception) -> tuple[int, str]:
    cause = exception.__context__ if hasattr(exception, "message") else exception
    if isinstance(cause, QueryInterrupted):
        return BAD, LATE
    if getattr(exception, "status", BAD) == NOT_FOUND or "pks" in request.url_vars:  # of a row
        return NOT_FOUND, f"没有此页：{_address(request)}"
    if isinstance(cause, sqlite3.Error):  # said in our words already, by whoever ran it
        return BAD, str(cause)
    if isinstance(cause, InvalidSql):
        return BAD, "只能用一条 SELECT 语句查询，不能用 PRAGMA"
    if getattr(exception, "status", BAD) == FORBIDDEN:
        return FORBIDDEN, f"此页不予提供：{_address(request)}"
    if request.query_string:  # nothing else of a page can be wrong
        return BAD, f"地址中的参数有误：{_address(request)}"
    return FAILED, f"此页无法显示：{_address(request)}"


def _address(request: Request) -> str:
    return str(request.path) + ("?" + request.query_string if request.query_string else "")


def _answer(datasette: Any, request: Request, status: int, said: str) -> Answer:
    async def answer() -> Response:
        if request.path.endswith(".json") or request.args.get("_format") == "json":
            return Response.json({"ok": False, "error": said, "status": status}, status=status)
        context = {"title": TITLES[status], "error": said}
        page = await datasette.render_template("error.html", context, request=request)
        return Response.html(page, status=status)

    return answer


class Hooks:
    """The hooks of Datasette that are answered here."""

    handle_exception = staticmethod(handle_exception)
    forbidden = staticmethod(forbidden)
    register_routes = staticmethod(register_routes)


pm.set_blocked("datasette.handle_exception")  # it prints a traceback whatever others answer
pm.register(Hooks)
