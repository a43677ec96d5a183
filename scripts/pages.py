"""The pages' sessions, played again in an empty folder.

``python -m scripts.pages [PAGE...]`` writes into the pages what the program prints now; the tests
hold that nothing would change.  What a page does, step by step, from its first line to its last:

- a ``console`` block: each ``$ command`` is run, what it prints stands below it;
- a ``sh`` block: each line is run and must succeed, unless ``UNRUN`` says why not;
- a block of any language with a name behind it (``text plan.txt``) is written as that file;
- a ``diff`` block with a name behind it: that file is changed so, at its end if nothing is met;
- a ``sql`` block with a table behind it: its rows are what the shipped plan's database gives;
- ``<!-- filled in: BOOK.xlsx -->`` and a table: its cells are filled into that sheet's rows.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from plancli.cli.main import main
from plancli.database import cache

TOP = Path(__file__).parent.parent
PAGES = sorted(
    str(page.relative_to(TOP)) for page in (*TOP.glob("README*.md"), *TOP.glob("docs/*.md"))
)
STEP = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^```$(?P<rows>\n\n(?:\|[^\n]*\n)+)?"
    r"|^<!-- filled in: (?P<book>\S+) -->\n\n(?P<table>(?:\|[^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)
SHELL = f"""
python() {{ {shlex.quote(sys.executable)} "$@"; }}
plancli() {{ python -m plancli "$@"; }}
"""
UNRUN = {  # what a line begins with: why it is not run here
    "pip install": "changes the environment; .ci/run installs",
    "pip wheel": "needs the network",
    "cd ": "the page's folder is the empty one already",
    "plancli serve": "lasts until it is stopped; tests/site/test_serve.py",
}
STAGED = {  # page: what stands in its folder before its first line, from where
    "README.md": {"docs/example": "docs/example", "原文/a.txt": "docs/example/yunxi-2024.txt",
                  "2023/b.docx": "tests/documents/12-pingjiang-autonum.docx"},
    "docs/import.md": {"原文/a.txt": "docs/example/yunxi-2024.txt",
                       "a.docx": "tests/documents/12-pingjiang-autonum.docx",
                       "b.pdf": "tests/documents/14-luzhou-renju.pdf",
                       "2023/c.html": "tests/documents/03-zhejiang-shuzijingji.html"},
}  # fmt: skip
STAGED["README.zh-CN.md"] = STAGED["README.md"]
STAGED["docs/extending.md"] = {
    name: name for name in ("plancli", "data", "tests", "docs", "pyproject.toml")
}


def text(page: str) -> str:
    return (TOP / page).read_text("utf-8")


def stage(page: str, folder: Path) -> None:
    """Put into *folder* what *page* takes to be there."""
    for name, origin in STAGED.get(page, {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (TOP / origin).is_dir():
            left = shutil.ignore_patterns("__pycache__")
            shutil.copytree(TOP / origin, folder / name, ignore=left)
        else:
            shutil.copy(TOP / origin, folder / name)


def replayed(page: str) -> str:
    """Return *page* as it would be if what it shows were printed now, in this folder."""
    os.environ |= {"PLANCLI_LANG": "zh" if ".zh-CN" in page else "en", "LC_ALL": "C.UTF-8"}
    return STEP.sub(_played, text(page))


def _played(step: re.Match[str]) -> str:
    if step["book"]:
        fill(Path(step["book"]), table(step["table"]))
    elif step["kind"] == "diff":
        change(Path(step["file"]), step["body"])
    elif step["file"]:
        Path(step["file"]).parent.mkdir(parents=True, exist_ok=True)
        Path(step["file"]).write_text(step["body"], "utf-8")
    elif step["kind"] == "console":
        lines = step["body"].replace("\\\n", "\\\0").splitlines()
        commands = [line.replace("\0", "\n")[2:] for line in lines if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{printed(command)[1]}" for command in commands)
        return f"```console\n{shown}```{step['rows'] or ''}"
    elif step["kind"] == "sql" and step["rows"]:
        return f"```sql\n{step['body']}```\n\n{selected(step['body'])}"
    elif step["kind"] == "sh":
        for line in step["body"].splitlines():
            if not line.startswith(("#", *UNRUN)) and line:
                code, said = printed(line)
                assert code == 0, f"{line}: {said}"
    return step[0]


def change(file: Path, lines: str) -> None:
    """Change *file* as *lines* say; ones that only add stand at its end."""
    signed = [(line[:1], line[1:] + "\n") for line in lines.splitlines()]
    old = "".join(line for sign, line in signed if sign != "+")
    new = "".join(line for sign, line in signed if sign != "-")
    text = file.read_text("utf-8")
    assert not old or text.count(old) == 1, f"{file} has not once:\n{old}"
    file.write_text(text.replace(old, new) if old else text + new, "utf-8")


def table(lines: str) -> list[list[str]]:
    """Return the cells of a table, its heading first."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines.splitlines()]
    return [rows[0], *rows[2:]]


