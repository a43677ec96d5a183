"""Build self-contained rows of a plan's tasks, for data engines that do not know plancli.

``FLAT_FIELDS`` defines the fields of a row.  ``Flattener`` builds rows from a plan;
``plancli.query.flat_rows`` builds the same rows from a database.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import Plan, Task, TaskEntry, iter_tasks
from plancli.plan.region_words import MentionKinds
from plancli.plan.scope import AgencyIdentity, get_scope
from plancli.registry.hierarchy import TODAY, RegionHierarchy
from plancli.registry.model import MentionKind, Region, Registry
from plancli.results.labels import GRADES
from plancli.results.roles import Role
from plancli.text.normalize import fold

FlatRow = dict[str, Any]


class FlatField(NamedTuple):
    """A field: name, type (string, int32, bool, strings, or a list of records), description."""

    name: str
    type: "str | tuple[FlatField, ...]"
    description: str


FLAT_FIELDS = (
    FlatField("plan", "string", "the plan's short name"),
    FlatField("no", "string", "the task's number as printed"),
    FlatField("list", "string", "the heading of its list"),
    FlatField("section", "string", "the heading of its section, or empty"),
    FlatField("text", "string", "its text, verbatim"),
    FlatField("clause", "string", "its responsibility clause, verbatim, without brackets"),
    *(
        FlatField(role.value, "strings", f"the agencies that {role}, in the clause's order")
        for role in Role
    ),
    FlatField("open_ended", "bool", "whether the clause ends a list in 等"),
    FlatField("regions", "strings", "the regions that it mentions, in order of appearance"),
    FlatField("parts", "strings", "its passages with their clauses, if it has several clauses"),
    FlatField("title", "string", "the plan's title"),
    FlatField("ord", "int32", "the task's position in the plan, from 1"),
    FlatField("list_no", "string", "the list's number as printed, or empty"),
    FlatField("section_no", "string", "the section's number as printed, or empty"),
    FlatField("deadline", "string", "by when, verbatim, or empty"),
    FlatField(
        "duties",
        (
            FlatField("role", "string", "lead or participate"),
            FlatField("agency", "string", "the agency, as the plan names it"),
            FlatField("realm", "string", "the region that the agency belongs to, or empty"),
            FlatField("etc", "bool", "whether 等 follows it"),
        ),
        "the duties, in the clause's order",
    ),
    FlatField(
        "carried",
        (
            FlatField("region", "string", "the region"),
            FlatField("place", "string", "where the word is: text or clause"),
            FlatField("word", "string", "the word that mentions it"),
            FlatField("way", "string", "how: name, compound or landmark"),
        ),
        "the words that mention regions, in order of appearance",
    ),
    FlatField(
        "places",
        (
            FlatField("region", "string", "a region that it mentions, or that contains one"),
            FlatField("grade", "string", "the strongest grade: name, member, compound or clause"),
        ),
        "every region whose tasks include this one, the strongest grade first",
    ),
    FlatField("folded", "string", "its text as keywords are compared: plancli.api.fold"),
    FlatField("jurisdiction", "string", "the region whose plan it is"),
    FlatField("year", "int32", "the year the plan is for; 0 if not known"),
)
PARTITION_FIELDS = ("jurisdiction", "year")  # name the folders of a data set


class Flattener:
    """Builds rows of plans, one plan after the other, without a database.

    *own_regions* are the regions that the plans of the data set define themselves: the region
    hierarchy is that of all plans together.
    """

    def __init__(self, registry: Registry, own_regions: Iterable[Region] = ()) -> None:
        self._scope = get_scope(registry)
        all_regions = Plan(
            id="places", title="—", year=0, jurisdiction="", lists=(), regions=tuple(own_regions)
        )
        self._hierarchy = RegionHierarchy(self._scope.get_registry(all_regions).regions)

    def iter_rows(self, plan: Plan) -> Iterator[FlatRow]:
        """Yield a row for each task of *plan*, in order.

        Errors: BadPlan if the plan names an agency or a region that neither the registry nor the
            plan defines, or defines a region that is not among *own_regions*.
        """
        registry = self._scope.get_registry(plan)
        tail = {"jurisdiction": self._require_region(plan.jurisdiction, plan), "year": plan.year}
        identities = self._scope.identify_agencies(plan, registry)
        kinds = MentionKinds(registry)
        head = {"plan": plan.id, "title": plan.title}
        for order, entry in enumerate(iter_tasks(plan), 1):
            task = entry.task
            duties = list(_iter_duties(task, identities))
            carried = list(_iter_mentions(task, kinds))
            yield {
                **head,
                **_build_position(entry),
                **{
                    role.value: [each["agency"] for each in duties if each["role"] == role]
                    for role in Role
                },
                "open_ended": task.is_open_ended,
                "regions": list(dict.fromkeys(each["region"] for each in carried)),
                "parts": [part.printed for part in task.parts],
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
                **tail,
            }

    def _rank_regions(
        self, carried: Iterable[Mapping[str, str]], plan: Plan
    ) -> list[tuple[str, int]]:
        ranks: dict[str, int] = {}
        for each in carried:
            part = self._require_region(each["region"], plan)
            for region, path in self._hierarchy.find_ancestors(part).items():
                if not path.since <= (plan.year or TODAY) < path.until:
                    continue
                rank = 2 - (region == part)
                rank = 3 if each["way"] != MentionKind.NAME else rank
                rank = 4 if each["place"] == "clause" else rank
                ranks[region] = min(rank, ranks.get(region, rank))
        return sorted(ranks.items(), key=lambda item: (item[1], item[0]))

    def _filter_home_region(self, realm: str) -> str:
        return realm if realm in self._hierarchy.regions else ""

    def _require_region(self, region: str, plan: Plan) -> str:
        if region not in self._hierarchy.regions:
            raise BadPlan(_("{plan}: unknown region {name}").format(plan=plan.id, name=region))
        return region


def _build_position(entry: TaskEntry) -> FlatRow:
    """Return the fields for the position and the wording of a task."""
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


def _iter_duties(task: Task, identities: Mapping[str, AgencyIdentity]) -> Iterator[FlatRow]:
    duties: dict[tuple[Role, AgencyIdentity], tuple[str, bool]] = {}
    for group in task.duties:
        for name in group.names:
            key = group.role, identities[name]
            first, open_ended = duties.get(key, (name, False))
            is_last = group.is_open_ended and name == group.names[-1]
            duties[key] = first, open_ended or is_last
    for (role, identity), (name, is_last) in duties.items():
        home = identity.home_region
        yield {"role": str(role), "agency": name, "realm": home, "etc": is_last}


def _iter_mentions(task: Task, kinds: MentionKinds) -> Iterator[dict[str, str]]:
    for mention in task.regions:
        for place in ("text", "clause"):
            for word in getattr(mention, place):
                yield {
                    "region": mention.name,
                    "place": place,
                    "word": word,
                    "way": str(kinds.find_kind(word, mention.name)),
                }
