"""The tasks as a document that is whole without any script: headings, words, clauses, duties."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from plancli.output.formats.markup import escaped
from plancli.report.content import Content, Record
from plancli.report.strings import labelled
from plancli.results.labels import role_shown


def articles(found: Content) -> Iterator[str]:
    """Yield the document: every heading that says something, with its tasks."""
    below: dict[int, list[int]] = {}
    for n, task in enumerate(found.tasks):
        below.setdefault(task["head"], []).append(n)
    plan = None
    for at, head in enumerate(found.heads):
        lower = [n for n, other in enumerate(found.heads) if other["of"] == at]
        if head["of"] is None:
            if len(found.plans) > 1 and head["plan"] != plan:
                plan = head["plan"]
                title = isolated(found.plans[plan]["title"])
                yield f'<h2 class="plan" data-plan="{plan}">{title}</h2>\n'
            tasks = any(n in below for n in (at, *lower))
            yield from _list(found, at, lower, below) if tasks or head["texts"] else ()


def _list(found: Content, at: int, lower: list[int], below: dict[int, list[int]]) -> Iterator[str]:
    head = found.heads[at]
    said = "、".join(filter(None, (head["no"], head["title"])))
    yield f'<section class="list" data-head="{at}"><h2>{isolated(said)}</h2>\n'
    yield from map(_paragraph, _lines(head))
    yield from (_article(found, n) for n in below.get(at, ()))
    for n in lower:
        part = found.heads[n]
        if n in below or part["texts"]:
            number = f"（{part['no']}）" if part["no"] else ""
            yield f'<section class="part" data-head="{n}">'
            yield f"<h3>{isolated(number + part['title'])}</h3>\n"
            yield from map(_paragraph, _lines(part))
            yield from (_article(found, task) for task in below.get(n, ()))
            yield "</section>\n"
    yield "</section>\n"


def _lines(head: Record) -> list[str]:
    return [line for text in head["texts"] for line in text.split("\n") if line]


def _paragraph(text: str) -> str:
    return f'<p class="frame">{escaped(text)}</p>\n'


def _article(found: Content, n: int) -> str:
    task = found.tasks[n]
    leads = [row for row in task["named"] if row["role"] == "lead"]
    rest = [row for row in task["named"] if row["role"] != "lead"]
    label = {"牵头": "Lead", "参与": "Takes part", "负责": "Responsible"}
    facts = []
    for rows in filter(None, (leads, rest)):
        said = role_shown(rows[0]["role"], tuple(row["name"] for row in leads))
        facts.append(_fact(label[said], "、".join(map(_body, rows))))
    if task["regions"]:
        places = "、".join(_link("region", name, name) for name in task["regions"])
        facts.append(_fact("Places", places))
    if task["deadline"]:
        facts.append(_fact("By", isolated(task["deadline"])))
    clause = f'<p class="clause">（{escaped(task["clause"])}）</p>' if task["clause"] else ""
    return (
        f'<article id="t{n}" data-no="{escaped(task["no"])}">'
        f'<h4><a href="#task={coded(task["key"])}">{labelled("Task", "vh")}'
        f"{isolated(task['no'])}</a></h4>"
        f'<p class="text">{escaped(task["words"])}</p>{clause}{_printed(task)}'
        f"<dl>{''.join(facts)}</dl></article>\n"
    )


def _printed(task: Record) -> str:
    """Return the words as printed, where clauses stand between them."""
    if not task["printed"]:
        return ""
    said = escaped(task["printed"])
    return f'<details class="printed"><summary>{labelled("As printed")}</summary>{said}</details>'


def _fact(label: str, said: str) -> str:
    return f"<div><dt>{labelled(label)}</dt><dd>{said}</dd></div>"


def _body(row: Record) -> str:
    return _link("body", row["agency"], row["name"]) + ("等" if row["etc"] else "")


def _link(field: str, value: str, said: str) -> str:
    return f'<a href="#{field}={coded(value)}">{isolated(said)}</a>'


def coded(value: str) -> str:
    """Return *value* as an address has it; letters of any script stay readable."""
    return escaped(re.sub(r"[^\w.()（）-]", lambda found: quote(found[0]), value))


def isolated(text: str) -> str:
    """Return *text* as it stands among others: marks of direction in it reach no further."""
    return f"<bdi>{escaped(text)}</bdi>"
