"""Which changes of clause, bodies, places, source and the questions no test sees.

``python -m scripts.trials.mutants [N] [MODULE]...``: mutmut makes the changes, a word or sign each;
N of each module are tried (all, if none is given), drawn from a seed.  The changes are run here
and not by mutmut: it tells tests from each other by names that pytest escapes anew each time, so
that those with Chinese in them are not found and count as failed; and it does not see changes of
what is worked out at import, or once for all tests.  What mutmut leaves out, the questions' SQL,
``statements`` changes.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scripts.trials.forked import TOP, copied, passes, work
from scripts.trials.survivors import why
from scripts.trials.table import Row, printed

SEED = 7
TIMES = 3  # the work of the tests as they are: what takes more is taken to run on and on
FEW = "document report_rows several_plans query measures search parquet name_lookup diff check"
TESTS = {  # module -> the tests that are to see its changes, the quickest first
    "plan/clause": "clause agency_lists check shipped_plan import",
    "plan/agency_lists": "agency_lists clause check shipped_plan import",
    "plan/region_finder": "region_finder shipped_plan check import",
    **{
        f"plan/{name}": "region_finder shipped_plan"
        for name in ("region_context", "region_words", "word_borders", "other_names")
    },
    "plan/io": "plan_file shipped_plan check several_plans",
    **{
        f"query/{file.stem}": FEW
        for file in sorted((TOP / "plancli" / "query").glob("*.py"))
        if file.stem != "__init__"
    },
    "query/progress": "report_rows progress",
    "query/report_data": "report_rows page",
    "query/document": f"{FEW} export documents",
    "query/flat_rows": "parquet",
    "query/summaries": "query",
    **{
        f"query/{name}": f"measures {FEW.replace('measures ', '')}"
        for name in ("matrix", "network", "region_map", "targets", "ambiguity")
    },
}


def mutated(file: Path, name: str) -> list[str]:
    """Give *file* all its mutants, beside each other; return what each is called."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    made = mutate_file_contents(str(file), file.read_text("utf-8"))
    file.write_text(made.code, "utf-8")
    return [f"plancli.{name.replace('/', '.')}.{mutant}" for mutant in made.mutant_names]


def change(text: str, name: str) -> str:
    """Return the lines that the mutant *name* changes, before and after."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(name, source=text, path="").splitlines()[2:]
    old, new = ([line[1:].strip() for line in lines if line[:1] == sign] for sign in "-+")
    return f"{' '.join(old)} → {' '.join(new)}"


def rows(some: int, modules: list[str]) -> Iterator[Row]:
    """Try *some* mutants of each of *modules*; print those that survive, and why."""
    totals = Counter[str]()
    with copied() as place:
        files = {module: place / "plancli" / f"{module}.py" for module in modules}
        names = {module: mutated(file, module) for module, file in files.items()}
        longest: dict[str, int] = {}  # tests -> seconds of work
        for module, every in names.items():
            tests = TESTS[module].split()
            key = " ".join(sorted(tests))
            longest[key] = longest.get(key) or TIMES * work(place, tests)
            drawn = random.Random(SEED).sample(every, min(some or len(every), len(every)))
            counts = Counter(every=len(every), drawn=len(drawn), left=0, why=0)
            for name in drawn:
                if passes(place, tests, longest[key], MUTANT_UNDER_TEST=name):
                    said = change(files[module].read_text("utf-8"), name)
                    print(f"{name}: {said}  [{why(said)}]", file=sys.stderr, flush=True)
                    counts.update(left=1, why=bool(why(said)))
            totals.update(counts)
            if drawn:
                yield _row(module, counts)
    yield _row("all", totals)


def _row(what: str, counts: Counter[str]) -> Row:
    share = counts["left"] / counts["drawn"]
    said = (
        f"{counts['drawn']} of {counts['every']} mutants, {counts['left']} survive ({share:.1%}),"
        f" {counts['why']} explained"
    )
    met = share < 0.1 and counts["left"] == counts["why"]
    return Row(what, said, "< 10 %, each explained", met)


if __name__ == "__main__":
    asked = sys.argv[1:]
    number = int(asked.pop(0)) if asked and asked[0].isdigit() else 0
    sys.exit(printed(rows(number, asked or list(TESTS))))
