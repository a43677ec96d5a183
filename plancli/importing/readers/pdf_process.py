"""The process that reads PDF files for ``plancli.importing.readers.pdf``, within bounds of memory and time.

A PDF may unfold and repeat what it holds without end, and the packages that read it set no limit.
So a process of its own reads it: its memory and its time end before those of the machine, and
whatever becomes of it, the process that asked lives.  It needs nothing else of plancli, to start
soon; what a document may hold is for the other side to say, and also in which words.

It is asked through standard input: a line of JSON, then the bytes of the file, as often as wanted.
It answers a line of JSON for each message of ``read_pages``; the last says how it ended.
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

MAX_EDGES = 10_000  # edges of lines and boxes; a page with more is a map, not a table
FORM_DRAW = re.compile(rb"/([^\s()<>\[\]{}/%]+)\s+Do\b")  # draws a form by its name
EXIT_TIME, EXIT_MEMORY = 81, 82  # exit codes
GRACE_SECONDS = 5  # seconds that the system gives beyond what this process grants itself
PdfMessage = list[Any]


def read_pages(data: bytes) -> Iterator[PdfMessage]:
    """Yield three messages for each page of a PDF file.

    ``["size", n]``: bytes that it draws; ``["crossings", n]``: places at which its lines may cross;
    ``["blocks", …]``: from its top to its end, lines as text, and tables as rows of text.
    """
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as file:
        for sheet in file.pages:
            yield [
                "size",
                _ContentCounter().count_bytes(sheet.page_obj.contents, sheet.page_obj.resources),
            ]
            yield ["crossings", _count_crossings(sheet)]
            yield ["blocks", *_find_blocks(sheet)]
            sheet.close()


class _ContentCounter:
    """Counts what a page draws: its own words, and those of a form as often as it is drawn.

    A form of two forms of two forms is short, and never ends.
    """

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}  # form -> bytes that it draws; 0 while it is counted

    def count_bytes(self, streams: Any, resources: Any) -> int:
        """Return how many bytes *streams* draw, whose forms are in *resources*."""
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
            self._sizes[id(form)] = 0  # one that draws itself is drawn once
            self._sizes[id(form)] = self.count_bytes(
                [form], resolve1(form.get("Resources")) or resources
            )
        return self._sizes[id(form)]


def _count_crossings(sheet: Any) -> int:
    """Return at how many places the lines of a page may cross; 0 where it is a drawing."""
    if len(sheet.edges) > MAX_EDGES:
        return 0
    across = {round(each["top"]) for each in sheet.edges if each["orientation"] == "h"}
    down = {round(each["x0"]) for each in sheet.edges if each["orientation"] == "v"}
    return len(across) * len(down)


def _find_blocks(sheet: Any) -> Iterator[str | list[list[str]]]:
    """Yield lines and tables from the top of a page to its end."""
    found = sheet.find_tables() if len(sheet.edges) <= MAX_EDGES else ()
    tables = [each for each in found if len(each.rows) > 1 and len(each.cells) > 3]
    rest = sheet
    for table in tables:
        rest = rest.outside_bbox(table.bbox, strict=False)
    placed: list[tuple[float, Any]] = [(each.bbox[1], _read_rows(each)) for each in tables]
    lines = rest.extract_text_lines()
    left = min((line["x0"] for line in lines), default=0)
    placed += [(line["top"], _format_line(line, left)) for line in lines]
    for _top, block in sorted(placed, key=lambda each: each[0]):
        yield block


def _format_line(line: Any, left: float) -> str:
    """Return a line's words, behind two spaces where it begins a paragraph."""
    size = line["chars"][0]["size"] if line["chars"] else 12
    return ("\u3000\u3000" if line["x0"] - left > 1.5 * size else "") + str(line["text"])


def _read_rows(table: Any) -> list[list[str]]:
    """Return a table; a cell that spans rows is left empty below, which is read as merged."""
    return [[(cell or "").replace("\n", "") for cell in row] for row in table.extract()]


