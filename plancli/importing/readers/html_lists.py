"""Number the items of HTML lists as a browser does."""

import re
from typing import Any

from plancli.importing.parsing import numbering
from plancli.importing.readers import number_styles

INTEGER = re.compile(r"\s*([+-]?\d{1,6})")
CHINESE_TYPE = re.compile(
    r"cjk-ideographic|(?:simp|trad)-chinese|cjk-decimal|japanese-(?:in)?formal"
)
LIST_TYPE = re.compile(r"list-style(?:-type)?:([^;]{0,60})")
# The labels of nested lists: a browser shows their depth by the margin, and a text by its numbers.
LABELS_BY_DEPTH = ("{}.", "（{}）")
MAX_ITEMS_COMPARED = 200  # of a list, to tell whether it is numbered


class ListCounter:
    """Counts the items of the numbered lists that are open."""

    def __init__(self) -> None:
        self._open: list[tuple[Any, list[int], str]] = []  # list, [next number, step], type

    def open_list(self, node: Any) -> None:
        """Begin the list *node*, if it is one with numbers."""
        if node.tag != "ol":
            return
        kind = _find_type(node)
        if kind == "none" or _is_numbered_by_hand(node) or _is_navigation(node):
            return
        step = -1 if node.get("reversed") is not None else 1
        first = sum(child.tag == "li" for child in node) if step < 0 else 1
        self._open.append((node, [_parse_integer(node.get("start"), first), step], kind))

    def open(self, item: Any) -> str:
        """Return the number of the list item *item* with its mark, "" if it has none."""
        if not self._open or self._open[-1][0] is not item.getparent():
            return ""
        _node, counter, kind = self._open[-1]
        number = _parse_integer(item.get("value"), counter[0])
        counter[0] = number + counter[1]
        if _find_type(item) == "none":
            return ""
        depth = len(self._open) - 1
        if CHINESE_TYPE.match(kind) and 0 < number <= number_styles.MAX_NUMBER:
            numeral = numbering.format_chinese_number(number)
            return f"（{numeral}）" if depth else f"{numeral}、"
        if depth < len(LABELS_BY_DEPTH):
            return LABELS_BY_DEPTH[depth].format(number)
        return number_styles.format_number(number, "decimalEnclosedCircle")

    def close(self, node: Any) -> None:
        """End the list *node*."""
        if self._open and self._open[-1][0] is node:
            self._open.pop()


def _find_type(node: Any) -> str:
    style = LIST_TYPE.search((node.get("style") or "").replace(" ", "").lower())
    words = style[1].replace("!important", "") if style else ""
    return words or (node.get("type") or "").strip()


def _parse_integer(text: str | None, default: int) -> int:
    found = INTEGER.match(text or "")
    return int(found[1]) if found else default


def _is_numbered_by_hand(node: Any) -> bool:
    """Return whether the text of the first item begins with a number: a style hides the list's own."""
    first = next((child for child in node if child.tag == "li"), None)
    return first is not None and bool(
        numbering.parse_item_number("".join(first.itertext()).strip()[:40])
    )


def _is_navigation(node: Any) -> bool:
    """Return whether all text of the list is in links: breadcrumbs, a menu, pages."""
    items = [child for child in node if child.tag == "li"][:MAX_ITEMS_COMPARED]
    return bool(items) and all(_has_only_links(each) for each in items)


def _has_only_links(item: Any) -> bool:
    linked = sum(len("".join(each.itertext()).strip()) for each in item.iter("a"))
    return bool(linked) and linked + 2 >= len("".join(item.itertext()).strip())
