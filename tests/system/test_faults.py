"""Each fault of the trial once, some at once, and what each mend promises."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

import pytest

from plancli.database import cache, create
from plancli.errors import PlanError, Terminated
from plancli.system import atomic, files, locks, process_pool
from scripts.trials import crowd, faults, together
from scripts.trials.world import World
from tests.conftest import SMALL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="faults are made as on Linux"),
]
COPIES = create.MIN_PARALLEL_SIZE // files.DEFAULT_PLAN.stat().st_size + 2
MADE = "某县{n}年工作要点\n1、推进甲事{n}。（县教育局负责）\n"


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    root = tmp_path_factory.mktemp("faults")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANCLI_LANG", "en")
        return World(root, {"many": faults.copies(root / "many", COPIES)})


@pytest.mark.parametrize("kind", faults.FAULTS)
def test_after_a_fault_answers_are_right_and_nothing_is_left(tried, kind, capsys):
    (row,) = faults.rows(tried, 1, 2016, kind)
    assert row.met, capsys.readouterr().err


def test_many_cold_starts_and_readers_of_what_is_replaced(tried):
    assert crowd.cold_starts(tried, 8).met
    (row,) = crowd.readers(tried, 2, 3)
    assert row.met, row.measured


@pytest.fixture(scope="module")
def writers(tmp_path_factory):
    return together.World(tmp_path_factory.mktemp("together"))


@pytest.mark.parametrize("kind", together.KINDS)
def test_of_several_writers_nothing_is_lost(writers, kind):
    (row,) = together.rows(writers, 0, kind)
    assert row.met is not False, row.measured


def warm(paths=()):
    """Open the plans as they are asked; return the database's file and its inode."""
    with closing(cache.open_plans(paths, note=lambda message: pytest.fail(message))) as db:
        path = cache.get_path(db)
    return Path(path), os.stat(path).st_ino


def flip(file):
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 4
    file.write_bytes(raw)


def test_a_large_database_is_built_anew_only_where_its_bytes_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "MAX_CHECKSUM_SIZE", 0)
    file, first = warm()
    right = file.read_bytes()
    os.utime(file)  # as if written to
    assert warm() == (file, first)
    for damage in (flip, lambda file: os.truncate(file, len(right) - 1), Path.unlink, Path.touch):
        damage(file)
        if file.exists():
            os.utime(file, ns=(0, 0))
        file, _new = warm()
        assert file.read_bytes() == right
        assert cache._is_intact(file)


def test_a_database_that_vanishes_while_it_is_read_is_named_and_not_the_cache(tmp_path):
    """It is looked at, then a pipe is waited for, then it is to be read."""
    kept, pipe = tmp_path / "kept.db", tmp_path / "pipe"
    cache.write_database(kept, ())
    os.mkfifo(pipe)

    def vanish():
        with pipe.open("wb") as writing:  # opened by who has looked at the database
            kept.unlink()
            writing.write(SMALL.read_bytes())

    Thread(target=vanish, daemon=True).start()
    with pytest.raises(PlanError, match=r"cannot read .*kept\.db") as told:
        cache.open_plans([str(kept), str(pipe)], note=lambda message: pytest.fail(message))
    assert told.value.code == 4


def test_a_plan_that_is_damaged_within_a_database_is_named(run, tmp_path):
    kept = tmp_path / "kept.db"
    cache.write_database(kept, ())
    with closing(sqlite3.connect(kept)) as db, db:
        db.execute("UPDATE source_file SET yaml = x'00'")
    code, out, err = run("list", "-p", str(kept), "-p", str(SMALL))
    assert (code, out, "cannot read" in err, str(kept) in err) == (4, "", True, True)


def leave(folder, name, header=locks.LOCK_HEADER):
    """Leave what a killed process was writing: a file of *name*, and its lock."""
    left = folder / name
    left.write_text("half")
    (folder / f"{name}.lock").write_bytes(header)
    return left


