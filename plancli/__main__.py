"""Run the ``plancli`` process, also as ``python -m plancli``."""

import os
import sys

INTERRUPTED_EXIT_CODE = 130  # shells report 128 + SIGINT
# ``signal`` is slow to load, and Ctrl-C may arrive meanwhile.
try:
    import signal
except KeyboardInterrupt:
    os._exit(INTERRUPTED_EXIT_CODE)
# Sent at shutdown and when a terminal closes; Windows has no SIGHUP.
TERMINATION_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def run() -> None:
    """Run the command on the command line and end the process with its exit code."""
    # A parent such as ``nohup`` may have had SIGINT ignored; then it stays ignored.
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if interruptible:
        signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(INTERRUPTED_EXIT_CODE))
    from plancli.errors import Terminated

    try:
        code = _run_command_line(interruptible)
    except Terminated as ended:
        code = ended.code
    except KeyboardInterrupt:  # before the command starts or after it ends
        code = INTERRUPTED_EXIT_CODE
    # All output is written; an orderly interpreter shutdown would take a tenth of the run time.
    os._exit(code)


def _run_command_line(interruptible: bool) -> int:
    import gc
    from contextlib import suppress
    from io import TextIOWrapper

    # Almost nothing that a command allocates is garbage: collect rarely.
    gc.set_threshold(500_000)
    for number in TERMINATION_SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:  # not where nohup has it ignored
            signal.signal(number, _raise_terminated)
    from plancli.cli import console
    from plancli.cli.main import main

    console.normalize_environment(os.environ)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (open until the process ends)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Characters that the console encoding lacks are printed as ``?``.
            stream.reconfigure(errors="replace")
    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = main(list(map(_decode_argument, sys.argv[1:])))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command is done
    with suppress(OSError):
        sys.stderr.flush()
    return code


def _raise_terminated(number: int, _frame: object) -> None:
    from plancli.errors import Terminated

    # A second signal must not interrupt the clean-up.  A handler that does nothing is used, not
    # SIG_IGN, because Python reports a pending signal that it finds ignored.
    for each in TERMINATION_SIGNALS:
        signal.signal(each, lambda _number, _frame: None)
    raise Terminated(number)


def _decode_argument(word: str) -> str:
    """Decode *word* as UTF-8 where its bytes are valid UTF-8, whatever the locale's encoding.

    A short word in GBK may be valid UTF-8 by chance: 省 gives ʡ. Such results hold characters from
    U+0080 to U+07FF, which no Chinese text does.
    """
    try:
        decoded = os.fsencode(word).decode()
    except UnicodeError:
        return word
    chance = any("\x7f" < char < "\u0800" for char in decoded)
    return word if chance and word.isprintable() else decoded


if __name__ == "__main__":
    run()
