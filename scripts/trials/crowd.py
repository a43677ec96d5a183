"""Many at once: on an empty cache, and while the database that they ask is replaced."""

import random
import subprocess
from collections.abc import Iterator

from scripts.trials.table import Row
from scripts.trials.world import Round, World

QUESTION = ("list", "-f", "json")


def cold_starts(world: World, many: int) -> Row:
    """Start *many* processes at once in an empty cache."""
    round = Round(world, random.Random(many), "crowd")
    asked = [round.start(*world.argv("shipped", ("list",))) for _ in range(many)]
    said = [round.finish(each) for each in asked]
    right = sum((each.code, each.out, each.err) == (0, world.right["shipped", ("list",)], "")
                for each in said)  # fmt: skip
    databases = len(list(round.cache.glob("*.db")))
    round.look()
    left = len(round.left)
    round.end()
    return Row(
        f"{many} cold starts at once",
        f"{right} right answers, databases: {databases}, left behind: {left}",
        f"{many}, 1, 0",
        (right, databases, left, round.wrong) == (many, 1, 0, []),
    )


def readers(world: World, many: int, replacements: int) -> Iterator[Row]:
    """Have *many* ask in a loop while FILE.db is made of one plan, of another, and so on."""
    round = Round(world, random.Random(0), "readers")
    kept = round.out / "kept.db"
    plans = [["-p", str(world.plans("shipped"))], ["-p", str(world.root / "small.yaml")]]
    right = [round.run(*QUESTION, *each).out for each in plans]
    assert right[0] != right[1]
    assert all(right)
    builds = []

    def replaced(n: int) -> subprocess.Popen[bytes]:
        builds.append(round.start("build", *plans[n % 2], "-o", str(kept)))
        return builds[-1]

    round.finish(replaced(0))
    asked: list[subprocess.Popen[bytes]] = []
    answers = {"first": 0, "second": 0, "wrong": 0}
    build = replaced(1)
    while build.poll() is None or len(builds) < replacements:
        if build.poll() is not None:
            round.must(round.finish(build).code == 0, "not built")
            build = replaced(len(builds))
        asked += [round.start(*QUESTION, "-p", str(kept)) for _ in range(many - len(asked))]
        said = round.finish(asked.pop(0))
        whole = said.code == 0 and said.out in right
        answers[("first", "second")[right.index(said.out)] if whole else "wrong"] += 1
        if not whole:
            round.wrong.append(str(said)[:500])
    for each in (*asked, build):
        round.finish(each)
    round.look("kept.db")
    left = len(round.left)
    round.end()
    print(*round.wrong[:3], sep="\n", end="")
    yield Row(
        f"{many} readers while FILE.db was replaced {len(builds)} times",
        f"answers: {answers['first']} of the one plan, {answers['second']} of the other,"
        f" {answers['wrong']} wrong, left behind: {left}",
        "0 wrong, 0",
        not (answers["wrong"] or left or round.wrong),
    )
