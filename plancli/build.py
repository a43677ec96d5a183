"""Plans -> SQLite through sqlite-utils; everything slow happens here, once."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from plancli import inside, keys, quantities, text
from plancli.model import Group, Mention, Plan, Section, Task, entries
from plancli.query import kept
from plancli.registered import Region
from plancli.registry import Carried, Registry, Way
from plancli.role import Role
from plancli.scope import Scope

SCHEMA = Path(__file__).parent / "schema.sql"


def fill(db: Database, plans: Sequence[tuple[Plan, bytes]], known: Registry) -> None:
    """Write *plans*, each with the bytes of its file, into the empty *db*, with what they mean.

    Errors: BadPlan where two plans say different things of one body or place.
    """
    scope = Scope(known)
    read = [plan for plan, _raw in plans]
    regions = {each.name: n for n, each in enumerate(scope.regions(read), 1)}
    db.executescript(SCHEMA.read_text("utf-8"))
    with db.atomic():
        _regions(db, replace(known, regions=scope.regions(read)))
        ids = _agencies(db, scope, read, regions)
        for number, (plan, raw) in enumerate(plans, 1):
            own = {each.name for each in plan.agencies}
            meant = scope.of(plan)
            agencies = {
                each.name: ids[each.name, scope.realm(each, plan if each.name in own else None)]
                for each in meant.agencies
            }
            _plan(db, number, plan, regions, agencies, meant)
            _may_include(db, meant, agencies)
            db.table("origin").insert({"plan_id": number, "yaml": zlib.compress(raw)})
        _headings_keys(db)
        kept.keep(db.conn)


def _agencies(
    db: Database, scope: Scope, plans: Sequence[Plan], regions: Mapping[str, int]
) -> dict[tuple[str, str], int]:
    """Write the bodies that *plans* may mean, and what people type for them; return their ids."""
    bodies = scope.bodies(plans)
    places = {each.name: _whole(each) for each in scope.regions(plans)}
    same = Counter(name for name, _realm in bodies)
    called = {
        (name, realm): f"{name}（{realm}）" if same[name] > 1 and realm else name
        for name, realm in bodies
    }
    ids = {body: n for n, body in enumerate(bodies, 1)}
    db.table("agency").insert_all(
        {
            "id": ids[body],
            "name": each.name,
            "called": called[body],
            "kind": str(each.kind),
            "official": each.official,
            "realm_id": regions.get(body[1]),
        }
        for body, each in bodies.items()
    )
    named = [(called[body], each, places.get(body[1], "")) for body, each in bodies.items()]
    _keys(db, "agency", keys.agencies(named))
    return ids


def _whole(region: Region) -> str:
    """Return a region's name with its level, as names of bodies begin with it: 安徽省."""
    names = (region.name, *region.aliases)
    return next((name for name in names if name.endswith(keys.LEVELS)), region.name)


def _may_include(db: Database, meant: Registry, agencies: Mapping[str, int]) -> None:
    db.table("may_include").insert_all(
        (
            {"agency_id": agencies[member], "collective_id": agencies[collective]}
            for collective, member in inside.possible(meant)
        ),
        ignore=True,
    )


def _regions(db: Database, known: Registry) -> None:
    ids = {each.name: n for n, each in enumerate(known.regions, 1)}
    db.table("region").insert_all(
        {
            "id": ids[each.name],
            "name": each.name,
            "type": str(each.type),
            "source": each.source,
            "note": each.note,
            **dict(zip("xy", each.tile or (None, None), strict=True)),
        }
        for each in known.regions
    )
    db.table("inside").insert_all(
        {"whole_id": ids[whole], "part_id": ids[part], "path": " → ".join(path)}
        for part, wholes in inside.ways_up(known).items()
        for whole, path in wholes.items()
    )
    _keys(db, "region", keys.regions(known))


