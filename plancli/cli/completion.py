"""Shell completion of names by the start of a name, an alias or its pinyin."""

import typer

from plancli.database import cache
from plancli.errors import PlanError
from plancli.output import formats
from plancli.query import name_lookup
from plancli.results.roles import TYPED_ROLES

SHELL_CHARS = frozenset(" ()'\"&;<>|*?$`\\")  # characters with a meaning in shells


class NameCompletion(str):
    """A name that Typer accepts though it does not start with the typed text (snyj)."""

    __slots__ = ()

    def startswith(self, *_typed: object) -> bool:
        return True


def list_agency_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _list_names(ctx, "agency", incomplete)


def list_region_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _list_names(ctx, "region", incomplete)


def list_section_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _list_names(ctx, "section", incomplete)


def list_roles(incomplete: str) -> list[str]:
    return [name for name in TYPED_ROLES if name.startswith(incomplete)]


def list_formats(incomplete: str) -> list[str]:
    return [name for name in ("table", *formats.FORMATS) if name.startswith(incomplete)]


def list_topics(incomplete: str) -> list[str]:
    from plancli.cli.manual import TOPICS, load_topic  # not needed for other completions

    words = (load_topic(each).word for each in TOPICS)
    return [word for word in words if word.startswith(incomplete)]


def _list_names(ctx: typer.Context, kind: str, incomplete: str) -> list[str]:
    try:
        db = cache.open_plans(ctx.params.get("plan") or (), note=lambda _message: None)
        found = name_lookup.find_completions(db, kind, incomplete)
        return [NameCompletion(name) for name in found if not SHELL_CHARS & set(name)]
    except PlanError:  # completion cannot show messages
        return []
