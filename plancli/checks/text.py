"""Rules of the words: regions, numbers, what stands twice, marks and characters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category

from plancli.checks.rule import CheckContext, CheckDiagnostic, has_invisible_marks, iter_texts, rule
from plancli.i18n import _
from plancli.importing.parsing import numbering
from plancli.plan import region_finder
from plancli.plan.model import iter_tasks
from plancli.registry import hierarchy
from plancli.text.layout import underline
from plancli.text.normalize import get_invisible_pattern, normalize_key

OPENING_MARKS, CLOSING_MARKS = "（(〔[【《“‘", "）)〕]】》”’"
FIELD_COUNT = re.compile("(\\d{1,2}|[二三四五六七八九十]{1,3})(?:个|大|项)(?:方面|领域|任务|类)")
YEAR = re.compile("20\\d\\d")
MAX_MARKS_SHOWN = 4  # marks that are named


@rule("text-matches-regions")
def check_regions(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """The places found in the words are the regions written down, with the same words."""
    finder = region_finder.RegionFinder(subject.known)
    for entry in iter_tasks(subject.plan):
        task = entry.task
        found = {each.name: each for each in finder.find_mentions(task.text, task.duties)}
        written = {each.name: each for each in task.regions}
        for name in dict.fromkeys([*found, *written]):
            here, there = written.get(name), found.get(name)
            if not there:
                what = _("{name} is listed, but not found in the text").format(name=name)
            elif not here:
                said = "、".join(there.text + there.clause)
                what = _("{name} is found ({words}), but not listed").format(name=name, words=said)
            elif (set(here.text), set(here.clause)) != (set(there.text), set(there.clause)):
                what = _("{name}: the words differ from those found").format(name=name)
            else:
                continue
            if has_invisible_marks(task, *subject.plan.regions, *subject.plan.agencies):
                continue  # another rule tells of them; without them, it may be right
            remedy = _("correct “regions:”, or add the words to regions.yaml")
            yield CheckDiagnostic(
                task.no, what, remedy, _underline_mention(task.text, there or here), record=task
            )


@rule("duplicate-region")
def check_duplicate_regions(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """A task's “regions:” has each region once, with each of its words once."""
    for entry in iter_tasks(subject.plan):
        task = entry.task
        said = Counter(each.name for each in task.regions)
        for words in (words for each in task.regions for words in (each.text, each.clause)):
            said |= Counter(words)
        for name in (name for name, count in said.items() if count > 1):
            what = _("{name} is repeated here").format(name=name)
            remedy = _("keep it only once in “regions:”")
            yield CheckDiagnostic(task.no, what, remedy, record=task)


