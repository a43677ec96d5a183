"""Which changes of clause, bodies, places, source and the questions no test sees.

``python -m tests.trials.mutants`` runs mutmut as pyproject.toml says (an hour; what it has found
is kept in ``mutants/``, and only what has changed is tried again), and then each that survived
alone: mutmut forks, and so does not see changes of what is worked out at import, nor who else
would have needed what one test has fetched for all.  ``statements`` changes the questions' SQL.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.trials.survivors import EXPLAINED
from tests.trials.table import Row, printed

TOP = Path(__file__).parents[2]
MADE = TOP / "mutants"
ALONE = MADE / "seen-alone.json"  # what a test saw that ran alone: the mutant, and its change
SEEN = {1, 3, 24, 36, 37, -24, 152, 255}  # how mutmut notes a test that failed, or ran on and on
TESTS = {  # of a module, those that are likely to see first
    "clause": "clause check import data",
    "bodies": "clause check import data",
    "places": "places data check import",
    "source": "source data check many",
    "query": "query rows measures search many api parquet check names compare export",
}


def found() -> dict[str, dict[str, bool]]:
    """Return module -> mutant -> whether mutmut saw no test fail."""
    return {
        str(meta.relative_to(MADE)).removesuffix(".meta"): {
            name: code not in SEEN
            for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items()
        }
        for meta in sorted((MADE / "plancli").rglob("*.meta"))
    }


def change(name: str) -> str:
    """Return the lines that the mutant *name* changes, before and after."""
    shown = subprocess.run(["mutmut", "show", name], cwd=TOP, capture_output=True, text=True).stdout
    lines = [line for line in shown.splitlines() if not re.match(r"---|\+\+\+", line)]
    old, new = ([line[1:].strip() for line in lines if line[:1] == sign] for sign in "-+")
    return f"{' '.join(old)} → {' '.join(new)}"


def survives_alone(name: str) -> bool:
    """Whether the tests pass where nothing but the mutant *name* was ever imported."""
    kind = name.split(".")[1]
    tests = [f"tests/test_{each}.py" for each in TESTS[kind].split()]
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *tests]
    environ = {**os.environ, "CI": "1", "MUTANT_UNDER_TEST": name, "PYTHONPATH": str(MADE)}
    try:
        run = subprocess.run(command, cwd=MADE, env=environ, capture_output=True, timeout=600)
    except subprocess.TimeoutExpired:
        return False
    return not run.returncode


def rows() -> Iterator[Row]:
    """Try each survivor alone; print those that no test sees then, either, and why."""
    seen = set(json.loads(ALONE.read_text("utf-8"))) if ALONE.exists() else set()
    totals = Counter[str]()
    for module, mutants in found().items():
        left = explained = 0
        for name in (name for name, survived in mutants.items() if survived):
            told = change(name)
            if (key := f"{name}: {told}") in seen:
                continue
            if survives_alone(name):
                why = next((why for known, why in EXPLAINED.items() if re.search(known, told)), "")
                left, explained = left + 1, explained + bool(why)
                print(f"{name}: {told}  {why}", file=sys.stderr, flush=True)
            else:
                ALONE.write_text(json.dumps([*seen, key], ensure_ascii=False), "utf-8")
                seen.add(key)
        if mutants:
            yield _row(module, len(mutants), left, explained)
        totals.update(every=len(mutants), left=left, explained=explained)
    yield _row("all", totals["every"], totals["left"], totals["explained"])


def _row(what: str, every: int, left: int, explained: int) -> Row:
    share = left / every
    said = f"{every} mutants, {left} survive ({share:.1%}), {explained} of them explained"
    return Row(what, said, "< 10 %, the rest explained", share < 0.1 and left == explained)


if __name__ == "__main__":
    subprocess.run(["mutmut", "run", "--max-children", "1"], cwd=TOP, check=True)
    sys.exit(printed(rows()))
