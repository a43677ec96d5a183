"""Decode YAML into dataclasses; every error gives file and line.

Only mappings, lists, text and numbers are accepted.  Anchors, aliases and tags are rejected, so
that the content of a file is what it shows and cannot expand when it is read.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

import yaml

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.yamlfile import mistakes
from plancli.yamlfile.fields import InvalidField
from plancli.yamlfile.mistakes import MAX_DEPTH, YAML_LOADER

T = TypeVar("T")
CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
NUMBER_FORMATS = {
    int: re.compile(r"-?[0-9]{1,15}"),
    float: re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}"),
}

YEAR_FORMAT = re.compile("0|[1-9][0-9]{3}")  # 0: unknown


class NameReference(NamedTuple):
    """A name in a file that must be defined, and its line."""

    kind: str  # agency or region
    name: str
    line: int


# Called with the decoder, the first event of the value, and the argument from _select_decoder.
ValueDecoder = Callable[["YamlDecoder", Any, Any], Any]


class YamlDecoder:
    """Decodes one file and collects the names that it refers to.

    ``references`` has the first occurrence of each name.  With *keep_lines* it has every
    occurrence, and ``lines`` the line of each record by its ``id()``, valid while the record lives.
    """

    def __init__(self, file: str, *, keep_lines: bool = False) -> None:
        self.file = file
        self.keep_lines = keep_lines
        self._raw = b""
        self.references: list[NameReference] = []
        self.lines: dict[int, int] = {}
        self._next_event: Callable[[], Any] = lambda: None
        self._known_names: dict[str, dict[str, str]] = {"agency": {}, "region": {}}
        self._unique_values: set[tuple[str, str]] = set()

    def raise_error(self, at: Any, message: str, hint: str = "", words: str = "") -> NoReturn:
        """Raise BadPlan at a line, with *words* underlined in it, or at an event."""
        number, start, end = at, 0, 0
        if not isinstance(at, int):
            self._check_characters()  # with some of them YAML counts more lines than editors do
            number, start = _get_line(at), _get_column(at)
            last, column = _get_end(at)
            one_line = isinstance(at, yaml.ScalarEvent) and last == number
            end = max(start + 1, column if one_line else 0)
        line = "".join(self._split_lines()[number - 1 : number])
        if words and words in line:
            start, end = line.index(words), line.index(words) + len(words)
        excerpt = mistakes.format_excerpt(line, start, end) if end and line.strip() else ""
        raise BadPlan(f"{self.file}:{number}: {message}", hint=hint, excerpt=excerpt)

    def _raise_mistake(self, mistake: mistakes.YamlMistake) -> NoReturn:
        line, start, end, message, hint = mistake
        excerpt = mistakes.format_excerpt(self._split_lines()[line], start, end)
        raise BadPlan(f"{self.file}:{line + 1}: {message}", hint=hint, excerpt=excerpt)

    def _check_characters(self) -> None:
        if found := mistakes.find_forbidden_character(self._get_text()):
            self._raise_mistake(found)

    def _get_text(self) -> str:
        return self._raw.decode("utf-8-sig")

    def _split_lines(self) -> list[str]:
        return mistakes.LINE_BREAK.split(self._get_text())

    def decode(self, kind: type[T], raw: bytes) -> T:
        """Decode the YAML document *raw* as a *kind*."""
        self._check_encoding(raw)
        self._raw = raw
        try:
            value: T = self._read_document(raw, lambda event: self.decode_record(event, kind))
        except BadPlan:
            self._read_document(raw, self._skip_value)  # a YAML syntax error takes precedence
            raise
        return value

    def _read_document(self, raw: bytes, read: Callable[[Any], Any]) -> Any:
        """Return the result of *read* on the first event of the document in *raw*."""
        try:
            self._next_event = YAML_LOADER(raw.removeprefix(BOM_UTF8)).get_event
            while event := self._next_event():
                if isinstance(event, yaml.DocumentStartEvent):
                    value = read(self._next_event())
                    self._next_event()  # the end of the document
                    if isinstance(extra := self._next_event(), yaml.DocumentStartEvent):
                        hint = _("a file contains one plan: delete the line, or make two files")
                        self.raise_error(extra, _("a second document begins"), hint)
                    return value
        except yaml.YAMLError as error:
            self._raise_mistake(mistakes.find_mistake(self._get_text(), error))
        if self._get_text().strip():
            hint = _(
                "write the plan below the comments; plancli import DOCUMENT -o plan.yaml makes one"
            )
            self.raise_error(1, _("the file contains only comments"), hint)
        hint = _("create it again, or delete it: plancli import DOCUMENT -o plan.yaml makes a plan")
        self.raise_error(1, _("the file is empty"), hint)

    def _check_encoding(self, raw: bytes) -> None:
        try:
            raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.raise_error(line, *mistakes.format_encoding_error(raw))

    def decode_record(self, event: Any, kind: Any) -> Any:
        """Decode the dataclass *kind* that begins with *event*."""
        fields, required = _build_record_decoder(kind)
        if not isinstance(event, yaml.MappingStartEvent):
            self._check_scalar(event)
            hint = _("write “key: value”, each on a line of its own")
            self.raise_error(event, _("expected keys: {keys}").format(keys=", ".join(fields)), hint)
        self._reject_anchor_and_tag(event)
        line = _get_line(event)
        values, first_events, last = self._decode_values(fields)
        if not required <= values.keys():
            self._check_item(last)  # the record may have ended because its next line is malformed
            missing = required - values.keys()
            key = next(key for key, (name, *_rest) in fields.items() if name in missing)
            self.raise_error(
                line,
                _("the key {key} is missing").format(key=key),
                _("add it to the entry that begins here"),
            )
        try:
            record = kind(**values)
        except InvalidField as error:
            self.raise_error(first_events[error.field], _(str(error)), _("correct the value"))
        except ValueError as error:
            self.raise_error(line, _(str(error)), _("correct the entry that begins on this line"))
        if self.keep_lines:
            self.lines[id(record)] = line
        return record

    def _decode_values(
        self, fields: "dict[str, tuple[str, ValueDecoder, Any]]"
    ) -> tuple[dict[str, Any], dict[str, Any], int]:
        """Decode the values of a record; return them, their first events, and the last line."""
        values: dict[str, Any] = {}
        first_events: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        while not isinstance(event := self._next_event(), yaml.MappingEndEvent):
            key = self._decode_key(event)
            if key in fields:
                name, decode_value, argument = fields[key]
                if name in values:
                    # Raised again by ``_skip_value``, which knows the line of the first key.
                    self._raise_duplicate_key(event)
                first_events[name] = self._next_event()
                values[name] = decode_value(self, first_events[name], argument)
            else:
                if key in unknown:
                    self._raise_duplicate_key(event)
                unknown[key] = event
                self._skip_value(self._next_event())
        last = _get_line(event) - 1
        for key, event in unknown.items():
            self._check_scalar(event)
            allowed = _("allowed here: {keys}").format(keys=", ".join(fields))
            hint = mistakes.find_invisible_mark(key) or allowed
            self.raise_error(event, _("unknown key {key}").format(key=key), hint)
        return values, first_events, last

    def decode_list(self, event: Any, item: "tuple[ValueDecoder, Any]") -> tuple[Any, ...]:
        """Decode the list that begins with *event*; *item* decodes each of its items."""
        if not isinstance(event, yaml.SequenceStartEvent):
            self._check_scalar(event)
            hint = _("write [a, b], or put each item on its own line after “- ”")
            self.raise_error(event, _("expected a list"), hint)
        self._reject_anchor_and_tag(event)
        decode_item, argument = item
        outer, self._unique_values = self._unique_values, set()  # uniqueness is per list
        items = []
        while not isinstance(event := self._next_event(), yaml.SequenceEndEvent):
            items.append(decode_item(self, event, argument))
        self._unique_values = outer
        return tuple(items)

    def decode_text(self, event: Any, lines: bool = False) -> str:
        """Decode a text, of several *lines* or one."""
        if not isinstance(event, yaml.ScalarEvent):
            hint = _(
                "write a single text, not a list or keys; quote it if it begins with [, { or -"
            )
            self.raise_error(event, _("expected text"), hint)
        self._reject_anchor_and_tag(event)
        text: str = event.value
        if not text.strip() or (text in ("~", "null") and not event.style):
            hint = _("remove the key, or give a value; # begins a comment unless it is in quotes")
            self.raise_error(event, _("the value is empty"), hint)
        if control := CONTROL_CHARACTER.search(text.replace("\n", "") if lines else text):
            name = f"U+{ord(control[0]):04X}"
            hint = _("delete it; if you cannot see it, type the line again")
            if event.style == '"':
                hint = _("put the value in single quotes '…', where \\ is an ordinary character")
            self.raise_error(event, _("control character {name} in text").format(name=name), hint)
        return text

    def decode_reference(self, event: Any, kind: str) -> str:
        """Decode a reference to an agency or a region, by *kind*.

        Equal names are one object, to save memory.
        """
        names = self._known_names[kind]
        if isinstance(event, yaml.ScalarEvent) and not self.keep_lines and event.value in names:
            self._reject_anchor_and_tag(event)
            return names[event.value]
        text = self.decode_text(event)
        self.references.append(NameReference(kind, text, _get_line(event)))
        return names.setdefault(text, text)

    def decode_unique(self, event: Any, scope: str) -> str:
        """Decode a text that must be unique in its list and *scope*."""
        text = self.decode_text(event)
        if (scope, text) in self._unique_values:
            hint = _("remove one of the two")
            self.raise_error(event, _("{name} is repeated here").format(name=text), hint)
        self._unique_values.add((scope, text))
        return text

    def decode_number(self, event: Any, kinds: tuple[type, ...]) -> int | float:
        """Decode a number of the first of *kinds* whose format it has."""
        for kind in kinds:
            if isinstance(event, yaml.ScalarEvent) and NUMBER_FORMATS[kind].fullmatch(event.value):
                self._reject_anchor_and_tag(event)
                return cast("int | float", kind(event.value))
        hint = _find_invisible_hint(event) or _("half-width digits only, as in “year: 2022”")
        self.raise_error(event, _("expected a number"), hint)

    def decode_year(self, event: Any, kinds: tuple[type, ...]) -> int | float:
        """Decode a year."""
        digits = isinstance(event, yaml.ScalarEvent) and re.fullmatch("-?[0-9]+", event.value)
        if digits and not YEAR_FORMAT.fullmatch(event.value):
            self.raise_error(event, _("a year has four digits"), _("write it as in “year: 2022”"))
        return self.decode_number(event, kinds)

    def decode_enum(self, event: Any, kind: type[StrEnum]) -> StrEnum:
        """Decode a member of the enumeration *kind*."""
        if isinstance(event, yaml.ScalarEvent):
            with suppress(ValueError):
                member = kind(event.value)
                self._reject_anchor_and_tag(event)
                return member
        hint = _find_invisible_hint(event) or _(
            "write exactly one of these, without extra spaces or marks"
        )
        self.raise_error(event, _("expected one of {names}").format(names=", ".join(kind)), hint)

    def _decode_key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._skip_value(event)
            hint = _("put a text that begins with [, { or ? in quotes")
            self.raise_error(event, _("a key must be a word"), hint)
        self._reject_anchor_and_tag(event)
        return str(event.value)

    def _reject_anchor_and_tag(self, event: Any) -> None:
        """Raise BadPlan for an anchor, an alias or a tag."""
        if event.anchor is not None:
            hint = _("write the value in full; put a text that begins with & or * in quotes")
            self.raise_error(event, _("anchors and aliases are not allowed"), hint)
        if event.tag and event.tag != "!":
            hint = _("remove the tag; put a text that begins with ! in quotes")
            self.raise_error(event, _("tags are not allowed: {tag}").format(tag=event.tag), hint)

    def _raise_duplicate_key(self, event: Any, line: int = 0) -> NoReturn:
        hint = _("line {n} has it already: remove one of the two").format(n=line)
        self.raise_error(event, _("the key {key} is given twice").format(key=event.value), hint)

    def _check_scalar(self, event: Any) -> None:
        """Raise a better error if a full-width mark kept *event* from being a list or keys."""
        if not isinstance(event, yaml.ScalarEvent) or event.style:
            return
        lines, begin, end = self._split_lines(), _get_line(event) - 1, _get_end(event)[0]
        if not event.value:  # a list on the next lines would be its value
            below = (n for n, each in enumerate(lines) if n > begin and each.strip())
            self._check_item(next(below, begin))
            return
        for number in range(begin, min(end, len(lines))):
            first = _get_column(event) if number == begin else 0
            if found := mistakes.check_line(lines[number], first):
                self._raise_mistake(mistakes.YamlMistake(number, *found))

    def _check_item(self, number: int) -> None:
        """Raise a better error if line *number*, from 0, has a malformed indentation or dash."""
        line = "".join(self._split_lines()[number : number + 1])
        if found := mistakes.check_item(line):
            self._raise_mistake(mistakes.YamlMistake(number, *found))

    def _skip_value(self, event: Any, depth: int = 0) -> None:
        """Skip the value that begins with *event*; only its syntax is checked."""
        self._reject_anchor_and_tag(event)
        if depth > MAX_DEPTH:
            self.raise_error(event, *mistakes.format_depth_error())
        if isinstance(event, yaml.MappingStartEvent):
            keys: dict[str, int] = {}
            while not isinstance(event := self._next_event(), yaml.MappingEndEvent):
                if (word := self._decode_key(event)) in keys:
                    self._raise_duplicate_key(event, keys[word])
                keys[word] = _get_line(event)
                self._skip_value(self._next_event(), depth + 1)
        elif isinstance(event, yaml.SequenceStartEvent):
            while not isinstance(event := self._next_event(), yaml.SequenceEndEvent):
                self._skip_value(event, depth + 1)


@cache
def _build_record_decoder(
    kind: Any,
) -> tuple[dict[str, tuple[str, ValueDecoder, Any]], frozenset[str]]:
    """Return key -> (field, decoder, argument) of the dataclass *kind*, and its required fields."""
    decoders = {
        key: (field.name, *_select_decoder(type_, field.metadata))
        for key, (field, type_) in get_yaml_fields(kind).items()
    }
    required = (
        field.name for field, _type in get_yaml_fields(kind).values() if field.default is MISSING
    )
    return decoders, frozenset(required)


def _select_decoder(kind: Any, meta: Mapping[str, Any]) -> tuple[ValueDecoder, Any]:
    """Return the decoder, and its argument, for a field of type *kind* with metadata *meta*."""
    if get_origin(kind) is UnionType:
        kinds = tuple(each for each in get_args(kind) if each is not NoneType)
        if kinds == (int, float):
            return YamlDecoder.decode_number, kinds
        return _select_decoder(kinds[0], {})
    if get_origin(kind) is tuple:
        return YamlDecoder.decode_list, _select_decoder(get_args(kind)[0], meta)
    if kind is int:
        return YamlDecoder.decode_year if meta.get("year") else YamlDecoder.decode_number, (int,)
    if issubclass(kind, StrEnum):
        return YamlDecoder.decode_enum, kind
    if kind is not str:
        return YamlDecoder.decode_record, kind
    if refers := meta.get("refers"):
        return YamlDecoder.decode_reference, refers
    if scope := meta.get("unique"):
        return YamlDecoder.decode_unique, scope
    return YamlDecoder.decode_text, bool(meta.get("lines"))


@cache
def get_yaml_fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """Return key -> (field, type) of the dataclass *kind*, in order."""
    types = get_type_hints(kind)
    return {f.metadata.get("key", f.name): (f, types[f.name]) for f in fields(kind)}


def _find_invisible_hint(event: Any) -> str:
    """Return the hint about an invisible character in *event*, or ''."""
    return mistakes.find_invisible_mark(event.value) if isinstance(event, yaml.ScalarEvent) else ""


def _get_line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _get_column(event: Any) -> int:
    return int(event.start_mark.column)


def _get_end(event: Any) -> tuple[int, int]:
    return int(event.end_mark.line) + 1, int(event.end_mark.column)
