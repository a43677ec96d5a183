"""The progress file: what each agency reported, when, in which file; no report is ever removed.

Like every file of plancli it is YAML that people can read and edit by hand.
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
    """A cell of a column that people added, or a text of the plan that they changed."""

    one_line: ClassVar[bool] = True  # in the file

    column: str = required("the column's heading")
    text: str = required("the cell", lines=True)


@dataclass(frozen=True, slots=True)
class Statement:
    """One report of an agency on one of its tasks."""

    state: str = optional("完成状态, as it was written", "", lines=True)
    progress: str = optional("进展情况", "", lines=True)
    due: str = optional("完成时限, as it was written", "", lines=True)
    problem: str = optional("存在问题", "", lines=True)
    contact: str = optional("联系人", "", lines=True)
    more: tuple[ExtraCell, ...] = optional("columns that people added, texts that they changed")
    file: str = optional("the file that contained it", "")
    when: str = optional("when the file was last saved, as 2022-06-30T17:00:00+08:00", "")

    def __post_init__(self) -> None:
        if self.when:
            parse_moment(self.when)

    @property
    def content(self) -> tuple[object, ...]:
        """The reported values, without file and time."""
        return tuple(
            getattr(self, each.name) for each in fields(self) if each.name not in ("file", "when")
        )

    @property
    def moment(self) -> datetime:
        """When it was saved; UNKNOWN_TIME if not known, or in the future."""
        moment = parse_moment(self.when)
        return moment if moment <= datetime.now(UTC) else UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """All reports of an agency on one of its tasks: the latest and the earlier ones."""

    id: str = required("hash of plan, task, agency and role", unique="report")
    plan: str = required("the plan's id")
    no: str = required("the task's number")
    body: str = required("the agency")
    role: AssignmentRole = required("the agency's role")
    task: str = required("the task's text")
    now: Statement = required("the latest report")
    earlier: tuple[Statement, ...] = optional("earlier reports, the latest first")

    @property
    def contents(self) -> set[object]:
        """The contents of all reports."""
        return {each.content for each in (self.now, *self.earlier)}


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that belongs to no task of the plan, kept unchanged."""

    file: str = required("the file that contained it")
    cells: tuple[ExtraCell, ...] = required("the cells of the row")
    body: str = optional("the agency that the file belongs to", "")
    when: str = optional("when the file was last saved", "")


@dataclass(frozen=True, slots=True)
class ProgressFile:
    """The content of the progress file."""

    reports: tuple[AssignmentReport, ...] = optional("one entry for each task, agency and role")
    strays: tuple[UnmatchedRow, ...] = optional("rows that belong to no task")


def parse_moment(when: str) -> datetime:
    """Parse *when*; return UNKNOWN_TIME for ''."""
    try:
        return datetime.fromisoformat(when).astimezone() if when else UNKNOWN_TIME
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("not a time like 2022-06-30T17:00:00+08:00") from error


def load_progress(raw: bytes, file: str) -> ProgressFile:
    """Parse the progress file *raw*.

    Errors: BadPlan, with file and line, if it is not a progress file.
    """
    return decoder.YamlDecoder(file).decode(ProgressFile, raw)


def dump_progress(progress: ProgressFile) -> bytes:
    """Return *progress* as the bytes of its file."""
    return (PROGRESS_HEADER + encoder.encode_yaml(progress)).encode()


def add_statement(report: AssignmentReport, statement: Statement) -> AssignmentReport:
    """Return *report* with one more statement: the latest becomes current, the others are kept."""
    before = (report.now, *report.earlier)
    if statement.content == report.now.content:  # repeated: statements in between are older
        return replace(report, now=statement) if statement.moment > report.now.moment else report
    if any(
        (each.content, each.moment) == (statement.content, statement.moment)
        for each in report.earlier
    ):
        return report
    if statement.moment > report.now.moment:
        return replace(report, now=statement, earlier=before)
    if statement.content in report.contents:
        return report
    later = sorted((*report.earlier, statement), key=lambda each: each.moment, reverse=True)
    return replace(report, earlier=tuple(later))