def test_what_the_killed_were_writing_goes_and_what_the_living_write_stays(tmp_path):
    leave(tmp_path, ".a.0123456789abcdef.plancli")
    folder = tmp_path / ".b.0123456789abcdef.plancli"
    folder.mkdir()
    (folder / "x").touch()
    (tmp_path / f"{folder.name}.lock").write_bytes(locks.LOCK_HEADER)
    (tmp_path / ".进展.yaml.plancli.lock").touch()
    gone = {*os.listdir(tmp_path)}
    leave(tmp_path, ".c.0123456789abcdef.plancli")
    leave(tmp_path, ".d.0123456789abcdef.plancli", b"words of another")
    (tmp_path / ".e.0123456789abcdef.plancli").touch()  # no lock says whose it is
    leave(tmp_path, ".f.plancli")  # a name that is not plancli's, with its lock
    (tmp_path / "g.0123456789abcdef.plancli.lock").touch()
    stays = {*os.listdir(tmp_path)} - gone - {".f.plancli.lock"}
    alive = locks.try_lock(tmp_path / ".c.0123456789abcdef.plancli.lock", create=False)
    atomic.write_atomically(tmp_path / "a", lambda draft: draft.open("xb").close())
    os.close(alive)
    assert {*os.listdir(tmp_path)} == stays | {"a"}


def test_a_lock_is_held_by_one_and_ends_with_its_process(tmp_path):
    lock = tmp_path / "lock"
    hold = "from plancli.system import locks; import sys; from pathlib import Path\n"
    hold += "locks.try_lock(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        assert locks.try_lock(lock) is None
        told = []
        with pytest.raises(locks.LockTimeout), locks.wait_for_lock(lock, lambda: told.append(1), 3):
            pass
        assert told == [1]
        holder.kill()
    descriptor = locks.try_lock(lock)
    assert descriptor is not None
    locks.release(lock, descriptor)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", ["words", "folder", "pipe", "link"])
def test_what_is_no_lock_of_ours_is_neither_locked_nor_changed(tmp_path, kind):
    lock, other = tmp_path / "lock", tmp_path / "other"
    other.write_bytes(locks.LOCK_HEADER)
    {
        "words": lambda: lock.write_text("words"),
        "folder": lock.mkdir,
        "pipe": lambda: os.mkfifo(lock),
        "link": lambda: lock.symlink_to(other),
    }[kind]()
    with pytest.raises(OSError, match=r"lock"):
        locks.try_lock(lock)
    assert lock.is_dir() or lock.is_symlink() or lock.is_fifo() or lock.read_text() == "words"


def test_a_folder_from_which_a_file_vanished_does_not_get_its_name(tmp_path):
    def fill():
        with atomic.create_atomic_directory(tmp_path / "sheets") as folder:
            folder.add_file("a/b").touch()
            folder.add_file("c").touch()
            folder.add_file("a/b").unlink()

    with pytest.raises(PlanError, match="cannot write"):
        fill()
    assert os.listdir(tmp_path) == []


def test_a_folder_in_which_only_a_killed_process_wrote_is_empty(tmp_path):
    leave(tmp_path, ".all.0123456789abcdef.plancli")
    with atomic.create_atomic_directory(tmp_path) as folder:
        folder.add_file("a").touch()
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_that_is_replaced_keeps_mode_and_owner(tmp_path):
    file = tmp_path / "a"
    file.touch()
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 65533, 65532)
    before = file.stat()
    atomic.write_atomically(file, lambda draft: draft.write_text("new"))
    after = file.stat()
    assert file.read_text() == "new"
    for name in ("st_mode", "st_uid", "st_gid"):
        assert getattr(after, name) == getattr(before, name)


def test_an_edit_that_comes_between_reading_and_writing_is_read_too(tmp_path):
    file = tmp_path / "progress"
    file.write_text("a")
    asked = []

    def change(before):
        asked.append(before)
        if len(asked) == 1:  # somebody saves the file by hand meanwhile
            file.write_text("ab")
        return before + b"c"

    atomic.update_atomically(file, change, lambda: pytest.fail("nobody else writes"))
    assert asked == [b"a", b"ab"]
    assert file.read_text() == "abc"
    assert os.listdir(tmp_path) == ["progress"]


