"""Typed paths of regions: 安徽省合肥市, 合肥蜀山, 安徽省宣城市宁国市.  Every step must hold."""

import re
from collections.abc import Iterator

from plancli.registry.divisions import load_former_parents
from plancli.registry.region_index import Homes, MeaningKind, RegionMeaning, RegionNameIndex

LEVEL_SUFFIXES = ("市", "县", "区", "州", "旗", "新区")
UPPER_SUFFIX = re.compile("(?<=..)(地区|[省市盟])$")


def find_path(index: RegionNameIndex, key: str, homes: Homes) -> RegionMeaning | None:
    """Find a region below another: 安徽省合肥市, 合肥蜀山, 安徽省宣城市宁国市, 芜湖市三山区.

    Each step lies in the one before it, or did: 巢湖市含山县.
    """
    for upper, lower, regions in iter_steps(index, key):
        for each in regions:
            if meaning := _find_below(index, each, upper, lower, homes):
                return meaning
    return None


def iter_steps(index: RegionNameIndex, key: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each way to split *key* at a region: its name, what follows, the regions meant."""
    for end in range(len(key) - 2, 1, -1):
        former = (name for name, _until in index.former.get(key[:end], ()))
        if regions := [*index.get_exact(key[:end]), *former]:
            yield key[:end], key[end:], regions


def _find_below(
    index: RegionNameIndex, upper: str, upper_key: str, key: str, homes: Homes
) -> RegionMeaning | None:
    """Find *key* in the region *upper*, or a county that *upper_key* had at another time."""
    deeper = find_path(index, key, homes)
    listed = [*index.get_exact(key), *(deeper.names if deeper else ())]
    below = [each for each in listed if each != upper and upper in index.get_ancestors(each)]
    if below := below or _find_bare_below(index, upper, key):
        return RegionMeaning(index.choose(below, homes), MeaningKind.PATH)
    former = index.get_former(key)
    if inside := [each for each in former if upper in index.get_ancestors(each[0])]:
        return index.build_former(inside, homes)
    moved = [
        (name, until)
        for name, until in (*((each, "") for each in listed), *former)
        if _was_in(index, name, upper_key)
    ]
    if len(moved) != 1:
        return None
    [(name, until)] = moved
    return RegionMeaning((name,), MeaningKind.FORMER if until else MeaningKind.PATH, until)


def _find_bare_below(index: RegionNameIndex, upper: str, key: str) -> list[str]:
    """Return the regions in *upper* named *key* with a suffix: 天津滨海, 黄山黄山, 乌海海南."""
    forms = (key + suffix for suffix in LEVEL_SUFFIXES)
    found = (name for form in forms for name in index.get_exact(form))
    return [each for each in found if each != upper and upper in index.get_ancestors(each)]


def _was_in(index: RegionNameIndex, name: str, upper_key: str) -> bool:
    """Whether *name* was, until a known year, in the division *upper_key*: 寿县 in 六安."""
    bare = UPPER_SUFFIX.sub("", upper_key)
    former = load_former_parents()
    return any(
        UPPER_SUFFIX.sub("", parent.name) == bare
        for each in index.get_ancestors(name)
        for parent in former.get(each, ())
    )
