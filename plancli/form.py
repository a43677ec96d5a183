"""YAML -> dataclasses, exactly: the dataclass is the form, and every refusal has file and line.

A small part of YAML is allowed: mappings, lists, text and numbers.  Anchors, aliases and tags are
refused, so that a file means just what it shows and cannot grow when it is read.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

import yaml

from plancli.errors import BadPlan
from plancli.lang import _

T = TypeVar("T")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 20  # levels; a plan has ten
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
NUMBER = {int: re.compile(r"-?[0-9]{1,15}"), float: re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")}


class Reference(NamedTuple):
    """A name in a file that must be known, and where it stands."""

    kind: str  # agency or region
    name: str
    line: int


Read = Callable[["Reader", Any, Any], Any]  # reads a value from its first event; what it is


class Reader:
    """Reads one file; afterwards it knows the names that the file relies on, and where they stand.

    ``references`` holds the first place of each name.  With *whole* it holds every place, and
    ``lines`` the line of each record, by its ``id()``, which holds while the record is kept.
    """

    def __init__(self, file: str, *, whole: bool = False) -> None:
        self.file = file
        self.whole = whole
        self.references: list[Reference] = []
        self.lines: dict[int, int] = {}
        self._next: Callable[[], Any] = lambda: None
        self._names: dict[str, dict[str, str]] = {"agency": {}, "region": {}}
        self._seen: set[tuple[str, str]] = set()

    def fail(self, at: Any, message: str, hint: str = "") -> NoReturn:
        """Raise BadPlan for a line of the file, or that of an event."""
        line = at if isinstance(at, int) else _line(at)
        raise BadPlan(f"{self.file}:{line}: {message}", hint=hint)

    def read(self, kind: type[T], raw: bytes) -> T:
        """Return the *kind* that the YAML document *raw* is."""
        self._check_text(raw)
        try:
            value: T = self._document(raw, lambda event: self.record(event, kind))
        except BadPlan:
            self._document(raw, self._skip)  # what is wrong with the YAML is said first
            raise
        return value

    def _document(self, raw: bytes, read: Callable[[Any], Any]) -> Any:
        """Return what *read* makes of the first event of the one document in *raw*."""
        try:
            self._next = LOADER(raw.removeprefix(BOM_UTF8)).get_event
            while event := self._next():
                if isinstance(event, yaml.DocumentStartEvent):
                    value = read(self._next())
                    self._next()  # the end of the document
                    if isinstance(extra := self._next(), yaml.DocumentStartEvent):
                        self.fail(extra, _("a second document begins"))
                    return value
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.fail(mark.line + 1 if mark else 1, _("not YAML: {why}").format(why=error.problem))
        except yaml.YAMLError as error:
            self.fail(1, _("not YAML: {why}").format(why=str(error).splitlines()[0]))
        self.fail(1, _("the file is empty"))

    def _check_text(self, raw: bytes) -> None:
        try:
            raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.fail(line, _("not UTF-8 text"), _("save the file as UTF-8"))

    def record(self, event: Any, kind: Any) -> Any:
        """Return the dataclass *kind* that begins with *event*."""
        reads, needed = _record(kind)
        if not isinstance(event, yaml.MappingStartEvent):
            self.fail(event, _("expected keys: {keys}").format(keys=", ".join(reads)))
        self._plain(event)
        line, values, unknown = _line(event), {}, {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            word = self._key(event)
            if word in reads:
                name, read, what = reads[word]
                if name in values:
                    self._twice(event)
                values[name] = read(self, self._next(), what)
            else:
                if word in unknown:
                    self._twice(event)
                unknown[word] = event = self._next()
                self._skip(event)
        if not needed <= values.keys():
            word = next(key for key, (name, *_r) in reads.items() if name in needed - values.keys())
            self.fail(line, _("the key {key} is missing").format(key=word))
        for word, event in unknown.items():
            known = _("known here: {keys}").format(keys=", ".join(reads))
            self.fail(event, _("unknown key {key}").format(key=word), known)
        try:
            record = kind(**values)
        except ValueError as error:
            self.fail(line, _(str(error)))
        if self.whole:
            self.lines[id(record)] = line
        return record

    def items(self, event: Any, item: "tuple[Read, Any]") -> tuple[Any, ...]:
        """Return the list that begins with *event*; *item* is what reads each of its items."""
        if not isinstance(event, yaml.SequenceStartEvent):
            hint = _("write [a, b], or one “- ” a line")
            self.fail(event, _("expected a list"), hint)
        self._plain(event)
        read, what = item
        outer, self._seen = self._seen, set()  # what is unique is so within its own list
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(read(self, event, what))
        self._seen = outer
        return tuple(items)

    def text(self, event: Any, lines: bool = False) -> str:
        """Return the text that *event* is, of several *lines* or one."""
        if not isinstance(event, yaml.ScalarEvent):
            self.fail(event, _("expected text"))
        self._plain(event)
        text: str = event.value
        if not text.strip() or (text in ("~", "null") and not event.style):
            hint = _("leave the key out, or give a value")
            self.fail(event, _("the value is empty"), hint)
        if bad := CONTROL.search(text.replace("\n", "") if lines else text):
            name = f"U+{ord(bad[0]):04X}"
            self.fail(event, _("control character {name} in text").format(name=name))
        return text

    def name(self, event: Any, kind: str) -> str:
        """Return the name of an agency or a region, by *kind*, that *event* is; it must be known.

        It is one object wherever it stands.
        """
        names = self._names[kind]
        if isinstance(event, yaml.ScalarEvent) and not self.whole and event.value in names:
            self._plain(event)
            return names[event.value]
        text = self.text(event)
        self.references.append(Reference(kind, text, _line(event)))
        return names.setdefault(text, text)

    def once(self, event: Any, scope: str) -> str:
        """Return the text that *event* is, which may stand only once in its list, by *scope*."""
        text = self.text(event)
        if (scope, text) in self._seen:
            self.fail(event, _("{name} stands here a second time").format(name=text))
        self._seen.add((scope, text))
        return text

    def number(self, event: Any, kinds: tuple[type, ...]) -> int | float:
        """Return the number that *event* is, of the first of *kinds* that it has the form of."""
        for kind in kinds:
            if isinstance(event, yaml.ScalarEvent) and NUMBER[kind].fullmatch(event.value):
                self._plain(event)
                return cast("int | float", kind(event.value))
        self.fail(event, _("expected a number"))

    def choice(self, event: Any, kind: type[StrEnum]) -> StrEnum:
        """Return the one of *kind* that *event* is."""
        if isinstance(event, yaml.ScalarEvent) and event.value in list(kind):
            self._plain(event)
            return kind(event.value)
        self.fail(event, _("expected one of {names}").format(names=", ".join(kind)))

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._skip(event)
            self.fail(event, _("a key must be a word"))
        self._plain(event)
        return str(event.value)

    def _plain(self, event: Any) -> None:
        """Refuse what YAML allows and a plan does not."""
        if event.anchor is not None:
            hint = _("write the value out")
            self.fail(event, _("anchors and aliases are not allowed"), hint)
        if event.tag and event.tag != "!":
            self.fail(event, _("tags are not allowed: {tag}").format(tag=event.tag))

    def _twice(self, event: Any) -> NoReturn:
        self.fail(event, _("the key {key} is given twice").format(key=event.value))

    def _skip(self, event: Any, depth: int = 0) -> None:
        """Go past what begins with *event*."""
        self._plain(event)
        if depth > DEEPEST:
            self.fail(event, _("nested too deeply"))
        if isinstance(event, yaml.MappingStartEvent):
            keys: set[str] = set()
            while not isinstance(event := self._next(), yaml.MappingEndEvent):
                if (word := self._key(event)) in keys:
                    self._twice(event)
                keys.add(word)
                self._skip(self._next(), depth + 1)
        elif isinstance(event, yaml.SequenceStartEvent):
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                self._skip(event, depth + 1)


@cache
def _record(kind: Any) -> tuple[dict[str, tuple[str, Read, Any]], frozenset[str]]:
    """Return, of the dataclass *kind*, key -> (field, what reads it), and the fields it needs."""
    reads = {
        key: (field.name, *_read(type_, field.metadata))
        for key, (field, type_) in form(kind).items()
    }
    needed = (field.name for field, _type in form(kind).values() if field.default is MISSING)
    return reads, frozenset(needed)


def _read(kind: Any, meta: Mapping[str, Any]) -> tuple[Read, Any]:
    """Return what reads a *kind*, a field's type, described by *meta*."""
    if get_origin(kind) is UnionType:
        kinds = tuple(each for each in get_args(kind) if each is not NoneType)
        return (Reader.number, kinds) if kinds == (int, float) else _read(kinds[0], {})
    if get_origin(kind) is tuple:
        return Reader.items, _read(get_args(kind)[0], meta)
    if kind is int:
        return Reader.number, (int,)
    if issubclass(kind, StrEnum):
        return Reader.choice, kind
    if kind is not str:
        return Reader.record, kind
    if refers := meta.get("refers"):
        return Reader.name, refers
    if scope := meta.get("unique"):
        return Reader.once, scope
    return Reader.text, bool(meta.get("lines"))


@cache
def form(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """Return key in the file -> (field, type) of the dataclass *kind*, in order."""
    types = get_type_hints(kind)
    return {f.metadata.get("key", f.name): (f, types[f.name]) for f in fields(kind)}


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
