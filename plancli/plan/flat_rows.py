"""A plan's tasks as rows that stand by themselves, for engines that do not know plancli.

``FIELDS`` is the one place where the form of such a row is said.  ``Flattener`` makes rows of a
plan; ``plancli.query.flat_rows`` makes the same rows of a database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import Plan, Task, TaskEntry, iter_tasks
from plancli.plan.scope import RegistryScope
from plancli.registry import hierarchy
from plancli.registry.model import MentionKind, Region, RegionMatch, Registry
from plancli.results.labels import GRADES
from plancli.results.roles import Role
from plancli.text.normalize import fold

FlatRow = dict[str, Any]


class FlatField(NamedTuple):
    """A field: its name, its type (string, int32, bool, strings, or a list of records), meaning."""

    name: str
    type: "str | tuple[FlatField, ...]"
    description: str


FLAT_FIELDS = (
    FlatField("plan", "string", "the plan's short name"),
    FlatField("no", "string", "the task's number as printed"),
    FlatField("list", "string", "the heading of its list"),
    FlatField("section", "string", "the heading of its section, or empty"),
    FlatField("text", "string", "its words, verbatim"),
    FlatField("clause", "string", "its responsibility clause, verbatim, without brackets"),
    FlatField("lead", "strings", "who leads, in the clause's order"),
    FlatField("participate", "strings", "who takes part, in the clause's order"),
    FlatField("open_ended", "bool", "whether the clause ends a list in 等"),
    FlatField("regions", "strings", "the places that its words carry, in the order they are met"),
    FlatField("title", "string", "the plan's title"),
    FlatField("ord", "int32", "the task's place in the plan, from 1"),
    FlatField("list_no", "string", "the list's number as printed, or empty"),
    FlatField("section_no", "string", "the section's number as printed, or empty"),
    FlatField("deadline", "string", "by when, verbatim, or empty"),
    FlatField(
        "duties",
        (
            FlatField("role", "string", "lead or participate"),
            FlatField("agency", "string", "the body, as the plan names it"),
            FlatField("realm", "string", "the place whose body it is, or empty"),
            FlatField("etc", "bool", "whether 等 stands behind it"),
        ),
        "who has which part, in the clause's order",
    ),
    FlatField(
        "carried",
        (
            FlatField("region", "string", "the place"),
            FlatField("place", "string", "where the word stands: text or clause"),
            FlatField("word", "string", "the word that carries it"),
            FlatField("way", "string", "how: name, compound or landmark"),
        ),
        "the words that carry places, in the order they are met",
    ),
    FlatField(
        "places",
        (
            FlatField("region", "string", "a place that the task is about, or that holds one"),
            FlatField("grade", "string", "the strongest reason: name, member, compound or clause"),
        ),
        "every place that finds the task, the strongest reason first",
    ),
    FlatField("folded", "string", "its words as keywords are compared: plancli.api.fold"),
    FlatField("jurisdiction", "string", "the place whose plan it is"),
    FlatField("year", "int32", "the year the plan is for; 0 if not known"),
)
PARTITION_FIELDS = ("jurisdiction", "year")  # what folders of a data set are named by


class Flattener:
    """Makes rows of plans, one after the other, without a database.

    *places* are all those that any plan of the whole brings itself: what lies in what is said by
    all of them together.
    """

    def __init__(self, known: Registry, places: Iterable[Region] = ()) -> None:
        self._scope = RegistryScope(known)
        bringing = Plan(
            id="places", title="—", year=0, jurisdiction="", lists=(), regions=tuple(places)
        )
        regions = self._scope.get_registry(bringing).regions
        self._ways = hierarchy.find_ancestor_paths(replace(known, regions=regions))

    def iter_rows(self, plan: Plan) -> Iterator[FlatRow]:
        """Yield a row for each task of *plan*, in its order.

        Errors: BadPlan where the plan names what neither the registry nor itself knows, or
            brings a place that was not among the places.
        """
        meant = self._scope.get_registry(plan)
        own = {each.name for each in plan.agencies}
        realms = {
            each.name: self._scope.find_home_region(each, plan if each.name in own else None)
            for each in meant.agencies
        }
        words = meant.build_region_words()
        said = {"plan": plan.id, "title": plan.title}
        whose = {"jurisdiction": self._require_region(plan.jurisdiction, plan), "year": plan.year}
        for order, entry in enumerate(iter_tasks(plan), 1):
            task = entry.task
            duties = list(_iter_duties(task, realms, plan))
            carried = list(_iter_mentions(task, words))
            yield {
                **said,
                **_build_position(entry),
                "lead": [each["agency"] for each in duties if each["role"] == Role.LEAD],
                "participate": [
                    each["agency"] for each in duties if each["role"] == Role.PARTICIPATE
                ],
                "open_ended": task.is_open_ended,
                "regions": list(dict.fromkeys(each["region"] for each in carried)),
                "ord": order,
                "duties": [
                    {**each, "realm": self._filter_home_region(each["realm"])} for each in duties
                ],
                "carried": carried,
                "places": [
                    {"region": name, "grade": GRADES[rank - 1]}
                    for name, rank in self._rank_regions(carried, plan)
                ],
                "folded": fold(task.text),
                **whose,
            }

    def _rank_regions(
        self, carried: Iterable[Mapping[str, str]], plan: Plan
    ) -> list[tuple[str, int]]:
        ranks: dict[str, int] = {}
        for each in carried:
            part = self._require_region(each["region"], plan)
            for whole in self._ways[part]:
                rank = 2 - (whole == part)
                rank = 3 if each["way"] != MentionKind.NAME else rank
                rank = 4 if each["place"] == "clause" else rank
                ranks[whole] = min(rank, ranks.get(whole, rank))
        return sorted(ranks.items(), key=lambda item: (item[1], item[0]))

    def _filter_home_region(self, realm: str) -> str:
        return realm if realm in self._ways else ""

    def _require_region(self, region: str, plan: Plan) -> str:
        if region not in self._ways:
            raise BadPlan(_("{plan}: unknown region {name}").format(plan=plan.id, name=region))
        return region


def _build_position(entry: TaskEntry) -> FlatRow:
    """Return where a task stands, and its words."""
    section = entry.section
    return {
        "no": entry.task.no,
        "list": entry.list.title,
        "section": section.title if section else "",
        "text": entry.task.text,
        "clause": entry.task.clause,
        "list_no": entry.list.no,
        "section_no": section.no if section else "",
        "deadline": entry.task.deadline,
    }


def _iter_duties(task: Task, realms: Mapping[str, str], plan: Plan) -> Iterator[FlatRow]:
    found: dict[tuple[Role, str], bool] = {}
    for group in task.duties:
        for name in group.names:
            etc = group.is_open_ended and name == group.names[-1]
            found[group.role, name] = found.get((group.role, name), False) or etc
    for (role, name), etc in found.items():
        if name not in realms:
            raise BadPlan(_("{plan}: unknown agency {name}").format(plan=plan.id, name=name))
        yield {"role": str(role), "agency": name, "realm": realms[name], "etc": etc}


def _iter_mentions(
    task: Task, words: Mapping[str, tuple[RegionMatch, ...]]
) -> Iterator[dict[str, str]]:
    for mention in task.regions:
        for place in ("text", "clause"):
            for word in getattr(mention, place):
                ways = [each.kind for each in words.get(word, ()) if each.region == mention.name]
                yield {
                    "region": mention.name,
                    "place": place,
                    "word": word,
                    "way": str(ways[0] if ways else MentionKind.NAME),
                }
