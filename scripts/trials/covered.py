"""How much of the code the tests run through: ``python -m scripts.trials.covered [PYTEST]...``."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from scripts.trials.table import Row, printed

TOP = Path(__file__).parents[2]
AIM = 95  # per cent of lines and branches
# It asks what a start loads, and coverage loads more.
NOT_HERE = "tests/database/test_cache.py::test_a_warm_start_loads_only_what_it_needs"


def measured(argv: list[str]) -> dict[str, Counter[str]]:
    """Run the tests; return, of each package, its lines and branches and what of them was run."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "coverage"), "CI": "1"}

        def coverage(*command: str) -> int:
            command = (sys.executable, "-m", "coverage", *command)
            return subprocess.run(command, cwd=TOP, env=environ, stdout=sys.stderr).returncode

        if coverage("run", "-m", "pytest", "-n0", "-m", "", "--deselect", NOT_HERE, *argv):
            sys.exit("the tests fail")
        coverage("combine", "-q")
        told = Path(folder) / "told.json"
        coverage("json", "-q", "-o", str(told))
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for file, said in json.loads(told.read_text("utf-8"))["files"].items():
            inside = Path(file).parent.as_posix()
            found[inside].update({k: v for k, v in said["summary"].items() if isinstance(v, int)})
    return found


def rows(argv: list[str]) -> Iterator[Row]:
    """Give the share of each package, and of all."""
    found = measured(argv)
    for package, counts in sorted(found.items()):
        yield _row(package, counts)
    total = Counter[str]()
    for counts in found.values():
        total.update(counts)
    yield _row("all", total)


def _row(what: str, counts: Counter[str]) -> Row:
    run = counts["covered_lines"] + counts["covered_branches"]
    share = 100 * run / (counts["num_statements"] + counts["num_branches"])
    said = (
        f"{share:.1f} % ({counts['missing_lines']} of {counts['num_statements']} lines and"
        f" {counts['missing_branches']} of {counts['num_branches']} branches not)"
    )
    return Row(what, said, f"{AIM} %", share >= AIM)


if __name__ == "__main__":
    sys.exit(printed(rows(sys.argv[1:])))
