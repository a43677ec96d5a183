"""Build the lists of a plan from the outline, with their sections and tasks."""

from collections import Counter
from dataclasses import dataclass, field

from plancli.importing.parsing import numbering, outline, task_builder, task_tables
from plancli.importing.parsing.classifier import (
    TITLE_MARKS,
    OutlineClassifier,
    extract_first_sentence,
    is_sentence,
    iter_tables,
)
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import SourceTable, SourceText, join_lines
from plancli.plan.model import Section, Task, TaskList


@dataclass(slots=True)
class SectionDraft:
    """A list or a section while it is built."""

    no: str = ""
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    sections: list["SectionDraft"] = field(default_factory=list)
    unnumbered_count: int = 0  # tasks in it without a number

    def add_section(self, no: str, title: str) -> "SectionDraft":
        """Add and return a new section."""
        self.sections.append(SectionDraft(no, title))
        return self.sections[-1]

    @property
    def current_section(self) -> "SectionDraft":
        """The place for the next task: the list, or an untitled section after others."""
        if not self.sections:
            return self
        return self.sections[-1] if not self.sections[-1].title else self.add_section("", "")

    def to_task_list(self) -> TaskList:
        """Return the finished list."""
        sections = tuple(
            Section(each.no, each.title, tuple(each.paragraphs), tuple(each.tasks))
            for each in self.sections
        )
        return TaskList(
            self.no, self.title, tuple(self.paragraphs), tasks=tuple(self.tasks), sections=sections
        )


