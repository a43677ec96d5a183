"""PDF -> ``Page``: its lines and tables, page by page; what is only a picture has no text.

Read by a process of its own, ``plancli.importing.readers.pdf_process``, whose memory and time are bounded.
"""

import atexit
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.importing.readers import limits, page, pdf_process
from plancli.importing.readers.page import Grid, Page, Table

START = "import sys; sys.path[:] = sys.argv[1:]; from plancli.pdf_reader import main; main()"
OVER_TIME = (-signal.SIGXCPU,) if hasattr(signal, "SIGXCPU") else ()  # by the system
COPIES = 4  # of the file, that reading it may take beside its pages


class Bounds(NamedTuple):
    """What reading a file may take.  No work plan comes near."""

    memory: int = 1 << 30  # bytes, beside the file
    page: int = 300  # seconds of the processor for a page
    seconds: int = 3600  # and for the whole file


class _Process:
    """A process that reads PDF files, one after another."""

    def __init__(self) -> None:
        import subprocess

        paths = [os.path.abspath(each) for each in sys.path]
        self._owner = os.getpid()
        self._running = subprocess.Popen(
            [sys.executable, *_options(), "-c", START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def is_ours(self) -> bool:
        """Whether this process started it, not one that this was forked from."""
        return self._owner == os.getpid()

    def read(self, data: bytes, bounds: Bounds) -> Iterator[Any]:
        """Yield the messages about a file up to its end.

        Errors: TooMuch where its reading is ended; ImportError without the package; ValueError
            where it cannot be read.
        """
        assert self._running.stdin
        memory = bounds.memory + COPIES * len(data)
        asked = {**bounds._asdict(), "memory": memory, "bytes": len(data)}
        with suppress(OSError):  # it has ended: its exit code says why
            self._running.stdin.write(json.dumps(asked).encode() + b"\n")
            self._running.stdin.write(data)
            self._running.stdin.flush()
        while (message := self._receive(bounds)) != ["end"]:
            kind, *said = message
            if kind == "memory":
                raise _too_much_memory(bounds)
            if kind == "missing":
                raise ModuleNotFoundError(name=said[0])
            if kind == "failed":
                raise ValueError(said[0])
            yield message

    def _receive(self, bounds: Bounds) -> Any:
        assert self._running.stdout
        line = self._running.stdout.readline(limits.TEXT + 1)
        limits.text(len(line))
        if line:
            return json.loads(line)
        code = self._running.wait()
        if code in (pdf_process.NO_TIME, *OVER_TIME):
            raise limits.TooMuch(_("reading it takes too long"))
        if code == pdf_process.NO_MEMORY:
            raise _too_much_memory(bounds)
        raise ValueError(
            _("the process that read it was ended (exit code {code})").format(code=code)
        )

    def end(self) -> None:
        """End the process, whatever it does."""
        self._running.kill()
        for pipe in (self._running.stdin, self._running.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        self._running.wait()


def _options() -> Iterator[str]:
    """Yield options by which Python imports there what it would import here, and nothing else."""
    yield "-I"
    if sys.dont_write_bytecode:
        yield "-B"
    if sys.pycache_prefix:
        yield from ("-X", f"pycache_prefix={sys.pycache_prefix}")


def _too_much_memory(bounds: Bounds) -> limits.TooMuch:
    most = bounds.memory >> 20
    return limits.TooMuch(_("reading it takes more than {n:,} MB of memory").format(n=most))


_keeps = False  # whether a process is kept for the next file
_idle: list[_Process] = []


def keep_process() -> None:
    """Read the files to come by one process: starting another for each takes a third of a second.

    It ends with this one, and where a file could not be read.
    """
    global _keeps
    if not _keeps:
        atexit.register(_end_idle)
    _keeps = True


def _end_idle() -> None:
    while _idle:
        _idle.pop().end()


def _take_process() -> _Process:
    while _idle:
        if (process := _idle.pop()).is_ours:
            return process
    return _Process()


def read(data: bytes, bounds: Bounds = Bounds()) -> Page:
    """Return the page of a PDF file; a scan is refused, since it holds no text."""
    process = _take_process()
    try:
        made = page_of(process.read(data, bounds))
    except BaseException:
        process.end()
        raise
    if _keeps:
        _idle.append(process)
    else:
        process.end()
    if not (made.text.strip() or any(isinstance(block, Table) for block in made.blocks)):
        raise BadPlan(
            _("the PDF holds no text: it is a scan"),
            hint=_("recognise its text first (OCR), and import that"),
        )
    return made


def page_of(messages: Iterable[Any]) -> Page:
    """Return the page that *messages* of ``pdf_reader.read_pages`` tell of.

    Errors: TooMuch where it holds more than a document does.
    """
    return page.of_blocks(_find_blocks(messages), wrapped=True)


def _find_blocks(messages: Iterable[Any]) -> Iterator[str | Grid]:
    crossings = 0
    for kind, *said in messages:
        if kind == "size":
            limits.text(said[0])
        elif kind == "crossings":
            crossings += said[0]
            limits.covered(crossings)
        else:
            for block in said:
                if isinstance(block, str):
                    yield block
                else:
                    yield Grid([[(cell, 1, 1) for cell in row] for row in block])
