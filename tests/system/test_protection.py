"""What no command writes over, whatever the command: what it reads, and what people wrote."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import yaml

from plancli.errors import PlanError
from plancli.system import atomic
from plancli.tracking import progress_file
from tests.conftest import SMALL
from tests.sheets import pack_once

DOCUMENT = "某县2024年工作要点\n1、推进甲事。（县教育局负责）\n2、推进乙事。（县财政局牵头）\n"
EVERY = [
    ["list"],
    ["agency"],
    ["region"],
    ["stats"],
    ["export"],
    ["plan"],
    ["lint"],
    ["keyword", "甲"],
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sent") / "sheets"
    pack_once(tmp_path_factory, folder, "--docx", "-a", "省体育局")
    return folder


def refused(run, file, *argv):
    """Whether *argv* is refused in words, with nothing written."""
    before, beside = file.read_bytes(), sorted(os.listdir(file.parent))
    code, out, err = run(*argv)
    assert (file.read_bytes(), sorted(os.listdir(file.parent))) == (before, beside)
    assert (code, out) == (1, ""), err
    assert file.name in err
    assert "hint:" in err
    return True


@pytest.mark.parametrize("name", ["a.yaml", "a.YAML", "a.yml", "a.Yml"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_plan_is_not_written_over(run, tmp_path, name, quote):
    file = tmp_path / name
    text = SMALL.read_text("utf-8").replace("\nlists:", f"\n{quote}lists{quote}:")
    file.write_text(text, "utf-8")
    for argv in EVERY:
        assert refused(run, file, *argv, "-f", "yaml", "-o", str(file))
        assert refused(run, file, *argv, "-p", str(file), "-f", "csv", "-o", str(file))


FORMS = {  # ways to write the same in YAML
    "json": lambda text: json.dumps(yaml.safe_load(text), ensure_ascii=False),
    "indented json": lambda text: json.dumps(yaml.safe_load(text), ensure_ascii=False, indent=2),
    "indented": lambda text: "".join(f" {line}" for line in text.splitlines(keepends=True)),
    "mark first": lambda text: (
        "\ufeff" + text.partition("\n")[2] if text[0] == "#" else "\ufeff" + text
    ),
    "carriage returns": lambda text: text.replace("\n", "\r"),
    "both": lambda text: text.replace("\n", "\r\n"),
    "start": lambda text: f"# x\n--- # y\n{text}",
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", ["plan", "progress", "registry"])
def test_what_is_kept_is_known_in_every_form(run, tmp_path, form, what):
    texts = {
        "plan": SMALL.read_text("utf-8"),
        "progress": progress_file.PROGRESS_HEADER + "reports: []\nstrays: []\n",
        "registry": "agencies: []\n",
    }
    file, link = tmp_path / "a.yaml", tmp_path / "link.csv"
    file.write_bytes(FORMS[form](texts[what]).encode())
    link.symlink_to(file)
    for argv in (["list", "-f", "csv"], ["list", "-f", "yaml"]):
        assert refused(run, file, *argv, "-o", str(file))
    assert refused(run, link, "list", "-o", str(link))
    page = link.rename(tmp_path / "link.html")
    assert refused(run, page, "report", "-o", str(page))


@pytest.mark.parametrize("name", ["进展.yaml", "进展.YML", "plan.progress.yaml"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_progress_file_is_not_written_over(run, tmp_path, name, quote):
    file = tmp_path / name
    file.write_text(f"{quote}reports{quote}: []\n", "utf-8")
    for argv in (*EVERY, ["progress", str(file)]):
        assert refused(run, file, *argv, "-f", "csv", "-o", str(file))


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_a_sheet_that_went_out_is_not_written_over(run, sent, tmp_path, suffix):
    file = tmp_path / f"省体育局{suffix}"
    shutil.copy(sent / file.name, file)
    for argv in EVERY:
        assert refused(run, file, *argv, "-o", str(file))


def test_an_answer_is_written_over_the_answer_of_before(run, tmp_path):
    for suffix in (".xlsx", ".docx", ".csv", ".yaml", ".html"):
        file = tmp_path / f"任务{suffix}"
        for argv in (["list"], ["agency", "省能源局"]):
            assert run(*argv, "-o", str(file))[0] == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        f"任务{suffix}" for suffix in (".xlsx", ".docx", ".csv", ".yaml", ".html")
    )


@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--strict"]])
@pytest.mark.parametrize("many", [False, True])
def test_a_document_is_not_made_its_own_report(run, tmp_path, more, many):
    document = tmp_path / "doc.html"
    document.write_text(DOCUMENT, "utf-8")
    sources = [str(document)]
    if many:
        (tmp_path / "other.txt").write_text(DOCUMENT, "utf-8")
        sources = [str(document), str(tmp_path / "other.txt")]
    out = tmp_path / "plans" if many else tmp_path / "plan.yaml"
    assert refused(
        run, document, "import", *sources, "-o", str(out), "--report", str(document), *more
    )
    link = tmp_path / "link.html"
    link.symlink_to(document)
    assert refused(
        run, document, "import", *sources, "-o", str(out), "--report", str(document), *more
    )


@pytest.mark.parametrize("form", [None, "json", "quoted", "spaced", "text", "database"])
def test_the_source_of_an_open_plan_is_not_written_over(run, tmp_path, form):
    document = tmp_path / "原文.html"
    document.write_text(DOCUMENT, "utf-8")
    plan = tmp_path / "plan.yaml"
    assert run("import", str(document), "-o", str(plan))[0] == 0
    text = plan.read_text("utf-8")
    changed = {
        "json": lambda: FORMS["json"](text),
        "quoted": lambda: text.replace("source:", '"source":').replace(
            " file: 原文.html", " file: '原文.html'"
        ),
        "spaced": lambda: text.replace("source:", "source :"),
    }
    plan.write_text(changed.get(form, lambda: text)(), "utf-8")
    if form == "text":
        plan = plan.rename(tmp_path / "plan.txt")
    if form == "database":
        assert run("build", "-p", str(plan), "-o", str(tmp_path / "k.db"))[0] == 0
        plan = tmp_path / "k.db"
        assert refused(run, document, "list", "-p", str(plan), "-o", str(document))
        return
    for argv in (["list"], ["check"], ["verify"], ["export"]):
        assert refused(run, document, *argv, "-p", str(plan), "-o", str(document))


def test_a_database_is_not_built_over_itself(run, tmp_path):
    kept = tmp_path / "kept.db"
    assert run("build", "-o", str(kept))[0] == 0
    assert refused(run, kept, "build", "-p", str(kept), "-o", str(kept))
    assert run("build", "-o", str(kept))[0] == 0


def test_what_is_read_is_known_by_other_names(run, tmp_path):
    """A hard link and a link are the same file."""
    plan, hard, soft = tmp_path / "plan.txt", tmp_path / "hard.csv", tmp_path / "soft.csv"
    shutil.copy(SMALL, plan)
    hard.hardlink_to(plan)
    soft.symlink_to(plan)
    for file in (hard, soft):
        assert refused(run, file, "list", "-p", str(plan), "-o", str(file))


def test_the_diff_is_not_written_over_a_plan(run, tmp_path):
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for file in files:
        shutil.copy(SMALL, file)
    for target in files:
        assert refused(run, target, "diff", *map(str, files), "-f", "csv", "-o", str(target))


def test_two_plans_of_one_title_imported_into_one_folder_are_both_open(run, tmp_path):
    document = tmp_path / "a.txt"
    document.write_text(DOCUMENT, "utf-8")
    plans = tmp_path / "plans"
    plans.mkdir()
    for name in ("one", "two", "one"):
        code, _out, err = run("import", str(document), "-o", str(plans / f"{name}.yaml"))
        assert code == 0
        assert ("the id is" in err) == (name == "two")
    rows = run("plans", "-p", str(plans), "-f", "csv")[1].splitlines()
    assert len(rows) == 3
    assert len({row.split(",")[0] for row in rows}) == 3


@pytest.mark.parametrize("name", ["a.html", "b.json"])
def test_a_report_is_not_written_over_a_document_in_the_folder(run, tmp_path, name):
    (tmp_path / name).write_text(DOCUMENT if name[0] == "a" else "{}", "utf-8")
    (tmp_path / "c.txt").write_text(DOCUMENT, "utf-8")
    before = (tmp_path / name).read_bytes()
    argv = ["import", str(tmp_path), "--dry-run", "--report", str(tmp_path / name)]
    assert run(*argv)[0] == 1
    assert (tmp_path / name).read_bytes() == before
    (tmp_path / name).unlink()
    for _twice in range(2):  # a report of before is replaced, and is no document
        assert "documents: 1," in run(*argv)[2]


def test_a_database_that_is_used_or_added_to_is_not_replaced(run, tmp_path):
    kept = tmp_path / "kept.db"
    assert run("build", "-o", str(kept))[0] == 0
    assert run("build", "-o", str(kept))[0] == 0
    with closing(sqlite3.connect(kept)) as db:
        db.execute("PRAGMA journal_mode = wal")
        db.execute("CREATE TABLE notes (n)")
        db.commit()
        code, _out, err = run("build", "-o", str(kept))
        assert (code, "kept.db-wal" in err) == (1, True)
    code, _out, err = run("build", "-o", str(kept))
    assert (code, "notes" in err) == (1, True)
    for name in ("x.xlsx", "x.yaml", "x.csv"):
        assert run("build", "-o", str(tmp_path / name))[0] == 2
    assert run("build", "-o", "/dev/null")[0] == 2


def test_a_folder_that_fills_meanwhile_is_left_as_it_is(tmp_path):
    def fill():
        with atomic.create_atomic_directory(tmp_path) as folder:
            folder.add_file("a").write_text("ours")
            (tmp_path / "a").write_text("theirs")

    with pytest.raises(PlanError, match="not overwritten"):
        fill()
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"a": "theirs"}


@pytest.mark.parametrize("name", ["loop.csv", "loop.yaml"])
def test_links_in_a_circle_are_said(run, tmp_path, name):
    (tmp_path / name).symlink_to(tmp_path / name)
    code, _out, err = run("list", "-f", "csv", "-o", str(tmp_path / name))
    assert (code, "cannot write" in err) == (1, True)


def test_the_folder_that_one_stands_in_is_filled(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("pack", ".", "-a", "省体育局")[0] == 0
    assert (tmp_path / "省体育局.xlsx").is_file()


def test_a_lock_that_is_none_is_named(run, tmp_path):
    (tmp_path / "back").mkdir()
    lock = tmp_path / ".p.yaml.plancli.lock"
    lock.write_text("words of another")
    code, _out, err = run("collect", str(tmp_path / "back"), "-o", str(tmp_path / "p.yaml"))
    assert (code, str(lock) in err, lock.read_text()) == (1, True, "words of another")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_standard_output_by_its_other_names(tmp_path, place, format):
    """To a pipe, to a new file, and behind what a file holds already."""
    ask = [sys.executable, "-m", "plancli", "list", "-p", str(SMALL), "-f", format]
    right = subprocess.run([*ask, "-o", "-"], capture_output=True, check=True).stdout
    assert right
    piped = subprocess.run([*ask, "-o", place], capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (right, b"")
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    with log.open("ab") as out:
        subprocess.run([*ask, "-o", place, "--no-bom"], stdout=out, check=True)
    assert log.read_bytes() == b"before\n" + right


@pytest.mark.slow
def test_a_process_substitution_is_written_to(tmp_path):
    ask = f"{sys.executable} -m plancli list -p {SMALL} -f csv --no-bom"
    script = f"{ask} -o >(cat > {tmp_path}/a); wait $!; {ask} > {tmp_path}/b"
    subprocess.run(["bash", "-c", script], check=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != b""
