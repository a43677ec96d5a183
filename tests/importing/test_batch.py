"""Many documents at once: what each gives alone, whoever reads it, and none lost by another."""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from contextlib import closing
from pathlib import Path
from pickle import PicklingError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli.importing import batch, batch_outputs
from plancli.plan import io as plan_io
from plancli.system import process_pool
from tests.papers import documents

SMALL = "某县2030年工作要点\n1、推进甲事。（县教育局负责）\n"
DOUBTFUL = SMALL.replace("1、", "2、")
DAMAGED = {
    "damaged.docx": b"PK\x03\x04",
    "news.txt": "开会。".encode(),
    "old.doc": b"\xd0\xcf\x11\xe0",
}
ASIDE = ("picture.jpg", "~$lock.docx", ".hidden.txt", "sub/.hidden/a.txt")
needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """Enough documents for several processes, and what cannot be read; nobody writes here."""
    folder = tmp_path_factory.mktemp("papers")
    for seed in range(batch.MIN_PARALLEL_JOBS):
        made = documents.document(seed)
        (folder / made.name).write_bytes(made.data)
    for name, data in DAMAGED.items():
        (folder / name).write_bytes(data)
    for name in ASIDE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SMALL, "utf-8")
    return folder


def put(folder, **texts):
    """Write documents; in their names _ is the dot."""
    for name, text in texts.items():
        (folder / name.replace("_", ".")).parent.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("_", ".")).write_text(text, "utf-8")


def plans(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def id_of(raw):
    return re.search(rb"(?m)^id: '?([^'\n]*)", raw)[1].decode()


@pytest.mark.slow
def test_many_are_as_each_alone_whoever_reads_them(run, papers, tmp_path):
    said = []
    for jobs in ("1", "2"):
        argv = ("import", str(papers), "-o", str(tmp_path / "plans"), "--jobs", jobs)
        code, out, err = run(*argv)
        assert (code, out) == (1, "")  # there are damaged ones
        (tmp_path / "plans").rename(tmp_path / jobs)
        said.append(err)
    assert said[0] == said[1]
    found = plans(tmp_path / "1")
    assert found == plans(tmp_path / "2")
    assert len(found) == batch.MIN_PARALLEL_JOBS
    ids = [id_of(raw) for raw in found.values()]
    assert len(set(ids)) == batch.MIN_PARALLEL_JOBS
    renamed = 0
    for name, raw in found.items():
        document = next(papers.glob(f"{Path(name).stem}.*"))
        alone = tmp_path / "alone" / "plan.yaml"  # from there the document is as far
        alone.parent.mkdir(exist_ok=True)
        for id in ([], ["--id", id_of(raw)]):
            run("import", str(document), "-o", str(alone), "--force", *id)
            if alone.read_bytes() == raw:
                break
            renamed += 1
        assert alone.read_bytes() == raw, name
        alone.unlink()
    assert renamed == sum(bool(re.search(r"-\d$|-\d\d$", id)) for id in ids) > 1


@pytest.mark.slow
def test_what_cannot_be_read_is_named_and_stops_no_other(run, papers, tmp_path):
    code, _out, err = run("import", str(papers), "-o", str(tmp_path / "plans"))
    assert code == 1
    assert len(plans(tmp_path / "plans")) == batch.MIN_PARALLEL_JOBS
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    names = [str(papers / name) for name in sorted(DAMAGED)]
    assert [line.split(": ")[1] for line in errors] == names
    assert "cannot be read as docx: " in errors[0]
    assert " hint: open it and save it again" in err
    assert "skipped, file type not supported: 1 (.jpg)" in err
    total = f"documents: {batch.MIN_PARALLEL_JOBS + 3}, plans written: {batch.MIN_PARALLEL_JOBS}, doubtful: "
    *_before, last, how, totals = err.splitlines()
    assert re.fullmatch(rf"{total}\d+, failed: 3", last)
    assert how.startswith("to query them: plancli list --plan ")
    assert totals.startswith("tasks: ")


def test_a_second_run_changes_nothing_and_a_new_document_no_other(run, tmp_path):
    docs, out = tmp_path / "docs", tmp_path / "plans"
    put(docs, b_txt=SMALL, d_txt=SMALL, e_csv=SMALL)
    assert run("import", str(docs), "-o", str(out))[0] in (0, 1)
    before = plans(out)
    err = run("import", str(docs), "-o", str(out))[2]
    assert plans(out) == before
    assert f"plans written: 0, unchanged: {len(before)}" in err
    put(docs, a_txt=SMALL, b_md=SMALL, c_txt=SMALL)
    err = run("import", str(docs), "-o", str(out))[2]
    after = plans(out)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"a.yaml", "b.md.yaml", "c.yaml"}
    assert len({id_of(raw) for raw in after.values()}) == len(after)
    assert "3 more plans would have the id" in err


