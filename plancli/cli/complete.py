"""Shell completion: names from the database, by their beginning, an alias's or their pinyin's."""

import typer

from plancli import names, store
from plancli.errors import PlanError


class Name(str):
    """A name that Typer lets through though it does not begin with what was typed (snyj)."""

    __slots__ = ()

    def startswith(self, *_typed: object) -> bool:
        return True


def agency(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names(ctx, "agency", incomplete)


def region(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names(ctx, "region", incomplete)


def section(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names(ctx, "section", incomplete)


def _names(ctx: typer.Context, kind: str, incomplete: str) -> list[str]:
    try:
        db = store.open_plans(ctx.params.get("plan") or (), note=lambda _message: None)
        return [Name(name) for name in names.beginning(db, kind, incomplete)]
    except PlanError:  # a shell that completes has no place for messages
        return []
