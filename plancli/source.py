"""YAML <-> Plan and registries: refuses what is not exactly a plan, with file and line."""

import json
import re
import sys
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Any

from plancli import files, foreign, form, mistakes, written
from plancli.errors import BadPlan
from plancli.lang import _
from plancli.model import OPEN_END, Plan
from plancli.registered import Agencies, Regions
from plancli.registry import Registry
from plancli.scope import Scope
from plancli.text import invisible

SEPARATOR = re.compile("[，、；､﹐﹑,;]")  # between names, but YAML takes only a half-width comma
DATABASES = (".db", ".sqlite", ".sqlite3")
SCHEMAS: dict[str, type] = {"plan": Plan, "agencies": Agencies, "regions": Regions}


def registry(agencies: bytes, regions: bytes) -> Registry:
    """Read the two registry files; every name in them that refers to another must be there."""
    places = form.Reader("regions.yaml")
    bodies = form.Reader("agencies.yaml")
    read_places, read_bodies = places.read(Regions, regions), bodies.read(Agencies, agencies)
    known = Registry(
        read_bodies.agencies,
        read_places.regions,
        read_places.compounds,
        read_places.not_places,
        read_bodies.jurisdiction,
    )
    for reader in (places, bodies):
        _refer(reader, known)
    return known


def load_default_registry() -> Registry:
    """Read the registries that come with plancli."""
    return registry(*map(files.read, files.REGISTRIES))


def unchecked(raw: bytes, file: str) -> tuple[Plan, form.Reader]:
    """Read the plan *raw* whatever it names; return also its reader, which knows the lines."""
    reader = form.Reader(file, whole=True)
    return _read(reader, raw), reader


def plan(raw: bytes, file: str, known: Registry, scope: Scope | None = None) -> Plan:
    """Read the plan *raw*, whose bodies and places must be in *known* or in the plan itself.

    *scope* is that of *known*; to read many plans, make it once.
    """
    reader = form.Reader(file)
    read = _read(reader, raw)
    _refer(reader, (scope or Scope(known)).of(read))
    return read


def _read(reader: form.Reader, raw: bytes) -> Plan:
    try:
        return reader.read(Plan, raw)
    except BadPlan as error:
        if found := foreign.look(raw):
            raise _foreign(reader.file, found) from error
        if not raw and Path(reader.file).suffix.lower() in DATABASES:
            hint = _("create it again from the plan: plancli build -o FILE.db")
            raise BadPlan(str(error), hint=hint) from error
        if not files.is_document(reader.file):
            raise
        said = _("this is a document, not a plan's file: first plancli import {file} -o plan.yaml")
        raise BadPlan(str(error), hint=said.format(file=reader.file)) from error


def _foreign(file: str, found: foreign.Foreign) -> BadPlan:
    if found.is_progress:
        message = _("this is a progress file, not a plan")
        hint = _("give the plan's own file; “plancli progress” reads this one")
    else:
        keys = ", ".join(found.keys[:3]) or _("a list")
        message = _("this is no plan: it has {keys}, not id, title, lists").format(keys=keys)
        hint = _("give a plan's file; plancli import DOCUMENT -o plan.yaml makes one")
    return BadPlan(f"{file}:1: {message}", hint=hint)


def _refer(reader: form.Reader, known: Registry) -> None:
    names = {
        "agency": {OPEN_END, *(each.name for each in known.agencies)},
        "region": {each.name for each in known.regions},
    }
    for kind, name, line in reader.references:
        if name not in names[kind]:
            reader.fail(line, *explain_unknown(kind, name, names[kind]), name)


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
    hint = several_names(name) or mistakes.unseen_mark(name) or _marked(name, known) or hint
    return message.format(name=name), hint


def _marked(name: str, known: Iterable[str]) -> str:
    """Return what to do where a *known* name is *name* and a mark that cannot be seen, or ''."""
    for each in known:
        if (marks := invisible().search(each)) and invisible().sub("", each) == name:
            hint = _(
                "the entry of that name holds U+{code:04X}, a mark that cannot be seen:"
                " delete it there"
            )
            return hint.format(code=ord(marks[0][0]))
    return ""


def several_names(name: str) -> str:
    """Return what to do where the unknown *name* is several, with full-width marks between."""
    if not (found := SEPARATOR.search(name)):
        return ""
    return _("between names stands a half-width comma, not {mark}: [a, b]").format(mark=found[0])


def header(raw: bytes) -> str:
    """Return the comment lines that *raw* begins with."""
    lines = raw.decode("utf-8-sig").splitlines(keepends=True)
    return "".join(takewhile(lambda line: line.startswith("#"), lines))


def dumps(value: Any, comment: str = "") -> bytes:
    """Return *value*, a Plan, Agencies or Regions, as the bytes of its file."""
    return (comment + written.write(value)).encode()


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the plan, agencies or regions file."""
    return written.schema(SCHEMAS[name], f"plancli: {name}.yaml")


def write_schemas(folder: Path) -> None:
    """Write the JSON Schema of each kind of file into *folder*, for editors."""
    for name in SCHEMAS:
        text = json.dumps(schema(name), ensure_ascii=False, indent=2)
        (folder / f"{name}.schema.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
