"""Work on several cores: results in order, memory bounded, and a worker that dies is told of.

Not an executor of the standard library: those do not say over which task a worker died, take all
other work down with it, and leave their workers behind when the parent is killed.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, NamedTuple, TypeVar

from plancli.errors import PlanError
from plancli.lang import _

T = TypeVar("T")
R = TypeVar("R")
Start = Callable[[], Callable[[T], R]]  # done once in each worker: what it needs, read
CHUNK = 4  # tasks that a worker takes at once
AHEAD = 64  # tasks for each worker that may be done before their turn
MOST = 60  # workers; Windows waits for no more


class Lost(NamedTuple):
    """What comes of a task over which its worker died."""

    code: int | None  # as the system tells it: -9 where it was killed


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mapped(start: Start[T, R], tasks: Sequence[T], workers: int) -> Iterator[R | Lost]:
    """Yield what *start*'s function gives for each of *tasks*, in their order.

    *start* is a function of a module, which a new process can import.  The workers end with the
    iterator, however it ends, and with this process, even if it is killed.
    Errors: PlanError where no worker can be started.
    """
    pool = _Pool(start, tasks, min(workers, MOST, -(-len(tasks) // CHUNK)))
    try:
        yield from pool.results()
    finally:
        pool.end()


class _Pool(Generic[T, R]):
    def __init__(self, start: Start[T, R], tasks: Sequence[T], size: int) -> None:
        self._start, self._tasks = start, tasks
        self._left = deque(range(len(tasks)))
        self._workers: list[_Worker] = []
        self._size = size

    def results(self) -> Iterator[R | Lost]:
        done: dict[int, R | Lost] = {}
        for turn in range(len(self._tasks)):
            while turn not in done:
                self._hand_out(turn + AHEAD * self._size)
                done |= self._ready()
            yield done.pop(turn)

    def _hand_out(self, end: int) -> None:
        while len(self._workers) < self._size:
            self._workers.append(_Worker(self._start))
        for worker in self._workers:
            if not worker.turns and self._left and self._left[0] < end:
                turns = [self._left.popleft() for _n in range(min(CHUNK, len(self._left)))]
                worker.take(turns, [self._tasks[turn] for turn in turns])

    def _ready(self) -> dict[int, R | Lost]:
        """Wait, and return what has come, by its turn."""
        busy = {worker.pipe: worker for worker in self._workers if worker.turns}
        came: dict[int, R | Lost] = {}
        for pipe in wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                came[worker.turns.popleft()] = worker.died()
                self._left.extendleft(reversed(worker.turns))
                self._workers.remove(worker)
                continue
            if worker.started:
                came[worker.turns.popleft()] = said
            worker.started = True
        return came

    def end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()


class _Worker:
    """A process, and the tasks that it has in hand."""

    def __init__(self, start: Start[Any, Any]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.turns: deque[int] = deque()
        self.started = False
        self.process = context.Process(target=_work, args=(theirs, start), daemon=True)
        with _deaf():
            self.process.start()
        theirs.close()  # else this process would never see that it is gone

    def take(self, turns: list[int], tasks: Sequence[Any]) -> None:
        self.turns.extend(turns)
        with suppress(OSError):  # it is gone: seen when its answer is waited for
            self.pipe.send(tasks)

    def died(self) -> Lost:
        self.process.join()
        self.pipe.close()
        if not self.started:
            raise PlanError(
                _("no further process can be started (exit code {code})").format(
                    code=self.process.exitcode
                ),
                hint=_("say --jobs 1 to read in one process"),
            )
        return Lost(self.process.exitcode)


def _work(pipe: "Connection[Any, Any]", start: Start[Any, Any]) -> None:
    """Do what comes through *pipe* until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    work = start()
    with suppress(EOFError, OSError):
        pipe.send(None)  # started
        while True:
            for task in pipe.recv():
                pipe.send(work(task))


@contextmanager
def _deaf() -> Iterator[None]:
    """Hold Ctrl-C back: a process that starts meanwhile does not hear it before it is ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started later, it would let Ctrl-C through
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
