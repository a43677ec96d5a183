"""Check rules for regions, numbers, repeated texts, punctuation and characters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category

from plancli.checks.rule import CheckContext, CheckDiagnostic, has_invisible_marks, iter_texts, rule
from plancli.i18n import _
from plancli.importing.parsing import numbering
from plancli.plan import region_finder
from plancli.plan.model import Plan, Section, TaskList, iter_tasks
from plancli.plan.scope import get_scope
from plancli.registry import hierarchy
from plancli.text.brackets import find_unbalanced_mark
from plancli.text.layout import underline
from plancli.text.normalize import get_invisible_pattern, normalize_key

FIELD_COUNT = re.compile("(\\d{1,2}|[二三四五六七八九十]{1,3})(?:个|大|项)(?:方面|领域|任务|类)")
YEAR = re.compile("20\\d\\d")
MAX_MARKS_SHOWN = 4


@rule("text-matches-regions")
def check_regions(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """The regions found in text and clause are those in “regions:”, with the same words."""
    plan = context.plan
    finder = region_finder.get_region_finder(get_scope(context.shared), plan)
    for entry in iter_tasks(context.plan):
        task = entry.task
        found = {each.name: each for each in finder.find_mentions(task.text, task.duties)}
        written = {each.name: each for each in task.regions}
        for name in dict.fromkeys([*found, *written]):
            here, there = written.get(name), found.get(name)
            if not there:
                what = _("{name} is listed, but not found in the text").format(name=name)
            elif not here:
                words = "、".join(there.text + there.clause)
                what = _("{name} is found ({words}), but not listed").format(name=name, words=words)
            elif (set(here.text), set(here.clause)) != (set(there.text), set(there.clause)):
                what = _("{name}: the words differ from those found").format(name=name)
            else:
                continue
            if has_invisible_marks(task, *context.plan.regions, *context.plan.agencies):
                continue  # reported by another rule; the regions may be correct without them
            remedy = _("correct “regions:”, or add the words to regions.yaml")
            yield CheckDiagnostic(
                task.no, what, remedy, _underline_mention(task.text, there or here), record=task
            )


@rule("duplicate-region")
def check_duplicate_regions(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """A task's “regions:” lists each region once, with each of its words once."""
    for entry in iter_tasks(context.plan):
        task = entry.task
        counts = Counter(each.name for each in task.regions)
        for words in (words for each in task.regions for words in (each.text, each.clause)):
            counts |= Counter(words)
        for name in (name for name, count in counts.items() if count > 1):
            what = _("{name} is repeated here").format(name=name)
            remedy = _("keep it only once in “regions:”")
            yield CheckDiagnostic(task.no, what, remedy, record=task)