@rule("task-number-sequence")
def check_task_numbers(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """Numbers count up without a gap, a repeat or a step back, or begin anew below a heading."""
    last: dict[bool, tuple[int, int]] = {}  # by whether the numerals are Chinese
    for list_ in subject.plan.lists:
        for tasks in (list_.tasks, *(section.tasks for section in list_.sections)):
            numbers = [numbering.split_subtask_number(task.no) for task in tasks]
            if not all(whole for whole, _part in numbers):
                continue
            met: set[bool] = set()
            for task, number in zip(tasks, numbers, strict=True):
                chinese = (
                    task.no[0] in numbering.DIGIT_VALUES or task.no[0] in numbering.UNIT_VALUES
                )
                before = last.get(chinese, numbering.NO_NUMBER)
                anew = chinese not in met and numbering.is_next_number(numbering.NO_NUMBER, number)
                if not numbering.is_next_number(before, number) and not anew:
                    said = _("follows {before}").format(before=_format_number(before))
                    remedy = _("check whether a task is missing or elsewhere in the source")
                    yield CheckDiagnostic(task.no, said, remedy, task.text[:40], record=task)
                last[chinese] = number
                met.add(chinese)


def _format_number(number: tuple[int, int]) -> str:
    whole, part = number
    return f"{whole}({part})" if part else str(whole or "—")


@rule("duplicate-task")
def check_duplicate_tasks(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No task's text stands a second time."""
    seen: dict[str, str] = {}
    for entry in iter_tasks(subject.plan):
        said = normalize_key(entry.task.text)
        if said in seen:
            yield CheckDiagnostic(
                entry.task.no,
                _("same text as task {no}").format(no=seen[said]),
                _("compare with the source"),
                entry.task.text[:60],
                record=entry.task,
            )
        seen.setdefault(said, entry.task.no)


@rule("figure-in-paragraph")
def check_figures(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """Fields and figures of a list stand in its paragraphs, word for word."""
    for each in subject.plan.lists:
        said = normalize_key("".join(each.paragraphs))
        for name in (*each.fields, *(f"{figure.value}{figure.unit}" for figure in each.figures)):
            if normalize_key(name) not in said:
                what = _("{name} is not in the paragraph").format(name=name)
                yield CheckDiagnostic(
                    each.no, what, _("write it as the paragraph has it"), record=each
                )


@rule("field-count")
def check_field_counts(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """A paragraph that says “8个方面” has eight fields."""
    for each in subject.plan.lists:
        for said in FIELD_COUNT.finditer("".join(each.paragraphs)) if each.fields else ():
            if int(_parse_number(said[1])) != len(each.fields):
                what = _("{said}, but there are {n} fields").format(
                    said=said[0], n=len(each.fields)
                )
                yield CheckDiagnostic(each.no, what, _("correct “fields:”"), said[0], record=each)


@rule("year-in-title")
def check_year(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """The year stands in the title, if the title has one."""
    years = YEAR.findall(subject.plan.title + subject.plan.source.title)
    if years and str(subject.plan.year) not in years:
        what = _("the title says {years}").format(years="、".join(years))
        yield CheckDiagnostic(
            "year", what, _("correct “year:”"), subject.plan.title, record=subject.plan
        )


@rule("unbalanced-brackets")
def check_brackets(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """Every bracket and quotation mark that opens in a text or clause closes in it."""
    for entry in iter_tasks(subject.plan):
        for text in (entry.task.text, entry.task.clause):
            if (at := _find_unbalanced_mark(text)) is not None:
                yield CheckDiagnostic(
                    entry.task.no,
                    _("{mark} has no counterpart").format(mark=text[at]),
                    _("compare with the source; keep it if the source has it"),
                    underline(text, at, at + 1),
                    record=entry.task,
                )


@rule("non-text-character")
def check_characters(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No character is one that fonts do not have: U+FFFD, private use, unassigned."""
    for entry in iter_tasks(subject.plan):
        for text in (entry.task.text, entry.task.clause):
            for at, char in enumerate(text):
                if char == "\ufffd" or category(char) in ("Co", "Cn"):
                    what = _("U+{code:04X} is not a text character").format(code=ord(char))
                    remedy = _("write what the source has here")
                    place = underline(text, at, at + 1)
                    yield CheckDiagnostic(entry.task.no, what, remedy, place, record=entry.task)


@rule("invisible-character")
def check_invisible_characters(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No words hold a mark that nobody sees, such as a zero-width space: it would part a word."""
    for where, record, words in iter_texts(subject.plan):
        if found := get_invisible_pattern().search(words):
            marks = "、".join(f"U+{ord(char):04X}" for char in found[0][:MAX_MARKS_SHOWN])
            what = _("invisible character in the text: {marks}").format(marks=marks)
            said = f"{words[: found.start()]}█{words[found.end() :]}"
            place = underline(said, found.start(), found.start() + 1)
            remedy = _("delete it; “plancli import” removes such characters")
            yield CheckDiagnostic(where, what, remedy, place, record=record)


@rule("region-cycle")
def check_region_cycles(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """What lies in what has no circle."""
    ways = hierarchy.find_ancestor_paths(subject.known)
    for region in subject.known.regions:
        circle = [whole for whole in ways[region.name] if whole != region.name]
        found = [whole for whole in circle if region.name in ways[whole]]
        found += [region.name] * (region.name in (*region.parents, *region.members))
        for whole in found:
            what = _("is in {name}, which is in it").format(name=whole)
            yield CheckDiagnostic(
                region.name, what, _("correct “in:” or “members:”"), record=region
            )


@rule("open-review")
def check_open_review(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """Nothing is left under “review:”."""
    remedy = _("compare with the source, then remove it from “review:”")
    for said in subject.plan.review:
        yield CheckDiagnostic("—", said, remedy, record=subject.plan)
    for entry in iter_tasks(subject.plan):
        for said in entry.task.review:
            yield CheckDiagnostic(entry.task.no, said, remedy, entry.task.clause, record=entry.task)


def _parse_number(no: str) -> int:
    """Return the number that *no* is, or the last part of 1.2; 0 if it is none."""
    return numbering.parse_number(no)


def _underline_mention(text: str, mention: object) -> str:
    words: Sequence[str] = getattr(mention, "text", ())
    at = text.find(words[0]) if words else -1
    return underline(text, at, at + len(words[0])) if at >= 0 else ""


def _find_unbalanced_mark(text: str) -> int | None:
    """Return where a mark stands that has no counterpart."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in OPENING_MARKS:
            opened.append(at)
        elif char in CLOSING_MARKS:
            if not opened:
                return at
            opened.pop()
    return opened[0] if opened else None
