"""What every table and card is drawn with: consoles, columns, marked and folded Chinese."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from shutil import which
from textwrap import wrap

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.text import Text

from plancli import layout, text

GAP = 2  # cells between columns
LABEL = 10  # cells before the words of a labelled line
WORD = "bold yellow"
WHO = "bold cyan"
ROLE = "cyan"


class Paper(Console):
    """Standard output, which prints a plan's words just as they are."""

    def __init__(self) -> None:
        size = Console().size  # asked once, not for every line
        super().__init__(
            width=size.width, height=size.height, markup=False, emoji=False, highlight=False
        )

    def leave(self) -> None:
        """Write what is drawn so far, and hold it no longer, unless it may go through a pager."""
        if not self.paged:
            drawn = self.end_capture()
            self.begin_capture()
            sys.stdout.write(_page(drawn))

    @property
    def paged(self) -> bool:
        return sys.stdout.isatty() and not self.is_dumb_terminal

    def on_broken_pipe(self) -> None:
        """Let the caller end quietly; Rich would end the process."""
        raise BrokenPipeError


@contextmanager
def paper() -> Iterator[Paper]:
    """Draw on standard output; on a terminal, what is longer than it goes through its pager."""
    out = Paper()
    with out.capture() as drawn:
        yield out
    page = _page(drawn.get())
    if not (out.paged and page.count("\n") >= out.height and _turned(page)):
        sys.stdout.write(page)


def _page(drawn: str) -> str:
    return "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines())


def _turned(page: str) -> bool:
    """Show *page* in the user's pager; return whether there is one."""
    command = os.environ.get("PAGER", "less").split()
    if not command or not which(command[0]):
        return False
    less = os.environ.get("LESS", "FX")  # before it, lest -R end up in a prompt that ends it
    env = {"LESSCHARSET": "utf-8", **os.environ, "LESS": f"-R {less}"}
    pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=env)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's own affair
    pager.communicate(page.encode(sys.stdout.encoding, "replace"))
    signal.signal(signal.SIGINT, before)
    return True


class Grid:
    """Rows of cells below headings, with rules between them; each cell fits its column.

    Drawn here and not by a table of Rich, whose releases differ in the width of what they draw.
    """

    def __init__(self, columns: Iterable[tuple[str, int, bool]], lines: bool) -> None:
        self.show_header = True
        self._lines = lines
        heads, widths = [], []
        for heading, wide, right in columns:
            heads.append(_head(heading, wide, right))
            widths.append(wide)
        self._heads, self._widths = heads, widths
        self._rows: list[Sequence[Lines]] = []
        self._ends: set[int] = set()  # rows below which a section ends

    def add_row(self, *cells: "Lines | str") -> None:
        self._rows.append([Lines([Text(c)]) if isinstance(c, str) else c for c in cells])

    def add_section(self) -> None:
        """Draw a rule below the last row, if another follows."""
        self._ends.add(len(self._rows))

    def __rich_console__(self, out: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        rule = Segment("─" * (sum(self._widths) + GAP * (len(self._widths) - 1)) + "\n")
        if self.show_header:
            yield from self._drawn_row(out, self._heads)
            yield rule
        for n, row in enumerate(self._rows, 1):
            yield from self._drawn_row(out, row)
            if n < len(self._rows) and (self._lines or n in self._ends):
                yield rule

    def _drawn_row(self, out: Console, row: Sequence["Lines"]) -> Iterator[Segment]:
        for n in range(max(1, *map(len, row))):
            gap = 0
            for cell, wide in zip(row, self._widths, strict=True):
                if gap:
                    yield Segment(" " * gap)
                line = cell[n] if n < len(cell) else Text()
                yield from line.render(out)
                gap = wide - layout.width(line.plain) + GAP
            yield Segment("\n")


def table(columns: Iterable[tuple[str, int, bool]], lines: bool = True) -> Grid:
    """Return an empty table of (heading, width in cells, right-aligned) columns."""
    return Grid(columns, lines)


def _head(heading: str, cells: int, right: bool) -> "Lines":
    drawn = Text(heading, "bold", overflow="ellipsis")
    drawn.align("right" if right else "left", cells)
    return Lines([drawn])


def marked(line: str, words: Iterable[str], style: str = WORD) -> Text:
    """Return *line* with every place of *words* in it marked."""
    drawn = Text(line)
    for word in words:
        for start, end in text.find(line, word):
            drawn.stylize(style, start, end)
    return drawn


class Lines(list[Text]):
    """Lines that fit, drawn as they are: Rich need not wrap them again, which takes it long."""

    def __rich_console__(self, out: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        for line in self:
            yield from line.render(out, end="\n")


def folded(line: Text | str, cells: int, *, names: bool = False) -> Lines:
    """Return *line* broken so that it fits *cells*, by the rules of ``layout.breaks``."""
    line = Text.assemble(line)  # so that its own style is in its parts
    if (tame := text.tame(line.plain)) != line.plain:  # as the name of a file may have it
        line = Text(tame, line.style)
    return Lines(
        part
        for each in line.split("\n", allow_blank=True)
        for part in each.divide(layout.breaks(each.plain, cells, names=names))
    )


def cited(plan: str, cells: int) -> str:
    """Return a plan's id on lines that end behind its hyphens."""
    return "\n".join(wrap(plan, max(2, cells)))


def labelled(out: Console, label: str, line: Text) -> None:
    """Print *line*, folded, beside a *label* of two to four characters."""
    beside = max(LABEL, layout.width(label) + 2)
    for n, each in enumerate(folded(line, max(2, out.width - beside))):
        head = label if n == 0 else ""
        gap = " " * (beside - layout.width(head))
        out.print(Lines([Text.assemble((head + gap, ROLE), each)]), end="")


def shared(need: Sequence[int], cells: int) -> list[int]:
    """Return widths that fit *cells* in all: each its *need*, the widest less where it must be."""
    widths = list(need)
    while widths and sum(widths) > cells and max(widths) > 2:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths
