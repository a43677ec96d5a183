"""What people see, held in the files of ``tests/shown``; ``pytest --write-shown`` writes them anew.

A file has the name of its test; in it, each text stands below a line ``=== NAME``.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "shown"
HEAD = "=== "


def without_spacing(text: str) -> str:
    """Return *text* without what releases of Rich decide: how wide gaps and how long rules are."""
    lines = (re.sub(" {2,}", "  ", line.strip()) for line in text.splitlines())
    return re.sub("─{2,}", "─", "\n".join(lines))


def read_texts(test: str) -> dict[str, str]:
    """Return name -> text of the test that is called *test*."""
    file = FOLDER / f"{test}.txt"
    if not file.exists():
        return {}
    parts = re.split(rf"^{HEAD}(.*)\n", file.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def write_text(test: str, name: str, text: str) -> None:
    """Put *text* below its *name*, and leave the others as they are."""
    texts = read_texts(test) | {name: text}
    FOLDER.mkdir(exist_ok=True)
    whole = "".join(f"{HEAD}{each}\n{said}" for each, said in texts.items())
    (FOLDER / f"{test}.txt").write_text(whole, "utf-8", newline="\n")
