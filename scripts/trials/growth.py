"""How time grows with a document's length: ``python -m scripts.trials.growth [NAME]...``.

Every reader gets every token again and again, every pattern every piece of itself; each at three
lengths.  What grows faster than its length, or takes more than two seconds of 100 kB, is a fault.
"""

import ast
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import plancli
from plancli import checks, importing
from plancli.importing import batch
from plancli.importing.reporting import summary
from plancli.plan import clause
from plancli.plan.model import DutyGroup, Plan, Task, TaskList
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files
from plancli.text import layout, normalize, quantities
from scripts.trials.table import Row, printed

PATTERNS = ("importing", "checks", "plan", "text", "registry")
TOKENS = (
    "**a ", "__a ", "`a ", "[](", "![](", "[x](", "（", "(", "）", "《", "》", "“", "”", "【", "〔", "[",
    "（a", "《a", "“a", ".", "…", "·", " ", "\u3000", "\t", "9 ", "9", "9.", "1.1.", "|", "| ", "| a ", "---|",
    "<b>", "<p>", "<br>", "<td>", "<table>", "<tr><td>a<td>b", "&amp;", "、", "，", "，a", "；", "。", "：", "-", "- ", "#",
    "# ", "> ", "* ", "\\", "1.", "1．", "1、", "（1）", "1）", "①", "一、", "（一）", "第一条", "第一章", "一是", "第一，", "任务一：",
    "牵头", "负责", "等", "会同", "配合", "省", "市", "各市", "省科技厅、", "省科技厅", "科技厅", "科技", "（省科技厅牵头）", "（牵头",
    "责任单位：", "责任单位", "牵头单位：", "牵头单位：省科技厅 ", "完成时限：", "分管领导：", "责任", "排在第一位的为牵头部门", "第一", "下同",
    "及", "和", "等部门", "成员单位", "a成员单位", "人民政府", "合肥市、", "合肥市", "安徽", "皖北", "合肥都市圈", "2022年", "6月底前",
    "1,000", "1-", "1至", "1/", "A1", "G60", "百分之", "万亿", "十", "百", "工作", "工作要点", "关于", "附件", "目录", "主办", "抄送", "来源：",
    "印发给你们", "请认真", "现将", "贯彻执行", "办公室", "的", "a", "a ", "A", "\u200b", "\ufeff", "\u2028", "\x0b", "\x00", "=", "+", '"', "'", ",", '",',
    ";", "{", "[{", '["a",', "_", "`", "``", "~", "~~~", "~~~ a",
)  # fmt: skip
AROUND = (  # what a document of tokens begins and ends with
    ("", ""),
    ("", "x"),
    ("某省2024年工作要点\n一、重点任务\n1．推进", "（省科技厅牵头）"),
    ("某省2024年工作要点\n一、重点任务\n1．推进（省科技厅", "牵头）\n2．推进。（省财政厅牵头）"),
    ("目录\n", "x\n"),
    ("| 序号 | 工作任务 | 责任单位 |\n|---|---|---|\n| 1 | ", " | 省科技厅 |\n"),
    ("序号,工作任务,责任单位\n1,推进,", "\n"),
    ("<table><tr><td>工作任务<td>责任单位<tr><td>", "<td>省科技厅</table>"),
)
CLAUSE = 3900  # characters; a longer one is not read
LINES = 3  # tokens of a line where there are many lines
SIZES = (8_000, 16_000, 32_000)  # bytes
LONG = 100_000
MOST = 2.0  # seconds that LONG may take
LEAST = 0.06  # seconds that a growth is told from noise
STEEP = 2.9  # times, for twice the length
MEANT = {r"\s": " ", r"\d": "1", r"\S": "a", r"\w": "a"}
WAYS = "search|match|fullmatch|findall|finditer|split|subn?"
METHODS: dict[str, Callable[[re.Pattern[str], str], object]] = {
    "finditer": lambda pattern, words: sum(1 for _each in pattern.finditer(words)),
    "sub": lambda pattern, words: pattern.sub("", words),
}
PIECE = re.compile(r"[\u4e00-\u9fff]+|\\[sdSw.+*]|[^\\(){}|?*+\[\]^$:<>=!]")


SHORT = {  # patterns that are steep, and why none is asked of a long text
    "plancli.plan.agency_lists.AGENCY_NAME": "looks_like: names of up to 48 characters",
    "plancli.importing.parsing.paragraphs.NUMBERED": "_is_number: lines of up to 20 characters",
    "plancli.importing.parsing.paragraphs.DASHED": "_is_number: lines of up to 20 characters",
    "plancli.text.quantities.COUNTED": "Seen.after: 200 characters",
    "《.*?》|“.*?”|[（(].*?[）)]": "_is_title: titles of up to 80 characters",
}


