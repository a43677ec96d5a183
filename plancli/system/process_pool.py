"""Ordered process pool with bounded look-ahead.

``concurrent.futures.ProcessPoolExecutor`` is not used because one crashed worker fails all tasks,
and workers outlive a killed parent. In pebble all workers share one pipe: a worker killed while it
sends a result blocks the others forever. Here each worker has its own pipe and a thread that feeds
it, so that a crash costs one task only.
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
# Called once in each worker; returns the function that runs its tasks.
WorkerInitializer = Callable[[], Callable[[T], R]]
MAX_WORKERS = 60  # Windows cannot wait for more processes


class WorkerDied(NamedTuple):
    """The result of a task whose worker process died."""

    exit_code: int | None  # -9 after SIGKILL

    def describe(self, file: object) -> str:
        """Return a message that the process reading *file* died."""
        message = _("{file}: the process that read it died (exit code {code})")
        return message.format(file=file, code=self.exit_code)


def count_cores() -> int:
    """Return the number of cores that this process may use."""
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
    """Yield the result of each of *tasks* in order, or raise its error.

    *start* must be importable by a new process. Up to one task per worker, and more while their
    sizes sum up to less than *ahead*, run before the task whose turn it is. Where no process can be
    started, the tasks run in this one. Closing the generator kills the workers; they also end when
    this process is killed.
    """
    pool = _OrderedPool(start, tasks, min(workers, MAX_WORKERS, len(tasks)))
    try:
        yield from pool.iter_results(ahead, [*accumulate(map(size, tasks), initial=0)])
    finally:
        pool.stop()


class _OrderedPool(Generic[T, R]):
    """Threads that feed one worker process each, while the main thread waits for results.

    They share only queues implemented in C: a signal handler that raises in the main thread never
    interrupts the start of a process or leaves a lock held.
    """

    def __init__(self, start: WorkerInitializer[T, R], tasks: Sequence[T], workers: int) -> None:
        from queue import SimpleQueue
        from threading import Lock, Thread

        self._initializer, self._tasks = start, tasks
        self._todo: SimpleQueue[int] = SimpleQueue()  # indexes of tasks that may start
        # None: a thread has ended.
        self._results: SimpleQueue[tuple[int, Any] | None] = SimpleQueue()
        self._threads = [Thread(target=self._feed, daemon=True) for _worker in range(workers)]
        self._processes: list[BaseProcess] = []
        self._process_lock = Lock()  # starting a process polls all others
        self._stopped = False

    def iter_results(self, ahead: int, offsets: list[int]) -> Iterator[R | WorkerDied]:
        """Yield all results; ``offsets[n]`` is the total size of the tasks before task n."""
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
                    # With a timeout, because Windows handles Ctrl-C only between two waits.
                    done = self._results.get(timeout=1)
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
        self._stopped = True
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

            resource_tracker.ensure_running()  # started later, it would unblock SIGINT
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by the workers
        try:
            while not self._stopped and self._feed_worker():
                pass
        finally:
            self._results.put(None)

    def _feed_worker(self) -> bool:
        """Run one worker process; return whether to start another after it."""
        from multiprocessing import get_context

        # The same start method on every system, and safe in a process with threads.
        context = get_context("spawn")
        pipe, theirs = context.Pipe()
        process = context.Process(target=_run_worker, args=(theirs, self._initializer), daemon=True)
        try:
            with self._process_lock:
                process.start()
            self._processes.append(process)
            if self._stopped:
                process.kill()
        except (ImportError, NotImplementedError, OSError):
            return False  # no process can be started
        finally:
            theirs.close()  # otherwise the death of the worker would not close the pipe
        try:
            pipe.recv()  # started
            while not self._stopped and (index := self._todo.get()) >= 0:
                begun = False
                try:
                    pipe.send(self._tasks[index])
                    pipe.recv()  # begun
                    begun = True
                    self._results.put((index, pipe.recv()))
                except (EOFError, OSError):
                    if begun:
                        self._results.put((index, WorkerDied(self._stop(process))))
                    else:  # died without a task, as others might: start no other
                        self._todo.put(index)
                    return begun
                except Exception as error:  # task cannot be pickled, or no memory for the result
                    self._results.put((index, error))
                    return True
        except (EOFError, OSError):
            pass  # did not start
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
    """Run the tasks that come through *pipe*, in a worker process, until the parent is gone."""
    from threading import Thread

    # Ctrl-C goes to the parent, which ends the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
