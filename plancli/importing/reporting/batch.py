"""Write the reports of many documents into one file."""

import json
import shutil
import tempfile
from html import escape
from pathlib import Path
from textwrap import indent
from typing import IO

from plancli.errors import PlanError
from plancli.i18n import _, format_os_error
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.reporting import html as html_report
from plancli.importing.reporting import summary
from plancli.system import atomic

JSON_KIND, HTML_KIND = "json", "html"
ANCHOR_STYLE = "scroll-margin-top:4rem"  # keeps the line above visible, which names the document
REPORT_KEYS = ("source", "title", "tasks", "characters")  # of a JSON report
REPORT_KINDS = {".json": JSON_KIND, ".html": HTML_KIND, ".htm": HTML_KIND}


def render_entry(draft: ImportedPlan, name: str, kind: str) -> str:
    """Return the report of one document for a file of *kind*, or "" for no kind."""
    if kind == JSON_KIND:
        return _format_object(summary.build_report(draft, name))
    return html_report.render_document(draft) if kind == HTML_KIND else ""


def is_report(file: Path) -> bool:
    """Return whether *file* is a report written by an earlier import."""
    with file.open("rb") as opened:
        start = opened.read(4096).decode("utf-8", "replace")
    return start.startswith(html_report.REPORT_START) or all(
        f'"{key}":' in start for key in REPORT_KEYS
    )


class BatchReport:
    """Collects reports in a temporary file; only a table of contents is kept in memory.

    A full disk is reported by ``write`` at the end, so that the plans are written first.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._parts: IO[str] | None = None
        self._full: OSError | None = None
        self._contents: list[str] = []

    def add_document(self, name: str, title: str, tasks: int, doubts: int, part: str) -> None:
        """Add *part*, the report of a document with *tasks* and *doubts*."""
        if self._kind != HTML_KIND:
            self._add_object(part)
            return
        at = f"d{len(self._contents) + 1}"
        marked = f"<mark>{doubts}</mark>" if doubts else ""
        self._add_contents_row(
            f'<a href="#{at}">{escape(name)}</a>', escape(title), str(tasks), marked
        )
        head = f"{escape(name)} 《{escape(title)}》"
        below = f'<div id="{at}" style="{ANCHOR_STYLE}">{part}</div>'  # a link opens it
        self._write_part(f"<details><summary>{head}</summary>{below}</details>\n")

    def add_failure(self, name: str, why: str, hint: str) -> None:
        """Add a document from which no plan was made."""
        if self._kind != HTML_KIND:
            self._add_object(_format_object({"source": name, "error": why, "hint": hint}))
        else:
            self._add_contents_row(
                escape(name), f"<mark>{escape(why)}</mark> {escape(hint)}", "", ""
            )

    def write(self, target: Path) -> None:
        """Write the report file."""
        self._write_part("", last=True)
        if self._full:
            message = _("no space for {file} in the temporary folder: {why}")
            raise PlanError(
                message.format(file=target, why=format_os_error(self._full)),
                hint=_("free some space, or set TMPDIR to another folder"),
            )

        def write_report(draft: Path) -> None:
            with draft.open("w", encoding="utf-8", newline="") as out:
                out.write("[" if self._kind == JSON_KIND else self._render_opening())
                if self._parts:
                    shutil.copyfileobj(self._parts, out)
                out.write("\n]\n" if self._kind == JSON_KIND else html_report.REPORT_END)

        atomic.write_atomically(target, write_report)

    def _add_object(self, part: str) -> None:
        if self._kind == JSON_KIND:
            self._write_part((",\n" if self._parts else "\n") + part)

    def _write_part(self, part: str, *, last: bool = False) -> None:
        try:
            if self._parts is None:
                self._parts = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
            self._parts.write(part)
            if last:
                self._parts.seek(0)  # flushes, and may raise
        except OSError as error:
            self._full = self._full or error

    def _add_contents_row(self, *cells: str) -> None:
        self._contents.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n")

    def _render_opening(self) -> str:
        title = _("How these plans were read")
        heads = (_("document"), _("title"), _("tasks"), _("diagnostics"))
        head = "".join(f"<th>{escape(each)}</th>" for each in heads)
        table = f"<table><tr>{head}</tr>\n{''.join(self._contents)}</table>\n"
        return f"{html_report.render_opening(title)}<h1>{escape(title)}</h1>{table}"


def _format_object(data: object) -> str:
    return indent(json.dumps(data, ensure_ascii=False, indent=1), " ")
