"""Text in XML and HTML: never markup, and no character that XML has no place for."""

import re
from html import escape

PROPERTY = 255  # characters of an office file's title, beside the one that is printed
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return *text* with what XML cannot hold as U+FFFD."""
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(text: str) -> str:
    """Return *text* as it is written in XML and HTML, also between quotes."""
    return escape(clean(text))
