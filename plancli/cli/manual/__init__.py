"""The manual that ``plancli help`` shows: a file a topic and language.

A file is Markdown of four kinds of blocks, with an empty line between any two: the title, ``# word:
about``; paragraphs; items, each a line that begins with ``- ``; and commands between ``` lines.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plancli.i18n import language

HERE = Path(__file__).parent
TOPICS = (
    "names", "roles", "places", "filters", "formats", "measures", "plans", "returns", "system",
)  # fmt: skip
LANGUAGES = ("en", "zh")
FENCE = "```"


class Block(NamedTuple):
    """What belongs together: ``text`` or ``items``, a line each, or ``code``."""

    kind: str
    lines: list[str]


class Topic(NamedTuple):
    """A part of the manual: how it is called in its language, what it is about, its words."""

    word: str
    about: str
    blocks: list[Block]


def topic(name: str, code: str = "") -> Topic:
    """Return the topic called *name*, one of TOPICS, in the user's language or that of *code*."""
    written = HERE.joinpath(code or language(), f"{name}.md").read_text("utf-8")
    title, *parts = written.strip().split("\n\n")
    word, about = title.removeprefix("# ").replace("：", ": ").split(": ", 1)
    return Topic(word, about, list(_blocks(parts)))


def _blocks(parts: list[str]) -> Iterator[Block]:
    for part in parts:
        lines = part.split("\n")
        if lines[0] == FENCE:
            yield Block("code", lines[1:-1])
        elif lines[0].startswith("- "):
            yield Block("items", [line.removeprefix("- ") for line in lines])
        else:
            yield Block("text", lines)


def called(word: str) -> str:
    """Return the name of the topic that a person calls *word*, in any case; empty if none."""
    named = {topic(name, code).word: name for code in LANGUAGES for name in TOPICS}
    return named.get(word.casefold(), "")
