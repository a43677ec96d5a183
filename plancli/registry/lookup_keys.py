"""Build the keys by which agencies, regions and sections are looked up: (key, how, target) rows."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from plancli.registry import model, pinyin
from plancli.registry.agency_names import parse_agency_name
from plancli.registry.model import Agency, RegionType, Registry
from plancli.text.normalize import normalize_key
from plancli.text.numerals import parse_heading_number

LookupKey = tuple[str, str, str]
PROVINCE_LEVEL = "省"
REGION_LEVELS = ("自治区", "自治州", "自治县", "省", "市", "县", "区", "州", "旗")
ORGAN_NAMES = ("委", "政府", "人民政府", "人大", "政协")  # too general without their level


class LookupAgency(NamedTuple):
    """An agency with what its keys are made of."""

    display_name: str
    entry: Agency
    printed_names: tuple[str, ...]  # in all plans
    home: str  # the full name of its home region: 安徽省
    identity: str  # equal for agencies of other regions with the same functions


def iter_agency_keys(agencies: Iterable[LookupAgency]) -> Iterator[LookupKey]:
    """Yield the keys of every agency: 省发展改革委, 安徽省发改委, 发改委, fgw …

    A spelling without a level, such as 发改委, is a key of all agencies with these functions.
    """
    listed = [(each, _collect_spellings(each)) for each in agencies]
    shared: dict[str, dict[str, None]] = {}  # identity -> spellings without a level
    for agency, spellings in listed:
        shared.setdefault(agency.identity, {}).update(
            dict.fromkeys(form for form, has_level in spellings.items() if not has_level)
        )
    for agency, spellings in listed:
        name, entry = agency.display_name, agency.entry
        printed = dict.fromkeys((entry.name, name, *agency.printed_names))
        for form in printed:
            yield normalize_key(form), "name", name
        for form in {**spellings, **shared[agency.identity]}:
            yield normalize_key(form), "alias", name
            # Nobody spells out a province in letters before the rest of a name.
            if form in printed or not (agency.home and form.startswith(agency.home)):
                for key in _iter_pinyin_keys(form):
                    yield key, "pinyin", name
        for how, others in (("former", entry.former), ("later", entry.later)):
            for other in others:
                for form, _has_level in _iter_level_spellings(other.name, agency.home):
                    yield normalize_key(form), how, name
        for function in parse_agency_name(entry.name).functions:
            yield function, "function", name


def collect_printed_names(registry: Registry) -> dict[str, str]:
    """Return the spellings that a plan may print -> the agency's name in *registry*.

    Stricter than what a user may type: 能源局 alone is not a printed name.  A region is its
    government, but 合肥市政府 stays as printed.
    """
    names: dict[str, str] = {}
    for agency in registry.agencies:
        province = model.find_province(agency)
        others = [each.name for each in (*agency.former, *agency.later)]
        aliases = [each for each in agency.aliases if not (agency.region and each.endswith("政府"))]
        forms = [agency.name, *aliases, agency.official, *others]
        forms += [province[:-1] + form for form in forms if province and form[:1] == PROVINCE_LEVEL]
        for form in filter(None, forms):
            names.setdefault(form, agency.name)
    return names


def _collect_spellings(agency: LookupAgency) -> dict[str, bool]:
    """Return every spelling of the agency's name, and whether it has a level or a region."""
    entry = agency.entry
    names = [entry.name, *agency.printed_names, *entry.aliases]
    if entry.official:
        names.append(entry.official)
        names.append(entry.official.removeprefix("中共").removeprefix(agency.home[:-1]))
    return {
        form: has_level
        for each in dict.fromkeys(names)
        for form, has_level in _iter_level_spellings(each, agency.home)
    }


def _iter_level_spellings(name: str, region: str) -> Iterator[tuple[str, bool]]:
    """Yield 省能源局, 安徽省能源局 and 能源局 for 省能源局, and whether each has a level or a region.

    The same for 市, 县 and 自治区.
    """
    for level in REGION_LEVELS:
        if region.endswith(level) and name.startswith(level):
            yield name, True
            yield region.removesuffix(level) + name, True
            if not name.startswith(tuple(level + organ for organ in ORGAN_NAMES)):
                yield name.removeprefix(level), False
            return
    parsed = parse_agency_name(name)
    yield name, bool(parsed.region or parsed.level or not parsed.functions)


def iter_region_keys(registry: Registry) -> Iterator[LookupKey]:
    """Yield the keys of every region, and of the compounds, which stand for several regions."""
    for region in registry.regions:
        yield normalize_key(region.name), "name", region.name
        names = [region.name, *region.aliases, *region.abbr]
        if region.type is RegionType.AREA:
            names += [region.name + "地区", region.name + "区域"]
        for form in names:
            yield normalize_key(form), "alias", region.name
            for key in _iter_pinyin_keys(form):
                yield key, "pinyin", region.name
    for compound in registry.compounds:
        for name in compound.means:
            yield normalize_key(compound.word), "compound", name


def iter_section_keys(
    rows: Iterable[tuple[int | None, int, str, str, str, str]],
) -> Iterator[LookupKey]:
    """Yield the keys of every list (target ``list:1``) and section (``section:3``)."""
    for list_id, group in groupby(rows, key=lambda row: row[1]):
        for section_id, _list, list_no, list_title, no, title in group:
            target = f"list:{list_id}"
            upper = parse_heading_number(list_no)
            yield from _iter_title_keys(upper, title=list_title, target=target)
            yield normalize_key(f"{list_no}、{list_title}"), "alias", target
            if no:
                lower, target = parse_heading_number(f"({no})"), f"section:{section_id}"
                yield from _iter_title_keys(upper + lower if upper and lower else "", title, target)
                yield from _iter_title_keys(lower, title, target)
                for printed in (f"({no}){title}", f"{list_no}({no}){title}"):
                    yield normalize_key(printed), "alias", target


def _iter_title_keys(number: str, title: str, target: str) -> Iterator[LookupKey]:
    if number:
        yield number, "alias" if number[0] == "." else "name", target
    yield normalize_key(title), "name", target
    for key in _iter_pinyin_keys(title):
        yield key, "pinyin", target


def _iter_pinyin_keys(name: str) -> Iterator[str]:
    """Yield the name's pinyin, in full and as initials: shengnengyuanju, snyj."""
    syllables = pinyin.split_syllables(name)
    yield "".join(syllables)
    yield "".join(each[:1] for each in syllables)
