"""Text in XML and HTML: never markup, and no character that XML has no place for."""

import re
from html import escape

MAX_PROPERTY_LENGTH = 255  # characters of an office file's title, beside the one that is printed
ILLEGAL_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def replace_illegal_chars(text: str) -> str:
    """Return *text* with what XML cannot hold as U+FFFD."""
    return ILLEGAL_XML_CHARS.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_xml(text: str) -> str:
    """Return *text* as it is written in XML and HTML, also between quotes."""
    return escape(replace_illegal_chars(text))
