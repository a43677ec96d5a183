"""The cache: many at once, killed builds, damage, no place to write; what a warm start loads."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from plancli.database import cache as database_cache
from plancli.system import files
from tests.conftest import SMALL

ASK = [sys.executable, "-m", "plancli", "agency", "省能源局", "-f", "tsv"]


def start(cache, *argv, **more):
    env = {**os.environ, "PLANCLI_CACHE": str(cache), **more}
    return subprocess.Popen(
        [*ASK[:3], *argv] if argv else ASK, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err.decode()


def left_in(cache):
    return Counter(file.suffix for file in cache.iterdir())


@pytest.fixture
def right(tmp_path):
    """The right answer, from a cache of its own."""
    code, out, _err = finish(start(tmp_path / "right"))
    assert code == 0
    assert out.count(b"\n") == 4
    return out


@pytest.mark.slow
def test_many_at_once_on_a_cold_cache(tmp_path, right):
    cache = tmp_path / "cold"
    answers = [finish(process) for process in [start(cache) for _ in range(16)]]
    assert {(code, out) for code, out, _err in answers} == {(0, right)}
    assert left_in(cache) == {".db": 1}


@pytest.mark.slow
def test_one_of_many_builds(tmp_path, right):
    """Whoever builds loads sqlite_utils; Python itself says who does."""
    env = {**os.environ, "PLANCLI_CACHE": str(tmp_path / "cold"), "PYTHONPROFILEIMPORTTIME": "1"}
    many = [subprocess.Popen(ASK, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(8)]  # fmt: skip
    answers = [finish(process) for process in many]
    assert {out for _code, out, _err in answers} == {right}
    assert sum(" sqlite_utils\n" in err for _code, _out, err in answers) == 1


@pytest.mark.slow
def test_a_killed_build_leaves_nothing_half_made(tmp_path, right):
    cache = tmp_path / "killed"
    for delay in (0.15, 0.25, 0.35, 0.45, 0.55):
        process = start(cache)
        time.sleep(delay)  # not to measure: to reach different moments of the build
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert all(database_cache._is_intact(file) for file in cache.glob("*.db"))
    assert finish(start(cache))[:2] == (0, right)
    assert left_in(cache) == {".db": 1}


OLD = "plan-0123456789abcdef0123-1f-2f-0123abcd.db"  # as a database in the cache is called


@pytest.mark.slow
def test_what_was_built_long_ago_goes_and_nothing_else(tmp_path):
    """A cache may be a folder in which a person keeps databases, locks and drafts of his own."""
    cache = tmp_path / "old"
    finish(start(cache))
    (ours,) = cache.glob("*.db")
    (cache / OLD).write_bytes(ours.read_bytes())
    ours.unlink()
    with sqlite3.connect(cache / OLD.replace("plan", "other")) as other:
        other.execute("CREATE TABLE t (x)")
    theirs = [
        OLD.replace("plan", "other"), OLD.replace("plan", "words"), f"copy of {OLD} 2.db",
        "contacts.db", "package.lock", "chapter1.draft", "x-0123456789abcdef0123.lock",
        ".x-0123456789abcdef0123-0.plancli.lock", ".a.0123456789abcdef.plancli",
        ".a.0123456789abcdef.plancli.lock", ".plancli.lock",
    ]  # fmt: skip
    for name in theirs[1:]:
        (cache / name).write_bytes(b"mine")
    folders = ["project.db", OLD.replace("plan", "folder"), ".b.0123456789abcdef.plancli"]
    for name in folders:
        (cache / name).mkdir()
        (cache / name / "inner").write_text("mine")
    for each in cache.iterdir():
        os.utime(each, (0, 0))
    assert finish(start(cache))[0] == 0
    built = {each.name for each in cache.glob("plan2022-*.db")}
    assert len(built) == 1
    assert {*os.listdir(cache)} - built == {*theirs, *folders}
    assert all((cache / name / "inner").exists() for name in folders)


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "rubbish"])
def test_a_damaged_file_is_built_anew(tmp_path, right, damage):
    cache = tmp_path / "damaged"
    finish(start(cache))
    (file,) = cache.glob("*.db")
    good = file.read_bytes()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 0x40
    file.write_bytes(
        {"truncated": good[:5000], "flipped": bytes(flipped), "emptied": b"", "rubbish": b"x" * 99}[
            damage
        ]
    )
    assert finish(start(cache))[:2] == (0, right)
    (file,) = cache.glob("*.db")
    assert database_cache._is_intact(file)


@pytest.mark.slow
def test_no_place_to_write(tmp_path, right):
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    code, out, err = finish(start(blocked / "cache"))
    assert (code, out) == (0, right)
    assert "cannot write the cache" in err
    code, _out, err = finish(start(blocked / "cache", "db"))
    assert (code, "only in memory" in err) == (1, True)


def test_changed_plans_are_built_anew_and_none_is_written_to(tmp_path, run, monkeypatch):
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "plan.yaml"
    file.write_bytes(SMALL.read_bytes())
    assert "总结经验" in run("list", "-f", "tsv", "--plan", str(file))[1]
    file.write_text(SMALL.read_text("utf-8").replace("总结经验", "推广经验"), "utf-8")
    file.chmod(0o444)
    before = file.stat()
    assert "推广经验" in run("list", "-f", "tsv", "--plan", str(file))[1]
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_a_kept_database_answers_like_its_plan(run, tmp_path):
    kept = tmp_path / "kept.db"
    assert run("build", "-o", str(kept))[0] == 0
    for argv in (["region", "皖北"], ["keyword", "科创"], ["section", "三"]):
        assert run(*argv, "--plan", str(kept)) == run(*argv)
    assert run("db", "--plan", str(kept))[1] == f"{kept}\n"
    assert run("build", "-o", str(tmp_path / "no" / "x.db"))[0] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_database_that_is_not_ours_or_is_damaged(run, tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (x)")
    code, _out, err = run("list", "--plan", str(other))
    assert (code, str(other) in err, "hint:" in err) == (4, True, True)
    kept = tmp_path / "kept.db"
    run("build", "-o", str(kept))
    kept.write_bytes(kept.read_bytes()[:9000])
    code, _out, err = run("list", "--plan", str(kept))
    assert (code, str(kept) in err) == (4, True)


def test_the_database_holds_its_own_rules(db):
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pytest.raises(sqlite3.OperationalError):
        db.execute("DELETE FROM task")


def test_the_shipped_plan_may_be_named_by_the_environment(run, monkeypatch):
    monkeypatch.setenv("PLANCLI_PLAN", str(SMALL))
    assert run("list", "-f", "tsv")[1].count("small\t") == 3
    monkeypatch.setenv("PLANCLI_PLAN", os.pathsep.join([str(SMALL), str(files.DEFAULT_PLAN)]))
    assert len(run("list", "-f", "ndjson")[1].splitlines()) == 74


def loaded(cache, *argv):
    """Return the modules in a process of its own that has answered *argv*, from its own cache."""
    code = "import sys; from plancli.cli.main import main; main({}); print(*sorted(sys.modules))"
    env = {**os.environ, "PLANCLI_CACHE": str(cache)}
    run = subprocess.run(
        [sys.executable, "-c", code.format(list(argv))], env=env, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return set(run.stdout.splitlines()[-1].split())


def test_a_warm_start_loads_only_what_it_needs(tmp_path):
    finish(start(tmp_path))
    heavy = {"sqlite_utils", "yaml", "pypinyin", "pydantic", "matplotlib",
             "numpy", "datasette", "importlib.metadata"}  # fmt: skip
    others = {"plancli.text.quantities", "plancli.results.charts", "plancli.query.matrix", "plancli.report",
              "plancli.output.formats.markdown", "plancli.cli.commands.tasks", "plancli.cli.commands.charts"}  # fmt: skip
    asked = {each: loaded(tmp_path, "agency", "省能源局", "-f", each) for each in ("tsv", "json")}
    table = loaded(tmp_path, "agency", "省能源局")
    assert not (heavy | others) & set().union(table, *asked.values())
    assert "rich.table" in table
    assert not any(name.split(".")[0] == "rich" for name in (*asked["tsv"], *asked["json"]))
    assert ("csv" in asked["tsv"], "json" in asked["tsv"]) == (True, False)
    assert ("csv" in asked["json"], "json" in asked["json"]) == (False, True)
    assert "encodings.gb2312" not in table  # no table of characters for a name as it is written


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
def test_the_users_own_cache_is_found_without_a_library(tmp_path):
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    del env["PLANCLI_CACHE"]
    for _first_then_warm in range(2):
        run = subprocess.run([*ASK[:1], "-X", "importtime", *ASK[1:]], env=env, capture_output=True)
        assert run.returncode == 0
    assert b"plancli.database.cache" in run.stderr
    assert b"platformdirs" not in run.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["plancli"]


def test_the_first_question_reads_no_table_of_pinyin_and_seeks_no_plugins(tmp_path):
    heavy = {"pypinyin", "importlib.metadata"}
    first = loaded(tmp_path / "first", "agency", "省能源局", "-f", "tsv")
    assert "sqlite_utils" in first
    assert not heavy & first


def test_the_cache_may_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path))
    assert database_cache.get_cache_dir() == tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
@pytest.mark.parametrize("base", [None, "", " ", "/var/x", "/var/x/", "x/y", "~/x", "/a b/缓存"])
@pytest.mark.parametrize("home", ["/home/some one", "/"])
def test_the_cache_is_where_xdg_has_it(monkeypatch, base, home):
    """Below a folder that is named whole, or else the home's: the base directory specification."""
    monkeypatch.delenv("PLANCLI_CACHE")
    monkeypatch.setenv("HOME", home)
    if base is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    is_whole = base is not None and base.startswith("/")
    assert (
        database_cache.get_cache_dir()
        == Path(base if is_whole else Path(home, ".cache")) / "plancli"
    )


def test_other_programs_count_and_copy_what_is_kept(tmp_path):
    kept = tmp_path / "kept.db"
    database_cache.write_database(kept, ())
    with closing(sqlite3.connect(kept)) as db:
        tables = [
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        counts = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        assert counts["task_fts"] == counts["task"] == 71
        assert len([*db.iterdump()]) > sum(counts.values())
    assert Database(kept).table("task_fts").count == 71


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("PRAGMA user_version = 3", "was made by another version of plancli"),
        ("PRAGMA user_version = 0; PRAGMA application_id = 0", "was made with .dump"),
        ("PRAGMA application_id = 0; DROP TABLE task", "is not a plancli database"),
        (None, "is damaged"),
    ],
)  # fmt: skip
def test_of_a_database_that_cannot_be_used_it_is_said_why(run, tmp_path, change, said):
    kept = tmp_path / "kept.db"
    database_cache.write_database(kept, ())
    if change:
        with closing(sqlite3.connect(kept)) as db:
            db.executescript(change)
    else:
        os.truncate(kept, 40_000)
    code, out, err = run("plans", "-p", str(kept))
    assert (code, out, f"kept.db {said}" in err) == (4, "", True)
