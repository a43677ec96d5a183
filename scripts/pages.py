"""Replay the sessions of README and docs; ``python -m scripts.pages [PAGE...]`` updates the pages.

Steps of a page, from its first line to its last, in one empty folder:

- ``console`` block: run each ``$ command``; its output stands below it;
- ``sh`` block: run each line, which must succeed, unless ``NOT_RUN`` says why not;
- block with a file name (``text plan.txt``): write that file; ``diff`` with a name: change it;
- ``sql`` block with a table: its rows come from the database of the shipped plan;
- ``<!-- filled in: BOOK.xlsx -->`` with a table: fill the table's cells into the sheet.

A Chinese page has the steps of its English twin, which runs the ``sh`` blocks for both.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

from plancli.cli.main import main
from plancli.database import cache

TOP = Path(__file__).parents[1]
PAGES = sorted(
    str(page.relative_to(TOP))
    for pattern in ("README*.md", "CONTRIBUTING.md", "docs/*.md")
    for page in TOP.glob(pattern)
)
STEP = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^```$(?P<rows>\n\n(?:\|[^\n]*\n)+)?"
    r"|^<!-- filled in: (?P<book>\S+) -->\n\n(?P<table>(?:\|[^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)
COMMAND = re.compile(r"^\$ ((?:[^\n]*\\\n)*[^\n]*\n)", re.MULTILINE)
SHELL = (
    f'python() {{ {shlex.quote(sys.executable)} "$@"; }}\nplancli() {{ python -m plancli "$@"; }}\n'
)
NOT_RUN = {  # beginning of a line: why it is not run
    "pip install": "changes the environment; .ci/run installs",
    "pip wheel": "needs the network",
    "cd ": "the page's folder is the empty one already",
    "plancli serve": "runs until it is stopped; tests/site/test_serve.py",
}
_WORD = "tests/documents/12-pingjiang-autonum.docx"
_TEXT = "docs/example/yunxi-2024.txt"
FILES = {  # page: file in its folder -> file of the checkout
    "README.md": {"docs/example": "docs/example", "原文/a.txt": _TEXT, "2023/b.docx": _WORD},
    "docs/import.md": {
        "原文/a.txt": _TEXT,
        "a.docx": _WORD,
        "b.pdf": "tests/documents/14-luzhou-renju.pdf",
        "2023/c.html": "tests/documents/03-zhejiang-shuzijingji.html",
    },
    "docs/extending.md": {
        name: name for name in ("plancli", "data", "tests", "scripts", "docs", "pyproject.toml")
    },
}


def is_chinese(page: str) -> bool:
    return ".zh-CN" in page


def find_twin(page: str) -> str:
    return page.replace(".zh-CN", "")


def read_page(page: str) -> str:
    return (TOP / page).read_text("utf-8")


def replay_page(page: str, folder: Path) -> str:
    """Return *page* with the output that its commands print now, in *folder*."""
    for name, origin in FILES.get(find_twin(page), {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (TOP / origin).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(TOP / origin, folder / name, ignore=ignore)
        else:
            shutil.copy(TOP / origin, folder / name)
    chinese = is_chinese(page)
    os.environ |= {"PLANCLI_LANG": "zh" if chinese else "en", "LC_ALL": "C.UTF-8"}
    return STEP.sub(lambda step: _run_step(step, run_sh=not chinese), read_page(page))


def _run_step(step: re.Match[str], *, run_sh: bool) -> str:
    kind, body = step["kind"], step["body"]
    if step["book"]:
        fill_workbook(Path(step["book"]), parse_table(step["table"]))
    elif step["file"] and kind == "diff":
        apply_diff(Path(step["file"]), body)
    elif step["file"]:
        Path(step["file"]).parent.mkdir(parents=True, exist_ok=True)
        Path(step["file"]).write_text(body, "utf-8")
    elif kind == "console":
        shown = "".join(f"$ {each}{run_command(each)[1]}" for each in COMMAND.findall(body))
        return f"```console\n{shown}```{step['rows'] or ''}"
    elif kind == "sql" and step["rows"]:
        return f"```sql\n{body}```\n\n{query_plan(body)}"
    elif kind == "sh" and run_sh:
        for line in body.splitlines():
            if line and not line.startswith(("#", *NOT_RUN)):
                code, output = run_command(line)
                assert code == 0, f"{line}: {output}"
    return step[0]


def apply_diff(file: Path, lines: str) -> None:
    """Change *file*; lines that only add go to its end."""
    signed = [(line[:1], line[1:] + "\n") for line in lines.splitlines()]
    old = "".join(line for sign, line in signed if sign != "+")
    new = "".join(line for sign, line in signed if sign != "-")
    text = file.read_text("utf-8")
    assert not old or text.count(old) == 1, f"{file} has not once:\n{old}"
    file.write_text(text.replace(old, new) if old else text + new, "utf-8")


def parse_table(lines: str) -> list[list[str]]:
    """Return the cells of a table, its heading first."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines.splitlines()]
    return [rows[0], *rows[2:]]


