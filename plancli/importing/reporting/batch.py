"""The reports of many documents as one file, gathered while they come."""

import json
import shutil
import tempfile
from html import escape
from pathlib import Path
from textwrap import indent
from typing import IO

from plancli.errors import PlanError
from plancli.i18n import _, why
from plancli.importing.parsing.draft import Draft
from plancli.importing.reporting import html as html_report
from plancli.importing.reporting import summary
from plancli.system import atomic

JSON, HTML = "json", "html"
BELOW = "scroll-margin-top:4rem"  # the line above is seen, which says whose part it is
KEYS = ("source", "title", "tasks", "characters")  # of a report as JSON
KINDS = {".json": JSON, ".html": HTML, ".htm": HTML}


def part(draft: Draft, name: str, kind: str) -> str:
    """Return the report of one document, as it stands in a file of *kind*; of none, nothing."""
    if kind == JSON:
        return _object(summary.data(draft, name))
    return html_report.part(draft) if kind == HTML else ""


def is_report(file: Path) -> bool:
    """Whether *file* is a report that was written before."""
    with file.open("rb") as opened:
        start = opened.read(4096).decode("utf-8", "replace")
    return start.startswith(html_report.START) or all(f'"{key}":' in start for key in KEYS)


class Volume:
    """Gathers reports on the disk; of each, only a line of the contents stays in memory.

    Where there is no room, that is said at the end: plans are written all the same.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._parts: IO[str] | None = None
        self._full: OSError | None = None
        self._contents: list[str] = []

    def read(self, name: str, title: str, tasks: int, doubts: int, part: str) -> None:
        """Add the report of a document that was read."""
        if self._kind != HTML:
            self._object(part)
            return
        at = f"d{len(self._contents) + 1}"
        marked = f"<mark>{doubts}</mark>" if doubts else ""
        self._line(f'<a href="#{at}">{escape(name)}</a>', escape(title), str(tasks), marked)
        head = f"{escape(name)} 《{escape(title)}》"
        below = f'<div id="{at}" style="{BELOW}">{part}</div>'  # a link opens it
        self._add(f"<details><summary>{head}</summary>{below}</details>\n")

    def failed(self, name: str, why: str, hint: str) -> None:
        """Add a document that gave no plan."""
        if self._kind != HTML:
            self._object(_object({"source": name, "error": why, "hint": hint}))
        else:
            self._line(escape(name), f"<mark>{escape(why)}</mark> {escape(hint)}", "", "")

    def write(self, target: Path) -> None:
        """Write the whole file."""
        self._add("", last=True)
        if self._full:
            said = _("no room to put {file} together, among the temporary files: {why}")
            raise PlanError(
                said.format(file=target, why=why(self._full)),
                hint=_("make room there, or name another folder for them: TMPDIR"),
            )

        def write(draft: Path) -> None:
            with draft.open("w", encoding="utf-8", newline="") as out:
                out.write("[" if self._kind == JSON else self._opening())
                if self._parts:
                    shutil.copyfileobj(self._parts, out)
                out.write("\n]\n" if self._kind == JSON else html_report.CLOSING)

        atomic.write_atomically(target, write)

    def _object(self, part: str) -> None:
        if self._kind == JSON:
            self._add((",\n" if self._parts else "\n") + part)

    def _add(self, part: str, *, last: bool = False) -> None:
        try:
            if self._parts is None:
                self._parts = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
            self._parts.write(part)
            if last:
                self._parts.seek(0)  # all is written before
        except OSError as error:
            self._full = self._full or error

    def _line(self, *cells: str) -> None:
        self._contents.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n")

    def _opening(self) -> str:
        said = _("How these plans were read")
        heads = (_("document"), _("title"), _("tasks"), _("doubts"))
        head = "".join(f"<th>{escape(each)}</th>" for each in heads)
        table = f"<table><tr>{head}</tr>\n{''.join(self._contents)}</table>\n"
        return f"{html_report.opening(said)}<h1>{escape(said)}</h1>{table}"


def _object(data: object) -> str:
    return indent(json.dumps(data, ensure_ascii=False, indent=1), " ")
