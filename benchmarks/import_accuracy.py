"""How well plans are read: precision and recall over documents made up from seeds.

    python benchmarks/import_accuracy.py [DOCUMENTS]

The documents are written by a program that knows nothing of the importer (``tests/papers``).  A
task is found if its whole text is; a body counts with the role it has in its task.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the tests' documents

from plancli import importing
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role
from tests.papers import documents

AIM = 0.99
DOCUMENTS = 500


def main(count: int) -> int:
    """Print the table; return 1 if an aim is missed."""
    known = registry_io.load_default_registry()
    counts: Counter[tuple[str, str]] = Counter()
    kinds: Counter[str] = Counter()
    began = time.perf_counter()
    for seed in range(count):
        document = documents.document(seed)
        kinds[document.name.rpartition(".")[2]] += 1
        plan = importing.import_document(document.data, document.name, known).plan
        got = {plain(entry.task.text): entry.task for entry in iter_tasks(plan)}
        wanted = {plain(task.text): task for task in document.tasks}
        count_up(counts, "tasks", set(got), set(wanted))
        for text in {*got, *wanted}:
            for role in Role:
                there = set(got[text].get_agency_names(role)) if text in got else set()
                meant = set(getattr(wanted[text], role.value)) if text in wanted else set()
                count_up(counts, role.value, there, meant)
    print(f"{count} documents: {', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))}")
    print(f"{'':14}{'found':>8}{'wrong':>8}{'missed':>8}{'precision':>11}{'recall':>9}")
    worst = 1.0
    for what in ("tasks", "lead", "participate"):
        good, wrong, missed = (counts[what, how] for how in ("good", "wrong", "missed"))
        precision, recall = good / max(1, good + wrong), good / max(1, good + missed)
        worst = min(worst, precision, recall)
        print(f"{what:14}{good:8}{wrong:8}{missed:8}{precision:11.4f}{recall:9.4f}")
    each = (time.perf_counter() - began) / count * 1000
    print(f"aim {AIM}; {each:.0f} ms a document, made and read")
    return int(worst < AIM)


def count_up(counts: Counter[tuple[str, str]], what: str, got: set[str], wanted: set[str]) -> None:
    """Add what was found, wrong and missed."""
    counts[what, "good"] += len(got & wanted)
    counts[what, "wrong"] += len(got - wanted)
    counts[what, "missed"] += len(wanted - got)


def plain(text: str) -> str:
    """Return *text* without spaces: where lines were joined is free."""
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS))
