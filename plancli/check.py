"""Rules that hold a plan against itself, its source and the registries.

A rule is a function whose name is the rule; it yields (where, what is wrong).  All findings are
reported, not only the first.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

from plancli import clause, inside, places, source
from plancli.errors import BadPlan
from plancli.lang import _
from plancli.model import Plan, TaskList, entries
from plancli.registry import Registry
from plancli.result import Result
from plancli.scope import Scope
from plancli.text import squeeze

Finding = tuple[str, str]
Rule = Callable[[Plan, Registry, Path], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Add the function below to the rules."""
    RULES.append(function)
    return function


def findings(known: Registry, plans: Iterable[tuple[Path, bytes]]) -> Result:
    """Return what the rules find in *plans*, each a file and its bytes.

    Errors: BadPlan where a file cannot be read as a plan at all.
    """
    rows: list[tuple[str, str, str, str]] = []
    for file, raw in plans:
        plan = source.plan(raw, str(file), known)
        for check in RULES:
            for where, what in check(plan, Scope(known).of(plan), file):
                rows.append((str(file), check.__name__, where, what))
        rows += [(str(file), "the_file_is_in_its_one_form", *found) for found in _form(plan, raw)]
    return Result("", ("file", "rule", "where", "finding"), tuple(rows))


@rule
def the_clause_says_the_duties(plan: Plan, known: Registry, _file: Path) -> Iterator[Finding]:
    """The clause, read by the grammar, gives the duties written by hand."""
    names = [region.name for region in known.regions]
    for entry in entries(plan):
        task = entry.task
        try:
            if clause.parse(task.clause, names) != task.duties:
                yield (
                    task.no,
                    _("the duties differ from the clause: {clause}").format(clause=task.clause),
                )
        except BadPlan as error:
            yield task.no, f"{error}\n{error.hint}"


@rule
def the_words_carry_the_regions(plan: Plan, known: Registry, _file: Path) -> Iterator[Finding]:
    """The places found in the words are the regions written by hand, with the same words."""
    for entry in entries(plan):
        task = entry.task
        found = {each.name: each for each in places.mentions(task.text, task.duties, known)}
        written = {each.name: each for each in task.regions}
        for name in dict.fromkeys([*found, *written]):
            here, there = written.get(name), found.get(name)
            if not there:
                yield task.no, _("{name} is written, but not found in the words").format(name=name)
            elif not here:
                words = "、".join(there.text + there.clause)
                yield (
                    task.no,
                    _("{name} is found ({words}), but not written").format(name=name, words=words),
                )
            elif (set(here.text), set(here.clause)) != (set(there.text), set(there.clause)):
                yield task.no, _("{name}: the words differ from those found").format(name=name)


@rule
def the_source_has_every_word(plan: Plan, known: Registry, file: Path) -> Iterator[Finding]:
    """The plan, printed out, is the source, character for character; spaces and width are free."""
    if not plan.source.file:
        return
    path = file.parent / plan.source.file
    if not path.is_file():
        yield plan.source.file, _("the source is not there")
        return
    try:
        published = squeeze(path.read_text("utf-8"))
    except UnicodeDecodeError:
        yield plan.source.file, _("not UTF-8 text")
        return
    printed = squeeze(article(plan))
    if published != printed:
        pairs = enumerate(zip(published, printed, strict=False))
        short = min(len(published), len(printed))
        at = next((n for n, (one, other) in pairs if one != other), short)
        here = slice(max(0, at - 8), at + 12)
        said = _("“{published}” stands in the source, “{printed}” in the plan")
        yield plan.source.file, said.format(published=published[here], printed=printed[here])


@rule
def the_numbers_run_on(plan: Plan, known: Registry, _file: Path) -> Iterator[Finding]:
    """Numbered tasks count up without a gap, as official plans do."""
    numbers = [entry.task.no for entry in entries(plan)]
    if all(number.isdigit() for number in numbers):
        for before, after in pairwise(numbers):
            if int(after) not in (int(before) + 1, 1):
                yield after, _("stands after {before}").format(before=before)


@rule
def the_paragraph_has_its_figures(plan: Plan, known: Registry, _file: Path) -> Iterator[Finding]:
    """Fields and figures of a list stand in its paragraph, word for word."""
    for each in plan.lists:
        for name in (*each.fields, *(f"{figure.value}{figure.unit}" for figure in each.figures)):
            if squeeze(name) not in squeeze("".join(each.paragraphs)):
                yield each.no, _("{name} does not stand in the paragraph").format(name=name)


@rule
def no_region_lies_in_itself(_plan: Plan, known: Registry, _file: Path) -> Iterator[Finding]:
    """What lies in what has no circle."""
    ways = inside.ways_up(known)
    for name, up in ways.items():
        for whole in up:
            if whole != name and name in ways[whole]:
                yield name, _("lies in {name}, which lies in it").format(name=whole)
    for region in known.regions:
        if region.name in (*region.inside, *region.members):
            yield region.name, _("lies in {name}, which lies in it").format(name=region.name)


def _form(plan: Plan, raw: bytes) -> Iterator[Finding]:
    """Yield the first line that plancli would write otherwise; line ends and marks are free."""
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    wanted = source.dumps(plan, source.header(text.encode())).decode()
    lines = zip_longest(text.splitlines(), wanted.splitlines(), fillvalue="")
    for n, (here, there) in enumerate(lines, 1):
        if here != there:
            yield str(n), _("line {n} would be written: {line}").format(n=n, line=there.strip())
            return


def article(plan: Plan) -> str:
    """Return *plan* as the article it was published as, a paragraph a line."""
    lines = (line for each in plan.lists for line in _list(each))
    return "\n".join([plan.title, *plan.preamble, *lines])


def _list(each: TaskList) -> Iterator[str]:
    yield f"{each.no}、{each.title}"
    yield from each.paragraphs
    yield from each.annex
    for section in (None, *each.sections):
        if section:
            yield f"({section.no}){section.title}"
            yield from section.paragraphs
        for task in section.tasks if section else each.tasks:
            yield f"{task.no}、{task.text}" + (f"({task.clause})" if task.clause else "")
