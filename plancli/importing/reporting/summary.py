"""What an import tells: what became of every character, what is doubtful, what was restored."""

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

MAX_AGENCIES_LISTED = 3  # bodies named in short; --report has them all
MAX_DOUBTS_PRINTED = 100  # printed; --report has them all
EXCERPT_CONTEXT = 24  # characters shown on each side of a place
PLAN_KINDS = ("title", "preamble", "number", "heading", "paragraph", "task", "clause", "mark", "deadline",
        "cell", "column", "annex")  # fmt: skip


class SourcePosition(NamedTuple):
    """A place in the source: line and column, counted from 1."""

    line: int
    column: int


def get_meaning(rule: str) -> tuple[str, str]:
    """Return what a remark of *rule* means, and what to do about it."""
    return _build_meanings(get_language())[rule]


@cache  # a document may have very many remarks
def _build_meanings(_language: str) -> dict[str, tuple[str, str]]:
    """Return what ``says`` says of each rule, in the user's language."""
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
    """Return what a person must look at."""
    return [each for each in draft.diagnostics if each.doubtful]


def locate_position(draft: ImportedPlan, at: int) -> SourcePosition:
    """Return the line and column of the character *at* in the source's text."""
    breaks = _find_line_breaks(draft.source_text.text)
    line = bisect_left(breaks, at)
    return SourcePosition(line + 1, at - (breaks[line - 1] if line else -1))


@lru_cache(1)  # of the text whose places are asked for one after the other
def _find_line_breaks(text: str) -> list[int]:
    """Return where the line ends of *text* are."""
    return [each.start() for each in re.finditer("\n", text)]


def format_excerpt(draft: ImportedPlan, remark: ImportDiagnostic) -> str:
    """Return the words around a remark's place, underlined."""
    text = draft.source_text.text
    words = remark.words.split("\n")[0]
    if "\n" in remark.words:  # a clause that could not be read comes with its own underlining
        return remark.words.split("\n", 1)[1]
    first = max(0, remark.position - EXCERPT_CONTEXT)
    begin = max(text.rfind("\n", first, remark.position) + 1, first)
    line = text[begin : begin + 2 * EXCERPT_CONTEXT + len(words)]
    line = line[: remark.position - begin] + line[remark.position - begin :].partition("\n")[0]
    start = max(0, line.find(words) if words in line else remark.position - begin)
    length = len(words) if words in line else 1
    return underline(line.replace("\v", " "), start, start + length)


def build_report(draft: ImportedPlan, name: str) -> dict[str, Any]:
    """Return the whole report as plain data: what ``--report FILE.json`` holds."""
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
        "unknown_bodies": [body.name for body in draft.plan.agencies],
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


def _build_record(draft: ImportedPlan, remark: ImportDiagnostic) -> dict[str, Any]:
    meaning, remedy = get_meaning(remark.rule)
    line, column = locate_position(draft, remark.position)
    return {
        "rule": remark.rule,
        "line": line,
        "column": column,
        "no": remark.no,
        "words": remark.words.split("\n")[0],
        "excerpt": format_excerpt(draft, remark),
        "meaning": meaning,
        "remedy": remedy,
    }


def format_lines(draft: ImportedPlan) -> list[str]:
    """Return the report in short, for a terminal."""
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
        said = _("diagnostics not shown: {n}; --report FILE.html shows all")
        out.append(said.format(n=len(doubtful) - MAX_DOUBTS_PRINTED))
    return out


def summarize(draft: ImportedPlan) -> list[str]:
    """Return what was read, what became of the characters, and what was restored or is unknown."""
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
        said = ", ".join(f"{get_kind_label(kind)} {count}" for kind, count in left.items())
        out.append(_("not of the plan: {said}").format(said=said))
    restored = [each for each in draft.diagnostics if each.rule == "ellipsis"]
    if restored:
        out.append(_("names completed: {n}").format(n=len(restored)))
    if draft.plan.agencies:
        names = [body.name for body in draft.plan.agencies]
        said = _("agencies not in the registry: {n} ({names} …)")
        if len(names) <= MAX_AGENCIES_LISTED:
            said = _("agencies not in the registry: {n} ({names})")
        out.append(said.format(n=len(names), names="、".join(names[:MAX_AGENCIES_LISTED])))
    bare = "、".join(task.no for task in tasks if not task.clause)
    if bare and tasks:
        out.append(_("tasks without a clause: {numbers}").format(numbers=bare))
    return out


def format_detail(remark: ImportDiagnostic) -> str:
    """Return the words of a remark behind a colon, shortened."""
    words = remark.words.split("\n")[0]
    return f": {words[:60]}" if words else ""


def _format_percent(read: int, total: int) -> str:
    """Return the share, never rounded up to 100."""
    share = int(10000 * read / total) / 100 if total else 100
    return f"{share:g}"


def get_kind_label(kind: str) -> str:
    """Return how a person calls what a stretch of the source is."""
    return _build_kind_labels(get_language())[kind]


@cache  # a document may have very many stretches
def _build_kind_labels(_language: str) -> dict[str, str]:
    """Return what ``spoken`` says of each kind, in the user's language."""
    return {
        "title": _("title"), "preamble": _("preamble"), "number": _("number"), "heading": _("section heading"),
        "paragraph": _("paragraph"), "task": _("task"), "clause": _("clause"), "mark": _("bracket or label"),
        "deadline": _("deadline"), "cell": _("cell"), "column": _("column heading"), "annex": _("annex"),
        "about": _("about the document"), "letter": _("covering letter"), "contents": _("contents"),
        "before": _("before the article"), "after": _("after the article"), "page-number": _("page numbers"),
        "second-copy": _("second copy of the article"), "no-plan": _("not a plan"), UNREAD: _("not read"),
    }  # fmt: skip
