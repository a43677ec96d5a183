"""The process that reads PDF files for ``plancli.importing.readers.pdf``, with limits.

A PDF may expand and repeat its content without end, and the packages that read it set no limit.  A
separate process with limited memory and time protects the machine and the process that asks.  It
imports nothing else of plancli, to start fast; the parent checks the size of the content and words
the messages.

Requests come through standard input: a line of JSON, then the bytes of the file, repeatedly.  The
answer is a line of JSON for each message of ``read_pages``; the last one says how reading ended.
"""

import json
import logging
import os
import re
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from queue import SimpleQueue
from threading import Event, Thread
from typing import IO, Any

try:
    import resource
except ImportError:  # Windows
    RESOURCE_LIMITS: tuple[int, ...] = ()
else:
    RESOURCE_LIMITS = (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_CPU)

MAX_EDGES = 10_000  # edges of lines and boxes; a page with more is a drawing, not a table
FORM_DRAW = re.compile(rb"/([^\s()<>\[\]{}/%]+)\s+Do\b")  # draws a form by its name
EXIT_TIME, EXIT_MEMORY = 81, 82  # exit codes
GRACE_SECONDS = 5  # by which the system's limit exceeds that of this process
PdfMessage = list[Any]


def read_pages(data: bytes) -> Iterator[PdfMessage]:
    """Yield three messages for each page of a PDF file.

    ``["size", n]``: bytes of drawing commands; ``["crossings", n]``: points where its lines may
    cross; ``["page", …]``: its lines and tables, from ``pdf_layout.find_page``.
    """
    import pdfplumber

    from plancli.importing.readers import pdf_glyphs, pdf_layout, pdf_tables

    with pdfplumber.open(BytesIO(data)) as file:
        for sheet in file.pages:
            yield [
                "size",
                _ContentCounter().count_bytes(sheet.page_obj.contents, sheet.page_obj.resources),
            ]
            content = pdf_glyphs.read_content(sheet, len(sheet.edges) <= MAX_EDGES)
            yield ["crossings", pdf_tables.count_crossings(content)]
            yield ["page", pdf_layout.find_page(content)]
            sheet.close()


class _ContentCounter:
    """Counts the drawing commands of a page, those of a form as often as it is drawn.

    Nested forms that each draw two others are small files with exponential content.
    """

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}  # form -> bytes; 0 while it is being counted

    def count_bytes(self, streams: Any, resources: Any) -> int:
        """Return the bytes of drawing commands in *streams*, with their forms in *resources*."""
        from pdfminer.pdftypes import dict_value, stream_value

        words = b"\n".join(stream_value(each).get_data() for each in streams)
        forms = dict_value(dict_value(resources or {}).get("XObject") or {})
        drawn = Counter(FORM_DRAW.findall(words))
        return len(words) + sum(
            times * self._count_form(forms.get(name.decode("utf-8", "replace")), resources)
            for name, times in drawn.items()
        )

    def _count_form(self, reference: Any, resources: Any) -> int:
        from pdfminer.pdftypes import PDFStream, resolve1
        from pdfminer.psparser import literal_name

        form = resolve1(reference)
        if not isinstance(form, PDFStream) or literal_name(form.get("Subtype")) != "Form":
            return 0
        if id(form) not in self._sizes:
            self._sizes[id(form)] = 0  # a form that draws itself is counted once
            self._sizes[id(form)] = self.count_bytes(
                [form], resolve1(form.get("Resources")) or resources
            )
        return self._sizes[id(form)]


class _ProcessLimits:
    """Limits the memory and CPU time of this process.

    The system enforces the limits if it can: Windows supports neither, macOS only time.  So a
    thread also checks the time everywhere, and the memory on macOS.
    """

    def __init__(self) -> None:
        self._request: Mapping[str, int] = {}
        self._until = self._end = 0.0
        self._busy = Event()
        self._before = {each: resource.getrlimit(each) for each in RESOURCE_LIMITS}
        Thread(target=self._check_usage, daemon=True).start()

    def start_file(self, request: Mapping[str, int]) -> None:
        """Set the limits of a file from *request*: bytes of memory, and CPU seconds."""
        self._request = request
        self._end = time.process_time() + request["seconds"]
        if RESOURCE_LIMITS:
            self._set_limit(resource.RLIMIT_AS, request["memory"])
            self._set_limit(resource.RLIMIT_CORE, 0)
        self.start_page()

    def start_page(self) -> None:
        """Set the time limit of a page."""
        self._until = min(time.process_time() + self._request["page"], self._end)
        if RESOURCE_LIMITS:
            self._set_limit(resource.RLIMIT_CPU, int(self._until) + GRACE_SECONDS)
        self._busy.set()

    def stop(self) -> None:
        """Stop checking until the next file."""
        self._busy.clear()

    def _set_limit(self, kind: int, most: int) -> None:
        soft, hard = self._before[kind]
        known = [each for each in (most, soft, hard) if each != resource.RLIM_INFINITY]
        with suppress(OSError, ValueError):  # macOS accepts no limit for memory
            resource.setrlimit(kind, (min(known), hard))

    def _check_usage(self) -> None:
        while self._busy.wait():
            if time.process_time() > self._until:
                os._exit(EXIT_TIME)
            if sys.platform == "darwin" and _measure_memory() > self._request["memory"]:
                os._exit(EXIT_MEMORY)
            time.sleep(0.1)


def main() -> None:
    """Answer the requests on standard input until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the parent ends this process
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not mix with the answers
    bounds = _ProcessLimits()
    files: SimpleQueue[tuple[Mapping[str, int], bytes]] = SimpleQueue()
    Thread(target=_read_requests, args=(sys.stdin.buffer, files), daemon=True).start()
    while True:
        request, data = files.get()
        bounds.start_file(request)
        for message in _process_file(data, request["memory"]):
            out.write(json.dumps(message).encode() + b"\n")
            out.flush()
            if message[0] == "page":
                bounds.start_page()
        bounds.stop()
        del data


def _process_file(data: bytes, memory: int) -> Iterator[PdfMessage]:
    try:
        yield from read_pages(data)
        end = ["end"]
    except ImportError as error:
        end = ["missing", str(error.name)]
    except Exception as error:  # libraries raise any exception for damaged files
        if _is_memory_error(error, memory):
            end = ["memory"]
        else:
            end = ["failed", str(error).split("\n")[0] or type(error).__name__]
    yield end


def _is_memory_error(error: BaseException | None, memory: int) -> bool:
    """Return whether *error* was caused by the *memory* limit, even if a package replaced it."""
    while error:
        if isinstance(error, MemoryError):
            return True
        error = error.__context__
    return bool(RESOURCE_LIMITS) and _measure_memory() > 0.75 * memory


def _measure_memory() -> int:
    """Return the peak memory of this process in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def _read_requests(
    stream: IO[bytes], files: "SimpleQueue[tuple[Mapping[str, int], bytes]]"
) -> None:
    """Queue the files from *stream*; end this process when it is closed."""
    try:
        while line := stream.readline():
            request = json.loads(line)
            files.put((request, stream.read(request["bytes"])))
    except MemoryError:
        os._exit(EXIT_MEMORY)
    finally:
        os._exit(0)
