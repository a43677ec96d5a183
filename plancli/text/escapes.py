"""Text made safe to show: control and bidirectional characters become visible."""

import re


def escape_controls(text: str) -> str:
    """Return *text* with what a terminal would obey, also in what order, written as escapes."""
    return re.sub(CONTROL_PATTERN, lambda found: ascii(found[0])[1:-1], text)


def escape_unprintable(text: str) -> str:
    """Return *text* with what a terminal would obey, or could not print, written as escapes."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


# Controls but the line feed, marks of direction, other line breaks, halves of characters.
CONTROL_PATTERN = (  # compiled when it is asked: not every answer is drawn
    "[\0-\t\v-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
