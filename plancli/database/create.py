"""Create a database from plans: read each, check that their ids are unique, and write it."""

import re
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from plancli.database import writer
from plancli.database.inputs import PlanInput, ProgressReporter, report_no_progress
from plancli.database.rows import PlanRows, RowBuilder
from plancli.errors import BadPlan, PlanError
from plancli.i18n import _
from plancli.plan.scope import RegistryScope, get_scope
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import process_pool

MIN_PROGRESS_SIZE = 2 << 20  # bytes of plans from which a progress bar is shown
# In the name of a file that a sync program, an office suite or a person copied.
COPY_NAME_PATTERN = re.compile(
    r"sync-conflict|conflict|冲突|副本|备份|拷贝|\bcop(?:y|ie)\b|\bkopie\b|[(（]\d+[)）]$|~\d*$",
    re.IGNORECASE,
)
# The file is discarded on failure, and no other process reads it.
DRAFT_PRAGMAS = (
    "PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536"
)


def create_database(
    target: str, plans: Sequence[PlanInput], marks: str, progress: ProgressReporter
) -> sqlite3.Connection:
    """Write the database of *plans* to *target*, a new file or ``:memory:``, and return it.

    *marks* is SQL that is run last: a file without these marks is incomplete.
    Errors: BadPlan where a plan has an error; sqlite3.Error where SQLite cannot write.
    """
    known = get_scope(registry_io.load_default_registry())
    if sum(each.size for each in plans) < MIN_PROGRESS_SIZE:
        progress = report_no_progress
    db = sqlite3.connect(target)
    try:
        db.executescript(DRAFT_PRAGMAS)
        with (
            closing(iter_plan_rows(plans, known)) as rows,
            closing(_require_unique_ids(plans, rows)) as checked,
            closing(progress(checked, len(plans), _("reading plans"))) as seen,
        ):
            # Searching for plugins is slow.
            fresh = Database(db, execute_plugins=False)
            writer.write_plans(fresh, seen, known)
        db.executescript(marks)
    except BaseException:
        db.close()  # Windows deletes no open file
        raise
    return db


def _require_unique_ids(
    plans: Sequence[PlanInput], rows: Iterator[PlanRows]
) -> Generator[PlanRows, None, None]:
    """Yield *rows*, the rows of *plans*; raise BadPlan where two plans have the same id."""
    seen: dict[str, str] = {}
    for original, each in zip(plans, rows, strict=True):
        if (id := each.plan.id) in seen:
            raise _make_duplicate_error(id, seen[id], original.name)
        seen[id] = original.name
        yield each


def _make_duplicate_error(id: str, first: str, second: str) -> BadPlan:
    """Return the error of two files with one *id*; a copy is recognized by its name."""
    message = _("{file}: the id {id} is already used by: {other}")
    hint = _("give each plan its own id, or remove one of the two")
    copies = [name for name in (first, second) if COPY_NAME_PATTERN.search(Path(name).stem)]
    if len(copies) == 1:
        (copy,) = copies
        original = second if copy == first else first
        hint = _(
            "{copy} looks like a copy made by a sync program or a person: compare the two (plancli diff {original} {copy}), and move one out of the folder"
        ).format(copy=_format_argument(copy), original=_format_argument(original))
        first, second = original, copy
    return BadPlan(message.format(file=second, id=id, other=first), hint=hint)


def _format_argument(name: str) -> str:
    """Return *name* as typed on a command line."""
    return name if re.fullmatch(r"[\w./:-]+", name) else f'"{name}"'


MIN_PARALLEL_SIZE = 4 << 20  # bytes of plans from which worker processes pay
# bytes of a plan above which transfer between processes costs more than it saves
MAX_WORKER_PLAN_SIZE = 8 << 20
# bytes of plans read ahead, so that workers do not wait for the writer
LOOK_AHEAD_SIZE = 4 << 20


def iter_plan_rows(
    plans: Sequence[PlanInput], known: RegistryScope, cores: int = 0, much: int = MIN_PARALLEL_SIZE
) -> Generator[PlanRows, None, None]:
    """Yield the rows of each of *plans*, on all *cores* where their size is at least *much*.

    Close the generator to end the worker processes.
    Errors: BadPlan for the first plan with an error.
    """
    maker = RowBuilder(known)
    pays = len(plans) > 1 and sum(each.size for each in plans) >= much
    cores = (cores or count_usable_cores()) if pays else 1
    if cores > 1:
        yield from _iter_parallel_rows(plans, known, maker, cores)
    else:
        for each in plans:
            yield maker.read_plan(each.read(), each.name)


def count_usable_cores() -> int:
    """Return the number of cores for worker processes; 1 where plancli is used as a library.

    A worker imports the main program again, which is known to be safe only for plancli's own.
    """
    return process_pool.count_cores() if is_command_line() else 1


def is_command_line() -> bool:
    """Whether this process is the plancli command, not a program that uses ``plancli.api``."""
    name = "plancli.__main__"
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return name in sys.modules or getattr(spec, "name", "") == name


def _iter_parallel_rows(
    plans: Sequence[PlanInput], known: RegistryScope, maker: RowBuilder, cores: int
) -> Iterator[PlanRows]:
    from pickle import loads

    hint = _("memory may be short: try again, or build from fewer plans at a time")
    begin = partial(_make_worker, known.registry, MAX_WORKER_PLAN_SIZE)
    with closing(
        process_pool.imap_ordered(begin, plans, cores, LOOK_AHEAD_SIZE, lambda plan: plan.size)
    ) as made:
        for plan, rows in zip(plans, made, strict=True):
            if isinstance(rows, process_pool.WorkerDied):
                raise PlanError(rows.describe(plan.name), hint=hint)
            yield loads(rows) if rows else maker.read_plan(plan.read(), plan.name)


def _make_worker(known: Registry, large: int) -> Callable[[PlanInput], bytes]:
    """Return the function that builds a plan's rows in a worker; b"" for a *large* plan."""
    import gc
    from pickle import HIGHEST_PROTOCOL, dumps

    gc.set_threshold(500_000)  # almost nothing that is allocated is garbage
    maker = RowBuilder(get_scope(known))

    def build_rows(plan: PlanInput) -> bytes:
        if plan.size > large:
            return b""
        rows = maker.read_plan(plan.read(), plan.name)
        return dumps(rows._replace(batches=tuple(rows.batches)), HIGHEST_PROTOCOL)

    return build_rows
