"""The manual on a terminal."""

from rich.text import Text

from plancli.cli.manual import Block, Topic
from plancli.i18n import language
from plancli.output.terminal.console import ROLE, WHO, Lines, Paper, folded
from plancli.text.layout import width

WIDEST = 80  # cells; longer lines are hard to read


def topic(out: Paper, shown: Topic) -> None:
    """Print a part of the manual."""
    _under(out, "", Text(f"{shown.word} · {shown.about}", WHO))
    for block in shown.blocks:
        out.print()
        for line in block.lines:
            _block(out, block, line)


def pairs(out: Paper, title: str, said: dict[str, str]) -> None:
    """Print *title*, and below it each of *said* beside what is said of it."""
    _under(out, "", Text(title, WHO))
    beside = max(map(width, said)) + 2
    for name, about in said.items():
        _under(out, f"  {name}{' ' * (beside - width(name))}", Text(about))


def printed(out: Paper, text: str) -> None:
    """Print *text* as it is."""
    out.print(Lines(map(Text, text.split("\n"))), end="", crop=False)


def _block(out: Paper, block: Block, line: str) -> None:
    if block.kind == "code":
        printed(out, f"    {line}")
    else:
        _under(out, "  - " if block.kind == "items" else "", Text(line))


def _under(out: Paper, head: str, line: Text) -> None:
    """Print *line* beside *head*, its own lines below each other."""
    beside = width(head)
    english = language() == "en"  # its lines end between words
    for n, each in enumerate(folded(line, max(2, min(out.width, WIDEST) - beside), names=english)):
        said = Text(each.plain.strip(), line.style)  # no line begins with a space between words
        shown = Text.assemble((head if n == 0 else " " * beside, ROLE), said)
        out.print(Lines([shown]), end="")
