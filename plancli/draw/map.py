"""A map of squares on paper, the areas beside it as small ones."""

from collections.abc import Iterable, Sequence

from plancli.draw.sheet import DARK, GREY, INK, LINE, PALE, Said, Sheet, folded
from plancli.picture import Area, Map, Tile

SIDE = 0.95  # inches of a square
GAP = 0.06
SMALL = 0.15  # inches of a square of an area's small map
LIGHT, DEEP = (0.945, 0.957, 0.973), (0.07, 0.22, 0.38)  # no task; most
ACROSS = 3  # areas beside each other
NAME = 1.2  # inches of a line of an area's name
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
    block = (max(across * SMALL, 1.6) + 0.25, down * SMALL + 3 * LINE + 0.2)
    left = across * (SIDE + GAP)
    right = 0.5 + ACROSS * block[0] if mini else 0.0
    lines = _lines(rest, left + right)
    rows = -(-len(mini) // ACROSS)
    high = max(down * (SIDE + GAP), rows * block[1])
    sheet = Sheet(left + right, high + LINE * (len(lines) + 1), said, *NOTES)
    _tiles(sheet, picture.tiles)
    for n, area in enumerate(mini):
        x, y = left + 0.5 + n % ACROSS * block[0], n // ACROSS * block[1]
        _area(sheet, area, picture.tiles, x, y)
    for n, line in enumerate(lines):
        sheet.text(0, high + LINE * (n + 1), line, color=GREY)
    return sheet


def _tiles(sheet: Sheet, tiles: Iterable[Tile]) -> None:
    most = max(each.tasks for each in tiles) or 1
    for each in tiles:
        x, y = each.x * (SIDE + GAP), each.y * (SIDE + GAP)
        share = each.tasks / most
        fill = tuple(a + (b - a) * share for a, b in zip(LIGHT, DEEP, strict=True))
        ink = "white" if share > 0.6 else INK
        sheet.box(x, y, SIDE, SIDE, facecolor=fill)
        middle = x + SIDE / 2
        sheet.text(middle, y + SIDE * 0.33, each.name, color=ink, ha="center", size=11)
        sheet.text(middle, y + SIDE * 0.66, str(each.tasks), color=ink, ha="center", size=15)


def _area(sheet: Sheet, area: Area, tiles: Sequence[Tile], x: float, y: float) -> None:
    """Draw an area's name and tasks, and below it which squares lie in it."""
    for n, line in enumerate(folded(area.name, NAME)):
        sheet.text(x, y + LINE * (n + 0.5), line)
    top = y + 2 * LINE + 0.1
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
    said = "没有方格的：" + "、".join(rest)
    return folded(said, wide, names=True)
