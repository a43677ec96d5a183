"""What each body has to do, a row each, under an id that outlives sorting and renumbering.

The id is made of the plan, the task's words, the body and the role: not of the task's number, so
that a plan whose numbers shift still knows its sheets, and a reworded task is another.
"""

import sqlite3
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

from plancli import query
from plancli.query import EVERY_TASK, Filter
from plancli.results.roles import AssignmentRole
from plancli.results.table import Result, ResultCell, to_names

POSSIBLE = AssignmentRole.POSSIBLE


class Assignment(NamedTuple):
    """One body's part in one task."""

    id: str
    plan: str
    no: str
    agency: str
    agency_kind: str  # of the body: 省直部门 …, 泛指
    role: AssignmentRole
    has_lead: bool  # whether anybody leads the task
    collectives: tuple[str, ...]  # the phrases that may include the body
    text: str  # the task's words
    printed_text: str  # the same as printed, with its clauses where there are several
    clause: str
    deadline: str  # word for word, or ""
    task_id: int  # in the database
    agency_id: int


def list_assignments(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> list[Assignment]:
    """Return every duty that the plans give, body by body, what it leads first."""
    return list(_iter_assignments(db, query.select_duties_by_agency(db, where)))


def list_possible_assignments(
    db: sqlite3.Connection, where: Filter = EVERY_TASK
) -> list[Assignment]:
    """Return, body by body, the tasks that a collective phrase may include it in."""
    return list(_iter_assignments(db, query.select_possible_duties(db, where)))


def compute_plan_fingerprint(duties: Iterable[Assignment], plan: str) -> str:
    """Return what tells whether *plan* gives other duties than it did."""
    return _hash_strings(*sorted(duty.id for duty in duties if duty.plan == plan))


def _iter_assignments(db: sqlite3.Connection, result: Result) -> Iterator[Assignment]:
    copies = _count_copies(db)
    for said in result.records():
        task = int(str(said["_task"]))
        known = (said["plan"], copies.get(task, 0), said["text"], said["agency"], said["role"])
        yield Assignment(
            id=_hash_strings(*map(str, known)),
            plan=str(said["plan"]),
            no=str(said["no"]),
            agency=str(said["agency"]),
            agency_kind=str(said["type"]),
            role=AssignmentRole(str(said["role"])),
            has_lead=bool(said["lead"]),
            collectives=to_names(said.get("through")),
            text=str(said["text"]),
            printed_text=str(said["_printed"] or said["text"]),
            clause=str(said["clause"]),
            deadline=str(said["_deadline"]),
            task_id=task,
            agency_id=int(str(said["_agency"])),
        )


def _count_copies(db: sqlite3.Connection) -> dict[int, int]:
    """Return, for a task whose words stood in its plan before, how often they did."""
    seen: Counter[tuple[ResultCell, ResultCell]] = Counter()
    found: dict[int, int] = {}
    every = query.select_tasks(db)
    at = [every.columns.index(name) for name in ("plan", "text", "_task")]
    for row in every.rows:
        plan, text, task = (row[n] for n in at)
        if seen[plan, text]:
            found[int(str(task))] = seen[plan, text]
        seen[plan, text] += 1
    return found


def _hash_strings(*parts: str) -> str:
    digest = blake2b(digest_size=10)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return b32encode(digest.digest()).decode().lower()
