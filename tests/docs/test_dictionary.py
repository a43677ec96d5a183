"""The data dictionary has every key, field, table and column that there is, and no other."""

import re
from dataclasses import is_dataclass

import pytest
import typer

from plancli import importing
from plancli.cli.main import build_program
from plancli.plan import io as plan_io
from plancli.registry.model import AgencyFile, AgencyKind, RegionFile, RegionType
from plancli.results.labels import HEADINGS
from plancli.system import files
from plancli.tracking import progress_file
from plancli.yamlfile import decoder
from scripts.pages import parse_table, read_page
from tests.conftest import SMALL
from tests.docs import answers, dictionary

ROWS = re.compile(r"(?:^\|[^\n]*\n)+", re.MULTILINE)


def tables(page, below):
    """Return the first table below each heading of the level *below* in *page*, by heading."""
    parts = re.split(rf"^{below} (.+)$", read_page(page), flags=re.MULTILINE)[1:]
    found = zip(parts[::2], map(ROWS.search, parts[1::2]), strict=True)
    return {heading: parse_table(rows[0])[1:] for heading, rows in found if rows}


# Without a jurisdiction, and with words that hold for all tasks below.
SHARED = """2026年工作要点
1.建设平台。（科技局负责，以下各项均需各乡镇人民政府落实，不再列出）
2.兴修水利。（水利局负责）
"""


@pytest.fixture(scope="session")
def written(known):
    """The values of every key, in the files that there are."""
    agencies, regions = (
        decoder.YamlDecoder(str(file)).decode(kind, files.read_plan_file(file))
        for file, kind in zip(files.REGISTRY_FILES, (AgencyFile, RegionFile), strict=True)
    )
    said = re.search(r"```yaml\n(reports:.*?)```", read_page("docs/returns.md"), re.DOTALL)[1]
    plan = re.search(r"```text plan.txt\n(.*?)```", read_page("docs/tutorial.md"), re.DOTALL)[1]
    mine = importing.import_document(plan.encode(), "plan.txt", known).plan
    shared = importing.import_document(SHARED.encode(), "plan.txt", known).plan
    progress = progress_file.load_progress(said.encode(), "returns.md")
    small = plan_io.parse_plan(SMALL.read_bytes(), SMALL.name, known)
    return dictionary.values(known, agencies, regions, progress, mine, shared, small)


def test_every_key_of_every_file_is_explained(written):
    shown = tables("docs/data.md", "###")
    records = {each for kind in dictionary.FILES.values() for each in dictionary.records(kind)}
    assert {each.__name__ for each in records} == shown.keys()
    for each in records:
        name, keys = each.__name__, decoder.get_yaml_fields(each).items()
        assert [(row[0], row[1], row[4]) for row in shown[name]] == [
            (f"`{key}`" + "*" * dictionary.required(field), dictionary.spoken(kind),
             field.metadata["help"])
            for key, (field, kind) in keys
        ]  # fmt: skip
        for (key, (_field, kind)), row in zip(keys, shown[name], strict=True):
            origin, example = row[2:4]
            record = is_dataclass(dictionary.inner(kind))
            assert (bool(example), bool(origin or record)) == (not record, True), (name, key)
            assert not example or known_as(example, written[name, key]), (name, key, example)


def known_as(example, values):
    """Whether *example*, which may be cut off, is among *values*."""
    head = example.removesuffix("…")
    return example in values or any(head != example and each.startswith(head) for each in values)


@pytest.mark.parametrize("words", [AgencyKind, RegionType])
def test_every_kind_is_named(words):
    assert "、".join(words) in read_page("docs/data.md")


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """Command: the rows that it gives as JSON, for every question of docs/fields.md."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder := tmp_path_factory.mktemp("answers"))
        patch.setenv("PLANCLI_LANG", "en")
        patch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.delenv("PLANCLI_PLAN", raising=False)
        answers.stage(folder)
        asked = [each for commands, _fields in questions() for each in commands]
        return {each: answers.asked(each) for each in (*asked, *answers.OF_ANOTHER_PLAN)}


def questions():
    """Yield the commands that docs/fields.md names, and the fields that it says they give."""
    for commands, fields in tables("docs/fields.md", "##")["Which fields a question gives"]:
        yield re.findall("`(.*?)`", commands), fields.split()


@pytest.mark.slow
def test_every_field_of_every_answer_is_explained(told):
    for commands, fields in questions():
        for command in commands:
            assert told[command]
            assert all(list(row) == fields for row in told[command]), command
    shown = tables("docs/fields.md", "##")["What the fields are"]
    values = answers.values(told.values())
    assert sorted((row[0].strip("`"), row[2]) for row in shown) == sorted(values)
    for field, heading, kind, example, meaning in shown:
        name = field.strip("`")
        assert heading == HEADINGS[name]
        assert known_as(example, values[name, kind]), (field, example)
        assert meaning


def test_every_command_that_gives_rows_is_among_the_questions():
    asked = {command.split()[1] for commands, _fields in questions() for command in commands}
    whole = typer.main.get_command(build_program([]))
    formats = {
        name
        for name, command in whole.commands.items()
        if "format" in {each.name for each in command.params}
    }
    assert asked == formats
