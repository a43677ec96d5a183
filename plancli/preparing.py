"""Plans made into rows, in their order: in this process, or beside the writer where it pays."""

import os
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from plancli.errors import PlanError
from plancli.lang import _
from plancli.originals import Original
from plancli.registry import Registry
from plancli.rows import Maker, Rows

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

MUCH = 4 << 20  # bytes of plans, from which starting processes is worth it
LARGE = 8 << 20  # bytes of one plan, which is not worth carrying between processes
AHEAD = 4 << 20  # bytes of plans that may be ahead of the writer, so that nobody waits for it


def prepared(
    plans: Sequence[Original], known: Registry, cores: int = 0, much: int = MUCH
) -> Generator[Rows, None, None]:
    """Yield the rows of each of *plans*, by as many *cores* as there are if they are *much*.

    Close it, lest processes go on.  Errors: BadPlan for the first plan that is not right.
    """
    maker = Maker(known)
    pays = len(plans) > 1 and sum(each.size for each in plans) >= much
    cores = (cores or usable()) if pays else 1
    if cores > 1 and (pool := _pool(known, cores)):
        yield from _beside(pool, plans, maker, cores)
    else:
        for each in plans:
            yield maker.read(each.read(), each.name)


def usable() -> int:
    """Return how many processors this process may use.

    1 where the program is not ours: a new process imports the program anew, and only of ours is it
    known that it bears that.
    """
    if not ours():
        return 1
    from plancli.importer import pool  # only where there is much to read

    return pool.cores()


def ours() -> bool:
    """Whether the program that runs is the command line, not one that uses ``plancli.api``."""
    name = "plancli.__main__"
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return name in sys.modules or getattr(spec, "name", "") == name


def _pool(known: Registry, cores: int) -> "ProcessPoolExecutor | None":
    """Return *cores* processes, if this system can have them."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    try:
        spawn = get_context("spawn")  # the same everywhere, and safe beside threads
        return ProcessPoolExecutor(cores, spawn, _begin, (known,))
    except (ImportError, NotImplementedError, OSError):  # no semaphores here
        return None


def _beside(
    pool: "ProcessPoolExecutor", plans: Sequence[Original], maker: Maker, cores: int
) -> Iterator[Rows]:
    from concurrent.futures.process import BrokenProcessPool
    from pickle import loads

    left = deque(plans)
    waiting: deque[tuple[Original, Future[bytes] | None]] = deque()
    ahead = 0  # bytes
    try:
        while left or waiting:
            while left and (len(waiting) <= cores or ahead < AHEAD):
                each = left.popleft()
                waiting.append((each, None if each.size > LARGE else _submitted(pool, each)))
                ahead += each.size
            each, job = waiting.popleft()
            yield loads(job.result()) if job else maker.read(each.read(), each.name)
            ahead -= each.size
    except BrokenProcessPool as error:
        raise PlanError(
            _("a process that read plans has ended before its time"),
            hint=_("perhaps memory is short: try again, or build from fewer plans at a time"),
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: "ProcessPoolExecutor", plan: Original) -> "Future[bytes] | None":
    """Hand *plan* to a process; None where the system starts no more of them."""
    try:
        with _undisturbed():
            return pool.submit(_prepared, plan)
    except OSError:
        return None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put Ctrl-C off: a process that begins meanwhile never hears of it, this one afterwards."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_maker: Maker  # of a process that makes rows


def _begin(known: Registry) -> None:
    """Make this process ready to make rows, and to end with the one that it works for."""
    import gc
    import signal
    from threading import Thread

    global _maker
    _maker = Maker(known)
    gc.set_threshold(500_000)  # hardly any of what is made is garbage
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it, and ends this one
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def _prepared(plan: Original) -> bytes:
    """Return the rows of *plan* for another process."""
    from pickle import HIGHEST_PROTOCOL, dumps

    rows: Any = _maker.read(plan.read(), plan.name)
    return dumps(rows._replace(batches=tuple(rows.batches)), HIGHEST_PROTOCOL)
