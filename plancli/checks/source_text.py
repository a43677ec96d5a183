"""A plan against the text it was made from: every word of it, at its place.

Spaces and line ends are free; every other character must be the source's.
"""

import os
import stat
from collections.abc import Iterator
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing import readers
from plancli.importing.parsing import paragraphs
from plancli.importing.parsing.draft import NO_TITLE
from plancli.importing.readers.page import INVISIBLE, SourceTable, SourceText
from plancli.plan.model import Plan, Source, Task, TaskList
from plancli.results.table import Result
from plancli.system import files

COLUMNS = ("file", "line", "rule", "where", "excerpt", "finding", "remedy")
TRAILING_MARKS = "。；;，,.、"
MAX_ROW_DISTANCE = 4000  # characters around a task in which the cells of its row stand
MAX_CLAUSE_DISTANCE = 40  # characters between a task and its clause
EXCERPT_LENGTH = 30  # characters of an excerpt


class SourceDifference(NamedTuple):
    """A piece of the plan that the source does not have so."""

    rule: str  # source-changed, not-in-source, out-of-place
    where: str  # the task's number, or the heading
    line: int  # of the source; 0 where no line is meant
    plan: str  # the plan's words
    source: str  # the source's words there


class PlanSegment(NamedTuple):
    """Words of the plan, and what they are of."""

    where: str
    words: str
    scattered: bool = False  # a cell of a table's row, which may stand before or behind the others
    aside: bool = False  # stands somewhere between the tasks
    again: bool = False  # begins with words that a piece before it has: a heading's own


def read_source(file: Path, source: Source) -> bytes:
    """Return the bytes of the document that the plan in *file* names as its *source*.

    A plan may come from somebody else, and its differences from the document are printed: so it
    reaches only its own folder, which is that of the real file.  A document outside, which
    ``import`` names where documents have a folder of their own, is read only if its bytes are those
    that the plan records: then the author of the plan had them.
    Errors: BadPlan where the plan names any other file; PlanError where it cannot be read.
    """
    # Not even looked for: on Windows to look for a file of a server is to log in there.
    if PureWindowsPath(source.file).anchor:  # it begins with /, \\, or a drive, on any system
        raise _make_refusal(
            file, source, _("source.file is not relative to the plan's folder: {name}")
        )
    folder = Path(os.path.realpath(file)).parent
    path = Path(os.path.realpath(folder / source.file))
    outside = not path.is_relative_to(folder)
    if outside and not source.sha256:
        raise _make_refusal(file, source, _("source.file is outside the plan's folder: {name}"))
    if os.path.exists(path) and not _is_document(path):
        raise _make_refusal(
            file, source, _("source.file is not a regular file with content: {name}")
        )
    hint = _("the plan says source.file: {name}; put it beside the plan, or correct the name")
    data = files.read_document(path, hint.format(name=source.file))
    if outside and sha256(data).hexdigest() != source.sha256:
        said = _("source.file is outside the plan's folder, and not the file recorded: {name}")
        raise _make_refusal(file, source, said)
    return data


def _is_document(path: Path) -> bool:
    """Whether *path* may be read: no device or pipe, and no file that the system makes up."""
    found = path.stat()  # what the system makes up, as in /proc, is 0 bytes long
    return stat.S_ISREG(found.st_mode) and found.st_size > 0


def _make_refusal(file: Path, source: Source, what: str) -> BadPlan:
    hint = _("if you trust it, name the document yourself: plancli verify {file} --source DOCUMENT")
    return BadPlan(what.format(name=source.file), hint=hint.format(file=file))


def find_differences(plan: Plan, data: bytes, name: str) -> Iterator[SourceDifference]:
    """Yield where *plan* and its source, the bytes *data* of the file *name*, differ.

    Errors: those of ``reading.read`` where the source cannot be read.
    """
    if plan.source.sha256 and sha256(data).hexdigest() != plan.source.sha256:
        yield SourceDifference(
            "source-changed", "", 0, plan.source.sha256[:16], sha256(data).hexdigest()[:16]
        )
    text = _SourceIndex(readers.read_source_text(data, name))
    before = at = 0
    for piece in _iter_segments(plan):
        words = "".join(INVISIBLE.sub("", piece.words).split())
        if piece.aside and words in text.plain:
            continue
        found = text.find_text(words, before if piece.again else at, piece.scattered)
        if found >= 0:
            before, at = found, found + len(words.rstrip(TRAILING_MARKS))
        elif piece.scattered and text.has_cells(
            piece.words, max(0, at - MAX_ROW_DISTANCE), at + MAX_ROW_DISTANCE
        ):
            continue
        elif (elsewhere := text.plain.find(words)) >= 0:
            line = text.get_line(elsewhere)
            yield SourceDifference(
                "out-of-place", piece.where, line, words[:EXCERPT_LENGTH], words[:EXCERPT_LENGTH]
            )
        else:
            yield text.find_nearest(piece.where, words, at)


