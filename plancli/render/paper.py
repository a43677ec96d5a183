"""What every table and card is drawn with: consoles, columns, marked and folded Chinese."""

from collections.abc import Iterable, Sequence

from rich.box import HORIZONTALS
from rich.console import Console
from rich.table import Table
from rich.text import Text

from plancli import text

GAP = 2  # cells between columns
LABEL = 8  # cells before the words of a labelled line
WORD = "bold yellow"
WHO = "bold cyan"
ROLE = "cyan"


def console() -> Console:
    """Return a console on standard output that prints a plan's words just as they are."""
    return Console(markup=False, emoji=False, highlight=False)


def table(columns: Iterable[tuple[str, int, bool]], lines: bool = True) -> Table:
    """Return an empty table of (heading, width in cells, right-aligned) columns."""
    drawn = Table(
        box=HORIZONTALS,
        show_lines=lines,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style="bold",
    )
    for heading, width, right in columns:
        justify = "right" if right else "left"
        drawn.add_column(folded(heading, width), width=width, no_wrap=True, justify=justify)
    return drawn


def marked(line: str, words: Iterable[str], style: str = WORD) -> Text:
    """Return *line* with every place of *words* in it marked."""
    drawn = Text(line)
    for word in words:
        for start, end in text.find(line, word):
            drawn.stylize(style, start, end)
    return drawn


def folded(line: Text | str, cells: int, *, names: bool = False) -> Text:
    """Return *line* broken so that it fits *cells*, by the rules of ``text.breaks``."""
    line = Text(line) if isinstance(line, str) else line
    return Text("\n").join(line.divide(text.breaks(line.plain, cells, names=names)))


def labelled(out: Console, label: str, line: Text) -> None:
    """Print *line*, folded, beside a *label* of two to four characters."""
    lines = folded(line, max(2, out.width - LABEL)).split("\n")
    for n, each in enumerate(lines):
        head = label if n == 0 else ""
        out.print(Text(head + " " * (LABEL - text.width(head)), ROLE) + each)


def shared(need: Sequence[int], cells: int) -> list[int]:
    """Return widths that fit *cells* in all: each its *need* where there is room, wide ones less."""
    widths = list(need)
    while widths and sum(widths) > cells and max(widths) > 2:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths
