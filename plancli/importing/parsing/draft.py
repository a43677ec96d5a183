"""A page -> the draft of a plan, and the account of how it was read."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from plancli.importing.parsing import front_matter, metadata, outline, paragraphs, task_tables
from plancli.importing.parsing.coverage import Account
from plancli.importing.parsing.list_builder import Builder
from plancli.importing.parsing.outline import Segment
from plancli.importing.parsing.task_builder import Reader, Remark
from plancli.importing.readers.page import Page, on_one_line
from plancli.plan import region_finder
from plancli.plan.model import Plan, Task, TaskList, entries
from plancli.plan.scope import Scope
from plancli.registry import lookup_keys
from plancli.registry.model import Region, Registry

NO_TITLE = "（无标题）"


class Draft(NamedTuple):
    """A plan as it was read from a page, and what a person should know of the reading."""

    plan: Plan
    page: Page
    account: Account
    remarks: tuple[Remark, ...]  # in the order of the page


def draft(page: Page, known: Registry, jurisdiction: str = "") -> Draft:
    """Return the plan that *page* holds, whose bodies are those of *known* where it knows them."""
    account = Account(page)
    page = task_tables.unpacked(page)
    found = paragraphs.paragraphs(page)
    account.noise(found.noise)
    segments = list(outline.segments(found.blocks))
    around = front_matter.around(segments, lambda table: task_tables.is_plan(page, table))
    for cell in (cell for table in around.tables for cell in table.cells):
        account.span(cell.start, cell.end, "about")
    title = on_one_line("".join(_said(account, each, "title", "\v") for each in around.title))
    preamble = tuple(_said(account, each, "preamble") for each in around.preamble)
    beside = [(_said(account, each, kind), kind) for each, kind in around.about]
    annex = tuple(_said(account, each, "annex") for each in around.annex)
    root = outline.tree(around.body)
    clauses = (segment.text[-300:] for segment in around.body if isinstance(segment, Segment))
    lines_ = [said for said, kind in beside if kind != "after"]
    said = (jurisdiction,) if jurisdiction else (title, *lines_)
    jurisdiction, region = metadata.whose(said, clauses, known)
    words = [word for each in known.regions for word in (each.name, *each.aliases)]
    words.append(metadata.short(jurisdiction))
    meant = Scope(known).of(_bare(jurisdiction, region))
    reader = Reader(account, words, lookup_keys.printed(meant))
    for each in around.preamble:
        reader.declared(each)
    read = Builder(page, reader).build(root)
    plan = Plan(
        id="draft",
        title=title or NO_TITLE,
        year=metadata.year(title, [said for said, _kind in beside] + list(preamble)),
        jurisdiction=jurisdiction,
        source=metadata.source((said for said, kind in beside if kind == "about"), title),
        preamble=preamble,
        lists=_with_annex(read, annex),
        regions=(region,) if region else (),
    )
    for step in outline.steps(root):
        at = step.segment.words.at(step.segment.begin)
        reader.remark(
            step.rule, at, step.words, step.segment.mark.no if step.segment.mark else "", True
        )
    for line in found.copies_differ:
        reader.remark("copies-differ", 0, line, doubtful=True)
    if page.lost:
        reader.remark("not-text", 0, str(page.lost), doubtful=True)
    plan = _finished(plan, reader, known)
    if (
        plan.lists
        and not front_matter.PLAN.search(title)
        and not any(e.task.duties for e in entries(plan))
    ):
        plan = replace(plan, lists=(), regions=plan.regions, review=("no-tasks",))
        account = Account(page)
        account.span(0, len(page.text), "no-plan")
        reader.remarks = [Remark("no-tasks", 0, title, doubtful=True)]
    return Draft(plan, page, account, tuple(sorted(reader.remarks, key=lambda each: each.at)))


def _bare(jurisdiction: str, region: Region | None) -> Plan:
    """Return a plan that says only whose it is."""
    own = (region,) if region else ()
    return Plan(id="draft", title="—", year=0, jurisdiction=jurisdiction, lists=(), regions=own)


def _said(account: Account, segment: Segment, kind: str, between: str = " ") -> str:
    """Return the words of *segment*, which became *kind*, with *between* its lines."""
    account.words(segment.words, segment.begin, segment.end, kind)
    return segment.words.text[segment.begin : segment.end].replace("\v", between).strip()


def _with_annex(read: tuple[TaskList, ...], annex: tuple[str, ...]) -> tuple[TaskList, ...]:
    if not annex:
        return read
    last = read[-1] if read else TaskList()
    return (*read[:-1], replace(last, annex=annex))


def _finished(plan: Plan, reader: Reader, known: Registry) -> Plan:
    """Return the plan with its regions, its own bodies, its id, and its doubts."""
    scope = Scope(known)
    finder = region_finder.Finder(scope.of(plan))
    plan = replace(plan, lists=tuple(_marked(each, finder) for each in plan.lists))
    bodies = [body for each in entries(plan) for group in each.task.duties for body in group.names]
    own = metadata.own(bodies, reader.names)
    for body in own:
        reader.remark("unknown-body", 0, body.name)
    registered = {(each.name, scope.realm(each)): each for each in known.agencies}
    own = tuple(registered.get((each.name, scope.realm(each, plan)), each) for each in own)
    plan = replace(plan, agencies=own, id=_id(plan))
    return _reviewed(plan, reader)


def _marked(list_: TaskList, finder: "region_finder.Finder") -> TaskList:
    def located(tasks: Iterable[Task]) -> tuple[Task, ...]:
        return tuple(
            replace(task, regions=finder.mentions(task.text, task.duties)) for task in tasks
        )

    sections = tuple(replace(each, tasks=located(each.tasks)) for each in list_.sections)
    return replace(list_, tasks=located(list_.tasks), sections=sections)


def _reviewed(plan: Plan, reader: Reader) -> Plan:
    """Return the plan with the doubts about the plan as a whole marked in it."""
    review = [
        f"{each.rule}: {each.words}"
        for each in reader.remarks
        if each.doubtful and each.rule.startswith(("number-", "copies-", "not-text", "cell-"))
    ]
    if not any(True for _entry in entries(plan)):
        reader.remark("no-tasks", 0, plan.title, doubtful=True)
        review.append("no-tasks")
    for doubt, missing in (
        ("no-title", plan.title == NO_TITLE),
        ("no-year", not plan.year),
        ("no-jurisdiction", plan.jurisdiction == metadata.UNKNOWN),
    ):
        if missing and "no-tasks" not in review:  # else it is no plan, which says enough
            reader.remark(doubt, 0, "", doubtful=True)
            review.append(doubt)
    return replace(plan, review=tuple(dict.fromkeys(review)))


def _id(plan: Plan) -> str:
    """Return a short name made of where, what and when: anhui-tdcsjythfz-2022."""
    from pypinyin import lazy_pinyin  # slow to import

    place = plan.jurisdiction if plan.jurisdiction != metadata.UNKNOWN else ""
    rest = re.sub(f"^{place}[省市县区]?|20\\d\\d年?|[^\u4e00-\u9fffa-zA-Z0-9]", "", plan.title)
    initials = "".join(each[:1] for each in lazy_pinyin(rest))[:12]
    parts = ["".join(lazy_pinyin(metadata.short(place))), initials, str(plan.year or "")]
    said = "-".join("".join(c for c in part if c.isascii() and c.isalnum()) for part in parts)
    return re.sub("-+", "-", said).strip("-").lower() or "plan"
