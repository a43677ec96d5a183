"""The process: ``plancli``, or ``python -m plancli``."""

import os
import sys

INTERRUPTED_EXIT_CODE = 130  # Ctrl-C, as shells count it
try:  # it takes long to load, and Ctrl-C may come meanwhile
    import signal
except KeyboardInterrupt:
    os._exit(INTERRUPTED_EXIT_CODE)
TERMINATION_SIGNALS = (
    tuple(  # by a system that shuts down, by a terminal that closes; not every one has them
        getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
    )
)


def run() -> None:
    """Answer the question on the command line and end the process with its exit code."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else: ignore it
    if heard:
        signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(INTERRUPTED_EXIT_CODE))
    from plancli.errors import Terminated

    try:
        code = _run_command_line(heard)
    except Terminated as ended:
        code = ended.code
    except KeyboardInterrupt:  # before anything was asked, or when it was answered
        code = INTERRUPTED_EXIT_CODE
    os._exit(code)  # all is written: taking every module down first would cost a tenth of the time


def _run_command_line(heard: bool) -> int:
    import gc
    from contextlib import suppress
    from io import TextIOWrapper

    gc.set_threshold(500_000)  # hardly any of what an answer makes is garbage: look for it seldom
    for number in TERMINATION_SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup has one ignored
            signal.signal(number, _raise_terminated)
    from plancli.cli import console
    from plancli.cli.main import main

    console.normalize_environment(os.environ)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a console cannot show is shown as ?
    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = main(list(map(_decode_argument, sys.argv[1:])))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is answered
    with suppress(OSError):
        sys.stderr.flush()
    return code


def _raise_terminated(number: int, _frame: object) -> None:
    from plancli.errors import Terminated

    for (
        each
    ) in TERMINATION_SIGNALS:  # one may follow the other; Python tells of one that it finds ignored
        signal.signal(each, lambda _number, _frame: None)
    raise Terminated(number)


def _decode_argument(word: str) -> str:
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
