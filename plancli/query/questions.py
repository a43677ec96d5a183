"""The questions of the command line and the API.

Each function takes the database of the open plans and ``Criteria``, and returns an ``Answer``.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from plancli import query
from plancli.errors import BadUsage, NotFound
from plancli.i18n import _
from plancli.query import Filter, hints, name_lookup
from plancli.query.agency_lookup import find_agencies
from plancli.query.criteria import (
    Criteria,
    accept_match,
    build_filter,
    build_plan_filter,
    build_section_filter,
    resolve_role,
)
from plancli.query.region_lookup import find_regions
from plancli.results.answer import Answer, View
from plancli.results.document import ALL_TASKS, AnswerTable, Document
from plancli.results.roles import Role
from plancli.results.table import Result
from plancli.text.normalize import normalize_key

# Compiled only when used: most questions have no task number.
NUMBER_RANGE = r"第?(\d{1,9})[-—~至到](\d{1,9})[项条.]?"
SINGLE_NUMBER = r"第?(.+?)[项条.]?"
NUMBER_SEPARATORS = r"[,，、;；\s]"
MAX_RANGE_SIZE = 10_000  # numbers in a typed range


class TaskPage(NamedTuple):
    """The matching tasks to return: all, or a range of them."""

    where: Filter
    label: str = ""  # which of how many, if a range
    is_past_end: bool = False  # whether the offset skips all matching tasks


def find_agency_tasks(
    db: sqlite3.Connection, criteria: Criteria, name: str, *, possible: bool = False
) -> Answer:
    """Return the tasks of an agency, each with its ``role``.

    With *possible*, only the tasks in which a collective agency may include it.
    """
    notes: list[str] = []
    plans = build_plan_filter(db, criteria, notes.append)
    agencies = accept_match(find_agencies(db, name, plans), notes.append)
    role, where = resolve_role(criteria), build_filter(db, criteria._replace(role=""), notes.append)
    for agency in agencies:
        if undefined := hints.format_undefined_collectives(db, agency, where):
            notes.append(undefined)
    if possible:
        possible_filter = query.by_possible_member(*agencies, role=role) & where
        return _find_possible_tasks(db, criteria, agencies, possible_filter, notes)
    named_filter = query.by_any_agency(agencies, role) & where
    lead_filter = query.by_any_agency(agencies, Role.LEAD)
    # Tasks that it leads come first.
    runs = () if role else (named_filter & lead_filter, named_filter & ~lead_filter)
    page = _paginate(db, criteria, named_filter, notes, *runs)
    named = query.select_agency_tasks(db, *agencies, role=role, where=page.where)
    answer = _answer_agency(db, criteria, agencies, where, page, named)
    if criteria.is_partial:
        notes += answer.load_row_notes()
        answer = answer._replace(load_row_notes=tuple)
    if not named.rows and not page.is_past_end:
        for agency in agencies:
            notes += hints.iter_agency_hints(db, agency, plans)
    return answer._replace(opening_notes=tuple(notes))


def _answer_agency(
    db: sqlite3.Connection,
    criteria: Criteria,
    agencies: Sequence[str],
    where: Filter,
    page: TaskPage,
    named: Result,
) -> Answer:
    """Return the tasks that name *agencies*, and apart from them those that may include one."""
    role = resolve_role(criteria)

    def load_possible() -> Result:
        return query.select_possible_tasks(
            db,
            *agencies,
            role=role,
            where=where & query.NO_TASK if criteria.is_partial else where,
        )

    def build_document() -> Document:
        tables = [AnswerTable(ALL_TASKS, named)]
        others = load_possible()
        # Omitted if not known to be complete: an empty table would mean that there are none.
        if not (criteria.is_partial or (role and not others.rows)):
            tables.append(AnswerTable("可能包括", others))
        return query.build_document(db, page.where, *tables)

    possible_filter = query.by_possible_member(*agencies, role=role) & where
    roles = [each for each in Role if role in (None, each)]
    details = {"roles": roles, "load_possible": load_possible}
    return Answer(
        named,
        load_row_notes=partial(_make_possible_notes, db, possible_filter, "、".join(agencies)),
        view=_view_tasks("agency", criteria, page, named, **details),
        document=build_document,
    )


def _make_possible_notes(db: sqlite3.Connection, where: Filter, agency: str) -> tuple[str, ...]:
    """Return a note with the number of tasks that match *where*, if any."""
    note = _("{n} more tasks name a collective agency that may include {name}: see --possible")
    count = query.count_tasks(db, where)
    return (note.format(n=count, name=agency),) if count else ()


def _find_possible_tasks(
    db: sqlite3.Connection,
    criteria: Criteria,
    agencies: Sequence[str],
    where: Filter,
    notes: list[str],
) -> Answer:
    role = resolve_role(criteria)
    page = _paginate(db, criteria, where, notes)
    found = query.select_possible_tasks(db, *agencies, role=role, where=page.where)
    if not found.rows and not page.is_past_end:
        message = _("no collective agency is known to include {name}")
        message = message.format(name="、".join(agencies))
        notes.append(hints.get_empty_reason(db, query.by_possible_member(*agencies), message))
    return _answer_tasks(
        db,
        page,
        found,
        notes,
        _view_tasks("agency", criteria, page, found),
        "可能包括",
    )


def find_region_tasks(
    db: sqlite3.Connection, criteria: Criteria, name: str, *, exact: bool = False
) -> Answer:
    """Return the tasks about a region, each with its ``grade`` and ``why``.

    With *exact*, only tasks whose text contains the region's own name.
    """
    notes: list[str] = []
    regions = accept_match(find_regions(db, name), notes.append)
    criteria_filter = build_filter(db, criteria, notes.append)
    region_filter = query.by_region(*regions, exact=exact)
    page = _paginate(db, criteria, region_filter & criteria_filter, notes)
    found = query.select_region_tasks(db, *regions, exact=exact, where=page.where)
    if not found.rows and not page.is_past_end:
        message = _("no task mentions {name}").format(name="、".join(regions))
        notes.append(hints.get_empty_reason(db, region_filter, message))
    closing: list[str] = []
    for region in regions if not (found.rows or page.is_past_end) else ():
        closing += hints.iter_empty_region_hints(db, region, criteria_filter)
    for region in () if criteria.is_partial else regions:
        closing += hints.iter_false_mention_hints(db, region, criteria_filter)
        if not exact:
            closing += hints.iter_region_hints(db, region, criteria_filter)
    view = _view_tasks("region", criteria, page, found)
    return _answer_tasks(db, page, found, notes, view)._replace(closing_notes=tuple(closing))


def find_section_tasks(db: sqlite3.Connection, criteria: Criteria, name: str) -> Answer:
    """Return the tasks of a section or list, or its paragraphs where it has none."""
    notes: list[str] = []
    targets = name_lookup.find_sections(db, name, build_plan_filter(db, criteria, notes.append))
    where = build_section_filter(db, *targets) & build_filter(db, criteria, notes.append)
    page = _paginate(db, criteria, where, notes)
    found = query.select_tasks(db, page.where)
    paragraphs = query.select_list_details(db, *targets)
    has_tasks = query.count_tasks(db, query.by_section(*targets))
    tables = [AnswerTable(ALL_TASKS, found)] if has_tasks else []
    if paragraphs.rows or not tables:  # in addition to tasks or instead; not filtered
        tables.append(AnswerTable("正文", paragraphs))
    if not tables[0].result.rows and not page.is_past_end:
        none = _("section {name} has no tasks that match").format(name=name)
        notes.append(hints.get_empty_reason(db, query.by_section(*targets), none))
    return Answer(
        tables[0].result,
        tuple(notes),
        view=_view_tasks("section", criteria, page, found, details=paragraphs),
        document=lambda: query.build_document(db, page.where, *tables),
    )


def find_tasks(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the tasks that match all criteria, in the plan's order."""
    notes: list[str] = []
    page = _paginate(db, criteria, build_filter(db, criteria, notes.append), notes)
    found = query.select_tasks(db, page.where)
    if not found.rows and not page.is_past_end:
        notes.append(_("no task matches the filters"))
    view = _view_tasks("tasks", criteria, page, found)
    return _answer_tasks(db, page, found, notes, view)


