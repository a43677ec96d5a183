"""Plans made into rows, in their order: in this process, or beside the writer where it pays."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial

from plancli import pool
from plancli.errors import PlanError
from plancli.lang import _
from plancli.originals import Original
from plancli.registry import Registry
from plancli.rows import Maker, Rows

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
    if cores > 1:
        yield from _beside(plans, known, maker, cores)
    else:
        for each in plans:
            yield maker.read(each.read(), each.name)


def usable() -> int:
    """Return how many processors this process may use.

    1 where the program is not ours: a new process imports the program anew, and only of ours is it
    known that it bears that.
    """
    return pool.cores() if ours() else 1


def ours() -> bool:
    """Whether the program that runs is the command line, not one that uses ``plancli.api``."""
    name = "plancli.__main__"
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return name in sys.modules or getattr(spec, "name", "") == name


def _beside(plans: Sequence[Original], known: Registry, maker: Maker, cores: int) -> Iterator[Rows]:
    from pickle import loads

    hint = _("perhaps memory is short: try again, or build from fewer plans at a time")
    begin = partial(_begin, known, LARGE)
    with closing(pool.imap_ordered(begin, plans, cores, AHEAD, lambda plan: plan.size)) as made:
        for plan, rows in zip(plans, made, strict=True):
            if isinstance(rows, pool.WorkerDied):
                raise PlanError(rows.describe(plan.name), hint=hint)
            yield loads(rows) if rows else maker.read(plan.read(), plan.name)


def _begin(known: Registry, large: int) -> Callable[[Original], bytes]:
    """Return the function that makes a plan's rows for another process; of a *large* one, none."""
    import gc
    from pickle import HIGHEST_PROTOCOL, dumps

    gc.set_threshold(500_000)  # hardly any of what is made is garbage
    maker = Maker(known)

    def made(plan: Original) -> bytes:
        if plan.size > large:
            return b""
        rows = maker.read(plan.read(), plan.name)
        return dumps(rows._replace(batches=tuple(rows.batches)), HIGHEST_PROTOCOL)

    return made
