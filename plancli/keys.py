"""What a person may type for a body, a place or a heading: (key, how, target) rows."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from plancli import inside
from plancli.heading import number
from plancli.registered import Agency, Place
from plancli.registry import Registry
from plancli.text import squeeze

Key = tuple[str, str, str]
PROVINCE = "省"


def agencies(known: Registry) -> Iterator[Key]:
    """Yield the keys of every body: 省发展改革委, 安徽省发改委, 发改委, fgw …"""
    for agency in known.agencies:
        yield squeeze(agency.name), "name", agency.name
        for form in _forms(agency):
            yield squeeze(form), "alias", agency.name
            for key in _spoken(form):
                yield key, "pinyin", agency.name
        for how, others in (("former", agency.former), ("later", agency.later)):
            for other in others:
                for form in _short_and_long(other.name, realm(agency)):
                    yield squeeze(form), how, agency.name


def printed(known: Registry, region: str) -> dict[str, str]:
    """Return what a plan of *region* prints for each body -> its name in the registry.

    Stricter than what a person may type: 能源局 alone is nobody's, and a body of one province is
    not meant in the plan of another.
    """
    ways = inside.ways_up(known)
    found: dict[str, str] = {}
    for agency in known.agencies:
        place = realm(agency)
        near = {place, place[:-1]} & set(ways.get(region, ())) if place else {region}
        if near or region in ways.get(agency.region, ()):
            others = [each.name for each in (*agency.former, *agency.later)]
            written = [agency.name, *agency.aliases, agency.official, *others]
            written += [place[:-1] + name for name in written if place and name[:1] == PROVINCE]
            for name in filter(None, written):
                found.setdefault(name, agency.name)
    return found


def _forms(agency: Agency) -> dict[str, None]:
    """Return every way to write the body's name."""
    written = [agency.name, *agency.aliases]
    if agency.official:
        written.append(agency.official)
        written.append(agency.official.removeprefix("中共").removeprefix(realm(agency)[:-1]))
    place = realm(agency)
    return dict.fromkeys(form for each in written for form in _short_and_long(each, place))


def realm(agency: Agency) -> str:
    """Return 安徽省 for 安徽省能源局 and 中共安徽省委组织部, else ''."""
    head, province, _rest = agency.official.removeprefix("中共").partition(PROVINCE)
    return head + province if province and len(head) <= 3 else ""


def _short_and_long(name: str, place: str) -> Iterator[str]:
    """Yield 省能源局, 能源局 and 安徽省能源局 for 省能源局."""
    yield name
    if place and name.startswith(PROVINCE):
        yield place[:-1] + name
        if not name.startswith(("省委", "省政府", "省人大", "省政协")):
            yield name.removeprefix(PROVINCE)


def regions(known: Registry) -> Iterator[Key]:
    """Yield the keys of every place, and of the compounds, which are several places."""
    for region in known.regions:
        yield squeeze(region.name), "name", region.name
        written = [region.name, *region.aliases, *region.abbr]
        if region.type is Place.AREA:
            written += [region.name + "地区", region.name + "区域"]
        for form in written:
            yield squeeze(form), "alias", region.name
            for key in _spoken(form):
                yield key, "pinyin", region.name
    for compound in known.compounds:
        for name in compound.means:
            yield squeeze(compound.word), "compound", name


def sections(rows: Iterable[tuple[int | None, int, str, str, str, str]]) -> Iterator[Key]:
    """Yield the keys of every list (target ``list:1``) and section (``section:3``)."""
    for list_id, group in groupby(rows, key=lambda row: row[1]):
        for section_id, _list, list_no, list_title, no, title in group:
            target = f"list:{list_id}"
            upper = number(list_no)
            yield from _heading_keys(upper, title=list_title, target=target)
            yield squeeze(f"{list_no}、{list_title}"), "alias", target
            if no:
                lower, target = number(f"({no})"), f"section:{section_id}"
                yield from _heading_keys(upper + lower if upper else "", title, target)
                yield from _heading_keys(lower, title, target)
                for printed in (f"({no}){title}", f"{list_no}({no}){title}"):
                    yield squeeze(printed), "alias", target


def _heading_keys(number: str, title: str, target: str) -> Iterator[Key]:
    if number:
        yield number, "alias" if number[0] == "." else "name", target
    yield squeeze(title), "name", target
    for key in _spoken(title):
        yield key, "pinyin", target


def _spoken(name: str) -> Iterator[str]:
    """Yield the name's pinyin, whole and as initials: shengnengyuanju, snyj."""
    from pypinyin import lazy_pinyin

    syllables = [squeeze(each) for each in lazy_pinyin(name)]
    yield "".join(syllables)
    yield "".join(each[:1] for each in syllables)
