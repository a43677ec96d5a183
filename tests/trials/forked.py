"""Tests run in a changed copy of the checkout, each time in a process that knows nothing of it."""

import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]
LONGEST = 600  # seconds, which no test takes: what runs on and on is seen
HEAVY = (  # imported once, for all the processes; nothing of plancli is
    "docx hypothesis.strategies jsonschema lxml.etree networkx opencc openpyxl pdfplumber"
    " pyarrow.parquet pypinyin pytest rich.table sqlite_utils syrupy typer yaml"
).split()


@contextmanager
def copied() -> Iterator[Path]:
    """Give a copy of the checkout to change."""
    for name in HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "checkout"
        shutil.copytree(TOP, place, ignore=shutil.ignore_patterns(".git", ".*cache", "__pycache__"))
        yield place


def passes(place: Path, tests: Sequence[str], **environ: str) -> bool:
    """Whether *tests*, of the files ``tests/test_*.py``, pass in *place*."""
    sys.stdout.flush()
    if not (child := os.fork()):
        _run(place, tests, environ)
    until = time.monotonic() + LONGEST
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.05)
    return ended[1] == 0


def _run(place: Path, tests: Sequence[str], environ: dict[str, str]) -> None:
    code = 1
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.chdir(place)
        os.environ.update(environ, CI="1", PYTHONPATH=str(place), PYTHONDONTWRITEBYTECODE="1")
        sys.dont_write_bytecode = True  # a file changed twice in a second would be taken for one
        for name in [name for name in sys.modules if name.split(".")[0] in ("plancli", "tests")]:
            del sys.modules[name]
        sys.path.insert(0, str(place))
        import pytest

        files = [f"tests/test_{name}.py" for name in tests]
        code = int(pytest.main(["-qx", "-p", "no:cacheprovider", *files]))
    finally:
        os._exit(code)
