"""The process: ``plancli``, or ``python -m plancli``."""

import os
import sys

# At once: ``signal`` itself takes long to load, and Ctrl-C may come meanwhile.
from _signal import (  # type: ignore[import-not-found]
    SIG_IGN,
    SIGINT,
    default_int_handler,
    getsignal,
    signal,
)

INTERRUPTED = 130  # Ctrl-C, as shells count it


def run() -> None:
    """Answer the question on the command line and end the process with its exit code."""
    heard = getsignal(SIGINT) is default_int_handler  # else it was to be ignored
    if heard:
        signal(SIGINT, lambda _number, _frame: os._exit(INTERRUPTED))  # nothing is begun as yet
    import gc
    from contextlib import suppress
    from io import TextIOWrapper

    gc.set_threshold(500_000)  # hardly any of what an answer makes is garbage: look for it seldom
    from plancli.cli import main

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a console cannot show is shown as ?
    code = INTERRUPTED
    try:
        if heard:
            signal(SIGINT, default_int_handler)
        code = main(list(map(_typed, sys.argv[1:])))
        signal(SIGINT, SIG_IGN)  # it is answered
    except KeyboardInterrupt:
        pass
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)  # all is written: taking every module down first would cost a tenth of the time


def _typed(word: str) -> str:
    """Return *word* as UTF-8 where it is that, though the locale may have said otherwise.

    In GBK, too, a word may be right UTF-8 by chance: 省 is ʡ then.  No Chinese is so short there.
    """
    try:
        told = os.fsencode(word).decode()
    except UnicodeError:
        return word
    chance = any("\x7f" < char < "\u0800" for char in told)
    return word if chance and word.isprintable() else told


if __name__ == "__main__":
    run()
