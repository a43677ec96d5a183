"""The provinces, prefectures and counties of China, from ``data/divisions.tsv``."""

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache

from plancli.registry.model import DatedName, Region, RegionType
from plancli.system import files

DIVISIONS_FILE = files.DATA_DIR / "divisions.tsv"  # written by scripts/divisions.py
FORMER_PARENTS_FILE = files.DATA_DIR / "former_parents.tsv"  # written with it


@cache
def read_rows() -> list[list[str]]:
    """Return the lines of the file, its header left out.

    The fields: code, full name, pinyin, name (empty where it is the full name), aliases,
    abbreviations, former names.
    """
    text = DIVISIONS_FILE.read_text("utf-8")
    return [line.split("\t") for line in text[text.index("\n110000\t") + 1 :].splitlines()]


@cache
def load_divisions() -> tuple[Region, ...]:
    """Return every province, prefecture and county of China, in the order of their codes."""
    county, prefecture, province = RegionType.COUNTY, RegionType.CITY, RegionType.PROVINCE
    above: dict[str, tuple[str, ...]] = {}  # the beginning of a code -> its province or prefecture
    regions = []
    for code, full_name, _pinyin, name, aliases, abbr, former in read_rows():
        name = name or full_name
        parents: tuple[str, ...] = ()
        if code.endswith("0000"):
            kind = province
            above[code[:2]] = (name,)
        elif code.endswith("00"):
            kind, parents = prefecture, above[code[:2]]
            above[code[:4]] = (name,)
        else:
            kind, parents = county, above.get(code[:4]) or above[code[:2]]
        regions.append(
            Region(
                name,
                kind,
                parents,
                tuple(aliases.split(",")) if aliases else (),
                tuple(abbr.split(",")) if abbr else (),
                former=parse_former_names(former) if former else (),
            )
        )
    return tuple(regions)


def parse_former_names(text: str) -> tuple[DatedName, ...]:
    """Parse 芜湖县<2020,… of the file."""
    pairs = (each.split("<") for each in text.split(",") if each)
    return tuple(DatedName(name, until) for name, until in pairs)


@cache
def load_former_parents() -> dict[str, tuple[DatedName, ...]]:
    """Return division -> what it was in before it moved to another city or province."""
    lines = FORMER_PARENTS_FILE.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: parse_former_names(text) for name, text in pairs}


def merge_regions(divisions: Iterable[Region], others: Iterable[Region]) -> tuple[Region, ...]:
    """Return all regions, each name once: *others* complement the *divisions*.

    An empty field takes the other's value, and tuples are united.
    """
    merged = {each.name: each for each in divisions}
    for other in others:
        known = merged.get(other.name)
        merged[other.name] = _unite(known, other) if known else other
    return tuple(merged.values())


def _unite(one: Region, other: Region) -> Region:
    changes = {}
    for field in fields(Region):
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, tuple) and field.name != "tile":
            its = tuple(dict.fromkeys((*mine, *its)))
            mine = ()
        if not mine and its:
            changes[field.name] = its
    return replace(one, **changes)
