"""Draw a network: agencies on a circle, grouped by kind, with their names outside it.

On a circle no name covers another, however many there are.
"""

from itertools import groupby
from math import cos, degrees, pi, sin, sqrt

from plancli.output.charts.canvas import INK, LINE_HEIGHT, ChartCanvas, ChartCaption, measure_text
from plancli.results.charts import Network, NetworkAgency

NAME_SPACING = LINE_HEIGHT * 1.25  # inches on the circle between names
KIND_SPACING = 1.2  # gap between two kinds, in names
LEGEND_COLUMNS = 6  # kinds per row of the legend
LEGEND_WIDTH = 1.35  # inches per kind in the legend
MIN_RADIUS = 2.2  # inches
# tasks of the thickest arrow, at least, so that one task never gets a thick arrow
MIN_THICKEST_TASKS = 6
MIN_DOT_SIZE = 4  # points for an agency that leads nothing; the largest is 11 more
Point = tuple[float, float]
# Dark colours. In greyscale print only the order, the same as in the legend, tells kinds apart.
COLOURS = ("#1f4e79", "#a33b20", "#3d6b35", "#6b4a8a", "#7a5c00", "#20706e", "#8a2f5b", "#4a4a4a",
           "#b06a00", "#2b2b6b", "#5e7a00")  # fmt: skip
NOTES = (
    "箭头从牵头单位指向参与单位，粗细是共同的任务数；圆点大小是牵头的任务数，空心的没有牵头任务。",
    "同类单位排在一起，从上方起顺时针与图例同序。没有牵头单位、或只有牵头单位的任务没有箭头。",
)


def draw_network(picture: Network, caption: ChartCaption) -> ChartCanvas:
    """Draw the network with every agency, also those without an edge."""
    kinds = [(kind, list(some)) for kind, some in groupby(picture.agencies, lambda each: each.kind)]
    steps = len(picture.agencies) + KIND_SPACING * len(kinds)
    radius = max(MIN_RADIUS, steps * NAME_SPACING / (2 * pi))
    at, step = {}, 0.0
    for n, (_kind, some) in enumerate(kinds):
        for agency in some:
            angle = 2 * pi * step / steps - pi / 2
            at[agency.name] = (angle, COLOURS[n % len(COLOURS)])
            step += 1
        step += KIND_SPACING
    ends = [  # outer ends of the names
        (far * cos(at[agency.name][0]), far * sin(at[agency.name][0]))
        for agency in picture.agencies
        for far in [radius + 0.3 + measure_text([agency.name])]
    ]
    left, top = (-min(0.0, *side) for side in zip(*ends, strict=True))
    right, bottom = (max(0.0, *side) for side in zip(*ends, strict=True))
    middle, rows = (left, top), -(-len(kinds) // LEGEND_COLUMNS)
    wide = max(left + right, LEGEND_COLUMNS * LEGEND_WIDTH)
    sheet = ChartCanvas(wide, top + bottom + LINE_HEIGHT * (rows + 1) * 1.2, caption, *NOTES)
    most = max(MIN_THICKEST_TASKS, *(len(edge.numbers) for edge in picture.edges))
    for edge in sorted(picture.edges, key=lambda edge: len(edge.numbers)):
        joined = at[edge.leader], at[edge.participant]
        _draw_edge(sheet, middle, radius, *joined, len(edge.numbers) / most)
    leads = max(1, *(agency.lead for agency in picture.agencies))
    for agency in picture.agencies:
        size = MIN_DOT_SIZE + 2.2 * sqrt(agency.lead * min(1, 25 / leads))
        _draw_agency(sheet, middle, radius, agency, *at[agency.name], size)
    for n, (kind, _some) in enumerate(kinds):
        x, y = (
            n % LEGEND_COLUMNS * LEGEND_WIDTH,
            top + bottom + LINE_HEIGHT * (n // LEGEND_COLUMNS + 1) * 1.2,
        )
        sheet.axes.plot(x + 0.06, y, "o", color=COLOURS[n % len(COLOURS)], markersize=6)
        sheet.draw_text(x + 0.16, y, kind)
    return sheet


def _draw_agency(
    sheet: ChartCanvas,
    middle: Point,
    radius: float,
    agency: NetworkAgency,
    angle: float,
    colour: str,
    size: float,
) -> None:
    x, y = cos(angle), sin(angle)
    fill = colour if agency.lead else "white"
    sheet.axes.plot(
        middle[0] + radius * x, middle[1] + radius * y, "o", markersize=size, color=colour,
        markerfacecolor=fill, zorder=3,
    )  # fmt: skip
    left = x < 0
    turned = degrees(-angle) + (180 if left else 0)
    out = radius + 0.08 + size / 144
    sheet.draw_text(
        middle[0] + out * x, middle[1] + out * y, agency.name, rotation=turned, color=INK,
        rotation_mode="anchor", ha="right" if left else "left",
    )  # fmt: skip


def _draw_edge(
    sheet: ChartCanvas, middle: Point, radius: float, leader: tuple[float, str],
    participant: tuple[float, str], share: float,
) -> None:  # fmt: skip
    """Draw an arrow that bends towards the centre, in the colour of the leader."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    (one, colour), (other, _colour) = leader, participant
    inner = radius - 0.08
    points = [
        (middle[0] + far * cos(angle), middle[1] + far * sin(angle))
        for far, angle in ((inner, one), (inner * 0.25, one), (inner * 0.25, other), (inner, other))
    ]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    sheet.axes.add_patch(
        FancyArrowPatch(
            path=path, arrowstyle="-|>", mutation_scale=6, color=colour, alpha=0.55,
            linewidth=0.5 + 3 * share, shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip
