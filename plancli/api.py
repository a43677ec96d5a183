"""plancli from Python: read official texts, ask plans, make rows for engines elsewhere.

Nothing here prints, asks the network or changes a file but plancli's own cache; what goes wrong
is a ``PlanError``, whose ``hint`` says what to do next.  ``docs/api.md`` shows everything in use.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from plancli import query
from plancli.database import cache as database_cache
from plancli.errors import BadPlan, BadUsage, MissingPackage, NotFound, PlanError
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.plan.model import Plan
from plancli.plan.scope import RegistryScope
from plancli.query import name_lookup, questions
from plancli.query.criteria import Criteria, build_filter
from plancli.registry import io as registry_io
from plancli.registry.model import Region, Registry
from plancli.results.answer import Answer
from plancli.results.table import Result
from plancli.text import normalize

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "Answer", "Asked", "BadPlan", "BadUsage", "Body", "MissingPackage", "NotFound", "Plan",
    "PlanError", "Plans", "Result", "agency", "ask", "body", "count", "fold", "from_yaml", "load",
    "parse", "place", "region", "rows", "schema", "to_yaml",
]  # fmt: skip

Names = str | Iterable[str]
Years = int | str | Iterable[int | str]


class Asked(TypedDict, total=False):
    """How a question is narrowed, in the words of the command line; all of it must hold."""

    agency: Names
    role: str
    region: Names
    section: Names
    keyword: Names
    year: Years
    jurisdiction: Names


class Body(NamedTuple):
    """A body: its name in plans, the place whose body it is (or ''), its name in answers."""

    name: str
    realm: str
    called: str
    note: str = ""


class Plans:
    """Plans that can be asked; closed as a context manager, or by ``close``.

    ``db`` is their database, to be read only; ``notes`` says what a person should know of it.
    A connection belongs to the thread that made it.
    """

    def __init__(self, db: sqlite3.Connection, notes: tuple[str, ...] = ()) -> None:
        self.db, self.notes = db, notes

    def __enter__(self) -> "Plans":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()


def parse(
    text: str | bytes,
    name: str = "plan.txt",
    jurisdiction: str = "",
    *,
    id: str = "",
    year: int = 0,
) -> Plan:
    """Return the plan that the official *text* holds.

    *name* is that of the text's file: its suffix says how bytes are read (docx, html, pdf, …).
    *jurisdiction*, *id* and *year* stand for what the text does not say, as with ``plancli
    import``.  A text that is no plan gives a plan without tasks; ``review`` says what is doubtful.
    The plan can be pickled, and the same text gives the same plan in any process.

    Errors: BadPlan where the text cannot be read; MissingPackage where its format needs more.
    """
    from plancli import importing  # slow to import

    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    plan = importing.import_document(data, name, _load_registry(), jurisdiction).plan
    try:
        return replace(plan, id=id or plan.id, year=year or plan.year)
    except ValueError as error:
        raise BadUsage(_(str(error)), hint=_("for example: --id anhui-yrd-2022")) from error


def from_yaml(data: str | bytes, name: str = "plan.yaml") -> Plan:
    """Return the plan that is written in YAML; errors begin with *name* and the line.

    Errors: BadPlan where it is not exactly a plan.
    """
    raw = data.encode() if isinstance(data, str) else data
    return plan_io.parse_plan(raw, name, _load_registry(), _load_scope())


def to_yaml(plan: Plan) -> bytes:
    """Return *plan* as the bytes of its file."""
    return plan_io.encode_file(plan)


def load(*plans: "str | os.PathLike[str] | Plan") -> Plans:
    """Open *plans* to be asked: YAML files, folders, patterns, databases, or plans in memory.

    For none: what PLANCLI_PLAN names, else the shipped plan.  Files alone are answered from the
    cache, as on the command line; with plans in memory, a database is made in memory.

    Errors: BadPlan where a plan is not right, or two have one id.
    """
    paths = [os.fspath(each) for each in plans if not isinstance(each, Plan)]
    held = [each for each in plans if isinstance(each, Plan)]
    notes: list[str] = []
    if held:
        db = database_cache.build_in_memory(
            [(each.id, to_yaml(each)) for each in held], paths, notes.append
        )
        return Plans(db, tuple(notes))
    return Plans(database_cache.open_plans(paths, notes.append), tuple(notes))


def ask(
    plans: Plans,
    *,
    agency: Names = (),
    role: str = "",
    region: Names = (),
    section: Names = (),
    keyword: Names = (),
    year: Years = (),
    jurisdiction: Names = (),
    limit: int | None = None,
    offset: int = 0,
) -> Answer:
    """Return the tasks that all of this lets through, as ``plancli list`` does.

    Each may be one or several, and is typed as people write it; of years and jurisdictions any
    must hold, of the others every one.  With *limit* or *offset*, only some of them, as quickly
    in a million tasks as in a thousand; ``count`` says how many there are.

    Errors: NotFound where a name is none, or several; BadUsage where a word or number is none.
    """
    for name, given in (("limit", limit), ("offset", offset)):
        if given is not None and (not isinstance(given, int) or given < 0):
            said = _("{name} must be a whole number, {least} or more").format(name=name, least=0)
            raise BadUsage(said, hint=_("leave it out"))
    asked = _make_criteria(
        agency=agency,
        role=role,
        region=region,
        section=section,
        keyword=keyword,
        year=year,
        jurisdiction=jurisdiction,
    )
    asked = asked._replace(limit=limit, offset=offset)
    return _drop_private_columns(questions.find_tasks(plans.db, asked))


def count(plans: Plans, **narrowed: Unpack[Asked]) -> int:
    """Return how many tasks ``ask`` would give."""
    where = build_filter(plans.db, _make_criteria(**narrowed), lambda note: None)
    return query.count_tasks(plans.db, where)


def agency(plans: Plans, name: str, *, possible: bool = False, **narrowed: Unpack[Asked]) -> Answer:
    """Return what the body *name* has to do, each task with its ``role``: ``plancli agency``.

    With *possible*, the tasks in which a phrase may include it, which are never among the others:
    each with what it may be meant ``through``.
    """
    asked = _make_criteria(**narrowed)
    answer = questions.find_agency_tasks(plans.db, asked, name, possible=possible)
    return _drop_private_columns(answer)


def region(plans: Plans, name: str, *, exact: bool = False, **narrowed: Unpack[Asked]) -> Answer:
    """Return what is to be done about the place *name*, and why: ``plancli region``.

    Each task has its ``grade``, ``why`` it is there, and the ``words``.  With *exact*, only where
    the text has the place's own name.
    """
    asked = _make_criteria(**narrowed)
    return _drop_private_columns(questions.find_region_tasks(plans.db, asked, name, exact=exact))


def body(plans: Plans, typed: str) -> Body:
    """Return the body that *typed* means: name and realm are those of ``duties`` in Parquet."""
    from plancli.query import flat_rows

    found = name_lookup.find_agency(plans.db, typed)
    return Body(*flat_rows.resolve_agency(plans.db, found.name), found.name, found.note)


def place(plans: Plans, typed: str) -> str:
    """Return the name of the place that *typed* means."""
    return name_lookup.find_region(plans.db, typed).name


def fold(word: str) -> str:
    """Return *word* as it is compared: look for it in ``folded`` of Parquet."""
    return normalize.fold(word)


def rows(plans: Iterable[Plan], places: Iterable[Region] | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for every task of *plans*: the form of ``-f parquet``, without any database.

    Where *plans* are only some of those that are asked together, *places* are all the ``regions``
    that any of them brings; else they are those of *plans*.

    Errors: BadPlan where a plan names what neither the registry nor itself knows.
    """
    from plancli.plan.flat_rows import Flattener

    if places is None:
        plans = list(plans)
        places = [each for plan in plans for each in plan.regions]
    flat = Flattener(_load_registry(), places)
    return (row for plan in plans for row in flat.iter_rows(plan))


def schema(*, parted: bool = False) -> "pyarrow.Schema":
    """Return the Arrow schema of those rows; *parted*: of a file in a folder of them."""
    from plancli.errors import require_extra

    said = _("{package} is needed to write {format}").replace("{format}", "parquet")
    with require_extra("parquet", said):
        from plancli.output.formats import parquet

        return parquet.build_schema(parted)


def _make_criteria(**given: Unpack[Asked]) -> Criteria:
    role = given.pop("role", "")
    several: dict[str, Any] = {name: _to_tuple(value) for name, value in given.items()}
    return Criteria(role=role, **several)


def _to_tuple(given: Any) -> tuple[str, ...]:
    return (str(given),) if isinstance(given, str | int) else tuple(map(str, given))


def _drop_private_columns(answer: Answer) -> Answer:
    return answer._replace(result=answer.result.drop_private_columns())


@cache
def _load_registry() -> Registry:
    return registry_io.load_default_registry()


@cache
def _load_scope() -> RegistryScope:
    return RegistryScope(_load_registry())