def test_plans_that_are_there_keep_their_ids(run, tmp_path):
    put(tmp_path, one_txt=SMALL, two_txt=SMALL)
    out = tmp_path / "plans"
    out.mkdir()
    run("import", str(tmp_path / "one.txt"), "-o", str(out / "mine.yaml"))
    raw = (out / "mine.yaml").read_bytes()
    id = id_of(raw)
    line = f"id: {id}\n".encode()
    (out / "mine.yaml").write_bytes(raw.replace(line, b"") + line)  # in an order of its own
    code, _out, err = run("import", str(tmp_path / "t*.txt"), "-o", str(out))
    assert (code, sorted(plans(out))) == (0, ["mine.yaml", "two.yaml"])
    assert id_of((out / "two.yaml").read_bytes()) == f"{id}-2"
    assert f"two.yaml: the id is {id}-2, because another plan has {id}" in err
    code, _out, err = run("import", str(tmp_path / "*.txt"), "-o", str(out))
    assert (code, sorted(plans(out))) == (1, ["mine.yaml", "two.yaml"])
    assert "mine.yaml: not written" in err  # it was written by hand since


def test_a_plan_that_people_have_edited_is_left_and_the_others_go_on(run, tmp_path):
    put(tmp_path / "docs", a_txt=SMALL, b_txt=SMALL, c_txt=SMALL)
    out = tmp_path / "plans"
    argv = ("import", str(tmp_path / "docs"), "-o", str(out))
    assert run(*argv)[0] == 0
    first = plans(out)
    edited = first["b.yaml"].replace("甲事".encode(), "丙事".encode())
    (out / "b.yaml").write_bytes(edited)
    (out / "c.yaml").unlink()
    code, _out, err = run(*argv)
    assert code == 1
    assert plans(out) == {**first, "b.yaml": edited}
    assert f"{out / 'b.yaml'}: not written, a different file already exists" in err
    assert "documents: 3, plans written: 1, unchanged: 1, not written: 1" in err
    assert run(*argv, "--force")[0] == 0
    assert plans(out) == first


@pytest.mark.slow
def test_a_dry_run_writes_nothing(run, papers, tmp_path):
    for more in ([], ["-o", str(tmp_path / "plans")]):
        code, out, err = run("import", str(papers), "--dry-run", *more)
        assert (code, out) == (1, "")
        assert f"plans read, none written: {batch.MIN_PARALLEL_JOBS}, " in err
    assert list(tmp_path.iterdir()) == []


def test_a_plan_stays_its_document_s_though_another_of_that_name_comes_later(run, tmp_path):
    put(tmp_path / "2022", a_txt=SMALL)
    put(tmp_path / "2023", a_txt=SMALL.replace("2030", "2031"), b_txt=SMALL)
    out = tmp_path / "plans"
    assert run("import", str(tmp_path / "2022"), "-o", str(out))[0] == 0
    first = plans(out)
    for more in ([], ["--force"]):
        assert run("import", str(tmp_path / "2023"), "-o", str(out), *more)[0] == 0
        found = plans(out)
        assert set(found) == {"a.yaml", "a.txt.yaml", "b.yaml"}
        assert found["a.yaml"] == first["a.yaml"]
    (tmp_path / "2022").rename(tmp_path / "moved")  # whose plan that is, nobody can say
    assert run("import", str(tmp_path / "moved"), "-o", str(out))[0] == 1