def query_plan(query: str) -> str:
    """Return the rows of *query* to the shipped plan's database, as a table."""
    with closing(cache.open_plans((), note=str)) as db:
        answer = db.execute(query)
        names = [column[0] for column in answer.description]
        rows = [names, ["---"] * len(names), *answer]
    cells = (["" if cell is None else str(cell) for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def run_command(command: str) -> tuple[int, str]:
    """Return the exit code of *command*, and what a terminal shows of it."""
    first, _, rest = command.partition(" | ")
    words = shlex.split(first, comments=True)
    if words[0] == "export":
        os.environ.update([words[1].replace("$PWD", os.getcwd()).split("=", 1)])
        return 0, ""
    if words[0] != "plancli" or Path("plancli").is_dir():  # a program, or a copy of plancli
        done = subprocess.run(["bash", "-c", SHELL + command], stdout=-1, stderr=-2, check=False)
        return done.returncode, done.stdout.decode()
    words, target = (words[:-2], words[-1]) if ">" in words else (words, "")
    written: list[tuple[int, bytes]] = []  # (1 or 2, as file descriptors; data)
    with redirect_stdout(_open_stream(1, written)), redirect_stderr(_open_stream(2, written)):
        code = int(main(words[1:]))
    output = b"".join(data for stream, data in written if stream == 1)
    start = next((n for n, (stream, _data) in enumerate(written) if stream == 1), len(written))
    before, after = (
        b"".join(data for stream, data in part if stream == 2)
        for part in (written[:start], written[start:])
    )
    if target:
        Path(target).write_bytes(output)
        output = b""
    if rest:
        output = subprocess.run(["bash", "-c", rest], input=output, stdout=-1, check=True).stdout
    lines = (before + output + after).decode().splitlines()
    return code, "".join(f"{line.rstrip()}\n" for line in lines)


class _Recorder(io.RawIOBase):
    def __init__(self, stream: int, written: list[tuple[int, bytes]]) -> None:
        self._stream, self._written = stream, written

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written.append((self._stream, bytes(data)))
        return len(data)


def _open_stream(stream: int, written: list[tuple[int, bytes]]) -> io.TextIOWrapper:
    return io.TextIOWrapper(_Recorder(stream, written), "utf-8", write_through=True)


def fill_workbook(book: Path, rows: list[list[str]]) -> None:
    """Fill *rows*, headings first, into the rows of *book* that have their 序号."""
    import openpyxl

    from tests.sheets import sheet_of

    opened = openpyxl.load_workbook(book)
    sheet, top, columns = sheet_of(opened)
    places = {str(sheet.cell(n, columns["序号"]).value): n for n in range(top, sheet.max_row + 1)}
    for row in rows[1:]:
        for name, value in zip(rows[0], row, strict=True):
            sheet.cell(places[row[rows[0].index("序号")]], columns[name]).value = value
    opened.save(book)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    for page in sys.argv[1:] or PAGES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            os.environ.pop("PLANCLI_PLAN", None)
            replayed = replay_page(page, Path(folder))
            os.chdir(TOP)
        if replayed != read_page(page):
            (TOP / page).write_text(replayed, "utf-8")
            print(page)
