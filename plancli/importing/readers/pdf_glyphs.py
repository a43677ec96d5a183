"""What a PDF page shows: its glyphs with their baselines, and the rules of its tables.

Only this module knows the library that reads the file.
"""

from collections.abc import Iterable, Iterator
from math import atan2, degrees
from operator import attrgetter
from typing import Any, NamedTuple

MAX_TILT = 3.0  # degrees by which a glyph may be turned and still stand upright
COPY_SHIFT = 0.3  # of the size; a glyph and its copy in fake bold or shadow are no further apart
BACKDROP_SIZE = 1.8  # times the usual size, from which a glyph may lie behind the text
MIN_COVERED = 3  # glyphs that lie within a glyph behind the text
WHITE = 0.99  # from this on, of 1, each part of a colour is white
MAX_BACKDROP = 200  # glyphs of an upright watermark


class Glyph(NamedTuple):
    """A glyph: its characters, horizontal extent, baseline and size in points from the top left."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle of the glyph."""
        return (self.x0 + self.x1) / 2, self.baseline - 0.35 * self.size


class TurnedGlyph(NamedTuple):
    """A glyph that does not stand upright: its characters, middle and angle in degrees."""

    text: str
    x: float
    y: float
    angle: float


class Rule(NamedTuple):
    """A straight line: its position across its direction, and its start and end along it."""

    at: float
    start: float
    end: float


class PageContent(NamedTuple):
    """The content of a page, turned so that most of its text is upright."""

    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[TurnedGlyph]
    behind: list[Glyph]  # an upright watermark
    across: list[Rule]  # horizontal
    down: list[Rule]  # vertical


def read_content(sheet: Any, with_rules: bool) -> PageContent:
    """Return the content of a page of pdfplumber."""
    chars = [each for each in sheet.chars if each["text"]]
    turn = _find_page_turn(chars)
    width, height = float(sheet.width), float(sheet.height)
    glyphs: list[Glyph] = []
    turned: list[TurnedGlyph] = []
    for char in chars:
        x0, x1, baseline, size, angle = _place_char(char, turn, width, height)
        left, top, right, bottom = sheet.bbox
        if not (
            left < char["x1"]
            and char["x0"] < right
            and top < char["bottom"]
            and char["top"] < bottom
        ):
            continue  # outside the paper: the rest of a cell that goes on there
        if abs(angle) <= MAX_TILT:
            glyphs.append(Glyph(char["text"], x0, x1, baseline, size))
        else:
            x, y = (x0 + x1) / 2, baseline
            turned.append(TurnedGlyph(char["text"], x, y, angle))
    across: list[Rule] = []
    down: list[Rule] = []
    for edge in sheet.edges if with_rules else ():
        if _is_invisible(edge):
            continue
        box = _turn_box(edge["x0"], edge["x1"], edge["top"], edge["bottom"], turn, width, height)
        left, right, top, bottom = box
        if bottom - top <= right - left:
            across.append(Rule((top + bottom) / 2, left, right))
        else:
            down.append(Rule((left + right) / 2, top, bottom))
    if turn in (90, 270):
        width, height = height, width
    glyphs = _drop_copies(glyphs)
    behind = _find_backdrop(glyphs)
    if behind:
        glyphs = [each for each in glyphs if each not in behind]
    return PageContent(width, height, glyphs, turned, list(behind), across, down)


def _is_invisible(edge: Any) -> bool:
    """Return whether an edge is of a white area without a border, as behind the lines of a page."""
    color = edge.get("non_stroking_color")
    if edge.get("stroke") or not edge.get("fill") or not isinstance(color, tuple):
        return False
    is_ink = len(color) == 4  # CMYK; else RGB or grey
    return not any(color) if is_ink else min(color, default=0.0) >= WHITE


def _get_angle(char: Any) -> float:
    a, b = char["matrix"][:2]
    return degrees(atan2(b, a))


