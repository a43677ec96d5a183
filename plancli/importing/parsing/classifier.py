"""Decide which nodes of an outline are sections and which are tasks, from the whole outline."""

import re
from collections.abc import Iterator
from itertools import pairwise

from plancli.importing.parsing import heading_clause, task_builder, task_tables
from plancli.importing.parsing.outline import ANNEX_STYLE, ITEM_STYLE, OutlineNode, OutlineSegment
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import SourceTable, SourceText

GOAL_TITLE = re.compile(
    "(?:总体)?(?:要求|思路|目标)|指导思想|(?:基本|工作|主要)原则|(?:主要|工作|总体|发展|年度)目标|总体要求.*|工作思路|发展思路|附\\s*[件表录](?:清单|目录)?"
)
TITLE_TEXT = re.compile("[^。！？；]*")
TITLE_MARKS = " \u3000。：:；;"


class OutlineClassifier:
    """Classifies nodes by what the number styles of the outline are used for."""

    def __init__(self, page: SourceText, context: ImportContext, root: OutlineNode) -> None:
        self._page, self._context = page, context
        # Styles of nodes that have clauses, that have tasks below them, and that have clauses but
        # no children.
        self._clause_styles = frozenset(_find_clause_styles(root, context))
        self._heading_styles = frozenset(_find_heading_styles(root, self))
        self._leaf_styles = frozenset(
            node.style
            for node in _iter_nodes(root)
            if not node.children and _has_own_clause(context, node)
        )
        # All clauses are in tables: numbered lines are notes.
        self._has_tables_only = any(
            task_tables.is_task_table(page, each) for each in iter_tables(root)
        ) and not any(
            task_builder.find_clauses(context, line) for line in task_builder.collect_lines(root)
        )

    def is_task(self, node: OutlineNode) -> bool:
        """Return whether a node is a task: by its clauses, else by the use of its number style."""
        if node.style == ANNEX_STYLE or any(
            isinstance(each, SourceTable) and task_tables.is_task_table(self._page, each)
            for each in node.content
        ):
            return False
        if not node.children:
            if node.segment and not node.segment.number:
                return node.style.startswith(ITEM_STYLE) and self._ends_in_clause(node)
            if _has_own_clause(self._context, node):
                return True
            is_heading = node.style in self._heading_styles and node.style not in self._leaf_styles
            return not is_heading and not self._has_tables_only and not self._is_goal_item(node)
        return self.is_single_task(node)

    def _is_goal_item(self, node: OutlineNode) -> bool:
        """Return whether the node states goals of the plan: 总体要求, 工作目标."""
        text = node.segment.text if node.segment else ""
        return node.style in self._heading_styles and bool(
            GOAL_TITLE.fullmatch(extract_first_sentence(text).strip(TITLE_MARKS))
        )

    def is_single_task(self, node: OutlineNode) -> bool:
        """Return whether a node with children is one task with parts.

        It is if the only clause is its own, or on a line after the last child; or if there is no
        clause, and nodes with the number style of its children never have one.  It is not if it is
        a title with a clause that holds for the tasks below it.
        """
        if heading_clause.find_titled_clause(self._context, node):
            return False
        below = [_has_clause_below(self._context, child) for child in node.children]
        if not any(below):
            is_enumeration = (
                task_builder.has_enumerated_children(node)
                and node.children[0].style not in self._clause_styles
            )
            return _has_own_clause(self._context, node) or is_enumeration
        is_run = node.children[0].style == "be"  # 一是…二是… may be one line
        if any(below[:-1]) or node.children[0].style in self._clause_styles:
            return False
        if len(below) < 2 and not is_run:
            return False
        last = node.children[-1]
        line = last.content[-1] if last.content else None
        if all(_is_continued(child) for child in node.children[:-1]):
            return True
        return (
            task_builder.has_enumerated_children(node)
            and isinstance(line, OutlineSegment)
            and task_builder.is_clause(self._context, line)
        )

    def _ends_in_clause(self, node: OutlineNode) -> bool:
        """Return whether the last line of *node*, and no other, is a clause."""
        lines = [each for each in node.content if isinstance(each, OutlineSegment)]
        clauses = [bool(task_builder.find_clauses(self._context, each)) for each in lines]
        return clauses[-1:] == [True] and not any(clauses[:-1])

    def has_clause(self, node: OutlineNode) -> bool:
        """Return whether a clause is anywhere in or below *node*."""
        return _has_own_clause(self._context, node) or _has_clause_below(self._context, node)

    def is_goal_section(self, node: OutlineNode, title: str) -> bool:
        """Return whether the section *title* states goals of the plan, and has no tasks."""
        return bool(GOAL_TITLE.fullmatch(title)) and not _has_clause_below(self._context, node)


def is_sentence(node: OutlineNode) -> bool:
    """Return whether a node without children is a sentence rather than a title."""
    text = node.segment.text.strip() if node.segment else ""
    return not node.children and not node.content and text[-1:] in tuple("。；！")


def _is_continued(node: OutlineNode) -> bool:
    """Return whether a node ends in ；: the next node continues its sentence."""
    text = node.segment.text.strip() if node.segment else ""
    return text[-1:] in tuple("；;，,") and not node.content


def _iter_nodes(root: OutlineNode) -> Iterator[OutlineNode]:
    stack = list(root.children)
    while stack:
        node = stack.pop()
        stack += node.children
        yield node


def _find_clause_styles(root: OutlineNode, context: ImportContext) -> Iterator[str]:
    """Yield the number styles of nodes with a clause that are followed by one of the same style."""
    for node in _iter_nodes(root):
        for child, following in pairwise(node.children):
            if child.style == following.style and _has_own_clause(context, child):
                yield child.style


def _find_heading_styles(root: OutlineNode, classifier: OutlineClassifier) -> Iterator[str]:
    """Yield the number styles of nodes that have tasks below them."""
    for node in _iter_nodes(root):
        if node.children and not classifier.is_single_task(node):
            yield node.style


def _has_own_clause(context: ImportContext, node: OutlineNode) -> bool:
    lines = [each for each in (node.segment, *node.content) if isinstance(each, OutlineSegment)]
    return any(task_builder.find_clauses(context, line) for line in lines)


def _has_clause_below(context: ImportContext, node: OutlineNode) -> bool:
    return any(
        task_builder.find_clauses(context, line) for line in task_builder.collect_lines(node)
    ) or any(iter_tables(node))


def iter_tables(node: OutlineNode) -> Iterator[SourceTable]:
    """Yield the tables of a node and its descendants."""
    yield from (each for each in node.content if isinstance(each, SourceTable))
    for child in node.children:
        yield from iter_tables(child)


def extract_first_sentence(text: str) -> str:
    """Return the title in *text*: all of it, or its first sentence if more follows."""
    first = TITLE_TEXT.match(text)
    length = first.end() if first else len(text)
    return text if length >= len(text.rstrip(TITLE_MARKS)) else text[: length + 1]
