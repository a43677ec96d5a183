"""What any bytes do: every law of ``tests.hostile`` under atheris, which seeks new ways through.

    python -m scripts.trials.fuzz [TARGET]... [--seconds N] [--into FOLDER]

FOLDER keeps what was tried and, in ``TARGET/found``, each finding with its traceback.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from scripts.trials.table import Row, printed

HOUR = 3600
PATIENCE = 60  # seconds for one input, instrumented, beside whatever else runs
MEMORY = 2048  # MB
LONGEST = 20_000  # bytes of an input
FRUITLESS = 5  # starts that end at once


def main(argv: list[str]) -> int:
    """Try what *argv* names; return how many targets broke their law or missed the hour."""
    from tests.hostile import LAWS

    parser = argparse.ArgumentParser(prog="python -m scripts.trials.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(LAWS))
    parser.add_argument("--seconds", type=int, default=HOUR, help="for each; an hour unless told")
    parser.add_argument("--into", type=Path, help="a folder that keeps what was tried")
    asked = parser.parse_args(argv)
    if not find_spec("atheris"):
        print("atheris is not installed (only for Linux): pip install 'plancli[trials]'")
        return 1
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.into or Path(passing)
        targets = asked.targets or list(LAWS)
        return printed(tried(target, asked.seconds, folder / target) for target in targets)


def tried(target: str, seconds: int, folder: Path) -> Row:
    """Run *target* for *seconds*, anew after an input that takes the process down."""
    from scripts.trials import inputs

    for name in ("corpus", "found", "seeds"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    inputs.write(target, folder)
    count, spent, fruitless = 0, 0.0, 0
    while spent < seconds and fruitless < FRUITLESS:
        began = time.monotonic()
        log = folder / "log.txt"
        with log.open("wb") as said:
            argv = [sys.executable, "-m", __spec__.name.replace("fuzz", "fuzzing"), target, folder]
            left = str(max(1, round(seconds - spent)))
            subprocess.run([*argv, left], stdout=said, stderr=said, check=False)
        text = log.read_text("utf-8", "replace")
        done = re.search(r"^Done \d+ runs in (\d+) second", text, re.MULTILINE)
        ran = int(done[1]) if done else time.monotonic() - began
        spent += ran
        fruitless = fruitless + 1 if ran < 10 else 0
        units = re.findall(r"number_of_executed_units:\s*(\d+)", text)
        count += int(units[-1]) if units else 0
    found = [each for each in (folder / "found").iterdir() if each.suffix != ".txt"]
    said = f"{spent:.0f} s, {count:,} inputs, {len(found)} findings"
    return Row(target, said, "3,600 s, 0 findings", not found and spent >= HOUR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
