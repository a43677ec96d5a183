"""Every command with a question of its own, and a folder in which it can be asked."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple

import typer

from plancli.cli.app import EXAMPLES
from plancli.cli.main import build_program
from plancli.system import files

TOP = Path(__file__).parents[3]
PLANCLI = (sys.executable, "-m", "plancli")
PATIENCE = 120  # seconds
MORE = (  # what the examples leave out: long answers, findings, errors, many at once
    "list", "agency", "region", "section", "matrix", "network", "targets --all", "lint", "stats",
    "agency 合肥市 --possible", "diff 2021.yaml 2022.yaml", "check 2021.yaml", "verify 2021.yaml",
    "progress 进展.yaml", "progress 进展.yaml --by task", "agency 省能原局", "task 99", "nonsense",
    "import 工作要点.txt 又一份.txt -o 成批 --report 成批.html", "list -o 任务.xlsx",
    "list -o 任务.html", "list -o 任务.txt", "export -o 成列", "export -f ndjson", "list -f yaml",
)  # fmt: skip
SAID = (b"Traceback", b"Exception ignored", b"Fatal Python error")


class Question(NamedTuple):
    """What is typed behind ``plancli``, whether it goes on until it is stopped, what it makes."""

    argv: tuple[str, ...]
    lasts: bool = False
    makes: str = ""

    @property
    def for_machines(self) -> bool:
        """Whether programs read the answer: UTF-8 then, whatever the console."""
        return "-f" in self.argv or self.argv[:1] == ("export",)

    def __str__(self) -> str:
        return shlex.join(("plancli", *self.argv))


class Done(NamedTuple):
    """What came of a process, with the files that its folder then holds."""

    code: int
    out: bytes
    err: bytes
    files: dict[str, bytes]

    @property
    def traced(self) -> bool:
        return any(said in self.out + self.err for said in SAID)


def questions() -> list[Question]:
    """Return a question for every command that there is, and one more in JSON where it has that."""
    found = [Question(()), Question(("--help",)), Question(("--version",))]
    found += [Question(tuple(shlex.split(said)[1:])) for said, _why in EXAMPLES]
    commands = typer.main.get_command(build_program([])).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        words = shlex.split(command.epilog or "")
        argv = tuple(words[1:]) if words[:1] == ["plancli"] else (name,)
        if name == "serve":
            argv = ("serve", "--port", "0")
        found.append(Question(argv, name == "serve", "反馈表" if name == "pack" else ""))
        if any(param.name == "format" for param in command.params):
            found.append(Question((*_without_output(argv), "-f", "json")))
            found.append(Question(_without_output(argv)))
    found += [Question(tuple(shlex.split(said))) for said in MORE]
    return list(dict.fromkeys(found))


def _without_output(argv: Sequence[str]) -> tuple[str, ...]:
    kept = [word for word in argv if word != "--csv"]
    if argv[0] != "collect" and "-o" in kept:  # what collect writes is no answer
        at = kept.index("-o")
        del kept[at : at + 2]
    if "-f" in kept:
        at = kept.index("-f")
        del kept[at : at + 2]
    return tuple(kept)


class World:
    """A folder with all that the questions speak of; each is asked in a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.plain = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(TOP),
            "PLANCLI_LANG": "en",
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
        }

    @cached_property
    def before(self) -> Path:
        there = self.folder / "before"
        there.mkdir()
        article = (files.DATA_DIR / "sources" / "anhui-yrd-2022.txt").read_text("utf-8")
        (there / "工作要点.txt").write_text(article, "utf-8")
        self._must("import", "工作要点.txt", "-o", "计划.yaml")
        (there / "又一份.txt").write_text(article.replace("2022年", "2023年"), "utf-8")
        (there / "plans").mkdir()
        for name in ("2022.yaml", "plans/one.yaml"):
            shutil.copy(there / "计划.yaml", there / name)
        earlier = (there / "计划.yaml").read_text("utf-8").replace("积极推动", "大力推动")
        (there / "2021.yaml").write_text(earlier, "utf-8")
        self._must("pack", "反馈表", "-s", "2.6")
        self._must("collect", "反馈表", "-s", "2.6", "-o", "进展.yaml")
        return there

    def _must(self, *argv: str) -> None:
        done = subprocess.run(
            [*PLANCLI, *argv], cwd=self.folder / "before", env=self.plain, capture_output=True
        )
        assert done.returncode in (0, 4), done.stderr.decode()

    def copy(self, question: Question) -> Path:
        """Return a folder in which *question* can be asked, and nothing else was."""
        there = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.before, there, dirs_exist_ok=True)
        if question.makes:
            shutil.rmtree(there / question.makes)
        for each in (there, *there.rglob("*")):  # whoever asks
            each.chmod(0o777 if each.is_dir() else 0o666)
        return there

    def ask(
        self,
        question: Question,
        env: Mapping[str, str | None] | None = None,
        *,
        out: int | IO[bytes] = subprocess.PIPE,
        err: int | IO[bytes] = subprocess.PIPE,
        before: Sequence[str] = (),
        names: str = "utf-8",
    ) -> Done:
        """Ask *question*; *before* stands before the command, a variable that is None is not set.

        What goes on until it is stopped is stopped when it has said where it is.  What is typed,
        and the files, are named in the encoding *names*.
        """
        there = self.copy(question)
        _rename(there, names)
        process = subprocess.Popen(
            [*before, *PLANCLI, *(word.encode(names) for word in question.argv)],
            cwd=there,
            env=self.env(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        said = stop(process) if question.lasts else b""
        told, failed = process.communicate(timeout=PATIENCE)
        found = Done(process.returncode, told or b"", said + (failed or b""), held(there, names))
        shutil.rmtree(there)
        return found

    def env(self, other: Mapping[str, str | None] | None) -> dict[str, str]:
        merged = {**self.plain, **(other or {})}
        return {name: value for name, value in merged.items() if value is not None}


def stop(process: subprocess.Popen[bytes]) -> bytes:
    """Interrupt what lasts, when it has said where it is, and return that."""
    said = b""
    while b"http" not in said and process.stderr and (line := process.stderr.readline()):
        said += line
    if not said:  # it cannot say
        time.sleep(4)
    process.send_signal(signal.SIGINT)
    return re.sub(rb":\d+/", b":PORT/", said)


def _rename(folder: Path, names: str) -> None:
    """Give all in *folder* names in another encoding, what lies deepest first."""
    for file in sorted(folder.rglob("*"), reverse=True) if names != "utf-8" else ():
        os.rename(file, bytes(file.parent) + b"/" + file.name.encode(names))


def held(folder: Path, names: str = "utf-8") -> dict[str, bytes]:
    """Return every file in *folder* with its bytes, and every folder that is empty."""
    found = [file for file in folder.rglob("*") if file.is_file() or not any(file.iterdir())]
    called = [os.fsencode(file.relative_to(folder)).decode(names) for file in found]
    return {
        name: file.read_bytes() if file.is_file() else b""
        for name, file in sorted(zip(called, found, strict=True))
    }