def test_a_dry_run_leaves_no_folder_out(run, tmp_path, monkeypatch):
    put(tmp_path / "docs", a_txt=SMALL)
    put(tmp_path / "docs/here", b_txt=SMALL)
    one = [str(tmp_path / "docs/a.txt"), "-o", str(tmp_path / "docs/here/a.yaml")]
    assert run("import", *one)[0] == 0
    monkeypatch.chdir(tmp_path / "docs/here")  # whose plans are not those of the run
    for named in ("..", str(tmp_path / "docs")):
        code, _out, err = run("import", named, "--dry-run")
        assert (code, "documents: 2, plans read, none written: 2" in err) == (0, True)
        assert "b.yaml: the id is" in err


def test_what_was_read_is_said_though_the_report_cannot_be_written(run, tmp_path):
    put(tmp_path / "docs", a_txt=SMALL, b_txt=DOUBTFUL)
    argv = ("import", str(tmp_path / "docs"), "-o", str(tmp_path / "plans"))
    code, _out, err = run(*argv, "--report", str(tmp_path / "nowhere" / "r.html"))
    assert code == 1
    assert "documents: 2, plans written: 2, doubtful: 1" in err
    assert "there is no folder" in err


def test_doubt_is_an_error_only_if_strict_and_is_written_all_the_same(run, tmp_path):
    put(tmp_path / "docs", a_txt=SMALL, b_txt=DOUBTFUL)
    argv = ("import", str(tmp_path / "docs"), "-o", str(tmp_path / "plans"))
    code, _out, err = run(*argv)
    assert (code, "b.yaml: 1 to check: numbers are missing here" in err) == (0, True)
    assert "a.yaml: 1" not in err
    assert run(*argv, "--strict")[0] == 4
    assert set(plans(tmp_path / "plans")) == {"a.yaml", "b.yaml"}


def test_year_and_jurisdiction_are_those_of_all(run, tmp_path):
    put(
        tmp_path,
        a_txt="工作要点\n1、甲。（县教育局负责）\n",
        b_txt="要点\n1、甲。（县教育局负责）\n",
    )
    argv = ("--year", "2031", "--jurisdiction", "浙江", "-o", str(tmp_path / "plans"))
    assert run("import", str(tmp_path), *argv)[0] == 0
    for raw in plans(tmp_path / "plans").values():
        assert b"\nyear: 2031\njurisdiction: " in raw
        assert "jurisdiction: 浙江\n" in raw.decode()


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["a.txt", "b.txt"], "several plans need a folder"),
        (["a.txt", "b.txt", "-o", "-"], "several plans need a folder"),
        (["a.txt", "b.txt", "-o", "new.yaml"], "new.yaml is a file name for one plan"),
        (["a.txt", "b.txt", "-o", "a.txt"], "a.txt is not a folder"),
        (["a.txt", "-", "-o", "out"], "standard input cannot be combined with other documents"),
        (["a.txt", "b.txt", "-o", "out", "--id", "x"], "--id is for one plan"),
        (
            ["a.txt", "b.txt", "-o", "out", "--jobs", "0"],
            "--jobs must be a whole number, 1 or more",
        ),
        (["a.txt", "b.txt", "-o", "out", "--report", "r.pdf"], "a report must be a .json or .html"),
    ],
)
def test_what_does_not_fit_several_documents_is_refused(run, tmp_path, monkeypatch, argv, says):
    monkeypatch.chdir(tmp_path)
    put(Path(), a_txt=SMALL, b_txt=SMALL)
    code, out, err = run("import", *argv)
    assert (code, out) == (2, "")
    assert says in err
    assert "\n hint: " in err
    assert sorted(os.listdir()) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("more", [(), ("-o", "out"), ("-o", "plan.yaml"), ("--dry-run",)])
