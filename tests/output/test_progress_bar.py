"""A bar that moves while an answer is written changes nothing of it."""

from io import BytesIO

import pytest

from plancli import query
from plancli.output import formats
from plancli.output.terminal import progress_bar
from plancli.results.document import AnswerTable


@pytest.fixture
def document(db):
    return query.build_document(db, query.EVERY_TASK, AnswerTable("任务", query.select_tasks(db)))


@pytest.mark.parametrize("format", ["csv", "json", "xlsx", "html", "parquet"])
@pytest.mark.parametrize(
    "watched", [progress_bar.with_row_progress, progress_bar.with_task_progress]
)
def test_what_is_written_is_the_same(document, watched, format, capsys):
    if format == "parquet":
        pytest.importorskip("pyarrow")
    plain, seen = BytesIO(), BytesIO()
    formats.write_document(document, format, plain)
    with watched(document, "writing") as looked_at:
        formats.write_document(looked_at, format, seen)
    assert seen.getvalue() == plain.getvalue()
    assert not capsys.readouterr().out


def test_steps_come_as_they_are():
    assert list(progress_bar.iter_with_progress(iter("甲乙丙"), 3, "reading")) == ["甲", "乙", "丙"]


def test_without_tasks_of_its_own_there_is_no_bar(document):
    alone = document._replace(flat_rows=None)
    with progress_bar.with_task_progress(alone, "writing") as seen:
        assert seen is alone
