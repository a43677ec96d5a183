"""What can go wrong for a user, each kind with its exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

DISTRIBUTION_NAMES = {"docx": "python-docx"}  # where a package is installed by another name


class ExitCode(IntEnum):
    """What the process answers to the shell."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    BAD_PLAN = 4
    MISSING = 5
    INTERRUPTED = 130  # Ctrl-C, as shells count it


class Terminated(BaseException):
    """This process was told to end; what is half done is undone on the way out."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.code = 128 + signal  # as shells count it


class PlanError(Exception):
    """A failure the user can act on: what went wrong, and a hint at what to do next.

    *excerpt*: the line of a file that is wrong, with carets below what is.
    """

    code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "", excerpt: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.excerpt = excerpt


class BadUsage(PlanError):
    """Arguments that do not fit together."""

    code = ExitCode.USAGE


class NotFound(PlanError):
    """A name that the plan does not know, or that could be several."""

    code = ExitCode.NOT_FOUND


class BadPlan(PlanError):
    """A plan or registry that is not exactly what it must be; the message starts with file:line."""

    code = ExitCode.BAD_PLAN


class MissingPackage(PlanError):
    """A format needs a package that is not installed; the hint is the command that installs it."""

    code = ExitCode.MISSING


@contextmanager
def require_extra(extra: str, said: str) -> Iterator[None]:
    """Turn a package that is not there into an error that *said* it, ``{package}`` filled in.

    *extra* is what installs it.
    """
    try:
        yield
    except ImportError as error:
        missing = str(error.name).partition(".")[0]
        package = DISTRIBUTION_NAMES.get(missing, missing)
        hint = f"pip install 'plancli[{extra}]'"
        raise MissingPackage(said.format(package=package), hint=hint) from error
