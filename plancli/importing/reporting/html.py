"""Render the import report as HTML: the source text, coloured by what each character became."""

from html import escape

from plancli.i18n import _, get_language
from plancli.importing.parsing.coverage import SPAN_KINDS
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.parsing.task_builder import ImportDiagnostic
from plancli.importing.reporting import summary as reporting_summary
from plancli.text.layout import parse_underline

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
REPORT_END = "</html>\n"


def render_html(draft: ImportedPlan, name: str) -> str:
    """Return the report as a self-contained page."""
    head = f"<h1>{escape(_('How this plan was read'))}</h1><p>{escape(name)}</p>"
    return f"{render_opening(draft.plan.title)}{head}{render_document(draft)}{REPORT_END}"


REPORT_START = "<!doctype html><html data-report=plancli-import"  # identifies a report


def render_opening(title: str) -> str:
    """Return the beginning of the page."""
    rules = "".join(f".{kind}{{background:{colour}}}" for kind, colour in COLOURS.items())
    return (
        f'{REPORT_START} lang="{"zh-CN" if get_language() == "zh" else "en"}"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}{rules}</style>"
    )


def render_document(draft: ImportedPlan) -> str:
    """Return the report of one document: summary, diagnostics, and the coloured text."""
    counts = draft.coverage.count_characters()
    legend = " ".join(
        f'<span class="{_get_css_class(kind)}">{escape(reporting_summary.get_kind_label(kind))} {counts[kind]}</span>'
        for kind in SPAN_KINDS
        if counts[kind]
    )
    summary = "".join(f"<li>{escape(line)}</li>" for line in reporting_summary.summarize(draft))
    return f"<ul>{summary}</ul>{_render_diagnostics(draft)}<p>{legend}</p><pre>{_render_text(draft)}</pre>"


def _render_diagnostics(draft: ImportedPlan) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in _render_cells(draft, each)) + "</tr>"
        for each in reporting_summary.select_doubtful(draft)
    )
    heads = (_("line"), _("task"), _("diagnostic"), _("words"), _("what to do"))
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    return f"<table><tr>{head}</tr>{rows}</table>" if rows else ""


def _render_cells(draft: ImportedPlan, diagnostic: ImportDiagnostic) -> tuple[str, ...]:
    meaning, remedy = reporting_summary.get_meaning(diagnostic.rule)
    line, start, end = parse_underline(reporting_summary.format_excerpt(draft, diagnostic))
    before, marked, after = map(escape, (line[:start], line[start:end], line[end:]))
    words = f"{before}<mark>{marked}</mark>{after}"
    if not diagnostic.position:
        words = escape(diagnostic.words)
    return (
        str(reporting_summary.locate_position(draft, diagnostic.position).line),
        escape(diagnostic.no),
        escape(meaning + reporting_summary.format_detail(diagnostic)),
        words,
        escape(remedy),
    )


def _render_text(draft: ImportedPlan) -> str:
    """Return the source text, each span marked with what it became."""
    text, out, at = draft.source_text.text, [], 0
    for start, end, kind in draft.coverage.iter_spans():
        out.append(escape(text[at:start]))
        title = escape(reporting_summary.get_kind_label(kind))
        out.append(
            f'<span class="{_get_css_class(kind)}" title="{title}">{escape(text[start:end])}</span>'
        )
        at = end
    return "".join((*out, escape(text[at:]))).replace("\v", "\n")


def _get_css_class(kind: str) -> str:
    return kind if kind in COLOURS else "noise"
