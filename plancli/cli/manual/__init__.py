"""Load the manual that ``plancli help`` shows: one file per topic and language.

A file is Markdown of four kinds of blocks, separated by empty lines: the title, ``# word: about``;
paragraphs; lists of lines that begin with ``- ``; and code fences.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plancli.i18n import get_language

MANUAL_DIR = Path(__file__).parent
TOPICS = (
    "names", "roles", "regions", "filters", "formats", "measures", "plans", "returns", "system",
)  # fmt: skip
LANGUAGES = ("en", "zh")
CODE_FENCE = "```"


class ManualBlock(NamedTuple):
    """A block: ``text`` or ``items``, one per line, or ``code``."""

    kind: str
    lines: list[str]


class ManualTopic(NamedTuple):
    """A topic of the manual: its word in the language, a summary, and its blocks."""

    word: str
    about: str
    blocks: list[ManualBlock]


def load_topic(name: str, code: str = "") -> ManualTopic:
    """Return the topic *name*, one of TOPICS, in the user's language or in *code*."""
    text = MANUAL_DIR.joinpath(code or get_language(), f"{name}.md").read_text("utf-8")
    title, *parts = text.strip().split("\n\n")
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
    """Return the name of the topic *word*, in any case and language; empty if there is none."""
    named = {load_topic(name, code).word: name for code in LANGUAGES for name in TOPICS}
    return named.get(word.casefold(), "")
