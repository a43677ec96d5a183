"""Read the registry files, and check that the names a file refers to are defined."""

import re
from collections.abc import Iterable
from functools import cache

from plancli.i18n import _
from plancli.registry.divisions import load_divisions, merge_regions
from plancli.registry.model import AgencyFile, RegionFile, Registry
from plancli.system import files
from plancli.text.normalize import get_invisible_pattern
from plancli.yamlfile import decoder, mistakes

NAME_SEPARATOR = re.compile("[，、；､﹐﹑,;]")  # a YAML list takes only a half-width comma


def parse_registry(agencies: bytes, regions: bytes) -> Registry:
    """Parse the two registry files, and add the divisions of China to the regions.

    Every name that the files refer to must be defined in them or be a division.
    """
    region_decoder = decoder.YamlDecoder("regions.yaml")
    agency_decoder = decoder.YamlDecoder("agencies.yaml")
    region_file = region_decoder.decode(RegionFile, regions)
    agency_file = agency_decoder.decode(AgencyFile, agencies)
    registry = Registry(
        agency_file.agencies,
        merge_regions(load_divisions(), region_file.regions),
        region_file.compounds,
        region_file.not_places,
        agency_file.jurisdiction,
    )
    for each in (region_decoder, agency_decoder):
        check_references(each, registry)
    return registry


@cache
def load_default_registry() -> Registry:
    """Read the registry that comes with plancli, once."""
    return parse_registry(*map(files.read_plan_file, files.REGISTRY_FILES))


def check_references(
    reader: decoder.YamlDecoder, registry: Registry, other_agencies: Iterable[str] = ()
) -> None:
    """Raise BadPlan for a name that is neither in *registry* nor among *other_agencies*."""
    names = {
        "agency": {*other_agencies, *(each.name for each in registry.agencies)},
        "region": {each.name for each in registry.regions},
    }
    for kind, name, line in reader.references:
        if name not in names[kind]:
            reader.raise_error(line, *explain_unknown(kind, name, names[kind]), name)


def explain_unknown(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the message and the hint for an unknown agency or region *name*."""
    message, hint = {
        "agency": (
            _("unknown agency {name}"),
            _("add it to “agencies:” in this file, or correct the name"),
        ),
        "region": (
            _("unknown region {name}"),
            _("add it to “regions:” in this file, or correct the name"),
        ),
    }[kind]
    hint = (
        check_separator(name)
        or mistakes.find_invisible_mark(name)
        or _format_marked_hint(name, known)
        or hint
    )
    return message.format(name=name), hint


def _format_marked_hint(name: str, known: Iterable[str]) -> str:
    """Return the hint if *name* is a *known* name but for an invisible character, else ''."""
    for each in known:
        marks = get_invisible_pattern().search(each)
        if marks and get_invisible_pattern().sub("", each) == name:
            hint = _("the entry contains the invisible character U+{code:04X}: delete it there")
            return hint.format(code=ord(marks[0][0]))
    return ""


def check_separator(name: str) -> str:
    """Return the hint if the unknown *name* is several names with a wrong separator, else ''."""
    if not (separator := NAME_SEPARATOR.search(name)):
        return ""
    return _("separate names with a half-width comma, not {mark}: [a, b]").format(mark=separator[0])