class _ProcessLimits:
    """What this process may still take; where it takes more, it ends.

    Memory and time are bounded by the system where it can: Windows bounds neither, macOS bounds
    time alone.  So this process looks at itself as well: at its time everywhere, at its memory on
    macOS.
    """

    def __init__(self) -> None:
        self._asked: Mapping[str, int] = {}
        self._until = self._end = 0.0
        self._busy = Event()
        self._before = {each: resource.getrlimit(each) for each in RESOURCE_LIMITS}
        Thread(target=self._check_usage, daemon=True).start()

    def start_file(self, asked: Mapping[str, int]) -> None:
        """Grant what is *asked* for a file: bytes of memory, and seconds of the processor."""
        self._asked = asked
        self._end = time.process_time() + asked["seconds"]
        if RESOURCE_LIMITS:
            self._set_limit(resource.RLIMIT_AS, asked["memory"])
            self._set_limit(resource.RLIMIT_CORE, 0)
        self.start_page()

    def start_page(self) -> None:
        """Grant what a page may take."""
        self._until = min(time.process_time() + self._asked["page"], self._end)
        if RESOURCE_LIMITS:
            self._set_limit(resource.RLIMIT_CPU, int(self._until) + GRACE_SECONDS)
        self._busy.set()

    def stop(self) -> None:
        """Take no more until the next file."""
        self._busy.clear()

    def _set_limit(self, kind: int, most: int) -> None:
        soft, hard = self._before[kind]
        known = [each for each in (most, soft, hard) if each != resource.RLIM_INFINITY]
        with suppress(OSError, ValueError):  # macOS takes none for memory
            resource.setrlimit(kind, (min(known), hard))

    def _check_usage(self) -> None:
        while self._busy.wait():
            if time.process_time() > self._until:
                os._exit(EXIT_TIME)
            if sys.platform == "darwin" and _measure_memory() > self._asked["memory"]:
                os._exit(EXIT_MEMORY)
            time.sleep(0.1)


def main() -> None:
    """Answer what comes through standard input until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else is an answer
    bounds = _ProcessLimits()
    files: SimpleQueue[tuple[Mapping[str, int], bytes]] = SimpleQueue()
    Thread(target=_read_requests, args=(sys.stdin.buffer, files), daemon=True).start()
    while True:
        asked, data = files.get()
        bounds.start_file(asked)
        for message in _process_file(data, asked["memory"]):
            out.write(json.dumps(message).encode() + b"\n")
            out.flush()
            if message[0] == "blocks":
                bounds.start_page()
        bounds.stop()
        del data


def _process_file(data: bytes, memory: int) -> Iterator[PdfMessage]:
    try:
        yield from read_pages(data)
        end = ["end"]
    except ImportError as error:
        end = ["missing", str(error.name)]
    except Exception as error:  # packages raise what they like on files that are not theirs
        if _is_memory_error(error, memory):
            end = ["memory"]
        else:
            end = ["failed", str(error).split("\n")[0] or type(error).__name__]
    yield end


def _is_memory_error(error: BaseException | None, memory: int) -> bool:
    """Whether *error* came of no more than *memory*, whatever packages made of it on its way."""
    while error:
        if isinstance(error, MemoryError):
            return True
        error = error.__context__
    return bool(RESOURCE_LIMITS) and _measure_memory() > 0.75 * memory


def _measure_memory() -> int:
    """Return the bytes of memory that this process took at its largest."""
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def _read_requests(
    asking: IO[bytes], files: "SimpleQueue[tuple[Mapping[str, int], bytes]]"
) -> None:
    """Take files as they come; end this process when the one that asks is gone."""
    try:
        while line := asking.readline():
            asked = json.loads(line)
            files.put((asked, asking.read(asked["bytes"])))
    except MemoryError:
        os._exit(EXIT_MEMORY)
    finally:
        os._exit(0)
