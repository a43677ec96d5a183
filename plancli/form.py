"""YAML <-> dataclasses, exactly: the dataclass is the form, and every refusal has file and line.

A small part of YAML is allowed: mappings, lists, text and numbers.  Anchors, aliases and tags are
refused, so that a file means just what it shows and cannot grow when it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, NoReturn, TypeVar, get_args, get_origin, get_type_hints

import yaml

from plancli.errors import BadPlan
from plancli.lang import _

T = TypeVar("T")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 20  # levels; a plan has ten
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
NUMBER = {int: re.compile(r"-?[0-9]{1,15}"), float: re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")}


class Node(NamedTuple):
    """A piece of YAML and the line (from 1) on which it begins."""

    value: Any  # str, list[Node] or dict[str, Node]
    line: int
    quoted: bool = False


class Reference(NamedTuple):
    """A name in a file that must be known, and where it stands."""

    kind: str  # agency or region
    name: str
    line: int


class Reader:
    """Reads one file; afterwards it knows the names that the file relies on, and where it stands.

    ``lines``: the line of each record, by its ``id()``, which holds while the record is kept.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.references: list[Reference] = []
        self.lines: dict[int, int] = {}
        self._seen: set[tuple[str, str]] = set()

    def fail(self, line: int, message: str, hint: str = "") -> NoReturn:
        """Raise BadPlan for *line* of the file."""
        raise BadPlan(f"{self.file}:{line}: {message}", hint=hint)

    def read(self, kind: type[T], raw: bytes) -> T:
        """Return the *kind* that the YAML document *raw* is."""
        value: T = self._value(kind, self._compose(self._decode(raw)), {})
        return value

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.fail(line, _("not UTF-8 text"), _("save the file as UTF-8"))

    def _compose(self, text: str) -> Node:
        try:
            events = yaml.parse(text, Loader=LOADER)
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    node = self._node(next(events), events, 0)
                    next(events)  # the end of the document
                    if isinstance(extra := next(events), yaml.DocumentStartEvent):
                        self.fail(_line(extra), _("a second document begins"))
                    return node
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.fail(mark.line + 1 if mark else 1, _("not YAML: {why}").format(why=error.problem))
        except yaml.YAMLError as error:
            self.fail(1, _("not YAML: {why}").format(why=str(error).splitlines()[0]))
        self.fail(1, _("the file is empty"))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self.fail(line, _("anchors and aliases are not allowed"), _("write the value out"))
        if event.tag and event.tag != "!":
            self.fail(line, _("tags are not allowed: {tag}").format(tag=event.tag))
        if depth > DEEPEST:
            self.fail(line, _("nested too deeply"))
        if isinstance(event, yaml.ScalarEvent):
            return Node(event.value, line, quoted=bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, depth + 1))
            return Node(items, line)
        pairs: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            if not isinstance(key.value, str):
                self.fail(key.line, _("a key must be a word"))
            if key.value in pairs:
                self.fail(key.line, _("the key {key} is given twice").format(key=key.value))
            pairs[key.value] = self._node(next(events), events, depth + 1)
        return Node(pairs, line)

    def _value(self, kind: Any, node: Node, meta: Any) -> Any:
        if get_origin(kind) is UnionType:
            kinds = [each for each in get_args(kind) if each is not NoneType]
            return self._number(node) if kinds == [int, float] else self._value(kinds[0], node, {})
        if get_origin(kind) is tuple:
            if not isinstance(node.value, list):
                self.fail(node.line, _("expected a list"), _("write [a, b], or one “- ” a line"))
            outer, self._seen = self._seen, set()  # what is unique is so within its own list
            items = tuple(self._value(get_args(kind)[0], item, meta) for item in node.value)
            self._seen = outer
            return items
        if kind is int:
            return self._number(node, whole=True)
        if issubclass(kind, StrEnum):
            return self._choice(kind, node)
        return self._text(node, meta) if kind is str else self._record(kind, node)

    def _record(self, kind: Any, node: Node) -> Any:
        if not isinstance(node.value, dict):
            self.fail(node.line, _("expected keys: {keys}").format(keys=", ".join(form(kind))))
        values = {}
        for key, (field, type_) in form(kind).items():
            if key in node.value:
                values[field.name] = self._value(type_, node.value[key], field.metadata)
            elif field.default is MISSING:
                self.fail(node.line, _("the key {key} is missing").format(key=key))
        if unknown := [key for key in node.value if key not in form(kind)]:
            known = _("known here: {keys}").format(keys=", ".join(form(kind)))
            line = node.value[unknown[0]].line
            self.fail(line, _("unknown key {key}").format(key=unknown[0]), known)
        try:
            record = kind(**values)
            self.lines[id(record)] = node.line
            return record
        except ValueError as error:
            self.fail(node.line, _(str(error)))

    def _text(self, node: Node, meta: Any) -> str:
        text = node.value
        if not isinstance(text, str):
            self.fail(node.line, _("expected text"))
        if not text.strip() or (text in ("~", "null") and not node.quoted):
            self.fail(node.line, _("the value is empty"), _("leave the key out, or give a value"))
        if bad := CONTROL.search(text.replace("\n", "") if meta.get("lines") else text):
            name = f"U+{ord(bad[0]):04X}"
            self.fail(node.line, _("control character {name} in text").format(name=name))
        if kind := meta.get("refers"):
            self.references.append(Reference(kind, text, node.line))
        if scope := meta.get("unique"):
            if (scope, text) in self._seen:
                self.fail(node.line, _("{name} stands here a second time").format(name=text))
            self._seen.add((scope, text))
        return text

    def _number(self, node: Node, whole: bool = False) -> int | float:
        for kind in (int,) if whole else (int, float):
            if isinstance(node.value, str) and NUMBER[kind].fullmatch(node.value):
                return kind(node.value)
        self.fail(node.line, _("expected a number"))

    def _choice(self, kind: type[StrEnum], node: Node) -> StrEnum:
        if node.value in list(kind):
            return kind(node.value)
        self.fail(node.line, _("expected one of {names}").format(names=", ".join(kind)))


@cache
def form(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """Return key in the file -> (field, type) of the dataclass *kind*, in order."""
    types = get_type_hints(kind)
    return {f.metadata.get("key", f.name): (f, types[f.name]) for f in fields(kind)}


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


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
