"""Check rules for clauses, duties and the names of agencies."""

from collections.abc import Collection, Iterator

from plancli.checks.rule import CheckContext, CheckDiagnostic, has_invisible_marks, rule
from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing.parsing import clause_finder
from plancli.plan import clause
from plancli.plan.model import DutyGroup, Task, iter_tasks
from plancli.registry import io as registry_io
from plancli.registry import lookup_keys
from plancli.registry.model import Agency, AgencyKind
from plancli.text.layout import underline
from plancli.text.normalize import get_invisible_pattern


@rule("unknown-name")
def check_names(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """Every agency and region that the plan names is in the registry or in the plan."""
    agencies = {each.name for each in context.registry.agencies} | {"等"}
    regions = {each.name for each in context.registry.regions}
    for kind, name, line in context.references:
        known = agencies if kind == "agency" else regions
        if name not in known:
            what, remedy = registry_io.explain_unknown(kind, name, known)
            yield CheckDiagnostic(name, what, remedy, line=line)


@rule("clause-matches-duties")
def check_clause_duties(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """The parsed clauses give the duties in the plan."""
    printed = lookup_keys.collect_printed_names(context.registry)
    region_words = context.region_words
    for entry in iter_tasks(context.plan):
        task = entry.task
        clauses = [part.clause for part in task.passages] + [task.shared_clause]
        try:
            parsed_clauses = [
                tuple(
                    DutyGroup.from_names(
                        group.role,
                        tuple(dict.fromkeys(printed.get(name, name) for name in group.names)),
                        group.is_open_ended,
                    )
                    for group in clause.parse_duties(text, region_words, task.reading)
                )
                for text in clauses
            ]
        except BadPlan as error:
            if has_invisible_marks(task):
                continue  # reported by another rule; the clause may be correct without them
            yield CheckDiagnostic(
                task.no, str(error), _("write the clause as printed"), error.hint, record=task
            )
            continue
        parsed = tuple(group for groups in parsed_clauses for group in groups)
        by_part = [part.duties for part in task.parts]
        is_same = parsed == task.duties and (not any(by_part) or by_part == parsed_clauses[:-1])
        if not is_same and not has_invisible_marks(task):
            yield CheckDiagnostic(
                task.no,
                _("the duties differ from the clause: {clause}").format(
                    clause=clause.format_clause(parsed)
                ),
                _("correct “duties:”, or the clause if it is not as printed"),
                task.clause,
                record=task,
            )


@rule("duplicate-agency")
def check_duplicate_agencies(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """A clause names each agency once in a role."""
    for entry in iter_tasks(context.plan):
        for part in entry.task.passages:
            for name in _find_duplicates(part.clause, context.region_words, entry.task):
                yield CheckDiagnostic(
                    entry.task.no,
                    _("the clause names {name} twice").format(name=name),
                    _("compare with the source"),
                    _underline_text(part.clause, name),
                    record=entry.task,
                )


@rule("outdated-agency-name")
def check_outdated_names(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No clause uses a name that the agency no longer had, or not yet, in the plan's year."""
    year = context.plan.year
    for agency in context.registry.agencies:
        for name, since in _iter_outdated_names(agency, year):
            for entry in iter_tasks(context.plan):
                if name in entry.task.clause and not _is_within_current_name(
                    name, agency, entry.task.clause
                ):
                    message = _("{agency} is called {name} only after {year}")
                    if since:
                        message = _("{agency} was called {name} until {year}")
                    yield CheckDiagnostic(
                        entry.task.no,
                        message.format(name=name, agency=agency.name, year=since or year),
                        _("compare with the source; keep it if the source has it"),
                        _underline_text(entry.task.clause, name),
                        record=entry.task,
                    )


@rule("clause-in-text")
def check_clauses_in_text(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No bracket at the end of a sentence in the text is a clause."""
    for entry in iter_tasks(context.plan):
        for match in clause_finder.iter_clauses(entry.task.text, context.region_words):
            if clause_finder.SURE_CLAUSE.search(entry.task.text, match.start, match.end):
                yield CheckDiagnostic(
                    entry.task.no,
                    _("this looks like a responsibility clause, but is in the text"),
                    _("move it to “clause:”, and write its duties"),
                    underline(entry.task.text, match.start, match.end),
                    record=entry.task,
                )


@rule("unused-agency")
def check_unused_agencies(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """An agency in the plan's “agencies:” has a duty in the plan."""
    named = {n for entry in iter_tasks(context.plan) for g in entry.task.duties for n in g.names}
    named |= {get_invisible_pattern().sub("", name) for name in named}
    for agency in context.plan.agencies:
        if named.isdisjoint((agency.name, get_invisible_pattern().sub("", agency.name))):
            yield CheckDiagnostic(
                agency.name,
                _("no task names {name}").format(name=agency.name),
                _("remove it from “agencies:”, or correct the task that should name it"),
                record=agency,
            )


@rule("undefined-collective")
def check_collective_members(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """A collective agency that the plan names has possible members in the registry."""
    named = {n for entry in iter_tasks(context.plan) for g in entry.task.duties for n in g.names}
    for agency in context.shared.agencies:
        if agency.kind is AgencyKind.COLLECTIVE and agency.name in named and not agency.may_include:
            yield CheckDiagnostic(
                agency.name,
                _("{name} does not say which agencies it covers").format(name=agency.name),
                _("add “may_include:” to it in agencies.yaml"),
            )


def _find_duplicates(text: str, region_words: Collection[str], task: Task) -> Iterator[str]:
    try:
        notes = clause.parse_clause(text, region_words, task.reading).notes
    except BadPlan:
        return  # reported by another rule
    yield from (note.words for note in notes if note.rule == "named-twice")


def _iter_outdated_names(agency: Agency, year: int) -> Iterator[tuple[str, str]]:
    """Yield (name, until when) for names that *agency* did not have in *year*; later ones have ''."""
    for each in agency.former:
        if each.until[:4].isdecimal() and int(each.until[:4]) < year:
            yield each.name, each.until
    for each in agency.later:
        if each.since[:4].isdecimal() and int(each.since[:4]) > year:
            yield each.name, ""


def _is_within_current_name(name: str, agency: Agency, text: str) -> bool:
    """Return whether *name* occurs in *text* only as part of the agency's current name."""
    return name in agency.name and text.count(name) == text.count(agency.name)


def _underline_text(text: str, words: str) -> str:
    at = max(0, text.find(words))
    return underline(text, at, at + len(words))
