"""Read PDF files: lines and tables, page by page; scans have no text.

A separate process (``plancli.importing.readers.pdf_process``) with limited memory and time reads
the file.
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
from plancli.importing.readers import limits, page, pdf_pages, pdf_process
from plancli.importing.readers.page import SourceTable, SourceText

START_CODE = "import sys; sys.path[:] = sys.argv[1:]; from plancli.importing.readers.pdf_process import main; main()"
OVER_TIME_CODES = (-signal.SIGXCPU,) if hasattr(signal, "SIGXCPU") else ()  # sent by the system
MEMORY_COPIES = 4  # copies of the file that are allowed in addition to the memory limit


class PdfLimits(NamedTuple):
    """The limits for reading a file.  No work plan comes near them."""

    memory: int = 1 << 30  # bytes, in addition to the file
    page: int = 300  # CPU seconds for a page
    seconds: int = 3600  # CPU seconds for the file


class _PdfProcess:
    """A process that reads PDF files, one after another."""

    def __init__(self) -> None:
        import subprocess

        paths = [os.path.abspath(each) for each in sys.path]
        self._owner = os.getpid()
        self._running = subprocess.Popen(
            [sys.executable, *_iter_options(), "-c", START_CODE, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def is_ours(self) -> bool:
        """Whether this process started it, not the parent of a fork."""
        return self._owner == os.getpid()

    def read_messages(self, data: bytes, bounds: PdfLimits) -> Iterator[Any]:
        """Yield the messages about a file up to its end.

        Errors: LimitExceeded if a limit ends it; ImportError without the package; ValueError if the
            file cannot be read.
        """
        assert self._running.stdin
        memory = bounds.memory + MEMORY_COPIES * len(data)
        request = {**bounds._asdict(), "memory": memory, "bytes": len(data)}
        with suppress(OSError):  # it has ended; _read_message reports why
            self._running.stdin.write(json.dumps(request).encode() + b"\n")
            self._running.stdin.write(data)
            self._running.stdin.flush()
        while (message := self._read_message(bounds)) != ["end"]:
            kind, *content = message
            if kind == "memory":
                raise _make_memory_error(bounds)
            if kind == "missing":
                raise ModuleNotFoundError(name=content[0])
            if kind == "failed":
                raise ValueError(content[0])
            yield message

    def _read_message(self, bounds: PdfLimits) -> Any:
        assert self._running.stdout
        line = self._running.stdout.readline(limits.MAX_TEXT_BYTES + 1)
        limits.check_text_size(len(line))
        if line:
            return json.loads(line)
        code = self._running.wait()
        if code in (pdf_process.EXIT_TIME, *OVER_TIME_CODES):
            raise limits.LimitExceeded(_("reading it takes too long"))
        if code == pdf_process.EXIT_MEMORY:
            raise _make_memory_error(bounds)
        raise ValueError(
            _("the process that read it was terminated (exit code {code})").format(code=code)
        )

    def stop(self) -> None:
        """Kill the process."""
        self._running.kill()
        for pipe in (self._running.stdin, self._running.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        self._running.wait()


def _iter_options() -> Iterator[str]:
    """Yield the options by which the child imports exactly the modules of this process."""
    yield "-I"
    if sys.dont_write_bytecode:
        yield "-B"
    if sys.pycache_prefix:
        yield from ("-X", f"pycache_prefix={sys.pycache_prefix}")


def _make_memory_error(bounds: PdfLimits) -> limits.LimitExceeded:
    most = bounds.memory >> 20
    return limits.LimitExceeded(_("reading it takes more than {n:,} MB of memory").format(n=most))


_is_reusing = False  # whether a process is kept for the next file
_idle_processes: list[_PdfProcess] = []


def enable_process_reuse() -> None:
    """Read all further files with one process, because starting one takes a third of a second.

    It ends with this process, and when a file cannot be read.
    """
    global _is_reusing
    if not _is_reusing:
        atexit.register(_stop_idle)
    _is_reusing = True


def _stop_idle() -> None:
    while _idle_processes:
        _idle_processes.pop().stop()


def _get_process() -> _PdfProcess:
    while _idle_processes:
        if (process := _idle_processes.pop()).is_ours:
            return process
    return _PdfProcess()


def read_pdf(data: bytes, bounds: PdfLimits = PdfLimits()) -> SourceText:
    """Return the source text of a PDF file.

    Errors: BadPlan for a scan, which has no text; those of ``_PdfProcess.read_messages``.
    """
    process = _get_process()
    try:
        source = from_messages(process.read_messages(data, bounds))
    except BaseException:
        process.stop()
        raise
    if _is_reusing:
        _idle_processes.append(process)
    else:
        process.stop()
    if not (source.text.strip() or any(isinstance(each, SourceTable) for each in source.blocks)):
        raise BadPlan(
            _("the PDF contains no text: it is a scan"),
            hint=_("recognise its text first (OCR), and import that"),
        )
    return source


def from_messages(messages: Iterable[Any]) -> SourceText:
    """Return the source text in *messages* of ``pdf_process.read_pages``.

    Errors: LimitExceeded.
    """
    pages = list(_iter_pages(messages))
    source = page.from_blocks(pdf_pages.iter_blocks(pages), wrapped=True)
    seen = set()
    for rule, words in (each for one in pages for each in one.doubts):
        if rule not in seen or rule == "struck-out":
            seen.add(rule)
            source.notes.append(page.SourceNote(rule, max(source.text.find(words), 0), words))
    return source


def _iter_pages(messages: Iterable[Any]) -> Iterator[pdf_pages.PdfPage]:
    crossings = 0
    for kind, content in messages:
        if kind == "size":
            limits.check_text_size(content)
        elif kind == "crossings":
            crossings += content
            limits.check_cells(crossings)
        else:
            yield pdf_pages.from_message(content)
