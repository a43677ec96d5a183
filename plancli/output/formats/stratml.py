"""StratML Part 1 (ISO 17469-1): the plan's headings as goals, its tasks as objectives.

What Part 1 has no place for stands in words: a stakeholder's role (牵头, 参与, 负责) in its
description; the clause, the deadline and the regions in an objective's other information.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO

from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.output.formats.columns import Record, headings
from plancli.output.formats.markup import escaped
from plancli.results.document import Document
from plancli.results.labels import role_shown, shown
from plancli.results.table import Result, names

NAMESPACE = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
PART = re.compile(r"[^\w.-]", re.ASCII)  # what no identifier holds


def stratml(document: Document, out: BinaryIO) -> None:
    """One strategic plan; of several plans, every goal says whose it is."""
    if document.plans is None or document.heads is None or document.tasks is None:
        raise BadUsage(
            _("stratml holds tasks, and this answer has none"),
            hint=_("for example: plancli list -f stratml"),
        )
    for line in _lines(document, document.plans, document.heads, document.tasks):
        out.write(f"{line}\n".encode())


def _lines(document: Document, plans: Result, heads: Result, tasks: Result) -> Iterator[str]:
    whose = list(plans.records())
    titles = {row["plan"]: str(row["title"]) for row in whose}
    name = "、".join(titles.values()) if len(whose) == 1 else document.title
    preamble = "\n".join(str(row["preamble"]) for row in whose if len(whose) == 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<StrategicPlan xmlns="{NAMESPACE}">'
    yield _said("Name", name) + _said("Description", preamble)
    yield _said("OtherInformation", "\n".join(document.notes)) + "<StrategicPlanCore>"
    for region in dict.fromkeys(str(row["jurisdiction"]) for row in whose):
        yield f"<Organization>{_said('Name', region)}</Organization>"
    if not heads.rows:  # no plan, or one without headings; the format wants a goal
        yield f"<Goal>{_said('Name', name)}{_said('Description', '')}</Goal>"
    taken: set[str] = set()
    left = iter(tasks.records())
    for head in heads.records():
        own = titles[head["plan"]] if len(whose) > 1 else ""
        yield f"<Goal>{_goal(head, own)}"
        yield from (_objective(task, taken) for task in islice(left, int(str(head["tasks"]))))
        yield "</Goal>"
    yield f"</StrategicPlanCore>{_dates(whose)}</StrategicPlan>"


def _goal(head: Record, whose: str) -> str:
    list_, section = headings(head)
    number = str(head["_list_no"] or "") + (f"({head['_section_no']})" if section else "")
    return (
        _said("Name", section or list_)
        + _said("Description", str(head["_text"] or ""))
        + (_said("SequenceIndicator", number) if number else "")
        + _said("OtherInformation", "\n".join(filter(None, (whose, list_ if section else ""))))
    )


def _objective(task: Record, taken: set[str]) -> str:
    roles = ((name, role) for role in ("lead", "participate") for name in names(task[role]))
    stakeholders = "".join(
        f"<Stakeholder>{_said('Name', name)}"
        f"{_said('Description', role_shown(role, task['lead']))}</Stakeholder>"
        for name, role in roles
    )
    more = [
        f"（{task['clause']}）" if task["clause"] else "",
        f"完成时限：{task['_deadline']}" if task["_deadline"] else "",
        f"地区：{shown('regions', task['regions'])}" if task["regions"] else "",
    ]
    return (
        f"<Objective>{_said('Name', str(task['no']))}{_said('Description', str(task['text']))}"
        f"{_said('Identifier', _identifier(task, taken))}"
        f"{_said('SequenceIndicator', str(task['no']))}{stakeholders}"
        f"{_said('OtherInformation', chr(10).join(filter(None, more)))}</Objective>"
    )


def _identifier(task: Record, taken: set[str]) -> str:
    """Return plan and number as an XML identifier; a number printed twice gets another ending."""
    plain = PART.sub("_", f"task-{task['plan']}-{task['no']}")
    own = next(each for each in _endings(plain) if each not in taken)
    taken.add(own)
    return own


def _endings(plain: str) -> Iterator[str]:
    yield plain
    n = 1
    while n := n + 1:
        yield f"{plain}.{n}"


def _dates(whose: Sequence[Record]) -> str:
    if not whose:
        return ""
    years = [int(str(row["year"])) for row in whose]
    published = max(str(row["published"]) for row in whose)
    try:
        date.fromisoformat(published)
        printed = _said("PublicationDate", published)
    except ValueError:
        printed = ""
    start, end = (f"{edge(years):04}-{day}" for edge, day in ((min, "01-01"), (max, "12-31")))
    return (
        f"<AdministrativeInformation>{_said('StartDate', start)}{_said('EndDate', end)}{printed}"
        "</AdministrativeInformation>"
    )


def _said(name: str, text: str) -> str:
    return f"<{name}>{escaped(text)}</{name}>"
