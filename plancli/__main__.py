"""The process: ``plancli``, or ``python -m plancli``."""

import gc
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Answer the question on the command line and end the process with its exit code."""
    gc.set_threshold(500_000)  # hardly any of what an answer makes is garbage: look for it seldom
    from plancli.cli import main

    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # all is written: taking every module down first would cost a tenth of the time


if __name__ == "__main__":
    run()
