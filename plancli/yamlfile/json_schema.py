"""Build the JSON Schema of a dataclass from the descriptions of its fields."""

from dataclasses import MISSING
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from plancli.yamlfile.decoder import get_yaml_fields


def build_schema(kind: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 7, which editors support) of the dataclass *kind*."""
    parts: dict[str, Any] = {}
    top = {"allOf": [_build_type_schema(kind, parts)]}  # draft 7 ignores the siblings of a $ref
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **top,
        "definitions": parts,
    }


def _build_type_schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is UnionType:
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return {"type": "number"} if kinds == [int, float] else _build_type_schema(kinds[0], parts)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _build_type_schema(get_args(kind)[0], parts)}
    if kind in (int, str):
        return {"type": "integer"} if kind is int else {"type": "string", "minLength": 1}
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(each) for each in kind]}
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}  # keeps its position while its parts are added
        parts[kind.__name__] = _build_record_schema(kind, parts)
    return {"$ref": f"#/definitions/{kind.__name__}"}


def _build_record_schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key: {
                "description": field.metadata["help"],
                "allOf": [_build_type_schema(type_, parts)],
            }
            for key, (field, type_) in get_yaml_fields(kind).items()
        },
        "required": [
            key for key, (field, _t) in get_yaml_fields(kind).items() if field.default is MISSING
        ],
        "additionalProperties": False,
    }
