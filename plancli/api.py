"""Python API: import official texts, query plans, produce rows for other engines.

Functions do not print, use the network, or write files other than plancli's cache.  Failures raise
``PlanError``; its ``hint`` says what to do next.  ``docs/api.md`` has examples of all functions.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from plancli import query
from plancli.database import cache as database_cache
from plancli.errors import BadPlan, BadUsage, MissingPackage, NotFound, PlanError
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.plan.model import Plan
from plancli.plan.scope import RegistryScope, get_scope
from plancli.query import questions
from plancli.query.agency_lookup import find_agencies
from plancli.query.criteria import Criteria, build_filter
from plancli.query.name_lookup import AmbiguousName, NameMatch
from plancli.query.region_lookup import find_regions
from plancli.registry import io as registry_io
from plancli.registry.model import Region, Registry
from plancli.results.answer import Answer
from plancli.results.table import Result
from plancli.text import normalize

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "Answer", "Asked", "BadPlan", "BadUsage", "MissingPackage", "NotFound", "Plan", "PlanError",
    "Plans", "Result", "agency", "ask", "count", "find_agency", "find_region", "fold", "from_yaml",
    "load", "parse", "region", "rows", "schema", "to_yaml",
]  # fmt: skip

Names = str | Iterable[str]
Years = int | str | Iterable[int | str]


class Asked(TypedDict, total=False):
    """The filters of a query, named as on the command line; all must match."""

    agency: Names
    role: str
    region: Names
    section: Names
    keyword: Names
    year: Years
    jurisdiction: Names


class Plans:
    """Open plans; close them with ``close``, or use them as a context manager.

    ``db`` is their database, for reading only; ``notes`` are messages for the user about it.
    A connection can only be used in the thread that opened it.
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
    """Return the plan in the official *text*.

    *name* is the file name of the text; its suffix determines the format (docx, html, pdf, …).
    *jurisdiction*, *id* and *year* supply what the text does not contain, as with ``plancli
    import``.  A text that is not a plan gives a plan without tasks; ``review`` lists what is
    doubtful.  Plans can be pickled, and parsing is deterministic across processes.

    Errors: BadPlan if the text cannot be read; MissingPackage if its format requires a package.
    """
    from plancli import importing  # slow to import

    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    plan = importing.import_document(data, name, _load_registry(), jurisdiction).plan
    try:
        return replace(plan, id=id or plan.id, year=year or plan.year)
    except ValueError as error:
        raise BadUsage(_(str(error)), hint=_("for example: --id anhui-yrd-2022")) from error


def from_yaml(data: str | bytes, name: str = "plan.yaml") -> Plan:
    """Return the plan in the YAML *data*; error messages begin with *name* and the line.

    Errors: BadPlan if it is not a valid plan.
    """
    raw = data.encode() if isinstance(data, str) else data
    return plan_io.parse_plan(raw, name, _load_registry(), _load_scope())


def to_yaml(plan: Plan) -> bytes:
    """Return *plan* as the bytes of a plan file."""
    return plan_io.encode_file(plan)


