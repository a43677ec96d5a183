"""Rules of the words: regions, numbers, what stands twice, marks and characters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category

from plancli.checks.rule import Finding, Subject, has_invisible_marks, rule, texts_of
from plancli.i18n import _
from plancli.importing.parsing import numbering
from plancli.plan import region_finder
from plancli.plan.model import entries
from plancli.registry import hierarchy
from plancli.text.layout import caret
from plancli.text.normalize import invisible, squeeze

OPEN, CLOSE = "（(〔[【《“‘", "）)〕]】》”’"
COUNTED = re.compile("(\\d{1,2}|[二三四五六七八九十]{1,3})(?:个|大|项)(?:方面|领域|任务|类)")
YEAR = re.compile("20\\d\\d")
SHOWN = 4  # marks that are named


@rule
def the_words_carry_the_regions(subject: Subject) -> Iterator[Finding]:
    """The places found in the words are the regions written down, with the same words."""
    finder = region_finder.Finder(subject.known)
    for entry in entries(subject.plan):
        task = entry.task
        found = {each.name: each for each in finder.mentions(task.text, task.duties)}
        written = {each.name: each for each in task.regions}
        for name in dict.fromkeys([*found, *written]):
            here, there = written.get(name), found.get(name)
            if not there:
                what = _("{name} is written, but not found in the words").format(name=name)
            elif not here:
                said = "、".join(there.text + there.clause)
                what = _("{name} is found ({words}), but not written").format(name=name, words=said)
            elif (set(here.text), set(here.clause)) != (set(there.text), set(there.clause)):
                what = _("{name}: the words differ from those found").format(name=name)
            else:
                continue
            if has_invisible_marks(task, *subject.plan.regions, *subject.plan.agencies):
                continue  # another rule tells of them; without them, it may be right
            remedy = _("correct “regions:”, or add the words to regions.yaml")
            yield Finding(task.no, what, remedy, _first(task.text, there or here), about=task)


@rule
def no_region_stands_twice_in_a_task(subject: Subject) -> Iterator[Finding]:
    """A task's “regions:” has each region once, with each of its words once."""
    for entry in entries(subject.plan):
        task = entry.task
        said = Counter(each.name for each in task.regions)
        for words in (words for each in task.regions for words in (each.text, each.clause)):
            said |= Counter(words)
        for name in (name for name, count in said.items() if count > 1):
            what = _("{name} stands here a second time").format(name=name)
            remedy = _("take it out of “regions:”, and leave it there once")
            yield Finding(task.no, what, remedy, about=task)


@rule
def the_numbers_run_on(subject: Subject) -> Iterator[Finding]:
    """Numbers count up without a gap, a repeat or a step back, or begin anew below a heading."""
    last: dict[bool, tuple[int, int]] = {}  # by whether the numerals are Chinese
    for list_ in subject.plan.lists:
        for tasks in (list_.tasks, *(section.tasks for section in list_.sections)):
            numbers = [numbering.parts(task.no) for task in tasks]
            if not all(whole for whole, _part in numbers):
                continue
            met: set[bool] = set()
            for task, number in zip(tasks, numbers, strict=True):
                chinese = task.no[0] in numbering.DIGITS or task.no[0] in numbering.UNITS
                before = last.get(chinese, numbering.NONE)
                anew = chinese not in met and numbering.follows(numbering.NONE, number)
                if not numbering.follows(before, number) and not anew:
                    said = _("stands after {before}").format(before=_printed(before))
                    remedy = _("look whether a task is missing, or stands elsewhere, in the source")
                    yield Finding(task.no, said, remedy, task.text[:40], about=task)
                last[chinese] = number
                met.add(chinese)


def _printed(number: tuple[int, int]) -> str:
    whole, part = number
    return f"{whole}({part})" if part else str(whole or "—")


@rule
def no_two_tasks_are_the_same(subject: Subject) -> Iterator[Finding]:
    """No task's text stands a second time."""
    seen: dict[str, str] = {}
    for entry in entries(subject.plan):
        said = squeeze(entry.task.text)
        if said in seen:
            yield Finding(
                entry.task.no,
                _("the text of task {no} stands here a second time").format(no=seen[said]),
                _("compare with the source"),
                entry.task.text[:60],
                about=entry.task,
            )
        seen.setdefault(said, entry.task.no)


@rule
def the_paragraphs_have_their_figures(subject: Subject) -> Iterator[Finding]:
    """Fields and figures of a list stand in its paragraphs, word for word."""
    for each in subject.plan.lists:
        said = squeeze("".join(each.paragraphs))
        for name in (*each.fields, *(f"{figure.value}{figure.unit}" for figure in each.figures)):
            if squeeze(name) not in said:
                what = _("{name} does not stand in the paragraph").format(name=name)
                yield Finding(each.no, what, _("write it as the paragraph has it"), about=each)


