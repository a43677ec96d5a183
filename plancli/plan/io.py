"""Read and write the YAML of plans and registries; errors give file and line."""

from itertools import takewhile
from pathlib import Path
from typing import Any

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan.model import OPEN_END, Plan
from plancli.plan.scope import RegistryScope, get_scope
from plancli.registry.io import check_references
from plancli.registry.model import Registry
from plancli.system import files, foreign_files
from plancli.yamlfile import decoder, encoder

DATABASE_SUFFIXES = (".db", ".sqlite", ".sqlite3")


def parse_unchecked(raw: bytes, file: str) -> tuple[Plan, decoder.YamlDecoder]:
    """Parse the plan *raw* without checking names; also return the decoder, which has the lines."""
    reader = decoder.YamlDecoder(file, keep_lines=True)
    return _decode_plan(reader, raw), reader


def parse_plan(
    raw: bytes, file: str, registry: Registry, scope: RegistryScope | None = None
) -> Plan:
    """Parse the plan *raw*; its agencies and regions must be in *registry* or in the plan.

    *scope* is that of *registry*; to parse many plans, create it once.
    """
    reader = decoder.YamlDecoder(file)
    plan = _decode_plan(reader, raw)
    check_references(reader, (scope or get_scope(registry)).get_registry(plan), {OPEN_END})
    return plan


def _decode_plan(reader: decoder.YamlDecoder, raw: bytes) -> Plan:
    try:
        return reader.decode(Plan, raw)
    except BadPlan as error:
        if foreign := foreign_files.detect_foreign(raw):
            raise _make_foreign_error(reader.file, foreign) from error
        if not raw and Path(reader.file).suffix.lower() in DATABASE_SUFFIXES:
            hint = _("create it again from the plan: plancli build -o FILE.db")
            raise BadPlan(str(error), hint=hint) from error
        if not files.is_document(reader.file):
            raise
        hint = _("this is a document, not a plan's file: first plancli import {file} -o plan.yaml")
        raise BadPlan(str(error), hint=hint.format(file=reader.file)) from error


def _make_foreign_error(file: str, foreign: foreign_files.ForeignFile) -> BadPlan:
    if foreign.is_progress:
        message = _("this is a progress file, not a plan")
        hint = _("give the plan's own file; “plancli progress” reads this one")
    else:
        keys = ", ".join(foreign.keys[:3]) or _("a list")
        message = _("not a plan: it has {keys}, not id, title, lists").format(keys=keys)
        hint = _("give a plan's file; plancli import DOCUMENT -o plan.yaml makes one")
    return BadPlan(f"{file}:1: {message}", hint=hint)


def read_header(raw: bytes) -> str:
    """Return the comment lines at the beginning of *raw*."""
    lines = raw.decode("utf-8-sig").splitlines(keepends=True)
    return "".join(takewhile(lambda line: line.startswith("#"), lines))


def encode_file(value: Any, comment: str = "") -> bytes:
    """Return *value*, a Plan, AgencyFile or RegionFile, as the bytes of its file."""
    return (comment + encoder.encode_yaml(value)).encode()
