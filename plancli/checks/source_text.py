"""Compare a plan with the document it was made from: every word, in its position.

Spaces and line ends are ignored; every other character must be that of the source.
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
MAX_ROW_DISTANCE = 4000  # characters around a task in which the cells of its row are
MAX_CLAUSE_DISTANCE = 40  # characters between a task and its clause
EXCERPT_LENGTH = 30  # characters of an excerpt


class SourceDifference(NamedTuple):
    """A text of the plan that differs from the source."""

    rule: str  # source-changed, not-in-source, out-of-place
    where: str  # the task's number, or the heading
    line: int  # of the source; 0 for the whole file
    plan: str  # the text in the plan
    source: str  # the text in the source


class PlanSegment(NamedTuple):
    """A text of the plan and how it is searched for in the source."""

    where: str
    words: str
    scattered: bool = False  # a cell of a table row, in any order with the other cells
    aside: bool = False  # somewhere between the tasks
    again: bool = False  # begins with the words of the segment before it: a section's title


def read_source(file: Path, source: Source) -> bytes:
    """Return the bytes of the document that the plan in *file* gives as its *source*.

    A plan may come from someone else, and its differences from the document are printed.  So a plan
    may only name files in its own folder (the folder of the real file).  A document outside, which
    ``import`` names if documents have their own folder, is read only if its SHA-256 is the one in
    the plan: then the author of the plan had the document.
    Errors: BadPlan if the plan names any other file; PlanError if it cannot be read.
    """
    # Checked before any file access: on Windows, access to a server path logs in to the server.
    if PureWindowsPath(source.file).anchor:  # begins with /, \\, or a drive, on any system
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
        message = _("source.file is outside the plan's folder, and not the file recorded: {name}")
        raise _make_refusal(file, source, message)
    return data


def _is_document(path: Path) -> bool:
    """Return whether *path* is a regular file with content: no device, pipe, or file in /proc."""
    status = path.stat()  # files in /proc have size 0
    return stat.S_ISREG(status.st_mode) and status.st_size > 0


def _make_refusal(file: Path, source: Source, what: str) -> BadPlan:
    hint = _("if you trust it, name the document yourself: plancli verify {file} --source DOCUMENT")
    return BadPlan(what.format(name=source.file), hint=hint.format(file=file))


def find_differences(plan: Plan, data: bytes, name: str) -> Iterator[SourceDifference]:
    """Yield the differences between *plan* and its source, the bytes *data* of the file *name*.

    Errors: those of ``readers.read_source_text``.
    """
    if plan.source.sha256 and sha256(data).hexdigest() != plan.source.sha256:
        yield SourceDifference(
            "source-changed", "", 0, plan.source.sha256[:16], sha256(data).hexdigest()[:16]
        )
    text = _SourceIndex(readers.read_source_text(data, name))
    before = end = 0
    for segment in _iter_segments(plan):
        words = "".join(INVISIBLE.sub("", segment.words).split())
        if segment.aside and words in text.plain:
            continue
        position = text.find_text(words, before if segment.again else end)
        if segment.scattered and position > end + MAX_CLAUSE_DISTANCE:
            position = -1
        if position >= 0:
            before, end = position, position + len(words.rstrip(TRAILING_MARKS))
        elif segment.scattered and (
            found := text.find_cells(segment.words, max(0, end - MAX_ROW_DISTANCE))
        ):
            end = max(end, found)
        elif (elsewhere := text.plain.find(words)) >= 0:
            line = text.get_line(elsewhere)
            yield SourceDifference(
                "out-of-place", segment.where, line, words[:EXCERPT_LENGTH], words[:EXCERPT_LENGTH]
            )
        else:
            yield text.find_nearest(segment.where, words, end)


def compare_with_source(file: Path, plan: Plan, data: bytes, name: str) -> Result:
    """Return the differences as a table, each with its meaning and remedy."""
    meanings = {
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
                meanings[each.rule][0].format(source=each.source, plan=each.plan),
                meanings[each.rule][1],
            )
            for each in find_differences(plan, data, name)
        ),
    )


class _SourceIndex:
    """The source's text without spaces, page numbers and second copies, with its offsets."""

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

    def find_text(self, words: str, at: int) -> int:
        """Return the offset of *words* from *at* on, or -1.

        The mark that ends a sentence may be after its clause.
        """
        offset = self.plain.find(words, at)
        if offset < 0 and words.rstrip(TRAILING_MARKS):
            offset = self.plain.find(words.rstrip(TRAILING_MARKS), at)
        return offset

    def get_line(self, at: int) -> int:
        """Return the line, from 1, of the character *at* in the source."""
        start = self._starts[min(at, len(self._starts) - 1)] if self._starts else 0
        return self._page.text.count("\n", 0, start) + 1

    def find_cells(self, words: str, start: int) -> int:
        """Return the offset after the cells in *words*, of one row near *start*; 0 if one is missing."""
        last = 0
        for each in words.split("；"):
            for part in each.split("：")[-1].split("、"):
                cell = "".join(part.split())
                found = self.plain.find(cell, start, start + 2 * MAX_ROW_DISTANCE)
                if found < 0:
                    return 0
                last = max(last, found + len(cell))
        return last

    def find_nearest(self, where: str, words: str, at: int) -> SourceDifference:
        """Return the difference between *words* and the source at their expected position."""
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
        *above, own = section.title.split("／")  # titles shared by several sections come first
        yield from (PlanSegment(head, part, aside=True) for part in above)
        goes_on = not section.no and section.title in titles  # continued after its subsections
        titles.add(section.title)
        yield PlanSegment(head, own, scattered=cells, aside=cells or goes_on)
        yield from (PlanSegment(head, paragraph, aside=True) for paragraph in section.paragraphs)
        for task in section.tasks:
            yield from _iter_task_segments(task)
    yield from (PlanSegment(where, line) for line in each.annex)


def _is_table_row(task: Task) -> bool:
    """Return whether the task may be a table row, whose cells may be in any order."""
    return bool(task.cells or task.reading or "：" in task.clause)


def _iter_task_segments(task: Task) -> Iterator[PlanSegment]:
    for n, part in enumerate(task.passages):
        yield PlanSegment(task.no, part.text, scattered=_is_table_row(task), again=n == 0)
        yield PlanSegment(task.no, part.clause, scattered=True)