@rule
def what_is_counted_adds_up(subject: Subject) -> Iterator[Finding]:
    """A paragraph that says “8个方面” has eight fields."""
    for each in subject.plan.lists:
        for said in COUNTED.finditer("".join(each.paragraphs)) if each.fields else ():
            if int(_value(said[1])) != len(each.fields):
                what = _("{said}, but there are {n} fields").format(
                    said=said[0], n=len(each.fields)
                )
                yield Finding(each.no, what, _("correct “fields:”"), said[0], about=each)


@rule
def the_year_is_the_title_s(subject: Subject) -> Iterator[Finding]:
    """The year stands in the title, if the title has one."""
    years = YEAR.findall(subject.plan.title + subject.plan.source.title)
    if years and str(subject.plan.year) not in years:
        what = _("the title says {years}").format(years="、".join(years))
        yield Finding("year", what, _("correct “year:”"), subject.plan.title, about=subject.plan)


@rule
def marks_are_closed(subject: Subject) -> Iterator[Finding]:
    """Every bracket and quotation mark that opens in a text or clause closes in it."""
    for entry in entries(subject.plan):
        for text in (entry.task.text, entry.task.clause):
            if (at := _unclosed(text)) is not None:
                yield Finding(
                    entry.task.no,
                    _("{mark} has no counterpart").format(mark=text[at]),
                    _("compare with the source; if it is printed so, it may stay"),
                    caret(text, at, at + 1),
                    about=entry.task,
                )


@rule
def characters_are_text(subject: Subject) -> Iterator[Finding]:
    """No character is one that fonts do not have: U+FFFD, private use, unassigned."""
    for entry in entries(subject.plan):
        for text in (entry.task.text, entry.task.clause):
            for at, char in enumerate(text):
                if char == "\ufffd" or category(char) in ("Co", "Cn"):
                    what = _("U+{code:04X} is no character of a text").format(code=ord(char))
                    remedy = _("write what the source has here")
                    place = caret(text, at, at + 1)
                    yield Finding(entry.task.no, what, remedy, place, about=entry.task)


@rule
def no_mark_is_invisible(subject: Subject) -> Iterator[Finding]:
    """No words hold a mark that nobody sees, such as a zero-width space: it would part a word."""
    for where, record, words in texts_of(subject.plan):
        if found := invisible().search(words):
            marks = "、".join(f"U+{ord(char):04X}" for char in found[0][:SHOWN])
            what = _("{marks} cannot be seen, and is no part of the words").format(marks=marks)
            said = f"{words[: found.start()]}█{words[found.end() :]}"
            place = caret(said, found.start(), found.start() + 1)
            remedy = _("delete the mark; “plancli import” leaves such marks out")
            yield Finding(where, what, remedy, place, about=record)


@rule
def no_region_lies_in_itself(subject: Subject) -> Iterator[Finding]:
    """What lies in what has no circle."""
    ways = hierarchy.ways_up(subject.known)
    for region in subject.known.regions:
        circle = [whole for whole in ways[region.name] if whole != region.name]
        found = [whole for whole in circle if region.name in ways[whole]]
        found += [region.name] * (region.name in (*region.inside, *region.members))
        for whole in found:
            what = _("lies in {name}, which lies in it").format(name=whole)
            yield Finding(region.name, what, _("correct “in:” or “members:”"), about=region)


@rule
def every_doubt_is_settled(subject: Subject) -> Iterator[Finding]:
    """Nothing is left under “review:”."""
    remedy = _("compare with the source; then take it out of “review:”")
    for said in subject.plan.review:
        yield Finding("—", said, remedy, about=subject.plan)
    for entry in entries(subject.plan):
        for said in entry.task.review:
            yield Finding(entry.task.no, said, remedy, entry.task.clause, about=entry.task)


def _value(no: str) -> int:
    """Return the number that *no* is, or the last part of 1.2; 0 if it is none."""
    return numbering.value(no)


def _first(text: str, mention: object) -> str:
    words: Sequence[str] = getattr(mention, "text", ())
    at = text.find(words[0]) if words else -1
    return caret(text, at, at + len(words[0])) if at >= 0 else ""


def _unclosed(text: str) -> int | None:
    """Return where a mark stands that has no counterpart."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in OPEN:
            opened.append(at)
        elif char in CLOSE:
            if not opened:
                return at
            opened.pop()
    return opened[0] if opened else None
