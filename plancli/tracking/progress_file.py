"""The progress file: what each body reported, when, from which file; nothing once in it is lost.

Like every file of plancli it is YAML that people may read and mend by hand.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import ClassVar

from plancli.results.roles import AssignmentRole
from plancli.yamlfile import decoder, encoder
from plancli.yamlfile.fields import optional, required

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
PROGRESS_HEADER = (
    "# 由 plancli collect 汇总各单位的反馈；可以手工修改，再次汇总不会丢失已有内容。\n"
)


@dataclass(frozen=True, slots=True)
class ExtraCell:
    """A cell of a row that the work sheet had no column for, or that people changed."""

    one_line: ClassVar[bool] = True  # in the file

    column: str = required("the column's heading")
    text: str = required("the cell", lines=True)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a body said of a task, once."""

    state: str = optional("完成状态, as it was written", "", lines=True)
    progress: str = optional("进展情况", "", lines=True)
    due: str = optional("完成时限, as it was written", "", lines=True)
    problem: str = optional("存在问题", "", lines=True)
    contact: str = optional("联系人", "", lines=True)
    more: tuple[ExtraCell, ...] = optional("columns that people added, words that they changed")
    file: str = optional("the file that it came in", "")
    when: str = optional("when that was last saved, as 2022-06-30T17:00:00+08:00", "")

    def __post_init__(self) -> None:
        if self.when:
            parse_moment(self.when)

    @property
    def content(self) -> tuple[object, ...]:
        """What was said, wherever and whenever."""
        return tuple(getattr(self, each.name) for each in fields(self)[:6])

    @property
    def moment(self) -> datetime:
        """When it was said; long ago where that is not known, or cannot be: it is yet to come."""
        found = parse_moment(self.when)
        return found if found <= datetime.now(UTC) else UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """All that a body said of its part in a task: the latest, then what it said earlier."""

    id: str = required("of the task, the body and the role", unique="report")
    plan: str = required("the plan's id")
    no: str = required("the task's number")
    body: str = required("the body")
    role: AssignmentRole = required("how the body takes part")
    task: str = required("the task's words")
    now: Statement = required("the latest")
    earlier: tuple[Statement, ...] = optional("what was said before, the latest first")

    @property
    def contents(self) -> set[object]:
        """All that was ever said."""
        return {said.content for said in (self.now, *self.earlier)}


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that belongs to no task of the plan, kept as it came."""

    file: str = required("the file that it came in")
    cells: tuple[ExtraCell, ...] = required("what the row says")
    body: str = optional("whose file it is", "")
    when: str = optional("when that was last saved", "")


@dataclass(frozen=True, slots=True)
class ProgressFile:
    """The whole file."""

    reports: tuple[AssignmentReport, ...] = optional(
        "what was reported, a task, body and role each"
    )
    strays: tuple[UnmatchedRow, ...] = optional("rows that belong to no task")


def parse_moment(when: str) -> datetime:
    """Return the moment that *when* says; long ago for nothing."""
    try:
        return datetime.fromisoformat(when).astimezone() if when else UNKNOWN_TIME
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("not a time like 2022-06-30T17:00:00+08:00") from error


def load_progress(raw: bytes, file: str) -> ProgressFile:
    """Read the progress file *raw*; BadPlan, with file and line, where it is none."""
    return decoder.YamlDecoder(file).decode(ProgressFile, raw)


def dump_progress(progress: ProgressFile) -> bytes:
    """Return *progress* as the bytes of its file."""
    return (PROGRESS_HEADER + encoder.encode_yaml(progress)).encode()


def add_statement(report: AssignmentReport, said: Statement) -> AssignmentReport:
    """Return *report* after *said* came, too: the latest is what holds, the rest is kept."""
    before = (report.now, *report.earlier)
    if said.content == report.now.content:  # said again: what was said in between is older
        return replace(report, now=said) if said.moment > report.now.moment else report
    if any((each.content, each.moment) == (said.content, said.moment) for each in report.earlier):
        return report
    if said.moment > report.now.moment:
        return replace(report, now=said, earlier=before)
    if said.content in report.contents:
        return report
    later = sorted((*report.earlier, said), key=lambda each: each.moment, reverse=True)
    return replace(report, earlier=tuple(later))
