"""The table of functions: what agencies do, in the words that their names use.

A name such as 文化广电旅游局 is made of several of these words and an ending.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from plancli.system import files

FUNCTION_FILE = files.DATA_DIR / "functions.tsv"
COMMENT = "#"
JOINTS = frozenset("和与及、")
# May follow the word of a function: 林业管理局, 公路事业发展中心.
GENERAL_WORDS = (
    "管理", "和管理", "与管理", "服务", "事务", "事业发展", "事业", "发展", "产业发展",
)  # fmt: skip
MAX_STEPS = 4  # of a succession


class AgencyFunction(NamedTuple):
    """A function, whose agencies have it, when its name was in use, and what took its place."""

    name: str
    kind: str
    since: str
    until: str
    successors: tuple[str, ...]


class FunctionTable(NamedTuple):
    """The functions, the words for them by first character, and complete names."""

    functions: Mapping[str, AgencyFunction]
    words: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    names: Mapping[str, frozenset[str]]


class SuccessionStep(NamedTuple):
    """A function whose place another took, and the year in which its name ended."""

    former: str
    later: str
    year: str


@cache
def load_functions() -> FunctionTable:
    """Read the table of functions."""
    functions: dict[str, AgencyFunction] = {}
    words: dict[str, list[tuple[str, frozenset[str]]]] = {}
    names: dict[str, frozenset[str]] = {}
    lines = FUNCTION_FILE.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith(COMMENT)][1:]
    for row in rows:
        meant, spellings, full, kind, since, until, later = [*row, *[""] * (7 - len(row))]
        several = frozenset(meant.split())
        if len(several) == 1:
            functions[meant] = AgencyFunction(meant, kind, since, until, tuple(later.split()))
        for word in filter(None, spellings.split("|")):
            words.setdefault(word[0], []).append((word, several))
        names.update(dict.fromkeys(filter(None, full.split("|")), several))
    for each in words.values():
        each.sort(key=lambda pair: -len(pair[0]))
    return FunctionTable(functions, {char: tuple(each) for char, each in words.items()}, names)


def split_functions(stem: str) -> frozenset[str]:
    """Return the functions whose words make up the whole of *stem*, else none."""
    return _split_from(stem, 0, load_functions().words) or frozenset()


def _split_from(
    stem: str, start: int, words: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
) -> frozenset[str] | None:
    """Return the functions in stem[start:]; the longest word first, None if a part has no word."""
    for word, functions in words.get(stem[start : start + 1], ()):
        if not stem.startswith(word, start):
            continue
        for end in _iter_ends(stem, start + len(word)):
            if end == len(stem):
                return functions
            if (rest := _split_from(stem, end, words)) is not None:
                return functions | rest
    return None


def _iter_ends(stem: str, end: int) -> Iterator[int]:
    """Yield where the next word may begin: at *end*, after a joint, after 管理."""
    if end + 1 < len(stem) and stem[end] in JOINTS:
        yield end + 1
    yield end
    for word in GENERAL_WORDS:
        if stem.startswith(word, end):
            yield from _iter_ends(stem, end + len(word))


def find_succession(former: str, later: str) -> tuple[SuccessionStep, ...]:
    """Return the steps by which function *former* became *later*, none if it did not."""
    functions = load_functions().functions
    paths: list[tuple[SuccessionStep, ...]] = [()]
    for _ in range(MAX_STEPS):
        longer = []
        for path in paths:
            function = functions.get(path[-1].later if path else former)
            for name in function.successors if function else ():
                step = SuccessionStep(function.name, name, function.until) if function else None
                if step and name == later:
                    return (*path, step)
                longer += [(*path, step)] if step else []
        paths = longer
    return ()