def begin():
    """What a worker of these tests does."""

    def work(task):
        n, folder = task
        (folder / str(n)).touch()
        return n

    return work


def idle(process):
    """Whether every thread of *process* waits."""
    told = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/stat")]
    return all(each.rpartition(")")[2].split()[0] == "S" for each in told)


def test_a_worker_that_dies_over_nothing_loses_nothing(tmp_path):
    tasks = [(n, tmp_path) for n in range(30)]
    with closing(process_pool.imap_ordered(begin, tasks, 2, 0)) as made:
        got = [next(made)]
        for _each in range(3):
            got.append(next(made))
            calm = 0
            while calm < 20:  # all that may be done beforehand is done
                calm = calm + 1 if all(map(idle, workers())) else 0
                time.sleep(0.01)
            for each in workers():
                os.kill(each, signal.SIGKILL)
        got += made
    assert got == list(range(len(tasks)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_to_be_ended_while_a_process_starts_leaves_none(tmp_path, monkeypatch, number):
    """Though it comes before anybody has noted that the process is there."""

    def end(number, _frame):
        raise Terminated(number)

    def started(process):
        start(process)
        os.kill(os.getpid(), number)
        time.sleep(0.1)

    start = BaseProcess.start
    monkeypatch.setattr(BaseProcess, "start", started)
    before = signal.signal(number, end)
    tasks = [(n, tmp_path) for n in range(9)]
    try:
        with (
            pytest.raises(Terminated),
            closing(process_pool.imap_ordered(begin, tasks, 1, 9)) as made,
        ):
            list(made)
    finally:
        signal.signal(number, before)
    assert workers() == []


def workers():
    from multiprocessing import active_children

    return [each.pid for each in active_children()]


def test_no_room_for_a_report_costs_the_report_alone(tmp_path):
    for n in range(2000, 2020):
        (tmp_path / f"{n}.txt").write_text(MADE.format(n=n), "utf-8")
    argv = ["import", str(tmp_path), "-o", str(tmp_path / "plans"), "--report"]
    for report in ("r.json", "r.html"):
        run = subprocess.run(
            [sys.executable, "-m", "plancli", *argv, str(tmp_path / report)],
            stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
        )  # fmt: skip
        assert run.returncode == 1
        assert "documents: 20, " in run.stderr
        assert f"no space for {tmp_path / report} in the temporary folder" in run.stderr
        assert not (tmp_path / report).exists()
    assert len(os.listdir(tmp_path / "plans")) == 20


BOTH = (signal.SIGHUP, signal.SIGTERM) * 2  # a terminal that closes while the system ends


@pytest.mark.parametrize(
    "numbers", [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGHUP,), *[BOTH] * 6]
)
def test_what_is_told_to_end_leaves_no_empty_folder(tmp_path, numbers):
    for name in ("a.txt", "b.txt"):
        os.mkfifo(tmp_path / name)
    out = tmp_path / "new" / "plans"
    argv = ["import", *map(str, sorted(tmp_path.iterdir())), "-o", str(out)]
    with subprocess.Popen([sys.executable, "-m", "plancli", *argv], stderr=subprocess.PIPE) as run:
        while not out.is_dir():
            assert run.poll() is None
            time.sleep(0.01)
        for number in numbers:
            run.send_signal(number)
            time.sleep(0.0005)  # it has begun to undo what is half done
        _out, err = run.communicate(timeout=60)
    assert (run.returncode - 128 in numbers, err) == (True, b"")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.txt"]


def test_who_is_to_outlive_the_terminal_does(tmp_path):
    """nohup has SIGHUP ignored; that stays."""
    os.mkfifo(tmp_path / "pipe")
    argv = [sys.executable, "-m", "plancli", "list", "-f", "tsv", "-p", str(tmp_path / "pipe")]
    with subprocess.Popen(["nohup", *argv], stdout=subprocess.PIPE) as run:
        with (tmp_path / "pipe").open("wb") as pipe:  # it has begun to read
            run.send_signal(signal.SIGHUP)
            pipe.write(SMALL.read_bytes())
        out, _err = run.communicate(timeout=60)
    assert (run.returncode, out.count(b"small\t")) == (0, 3)
