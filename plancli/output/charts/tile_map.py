"""A map of squares on paper, the areas beside it as small ones."""

from collections.abc import Iterable, Sequence

from plancli.output.charts.canvas import DARK, GREY, INK, LINE, PALE, Said, Sheet, folded, room
from plancli.results.charts import Area, Map, Tile

SIDE = 0.95  # inches of a square, at least: a name stands in two lines of it, at most
BIG = 11  # points of a square's name
GAP = 0.06
SMALL = 0.15  # inches of a square of an area's small map
LIGHT, DEEP = (0.945, 0.957, 0.973), (0.07, 0.22, 0.38)  # no task; most
ACROSS = 3  # areas beside each other
NAME = 1.6  # inches of a line of an area's name
NOTES = (
    "数字是涉及该市的任务数，包括点名、所辖、合称或地标、责任单位；颜色越深任务越多。",
    "方格只示方位，不表示边界。右侧小图中，深色的市全域属于该区域。",
)


def drawn(picture: Map, said: Said) -> Sheet:
    """Return the map, and every area that some task is about."""
    across = max(each.x for each in picture.tiles) + 1
    down = max(each.y for each in picture.tiles) + 1
    areas = sorted(picture.areas, key=lambda each: (-each.tasks, each.name))
    mini = [each for each in areas if each.members]
    rest = [f"{each.name} {each.tasks}" for each in areas if not each.members]
    above = max((len(folded(each.name, NAME)) for each in mini), default=0) * LINE + 0.1
    block = (max(across * SMALL + 0.65, NAME) + 0.25, above + down * SMALL + 0.35)
    side = max(SIDE, room((each.name for each in picture.tiles), BIG) / 2 + 0.25)
    left = across * (side + GAP)
    right = 0.5 + ACROSS * block[0] if mini else 0.0
    lines = _lines(rest, left + right)
    rows = -(-len(mini) // ACROSS)
    high = max(down * (side + GAP), rows * block[1])
    sheet = Sheet(left + right, high + LINE * (len(lines) + 1), said, *NOTES)
    _tiles(sheet, picture.tiles, side)
    for n, area in enumerate(mini):
        x, y = left + 0.5 + n % ACROSS * block[0], n // ACROSS * block[1]
        _area(sheet, area, picture.tiles, x, y, above)
    for n, line in enumerate(lines):
        sheet.text(0, high + LINE * (n + 1), line, color=GREY)
    return sheet


def _tiles(sheet: Sheet, tiles: Iterable[Tile], side: float) -> None:
    most = max(each.tasks for each in tiles) or 1
    for each in tiles:
        x, y = each.x * (side + GAP), each.y * (side + GAP)
        share = each.tasks / most
        fill = tuple(a + (b - a) * share for a, b in zip(LIGHT, DEEP, strict=True))
        ink = "white" if share > 0.6 else INK
        sheet.box(x, y, side, side, facecolor=fill)
        middle = x + side / 2
        lines = folded(each.name, side - 0.1, size=BIG)
        top = y + side * 0.33 - (len(lines) - 1) * 0.09
        for n, line in enumerate(lines):
            sheet.text(middle, top + 0.18 * n, line, color=ink, ha="center", size=BIG)
        sheet.text(middle, y + side * 0.69, str(each.tasks), color=ink, ha="center", size=15)


def _area(
    sheet: Sheet, area: Area, tiles: Sequence[Tile], x: float, y: float, above: float
) -> None:
    """Draw an area's name and tasks, and below it which squares lie in it."""
    for n, line in enumerate(folded(area.name, NAME)):
        sheet.text(x, y + LINE * (n + 0.5), line)
    top = y + above
    right = x + SMALL * (max(each.x for each in tiles) + 1) + 0.12
    sheet.text(right, top + SMALL * 2, str(area.tasks), size=13)
    for each in tiles:
        inside = each.name in area.members
        sheet.box(
            x + each.x * SMALL,
            top + each.y * SMALL,
            SMALL,
            SMALL,
            facecolor=DARK if inside else PALE,
            edgecolor="white",
        )


def _lines(rest: list[str], wide: float) -> list[str]:
    """Return the areas without a square of their own, as lines that fit *wide* inches."""
    if not rest:
        return []
    said = "不含整市的区域：" + "、".join(rest)
    return folded(said, wide, names=True)
