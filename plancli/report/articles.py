"""Render the tasks as a document that is complete without JavaScript."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from plancli.output.formats.markup import escape_xml
from plancli.report.content import ReportContent, ReportRecord
from plancli.report.strings import render_label
from plancli.results.labels import format_role


def render_articles(content: ReportContent) -> Iterator[str]:
    """Yield every section with tasks or text, with its tasks."""
    below: dict[int, list[int]] = {}
    for n, task in enumerate(content.tasks):
        below.setdefault(task["head"], []).append(n)
    plan = None
    for at, head in enumerate(content.sections):
        lower = [n for n, other in enumerate(content.sections) if other["of"] == at]
        if head["of"] is None:
            if len(content.plans) > 1 and head["plan"] != plan:
                plan = head["plan"]
                title = wrap_bdi(content.plans[plan]["title"])
                yield f'<h2 class="plan" data-plan="{plan}">{title}</h2>\n'
            tasks = any(n in below for n in (at, *lower))
            yield from _render_list(content, at, lower, below) if tasks or head["texts"] else ()


def _render_list(
    content: ReportContent, at: int, lower: list[int], below: dict[int, list[int]]
) -> Iterator[str]:
    head = content.sections[at]
    heading = "、".join(filter(None, (head["no"], head["title"])))
    yield f'<section class="list" data-head="{at}"><h2>{wrap_bdi(heading)}</h2>\n'
    yield from map(_render_paragraph, _split_lines(head))
    yield from (_render_article(content, n) for n in below.get(at, ()))
    for n in lower:
        part = content.sections[n]
        if n in below or part["texts"]:
            number = f"（{part['no']}）" if part["no"] else ""
            yield f'<section class="part" data-head="{n}">'
            yield f"<h3>{wrap_bdi(number + part['title'])}</h3>\n"
            yield from map(_render_paragraph, _split_lines(part))
            yield from (_render_article(content, task) for task in below.get(n, ()))
            yield "</section>\n"
    yield "</section>\n"


def _split_lines(head: ReportRecord) -> list[str]:
    return [line for text in head["texts"] for line in text.split("\n") if line]


def _render_paragraph(text: str) -> str:
    return f'<p class="frame">{escape_xml(text)}</p>\n'


def _render_article(content: ReportContent, n: int) -> str:
    task = content.tasks[n]
    leads = [row for row in task["named"] if row["role"] == "lead"]
    rest = [row for row in task["named"] if row["role"] != "lead"]
    label = {"牵头": "Lead", "参与": "Takes part", "负责": "Responsible"}
    facts = []
    for rows in filter(None, (leads, rest)):
        role = format_role(rows[0]["role"], tuple(row["name"] for row in leads))
        facts.append(_render_fact(label[role], "、".join(map(_render_agency, rows))))
    if task["regions"]:
        regions = "、".join(_render_link("region", name, name) for name in task["regions"])
        facts.append(_render_fact("Regions", regions))
    if task["deadline"]:
        facts.append(_render_fact("By", wrap_bdi(task["deadline"])))
    clause = f'<p class="clause">（{escape_xml(task["clause"])}）</p>' if task["clause"] else ""
    return (
        f'<article id="t{n}" data-no="{escape_xml(task["no"])}">'
        f'<h4><a href="#task={encode_fragment(task["key"])}">{render_label("Task", "vh")}'
        f"{wrap_bdi(task['no'])}</a></h4>"
        f'<p class="text">{escape_xml(task["words"])}</p>{clause}{_render_printed_text(task)}'
        f"<dl>{''.join(facts)}</dl></article>\n"
    )


def _render_printed_text(task: ReportRecord) -> str:
    """Return the text as printed, where clauses are inside it."""
    if not task["printed"]:
        return ""
    printed = escape_xml(task["printed"])
    return f'<details class="printed"><summary>{render_label("As printed")}</summary>{printed}</details>'


def _render_fact(label: str, value: str) -> str:
    return f"<div><dt>{render_label(label)}</dt><dd>{value}</dd></div>"


def _render_agency(row: ReportRecord) -> str:
    return _render_link("body", row["agency"], row["name"]) + ("等" if row["etc"] else "")


def _render_link(field: str, value: str, label: str) -> str:
    return f'<a href="#{field}={encode_fragment(value)}">{wrap_bdi(label)}</a>'


def encode_fragment(value: str) -> str:
    """Encode *value* for a URL fragment; letters of any script stay readable."""
    return escape_xml(re.sub(r"[^\w.()（）-]", lambda match: quote(match[0]), value))


def wrap_bdi(text: str) -> str:
    """Return *text* isolated, so that bidirectional marks in it affect nothing else."""
    return f"<bdi>{escape_xml(text)}</bdi>"
