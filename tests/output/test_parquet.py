"""Parquet: equal to -f json, the same from a plan as from a database, and enough to answer by."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plancli
from plancli import api
from plancli.output.formats import parquet as written
from plancli.plan import flat_rows
from plancli.query.flat_rows import make_flattener
from tests.conftest import HERE, SMALL
from tests.output.test_export import FIELDS
from tests.papers import documents

pa = pytest.importorskip("pyarrow")
dataset = pytest.importorskip("pyarrow.dataset")
parquet = pytest.importorskip("pyarrow.parquet")

MANUAL = HERE.parent / "docs" / "parquet.md"
KINDS = {"strings": "list of string", "records": "list of struct"}
TASKS = [["export"], ["list", "--lead"], ["agency", "合肥市"], ["agency", "合肥市", "--possible"],
         ["region", "皖北"], ["section", "2.3"], ["keyword", "科创"], ["task", "41", "11-16"],
         ["targets"], ["lint"], ["list", "-k", "什么也没有"]]  # fmt: skip
OTHERS = [["agency"], ["region"], ["section"], ["plans"], ["stats"], ["matrix"], ["network"],
          ["map"], ["section", "3"]]  # fmt: skip
HOSTILE = [
    "../../逃",
    "甲=乙/丙",
    "百%2F分",
    "a\\b:c*?",
    "#{[^]}'\"",
    "尾.",
    "..",
    "__HIVE_DEFAULT_PARTITION__x",
    "2022",
]
PLAN = """id: {id}
title: 某计划
year: {year}
jurisdiction: {name}
lists:
- tasks:
  - {{'no': '1', text: 办好甲事。}}
  - {{'no': '2', text: 办好乙事。}}
