"""Every key of every file, with the values that it has somewhere: what docs/data.md explains."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import MISSING, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from plancli import importing
from plancli.plan import io as plan_io
from plancli.plan.model import Plan
from plancli.registry.model import AgencyFile, RegionFile, Registry
from plancli.system import files
from plancli.tracking import progress_file
from plancli.yamlfile import decoder
from scripts.pages import TOP

TEXTS = ("docs/example/yunxi-2024.txt", "tests/documents/09-guangxi-table.html", "tests/documents/11-hefei-shuzizhengfu.xlsx",
         "tests/documents/02-guoban-fangguanfu.html",
         "tests/documents/25-xiangzhen-nohead.txt")  # fmt: skip
FILES = {"a plan": Plan, "`agencies.yaml`": AgencyFile, "`regions.yaml`": RegionFile,
         "a progress file": progress_file.ProgressFile}  # fmt: skip


def records(kind: type) -> Iterator[type]:
    """Yield *kind* and every record below it, as they are met."""
    seen = [kind]
    for each in seen:
        seen += [
            part
            for _key, (_field, type_) in decoder.get_yaml_fields(each).items()
            if is_dataclass(part := inner(type_)) and part not in seen
        ]
    return iter(seen)


def inner(kind: Any) -> Any:
    """Return what *kind* is a list of, or may be."""
    if get_origin(kind) is tuple:
        return inner(get_args(kind)[0])
    if get_origin(kind) is UnionType:
        return next(each for each in get_args(kind) if each is not NoneType)
    return kind


def spoken(kind: Any) -> str:
    """Return the type *kind* in words."""
    part = inner(kind)
    listed = "list of " if get_origin(kind) is tuple else ""
    if is_dataclass(part):
        return f"{listed}[{part.__name__}](#{part.__name__.lower()})"
    if issubclass(part, StrEnum):
        return f"{listed}word"
    return listed + ("text" if part is str else "number")


def required(field: Any) -> bool:
    return bool(field.default is MISSING)


def values(known: Registry, *wholes: Any) -> dict[tuple[str, str], set[str]]:
    """Return, for each record and key, how its values are written in the files that there are."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    plans = [plan_io.parse_plan(files.read_plan_file(files.DEFAULT_PLAN), "plan", known)]
    plans += [importing.import_document((TOP / t).read_bytes(), t, known).plan for t in TEXTS]
    left = [*plans, *wholes]
    for each in left:
        for key, (field, _type) in decoder.get_yaml_fields(each.__class__).items():
            value = getattr(each, field.name)
            parts = value if isinstance(value, tuple) else (value,)
            if parts and is_dataclass(parts[0]):
                left += parts
            elif value not in ((), "", None):
                said = "、".join(map(str, parts))
                found[each.__class__.__name__, key].add(said)
    return found
