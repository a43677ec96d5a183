"""The manual that ``plancli help`` shows: a file a topic and language.

A file is Markdown of four kinds of blocks, with an empty line between any two: the title, ``# word:
about``; paragraphs; items, each a line that begins with ``- ``; and commands between ``` lines.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plancli.i18n import get_language

MANUAL_DIR = Path(__file__).parent
TOPICS = (
    "names", "roles", "places", "filters", "formats", "measures", "plans", "returns", "system",
)  # fmt: skip
LANGUAGES = ("en", "zh")
CODE_FENCE = "```"


class ManualBlock(NamedTuple):
    """What belongs together: ``text`` or ``items``, a line each, or ``code``."""

    kind: str
    lines: list[str]


class ManualTopic(NamedTuple):
    """A part of the manual: how it is called in its language, what it is about, its words."""

    word: str
    about: str
    blocks: list[ManualBlock]


def load_topic(name: str, code: str = "") -> ManualTopic:
    """Return the topic called *name*, one of TOPICS, in the user's language or that of *code*."""
    written = MANUAL_DIR.joinpath(code or get_language(), f"{name}.md").read_text("utf-8")
    title, *parts = written.strip().split("\n\n")
    word, about = title.removeprefix("# ").replace("：", ": ").split(": ", 1)
    return ManualTopic(word, about, list(_parse_blocks(parts)))


def _parse_blocks(parts: list[str]) -> Iterator[ManualBlock]:
    for part in parts:
        lines = part.split("\n")
        if lines[0] == CODE_FENCE:
            yield ManualBlock("code", lines[1:-1])
        elif lines[0].startswith("- "):
            yield ManualBlock("items", [line.removeprefix("- ") for line in lines])
        else:
            yield ManualBlock("text", lines)


def find_topic(word: str) -> str:
    """Return the name of the topic that a person calls *word*, in any case; empty if none."""
    named = {load_topic(name, code).word: name for code in LANGUAGES for name in TOPICS}
    return named.get(word.casefold(), "")
