"""A page -> the draft of a plan, and the account of how it was read."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from plancli.importing.parsing import front_matter, metadata, outline, paragraphs, task_tables
from plancli.importing.parsing.coverage import Coverage
from plancli.importing.parsing.list_builder import TaskListBuilder
from plancli.importing.parsing.outline import OutlineSegment
from plancli.importing.parsing.task_builder import ImportContext, ImportDiagnostic
from plancli.importing.readers.page import SourceText, join_lines
from plancli.plan import region_finder
from plancli.plan.model import Plan, Task, TaskList, iter_tasks
from plancli.plan.scope import RegistryScope
from plancli.registry import lookup_keys
from plancli.registry.model import Region, Registry

NO_TITLE = "（无标题）"


class ImportedPlan(NamedTuple):
    """A plan as it was read from a page, and what a person should know of the reading."""

    plan: Plan
    source_text: SourceText
    coverage: Coverage
    diagnostics: tuple[ImportDiagnostic, ...]  # in the order of the page


def build_imported_plan(page: SourceText, known: Registry, jurisdiction: str = "") -> ImportedPlan:
    """Return the plan that *page* holds, whose bodies are those of *known* where it knows them."""
    account = Coverage(page)
    page = task_tables.extract_outer_lines(page)
    found = paragraphs.build_paragraphs(page)
    account.add_ignored(found.ignored)
    segments = list(outline.iter_segments(found.blocks))
    around = front_matter.split_front_matter(
        segments, lambda table: task_tables.is_task_table(page, table)
    )
    for cell in (cell for table in around.tables for cell in table.cells):
        account.add_span(cell.start, cell.end, "about")
    title = join_lines("".join(_accept_text(account, each, "title", "\v") for each in around.title))
    preamble = tuple(_accept_text(account, each, "preamble") for each in around.preamble)
    beside = [(_accept_text(account, each, kind), kind) for each, kind in around.metadata]
    annex = tuple(_accept_text(account, each, "annex") for each in around.annex)
    root = outline.build_outline(around.body)
    clauses = (
        segment.text[-300:] for segment in around.body if isinstance(segment, OutlineSegment)
    )
    lines_ = [said for said, kind in beside if kind != "after"]
    said = (jurisdiction,) if jurisdiction else (title, *lines_)
    jurisdiction, region = metadata.find_jurisdiction(said, clauses, known)
    words = [word for each in known.regions for word in (each.name, *each.aliases)]
    words.append(metadata.strip_region_suffix(jurisdiction))
    meant = RegistryScope(known).get_registry(_make_bare_plan(jurisdiction, region))
    reader = ImportContext(account, words, lookup_keys.collect_printed_names(meant))
    for each in around.preamble:
        reader.apply_declaration(each)
    read = TaskListBuilder(page, reader).build(root)
    plan = Plan(
        id="draft",
        title=title or NO_TITLE,
        year=metadata.find_year(title, [said for said, _kind in beside] + list(preamble)),
        jurisdiction=jurisdiction,
        source=metadata.find_source((said for said, kind in beside if kind == "about"), title),
        preamble=preamble,
        lists=_add_annex(read, annex),
        regions=(region,) if region else (),
    )
    for step in outline.find_numbering_breaks(root):
        at = step.segment.span.locate(step.segment.begin)
        reader.add_diagnostic(
            step.rule, at, step.words, step.segment.number.no if step.segment.number else "", True
        )
    for line in found.copies_differ:
        reader.add_diagnostic("copies-differ", 0, line, doubtful=True)
    if page.lost_count:
        reader.add_diagnostic("not-text", 0, str(page.lost_count), doubtful=True)
    plan = _finalize_plan(plan, reader, known)
    if (
        plan.lists
        and not front_matter.PLAN_TITLE.search(title)
        and not any(e.task.duties for e in iter_tasks(plan))
    ):
        plan = replace(plan, lists=(), regions=plan.regions, review=("no-tasks",))
        account = Coverage(page)
        account.add_span(0, len(page.text), "no-plan")
        reader.diagnostics = [ImportDiagnostic("no-tasks", 0, title, doubtful=True)]
    return ImportedPlan(
        plan, page, account, tuple(sorted(reader.diagnostics, key=lambda each: each.position))
    )


def _make_bare_plan(jurisdiction: str, region: Region | None) -> Plan:
    """Return a plan that says only whose it is."""
    own = (region,) if region else ()
    return Plan(id="draft", title="—", year=0, jurisdiction=jurisdiction, lists=(), regions=own)


def _accept_text(account: Coverage, segment: OutlineSegment, kind: str, between: str = " ") -> str:
    """Return the words of *segment*, which became *kind*, with *between* its lines."""
    account.add_text(segment.span, segment.begin, segment.end, kind)
    return segment.span.text[segment.begin : segment.end].replace("\v", between).strip()


def _add_annex(read: tuple[TaskList, ...], annex: tuple[str, ...]) -> tuple[TaskList, ...]:
    if not annex:
        return read
    last = read[-1] if read else TaskList()
    return (*read[:-1], replace(last, annex=annex))


def _finalize_plan(plan: Plan, reader: ImportContext, known: Registry) -> Plan:
    """Return the plan with its regions, its own bodies, its id, and its doubts."""
    scope = RegistryScope(known)
    finder = region_finder.RegionFinder(scope.get_registry(plan))
    plan = replace(plan, lists=tuple(_add_regions(each, finder) for each in plan.lists))
    bodies = [
        body for each in iter_tasks(plan) for group in each.task.duties for body in group.names
    ]
    own = metadata.create_agencies(bodies, reader.registry_names)
    for body in own:
        reader.add_diagnostic("unknown-body", 0, body.name)
    registered = {(each.name, scope.find_home_region(each)): each for each in known.agencies}
    own = tuple(
        registered.get((each.name, scope.find_home_region(each, plan)), each) for each in own
    )
    plan = replace(plan, agencies=own, id=_make_id(plan))
    return _add_review(plan, reader)


def _add_regions(list_: TaskList, finder: "region_finder.RegionFinder") -> TaskList:
    def find_regions(tasks: Iterable[Task]) -> tuple[Task, ...]:
        return tuple(
            replace(task, regions=finder.find_mentions(task.text, task.duties)) for task in tasks
        )

    sections = tuple(replace(each, tasks=find_regions(each.tasks)) for each in list_.sections)
    return replace(list_, tasks=find_regions(list_.tasks), sections=sections)


def _add_review(plan: Plan, reader: ImportContext) -> Plan:
    """Return the plan with the doubts about the plan as a whole marked in it."""
    review = [
        f"{each.rule}: {each.words}"
        for each in reader.diagnostics
        if each.doubtful and each.rule.startswith(("number-", "copies-", "not-text", "cell-"))
    ]
    if not any(True for _entry in iter_tasks(plan)):
        reader.add_diagnostic("no-tasks", 0, plan.title, doubtful=True)
        review.append("no-tasks")
    for doubt, missing in (
        ("no-title", plan.title == NO_TITLE),
        ("no-year", not plan.year),
        ("no-jurisdiction", plan.jurisdiction == metadata.UNKNOWN_JURISDICTION),
    ):
        if missing and "no-tasks" not in review:  # else it is no plan, which says enough
            reader.add_diagnostic(doubt, 0, "", doubtful=True)
            review.append(doubt)
    return replace(plan, review=tuple(dict.fromkeys(review)))


def _make_id(plan: Plan) -> str:
    """Return a short name made of where, what and when: anhui-tdcsjythfz-2022."""
    from pypinyin import lazy_pinyin  # slow to import

    place = plan.jurisdiction if plan.jurisdiction != metadata.UNKNOWN_JURISDICTION else ""
    rest = re.sub(f"^{place}[省市县区]?|20\\d\\d年?|[^\u4e00-\u9fffa-zA-Z0-9]", "", plan.title)
    initials = "".join(each[:1] for each in lazy_pinyin(rest))[:12]
    parts = [
        "".join(lazy_pinyin(metadata.strip_region_suffix(place))),
        initials,
        str(plan.year or ""),
    ]
    said = "-".join("".join(c for c in part if c.isascii() and c.isalnum()) for part in parts)
    return re.sub("-+", "-", said).strip("-").lower() or "plan"
