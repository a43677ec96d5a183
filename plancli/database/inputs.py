"""What a database is built from: plans in files, in databases, from standard input.

All of them are read once to know what they are, and again, one at a time, to build: no more than
one has to be in memory.
"""

import sqlite3
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from plancli.errors import BadPlan, PlanError
from plancli.i18n import _
from plancli.system import files

# Yields the steps given, of which there are so many, and shows below a label how many are done.
ProgressReporter = Callable[[Generator[Any, None, None], int, str], Generator[Any, None, None]]


def report_no_progress(
    steps: Generator[Any, None, None], _total: int, _label: str
) -> Generator[Any, None, None]:
    """Return *steps* as they are."""
    return steps


class PlanInput(NamedTuple):
    """A plan as it was when it was first looked at."""

    name: str  # as errors give it
    path: Path
    size: int  # bytes
    digest: bytes
    key: str = ""  # of the plan, where *path* is a database
    data: bytes | None = None  # its bytes, where they can be read only once

    def read(self) -> bytes:
        """Return its bytes; PlanError where they are not those of before."""
        if self.data is not None:
            return self.data
        raw = (
            _read_database_plan(self.path, self.key)
            if self.key
            else files.read_plan_file(self.path)
        )
        if compute_digest(raw) != self.digest:
            raise PlanError(
                _("{file} was changed while it was read").format(file=self.name),
                hint=_("ask again when it is written"),
            )
        return raw


def compute_digest(*parts: bytes) -> bytes:
    """Return what tells *parts* from any others."""
    made = blake2b(digest_size=10)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()


def compute_checksum(file: Path) -> str:
    """Return what tells the bytes of *file* from those that damage makes of them.

    It is six times as fast as ``digest``, which is to tell plans apart that people write.
    """
    made = 0
    with file.open("rb", buffering=0) as opened:
        while piece := opened.read(1 << 20):
            made = zlib.crc32(piece, made)
    return f"{made:08x}"


def from_bytes(name: str, raw: bytes) -> PlanInput:
    """Return the plan *raw*, which is in memory, and nowhere else."""
    return PlanInput(name, Path(), len(raw), compute_digest(raw), data=raw)


def from_file(path: Path) -> PlanInput:
    """Return the plan in the file *path*; ``-`` is standard input."""
    raw = files.read_plan_file(path)
    once = path == files.STDIN or not path.is_file()  # a pipe
    return PlanInput(str(path), path, len(raw), compute_digest(raw), data=raw if once else None)


def iter_database_inputs(path: Path, db: sqlite3.Connection) -> Iterator[PlanInput]:
    """Yield the plans that *db*, the database *path*, was built from."""
    rows = db.execute(
        "SELECT key, yaml FROM source_file JOIN plan ON plan.id = plan_id ORDER BY plan_id"
    )
    with _convert_database_errors(path):
        for key, yaml in rows:
            raw = zlib.decompress(yaml)
            yield PlanInput(f"{path} ({key})", path, len(raw), compute_digest(raw), key)


def _read_database_plan(path: Path, key: str) -> bytes:
    sql = "SELECT yaml FROM source_file JOIN plan ON plan.id = plan_id WHERE key = ?"
    with (
        _convert_database_errors(path),
        closing(sqlite3.connect(files.to_read_only_uri(path), uri=True)) as db,
    ):
        row = db.execute(sql, (key,)).fetchone()
        return zlib.decompress(row[0]) if row else b""


@contextmanager
def _convert_database_errors(database: Path) -> Iterator[None]:
    """Say so where *database* is damaged, or there no more."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise BadPlan(
            _("cannot read {file}: {why}").format(file=database, why=error),
            hint=_("create it again from the plan: plancli build -o FILE.db"),
        ) from error
