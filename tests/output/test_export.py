"""Formats: what is written is read back equal; spreadsheets run nothing; the contract holds."""

import csv
import json
import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plancli.output import formats
from plancli.output.formats import delimited
from plancli.plan.model import iter_tasks
from plancli.query import select
from plancli.results import document
from plancli.results.roles import Role
from plancli.results.table import Result
from tests.conftest import SMALL

FIELDS = ["plan", "no", "list", "section", "text", "clause", "lead", "participate",
          "open_ended", "regions", "parts"]  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="；\x00"), max_size=9)
CELLS = st.one_of(WORDS, st.text(st.sampled_from("=+-@'\t\r\n\",＝甲"), max_size=5))
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def read_rows(data, delimiter=","):
    """Return the rows of a csv or tsv with the original cells: without the guard of formulas."""
    lines = StringIO(data.decode("utf-8-sig"), newline="")
    columns, *rows = csv.reader(lines, delimiter=delimiter)
    cells = [
        [cell[1:] if cell[:1] == "'" and delimited.is_formula(cell) else cell for cell in row]
        for row in rows
    ]
    return [dict(zip(columns, row, strict=True)) for row in cells]


def encoded(result, format):
    out = BytesIO()
    formats.write_document(document.make_document(result), format, out)
    return out.getvalue()


def test_json_obeys_the_contract(run, plan):
    code, out, err = run("export", "-f", "json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert "\\u" not in out
    for row, entry in zip(rows, iter_tasks(plan), strict=True):
        task = entry.task
        assert list(row) == FIELDS
        assert row == {
            "plan": "anhui-yrd-2022",
            "no": task.no,
            "list": entry.list.title,
            "section": entry.section.title if entry.section else "",
            "text": task.text,
            "clause": task.clause,
            "lead": list(task.get_agency_names(Role.LEAD)),
            "participate": list(task.get_agency_names(Role.PARTICIPATE)),
            "open_ended": task.is_open_ended,
            "regions": [mention.name for mention in task.regions],
            "parts": [part.printed for part in task.parts],
        }


@pytest.mark.parametrize(
    "argv",
    [["agency", "合肥市"], ["region", "皖北"], ["section", "2.3"], ["keyword", "科创"],
     ["task", "41"],
     ["list", "--lead"], ["agency", "合肥市", "--possible"]],
)  # fmt: skip
def test_every_question_gives_the_contract_s_rows(run, argv):
    every = {row["no"]: row for row in json.loads(run("export", "-f", "json")[1])}
    rows = json.loads(run(*argv, "-f", "json")[1])
    assert rows
    for row in rows:
        assert {name: row[name] for name in FIELDS} == every[row["no"]]


def test_formats_say_the_same(run):
    rows = json.loads(run("export", "-f", "json")[1])
    lines = run("export", "-f", "ndjson")[1].splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert yaml.safe_load(run("export", "-f", "yaml")[1]) == rows
    flat = [
        {name: "；".join(cell) if isinstance(cell, list) else
         str(cell).lower() if isinstance(cell, bool) else cell for name, cell in row.items()}
        for row in rows
    ]  # fmt: skip
    assert read_rows(run("export", "--csv")[1].encode()) == flat
    assert read_rows(run("export", "--tsv")[1].encode(), "\t") == flat
    table = run("export", "--md")[1].splitlines()
    assert len(table) == 2 + len(rows)
    assert all(row["text"][:4] in line for row, line in zip(rows, table[2:], strict=True))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_cells_come_back_equal_and_none_is_a_formula(rows):
    result = Result("", ("a", "b"), tuple(rows))
    for format, delimiter in (("csv", ","), ("tsv", "\t")):
        data = encoded(result, format)
        assert read_rows(data, delimiter) == [dict(zip("ab", row, strict=True)) for row in rows]
        plain = list(csv.reader(StringIO(data.decode(), newline=""), delimiter=delimiter))
        assert not any(
            cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for row in plain for cell in row
        )


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4))
def test_structured_formats_come_back_equal(rows):
    result = Result("", ("a", "b"), tuple(rows))
    wanted = [{"a": a, "b": b} for a, b in rows]
    assert json.loads(encoded(result, "json")) == wanted
    lines = encoded(result, "ndjson").decode().split("\n")
    assert [json.loads(line) for line in lines if line] == wanted
    printable = [row for row in wanted if all(cell.isprintable() for cell in row.values())]
    if printable == wanted:
        assert yaml.safe_load(encoded(result, "yaml")) == wanted