@pytest.mark.parametrize("name", ["nothing.txt", "任务 分解.docx"])
def test_a_name_with_spaces_is_told_to_stand_in_quotes(run, tmp_path, monkeypatch, name, more):
    monkeypatch.chdir(tmp_path)
    if name != "nothing.txt":
        put(Path(), **{name: SMALL}, 分解_docx=SMALL)
    code, out, err = run("import", "任务", "分解.docx", *more)
    assert (code, out) == (1, "")
    assert "there is no file 任务\n" in err
    assert 'in quotes: "任务 分解.docx"' in err
    assert not Path("out").exists()


def test_where_there_is_no_document(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name, says in (
        ("empty", "empty contains no document"),
        ("*.txt", "*.txt matches no document"),
    ):
        code, _out, err = run("import", name, "-o", "out")
        assert (code, says in err) == (1, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", " \n\ufeff\u3000\n"])
def test_what_has_no_text_is_refused_with_what_to_do(run, tmp_path, text):
    put(tmp_path, in_txt=text, other_txt=text)
    plan = str(tmp_path / "plan.yaml")
    for argv, code in (
        ([str(tmp_path / "in.txt"), "-o", plan], 4),
        ([os.devnull], 4),
        ([str(tmp_path), "-o", str(tmp_path / "out")], 1),
    ):
        got, out, err = run("import", *argv)
        assert (got, out) == (code, "")
        assert ": it contains no text" in err
        assert " hint: check that it is the right file" in err
    assert not os.path.exists(plan)


def test_what_is_no_plan_is_told_once(run, tmp_path):
    put(tmp_path, in_txt="床前明月光\n疑是地上霜\n")
    code, _out, err = run("import", str(tmp_path / "in.txt"))
    assert (code, err.count("→")) == (0, 1)
    assert "check that it is the right file" in err


@pytest.mark.parametrize("name", ["2027.docx", "2027.txt", "plan.json", "计划.XLSX"])
def test_a_plan_is_written_into_a_yaml_file_only(run, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    put(Path(), in_txt=SMALL)
    code, out, err = run("import", "in.txt", "-o", name)
    assert (code, out) == (2, "")
    assert f"use -o {Path(name).with_suffix('.yaml')}" in err
    assert os.listdir() == ["in.txt"]
    for kept in ("a.yaml", "b.YML", "c"):
        assert run("import", "in.txt", "-o", kept)[0] == 0


@pytest.mark.parametrize("name", ["in.txt", "in.docx", "in.PDF", "in.html", "in.xlsx"])
def test_a_document_asked_as_a_plan_is_told_to_be_imported_first(run, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    for data in (SMALL.encode(), b"PK\x03\x04\0", SMALL.encode("gb18030"), b"%PDF-1.4\n: x"):
        Path(name).write_bytes(data)
        for argv in (("list", "-p", name), ("diff", name, name), ("check", name)):
            code, out, err = run(*argv, *("-f", "json") * (argv[0] == "check"))
            assert code == 4
            assert f"first plancli import {name}" in out + err
        code, _out, err = run(name)
        assert (code, f"did you mean plancli import {name}?" in err) == (2, True)
    Path("plan.yaml").write_text("id: [", "utf-8")
    assert "import" not in run("list", "-p", "plan.yaml")[2]
    assert "did you mean plancli list --plan plan.yaml?" in run("plan.yaml")[2]


def test_folders_patterns_and_names(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(Path("docs"), a_txt=SMALL, b_md=SMALL, c_xyz=SMALL)
    put(Path("docs/sub"), d_txt=SMALL)
    out = Path("docs/plans")  # within the documents: what is in it is none

    def written(*argv):
        assert run("import", *argv, "-o", str(out), "--report", "docs/r.json")[0] == 0
        return sorted(os.listdir(out))

    assert written("docs/*.txt") == ["a.yaml"]
    put(out, left_txt=SMALL)
    assert written("docs/[a-z]*/d.txt") == ["a.yaml", "d.yaml", "left.txt"]
    assert written("docs", os.path.abspath("docs/a.txt")) == [
        "a.yaml",
        "b.yaml",
        "d.yaml",
        "left.txt",
    ]
    assert written("docs/**/*.txt") == ["a.yaml", "b.yaml", "d.yaml", "left.txt", "left.yaml"]
    code, _out, err = run("import", "docs/c.xyz", "nowhere.txt", "docs/a.txt", "-o", str(out))
    assert (code, "docs/c.xyz: this kind of file cannot" in err, "nowhere.txt" in err) == (
        1,
        True,
        True,
    )
    assert "unchanged: 1, doubtful: 0, failed: 2" in err


def test_documents_of_one_name_have_plans_of_their_own(run, tmp_path):
    put(tmp_path / "docs", a_txt=SMALL, a_md=SMALL, agencies_txt=SMALL, b_txt=SMALL)
    put(tmp_path / "docs" / "x", b_txt=SMALL)
    put(tmp_path / "docs" / "y", b_txt=SMALL, c_txt=SMALL)
    assert run("import", str(tmp_path / "docs"), "-o", str(tmp_path / "plans"))[0] == 0
    assert set(plans(tmp_path / "plans")) == {
        "a.md.yaml", "a.txt.yaml", "agencies.txt.yaml", "c.yaml",
        "docs-b.yaml", "x-b.yaml", "y-b.yaml",
    }  # fmt: skip
    assert len(json.loads(run("plans", "-p", str(tmp_path / "plans"), "-f", "json")[1])) == 7


FOLDERS = ("", "a/", "A/", "b/a/", "a/b/", "a-b/")
STEMS = ("a", "A", "b", "b-a", "é", "e\u0301", "长" * 80, "a.docx", ".x.progress")
SUFFIXES = (".txt", ".docx", ".yaml", "")
NAMES = st.tuples(*map(st.sampled_from, (FOLDERS, STEMS, SUFFIXES))).map("".join)
PATHS = st.lists(NAMES.map(Path), unique=True).map(sorted)


@given(PATHS)
def test_every_document_has_a_file_of_its_own_on_any_system(paths):
    targets = batch_outputs.assign_targets(paths, Path("out"), {})
    names = {unicodedata.normalize("NFC", file.name).casefold() for file in targets}
    assert len(names) == len(paths)
    assert all(len(file.name.encode()) < 220 and file.suffix == ".yaml" for file in targets)
    there = {
        file: batch_outputs.ExistingPlan("x", os.path.realpath(path))
        for path, file in zip(paths, targets, strict=True)
    }
    fewer = paths[::2]  # and keeps it, whatever else there is
    assert batch_outputs.assign_targets(fewer, Path("out"), there) == targets[::2]


@given(st.lists(st.sampled_from(["p", "p-2", "q", "p-2-2"]), max_size=12), st.data())
def test_ids_are_unique_and_stay(wanted, data):
    documents = [Path(f"{n:02}.yaml") for n in range(len(wanted))]
    first = batch_outputs.PlanIds({})
    ids = [first.assign(*each) for each in zip(documents, wanted, strict=True)]
    assert len(set(ids)) == len(ids)
    some = st.sets(st.sampled_from(range(len(ids)))) if ids else st.just(set())
    kept, read = data.draw(some), data.draw(some)
    there = {documents[n]: batch_outputs.ExistingPlan(ids[n], "") for n in kept}
    again = batch_outputs.PlanIds(there)
    new = {n: ids[n] for n in kept - read}
    new |= {n: again.assign(documents[n], wanted[n]) for n in sorted(read)}
    assert len(set(new.values())) == len(new)
    assert all(new[n] == ids[n] for n in kept)


@pytest.mark.parametrize("id", ["a", "2022", "1-2", "true", "null", "2022-11-03", "0x1f", "1e3"])
def test_a_new_id_is_as_if_written_so(id, plan):
    from dataclasses import replace

    for old in ("a-b", "2022", "yes"):
        raw = batch.dump_plan(replace(plan, id=old))
        assert batch.update_id(raw, old, id) == batch.dump_plan(replace(plan, id=id))


def test_the_report_tells_of_every_document(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(Path("docs"), a_txt=SMALL, b_txt=DOUBTFUL, c_txt="开会。")
    told = []
    for name in ("a", "b"):
        run("import", f"docs/{name}.txt", "--dry-run", "--report", "one.json")
        told.append(
            {**json.loads(Path("one.json").read_text("utf-8")), "source": f"docs/{name}.txt"}
        )
    assert run("import", "docs", "--dry-run", "--report", "r.json")[0] == 1
    all_told = json.loads(Path("r.json").read_text("utf-8"))
    assert all_told[:2] == told
    assert [all_told[2]["source"], "no task was found" in all_told[2]["error"]] == [
        "docs/c.txt",
        True,
    ]
    put(Path("docs"), b_txt=DOUBTFUL.replace("甲事", "<script>"))
    run("import", "docs", "--dry-run", "--report", "r.html")
    page = Path("r.html").read_text("utf-8")
    assert [page.count(each) for each in ("<details", "<script", "&lt;script", "推进甲事。")] == [
        2,
        0,
        2,
        1,
    ]
    assert re.findall('href="#(.*?)"', page) == re.findall('<div id="(.*?)"', page) == ["d1", "d2"]
    assert "docs/c.txt: no task was found" in page


def start():
    """What a worker of these tests does: 0 ends it."""

    def work(n):
        time.sleep(n % 3 / 100)
        if not n:
            os.kill(os.getpid(), signal.SIGKILL)
        return n, os.getpid()

    return work


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [0, 24, 1000])
def test_results_come_in_their_order_and_a_dead_worker_is_told(ahead):
    tasks = [n % 13 for n in range(5, 60)]
    got = list(process_pool.imap_ordered(start, tasks, 3, ahead))
    assert [each if isinstance(each, process_pool.WorkerDied) else each[0] for each in got] == [
        task or process_pool.WorkerDied(-signal.SIGKILL) for task in tasks
    ]
    assert len({each[1] for each in got if each != process_pool.WorkerDied(-9)}) > 3
    assert multiprocessing.active_children() == []


def count():
    """What a worker of these tests does: say how many bytes a file has, and write another."""

    def work(task):
        n, folder = task
        (folder / str(n)).touch()
        return n, (folder / "taken").stat().st_size

    return work


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [0, 10, 40])
def test_no_more_is_done_before_its_turn_than_is_wanted(ahead, tmp_path):
    (tmp_path / "taken").touch()
    tasks = [(n, tmp_path) for n in range(200)]
    sizes = {task: 1 + task[0] % 3 for task in tasks}
    with (tmp_path / "taken").open("ab", buffering=0) as taken:
        for n, seen in process_pool.imap_ordered(count, tasks, 3, ahead, sizes.__getitem__):
            assert n <= seen + 3 or sum(map(sizes.get, tasks[seen:n])) < ahead
            taken.write(b".")
            time.sleep(0.01 if n < 30 else 0)  # workers wait for nothing else


@pytest.mark.slow
def test_workers_go_on_while_nobody_takes_what_they_did(tmp_path):
    (tmp_path / "taken").touch()
    made = process_pool.imap_ordered(count, [(n, tmp_path) for n in range(20)], 2, 20)
    with closing(made):
        next(made)
        for _wait in range(500):
            if len(os.listdir(tmp_path)) > 2 * 2:  # two for each, and what counts them
                break
            time.sleep(0.01)
        else:
            pytest.fail("workers wait")
    assert multiprocessing.active_children() == []


def end():
    """Begin nowhere but in the first process."""
    if multiprocessing.parent_process():
        sys.exit(3)
    return str


@pytest.mark.slow
def test_where_no_worker_can_begin_this_process_works():
    assert list(process_pool.imap_ordered(end, [1, 2, 3], 2, 3)) == ["1", "2", "3"]
    assert multiprocessing.active_children() == []


@pytest.mark.slow
@needs_fifo
def test_a_killed_process_names_its_document(papers, tmp_path):
    os.mkfifo(tmp_path / "endless.txt")
    files = [*sorted(papers.glob("plan-*")), tmp_path / "endless.txt"]
    results = batch.iter_results([batch.ImportJob(file, "") for file in files], 2)
    read = [next(results) for _file in files[:-1]]
    assert all(isinstance(each, batch.ImportSuccess) for each in read)
    with open(files[-1], "wb"):  # waits until a process reads it
        for process in multiprocessing.active_children():
            process.kill()
    (lost,) = results
    assert lost.reason == f"{files[-1]}: the process that read it died (exit code -9)"
    assert "--jobs 1" in lost.hint


@pytest.mark.slow
def test_a_task_that_cannot_be_sent_is_an_error_and_no_endless_wait():
    made = process_pool.imap_ordered(start, [1, lambda: 0, 2], 2, 3)
    assert next(made)[0] == 1
    with pytest.raises((AttributeError, PicklingError)):
        next(made)
    assert multiprocessing.active_children() == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="children are looked for as on Linux")
@pytest.mark.parametrize("wait", [0, 0.02, 0.1])
def test_ctrl_c_while_processes_start_says_nothing(papers, tmp_path, wait):
    """A terminal sends it to all, also to those that have not yet said that they ignore it."""
    argv = [sys.executable, "-m", "plancli", "import", str(papers), "-o", str(tmp_path / "plans")]
    process = subprocess.Popen(
        [*argv, "--jobs", "2"], stderr=subprocess.PIPE, start_new_session=True
    )
    children = Path(f"/proc/{process.pid}/task")
    while not any(each.read_text() for each in children.glob("*/children")):
        assert process.poll() is None
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")
    wait_until_all_have_ended(process.pid)


def wait_until_all_have_ended(group):
    for _wait in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    pytest.fail("a process was left")


@pytest.mark.slow
@needs_fifo
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_ended_import_leaves_whole_plans_and_no_process(papers, tmp_path, known, how):
    """Ctrl-C, as a terminal sends it to all; and the first killed while another reads."""
    every = len(list(papers.glob("plan-*")))
    wanted = every // 2 if how == signal.SIGINT else every
    os.mkfifo(tmp_path / "endless.txt")
    out = tmp_path / "plans"
    argv = [sys.executable, "-m", "plancli", "import", str(papers), str(tmp_path / "endless.txt")]
    process = subprocess.Popen(
        [*argv, "-o", str(out), "--jobs", "2"], stderr=subprocess.PIPE, start_new_session=True
    )
    while not out.is_dir() or len(os.listdir(out)) < wanted:
        assert process.poll() is None
        time.sleep(0.01)
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
    else:
        process.kill()
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130 if how == signal.SIGINT else -how, b"")
    shown = {name: raw for name, raw in plans(out).items() if not name.startswith(".")}
    assert all(plan_io.parse_plan(raw, name, known) for name, raw in shown.items())
    wait_until_all_have_ended(process.pid)


def test_cells_beside_the_columns_are_told_once_a_row(run, tmp_path):
    counts = []
    for cells in (2, 2000):
        rows = ["序号,工作任务,责任单位", *(f"{n},做事{n},省财政厅{',余' * cells}" for n in (1, 2))]
        (tmp_path / "wide.csv").write_text("\n".join(rows), "utf-8")
        report = tmp_path / "report.json"
        argv = ["import", str(tmp_path / "wide.csv"), "--dry-run", "--report", str(report)]
        code, _out, err = run(*argv)
        found = [
            each for each in json.loads(report.read_text("utf-8"))["findings"]
            if each["rule"] == "cell-left"
        ]  # fmt: skip
        counts.append(err.count("\n"))
        assert (code, [each["words"].count("余") for each in found]) == (0, [cells, cells])
    assert counts[0] == counts[1]


def test_a_terminal_shows_so_many_doubts_and_says_how_many_more_there_are(run, tmp_path):
    rows = ["序号,工作任务,责任单位", *(f"{n},做事{n},省财政厅,余{n}" for n in range(1, 301))]
    (tmp_path / "long.csv").write_text("\n".join(rows), "utf-8")
    report = tmp_path / "report.json"
    argv = ["import", str(tmp_path / "long.csv"), "--dry-run", "--report", str(report)]
    code, _out, err = run(*argv)
    every = len(json.loads(report.read_text("utf-8"))["findings"])
    shown = len(re.findall(r"^\d+:\d+: ", err, re.MULTILINE))
    assert (code, every > 300, shown) == (0, True, 100)
    assert f"diagnostics not shown: {every - shown}; --report" in err
