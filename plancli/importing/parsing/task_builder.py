"""An item of the outline -> a task: its text, its clauses, and who has to do it."""

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

SUBITEM_STYLES = frozenset(
    {"numb", "nump", "circle", "ordinal", "be"}
)  # may only count up what a task consists of
PUNCTUATION = frozenset("。！？；：，.!?;:,")
CLAUSE_LIKE = re.compile(
    "[（(〔【][^（()）〔〕【】]{0,60}(?:牵头|按职责|责任单位)[^（()）〔〕【】]{0,60}[）)〕】]"
)
SENTENCE_ENDS = frozenset("。；;！？")
MAX_TITLE_LENGTH = 32  # characters of a task's title on a line of its own
PERSON_LABEL = re.compile(
    "(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)?(?:自治区|[省市县区州旗])?(?:领导|责任人)[:：]"
)


class ImportDiagnostic(NamedTuple):
    """What an import says of a place in its source."""

    rule: str
    position: int  # where in the page
    words: str
    no: str = ""  # the task's number
    doubtful: bool = False  # a person must look


@dataclass(slots=True)
class ImportContext:
    """What reading one task after the other needs to know, and what it remarks."""

    coverage: Coverage
    region_names: Collection[str]
    registry_names: Mapping[str, str]  # as plans print them -> as the registry has them
    diagnostics: list[ImportDiagnostic] = field(default_factory=list)
    reading: LeadReason | None = None  # from a declaration on: the first named leads
    covered_cells: set[int] = field(default_factory=set)  # where cells begin that are accounted for
    clause_cache: dict[object, list[ClauseMatch]] = field(
        default_factory=dict
    )  # clauses looked for before

    def add_diagnostic(
        self, rule: str, at: int, words: str, no: str = "", doubtful: bool = False
    ) -> None:
        self.diagnostics.append(ImportDiagnostic(rule, at, words, no, doubtful))

    def apply_declaration(self, segment: OutlineSegment) -> None:
        """Note where a paragraph declares that the first named leads."""
        if said := clause.LEAD_DECLARATION.search(segment.span.text, segment.start, segment.end):
            self.reading = LeadReason.FIRST
            self.add_diagnostic("first-named-leads", segment.span.locate(said.start()), said[0])


def split_task_lines(
    reader: ImportContext, found: Sequence[OutlineSegment]
) -> tuple[Sequence[OutlineSegment], Sequence[OutlineSegment]]:
    """Part the lines of a task from what stands below it: behind its clause nothing follows.

    Unless that is a clause's sentence itself, or the clause stands behind the task's title only.
    """
    done = False
    for n, line in enumerate(found):
        here = find_clauses(reader, line)
        if done and not here and not line.number:
            return found[:n], found[n:]
        if here:
            title = line.text[: here[-1].start]
            behind = line.text[here[-1].end :].strip(" \u3000。；;")
            done = not behind and (not title.strip() or bool(re.search("[。；]", title)))
    return found, ()


class TaskFragment(NamedTuple):
    """A stretch of a task: sentences, or a clause."""

    segment: OutlineSegment
    start: int  # in the segment's words
    end: int
    match: ClauseMatch | None  # of a clause


def find_clauses(reader: ImportContext, segment: OutlineSegment) -> list[ClauseMatch]:
    """Return the clauses of one segment: all of it, if it is a line of its own, or those in it."""
    key = (id(segment.span), segment.start, segment.end, reader.reading)
    if key not in reader.clause_cache:
        text = segment.text
        whole = clause_finder.match_clause_line(text, reader.region_names, reader.reading)
        reader.clause_cache[key] = (
            [whole]
            if whole
            else list(clause_finder.iter_clauses(text, reader.region_names, reader.reading))
        )
    return reader.clause_cache[key]


def is_clause(reader: ImportContext, segment: OutlineSegment) -> bool:
    """Whether the segment is nothing but a clause."""
    return bool(clause_finder.match_clause_line(segment.text, reader.region_names, reader.reading))


def build_task(
    reader: ImportContext,
    no: str,
    lines: Sequence[OutlineSegment],
    reading: LeadReason | None = None,
) -> Task:
    """Return the task that *lines* are, the first without its number, and account for them."""
    pieces = [piece for line in lines for piece in _iter_fragments(reader, line)]
    parts: list[TaskPassage] = []
    duties: list[DutyGroup] = []
    review: list[str] = []
    cells: list[TaskTableCell] = []
    deadline, said = "", ""
    before: TaskFragment | None = None
    for piece in pieces:
        words = piece.segment.span
        text = words.text[piece.start : piece.end].replace("\v", " ")
        if piece.match is None:
            for alike in CLAUSE_LIKE.finditer(text):
                reader.add_diagnostic(
                    "like-a-clause", words.locate(piece.start + alike.start()), alike[0], no
                )
            gap = _get_gap(said, before, piece)
            said += gap + text.strip()
            before = piece
            reader.coverage.add_text(words, piece.start, piece.end, "task")
            continue
        inner = piece.match
        first, last = piece.segment.start + inner.text_start, piece.segment.start + inner.text_end
        printed = words.text[first:last].replace("\v", "；").strip()
        reader.coverage.add_text(words, piece.start, first, "mark")
        reader.coverage.add_text(words, last, piece.end, "mark")
        kind = _classify_clause(printed, inner)
        reader.coverage.add_text(words, first, last, kind)
        if kind == "deadline":
            deadline = inner.parsed.deadline if inner.parsed else printed
        elif kind == "cell":
            name, _colon, words_ = printed.replace(":", "：").partition("：")
            cells.append(TaskTableCell(name, words_.strip() or name))
        else:
            groups, doubts, when = _parse_groups(reader, no, piece, printed)
            duties += groups
            review += doubts
            deadline = deadline or when
            stop = words.text[last : piece.end].strip(" \u3000）)〕】]")[:1]
            parts.append(
                TaskPassage(
                    said + stop if said and said[-1] not in SENTENCE_ENDS else said, printed
                )
            )
            said = ""
    if said or not parts:
        parts.append(TaskPassage(said, ""))
    whole = _merge_parts(parts)
    text = "".join(part.text for part in whole)
    return Task(
        no=no or "—",
        text=text or "—",
        clause=CLAUSE_SEPARATOR.join(part.clause for part in whole if part.clause),
        duties=tuple(duties),
        deadline=deadline,
        parts=whole if text and _has_several_parts(whole) else (),
        cells=tuple(cells),
        reading=reader.reading if _is_first_named_lead(reader, duties, whole) else reading,
        review=tuple(dict.fromkeys(review)),
    )