@dataclass(slots=True)
class TaskListBuilder:
    """Builds lists from the outline of one document."""

    page: SourceText
    context: ImportContext
    lists: list[SectionDraft] = field(default_factory=list)
    classifier: OutlineClassifier = field(init=False)

    def build(self, root: OutlineNode) -> tuple[TaskList, ...]:
        """Return the lists for the nodes below *root*."""
        self.classifier = OutlineClassifier(self.page, self.context, root)
        if root.content:
            self._add_content(self._get_current_list(), root)
        counted = self._find_counted_styles(root)
        for node in root.children:
            if self.classifier.is_task(node):
                self._get_current_list().tasks.append(self._build_task(node))
            elif is_sentence(node):
                self._add_paragraphs(
                    self._get_open_section() if self.lists else self._get_current_list(), node
                )
            else:
                self._add_list(node, _find_parent_number(node, counted))
        return tuple(each.to_task_list() for each in self.lists)

    def _get_current_list(self) -> SectionDraft:
        """Return the list for tasks without a list: the last one, if it has no title or number."""
        if not self.lists or self.lists[-1].title or self.lists[-1].no:
            self.lists.append(SectionDraft())
        return self.lists[-1]

    def _add_list(self, node: OutlineNode, above: str) -> None:
        heading = self._build_section(node)
        self.lists.append(heading)
        self._add_content(heading, node)
        framed = self.classifier.is_goal_section(node, heading.title)
        counted = self._find_counted_styles(node)
        for child in node.children:
            if framed or (not self.classifier.is_task(child) and is_sentence(child)):
                self._add_paragraphs(heading, child)
            elif self.classifier.is_task(child):
                heading.current_section.tasks.append(self._build_task(child, above))
            else:
                self._add_section(
                    heading, child, "", "", _find_parent_number(child, counted, above)
                )

    def _add_section(
        self, list_: SectionDraft, node: OutlineNode, no: str, title: str, above: str
    ) -> None:
        """Add a section; its subsections become sections with the joined titles."""
        own = self._build_section(node)
        joined = "／".join(filter(None, (title, own.title)))
        section = list_.add_section(no + own.no, joined)
        section.paragraphs, section.tasks = own.paragraphs, own.tasks
        self._add_content(section, node, list_)
        counted = self._find_counted_styles(node)
        for child in node.children:
            if self.classifier.is_task(child):
                if list_.sections[-1] is not section:
                    section = list_.add_section("", joined)
                section.tasks.append(self._build_task(child, above))
            else:
                part = _find_parent_number(child, counted, above)
                self._add_section(list_, child, f"{no + own.no}.", joined, part)

    def _find_counted_styles(self, node: OutlineNode) -> frozenset[str]:
        """Return the number styles that more tasks than sections have among the children."""
        counts: Counter[str] = Counter()
        for child in node.children:
            counts[child.style] += 1 if self.classifier.is_task(child) else -1
        return frozenset(style for style, count in counts.items() if count > 0)

    def _build_section(self, node: OutlineNode) -> SectionDraft:
        """Return a section with its number and title; the rest of its line is added to it."""
        segment = node.segment
        assert segment
        self._add_number_span(segment)
        account, words = self.context.coverage, segment.span
        no = segment.number.no if segment.number else ""
        own = [segment]
        while (
            node.content
            and isinstance(line := node.content[0], OutlineSegment)
            and self._is_clause(line)
        ):
            own.append(line)
            node.content.pop(0)
        # A section with a clause is also a task.
        if len(own) > 1 or task_builder.find_clauses(self.context, segment):
            heading = SectionDraft(no, _extract_title(segment))
            heading.tasks.append(task_builder.build_task(self.context, no, own))
            return heading
        cut = segment.start + len(extract_first_sentence(segment.text))
        heading = SectionDraft(no, join_lines(words.text[segment.start : cut]).strip(TITLE_MARKS))
        account.add_text(words, segment.start, cut, "heading")
        if words.text[cut : segment.end].strip():
            self._add_paragraph(heading, segment._replace(number=None, begin=cut, start=cut))
        self.context.apply_declaration(segment)
        return heading

    def _add_number_span(self, segment: OutlineSegment) -> None:
        self.context.coverage.add_text(segment.span, segment.begin, segment.start, "number")

    def _add_content(
        self, heading: SectionDraft, node: OutlineNode, list_: SectionDraft | None = None
    ) -> None:
        """Add the content of a node other than its children: paragraphs and tables."""
        for each in node.content:
            if isinstance(each, OutlineSegment):
                self._add_unnumbered(heading, each)
            elif task_tables.is_task_table(self.page, each):
                self._add_table(list_ or heading, heading, each)
            else:
                self._add_plain_table(heading, each)

    def _add_unnumbered(self, heading: SectionDraft, segment: OutlineSegment) -> None:
        """Add a paragraph without a number; with a clause, it becomes a task numbered by plancli."""
        if not task_builder.find_clauses(self.context, segment):
            self._add_paragraph(heading, segment)
            return
        heading.unnumbered_count += 1
        no = str(heading.unnumbered_count)
        self.context.add_diagnostic(
            "no-number", segment.span.locate(segment.start), segment.text[:20], no
        )
        heading.tasks.append(task_builder.build_task(self.context, no, [segment]))

    def _is_clause(self, line: OutlineSegment) -> bool:
        return task_builder.is_clause(self.context, line)

    def _add_table(self, list_: SectionDraft, heading: SectionDraft, table: SourceTable) -> None:
        at = heading
        current: tuple[str, ...] = ()
        before, printed = numbering.NO_NUMBER, "—"
        for row in task_tables.read_tasks(self.page, table, self.context):
            number = numbering.split_subtask_number(row.task.no)
            restarts = row.headings != current and numbering.is_next_number(
                numbering.NO_NUMBER, number
            )
            if number[0] and not numbering.is_next_number(before, number) and not restarts:
                rule, words = outline.classify_break(before, number), f"{printed} → {row.task.no}"
                self.context.add_diagnostic(rule, row.position, words, row.task.no, doubtful=True)
            before, printed = number, row.task.no
            if row.headings != current:
                current = row.headings
                at = (
                    list_.add_section(row.number, "／".join(current))
                    if current
                    else list_.current_section
                )
            at.tasks.append(row.task)
        heading.paragraphs += task_tables.collect_leftover_cells(self.page, table, self.context)

    def _add_plain_table(self, heading: SectionDraft, table: SourceTable) -> None:
        """Add the cells of a table without tasks as a paragraph."""
        cells = [
            self.page.text[cell.start : cell.end].replace("\v", " ").strip() for cell in table.cells
        ]
        for cell in table.cells:
            self.context.coverage.add_span(cell.start, cell.end, "paragraph")
        if text := " ".join(filter(None, cells)):
            heading.paragraphs.append(text)

    def _add_paragraphs(self, heading: SectionDraft, node: OutlineNode) -> None:
        for line in task_builder.collect_lines(node):
            self._add_paragraph(heading, line._replace(number=None, start=line.begin))
        for table in iter_tables(node):
            self._add_plain_table(heading, table)

    def _add_paragraph(self, heading: SectionDraft, segment: OutlineSegment) -> None:
        self.context.apply_declaration(segment)
        self.context.coverage.add_text(segment.span, segment.start, segment.end, "paragraph")
        if text := segment.text.replace("\v", " ").strip():
            heading.paragraphs.append(text)

    def _build_task(self, node: OutlineNode, above: str = "") -> Task:
        segment = node.segment
        assert segment
        self._add_number_span(segment)
        no = _join_numbers(above, segment.number.no if segment.number else "")
        own, rest = task_builder.split_task_lines(self.context, task_builder.collect_lines(node))
        task = task_builder.build_task(self.context, no, own)
        for line in rest:
            self._add_paragraph(self._get_open_section(), line)
        for table in iter_tables(node):
            self._add_plain_table(self.lists[-1], table)
        return task

    def _get_open_section(self) -> SectionDraft:
        """Return the last section, or the last list if it has none."""
        last = self.lists[-1]
        return last.sections[-1] if last.sections else last


def _find_parent_number(node: OutlineNode, counted: frozenset[str], above: str = "") -> str:
    """Return the prefix for the numbers of tasks in the section *node*, or ''.

    Only if the section is numbered like the tasks around it: 11, with clauses in its parts, between
    the tasks 10 and 12.
    """
    mark = node.segment.number if node.segment else None
    return _join_numbers(above, mark.no) if mark and mark.style in counted else ""


def _join_numbers(above: str, no: str) -> str:
    """Return 11(1) for (1) below 11; 11.1 already includes it."""
    return f"{above}({no})" if above and no and not no.startswith(f"{above}.") else no


def _extract_title(segment: OutlineSegment) -> str:
    """Return the title of a section that is also a task; at most 60 characters."""
    return join_lines(extract_first_sentence(segment.text)).strip(TITLE_MARKS)[:60].strip()
