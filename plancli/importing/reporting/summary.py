"""Summarize an import: what each character became, diagnostics, and completed names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from plancli.i18n import _, get_language
from plancli.importing.parsing.coverage import SPAN_KINDS, UNREAD
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.parsing.similar_names import is_explained
from plancli.importing.parsing.task_builder import ImportDiagnostic
from plancli.plan.model import iter_tasks
from plancli.registry.model import AgencyKind
from plancli.text.layout import underline

MAX_AGENCIES_LISTED = 3  # in the summary; --report has all
MAX_DOUBTS_PRINTED = 100  # --report has all
EXCERPT_CONTEXT = 24  # characters shown on each side of a position
MAX_TASKS_LISTED = 12  # with completed names, in the summary; --report has all
PLAN_KINDS = ("title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline",
        "cell", "column", "annex")  # fmt: skip
# Kinds of names that only their ending tells.
UNCERTAIN_KINDS = frozenset({AgencyKind.OTHER, AgencyKind.LOCAL, AgencyKind.DEPARTMENT})
# What is understood; the other kinds are only kept in their place.
READ_KINDS = ("title", "number", "heading", "task", "clause", "mark", "deadline", "cell", "column")


class SourcePosition(NamedTuple):
    """A position in the source: line and column, counted from 1."""

    line: int
    column: int


def get_meaning(rule: str) -> tuple[str, str]:
    """Return the meaning of a diagnostic of *rule*, and the remedy."""
    return _build_meanings(get_language())[rule]


def list_rules() -> set[str]:
    """Return the rules of all diagnostics."""
    return set(_build_meanings(get_language()))


@cache  # a document may have very many diagnostics
def _build_meanings(_language: str) -> dict[str, tuple[str, str]]:
    """Return rule -> (meaning, remedy), in the user's language."""
    look = _("compare with the source, then remove it from “review:”")
    return {
        "number-gap": (_("numbers are missing here"), _("check the source for a missing task")),
        "number-repeat": (_("the number is repeated"), look),
        "number-back": (_("the number is lower than the one before"), look),
        "copies-differ": (_("the article is on the page twice, and this line differs"), look),
        "unread-clause": (_("the clause cannot be read"), _("write its duties by hand")),
        "open-bracket": (_("the clause's bracket is not closed"), look),
        "verbless": (_("the last names have no verb: read as participating"), look),
        "bare-list": (_("a list of names without a verb: read as participating"), ""),
        "unofficial-list": (
            _("a list without a verb and without an office: read as participating"), look
        ),
        "unknown-label": (_("this label says nothing known: its words name nobody"), look),
        "odd-name": (_("a name with a colon, or with a bracket out of pair"), look),
        "maybe-abbreviated": (
            _("a centre or station was completed with the level of those before it"), look
        ),
        "odd-open-end": (_("the words after 等 were not understood: read as an open end"), look),
        "star-leads": (_("a star after a name: read as leading"), look),
        "exception": (_("agencies are excepted here: they have no duty"), look),
        "field-names": (_("agencies are named by their field only: kept as printed"), look),
        "comma-leads": (_("names before a comma share the verb 牵头: read as leading"), look),
        "mixed-label": (_("the label is of those leading and others: read as participating"), look),
        "applies-below": (_("this is said to hold for tasks below, too: read for this one"), look),
        "main-label-leads": (_("those mainly responsible beside others: read as leading"), ""),
        "named-twice": (_("an agency is named twice"), look),
        "unbalanced-brackets": (_("a bracket or quotation mark has no counterpart"), look),
        "no-clauses": (_("no task has a clause: who is responsible was not read"), look),
        "duplicate-task": (_("the same text and the same clause as another task"), look),
        "similar-name": (_("this name occurs once, and another differs from it in one character"), look),
        "unlike-a-body": (_("this does not end like the name of an agency"), look),
        "ellipsis": (_("an abbreviated name was completed"), ""),
        "first-named-leads": (_("the document says that the first named leads"), ""),
        "unknown-body": (_("this agency is not in the registry: kept as printed"), ""),
        "begins-within-sentence": (
            _("the text begins in the middle of a sentence"), _("check the source for words before it")
        ),
        "second-document": (
            _("another document begins here: its tasks are in the same plan"),
            _("import each document from a file of its own"),
        ),
        "no-text": (_("a clause without a task before it"), look),
        "no-number": (_("a task without a number: numbered by plancli"), ""),
        "cell-left": (_("a cell of the table belongs to no task"), look),
        "table-as-text": (
            _("a table with a column of agencies was read as text"),
            _("import the PDF, Word or Excel file that the table is from, not its text"),
        ),
        "unknown-column": (_("this heading of a column is not known"), _("check which column has the tasks and the agencies")),
        "number-empty": (_("the row has no number of its own: read as a part of the one above"), look),
        "unread-duty": (_("looks like a responsibility, but no task has it"), look),
        "more-columns": (_("the page seems to have more than one column, and its lines were read across them"), _("compare the text with the page; save the source as Word or as text if its lines are mixed up")),
        "margin-notes": (_("comments or changes in the margin of the page were left out"), _("give the final text, without comments and tracked changes")),
        "not-text": (_("bytes that are not text: shown as �"), _("save the source as UTF-8")),
        "radicals": (_("characters of old forms (⼈⽂⻓): read as 人文长"), ""),
        "struck-out": (_("these words are struck out: read all the same"), look),
        "hidden-row": (_("this row of the sheet is hidden: read all the same"), look),
        "hidden-column": (_("this column of the sheet is hidden: read all the same"), look),
        "footnote": (_("a footnote: left out"), look),
        "hidden-words": (_("hidden words: left out"), ""),
        "hidden-sheet": (_("a hidden sheet: left out"), ""),
        "no-tasks": (_("no task was found: this is not a plan"), _("check that it is the right file")),
        "no-title": (_("no title was found"), _("write it into “title:”")),
        "guessed-year": (
            _("the year was only in a sentence"), _("check “year:” against the source")
        ),
        "no-year": (_("no year was found"), _("write it into “year:”")),
        "jurisdiction-differs": (
            _("the title names another jurisdiction than --jurisdiction"),
            _("check whose plan it is"),
        ),
        "no-jurisdiction": (_("no jurisdiction was found"), _("give --jurisdiction NAME")),
    }  # fmt: skip


