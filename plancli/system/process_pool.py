"""Work on several cores: results in order, memory bounded, and a worker that dies is told of.

Not an executor of the standard library: those do not say over which task a worker died, take all
other work down with it, and leave their workers behind when the parent is killed.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from plancli.i18n import _

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import SimpleQueue

T = TypeVar("T")
R = TypeVar("R")
Start = Callable[[], Callable[[T], R]]  # done once in each worker: what it needs, read
HAND = 4  # tasks that a worker has in hand, so that it does not wait for one
ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
MOST = 60  # workers; Windows waits for no more


class Lost(NamedTuple):
    """What comes of a task over which its worker died."""

    code: int | None  # as the system tells it: -9 where it was killed

    def why(self, file: object) -> str:
        """Say so of *file*, which it was reading."""
        said = _("{file}: the process that read it was ended (exit code {code})")
        return said.format(file=file, code=self.code)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mapped(
    start: Start[T, R],
    tasks: Sequence[T],
    workers: int,
    ahead: int,
    size: Callable[[T], int] = lambda _task: 1,
) -> Generator[R | Lost, None, None]:
    """Yield what *start*'s function gives for each of *tasks*, in their order, or raise its error.

    No more than *ahead* of them, counted by their *size*, are in work or done before their turn,
    but always one more than there are workers.  *start* is something a new process can import.
    Where the system starts no process, this one works.  The workers end when it is closed or at its
    end, and with this process, even if that is killed.
    """
    before = list(accumulate(map(size, tasks), initial=0))
    pool = _Pool(start, tasks, before, min(workers, MOST, len(tasks)), ahead)
    try:
        yield from pool.results()
    finally:
        pool.end()


class _Pool(Generic[T, R]):
    def __init__(
        self, start: Start[T, R], tasks: Sequence[T], before: list[int], size: int, ahead: int
    ) -> None:
        self._start, self._tasks = start, tasks
        self._before, self._ahead = before, ahead
        self._left = deque(range(len(tasks)))
        self._done: dict[int, R | Lost | Exception] = {}
        self._workers: list[_Worker] = []
        self._size = size

    def results(self) -> Iterator[R | Lost]:
        for turn, task in enumerate(self._tasks):
            ready = False
            while not ready:
                self._hand_out(turn)
                ready = turn in self._done or not self._workers
                self._collect(0 if ready else None)
            if turn not in self._done:
                self._left.remove(turn)
                yield self._here(task)
            elif isinstance(result := self._done.pop(turn), Exception):
                raise result
            else:
                yield result

    @cached_property
    def _here(self) -> Callable[[T], R]:
        return self._start()

    def _hand_out(self, turn: int) -> None:
        self._hire()
        while self._workers and self._left and self._near(turn, self._left[0]):
            worker = min(self._workers, key=lambda each: len(each.turns))
            if len(worker.turns) == HAND:
                break
            worker.take(self._left[0], self._tasks[self._left.popleft()])

    def _hire(self) -> None:
        try:
            while self._left and len(self._workers) < self._size:
                self._workers.append(_Worker(self._start))
        except (ImportError, NotImplementedError, OSError):
            self._size = len(self._workers)  # the system gives no more

    def _near(self, turn: int, task: int) -> bool:
        """Whether *task* may be done when it is the *turn* of another."""
        ahead = self._before[task] - self._before[turn]
        return task - turn <= self._size or ahead < self._ahead

    def _collect(self, patience: int | None) -> None:
        """Take what has come; wait for it without end if *patience* is None."""
        from multiprocessing.connection import wait

        busy = {each.pipe: each for each in self._workers if each.turns}
        for pipe in wait(list(busy), patience) if busy else ():
            worker = busy[pipe]  # type: ignore[index]
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            if not worker.started:
                worker.started = True
            elif not worker.begun:
                worker.begun = True
            else:
                worker.begun = False
                self._done[worker.turns.popleft()] = said

    def _bury(self, worker: "_Worker") -> None:
        self._workers.remove(worker)
        code = worker.end()
        if worker.begun:
            self._done[worker.turns.popleft()] = Lost(code)
        else:  # it died over nothing: another might do so, too, without end
            self._size = len(self._workers)
        self._left.extendleft(reversed(worker.turns))

    def end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.end()


class _Worker:
    """A process, and the tasks that it has in hand."""

    def __init__(self, start: Start[Any, Any]) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")  # the same everywhere, and safe beside threads
        self.pipe, theirs = context.Pipe()
        self.turns: deque[int] = deque()
        self.started = self.begun = False  # it works; it works on the first of its turns
        self.process = context.Process(target=_work, args=(theirs, start), daemon=True)
        with _deaf():
            self.process.start()
        theirs.close()  # else this process would never see that it is gone

    def take(self, turn: int, task: object) -> None:
        self.turns.append(turn)
        with suppress(OSError):  # it is gone: seen when its answer is waited for
            self.pipe.send(task)

    def end(self) -> int | None:
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


def _work(pipe: "Connection[Any, Any]", start: Start[Any, Any]) -> None:
    """Do what comes through *pipe* until nobody is there any more."""
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    tasks: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(pipe, tasks), daemon=True).start()
    work = start()
    with suppress(OSError):
        pipe.send(None)  # started
        while True:
            task = tasks.get()
            pipe.send(None)  # begun
            pipe.send(_result(work, task))


def _result(work: Callable[[T], R], task: T) -> R | Exception:
    try:
        return work(task)
    except Exception as error:
        return error


def _listen(pipe: "Connection[Any, Any]", tasks: "SimpleQueue[Any]") -> None:
    """Take tasks as they come, that the parent may go on; end this process when it is gone."""
    with suppress(EOFError, OSError):
        while True:
            tasks.put(pipe.recv())
    os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    """Put what ends this process off until another has started, or nobody would know of that one.

    The other never hears Ctrl-C.
    """
    from threading import current_thread, main_thread

    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started later, it would let Ctrl-C through
    heard: list[int] = []  # by another thread, of a bar or of a library: the mask is not theirs
    handlers = {each: signal.getsignal(each) for each in ENDING}
    ours = {each: handler for each, handler in handlers.items() if callable(handler)}
    for each in ours:
        signal.signal(each, lambda number, _frame: heard.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for each, handler in ours.items():
            signal.signal(each, handler)
        for number in heard[:1]:
            signal.raise_signal(number)
