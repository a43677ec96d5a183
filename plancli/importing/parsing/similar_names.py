"""Find names of agencies that may be misprints: they occur once, beside a very like one."""

from collections.abc import Iterable, Iterator, Mapping, Sized

from plancli.plan import agency_lists
from plancli.registry.agency_names import parse_agency_name

MIN_CORE_LENGTH = 5  # characters of 市场监督局; shorter names of one agency may both be usual
MIN_COMMON_LENGTH = 3  # characters that two names share; shorter names are alike by chance


def find_similar_names(places: Mapping[str, Sized]) -> Iterator[str]:
    """Yield the names that occur once and differ in one character from a more frequent one.

    *places*: name -> where it occurs.  Names made of known words (县教育局, 县体育局) are no misprints,
    and governments may have names as similar as 东山区 and 西山区.
    """
    frequent = {name for name, found in places.items() if len(found) > 1}
    by_part: dict[str, set[str]] = {}
    for name in frequent:
        for part in _iter_parts(name):
            by_part.setdefault(part, set()).add(name)
    for name, found in places.items():
        if len(found) > 1:
            continue
        others = {other for part in _iter_parts(name) for other in by_part.get(part, ())} - {name}
        if is_explained(name):  # 县体育局 is no misprint of 县教育局; 县市场监督局 may be one
            others = {other for other in others if _is_same_agency(name, other)}
        if others:
            yield name


def _is_same_agency(name: str, other: str) -> bool:
    """Return whether the names, long and of one length, are of one agency by their words.

    县水务局 and 县水利局 are two usual names.
    """
    one, two = parse_agency_name(name), parse_agency_name(other)
    if len(name) != len(other) or len(one.core) < MIN_CORE_LENGTH or not one.functions:
        return False
    return one._replace(core="") == two._replace(core="")


def is_explained(name: str) -> bool:
    """Return whether *name* is made of known words, or is that of governments or a collective."""
    return bool(
        parse_agency_name(name).functions
        or agency_lists.GOVERNMENT_NAME.fullmatch(name)
        or agency_lists.COLLECTIVE_START.match(name)
        or agency_lists.COLLECTIVE_END.search(name)
    )


def _iter_parts(name: str) -> Iterable[str]:
    """Return *name* without one character at each place, and *name* itself.

    Two names with a common part differ in one character: added, missing or another.
    """
    parts = (name, *(name[:n] + name[n + 1 :] for n in range(len(name))))
    return (part for part in parts if len(part) >= MIN_COMMON_LENGTH)
