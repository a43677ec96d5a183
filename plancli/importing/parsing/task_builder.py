"""An item of the outline -> a task: its text, its clauses, and who has to do it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plancli.importing.parsing import clause_finder
from plancli.importing.parsing.clause_finder import Found
from plancli.importing.parsing.coverage import Account
from plancli.importing.parsing.outline import Node, Segment
from plancli.importing.readers.page import Table
from plancli.plan import clause
from plancli.plan.clause import Note
from plancli.plan.model import BETWEEN, Cell, Group, Part, Reading, Task

SUB = frozenset(
    {"numb", "nump", "circle", "ordinal", "be"}
)  # may only count up what a task consists of
SENTENCE = frozenset("。！？；：，.!?;:,")
ALIKE = re.compile(
    "[（(〔【][^（()）〔〕【】]{0,60}(?:牵头|按职责|责任单位)[^（()）〔〕【】]{0,60}[）)〕】]"
)
STOPS = frozenset("。；;！？")
TITLE = 32  # characters of a task's title on a line of its own
PERSONS = re.compile(
    "(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)?(?:自治区|[省市县区州旗])?(?:领导|责任人)[:：]"
)


class Remark(NamedTuple):
    """What an import says of a place in its source."""

    rule: str
    at: int  # where in the page
    words: str
    no: str = ""  # the task's number
    doubtful: bool = False  # a person must look


@dataclass(slots=True)
class Reader:
    """What reading one task after the other needs to know, and what it remarks."""

    account: Account
    places: Collection[str]
    names: Mapping[str, str]  # as plans print them -> as the registry has them
    remarks: list[Remark] = field(default_factory=list)
    reading: Reading | None = None  # from a declaration on: the first named leads
    taken: set[int] = field(default_factory=set)  # where cells begin that are accounted for
    found: dict[object, list[Found]] = field(default_factory=dict)  # clauses looked for before

    def remark(self, rule: str, at: int, words: str, no: str = "", doubtful: bool = False) -> None:
        self.remarks.append(Remark(rule, at, words, no, doubtful))

    def declared(self, segment: Segment) -> None:
        """Note where a paragraph declares that the first named leads."""
        if said := clause.DECLARES.search(segment.words.text, segment.start, segment.end):
            self.reading = Reading.FIRST
            self.remark("first-named-leads", segment.words.at(said.start()), said[0])


def closed(reader: Reader, found: Sequence[Segment]) -> tuple[Sequence[Segment], Sequence[Segment]]:
    """Part the lines of a task from what stands below it: behind its clause nothing follows.

    Unless that is a clause's sentence itself, or the clause stands behind the task's title only.
    """
    done = False
    for n, line in enumerate(found):
        here = clauses(reader, line)
        if done and not here and not line.mark:
            return found[:n], found[n:]
        if here:
            title = line.text[: here[-1].start]
            behind = line.text[here[-1].end :].strip(" \u3000。；;")
            done = not behind and (not title.strip() or bool(re.search("[。；]", title)))
    return found, ()


class Piece(NamedTuple):
    """A stretch of a task: sentences, or a clause."""

    segment: Segment
    start: int  # in the segment's words
    end: int
    found: Found | None  # of a clause


def clauses(reader: Reader, segment: Segment) -> list[Found]:
    """Return the clauses of one segment: all of it, if it is a line of its own, or those in it."""
    key = (id(segment.words), segment.start, segment.end, reader.reading)
    if key not in reader.found:
        text = segment.text
        whole = clause_finder.whole(text, reader.places, reader.reading)
        reader.found[key] = (
            [whole] if whole else list(clause_finder.clauses(text, reader.places, reader.reading))
        )
    return reader.found[key]


def is_clause(reader: Reader, segment: Segment) -> bool:
    """Whether the segment is nothing but a clause."""
    return bool(clause_finder.whole(segment.text, reader.places, reader.reading))


def task(reader: Reader, no: str, lines: Sequence[Segment], reading: Reading | None = None) -> Task:
    """Return the task that *lines* are, the first without its number, and account for them."""
    pieces = [piece for line in lines for piece in _pieces(reader, line)]
    parts: list[Part] = []
    duties: list[Group] = []
    review: list[str] = []
    cells: list[Cell] = []
    deadline, said = "", ""
    before: Piece | None = None
    for piece in pieces:
        words = piece.segment.words
        text = words.text[piece.start : piece.end].replace("\v", " ")
        if piece.found is None:
            for alike in ALIKE.finditer(text):
                reader.remark("like-a-clause", words.at(piece.start + alike.start()), alike[0], no)
            gap = _gap(said, before, piece)
            said += gap + text.strip()
            before = piece
            reader.account.words(words, piece.start, piece.end, "task")
            continue
        inner = piece.found
        first, last = piece.segment.start + inner.first, piece.segment.start + inner.last
        printed = words.text[first:last].replace("\v", "；").strip()
        reader.account.words(words, piece.start, first, "mark")
        reader.account.words(words, last, piece.end, "mark")
        kind = _aside(printed, inner)
        reader.account.words(words, first, last, kind)
        if kind == "deadline":
            deadline = inner.read.deadline if inner.read else printed
        elif kind == "cell":
            name, _colon, words_ = printed.replace(":", "：").partition("：")
            cells.append(Cell(name, words_.strip() or name))
        else:
            groups, doubts, when = _read(reader, no, piece, printed)
            duties += groups
            review += doubts
            deadline = deadline or when
            stop = words.text[last : piece.end].strip(" \u3000）)〕】]")[:1]
            parts.append(Part(said + stop if said and said[-1] not in STOPS else said, printed))
            said = ""
    if said or not parts:
        parts.append(Part(said, ""))
    whole = _parts(parts)
    text = "".join(part.text for part in whole)
    return Task(
        no=no or "—",
        text=text or "—",
        clause=BETWEEN.join(part.clause for part in whole if part.clause),
        duties=tuple(duties),
        deadline=deadline,
        parts=whole if text and _is_several(whole) else (),
        cells=tuple(cells),
        reading=reader.reading if _first(reader, duties, whole) else reading,
        review=tuple(dict.fromkeys(review)),
    )


def _pieces(reader: Reader, line: Segment) -> Iterator[Piece]:
    """Yield the sentences and clauses of one line."""
    at = line.start
    for found in clauses(reader, line):
        start, end = line.start + found.start, line.start + found.end
        if line.words.text[at:start].strip():
            yield Piece(line, at, start, None)
        yield Piece(line, start, end, found)
        at = end
    if line.words.text[at : line.end].strip():
        yield Piece(line, at, line.end, None)


def _gap(said: str, before: Piece | None, piece: Piece) -> str:
    """Return what parts two stretches of text: a space between a title and what follows it."""
    if before is None or before.segment is piece.segment or not before.segment.mark:
        return ""
    return " " if 0 < len(said) <= TITLE and not SENTENCE & set(said) else ""


def _aside(printed: str, found: Found) -> str:
    """Return what the words of a clause are: a clause, only a deadline, or only persons."""
    if found.read is None or found.read.duties:
        return "clause"
    if PERSONS.match(printed):
        return "cell"
    return "deadline" if found.read.deadline else "clause"


def _read(
    reader: Reader, no: str, piece: Piece, printed: str
) -> tuple[list[Group], list[str], str]:
    """Return a clause's groups by their registry names, its doubts, and its deadline."""
    at = piece.segment.words.at(piece.start)
    found = piece.found
    assert found
    if found.read is None:
        reader.remark("unread-clause", at, f"{printed}\n{found.error}", no, doubtful=True)
        return [], [f"unread-clause: {printed}"], ""
    read = found.read
    if reader.reading:  # which may have been declared a clause ago
        read = clause.read(printed.replace("\v", "\n"), reader.places, reader.reading)
    review = []
    if found.error:
        reader.remark(found.error, at, printed, no, doubtful=True)
        review.append(f"{found.error}: {printed}")
    if read.declares:
        reader.reading = Reading.FIRST if read.declares == "on" else reader.reading
    for note in read.notes:
        doubtful = _is_doubtful(reader, note)
        reader.remark(note.rule, at, note.words, no, doubtful)
        if doubtful:
            review.append(f"{note.rule}: {note.words}")
    groups = [
        Group.of(
            group.role,
            tuple(dict.fromkeys(reader.names.get(name, name) for name in group.names)),
            group.open_ended,
        )
        for group in read.duties
    ]
    return groups, review, read.deadline


