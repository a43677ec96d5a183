"""Resolve the names of agencies that people type.

What the open plans name goes before what only the registry knows.  Each plan is asked by itself: of
several agencies that a name may mean in it, one that belongs to the plan's own region goes before
the others.  If the plans answer differently, the user is asked.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plancli.i18n import _
from plancli.query.filters import EVERY_TASK, Filter, to_json_array
from plancli.query.name_lookup import (
    AmbiguousName,
    NameMatch,
    find_targets,
    join_names,
    make_empty_error,
    to_lookup_key,
)

EXACT_KEY_TYPES = (("name",), ("name", "alias"))  # a printed name goes before other spellings
IN_NAMES = "display_name IN (SELECT value FROM json_each(?))"
CANDIDATES = """
SELECT agency.display_name, agency.name, coalesce(region.name, ''), coalesce(region.type, ''),
       task.plan_id,
       iif(region.id = task.jurisdiction_id OR (region.id IS NULL AND
         (SELECT type FROM region WHERE id = task.jurisdiction_id) = '国家'), 0, 1)
  FROM agency
  LEFT JOIN region ON region.id = home_region_id
  LEFT JOIN (SELECT DISTINCT agency_id, plan_id, jurisdiction_id
               FROM duty JOIN task_row AS task ON task.id = task_id
              WHERE agency_id IN (SELECT id FROM agency WHERE {agencies}) AND {where}) AS task
         ON task.agency_id = agency.id
 WHERE {agencies}
 ORDER BY agency.id
"""
# Other agencies that the plans name, with a function of one of the given agencies.
RELATED_AGENCIES = """
SELECT 1 FROM lookup_key AS own
  JOIN lookup_key AS other ON other.kind = 'agency' AND other.key = own.key
   AND other.key_type = 'function' AND other.target <> own.target
  JOIN agency ON agency.display_name = other.target
 WHERE own.kind = 'agency' AND own.key_type = 'function'
   AND own.target IN (SELECT value FROM json_each(?))
   AND other.target NOT IN (SELECT value FROM json_each(?))
   AND EXISTS (SELECT 1 FROM duty WHERE agency_id = agency.id)
 LIMIT 1
"""
HAS_FUNCTIONS = """
SELECT 1 FROM lookup_key
 WHERE kind = 'agency' AND key_type = 'function' AND target IN (SELECT value FROM json_each(?))
