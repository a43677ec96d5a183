"""List the changes from one plan to another; tasks are matched by text, not by number."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from plancli.diff import alignment
from plancli.diff.alignment import TaskPair
from plancli.plan.model import Plan, TaskEntry, iter_tasks
from plancli.plan.scope import get_scope
from plancli.registry.model import Registry
from plancli.results.roles import ROLE_WORDS, Role
from plancli.results.table import Result
from plancli.text.normalize import normalize_key

COLUMNS = ("change", "no_before", "no_after", "what", "before", "after")
RENAME_SIMILARITY = 0.4  # how similar two names must be to count as one renamed agency
MAX_EQUAL_GAP = 2  # up to this many equal characters between two changes are shown as changed
ROLE_LABELS = {role: ROLE_WORDS[role].label for role in Role}


class PlanChange(NamedTuple):
    """A difference; ``what`` describes it in one line."""

    change: str  # title, heading, renamed, new, dropped, moved, reworded, duties, deadline
    no_before: str
    no_after: str
    what: str
    before: str = ""
    after: str = ""


class _AgencyKeys(NamedTuple):
    """What identifies an agency, by its name in the plan before and in the plan after."""

    before: dict[str, Hashable]
    after: dict[str, Hashable]


def compare_plans(one: Plan, other: Plan, registry: Registry) -> Result:
    """Return the changes from *one* to *other*, in the order of *other*; none for equal plans.

    A renamed agency, by *registry* or by its position in all tasks, is one change.
    """
    matched = alignment.match_tasks(one, other)
    agencies = _identify_agencies(one, other, registry)
    renamed = dict(_find_renamed(matched, agencies, registry))
    headings = _match_sections(matched)
    order = {id(entry.task): n for n, entry in enumerate(iter_tasks(one))}
    keys = _compute_keys(matched)
    moved = _find_moved(matched, keys, headings, order)
    rows: list[PlanChange] = [*_compare_metadata(one, other)]
    rows += (
        PlanChange("heading", "", "", f"{a} → {b}", a, b) for a, b in headings.items() if a != b
    )
    rows += (
        PlanChange("renamed", "", "", f"{a} → {b}（{ground}）", a, b)
        for a, (b, ground) in renamed.items()
    )
    for name, (new, _ground) in renamed.items():
        agencies.before[name] = agencies.after[new]
    for pair, key in zip(matched, keys, strict=True):
        rows += _compare_task(pair, agencies, key in moved)
    return Result("", COLUMNS, tuple(rows))


def _identify_agencies(one: Plan, other: Plan, registry: Registry) -> _AgencyKeys:
    """Return what identifies the agencies of both plans: their names, if they have two regions."""
    scope = get_scope(registry)
    has_one_region = one.jurisdiction == other.jurisdiction

    def identify(plan: Plan) -> dict[str, Hashable]:
        identities = scope.identify_agencies(plan, scope.get_registry(plan))
        return {name: each if has_one_region else name for name, each in identities.items()}

    return _AgencyKeys(identify(one), identify(other))


def format_inline_diff(before: str, after: str) -> str:
    """Return both texts as one with marked changes: ``改造[-8-]{+10+}个``."""
    out, old, new = [], "", ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, n in matcher.get_opcodes():
        same = before[i:j] if tag == "equal" else ""
        is_small_gap = (
            len(same) <= MAX_EQUAL_GAP and (old or new) and j < len(before) and n < len(after)
        )
        if tag == "equal" and not is_small_gap:
            out.append(_format_change(old, new) + same)
            old = new = ""
        else:
            old, new = old + before[i:j], new + after[k:n]
    return "".join(out) + _format_change(old, new)


def _format_change(old: str, new: str) -> str:
    return (f"[-{old}-]" if old else "") + (f"{{+{new}+}}" if new else "")


def _compare_metadata(one: Plan, other: Plan) -> Iterator[PlanChange]:
    """Yield the changes in title, year and preamble."""
    for name, before, after in (
        ("标题", one.title, other.title),
        ("年度", str(one.year), str(other.year)),
        ("前言", "\n".join(one.preamble), "\n".join(other.preamble)),
    ):
        if normalize_key(before) != normalize_key(after):
            yield PlanChange(
                "title", "", "", f"{name}：{format_inline_diff(before, after)}", before, after
            )


def _format_section(entry: TaskEntry) -> str:
    parts = (entry.list.title, entry.section.title if entry.section else "")
    return "／".join(filter(None, parts))


def _match_sections(matched: Sequence[TaskPair]) -> dict[str, str]:
    """Return section before -> after: the same section, or the one that replaced it."""
    both = [(_format_section(a), _format_section(b)) for a, b in matched if a and b]
    before, after = {a for a, _b in both}, {b for _a, b in both}
    most: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in both:
        most[a][b] += 1
    out: dict[str, str] = {}
    for a, counts in most.items():
        b = counts.most_common(1)[0][0]
        renamed = a not in after and b not in before and b not in out.values()
        out[a] = b if renamed else a
    return out


def _compute_keys(matched: Sequence[TaskPair]) -> list[Hashable]:
    """Return a key for each pair; equal pairs have equal keys.

    A list or a section contains all its tasks, so it is hashed once, not once for each task.
    """
    values: dict[object, int] = {}
    numbers: dict[int, int] = {}  # by ``id()``

    def assign_number(part: object) -> int:
        if id(part) not in numbers:
            numbers[id(part)] = values.setdefault(part, len(values))
        return numbers[id(part)]

    return [
        tuple(entry and tuple(assign_number(part) for part in entry) for entry in pair)
        for pair in matched
    ]


def _find_moved(
    matched: Sequence[TaskPair],
    keys: Sequence[Hashable],
    headings: Mapping[str, str],
    order: Mapping[int, int],
) -> set[Hashable]:
    """Return the keys of the pairs that are out of the common order, or in another section.

    *order*: the position of each task before, by its ``id()``.
    """
    moved: set[Hashable] = set()
    both = [(a, b, key) for (a, b), key in zip(matched, keys, strict=True) if a and b]
    kept = alignment.find_increasing([order[id(a.task)] for a, _b, _key in both])
    for n, (a, b, key) in enumerate(both):
        if n not in kept or headings[_format_section(a)] != _format_section(b):
            moved.add(key)
    return moved


def _compare_task(pair: TaskPair, agencies: _AgencyKeys, moved: bool) -> Iterator[PlanChange]:
    """Yield the changes in one task."""
    before, after = pair
    if before is None or after is None:
        here = after or before
        assert here
        task, where = here.task, _format_section(here)
        what = f"{where}：{task.text}（{task.clause}）" if task.clause else f"{where}：{task.text}"
        if after:
            yield PlanChange("new", "", task.no, what, "", task.text)
        else:
            yield PlanChange("dropped", task.no, "", what, task.text, "")
        return
    a, b = before.task, after.task
    if moved:
        yield PlanChange(
            "moved",
            a.no,
            b.no,
            f"{_format_section(before)} → {_format_section(after)}",
            a.text,
            b.text,
        )
    if normalize_key(a.text) != normalize_key(b.text):
        yield PlanChange("reworded", a.no, b.no, format_inline_diff(a.text, b.text), a.text, b.text)
    if what := _compare_duties(before, after, agencies):
        yield PlanChange("duties", a.no, b.no, what, a.clause, b.clause)
    if a.deadline != b.deadline:
        yield PlanChange(
            "deadline",
            a.no,
            b.no,
            format_inline_diff(a.deadline, b.deadline),
            a.deadline,
            b.deadline,
        )


def _compare_duties(before: TaskEntry, after: TaskEntry, agencies: _AgencyKeys) -> str:
    """Return the added and removed agencies and the changed roles in one line, or ''."""
    old, new = (
        {
            keys[name]: (name, role)
            for role in reversed(Role)
            for name in entry.task.get_agency_names(role)
        }
        for entry, keys in ((before, agencies.before), (after, agencies.after))
    )
    changes = [
        f"增加{ROLE_LABELS[role]}：{name}" for key, (name, role) in new.items() if key not in old
    ]
    changes += [
        f"取消{ROLE_LABELS[role]}：{name}" for key, (name, role) in old.items() if key not in new
    ]
    changes += [
        f"{name}：{ROLE_LABELS[old[key][1]]} → {ROLE_LABELS[role]}"
        for key, (name, role) in new.items()
        if key in old and old[key][1] is not role
    ]
    if before.task.is_open_ended != after.task.is_open_ended:
        changes.append("增加“等”" if after.task.is_open_ended else "取消“等”")
    return "；".join(changes)


def _find_renamed(
    matched: Sequence[TaskPair], agencies: _AgencyKeys, registry: Registry
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield (name before, (name after, reason)) for agencies that only changed their name."""
    parts: dict[str, list[TaskPair]] = defaultdict(list)
    after: set[str] = set()
    for pair in matched:
        for role in Role:
            for name in pair.before.task.get_agency_names(role) if pair.before else ():
                parts[name].append(pair)
            after.update(pair.after.task.get_agency_names(role) if pair.after else ())
    one_name = {
        other.name: agency.name
        for agency in registry.agencies
        for other in (*agency.former, *agency.later)
    }
    keys_before, keys_after = set(agencies.before.values()), set(agencies.after.values())
    added = {name for name in after if name not in parts}
    by_name: dict[str, set[str]] = defaultdict(set)
    for new in added:
        by_name[one_name.get(new, new)].add(new)
    added = {name for name in added if agencies.after[name] not in keys_before}
    for name in [name for name in parts if name not in after]:
        if same := by_name.get(one_name.get(name, name)):
            yield name, (min(same), "据单位库")
            continue
        if agencies.before[name] in keys_after:
            continue  # another spelling of the same agency
        if replacement := _find_replacement(name, parts[name], added):
            yield name, (replacement, "据各项任务推断")
            added.discard(replacement)


def _find_replacement(name: str, matched: Sequence[TaskPair], added: set[str]) -> str:
    """Return the similar name that replaces *name* in every task, or ''."""
    candidates: set[str] | None = None
    for before, after in matched:
        if not before or not after:
            continue
        new_names = {
            new
            for role in Role
            if name in before.task.get_agency_names(role)
            for new in after.task.get_agency_names(role)
            if new in added
        }
        candidates = new_names if candidates is None else candidates & new_names
    ranked = [
        (SequenceMatcher(None, name, new, autojunk=False).ratio(), new) for new in candidates or ()
    ]
    return max(ranked)[1] if ranked and max(ranked)[0] >= RENAME_SIMILARITY else ""
