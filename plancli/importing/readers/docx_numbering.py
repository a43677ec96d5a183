"""Word's styles and automatic numbers, which are not in the text of a Word file."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from plancli.importing.readers import number_styles

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
VAL = f"{W}val"
INTEGER = re.compile("-?[0-9]{1,6}")
OFF_VALUES = frozenset({"0", "false", "off"})
MAX_LEVELS = 9  # of a list
MAX_LABEL_LENGTH = 100  # characters around a number
MAX_CHAIN_LENGTH = 50  # styles, each based on the next
LEVEL_MARK = re.compile("%([1-9])")
BODY_LEVEL = 9  # of an outline: no heading


def get_value(element: Any, default: str = "") -> str:
    """Return the w:val of *element*; *default* if there is none."""
    return default if element is None else str(element.get(VAL, default))


def read_count(element: Any, default: int) -> int:
    """Return the w:val of *element* as a number, else *default*."""
    return _parse_integer(get_value(element), default)


def _parse_integer(text: str, default: int) -> int:
    return int(text) if INTEGER.fullmatch(text) else default


def _get_attribute(element: Any, name: str) -> str:
    return str(element.get(f"{W}{name}", ""))


def _read_toggle(properties: Any, name: str) -> bool | None:
    """Return whether *properties* turn the toggle *name* on or off; None if they do not say."""
    element = None if properties is None else properties.find(f"{W}{name}")
    return None if element is None else get_value(element, "1") not in OFF_VALUES


class WordStyles:
    """The styles of a Word file, with what each inherits."""

    def __init__(self, root: Any) -> None:
        styles = [] if root is None else list(root.iterchildren(f"{W}style"))
        self._styles = {_get_attribute(each, "styleId"): each for each in styles}
        self._default = next(
            (
                _get_attribute(each, "styleId")
                for each in styles
                if _get_attribute(each, "type") == "paragraph"
                and _get_attribute(each, "default") not in ("", *OFF_VALUES)
            ),
            "",
        )
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        self._run_defaults = None if root is None else root.find(path)
        self._is_style_on = cache(self._find_style_toggle)  # a page has thousands of runs

    def get_paragraph_style(self, paragraph: Any) -> str:
        """Return the id of the style of *paragraph*."""
        return get_value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def iter_chain(self, style: str) -> Iterator[Any]:
        """Yield the style with the id *style*, and the styles that it is based on."""
        for _n in range(MAX_CHAIN_LENGTH):
            element = self._styles.get(style)
            if element is None:
                return
            yield element
            style = get_value(element.find(f"{W}basedOn"))

    def is_on(self, name: str, properties: Any, paragraph_style: str) -> bool:
        """Return whether *name* (vanish, strike) holds for a run with *properties*."""
        own = _read_toggle(properties, name)
        if own is not None:
            return own
        run_style = "" if properties is None else get_value(properties.find(f"{W}rStyle"))
        return self._is_style_on(name, run_style, paragraph_style)

    def _find_style_toggle(self, name: str, run_style: str, paragraph_style: str) -> bool:
        for style in (run_style, paragraph_style):
            for each in self.iter_chain(style):
                found = _read_toggle(each.find(f"{W}rPr"), name)
                if found is not None:
                    return found
        return bool(_read_toggle(self._run_defaults, name))

    def get_heading_level(self, paragraph: Any) -> int:
        """Return 1 to 9 for a paragraph in a heading style, or one based on it, else 0."""
        for style in self.iter_chain(self.get_paragraph_style(paragraph)):
            title = get_value(style.find(f"{W}name")).lower()
            if title.startswith("heading") and title[-1].isdigit():
                return int(title[-1])
            level = read_count(style.find(f"{W}pPr/{W}outlineLvl"), -1)
            if level >= 0:
                return level + 1 if level < BODY_LEVEL else 0
        return 0

    def find_list(self, style: str) -> str:
        """Return the list that *style* has or inherits, else ""."""
        numbers = (each.find(f"{W}pPr/{W}numPr/{W}numId") for each in self.iter_chain(style))
        return next((get_value(each) for each in numbers if each is not None), "")


class ListLevel(NamedTuple):
    """A level of a list: how its numbers are printed."""

    format: str
    label: str  # with %1 for the number of the first level
    start: int
    restart: int  # it restarts behind a number of a level below this one; 0 for never
    is_legal: bool  # prints the numbers of all levels in digits
    has_space: bool  # between number and text
    style: str  # the paragraph style of this level, or ""


class WordNumbering:
    """Counts the paragraphs of Word's lists."""

    def __init__(self, root: Any, styles: WordStyles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, ListLevel]] = {}
        self._shared: dict[str, str] = {}  # list -> the definition that it counts with
        self._starts: dict[tuple[str, int], int] = {}  # numbers with which a list restarts
        self._lists_by_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if root is not None:
            self._load_lists(root)

    def _load_lists(self, root: Any) -> None:
        definitions = {
            _get_attribute(each, "abstractNumId"): each
            for each in root.iterchildren(f"{W}abstractNum")
        }
        lists = {_get_attribute(each, "numId"): each for each in root.iterchildren(f"{W}num")}
        for id, list_ in lists.items():
            shared = get_value(list_.find(f"{W}abstractNumId"))
            shared = self._resolve_style_link(shared, definitions, lists)
            self._shared[id] = shared
            self._levels[id] = levels = _read_levels(definitions.get(shared))
            for override in list_.iterchildren(f"{W}lvlOverride"):
                level = _parse_integer(_get_attribute(override, "ilvl"), 0) % MAX_LEVELS
                levels |= _read_levels(override)
                start = override.find(f"{W}startOverride")
                if start is not None:
                    self._starts[id, level] = read_count(start, 1)
            for level, each in levels.items():
                if each.style:
                    self._lists_by_style.setdefault(each.style, (id, level))

    def _resolve_style_link(
        self, shared: str, definitions: dict[str, Any], lists: dict[str, Any]
    ) -> str:
        """Return the definition that *shared* refers to by the name of a list style."""
        if shared not in definitions:
            return shared
        style = get_value(definitions[shared].find(f"{W}numStyleLink"))
        linked = lists.get(self._styles.find_list(style)) if style else None
        return shared if linked is None else get_value(linked.find(f"{W}abstractNumId"))

    def format_next_number(self, paragraph: Any) -> str:
        """Count *paragraph* and return its number with the space behind it, as printed."""
        list_, level = self._find_list_level(paragraph)
        levels = self._levels.get(list_, {})
        if level not in levels:
            return ""
        shared = self._shared[list_]
        start = self._starts.pop((list_, level), None)  # only its first paragraph restarts
        if start is None:
            start = self._counts.get((shared, level), levels[level].start - 1) + 1
        self._counts[shared, level] = start
        for deeper in range(level + 1, MAX_LEVELS):
            if deeper not in levels or level < levels[deeper].restart:
                self._counts.pop((shared, deeper), None)
        return self._format_label(shared, level, levels)

    def _format_label(self, shared: str, level: int, levels: dict[int, ListLevel]) -> str:
        own = levels[level]

        def format_level(match: "re.Match[str]") -> str:
            n = int(match[1]) - 1
            if n not in levels:
                return ""
            count = self._counts.get((shared, n), levels[n].start)
            is_plain = own.is_legal and levels[n].format not in ("bullet", "none")
            return number_styles.format_number(count, "decimal" if is_plain else levels[n].format)

        label = "" if own.format == "bullet" else LEVEL_MARK.sub(format_level, own.label)
        if label.strip().isdecimal():
            label = f"{label.strip()}."  # a bare number would be read as part of the text
        return label + " " * (own.has_space and bool(label) and label[-1] not in "、）")

    def _find_list_level(self, paragraph: Any) -> tuple[str, int]:
        """Return the list of *paragraph* and its level; list "" for none.

        The paragraph and its style say both, each for itself.
        """
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        own = "" if properties is None else get_value(properties.find(f"{W}numId"))
        own_level = -1 if properties is None else read_count(properties.find(f"{W}ilvl"), -1)
        style = self._styles.get_paragraph_style(paragraph)
        list_ = own or self._styles.find_list(style)
        for each in self._styles.iter_chain(style) if own_level < 0 or not list_ else ():
            id = _get_attribute(each, "styleId")
            if not list_ and id in self._lists_by_style:
                return self._lists_by_style[id]
            linked = (n for n, one in self._levels.get(list_, {}).items() if one.style == id)
            level = read_count(each.find(f"{W}pPr/{W}numPr/{W}ilvl"), -1)
            level = next(linked, level)
            if own_level < 0 <= level:
                own_level = level
        return list_, max(own_level, 0)


def _read_levels(definition: Any) -> dict[int, ListLevel]:
    found = () if definition is None else definition.iterchildren(f"{W}lvl")
    return dict(map(_read_level, found))


def _read_level(level: Any) -> tuple[int, ListLevel]:
    n = _parse_integer(_get_attribute(level, "ilvl"), 0) % MAX_LEVELS
    return n, ListLevel(
        get_value(level.find(f"{W}numFmt"), "decimal"),
        get_value(level.find(f"{W}lvlText"))[:MAX_LABEL_LENGTH],
        read_count(level.find(f"{W}start"), 1),
        read_count(level.find(f"{W}lvlRestart"), MAX_LEVELS),
        _read_toggle(level, "isLgl") is True,
        get_value(level.find(f"{W}suff"), "tab") != "nothing",
        get_value(level.find(f"{W}pStyle")),
    )