def compare_with_source(file: Path, plan: Plan, data: bytes, name: str) -> Result:
    """Return the differences as a table, with what each means."""
    says = {
        "source-changed": (
            _("the source is not the file that was recorded"),
            _("if the new file is right, write its sha256 into “source:”"),
        ),
        "not-in-source": (
            _("the source says “{source}”, the plan “{plan}”"),
            _("write it as the source has it"),
        ),
        "out-of-place": (
            _("the source has these words in another position"),
            _("put them where the source has them"),
        ),
    }
    return Result(
        "",
        COLUMNS,
        tuple(
            (
                str(file),
                each.line,
                each.rule,
                each.where,
                each.source,
                says[each.rule][0].format(source=each.source, plan=each.plan),
                says[each.rule][1],
            )
            for each in find_differences(plan, data, name)
        ),
    )


class _SourceIndex:
    """A source's text without spaces, page numbers and second copies, and where it stands."""

    def __init__(self, page: SourceText) -> None:
        plain, self._starts = [], []
        for block in paragraphs.build_paragraphs(page).blocks:
            spans = (
                [(c.start, c.end) for c in block.cells]
                if isinstance(block, SourceTable)
                else [*block.iter_spans(0, len(block.text))]
            )
            for start, end in spans:
                for at in range(start, end):
                    char = page.text[at]
                    if not char.isspace() and not INVISIBLE.match(char):
                        plain.append(char)
                        self._starts.append(at)
        self.plain = "".join(plain)
        self._page = page

    def find_text(self, words: str, at: int, scattered: bool) -> int:
        """Return where *words* stand from *at* on, near it if *scattered*; else -1.

        A mark that ends a sentence may stand behind its clause.
        """
        found = self.plain.find(words, at)
        if found < 0 and words.rstrip(TRAILING_MARKS):
            found = self.plain.find(words.rstrip(TRAILING_MARKS), at)
        return -1 if scattered and found - at > MAX_CLAUSE_DISTANCE else found

    def get_line(self, at: int) -> int:
        """Return the line of the source on which the character *at* stands, from 1."""
        start = self._starts[min(at, len(self._starts) - 1)] if self._starts else 0
        return self._page.text.count("\n", 0, start) + 1

    def has_cells(self, words: str, start: int, end: int) -> bool:
        """Whether each piece of *words*, cells of one row, stands between *start* and *end*."""
        cells = [part for each in words.split("；") for part in each.split("：")[-1].split("、")]
        here = self.plain[start:end]
        return all("".join(cell.split()) in here for cell in cells)

    def find_nearest(self, where: str, words: str, at: int) -> SourceDifference:
        """Return what stands in the source where *words* should."""
        window = self.plain[at : at + 2 * len(words) + 200][:MAX_ROW_DISTANCE]
        blocks = SequenceMatcher(
            None, words[:MAX_ROW_DISTANCE], window, autojunk=False
        ).get_matching_blocks()
        begin = next((b.b - b.a for b in blocks if b.size > 3), 0)
        here = window[max(0, begin) :]
        n = next((n for n, (a, b) in enumerate(zip(words, here, strict=False)) if a != b), 0)
        n = max(0, n - 8)
        line = self.get_line(at + max(0, begin) + n)
        return SourceDifference(
            "not-in-source",
            where,
            line,
            words[n : n + EXCERPT_LENGTH],
            here[n : n + EXCERPT_LENGTH],
        )


def _iter_segments(plan: Plan) -> Iterator[PlanSegment]:
    if plan.title != NO_TITLE:
        yield PlanSegment(_("title"), plan.title)
    yield from (PlanSegment(_("preamble"), each) for each in plan.preamble)
    for each in plan.lists:
        yield from _iter_list_segments(each)


def _iter_list_segments(each: TaskList) -> Iterator[PlanSegment]:
    where = "、".join(filter(None, (each.no, each.title)))
    yield PlanSegment(where, each.title)
    yield from (PlanSegment(where, paragraph, aside=True) for paragraph in each.paragraphs)
    for task in each.tasks:
        yield from _iter_task_segments(task)
    titles: set[str] = set()
    for section in each.sections:
        head = f"{each.no}({section.no}){section.title}"
        cells = any(map(_is_table_row, section.tasks))
        *above, own = section.title.split("／")  # headings that several sections share stand above
        yield from (PlanSegment(head, part, aside=True) for part in above)
        goes_on = not section.no and section.title in titles  # behind sections below it
        titles.add(section.title)
        yield PlanSegment(head, own, scattered=cells, aside=cells or goes_on)
        yield from (PlanSegment(head, paragraph, aside=True) for paragraph in section.paragraphs)
        for task in section.tasks:
            yield from _iter_task_segments(task)
    yield from (PlanSegment(where, line) for line in each.annex)


def _is_table_row(task: Task) -> bool:
    """Whether the task may be a table's row, whose cells stand in any order."""
    return bool(task.cells or task.reading or "：" in task.clause)


def _iter_task_segments(task: Task) -> Iterator[PlanSegment]:
    for n, part in enumerate(task.passages):
        yield PlanSegment(task.no, part.text, scattered=_is_table_row(task), again=n == 0)
        yield PlanSegment(task.no, part.clause, scattered=True)
