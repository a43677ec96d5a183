"""Build a plan from a source text, with its coverage and diagnostics."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from plancli.importing.parsing import (
    cell_lines,
    document_title,
    front_matter,
    metadata,
    outline,
    paragraphs,
    placed_text,
    similar_names,
    task_tables,
)
from plancli.importing.parsing import jurisdiction as jurisdictions
from plancli.importing.parsing.coverage import Coverage
from plancli.importing.parsing.front_matter import FrontMatter
from plancli.importing.parsing.list_builder import TaskListBuilder
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.parsing.paragraphs import SourceParagraphs
from plancli.importing.parsing.task_builder import ImportContext, ImportDiagnostic
from plancli.importing.readers.page import WITHOUT_DOUBT, SourceText, join_lines
from plancli.plan import region_finder
from plancli.plan.model import Plan, Task, TaskList, iter_tasks
from plancli.plan.scope import get_scope, iter_agency_names
from plancli.registry import lookup_keys, pinyin
from plancli.registry.model import Region, Registry

NO_TITLE = "（无标题）"
MIN_TASKS = 3  # of a plan in which at least one should have a clause


class ImportedPlan(NamedTuple):
    """An imported plan, and how it was read."""

    plan: Plan
    source_text: SourceText
    coverage: Coverage
    diagnostics: tuple[ImportDiagnostic, ...]  # in the order of the source text


class _FrontMatterTexts(NamedTuple):
    title: str
    preamble: tuple[str, ...]
    metadata: list[tuple[str, str]]  # text and span kind
    annex: tuple[tuple[str, ...], ...]  # behind the tasks, and behind each annex with tasks

    def get_dated_lines(self) -> list[str]:
        """The texts that may say when the document was written and published."""
        return [text for text, kind in self.metadata if kind not in ("contents", "after")]


def build_imported_plan(
    page: SourceText, registry: Registry, jurisdiction: str = ""
) -> ImportedPlan:
    """Build the plan in *page*, with the names of agencies as in *registry*."""
    coverage = Coverage(page)
    tables = cell_lines.build_tables(page)
    page = task_tables.extract_outer_lines(tables.page)
    found = paragraphs.build_paragraphs(page)
    coverage.add_ignored(found.ignored)
    front = front_matter.split_front_matter(
        list(outline.iter_segments(found.blocks)),
        lambda table: task_tables.is_task_table(page, table),
    )
    texts = _accept_front_matter(coverage, front)
    root = outline.build_outline(front.body)
    for annex in front.annexes:
        outline.add_annex(root, annex.title, annex.body)
    titled, _new = jurisdictions.find_in_line(texts.title, registry) if jurisdiction else ("", None)
    jurisdiction, region = _find_jurisdiction(jurisdiction, texts, front, registry)
    context = _create_context(coverage, jurisdiction, region, registry)
    if titled and titled != jurisdiction:
        context.add_doubt("jurisdiction-differs", 0, titled)
    for each in front.preamble:
        context.apply_declaration(each)
    for position, heading in tables.unread:
        context.add_doubt("table-as-text", position, heading)
    for table in front.tables:
        task_tables.report_unread_table(page, table, context, is_front=True)
    lists = TaskListBuilder(page, context).build(root)
    title, preamble = texts.title, texts.preamble
    year = metadata.find_year(title, texts.get_dated_lines())
    if not year:
        year, words = metadata.guess_year(preamble)
        if year:
            context.add_doubt("guessed-year", 0, words)
    plan = Plan(
        id="draft",
        title=title or NO_TITLE,
        year=year,
        jurisdiction=jurisdiction,
        source=metadata.find_source(texts.get_dated_lines()),
        preamble=preamble,
        lists=_add_annex(lists, texts.annex, len(front.annexes)),
        regions=(region,) if region else (),
    )
    _add_document_diagnostics(context, root, found, page)
    for name in similar_names.find_similar_names(context.name_places):
        for position, no in context.name_places[name]:
            context.add_doubt("similar-name", position, name, no)
    _add_second_documents(context, root, title)
    plan = _finalize_plan(plan, context, registry)
    has_duties = any(entry.task.duties for entry in iter_tasks(plan))
    if plan.lists and not has_duties and not document_title.PLAN_TITLE.search(title):
        plan = replace(plan, lists=(), regions=plan.regions, review=("no-tasks",))
        coverage = Coverage(page)
        coverage.add_span(0, len(page.text), "no-plan")
        context.diagnostics = [ImportDiagnostic("no-tasks", 0, title, doubtful=True)]
    return ImportedPlan(
        plan, page, coverage, tuple(sorted(context.diagnostics, key=lambda each: each.position))
    )


def _accept_front_matter(coverage: Coverage, front: FrontMatter) -> _FrontMatterTexts:
    """Return the texts around the tasks, and record what they became."""
    for cell in (cell for table in front.tables for cell in table.cells):
        coverage.add_span(cell.start, cell.end, "about")
    title = "".join(_accept_text(coverage, each, "title", "\v") for each in front.title)
    return _FrontMatterTexts(
        join_lines(title),
        tuple(_accept_text(coverage, each, "preamble") for each in front.preamble),
        [(_accept_text(coverage, each, kind), kind) for each, kind in front.metadata],
        tuple(
            tuple(_accept_text(coverage, each, "annex") for each in texts)
            for texts in (front.annex, *(annex.texts for annex in front.annexes))
        ),
    )


def _find_jurisdiction(
    given: str, texts: _FrontMatterTexts, front: FrontMatter, registry: Registry
) -> tuple[str, Region | None]:
    """Return the *given* jurisdiction, or that in the texts, and its entry if it is unknown."""
    clauses = (segment.text[-300:] for segment in front.body if isinstance(segment, OutlineSegment))
    if given:
        return jurisdictions.resolve_jurisdiction(given, registry)
    lines = [text for text, kind in texts.metadata if kind != "after"]
    return jurisdictions.find_jurisdiction((texts.title, *lines), clauses, registry)


def _create_context(
    coverage: Coverage, jurisdiction: str, region: Region | None, registry: Registry
) -> ImportContext:
    scope = get_scope(registry)
    words = scope.find_region_words(jurisdiction) | {
        jurisdictions.strip_region_suffix(jurisdiction)
    }
    own = (region,) if region else ()
    bare = Plan(id="draft", title="—", year=0, jurisdiction=jurisdiction, lists=(), regions=own)
    in_scope = scope.get_registry(bare)
    return ImportContext(coverage, words, lookup_keys.collect_printed_names(in_scope))


def _add_document_diagnostics(
    context: ImportContext, root: OutlineNode, found: SourceParagraphs, page: SourceText
) -> None:
    """Add diagnostics for numbering, differing copies, and characters that were not decoded."""
    for each in outline.find_numbering_breaks(root):
        position = each.segment.span.locate(each.segment.begin)
        no = each.segment.number.no if each.segment.number else ""
        context.add_doubt(each.rule, position, each.words, no)
    for line in found.copies_differ:
        context.add_doubt("copies-differ", 0, line)
    if page.lost_count:
        context.add_doubt("not-text", 0, str(page.lost_count))
    for position, duty in placed_text.find_unread_duties(page, context.coverage, found.blocks):
        context.add_doubt("unread-duty", position, duty.words)
    if page.replaced_count:
        context.add_diagnostic("radicals", 0, str(page.replaced_count))
    for note in page.notes:
        add = context.add_diagnostic if note.rule in WITHOUT_DOUBT else context.add_doubt
        add(note.rule, note.position, note.words)


def _add_second_documents(context: ImportContext, root: OutlineNode, title: str) -> None:
    """Add a diagnostic for each heading that is the title of another document."""
    for node in root.children:
        segment = node.segment if node.style == outline.UNNUMBERED_STYLE and node.children else None
        if segment and document_title.is_another_document(segment.text, title):
            position = segment.span.locate(segment.start)
            context.add_doubt("second-document", position, segment.text.strip())


def _accept_text(coverage: Coverage, segment: OutlineSegment, kind: str, between: str = " ") -> str:
    """Return the text of *segment*, with *between* its lines, and record that it became *kind*."""
    coverage.add_text(segment.span, segment.begin, segment.end, kind)
    return segment.span.text[segment.begin : segment.end].replace("\v", between).strip()


def _add_annex(
    lists: tuple[TaskList, ...], annex: tuple[tuple[str, ...], ...], count: int
) -> tuple[TaskList, ...]:
    """Add the texts behind the tasks, and behind each of the last *count* lists, which are annexes.

    They stay in the order of the source.
    """
    if not any(annex):
        return lists
    added = list(lists or (TaskList(),))
    for at, texts in enumerate(annex, len(lists) - count - 1):
        at = max(0, at)
        added[at] = replace(added[at], annex=(*added[at].annex, *texts))
    return tuple(added)


def _finalize_plan(plan: Plan, context: ImportContext, registry: Registry) -> Plan:
    """Return the plan with its regions, own agencies, id, and review."""
    scope = get_scope(registry)
    in_scope = scope.get_registry(plan)
    finder = region_finder.get_region_finder(scope, plan)
    plan = replace(plan, lists=tuple(_add_regions(each, finder) for each in plan.lists))
    known = {each.name for each in in_scope.agencies}
    names = [name for name in iter_agency_names(plan) if name not in known]
    own = metadata.create_agencies(names, registry.regions, plan.jurisdiction)
    for agency in own:
        context.add_diagnostic("unknown-body", 0, agency.name)
    registered = {(each.name, scope.find_home_region(each)): each for each in registry.agencies}
    own = tuple(
        registered.get((each.name, scope.find_home_region(each, plan)), each) for each in own
    )
    plan = replace(plan, agencies=own, id=_make_id(plan))
    return _add_review(plan, context)


def _add_regions(list_: TaskList, finder: "region_finder.RegionFinder") -> TaskList:
    def find_regions(tasks: Iterable[Task]) -> tuple[Task, ...]:
        return tuple(
            replace(task, regions=finder.find_mentions(task.text, task.duties)) for task in tasks
        )

    sections = tuple(replace(each, tasks=find_regions(each.tasks)) for each in list_.sections)
    return replace(list_, tasks=find_regions(list_.tasks), sections=sections)


def _add_review(plan: Plan, context: ImportContext) -> Plan:
    """Return the plan with the diagnostics that concern no single task in its review."""
    of_tasks = {line for entry in iter_tasks(plan) for line in entry.task.review}
    lines = (each.format_review() for each in context.diagnostics if each.doubtful)
    review = [line for line in lines if line not in of_tasks]
    if not any(True for _entry in iter_tasks(plan)):
        context.add_doubt("no-tasks", 0, plan.title)
        review.append("no-tasks")
    tasks = [entry.task for entry in iter_tasks(plan)]
    for rule, missing in (
        (
            "no-clauses",
            len(tasks) >= MIN_TASKS
            and not any(task.clause or task.shared_clause for task in tasks),
        ),
        ("no-title", plan.title == NO_TITLE),
        ("no-year", not plan.year),
        ("no-jurisdiction", plan.jurisdiction == jurisdictions.UNKNOWN_JURISDICTION),
    ):
        if missing and "no-tasks" not in review:  # "no-tasks" already says that it is not a plan
            review.append(context.add_doubt(rule, 0, ""))
    return replace(plan, review=tuple(dict.fromkeys(review)))


def _make_id(plan: Plan) -> str:
    """Return an id made of jurisdiction, title and year: anhui-tdcsjythfz-2022."""
    region = plan.jurisdiction if plan.jurisdiction != jurisdictions.UNKNOWN_JURISDICTION else ""
    rest = re.sub(f"^{region}[省市县区]?|20\\d\\d年?|[^\u4e00-\u9fffa-zA-Z0-9]", "", plan.title)
    initials = "".join(each[:1] for each in pinyin.convert(rest))[:12]
    parts = [
        "".join(pinyin.split_syllables(jurisdictions.strip_region_suffix(region))),
        initials,
        str(plan.year or ""),
    ]
    id = "-".join("".join(c for c in part if c.isascii() and c.isalnum()) for part in parts)
    return re.sub("-+", "-", id).strip("-").lower() or "plan"
