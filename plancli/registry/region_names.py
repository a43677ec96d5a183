"""What a typed region name means: 合肥, 安徽省合肥市, 芜湖县, 宁马, hefei, ah.

The ways are tried in the order of ``MeaningKind``, and the first that finds a region counts.  Of
several regions those of the open plans' own city or province go first, then the higher level.
"""

import re
from collections.abc import Collection

from plancli.registry.model import RegionType, Registry
from plancli.registry.region_compounds import read_compound
from plancli.registry.region_index import Homes, MeaningKind, RegionMeaning, RegionNameIndex
from plancli.registry.region_paths import find_path
from plancli.system import files
from plancli.text.normalize import normalize_key

NAMESAKES_FILE = files.DATA_DIR / "namesakes.tsv"
REMEMBERED_YEAR = (
    "2000"  # 淮阴 until 2000 and 思茅 until 2007 name the city rather than its district
)
MIN_SHORTENED = 4  # characters: 合淮走廊
AUTONOMOUS = "自治"
BEGINNING = re.compile("[a-z]+[0-9]+")  # g60


def find_region_meaning(
    registry: Registry, typed: str, home: Collection[str] = ()
) -> RegionMeaning:
    """Return the regions that *typed* means, and how they were found; none if it is unknown.

    *home* are the jurisdictions of the open plans (安徽省, 合肥市).
    """
    return _get_finder(registry).find(typed, home)


def suggest_region_names(registry: Registry, typed: str) -> tuple[str, ...]:
    """Return regions that the unknown name *typed* may be meant for, the likeliest first.

    The right path of a wrong one (芜湖市包河区: 合肥市包河区), the same sound, one character off.
    """
    from plancli.registry.region_suggestions import iter_suggestions  # only for unknown names

    return tuple(iter_suggestions(_get_finder(registry).index, typed))


def is_shared_with_nature(
    registry: Registry, typed: str, meaning: RegionMeaning, home: Collection[str]
) -> bool:
    """Whether *typed* is also a lake, a mountain or a river, unless the region is at home: 太湖."""
    if normalize_key(typed) not in load_namesakes():
        return False
    return not _get_finder(registry).index.is_at_home(meaning.names, home)


def load_namesakes() -> frozenset[str]:
    """Return the lakes, mountains and rivers that share the bare name of a division."""
    lines = NAMESAKES_FILE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


class RegionNameFinder:
    """Find what a typed name means, in every way one after the other."""

    def __init__(self, registry: Registry) -> None:
        self.index = RegionNameIndex(registry)
        self.compounds = {normalize_key(each.word): each.means for each in registry.compounds}

    def find(self, typed: str, home: Collection[str] = ()) -> RegionMeaning:
        """Return what *typed* means in plans of *home*."""
        key = normalize_key(typed)
        if not key:
            return RegionMeaning()
        homes = self.index.collect_homes(home)
        return (
            self._find_listed(key, homes)
            or find_path(self.index, key, homes)
            or self._find_former(key, homes)
            or self._find_compound(key)
            or self._find_shortened(key, homes)
            or self._find_spelled(key, homes)
            or RegionMeaning()
        )

    def _find_listed(self, key: str, homes: Homes) -> RegionMeaning | None:
        """Find a name, an alias or an abbreviation."""
        found = [*self.index.get_exact(key), *self.index.abbreviations.get(key, ())]
        if not found:
            return None
        if former := self._find_former_at_home(key, found, homes):
            return former
        names = self.index.choose(found, homes)
        kind = MeaningKind.NAME if self.index.names.get(key) in names else MeaningKind.ALIAS
        if kind is MeaningKind.ALIAS and (city := self._find_remembered_city(key, names)):
            return city
        others = (
            name for name, until in self.index.former.get(key, ()) if until >= REMEMBERED_YEAR
        )
        return RegionMeaning(
            names, kind, others=tuple(each for each in others if each not in names)
        )

    def _find_former_at_home(
        self, key: str, found: list[str], homes: Homes
    ) -> RegionMeaning | None:
        """Return the region at home that was named *key*, if the regions *found* are elsewhere.

        In plans of 江苏, 清河区 is 清江浦区 of 淮安 rather than 清河区 of 铁岭.
        """
        home = set().union(*homes)
        former = [
            each for each in self.index.former.get(key, ()) if self.index.is_in(each[0], home)
        ]
        if not former or any(self.index.is_in(each, home) for each in found):
            return None
        return self.index.build_former(former, homes)

    def _find_remembered_city(self, key: str, names: tuple[str, ...]) -> RegionMeaning | None:
        """Return the city that was named *key* until lately, if it holds all the districts *names*.

        淮阴 is 淮安 rather than 淮阴区, which lies in it.
        """
        for name, until in self.index.get_former(key):
            if (
                until >= REMEMBERED_YEAR
                and self.index.regions[name].type is RegionType.CITY
                and all(name in self.index.get_ancestors(each) for each in names)
            ):
                return RegionMeaning((name,), MeaningKind.FORMER, until)
        return None

    def _find_former(self, key: str, homes: Homes) -> RegionMeaning | None:
        former = self.index.get_former(key)
        return self.index.build_former(former, homes) if former else None

    def _find_compound(self, key: str) -> RegionMeaning | None:
        """Find a listed compound, or one in which every character is an abbreviation."""
        names = self.compounds.get(key) or read_compound(
            key, self.index.abbreviations, self.index.regions, self.index.get_provinces
        )
        return RegionMeaning(names, MeaningKind.COMPOUND) if names else None

    def _find_shortened(self, key: str, homes: Homes) -> RegionMeaning | None:
        """Find the one area whose name lacks a part within (合淮走廊) or begins with *key* (G60).

        Also a landmark, and a division without its peoples: 广西自治区.
        """
        if len(key) < MIN_SHORTENED and not BEGINNING.fullmatch(key):
            return None
        by_name = [name for form, name in self.index.names.items() if _is_shortened(key, form)]
        by_alias = [
            name
            for form, names in self.index.aliases.items()
            if _is_shortened(key, form)
            for name in names
        ]
        for found in (by_name, by_alias):
            suited = [name for name in found if self.index.is_area(name) or AUTONOMOUS in key]
            if suited:
                names = self.index.choose(suited, homes)
                return RegionMeaning(names, MeaningKind.SHORTENED) if len(names) == 1 else None
        return None

    def _find_spelled(self, key: str, homes: Homes) -> RegionMeaning | None:
        """Find a name by its pinyin, or by the initials if it is not a county's.

        Of several names with one pinyin the highest level counts: a province, a city, a county.
        """
        names, is_full = self.index.spellings.find(key)
        if not names:
            return None
        chosen = self.index.choose(names, [] if is_full else homes)
        by_name = tuple(each for each in chosen if self.index.spellings.is_name(each, key))
        chosen = by_name or chosen  # bozhou: 亳州 before 博州
        provinces = tuple(
            each for each in chosen if self.index.regions[each].type is RegionType.PROVINCE
        )
        chosen = provinces or chosen  # zj: 浙江 before 镇江
        others = tuple(each for each in names if is_full and each not in chosen)
        return RegionMeaning(chosen, MeaningKind.PINYIN, others=others)


def _is_shortened(key: str, form: str) -> bool:
    """Whether *key* is *form* without one part that is neither its beginning nor its end."""
    if len(key) >= len(form) or form[0] != key[0]:
        return False
    if BEGINNING.fullmatch(key):
        return form.startswith(key) and not form[len(key)].isascii()
    return any(form.startswith(key[:at]) and form.endswith(key[at:]) for at in range(2, len(key)))


_last_finder: list[tuple[Registry, RegionNameFinder]] = []


def _get_finder(registry: Registry) -> RegionNameFinder:
    """Return the finder of *registry*, which is kept as long as the same registry is asked."""
    if not _last_finder or _last_finder[0][0] is not registry:
        _last_finder[:] = [(registry, RegionNameFinder(registry))]
    return _last_finder[0][1]