def find_keyword_tasks(db: sqlite3.Connection, criteria: Criteria, words: Iterable[str]) -> Answer:
    """Return the tasks whose text contains all *words*."""
    words = [*words]
    notes: list[str] = []
    all_criteria = criteria._replace(keyword=(*words, *criteria.keyword))
    page = _paginate(db, all_criteria, build_filter(db, all_criteria, notes.append), notes)
    found = query.select_tasks(db, page.where)
    if not found.rows and not page.is_past_end:
        none = _("no task contains {words}").format(words=" + ".join(all_criteria.keyword))
        notes.append(hints.get_empty_reason(db, query.by_keyword(*all_criteria.keyword), none))
        others = build_filter(db, criteria._replace(keyword=()), notes.append)
        notes += hints.iter_keyword_hints(db, words, others)
    view = _view_tasks("tasks", all_criteria, page, found)
    return _answer_tasks(db, page, found, notes, view)


def find_numbered_tasks(db: sqlite3.Connection, criteria: Criteria, typed: Iterable[str]) -> Answer:
    """Return the tasks with the numbers *typed*, in full.

    Errors: NotFound if no task has a number; BadUsage if one is empty or not a valid range.
    """
    wanted = [number for each in typed for number in _resolve_numbers(db, each)]
    if not wanted:
        raise BadUsage(_("a number is empty"), hint=_("for example: plancli task 11-16"))
    notes: list[str] = []
    plans = build_plan_filter(db, criteria, notes.append)
    numbers = set(query.select_tasks(db, query.by_number(*wanted) & plans).column("no"))
    wanted = [
        number
        for each in wanted
        for number in ([each] if each in numbers else _find_subtasks(db, each, plans))
    ]
    where = query.by_number(*wanted) & build_filter(db, criteria, notes.append)
    page = _paginate(db, criteria, where, notes)
    found = query.select_task_details(db, page.where)
    if not found.rows and not page.is_past_end:
        notes.append(_("none of these tasks match the filters"))
    return _answer_tasks(db, page, found, notes, View("cards", found))


