"""What a YAML file is that is no plan: by its bytes, since a folder is looked through every time.

A broken plan is never taken for anything else: one word of a plan's is enough to have it read, and
refused where it is wrong.
"""

import re
from pathlib import Path
from typing import NamedTuple

HEAD_SIZE = 4096  # bytes, in which nearly every plan has one of its keys
MAX_FOREIGN_SIZE = 1 << 20  # bytes; a larger file is taken for a plan
PLAN_KEY_PATTERN = re.compile(rb"^(?:id|title|year|jurisdiction|lists):", re.MULTILINE)
PLAN_KEYS = (  # the keys of a plan, and those within it that other programs hardly use
    "id title year jurisdiction source preamble lists review agencies regions"
    " no clause duties paragraphs figures"
).split()
PROGRESS_KEYS = ("reports", "strays")
KEY_PATTERN = re.compile(
    r"[\s-]*['\"]?([^\s'\":,\[\]{}#&*!|>%@`][^'\":,\[\]{}]*?)['\"]?\s*:(?:\s|$)"
)
WORD_PATTERN = re.compile(r"\W*([A-Za-z_]+)")
PAIR_PATTERN = re.compile(r"([A-Za-z_]+)['\"”’]?\s*[:：]")


class ForeignFile(NamedTuple):
    """A file that is no plan."""

    is_progress: bool
    keys: tuple[str, ...]  # that it has instead


def detect_foreign_file(path: Path) -> ForeignFile | None:
    """Return what the file *path* is if it is plainly no plan; OSError where it cannot be read."""
    with path.open("rb") as file:
        raw = file.read(HEAD_SIZE)
        if PLAN_KEY_PATTERN.search(raw):
            return None
        raw += file.read(MAX_FOREIGN_SIZE)
    return detect_foreign(raw)


def detect_foreign(raw: bytes) -> ForeignFile | None:
    """Return what the YAML *raw* is if it is plainly no plan; None where it may be one."""
    if len(raw) > MAX_FOREIGN_SIZE or PLAN_KEY_PATTERN.search(raw) or b"\0" in raw:
        return None
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
    top = _select_top_level(lines)
    if top and "{" in top[0]:  # JSON, or like it: no line says what is at the top
        words = PAIR_PATTERN.findall("\n".join(lines))
    else:
        words = [found[1] for line in top if (found := WORD_PATTERN.match(line))]
    if {*words} & {*PLAN_KEYS}:
        return None
    keys = tuple(dict.fromkeys(found[1] for line in top if (found := KEY_PATTERN.match(line))))
    is_list = bool(top) and top[0].lstrip().startswith("- ")
    if not keys and not is_list and not (top and top[0].lstrip().startswith("{") and words):
        return None  # empty, or words: perhaps what is left of a plan
    return ForeignFile(not {*keys}.isdisjoint(PROGRESS_KEYS), keys)


def _select_top_level(lines: list[str]) -> list[str]:
    """Return the lines that are indented no deeper than the first that says something."""
    said = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "---"))]
    deepest = min((_measure_indent(line) for line in said[:1]), default=0)
    top = [line for line in said if _measure_indent(line) <= deepest and not line.startswith("%")]
    items = bool(top) and top[0].lstrip().startswith("-")  # else they are a key's
    return [line for line in top if items or not line.lstrip().startswith("- ")]


def _measure_indent(line: str) -> int:
    return len(line) - len(line.lstrip())
