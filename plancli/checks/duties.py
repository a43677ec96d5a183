"""Rules of who does what: clauses, duties, names of bodies."""

from collections.abc import Iterator

from plancli.checks.rule import CheckContext, CheckDiagnostic, has_invisible_marks, rule
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing.parsing import clause_finder, metadata
from plancli.plan import clause
from plancli.plan.model import DutyGroup, Task, iter_tasks
from plancli.registry import io as registry_io
from plancli.registry import lookup_keys
from plancli.registry.model import Agency, AgencyKind
from plancli.text.layout import underline
from plancli.text.normalize import get_invisible_pattern


@rule("unknown-name")
def check_names(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """Every body and region that the plan names is in a registry or in the plan itself."""
    bodies = {each.name for each in subject.known.agencies} | {"等"}
    places = {each.name for each in subject.known.regions}
    for kind, name, line in subject.references:
        known = bodies if kind == "agency" else places
        if name not in known:
            what, remedy = registry_io.explain_unknown(kind, name, known)
            yield CheckDiagnostic(name, what, remedy, line=line)


@rule("clause-matches-duties")
def check_clause_duties(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """The clauses, read by the grammar, give the duties written down."""
    printed = lookup_keys.collect_printed_names(subject.known)
    places = _collect_region_names(subject)
    for entry in iter_tasks(subject.plan):
        task = entry.task
        try:
            said = tuple(
                DutyGroup.from_names(
                    group.role,
                    tuple(dict.fromkeys(printed.get(name, name) for name in group.names)),
                    group.is_open_ended,
                )
                for part in task.passages
                for group in clause.parse_duties(part.clause, places, task.reading)
            )
        except BadPlan as error:
            if has_invisible_marks(task):
                continue  # another rule tells of them; without them, it may be right
            yield CheckDiagnostic(
                task.no, str(error), _("write the clause as printed"), error.hint, record=task
            )
            continue
        if said != task.duties and not has_invisible_marks(task):
            yield CheckDiagnostic(
                task.no,
                _("the duties differ from the clause: {clause}").format(
                    clause=clause.format_clause(said)
                ),
                _("correct “duties:”, or the clause if it is not as printed"),
                task.clause,
                record=task,
            )


@rule("duplicate-agency")
def check_duplicate_agencies(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """A clause names each body once in a role."""
    for entry in iter_tasks(subject.plan):
        for part in entry.task.passages:
            for name in _find_duplicates(part.clause, _collect_region_names(subject), entry.task):
                yield CheckDiagnostic(
                    entry.task.no,
                    _("the clause names {name} twice").format(name=name),
                    _("compare with the source"),
                    _underline_text(part.clause, name),
                    record=entry.task,
                )


@rule("outdated-agency-name")
def check_outdated_names(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No clause calls a body by a name that it no longer had, or not yet, in the plan's year."""
    year = subject.plan.year
    for agency in subject.known.agencies:
        for name, since in _iter_outdated_names(agency, year):
            for entry in iter_tasks(subject.plan):
                if name in entry.task.clause and not _is_within_current_name(
                    name, agency, entry.task.clause
                ):
                    said = _("{agency} was called {name} until {year}") if since else ""
                    said = said or _("{agency} is called {name} only after {year}")
                    yield CheckDiagnostic(
                        entry.task.no,
                        said.format(name=name, agency=agency.name, year=since or year),
                        _("compare with the source; keep it if the source has it"),
                        _underline_text(entry.task.clause, name),
                        record=entry.task,
                    )


@rule("clause-in-text")
def check_clauses_in_text(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No bracket at the end of a sentence in the text names who leads."""
    for entry in iter_tasks(subject.plan):
        for found in clause_finder.iter_clauses(entry.task.text, _collect_region_names(subject)):
            if clause_finder.SURE_CLAUSE.search(entry.task.text, found.start, found.end):
                yield CheckDiagnostic(
                    entry.task.no,
                    _("this looks like a responsibility clause, but is in the text"),
                    _("move it to “clause:”, and write its duties"),
                    underline(entry.task.text, found.start, found.end),
                    record=entry.task,
                )


@rule("unused-agency")
def check_unused_agencies(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """A body in the plan's own “agencies:” has a duty in it."""
    named = {n for entry in iter_tasks(subject.plan) for g in entry.task.duties for n in g.names}
    named |= {get_invisible_pattern().sub("", name) for name in named}
    for agency in subject.plan.agencies:
        if named.isdisjoint((agency.name, get_invisible_pattern().sub("", agency.name))):
            yield CheckDiagnostic(
                agency.name,
                _("no task names {name}").format(name=agency.name),
                _("remove it from “agencies:”, or correct the task that should name it"),
                record=agency,
            )


@rule("undefined-collective")
def check_collective_members(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """A collective phrase of the registry, if the plan names it, tells whom it may mean."""
    named = {n for entry in iter_tasks(subject.plan) for g in entry.task.duties for n in g.names}
    for agency in subject.shared.agencies:
        if agency.kind is AgencyKind.COLLECTIVE and agency.name in named and not agency.may_include:
            yield CheckDiagnostic(
                agency.name,
                _("{name} does not say which agencies it covers").format(name=agency.name),
                _("add “may_include:” to it in agencies.yaml"),
            )


def _collect_region_names(subject: CheckContext) -> list[str]:
    words = [word for each in subject.known.regions for word in (each.name, *each.aliases)]
    return [*words, metadata.strip_region_suffix(subject.plan.jurisdiction)]


def _find_duplicates(said: str, places: list[str], task: Task) -> Iterator[str]:
    try:
        notes = clause.parse_clause(said, places, task.reading).notes
    except BadPlan:
        return  # said already, by another rule
    yield from (note.words for note in notes if note.rule == "named-twice")


def _iter_outdated_names(agency: Agency, year: int) -> Iterator[tuple[str, str]]:
    """Yield the names that *agency* had not in *year*: those it had before with until when."""
    for each in agency.former:
        if each.until[:4].isdecimal() and int(each.until[:4]) < year:
            yield each.name, each.until
    for each in agency.later:
        if each.since[:4].isdecimal() and int(each.since[:4]) > year:
            yield each.name, ""


def _is_within_current_name(name: str, agency: Agency, said: str) -> bool:
    """Whether *name* stands only inside the body's present name."""
    return name in agency.name and said.count(name) == said.count(agency.name)


def _underline_text(text: str, words: str) -> str:
    at = max(0, text.find(words))
    return underline(text, at, at + len(words))
