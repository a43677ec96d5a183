"""Which items of an outline are headings and which are tasks, by what the whole outline is like."""

import re
from collections.abc import Iterator
from itertools import pairwise

from plancli.importing.parsing import task_builder, task_tables
from plancli.importing.parsing.outline import Node, Segment
from plancli.importing.parsing.task_builder import Reader
from plancli.importing.readers.page import Page, Table

FRAME = re.compile(
    "(?:总体)?(?:要求|思路|目标)|指导思想|(?:基本|工作|主要)原则|(?:主要|工作|总体|发展|年度)目标|总体要求.*|工作思路|发展思路"
)
TITLE = re.compile("[^。！？；]*")
MARKS = " \u3000。：:；;"


class Shape:
    """What the styles of number of one outline are used for."""

    def __init__(self, page: Page, reader: Reader, root: Node) -> None:
        self._page, self._reader = page, reader
        self._claused = frozenset(_claused(root, reader))  # its items have clauses of their own
        self._headed = frozenset(_headed(root, self))  # its items head others
        self._leaves = frozenset(  # its items have clauses and nothing below them
            node.style for node in _every(root) if not node.children and _has_own(reader, node)
        )
        # Who does what stands in tables only: numbered lines are notes.
        self._tabled = any(task_tables.is_plan(page, each) for each in tables_of(root)) and not any(
            task_builder.clauses(reader, line) for line in task_builder.lines(root)
        )

    def is_task(self, node: Node) -> bool:
        """Whether an item is a task: by its clauses, else by whether such items head others."""
        if any(
            isinstance(each, Table) and task_tables.is_plan(self._page, each) for each in node.more
        ):
            return False
        if not node.children:
            if node.segment and not node.segment.mark:
                return False
            if _has_own(self._reader, node):
                return True
            heads = node.style in self._headed and node.style not in self._leaves
            return not heads and not self._tabled and not self._is_frame(node)
        return self.is_whole(node)

    def _is_frame(self, node: Node) -> bool:
        """Whether the item says what the plan aims at: 总体要求, 工作目标."""
        text = node.segment.text if node.segment else ""
        return node.style in self._headed and bool(FRAME.fullmatch(sentence(text).strip(MARKS)))

    def is_whole(self, node: Node) -> bool:
        """Whether an item with others below it is one task, of which they are parts.

        It is if the only clause is its own, or stands behind the last of them on a line of its
        own; or if there is none, and items like those below it have none anywhere.
        """
        below = [_clauses_below(self._reader, child) for child in node.children]
        if not any(below):
            mere = task_builder.is_mere(node) and node.children[0].style not in self._claused
            return _has_own(self._reader, node) or mere
        if any(below[:-1]) or len(below) < 2 or node.children[0].style in self._claused:
            return False
        last = node.children[-1]
        line = last.more[-1] if last.more else None
        if all(_counts_on(child) for child in node.children[:-1]):
            return True
        return (
            task_builder.is_mere(node)
            and isinstance(line, Segment)
            and task_builder.is_clause(self._reader, line)
        )

    def is_frame(self, node: Node, title: str) -> bool:
        """Whether the heading *title* says what the plan aims at, and nothing below it is a task."""
        return bool(FRAME.fullmatch(title)) and not _clauses_below(self._reader, node)


def is_sentence(node: Node) -> bool:
    """Whether an item without others below it is a sentence rather than a heading."""
    text = node.segment.text.strip() if node.segment else ""
    return not node.children and not node.more and text[-1:] in tuple("。；！")


def _counts_on(node: Node) -> bool:
    """Whether an item ends in ；: the next goes on with its sentence."""
    text = node.segment.text.strip() if node.segment else ""
    return text[-1:] in tuple("；;，,") and not node.more


def _every(root: Node) -> Iterator[Node]:
    waiting = list(root.children)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        yield node


def _claused(root: Node, reader: Reader) -> Iterator[str]:
    """Yield the styles of number whose items have clauses that others follow: they are tasks."""
    for node in _every(root):
        for child, following in pairwise(node.children):
            if child.style == following.style and _has_own(reader, child):
                yield child.style


def _headed(root: Node, shape: Shape) -> Iterator[str]:
    """Yield the styles of number that head tasks somewhere."""
    for node in _every(root):
        if node.children and not shape.is_whole(node):
            yield node.style


def _has_own(reader: Reader, node: Node) -> bool:
    lines = [each for each in (node.segment, *node.more) if isinstance(each, Segment)]
    return any(task_builder.clauses(reader, line) for line in lines)


def _clauses_below(reader: Reader, node: Node) -> bool:
    return any(task_builder.clauses(reader, line) for line in task_builder.lines(node)) or any(
        tables_of(node)
    )


def tables_of(node: Node) -> Iterator[Table]:
    """Yield the tables of an item and of all below it."""
    yield from (each for each in node.more if isinstance(each, Table))
    for child in node.children:
        yield from tables_of(child)


def sentence(text: str) -> str:
    """Return a heading's own words: all of it, or its first sentence where more follows."""
    first = TITLE.match(text)
    length = first.end() if first else len(text)
    return text if length >= len(text.rstrip(MARKS)) else text[: length + 1]
