"""The plan asked by plain loops, for tests: no SQL, no code of the questions.

It knows the plan and the registries as read from YAML, and data/divisions.tsv; what lies in what,
in which year, who governs what, and whom a phrase may mean, it works out anew from their own
fields. Of names it knows nothing: which spellings are one agency, who writes a test tells it.
"""

from dataclasses import replace
from functools import cache

import yaml

from plancli.plan import io as plan_io
from plancli.plan.model import iter_tasks
from plancli.registry.model import (
    Agency,
    AgencyKind,
    AreaEdition,
    PossibleMembers,
    Region,
    RegionType,
)
from plancli.results.roles import Role
from plancli.system import files

LEVELS = (RegionType.PROVINCE, RegionType.CITY, RegionType.COUNTY)
KINDS = {  # of each level; 省有关单位 does not mean 省政府
    "人民政府": (AgencyKind.OTHER, AgencyKind.CITY, AgencyKind.COUNTY),
    "委": (AgencyKind.OTHER, AgencyKind.CITY_PARTY, AgencyKind.PARTY),
}
EVER = -1  # in any year


@cache
def read_divisions():
    """Name -> (the region, its full name), of every line of data/divisions.tsv."""
    text = (files.DATA_DIR / "divisions.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line[:6].isdigit()]
    names = {code: name or full for code, full, _pinyin, name, *_ in rows}
    found = {}
    for code, full, _pinyin, _name, aliases, *_ in rows:
        around = [each for each in (f"{code[:4]}00", f"{code[:2]}0000") if each in names]
        zeros = len(code) - len(code.rstrip("0"))
        type = RegionType.PROVINCE if zeros >= 4 else (
            RegionType.CITY if code.endswith("00") else RegionType.COUNTY)  # fmt: skip
        above = tuple(names[each] for each in around if each != code)[:1]
        found[names[code]] = (
            Region(names[code], type, above, tuple(filter(None, aliases.split(",")))),
            names[code] if type is RegionType.COUNTY else full,
        )
    return found


@cache
def read_regions():
    """Every region by name, those of data/regions.yaml put to the divisions; in types' order."""
    found = {name: region for name, (region, _full) in read_divisions().items()}
    for said in yaml.load(files.REGISTRY_FILES[1].read_bytes(), yaml.CSafeLoader)["regions"]:
        name, type = said["name"], RegionType(said["type"])
        one = found.get(name) or Region(name, type)
        united = {
            field: tuple(dict.fromkeys((*getattr(one, field), *said.get(key, ()))))
            for field, key in (("parents", "in"), ("aliases", "aliases"), ("members", "members"))
        }
        editions = tuple(
            AreaEdition(tuple(e["members"]), e["source"], str(e.get("since", "")),
                        str(e.get("until", ""))) for e in said.get("editions", ())
        )  # fmt: skip
        found[name] = replace(
            one, **united, source=said.get("source", ""), since=str(said.get("since", "")),
            until=str(said.get("until", "")), editions=editions, tile=tuple(said.get("tile", ())),
        )  # fmt: skip
    return in_types_order(found.values())


def in_types_order(regions):
    order = [*RegionType]
    return {each.name: each for each in sorted(regions, key=lambda r: order.index(r.type))}


def memberships(area):
    """(members, first year, first year no more) of an area, at every time."""
    for each in (area, *area.editions):
        yield each.members, int(each.since[:4] or 0), int(each.until[:4] or 9999)


def govern(region, ending):
    """The government (人民政府) or the party committee (委) of a division."""
    full = read_divisions()[region.name][1] if region.name in read_divisions() else region.name
    return Agency(full + ending, KINDS[ending][LEVELS.index(region.type)], region=region.name)


def remembered(function):
    """*function*, which is asked the same only once; tasks of one plan are known by identity."""
    found = {}

    def again(*asked):
        key = tuple(each if isinstance(each, str | int) else id(each) for each in asked)
        if key not in found:
            found[key] = function(*asked)
        return found[key]

    return again


class Oracle:
    """The plan asked by plain loops.

    *spellings*: a name that a rule makes or the plan prints -> the one name of the same agency;
    *phrases*: one that means governments, 各县人民政府 -> their kinds.
    """

    def __init__(self, plan, known, spellings=(), phrases=()):
        self.plan = plan
        self.phrases = {name: PossibleMembers(kinds) for name, kinds in dict(phrases).items()}
        self.spellings = {"安徽省人民政府": "省政府", "安徽省委": "省委", **dict(spellings)}
        self.tasks = [entry.task for entry in iter_tasks(plan)]
        self.region = in_types_order([*read_regions().values(), *plan.regions])
        self.agency = {
            each.name: each for each in self.agencies_of(known) if each.name not in self.spellings
        }
        self.known = replace(
            known, agencies=tuple(self.agency.values()), regions=tuple(self.region.values())
        )
        self.words = self.known.build_region_words()
        self.year = plan.year or 9998
        for slow in ("inside", "parts", "possible", "grade", "roles"):  # asked again and again
            setattr(self, slow, remembered(getattr(self, slow)))

    def agencies_of(self, known):
        """The agencies that the plan may name: in the order in which they are counted."""
        realm, home = self.plan.jurisdiction, known.home_region
        around = (home, *(name for name, region in self.region.items() if home in region.parents))
        listed = known.agencies if realm in around else ()
        yield from (each for each in listed if each.kind is not AgencyKind.COLLECTIVE)
        divisions = [each for each in read_regions().values() if each.type in LEVELS]
        governed = [each for each in divisions if realm in each.parents]
        governed += [each for each in divisions if each.name == realm]
        yield from (govern(each, ending) for ending in ("人民政府", "委") for each in governed)
        yield from (each for each in listed if each.kind is AgencyKind.COLLECTIVE)
        named = {name for t in self.tasks for group in t.duties for name in group.names}
        ours = {each.name for each in governed}
        yield from self.plan.agencies
        for region in divisions:
            for ending in ("人民政府", "委"):
                if govern(region, ending).name in named and region.name not in ours:
                    yield govern(region, ending)

    def inside(self, year):
        """Region -> what lies directly in it."""
        found = {name: set() for name in self.region}
        for each in self.region.values():
            for parent in each.parents if each.type is not RegionType.LANDMARK else ():
                found[parent].add(each.name)
            for members, since, until in memberships(each):
                if year == EVER or since <= year < until:
                    found[each.name] |= {*members}
        return found

    def parts(self, name, year=None):
        """Every region in *name* in the plan's year, itself included; landmarks lie in nothing."""
        below, found, queue = self.inside(self.year if year is None else year), {name}, [name]
        for part in queue:  # it grows
            more = below.get(part, set()) - found
            found |= more
            queue += more
        return found

    def said(self, task, role):
        """The agencies of the task in *role*, each by its one name."""
        return tuple(self.spellings.get(name, name) for name in task.get_agency_names(role))

    def named(self, name, role=None):
        roles = [role] if role else list(Role)
        return [t.no for t in self.tasks if any(name in self.said(t, each) for each in roles)]

    def may(self, phrase, name):
        """Whether the collective *phrase* may mean the body."""
        body = self.agency[name]
        includes = self.phrases.get(phrase) or self.agency[phrase].may_include
        if not includes or body.kind not in includes.kinds:
            return False
        if not body.region or not includes.region:
            return True
        return bool(self.parts(body.region, EVER) & self.parts(includes.region, EVER))

    def possible(self, name):
        region = self.agency[name].region
        if region and region not in self.parts(self.plan.jurisdiction, EVER):
            return []  # a phrase of the plan means bodies of its own realm
        return [
            t.no
            for t in self.tasks
            if not any(name in self.said(t, role) for role in Role)
            and any(self.may(phrase, name) for role in Role for phrase in self.said(t, role))
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
        named = {str(role) for role in Role if name in self.said(task, role)}
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


def oracle_of(file, known, spellings=(), phrases=()):
    """The oracle of a plan in a file."""
    plan = plan_io.parse_plan(files.read_plan_file(file), str(file), known)
    return Oracle(plan, known, spellings, phrases)
