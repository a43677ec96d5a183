"""Write answers to standard output or a file, and notes to standard error."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from plancli.cli.options import QueryOptions
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.output import formats
from plancli.results.answer import Answer, View
from plancli.results.document import Document, make_document
from plancli.text.escapes import escape_controls, escape_unprintable

TABLE_FORMAT = "table"
PROGRESS_MIN_ROWS = 2000  # writing fewer rows needs no progress bar
NOTE_HEAD_AND_TAIL = (500, 300)  # characters kept of a long line: typed names have any length


def emit_answer(
    options: QueryOptions, answer: Answer, *, default: str = TABLE_FORMAT, name: str = ""
) -> None:
    """Write *answer* in the requested format, with its notes before and after it.

    *default*: the format if standard output is not a terminal; *name*: the title of an answer
    without a document.
    """
    format = _resolve_format(options, default)
    if format in formats.BINARY_FORMATS and not options.output and sys.stdout.isatty():
        raise BadUsage(
            _("{format} is a binary format and not shown on a terminal").format(format=format),
            hint=_("write it to a file: -o FILE.{format}").format(format=format),
        )
    has_all_tables = format in {TABLE_FORMAT, *formats.MULTI_TABLE_FORMATS}
    row_notes = () if has_all_tables else answer.load_row_notes()
    for note in dict.fromkeys((*answer.opening_notes, *row_notes)):
        print_note(note)
    if format == TABLE_FORMAT:
        _emit_view(options, answer)
    else:
        document = (
            answer.document()
            if answer.document and format in formats.DOCUMENT_FORMATS
            else make_document(answer.result, name)
        )
        formats.require_chart(document, format)
        _export_document(options, document, format)
    if options.output:
        print_note(_("wrote {file}").format(file=options.output))
    for note in answer.closing_notes:
        print_note(note)


def _emit_view(options: QueryOptions, answer: Answer) -> None:
    """Render the answer on standard output, or as text without colour in the output file."""
    view = answer.view or View("table", answer.result)

    def draw_view() -> None:
        if view.is_empty:
            return
        from plancli.output.terminal import views  # Rich: slow to import

        views.draw_view(view)

    if options.output:
        _write_atomically(options.output, lambda draft: _write_text(draw_view, draft))
    else:
        draw_view()


def print_note(message: str) -> None:
    """Print *message* to standard error on one line; line breaks are escaped."""
    line = escape_unprintable(message).replace("\n", "\\n")
    head, tail = NOTE_HEAD_AND_TAIL
    if len(line) > head + tail:
        line = f"{line[:head]} … {line[-tail:]}"
    with suppress(OSError):  # standard error is closed: continue
        print(line, file=sys.stderr)


def print_waiting_note(target: Path) -> None:
    """Print that this process is waiting for another that is writing *target*."""
    print_note(_("waiting: another plancli is writing {file}").format(file=target))


def print_hint(hint: str) -> None:
    """Print what to do next; lines after the first are aligned, so that underlines fit."""
    from plancli.text.layout import measure_width  # only needed for errors

    first, *more = _(" hint: {hint}").format(hint=hint).split("\n")
    indent = " " * measure_width(_(" hint: {hint}").format(hint=""))
    for line in (first, *(f"{indent}{each}" for each in more)):
        print_note(line)


def _resolve_format(ask: QueryOptions, default: str) -> str:
    format = ask.format.lower()
    if not format and ask.output:
        return formats.resolve_format(ask.output)
    if format and format != TABLE_FORMAT and format not in formats.FORMATS:
        raise BadUsage(
            _("unknown format: {name}").format(name=ask.format),
            hint=_("choose from: {names}").format(
                names=", ".join((TABLE_FORMAT, *formats.FORMATS))
            ),
        )
    return format or (TABLE_FORMAT if sys.stdout.isatty() else default)


def _is_stdout_file() -> bool:
    """Whether standard output is a file, in which spreadsheets expect a byte-order mark."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # standard output is closed, or not a real file
        return False


def _export_document(ask: QueryOptions, document: Document, format: str) -> None:
    to_file = ask.output is not None or _is_stdout_file()
    bom = to_file if ask.bom is None else ask.bom

    def write_draft(draft: Path) -> None:
        with draft.open("wb") as out, _with_progress(document) as tracked:
            formats.write_document(tracked, format, out, bom=bom)

    if ask.output and formats.is_folder_output(ask.output, format):
        from plancli.system import atomic  # only needed for files

        with (
            atomic.create_atomic_directory(ask.output) as draft,
            _with_progress(document, parted=True) as tracked,
        ):
            formats.write_directory(tracked, format, draft)
    elif ask.output:
        _write_atomically(ask.output, write_draft)
    elif sys.stdout.isatty():  # in the terminal's encoding
        page = BytesIO()
        formats.write_document(document, format, page, bom=bom)
        text = page.getvalue().decode().replace("\r\n", "\n")
        # Tabs separate the cells of a tsv: not escaped.
        sys.stdout.write("\t".join(map(escape_controls, text.split("\t"))))
    else:
        sys.stdout.flush()
        formats.write_document(document, format, sys.stdout.buffer, bom=bom)
        sys.stdout.buffer.flush()


def _write_atomically(target: Path, write: Callable[[Path], object]) -> None:
    from plancli.system import atomic  # only needed for files

    atomic.write_atomically(target, write)


@contextmanager
def _with_progress(document: Document, parted: bool = False) -> Iterator[Document]:
    """Yield *document*; on a terminal, with a progress bar of its rows (*parted*: its tasks)."""
    if sys.stderr.isatty() and len(document.main_result.rows) >= PROGRESS_MIN_ROWS:
        from plancli.output.terminal import progress_bar

        with_bar = progress_bar.with_task_progress if parted else progress_bar.with_row_progress
        with with_bar(document, _("writing")) as tracked:
            yield tracked
    else:
        yield document


def _write_text(show: Callable[[], None], draft: Path) -> None:
    """Write the table as text, without colour."""
    from contextlib import redirect_stdout

    with draft.open("w", encoding="utf-8", newline="") as page, redirect_stdout(page):
        show()
