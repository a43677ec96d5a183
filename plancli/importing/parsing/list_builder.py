"""The outline -> the plan's lists: which items are headings, which are tasks."""

from collections import Counter
from dataclasses import dataclass, field

from plancli.importing.parsing import numbering, outline, task_builder, task_tables
from plancli.importing.parsing.classifier import MARKS, Shape, is_sentence, sentence, tables_of
from plancli.importing.parsing.outline import Node, Segment
from plancli.importing.parsing.task_builder import Reader
from plancli.importing.readers.page import Page, Table, on_one_line
from plancli.plan.model import Section, Task, TaskList


@dataclass(slots=True)
class Heading:
    """A heading with what has been gathered below it."""

    no: str = ""
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    sections: list["Heading"] = field(default_factory=list)
    unnumbered: int = 0  # tasks below it that print no number

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
    shape: Shape = field(init=False)

    def build(self, root: Node) -> tuple[TaskList, ...]:
        """Return the lists of the outline below *root*."""
        self.shape = Shape(self.page, self.reader, root)
        if root.more:
            self._more(self._current(), root)
        counted = self._counted(root)
        for node in root.children:
            if self.shape.is_task(node):
                self._current().tasks.append(self._task(node))
            elif is_sentence(node):
                self._paragraphs(self._open() if self.lists else self._current(), node)
            else:
                self._list(node, _above(node, counted))
        return tuple(each.made() for each in self.lists)

    def _current(self) -> Heading:
        """Return the list for tasks without a heading: the last, if it has none."""
        if not self.lists or self.lists[-1].title or self.lists[-1].no:
            self.lists.append(Heading())
        return self.lists[-1]

    def _list(self, node: Node, above: str) -> None:
        heading = self._heading(node)
        self.lists.append(heading)
        self._more(heading, node)
        framed = self.shape.is_frame(node, heading.title)
        counted = self._counted(node)
        for child in node.children:
            if framed or (not self.shape.is_task(child) and is_sentence(child)):
                self._paragraphs(heading, child)
            elif self.shape.is_task(child):
                heading.last.tasks.append(self._task(child, above))
            else:
                self._section(heading, child, "", "", _above(child, counted, above))

    def _section(self, list_: Heading, node: Node, no: str, title: str, above: str) -> None:
        """Add a section; headings below it become sections, too, named with what they stand in."""
        own = self._heading(node)
        joined = "／".join(filter(None, (title, own.title)))
        section = list_.section(no + own.no, joined)
        section.paragraphs, section.tasks = own.paragraphs, own.tasks
        self._more(section, node, list_)
        counted = self._counted(node)
        for child in node.children:
            if self.shape.is_task(child):
                if list_.sections[-1] is not section:
                    section = list_.section("", joined)
                section.tasks.append(self._task(child, above))
            else:
                part = _above(child, counted, above)
                self._section(list_, child, f"{no + own.no}.", joined, part)

    def _counted(self, node: Node) -> frozenset[str]:
        """Return the styles of number which, just below *node*, more tasks have than headings."""
        found: Counter[str] = Counter()
        for child in node.children:
            found[child.style] += 1 if self.shape.is_task(child) else -1
        return frozenset(style for style, more in found.items() if more > 0)

    def _heading(self, node: Node) -> Heading:
        """Return a heading with its number and title; what else its line says is below it."""
        segment = node.segment
        assert segment
        self._number(segment)
        account, words = self.reader.account, segment.words
        no = segment.mark.no if segment.mark else ""
        own = [segment]
        while node.more and isinstance(line := node.more[0], Segment) and self._is_clause(line):
            own.append(line)
            node.more.pop(0)
        if len(own) > 1 or task_builder.clauses(
            self.reader, segment
        ):  # a task, too: it has a clause
            heading = Heading(no, _title(segment))
            heading.tasks.append(task_builder.task(self.reader, no, own))
            return heading
        cut = segment.start + len(sentence(segment.text))
        heading = Heading(no, on_one_line(words.text[segment.start : cut]).strip(MARKS))
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
                self._unnumbered(heading, each)
            elif task_tables.is_plan(self.page, each):
                self._table(list_ or heading, heading, each)
            else:
                self._plain(heading, each)

    def _unnumbered(self, heading: Heading, segment: Segment) -> None:
        """Add a paragraph without a number: a task if it has a clause, numbered by us."""
        if not task_builder.clauses(self.reader, segment):
            self._paragraph(heading, segment)
            return
        heading.unnumbered += 1
        no = str(heading.unnumbered)
        self.reader.remark("no-number", segment.words.at(segment.start), segment.text[:20], no)
        heading.tasks.append(task_builder.task(self.reader, no, [segment]))

    def _is_clause(self, line: Segment) -> bool:
        return task_builder.is_clause(self.reader, line)

    def _table(self, list_: Heading, heading: Heading, table: Table) -> None:
        at = heading
        current: tuple[str, ...] = ()
        before, printed = numbering.NONE, "—"
        for row in task_tables.rows(self.page, table, self.reader):
            number = numbering.parts(row.task.no)
            anew = row.headings != current and numbering.follows(numbering.NONE, number)
            if number[0] and not numbering.follows(before, number) and not anew:
                rule, said = outline.rule(before, number), f"{printed} → {row.task.no}"
                self.reader.remark(rule, row.at, said, row.task.no, doubtful=True)
            before, printed = number, row.task.no
            if row.headings != current:
                current = row.headings
                at = list_.section(row.number, "／".join(current)) if current else list_.last
            at.tasks.append(row.task)
        heading.paragraphs += task_tables.left(self.page, table, self.reader)

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
        for line in task_builder.lines(node):
            self._paragraph(heading, line._replace(mark=None, start=line.begin))
        for table in tables_of(node):
            self._plain(heading, table)

    def _paragraph(self, heading: Heading, segment: Segment) -> None:
        self.reader.declared(segment)
        self.reader.account.words(segment.words, segment.start, segment.end, "paragraph")
        if said := segment.text.replace("\v", " ").strip():
            heading.paragraphs.append(said)

    def _task(self, node: Node, above: str = "") -> Task:
        segment = node.segment
        assert segment
        self._number(segment)
        no = _within(above, segment.mark.no if segment.mark else "")
        own, rest = task_builder.closed(self.reader, task_builder.lines(node))
        made = task_builder.task(self.reader, no, own)
        for line in rest:
            self._paragraph(self._open(), line)
        for table in tables_of(node):
            self._plain(self.lists[-1], table)
        return made

    def _open(self) -> Heading:
        """Return the heading that was begun last."""
        last = self.lists[-1]
        return last.sections[-1] if last.sections else last


def _above(node: Node, counted: frozenset[str], above: str = "") -> str:
    """Return the number that tasks below the heading *node* have before their own.

    None, unless it counts on among tasks: 11, whose parts have clauses, between 10 and 12.
    """
    mark = node.segment.mark if node.segment else None
    return _within(above, mark.no) if mark and mark.style in counted else ""


def _within(above: str, no: str) -> str:
    """Return (1) below 11 as 11(1); 11.1 says it already."""
    return f"{above}({no})" if above and no and not no.startswith(f"{above}.") else no


def _title(segment: Segment) -> str:
    """Return the heading's title where its line is a task, too; at most 60 characters."""
    return on_one_line(sentence(segment.text)).strip(MARKS)[:60].strip()
