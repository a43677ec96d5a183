"""Resolve typed names of sections, and what the lookup of agencies and regions shares."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from plancli.errors import BadUsage, NotFound
from plancli.i18n import _
from plancli.query.filters import EVERY_TASK, Filter
from plancli.results.roles import ROLE_WORDS, TYPED_ROLES, Role
from plancli.text.normalize import normalize_key

# Key types for exact matches of a section, in the order they are tried.
EXACT_KEY_TYPES = (("name",), ("alias",), ("pinyin",))
# Conditions for partial matches: anywhere in a name, at the start of its pinyin.
PARTIAL_MATCHES = (
    ("instr(key, ?)", ("name", "alias")),
    ("instr(key, ?) = 1", ("pinyin",)),
)
MAX_NAMES_LISTED = 12


def _accept_any(_target: str) -> bool:
    return True


class NameMatch(NamedTuple):
    """The names found, and a note for the user on how they were resolved, or ''.

    Several names if what was typed means them all: 合六 is 合肥 and 六安.
    """

    names: tuple[str, ...]
    note: str = ""


class AmbiguousName(NotFound):
    """A typed name that may mean any of ``names``."""

    def __init__(self, kind: str, typed: str, names: Collection[str]) -> None:
        listed = sorted(names, key=lambda name: (len(name), name))
        separator = " / " if kind == "section" else "、"  # section titles contain 、
        super().__init__(
            _("“{typed}” may mean: {names}").format(
                typed=typed, names=join_names(listed, separator)
            ),
            hint=_("type more of the name"),
        )
        self.names = (*listed,)


def find_sections(
    db: sqlite3.Connection, typed: str, plans: Filter = EVERY_TASK
) -> tuple[str, ...]:
    """Return the lists or sections that *typed* names, as ``list:ID`` or ``section:ID``.

    Only of *plans*; at most one in each plan.
    """
    from plancli.text.numerals import parse_heading_number  # only needed for sections

    key = parse_heading_number(typed) or normalize_key(typed)
    condition, params = plans.plan_condition
    rows = db.execute(f"SELECT id FROM plan WHERE {condition}", params)
    plan_ids = {number for (number,) in rows}

    def is_of_plans(target: str) -> bool:
        return _get_plan_id(db, target) in plan_ids

    accept = _accept_any if plans == EVERY_TASK else is_of_plans
    matches = (
        filter(accept, find_targets(db, "section", "key = ?", key, key_types))
        for key_types in EXACT_KEY_TYPES
    )
    targets = next(filter(None, map(list, matches)), [])
    if targets and len({_get_plan_id(db, each) for each in targets}) == len(targets):
        return tuple(targets)
    if targets:
        raise _make_ambiguous_section(db, typed, targets)
    return (_find_section(db, typed, key, accept),)


def format_section_names(db: sqlite3.Connection, *targets: str) -> str:
    """Return the titles of *targets* with their numbers, for display."""
    return "、".join(dict.fromkeys(_format_target(db, "section", target) for target in targets))


def join_names(names: Sequence[str], between: str = "、") -> str:
    """Return *names* joined for display: the first ones, and how many more there are."""
    more = len(names) - MAX_NAMES_LISTED
    return between.join(names[:MAX_NAMES_LISTED]) + (
        _(" and {n} more").format(n=more) if more > 0 else ""
    )


def parse_role(typed: str) -> Role:
    """Return the role that *typed* names, in English or Chinese."""
    if normalize_key(typed) in TYPED_ROLES:
        return TYPED_ROLES[normalize_key(typed)]
    raise BadUsage(
        _("unknown role: {name}").format(name=typed),
        hint=_("choose from: {names}").format(
            names=", ".join((*Role, *(ROLE_WORDS[role].label for role in Role)))
        ),
    )


def find_completions(db: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """Return the names of *kind* with a key that starts with *typed*, for completion."""
    rows = db.execute(
        "SELECT DISTINCT target FROM lookup_key WHERE kind = ? AND key_type NOT IN ('compound', 'function')"
        " AND substr(key, 1, ?) = ? ORDER BY length(target), target",
        (kind, len(normalize_key(typed)), normalize_key(typed)),
    ).fetchall()
    if kind == "section":
        return [_get_title(db, target) for (target,) in rows]
    return [target for (target,) in rows]


def _find_section(
    db: sqlite3.Connection, typed: str, key: str, accept: Callable[[str], bool]
) -> str:
    """Return the section with a key that contains *key*, for which *accept* is true."""
    if not key:
        raise make_empty_error("section")
    if len(key) >= (3 if key.isascii() else 1):
        for condition, types in PARTIAL_MATCHES:
            targets = [*filter(accept, find_targets(db, "section", condition, key, types))]
            if len(targets) > 1:
                raise _make_ambiguous_section(db, typed, targets)
            if targets:
                return targets[0]
    raise make_not_found(db, "section", typed, accept=accept)


def _make_ambiguous_section(
    db: sqlite3.Connection, typed: str, targets: Sequence[str]
) -> AmbiguousName:
    names = {_format_target(db, "section", target) for target in targets}
    return AmbiguousName("section", typed, names)


def to_lookup_key(db: sqlite3.Connection, kind: str, typed: str) -> str:
    """Return the lookup key of *typed*: unchanged if it is a known key, which saves folding it."""
    known = "SELECT 1 FROM lookup_key WHERE kind = ? AND key = ?"
    if typed.isprintable() and db.execute(known, (kind, typed)).fetchone():
        return typed
    return normalize_key(typed)


def find_targets(
    db: sqlite3.Connection, kind: str, condition: str, key: str, key_types: Sequence[str] = ()
) -> list[str]:
    """Return the names of *kind* with a key that meets *condition*, of *key_types* or of any."""
    types = f" AND key_type IN ({', '.join('?' * len(key_types))})" if key_types else ""
    rows = db.execute(
        f"SELECT DISTINCT target FROM lookup_key WHERE kind = ? AND {condition}{types}",
        (kind, key, *key_types),
    )
    return [target for (target,) in rows]


def make_empty_error(kind: str) -> NotFound:
    """Return the error of an empty name."""
    hint = _("list all with “plancli {kind}”").format(kind=kind)
    return NotFound(_("a name is empty"), hint=hint)


def make_not_found(
    db: sqlite3.Connection,
    kind: str,
    typed: str,
    similar: Collection[str] = (),
    accept: Callable[[str], bool] = _accept_any,
) -> NotFound:
    """Return the error of an unknown name, with names like it: *similar*, then by characters."""
    from difflib import get_close_matches  # only needed for unknown names

    rows = db.execute("SELECT key, target FROM lookup_key WHERE kind = ?", (kind,)).fetchall()
    close_keys = get_close_matches(
        normalize_key(typed), [key for key, _target in rows], n=8, cutoff=0.6
    )
    targets = dict.fromkeys(target for key in close_keys for k, target in rows if k == key)
    close = [_format_target(db, kind, target) for target in filter(accept, targets)]
    names = [*dict.fromkeys((*similar, *close))][:3]
    message = {
        "agency": _("no agency matches {name}"),
        "region": _("no region matches {name}"),
        "section": _("no section matches {name}")
        if accept is _accept_any
        else _("no section of the matching plans matches {name}"),
    }[kind]
    hint = _("did you mean {names}?").format(names=" / ".join(names))
    list_hint = _("list all with “plancli {kind}”").format(kind=kind)
    return NotFound(message.format(name=typed), hint=hint if names else list_hint)


def _get_plan_id(db: sqlite3.Connection, target: str) -> int:
    table, _colon, number = target.partition(":")
    sql = {
        "list": "SELECT plan_id FROM list WHERE id = ?",
        "section": "SELECT plan_id FROM list JOIN section ON list_id = list.id"
        " WHERE section.id = ?",
    }
    return int(db.execute(sql[table], (number,)).fetchone()[0])


def _get_title(db: sqlite3.Connection, target: str) -> str:
    """Return the title without the number, which a shell would require to be quoted."""
    table, _colon, number = target.partition(":")
    return str(db.execute(f"SELECT title FROM {table} WHERE id = ?", (number,)).fetchone()[0])


def _format_target(db: sqlite3.Connection, kind: str, target: str) -> str:
    """Return *target* for display: of a section, its number and title."""
    if kind != "section":
        return target
    table, _colon, number = target.partition(":")
    sql = {
        "list": "SELECT no || '、' || title FROM list WHERE id = ?",
        "section": "SELECT list.no || '(' || section.no || ')' || section.title"
        " FROM section JOIN list ON list.id = list_id WHERE section.id = ?",
    }
    return str(db.execute(sql[table], (number,)).fetchone()[0])