@rule("task-number-sequence")
def check_task_numbers(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """Numbers increase by one, or restart at 1 in a section.

    Those of sections and of paragraphs count; a number in “review:” is not reported twice.
    """
    reported = _collect_reported_numbers(context.plan)
    last: dict[bool, tuple[int, int]] = {}  # by whether the numerals are Chinese
    others: dict[bool, tuple[int, int]] = {}  # of sections and paragraphs between
    printed = ""  # the number before

    def count_other(no: str) -> None:
        number, chinese = numbering.split_subtask_number(no), no[:1] in numbering.NUMERAL_CHARS
        before = (each.get(chinese, numbering.NO_NUMBER) for each in (last, others))
        if number[0] and any(numbering.is_next_number(each, number) for each in before):
            others[chinese] = number

    for list_ in context.plan.lists:
        parts: tuple[TaskList | Section, ...] = (list_, *list_.sections)
        for part in parts:
            tasks = part.tasks
            around = [part.no if part is not list_ else "", *map(_get_number, part.paragraphs)]
            for no in around:
                count_other(no)
            numbers = [numbering.split_subtask_number(task.no) for task in tasks]
            if not all(whole for whole, _part in numbers):
                continue
            met: set[bool] = set()
            for task, number in zip(tasks, numbers, strict=True):
                chinese = task.no[0] in numbering.NUMERAL_CHARS
                before = last.get(chinese, numbering.NO_NUMBER)
                is_first = numbering.is_next_number(numbering.NO_NUMBER, number)
                restarts = (is_first and chinese not in met) or numbering.is_first_part(
                    printed, task.no
                )
                follows = restarts or any(
                    numbering.is_next_number(each, number)
                    for each in (before, others.get(chinese, before))
                )
                if not follows and task.no not in reported:
                    message = _("follows {before}").format(before=_format_number(before))
                    remedy = _("check whether a task is missing or elsewhere in the source")
                    yield CheckDiagnostic(task.no, message, remedy, task.text[:40], record=task)
                last[chinese], printed = number, task.no
                met.add(chinese)
            for no in around[1:]:
                count_other(no)


def _get_number(paragraph: str) -> str:
    """Return the number at the beginning of a paragraph, or ''."""
    mark = numbering.parse_item_number(paragraph)
    return mark.no if mark else ""


def _collect_reported_numbers(plan: Plan) -> frozenset[str]:
    """Return the numbers that lines of “review:” already say follow another: number-gap: 3 → 5."""
    lines = [*plan.review, *(line for entry in iter_tasks(plan) for line in entry.task.review)]
    return frozenset(
        step.rpartition(" → ")[2]
        for line in lines
        if line.startswith("number-")
        for step in line.split("；")
    )


def _format_number(number: tuple[int, int]) -> str:
    whole, part = number
    return f"{whole}({part})" if part else str(whole or "—")


@rule("duplicate-task")
def check_duplicate_tasks(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No two tasks have the same text and the same clause."""
    seen: dict[str, str] = {}
    for entry in iter_tasks(context.plan):
        text = normalize_key(f"{entry.task.text}（{entry.task.clause}）")
        if text in seen:
            yield CheckDiagnostic(
                entry.task.no,
                _("same text as task {no}").format(no=seen[text]),
                _("compare with the source"),
                entry.task.text[:60],
                record=entry.task,
            )
        seen.setdefault(text, entry.task.no)


@rule("figure-in-paragraph")
def check_figures(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """Fields and figures of a list are in its paragraphs, word for word."""
    for each in context.plan.lists:
        text = normalize_key("".join(each.paragraphs))
        for name in (*each.fields, *(f"{figure.value}{figure.unit}" for figure in each.figures)):
            if normalize_key(name) not in text:
                what = _("{name} is not in the paragraph").format(name=name)
                yield CheckDiagnostic(
                    each.no, what, _("write it as the paragraph has it"), record=each
                )


@rule("field-count")
def check_field_counts(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """A list whose paragraph says “8个方面” has eight fields."""
    for each in context.plan.lists:
        for count in FIELD_COUNT.finditer("".join(each.paragraphs)) if each.fields else ():
            if numbering.parse_number(count[1]) != len(each.fields):
                message = _("the text says {count}, but there are {n} fields")
                what = message.format(count=count[0], n=len(each.fields))
                yield CheckDiagnostic(each.no, what, _("correct “fields:”"), count[0], record=each)


@rule("year-in-title")
def check_year(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """The year is in the title, if the title has one."""
    years = YEAR.findall(context.plan.title + context.plan.source.title)
    if years and str(context.plan.year) not in years:
        what = _("the title says {years}").format(years="、".join(years))
        yield CheckDiagnostic(
            "year", what, _("correct “year:”"), context.plan.title, record=context.plan
        )


@rule("unbalanced-brackets")
def check_brackets(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """Every bracket and quotation mark in a text or clause has its counterpart."""
    for entry in iter_tasks(context.plan):
        for text in (entry.task.text, entry.task.clause):
            if (at := find_unbalanced_mark(text)) is not None:
                yield CheckDiagnostic(
                    entry.task.no,
                    _("{mark} has no counterpart").format(mark=text[at]),
                    _("compare with the source; keep it if the source has it"),
                    underline(text, at, at + 1),
                    record=entry.task,
                )


@rule("non-text-character")
def check_characters(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No character is U+FFFD, in a private use area, or unassigned."""
    for entry in iter_tasks(context.plan):
        for text in (entry.task.text, entry.task.clause):
            for at, char in enumerate(text):
                if char == "\ufffd" or category(char) in ("Co", "Cn"):
                    what = _("U+{code:04X} is not a text character").format(code=ord(char))
                    remedy = _("write what the source has here")
                    excerpt = underline(text, at, at + 1)
                    yield CheckDiagnostic(entry.task.no, what, remedy, excerpt, record=entry.task)


@rule("invisible-character")
def check_invisible_characters(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No text contains an invisible character, such as a zero-width space, which splits a word."""
    for where, record, words in iter_texts(context.plan):
        if found := get_invisible_pattern().search(words):
            marks = "、".join(f"U+{ord(char):04X}" for char in found[0][:MAX_MARKS_SHOWN])
            what = _("invisible character in the text: {marks}").format(marks=marks)
            visible = f"{words[: found.start()]}█{words[found.end() :]}"
            excerpt = underline(visible, found.start(), found.start() + 1)
            remedy = _("delete it; “plancli import” removes such characters")
            yield CheckDiagnostic(where, what, remedy, excerpt, record=record)


@rule("region-cycle")
def check_region_cycles(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No region is its own ancestor."""
    own = context.plan.regions
    shared = get_scope(context.shared).hierarchy
    regions = hierarchy.RegionHierarchy(context.registry.regions) if own else shared
    # Divisions are generated: only the other regions are written by hand.
    for region in [each for each in context.registry.regions if each.members or each in own]:
        ancestors = [name for name in regions.find_ancestors(region.name) if name != region.name]
        cyclic = [name for name in ancestors if region.name in regions.find_ancestors(name)]
        cyclic += [region.name] * (region.name in (*region.parents, *region.members))
        for name in cyclic:
            what = _("is in {name}, which is in it").format(name=name)
            yield CheckDiagnostic(
                region.name, what, _("correct “in:” or “members:”"), record=region
            )


@rule("open-review")
def check_open_review(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """“review:” is empty."""
    remedy = _("compare with the source, then remove it from “review:”")
    for message in context.plan.review:
        yield CheckDiagnostic("—", message, remedy, record=context.plan)
    for entry in iter_tasks(context.plan):
        for message in entry.task.review:
            yield CheckDiagnostic(
                entry.task.no, message, remedy, entry.task.clause, record=entry.task
            )


def _underline_mention(text: str, mention: object) -> str:
    words: Sequence[str] = getattr(mention, "text", ())
    at = text.find(words[0]) if words else -1
    return underline(text, at, at + len(words[0])) if at >= 0 else ""