def select_doubtful(draft: ImportedPlan) -> list[ImportDiagnostic]:
    """Return the diagnostics that a person must check."""
    return [each for each in draft.diagnostics if each.doubtful]


def locate_position(draft: ImportedPlan, at: int) -> SourcePosition:
    """Return the line and column of the character *at* in the source's text."""
    breaks = _find_line_breaks(draft.source_text.text)
    line = bisect_left(breaks, at)
    return SourcePosition(line + 1, at - (breaks[line - 1] if line else -1))


@lru_cache(1)  # positions in one text are located one after the other
def _find_line_breaks(text: str) -> list[int]:
    """Return the offsets of the line ends of *text*."""
    return [each.start() for each in re.finditer("\n", text)]


def format_excerpt(draft: ImportedPlan, diagnostic: ImportDiagnostic) -> str:
    """Return the text around the position of a diagnostic, underlined."""
    text = draft.source_text.text
    words = diagnostic.words.split("\n")[0]
    if "\n" in diagnostic.words:  # a clause that cannot be read has its own underline
        return diagnostic.words.split("\n", 1)[1]
    first = max(0, diagnostic.position - EXCERPT_CONTEXT)
    begin = max(text.rfind("\n", first, diagnostic.position) + 1, first)
    line = text[begin : begin + 2 * EXCERPT_CONTEXT + len(words)]
    line = (
        line[: diagnostic.position - begin] + line[diagnostic.position - begin :].partition("\n")[0]
    )
    start = max(0, line.find(words) if words in line else diagnostic.position - begin)
    length = len(words) if words in line else 1
    return underline(line.replace("\v", " "), start, start + length)


def build_report(draft: ImportedPlan, name: str) -> dict[str, Any]:
    """Return the report as plain data, as in ``--report FILE.json``."""
    counts = draft.coverage.count_characters()
    total = sum(counts.values())
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    return {
        "source": name,
        "title": draft.plan.title,
        "tasks": len(tasks),
        "characters": {
            "total": total,
            "accounted": total - counts[UNREAD],
            "understood": sum(counts[kind] for kind in READ_KINDS),
            "coverage": round(1 - counts[UNREAD] / total, 6) if total else 1.0,
            "by_kind": {kind: counts[kind] for kind in SPAN_KINDS if counts[kind]},
        },
        "findings": [_build_record(draft, each) for each in select_doubtful(draft)],
        "without_clause": [task.no for task in tasks if not task.clause],
        "unknown_bodies": [agency.name for agency in draft.plan.agencies],
        "ellipses": [
            dict(zip(("printed", "whole"), each.words.split(" → "), strict=False)) | {"no": each.no}
            for each in draft.diagnostics
            if each.rule == "ellipsis"
        ],
        "rules": [_build_record(draft, each) for each in draft.diagnostics if not each.doubtful],
        "left_out": [
            {
                "kind": kind,
                "line": locate_position(draft, start).line,
                "words": draft.source_text.text[start:end],
            }
            for start, end, kind in draft.coverage.iter_spans()
            if kind not in PLAN_KINDS
        ],
    }


def _build_record(draft: ImportedPlan, diagnostic: ImportDiagnostic) -> dict[str, Any]:
    meaning, remedy = get_meaning(diagnostic.rule)
    line, column = locate_position(draft, diagnostic.position)
    return {
        "rule": diagnostic.rule,
        "line": line,
        "column": column,
        "no": diagnostic.no,
        "words": diagnostic.words.split("\n")[0],
        "excerpt": format_excerpt(draft, diagnostic),
        "meaning": meaning,
        "remedy": remedy,
    }