def _iter_fragments(reader: ImportContext, line: OutlineSegment) -> Iterator[TaskFragment]:
    """Yield the sentences and clauses of one line."""
    at = line.start
    for found in find_clauses(reader, line):
        start, end = line.start + found.start, line.start + found.end
        if line.span.text[at:start].strip():
            yield TaskFragment(line, at, start, None)
        yield TaskFragment(line, start, end, found)
        at = end
    if line.span.text[at : line.end].strip():
        yield TaskFragment(line, at, line.end, None)


def _get_gap(said: str, before: TaskFragment | None, piece: TaskFragment) -> str:
    """Return what parts two stretches of text: a space between a title and what follows it."""
    if before is None or before.segment is piece.segment or not before.segment.number:
        return ""
    return " " if 0 < len(said) <= MAX_TITLE_LENGTH and not PUNCTUATION & set(said) else ""


def _classify_clause(printed: str, found: ClauseMatch) -> str:
    """Return what the words of a clause are: a clause, only a deadline, or only persons."""
    if found.parsed is None or found.parsed.duties:
        return "clause"
    if PERSON_LABEL.match(printed):
        return "cell"
    return "deadline" if found.parsed.deadline else "clause"


def _parse_groups(
    reader: ImportContext, no: str, piece: TaskFragment, printed: str
) -> tuple[list[DutyGroup], list[str], str]:
    """Return a clause's groups by their registry names, its doubts, and its deadline."""
    at = piece.segment.span.locate(piece.start)
    found = piece.match
    assert found
    if found.parsed is None:
        reader.add_diagnostic("unread-clause", at, f"{printed}\n{found.error}", no, doubtful=True)
        return [], [f"unread-clause: {printed}"], ""
    read = found.parsed
    if reader.reading:  # which may have been declared a clause ago
        read = clause.parse_clause(printed.replace("\v", "\n"), reader.region_names, reader.reading)
    review = []
    if found.error:
        reader.add_diagnostic(found.error, at, printed, no, doubtful=True)
        review.append(f"{found.error}: {printed}")
    if read.declares:
        reader.reading = LeadReason.FIRST if read.declares == "on" else reader.reading
    for note in read.notes:
        doubtful = _is_doubtful(reader, note)
        reader.add_diagnostic(note.rule, at, note.words, no, doubtful)
        if doubtful:
            review.append(f"{note.rule}: {note.words}")
    groups = [
        DutyGroup.from_names(
            group.role,
            tuple(dict.fromkeys(reader.registry_names.get(name, name) for name in group.names)),
            group.is_open_ended,
        )
        for group in read.duties
    ]
    return groups, review, read.deadline


def _is_doubtful(reader: ImportContext, note: ClauseNote) -> bool:
    known = note.words in reader.registry_names
    return note.rule in ("verbless", "named-twice") or (note.rule == "unlike-a-body" and not known)


def _merge_parts(parts: Sequence[TaskPassage]) -> tuple[TaskPassage, ...]:
    """Return the parts, the marks that end a sentence behind a clause joined to what they end."""
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


def _has_several_parts(parts: Sequence[TaskPassage]) -> bool:
    return len(parts) > 1


def _is_first_named_lead(
    reader: ImportContext, duties: Sequence[DutyGroup], parts: Sequence[TaskPassage]
) -> bool:
    """Whether somebody leads here only because the document says that the first named leads."""
    led = any(group.lead for group in duties)
    bare = any(part.clause and "牵头" not in part.clause for part in parts)
    return reader.reading is LeadReason.FIRST and led and bare


def has_enumerated_children(node: OutlineNode) -> bool:
    """Whether the items below *node* may only count up what it consists of."""
    return bool(node.children) and all(child.style in SUBITEM_STYLES for child in node.children)


def collect_lines(node: OutlineNode) -> list[OutlineSegment]:
    """Return the paragraphs of *node* and of all below it, in order, without tables."""
    own = [node.segment] if node.segment else []
    found = own + [each for each in node.content if not isinstance(each, SourceTable)]
    for child in node.children:
        below = collect_lines(child)
        if below and child.segment:
            first = below[0]
            below[0] = first._replace(number=None, start=first.begin)
        found += below
    return found