def count_all(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the number of tasks, agencies and duties; also by agency, section and region."""
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    if where != query.EVERY_TASK and not query.count_tasks(db, where):
        notes.append(_("no task matches the filters"))
    counts = query.select_statistics(db, where)
    agencies, sections, regions = (
        query.select_agencies(db, where=where),
        query.select_sections(db, where),
        query.select_regions(db, where),
    )
    tables = (("按单位", agencies), ("按部分", sections), ("按地区", regions))
    chart = query.build_bar_chart(agencies, sections, regions)
    return Answer(
        counts,
        tuple(notes),
        view=View("statistics", counts, {"tables": tables}),
        document=lambda: query.build_document(
            db, where, AnswerTable("统计", counts), picture=chart
        ),
    )


def list_agencies(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return every agency that tasks name, with its number of tasks."""
    return _answer_table(
        db, criteria, "单位", lambda where: query.select_agencies(db, resolve_role(criteria), where)
    )


def list_regions(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return every region, with its number of tasks by grade."""
    return _answer_table(db, criteria, "地区", lambda where: query.select_regions(db, where))


def list_sections(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return every section, with its number of tasks and agencies."""
    return _answer_table(db, criteria, "部分", lambda where: query.select_sections(db, where))


def list_plans(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the open plans, each with its number of tasks and agencies."""
    answer = _answer_table(
        db,
        criteria,
        "计划",
        lambda where: query.select_open_plans(db, where),
        _("no plan matches the filters"),
    )
    return answer._replace(view=View("plans", answer.result))


def outline_plans(db: sqlite3.Connection, criteria: Criteria) -> Answer:
    """Return the plans' titles, sources and preambles, with their lists and sections."""
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    plans, sections = query.select_plans(db, where), query.select_sections(db, where)
    if not plans.rows:
        notes.append(_("no plan matches the filters"))
    return Answer(
        plans,
        tuple(notes),
        view=View("outlines", plans, {"sections": sections}),
        document=lambda: query.build_document(
            db, where, AnswerTable("计划", plans), AnswerTable("部分", sections)
        ),
    )


def get_empty_note(db: sqlite3.Connection, where: Filter, message: str) -> str:
    """Return why an answer is empty: *message* if tasks match, else that no task matches."""
    return message if query.count_tasks(db, where) else _("no task matches the filters")


def _view_tasks(
    kind: str, criteria: Criteria, page: TaskPage, found: Result, **details: object
) -> View:
    """Return the view of tasks: the keywords marked, and which page of them it is."""
    return View(kind, found, {"keywords": criteria.keyword, "page": page.label, **details})


def _answer_tasks(
    db: sqlite3.Connection,
    page: TaskPage,
    found: Result,
    notes: list[str],
    view: View,
    name: str = ALL_TASKS,
) -> Answer:
    """Return the answer with the tasks *found* as its only table."""
    return Answer(
        found,
        tuple(notes),
        view=view,
        document=lambda: query.build_document(db, page.where, AnswerTable(name, found)),
    )


def _answer_table(
    db: sqlite3.Connection,
    criteria: Criteria,
    name: str,
    select: Callable[[Filter], Result],
    empty_note: str = "",
) -> Answer:
    """Return an answer with a plain table that has the title *name*."""
    notes: list[str] = []
    where = build_filter(db, criteria, notes.append)
    found = select(where)
    if not found.rows:
        notes.append(empty_note or _("nothing matches the filters"))
    return Answer(
        found,
        tuple(notes),
        view=View("table", found),
        document=lambda: query.build_document(db, where, AnswerTable(name, found)),
    )


def _paginate(
    db: sqlite3.Connection, criteria: Criteria, where: Filter, notes: list[str], *runs: Filter
) -> TaskPage:
    """Return the matching tasks, limited to the range in *criteria*; add a note on the range.

    *runs*: parts of *where*, if the answer lists their tasks one part after the other.
    """
    if not criteria.is_partial:
        return TaskPage(where)
    total, ids = query.count_tasks(db, where), list[int]()
    skip, wanted = criteria.offset, total if criteria.limit is None else criteria.limit
    for run in runs or (where,):
        ids += query.select_first_ids(db, run, wanted - len(ids), skip)
        skip = max(0, skip - query.count_tasks(db, run))
    first, last = criteria.offset + 1, criteria.offset + len(ids)
    label = f"第 {first} 项起（共 {total} 项）"
    if ids:
        label = f"第 {first}" + (f"—{last}" if last > first else "") + f" 项，共 {total} 项"
        note = _("task {first} of {n}") if first == last else _("tasks {first} to {last} of {n}")
        note = note.format(first=first, last=last, n=total)
        more = _("; more with --offset {last}").format(last=last)
        notes.append(note + (more if last < total else ""))
    elif total and wanted:
        note = _("--offset {offset} skips all {n} tasks")
        notes.append(note.format(offset=criteria.offset, n=total))
    return TaskPage(query.by_ids(ids, *where.descriptions, label), label, bool(total and not ids))


def _find_subtasks(db: sqlite3.Connection, no: str, plans: Filter) -> list[str]:
    """Return the numbers of the subtasks of the task *no*: 11(1), 11(2)."""
    if found := query.select_tasks(db, query.by_parent_number(no) & plans).column("no"):
        return [*map(str, found)]
    if plans != query.EVERY_TASK and query.count_tasks(db, query.by_number(no)):
        return [no]  # a task of a plan that does not match
    raise NotFound(
        _("there is no task {no}").format(no=no),
        hint=_("list the numbers with “plancli section”"),
    )


def _resolve_numbers(db: sqlite3.Connection, typed: str) -> list[str]:
    """Return the numbers that *typed* stands for: itself if a task has it, else parsed."""
    typed = typed.strip().encode("utf-8", "replace").decode()  # invalid bytes become ?
    exact = query.select_tasks(db, query.by_number(typed)).rows
    return [typed] if exact else list(parse_numbers(typed))


def parse_numbers(typed: str) -> Iterator[str]:
    """Yield the task numbers that *typed* stands for: 41, 第41项, 11-16, or several: 41,43."""
    for part in filter(None, re.split(NUMBER_SEPARATORS, typed)):
        yield from _parse_number_range(part)


def _parse_number_range(typed: str) -> Iterator[str]:
    if span := re.fullmatch(NUMBER_RANGE, normalize_key(typed)):
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < MAX_RANGE_SIZE:
            raise BadUsage(
                _("{typed} is not a range of numbers").format(typed=typed),
                hint=_("for example: plancli task 11-16"),
            )
        yield from map(str, range(first, last + 1))
    elif number := re.fullmatch(SINGLE_NUMBER, normalize_key(typed)):
        yield number[1]