def format_lines(draft: ImportedPlan) -> list[str]:
    """Return the summary and the diagnostics, for a terminal."""
    out, doubtful = summarize(draft), select_doubtful(draft)
    for each in doubtful[:MAX_DOUBTS_PRINTED]:
        meaning, remedy = get_meaning(each.rule)
        at = locate_position(draft, each.position)
        task = _("task {no}").format(no=each.no) + ": " if each.no else ""
        out.append(f"{at.line}:{at.column}: {task}{each.rule}: {meaning}{format_detail(each)}")
        out += (
            [f"    {line}" for line in format_excerpt(draft, each).split("\n")]
            if each.position
            else []
        )
        out += [f"    → {remedy}"] if remedy else []
    if len(doubtful) > MAX_DOUBTS_PRINTED:
        message = _("diagnostics not shown: {n}; --report FILE.html shows all")
        out.append(message.format(n=len(doubtful) - MAX_DOUBTS_PRINTED))
    return out


def summarize(draft: ImportedPlan) -> list[str]:
    """Return what became of the characters, completed names and unknown agencies, a line each."""
    counts = draft.coverage.count_characters()
    placed = {kind: counts[kind] for kind in SPAN_KINDS if counts[kind] and kind not in READ_KINDS}
    read = sum(counts[kind] for kind in READ_KINDS)
    out = [f"《{draft.plan.title}》", _("characters understood: {n}").format(n=read)]
    unread = placed.pop(UNREAD, 0)
    if placed:
        message = _("characters only kept in their place: {n} ({counts})")
        out.append(message.format(n=sum(placed.values()), counts=_format_counts(placed)))
    if unread:
        out.append(_("characters not read: {n}").format(n=unread))
    completed = [each for each in draft.diagnostics if each.rule == "ellipsis"]
    if completed:
        out.append(_("names completed: {n}").format(n=len(completed)))
        out += [f"    {each}" for each in _list_by_task(completed)]
    if unknown := find_unknown_agencies(draft):
        shown = "、".join(unknown[:MAX_AGENCIES_LISTED])
        shown += " …" * (len(unknown) > MAX_AGENCIES_LISTED)
        message = _("agencies that neither the registry nor a rule knows: {n} ({names})")
        out.append(message.format(n=len(unknown), names=shown))
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    bare = "、".join(task.no for task in tasks if not (task.clause or task.shared_clause))
    if bare:
        out.append(_("tasks without a clause: {numbers}").format(numbers=bare))
    return out


class ImportTotals(NamedTuple):
    """How many tasks were read, how many of them have a clause, and how much is in doubt."""

    tasks: int
    clauses: int
    doubts: int

    def format(self) -> str:
        """Return the last line of an import."""
        message = _("tasks: {tasks}, with a clause: {clauses}, to look at: {doubts}")
        return message.format(**self._asdict())


def count_totals(draft: ImportedPlan) -> ImportTotals:
    """Return the totals of one document."""
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    clauses = sum(bool(task.clause or task.shared_clause) for task in tasks)
    return ImportTotals(len(tasks), clauses, len(select_doubtful(draft)))


def find_unknown_agencies(draft: ImportedPlan) -> list[str]:
    """Return the agencies that the registry does not have and whose names no rule understands."""
    return [
        agency.name
        for agency in draft.plan.agencies
        if agency.kind in UNCERTAIN_KINDS and not is_explained(agency.name)
    ]


def _format_counts(counts: Mapping[str, int]) -> str:
    return _(", ").join(f"{get_kind_label(kind)} {count}" for kind, count in counts.items())


def _list_by_task(completed: Sequence[ImportDiagnostic]) -> Iterator[str]:
    """Yield the completed names of each task, of the first tasks."""
    by_task: dict[str, list[str]] = {}
    for each in completed:
        by_task.setdefault(each.no, []).append(each.words)
    for no, words in list(by_task.items())[:MAX_TASKS_LISTED]:
        yield _("task {no}: {names}").format(no=no, names="、".join(words))
    if len(by_task) > MAX_TASKS_LISTED:
        yield _("in {n} more tasks; --report FILE.html shows all").format(
            n=len(by_task) - MAX_TASKS_LISTED
        )


def format_detail(diagnostic: ImportDiagnostic) -> str:
    """Return the words of a diagnostic after a colon, shortened."""
    words = diagnostic.words.split("\n")[0]
    return f": {words[:60]}" if words else ""


def get_kind_label(kind: str) -> str:
    """Return the label of a span kind, in the user's language."""
    return _build_kind_labels(get_language())[kind]


@cache  # a document may have very many spans
def _build_kind_labels(_language: str) -> dict[str, str]:
    """Return kind -> label, in the user's language."""
    return {
        "title": _("title"), "preamble": _("preamble"), "number": _("number"), "heading": _("section heading"),
        "paragraph": _("paragraph"), "task": _("task"), "clause": _("clause"), "mark": _("bracket or label"),
        "deadline": _("deadline"), "cell": _("cell"), "column": _("column heading"), "annex": _("annex"),
        "about": _("about the document"), "letter": _("covering letter"), "contents": _("contents"),
        "before": _("before the article"), "after": _("after the article"), "page-number": _("page numbers, headers and footers"),
        "second-copy": _("second copy of the article"), "no-plan": _("not a plan"), UNREAD: _("not read"),
    }  # fmt: skip
