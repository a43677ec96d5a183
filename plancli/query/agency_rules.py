"""Resolve names of agencies by rules: functions, level and region, abbreviations, former names."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plancli.errors import NotFound
from plancli.i18n import _
from plancli.query import agency_lookup
from plancli.query.agency_levels import TypedOwner, find_typed_owner
from plancli.query.agency_lookup import AgencyCandidate, iter_meant, load_candidates, select_agency
from plancli.query.filters import Filter, to_json_array
from plancli.query.name_lookup import AmbiguousName, NameMatch, find_targets, make_not_found
from plancli.registry.agency_matching import (
    AgencyMatch,
    build_core_pattern,
    expand_typed_name,
    find_agency_succession,
    is_abbreviation,
    is_railway_bureau,
    list_search_keys,
    list_short_names,
    rank_agency_match,
)
from plancli.registry.agency_names import AgencyName, parse_agency_name
from plancli.registry.divisions import load_divisions

# An agency with one of the functions, with a name that matches the pattern, or whose name no
# function explains.
POSSIBLE_TARGETS = """
SELECT target FROM lookup_key
 WHERE kind = 'agency'
   AND (key_type = 'function' AND key IN (SELECT value FROM json_each(?))
     OR key_type = 'name' AND key LIKE ?)
 UNION
SELECT display_name FROM agency
 WHERE display_name NOT IN
       (SELECT target FROM lookup_key WHERE kind = 'agency' AND key_type = 'function')
"""
PRINTED_NAMES = """
SELECT DISTINCT target, key FROM lookup_key
 WHERE kind = 'agency' AND key_type = 'name' AND target IN (SELECT value FROM json_each(?))
