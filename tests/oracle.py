"""The plan asked by plain loops, for tests: no SQL, no code of the questions.

It knows the plan and the registries as read from YAML; what lies in what, and whom a phrase may
mean, it works out anew from the registries' own fields.
"""

from plancli.plan import io as plan_io
from plancli.plan.model import iter_tasks
from plancli.registry.model import RegionType
from plancli.results.roles import Role
from plancli.system import files


def remembered(function):
    """*function*, which is asked the same only once; tasks of one plan are known by identity."""
    found = {}

    def again(*asked):
        key = tuple(each if isinstance(each, str) else id(each) for each in asked)
        if key not in found:
            found[key] = function(*asked)
        return found[key]

    return again


class Oracle:
    """The plan asked by plain loops."""

    def __init__(self, plan, known):
        self.plan, self.known = plan, known
        self.tasks = [entry.task for entry in iter_tasks(plan)]
        self.region = {region.name: region for region in known.regions}
        self.agency = {agency.name: agency for agency in known.agencies}
        self.words = known.build_region_words()
        for slow in ("parts", "possible", "grade", "roles"):  # asked again and again
            setattr(self, slow, remembered(getattr(self, slow)))

    def parts(self, name):
        """Every region in *name*, itself included; landmarks lie in nothing."""
        inside, grew = {name}, True
        while grew:
            more = {
                each.name
                for each in self.known.regions
                if each.type is not RegionType.LANDMARK and inside & set(each.parents)
            } | {member for part in inside for member in self.region[part].members}
            grew = not more <= inside
            inside |= more
        return inside

    def named(self, name, role=None):
        roles = [role] if role else list(Role)
        return [t.no for t in self.tasks if any(name in t.get_agency_names(each) for each in roles)]

    def may(self, phrase, name):
        """Whether the collective *phrase* may mean the body."""
        body, includes = self.agency[name], self.agency[phrase].may_include
        if not includes or body.kind not in includes.kinds:
            return False
        if not body.region or not includes.region:
            return True
        return bool(self.parts(body.region) & self.parts(includes.region))

    def possible(self, name):
        region = self.agency[name].region
        if region and region not in self.parts(self.plan.jurisdiction):
            return []  # a phrase of the plan means bodies of its own realm
        return [
            t.no
            for t in self.tasks
            if not any(name in t.get_agency_names(role) for role in Role)
            and any(self.may(phrase, name) for role in Role for phrase in t.get_agency_names(role))
        ]

    def grade(self, task, name):
        """The strongest of four reasons, or nothing."""
        grades = set()
        for mention in task.regions:
            if mention.name not in self.parts(name):
                continue
            for word in mention.text:
                ways = [c.kind for c in self.words[word] if c.region == mention.name]
                if ways[0] == "name":
                    grades.add(1 if mention.name == name else 2)
                else:
                    grades.add(3)
            if mention.clause:
                grades.add(4)
        return min(grades, default=0)

    def reason(self, task, name):
        """The same as a field's name, or nothing."""
        return {1: "name", 2: "member", 3: "compound", 4: "clause"}.get(self.grade(task, name))

    def roles(self, task, name):
        """What part the body has in the task: some of lead, participate; or possible; or none."""
        named = {str(role) for role in Role if name in task.get_agency_names(role)}
        return named or ({"possible"} if task.no in self.possible(name) else set())

    def passing(self, *, agency=None, role=None, region=None, section=None, word=None):
        """The tasks that the filters let through; *section*: numbers of a list and a section."""
        below = {
            task.no
            for list_ in self.plan.lists
            for part in (list_, *list_.sections)
            for task in part.tasks
            if section in (None, (list_.no, part.no if part is not list_ else ""))
        }
        return [
            t
            for t in self.tasks
            if (not agency or t.no in self.named(agency, role))
            and (agency or not role or t.get_agency_names(role))
            and (not region or self.grade(t, region))
            and t.no in below
            and (not word or word in t.text)
        ]

    def headings(self):
        """(number, list, section) -> its tasks, of those that have any."""
        return {
            (f"{list_.no}({part.no})" if part is not list_ else list_.no, list_.title,
             part.title if part is not list_ else ""): [task.no for task in part.tasks]
            for list_ in self.plan.lists
            for part in (list_, *list_.sections)
            if part.tasks
        }  # fmt: skip


def oracle_of(file, known):
    """The oracle of a plan that brings its own bodies and places."""
    plan = plan_io.parse_plan(files.read_plan_file(file), str(file), known)
    own = type(known)(
        plan.agencies,
        (*known.regions, *plan.regions),
        known.compounds,
        known.not_places,
        plan.jurisdiction,
    )
    return Oracle(plan, own)
