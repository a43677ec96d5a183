"""Resolve the names of regions that people type."""

import re
import sqlite3
from collections.abc import Collection, Sequence

from plancli.i18n import _
from plancli.query.name_lookup import (
    MAX_NAMES_LISTED,
    AmbiguousName,
    NameMatch,
    find_targets,
    join_names,
    make_empty_error,
    make_not_found,
    to_lookup_key,
)
from plancli.text.normalize import normalize_key

KEYS_OF_REGION = """
SELECT key FROM lookup_key
 WHERE kind = 'region' AND target = ? AND key_type IN ('name', 'alias')
"""
KEYS_WITH_PART = """
SELECT key, target FROM lookup_key
 WHERE kind = 'region' AND key_type IN ('name', 'alias') AND instr(key, ?)
"""
FORMER_NOTE = "“{typed}” is a former name of {name}"
NAME_PART_MARKS = "—·(（、"
NAME_SEPARATORS = "[、，,；;]"
# Key types in the order in which they are tried; of those in one group, mentioned regions first.
KEY_TYPES = (("name", "alias"), ("former",), ("compound",), ("pinyin",))


def find_regions(db: sqlite3.Connection, typed: str) -> NameMatch:
    """Return the regions that *typed* names: one; several for a compound or a list 宿州、马鞍山.

    Errors: NotFound if a name is unknown, AmbiguousName if it may mean several.
    """
    if not find_targets(db, "region", "key = ?", to_lookup_key(db, "region", typed)):
        parts = [part for part in re.split(NAME_SEPARATORS, typed) if part.strip()]
        if len(parts) > 1:
            matches = [_find_regions(db, part) for part in parts]
            names = dict.fromkeys(name for match in matches for name in match.names)
            return NameMatch((*names,), "\n".join(filter(None, (each.note for each in matches))))
    return _find_regions(db, typed)


def _find_regions(db: sqlite3.Connection, typed: str) -> NameMatch:
    key = to_lookup_key(db, "region", typed)
    if not key:
        raise make_empty_error("region")
    for key_types in KEY_TYPES:
        targets = find_targets(db, "region", "key = ?", key, key_types)
        if targets and key_types == ("pinyin",) and _is_spelled_by_several(key):
            break
        if targets and key_types == ("compound",):
            return NameMatch(_order_as_typed(db, typed, targets))
        if targets:
            return _select_region(db, typed, targets, key_types[0] == "former")
    return _find_division(db, typed)


def _select_region(
    db: sqlite3.Connection, typed: str, targets: list[str], is_former: bool
) -> NameMatch:
    """Return the one of *targets* that is meant: a mentioned one goes before the others."""
    mentioned = [each for each in targets if _is_mentioned(db, each)] or targets
    exact = [each for each in mentioned if each == typed] or mentioned
    if len(exact) > 1:
        raise AmbiguousName("region", typed, exact)
    (name,) = exact
    others = [each for each in targets if each != name and not is_former]
    if others and name != typed:
        return NameMatch((name,), _format_choice(typed, name, others))
    note = _(FORMER_NOTE) if is_former else ""
    return NameMatch((name,), note.format(typed=typed, name=name))


def _order_as_typed(db: sqlite3.Connection, typed: str, targets: list[str]) -> tuple[str, ...]:
    """Return the regions of a compound in its order: 合肥, 六安 of 合六."""
    keys = {
        target: "".join(key for (key,) in db.execute(KEYS_OF_REGION, (target,)))
        for target in targets
    }
    places = {
        target: next((at for at, mark in enumerate(typed) if mark in keys[target]), len(typed))
        for target in targets
    }
    return (*sorted(targets, key=places.__getitem__),)


def _is_mentioned(db: sqlite3.Connection, region: str) -> bool:
    sql = "SELECT 1 FROM task_region WHERE region_id = (SELECT id FROM region WHERE name = ?)"
    return db.execute(f"{sql} LIMIT 1", (region,)).fetchone() is not None


def _find_division(db: sqlite3.Connection, typed: str) -> NameMatch:
    """Return the region that *typed* names among all of China, or a part of a listed name."""
    # slow: reads the registry
    from plancli.registry.io import load_default_registry
    from plancli.registry.region_index import MeaningKind
    from plancli.registry.region_names import (
        find_region_meaning,
        is_shared_with_nature,
        suggest_region_names,
    )

    registry = load_default_registry()
    home = [name for (name,) in db.execute("SELECT DISTINCT jurisdiction FROM task_row")]
    meaning = find_region_meaning(registry, typed, home)
    if len(meaning.names) > 1 and meaning.kind is not MeaningKind.COMPOUND:
        raise AmbiguousName("region", typed, list(meaning.names))
    if not meaning.names:
        return _find_part(db, typed, suggest_region_names(registry, typed))
    name = join_names(meaning.names)
    if meaning.kind is MeaningKind.FORMER:
        return NameMatch(meaning.names, _(FORMER_NOTE).format(typed=typed, name=name))
    if meaning.others:
        return NameMatch(meaning.names, _format_choice(typed, name, meaning.others))
    note = ""
    if meaning.kind is MeaningKind.ALIAS and is_shared_with_nature(registry, typed, meaning, home):
        note = _(
            "“{typed}” is interpreted as {name}; of the lake, mountain or river: “{command}”"
        ).format(typed=typed, name=name, command=f"plancli search {typed}")
    return NameMatch(meaning.names, note)


def _is_spelled_by_several(key: str) -> bool:
    """Whether *key* is the pinyin of several divisions, of which the database has only some."""
    from plancli.registry.shared_spellings import is_spelled_by_several  # only for pinyin

    return is_spelled_by_several(key)


def _format_choice(typed: str, name: str, others: Sequence[str]) -> str:
    note = _("“{typed}” is interpreted as {name}").format(typed=typed, name=name)
    also = _("not meant: {names}").format(names=join_names(others))
    return _("; ").join((note, also))


def _find_part(db: sqlite3.Connection, typed: str, similar: Collection[str]) -> NameMatch:
    """Return the only region of the database with a name, or a part after a dash, that begins so.

    A word within a name is none: 发展, 大会, 城市.
    """
    key = normalize_key(typed)
    pattern = re.compile(f"(?:^|[{NAME_PART_MARKS}]){re.escape(key)}")
    rows = _find_keys(db, key) if len(key) > 1 and not key.isascii() else []
    targets = list(dict.fromkeys(target for name, target in rows if pattern.search(name)))
    if not targets:
        # Letters alone make nothing likely beside a right path or the same sound.
        raise make_not_found(
            db, "region", typed, similar, lambda name: not similar and _shares_two(key, name)
        )
    mentioned = [each for each in targets if _is_mentioned(db, each)] or targets
    if len(mentioned) > 1:
        raise AmbiguousName("region", typed, mentioned[: MAX_NAMES_LISTED + 1])
    note = _("“{typed}” is interpreted as {name}").format(typed=typed, name=mentioned[0])
    return NameMatch((mentioned[0],), note)


def _find_keys(db: sqlite3.Connection, part: str) -> list[tuple[str, str]]:
    """Return (key, region) of every name that contains *part*."""
    return db.execute(KEYS_WITH_PART, (part,)).fetchall()


def _shares_two(key: str, name: str) -> bool:
    """Whether a region is like what was typed in more than one character; letters may be pinyin."""
    return key.isascii() or len(set(key) & set(normalize_key(name))) > 1
