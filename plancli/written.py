"""Dataclasses as their files: YAML, exactly as it is read back, and JSON Schema for editors."""

from dataclasses import MISSING
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import yaml

from plancli.form import form


def write(value: Any) -> str:
    """Return the dataclass *value* as YAML: what ``Reader.read`` reads back, a text on one line."""
    node, wide = _dumped(value), float("inf")
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=wide))


def _dumped(value: Any, flow: bool = False) -> yaml.Node:
    if isinstance(value, tuple):
        short = flow or _fits_a_line(value)
        items = [_dumped(item, short) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=short)
    if isinstance(value, str):
        style = "|" if "\n" in value else None
        return yaml.ScalarNode("tag:yaml.org,2002:str", str(value), style=style)
    if isinstance(value, int | float):
        return yaml.ScalarNode(f"tag:yaml.org,2002:{type(value).__name__}", repr(value))
    flow = flow or getattr(value, "one_line", False)
    pairs = []
    for key, (field, _type) in form(value.__class__).items():
        item = getattr(value, field.name)
        if field.default is MISSING or item != field.default:
            pairs.append((_dumped(key), _dumped(item, flow)))
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)


def _fits_a_line(items: tuple[Any, ...]) -> bool:
    words = [item if isinstance(item, str) else str(item) for item in items]
    plain = all(isinstance(item, str | int | float) for item in items)
    return plain and sum(map(len, words)) <= 100


def schema(kind: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema of the dataclass *kind*, in the draft that editors read."""
    parts: dict[str, Any] = {}
    top = {"allOf": [_schema(kind, parts)]}  # in this draft, nothing may stand beside a $ref
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **top,
        "definitions": parts,
    }


def _schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is UnionType:
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return {"type": "number"} if kinds == [int, float] else _schema(kinds[0], parts)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], parts)}
    if kind in (int, str):
        return {"type": "integer"} if kind is int else {"type": "string", "minLength": 1}
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(each) for each in kind]}
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}  # holds the place while its parts are described
        parts[kind.__name__] = _record_schema(kind, parts)
    return {"$ref": f"#/definitions/{kind.__name__}"}


def _record_schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key: {"description": field.metadata["help"], "allOf": [_schema(type_, parts)]}
            for key, (field, type_) in form(kind).items()
        },
        "required": [key for key, (field, _t) in form(kind).items() if field.default is MISSING],
        "additionalProperties": False,
    }
