"""Make control and bidirectional characters visible, so that text is safe to show."""

import re


def escape_controls(text: str) -> str:
    """Replace control and bidirectional characters by visible escapes."""
    return re.sub(CONTROL_PATTERN, lambda match: ascii(match[0])[1:-1], text)


def escape_unprintable(text: str) -> str:
    """Replace control and bidirectional characters, and what cannot be printed, by escapes."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


# All controls except the line feed, bidirectional marks, other line breaks, surrogates.
# Compiled on first use: not every answer is drawn.
CONTROL_PATTERN = "[\0-\t\v-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
