"""The process: ``plancli``, or ``python -m plancli``."""

import gc
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

from plancli.errors import Ended, Exit

ENDING = ("SIGTERM", "SIGHUP")  # by a system that shuts down, by a terminal that closes


def run() -> NoReturn:
    """Answer the question on the command line and end the process with its exit code."""
    try:
        code = _answered()
    except Ended as ended:
        code = ended.code
    except KeyboardInterrupt:  # before anything was asked
        code = Exit.INTERRUPTED
    os._exit(code)  # all is written: taking every module down first would cost a tenth of the time


def _answered() -> int:
    gc.set_threshold(500_000)  # hardly any of what an answer makes is garbage: look for it seldom
    for name in ENDING:
        number = getattr(signal, name, None)  # not every system has them
        if number and signal.getsignal(number) is signal.SIG_DFL:  # nohup has one ignored
            signal.signal(number, _end)
    from plancli.cli import main

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a console cannot show is shown as ?
    code = main(list(map(_typed, sys.argv[1:])))
    with suppress(OSError):
        sys.stderr.flush()
    return code


def _end(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # it was heard
    raise Ended(number)


def _typed(word: str) -> str:
    """Return *word* as UTF-8, which it is, though the locale may have said otherwise."""
    try:
        return os.fsencode(word).decode()
    except UnicodeDecodeError:
        return word


if __name__ == "__main__":
    run()
