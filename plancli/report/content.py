"""Collect from the database what the report page shows and what its script knows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from plancli.query import Filter, report_data
from plancli.query.select import NAME_SEPARATOR
from plancli.results.roles import Role
from plancli.results.table import Result
from plancli.text.normalize import fold

ReportRecord = dict[str, Any]
NAME_FORMS = ("name", "alias", "former", "later", "compound", "pinyin")
TARGET_KINDS = ("agency", "region", "section")
SECTION_FIELDS = ("key", "no", "title", "of", "plan")


class ReportContent(NamedTuple):
    """The content of the page.

    ``tasks`` and ``sections``: full rows, for the document; ``script_data``: names and numbers
    without task texts, for the script.
    """

    plans: list[ReportRecord]
    sections: list[ReportRecord]
    tasks: list[ReportRecord]
    script_data: ReportRecord


def collect_content(db: sqlite3.Connection, where: Filter) -> ReportContent:
    """Return the content of the page for the tasks that *where* selects."""
    plans = list(iter_records(report_data.select_report_plans(db, where)))
    heads, below = _collect_sections(db, where, [plan["id"] for plan in plans])
    tasks = _collect_tasks(db, where, plans, below)
    numbers = {task["task"]: n for n, task in enumerate(tasks)}
    agencies, members = _collect_agencies(db, where, tasks, numbers, [plan["id"] for plan in plans])
    regions, paths = _collect_regions(db, where, tasks, numbers)
    targets = [{each["name"]: n for n, each in enumerate(group)} for group in (agencies, regions)]
    targets.append({target: n for n, head in enumerate(heads) for target in head["targets"]})
    names = list(_iter_names(db, dict(zip(TARGET_KINDS, targets, strict=True))))
    known = {
        "plans": [{"key": plan["key"], "title": plan["title"]} for plan in plans],
        "heads": [{name: head[name] for name in SECTION_FIELDS} for head in heads],
        "bodies": agencies,
        "may": members,
        "regions": regions,
        "ways": paths,
        "tasks": [
            [each["key"], each["at"], each["head"], each["duties"], each["places"]]
            for each in tasks
        ],
        "names": names,
    }
    return ReportContent(plans, heads, tasks, known)


def collect_characters(content: ReportContent) -> tuple[set[str], set[str]]:
    """Return the folded characters of the tasks' text, and of all that can be searched for."""
    words = {char for task in content.tasks for char in fold(task["words"])}
    clauses = {char for task in content.tasks for char in fold(task["clause"])}
    names = {
        char for _kind, _at, hows in content.script_data["names"] for key in hows for char in key
    }
    return words, words | clauses | names


def iter_records(result: Result) -> Iterator[ReportRecord]:
    """Yield each row as field -> cell of any type."""
    return result.records()


def make_unique(keys: Iterable[str]) -> list[str]:
    """Return *keys* made unique: repeated ones get a number (41, 41~2)."""
    seen: dict[str, int] = defaultdict(int)
    unique = []
    for key in keys:
        seen[key] += 1
        unique.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
    return unique


def _collect_sections(
    db: sqlite3.Connection, where: Filter, plans: list[int]
) -> tuple[list[ReportRecord], dict[int, int]]:
    """Return lists and sections in order, and section id -> index in them."""
    sections: list[ReportRecord] = []
    below: dict[int, int] = {}
    lists: dict[int, int] = {}
    for row in iter_records(report_data.select_report_sections(db, where)):
        before = f"{row['key']}:" if len(plans) > 1 else ""
        plan = {"plan": plans.index(row["plan"]), "before": before}
        if row["list"] not in lists:
            lists[row["list"]] = len(sections)
            texts = [row["list_text"], row["note"]]
            sections.append(plan | _make_section(row["list_no"], row["list_title"], None, texts))
            sections[-1]["targets"] = [f"list:{row['list']}"]
        if row["section"] is None:
            continue
        if row["section_no"] or row["title"]:
            upper = lists[row["list"]]
            sections.append(
                plan | _make_section(row["section_no"], row["title"], upper, [row["section_text"]])
            )
            sections[-1]["targets"] = []
        sections[-1]["targets"].append(f"section:{row['section']}")
        below[row["section"]] = len(sections) - 1
    for head, key in zip(
        sections, make_unique(_make_section_key(sections, head) for head in sections), strict=True
    ):
        head["key"] = key
    return sections, below


def _make_section(no: str, title: str, of: int | None, texts: list[str]) -> ReportRecord:
    return {"no": no, "title": title, "of": of, "texts": [each for each in texts if each]}


def _make_section_key(heads: list[ReportRecord], head: ReportRecord) -> str:
    """Return the key of a section in URLs: 二, 二(三), or its title without a number."""
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
    """Add duties to *tasks*; return agencies, and possible members of collective ones per plan."""
    duties, memberships = (
        list(iter_records(report_data.select_report_duties(db, where))),
        list(iter_records(report_data.select_possible_members(db, where))),
    )
    kinds = {row["agency"]: row["type"] for row in (*duties, *memberships)}
    names = [name for name in report_data.select_agency_names(db).column("agency") if name in kinds]
    at = {str(name): n for n, name in enumerate(names)}
    roles = list(Role)
    for row in duties:
        task = tasks[numbers[row["task"]]]
        task["duties"].append([at[row["agency"]], roles.index(Role(str(row["role"])))])
        task["named"].append(row)
    members: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in memberships:
        members[plans.index(row["plan"]), at[row["phrase"]]].append(at[row["agency"]])
    agencies = [{"name": name, "kind": kinds[name]} for name in at]
    return agencies, [[*key, each] for key, each in members.items()]


def _collect_regions(
    db: sqlite3.Connection, where: Filter, tasks: list[ReportRecord], numbers: dict[int, int]
) -> tuple[list[ReportRecord], list[str]]:
    """Add regions to *tasks*; return the regions, and the paths up to them."""
    rows = list(iter_records(report_data.select_report_regions(db, where)))
    regions = {row["id"]: {"name": row["region"], "type": row["type"]} for row in rows}
    at = {id: n for n, id in enumerate(sorted(regions))}
    paths: dict[str, int] = {}
    for row in rows:
        indexes = [
            paths.setdefault(path, len(paths)) for path in str(row["ways"]).split(NAME_SEPARATOR)
        ]
        tasks[numbers[row["task"]]]["places"].append([at[row["id"]], row["rank"], *indexes])
    for row in iter_records(report_data.select_report_mentions(db, where)):
        tasks[numbers[row["task"]]]["regions"].append(row["region"])
    return [regions[id] for id in at], list(paths)


def _iter_names(
    db: sqlite3.Connection, targets: dict[str, dict[str, int]]
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the search keys of each target: kind, index, and a string of keys per name form."""
    typed: dict[tuple[int, int], list[list[str]]] = {}
    for row in iter_records(report_data.select_lookup_keys(db)):
        if (at := targets[row["kind"]].get(row["target"])) is not None:
            here = TARGET_KINDS.index(row["kind"]), at
            typed.setdefault(here, [[] for _how in NAME_FORMS])[
                NAME_FORMS.index(row["how"])
            ].append(row["key"])
    for (kind, at), keys in sorted(typed.items()):
        yield kind, at, [" ".join(each) for each in keys]
