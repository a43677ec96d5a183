"""A plan as one page that answers by itself: no network, nothing from elsewhere."""

import json
import re
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

from plancli import query
from plancli.output.formats.markup import escaped
from plancli.report import character_tables
from plancli.report.articles import articles, isolated
from plancli.report.content import Content, alphabet, content
from plancli.report.strings import chinese
from plancli.results.document import ALL, Table

STATIC = Path(__file__).parent / "static"
# The script, in the order in which its parts stand.
PARTS = (
    "dom words known search names state filter tasks facets suggest chosen matrix circle network"
    " main"
).split()
LABEL = re.compile(r'data-say="([^"]+)"(?=[^>]*></)([^>]*)>')
DAY, WHOLE = re.compile(r"\d{4}-\d{2}-\d{2}"), r'<span class="day">\g<0></span>'
UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def page(db: sqlite3.Connection, where: query.Filter) -> bytes:
    """Return the page of the tasks that *where* lets through; the same tasks, the same bytes."""
    found = content(db, where)
    words, typed = alphabet(found)
    known = found.known | {
        "folds": character_tables.folds(typed),
        "readings": character_tables.readings(words),
        "words": chinese(),
    }
    style, script = _text("page.css"), _script()
    titles = [plan["title"] for plan in found.plans]
    title = titles[0] if len(titles) == 1 else f"{len(titles)}份计划"
    notes = query.whole(db, where, Table(ALL, query.tasks(db, where))).notes
    filled = Template(_said(_text("page.html"))).substitute(
        title=escaped(title),
        heading=isolated(title),
        notes="".join(f"<p>{DAY.sub(WHOLE, isolated(note))}</p>" for note in notes),
        preface="".join(_preface(found)),
        articles="".join(articles(found)),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        known=written(known),
    )
    return filled.encode()


def written(value: Any) -> str:
    """Return *value* as JSON that can end no script and begin no comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)


def _script() -> str:
    return "\n".join(_text(f"{part}.js") for part in PARTS)


def _text(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _said(template: str) -> str:
    """Return *template* with its labels in Chinese, as they stand where no script runs."""
    words = chinese()
    return LABEL.sub(lambda found: f"{found[0]}{words[found[1]]}", template)


def _preface(found: Content) -> Iterator[str]:
    for plan in found.plans:
        if plan["preamble"] and len(found.plans) > 1:
            yield f"<h3>{isolated(plan['title'])}</h3>"
        yield from (f"<p>{escaped(line)}</p>" for line in plan["preamble"].split("\n") if line)
