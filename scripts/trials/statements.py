"""Which changes of the questions' SQL no test sees: ``python -m scripts.trials.statements [N]``.

mutmut changes what stands in functions; the SQL stands above them.  Of all changes, each of one
word or sign, N are tried, drawn from a seed, each with the tests of the questions.
"""

import ast
import io
import random
import re
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.trials.forked import TOP, copied, passes
from scripts.trials.table import Row, printed

QUERY = TOP / "plancli" / "query"
SOME, SEED = 200, 7
TESTS = "query document report_rows measures several_plans search progress parquet check".split()
CHANGES = {  # what is changed, to what
    r"\bAND\b": "OR",
    r"\bOR\b": "AND",
    r"(?<!NOT )EXISTS": "NOT EXISTS",
    r"NOT EXISTS": "EXISTS",
    r" = (?!max|min)": " <> ",
    r" <> ": " = ",
    r" > ": " >= ",
    r" < ": " <= ",
    r"\bLEFT JOIN\b": "JOIN",
    r"\bUNION ALL\b": "EXCEPT",
    r"\bDISTINCT ": "",
    r" DESC\b": "",
    r"\bmin\(": "max(",
    r"\bmax\(": "min(",
    r"\bsum\(": "max(",
    r"\bcount\((?!\*)": "max(",
    r"'lead'": "'participate'",
    r"'participate'": "'lead'",
    r"'possible'": "'lead'",
    r"ORDER BY (?=[\w.]+\n)": "ORDER BY -",
    r"THEN 1\b": "THEN 2",
    r"IS NULL": "IS NOT NULL",
}
KNOWN = {  # what is changed, to what -> why no answer shows it
    "chosen.id > 0": "ids begin with 1",
}


class Change(NamedTuple):
    """A word of a module's SQL, and what takes its place."""

    file: Path
    start: int
    end: int
    new: str

    def made(self) -> str:
        """Return the whole module, changed."""
        text = self.file.read_text("utf-8")
        return text[: self.start] + self.new + text[self.end :]

    def told(self) -> str:
        """Return the changed line, before and after."""
        text = self.file.read_text("utf-8")
        begin, end = text.rfind("\n", 0, self.start) + 1, text.find("\n", self.end)
        line = text[begin:end].strip()
        after = (text[begin : self.start] + self.new + text[self.end : end]).strip()
        return f"{line} → {after}"

    def why(self) -> str:
        """Return why no answer can show the change, or nothing."""
        near = self.file.read_text("utf-8")[max(0, self.start - 12) : self.end + 1]
        return next((why for known, why in KNOWN.items() if known in near), "")


def changes(file: Path) -> Iterator[Change]:
    """Yield every change of the SQL that stands in *file* outside of functions."""
    text = file.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    at = [0]
    for line in lines:
        at.append(at[-1] + len(line))
    inside = {
        line
        for each in ast.parse(text).body
        if isinstance(each, ast.Assign | ast.AnnAssign)
        for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)
    }
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        strings = "STRING" in tokenize.tok_name[token.type]
        if strings and token.start[0] in inside and re.search("[A-Z]{4} |EXISTS", token.string):
            begin = at[token.start[0] - 1] + token.start[1]
            for old, new in CHANGES.items():
                for found in re.finditer(old, token.string):
                    yield Change(file, begin + found.start(), begin + found.end(), new)


def rows(some: int) -> Iterator[Row]:
    """Try *some* changes; print those that survive, and why those that are known do."""
    every = [each for file in sorted(QUERY.glob("*.py")) for each in changes(file)]
    drawn = random.Random(SEED).sample(every, min(some, len(every)))
    tried, left = Counter(each.file.stem for each in drawn), defaultdict(list)
    with copied() as place:
        for each in drawn:
            file = place / each.file.relative_to(TOP)
            before = file.read_bytes()
            file.write_text(each.made(), "utf-8")
            if passes(place, TESTS):
                left[each.file.stem].append(each)
                print(
                    f"{each.file.stem}: {each.told()}  [{each.why()}]",
                    file=sys.stderr,
                    flush=True,
                )
            file.write_bytes(before)
    for name, count in sorted(tried.items()):
        known = sum(bool(each.why()) for each in left[name])
        yield Row(
            f"query/{name}.py", f"{count} tried, {len(left[name])} survive, {known} explained"
        )
    survived = sum(map(len, left.values()))
    share = survived / len(drawn)
    yield Row(f"all: {len(drawn)} of {len(every)}", f"{share:.1%} survive", "< 10 %", share < 0.1)


if __name__ == "__main__":
    sys.exit(printed(rows(int(sys.argv[1]) if sys.argv[1:] else SOME)))
