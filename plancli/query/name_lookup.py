"""What a person typed -> the one name: a name, an alias, pinyin, a part; else the nearest."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from plancli.errors import BadUsage, NotFound
from plancli.i18n import _
from plancli.query.filters import EVERY_TASK, Filter
from plancli.results.roles import ROLE_WORDS, TYPED_ROLES, Role
from plancli.text.normalize import normalize_key

# How a key may be meant, asked in this order.
EXACT_KEY_TYPES = (("name",), ("alias",), ("former",), ("later",), ("compound",), ("pinyin",))
# Where a part may be typed: anywhere in a written name, at the beginning of its pinyin.
PARTIAL_MATCHES = (
    ("instr(key, ?)", ("name", "alias", "former", "later")),
    ("instr(key, ?) = 1", ("pinyin",)),
)
MAX_NAMES_LISTED = 12  # of the names that a part could be


class NameMatch(NamedTuple):
    """The one name, and what to tell the user of the way to it (or nothing)."""

    name: str
    note: str = ""


def find_agency(db: sqlite3.Connection, typed: str, plans: Filter = EVERY_TASK) -> NameMatch:
    """Return the body called *typed*; if several are, the one that the tasks of *plans* name."""
    try:
        return _find_one(db, "agency", typed)
    except NotFound:
        if plans == EVERY_TASK:
            raise
        from plancli.query.hints import find_named_agencies  # only where a name is several

        those = set(find_named_agencies(db, plans))
        key = normalize_key(typed)
        for hows in EXACT_KEY_TYPES:
            if targets := those.intersection(_find_targets(db, "agency", "key = ?", key, hows)):
                return _select_sole(db, "agency", typed, sorted(targets))
        raise


def find_region(db: sqlite3.Connection, typed: str) -> NameMatch:
    """Return the place called *typed*."""
    return _find_one(db, "region", typed)


def find_sections(
    db: sqlite3.Connection, typed: str, plans: Filter = EVERY_TASK
) -> tuple[str, ...]:
    """Return the lists or sections of *plans* called *typed*, as ``list:ID`` or ``section:ID``.

    One, or one in each of several plans.
    """
    from plancli.text.numerals import parse_heading_number  # only where a heading is asked for

    key = parse_heading_number(typed) or normalize_key(typed)
    condition, params = plans.plan_condition
    rows = db.execute(f"SELECT id FROM plan WHERE {condition}", params)
    asked = {number for (number,) in rows}

    def is_of_plans(target: str) -> bool:
        return _get_plan_id(db, target) in asked

    among = _accept_any if plans == EVERY_TASK else is_of_plans
    found = (
        filter(among, _find_targets(db, "section", "key = ?", key, hows))
        for hows in EXACT_KEY_TYPES
    )
    targets = next(filter(None, map(list, found)), [])
    if targets and len({_get_plan_id(db, each) for each in targets}) == len(targets):
        return tuple(targets)
    if targets:
        return (_select_sole(db, "section", typed, targets).name,)
    return (_find_one(db, "section", typed, key, among).name,)


def format_section_names(db: sqlite3.Connection, *targets: str) -> str:
    """Return how a person reads what ``sections`` found."""
    return "、".join(dict.fromkeys(_format_target(db, "section", target) for target in targets))


def join_names(names: Sequence[str], between: str = "、") -> str:
    """Return *names* as a person reads them: the first, and how many more there are."""
    more = len(names) - MAX_NAMES_LISTED
    return between.join(names[:MAX_NAMES_LISTED]) + (
        _(" and {n} more").format(n=more) if more > 0 else ""
    )


def parse_role(typed: str) -> Role:
    """Return the role called *typed*, in English or Chinese."""
    if normalize_key(typed) in TYPED_ROLES:
        return TYPED_ROLES[normalize_key(typed)]
    raise BadUsage(
        _("unknown role: {name}").format(name=typed),
        hint=_("choose from: {names}").format(
            names=", ".join((*Role, *(ROLE_WORDS[role].label for role in Role)))
        ),
    )


def find_completions(db: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """Return the names of *kind* that *typed* may be the beginning of, for completion."""
    rows = db.execute(
        "SELECT DISTINCT target FROM lookup_key WHERE kind = ? AND key_type <> 'compound'"
        " AND substr(key, 1, ?) = ? ORDER BY length(target), target",
        (kind, len(normalize_key(typed)), normalize_key(typed)),
    ).fetchall()
    if kind == "section":
        return [_get_title(db, target) for (target,) in rows]
    return [target for (target,) in rows]


def _accept_any(_target: str) -> bool:
    return True


def _find_one(
    db: sqlite3.Connection,
    kind: str,
    typed: str,
    number: str = "",
    among: Callable[[str], bool] = _accept_any,
) -> NameMatch:
    """Return the one name that *typed* means *among* those of *kind*."""
    key = number or _to_lookup_key(db, kind, typed)
    if not key:
        every = _("list all with “plancli {kind}”").format(kind=kind)
        raise NotFound(_("a name is empty"), hint=every)
    for hows in EXACT_KEY_TYPES:
        if targets := [*filter(among, _find_targets(db, kind, "key = ?", key, hows))]:
            found = _select_sole(db, kind, typed, targets)
            said = {
                "former": _("{typed} is a former name of {name}"),
                "later": _("{typed} is a later name of {name}"),
            }.get(hows[0], "")
            return NameMatch(found.name, said.format(typed=typed, name=found.name) or found.note)
    if len(key) >= (3 if key.isascii() else 1):
        for condition, kinds in PARTIAL_MATCHES:
            if targets := [*filter(among, _find_targets(db, kind, condition, key, kinds))]:
                found = _select_sole(db, kind, typed, targets)
                name = _format_target(db, kind, found.name)
                said = _("“{typed}” is interpreted as {name}").format(typed=typed, name=name)
                return NameMatch(found.name, said)
    raise _make_not_found(db, kind, typed, among)


def _to_lookup_key(db: sqlite3.Connection, kind: str, typed: str) -> str:
    """Return *typed* as names are compared: as it is, if it is one, which saves folding it."""
    known = "SELECT 1 FROM lookup_key WHERE kind = ? AND key = ?"
    if typed.isprintable() and db.execute(known, (kind, typed)).fetchone():
        return typed
    return normalize_key(typed)


def _find_targets(
    db: sqlite3.Connection, kind: str, condition: str, key: str, hows: tuple[str, ...]
) -> list[str]:
    marks = ", ".join("?" * len(hows))
    rows = db.execute(
        f"SELECT DISTINCT target FROM lookup_key WHERE kind = ? AND {condition}"
        f" AND key_type IN ({marks})",
        (kind, key, *hows),
    )
    return [target for (target,) in rows]


def _select_sole(db: sqlite3.Connection, kind: str, typed: str, targets: list[str]) -> NameMatch:
    if len(targets) == 1:
        return NameMatch(targets[0])
    if typed in targets:
        others = join_names(sorted({*targets} - {typed}))
        said = _("{names} has the same name “{typed}” and must be queried separately")
        return NameMatch(typed, said.format(names=others, typed=typed))
    names = sorted(
        {_format_target(db, kind, target) for target in targets}, key=lambda n: (len(n), n)
    )
    said = join_names(names, " / " if kind == "section" else "、")  # headings have 、 in them
    raise NotFound(
        _("“{typed}” may mean: {names}").format(typed=typed, names=said),
        hint=_("type more of the name"),
    )


def _make_not_found(
    db: sqlite3.Connection, kind: str, typed: str, among: Callable[[str], bool]
) -> NotFound:
    from difflib import get_close_matches  # only where a name is not known

    rows = db.execute("SELECT key, target FROM lookup_key WHERE kind = ?", (kind,)).fetchall()
    near = get_close_matches(normalize_key(typed), [key for key, _target in rows], n=8, cutoff=0.6)
    targets = dict.fromkeys(target for key in near for k, target in rows if k == key)
    names = [_format_target(db, kind, target) for target in filter(among, targets)][:3]
    message = {
        "agency": _("no agency matches {name}"),
        "region": _("no region matches {name}"),
        "section": _("no section matches {name}")
        if among is _accept_any
        else _("no section of the matching plans matches {name}"),
    }[kind]
    hint = _("did you mean {names}?").format(names=" / ".join(names))
    every = _("list all with “plancli {kind}”").format(kind=kind)
    return NotFound(message.format(name=typed), hint=hint if names else every)


def _get_plan_id(db: sqlite3.Connection, target: str) -> int:
    table, _colon, number = target.partition(":")
    sql = {
        "list": "SELECT plan_id FROM list WHERE id = ?",
        "section": "SELECT plan_id FROM list JOIN section ON list_id = list.id"
        " WHERE section.id = ?",
    }
    return int(db.execute(sql[table], (number,)).fetchone()[0])


def _get_title(db: sqlite3.Connection, target: str) -> str:
    """Return the heading's words, which need no quotes in a shell as its number does."""
    table, _colon, number = target.partition(":")
    return str(db.execute(f"SELECT title FROM {table} WHERE id = ?", (number,)).fetchone()[0])


def _format_target(db: sqlite3.Connection, kind: str, target: str) -> str:
    """Return how a person reads *target*."""
    if kind != "section":
        return target
    table, _colon, number = target.partition(":")
    sql = {
        "list": "SELECT no || '、' || title FROM list WHERE id = ?",
        "section": "SELECT list.no || '(' || section.no || ')' || section.title"
        " FROM section JOIN list ON list.id = list_id WHERE section.id = ?",
    }
    return str(db.execute(sql[table], (number,)).fetchone()[0])