@pytest.mark.parametrize("format", formats.PLAIN_FORMATS)
def test_a_long_answer_is_the_same_as_a_short_one(run, monkeypatch, tmp_path, format):
    if format == "parquet":
        pytest.importorskip("pyarrow")
    files = []
    for held in (71, 70, 0):
        monkeypatch.setattr(select, "MAX_ROWS_IN_MEMORY", held)
        files.append(tmp_path / f"{held}.out")  # a name without a suffix may be a folder
        assert run("export", "-f", format, "-o", str(files[-1]))[0] == 0
    whole, *asked_again = (file.read_bytes() for file in files)
    assert asked_again == [whole, whole]


def test_csv_is_rfc_4180(run):
    out = run("export", "--csv")[1]
    assert out.count("\r\n") == 72
    assert "\n" not in out.replace("\r\n", "")


@pytest.mark.parametrize(
    ("argv", "marked"),
    [(["-o", "{}/t.csv"], True), (["-o", "{}/t.tsv"], True),
     (["-o", "{}/t.csv", "--no-bom"], False),
     (["-o", "{}/t.json"], False), (["-f", "csv", "-o", "{}/t.csv", "--bom"], True)],
)  # fmt: skip
def test_files_for_spreadsheets_begin_with_a_mark(run, tmp_path, argv, marked):
    code, out, _err = run("export", *(each.format(tmp_path) for each in argv))
    (file,) = tmp_path.glob("t.*")
    assert (code, out) == (0, "")
    assert file.read_text("utf-8").startswith(MARK) == marked


def test_a_pipe_has_no_mark_unless_told(run):
    assert not run("export", "--csv")[1].startswith(MARK)
    assert run("export", "--csv", "--bom")[1].startswith(MARK)


def test_a_dash_is_a_stream(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run("list", "-o", "-") == run("list")
    assert run("list", "-f", "json", "-o", "-") == run("list", "-f", "json")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(SMALL.read_bytes())))
    assert run("list", "-f", "json", "-p", "-") == run("list", "-f", "json", "-p", str(SMALL))


def test_markdown_stays_text(run):
    out = run("list", "-f", "md", "--plan", str(SMALL))[1]
    assert "\\[b\\]建设\\[/b\\]" in out


def test_a_file_is_written_whole_or_not_at_all(run, tmp_path):
    kept = tmp_path / "kept.csv"
    kept.write_text("before")
    (tmp_path / "kept.csv.d").mkdir()
    assert run("export", "-o", str(tmp_path / "no" / "t.csv"))[0] == 1
    assert run("export", "-o", str(tmp_path / "t.pdf"))[0] == 2
    code, _out, err = run("export", "-o", str(tmp_path / "kept.csv.d"), "-f", "csv")
    assert (code, "is a folder" in err) == (1, True)
    assert kept.read_text() == "before"
    assert {each.name for each in tmp_path.iterdir()} == {"kept.csv", "kept.csv.d"}


def test_a_pipe_and_a_link_are_written_through(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE)
    assert run("export", "--csv", "-o", str(tmp_path / "pipe"))[0] == 0
    assert reader.communicate(timeout=60)[0].count(b"\r\n") == 72
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "real.csv").write_text("before")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert run("export", "-o", str(tmp_path / "link.csv"))[0] == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes().count(b"\r\n") == 72


def test_a_file_keeps_its_permissions(run, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("before")
    file.chmod(0o600)
    assert run("list", "-o", str(file))[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_database_of_ours_is_never_overwritten(run, tmp_path):
    (tmp_path / "notes.db").write_text("mine")
    code, _out, err = run("build", "-o", str(tmp_path / "notes.db"))
    assert (code, "already exists" in err) == (1, True)
    assert (tmp_path / "notes.db").read_text() == "mine"


def test_the_plan_is_never_overwritten(run, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_bytes(SMALL.read_bytes())
    for more in ([], ["--plan", str(file)]):
        code, _out, err = run("list", *more, "-o", str(file))
        assert (code, "is a plan" in err) == (1, True)
        code, _out, err = run("build", *more, "-o", str(file))
        assert (code, "not a database file name" in err) == (2, True)
    assert file.read_bytes() == SMALL.read_bytes()


@pytest.mark.parametrize("format", sorted({*formats.PLAIN_FORMATS} - formats.BINARY_FORMATS))
def test_a_terminal_is_shown_what_a_pipe_gets(run, monkeypatch, format):
    """Tabs, too: they part the cells."""
    piped = run("list", "-f", format)[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run("list", "-f", format)[1] == piped.replace("\r\n", "\n")
