"""Build the lists of a plan from the outline, with their sections and tasks."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from plancli.importing.parsing import (
    closing,
    heading_clause,
    numbering,
    outline,
    task_builder,
    task_tables,
)
from plancli.importing.parsing.classifier import (
    TITLE_MARKS,
    OutlineClassifier,
    extract_first_sentence,
    is_sentence,
    iter_tables,
)
from plancli.importing.parsing.document_title import ANNEX_LABEL
from plancli.importing.parsing.heading_clause import TitledClause
from plancli.importing.parsing.outline import ANNEX_STYLE, OutlineNode, OutlineSegment
from plancli.importing.parsing.task_builder import ImportContext
from plancli.importing.readers.page import SourceTable, SourceText, join_lines
from plancli.plan.model import Section, Task, TaskList

TABLE_TITLE = re.compile("(?:表|清单|台账|分工|任务|方案|计划|要点)(?:[（(][^（）()]{1,20}[）)])?$")
MAX_TABLE_TITLE = 40  # characters
# Marks and words that no sentence begins with.
TORN_BEGINNING = re.compile(
    "[ \u3000]*(?:[，,。；;、：:！!？?）)】〕》”%％]|的(?!士|哥|卢|黎)|以及|并且|及其|及(?!时|早|格|第)|等(?!级|候|待|同|距|值|额|比|次|保))"
)


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
    last_nodes: set[int] = field(default_factory=set)  # ids of those that a closing may follow
    heading_clause: str = ""  # words of the heading above that name who is responsible

    def build(self, root: OutlineNode) -> tuple[TaskList, ...]:
        """Return the lists for the nodes below *root*."""
        self.classifier = OutlineClassifier(self.page, self.context, root)
        self.last_nodes = {id(node) for node in _iter_last_nodes(root)}
        if root.content:
            self._add_content(self._get_current_list(), root)
        counted = self._find_counted_styles(root)
        for node in root.children:
            if node.style == ANNEX_STYLE:
                self._add_list(node, "")
            elif self.classifier.is_task(node):
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
        with self._apply_heading(node):
            self._add_list_content(node, above)

    def _add_list_content(self, node: OutlineNode, above: str) -> None:
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
        with self._apply_heading(node):
            self._add_section_content(list_, node, no, title, above)

    @contextmanager
    def _apply_heading(self, node: OutlineNode) -> Iterator[None]:
        """Let a clause in the heading *node* hold for the tasks below that have none of their own."""
        before, segment = self.heading_clause, node.segment
        text = segment.text.strip() if segment and node.children else ""
        titled = heading_clause.find_titled_clause(self.context, node)
        own = titled.words if titled else heading_clause.find_clause(text)
        self.heading_clause = own or before
        if segment and heading_clause.is_agency(text) and not self.classifier.has_clause(node):
            position = segment.span.locate(segment.start)
            self.context.add_doubt("unread-duty", position, text)
        yield
        self.heading_clause = before

    def _add_section_content(
        self, list_: SectionDraft, node: OutlineNode, no: str, title: str, above: str
    ) -> None:
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
        if titled := heading_clause.find_titled_clause(self.context, node):
            return self._build_titled_section(node, segment, titled)
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
        size = len(heading_clause.find_clause(segment.text.strip()))
        account.add_text(words, segment.start, segment.start + size, "clause")
        account.add_text(words, segment.start + size, cut, "heading")
        if words.text[cut : segment.end].strip():
            self._add_paragraph(heading, segment._replace(number=None, begin=cut, start=cut))
        self.context.apply_declaration(segment)
        return heading

    def _build_titled_section(
        self, node: OutlineNode, segment: OutlineSegment, titled: TitledClause
    ) -> SectionDraft:
        """Return a section whose title is followed by a clause for the tasks below it."""
        coverage, cut = self.context.coverage, segment.start + titled.title_end
        coverage.add_text(segment.span, segment.start, cut, "heading")
        coverage.add_text(segment.span, cut, segment.end, "clause")
        for line in node.content[: titled.line_count]:
            assert isinstance(line, OutlineSegment)
            coverage.add_text(line.span, line.begin, line.end, "clause")
        del node.content[: titled.line_count]
        title = join_lines(segment.text[: titled.title_end]).strip(TITLE_MARKS)
        heading = SectionDraft(segment.number.no if segment.number else "", title)
        if all(map(self.classifier.has_clause, node.children)):  # no task below takes it
            heading.paragraphs.append(titled.words)
            position = segment.span.locate(segment.start)
            self.context.add_doubt("unread-duty", position, titled.words)
        return heading

    def _add_number_span(self, segment: OutlineSegment) -> None:
        self.context.coverage.add_text(segment.span, segment.begin, segment.start, "number")

    def _add_content(
        self, heading: SectionDraft, node: OutlineNode, list_: SectionDraft | None = None
    ) -> None:
        """Add the content of a node other than its children: paragraphs and tables."""
        pending: list[OutlineSegment] = []  # paragraphs that may be the text of a task
        for n, each in enumerate(node.content):
            if isinstance(each, OutlineSegment):
                following = node.content[n + 1] if n + 1 < len(node.content) else None
                pending.append(each)
                if self._is_clause(each) and self._continues_clause(following):
                    continue
                if task_builder.find_clauses(self.context, each):
                    self._add_unnumbered(heading, pending)
                    pending = []
                continue
            is_tasks = task_tables.is_task_table(self.page, each)
            titles = self._find_table_title(pending) if is_tasks else []
            self._add_all_paragraphs(heading, pending[: len(pending) - len(titles)])
            pending = []
            if not is_tasks:
                self._add_plain_table(heading, each)
            elif titles and (node.segment is None or len(titles) > 1):
                own = self._add_titled_list(titles)
                self._add_table(own, own, each)
            elif titles:
                own = self._add_title_section(list_ or heading, heading, titles[0])
                self._add_table(list_ or heading, own, each)
            else:
                self._add_table(list_ or heading, heading, each)
        self._add_all_paragraphs(heading, pending)

    def _find_table_title(self, lines: Sequence[OutlineSegment]) -> list[OutlineSegment]:
        """Return the last of *lines* if they are the title of the table below them.

        A title names a table (重点任务分解表), or is below the label of an annex (附件1).
        """
        for size in (1, 2, 3):
            titles = lines[len(lines) - size :]
            if len(titles) < size or not all(map(_is_title_line, titles)):
                break
            if size > 1 and ANNEX_LABEL.match(titles[0].text.strip()):
                return list(titles)
        last = lines[-1:]
        is_title = last and _is_title_line(last[0]) and TABLE_TITLE.search(last[0].text.strip())
        return list(last) if is_title else []

    def _add_titled_list(self, titles: Sequence[OutlineSegment]) -> SectionDraft:
        """Add and return the list of a table with its own title, as an annex has one."""
        *labels, title = titles
        own = SectionDraft("", self._accept_title(title))
        self.lists.append(own)
        for label in labels:
            self._add_paragraph(own, label)
        return own

    def _add_title_section(
        self, list_: SectionDraft, heading: SectionDraft, title: OutlineSegment
    ) -> SectionDraft:
        """Add and return the section of a table with a title below a heading."""
        above = "" if heading is list_ else heading.title
        return list_.add_section("", "／".join(filter(None, (above, self._accept_title(title)))))

    def _accept_title(self, title: OutlineSegment) -> str:
        self.context.coverage.add_text(title.span, title.begin, title.end, "heading")
        return join_lines(title.text).strip(TITLE_MARKS)

    def _continues_clause(self, following: OutlineSegment | SourceTable | None) -> bool:
        """Return whether the line after a clause line is another one: 牵头单位： 责任单位：."""
        return isinstance(following, OutlineSegment) and self._is_clause(following)

    def _add_all_paragraphs(self, heading: SectionDraft, segments: list[OutlineSegment]) -> None:
        for each in segments:
            self._add_paragraph(heading, each)

    def _add_unnumbered(self, heading: SectionDraft, lines: list[OutlineSegment]) -> None:
        """Add a task without a number, which plancli numbers.

        *lines* end with its clause.  Its text is the paragraph before clauses that are on lines of
        their own; the paragraphs before that one are of no task.
        """
        first = next(n for n, each in enumerate(lines) if self._has_clause(each))
        if first and self._is_clause(lines[first]):
            first -= 1
        self._add_all_paragraphs(heading, lines[:first])
        segment = lines[first]
        no = self._add_own_number(segment, heading)
        self._check_beginning(segment, no)
        heading.tasks.append(task_builder.build_task(self.context, no, lines[first:]))

    def _add_own_number(self, segment: OutlineSegment, heading: SectionDraft | None = None) -> str:
        """Return the number that plancli gives to a task without one, the next in its section."""
        heading = heading or (self._get_open_section() if self.lists else self._get_current_list())
        heading.unnumbered_count += 1
        no = str(heading.unnumbered_count)
        position = segment.span.locate(segment.start)
        self.context.add_diagnostic("no-number", position, segment.text[:20], no)
        return no

    def _has_clause(self, line: OutlineSegment) -> bool:
        return bool(task_builder.find_clauses(self.context, line))

    def _check_beginning(self, segment: OutlineSegment, no: str) -> None:
        """Add a diagnostic if a text begins in the middle of a sentence: ，完善机制."""
        if TORN_BEGINNING.match(segment.text):
            position = segment.span.locate(segment.start)
            words = segment.text.strip()[:20]
            self.context.add_doubt("begins-within-sentence", position, words, no)

    def _is_clause(self, line: OutlineSegment) -> bool:
        return task_builder.is_clause(self.context, line)

    def _add_table(self, list_: SectionDraft, heading: SectionDraft, table: SourceTable) -> None:
        at: SectionDraft | None = None
        current: tuple[str, ...] = ()
        before, printed = numbering.NO_NUMBER, "—"
        above = numbering.split_subtask_number(_find_last_number(list_))
        for row in task_tables.read_tasks(self.page, table, self.context):
            number = numbering.split_subtask_number(row.task.no)
            is_first = numbering.is_next_number(numbering.NO_NUMBER, number)
            restarts = (is_first and row.headings != current) or numbering.is_first_part(
                printed, row.task.no
            )
            continues = printed == "—" and numbering.is_next_number(above, number)
            if (
                number[0]
                and not numbering.is_next_number(before, number)
                and not restarts
                and not continues
            ):
                rule, words = outline.classify_break(before, number), f"{printed} → {row.task.no}"
                self.context.add_doubt(rule, row.position, words, row.task.no)
            before, printed = number, row.task.no
            if at is None or row.headings != current:
                current = row.headings
                at = _open_table_section(list_, heading, row.number, current)
            at.tasks.append(row.task)
        heading.paragraphs += task_tables.collect_leftover_cells(self.page, table, self.context)

    def _add_plain_table(self, heading: SectionDraft, table: SourceTable) -> None:
        """Add the cells of a table without tasks as a paragraph."""
        task_tables.report_unread_table(self.page, table, self.context)
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
        if not no:
            no = self._add_own_number(segment)
        self._check_beginning(segment, no)
        lines = task_builder.collect_lines(node)
        is_last = id(node) in self.last_nodes
        own, rest = task_builder.split_task_lines(
            self.context, self._split_closing(lines) if is_last else lines
        )
        end = len(own)
        while is_last and end > 1 and self._is_closing(own[end - 1]):
            end -= 1
        own, rest = own[:end], [*own[end:], *rest]
        is_below = self.heading_clause and not any(map(self._has_clause, own))
        task = task_builder.build_task(
            self.context, no, own, shared=self.heading_clause if is_below else ""
        )
        for line in rest:
            self._add_paragraph(self._get_open_section(), line)
        for table in iter_tables(node):
            self._add_plain_table(self.lists[-1], table)
        return task

    def _is_closing(self, line: OutlineSegment) -> bool:
        return (
            not line.number
            and not self._has_clause(line)
            and (closing.is_closing_paragraph(line.text))
        )

    def _split_closing(self, lines: list[OutlineSegment]) -> list[OutlineSegment]:
        """Split a closing paragraph from the last of a task's lines, if it is behind its clause."""
        clauses = task_builder.find_clauses(self.context, lines[-1])
        at = lines[-1].start + clauses[-1].end if clauses else lines[-1].end
        rest = lines[-1].span.text[at : lines[-1].end]
        begin = at + len(rest) - len(rest.lstrip("。；; \u3000"))
        closing_line = OutlineSegment(lines[-1].span, None, begin, begin, lines[-1].end)
        if begin < lines[-1].end and self._is_closing(closing_line):
            return [*lines[:-1], lines[-1]._replace(end=begin), closing_line]
        return lines

    def _get_open_section(self) -> SectionDraft:
        """Return the last section, or the last list if it has none."""
        last = self.lists[-1]
        return last.sections[-1] if last.sections else last


