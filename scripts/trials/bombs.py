"""Every bomb of ``tests.hostile.bombs``, with lines of 1 GB and parts of 3, by plancli itself.

python -m scripts.trials.bombs [WORD]...    only those with one of the words in their names
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

from scripts.trials.table import Row, printed
from tests.hostile.bombs import MB, SECRET, Bomb, bombs

GB = 1 << 30
MOST = 2 * GB  # of memory that is in use; a bomb may ask for twice as much, and is not given more
PATIENCE = 120  # seconds, with others at work on the machine
ROOT = Path(__file__).parents[2]
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which a system counts memory


def rows(words: list[str]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret = folder / "secret"
        secret.write_text(SECRET)
        for what, bomb in bombs(secret, line=GB, part=3 * GB).items():
            if not words or any(word in what for word in words):
                yield tried(what, bomb, folder)


def tried(what: str, bomb: Bomb, folder: Path) -> Row:
    """Give *bomb* to a process of its own, and see what it answers and takes."""
    file = folder / f"bomb.{bomb.suffix}"
    file.write_bytes(bomb.made())
    size = file.stat().st_size
    asked = ["list", "--plan"] if bomb.suffix == "yaml" else ["import"]
    env = {
        **os.environ,
        "PLANCLI_LANG": "en",
        "PLANCLI_CACHE": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    errors, answer = folder / "errors", folder / "answer"
    began = time.monotonic()
    with errors.open("wb") as err, answer.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "plancli", *asked, file],
            stdout=out,
            stderr=err,
            env=env,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 * MOST, 2 * MOST)),
        )
        timer = Timer(PATIENCE, process.kill)
        timer.start()
        _pid, status, used = os.wait4(process.pid, 0)
        timer.cancel()
    file.unlink()
    spent, memory = time.monotonic() - began, used.ru_maxrss * UNIT
    code = os.waitstatus_to_exitcode(status)
    said = errors.read_text("utf-8", "replace")
    good = code == bomb.code and (not code or bomb.says in said) and "Traceback" not in said
    told = f"{size / MB:.1f} MB: exit {code}, {spent:.1f} s, {memory // MB} MB"
    aim = f"exit {int(bomb.code)}, {PATIENCE} s, {MOST // MB} MB"
    kept = SECRET not in said + answer.read_text("utf-8", "replace")
    return Row(what, told, aim, good and kept and memory <= MOST and spent < PATIENCE)


if __name__ == "__main__":
    sys.exit(printed(rows(sys.argv[1:])))
