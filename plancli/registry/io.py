"""Read the registry files; check that what a file refers to is known."""

import re
from collections.abc import Iterable

from plancli.i18n import _
from plancli.registry.model import AgencyFile, RegionFile, Registry
from plancli.system import files
from plancli.text.normalize import get_invisible_pattern
from plancli.yamlfile import decoder, mistakes

NAME_SEPARATOR = re.compile(
    "[，、；､﹐﹑,;]"
)  # between names, but YAML takes only a half-width comma


def parse_registry(agencies: bytes, regions: bytes) -> Registry:
    """Read the two registry files; every name in them that refers to another must be there."""
    places = decoder.YamlDecoder("regions.yaml")
    bodies = decoder.YamlDecoder("agencies.yaml")
    read_places, read_bodies = (
        places.decode(RegionFile, regions),
        bodies.decode(AgencyFile, agencies),
    )
    known = Registry(
        read_bodies.agencies,
        read_places.regions,
        read_places.compounds,
        read_places.not_places,
        read_bodies.jurisdiction,
    )
    for reader in (places, bodies):
        check_references(reader, known)
    return known


def load_default_registry() -> Registry:
    """Read the registries that come with plancli."""
    return parse_registry(*map(files.read_plan_file, files.REGISTRY_FILES))


def check_references(
    reader: decoder.YamlDecoder, known: Registry, other_agencies: Iterable[str] = ()
) -> None:
    """Refuse a reference to an agency or a region that is neither *known* nor among the others."""
    names = {
        "agency": {*other_agencies, *(each.name for each in known.agencies)},
        "region": {each.name for each in known.regions},
    }
    for kind, name, line in reader.references:
        if name not in names[kind]:
            reader.raise_error(line, *explain_unknown(kind, name, names[kind]), name)


def explain_unknown(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """Return what is to be said of *name*, of a *kind*, that is not *known*, and what to do."""
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
    """Return what to do where a *known* name is *name* and a mark that cannot be seen, or ''."""
    for each in known:
        if (marks := get_invisible_pattern().search(each)) and get_invisible_pattern().sub(
            "", each
        ) == name:
            hint = _(
                "the entry of that name holds U+{code:04X}, a mark that cannot be seen:"
                " delete it there"
            )
            return hint.format(code=ord(marks[0][0]))
    return ""


def check_separator(name: str) -> str:
    """Return what to do where the unknown *name* is several, with full-width marks between."""
    if not (found := NAME_SEPARATOR.search(name)):
        return ""
    return _("between names stands a half-width comma, not {mark}: [a, b]").format(mark=found[0])
