"""Provide the console, tables, and wrapped and highlighted Chinese text."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from shutil import which
from textwrap import wrap

from rich.box import HORIZONTALS
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from plancli.text import escapes, layout, normalize

COLUMN_GAP = 2  # cells between columns
LABEL_WIDTH = 10  # cells before the text of a labelled line
MATCH_STYLE = "bold yellow"
AGENCY_STYLE = "bold cyan"
ROLE_STYLE = "cyan"


class TerminalConsole(Console):
    """Standard output; the plan's text is printed unchanged."""

    def __init__(self) -> None:
        size = Console().size  # queried once, not for every line
        super().__init__(
            width=size.width, height=size.height, markup=False, emoji=False, highlight=False
        )

    def flush_capture(self) -> None:
        """Write buffered output, unless a pager may be used."""
        if not self.is_paged:
            drawn = self.end_capture()
            self.begin_capture()
            sys.stdout.write(_strip_line_ends(drawn))

    @property
    def is_paged(self) -> bool:
        return sys.stdout.isatty() and not self.is_dumb_terminal

    def on_broken_pipe(self) -> None:
        """Let the caller end quietly; Rich would end the process."""
        raise BrokenPipeError


@contextmanager
def open_console() -> Iterator[TerminalConsole]:
    """Print on standard output; on a terminal, long output goes through the pager."""
    out = TerminalConsole()
    with out.capture() as drawn:
        yield out
    page = _strip_line_ends(drawn.get())
    if not (out.is_paged and page.count("\n") >= out.height and _run_pager(page)):
        sys.stdout.write(page)


def _strip_line_ends(drawn: str) -> str:
    return "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines())


def _run_pager(page: str) -> bool:
    """Show *page* in the user's pager; return whether there is one."""
    command = os.environ.get("PAGER", "less").split()
    if not command or not which(command[0]):
        return False
    # -R comes first: behind an unterminated prompt in LESS it would become part of the prompt.
    less = os.environ.get("LESS", "FX")
    env = {"LESSCHARSET": "utf-8", **os.environ, "LESS": f"-R {less}"}
    pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=env)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager
    pager.communicate(page.encode(sys.stdout.encoding, "replace"))
    signal.signal(signal.SIGINT, before)
    return True


def create_table(columns: Iterable[tuple[str, int, bool]], lines: bool = True) -> Table:
    """Return an empty table of (heading, width in cells, right-aligned) columns."""
    drawn = Table(
        box=HORIZONTALS,
        show_lines=lines,
        show_edge=False,
        pad_edge=False,
        padding=0,  # the gap is part of the column: Rich renders padded cells twice
        header_style="bold",
    )
    *others, last = columns
    for heading, width, right in others:
        drawn.add_column(
            _make_header(heading, width, right), width=width + COLUMN_GAP - 1, no_wrap=True
        )
    heading, width, right = last
    drawn.add_column(_make_header(heading, width, right), width=width, no_wrap=True)
    return drawn


def _make_header(heading: str, cells: int, right: bool) -> "TextLines":
    drawn = Text(heading, overflow="ellipsis")
    drawn.align("right" if right else "left", cells)
    return TextLines([drawn])


def mark_words(line: str, words: Iterable[str], style: str = MATCH_STYLE) -> Text:
    """Return *line* with every match of *words* marked."""
    drawn = Text(line)
    for word in words:
        for start, end in normalize.iter_matches(line, word):
            drawn.stylize(style, start, end)
    return drawn


class TextLines(list[Text]):
    """Lines that fit, rendered as they are: wrapping by Rich is slow."""

    def __rich_console__(self, out: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        for line in self:
            yield from line.render(out, end="\n")


def wrap_text(line: Text | str, cells: int, *, names: bool = False) -> TextLines:
    """Wrap *line* to *cells*, by the rules of ``layout.find_line_breaks``."""
    line = Text.assemble(line)  # moves the style into the spans
    # A file name may hold control characters.
    escaped = escapes.escape_controls(line.plain)
    if escaped != line.plain:
        line = Text(escaped, line.style)
    return TextLines(
        _strip_leading_space(part) if n else part
        for each in line.split("\n", allow_blank=True)
        for n, part in enumerate(
            each.divide(layout.find_line_breaks(each.plain, cells, names=names))
        )
    )


def _strip_leading_space(part: Text) -> Text:
    """Return a line after a break without its leading spaces."""
    spaces = len(part.plain) - len(part.plain.lstrip(" "))
    return part[spaces:] if spaces else part


def wrap_plan_id(plan: str, cells: int) -> str:
    """Wrap a plan's id after hyphens."""
    return "\n".join(wrap(plan, max(2, cells)))


def print_labelled(out: Console, label: str, line: Text) -> None:
    """Print *line*, wrapped, beside a *label* of two to four characters."""
    indent = max(LABEL_WIDTH, layout.measure_width(label) + 2)
    for n, each in enumerate(wrap_text(line, max(2, out.width - indent))):
        head = label if n == 0 else ""
        gap = " " * (indent - layout.measure_width(head))
        out.print(TextLines([Text.assemble((head + gap, ROLE_STYLE), each)]), end="")


def fit_widths(need: Sequence[int], cells: int) -> list[int]:
    """Return widths that fit into *cells*; the widest are reduced first."""
    widths = list(need)
    while widths and sum(widths) > cells and max(widths) > 2:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths
