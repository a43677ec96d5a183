"""Bodies side by side, as printed and in full: ellipses, collectives, 等."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.papers.realms import Realm

_GOVERNMENTS = ("人民政府", "管委会")


@dataclass(frozen=True, slots=True)
class Group:
    """Bodies that stand side by side, as printed and in full."""

    text: str
    names: tuple[str, ...]
    open_ended: bool = False


class Pool:
    """The bodies of a realm in random order, each given out once."""

    def __init__(self, rng: random.Random, realm: Realm) -> None:
        twins = [twin for twin in realm.twins if rng.random() < 0.4]
        halves = [twin.split("（")[0] for twin in twins]
        offices = [office for office in realm.offices if realm.head + office not in halves]
        self._left = {
            "offices": rng.sample(offices, len(offices)),
            "sections": rng.sample(realm.sections, len(realm.sections)),
            "others": rng.sample(realm.others, len(realm.others)),
            "twins": rng.sample(twins, len(twins)),
            "places": rng.sample(realm.places, len(realm.places)),
            "zones": rng.sample(realm.zones, len(realm.zones)),
            "collectives": rng.sample(realm.collectives, len(realm.collectives)),
        }

    def has(self, kind: str, count: int) -> bool:
        """Return whether so many are left."""
        return len(self._left[kind]) >= count

    def take(self, kind: str, count: int = 1) -> list[str]:
        """Return *count* bodies of that kind, or as many as are left."""
        left = self._left[kind]
        taken, left[:] = left[:count], left[count:]
        return taken


class Namer:
    """Puts the bodies of one realm side by side, in the manner of one plan."""

    def __init__(self, rng: random.Random, realm: Realm, elides: bool) -> None:
        self._rng, self._realm, self._elides = rng, realm, elides

    def group(self, pool: Pool, size: int, *, tail: bool = True, separator: str = "、") -> Group:
        """Return *size* bodies or more; with *tail* perhaps 等 or a collective after them."""
        named = self._bodies(pool, size, separator)
        return self._tailed(named, pool, separator) if tail else named

    def _bodies(self, pool: Pool, size: int, separator: str) -> Group:
        rng, realm = self._rng, self._realm
        if pool.has("places", max(size, 2)) and rng.random() < 0.12:
            return self._governments(pool, max(size, 2), separator)
        if self._elides and size > 1 and separator == "、" and rng.random() < 0.7:
            return self._elided(pool, size)
        names = [realm.head + office for office in pool.take("offices", size)]
        for kind, chance in (("others", 0.3), ("twins", 0.2), ("sections", 0.1)):
            taken = pool.take(kind) if rng.random() < chance else []
            if taken:
                party = realm.party if kind == "sections" else ""
                names[rng.randrange(len(names))] = party + taken[0]
        return Group(separator.join(names), tuple(names))

    def _elided(self, pool: Pool, size: int) -> Group:
        """Return a run in which only the first body has its 省, 自治区, 市 or 县."""
        rng, realm = self._rng, self._realm
        offices = pool.take("offices", size)
        names = [realm.head + office for office in offices]
        printed = [names[0], *offices[1:]]
        sections = pool.take("sections", 2) if rng.random() < 0.4 else []
        if sections:
            names[0] = printed[0] = realm.party + sections[0]
        if len(sections) > 1 and size > 2 and rng.random() < 0.4:
            names[1], printed[1] = realm.party + sections[1], sections[1]
        for body in pool.take("others") if rng.random() < 0.3 else []:
            if not body.startswith(realm.head):
                names.append(body)
                printed.append(body)
        return Group("、".join(printed), tuple(names))

    def _governments(self, pool: Pool, size: int, separator: str = "、") -> Group:
        rng = self._rng
        zones = pool.has("zones", size) and rng.random() < 0.2
        places = pool.take("zones" if zones else "places", size)
        end = "管委会" if zones else "人民政府"
        names = tuple(place + end for place in places)
        if separator == "、" and rng.random() < 0.6:
            return Group("、".join(places) + end, names)
        return Group(separator.join(names), names)

    def _tailed(self, named: Group, pool: Pool, separator: str) -> Group:
        rng, realm = self._rng, self._realm
        text, names = named.text, named.names
        roll = rng.random()
        if roll < 0.2 and pool.has("places", 3) and not names[-1].endswith(_GOVERNMENTS):
            more = self._governments(pool, rng.randint(1, 3))
            joiner = separator if separator != "、" else rng.choice("，、")
            text, names = text + joiner + more.text, names + more.names
        if roll < 0.12 or 0.3 < roll < 0.5:
            return Group(text + self._and_others(names), names, True)
        if not 0.5 <= roll < 0.65:
            return Group(text, names)
        if not realm.head and roll < 0.55:
            return Group(f"{text}等国务院相关部门及各地区", (*names, "各地区"), True)
        collective = [] if names[-1].endswith(_GOVERNMENTS) else pool.take("collectives")
        if not collective:
            return Group(text, names)
        joiners = (separator, "及") if "和" in collective[0] else (separator, "及", "和")
        return Group(text + rng.choice(joiners) + collective[0], (*names, collective[0]))

    def _and_others(self, names: Sequence[str]) -> str:
        if names[-1].endswith(_GOVERNMENTS):
            return "等"
        kinds = ("等", "等", "等部门", "等单位", "等部门和单位", "等有关部门")
        return self._rng.choice(kinds)
