"""Build a task from a node of the outline: its text, clauses and duties."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.importing.parsing import clause_finder, closing, numbering, unread_duties
from plancli.importing.parsing.clause_finder import ClauseMatch
from plancli.importing.parsing.coverage import Coverage
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.readers.page import SourceTable
from plancli.plan import clause
from plancli.plan.clause import ParsedClause
from plancli.plan.clause_parser import LEAD_DECLARATION, ClauseNote
from plancli.plan.model import (
    CLAUSE_SEPARATOR,
    DutyGroup,
    LeadReason,
    Task,
    TaskPassage,
    TaskTableCell,
)
from plancli.text.brackets import find_unbalanced_mark
from plancli.text.normalize import normalize_key

# Number styles that may only enumerate the parts of a task.
SUBITEM_STYLES = frozenset({"numb", "nump", "circle", "ordinal", "be"})
PUNCTUATION = frozenset("。！？；：，.!?;:,")
SENTENCE_ENDS = frozenset("。；;！？")
MAX_TITLE_LENGTH = 32  # characters of a task's title on its own line
PERSON_LABEL = re.compile(
    "(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)?(?:自治区|[省市县区州旗])?(?:领导|责任人)[:：]"
)


class ImportDiagnostic(NamedTuple):
    """A diagnostic of an import at a position of its source text."""

    rule: str
    position: int  # offset in the source text
    words: str
    no: str = ""  # the task's number
    doubtful: bool = False  # a person must check it

    def format_review(self) -> str:
        """Return the diagnostic as a line of “review:”."""
        words = self.words.partition("\n")[0]  # the excerpt of an unread clause follows
        return f"{self.rule}: {words}" if words else self.rule


@dataclass(slots=True)
class ImportContext:
    """State shared by all tasks of one import."""

    coverage: Coverage
    region_names: Collection[str]
    registry_names: Mapping[str, str]  # printed name -> name in the registry
    diagnostics: list[ImportDiagnostic] = field(default_factory=list)
    reading: LeadReason | None = None  # set by a declaration: the first named leads
    shared_clause: str = ""  # words of a clause that hold for all tasks after it
    # Name of an agency -> the clauses with it: offset in the source text, number of the task.
    name_places: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    task_numbers: dict[str, str] = field(default_factory=dict)  # text and clause -> number
    covered_cells: set[int] = field(default_factory=set)  # offsets of cells already used
    clause_cache: dict[object, list[ClauseMatch]] = field(default_factory=dict)

    def add_diagnostic(self, rule: str, at: int, words: str, no: str = "") -> None:
        self.diagnostics.append(ImportDiagnostic(rule, at, words, no))

    def add_doubt(self, rule: str, at: int, words: str, no: str = "") -> str:
        """Add a diagnostic that a person must check, and return its line of “review:”."""
        doubt = ImportDiagnostic(rule, at, words, no, doubtful=True)
        self.diagnostics.append(doubt)
        return doubt.format_review()

    def apply_declaration(self, segment: OutlineSegment) -> None:
        """Apply what *segment*, a paragraph, says of all tasks below: who leads, who takes part."""
        self.shared_clause = clause.find_shared_statement(segment.text) or self.shared_clause
        match = LEAD_DECLARATION.search(segment.span.text, segment.start, segment.end)
        if match:
            self.reading = LeadReason.FIRST
            self.add_diagnostic("first-named-leads", segment.span.locate(match.start()), match[0])


def split_task_lines(
    context: ImportContext, found: Sequence[OutlineSegment]
) -> tuple[Sequence[OutlineSegment], Sequence[OutlineSegment]]:
    """Split the lines of a task from the paragraphs after it: a task ends with its clause.

    It continues up to the last line that has a clause or a number, with the numbered parts after
    it, or if its clause is after a title only.
    """
    is_complete = False
    last = max((n for n, line in enumerate(found) if find_clauses(context, line)), default=0)
    for n, line in enumerate(found):
        clauses = find_clauses(context, line)
        is_part = line.number or numbering.parse_item_number(line.text)
        if is_complete and n > last and not is_part:
            return found[:n], found[n:]
        if clauses:
            before = line.text[: clauses[-1].start]
            after = line.text[clauses[-1].end :].strip(" \u3000。；;")
            is_complete = not after and (not before.strip() or bool(re.search("[。；]", before)))
    return found, ()


class TaskFragment(NamedTuple):
    """A stretch of a task: sentences, or a clause."""

    segment: OutlineSegment
    start: int  # offset in the segment's span
    end: int
    match: ClauseMatch | None  # None for sentences


class DutyReading(NamedTuple):
    """The duties read from a clause, what a person must check in it, and its deadline."""

    groups: tuple[DutyGroup, ...] = ()
    review: tuple[str, ...] = ()
    deadline: str = ""


def find_clauses(context: ImportContext, segment: OutlineSegment) -> list[ClauseMatch]:
    """Return the clauses in *segment*, or the one that is the whole segment."""
    key = (id(segment.span), segment.start, segment.end, context.reading)
    if key not in context.clause_cache:
        text = "" if closing.is_contact_line(segment.text) else segment.text
        whole = clause_finder.match_clause_line(text, context.region_names, context.reading)
        context.clause_cache[key] = (
            [whole]
            if whole
            else list(clause_finder.iter_clauses(text, context.region_names, context.reading))
        )
    return context.clause_cache[key]


def is_clause(context: ImportContext, segment: OutlineSegment) -> bool:
    """Return whether the whole segment is a clause."""
    return not closing.is_contact_line(segment.text) and bool(
        clause_finder.match_clause_line(segment.text, context.region_names, context.reading)
    )


def build_task(
    context: ImportContext,
    no: str,
    lines: Sequence[OutlineSegment],
    reading: LeadReason | None = None,
    shared: str = "",
) -> Task:
    """Build the task in *lines*, the first without its number, and record their coverage.

    *shared*: the clause of a heading above, for a task without one.
    """
    words = CLAUSE_SEPARATOR.join(filter(None, (context.shared_clause, shared)))
    draft = _TaskDraft(context, no, words)
    for fragment in [each for line in lines for each in _iter_fragments(context, line)]:
        if fragment.match is None:
            draft.add_sentences(fragment)
        else:
            draft.add_clause(fragment, fragment.match)
    return draft.build(reading)


@dataclass(slots=True)
class _TaskDraft:
    """A task while it is built from its fragments."""

    context: ImportContext
    no: str
    shared_clause: str  # of the tasks before it
    parts: list[TaskPassage] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    cells: list[TaskTableCell] = field(default_factory=list)
    deadline: str = ""
    sentences: str = ""  # since the last clause
    clause_at: int = 0  # offset of the first clause in the source text
    fragments: list[TaskFragment] = field(default_factory=list)  # of sentences

    def add_sentences(self, fragment: TaskFragment) -> None:
        words = fragment.segment.span
        text = words.text[fragment.start : fragment.end].replace("\v", " ")
        before = self.fragments[-1] if self.fragments else None
        self.sentences += _get_gap(self.sentences, before, fragment) + text.strip()
        self.fragments.append(fragment)
        self.context.coverage.add_text(words, fragment.start, fragment.end, "task")

    def add_clause(self, fragment: TaskFragment, match: ClauseMatch) -> None:
        words, coverage = fragment.segment.span, self.context.coverage
        first = fragment.segment.start + match.text_start
        self.clause_at = self.clause_at or words.locate(first)
        last = fragment.segment.start + match.text_end
        printed = words.text[first:last].replace("\v", "；").strip()
        coverage.add_text(words, fragment.start, first, "mark")
        coverage.add_text(words, last, fragment.end, "mark")
        kind = _classify_clause(printed, match)
        coverage.add_text(words, first, last, kind)
        if kind == "deadline":
            self.deadline = match.parsed.deadline if match.parsed else printed
        elif kind == "cell":
            name, _colon, content = printed.replace(":", "：").partition("：")
            self.cells.append(TaskTableCell(name, content.strip() or name))
        else:
            duties = self._read_duties(printed, match, words.locate(fragment.start))
            self.review += duties.review
            self.deadline = self.deadline or duties.deadline
            before = self.fragments[-1] if self.fragments else None
            is_own_line = before is not None and before.segment is not fragment.segment
            if self.sentences and self.sentences[-1] not in SENTENCE_ENDS and not is_own_line:
                self.sentences += words.text[last : fragment.end].strip(" \u3000）)〕】]")[:1]
            self.parts.append(TaskPassage(self.sentences, printed, duties.groups))
            self.sentences = ""

    def _report_unread_duties(self) -> None:
        """Report what looks like a responsibility in the sentences, most of all without a clause."""
        has_clause = any(part.clause for part in self.parts)
        for fragment in self.fragments:
            words = fragment.segment.span
            text = words.text[fragment.start : fragment.end]
            for each in unread_duties.find_in_task(text, has_clause):
                position = words.locate(fragment.start + each.start)
                self.review.append(
                    self.context.add_doubt("unread-duty", position, each.words, self.no)
                )

    def _report_unbalanced_marks(self, *texts: str) -> None:
        """Report the first bracket without its counterpart, with the words from there on."""
        found = ((text, find_unbalanced_mark(text)) for text in texts)
        words = next((text[at : at + 20] for text, at in found if at is not None), "")
        if words and self.fragments:
            first = self.fragments[0]
            position = first.segment.span.locate(first.start)
            self.review.append(
                self.context.add_doubt("unbalanced-brackets", position, words, self.no)
            )

    def _read_duties(self, printed: str, match: ClauseMatch, at: int) -> DutyReading:
        if match.parsed is None:
            return _reject_clause(self.context, self.no, printed, at, match.error)
        if self.context.reading:  # may have been declared after the clause was found
            duties = read_duties(self.context, self.no, printed.replace("\v", "\n"), at)
        else:
            duties = _accept_clause(self.context, self.no, match.parsed, at)
        if match.error:
            doubt = self.context.add_doubt(match.error, at, printed, self.no)
            return duties._replace(review=(doubt, *duties.review))
        return duties

    def build(self, reading: LeadReason | None) -> Task:
        self._report_unread_duties()
        if self.sentences or not self.parts:
            self.parts.append(TaskPassage(self.sentences, ""))
        parts = _join_clauses(self.context, _merge_parts(self.parts))
        text = "".join(part.text for part in parts)
        self._report_unbalanced_marks(text, *(part.clause for part in parts))
        clauses = CLAUSE_SEPARATOR.join(part.clause for part in parts if part.clause)
        if clauses and not text:
            self.review.append(self.context.add_doubt("no-text", self.clause_at, clauses, self.no))
        duties = tuple(group for part in parts for group in part.duties)
        if _is_first_named_lead(self.context, duties, parts):
            reading = self.context.reading
        task = Task(
            no=self.no or "—",
            text=text or "—",
            clause=clauses,
            duties=duties,
            deadline=self.deadline,
            parts=parts if text and len(parts) > 1 else (),
            cells=tuple(self.cells),
            reading=reading,
            review=tuple(dict.fromkeys(self.review)),
        )
        first = self.fragments[0] if self.fragments else None
        position = first.segment.span.locate(first.start) if first else 0
        task = add_shared_duties(self.context, task, self.shared_clause)
        return mark_duplicate(self.context, task, position)


def add_shared_duties(context: ImportContext, task: Task, words: str) -> Task:
    """Return *task* with *words* of earlier clauses that hold for it, and their duties."""
    if not words:
        return task
    added = _use_registry_names(context, clause.parse_duties(words, context.region_names))
    return replace(task, duties=task.duties + added, shared_clause=words)


def mark_duplicate(context: ImportContext, task: Task, at: int) -> Task:
    """Return *task*, marked if the document has it twice: the same text and the same clause."""
    key = normalize_key(f"{task.text}（{task.clause}）")
    if key not in context.task_numbers:
        context.task_numbers[key] = task.no
        return task
    doubt = context.add_doubt("duplicate-task", at, context.task_numbers[key], task.no)
    return replace(task, review=(*task.review, doubt))


def _iter_fragments(context: ImportContext, line: OutlineSegment) -> Iterator[TaskFragment]:
    """Yield the sentences and clauses of one line."""
    at = line.start
    for found in find_clauses(context, line):
        start, end = line.start + found.start, line.start + found.end
        if line.span.text[at:start].strip():
            yield TaskFragment(line, at, start, None)
        yield TaskFragment(line, start, end, found)
        at = end
    if line.span.text[at : line.end].strip():
        yield TaskFragment(line, at, line.end, None)


def _get_gap(text: str, before: TaskFragment | None, fragment: TaskFragment) -> str:
    """Return a space if *text*, before *fragment*, is a title on its own line, else ''."""
    if before is None or before.segment is fragment.segment or not before.segment.number:
        return ""
    return " " if 0 < len(text) <= MAX_TITLE_LENGTH and not PUNCTUATION & set(text) else ""


def _classify_clause(printed: str, match: ClauseMatch) -> str:
    """Return "clause", "deadline" for only a deadline, or "cell" for only persons."""
    if match.parsed is None or match.parsed.duties:
        return "clause"
    if PERSON_LABEL.match(printed):
        return "cell"
    return "deadline" if match.parsed.deadline else "clause"


def read_duties(
    context: ImportContext, no: str, text: str, at: int, reading: LeadReason | None = None
) -> DutyReading:
    """Return the duties in the clause *text* of the task *no*, with the names of the registry.

    *reading* is the reason why an agency leads without 牵头.  Diagnostics get the position *at*.
    """
    try:
        parsed = clause.parse_clause(text, context.region_names, reading or context.reading)
    except BadPlan as error:
        return _reject_clause(context, no, text, at, error.hint)
    return _accept_clause(context, no, parsed, at)


def _reject_clause(
    context: ImportContext, no: str, text: str, at: int, excerpt: str
) -> DutyReading:
    words = text.replace("\n", CLAUSE_SEPARATOR)
    doubt = context.add_doubt("unread-clause", at, f"{words}\n{excerpt}", no)
    return DutyReading(review=(doubt,))


def _accept_clause(context: ImportContext, no: str, parsed: ParsedClause, at: int) -> DutyReading:
    """Return the duties of *parsed*, and apply its declarations to the tasks that follow."""
    if parsed.declares == "on":
        context.reading = LeadReason.FIRST
    if parsed.shared:
        context.shared_clause = parsed.shared
    review = []
    groups = _use_registry_names(context, parsed.duties)
    names = [name for group in groups for name in group.names]
    for note in parsed.notes:
        if _is_doubtful(context, note):
            review.append(context.add_doubt(note.rule, at, note.words, no))
        else:
            context.add_diagnostic(note.rule, at, note.words, no)
    for name in names:
        context.name_places.setdefault(name, []).append((at, no))
    return DutyReading(groups, tuple(dict.fromkeys(review)), parsed.deadline)


def _use_registry_names(
    context: ImportContext, groups: Iterable[DutyGroup]
) -> tuple[DutyGroup, ...]:
    return tuple(
        DutyGroup.from_names(
            group.role,
            tuple(dict.fromkeys(context.registry_names.get(name, name) for name in group.names)),
            group.is_open_ended,
        )
        for group in groups
    )


def _is_doubtful(context: ImportContext, note: ClauseNote) -> bool:
    is_known = note.rule == "unlike-a-body" and note.words in context.registry_names
    return note.rule in clause.DOUBTFUL_NOTES and not is_known


def _merge_parts(parts: Sequence[TaskPassage]) -> tuple[TaskPassage, ...]:
    """Join the marks that end a sentence after a clause with the sentence."""
    joined: list[TaskPassage] = []
    for part in parts:
        bare = part.text.strip(" \u3000。；;.，,")
        if not bare and joined:
            before = joined[-1]
            joined[-1] = replace(before, text=before.text + part.text)
            if part.clause:
                joined.append(replace(part, text=""))
        else:
            joined.append(part)
    return tuple(joined)


def _join_clauses(context: ImportContext, parts: Sequence[TaskPassage]) -> tuple[TaskPassage, ...]:
    """Join clauses without sentences between them: 牵头单位：…, and 责任单位：… on the next line.

    Clauses that would be read differently together stay apart.
    """
    joined: list[TaskPassage] = []
    for part in parts:
        before = joined[-1] if joined else TaskPassage()
        both = f"{before.clause}{CLAUSE_SEPARATOR}{part.clause}"
        if (
            part.text
            or not part.clause
            or not before.clause
            or not _is_union(context, before, part)
        ):
            joined.append(part)
            continue
        duties = clause.parse_duties(both, context.region_names, context.reading)
        joined[-1] = TaskPassage(before.text, both, _use_registry_names(context, duties))
    return tuple(joined)


def _is_union(context: ImportContext, one: TaskPassage, other: TaskPassage) -> bool:
    """Return whether the clauses of both, read together, give the duties of each."""
    both = f"{one.clause}{CLAUSE_SEPARATOR}{other.clause}"
    try:
        together, *apart = (
            clause.parse_duties(text, context.region_names)
            for text in (both, one.clause, other.clause)
        )
    except BadPlan:
        return False
    return together == tuple(group for groups in apart for group in groups)


def _is_first_named_lead(
    context: ImportContext, duties: Sequence[DutyGroup], parts: Sequence[TaskPassage]
) -> bool:
    """Return whether an agency leads only because of a declaration that the first named leads."""
    has_lead = any(group.lead for group in duties)
    is_implied = any(part.clause and "牵头" not in part.clause for part in parts)
    return context.reading is LeadReason.FIRST and has_lead and is_implied


def has_enumerated_children(node: OutlineNode) -> bool:
    """Return whether the children of *node* may only enumerate its parts."""
    return bool(node.children) and all(child.style in SUBITEM_STYLES for child in node.children)


def collect_lines(node: OutlineNode) -> list[OutlineSegment]:
    """Return the segments of *node* and its descendants, in order, without tables."""
    own = [node.segment] if node.segment else []
    lines = own + [each for each in node.content if not isinstance(each, SourceTable)]
    for child in node.children:
        below = collect_lines(child)
        if below and child.segment:
            first = below[0]
            below[0] = first._replace(number=None, start=first.begin)
        lines += below
    return lines
