"""Build a task from a node of the outline: its text, clauses and duties."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plancli.importing.parsing import clause_finder
from plancli.importing.parsing.clause_finder import ClauseMatch
from plancli.importing.parsing.coverage import Coverage
from plancli.importing.parsing.outline import OutlineNode, OutlineSegment
from plancli.importing.readers.page import SourceTable
from plancli.plan import clause
from plancli.plan.clause import ClauseNote
from plancli.plan.model import (
    CLAUSE_SEPARATOR,
    DutyGroup,
    LeadReason,
    Task,
    TaskPassage,
    TaskTableCell,
)

# Number styles that may only enumerate the parts of a task.
SUBITEM_STYLES = frozenset({"numb", "nump", "circle", "ordinal", "be"})
PUNCTUATION = frozenset("。！？；：，.!?;:,")
CLAUSE_LIKE = re.compile(
    "[（(〔【][^（()）〔〕【】]{0,60}(?:牵头|按职责|责任单位)[^（()）〔〕【】]{0,60}[）)〕】]"
)
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


@dataclass(slots=True)
class ImportContext:
    """State shared by all tasks of one import."""

    coverage: Coverage
    region_names: Collection[str]
    registry_names: Mapping[str, str]  # printed name -> name in the registry
    diagnostics: list[ImportDiagnostic] = field(default_factory=list)
    reading: LeadReason | None = None  # set by a declaration: the first named leads
    covered_cells: set[int] = field(default_factory=set)  # offsets of cells already used
    clause_cache: dict[object, list[ClauseMatch]] = field(default_factory=dict)

    def add_diagnostic(
        self, rule: str, at: int, words: str, no: str = "", doubtful: bool = False
    ) -> None:
        self.diagnostics.append(ImportDiagnostic(rule, at, words, no, doubtful))

    def apply_declaration(self, segment: OutlineSegment) -> None:
        """Apply a declaration in *segment* that the first named agency leads."""
        match = clause.LEAD_DECLARATION.search(segment.span.text, segment.start, segment.end)
        if match:
            self.reading = LeadReason.FIRST
            self.add_diagnostic("first-named-leads", segment.span.locate(match.start()), match[0])


def split_task_lines(
    context: ImportContext, found: Sequence[OutlineSegment]
) -> tuple[Sequence[OutlineSegment], Sequence[OutlineSegment]]:
    """Split the lines of a task from the paragraphs after it: a task ends with its clause.

    It continues if the next line has a clause or a number, or if the clause is after a title only.
    """
    is_complete = False
    for n, line in enumerate(found):
        clauses = find_clauses(context, line)
        if is_complete and not clauses and not line.number:
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


def find_clauses(context: ImportContext, segment: OutlineSegment) -> list[ClauseMatch]:
    """Return the clauses in *segment*, or the one that is the whole segment."""
    key = (id(segment.span), segment.start, segment.end, context.reading)
    if key not in context.clause_cache:
        text = segment.text
        whole = clause_finder.match_clause_line(text, context.region_names, context.reading)
        context.clause_cache[key] = (
            [whole]
            if whole
            else list(clause_finder.iter_clauses(text, context.region_names, context.reading))
        )
    return context.clause_cache[key]


def is_clause(context: ImportContext, segment: OutlineSegment) -> bool:
    """Return whether the whole segment is a clause."""
    return bool(
        clause_finder.match_clause_line(segment.text, context.region_names, context.reading)
    )


def build_task(
    context: ImportContext,
    no: str,
    lines: Sequence[OutlineSegment],
    reading: LeadReason | None = None,
) -> Task:
    """Build the task in *lines*, the first without its number, and record their coverage."""
    draft = _TaskDraft(context, no)
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
    parts: list[TaskPassage] = field(default_factory=list)
    duties: list[DutyGroup] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    cells: list[TaskTableCell] = field(default_factory=list)
    deadline: str = ""
    sentences: str = ""  # since the last clause
    before: TaskFragment | None = None  # the last fragment of sentences

    def add_sentences(self, fragment: TaskFragment) -> None:
        words = fragment.segment.span
        text = words.text[fragment.start : fragment.end].replace("\v", " ")
        for match in CLAUSE_LIKE.finditer(text):
            position = words.locate(fragment.start + match.start())
            self.context.add_diagnostic("like-a-clause", position, match[0], self.no)
        self.sentences += _get_gap(self.sentences, self.before, fragment) + text.strip()
        self.before = fragment
        self.context.coverage.add_text(words, fragment.start, fragment.end, "task")

    def add_clause(self, fragment: TaskFragment, match: ClauseMatch) -> None:
        words, coverage = fragment.segment.span, self.context.coverage
        first = fragment.segment.start + match.text_start
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
            groups, review, deadline = _parse_groups(self.context, self.no, fragment, printed)
            self.duties += groups
            self.review += review
            self.deadline = self.deadline or deadline
            if self.sentences and self.sentences[-1] not in SENTENCE_ENDS:
                self.sentences += words.text[last : fragment.end].strip(" \u3000）)〕】]")[:1]
            self.parts.append(TaskPassage(self.sentences, printed))
            self.sentences = ""

    def build(self, reading: LeadReason | None) -> Task:
        if self.sentences or not self.parts:
            self.parts.append(TaskPassage(self.sentences, ""))
        parts = _merge_parts(self.parts)
        text = "".join(part.text for part in parts)
        if _is_first_named_lead(self.context, self.duties, parts):
            reading = self.context.reading
        return Task(
            no=self.no or "—",
            text=text or "—",
            clause=CLAUSE_SEPARATOR.join(part.clause for part in parts if part.clause),
            duties=tuple(self.duties),
            deadline=self.deadline,
            parts=parts if text and len(parts) > 1 else (),
            cells=tuple(self.cells),
            reading=reading,
            review=tuple(dict.fromkeys(self.review)),
        )


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


def _parse_groups(
    context: ImportContext, no: str, fragment: TaskFragment, printed: str
) -> tuple[list[DutyGroup], list[str], str]:
    """Return a clause's groups with registry names, its review lines, and its deadline."""
    at = fragment.segment.span.locate(fragment.start)
    match = fragment.match
    assert match
    if match.parsed is None:
        context.add_diagnostic("unread-clause", at, f"{printed}\n{match.error}", no, doubtful=True)
        return [], [f"unread-clause: {printed}"], ""
    parsed = match.parsed
    if context.reading:  # may have been declared after the clause was found
        text = printed.replace("\v", "\n")
        parsed = clause.parse_clause(text, context.region_names, context.reading)
    review = []
    if match.error:
        context.add_diagnostic(match.error, at, printed, no, doubtful=True)
        review.append(f"{match.error}: {printed}")
    if parsed.declares:
        context.reading = LeadReason.FIRST if parsed.declares == "on" else context.reading
    for note in parsed.notes:
        doubtful = _is_doubtful(context, note)
        context.add_diagnostic(note.rule, at, note.words, no, doubtful)
        if doubtful:
            review.append(f"{note.rule}: {note.words}")
    groups = [
        DutyGroup.from_names(
            group.role,
            tuple(dict.fromkeys(context.registry_names.get(name, name) for name in group.names)),
            group.is_open_ended,
        )
        for group in parsed.duties
    ]
    return groups, review, parsed.deadline


def _is_doubtful(context: ImportContext, note: ClauseNote) -> bool:
    known = note.words in context.registry_names
    return note.rule in ("verbless", "named-twice") or (note.rule == "unlike-a-body" and not known)


def _merge_parts(parts: Sequence[TaskPassage]) -> tuple[TaskPassage, ...]:
    """Join the marks that end a sentence after a clause with the sentence."""
    joined: list[TaskPassage] = []
    for part in parts:
        bare = part.text.strip(" \u3000。；;.，,")
        if not bare and joined:
            before = joined[-1]
            joined[-1] = TaskPassage(before.text + part.text, before.clause)
            if part.clause:
                joined.append(TaskPassage("", part.clause))
        else:
            joined.append(part)
    return tuple(joined)


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
