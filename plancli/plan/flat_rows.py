"""A plan's tasks as rows that stand by themselves, for engines that do not know plancli.

``FIELDS`` is the one place where the form of such a row is said.  ``Flattener`` makes rows of a
plan; ``plancli.query.flat_rows`` makes the same rows of a database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import Entry, Plan, Task, entries
from plancli.plan.role import Role
from plancli.plan.scope import Scope
from plancli.registry import hierarchy
from plancli.registry.model import Carried, Region, Registry, Way
from plancli.text.normalize import fold

Row = dict[str, Any]
GRADES = ("name", "member", "compound", "clause")  # why a task is about a place, strongest first


class Field(NamedTuple):
    """A field: its name, its type (string, int32, bool, strings, or a list of records), meaning."""

    name: str
    type: "str | tuple[Field, ...]"
    said: str


FIELDS = (
    Field("plan", "string", "the plan's short name"),
    Field("no", "string", "the task's number as printed"),
    Field("list", "string", "the heading of its list"),
    Field("section", "string", "the heading of its section, or empty"),
    Field("text", "string", "its words, verbatim"),
    Field("clause", "string", "its responsibility clause, verbatim, without brackets"),
    Field("lead", "strings", "who leads, in the clause's order"),
    Field("participate", "strings", "who takes part, in the clause's order"),
    Field("open_ended", "bool", "whether the clause ends a list in 等"),
    Field("regions", "strings", "the places that its words carry, in the order they are met"),
    Field("title", "string", "the plan's title"),
    Field("ord", "int32", "the task's place in the plan, from 1"),
    Field("list_no", "string", "the list's number as printed, or empty"),
    Field("section_no", "string", "the section's number as printed, or empty"),
    Field("deadline", "string", "by when, verbatim, or empty"),
    Field(
        "duties",
        (
            Field("role", "string", "lead or participate"),
            Field("agency", "string", "the body, as the plan names it"),
            Field("realm", "string", "the place whose body it is, or empty"),
            Field("etc", "bool", "whether 等 stands behind it"),
        ),
        "who has which part, in the clause's order",
    ),
    Field(
        "carried",
        (
            Field("region", "string", "the place"),
            Field("place", "string", "where the word stands: text or clause"),
            Field("word", "string", "the word that carries it"),
            Field("way", "string", "how: name, compound or landmark"),
        ),
        "the words that carry places, in the order they are met",
    ),
    Field(
        "places",
        (
            Field("region", "string", "a place that the task is about, or that holds one"),
            Field("grade", "string", "the strongest reason: name, member, compound or clause"),
        ),
        "every place that finds the task, the strongest reason first",
    ),
    Field("folded", "string", "its words as keywords are compared: plancli.api.fold"),
    Field("jurisdiction", "string", "the place whose plan it is"),
    Field("year", "int32", "the year the plan is for; 0 if not known"),
)
PARTED = ("jurisdiction", "year")  # what folders of a data set are named by


class Flattener:
    """Makes rows of plans, one after the other, without a database.

    *places* are all those that any plan of the whole brings itself: what lies in what is said by
    all of them together.
    """

    def __init__(self, known: Registry, places: Iterable[Region] = ()) -> None:
        self._scope = Scope(known)
        bringing = Plan(
            id="places", title="—", year=0, jurisdiction="", lists=(), regions=tuple(places)
        )
        regions = self._scope.of(bringing).regions
        self._ways = hierarchy.ways_up(replace(known, regions=regions))

    def rows(self, plan: Plan) -> Iterator[Row]:
        """Yield a row for each task of *plan*, in its order.

        Errors: BadPlan where the plan names what neither the registry nor itself knows, or
            brings a place that was not among the places.
        """
        meant = self._scope.of(plan)
        own = {each.name for each in plan.agencies}
        realms = {
            each.name: self._scope.realm(each, plan if each.name in own else None)
            for each in meant.agencies
        }
        words = meant.words()
        said = {"plan": plan.id, "title": plan.title}
        whose = {"jurisdiction": self._known(plan.jurisdiction, plan), "year": plan.year}
        for order, entry in enumerate(entries(plan), 1):
            task = entry.task
            duties = list(_duties(task, realms, plan))
            carried = list(_carried(task, words))
            yield {
                **said,
                **_stands(entry),
                "lead": [each["agency"] for each in duties if each["role"] == Role.LEAD],
                "participate": [
                    each["agency"] for each in duties if each["role"] == Role.PARTICIPATE
                ],
                "open_ended": task.open_ended,
                "regions": list(dict.fromkeys(each["region"] for each in carried)),
                "ord": order,
                "duties": [{**each, "realm": self._placed(each["realm"])} for each in duties],
                "carried": carried,
                "places": [
                    {"region": name, "grade": GRADES[rank - 1]}
                    for name, rank in self._places(carried, plan)
                ],
                "folded": fold(task.text),
                **whose,
            }

    def _places(self, carried: Iterable[Mapping[str, str]], plan: Plan) -> list[tuple[str, int]]:
        ranks: dict[str, int] = {}
        for each in carried:
            part = self._known(each["region"], plan)
            for whole in self._ways[part]:
                rank = 2 - (whole == part)
                rank = 3 if each["way"] != Way.NAME else rank
                rank = 4 if each["place"] == "clause" else rank
                ranks[whole] = min(rank, ranks.get(whole, rank))
        return sorted(ranks.items(), key=lambda item: (item[1], item[0]))

    def _placed(self, realm: str) -> str:
        return realm if realm in self._ways else ""

    def _known(self, region: str, plan: Plan) -> str:
        if region not in self._ways:
            raise BadPlan(_("{plan}: unknown region {name}").format(plan=plan.id, name=region))
        return region


def _stands(entry: Entry) -> Row:
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


def _duties(task: Task, realms: Mapping[str, str], plan: Plan) -> Iterator[Row]:
    found: dict[tuple[Role, str], bool] = {}
    for group in task.duties:
        for name in group.names:
            etc = group.open_ended and name == group.names[-1]
            found[group.role, name] = found.get((group.role, name), False) or etc
    for (role, name), etc in found.items():
        if name not in realms:
            raise BadPlan(_("{plan}: unknown agency {name}").format(plan=plan.id, name=name))
        yield {"role": str(role), "agency": name, "realm": realms[name], "etc": etc}


def _carried(task: Task, words: Mapping[str, tuple[Carried, ...]]) -> Iterator[dict[str, str]]:
    for mention in task.regions:
        for place in ("text", "clause"):
            for word in getattr(mention, place):
                ways = [each.way for each in words.get(word, ()) if each.region == mention.name]
                yield {
                    "region": mention.name,
                    "place": place,
                    "word": word,
                    "way": str(ways[0] if ways else Way.NAME),
                }
