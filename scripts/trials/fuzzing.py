"""One target under atheris, in a process of its own: ``fuzzing TARGET FOLDER SECONDS``."""

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

from scripts.trials import inputs
from scripts.trials.fuzz import LONGEST, MEMORY, PATIENCE

WATCHED = {
    "docx": ["docx"],
    "xlsx": ["openpyxl"],
    "returned": ["openpyxl"],
    "pdf": ["pdfplumber", "pdfminer"],
    "md": ["markdown_it"],
}  # target -> whose ways are learnt, beside ours
MODULES = (
    "docx openpyxl openpyxl.reader.excel pdfplumber markdown_it yaml lxml.html"
    " plancli.importing.readers.docx plancli.importing.readers.spreadsheet plancli.importing.readers.pdf plancli.importing.readers.html"
    " plancli.importing.readers.pdf_process plancli.importing.readers.markdown tests.hostile"
).split()


def main(target: str, folder: Path, seconds: str) -> None:
    """Try inputs until time is up; what breaks the law is kept, once for each place."""
    with atheris.instrument_imports(include=["plancli", *WATCHED.get(target, [])]):
        for module in MODULES:
            __import__(module)
    from tests import hostile

    law = hostile.LAWS[target]
    seen: set[str] = set()

    def one(data: bytes) -> None:
        try:
            law(data)
        except Exception as error:
            keep(error, data, folder / "found", seen)

    argv = [
        sys.argv[0],
        *(str(folder / name) for name in ("corpus", "seeds")),
        f"-max_total_time={seconds}",
        f"-timeout={PATIENCE}",
        f"-report_slow_units={PATIENCE}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={inputs.longest(target) or LONGEST}",
        f"-artifact_prefix={folder / 'found'}/",
        f"-dict={folder / 'words.dict'}",
        "-print_final_stats=1",
        "-reload=0",
    ]
    packed = {"custom_mutator": inputs.repacked} if target in inputs.PACKED else {}
    atheris.Setup(argv, one, **packed)
    atheris.Fuzz()


def keep(error: Exception, data: bytes, folder: Path, seen: set[str]) -> None:
    """Keep *data*, the first that broke a law just there."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if "/plancli/" in each.filename] or frames
    deepest = ours[-1]
    place = f"{type(error).__name__} {Path(deepest.filename).name}:{deepest.name}:{deepest.lineno}"
    if isinstance(error, RecursionError):
        place = f"RecursionError {Path(deepest.filename).name}"
    if place in seen:
        return
    seen.add(place)
    name = hashlib.sha256(place.encode()).hexdigest()[:10]
    (folder / name).write_bytes(data)
    (folder / f"{name}.txt").write_text(f"{place}\n{''.join(traceback.format_exception(error))}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
