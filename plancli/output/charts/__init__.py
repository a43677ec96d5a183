"""``Picture`` -> svg or png, by matplotlib; the only user of it."""

from typing import BinaryIO

from plancli.output.charts.canvas import ChartCanvas, ChartCaption
from plancli.results.charts import BarChart, Chart, Matrix, Network, TileMap

__all__ = ["ChartCaption", "write_png", "write_svg"]
NO_CAPTION = ChartCaption()


def write_svg(picture: Chart, out: BinaryIO, said: ChartCaption = NO_CAPTION) -> None:
    """Write *picture* as SVG, whose words stay words, below what is *said* of it."""
    _draw_chart(picture, said).write_image(out, "svg")


def write_png(picture: Chart, out: BinaryIO, said: ChartCaption = NO_CAPTION) -> None:
    """Write *picture* as PNG, below what is *said* of it.

    Errors: PlanError where it would be larger than pictures may be.
    """
    _draw_chart(picture, said).write_image(out, "png")


def _draw_chart(picture: Chart, said: ChartCaption) -> ChartCanvas:
    from plancli.output.charts import bars, matrix, network, tile_map

    match picture:
        case Matrix():
            return matrix.draw_matrix(picture, said)
        case Network():
            return network.draw_network(picture, said)
        case TileMap():
            return tile_map.draw_map(picture, said)
        case BarChart():
            return bars.draw_bars(picture, said)
