"""Draw a tile map, with small maps of the areas beside it."""

from collections.abc import Iterable, Sequence

from plancli.output.charts.canvas import (
    DARK,
    GREY,
    INK,
    LINE_HEIGHT,
    PALE,
    ChartCanvas,
    ChartCaption,
    measure_text,
    wrap_text,
)
from plancli.results.charts import MapArea, Tile, TileMap

MIN_TILE_SIDE = 0.95  # inches of a tile, at least: a name fits into two lines
TILE_FONT_SIZE = 11  # points
TILE_GAP = 0.06
MINI_TILE_SIDE = 0.15  # inches of a tile in the small map of an area
LIGHT_COLOUR, DEEP_COLOUR = (0.945, 0.957, 0.973), (0.07, 0.22, 0.38)  # no task; most tasks
AREAS_PER_ROW = 3  # per row
AREA_NAME_WIDTH = 1.6  # inches
NOTES = (
    "数字是涉及该市的任务数，包括点名、所辖、合称或地标、责任单位；颜色越深任务越多。",
    "方格只示方位，不表示边界。右侧小图中，深色的市全域属于该区域。",
)


def draw_map(picture: TileMap, caption: ChartCaption) -> ChartCanvas:
    """Draw the map, and every area that a task is about."""
    across = max(each.x for each in picture.tiles) + 1
    down = max(each.y for each in picture.tiles) + 1
    areas = sorted(picture.areas, key=lambda each: (-each.tasks, each.name))
    mini = [each for each in areas if each.members]
    rest = [f"{each.name} {each.tasks}" for each in areas if not each.members]
    above = (
        max((len(wrap_text(each.name, AREA_NAME_WIDTH)) for each in mini), default=0) * LINE_HEIGHT
        + 0.1
    )
    block = (
        max(across * MINI_TILE_SIDE + 0.65, AREA_NAME_WIDTH) + 0.25,
        above + down * MINI_TILE_SIDE + 0.35,
    )
    side = max(
        MIN_TILE_SIDE,
        measure_text((each.name for each in picture.tiles), TILE_FONT_SIZE) / 2 + 0.25,
    )
    left = across * (side + TILE_GAP)
    right = 0.5 + AREAS_PER_ROW * block[0] if mini else 0.0
    lines = _format_areas(rest, left + right)
    rows = -(-len(mini) // AREAS_PER_ROW)
    high = max(down * (side + TILE_GAP), rows * block[1])
    sheet = ChartCanvas(left + right, high + LINE_HEIGHT * (len(lines) + 1), caption, *NOTES)
    _draw_tiles(sheet, picture.tiles, side)
    for n, area in enumerate(mini):
        x, y = left + 0.5 + n % AREAS_PER_ROW * block[0], n // AREAS_PER_ROW * block[1]
        _draw_area(sheet, area, picture.tiles, x, y, above)
    for n, line in enumerate(lines):
        sheet.draw_text(0, high + LINE_HEIGHT * (n + 1), line, color=GREY)
    return sheet


def _draw_tiles(sheet: ChartCanvas, tiles: Iterable[Tile], side: float) -> None:
    most = max(each.tasks for each in tiles) or 1
    for each in tiles:
        x, y = each.x * (side + TILE_GAP), each.y * (side + TILE_GAP)
        share = each.tasks / most
        fill = tuple(a + (b - a) * share for a, b in zip(LIGHT_COLOUR, DEEP_COLOUR, strict=True))
        ink = "white" if share > 0.6 else INK
        sheet.draw_box(x, y, side, side, facecolor=fill)
        middle = x + side / 2
        lines = wrap_text(each.name, side - 0.1, size=TILE_FONT_SIZE)
        top = y + side * 0.33 - (len(lines) - 1) * 0.09
        for n, line in enumerate(lines):
            sheet.draw_text(
                middle, top + 0.18 * n, line, color=ink, ha="center", size=TILE_FONT_SIZE
            )
        sheet.draw_text(middle, y + side * 0.69, str(each.tasks), color=ink, ha="center", size=15)


def _draw_area(
    sheet: ChartCanvas, area: MapArea, tiles: Sequence[Tile], x: float, y: float, above: float
) -> None:
    """Draw an area's name and number of tasks, and a small map of its tiles."""
    for n, line in enumerate(wrap_text(area.name, AREA_NAME_WIDTH)):
        sheet.draw_text(x, y + LINE_HEIGHT * (n + 0.5), line)
    top = y + above
    right = x + MINI_TILE_SIDE * (max(each.x for each in tiles) + 1) + 0.12
    sheet.draw_text(right, top + MINI_TILE_SIDE * 2, str(area.tasks), size=13)
    for each in tiles:
        inside = each.name in area.members
        sheet.draw_box(
            x + each.x * MINI_TILE_SIDE,
            top + each.y * MINI_TILE_SIDE,
            MINI_TILE_SIDE,
            MINI_TILE_SIDE,
            facecolor=DARK if inside else PALE,
            edgecolor="white",
        )


def _format_areas(rest: list[str], wide: float) -> list[str]:
    """Return the areas without tiles of their own, as lines that fit *wide* inches."""
    if not rest:
        return []
    text = "不含整市的区域：" + "、".join(rest)
    return wrap_text(text, wide, names=True)
