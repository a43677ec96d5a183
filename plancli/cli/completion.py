"""Shell completion: names from the database, by their beginning, an alias's or their pinyin's."""

import typer

from plancli.database import cache
from plancli.errors import PlanError
from plancli.output import formats
from plancli.query import name_lookup

UNSAFE = frozenset(" ()'\"&;<>|*?$`\\")  # a shell would read these as its own


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


def role(incomplete: str) -> list[str]:
    return [name for name in name_lookup.ROLES if name.startswith(incomplete)]


def format(incomplete: str) -> list[str]:
    return [name for name in ("table", *formats.FORMATS) if name.startswith(incomplete)]


def topic(incomplete: str) -> list[str]:
    from plancli.cli.manual import TOPICS, topic  # read only here

    words = (topic(each).word for each in TOPICS)
    return [word for word in words if word.startswith(incomplete)]


def _names(ctx: typer.Context, kind: str, incomplete: str) -> list[str]:
    try:
        db = cache.open_plans(ctx.params.get("plan") or (), note=lambda _message: None)
        found = name_lookup.beginning(db, kind, incomplete)
        return [Name(name) for name in found if not UNSAFE & set(name)]
    except PlanError:  # a shell that completes has no place for messages
        return []
