"""What a database is built from: plans in files, in databases, from standard input.

All of them are read once to know what they are, and again, one at a time, to build: no more than
one has to be in memory.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from plancli.errors import BadPlan, PlanError
from plancli.i18n import _
from plancli.system import files


class Original(NamedTuple):
    """A plan as it was when it was first looked at."""

    name: str  # as errors give it
    path: Path
    size: int  # bytes
    digest: bytes
    key: str = ""  # of the plan, where *path* is a database
    held: bytes | None = None  # its bytes, where they can be read only once

    def read(self) -> bytes:
        """Return its bytes; PlanError where they are not those of before."""
        if self.held is not None:
            return self.held
        raw = _kept(self.path, self.key) if self.key else files.read(self.path)
        if digest(raw) != self.digest:
            raise PlanError(
                _("{file} was changed while it was read").format(file=self.name),
                hint=_("ask again when it is written"),
            )
        return raw


def digest(*parts: bytes) -> bytes:
    """Return what tells *parts* from any others."""
    made = blake2b(digest_size=10)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()


def checksum(file: Path) -> str:
    """Return what tells the bytes of *file* from those that damage makes of them.

    It is six times as fast as ``digest``, which is to tell plans apart that people write.
    """
    made = 0
    with file.open("rb", buffering=0) as opened:
        while piece := opened.read(1 << 20):
            made = zlib.crc32(piece, made)
    return f"{made:08x}"


def of_bytes(name: str, raw: bytes) -> Original:
    """Return the plan *raw*, which is in memory, and nowhere else."""
    return Original(name, Path(), len(raw), digest(raw), held=raw)


def of_file(path: Path) -> Original:
    """Return the plan in the file *path*; ``-`` is standard input."""
    raw = files.read(path)
    once = path == files.STDIN or not path.is_file()  # a pipe
    return Original(str(path), path, len(raw), digest(raw), held=raw if once else None)


def within(path: Path, db: sqlite3.Connection) -> Iterator[Original]:
    """Yield the plans that *db*, the database *path*, was built from."""
    rows = db.execute(
        "SELECT key, yaml FROM origin JOIN plan ON plan.id = plan_id ORDER BY plan_id"
    )
    with _readable(path):
        for key, yaml in rows:
            raw = zlib.decompress(yaml)
            yield Original(f"{path} ({key})", path, len(raw), digest(raw), key)


def _kept(path: Path, key: str) -> bytes:
    sql = "SELECT yaml FROM origin JOIN plan ON plan.id = plan_id WHERE key = ?"
    with _readable(path), closing(sqlite3.connect(files.read_only(path), uri=True)) as db:
        row = db.execute(sql, (key,)).fetchone()
        return zlib.decompress(row[0]) if row else b""


@contextmanager
def _readable(database: Path) -> Iterator[None]:
    """Say so where *database* is damaged, or there no more."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise BadPlan(
            _("cannot read {file}: {why}").format(file=database, why=error),
            hint=_("create it again from the plan: plancli build -o FILE.db"),
        ) from error
