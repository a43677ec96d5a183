"""Every body and place of many plans, gathered plan by plan; each has its number once it is met."""

from collections import Counter
from collections.abc import Iterable, Mapping

from plancli.plan import scope
from plancli.plan.model import Plan
from plancli.registry import hierarchy
from plancli.registry.model import Agency, Region, Registry

Body = tuple[str, str]  # its name, and the region whose body it is


class Gathered:
    """What the plans so far may mean: the registry's, and what they bring themselves."""

    def __init__(self, known: Registry) -> None:
        self._scope = scope.Scope(known)
        self.regions: dict[str, Region] = {each.name: each for each in known.regions}
        self.region_ids = {name: n for n, name in enumerate(self.regions, 1)}
        self.bodies: dict[Body, Agency] = {}
        self.body_ids: dict[Body, int] = {}
        self.possible: set[tuple[int, int]] = set()  # body, collective phrase that may mean it
        self._usual: dict[str, Mapping[str, int]] = {}

    def add(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> Mapping[str, int]:
        """Take in what *plan* may mean; return the number of each body by its name in the plan.

        *possible*: of a plan that brings bodies or places, whom its phrases may mean.
        Errors: BadPlan where two plans say different things of one body or place.
        """
        if scope.brings(plan):
            scope.add(self.regions, plan.regions, plan)
            for each in plan.regions:
                self.region_ids.setdefault(each.name, len(self.region_ids) + 1)
            return self._bodies(plan, possible)
        if plan.jurisdiction not in self._usual:
            phrases = hierarchy.possible(self._scope.of(plan))
            self._usual[plan.jurisdiction] = self._bodies(plan, phrases)
        return self._usual[plan.jurisdiction]

    def _bodies(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> dict[str, int]:
        own = {each.name for each in plan.agencies}
        ids = {}
        for each in self._scope.of(plan).agencies:
            body = each.name, self._scope.realm(each, plan if each.name in own else None)
            known = self.bodies.get(body)
            self.bodies[body] = scope.fuller(known, each, plan) if known else each
            ids[each.name] = self.body_ids.setdefault(body, len(self.body_ids) + 1)
        self.possible.update((ids[body], ids[phrase]) for phrase, body in possible)
        return ids

    def called(self) -> dict[Body, str]:
        """Return the one name of each body: its own, with the region where several share it."""
        same = Counter(name for name, _realm in self.bodies)
        called = {body: body[0] for body in self.bodies if same[body[0]] == 1 or not body[1]}
        taken = {*called.values()}
        for name, realm in self.bodies:
            if (name, realm) not in called:
                one = f"{name}（{realm}）"
                while one in taken:  # another's own name
                    one += f"（{realm}）"
                called[name, realm] = one
                taken.add(one)
        return called
