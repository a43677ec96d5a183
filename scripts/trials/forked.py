"""Tests run in a changed copy of the checkout, each time in a process that knows nothing of it."""

import importlib
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]
LONGEST = 600  # seconds of work; what runs on and on is seen
HEAVY = (  # imported once, for all the processes; nothing of plancli is
    "docx hypothesis.strategies jsonschema lxml.etree networkx openpyxl pdfplumber"
    " pyarrow.parquet pypinyin pytest rich.table sqlite_utils typer yaml"
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


def passes(place: Path, tests: Sequence[str], seconds: int = LONGEST, **environ: str) -> bool:
    """Whether *tests*, of the files ``tests/*/test_*.py``, pass in *place* within so much work."""
    sys.stdout.flush()
    if not (child := os.fork()):
        _run(place, tests, seconds, environ)
    return os.waitpid(child, 0)[1] == 0


def work(place: Path, tests: Sequence[str]) -> int:
    """Return how many seconds a processor works for *tests*, which must pass."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert passes(place, tests), f"these fail as they are: {' '.join(tests)}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) + 1


def _run(place: Path, tests: Sequence[str], seconds: int, environ: dict[str, str]) -> None:
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
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

        for name in tests:  # file by file: most changes are seen by the first
            argv = [
                "-qx",
                "-p",
                "no:cacheprovider",
                "-n0",
                "-m",
                "",
                str(next(place.glob(f"tests/*/test_{name}.py"))),
            ]
            if code := int(pytest.main(argv)):
                break
    finally:
        os._exit(code)
