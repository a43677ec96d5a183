"""Rules of who does what: clauses, duties, names of bodies."""

from collections.abc import Iterator

from plancli.checks.rule import Finding, Subject, has_invisible_marks, rule
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing.parsing import clause_finder, metadata
from plancli.plan import clause
from plancli.plan.model import Group, Task, entries
from plancli.registry import io as registry_io
from plancli.registry import lookup_keys
from plancli.registry.model import Agency, Kind
from plancli.text.layout import caret
from plancli.text.normalize import invisible


@rule
def names_are_known(subject: Subject) -> Iterator[Finding]:
    """Every body and region that the plan names is in a registry or in the plan itself."""
    bodies = {each.name for each in subject.known.agencies} | {"等"}
    places = {each.name for each in subject.known.regions}
    for kind, name, line in subject.references:
        known = bodies if kind == "agency" else places
        if name not in known:
            what, remedy = registry_io.explain_unknown(kind, name, known)
            yield Finding(name, what, remedy, line=line)


@rule
def the_clause_says_the_duties(subject: Subject) -> Iterator[Finding]:
    """The clauses, read by the grammar, give the duties written down."""
    printed = lookup_keys.printed(subject.known)
    places = _places(subject)
    for entry in entries(subject.plan):
        task = entry.task
        try:
            said = tuple(
                Group.of(
                    group.role,
                    tuple(dict.fromkeys(printed.get(name, name) for name in group.names)),
                    group.open_ended,
                )
                for part in task.printed
                for group in clause.parse(part.clause, places, task.reading)
            )
        except BadPlan as error:
            if has_invisible_marks(task):
                continue  # another rule tells of them; without them, it may be right
            yield Finding(
                task.no, str(error), _("write the clause as printed"), error.hint, about=task
            )
            continue
        if said != task.duties and not has_invisible_marks(task):
            yield Finding(
                task.no,
                _("the duties differ from the clause: {clause}").format(clause=clause.write(said)),
                _("correct “duties:”, or the clause if it is not as printed"),
                task.clause,
                about=task,
            )


@rule
def no_body_stands_twice_in_a_clause(subject: Subject) -> Iterator[Finding]:
    """A clause names each body once in a role."""
    for entry in entries(subject.plan):
        for part in entry.task.printed:
            for name in _twice(part.clause, _places(subject), entry.task):
                yield Finding(
                    entry.task.no,
                    _("{name} stands twice in the clause").format(name=name),
                    _("compare with the source"),
                    _underlined(part.clause, name),
                    about=entry.task,
                )


@rule
def no_retired_name(subject: Subject) -> Iterator[Finding]:
    """No clause calls a body by a name that it no longer had, or not yet, in the plan's year."""
    year = subject.plan.year
    for agency in subject.known.agencies:
        for name, since in _others(agency, year):
            for entry in entries(subject.plan):
                if name in entry.task.clause and not _within(name, agency, entry.task.clause):
                    said = _("{name} is what {agency} was called until {year}") if since else ""
                    said = said or _("{name} is what {agency} is called later than {year}")
                    yield Finding(
                        entry.task.no,
                        said.format(name=name, agency=agency.name, year=since or year),
                        _("compare with the source; if it is printed so, it may stay"),
                        _underlined(entry.task.clause, name),
                        about=entry.task,
                    )


@rule
def no_clause_is_left_in_the_text(subject: Subject) -> Iterator[Finding]:
    """No bracket at the end of a sentence in the text names who leads."""
    for entry in entries(subject.plan):
        for found in clause_finder.clauses(entry.task.text, _places(subject)):
            if clause_finder.CERTAIN.search(entry.task.text, found.start, found.end):
                yield Finding(
                    entry.task.no,
                    _("this looks like a responsibility clause, but stands in the text"),
                    _("move it to “clause:”, and write its duties"),
                    caret(entry.task.text, found.start, found.end),
                    about=entry.task,
                )


@rule
def what_the_plan_brings_is_used(subject: Subject) -> Iterator[Finding]:
    """A body in the plan's own “agencies:” has a duty in it."""
    named = {n for entry in entries(subject.plan) for g in entry.task.duties for n in g.names}
    named |= {invisible().sub("", name) for name in named}
    for agency in subject.plan.agencies:
        if named.isdisjoint((agency.name, invisible().sub("", agency.name))):
            yield Finding(
                agency.name,
                _("no task names {name}").format(name=agency.name),
                _("take it out of “agencies:”, or correct the task that should name it"),
                about=agency,
            )


@rule
def a_phrase_says_whom_it_may_mean(subject: Subject) -> Iterator[Finding]:
    """A collective phrase of the registry, if the plan names it, tells whom it may mean."""
    named = {n for entry in entries(subject.plan) for g in entry.task.duties for n in g.names}
    for agency in subject.shared.agencies:
        if agency.kind is Kind.COLLECTIVE and agency.name in named and not agency.may_include:
            yield Finding(
                agency.name,
                _("the phrase {name} says not whom it may mean").format(name=agency.name),
                _("give it “may_include:” in agencies.yaml"),
            )


def _places(subject: Subject) -> list[str]:
    words = [word for each in subject.known.regions for word in (each.name, *each.aliases)]
    return [*words, metadata.short(subject.plan.jurisdiction)]


def _twice(said: str, places: list[str], task: Task) -> Iterator[str]:
    try:
        notes = clause.read(said, places, task.reading).notes
    except BadPlan:
        return  # said already, by another rule
    yield from (note.words for note in notes if note.rule == "named-twice")


def _others(agency: Agency, year: int) -> Iterator[tuple[str, str]]:
    """Yield the names that *agency* had not in *year*: those it had before with until when."""
    for each in agency.former:
        if each.until[:4].isdecimal() and int(each.until[:4]) < year:
            yield each.name, each.until
    for each in agency.later:
        if each.since[:4].isdecimal() and int(each.since[:4]) > year:
            yield each.name, ""


def _within(name: str, agency: Agency, said: str) -> bool:
    """Whether *name* stands only inside the body's present name."""
    return name in agency.name and said.count(name) == said.count(agency.name)


def _underlined(text: str, words: str) -> str:
    at = max(0, text.find(words))
    return caret(text, at, at + len(words))
