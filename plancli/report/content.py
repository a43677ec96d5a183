"""The database -> what the page's script knows: names and numbers, no words of tasks."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from plancli.query import Filter, report_data
from plancli.query.select import NAME_SEPARATOR
from plancli.results.table import Result
from plancli.text.normalize import fold

ReportRecord = dict[str, Any]
NAME_FORMS = ("name", "alias", "former", "later", "compound", "pinyin")
TARGET_KINDS = ("agency", "region", "section")
SECTION_FIELDS = ("key", "no", "title", "of", "plan")


class ReportContent(NamedTuple):
    """What the page is made of.

    ``tasks`` and ``heads``: rows with all their words, for the document; ``known``: for the script.
    """

    plans: list[ReportRecord]
    sections: list[ReportRecord]
    tasks: list[ReportRecord]
    script_data: ReportRecord


def collect_content(db: sqlite3.Connection, where: Filter) -> ReportContent:
    """Return what the page holds of the tasks that *where* lets through."""
    plans = list(iter_records(report_data.select_report_plans(db, where)))
    heads, below = _collect_sections(db, where, [plan["id"] for plan in plans])
    tasks = _collect_tasks(db, where, plans, below)
    numbers = {task["task"]: n for n, task in enumerate(tasks)}
    bodies, may = _collect_agencies(db, where, tasks, numbers, [plan["id"] for plan in plans])
    regions, ways = _collect_regions(db, where, tasks, numbers)
    targets = [{each["name"]: n for n, each in enumerate(group)} for group in (bodies, regions)]
    targets.append({target: n for n, head in enumerate(heads) for target in head["targets"]})
    names = list(_iter_names(db, dict(zip(TARGET_KINDS, targets, strict=True))))
    known = {
        "plans": [{"key": plan["key"], "title": plan["title"]} for plan in plans],
        "heads": [{name: head[name] for name in SECTION_FIELDS} for head in heads],
        "bodies": bodies,
        "may": may,
        "regions": regions,
        "ways": ways,
        "tasks": [
            [each["key"], each["at"], each["head"], each["duties"], each["places"]]
            for each in tasks
        ],
        "names": names,
    }
    return ReportContent(plans, heads, tasks, known)


def collect_characters(found: ReportContent) -> tuple[set[str], set[str]]:
    """Return the folded characters of the tasks' words, and those of all that can be typed for."""
    words = {char for task in found.tasks for char in fold(task["words"])}
    clauses = {char for task in found.tasks for char in fold(task["clause"])}
    names = {
        char for _kind, _at, hows in found.script_data["names"] for key in hows for char in key
    }
    return words, words | clauses | names


def iter_records(result: Result) -> Iterator[ReportRecord]:
    """Yield each row as field -> cell, of whatever type."""
    return result.records()


def make_unique(keys: Iterable[str]) -> list[str]:
    """Return *keys*, those that stand again with a number behind them: 41, 41~2."""
    seen: dict[str, int] = defaultdict(int)
    made = []
    for key in keys:
        seen[key] += 1
        made.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
    return made


def _collect_sections(
    db: sqlite3.Connection, where: Filter, plans: list[int]
) -> tuple[list[ReportRecord], dict[int, int]]:
    """Return lists and sections in order, and section id -> the place of its heading."""
    found: list[ReportRecord] = []
    below: dict[int, int] = {}
    lists: dict[int, int] = {}
    for row in iter_records(report_data.select_report_sections(db, where)):
        before = f"{row['key']}:" if len(plans) > 1 else ""
        plan = {"plan": plans.index(row["plan"]), "before": before}
        if row["list"] not in lists:
            lists[row["list"]] = len(found)
            texts = [row["list_text"], row["note"]]
            found.append(plan | _make_section(row["list_no"], row["list_title"], None, texts))
            found[-1]["targets"] = [f"list:{row['list']}"]
        if row["section"] is None:
            continue
        if row["section_no"] or row["title"]:
            upper = lists[row["list"]]
            found.append(
                plan | _make_section(row["section_no"], row["title"], upper, [row["section_text"]])
            )
            found[-1]["targets"] = []
        found[-1]["targets"].append(f"section:{row['section']}")
        below[row["section"]] = len(found) - 1
    for head, key in zip(
        found, make_unique(_make_section_key(found, head) for head in found), strict=True
    ):
        head["key"] = key
    return found, below


