"""The manual on a terminal."""

from rich.text import Text

from plancli.cli.manual import ManualBlock, ManualTopic
from plancli.i18n import get_language
from plancli.output.terminal.console import (
    AGENCY_STYLE,
    ROLE_STYLE,
    TerminalConsole,
    TextLines,
    wrap_text,
)
from plancli.text.layout import measure_width

MAX_WIDTH = 80  # cells; longer lines are hard to read


def print_topic(out: TerminalConsole, shown: ManualTopic) -> None:
    """Print a part of the manual."""
    _print_beside(out, "", Text(f"{shown.word} · {shown.about}", AGENCY_STYLE))
    for block in shown.blocks:
        out.print()
        for line in block.lines:
            _print_block_line(out, block, line)


def print_descriptions(out: TerminalConsole, title: str, said: dict[str, str]) -> None:
    """Print *title*, and below it each of *said* beside what is said of it."""
    _print_beside(out, "", Text(title, AGENCY_STYLE))
    beside = max(map(measure_width, said)) + 2
    for name, about in said.items():
        _print_beside(out, f"  {name}{' ' * (beside - measure_width(name))}", Text(about))


def print_verbatim(out: TerminalConsole, text: str) -> None:
    """Print *text* as it is."""
    out.print(TextLines(map(Text, text.split("\n"))), end="", crop=False)


def _print_block_line(out: TerminalConsole, block: ManualBlock, line: str) -> None:
    if block.kind == "code":
        print_verbatim(out, f"    {line}")
    else:
        _print_beside(out, "  - " if block.kind == "items" else "", Text(line))


def _print_beside(out: TerminalConsole, head: str, line: Text) -> None:
    """Print *line* beside *head*, its own lines below each other."""
    beside = measure_width(head)
    english = get_language() == "en"  # its lines end between words
    for n, each in enumerate(
        wrap_text(line, max(2, min(out.width, MAX_WIDTH) - beside), names=english)
    ):
        said = Text(each.plain.strip(), line.style)  # no line begins with a space between words
        shown = Text.assemble((head if n == 0 else " " * beside, ROLE_STYLE), said)
        out.print(TextLines([shown]), end="")