class Fault(NamedTuple):
    """What took too long."""

    what: str
    times: tuple[float, ...]


@cache
def known() -> Registry:
    return registry_io.load_default_registry()


def imported(name: str) -> Callable[[str], object]:
    """Return what imports a document called *name*, and writes and reports its plan."""

    def read(words: str) -> object:
        data = words.encode("utf-8", "replace")
        try:
            draft = importing.import_document(data, name, known())
            batch.check_plan_file(batch.dump_plan(draft.plan), draft.plan, Path(name), known())
            return summary.format_lines(draft), summary.build_report(draft, name)
        except plancli.errors.PlanError as error:
            return error

    return read


def checked(words: str) -> object:
    """Check a plan that says *words* in every place."""
    group = DutyGroup(lead=("省科技厅",))
    task = Task("1", f"推进{words}。", "省科技厅牵头", (group,))
    wordy = Task("2", "推进。", words[:CLAUSE], (group,))
    list_ = TaskList("一", words, (words,), tasks=(task, wordy))
    plan = Plan(id="a", title=words, year=2024, jurisdiction="安徽", lists=(list_,))
    return checks.check_plans(known(), [(files.DEFAULT_PLAN, batch.dump_plan(plan))])


def read_clause(words: str) -> object:
    try:
        return clause.parse_clause(words)
    except plancli.errors.PlanError as error:
        return error


READERS: dict[str, Callable[[str], object]] = {
    "txt": imported("a.txt"),
    "md": imported("a.md"),
    "html": imported("a.html"),
    "csv": imported("a.csv"),
    "json": imported("a.json"),
    "check": checked,
    "clause": read_clause,
    "numbers": lambda words: list(quantities.find_numbers(words)),
    "find": lambda words: list(normalize.iter_matches(words, words[:3])),
    "pairs": lambda words: (
        normalize.split_bigrams(words),
        normalize.normalize_key(words),
        normalize.build_fts_phrase(words),
    ),
    "breaks": lambda words: (
        layout.find_line_breaks(words, 80),
        layout.find_line_breaks(words, 80, names=True),
    ),
}


