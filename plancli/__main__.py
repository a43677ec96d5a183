"""The process: ``plancli``, or ``python -m plancli``."""

# At once: ``signal`` itself takes long to load, and Ctrl-C may come meanwhile.
import _signal  # type: ignore[import-not-found]
import os
import sys

INTERRUPTED = 130  # Ctrl-C, as shells count it
ENDING = tuple(  # by a system that shuts down, by a terminal that closes; not every one has them
    getattr(_signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(_signal, name)
)


def run() -> None:
    """Answer the question on the command line and end the process with its exit code."""
    heard = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler  # else: ignore it
    if heard:
        _signal.signal(_signal.SIGINT, lambda _number, _frame: os._exit(INTERRUPTED))
    if not os.path.isfile(__file__):  # in a zip file; what plancli reads are files of their own
        sys.stderr.write("error: plancli does not run from within a zip file: pip install it\n")
        os._exit(1)
    from plancli.errors import Ended

    try:
        code = _answered(heard)
    except Ended as ended:
        code = ended.code
    except KeyboardInterrupt:  # before anything was asked, or when it was answered
        code = INTERRUPTED
    os._exit(code)  # all is written: taking every module down first would cost a tenth of the time


def _answered(heard: bool) -> int:
    import gc
    from contextlib import suppress
    from io import TextIOWrapper

    gc.set_threshold(500_000)  # hardly any of what an answer makes is garbage: look for it seldom
    for number in ENDING:
        if _signal.getsignal(number) is _signal.SIG_DFL:  # nohup has one ignored
            _signal.signal(number, _end)
    from plancli.cli import console, main

    console.settle(os.environ)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a console cannot show is shown as ?
    if heard:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    code = main(list(map(_typed, sys.argv[1:])))
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # it is answered
    with suppress(OSError):
        sys.stderr.flush()
    return code


def _end(number: int, _frame: object) -> None:
    from plancli.errors import Ended

    for each in ENDING:  # one may follow the other; Python tells of one that it finds ignored
        _signal.signal(each, lambda _number, _frame: None)
    raise Ended(number)


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
