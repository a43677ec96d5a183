"""Find the clause in a heading that holds for the tasks below it: 县水利局牵头的任务（8项）.

It may also stand behind the title, in brackets or on the lines below: 责任单位：县水利局.
"""

import re
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.importing.parsing import task_builder
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.parsing.task_builder import SUBITEM_STYLES, ImportContext
from plancli.plan import agency_lists, clause
from plancli.plan.model import CLAUSE_SEPARATOR

COUNT = "(?:[（(]共?[ \u3000]?[\\d一二三四五六七八九十百]{1,4}[ \u3000]?[项个条件](?:任务|工作)?[）)])?[:：]?"
HEADING_CLAUSE = re.compile(
    "(?P<words>(?P<names>[^。；：:！？]{2,80}?)(?:牵头(?:负责|办理|落实|组织)?|负责(?:办理|落实)?))"
    f"的?(?:重点|主要|具体)?(?:工作|任务|事项|项目|目标|举措)?{COUNT}"
)
HEADING_AGENCY = re.compile(f"(?P<name>[^。；：:，,、！？（）()]{{2,30}}){COUNT}")
MAX_LENGTH = 100  # characters of a heading
SENTENCE_MARKS = frozenset("。；！？;!?")  # no title has one


class TitledClause(NamedTuple):
    """The clause of a heading behind its title: its words, and the number of lines below it."""

    words: str
    title_end: int  # offset in the text of the heading
    line_count: int


def find_titled_clause(context: ImportContext, node: OutlineNode) -> TitledClause | None:
    """Return the clause behind the title of *node*, a heading of tasks with their own numbers.

    （1） or 一是 without clauses number the parts of a task; a heading with a sentence is a task
    itself.
    """
    segment = node.segment
    if not segment or not node.children or _has_parts_only(context, node):
        return None
    found = task_builder.find_clauses(context, segment)
    title_end = found[0].start if found else len(segment.text)
    title = segment.text[:title_end].strip()
    if not title or len(title) > MAX_LENGTH or not SENTENCE_MARKS.isdisjoint(title):
        return None
    if found and segment.text[found[-1].end :].strip(" \u3000。；;"):
        return None
    clauses = [(segment, each) for each in found]
    lines = node.content
    count = 0
    while (
        count < len(lines)
        and isinstance(line := lines[count], OutlineSegment)
        and task_builder.is_clause(context, line)
    ):
        clauses += [(line, each) for each in task_builder.find_clauses(context, line)]
        count += 1
    parsed = [each.parsed for _line, each in clauses if each.parsed]
    if any(each.shared or each.declares for each in parsed):
        return None  # it holds for more than the tasks below: 以下任务均需各乡镇落实
    if count < len(lines) or not any(each.duties for each in parsed):
        return None
    words = (line.text[each.text_start : each.text_end].strip() for line, each in clauses)
    return TitledClause(CLAUSE_SEPARATOR.join(words), title_end, count)


def _has_parts_only(context: ImportContext, node: OutlineNode) -> bool:
    """Return whether the children of *node* may be parts of one task, without clauses of their own."""
    lines = (line for child in node.children for line in task_builder.collect_lines(child))
    return node.children[0].style in SUBITEM_STYLES and not any(
        task_builder.find_clauses(context, line) for line in lines
    )


def find_clause(heading: str) -> str:
    """Return the words of *heading*, from its beginning, that name who is responsible, or ''."""
    match = HEADING_CLAUSE.fullmatch(heading) if len(heading) <= MAX_LENGTH else None
    if not match:
        return ""
    try:
        parsed = clause.parse_clause(match["words"])
    except BadPlan:
        return ""
    names = [name for group in parsed.duties for name in group.names]
    return match["words"] if names and all(map(_is_sure_agency, names)) else ""


def is_agency(heading: str) -> bool:
    """Return whether *heading* is only the name of an agency: 县教育局（12项）."""
    match = HEADING_AGENCY.fullmatch(heading) if len(heading) <= MAX_LENGTH else None
    return bool(
        match
        and agency_lists.OFFICE_NAME.fullmatch(match["name"])
        and _is_sure_agency(match["name"])
    )


def _is_sure_agency(name: str) -> bool:
    return agency_lists.is_likely_agency(name) and bool(
        agency_lists.SURE_NAME.fullmatch(name) or agency_lists.COLLECTIVE_START.match(name)
    )
