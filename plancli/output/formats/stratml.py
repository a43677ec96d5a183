"""Write StratML Part 1 (ISO 17469-1): lists and sections as goals, tasks as objectives.

What Part 1 does not model is given as text: an agency's role (牵头, 参与, 负责) in the stakeholder's
description; clause, deadline and regions in an objective's other information.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO

from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.output.formats.columns import ResultRecord, get_headings
from plancli.output.formats.markup import escape_xml
from plancli.results.document import Document
from plancli.results.labels import format_role, format_value
from plancli.results.roles import Role
from plancli.results.table import Result, to_names

NAMESPACE = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
NON_ID_CHARS = re.compile(r"[^\w.-]", re.ASCII)  # not allowed in identifiers


def write_stratml(document: Document, out: BinaryIO) -> None:
    """Write one strategic plan; of several plans, every goal names its plan."""
    if document.plans is None or document.section_counts is None or document.tasks is None:
        raise BadUsage(
            _("stratml needs tasks, and this answer has none"),
            hint=_("for example: plancli list -f stratml"),
        )
    for line in _iter_lines(document, document.plans, document.section_counts, document.tasks):
        out.write(f"{line}\n".encode())


def _iter_lines(document: Document, plans: Result, heads: Result, tasks: Result) -> Iterator[str]:
    plan_rows = list(plans.records())
    titles = {row["plan"]: str(row["title"]) for row in plan_rows}
    name = "、".join(titles.values()) if len(plan_rows) == 1 else document.title
    preamble = "\n".join(str(row["preamble"]) for row in plan_rows if len(plan_rows) == 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<StrategicPlan xmlns="{NAMESPACE}">'
    yield _render_element("Name", name) + _render_element("Description", preamble)
    yield _render_element("OtherInformation", "\n".join(document.notes)) + "<StrategicPlanCore>"
    for region in dict.fromkeys(str(row["jurisdiction"]) for row in plan_rows):
        yield f"<Organization>{_render_element('Name', region)}</Organization>"
    if not heads.rows:  # no plan, or one without sections; the format requires a goal
        yield f"<Goal>{_render_element('Name', name)}{_render_element('Description', '')}</Goal>"
    taken: set[str] = set()
    left = iter(tasks.records())
    for head in heads.records():
        own = titles[head["plan"]] if len(plan_rows) > 1 else ""
        yield f"<Goal>{_render_goal(head, own)}"
        yield from (
            _render_objective(task, taken) for task in islice(left, int(str(head["tasks"])))
        )
        yield "</Goal>"
    yield f"</StrategicPlanCore>{_render_dates(plan_rows)}</StrategicPlan>"


def _render_goal(head: ResultRecord, plan_title: str) -> str:
    list_, section = get_headings(head)
    number = str(head["_list_no"] or "") + (f"({head['_section_no']})" if section else "")
    return (
        _render_element("Name", section or list_)
        + _render_element("Description", str(head["_text"] or ""))
        + (_render_element("SequenceIndicator", number) if number else "")
        + _render_element(
            "OtherInformation", "\n".join(filter(None, (plan_title, list_ if section else "")))
        )
    )


def _render_objective(task: ResultRecord, taken: set[str]) -> str:
    roles = ((name, role) for role in Role for name in to_names(task[role]))
    stakeholders = "".join(
        f"<Stakeholder>{_render_element('Name', name)}"
        f"{_render_element('Description', format_role(role, task['lead']))}</Stakeholder>"
        for name, role in roles
    )
    more = [
        f"（{task['clause']}）" if task["clause"] else "",
        f"完成时限：{task['_deadline']}" if task["_deadline"] else "",
        f"地区：{format_value('regions', task['regions'])}" if task["regions"] else "",
    ]
    return (
        f"<Objective>{_render_element('Name', str(task['no']))}{_render_element('Description', str(task['text']))}"
        f"{_render_element('Identifier', _make_identifier(task, taken))}"
        f"{_render_element('SequenceIndicator', str(task['no']))}{stakeholders}"
        f"{_render_element('OtherInformation', chr(10).join(filter(None, more)))}</Objective>"
    )


def _make_identifier(task: ResultRecord, taken: set[str]) -> str:
    """Return plan and number as an XML identifier; a repeated number gets another suffix."""
    plain = NON_ID_CHARS.sub("_", f"task-{task['plan']}-{task['no']}")
    own = next(each for each in _iter_candidates(plain) if each not in taken)
    taken.add(own)
    return own


def _iter_candidates(plain: str) -> Iterator[str]:
    yield plain
    n = 1
    while n := n + 1:
        yield f"{plain}.{n}"


def _render_dates(plan_rows: Sequence[ResultRecord]) -> str:
    if not plan_rows:
        return ""
    years = [int(str(row["year"])) for row in plan_rows]
    published = max(str(row["published"]) for row in plan_rows)
    try:
        date.fromisoformat(published)
        printed = _render_element("PublicationDate", published)
    except ValueError:
        printed = ""
    start, end = (f"{edge(years):04}-{day}" for edge, day in ((min, "01-01"), (max, "12-31")))
    return (
        f"<AdministrativeInformation>{_render_element('StartDate', start)}{_render_element('EndDate', end)}{printed}"
        "</AdministrativeInformation>"
    )


def _render_element(name: str, text: str) -> str:
    return f"<{name}>{escape_xml(text)}</{name}>"
