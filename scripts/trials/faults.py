"""Faults at random, and many at once: afterwards every answer is right, and nothing is left.

    python -m scripts.trials.faults [--rounds 300] [--seed 7] [--only KIND]

Real processes and real files.  A round is one fault in a cache and a folder of its own, and then
questions, whose answers are compared with those of a cache that nothing befell, byte for byte.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from signal import SIGHUP, SIGINT, SIGTERM

from plancli.database import cache
from plancli.system import files
from scripts.trials import crowd, damaging, disks, killing, table
from scripts.trials.table import Row
from scripts.trials.world import Round, World

PLANS, TASKS = 320, 18  # more bytes than one process makes rows of
CROWD = "many at once"
LARGE = 45_000  # tasks, whose database is not read whole at each start
MIXED = ("shipped",) * 4 + ("many",)
FAULTS: dict[str, tuple[int, Callable[[Round], None]]] = {  # kind: how often, what it does
    "SIGKILL while the cache is built": (
        4,
        killing.killed(*MIXED),
    ),
    "SIGKILL in `build -o FILE`": (3, killing.killed("build", "build", "build", "build many")),
    "SIGKILL in `import` of many": (2, killing.killed("import")),
    "SIGKILL in `-o FILE`, `pack`": (2, killing.killed("export", "pack")),
    "SIGKILL of a worker": (3, killing.worker_killed("many", "build many", "import")),
    "SIGTERM, SIGHUP": (3, killing.told_to_end(SIGTERM, SIGHUP)),
    "SIGINT": (3, killing.told_to_end(SIGINT)),
    "full disk": (3, disks.full),
    "read-only folders": (2, disks.read_only),
    "clock moved": (2, disks.clock),
    "cache file cut short": (2, damaging.damaged(damaging.truncated, *MIXED)),
    "cache file with bits flipped": (3, damaging.damaged(damaging.flipped, *MIXED)),
    "cache file replaced, unreadable": (3, damaging.damaged(damaging.replaced, *MIXED)),
    "FILE.db cut short": (1, damaging.given_truncated),
    "locks and drafts of others": (2, damaging.stale),
}
LARGE_FAULTS = {
    "large cache file cut short": (1, damaging.damaged(damaging.truncated, "large")),
    "large cache file with bits flipped": (1, damaging.damaged(damaging.flipped, "large")),
}


def rows(world: World, rounds: int, seed: int, only: str = "") -> Iterator[Row]:
    """Yield a row for each kind of fault, of *rounds* rounds together, each kind once at least."""
    kinds = {**FAULTS, **(LARGE_FAULTS if "large" in world.folders else {})}
    chosen = {name: each for name, each in kinds.items() if only in name}
    often = sum(weight for weight, _fault in chosen.values())
    for name, (weight, fault) in chosen.items():
        count = max(1, round(rounds * weight / often))
        done = [_round(world, name, fault, f"{seed} {name} {n}") for n in range(count)]
        struck, right, left = map(sum, zip(*done, strict=True))
        yield Row(
            name,
            f"rounds: {count}, met: {struck}, right: {right}, left behind: {left}",
            f"{count} right, 0 left",
            (right, left) == (count, 0),
        )


def _round(
    world: World, name: str, fault: Callable[[Round], None], seed: str
) -> tuple[bool, bool, int]:
    each = Round(world, Random(seed), "round")
    fault(each)
    if not each.wrong:
        each.ask("shipped")
    each.look(*(made.name for made in each.out.iterdir() if not made.name.startswith(".")))
    for said in (*each.wrong, *each.left):
        print(f"{seed}: {said}", file=sys.stderr)
    each.end()
    return each.struck, not each.wrong, len(each.left)


def plans(folder: Path, count: int, each: int) -> Path:
    """Write *count* plans of *each* tasks into *folder*."""
    from benchmarks import corpus

    folder.mkdir()
    maker, chance = corpus.Maker(corpus.SEED), random.Random(corpus.SEED)
    for n in range(count):
        text = "".join(maker.plan(f"plan-{n:06}", each, chance))
        (folder / f"{n:06}.yaml").write_text(text, "utf-8")
    return folder


def copies(folder: Path, count: int) -> Path:
    """Write the shipped plan *count* times into *folder*, each with an id of its own."""
    folder.mkdir()
    text = files.DEFAULT_PLAN.read_text("utf-8")
    for n in range(count):
        (folder / f"{n}.yaml").write_text(text.replace("id: anhui", f"id: p{n}-anhui", 1), "utf-8")
    return folder


def main(argv: list[str]) -> int:
    read = argparse.ArgumentParser()
    read.add_argument("--rounds", type=int, default=300)
    read.add_argument("--seed", type=int, default=7)
    read.add_argument("--only", default="")
    asked = read.parse_args(argv)
    for number in (SIGINT, SIGHUP):  # a shell may have all it starts ignore them
        signal.signal(number, signal.SIG_DFL)
    with tempfile.TemporaryDirectory(prefix="faults-") as temporary:
        root = Path(temporary)
        folders = {"many": plans(root / "many", PLANS, TASKS)}
        if not asked.only or "large" in asked.only:
            folders["large"] = plans(root / "large", LARGE // 150, 150)
        world = World(root, folders)
        if "large" in folders:
            (file,) = world.warm("large").glob("*.db")
            assert file.stat().st_size > cache.MAX_CHECKSUM_SIZE
        start = time.monotonic()
        missed = table.printed(_all(world, asked))
        print(f"\n{time.monotonic() - start:.0f} s")
        return missed


def _all(world: World, asked: argparse.Namespace) -> Iterator[Row]:
    yield from rows(world, asked.rounds, asked.seed, asked.only)
    if asked.only in CROWD:
        yield crowd.cold_starts(world, 64)
        yield from crowd.readers(world, 6, 20)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