def load(*plans: "str | os.PathLike[str] | Plan") -> Plans:
    """Open *plans* for queries: YAML files, folders, patterns, databases, or plans in memory.

    Default: the plans that PLANCLI_PLAN names, else the included plan.  Files use the cache, as on
    the command line; if a plan in memory is given, the database is built in memory.

    Errors: BadPlan if a plan is invalid, or two plans have the same id.
    """
    paths = [os.fspath(each) for each in plans if not isinstance(each, Plan)]
    in_memory = [each for each in plans if isinstance(each, Plan)]
    notes: list[str] = []
    if in_memory:
        db = database_cache.build_in_memory(
            [(each.id, to_yaml(each)) for each in in_memory], paths, notes.append
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
    """Return the tasks that match all filters, as ``plancli list`` does.

    Each filter takes one value or several, as typed on the command line.  Several years or
    jurisdictions are alternatives; several values of any other filter must all match.  *limit* and
    *offset* select a range in a time that does not depend on the number of tasks; ``count`` returns
    the total.

    Errors: NotFound if a name is unknown or ambiguous; BadUsage if a keyword or number is invalid.
    """
    for name, given in (("limit", limit), ("offset", offset)):
        if given is not None and (not isinstance(given, int) or given < 0):
            message = _("{name} must be a whole number, {least} or more").format(name=name, least=0)
            raise BadUsage(message, hint=_("leave it out"))
    criteria = _make_criteria(
        agency=agency,
        role=role,
        region=region,
        section=section,
        keyword=keyword,
        year=year,
        jurisdiction=jurisdiction,
    )
    criteria = criteria._replace(limit=limit, offset=offset)
    return _drop_private_columns(questions.find_tasks(plans.db, criteria))


def count(plans: Plans, **narrowed: Unpack[Asked]) -> int:
    """Return the number of tasks that ``ask`` would return."""
    where = build_filter(plans.db, _make_criteria(**narrowed), lambda note: None)
    return query.count_tasks(plans.db, where)


def agency(plans: Plans, name: str, *, possible: bool = False, **narrowed: Unpack[Asked]) -> Answer:
    """Return the tasks of the agency *name*, each with its ``role``: ``plancli agency``.

    With *possible*, instead the tasks in which a collective agency may include it, each with the
    collective agency it may be included ``through``.
    """
    criteria = _make_criteria(**narrowed)
    answer = questions.find_agency_tasks(plans.db, criteria, name, possible=possible)
    return _drop_private_columns(answer)


def region(plans: Plans, name: str, *, exact: bool = False, **narrowed: Unpack[Asked]) -> Answer:
    """Return the tasks about the region *name*, and why: ``plancli region``.

    Each task has its ``grade``, the reason ``why``, and the ``words``.  With *exact*, only tasks
    that contain the region's own name.
    """
    criteria = _make_criteria(**narrowed)
    return _drop_private_columns(questions.find_region_tasks(plans.db, criteria, name, exact=exact))


def find_agency(plans: Plans, typed: str) -> tuple[str, ...]:
    """Return the names, as in answers, of the agencies that *typed* may mean; usually one.

    Several if it means them all (两办), or if it does not say which: ``agency`` would then ask.
    Errors: NotFound if the name is unknown.
    """
    return _list_names(find_agencies, plans, typed)


def find_region(plans: Plans, typed: str) -> tuple[str, ...]:
    """Return the names of the regions that *typed* may mean; usually one.

    Several if it means them all (合六, 宿州、马鞍山), or if it does not say which (鼓楼区).
    Errors: NotFound if the name is unknown.
    """
    return _list_names(find_regions, plans, typed)


def _list_names(
    find: Callable[[sqlite3.Connection, str], NameMatch], plans: Plans, typed: str
) -> tuple[str, ...]:
    try:
        return find(plans.db, typed).names
    except AmbiguousName as error:
        return error.names


def fold(word: str) -> str:
    """Return *word* folded for comparison with the column ``folded`` in Parquet."""
    return normalize.fold(word)


def rows(plans: Iterable[Plan], places: Iterable[Region] | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for every task of *plans*, in the form of ``-f parquet``, without a database.

    *places*: the ``regions`` that the plans define.  Default: those of *plans*; if *plans* are only
    part of the plans queried together, pass the regions of all of them.

    Errors: BadPlan if a plan uses a name that neither the registry nor the plan defines.
    """
    from plancli.plan.flat_rows import Flattener

    if places is None:
        plans = list(plans)
        places = [each for plan in plans for each in plan.regions]
    flat = Flattener(_load_registry(), places)
    return (row for plan in plans for row in flat.iter_rows(plan))


def schema(*, parted: bool = False) -> "pyarrow.Schema":
    """Return the Arrow schema of these rows; *parted*: of a file in a partitioned folder."""
    from plancli.errors import require_extra

    message = _("{package} is needed to write {format}").replace("{format}", "parquet")
    with require_extra("parquet", message):
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


def _load_scope() -> RegistryScope:
    return get_scope(_load_registry())