regions:
- {{name: {name}, type: 县级}}
"""


def of(id, name, year=2024):
    return api.from_yaml(PLAN.format(id=id, name=json.dumps(name, ensure_ascii=False), year=year))


@pytest.fixture
def saved(run, tmp_path):
    """``saved("agency", "合肥市")`` returns the table that the question is written as."""

    def saved(*argv):
        file = tmp_path / "answer.parquet"
        assert run(*argv, "-o", str(file))[0] == 0
        return parquet.read_table(file)

    return saved


@pytest.fixture(scope="module")
def papers():
    """Plans read from made-up texts of many places, each with bodies and places of its own."""
    made = map(documents.document, range(60))
    return [api.parse(each.data, each.name, id=f"p-{n}") for n, each in enumerate(made)]


@pytest.fixture(scope="module")
def rows(plan):
    return list(api.rows([plan]))


def one_type(rows):
    """Rows as JSON has them: a whole number and 1.0 are one."""
    return json.loads(json.dumps(rows, ensure_ascii=False))


@pytest.mark.parametrize("argv", [*TASKS, *OTHERS], ids=" ".join)
def test_a_file_is_equal_to_json(run, saved, argv):
    wanted = json.loads(run(*argv, "-f", "json")[1])
    table = saved(*argv)
    assert table.num_rows == len(wanted)
    for row, told in zip(table.to_pylist(), wanted, strict=True):
        assert {name: row[name] for name in told} == told


@pytest.mark.parametrize("argv", TASKS, ids=" ".join)
def test_every_answer_of_tasks_has_every_field(saved, argv):
    form = saved(*argv).schema
    wanted = api.schema()
    assert form.names[: len(wanted)] == wanted.names
    assert all(form.field(name).type.equals(wanted.field(name).type) for name in wanted.names)
    assert form.metadata[b"plancli.version"] == plancli.__version__.encode()
    assert all(form.field(name).metadata[b"description"] for name in wanted.names)


def test_the_contract_comes_first_and_partitions_last():
    names = [each.name for each in flat_rows.FLAT_FIELDS]
    assert names[: len(FIELDS)] == FIELDS
    assert tuple(names[-2:]) == flat_rows.PARTITION_FIELDS
    assert api.schema(parted=True).names == names[:-2]


@pytest.mark.slow
def test_rows_of_a_plan_are_those_of_its_database(plan, papers, saved):
    with api.load(plan, *papers) as plans:
        ids = [id for (id,) in plans.db.execute("SELECT id FROM task ORDER BY id")]
        of_database = one_type(make_flattener(plans.db)(ids))
    assert len(of_database) > 700
    assert list(api.rows([plan, *papers])) == of_database
    assert saved("export").to_pylist() == of_database[:71]


def test_a_part_of_the_plans_gives_the_same_rows_where_all_places_are_told(papers):
    whole = list(api.rows(papers))
    places = {each for plan in papers for each in plan.regions}
    apart = [row for n in range(0, 60, 7) for row in api.rows(papers[n : n + 7], places)]
    assert apart == whole


def test_what_others_bring_counts():
    """A place that one plan puts into another finds the tasks of all that name it."""
    says = "  - {'no': '3', text: 建设丙村。, regions: [{name: 丙村, text: [丙村]}]}\nregions:"
    plans = []
    for id, more in (("a", ", in: [甲县]"), ("b", "")):
        head = PLAN.format(id=id, name="甲县", year=2024).replace("regions:", says)
        plans.append(api.from_yaml(head + f"- {{name: 丙村, type: 乡级{more}}}\n"))
    found = [row["places"] for row in api.rows(plans) if row["no"] == "3"]
    own, whole = {"region": "丙村", "grade": "name"}, {"region": "甲县", "grade": "member"}
    assert found == [[own, whole]] * 2
    alone = [row["places"] for row in api.rows(plans[1:]) if row["no"] == "3"]
    assert alone == [[own]]
    with api.load(*plans) as both:
        assert len(list(api.ask(both, region="甲县").records())) == 2


def tasks(rows):
    return Counter((row["plan"], row["no"], row["text"]) for row in rows)


# The names that plans print for an agency, each with the region it belongs to.
NAMES_AND_REALM = """SELECT DISTINCT duty_row.name, coalesce(region.name, '') FROM duty_row
 LEFT JOIN region ON region.id = home_region_id WHERE agency = ?"""


@pytest.mark.slow
def test_bodies_and_places_are_found_as_plancli_finds_them(papers, plan):
    """The questions of docs/scale.md, asked by plain loops."""
    every = list(api.rows([plan, *papers]))
    with api.load(plan, *papers) as plans:
        named = "SELECT DISTINCT display_name FROM duty JOIN agency ON agency.id = agency_id"
        bodies = [called for (called,) in plans.db.execute(named)]
        asked = 0
        for called in bodies[::3]:
            if api.find_agency(plans, called) != (called,):  # two of one name, one of them nobody's
                continue
            asked += 1
            printed = {*plans.db.execute(NAMES_AND_REALM, (called,))}
            for role in ("", "lead", "participate"):
                found = [row for row in every if any(
                    (duty["agency"], duty["realm"]) in printed
                    and role in ("", duty["role"]) for duty in row["duties"])]  # fmt: skip
                assert tasks(found) == tasks(api.ask(plans, agency=called, role=role).records())
        assert asked > 100
        for (name,) in plans.db.execute("SELECT name FROM region").fetchall():
            graded = {(row["plan"], row["ord"]): each["grade"] for row in every
                      for each in row["places"] if each["region"] == name}  # fmt: skip
            answer = list(api.region(plans, name).records())
            assert Counter(graded.values()) == Counter(row["grade"] for row in answer)
            found = [row for row in every if (row["plan"], row["ord"]) in graded]
            assert tasks(found) == tasks(answer)


@given(st.data())
def test_words_are_found_as_plancli_finds_them(rows, data):
    text = data.draw(st.sampled_from(rows))["text"]
    at = data.draw(st.integers(0, len(text) - 1))
    word = text[at : at + data.draw(st.integers(1, 10))]
    change = data.draw(st.sampled_from([str, str.upper, str.lower, lambda each: each[::-1]]))
    word = change(word)
    with api.load() as plans:
        found = [row["no"] for row in rows if api.fold(word) in row["folded"]]
        assert found == [row["no"] for row in api.ask(plans, keyword=word).records()]


def test_what_no_registry_knows_is_an_error(plan):
    stranger = replace(plan, jurisdiction="无此地")
    with pytest.raises(api.BadPlan, match="无此地"):
        list(api.rows([stranger]))
    small = api.from_yaml(SMALL.read_bytes())
    with pytest.raises(api.BadPlan, match="省演练局"):
        list(api.rows([replace(small, agencies=())]))


def read(folder):
    """A folder as its manual says it is read."""
    parts = pa.schema(
        [api.schema().field(name).remove_metadata() for name in flat_rows.PARTITION_FIELDS]
    )
    return dataset.dataset(folder, partitioning=dataset.partitioning(parts, flavor="hive"))


def exported(run, to, *plans):
    named = [each for file in plans for each in ("-p", str(file))]
    return run("export", "-f", "parquet", *named, "-o", str(to))


@pytest.fixture
def many(tmp_path):
    """Files of plans of several places and years, whose order is not that of the places."""
    files = []
    for n, (name, year) in enumerate([("丙县", 2023), ("甲县", 2024), ("丙县", 2023),
                                      ("甲县", 2022), ("乙县", 2024), ("丙县", 2024)]):  # fmt: skip
        files.append(tmp_path / f"{n}.yaml")
        files[-1].write_bytes(api.to_yaml(of(f"p-{n}", name, year)))
    return files


def test_a_folder_is_parted_by_place_and_year(run, tmp_path, many):
    to = tmp_path / "set"
    assert exported(run, to, *many) == (0, "", f"wrote {to}\n")
    parts = [("丙县", 2023), ("丙县", 2024), ("乙县", 2024), ("甲县", 2022), ("甲县", 2024)]
    names = sorted(str(file.relative_to(to)) for file in to.rglob("*") if file.is_file())
    assert names == [
        os.path.join(f"jurisdiction={name}", f"year={year}", "part-0.parquet")
        for name, year in parts
    ]
    rows = read(to).to_table().to_pylist()
    wanted = list(api.rows(api.from_yaml(file.read_bytes()) for file in many))
    key = lambda row: (row["plan"], row["ord"])  # noqa: E731
    assert sorted(rows, key=key) == sorted(wanted, key=key)
    for file in to.rglob("*.parquet"):
        form = parquet.read_schema(file)
        assert form.equals(api.schema(parted=True))
    ordered = parquet.ParquetFile(to / names[0]).read(["plan", "ord"]).to_pylist()
    assert ordered == sorted(ordered, key=key)  # two plans of one place and year, in their order


@pytest.mark.parametrize(
    "argv", [["agency", "合肥市"], ["region", "皖北"], ["targets"]], ids=" ".join
)
def test_a_folder_has_the_answer_s_tasks_each_once(run, tmp_path, argv):
    to = tmp_path / "set"
    assert run(*argv, "-f", "parquet", "-o", str(to))[0] == 0
    numbers = [row["no"] for row in json.loads(run(*argv, "-f", "json")[1])]
    found = read(to).to_table().column("no").to_pylist()
    assert found
    assert Counter(found) == Counter({no for no in numbers if no})


def test_hostile_names_stay_inside_and_come_back(run, tmp_path):
    files = []
    for n, name in enumerate(HOSTILE):
        files.append(tmp_path / f"{n}.yaml")
        files[-1].write_bytes(api.to_yaml(of(f"p-{n}", name)))
    before = set(tmp_path.rglob("*"))
    to = tmp_path / "in" / "set"
    assert exported(run, to, *files)[0] == 0
    assert {file for file in tmp_path.rglob("*") if to not in file.parents} - before == {
        to.parent, to}  # fmt: skip
    folders = [each.name for each in to.iterdir()]
    assert len(folders) == len(HOSTILE)
    assert not any(set(name) & set('\\:*?"<>|') or name.endswith((".", " ")) for name in folders)
    found = read(to).to_table(columns=["plan", "jurisdiction"]).to_pylist()
    assert {(row["plan"], row["jurisdiction"]) for row in found} == {
        (f"p-{n}", name) for n, name in enumerate(HOSTILE)
    }


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12))
def test_any_name_is_one_folder_s_and_comes_back(name):
    from urllib.parse import unquote

    folder = written.escape_folder_name(name)
    assert not set(folder) & set("/\\=:\x00")
    assert folder not in (".", "..")
    assert unquote(folder) == name


def test_a_folder_is_whole_or_not_there(run, tmp_path):
    """The second place's name is longer than any folder's may be: nothing is left of the first."""
    files = []
    for n, name in enumerate(("甲县", "长" * 200)):
        files.append(tmp_path / f"{n}.yaml")
        files[-1].write_bytes(api.to_yaml(of(f"p-{n}", name)))
    left = sorted(tmp_path.iterdir())
    code, out, err = exported(run, tmp_path / "a" / "set", *files)
    assert (code, out) == (1, "")
    assert "cannot write" in err
    assert sorted(tmp_path.iterdir()) == left


def test_a_folder_with_something_in_it_stays_as_it_is(run, tmp_path):
    to = tmp_path / "set"
    to.mkdir()
    assert exported(run, to)[0] == 0  # an empty one is filled
    before = {file: file.read_bytes() for file in to.rglob("*.parquet")}
    code, _out, err = exported(run, to, SMALL)
    assert code == 1
    assert "already exists" in err
    assert {file: file.read_bytes() for file in to.rglob("*.parquet")} == before


def test_only_tasks_are_written_as_a_folder(run, tmp_path):
    code, _out, err = run("stats", "-f", "parquet", "-o", str(tmp_path / "set"))
    assert code == 2
    assert "only tasks" in err
    assert list(tmp_path.iterdir()) == []


def test_rows_are_written_group_by_group_in_order(run, tmp_path, monkeypatch):
    monkeypatch.setattr(written, "ROWS_PER_BATCH", 7)
    monkeypatch.setattr(written, "ROWS_PER_GROUP", 20)
    file = tmp_path / "x.parquet"
    assert run("export", "-o", str(file))[0] == 0
    with parquet.ParquetFile(file) as read:
        sizes = [read.metadata.row_group(n).num_rows for n in range(read.num_row_groups)]
        assert sizes == [21, 21, 21, 8]
        assert read.read().column("ord").to_pylist() == list(range(1, 72))
        assert read.metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_same_answer_is_the_same_file_and_a_pipe_s(run, tmp_path):
    command = [sys.executable, "-m", "plancli", "export", "-f", "parquet"]
    piped = subprocess.run(command, capture_output=True, check=True).stdout
    assert run("export", "-o", str(tmp_path / "x.parquet"))[0] == 0
    assert (tmp_path / "x.parquet").read_bytes() == piped


def test_a_terminal_is_given_none(run, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    code, out, err = run("export", "-f", "parquet")
    assert (code, out) == (2, "")
    assert "-o FILE.parquet" in err


def test_without_its_package_it_says_what_installs_it(run, monkeypatch, tmp_path):
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    for to in ("x.parquet", "set"):
        code, out, err = run("export", "-f", "parquet", "-o", str(tmp_path / to))
        assert (code, out) == (5, "")
        assert "pip install 'plancli[parquet]'" in err
    with pytest.raises(api.MissingPackage):
        api.schema()
    assert list(tmp_path.iterdir()) == []


def test_the_manual_has_every_field():
    text = MANUAL.read_text("utf-8")
    for field in flat_rows.FLAT_FIELDS:
        kind = field.type if isinstance(field.type, str) else "records"
        assert f"| `{field.name}` | {KINDS.get(kind, kind)} | {field.description}" in text
        if not isinstance(field.type, str):
            assert all(f"| `{field.name}.{each.name}` | {each.type} | {each.description} |" in text
                       for each in field.type)  # fmt: skip
