"""Build the keys by which agencies, regions and sections are looked up: (key, how, target) rows."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from plancli.registry import model, pinyin
from plancli.registry.model import Agency, RegionType, Registry
from plancli.text.normalize import normalize_key
from plancli.text.numerals import parse_heading_number

LookupKey = tuple[str, str, str]
PROVINCE_LEVEL = "省"
REGION_LEVELS = ("自治区", "自治州", "自治县", "省", "市", "县", "区", "州", "旗")
ORGAN_NAMES = ("委", "政府", "人大", "政协")  # too general without their level


def iter_agency_keys(agencies: Iterable[tuple[str, Agency, str]]) -> Iterator[LookupKey]:
    """Yield the keys of every agency: 省发展改革委, 安徽省发改委, 发改委, fgw …

    *agencies* are (display name, agency, full name of its home region).
    """
    for display_name, agency, region in agencies:
        for name in dict.fromkeys((agency.name, display_name)):
            yield normalize_key(name), "name", display_name
        for form in _collect_spellings(agency, region):
            yield normalize_key(form), "alias", display_name
            for key in _iter_pinyin_keys(form):
                yield key, "pinyin", display_name
        for how, others in (("former", agency.former), ("later", agency.later)):
            for other in others:
                for form in _iter_level_spellings(other.name, region):
                    yield normalize_key(form), how, display_name


def collect_printed_names(registry: Registry) -> dict[str, str]:
    """Return the spellings that a plan may print -> the agency's name in *registry*.

    Stricter than what a user may type: 能源局 alone is not a printed name.
    """
    names: dict[str, str] = {}
    for agency in registry.agencies:
        province = model.find_province(agency)
        others = [each.name for each in (*agency.former, *agency.later)]
        forms = [agency.name, *agency.aliases, agency.official, *others]
        forms += [province[:-1] + form for form in forms if province and form[:1] == PROVINCE_LEVEL]
        for form in filter(None, forms):
            names.setdefault(form, agency.name)
    return names


def _collect_spellings(agency: Agency, region: str) -> dict[str, None]:
    """Return every spelling of the agency's name."""
    names = [agency.name, *agency.aliases]
    if agency.official:
        names.append(agency.official)
        names.append(agency.official.removeprefix("中共").removeprefix(region[:-1]))
    return dict.fromkeys(form for each in names for form in _iter_level_spellings(each, region))


def _iter_level_spellings(name: str, region: str) -> Iterator[str]:
    """Yield 省能源局, 能源局 and 安徽省能源局 for 省能源局; the same for 市, 县 and 自治区."""
    yield name
    for level in REGION_LEVELS:
        if region.endswith(level) and name.startswith(level):
            yield region.removesuffix(level) + name
            if not name.startswith(tuple(level + organ for organ in ORGAN_NAMES)):
                yield name.removeprefix(level)
            return


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
