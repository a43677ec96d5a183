"""Which items of an outline are headings and which are tasks, by what the whole outline is like."""

import re
from collections.abc import Iterator
from itertools import pairwise

from plancli.importing.parsing import task_builder, task_tables
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import SourceTable, SourceText

GOAL_TITLE = re.compile(
    "(?:总体)?(?:要求|思路|目标)|指导思想|(?:基本|工作|主要)原则|(?:主要|工作|总体|发展|年度)目标|总体要求.*|工作思路|发展思路"
)
TITLE_TEXT = re.compile("[^。！？；]*")
TITLE_MARKS = " \u3000。：:；;"


class OutlineClassifier:
    """What the styles of number of one outline are used for."""

    def __init__(self, page: SourceText, reader: ImportContext, root: OutlineNode) -> None:
        self._page, self._reader = page, reader
        self._claused = frozenset(
            _find_clause_styles(root, reader)
        )  # its items have clauses of their own
        self._headed = frozenset(_find_heading_styles(root, self))  # its items head others
        self._leaves = frozenset(  # its items have clauses and nothing below them
            node.style
            for node in _iter_nodes(root)
            if not node.children and _has_own_clause(reader, node)
        )
        # Who does what stands in tables only: numbered lines are notes.
        self._tabled = any(
            task_tables.is_task_table(page, each) for each in iter_tables(root)
        ) and not any(
            task_builder.find_clauses(reader, line) for line in task_builder.collect_lines(root)
        )

    def is_task(self, node: OutlineNode) -> bool:
        """Whether an item is a task: by its clauses, else by whether such items head others."""
        if any(
            isinstance(each, SourceTable) and task_tables.is_task_table(self._page, each)
            for each in node.content
        ):
            return False
        if not node.children:
            if node.segment and not node.segment.number:
                return False
            if _has_own_clause(self._reader, node):
                return True
            heads = node.style in self._headed and node.style not in self._leaves
            return not heads and not self._tabled and not self._is_goal_item(node)
        return self.is_single_task(node)

    def _is_goal_item(self, node: OutlineNode) -> bool:
        """Whether the item says what the plan aims at: 总体要求, 工作目标."""
        text = node.segment.text if node.segment else ""
        return node.style in self._headed and bool(
            GOAL_TITLE.fullmatch(extract_first_sentence(text).strip(TITLE_MARKS))
        )

    def is_single_task(self, node: OutlineNode) -> bool:
        """Whether an item with others below it is one task, of which they are parts.

        It is if the only clause is its own, or stands behind the last of them on a line of its
        own; or if there is none, and items like those below it have none anywhere.
        """
        below = [_has_clause_below(self._reader, child) for child in node.children]
        if not any(below):
            mere = (
                task_builder.has_enumerated_children(node)
                and node.children[0].style not in self._claused
            )
            return _has_own_clause(self._reader, node) or mere
        if any(below[:-1]) or len(below) < 2 or node.children[0].style in self._claused:
            return False
        last = node.children[-1]
        line = last.content[-1] if last.content else None
        if all(_is_continued(child) for child in node.children[:-1]):
            return True
        return (
            task_builder.has_enumerated_children(node)
            and isinstance(line, OutlineSegment)
            and task_builder.is_clause(self._reader, line)
        )

    def is_goal_section(self, node: OutlineNode, title: str) -> bool:
        """Whether the heading *title* says what the plan aims at, and nothing below it is a task."""
        return bool(GOAL_TITLE.fullmatch(title)) and not _has_clause_below(self._reader, node)


def is_sentence(node: OutlineNode) -> bool:
    """Whether an item without others below it is a sentence rather than a heading."""
    text = node.segment.text.strip() if node.segment else ""
    return not node.children and not node.content and text[-1:] in tuple("。；！")


def _is_continued(node: OutlineNode) -> bool:
    """Whether an item ends in ；: the next goes on with its sentence."""
    text = node.segment.text.strip() if node.segment else ""
    return text[-1:] in tuple("；;，,") and not node.content


def _iter_nodes(root: OutlineNode) -> Iterator[OutlineNode]:
    waiting = list(root.children)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        yield node


def _find_clause_styles(root: OutlineNode, reader: ImportContext) -> Iterator[str]:
    """Yield the styles of number whose items have clauses that others follow: they are tasks."""
    for node in _iter_nodes(root):
        for child, following in pairwise(node.children):
            if child.style == following.style and _has_own_clause(reader, child):
                yield child.style


def _find_heading_styles(root: OutlineNode, shape: OutlineClassifier) -> Iterator[str]:
    """Yield the styles of number that head tasks somewhere."""
    for node in _iter_nodes(root):
        if node.children and not shape.is_single_task(node):
            yield node.style


def _has_own_clause(reader: ImportContext, node: OutlineNode) -> bool:
    lines = [each for each in (node.segment, *node.content) if isinstance(each, OutlineSegment)]
    return any(task_builder.find_clauses(reader, line) for line in lines)


def _has_clause_below(reader: ImportContext, node: OutlineNode) -> bool:
    return any(
        task_builder.find_clauses(reader, line) for line in task_builder.collect_lines(node)
    ) or any(iter_tables(node))


def iter_tables(node: OutlineNode) -> Iterator[SourceTable]:
    """Yield the tables of an item and of all below it."""
    yield from (each for each in node.content if isinstance(each, SourceTable))
    for child in node.children:
        yield from iter_tables(child)


def extract_first_sentence(text: str) -> str:
    """Return a heading's own words: all of it, or its first sentence where more follows."""
    first = TITLE_TEXT.match(text)
    length = first.end() if first else len(text)
    return text if length >= len(text.rstrip(TITLE_MARKS)) else text[: length + 1]
