"""The report as one HTML file: the source with every character in the colour of what it became."""

from html import escape

from plancli.i18n import _, language
from plancli.importing.parsing.coverage import KINDS
from plancli.importing.parsing.draft import Draft
from plancli.importing.parsing.task_builder import Remark
from plancli.importing.reporting import summary as reporting_summary
from plancli.text.layout import pointed

COLOURS = {
    "title": "#cfe2ff", "preamble": "#e7e9ff", "number": "#d9d9d9", "heading": "#d1f0e0", "paragraph": "#eef5e0",
    "task": "#ffffff", "clause": "#ffe8a3", "mark": "#f3f3f3", "deadline": "#ffd8b8", "cell": "#e3f4fb",
    "column": "#d9e8ef", "annex": "#eadff5", "unread": "#ff8080",
}  # fmt: skip
STYLE = """
body{font:16px/1.7 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{white-space:pre-wrap;font:inherit;border:1px solid #ccc;padding:1rem}
span{border-radius:2px}.noise{color:#888}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{white-space:nowrap}mark{background:#ff8080}
"""
CLOSING = "</html>\n"


def html(draft: Draft, name: str) -> str:
    """Return the report as a page that needs nothing from elsewhere."""
    head = f"<h1>{escape(_('How this plan was read'))}</h1><p>{escape(name)}</p>"
    return f"{opening(draft.plan.title)}{head}{part(draft)}{CLOSING}"


START = "<!doctype html><html data-report=plancli-import"  # by which a report is known again


def opening(title: str) -> str:
    """Return what a page of reports begins with."""
    rules = "".join(f".{kind}{{background:{colour}}}" for kind, colour in COLOURS.items())
    return (
        f'{START} lang="{"zh-CN" if language() == "zh" else "en"}"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}{rules}</style>"
    )


def part(draft: Draft) -> str:
    """Return the report of one document: in short, what is doubtful, and its text in colours."""
    counts = draft.account.characters()
    legend = " ".join(
        f'<span class="{_class(kind)}">{escape(reporting_summary.spoken(kind))} {counts[kind]}</span>'
        for kind in KINDS
        if counts[kind]
    )
    summary = "".join(f"<li>{escape(line)}</li>" for line in reporting_summary.summary(draft))
    return f"<ul>{summary}</ul>{_findings(draft)}<p>{legend}</p><pre>{_text(draft)}</pre>"


def _findings(draft: Draft) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(draft, each)) + "</tr>"
        for each in reporting_summary.doubts(draft)
    )
    heads = (_("line"), _("task"), _("what is doubtful"), _("words"), _("what to do"))
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    return f"<table><tr>{head}</tr>{rows}</table>" if rows else ""


def _cells(draft: Draft, remark: Remark) -> tuple[str, ...]:
    meaning, remedy = reporting_summary.says(remark.rule)
    line, start, end = pointed(reporting_summary.excerpt(draft, remark))
    said, wrong, rest = map(escape, (line[:start], line[start:end], line[end:]))
    words = f"{said}<mark>{wrong}</mark>{rest}" if remark.at else escape(remark.words)
    return (
        str(reporting_summary.place(draft, remark.at).line),
        escape(remark.no),
        escape(meaning + reporting_summary.detail(remark)),
        words,
        escape(remedy),
    )


def _text(draft: Draft) -> str:
    """Return the source's text, each stretch marked with what it became."""
    text, out, at = draft.page.text, [], 0
    for start, end, kind in draft.account.stretches():
        out.append(escape(text[at:start]))
        title = escape(reporting_summary.spoken(kind))
        out.append(f'<span class="{_class(kind)}" title="{title}">{escape(text[start:end])}</span>')
        at = end
    return "".join((*out, escape(text[at:]))).replace("\v", "\n")


def _class(kind: str) -> str:
    return kind if kind in COLOURS else "noise"
