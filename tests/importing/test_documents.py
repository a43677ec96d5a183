"""Documents written by hand and made up from seeds are read as a careful reader reads them."""

import json

import pytest

from plancli import checks, importing
from plancli.checks import source_text
from plancli.importing import batch
from plancli.importing.parsing.coverage import UNREAD
from plancli.importing.parsing.draft import NO_TITLE
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role
from tests.conftest import HERE
from tests.papers import documents

FOLDER = HERE / "documents"
ANSWERS = sorted(FOLDER.glob("*.answers.json"))
KNOWN = registry_io.load_default_registry()
SEEDS = 120  # benchmarks/import_accuracy.py reads 500


def plain(text):
    return "".join(text.split())


def told(task):
    return (
        task.no,
        plain(task.text),
        set(task.get_agency_names(Role.LEAD)),
        set(task.get_agency_names(Role.PARTICIPATE)),
        task.is_open_ended,
    )


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda file: file.name.partition(".")[0])
def test_a_document_is_read_as_a_careful_reader_reads_it(answers):
    stem = answers.name.removesuffix(".answers.json")
    file = next(each for each in FOLDER.glob(f"{stem}.*") if each != answers)
    expected = json.loads(answers.read_text("utf-8"))
    draft = importing.import_document(file.read_bytes(), file.name, KNOWN)
    wanted = [
        (
            task["no"],
            plain(task["text_starts"])[:8],
            set(task["lead"]),
            set(task["participate"]),
            task["open_ended"],
        )
        for task in expected["tasks"]
    ]
    got = [told(entry.task) for entry in iter_tasks(draft.plan)]
    for (_no, starts, *_rest), task in zip(wanted, got, strict=False):
        assert task[1].startswith(starts)
    assert [(no, *rest) for no, _text, *rest in got] == [
        (no, *rest) for no, _starts, *rest in wanted
    ]
    if expected["title"]:
        assert plain(draft.plan.title) == plain(expected["title"])
    assert draft.coverage.count_characters()[UNREAD] == 0
    assert not list(source_text.find_differences(draft.plan, file.read_bytes(), file.name))


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda file: file.name.partition(".")[0])
def test_what_is_read_without_doubt_passes_the_check(answers):
    stem = answers.name.removesuffix(".answers.json")
    file = next(each for each in FOLDER.glob(f"{stem}.*") if each != answers)
    data = file.read_bytes()
    draft = importing.import_document(data, file.name, KNOWN)
    plan = batch.finalize_plan(draft, data, file.name)
    found = checks.check_plans(KNOWN, [(file.with_suffix(".yaml"), batch.dump_plan(plan))])
    rules = set(found.column("rule")) - {"open-review"}
    assert summary.select_doubtful(draft) or not rules


@pytest.mark.slow
@pytest.mark.parametrize("tens", range(SEEDS // 10))
def test_made_up_documents_are_read_as_they_were_meant(tens):
    pytest.importorskip("reportlab")
    missed, wrong, tasks = [], [], 0
    for seed in range(tens * 10, tens * 10 + 10):
        document = documents.document(seed)
        draft = importing.import_document(document.data, document.name, KNOWN)
        got = [told(entry.task) for entry in iter_tasks(draft.plan)]
        wanted = [
            (each.no, plain(each.text), set(each.lead), set(each.participate), each.open_ended)
            for each in document.tasks
        ]
        tasks += len(wanted)
        missed += [(seed, each) for each in wanted if each not in got]
        wrong += [(seed, each) for each in got if each not in wanted]
        assert draft.coverage.count_characters()[UNREAD] == 0
        assert draft.plan.title in (document.title, NO_TITLE)
    assert max(len(missed), len(wrong)) <= tasks / 100, (missed, wrong)


def test_a_seed_gives_the_same_document_each_time():
    pytest.importorskip("reportlab")
    for seed in (1, 2, 3, 5, 14, 15):
        assert documents.document(seed) == documents.document(seed)
