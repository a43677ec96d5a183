"""PDF files unfold and repeat what they hold without end: pdfminer, held back meanwhile."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pdfplumber.page
from pdfminer import lzw, pdfinterp, pdftypes, runlength

from plancli.importer import limits

PIECE = 1 << 16  # bytes that are unpacked at a time
DRAWN = {"render_char": 1, "paint_path": 1, "begin_figure": 20}  # and what it costs, in letters
RARE = 1 << 16  # bytes packed as nobody has packed them for thirty years


@contextmanager
def bounded() -> Iterator[None]:
    """Have pdfminer raise TooMuch where a file holds more than a document.

    Counted is what is unpacked, what is drawn, and the drawing's own words, each as often as they
    are gone through: a form of two forms of two forms is short, and never ends.
    """
    counts = _Counts()
    swapped: list[tuple[Any, str, Any]] = [
        (pdftypes, "zlib", counts),
        (pdftypes, "lzwdecode", _short(lzw.lzwdecode)),
        (pdftypes, "rldecode", _short(runlength.rldecode)),
        (pdfinterp, "PDFContentParser", counts.content()),
        (pdfplumber.page, "PDFPageAggregatorWithMarkedContent", counts.device()),
    ]
    before = [getattr(module, name) for module, name, _own in swapped]
    try:
        for module, name, own in swapped:
            setattr(module, name, own)
        yield
    finally:
        for (module, name, _own), theirs in zip(swapped, before, strict=True):
            setattr(module, name, theirs)


class _Counts:
    """All that is counted of one file; stands for ``zlib``, too."""

    error = zlib.error

    def __init__(self) -> None:
        self._unfolded = self._drawn = self._content = 0

    def decompress(self, data: bytes) -> bytes:
        """Return *data* unpacked; of a stream that is damaged, what comes before that."""
        stream, pieces = zlib.decompressobj(), []
        try:
            while data and not stream.eof:
                pieces.append(stream.decompress(data, PIECE))
                data = stream.unconsumed_tail
                self._unfolded += len(pieces[-1])
                limits.unfolded(self._unfolded)
        except zlib.error:
            if not pieces:
                raise
        return b"".join(pieces)

    def decompressobj(self) -> Any:
        raise zlib.error  # pdfminer would mend what is damaged byte by byte

    def content(self) -> type:
        def read(size: int) -> None:
            self._content += size
            limits.text(self._content)

        class Content(pdfinterp.PDFContentParser):
            def __init__(self, streams: Sequence[object]) -> None:
                super().__init__(streams)
                for each in streams:
                    read(len(pdftypes.stream_value(each).get_data()) + 1)

        return Content

    def device(self) -> type:
        theirs = pdfplumber.page.PDFPageAggregatorWithMarkedContent
        return type(
            theirs.__name__, (theirs,), {each: self._drawing(theirs, each) for each in DRAWN}
        )

    def _drawing(self, theirs: Any, name: str) -> Callable[..., Any]:
        draw = getattr(theirs, name)

        def counted(*given: Any, **named: Any) -> Any:
            self._drawn += DRAWN[name]
            limits.lines(self._drawn)
            return draw(*given, **named)

        return counted


def _short(decode: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def decoded(data: bytes) -> bytes:
        limits.unfolded(0 if len(data) <= RARE else limits.UNFOLDED + 1)
        return decode(data)

    return decoded
