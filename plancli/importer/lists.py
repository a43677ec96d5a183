"""The outline -> the plan's lists: which items are headings, which are tasks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from plancli.importer import tables, tasks
from plancli.importer.outline import Node, Segment
from plancli.importer.page import Page, Table
from plancli.importer.tasks import Reader
from plancli.model import Section, Task, TaskList

FRAME = re.compile(
    "(?:总体)?(?:要求|思路|目标)|指导思想|(?:基本|工作|主要)原则|(?:主要|工作|总体|发展|年度)目标|总体要求.*|工作思路|发展思路"
)
TITLE = re.compile("[^。！？；]*")
MARKS = " \u3000。：:；;"


@dataclass(slots=True)
class Heading:
    """A heading with what has been gathered below it."""

    no: str = ""
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    sections: list["Heading"] = field(default_factory=list)

    def section(self, no: str, title: str) -> "Heading":
        """Return a new section; tasks that stood directly below the list keep their place."""
        self.sections.append(Heading(no, title))
        return self.sections[-1]

    @property
    def last(self) -> "Heading":
        """Where the next task belongs: the list, or an untitled section behind others."""
        if not self.sections:
            return self
        return self.sections[-1] if not self.sections[-1].title else self.section("", "")

    def made(self) -> TaskList:
        """Return it as a list of the plan."""
        sections = tuple(
            Section(each.no, each.title, tuple(each.paragraphs), tuple(each.tasks))
            for each in self.sections
        )
        return TaskList(
            self.no, self.title, tuple(self.paragraphs), tasks=tuple(self.tasks), sections=sections
        )


@dataclass(slots=True)
class Builder:
    """Turns the outline of one page into lists."""

    page: Page
    reader: Reader
    lists: list[Heading] = field(default_factory=list)
    headed: frozenset[str] = frozenset()  # styles of number that head others here
    claused: frozenset[str] = frozenset()  # styles of number whose items have clauses here
    leaves: frozenset[str] = frozenset()  # styles of number with clauses and nothing below them
    tabled: bool = False  # who does what stands in tables only: numbered lines are notes

    def build(self, root: Node) -> tuple[TaskList, ...]:
        """Return the lists of the outline below *root*."""
        self.claused = frozenset(_claused(root, self.reader))
        self.headed = frozenset(_headed(root, self))
        self.leaves = frozenset(
            node.style for node in _every(root) if not node.children and _has_own(self.reader, node)
        )
        self.tabled = any(tables.is_plan(self.page, each) for each in _tables(root)) and not any(
            tasks.clauses(self.reader, line) for line in tasks.lines(root)
        )
        if root.more:
            self._more(self._current(), root)
        for node in root.children:
            if self._is_task(node):
                self._current().tasks.append(self._task(node))
            elif _is_sentence(node):
                self._paragraphs(self._open() if self.lists else self._current(), node)
            else:
                self._list(node)
        return tuple(each.made() for each in self.lists)

    def _current(self) -> Heading:
        """Return the list for tasks without a heading: the last, if it has none."""
        if not self.lists or self.lists[-1].title or self.lists[-1].no:
            self.lists.append(Heading())
        return self.lists[-1]

    def _list(self, node: Node) -> None:
        heading = self._heading(node)
        self.lists.append(heading)
        self._more(heading, node)
        framed = bool(FRAME.fullmatch(heading.title)) and not _clauses_below(self.reader, node)
        for child in node.children:
            if framed or (not self._is_task(child) and _is_sentence(child)):
                self._paragraphs(heading, child)
            elif self._is_task(child):
                heading.last.tasks.append(self._task(child))
            else:
                self._section(heading, child, "", "")

    def _section(self, list_: Heading, node: Node, no: str, title: str) -> None:
        """Add a section; headings below it become sections, too, named with what they stand in."""
        own = self._heading(node)
        joined = "／".join(filter(None, (title, own.title)))
        section = list_.section(no + own.no, joined)
        section.paragraphs, section.tasks = own.paragraphs, own.tasks
        self._more(section, node, list_)
        for child in node.children:
            if self._is_task(child):
                if list_.sections[-1] is not section:
                    section = list_.section("", joined)
                section.tasks.append(self._task(child))
            else:
                self._section(list_, child, f"{no + own.no}.", joined)

    def _heading(self, node: Node) -> Heading:
        """Return a heading with its number and title; what else its line says is below it."""
        segment = node.segment
        assert segment
        self._number(segment)
        account, words = self.reader.account, segment.words
        no = segment.mark.no if segment.mark else ""
        if tasks.clauses(self.reader, segment):  # it has a clause of its own: a task, too
            heading = Heading(no, _title(segment))
            heading.tasks.append(tasks.task(self.reader, no, [segment]))
            return heading
        cut = segment.start + len(_sentence(segment.text))
        heading = Heading(no, words.text[segment.start : cut].strip(MARKS))
        account.words(words, segment.start, cut, "heading")
        if words.text[cut : segment.end].strip():
            self._paragraph(heading, segment._replace(mark=None, begin=cut, start=cut))
        self.reader.declared(segment)
        return heading

    def _number(self, segment: Segment) -> None:
        self.reader.account.words(segment.words, segment.begin, segment.start, "number")

    def _more(self, heading: Heading, node: Node, list_: Heading | None = None) -> None:
        """Add what stands below a heading beside numbered items: paragraphs, and tables of tasks."""
        for each in node.more:
            if isinstance(each, Segment):
                self._paragraph(heading, each)
            elif tables.is_plan(self.page, each):
                self._table(list_ or heading, heading, each)
            else:
                self._plain(heading, each)

    def _table(self, list_: Heading, heading: Heading, table: Table) -> None:
        at = heading
        current: tuple[str, ...] = ()
        for row in tables.rows(self.page, table, self.reader):
            if row.headings != current:
                current = row.headings
                at = list_.section(row.number, "／".join(current)) if current else list_.last
            at.tasks.append(row.task)
        heading.paragraphs += tables.left(self.page, table, self.reader)

    def _plain(self, heading: Heading, table: Table) -> None:
        """Keep a table that names nobody: its cells are a paragraph."""
        cells = [
            self.page.text[cell.start : cell.end].replace("\v", " ").strip() for cell in table.cells
        ]
        for cell in table.cells:
            self.reader.account.span(cell.start, cell.end, "paragraph")
        if said := " ".join(filter(None, cells)):
            heading.paragraphs.append(said)

    def _paragraphs(self, heading: Heading, node: Node) -> None:
        for line in tasks.lines(node):
            self._paragraph(heading, line._replace(mark=None, start=line.begin))
        for table in _tables(node):
            self._plain(heading, table)

    def _paragraph(self, heading: Heading, segment: Segment) -> None:
        self.reader.declared(segment)
        self.reader.account.words(segment.words, segment.start, segment.end, "paragraph")
        heading.paragraphs.append(segment.text.replace("\v", " ").strip())

    def _task(self, node: Node) -> Task:
        segment = node.segment
        assert segment
        self._number(segment)
        no = segment.mark.no if segment.mark else ""
        own, rest = tasks.closed(self.reader, tasks.lines(node))
        made = tasks.task(self.reader, no, own)
        for line in rest:
            self._paragraph(self._open(), line)
        for table in _tables(node):
            self._plain(self.lists[-1], table)
        return made

    def _open(self) -> Heading:
        """Return the heading that was begun last."""
        last = self.lists[-1]
        return last.sections[-1] if last.sections else last

    def _is_task(self, node: Node) -> bool:
        """Whether an item is a task: by its clauses, else by whether such items head others."""
        if any(isinstance(each, Table) and tables.is_plan(self.page, each) for each in node.more):
            return False
        if not node.children:
            if node.segment and not node.segment.mark:
                return False
            if _has_own(self.reader, node):
                return True
            heads = node.style in self.headed and node.style not in self.leaves
            return not heads and not self.tabled and not self._is_frame(node)
        return self.is_whole(node)

    def _is_frame(self, node: Node) -> bool:
        """Whether the item says what the plan aims at: 总体要求, 工作目标."""
        text = node.segment.text if node.segment else ""
        return node.style in self.headed and bool(FRAME.fullmatch(_sentence(text).strip(MARKS)))

    def is_whole(self, node: Node) -> bool:
        """Whether an item with others below it is one task, of which they are parts.

        It is if the only clause is its own, or stands behind the last of them on a line of its
        own; or if there is none, and items like those below it have none anywhere.
        """
        below = [_clauses_below(self.reader, child) for child in node.children]
        if not any(below):
            mere = tasks.is_mere(node) and node.children[0].style not in self.claused
            return _has_own(self.reader, node) or mere
        if any(below[:-1]) or len(below) < 2 or node.children[0].style in self.claused:
            return False
        last = node.children[-1]
        line = last.more[-1] if last.more else None
        if all(_counts_on(child) for child in node.children[:-1]):
            return True
        return (
            tasks.is_mere(node) and isinstance(line, Segment) and tasks.is_clause(self.reader, line)
        )


def _is_sentence(node: Node) -> bool:
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


def _headed(root: Node, builder: Builder) -> Iterator[str]:
    """Yield the styles of number that head tasks somewhere."""
    for node in _every(root):
        if node.children and not builder.is_whole(node):
            yield node.style


def _has_own(reader: Reader, node: Node) -> bool:
    lines = [each for each in (node.segment, *node.more) if isinstance(each, Segment)]
    return any(tasks.clauses(reader, line) for line in lines)


def _clauses_below(reader: Reader, node: Node) -> bool:
    return any(tasks.clauses(reader, line) for line in tasks.lines(node)) or any(_tables(node))


def _tables(node: Node) -> Iterator[Table]:
    yield from (each for each in node.more if isinstance(each, Table))
    for child in node.children:
        yield from _tables(child)


def _sentence(text: str) -> str:
    """Return a heading's own words: all of it, or its first sentence where more follows."""
    first = TITLE.match(text)
    length = first.end() if first else len(text)
    return text if length >= len(text.rstrip(MARKS)) else text[: length + 1]


def _title(segment: Segment) -> str:
    return _sentence(segment.text).strip(MARKS)[:60]
