"""Encode dataclasses as YAML that decodes to the same value."""

from dataclasses import MISSING
from typing import Any

import yaml

from plancli.yamlfile.decoder import get_yaml_fields


def encode_yaml(value: Any) -> str:
    """Return the dataclass *value* as YAML for ``YamlDecoder.decode``; each text on one line."""
    node, wide = _build_node(value), float("inf")
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=wide))


def _build_node(value: Any, flow: bool = False) -> yaml.Node:
    if isinstance(value, tuple):
        short = flow or _is_short(value)
        items = [_build_node(item, short) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=short)
    if isinstance(value, str):
        style = "|" if "\n" in value else None
        return yaml.ScalarNode("tag:yaml.org,2002:str", str(value), style=style)
    if isinstance(value, int | float):
        return yaml.ScalarNode(f"tag:yaml.org,2002:{type(value).__name__}", repr(value))
    flow = flow or getattr(value, "one_line", False)
    pairs = []
    for key, (field, _type) in get_yaml_fields(value.__class__).items():
        item = getattr(value, field.name)
        if field.default is MISSING or item != field.default:
            pairs.append((_build_node(key), _build_node(item, flow)))
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)


def _is_short(items: tuple[Any, ...]) -> bool:
    words = [item if isinstance(item, str) else str(item) for item in items]
    plain = all(isinstance(item, str | int | float) for item in items)
    return plain and sum(map(len, words)) <= 100