def _is_doubtful(reader: Reader, note: Note) -> bool:
    known = note.words in reader.names
    return note.rule in ("verbless", "named-twice") or (note.rule == "unlike-a-body" and not known)


def _parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts, the marks that end a sentence behind a clause joined to what they end."""
    joined: list[Part] = []
    for part in parts:
        bare = part.text.strip(" \u3000。；;.，,")
        if not bare and joined:
            before = joined[-1]
            joined[-1] = Part(before.text + part.text, before.clause)
            if part.clause:
                joined.append(Part("", part.clause))
        else:
            joined.append(part)
    return tuple(joined)


def _is_several(parts: Sequence[Part]) -> bool:
    return len(parts) > 1


def _first(reader: Reader, duties: Sequence[Group], parts: Sequence[Part]) -> bool:
    """Whether somebody leads here only because the document says that the first named leads."""
    led = any(group.lead for group in duties)
    bare = any(part.clause and "牵头" not in part.clause for part in parts)
    return reader.reading is Reading.FIRST and led and bare


def is_mere(node: Node) -> bool:
    """Whether the items below *node* may only count up what it consists of."""
    return bool(node.children) and all(child.style in SUB for child in node.children)


def lines(node: Node) -> list[Segment]:
    """Return the paragraphs of *node* and of all below it, in order, without tables."""
    own = [node.segment] if node.segment else []
    found = own + [each for each in node.more if not isinstance(each, Table)]
    for child in node.children:
        below = lines(child)
        if below and child.segment:
            first = below[0]
            below[0] = first._replace(mark=None, start=first.begin)
        found += below
    return found
