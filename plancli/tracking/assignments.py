"""List the assignments of agencies, each with an id that does not depend on order or numbers.

The id is a hash of the plan, the task's text, the agency and the role, without the task's number:
a renumbered plan still matches its sheets, and a reworded task is a different assignment.
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
    """The role of one agency in one task."""

    id: str
    plan: str
    no: str
    agency: str
    agency_kind: str  # 省直部门 …, 泛指
    role: AssignmentRole
    has_lead: bool  # whether the task has a leading agency
    collectives: tuple[str, ...]  # the collective agencies that may include the agency
    text: str  # of the task
    printed_text: str  # the text as printed, with its clauses if there are several
    clause: str
    deadline: str  # word for word, or ""
    task_id: int  # in the database
    agency_id: int


def list_assignments(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> list[Assignment]:
    """Return the duties of the plans, agency by agency, lead roles first."""
    return list(_iter_assignments(db, query.select_duties_by_agency(db, where)))


def list_possible_assignments(
    db: sqlite3.Connection, where: Filter = EVERY_TASK
) -> list[Assignment]:
    """Return, agency by agency, the tasks of collective agencies that may include it."""
    return list(_iter_assignments(db, query.select_possible_duties(db, where)))


def compute_plan_fingerprint(duties: Iterable[Assignment], plan: str) -> str:
    """Return a hash that changes when the duties of *plan* change."""
    return _hash_strings(*sorted(duty.id for duty in duties if duty.plan == plan))


def _iter_assignments(db: sqlite3.Connection, result: Result) -> Iterator[Assignment]:
    copies = _count_copies(db)
    for record in result.records():
        task = int(str(record["_task"]))
        key = (
            record["plan"],
            copies.get(task, 0),
            record["text"],
            record["agency"],
            record["role"],
        )
        yield Assignment(
            id=_hash_strings(*map(str, key)),
            plan=str(record["plan"]),
            no=str(record["no"]),
            agency=str(record["agency"]),
            agency_kind=str(record["type"]),
            role=AssignmentRole(str(record["role"])),
            has_lead=bool(record["lead"]),
            collectives=to_names(record.get("through")),
            text=str(record["text"]),
            printed_text=str(record["_printed"] or record["text"]),
            clause=str(record["clause"]),
            deadline=str(record["_deadline"]),
            task_id=task,
            agency_id=int(str(record["_agency"])),
        )


def _count_copies(db: sqlite3.Connection) -> dict[int, int]:
    """Return task id -> how many earlier tasks of its plan have the same text, if any."""
    seen: Counter[tuple[ResultCell, ResultCell]] = Counter()
    copies: dict[int, int] = {}
    tasks = query.select_tasks(db)
    columns = [tasks.columns.index(name) for name in ("plan", "text", "_task")]
    for row in tasks.rows:
        plan, text, task = (row[n] for n in columns)
        if seen[plan, text]:
            copies[int(str(task))] = seen[plan, text]
        seen[plan, text] += 1
    return copies


def _hash_strings(*parts: str) -> str:
    digest = blake2b(digest_size=10)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return b32encode(digest.digest()).decode().lower()