def selected(query: str) -> str:
    """Return what the shipped plan's database gives, as a table."""
    with closing(cache.open_plans((), note=str)) as db:
        asked = db.execute(query)
        names = [column[0] for column in asked.description]
        rows = [names, ["---"] * len(names), *asked]
    cells = (["" if cell is None else str(cell) for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def printed(command: str) -> tuple[int, str]:
    """Return the exit code of *command*, and what a terminal shows of it."""
    head, _, rest = command.partition(" | ")
    words = shlex.split(head, comments=True)
    if words[0] == "export":
        os.environ.update([words[1].replace("$PWD", os.getcwd()).split("=", 1)])
        return 0, ""
    if words[0] != "plancli" or Path("plancli").is_dir():  # a program, or another plancli
        done = subprocess.run(["bash", "-c", SHELL + command], stdout=-1, stderr=-2, check=False)
        return done.returncode, done.stdout.decode()
    words, target = (words[:-2], words[-1]) if ">" in words else (words, "")
    with _terminal() as (out, before, after):
        code = int(main(words[1:]))
    shown = out.getvalue()
    if target:
        Path(target).write_bytes(shown)
        shown = b""
    if rest:
        shown = subprocess.run(["bash", "-c", rest], input=shown, stdout=-1, check=True).stdout
    lines = (before.getvalue() + shown + after.getvalue()).decode().splitlines()
    return code, "".join(f"{line.rstrip()}\n" for line in lines)


class _Aside(io.RawIOBase):
    """Standard error: what was said before the first word of standard output, and after it."""

    def __init__(self, out: io.BytesIO, before: io.BytesIO, after: io.BytesIO) -> None:
        self._out, self._before, self._after = out, before, after

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return (self._after if self._out.getbuffer().nbytes else self._before).write(data)


@contextmanager
def _terminal() -> Iterator[tuple[io.BytesIO, io.BytesIO, io.BytesIO]]:
    out, before, after = io.BytesIO(), io.BytesIO(), io.BytesIO()
    kept = sys.stdout, sys.stderr
    sys.stdout = io.TextIOWrapper(out, "utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(_Aside(out, before, after), "utf-8", write_through=True)
    try:
        yield out, before, after
    finally:
        sys.stdout.detach()
        sys.stderr.detach()
        sys.stdout, sys.stderr = kept


def fill(book: Path, rows: list[list[str]]) -> None:
    """Fill *rows*, headings first, into the rows of *book* that have their 序号."""
    import openpyxl

    opened = openpyxl.load_workbook(book)
    sheet = opened.worksheets[0]
    (head,) = (row for row in sheet.iter_rows() if "序号" in {cell.value for cell in row})
    at = {str(cell.value): cell.column for cell in head}
    places = {
        str(sheet.cell(n, at["序号"]).value): n for n in range(head[0].row, sheet.max_row + 1)
    }
    names = rows[0]
    for row in rows[1:]:
        said = dict(zip(names, row, strict=True))
        for name in names:
            sheet.cell(places[said["序号"]], at[name]).value = said[name]
    opened.save(book)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    for page in sys.argv[1:] or PAGES:
        with tempfile.TemporaryDirectory() as folder:
            stage(page, Path(folder))
            os.chdir(folder)
            os.environ.pop("PLANCLI_PLAN", None)
            said = replayed(page)
            os.chdir(TOP)
            if said != text(page):
                (TOP / page).write_text(said, "utf-8")
                print(page)
