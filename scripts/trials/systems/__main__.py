"""Every command on poor terminals and odd systems.

    python -m scripts.trials.systems [--times N] [WORD]...

Only the conditions whose names hold a WORD; N interrupts of each question, warm and cold.
"""

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from scripts.trials.systems import conditions, interrupts, terminals, widths
from scripts.trials.systems.world import Done, Question, World, questions
from scripts.trials.table import Row, printed

Check = Callable[[World, Question, Done], Iterator[str]]


def checks(folder: Path) -> dict[str, Check]:
    """Return every condition by its name, each with what says what is wrong under it."""
    found: dict[str, Check] = {}
    chinese = conditions.gbk(folder)
    for console in (*conditions.CONSOLES, *([chinese] if chinese else [])):
        found[console.name] = partial(conditions.on, console)
    for name, home in conditions.homes(folder).items():
        found[name] = partial(conditions.at, home)
    if conditions.others_may_run():
        found["a user without name and home"] = conditions.nobody
    for how in conditions.CLOSED:
        found[how] = partial(conditions.closed, how)
    for columns in widths.COLUMNS:
        found[f"{columns} columns"] = partial(widths.at, columns)
    for name in terminals.TERMINALS:
        found[f"terminal, {name}"] = partial(terminals.on, name)
    return found


def rows(folder: Path, words: list[str], times: int, seed: int) -> Iterator[Row]:
    world, asked = World(folder), questions()
    plain = {question: world.ask(question) for question in asked}
    (folder / "systems").mkdir()
    for name, check in checks(folder / "systems").items():
        if words and not any(word in name for word in words):
            continue
        wrong = 0
        for question in asked:
            if said := list(check(world, question, plain[question])):
                wrong += 1
                print(f"{name}: {question}: {said}", file=sys.stderr)
        yield Row(name, f"{len(asked) - wrong} of {len(asked)}", f"{len(asked)}", not wrong)
    if not words or "Ctrl-C" in words:
        yield from _interrupted(world, asked, times, random.Random(seed))


def _interrupted(
    world: World, asked: list[Question], times: int, chance: random.Random
) -> Iterator[Row]:
    cuts = list(interrupts.cuts(world, asked, times, chance))
    wrong = [cut for cut in cuts if cut.wrong and not cut.early]
    for cut in wrong:
        print(f"Ctrl-C: {cut.question} after {cut.after:.3f} s: {cut.wrong}", file=sys.stderr)
    aim = f"{len(cuts)}"
    yield Row("Ctrl-C at random", f"{len(cuts) - len(wrong)} of {aim}", aim, not wrong)
    heard, early = (cut for cut in cuts if cut.code in interrupts.ENDED), sum(c.early for c in cuts)
    yield Row("… of which it ended", f"{len([*heard])}")
    yield Row("… and ended Python before its first line of plancli", f"{early}")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    print(f"seed {given.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        sys.exit(printed(rows(Path(made), given.words, given.times, given.seed)))
