"""The progress file: what each body reported, when, from which file; nothing once in it is lost.

Like every file of plancli it is YAML that people may read and mend by hand.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import ClassVar

from plancli.tracking.assignments import Part
from plancli.yamlfile import decoder, encoder
from plancli.yamlfile.fields import key, may

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
HEADER = "# 由 plancli collect 汇总各单位的反馈；可以手工修改，再次汇总不会丢失已有内容。\n"


@dataclass(frozen=True, slots=True)
class Extra:
    """A cell of a row that the work sheet had no column for, or that people changed."""

    one_line: ClassVar[bool] = True  # in the file

    column: str = key("the column's heading")
    text: str = key("the cell", lines=True)


@dataclass(frozen=True, slots=True)
class Said:
    """What a body said of a task, once."""

    state: str = may("完成状态, as it was written", "", lines=True)
    progress: str = may("进展情况", "", lines=True)
    due: str = may("完成时限, as it was written", "", lines=True)
    problem: str = may("存在问题", "", lines=True)
    contact: str = may("联系人", "", lines=True)
    more: tuple[Extra, ...] = may("columns that people added, words that they changed")
    file: str = may("the file that it came in", "")
    when: str = may("when that was last saved, as 2022-06-30T17:00:00+08:00", "")

    def __post_init__(self) -> None:
        if self.when:
            moment(self.when)

    @property
    def content(self) -> tuple[object, ...]:
        """What was said, wherever and whenever."""
        return tuple(getattr(self, each.name) for each in fields(self)[:6])

    @property
    def moment(self) -> datetime:
        """When it was said; long ago where that is not known, or cannot be: it is yet to come."""
        found = moment(self.when)
        return found if found <= datetime.now(UTC) else LONG_AGO


@dataclass(frozen=True, slots=True)
class Report:
    """All that a body said of its part in a task: the latest, then what it said earlier."""

    id: str = key("of the task, the body and the role", unique="report")
    plan: str = key("the plan's id")
    no: str = key("the task's number")
    body: str = key("the body")
    role: Part = key("how the body takes part")
    task: str = key("the task's words")
    now: Said = key("the latest")
    earlier: tuple[Said, ...] = may("what was said before, the latest first")

    @property
    def contents(self) -> set[object]:
        """All that was ever said."""
        return {said.content for said in (self.now, *self.earlier)}


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that belongs to no task of the plan, kept as it came."""

    file: str = key("the file that it came in")
    cells: tuple[Extra, ...] = key("what the row says")
    body: str = may("whose file it is", "")
    when: str = may("when that was last saved", "")


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole file."""

    reports: tuple[Report, ...] = may("what was reported, a task, body and role each")
    strays: tuple[Stray, ...] = may("rows that belong to no task")


def moment(when: str) -> datetime:
    """Return the moment that *when* says; long ago for nothing."""
    try:
        return datetime.fromisoformat(when).astimezone() if when else LONG_AGO
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("not a time like 2022-06-30T17:00:00+08:00") from error


def loads(raw: bytes, file: str) -> Progress:
    """Read the progress file *raw*; BadPlan, with file and line, where it is none."""
    return decoder.Reader(file).read(Progress, raw)


def dumps(progress: Progress) -> bytes:
    """Return *progress* as the bytes of its file."""
    return (HEADER + encoder.write(progress)).encode()


def heard(report: Report, said: Said) -> Report:
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
