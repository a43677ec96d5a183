"""What a person may type for a body, a place or a heading: (key, how, target) rows."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from plancli.registry import model, pinyin
from plancli.registry.model import Agency, RegionType, Registry
from plancli.text.normalize import normalize_key
from plancli.text.numerals import parse_heading_number

LookupKey = tuple[str, str, str]
PROVINCE_LEVEL = "省"
REGION_LEVELS = ("自治区", "自治州", "自治县", "省", "市", "县", "区", "州", "旗")
ORGAN_NAMES = (
    "委",
    "政府",
    "人大",
    "政协",
)  # behind which a name without its level says too little


def iter_agency_keys(bodies: Iterable[tuple[str, Agency, str]]) -> Iterator[LookupKey]:
    """Yield the keys of every body: 省发展改革委, 安徽省发改委, 发改委, fgw …

    *bodies* are (the one name, the body, the full name of the region whose body it is).
    """
    for called, agency, place in bodies:
        for name in dict.fromkeys((agency.name, called)):
            yield normalize_key(name), "name", called
        for form in _collect_spellings(agency, place):
            yield normalize_key(form), "alias", called
            for key in _iter_pinyin_keys(form):
                yield key, "pinyin", called
        for how, others in (("former", agency.former), ("later", agency.later)):
            for other in others:
                for form in _iter_level_spellings(other.name, place):
                    yield normalize_key(form), how, called


def collect_printed_names(known: Registry) -> dict[str, str]:
    """Return what a plan prints for each body of *known*, those it may mean -> its name there.

    Stricter than what a person may type: 能源局 alone is nobody's.
    """
    found: dict[str, str] = {}
    for agency in known.agencies:
        place = model.find_province(agency)
        others = [each.name for each in (*agency.former, *agency.later)]
        written = [agency.name, *agency.aliases, agency.official, *others]
        written += [place[:-1] + name for name in written if place and name[:1] == PROVINCE_LEVEL]
        for name in filter(None, written):
            found.setdefault(name, agency.name)
    return found


def _collect_spellings(agency: Agency, place: str) -> dict[str, None]:
    """Return every way to write the body's name."""
    written = [agency.name, *agency.aliases]
    if agency.official:
        written.append(agency.official)
        written.append(agency.official.removeprefix("中共").removeprefix(place[:-1]))
    return dict.fromkeys(form for each in written for form in _iter_level_spellings(each, place))


def _iter_level_spellings(name: str, place: str) -> Iterator[str]:
    """Yield 省能源局, 能源局 and 安徽省能源局 for 省能源局; the same for 市, 县 and 自治区."""
    yield name
    for level in REGION_LEVELS:
        if place.endswith(level) and name.startswith(level):
            yield place.removesuffix(level) + name
            if not name.startswith(tuple(level + organ for organ in ORGAN_NAMES)):
                yield name.removeprefix(level)
            return


def iter_region_keys(known: Registry) -> Iterator[LookupKey]:
    """Yield the keys of every place, and of the compounds, which are several places."""
    for region in known.regions:
        yield normalize_key(region.name), "name", region.name
        written = [region.name, *region.aliases, *region.abbr]
        if region.type is RegionType.AREA:
            written += [region.name + "地区", region.name + "区域"]
        for form in written:
            yield normalize_key(form), "alias", region.name
            for key in _iter_pinyin_keys(form):
                yield key, "pinyin", region.name
    for compound in known.compounds:
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
    """Yield the name's pinyin, whole and as initials: shengnengyuanju, snyj."""
    said = pinyin.split_syllables(name)
    yield "".join(said)
    yield "".join(each[:1] for each in said)
