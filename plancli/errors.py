"""Define the errors that a user can cause or repair, each with its exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

# package -> distribution to install, where the names differ
DISTRIBUTION_NAMES = {"docx": "python-docx"}


class ExitCode(IntEnum):
    """The exit codes of the process."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    BAD_PLAN = 4
    MISSING = 5
    INTERRUPTED = 130  # 128 + SIGINT, as shells report it


class Terminated(BaseException):
    """Raised when a signal asks the process to end, so that unfinished work is rolled back."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.code = 128 + signal  # as shells report it


class PlanError(Exception):
    """A failure that the user can act on: what went wrong, and a hint at what to do next.

    *excerpt*: the wrong line of a file, with carets below the error.
    """

    code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "", excerpt: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.excerpt = excerpt


class BadUsage(PlanError):
    """Arguments that cannot be combined or understood."""

    code = ExitCode.USAGE


class NotFound(PlanError):
    """A name that the plan does not have, or that has several matches."""

    code = ExitCode.NOT_FOUND


class BadPlan(PlanError):
    """A plan or registry with an error; the message starts with file:line."""

    code = ExitCode.BAD_PLAN


class MissingPackage(PlanError):
    """A package that a format needs is not installed; the hint is the command to install it."""

    code = ExitCode.MISSING


@contextmanager
def require_extra(extra: str, message: str) -> Iterator[None]:
    """Convert a failed import to MissingPackage with *message*, ``{package}`` filled in.

    *extra*: the extra of plancli that installs the package.
    """
    try:
        yield
    except ImportError as error:
        missing = str(error.name).partition(".")[0]
        package = DISTRIBUTION_NAMES.get(missing, missing)
        hint = f"pip install 'plancli[{extra}]'"
        raise MissingPackage(message.format(package=package), hint=hint) from error
