"""Merge the entries of plans for one agency or one region."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import Plan
from plancli.registry.model import Agency, Region

T = TypeVar("T", Agency, Region)
UNITED_FIELDS = {"aliases", "abbr", "parents", "former", "later", "editions"}
FIRST_FIELDS = {"kind", "type", "note"}  # of two entries of one name the first counts


def merge_entries(entries: dict[str, T], own: Iterable[T], plan: Plan) -> None:
    """Add the *own* agencies or regions of *plan* to *entries*, by name."""
    for each in own:
        before = entries.get(each.name)
        entries[each.name] = merge_entry(before, each, plan) if before else each


def merge_entry(one: T, other: T, plan: Plan) -> T:
    """Merge two entries for one agency or region: lists are united, an empty field takes the
    other's value, and *one*, that of the registry or of the first plan, tells the kind.

    Errors: BadPlan if *other*, an entry of *plan*, has a different value in another field.
    """
    if one is other:
        return one
    values: dict[str, Any] = {}
    for field in fields(one):
        a: Any = getattr(one, field.name)
        b: Any = getattr(other, field.name)
        if field.name in UNITED_FIELDS:
            a = _unite(a, b)
        elif a and b and a != b and field.name not in FIRST_FIELDS:
            message = _("{plan}: {name} is already defined differently")
            raise BadPlan(
                message.format(plan=plan.id, name=one.name),
                hint=_("use a different name, or remove the entry"),
            )
        values[field.name] = a or b
    return replace(one, **values)


def add_other_names(one: Agency, other: Agency) -> Agency:
    """Return *one* with the names by which people may ask for *other*, the same agency."""
    return replace(
        one,
        official=one.official or other.official,
        aliases=_unite(one.aliases, other.aliases),
        former=_unite(one.former, other.former),
        later=_unite(one.later, other.later),
    )


def _unite(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*one, *other)))