def _plan(
    db: Database,
    number: int,
    plan: Plan,
    regions: Mapping[str, int],
    agencies: Mapping[str, int],
    meant: Registry,
) -> None:
    source = plan.source
    db.table("plan").insert(
        {
            "id": number,
            "key": plan.id,
            "title": plan.title,
            "year": plan.year,
            "jurisdiction_id": regions[plan.jurisdiction],
            "publisher": source.publisher,
            "published": source.date,
            "published_as": source.title,
            "note": source.note,
            "preamble": "\n".join(plan.preamble),
        }
    )
    sections = _headings(db, number, plan)
    first = db.table("task").count + 1
    tasks = list(enumerate(entries(plan), first))
    db.table("task").insert_all(
        {
            "id": n,
            "section_id": sections[id(entry.section or entry.list)],
            "no": entry.task.no,
            "text": entry.task.text,
            "clause": entry.task.clause,
            "printed": _printed(entry.task),
            "deadline": entry.task.deadline,
            "open_ended": int(entry.task.open_ended),
        }
        for n, entry in tasks
    )
    db.table("duty").insert_all(
        {"task_id": n, "role": str(role), "agency_id": agencies[name], "ord": order, "etc": etc}
        for n, entry in tasks
        for order, ((role, name), etc) in enumerate(_duties(entry.task.duties).items(), 1)
    )
    words = meant.words()
    db.table("mention").insert_all(
        row for n, entry in tasks for row in _mentions(n, entry.task.regions, regions, words)
    )
    db.table("number").insert_all(
        {
            "task_id": n,
            "ord": order,
            "words": each.words,
            "value": each.value,
            "unit": each.unit,
            "kind": str(each.what),
            "piece": each.piece,
        }
        for n, entry in tasks
        for order, each in enumerate(quantities.numbers(entry.task.text), 1)
    )
    db.conn.executemany(
        "INSERT INTO pairs(rowid, text) VALUES (?, ?)",
        ((n, text.pairs(entry.task.text)) for n, entry in tasks),
    )


def _headings(db: Database, number: int, plan: Plan) -> dict[int, Any]:
    """Write the lists and sections; return the section's id for each (by ``id()``)."""
    ids: dict[int, Any] = {}
    for list_ in plan.lists:
        row = {"plan_id": number, "no": list_.no, "title": list_.title}
        row |= {"text": "\n".join(list_.paragraphs), "note": list_.note}
        list_id = db.table("list").insert(row).last_pk
        below: list[tuple[object, Section]] = [(list_, Section())] if list_.tasks else []
        for owner, section in below + [(each, each) for each in list_.sections]:
            row = {"list_id": list_id, "no": section.no, "title": section.title}
            row |= {"text": "\n".join(section.paragraphs)}
            ids[id(owner)] = db.table("section").insert(row).last_pk
        details: list[dict[str, Any]] = [
            *({"kind": "field", "name": name} for name in list_.fields),
            *(
                {"kind": "figure", "name": each.name, "value": each.value, "unit": each.unit}
                for each in list_.figures
            ),
            *({"kind": "annex", "name": name} for name in list_.annex),
        ]
        db.table("detail").insert_all({"list_id": list_id, **detail} for detail in details)
    return ids


def _printed(task: Task) -> str:
    """Return the task with its clauses where they are printed, if it has several."""
    return "".join(part.text + f"（{part.clause}）" * bool(part.clause) for part in task.parts)


def _duties(groups: Iterable[Group]) -> dict[tuple[Role, str], int]:
    """Return each (role, body) of a clause in its order, and whether 等 stands behind it."""
    duties: dict[tuple[Role, str], int] = {}
    for group in groups:
        for name in group.names:
            etc = int(group.open_ended and name == group.names[-1])
            duties[group.role, name] = duties.get((group.role, name), 0) or etc
    return duties


def _mentions(
    task: int,
    mentions: Iterable[Mention],
    regions: Mapping[str, int],
    words: Mapping[str, tuple[Carried, ...]],
) -> Iterator[dict[str, Any]]:
    found = [
        (mention.name, place, word)
        for mention in mentions
        for place in ("text", "clause")
        for word in getattr(mention, place)
    ]
    for order, (name, place, word) in enumerate(found, 1):
        ways = [carried.way for carried in words.get(word, ()) if carried.region == name]
        yield {
            "task_id": task,
            "region_id": regions[name],
            "place": place,
            "word": word,
            "way": str(ways[0] if ways else Way.NAME),
            "ord": order,
        }


def _headings_keys(db: Database) -> None:
    headings = db.execute(
        "SELECT section.id, list.id, list.no, list.title, section.no, section.title"
        " FROM list LEFT JOIN section ON section.list_id = list.id ORDER BY list.id, section.id"
    )
    _keys(db, "section", keys.sections(headings))


def _keys(db: Database, kind: str, rows: Iterable[keys.Key]) -> None:
    db.table("name").insert_all(
        {"kind": kind, "key": key, "how": how, "target": target}
        for key, how, target in dict.fromkeys(rows)
    )
