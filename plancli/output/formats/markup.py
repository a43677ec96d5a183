"""Escape text for XML and HTML."""

import re
from html import escape

MAX_PROPERTY_LENGTH = 255  # characters of the title in an office file's properties
ILLEGAL_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def replace_illegal_chars(text: str) -> str:
    """Replace characters that XML does not allow by U+FFFD."""
    return ILLEGAL_XML_CHARS.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_xml(text: str) -> str:
    """Escape *text* for XML and HTML, also in attribute values."""
    return escape(replace_illegal_chars(text))