"""
NOT_NAMED = 2
OFFICE = "办公厅"
# The types of regions that have an agency with this ending.
TYPES_OF_ENDING = {"厅": ("省级",), "部": ("", "国家"), "总局": ("", "国家")}
BUREAU = "局"
NOT_BUREAUS = ("部", "总局", "署", "厅")  # a typed 局 is none of these if it can be another


class AgencyCandidate(NamedTuple):
    """An agency that a typed name may mean."""

    display_name: str
    name: str
    home_region: str
    home_type: str
    # The plans that name it; 0: a plan of its home region, 1: another plan.
    ranks: Mapping[int, int]

    @property
    def rank(self) -> int:
        """The least of ``ranks``; 2 if no open plan names the agency."""
        return min(self.ranks.values(), default=NOT_NAMED)


def find_agencies(db: sqlite3.Connection, typed: str, plans: Filter = EVERY_TASK) -> NameMatch:
    """Return the agencies that *typed* names: one; several if it means them all (两办).

    Of those that the tasks of *plans* name, else of all.
    Errors: NotFound if the name is unknown, AmbiguousName if it may mean several.
    """
    key = to_lookup_key(db, "agency", typed)
    if not key:
        raise make_empty_error("agency")
    for key_types in EXACT_KEY_TYPES:
        found = load_candidates(db, find_targets(db, "agency", "key = ?", key, key_types), plans)
        exact = [each for each in found if _has_typed_ending(typed, each)]
        if any(each.ranks for each in exact):
            names = [each.display_name for each in exact]
            if typed in names or not _may_mean_others(db, exact, plans):
                return select_agency(db, typed, [*iter_meant(exact)], exact, plans=plans)
            break
    from plancli.query.agency_rules import find_by_rules  # slow: reads the table of functions

    return find_by_rules(db, typed, key, exact, plans)


def load_candidates(
    db: sqlite3.Connection, names: Sequence[str], plans: Filter
) -> list[AgencyCandidate]:
    """Return the agencies with the display names *names*, and how the tasks of *plans* name them."""
    if not names:
        return []
    sql = CANDIDATES.format(where=plans.sql, agencies=IN_NAMES)
    listed = to_json_array(names)
    found: dict[str, tuple[str, str, str, str]] = {}
    ranks: dict[str, dict[int, int]] = {}
    for *parts, plan, rank in db.execute(sql, (listed, *plans.params, listed)):
        display_name, name, region, type_ = parts
        found[display_name] = (display_name, name, region, type_)
        ranks.setdefault(display_name, {}).update({plan: rank} if plan else {})
    return [AgencyCandidate(*each, ranks[name]) for name, each in found.items()]


def _has_typed_ending(typed: str, candidate: AgencyCandidate) -> bool:
    """Whether *candidate* may be a 厅 or a 部, if *typed* is one: spellings are shared by levels."""
    if typed == candidate.display_name or typed.endswith(OFFICE):
        return True
    for ending, types in TYPES_OF_ENDING.items():
        if typed.endswith(ending) and not candidate.name.endswith(ending):
            return candidate.home_type in types
    return True


def _may_mean_others(
    db: sqlite3.Connection, exact: Sequence[AgencyCandidate], plans: Filter
) -> bool:
    """Whether the rules may find other agencies than *exact*: 教体局 for 教育局.

    If another has one of their functions, or one of the plans names none of them.
    """
    listed = to_json_array([each.display_name for each in exact])
    if not db.execute(HAS_FUNCTIONS, (listed,)).fetchone():
        return False
    if db.execute(RELATED_AGENCIES, (listed, listed)).fetchone():
        return True
    condition, params = plans.plan_condition
    asked = {plan for (plan,) in db.execute(f"SELECT id FROM plan WHERE {condition}", params)}
    return bool(asked.difference(*(each.ranks for each in exact)))


def iter_meant(candidates: Sequence[AgencyCandidate]) -> Iterator[AgencyCandidate]:
    """Yield the candidates that are meant in one of the plans, all if no plan names any."""
    best: dict[int, int] = {}
    for each in candidates:
        for plan, rank in each.ranks.items():
            best[plan] = min(rank, best.get(plan, rank))
    for each in candidates:
        if not best or any(best[plan] == rank for plan, rank in each.ranks.items()):
            yield each


def select_agency(
    db: sqlite3.Connection,
    typed: str,
    meant: Sequence[AgencyCandidate],
    others: Sequence[AgencyCandidate],
    note: str = "",
    plans: Filter = EVERY_TASK,
) -> NameMatch:
    """Return the agency that *typed* means; *note* says why, with {typed} and {name}.

    *others*: *meant* and those that it might mean as well, which the note names.
    Errors: AmbiguousName if several are meant.
    """
    if typed.endswith(BUREAU) and not typed.endswith(NOT_BUREAUS):
        meant = [each for each in meant if not each.name.endswith(NOT_BUREAUS)] or meant
    names = [each.display_name for each in meant]
    if len(meant) > 1 and typed not in names:
        raise _make_ambiguous_agency(db, typed, meant)
    name = typed if typed in names else names[0]
    if plans != EVERY_TASK:  # what only other plans name is not asked for
        others = [each for each in others if each.ranks]
    rest = [*dict.fromkeys(each.display_name for each in others)]
    rest = [each for each in rest if each != name]
    if rest:
        note = note or ("" if typed == name else _("“{typed}” is interpreted as {name}"))
        also = _("not meant: {names}").format(names=join_names(rest))
        note = _("; ").join(filter(None, (note, also)))
    return NameMatch((name,), note.format(typed=typed, name=name))


def _make_ambiguous_agency(
    db: sqlite3.Connection, typed: str, meant: Sequence[AgencyCandidate]
) -> AmbiguousName:
    """Return the error for several agencies; its hint says if the plans' regions tell them apart."""
    error = AmbiguousName("agency", typed, [each.display_name for each in meant])
    jurisdictions = dict(db.execute("SELECT id, jurisdiction_id FROM plan"))
    around = [frozenset(map(jurisdictions.get, each.ranks)) for each in meant]
    if all(around) and len({*around}) == len(meant):
        error.hint = _("type more of the name, or add --jurisdiction NAME")
    return error
