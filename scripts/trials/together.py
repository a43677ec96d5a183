"""Several writers at once, and folders of others: nothing of anybody's is lost.

    python -m scripts.trials.together [--share 1.0] [--only KIND]

A round is processes in a folder of their own; afterwards everything of all of them is there.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl

from scripts.trials import table
from scripts.trials.table import Row
from tests.sheets import FILL, ID, sheet_of

AGENCIES = "省能源局 省体育局 省卫生健康委 省农业农村厅 省教育厅 省林业局 省商务厅 省医保局".split()
EDIT = ("说：", "说（手工更正）：")  # what a person changes in a progress file, and into what
UNSHARE = ("unshare", "--pid", "--fork", "--mount-proc")
TITLE = "某县2024年工作要点\n"
FOREIGN = {  # names in a cache that is a person's own folder, and what the files hold
    "contacts.db": b"mine", "package.lock": b"mine", "chapter1.draft": b"mine",
    "plan-0123456789abcdef0123-1f-2f-0123abcd.db": b"mine",
    "plan-0123456789abcdef0123.lock": b"mine", ".a.0123456789abcdef.plancli": b"mine",
    ".a.0123456789abcdef.plancli.lock": b"mine", "project.db/inner": b"mine",
}  # fmt: skip


class World:
    """Filled sheets, which are made once, and processes with a cache of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        sent = root / "sent"
        self.run("pack", str(sent), *(word for name in AGENCIES for word in ("-a", name)))
        self.sheets = sorted(file for file in sent.glob("*.xlsx") if file.stem in AGENCIES)
        assert len(self.sheets) == len(AGENCIES)
        self.rows = {file.stem: _fill(file) for file in self.sheets}

    def start(self, *argv: str, before: Sequence[str] = (), **more: str) -> subprocess.Popen[str]:
        env = {**os.environ, "PLANCLI_CACHE": str(self.cache), "PLANCLI_LANG": "en", **more}
        return subprocess.Popen(
            [*before, sys.executable, "-m", "plancli", *argv], env=env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *argv: str, **more: str) -> None:
        finish(self.start(*argv, **more))

    def came_back(self, folder: Path, names: Sequence[str]) -> int:
        """Put the sheets of *names* into *folder*; return how many rows they have."""
        folder.mkdir()
        for name in names:
            shutil.copy(self.root / "sent" / f"{name}.xlsx", folder)
        return sum(self.rows[name] for name in names)


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (process.args, out, err)
    return err


def _fill(file: Path) -> int:
    """Report something of each task in the sheet *file*; return how many there are."""
    book = openpyxl.load_workbook(file)
    sheet, top, at = sheet_of(book)
    rows = [row for row in range(top + 1, sheet.max_row + 1) if sheet.cell(row, at[ID]).value]
    for row in rows:
        sheet.cell(row, at[FILL["progress"]]).value = f"{file.stem}说：{row}"
    book.save(file)
    return len(rows)


def two_collects(world: World, folder: Path) -> bool:
    """Two people collect into one progress file at the same time."""
    halves = AGENCIES[::2], AGENCIES[1::2]
    kept = folder / "进展.yaml"
    wanted = sum(world.came_back(folder / f"back{n}", names) for n, names in enumerate(halves))
    running = [world.start("collect", str(folder / f"back{n}"), "-o", str(kept)) for n in (0, 1)]
    for each in running:
        finish(each)
    return _reports(kept) == wanted


def edit_by_hand(world: World, folder: Path) -> bool:
    """A report is mended by hand while other sheets are collected into its file."""
    kept = folder / "进展.yaml"
    wanted = world.came_back(folder / "first", AGENCIES[:1])
    world.run("collect", str(folder / "first"), "-o", str(kept))
    wanted += world.came_back(folder / "second", AGENCIES[1:])
    collecting = world.start("collect", str(folder / "second"), "-o", str(kept))
    time.sleep(0.1 + 0.05 * (len(folder.name) % 7))
    mended = kept.read_text("utf-8").replace(*EDIT, 1)
    kept.write_text(mended, "utf-8")
    finish(collecting)
    return _reports(kept) == wanted and kept.read_text("utf-8").count(EDIT[1]) == 1


def foreign_cache(world: World, folder: Path) -> bool:
    """The cache is a folder in which a person keeps old files of his own."""
    for name, words in FOREIGN.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(words)
    for each in folder.rglob("*"):
        os.utime(each, (0, 0))
    world.run("stats", PLANCLI_CACHE=str(folder))
    world.run("agency", "省能源局", PLANCLI_CACHE=str(folder))
    return all((folder / name).read_bytes() == words for name, words in FOREIGN.items())


def other_namespace(world: World, folder: Path) -> bool:
    """Sheets are packed while a process that cannot see their writer writes beside them."""
    packing = world.start("pack", str(folder / "sheets"), "--docx")
    others = 0
    while packing.poll() is None:
        finish(world.start("export", "-o", str(folder / f"{others}.csv"), before=UNSHARE))
        others += 1
    said = finish(packing)
    wanted = 2 * sum(map(int, re.findall(r": (\d+)", said))) + 1
    found = sum(file.is_file() for file in (folder / "sheets").rglob("*"))
    hidden = [name for name in os.listdir(folder) if name.startswith(".")]
    return found == wanted and not hidden and others > 0


def two_imports(world: World, folder: Path) -> bool:
    """Two people import documents of one title into one folder at the same time."""
    for name in "ab":
        (folder / name).mkdir()
        for n in range(5):
            text = f"{TITLE}1、推进{name}{n}事。（县教育局负责）\n"
            (folder / name / f"{name}{n}.txt").write_text(text, "utf-8")
    out = str(folder / "plans")
    for each in [world.start("import", str(folder / name), "-o", out) for name in "ab"]:
        finish(each)
    listed = world.start("plans", "-p", out, "-f", "csv")
    rows = listed.communicate(timeout=300)[0].splitlines()
    return listed.returncode == 0 and len(rows) == 11


def _reports(kept: Path) -> int:
    return kept.read_text("utf-8").count("\n- id:")


KINDS: dict[str, tuple[int, Callable[[World, Path], bool]]] = {
    "two `collect` into one progress file": (50, two_collects),
    "a progress file edited by hand during `collect`": (50, edit_by_hand),
    "a cache folder with files of others": (50, foreign_cache),
    "a writer seen from another process namespace": (30, other_namespace),
    "two `import` into one folder": (20, two_imports),
}


def rows(world: World, share: float = 1.0, only: str = "") -> Iterator[Row]:
    """Yield a row for each kind, of its rounds times *share*, but one at least."""
    for name, (often, kind) in KINDS.items():
        if only not in name:
            continue
        if kind is other_namespace and subprocess.run([*UNSHARE, "true"]).returncode:
            yield Row(name, "no namespaces may be made here", f"{often} of {often}", None)
            continue
        count = max(1, round(often * share))
        right = 0
        for n in range(count):
            folder = world.root / f"{kind.__name__}-{'x' * n}"
            folder.mkdir()
            right += kind(world, folder)
            shutil.rmtree(folder)
        yield Row(name, f"{right} of {count} with everything of everybody's", "all", right == count)


def main(argv: list[str]) -> int:
    read = argparse.ArgumentParser()
    read.add_argument("--share", type=float, default=1.0)
    read.add_argument("--only", default="")
    asked = read.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="together-") as folder:
        return table.printed(rows(World(Path(folder)), asked.share, asked.only))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