def documents(token: str, size: int) -> Iterator[tuple[str, str]]:
    """Yield documents of about *size* bytes of *token*, each with what it is called."""
    wide = len(token.encode("utf-8", "replace"))
    run = token * (size // wide)
    for n, (before, behind) in enumerate(AROUND):
        yield f"{token!r} {n}", before + run + behind
    yield f"{token!r} lines", (token * LINES + "\n") * (size // (LINES * wide + 1))
    names = (token * (CLAUSE // len(token)))[:CLAUSE]
    told = f"1．推进。（{names}牵头）\n"
    yield f"{token!r} clauses", told * max(1, size // len(told.encode("utf-8", "replace")))
    yield (
        f"{token!r} texts",
        f"一、{token}\n1．推进{token}。（省科技厅牵头）\n" * (size // (50 + 2 * wide)),
    )


def once_slow() -> Iterator[tuple[str, str]]:
    """Yield a document of each kind that once took half a minute of 100 kB, and its suffix."""
    for suffix, before, token, behind in (
        ("md", "", "**a ", ""), ("md", "", "[](", ""), ("md", "", "`a ", ""), ("md", "# a", " ", "x"),
        ("txt", "目录\n", ".", "x"), ("txt", "目录\n", "9 ", "x"), ("txt", "", " ", "\nx"), ("txt", "", "（", ""),
        ("html", "", "《", ""), ("txt", "", "“", ""), ("txt", "", "现将", ""), ("txt", "", "责任单位：", ""),
        ("txt", "目录\n", "一、甲\n", ""), ("md", "| a |\n|--|\n", "| **a ", ""), ("numbers", "", "9.9.", "家"),
    ):  # fmt: skip
        yield suffix, before + token * (LONG // len((token).encode())) + behind
    for names in (
        "（第一" + "第一" * 900 + "牵头" * 900,
        "甲、" * 1900,
        "大学（" * 1200,
        "a厅和" * 1200,
    ):
        yield "txt", f"1．推进。（{names}牵头）\n" * (LONG // len(names.encode()))


def read_once_slow() -> None:
    """Read every document that was once slow."""
    for suffix, words in once_slow():
        READERS[suffix](words)


def seconds(work: Callable[..., object], *given: object) -> float:
    start = process_time()
    work(*given)
    return process_time() - start


def is_steep(times: list[float]) -> bool:
    return times[-1] > LEAST and all(b > STEEP * a for a, b in pairwise(times))


def of_reader(name: str, token: str) -> Iterator[Fault]:
    """Yield the documents of *token* for which the reader *name* takes too long."""
    read = READERS[name]
    there = [dict(documents(token, size)) for size in SIZES]
    for called in there[0]:
        first = seconds(read, there[0][called])
        times = [first]
        if first * LONG / SIZES[0] > MOST / 3:  # slow, or steep
            times += (seconds(read, each[called]) for each in there[1:])
            long = seconds(read, dict(documents(token, LONG))[called])
            times.append(long)
            if is_steep(times[:3]) or long > MOST:
                yield Fault(f"{name} {called}", tuple(times))
        else:
            last = seconds(read, there[-1][called])
            if last > LEAST and last > first * STEEP**2:
                yield Fault(f"{name} {called}", (first, last))


class Asked(NamedTuple):
    """A pattern, and how the package asks it."""

    name: str
    pattern: re.Pattern[str]
    ways: frozenset[str]


def modules() -> Iterator[Any]:
    """Yield the modules whose patterns are tried."""
    for found in pkgutil.walk_packages(plancli.__path__, "plancli."):
        if found.name.split(".")[1] in PATTERNS and not found.ispkg:
            yield import_module(found.name)


def patterns() -> Iterator[Asked]:
    """Yield every pattern of the modules: those with a name, and those written where asked."""
    every = "\n".join(inspect.getsource(module) for module in modules())
    for module in modules():
        own, short = inspect.getsource(module), module.__name__.rpartition(".")[2]
        for name, each in vars(module).items():
            if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                ways = re.findall(rf"\b{name}\.({WAYS})\(", own)
                ways += re.findall(rf"\b{short}\.{name}\.({WAYS})\(", every)
                yield Asked(f"{module.__name__}.{name}", each, frozenset(ways or ["search"]))
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            said, called = node.args[0], ast.unparse(node.func)
            if isinstance(said, ast.Constant) and re.fullmatch(rf"re\.({WAYS})|_is", called):
                way = called.removeprefix("re.").replace("_is", "search")
                where = f"{module.__name__}:{node.lineno}"
                yield Asked(where, re.compile(str(said.value)), frozenset([way]))


def of_pattern(asked: Asked) -> Iterator[Fault]:
    """Yield runs of pieces of a pattern by which it takes too long, one for each way to ask it."""
    pattern = asked.pattern
    pieces = [*PIECE.findall(pattern.pattern), "a", "1", " ", "（", "，", "."]
    found = (MEANT.get(each, each.strip("\\")) for each in pieces)
    pieces = list(dict.fromkeys(filter(None, found)))[:60]
    for way in sorted(asked.ways):
        work = METHODS.get(way) or (lambda found, words, way=way: getattr(found, way)(words))
        for head, piece in product(("", *pieces), pieces):
            times = []
            for size in (500, 1000, 2000, 4000):
                words = head + piece * (size // len(piece)) + "\x01"
                times.append(seconds(work, pattern, words))
                if times[-1] < 0.0004 * size / 500:
                    break
            else:
                if is_steep(times[1:]) or times[-1] > MOST * 4000 / LONG:
                    yield Fault(f"{asked.name} {way} {head!r} {piece!r}", tuple(times))
                    break


def of_patterns() -> Row:
    """Try every pattern but those that are asked of short texts only."""
    every, slow = 0, 0
    for asked in patterns():
        every += 1
        if not {asked.name, asked.pattern.pattern} & SHORT.keys():
            for fault in of_pattern(asked):
                print(fault, file=sys.stderr, flush=True)
                slow += 1
    return Row("patterns", f"{every} patterns, {slow} too slow", "0", not slow)


def of_tokens(name: str) -> Row:
    """Try every token with the reader *name*."""
    slow = 0
    for token in TOKENS:
        for fault in of_reader(name, token):
            print(fault, file=sys.stderr, flush=True)
            slow += 1
    return Row(name, f"{len(TOKENS)} tokens, {slow} too slow", "0", not slow)


def of_once_slow() -> Row:
    """Read what was once slow, and say how long the slowest takes now."""
    slowest = max(seconds(READERS[suffix], words) for suffix, words in once_slow())
    said = f"each 100 kB: {slowest:.1f} s at most"
    return Row("documents that once took 20 s", said, f"{MOST:.0f} s", slowest < MOST)


def rows(names: Iterable[str]) -> Iterator[Row]:
    yield of_once_slow()
    if "patterns" in names:
        yield of_patterns()
    yield from (of_tokens(name) for name in READERS if name in names)


if __name__ == "__main__":
    sys.exit(printed(rows(sys.argv[1:] or ["patterns", *READERS])))
