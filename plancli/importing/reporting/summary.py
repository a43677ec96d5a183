"""Summarize an import: what each character became, diagnostics, and completed names."""

import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import Any, NamedTuple

from plancli.i18n import _, get_language
from plancli.importing.parsing.coverage import SPAN_KINDS, UNREAD
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.parsing.task_builder import ImportDiagnostic
from plancli.plan.model import iter_tasks
from plancli.text.layout import underline

MAX_AGENCIES_LISTED = 3  # in the summary; --report has all
MAX_DOUBTS_PRINTED = 100  # --report has all
EXCERPT_CONTEXT = 24  # characters shown on each side of a position
PLAN_KINDS = ("title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline",
        "cell", "column", "annex")  # fmt: skip


class SourcePosition(NamedTuple):
    """A position in the source: line and column, counted from 1."""

    line: int
    column: int


def get_meaning(rule: str) -> tuple[str, str]:
    """Return the meaning of a diagnostic of *rule*, and the remedy."""
    return _build_meanings(get_language())[rule]


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
        "named-twice": (_("an agency is named twice"), look),
        "unlike-a-body": (_("this does not end like the name of an agency"), look),
        "ellipsis": (_("an abbreviated name was completed"), ""),
        "first-named-leads": (_("the document says that the first named leads"), ""),
        "unknown-body": (_("this agency is not in the registry: kept as printed"), ""),
        "no-number": (_("a task without a number: numbered by plancli"), ""),
        "cell-left": (_("a cell of the table belongs to no task"), look),
        "like-a-clause": (
            _("looks like a clause, but is within a sentence: read as text"), ""
        ),
        "not-text": (_("bytes that are not text: shown as �"), _("save the source as UTF-8")),
        "no-tasks": (_("no task was found: this is not a plan"), _("check that it is the right file")),
        "no-title": (_("no title was found"), _("write it into “title:”")),
        "no-year": (_("no year was found"), _("write it into “year:”")),
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
        out.append(f"{at.line}:{at.column}: {each.rule}: {meaning}{format_detail(each)}")
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
    """Return the counts of tasks, characters, completed names and unknown agencies, a line each."""
    counts = draft.coverage.count_characters()
    total = sum(counts.values())
    read = total - counts[UNREAD]
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    out = [
        _("《{title}》: {n} tasks, {m} with a clause").format(
            title=draft.plan.title, n=len(tasks), m=sum(bool(task.clause) for task in tasks)
        ),
        _("characters: {read} of {total} accounted for ({share} %)").format(
            read=read, total=total, share=_format_percent(read, total)
        ),
    ]
    left = {kind: counts[kind] for kind in SPAN_KINDS if counts[kind] and kind not in PLAN_KINDS}
    if left:
        counted = ", ".join(f"{get_kind_label(kind)} {count}" for kind, count in left.items())
        out.append(_("not part of the plan: {counts}").format(counts=counted))
    completed = [each for each in draft.diagnostics if each.rule == "ellipsis"]
    if completed:
        out.append(_("names completed: {n}").format(n=len(completed)))
    if draft.plan.agencies:
        names = [agency.name for agency in draft.plan.agencies]
        message = _("agencies not in the registry: {n} ({names} …)")
        if len(names) <= MAX_AGENCIES_LISTED:
            message = _("agencies not in the registry: {n} ({names})")
        out.append(message.format(n=len(names), names="、".join(names[:MAX_AGENCIES_LISTED])))
    bare = "、".join(task.no for task in tasks if not task.clause)
    if bare and tasks:
        out.append(_("tasks without a clause: {numbers}").format(numbers=bare))
    return out


def format_detail(diagnostic: ImportDiagnostic) -> str:
    """Return the words of a diagnostic after a colon, shortened."""
    words = diagnostic.words.split("\n")[0]
    return f": {words[:60]}" if words else ""


def _format_percent(read: int, total: int) -> str:
    """Return the share, never rounded up to 100."""
    share = int(10000 * read / total) / 100 if total else 100
    return f"{share:g}"


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
        "before": _("before the article"), "after": _("after the article"), "page-number": _("page numbers"),
        "second-copy": _("second copy of the article"), "no-plan": _("not a plan"), UNREAD: _("not read"),
    }  # fmt: skip
