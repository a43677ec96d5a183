"""Render plans as one self-contained HTML page that works offline."""

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
from plancli.output.formats.markup import escape_xml
from plancli.report import character_tables
from plancli.report.articles import render_articles, wrap_bdi
from plancli.report.content import ReportContent, collect_characters, collect_content
from plancli.report.strings import get_translations
from plancli.results.document import ALL_TASKS, AnswerTable

STATIC = Path(__file__).parent / "static"
# The parts of the script, in order.
SCRIPT_PARTS = (
    "dom words known search names state filter tasks facets suggest chosen matrix circle network"
    " main"
).split()
LABEL_PATTERN = re.compile(r'data-say="([^"]+)"(?=[^>]*></)([^>]*)>')
DAY_PATTERN, DAY_HTML = re.compile(r"\d{4}-\d{2}-\d{2}"), r'<span class="day">\g<0></span>'
JSON_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def render_page(db: sqlite3.Connection, where: query.Filter) -> bytes:
    """Return the page of the tasks that *where* selects; the output is reproducible."""
    content = collect_content(db, where)
    words, typed = collect_characters(content)
    known = content.script_data | {
        "folds": character_tables.build_folds(typed),
        "readings": character_tables.build_readings(words),
        "words": get_translations(),
    }
    style, script = _read_file("page.css"), _load_script()
    titles = [plan["title"] for plan in content.plans]
    title = titles[0] if len(titles) == 1 else f"{len(titles)}份计划"
    notes = query.build_document(
        db, where, AnswerTable(ALL_TASKS, query.select_tasks(db, where))
    ).notes
    page = Template(_render_labels(_read_file("page.html"))).substitute(
        title=escape_xml(title),
        heading=wrap_bdi(title),
        notes="".join(f"<p>{DAY_PATTERN.sub(DAY_HTML, wrap_bdi(note))}</p>" for note in notes),
        preface="".join(_render_preface(content)),
        articles="".join(render_articles(content)),
        style=style,
        script=script,
        style_hash=_hash_text(style),
        script_hash=_hash_text(script),
        known=dump_json(known),
    )
    return page.encode()


def dump_json(value: Any) -> str:
    """Return *value* as JSON that cannot end a script element or begin a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(JSON_ESCAPES)


def _load_script() -> str:
    return "\n".join(_read_file(f"{part}.js") for part in SCRIPT_PARTS)


def _read_file(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


def _hash_text(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _render_labels(template: str) -> str:
    """Return *template* with Chinese labels, as shown without JavaScript."""
    words = get_translations()
    return LABEL_PATTERN.sub(lambda match: f"{match[0]}{words[match[1]]}", template)


def _render_preface(content: ReportContent) -> Iterator[str]:
    for plan in content.plans:
        if plan["preamble"] and len(content.plans) > 1:
            yield f"<h3>{wrap_bdi(plan['title'])}</h3>"
        yield from (f"<p>{escape_xml(line)}</p>" for line in plan["preamble"].split("\n") if line)
