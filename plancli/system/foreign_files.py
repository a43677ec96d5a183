"""Detect YAML files that are clearly no plans, by their bytes: folders are searched often.

A broken plan is never mistaken for another file: one key of a plan is enough to have it read, and
its errors reported.
"""

import re
from pathlib import Path
from typing import NamedTuple

HEAD_SIZE = 4096  # bytes; nearly every plan has one of its keys there
MAX_FOREIGN_SIZE = 1 << 20  # bytes; a larger file is treated as a plan
# Patterns are compiled when used: this module is imported at every start.
PLAN_KEY_PATTERN = rb"(?m)^(?:id|title|year|jurisdiction|lists):"
# Keys of a plan, at the top and within it, that other programs rarely use.
PLAN_KEYS = (
    "id title year jurisdiction source preamble lists review agencies regions"
    " no clause duties paragraphs figures"
).split()
PROGRESS_KEYS = ("reports", "strays")
KEY_PATTERN = r"[\s-]*['\"]?([^\s'\":,\[\]{}#&*!|>%@`][^'\":,\[\]{}]*?)['\"]?\s*:(?:\s|$)"
WORD_PATTERN = r"\W*([A-Za-z_]+)"
PAIR_PATTERN = r"([A-Za-z_]+)['\"”’]?\s*[:：]"


class ForeignFile(NamedTuple):
    """A YAML file that is not a plan."""

    is_progress: bool
    keys: tuple[str, ...]  # its keys at the top level


def detect_foreign_file(path: Path) -> ForeignFile | None:
    """Return what the file *path* is if it is clearly no plan; OSError where it cannot be read."""
    with path.open("rb") as file:
        raw = file.read(HEAD_SIZE)
        if re.search(PLAN_KEY_PATTERN, raw):
            return None
        raw += file.read(MAX_FOREIGN_SIZE)
    return detect_foreign(raw)


def detect_foreign(raw: bytes) -> ForeignFile | None:
    """Return what the YAML *raw* is if it is clearly no plan; None where it may be one."""
    if len(raw) > MAX_FOREIGN_SIZE or re.search(PLAN_KEY_PATTERN, raw) or b"\0" in raw:
        return None
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
    top = _select_top_level(lines)
    # JSON or YAML in flow style: indentation does not tell what is at the top
    if top and "{" in top[0]:
        words = re.findall(PAIR_PATTERN, "\n".join(lines))
    else:
        words = [match[1] for line in top if (match := re.match(WORD_PATTERN, line))]
    if {*words} & {*PLAN_KEYS}:
        return None
    keys = tuple(dict.fromkeys(match[1] for line in top if (match := re.match(KEY_PATTERN, line))))
    is_list = bool(top) and top[0].lstrip().startswith("- ")
    if not keys and not is_list and not (top and top[0].lstrip().startswith("{") and words):
        return None  # empty, or plain text: perhaps the rest of a plan
    return ForeignFile(not {*keys}.isdisjoint(PROGRESS_KEYS), keys)


def _select_top_level(lines: list[str]) -> list[str]:
    """Return the lines that are indented no deeper than the first line with content."""
    content = [
        line for line in lines if line.strip() and not line.lstrip().startswith(("#", "---"))
    ]
    deepest = min((_measure_indent(line) for line in content[:1]), default=0)
    top = [
        line for line in content if _measure_indent(line) <= deepest and not line.startswith("%")
    ]
    is_list = bool(top) and top[0].lstrip().startswith("-")  # otherwise the items belong to a key
    return [line for line in top if is_list or not line.lstrip().startswith("- ")]


def _measure_indent(line: str) -> int:
    return len(line) - len(line.lstrip())