"""
NOTES = {
    "former": "“{typed}” is a former name of {name}",
    "later": "“{typed}” is a later name of {name}",
}
MIN_LETTERS = 3


class RankedCandidate(NamedTuple):
    """An agency, how surely it is meant (the least is the surest), and the note to show."""

    candidate: AgencyCandidate
    match: int
    note: str

    def rank_in(self, plan: int) -> tuple[int, int, int]:
        """Return how surely *plan* means the agency: its own agencies first, unless it is a guess."""
        rank = self.candidate.ranks[plan]
        if self.match > AgencyMatch.FUNCTIONS:
            return (1, self.match, rank)
        return (0, max(rank, int(self.match == AgencyMatch.DISTANT_SUCCESSION)), self.match)


def find_by_rules(
    db: sqlite3.Connection,
    typed: str,
    key: str,
    exact: Sequence[AgencyCandidate],
    plans: Filter,
) -> NameMatch:
    """Return the agencies that *typed* means; *exact*: those with this name.

    Errors: NotFound if the name is unknown, AmbiguousName if it may mean several.
    """
    if len(key) == 1 and not exact:  # 省, 局: no name, but a part of many
        return _find_part(db, typed, key, plans)
    several = expand_typed_name(key)
    if len(several) > 1:
        return _find_all(db, typed, several, plans)
    words = _collect_region_words(db)
    owner = find_typed_owner(db, key, parse_agency_name(key, words))
    ranked = [
        *(RankedCandidate(each, AgencyMatch.SAME, "") for each in exact),
        *_rank_by_keys(db, key, plans),
        *_rank_by_rules(db, key, owner, words, plans),
    ]
    known = [each for each in ranked if not each.candidate.ranks and each.match == AgencyMatch.SAME]
    named = [each for each in ranked if each.candidate.ranks]
    if exact or (known and owner.parsed.level):  # 省政府 is not its office, which a plan names
        named = [each for each in named if each.match < AgencyMatch.SUBSEQUENCE]
    if named:
        return _select_surest(db, typed, named, [*exact], plans)
    if exact:
        return select_agency(db, typed, [*iter_meant(exact)], exact, plans=plans)
    if not ranked and key.isascii():
        ranked = [*_rank_by_letters(db, key, words, plans)]
    if ranked:
        best = min(each.match for each in ranked)
        surest = [each for each in ranked if each.match == best]
        return _select_surest(db, typed, surest, [], plans)
    try:
        return _find_part(db, typed, key, plans, owner)
    except AmbiguousName:
        raise
    except NotFound as error:
        if not owner.parsed.functions:
            raise
        near = _find_related(db, owner, words, plans)
        raise make_not_found(db, "agency", typed, near, near.__contains__) from error


def _find_related(
    db: sqlite3.Connection, owner: TypedOwner, words: frozenset[str], plans: Filter
) -> list[str]:
    """Return the agencies of the typed level with one of the typed functions, for a hint."""
    functions = {*list_search_keys(owner.parsed)}
    rows = db.execute(POSSIBLE_TARGETS, (to_json_array(functions), ""))
    targets = [*dict.fromkeys(target for (target,) in rows)]
    named = [each for each in load_candidates(db, targets, plans) if each.ranks]
    parsed = [(each, parse_agency_name(each.name, words)) for each in named]
    return [
        each.display_name
        for each, name in parsed
        if functions & name.functions and owner.accept(each, name)
    ]


def _find_all(
    db: sqlite3.Connection, typed: str, several: Sequence[str], plans: Filter
) -> NameMatch:
    """Return the agencies that each of the names *several* means."""
    names: dict[str, None] = {}
    for each in several:
        try:
            names.update(dict.fromkeys(agency_lookup.find_agencies(db, each, plans).names))
        except AmbiguousName as error:  # each of several plans has its own
            names.update(dict.fromkeys(error.names))
        except NotFound:
            continue
    if not names:
        raise make_not_found(db, "agency", typed)
    note = _("“{typed}” is interpreted as {name}").format(typed=typed, name="、".join(names))
    return NameMatch((*names,), note)


def _collect_region_words(db: sqlite3.Connection) -> frozenset[str]:
    """Return the words for regions that a name may begin with; a plan may define its own region."""
    words = {word for each in load_divisions() for word in (each.name, *each.aliases)}
    own = db.execute("SELECT name FROM region WHERE id IN (SELECT jurisdiction_id FROM plan)")
    return frozenset(words.union(name for (name,) in own))


def _rank_by_keys(db: sqlite3.Connection, key: str, plans: Filter) -> Iterator[RankedCandidate]:
    """Yield the agencies that have *key* as a former or later name, or in pinyin."""
    for key_type, match in (
        ("former", AgencyMatch.SUCCESSION),
        ("later", AgencyMatch.SUCCESSION),
        ("pinyin", AgencyMatch.SAME),
    ):
        targets = find_targets(db, "agency", "key = ?", key, (key_type,))
        for candidate in load_candidates(db, targets, plans):
            note = _(NOTES[key_type]) if key_type in NOTES else ""
            yield RankedCandidate(candidate, match, note)


def _rank_by_rules(
    db: sqlite3.Connection, key: str, owner: TypedOwner, words: frozenset[str], plans: Filter
) -> Iterator[RankedCandidate]:
    """Yield the agencies that the typed name means by its functions or as an abbreviation."""
    typed = owner.parsed
    functions = to_json_array(list_search_keys(typed))
    rows = db.execute(POSSIBLE_TARGETS, (functions, build_core_pattern(typed)))
    targets = [*dict.fromkeys(target for (target,) in rows)]
    printed: dict[str, list[str]] = {}
    for target, name in db.execute(PRINTED_NAMES, (to_json_array(targets),)):
        printed.setdefault(target, []).append(name)
    for candidate in load_candidates(db, targets, plans):
        found = []
        for printed_name in dict.fromkeys(
            (candidate.name, *printed.get(candidate.display_name, ()))
        ):
            name = parse_agency_name(printed_name, words)
            match = rank_agency_match(typed, name)
            if match is None and not typed.functions and is_abbreviation(key, printed_name):
                match = AgencyMatch.SUBSEQUENCE
            accepted = owner.accept(candidate, name) if match else None
            if is_railway_bureau(key, printed_name):
                match, accepted = AgencyMatch.SAME, candidate
            if match and accepted:
                found.append(RankedCandidate(accepted, match, _explain_match(typed, name, match)))
        if found:
            yield min(found, key=lambda each: each.match)


def _rank_by_letters(
    db: sqlite3.Connection, key: str, words: frozenset[str], plans: Filter
) -> Iterator[RankedCandidate]:
    """Yield the agencies that the plans name whose usual short name has the pinyin *key*: wjw."""
    if len(key) < MIN_LETTERS:
        return
    from plancli.registry import pinyin  # slow: reads tables

    rows = db.execute("SELECT display_name FROM agency WHERE id IN (SELECT agency_id FROM duty)")
    for candidate in load_candidates(db, [name for (name,) in rows], plans):
        parsed = parse_agency_name(candidate.name, words)
        home = f"{candidate.home_region}{candidate.name}" if parsed.level else candidate.name
        for form in (home, *list_short_names(parsed)):
            syllables = pinyin.split_syllables(form)
            if key in ("".join(syllables), "".join(each[:1] for each in syllables)):
                note = _("“{typed}” is interpreted as {name}")
                yield RankedCandidate(candidate, AgencyMatch.SUBSEQUENCE, note)
                break


def _explain_match(typed: AgencyName, name: AgencyName, match: AgencyMatch) -> str:
    """Return the note that says how the typed name was understood."""
    if match is AgencyMatch.SUCCESSION:
        steps = find_agency_succession(typed, name)
        if steps and steps[0].former in typed.functions:
            return _("“{typed}” is a former name of {name}")
        if steps:
            return _("“{typed}” is a later name of {name}")
    return _("“{typed}” is interpreted as {name}")


def _select_surest(
    db: sqlite3.Connection,
    typed: str,
    ranked: Sequence[RankedCandidate],
    exact: Sequence[AgencyCandidate],
    plans: Filter,
) -> NameMatch:
    """Return the agency that is meant in every plan; what else a plan might mean is in the note.

    Errors: AmbiguousName if the plans, or one of them, mean several.
    """
    best = min(each.match for each in ranked)
    by_name: dict[str, RankedCandidate] = {}
    for each in sorted(ranked, key=lambda each: each.match):
        by_name.setdefault(each.candidate.display_name, each)
    listed = [each for each in by_name.values() if each.match <= max(best, AgencyMatch.FUNCTIONS)]
    meant = [each.candidate for each in _iter_surest(listed, best)]
    # A former name that is recorded says more than the rule that finds the agency as well.
    note = next(
        (each.note for each in ranked if each.candidate.display_name == meant[0].display_name), ""
    )
    is_guess = best < AgencyMatch.DISTANT_SUCCESSION
    others = [
        each.candidate
        for each in listed
        if not (is_guess and each.match == AgencyMatch.DISTANT_SUCCESSION)
    ]
    return select_agency(db, typed, meant, [*others, *exact], note, plans)


def _iter_surest(listed: Sequence[RankedCandidate], best: int) -> Iterator[RankedCandidate]:
    """Yield what each plan means most surely; guesses only if no plan has anything better."""
    surest: dict[int, tuple[int, int, int]] = {}
    for each in listed:
        for plan in each.candidate.ranks:
            surest[plan] = min(each.rank_in(plan), surest.get(plan, each.rank_in(plan)))
    for each in listed:
        is_surest = any(each.rank_in(plan) == surest[plan] for plan in each.candidate.ranks)
        if not surest or (is_surest and each.match <= max(best, AgencyMatch.FUNCTIONS)):
            yield each


def _find_part(
    db: sqlite3.Connection, typed: str, key: str, plans: Filter, owner: TypedOwner | None = None
) -> NameMatch:
    """Return the only agency with a name that contains *key*, or with pinyin that begins so."""
    conditions = (
        ("instr(key, ?)", ("name", "alias", "former", "later")),
        ("instr(key, ?) = 1", ("pinyin",)),
    )
    for condition, key_types in conditions:
        if len(key) < (3 if key.isascii() else 1):
            continue
        targets = find_targets(db, "agency", condition, key, key_types)
        found = load_candidates(db, targets, plans)
        if owner:
            parsed = [(each, parse_agency_name(each.name)) for each in found]
            found = [accepted for each, name in parsed if (accepted := owner.accept(each, name))]
        if candidates := [*iter_meant(found)]:
            note = _("“{typed}” is interpreted as {name}")
            return select_agency(db, typed, candidates, found, note, plans)
    raise make_not_found(db, "agency", typed)
