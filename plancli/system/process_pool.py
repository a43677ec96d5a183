"""Ordered process pool with bounded look-ahead; a worker that dies costs its own task only.

``concurrent.futures`` fails all tasks when a worker is killed and leaves its workers behind when
the parent is.  In pebble all workers share one pipe: one that is killed while it sends a result
blocks the others for ever.  Here a worker has a pipe, and a thread that feeds it.
"""

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from plancli.i18n import _

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")
WorkerInitializer = Callable[
    [], Callable[[T], R]
]  # called once in each worker; returns what does its tasks
MAX_WORKERS = 60  # Windows waits for no more processes


class WorkerDied(NamedTuple):
    """The result of a task whose worker died while doing it."""

    exit_code: int | None  # -9 where it was killed

    def describe(self, file: object) -> str:
        """Say that it was reading *file*."""
        said = _("{file}: the process that read it was ended (exit code {code})")
        return said.format(file=file, code=self.exit_code)


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def imap_ordered(
    start: WorkerInitializer[T, R],
    tasks: Sequence[T],
    workers: int,
    ahead: int,
    size: Callable[[T], int] = lambda _task: 1,
) -> Generator[R | WorkerDied, None, None]:
    """Yield the result of each of *tasks*, in their order, or raise its error.

    *start* must be importable by a new process.  Started ahead of the task whose turn it is are one
    task for each worker, and more as long as their sizes sum up to less than *ahead*.  Where no
    process can be started, the tasks are done in this one.  Closing the generator kills the
    workers; they also end when this process is killed.
    """
    pool = _OrderedPool(start, tasks, min(workers, MAX_WORKERS, len(tasks)))
    try:
        yield from pool.iter_results(ahead, [*accumulate(map(size, tasks), initial=0)])
    finally:
        pool.stop()


class _OrderedPool(Generic[T, R]):
    """Threads that feed one worker process each; the main thread only waits for their results.

    Queues of C code and no other locks join them with it: signals, which may raise an error at any
    place of the main thread, never interrupt the start of a process or leave a lock locked.
    """

    def __init__(self, start: WorkerInitializer[T, R], tasks: Sequence[T], workers: int) -> None:
        from queue import SimpleQueue
        from threading import Lock, Thread

        self._initializer, self._tasks = start, tasks
        self._todo: SimpleQueue[int] = SimpleQueue()  # indexes of tasks that may be done now
        self._results: SimpleQueue[tuple[int, Any] | None] = (
            SimpleQueue()
        )  # None: a thread has ended
        self._threads = [Thread(target=self._feed, daemon=True) for _worker in range(workers)]
        self._processes: list[BaseProcess] = []
        self._process_lock = Lock()  # starting a process polls all others
        self._ended = False

    def iter_results(self, ahead: int, offsets: list[int]) -> Iterator[R | WorkerDied]:
        """Yield all results; ``offsets[n]`` is the size of the tasks before task n."""
        from queue import Empty

        for thread in self._threads:
            thread.start()
        allowed, feeding, results = 0, len(self._threads), dict[int, Any]()
        for turn, task in enumerate(self._tasks):
            while allowed < len(self._tasks) and (
                allowed - turn <= len(self._threads) or offsets[allowed] - offsets[turn] < ahead
            ):
                self._todo.put(allowed)
                allowed += 1
            while feeding and turn not in results:
                with suppress(Empty):
                    done = self._results.get(
                        timeout=1
                    )  # Windows hears Ctrl-C only between two waits
                    if done is None:
                        feeding -= 1
                    else:
                        results[done[0]] = done[1]
            result = results.pop(turn) if turn in results else self._work_here(task)
            if isinstance(result, Exception):
                raise result
            yield result

    @cached_property
    def _work_here(self) -> Callable[[T], R]:
        return self._initializer()

    def stop(self) -> None:
        """Kill the workers and wait for their threads."""
        self._ended = True
        for process in self._processes.copy():
            process.kill()
        for _thread in self._threads:
            self._todo.put(-1)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _feed(self) -> None:
        """Run worker processes, one after another, until one dies without a task."""
        if hasattr(signal, "pthread_sigmask"):
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()  # it would undo the next line, if started later
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # also of what is started
        try:
            while not self._ended and self._feed_worker():
                pass
        finally:
            self._results.put(None)

    def _feed_worker(self) -> bool:
        """Run one worker process; whether another is to follow it."""
        from multiprocessing import get_context

        context = get_context("spawn")  # the same on every system, and safe beside threads
        pipe, theirs = context.Pipe()
        process = context.Process(target=_run_worker, args=(theirs, self._initializer), daemon=True)
        try:
            with self._process_lock:
                process.start()
            self._processes.append(process)
            if self._ended:
                process.kill()
        except (ImportError, NotImplementedError, OSError):
            return False  # the system starts no process
        finally:
            theirs.close()  # else nobody would see that the worker is gone
        try:
            pipe.recv()  # it has started
            while not self._ended and (index := self._todo.get()) >= 0:
                begun = False
                try:
                    pipe.send(self._tasks[index])
                    pipe.recv()  # it has begun
                    begun = True
                    self._results.put((index, pipe.recv()))
                except (EOFError, OSError):
                    if begun:
                        self._results.put((index, WorkerDied(self._stop(process))))
                    else:  # it died without a task, as others might
                        self._todo.put(index)
                    return begun
                except Exception as error:  # no pickle of the task, or no memory for the result
                    self._results.put((index, error))
                    return True
        except (EOFError, OSError):
            pass  # it could not start
        finally:
            self._stop(process)
            pipe.close()
        return False

    def _stop(self, process: "BaseProcess") -> int | None:
        with self._process_lock:
            process.kill()
            process.join()
            return process.exitcode


def _run_worker(pipe: "Connection[Any, Any]", start: WorkerInitializer[Any, Any]) -> None:
    """Do what comes through *pipe*, as a worker process, until the parent is gone."""
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    Thread(target=_end_with_parent, daemon=True).start()
    work = start()
    with suppress(EOFError, OSError):
        pipe.send(None)  # started
        while True:
            task = pipe.recv()
            pipe.send(None)  # begun
            pipe.send(_run_task(work, task))


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _run_task(work: Callable[[T], R], task: T) -> R | Exception:
    try:
        return work(task)
    except Exception as error:
        return error