def _is_title_line(line: OutlineSegment) -> bool:
    text = line.text.strip()
    if ANNEX_LABEL.match(text):
        text = text.rstrip("：:")  # 附件1：
    return not line.number and 0 < len(text) <= MAX_TABLE_TITLE and text[-1] not in "。；：:;，,"


def _find_last_number(list_: SectionDraft) -> str:
    """Return the number of the last task in *list_*, or ''."""
    places = (*reversed(list_.sections), list_)
    return next((each.tasks[-1].no for each in places if each.tasks), "")


def _open_table_section(
    list_: SectionDraft, heading: SectionDraft, no: str, titles: Sequence[str]
) -> SectionDraft:
    """Return the place for the rows below *titles*, after all tasks before them."""
    if titles:
        above = "" if heading is list_ else heading.title
        return list_.add_section(no, "／".join(filter(None, (above, *titles))))
    if heading is list_:
        return list_.current_section
    return heading if list_.sections[-1] is heading else list_.add_section("", heading.title)


def _iter_last_nodes(root: OutlineNode) -> Iterator[OutlineNode]:
    """Yield the last nodes, outermost first, of the plan itself and of each annex."""
    own = [each for each in root.children if each.style != ANNEX_STYLE]
    for node in (*own[-1:], *(each for each in root.children if each.style == ANNEX_STYLE)):
        last: OutlineNode | None = node
        while last:
            yield last
            last = last.children[-1] if last.children else None


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
