"""What a round of faults happens in: plans, folders of its own, processes, and what is right."""

import os
import random
import re
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from plancli.system import files

ASKED = {  # plans: what is asked of them
    "shipped": (("agency", "省能源局"), ("region", "皖北"), ("list",)),
    "many": (("agency", "省能源局"), ("region", "合肥"), ("list", "--limit", "40")),
    "large": (("region", "芜湖", "--limit", "40"), ("list", "--limit", "40")),
}
SMALL = Path(__file__).parents[2] / "tests" / "small.yaml"
DOCUMENTS = 60  # more than one process would read alone
DOCUMENT = "某县{n}年工作要点\n1、推进甲事{n}。（县教育局负责）\n2、推进乙事{n}。（县财政局牵头）\n"
WAIT = 300  # seconds; for a process, on a busy machine
NAME = re.compile(r".+-[0-9a-f]{20}-([0-9a-f]+)-[0-9a-f]+-([0-9a-f]{8})\.db")


class Said(NamedTuple):
    """What a process said."""

    code: int
    out: bytes
    err: str


@dataclass
class World:
    """Plans, documents, and the answers that are right, from a cache that nothing befalls."""

    root: Path
    folders: dict[str, Path]  # of plans: many, which take several processes; perhaps large ones
    right: dict[tuple[str, tuple[str, ...]], bytes] = field(default_factory=dict)
    made: dict[tuple[str, ...], dict[str, bytes]] = field(default_factory=dict)
    takes: dict[tuple[str, ...], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root.chmod(0o755)  # another user reads it, too
        (self.root / "documents").mkdir()
        for n in range(2000, 2000 + DOCUMENTS):
            (self.root / "documents" / f"{n}.txt").write_text(DOCUMENT.format(n=n), "utf-8")
        shutil.copy(SMALL, self.root / "small.yaml")
        for plans in ("shipped", *self.folders):
            for question in ASKED[plans]:
                cold = Round(self, random.Random(0), f"right-{plans}")
                start = time.monotonic()
                self.right[plans, question] = cold.run(*self.argv(plans, question)).out
                assert self.right[plans, question], (plans, question)
                self.takes.setdefault((plans,), time.monotonic() - start)

    def argv(self, plans: str, question: Sequence[str]) -> list[str]:
        return [*question, "-f", "json", "-p", str(self.plans(plans))]

    def plans(self, which: str) -> Path:
        return self.folders.get(which, files.DEFAULT_PLAN)

    def warm(self, plans: str) -> Path:
        """Return the cache that answers come from at once; nobody writes there."""
        return self.root / f"right-{plans}" / "cache"


class Round:
    """A cache, a folder to write to and one for temporary files; processes started in them."""

    def __init__(self, world: World, chance: random.Random, name: str) -> None:
        self.world, self.chance = world, chance
        self.folder = world.root / name
        self.cache, self.out, self.tmp = (self.folder / each for each in ("cache", "out", "tmp"))
        for each in (self.cache, self.out, self.tmp):
            each.mkdir(parents=True, exist_ok=True)
        self.wrong: list[str] = []
        self.left: list[str] = []
        self.struck = False  # the fault met a process at work, or a file in use
        self.env: dict[str, str] = {}
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *argv: str, before: Sequence[str] = (), **more: object) -> subprocess.Popen:
        env = {**os.environ, "PLANCLI_CACHE": str(self.cache), "TMPDIR": str(self.tmp)}
        env |= {"PLANCLI_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1", **self.env}
        env.pop("PLANCLI_PLAN", None)
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": env, **more}
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "plancli", *argv], start_new_session=True, **how
        )
        self._started.append(process)
        return process

    def finish(self, process: subprocess.Popen) -> Said:
        out, err = process.communicate(timeout=WAIT)
        said = Said(process.returncode, out, err.decode())
        if "Traceback" in said.err or "Exception ignored" in said.err:
            self.wrong.append(said.err)
        return said

    def run(self, *argv: str, **more: object) -> Said:
        return self.finish(self.start(*argv, **more))

    def ask(self, plans: str, **more: object) -> Said:
        """Ask something of *plans*; the answer must be right."""
        question = self.chance.choice(ASKED[plans])
        said = self.run(*self.world.argv(plans, question), **more)
        if (said.code, said.out) != (0, self.world.right[plans, question]):
            self.wrong.append(f"{question} of {plans}: {said.code} {said.err}{said.out[:200]!r}")
        return said

    def must(self, held: bool, what: object) -> None:
        if not held:
            self.wrong.append(str(what))

    def warmed(self, plans: str) -> Path:
        """Fill the cache; return the one database in it."""
        shutil.copytree(self.world.warm(plans), self.cache, dirs_exist_ok=True)
        (file,) = self.cache.glob("*.db")
        return file

    def look(self, *written: str) -> None:
        """Note what lies about beside what was *written*, and who is still there."""
        for process in self._started:
            if not _gone(process.pid):
                self.left.append(f"process {process.args}")
        self.left += [str(each) for each in self.tmp.iterdir()]
        self.left += [str(each) for each in self.out.iterdir() if each.name not in written]
        self.left += [str(each) for each in self.cache.iterdir() if not _whole(each)]
        built = [each.name.split("-")[0] for each in self.cache.glob("*.db")]
        self.must(len(built) == len(set(built)), f"twice: {built}")

    def end(self) -> None:
        shutil.rmtree(self.folder)


def _gone(group: int) -> bool:
    """Whether every process of *group* ends, within a few seconds."""
    for _wait in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _whole(file: Path) -> bool:
    """Whether *file* is a database of the cache, with the size and the checksum of its name."""
    named = NAME.fullmatch(file.name)
    if not named or not file.is_file():
        return False
    raw = file.read_bytes()
    return (len(raw), zlib.crc32(raw)) == (int(named[1], 16), int(named[2], 16))
