"""Whether the numbers of an outline run on: gaps, repeats, steps back."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from plancli.importer.outline import Node, Segment

N = TypeVar("N", int, tuple[int, int])


class Step(NamedTuple):
    """A number that does not follow the one before it."""

    rule: str  # number-gap, number-repeat, number-back
    segment: Segment
    words: str  # 12 → 14


def steps(root: Node) -> Iterator[Step]:
    """Yield the numbers that do not run on, in the order of the page.

    Numbers may begin anew below each heading, or run on through the headings.
    """
    last: dict[str, tuple[int, str]] = {}
    yield from _below(root, last)


def _below(node: Node, last: dict[str, tuple[int, str]]) -> Iterator[Step]:
    before: dict[str, tuple[int, str]] = {}
    for child in node.children:
        mark = child.segment.mark if child.segment else None
        if mark and child.segment:
            style = mark.style
            here = before.get(style)
            value, no = here or last.get(style, (0, "—"))
            good = mark.value == value + 1 or (not here and mark.value == 1)
            if not good:
                yield Step(rule(value, mark.value), child.segment, f"{no} → {mark.no}")
            before[style] = last[style] = (mark.value, mark.no)
        yield from _below(child, last)


def rule(before: N, value: N) -> str:
    """Return what is doubtful where *value* follows *before*."""
    if value == before:
        return "number-repeat"
    return "number-gap" if value > before else "number-back"