def _find_page_turn(chars: Iterable[Any]) -> int:
    """Return the angle of most glyphs of a page: 0, 90, 180 or 270."""
    counts = dict.fromkeys((0, 90, 180, 270), 0)
    for char in chars:
        turn = round(_get_angle(char) / 90) * 90
        if abs(turn - _get_angle(char)) <= MAX_TILT:
            counts[turn % 360] += 1
    return max(counts, key=lambda each: counts[each])


def _place_char(
    char: Any, turn: int, width: float, height: float
) -> tuple[float, float, float, float, float]:
    """Return the extent, baseline, size and angle of a character on the turned page."""
    x0, x1, top, bottom = _turn_box(
        char["x0"], char["x1"], char["top"], char["bottom"], turn, width, height
    )
    # pdfplumber measures from the top of the page, the matrix from the bottom of its frame.
    at_x, at_y = char["matrix"][4:]
    at_y = char["bottom"] + char["y0"] - at_y
    baseline = _turn_box(at_x, at_x, at_y, at_y, turn, width, height)[2]
    angle = (_get_angle(char) - turn + 180) % 360 - 180
    size = bottom - top
    if not top - size <= baseline <= bottom + size:  # a vertical script
        baseline = bottom - 0.12 * size
    return x0, x1, baseline, size, angle


def _turn_box(
    x0: float, x1: float, top: float, bottom: float, turn: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Return the left, right, top and bottom of a box on the page that is turned upright."""
    if turn == 90:
        return height - bottom, height - top, x0, x1
    if turn == 270:
        return top, bottom, width - x1, width - x0
    if turn == 180:
        return width - x1, width - x0, height - bottom, height - top
    return x0, x1, top, bottom


def _drop_copies(glyphs: list[Glyph]) -> list[Glyph]:
    """Leave out glyphs that are drawn over the same glyph: fake bold and shadows."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        shift = min(COPY_SHIFT * glyph.size, 0.5 * (glyph.x1 - glyph.x0))
        column, row = int(glyph.x0 // 8), int(glyph.baseline // 8)
        near = (
            other
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in seen.get((glyph.text, x, y), ())
        )
        if glyph.text.isspace() or not any(
            abs(other.x0 - glyph.x0) < shift
            and abs(other.baseline - glyph.baseline) < shift
            and abs(other.size - glyph.size) < 0.2 * glyph.size
            for other in near
        ):
            kept.append(glyph)
            places = seen.setdefault((glyph.text, column, row), [])
            if len(places) < 8:
                places.append(glyph)
    return kept


def _find_backdrop(glyphs: list[Glyph]) -> dict[Glyph, None]:
    """Return huge glyphs that other text is printed over: an upright watermark."""
    usual = find_usual_size(glyphs)
    huge = {each: None for each in glyphs if each.size > BACKDROP_SIZE * usual}
    if not huge or len(huge) > MAX_BACKDROP:
        return {}
    small = [each.middle for each in glyphs if each not in huge and not each.text.isspace()]
    over = [each for each in huge if _count_covered(each, small) >= MIN_COVERED]
    # The rest of the words may have no text over it.
    rows = {(round(each.baseline), round(each.size)) for each in over}
    return {each: None for each in huge if (round(each.baseline), round(each.size)) in rows}


def _count_covered(glyph: Glyph, points: Iterable[tuple[float, float]]) -> int:
    top, bottom = glyph.baseline - 0.8 * glyph.size, glyph.baseline + 0.1 * glyph.size
    return sum(glyph.x0 < x < glyph.x1 and top < y < bottom for x, y in points)


def find_usual_size(glyphs: Iterable[Glyph]) -> float:
    """Return the size of most glyphs in points."""
    counts: dict[float, int] = {}
    for size in map(attrgetter("size"), glyphs):
        counts[round(size, 1)] = counts.get(round(size, 1), 0) + 1
    return max(counts, key=lambda each: (counts[each], each), default=12.0)


def iter_turned_words(turned: Iterable[TurnedGlyph]) -> Iterator[str]:
    """Yield the text of turned glyphs, those of one angle together."""
    words: dict[int, list[str]] = {}
    for glyph in turned:
        words.setdefault(round(glyph.angle / 5), []).append(glyph.text)
    for each in words.values():
        if text := "".join(each).strip():
            yield text
