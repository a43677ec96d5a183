"""Print the manual on the terminal."""

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
    """Print a topic."""
    _print_indented(out, "", Text(f"{shown.word} · {shown.about}", AGENCY_STYLE))
    for block in shown.blocks:
        out.print()
        for line in block.lines:
            _print_block_line(out, block, line)


def print_descriptions(out: TerminalConsole, title: str, descriptions: dict[str, str]) -> None:
    """Print *title*, and below it each name of *descriptions* with its description."""
    _print_indented(out, "", Text(title, AGENCY_STYLE))
    width = max(map(measure_width, descriptions)) + 2
    for name, about in descriptions.items():
        _print_indented(out, f"  {name}{' ' * (width - measure_width(name))}", Text(about))


def print_verbatim(out: TerminalConsole, text: str) -> None:
    """Print *text* unchanged."""
    out.print(TextLines(map(Text, text.split("\n"))), end="", crop=False)


def _print_block_line(out: TerminalConsole, block: ManualBlock, line: str) -> None:
    if block.kind == "code":
        print_verbatim(out, f"    {line}")
    else:
        _print_indented(out, "  - " if block.kind == "items" else "", Text(line))


def _print_indented(out: TerminalConsole, head: str, line: Text) -> None:
    """Print *line* beside *head*, with a hanging indent."""
    indent = measure_width(head)
    english = get_language() == "en"  # lines are broken between words
    for n, each in enumerate(
        wrap_text(line, max(2, min(out.width, MAX_WIDTH) - indent), names=english)
    ):
        text = Text(each.plain.strip(), line.style)  # no line begins with a space
        shown = Text.assemble((head if n == 0 else " " * indent, ROLE_STYLE), text)
        out.print(TextLines([shown]), end="")