def _make_section(no: str, title: str, of: int | None, texts: list[str]) -> ReportRecord:
    return {"no": no, "title": title, "of": of, "texts": [each for each in texts if each]}


def _make_section_key(heads: list[ReportRecord], head: ReportRecord) -> str:
    """Return what an address calls a heading: 二, 二(三), or its words where it has no number."""
    if head["of"] is None:
        return str(head["before"] + (head["no"] or head["title"]))
    own = f"({head['no']})" if head["no"] else head["title"]
    return f"{head['before']}{heads[head['of']]['no']}{own}"


def _collect_tasks(
    db: sqlite3.Connection, where: Filter, plans: list[ReportRecord], below: dict[int, int]
) -> list[ReportRecord]:
    tasks = list(iter_records(report_data.select_report_tasks(db, where)))
    at = {plan["id"]: n for n, plan in enumerate(plans)}
    before = [f"{plan['key']}:" if len(plans) > 1 else "" for plan in plans]
    keys = make_unique(f"{before[at[task['plan']]]}{task['no']}" for task in tasks)
    for task, key in zip(tasks, keys, strict=True):
        task |= {"key": key, "at": at[task["plan"]], "head": below[task["section"]]}
        task |= {"duties": [], "named": [], "places": [], "regions": []}
    return tasks


def _collect_agencies(
    db: sqlite3.Connection,
    where: Filter,
    tasks: list[ReportRecord],
    numbers: dict[int, int],
    plans: list[int],
) -> tuple[list[ReportRecord], list[list[Any]]]:
    """Give *tasks* their duties; return the bodies, and whom phrases may mean in which plan."""
    duties, means = (
        list(iter_records(report_data.select_report_duties(db, where))),
        list(iter_records(report_data.select_possible_members(db, where))),
    )
    kinds = {row["agency"]: row["type"] for row in (*duties, *means)}
    called = [
        name for name in report_data.select_agency_names(db).column("agency") if name in kinds
    ]
    at = {str(name): n for n, name in enumerate(called)}
    for row in duties:
        task = tasks[numbers[row["task"]]]
        task["duties"].append([at[row["agency"]], int(row["role"] != "lead")])
        task["named"].append(row)
    may: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in means:
        may[plans.index(row["plan"]), at[row["phrase"]]].append(at[row["agency"]])
    bodies = [{"name": name, "kind": kinds[name]} for name in at]
    return bodies, [[*where_, members] for where_, members in may.items()]


def _collect_regions(
    db: sqlite3.Connection, where: Filter, tasks: list[ReportRecord], numbers: dict[int, int]
) -> tuple[list[ReportRecord], list[str]]:
    """Give *tasks* their places; return the places, and the ways up to them."""
    rows = list(iter_records(report_data.select_report_regions(db, where)))
    found = {row["id"]: {"name": row["region"], "type": row["type"]} for row in rows}
    at = {id: n for n, id in enumerate(sorted(found))}
    ways: dict[str, int] = {}
    for row in rows:
        said = [ways.setdefault(way, len(ways)) for way in str(row["ways"]).split(NAME_SEPARATOR)]
        tasks[numbers[row["task"]]]["places"].append([at[row["id"]], row["rank"], *said])
    for row in iter_records(report_data.select_report_mentions(db, where)):
        tasks[numbers[row["task"]]]["regions"].append(row["region"])
    return [found[id] for id in at], list(ways)


def _iter_names(
    db: sqlite3.Connection, targets: dict[str, dict[str, int]]
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield what is typed for each target: its kind and place, and a string of keys each way."""
    typed: dict[tuple[int, int], list[list[str]]] = {}
    for row in iter_records(report_data.select_lookup_keys(db)):
        if (at := targets[row["kind"]].get(row["target"])) is not None:
            here = TARGET_KINDS.index(row["kind"]), at
            typed.setdefault(here, [[] for _how in NAME_FORMS])[
                NAME_FORMS.index(row["how"])
            ].append(row["key"])
    for (kind, at), keys in sorted(typed.items()):
        yield kind, at, [" ".join(each) for each in keys]
