"""Read the plans that a database is built from: files, databases, standard input.

Each plan is read once for its digest and again for building, one at a time, so that only one is in
memory.
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
    """A plan as it was when its digest was computed."""

    name: str  # as error messages give it
    path: Path
    size: int  # bytes
    digest: bytes
    key: str = ""  # the plan's key, where *path* is a database
    data: bytes | None = None  # content, where it can be read only once

    def read(self) -> bytes:
        """Read the plan again; PlanError where it has changed."""
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
                hint=_("try again when it is saved"),
            )
        return raw


def compute_digest(*parts: bytes) -> bytes:
    """Return a digest that identifies *parts*."""
    digest = blake2b(digest_size=10)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def compute_checksum(file: Path) -> str:
    """Return the CRC-32 of *file*, to detect damage.

    It is six times as fast as ``compute_digest``, which identifies plans.
    """
    checksum = 0
    with file.open("rb", buffering=0) as opened:
        while piece := opened.read(1 << 20):
            checksum = zlib.crc32(piece, checksum)
    return f"{checksum:08x}"


def from_bytes(name: str, raw: bytes) -> PlanInput:
    """Return the plan *raw*, which exists in memory only."""
    return PlanInput(name, Path(), len(raw), compute_digest(raw), data=raw)


def from_file(path: Path) -> PlanInput:
    """Return the plan in the file *path*; ``-`` is standard input."""
    raw = files.read_plan_file(path)
    once = path == files.STDIN or not path.is_file()  # standard input or a pipe
    return PlanInput(str(path), path, len(raw), compute_digest(raw), data=raw if once else None)


def iter_database_inputs(path: Path, db: sqlite3.Connection) -> Iterator[PlanInput]:
    """Yield the plans that the database *db* at *path* was built from."""
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
    """Report a database that is damaged, or was removed meanwhile."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise BadPlan(
            _("cannot read {file}: {why}").format(file=database, why=error),
            hint=_("create it again from the plan: plancli build -o FILE.db"),
        ) from error
